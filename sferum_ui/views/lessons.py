"""«Дистанционные уроки»: the share of distance lessons by organization and municipality, all together."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.answers_people import lessons_answer, share_words
from sferum_core.charts.people import MOST_BARS, lesson_bars
from sferum_core.lessons import LessonReport, lesson_report
from sferum_core.norms import NormProfile
from sferum_core.palette import Theme
from sferum_core.reports.lessons import lessons_workbook
from sferum_core.reports.names import file_name
from sferum_ui import cache
from sferum_ui.cache import Dataset
from sferum_ui.components import (
    Figure,
    Origin,
    answer,
    bar_column,
    choice,
    download_xlsx,
    figures,
    filter_row,
    findings_list,
    rows_left,
    share_column,
    table,
)
from sferum_ui.components.charts import ReadyChart, ready
from sferum_ui.views import data, grid
from sferum_ui.views.drawn import with_picture

BY, MUNICIPALITY = "les_by", "les_municipality"
ORGANIZATIONS, MUNICIPALITIES = "Организации", "Муниципалитеты"
SOURCE = "000, «Дистанционные уроки» в СГО"
FIGURE_SPACE = "\u2007"  # before digits when sorted as text
NO_NAME = "Организация не названа"


@cache.bulky
def report(dataset: Dataset, profile: NormProfile) -> LessonReport:
    """Sums of the file."""
    return lesson_report(dataset.export.table)


def answer_of(dataset: Dataset, profile: NormProfile) -> str:
    """The sentences the page begins with."""
    return lessons_answer(data.computed(report, dataset))


def show(dataset: Dataset) -> None:
    """The whole section."""
    found: LessonReport = data.computed(report, dataset)
    answer(data.computed(answer_of, dataset))
    strip(found)
    ranking(dataset, found)
    if found.findings:
        st.subheader("Что бросается в глаза", anchor=False)
        findings_list(found.findings)


def strip(found: LessonReport) -> None:
    """Sums of the file."""
    total = found.total

    def value(name: str) -> int | str:
        return wording.NO_DATA if pd.isna(total[name]) else int(total[name])

    def known(name: str) -> int | None:
        return None if pd.isna(total[name]) else int(total[name])

    cards = [
        Figure(
            "share",
            "Доля дистанционных",
            share_words(total["share_distance"]),
            origin=Origin(
                "Дистанционные уроки, делённые на все уроки: отношение сумм.",
                known("lessons_distance"),
                known("lessons_total"),
                source=SOURCE,
            ),
        ),
        Figure("distance", "Дистанционных уроков", value("lessons_distance")),
        Figure("total", "Всего уроков", value("lessons_total")),
        Figure("children", "Детей", value("children"), hint="учились в этот период"),
        Figure("planned", "Участников по плану", value("participants_planned")),
        Figure(
            "actual",
            "Пришло",
            value("participants_actual"),
            share=None if pd.isna(total["share_attended"]) else float(total["share_attended"]),
            origin=Origin(
                "Дети, воспользовавшиеся ссылкой на видеозвонок, от числа по плану.",
                known("participants_actual"),
                known("participants_planned"),
                source=SOURCE,
            ),
        ),
    ]
    figures(cards, key="les", clickable=False)


def picture(
    dataset: Dataset, profile: NormProfile, by: str, chosen: tuple[str, ...], theme: Theme
) -> ReadyChart:
    """The ranking."""
    found: LessonReport = data.computed(report, dataset)
    total = None if pd.isna(found.total["share_distance"]) else float(found.total["share_distance"])
    name = "organization" if by == ORGANIZATIONS else "municipality"
    return ready(lesson_bars(data.computed(rows, dataset, by, chosen), name, total, theme))


@cache.bulky
def rows(dataset: Dataset, profile: NormProfile, by: str, chosen: tuple[str, ...]) -> pd.DataFrame:
    """The rows of the table, in the order of the picture."""
    found: LessonReport = data.computed(report, dataset)
    lines = found.organizations if by == ORGANIZATIONS else found.municipalities
    if chosen and "municipality" in lines:
        lines = lines[lines["municipality"].isin(chosen)]
    if by == ORGANIZATIONS:
        named = lines.get("organization", pd.Series(pd.NA, index=lines.index)).astype("str")
        fallback = lines.get("organization_id", pd.Series(pd.NA, index=lines.index)).astype("str")
        lines = lines.assign(organization=named.fillna(fallback).fillna(NO_NAME))
    return lines.assign(
        bar=lines["share_distance"].astype("Float64"),
        shown=_share_cells(lines["share_distance"], share_words),
        attended=_share_cells(lines["share_attended"], wording.percent),
    ).reset_index(drop=True)


def _share_cells(shares: pd.Series, words: Callable[[float], str]) -> pd.Series:
    cells = [None if pd.isna(share) else words(share).rjust(9, FIGURE_SPACE) for share in shares]
    return pd.Series(cells, index=shares.index, dtype="str")


@st.fragment
def ranking(dataset: Dataset, found: LessonReport) -> None:
    """The picture and the table under it, the same rows in the same order."""
    by, chosen = ORGANIZATIONS, ()
    with filter_row("les"):
        if len(found.municipalities) > 1:
            by = st.segmented_control(
                "Сравнить",
                [ORGANIZATIONS, MUNICIPALITIES],
                default=ORGANIZATIONS,
                key=BY,
                bind="query-params",
                required=True,
            )
            if by == ORGANIZATIONS:
                names = sorted(found.municipalities["municipality"])
                chosen = tuple(choice("Муниципалитет", names, MUNICIPALITY))
    lines: pd.DataFrame = data.computed(rows, dataset, by, chosen)
    everything: pd.DataFrame = data.computed(rows, dataset, by, ())
    if by == ORGANIZATIONS and len(everything) > 1:
        rows_left(len(lines), len(everything), [MUNICIPALITY], noun=wording.organizations)
    if len(lines) > 1:
        st.subheader("Доля дистанционных уроков", anchor=False)
        with_picture(
            picture,
            dataset,
            by,
            chosen,
            key="les_ranked",
            title="Доля дистанционных уроков",
            about=", ".join(chosen),
        )
        if len(lines) > MOST_BARS:
            st.caption(f"На рисунке {MOST_BARS} первых, в таблице все.")
    top = float(max(0.001, lines["bar"].max())) if lines["bar"].notna().any() else 1.0
    lines = lines.loc[:, [name for name in lines if not lines[name].isna().all()]]
    table(
        lines,
        {
            "rank": grid.count_column("Место"),
            "organization": st.column_config.TextColumn("Организация", width=230),
            "municipality": st.column_config.TextColumn("Муниципалитет", width=230),
            "organizations": grid.count_column("Организаций"),
            "shown": share_column("Доля дистанц."),
            "bar": bar_column(top=top, width=56),
            "lessons_distance": grid.count_column("Дистанц. уроков"),
            "lessons_total": grid.count_column("Всего уроков"),
            "children": grid.count_column("Детей"),
            "participants_planned": grid.count_column("По плану", "Участников дистанционных уроков по плану"),
            "participants_actual": grid.count_column("Пришло", "Участников дистанционных уроков фактически"),
            "attended": share_column("От плана"),
        },
        key=f"_les_table_{by}_{abs(hash(chosen))}",
        alt="Дистанционные уроки; те же данные есть в файле «Скачать XLSX»",
    )


def build(dataset: Dataset, profile: NormProfile) -> bytes:
    """The workbook of the section."""
    meta = data.report_meta(dataset, profile, "Дистанционные уроки")
    return lessons_workbook(lesson_report(dataset.export.table), meta)


def download(dataset: Dataset, profile: NormProfile) -> None:
    """The button in the head."""
    download_xlsx(
        "Скачать XLSX",
        partial(build, dataset, profile),
        file_name("Дистанционные уроки", date=data.last_day(dataset)),
        "les_download",
        primary=True,
    )
