"""The answer first: Russian sentences with the figures in bold, made from the tables of a page (Markdown)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from sferum_core.grouping import UNKNOWN_KEY, display_names, group_keys
from sferum_core.indicators import INDICATORS
from sferum_core.model import Status
from sferum_core.staff import StaffReport
from sferum_core.wording import (
    NO_BREAK_SPACE,
    counted,
    municipalities,
    number,
    organizations,
    percent,
    plural,
)

BEHIND = (Status.INACTIVE, Status.BELOW_NORM, Status.TARGET_MISSED)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~$:&^=])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")

# Markdown makes links of bare addresses, escaped or not; an invisible joiner within keeps them text.
_ADDRESS = re.compile(r"(https?:(?=//)|www(?=\.)|@(?=[-\w]))", re.IGNORECASE)
JOINER = "\u2060"


def escape_markdown(text: str) -> str:
    """Text from a file as plain words inside Markdown: no mark-up, links, formulas or line breaks of its own."""
    return _MARKDOWN.sub(r"\\\1", unlinked(_CONTROL.sub(" ", str(text)).strip()))


def unlinked(text: str) -> str:
    """The text with its addresses kept from becoming links in Markdown; looks the same."""
    return _ADDRESS.sub(rf"\1{JOINER}", text)


def _bold(text: str) -> str:
    return f"**{text}**"


def _of(count: int, one: str, many: str) -> str:
    """«из 21 организации», «из 5 организаций»: the genitive."""
    return f"{number(count)}{NO_BREAK_SPACE}{plural(count, one, many, many)}"


def of_organizations(count: int) -> str:
    """«1 204 организаций» as after «из»."""
    return _of(count, "организации", "организаций")


def of_municipalities(count: int) -> str:
    """«21 муниципалитета» as after «из»."""
    return _of(count, "муниципалитета", "муниципалитетов")


def organizations_answer(
    assessed: pd.DataFrame, previous: pd.DataFrame | None = None, *, since: str = "С прошлой недели"
) -> str:
    """How many organizations are not active and below the norm, where most are, who moved since last week.

    `assessed` and `previous` are results of `assess_organizations`. `since` says which week the other one is
    (`weeks.since_words`): another than the week before has to be named.
    """
    total = len(assessed)
    if not total:
        return "В таблице нет организаций."
    sentences = [_states(assessed, total)]
    worst = _most_inactive(assessed)
    if worst:
        sentences.append(worst)
    moved = _moved(assessed, previous, since) if previous is not None else ""
    if moved:
        sentences.append(moved)
    return " ".join(sentences)


def _states(assessed: pd.DataFrame, total: int) -> str:
    count = assessed["status"].value_counts()
    inactive = int(count.get(Status.INACTIVE.value, 0))
    below = int(count.get(Status.BELOW_NORM.value, 0))
    missed = int(count.get(Status.TARGET_MISSED.value, 0))
    no_norm = int(count.get(Status.NO_NORM.value, 0))
    no_data = int(count.get(Status.NO_DATA.value, 0))
    judged = total - inactive - no_norm - no_data
    parts = []
    if inactive:
        parts.append(_bold(f"{number(inactive)} не {plural(inactive, 'активна', 'активны', 'активны')}"))
    if below:
        work = plural(below, "работает", "работают", "работают")
        parts.append(f"{_bold(number(below))} {work} {_bold('ниже нормы')}")
    if missed:
        parts.append(f"{_bold(number(missed))} не {plural(missed, 'достигла', 'достигли', 'достигли')} цели")
    head = f"Из {of_organizations(total)}"
    if parts:
        text = f"{head} {', '.join(parts)}."
    elif judged:
        text = f"{head} {_bold('неактивных и отстающих нет')}."
    else:
        text = f"{head} неактивных нет."
    if no_data:
        text += f" Нет данных – {organizations(no_data)}."
    if no_norm == total - inactive - no_data and no_norm:
        text += " Для отдельных организаций норма в этом профиле не задана."
    return text


def _most_inactive(assessed: pd.DataFrame) -> str:
    keys = group_keys(assessed)
    inactive = keys[
        ((assessed["status"] == Status.INACTIVE.value).to_numpy(dtype=bool))
        & (keys != UNKNOWN_KEY).to_numpy()
    ]
    counts = inactive.value_counts()
    if not len(counts) or keys.nunique() < 2:
        return ""
    most = int(counts.iloc[0])
    leading = sorted(counts.index[counts == most])
    if most < 2 or len(leading) > 3:
        return ""
    shown = display_names(assessed)
    totals = keys.value_counts()
    named = "; ".join(
        f"{escape_markdown(shown.get(key, key))} – {_bold(number(most))} из {number(int(totals[key]))}"
        for key in leading
    )
    return f"Больше всего неактивных: {named}."


def _moved(assessed: pd.DataFrame, previous: pd.DataFrame, since: str) -> str:
    now, before = _by_identity(assessed), _by_identity(previous)
    both = now.index.intersection(before.index)
    if not len(both):
        return ""
    names = [status.value for status in BEHIND]
    is_behind, was_behind = now.loc[both].isin(names), before.loc[both].isin(names)
    left, came = int((was_behind & ~is_behind).sum()), int((is_behind & ~was_behind).sum())
    if not left and not came:
        return f"{since} состав отстающих не изменился."
    out = f"из числа отстающих {plural(left, 'вышла', 'вышли', 'вышли')} {_bold(number(left))}"
    into = f"{plural(came, 'вошла', 'вошли', 'вошли')} {_bold(number(came))}"
    if left and came:
        return f"{since} {out}, {into}."
    return f"{since} {out}." if left else f"{since} в число отстающих {into}."


def _by_identity(assessed: pd.DataFrame) -> pd.Series:
    """Status by platform ID, or by name within the municipality without one; unique ones only."""
    names = assessed["organization"].astype("str") if "organization" in assessed.columns else None
    identity = pd.Series(pd.NA, index=assessed.index, dtype="str")
    if names is not None:
        identity = group_keys(assessed) + "\n" + names.str.casefold()
    if "organization_id" in assessed.columns:
        ids = assessed["organization_id"].astype("str")
        identity = ids.where(ids.notna(), identity)
    status = pd.Series(assessed["status"].array, index=identity.array)
    return status[status.index.notna() & ~status.index.duplicated(keep=False)]


def comparison_answer(comparison: pd.DataFrame, region: Mapping[str, Any] | pd.Series, indicator: str) -> str:
    """The region's figure and verdict, how many municipalities get there, the best and the last."""
    item = INDICATORS[indicator]
    known = comparison[comparison["rank"].notna()]
    if not len(known):
        return f"В файле нет данных, чтобы сравнить муниципалитеты по показателю «{item.short_name}»."
    sentences = []
    if not pd.isna(region["share"]):
        heads = _heads(region["numerator"], region["denominator"])
        verdict = (
            ""
            if region["status"] in {Status.NO_NORM, Status.NO_DATA}
            else f": {Status(region['status']).label.lower()}"
        )
        sentences.append(f"По региону {_bold(percent(region['share']))}{heads}{verdict}.")
    sentences += [_by_status(known), _ends(known)]
    without = len(comparison) - len(known) - int((comparison["municipality_key"] == UNKNOWN_KEY).sum())
    if without > 0:
        sentences.append(f"Нет данных – {municipalities(without)}.")
    return " ".join(sentence for sentence in sentences if sentence)


def _heads(numerator: object, denominator: object) -> str:
    if pd.isna(numerator) or pd.isna(denominator):  # type: ignore[call-overload]
        return ""
    return f" ({number(numerator)} из {number(denominator)})"  # type: ignore[arg-type]


def _by_status(known: pd.DataFrame) -> str:
    total = len(known)
    count = known["status"].value_counts()
    parts = []
    below = int(count.get(Status.BELOW_NORM.value, 0))
    if below:
        parts.append(f"ниже нормы {_bold(number(below))}")
    within = int(count.get(Status.WITHIN_NORM.value, 0))
    if within:
        parts.append(f"в норме {_bold(number(within))}")
    reached = int(count.get(Status.TARGET_MET.value, 0)) + int(count.get(Status.LEADER.value, 0))
    missed = int(count.get(Status.TARGET_MISSED.value, 0))
    if reached:
        parts.append(f"{plural(reached, 'достиг', 'достигли', 'достигли')} цели {_bold(number(reached))}")
    if missed and not reached:
        parts.append(f"цели не {plural(missed, 'достиг', 'достигли', 'достигли')} {_bold(number(missed))}")
    return f"Из {of_municipalities(total)} {', '.join(parts)}." if parts else ""


def _ends(known: pd.DataFrame) -> str:
    if len(known) < 2 or known["share"].nunique() < 2:
        return ""
    return f"{_end(known, known['share'].max(), 'Впереди')} {_end(known, known['share'].min(), 'Внизу')}"


def _end(known: pd.DataFrame, share: float, word: str) -> str:
    same = known[(known["share"] == share).to_numpy(dtype=bool)]
    if len(same) == 1:
        one = same.iloc[0]
        who = f"{escape_markdown(one['municipality'])}: {_bold(percent(share))}"
        return f"{word} {who}{_heads(one['numerator'], one['denominator'])}."
    return f"{word} {municipalities(len(same))}: по {_bold(percent(share))}."


def staff_answer(report: StaffReport) -> str:
    """Registered and active ДОО staff of the region, how many are missing and where all are registered."""
    table, region = report.municipalities, report.region
    total = len(table)
    if not total:
        return "В таблице нет ДОО."
    what = "" if report.indicator == "teachers_active" else f" («{INDICATORS[report.indicator].short_name}»)"
    sentences = []
    if not pd.isna(region["share_registered"]):
        heads = _heads(region["teachers_registered"], region["teachers_total"])
        sentences.append(
            f"В Сферуме зарегистрировано {_bold(percent(region['share_registered']))} сотрудников ДОО{heads}."
        )
    if not pd.isna(region["share_active"]):
        heads = _heads(region["teachers_active"], region["teachers_registered"])
        sentences.append(
            f"Из зарегистрированных активны{what} {_bold(percent(region['share_active']))}{heads}."
        )
    if not report.has_counts:
        sentences.append(
            "В файле только проценты: места расставлены по ним, общие числа по региону неизвестны."
        )
    full = int((table["share_registered"] >= 1).fillna(False).sum())
    if full:
        sentences.append(
            f"Все сотрудники зарегистрированы в {_bold(number(full))} из {of_municipalities(total)}."
        )
    missing = region["missing_to_full"]
    if not pd.isna(missing) and missing:
        people = counted(int(missing), "сотрудника", "сотрудников", "сотрудников")
        sentences.append(f"До полной регистрации не хватает {_bold(people)}.")
    silent = int((table["share_active"] == 0).fillna(False).sum())
    if silent:
        sentences.append(f"Ни одного активного – {_bold(municipalities(silent))}.")
    return " ".join(sentences)
