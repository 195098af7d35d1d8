"""What changed, in Russian sentences with the figures in bold (Markdown)."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from sferum_core.answers import escape_markdown, of_organizations
from sferum_core.calendar import holiday_of
from sferum_core.changes import BOTH, NOT_COMPARABLE, Changes
from sferum_core.grouping import UNKNOWN_KEY
from sferum_core.indicators import INDICATORS
from sferum_core.weeks import week_of
from sferum_core.wording import NO_BREAK_SPACE, number, organizations, percent, plural, points

UNCHANGED = "без изменений"


def changes_answer(changes: Changes, *, behind: bool = True) -> str:
    """Who left and entered those behind, statuses up and down, the region's share, the lists, the places.

    Without `behind` the first sentence stays out, for a page that has said it already (`behind_answer`).
    """
    table = changes.organizations
    if not len(table):
        return "Сравнивать нечего: организаций нет ни в одной из двух недель."
    paired = table[(table["presence"] == BOTH).to_numpy(dtype=bool)]
    sentences: list[str] = []
    if len(paired):
        sentences = [behind_answer(changes)] if behind else []
        sentences += [_statuses(changes, paired), _region(changes)]
    else:
        sentences.append(f"{changes.since} общих организаций нет: сравнить статусы нельзя.")
    sentences += [_lists(changes), _names(changes), _places(changes), *map(escape_markdown, changes.notes)]
    return " ".join(sentence for sentence in sentences if sentence)


def _bold(text: str) -> str:
    return f"**{text}**"


def behind_answer(changes: Changes, *, holiday: bool = False) -> str:
    """«С прошлой недели вышли из отстающих 17, вошли 9.»; `holiday` names the one the other week fell into.

    "" when no organization stands in both weeks.
    """
    if not (changes.organizations["presence"] == BOTH).any():
        return ""
    count, since = changes.counts(), _since(changes) if holiday else changes.since
    left, came = count["left_behind"], count["entered_behind"]
    out = f"{plural(left, 'вышла', 'вышли', 'вышли')} из отстающих {_bold(number(left))}"
    into = f"{plural(came, 'вошла', 'вошли', 'вошли')} {_bold(number(came))}"
    if left and came:
        return f"{since} {out}, {into}."
    if left:
        return f"{since} {out}, новых среди них нет."
    if came:
        return f"{since} в число отстающих {into}, не вышел никто."
    return f"{since} состав отстающих не изменился."


def _since(changes: Changes) -> str:
    """«С прошлой недели», «С прошлой недели (весенние каникулы)»."""
    holiday = holiday_of(week_of(changes.before_period)) if changes.before_period else None
    return (
        f"{changes.since} ({holiday.label.replace(' (примерно)', ', примерно')})"
        if holiday
        else changes.since
    )


def _statuses(changes: Changes, paired: pd.DataFrame) -> str:
    count = changes.counts()
    up, down = count["up"], count["down"]
    parts = []
    if up:
        parts.append(f"повысился у {_bold(of_organizations(up))}")
    if down:
        parts.append(f"понизился у {_bold(of_organizations(down))}")
    text = f"Статус {', '.join(parts)} из {number(len(paired))}." if parts else "Статусы организаций прежние."
    unclear = int((paired["move"] == NOT_COMPARABLE).sum())
    settled = int(((paired["move"] == NOT_COMPARABLE) & (paired["status"] == paired["status_before"])).sum())
    if unclear - settled:
        text += f" У {of_organizations(unclear - settled)} статусы не сравнить: в одной из недель нет нормы или данных."
    return text


def _region(changes: Changes) -> str:
    region = changes.region
    if pd.isna(region["change"]):
        return ""
    name = INDICATORS[changes.indicator].short_name
    now, was = percent(region["share"]), percent(region["share_before"])
    return f"«{name}» по региону: {_bold(now)}, было {was} ({_bold(points(region['change']))})."


def _lists(changes: Changes) -> str:
    count = changes.counts()
    came, went = count["new"], count["gone"]
    appeared = f"{plural(came, 'появилась', 'появились', 'появились')} {_bold(organizations(came))}"
    lost = f"{plural(went, 'исчезла', 'исчезли', 'исчезли')} {_bold(organizations(went))}"
    if came and went:
        return f"В списке {appeared}, {lost}."
    if came:
        return f"В списке {appeared}."
    return f"Из списка {lost}." if went else ""


def _names(changes: Changes) -> str:
    count = changes.counts()
    words = (("renamed", "название"), ("moved", "муниципалитет"), ("type_changed", "тип"))
    parts = [f"{what} – у {_bold(of_organizations(count[key]))}" for key, what in words if count[key]]
    return f"Сменилось: {', '.join(parts)}." if parts else ""


def _places(changes: Changes) -> str:
    table = changes.municipalities
    known = table[table["rank_change"].notna() & (table["municipality_key"] != UNKNOWN_KEY)]
    if len(known) < 2:
        return ""
    best, worst = int(known["rank_change"].max()), int(known["rank_change"].min())
    parts = []
    if best > 0:
        parts.append(_mover(known[known["rank_change"] == best].to_dict("records"), "поднялся"))
    if worst < 0:
        parts.append(_mover(known[known["rank_change"] == worst].to_dict("records"), "опустился"))
    return " ".join(part for part in parts if part)


def _mover(rows: list[dict[Hashable, Any]], verb: str) -> str:
    if len(rows) > 1:
        return ""
    row = rows[0]
    who = _bold(escape_markdown(row["municipality"]))
    return f"Больше всех {verb} {who}: {places(row['rank_before'], row['rank'])}."


def places(before: int, now: int) -> str:
    """«с 14-го на 9-е место»; «осталось 9-е место» without a move."""
    if before == now:
        return f"место прежнее, {number(now)}-е"
    joint = "со" if before == 2 else "с"  # «со второго»
    return f"{joint}{NO_BREAK_SPACE}{number(before)}-го на {number(now)}-е место"


def step(change: int | float | None) -> str:
    """«▲ +5», «▼ −3», «без изменений» of a count; "" where it is not known."""
    if change is None or pd.isna(change):
        return ""
    sign = "▲ +" if change > 0 else "▼ −" if change < 0 else ""
    return f"{sign}{number(abs(change))}" if sign else UNCHANGED


def points_step(change: float | None) -> str:
    """«▲ +2,5 п. п.», «▼ −0,4 п. п.», «без изменений» of a share; "" where it is not known."""
    if change is None or pd.isna(change):
        return ""
    told = points(change)
    if told.startswith("0,0"):
        return UNCHANGED
    return f"{'▲' if change > 0 else '▼'} {told}"
