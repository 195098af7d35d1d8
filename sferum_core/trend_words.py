"""What a trend says, in Russian sentences with the figures in bold (Markdown)."""

from __future__ import annotations

import pandas as pd

from sferum_core.answers import escape_markdown
from sferum_core.indicators import INDICATORS
from sferum_core.trend_sums import REGION_KEY
from sferum_core.wording import counted, percent, plural, points


def trend_answer(trend: pd.DataFrame, indicator: str) -> str:
    """The region's course, the change of the newest week, what is missing and which weeks were special.

    `trend` is `trend_table` with the region among its series; without it (or its figures) the answer says so.
    """
    name = f"«{INDICATORS[indicator].short_name}»"
    region = trend[(trend["municipality_key"] == REGION_KEY).to_numpy(dtype=bool)].reset_index(drop=True)
    known = region[region["share"].notna()]
    if known.empty:
        return f"Показать динамику нельзя: по показателю {name} нет данных ни в одной неделе."
    first, last = known.iloc[0], known.iloc[-1]
    if len(known) == 1:
        text = (
            f"Данные есть за одну неделю, {last['week']}: {name} по региону – **{percent(last['share'])}**."
        )
        return " ".join(part for part in (text, _gaps(region), _special(region)) if part)
    parts = [_course(name, first, last), _newest(last), _gaps(region), _special(region)]
    return " ".join(part for part in parts if part)


def _course(name: str, first: pd.Series, last: pd.Series) -> str:
    change = last["share"] - first["share"]
    before, now = percent(first["share"]), percent(last["share"])
    span = f"С недели {first['week']} по неделю {last['week']} {name} по региону"
    if before == now:
        return f"{span}: было и осталось **{now}**."
    word = "рост" if change > 0 else "снижение"
    return f"{span}: {word} с {before} до **{now}** (**{points(change)}**)."


def _newest(last: pd.Series) -> str:
    if pd.isna(last["change"]):
        return "Предыдущей недели в архиве нет, поэтому изменение за неделю не показано."
    return f"За последнюю неделю **{points(last['change'])}**"


def _gaps(region: pd.DataFrame) -> str:
    lost = int((~region["known"].fillna(False)).sum())
    silent = int((region["known"].fillna(False) & region["share"].isna()).sum())
    parts = []
    if lost:
        verb = plural(lost, "Пропущена", "Пропущены", "Пропущено")
        parts.append(f"{verb} {counted(lost, 'неделя', 'недели', 'недель')}: на графике там разрыв.")
    if silent:
        parts.append(f"Без этого показателя {counted(silent, 'неделя', 'недели', 'недель')}.")
    return " ".join(parts)


def _special(region: pd.DataFrame) -> str:
    """Holidays and low weeks; neighbours of one note are told together."""
    rows = region[(region["known"].fillna(False) & (region["note"].fillna("") != "")).to_numpy(dtype=bool)]
    if rows.empty:
        return ""
    told = []
    for note, part in rows.groupby("note", sort=False):
        weeks = part["week"].tolist()
        few = ", ".join(weeks) if len(weeks) <= 3 else counted(len(weeks), "неделя", "недели", "недель")
        told.append(f"{escape_markdown(str(note))} – {few}")
    return f"Особые недели: {'; '.join(told)}."
