"""The workbook of «По неделям»: the region and chosen municipalities week by week, and every series below."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sferum_core.model import Status
from sferum_core.norms import NormProfile
from sferum_core.reports.book import Book, Column, ReportMeta, Sheet, Trend
from sferum_core.reports.cell_text import one_line
from sferum_core.reports.columns import STATUSES, indicator_header, plain, text
from sferum_core.reports.workbook import write_workbook
from sferum_core.trend_sums import REGION_KEY
from sferum_core.wording import NO_DATA

NO_WEEK = "недели нет"
_NAME_CHARACTERS = 120
_CHANGE = "Изменение доли за неделю, процентных пунктов"
_NOTE = (
    "Изменение считается только к неделе прямо перед этой. Где недели в архиве нет, значения нет и линия графика "
    "разорвана."
)


def trend_workbook(
    trend: pd.DataFrame, profile: NormProfile, indicator: str, meta: ReportMeta, named: Sequence[str] = ()
) -> bytes:
    """`trend` comes from `trends.trend_table`; `named` are keys of municipalities with a column and a line of their own.

    The first sheet is a week a row, the earliest first, with a native chart; the second has every series.
    """
    header = indicator_header(indicator).removesuffix(", %")
    series = {str(key): rows for key, rows in trend.groupby("municipality_key", sort=False)}
    keys = [key for key in (REGION_KEY, *named) if key in series]
    whole = series.get(REGION_KEY, trend.iloc[:0])
    weeks = whole[["week", "end", "change", "note"]].reset_index(drop=True)
    why = whole["known"].fillna(False).map({True: NO_DATA, False: NO_WEEK}).tolist()
    weeks["why"] = pd.Series(why, dtype="str")
    lines: list[Column] = []
    for place, (key, name) in enumerate(zip(keys, _names(keys, series, meta), strict=True)):
        weeks[f"share_{place}"] = series[key]["share"].to_numpy()
        lines.append(plain(f"share_{place}", f"{name}, %", "share", width=18, missing_key="why"))
    columns = [
        text("week", "Неделя", 18),
        plain("end", "Последний день недели", "date", width=16),
        *lines,
        plain("change", f"Регион. {_CHANGE}", "change", width=20, missing="не с чем сравнить"),
        text("note", "Особенность недели", 30, "нет"),
    ]
    chart = Trend("График", f"{header} по неделям", "end", [line.key for line in lines])
    every = trend.assign(
        status=trend["status"].fillna(Status.NO_DATA.value),
        name=trend["municipality"].mask(trend["municipality_key"] == REGION_KEY, _region(meta)),
        why=trend["known"].fillna(False).map({True: NO_DATA, False: NO_WEEK}).astype("str"),
    )
    sheets = [
        Sheet("weeks", "По неделям", f"{header} по неделям", columns, weeks, note=_NOTE, chart=chart),
        Sheet(
            "series",
            "Все муниципалитеты",
            f"{header} по неделям: регион и муниципалитеты",
            [
                text("name", "Муниципалитет", 36),
                text("week", "Неделя", 18),
                plain("end", "Последний день недели", "date", width=16),
                plain("share", indicator_header(indicator), "share", width=18, missing_key="why"),
                plain("change", _CHANGE, "change", width=20, missing="не с чем сравнить"),
                plain("numerator", "Числитель, чел.", "count", width=14, missing_key="why"),
                plain("denominator", "Знаменатель, чел.", "count", width=14, missing_key="why"),
                plain("rank", "Место", "count", width=12, missing="места нет"),
                plain("status", "Статус", "status", width=20),
            ],
            every,
        ),
    ]
    return write_workbook(Book(meta, sheets, STATUSES, [f"Статусы – по профилю «{profile.title}»."]))


def _region(meta: ReportMeta) -> str:
    return one_line(meta.region)[:_NAME_CHARACTERS] or "Регион"


def _names(keys: Sequence[str], series: dict[str, pd.DataFrame], meta: ReportMeta) -> list[str]:
    """What each line is called; two municipalities of one name get a number."""
    found: list[str] = []
    for key in keys:
        own = _region(meta)
        if key != REGION_KEY:
            own = one_line(str(series[key]["municipality"].iloc[0]))[:_NAME_CHARACTERS] or "Без названия"
        name, number = own, 1
        while name.casefold() in {other.casefold() for other in found}:
            number += 1
            name = f"{own} ({number})"
        found.append(name)
    return found
