"""«Педагоги»: the date, the figures, the distribution, organizations, and the list with names on request."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.answers_people import teachers_answer
from sferum_core.charts.people import distribution_bars
from sferum_core.dates import file_dates
from sferum_core.indicators import INDICATORS
from sferum_core.model import ExportKind, OrganizationType, Period
from sferum_core.norms import Level, NormProfile, band_text
from sferum_core.palette import Theme
from sferum_core.people_groups import GROUPS
from sferum_core.reports.book import ReportMeta
from sferum_core.reports.names import file_name
from sferum_core.reports.teachers import teachers_workbook
from sferum_core.teachers import NEAR, TeacherReport, roll_up_detail, rollup_kind, teacher_report
from sferum_ui import cache, derived, navigation, state
from sferum_ui.cache import Dataset
from sferum_ui.components import (
    Figure,
    Origin,
    bar_column,
    choice,
    download_xlsx,
    escape_markdown,
    figures,
    filter_row,
    one_of,
    rows_left,
    share_cells,
    share_column,
    table,
)
from sferum_ui.components.charts import ReadyChart, ready
from sferum_ui.views import data, grid
from sferum_ui.views.drawn import with_picture

NAMES_OPEN = "_ped_names"
DATE, SHOW, MUNICIPALITY = "ped_date", "ped_show", "ped_municipality"
SOURCE = "004, «По учителям»; 001, «Установленные показатели»"
ALL, TEN, THREE, NEAR_TEN, CALL, LINKED = "all", "ten", "three", "near", "call", "linked"


def context(dataset: Dataset) -> str:
    """The line of context: the file or the demo region, the norms."""
    return f"{state.region(dataset)} · нормы: {state.profile().title}"


def ask_date(dataset: Dataset) -> dt.date | None:
    """The date to show, the latest by default; None for it, or for a file without dates."""
    days: list[dt.date] = data.computed(dates, dataset)
    if len(days) < 2:
        return None
    options = [f"{day:%d.%m.%Y}" for day in days]
    with filter_row("ped"):
        chosen = one_of("Дата (за 7 дней до неё)", options, DATE, width=220)
    place = options.index(chosen)
    return None if place == 0 else days[place]


def dates(dataset: Dataset, profile: NormProfile) -> list[dt.date]:
    """Dates of the file, latest first."""
    return [moment.date() for moment in file_dates(dataset.export.table)["date"]]


@cache.bulky
def report(dataset: Dataset, profile: NormProfile, date: dt.date | None) -> TeacherReport:
    """The teachers of a date."""
    return teacher_report(dataset.export.table, date)


def answer_of(dataset: Dataset, profile: NormProfile, date: dt.date | None) -> str:
    """The sentences the page begins with."""
    return teachers_answer(data.computed(report, dataset, date))


def apart_notes(found: TeacherReport) -> None:
    """Rows that stand apart: other roles, rows without a date."""
    notes = []
    if len(found.others):
        roles = ", ".join(
            f"{escape_markdown(role)} – {wording.number(count)}"
            for role, count in zip(found.others["role"].head(5), found.others["people"].head(5), strict=True)
        )
        total = int(found.others["people"].sum())
        notes.append(f"С другими ролями: {wording.number(total)} ({roles}). В показатели они не входят.")
    if found.undated:
        notes.append(f"Без даты: {wording.rows(found.undated)}, ни в одну дату они не входят.")
    if notes:
        st.caption(" ".join(notes))


def strip(found: TeacherReport) -> None:
    """Teachers and who reached what; a click shows those people in the list below."""

    def card(key: str, label: str, indicator: str, formula: str, hint: str = "") -> Figure:
        count = found.count(indicator)
        line = found.thresholds[found.thresholds["indicator"] == indicator].iloc[0]
        return Figure(
            key,
            label,
            wording.NO_DATA if count is None else count,
            share=found.share(indicator),
            hint=hint,
            origin=None if count is None else Origin(formula, count, int(line["known"]), source=SOURCE),
        )

    near = found.near("teachers_10_messages")
    three_calls = found.count("teachers_3_calls")
    day = f"на {found.date:%d.%m.%Y}" if found.date else ""
    cards = [
        Figure(ALL, "Педагогов", found.teachers, hint=day),
        card(
            TEN,
            "От 10 сообщений",
            "teachers_10_messages",
            "Педагоги, написавшие за 7 дней не менее 10 сообщений.",
        ),
        card(
            THREE,
            "От 3 сообщений",
            "teachers_3_messages",
            "Педагоги, написавшие за 7 дней не менее трёх сообщений.",
        ),
        Figure(
            NEAR_TEN,
            "Почти у порога",
            wording.NO_DATA if near is None else near,
            hint="не хватает 1–3",
            status="target_missed",
            origin=Origin(f"Пишут, но до 10 сообщений не хватает от 1 до {NEAR}.", near, found.teachers),
        ),
        card(
            CALL,
            "От 1 звонка",
            "teachers_1_call",
            "Педагоги, совершившие за 7 дней хотя бы один звонок.",
            "" if three_calls is None else f"от 3 звонков – {wording.number(three_calls)}",
        ),
        card(LINKED, "Связаны с ЭЖД", "teachers_linked", "Педагоги, у которых «Связь с ЭЖД» – да."),
    ]

    def click(key: str) -> None:
        now = st.session_state.get(SHOW)
        st.session_state[SHOW] = GROUPS[ALL if GROUPS[key].title == now else key].title
        st.session_state[NAMES_OPEN] = True

    figures(cards, key="ped", active={chosen_group()}, on_click=click)


def chosen_group() -> str:
    """The group of people the list shows."""
    named = st.session_state.get(SHOW) or st.query_params.get(SHOW)
    return next((code for code, group in GROUPS.items() if group.title == named), ALL)


def picture_pair(
    dataset: Dataset, profile: NormProfile, date: dt.date | None, theme: Theme
) -> tuple[ReadyChart, ReadyChart]:
    """Both distributions."""
    found: TeacherReport = data.computed(report, dataset, date)
    return (
        ready(distribution_bars(found.distribution, "messages", theme)),
        ready(distribution_bars(found.distribution, "calls", theme)),
    )


def pictures(dataset: Dataset, found: TeacherReport, date: dt.date | None) -> None:
    """How many teachers wrote and called how much."""
    about = f"за 7 дней до {found.date:%d.%m.%Y}" if found.date else ""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.subheader("Сколько педагогов сколько пишут", anchor=False)
        with_picture(
            picture_pair,
            dataset,
            date,
            key="ped_messages",
            title="Сколько педагогов сколько пишут",
            about=about,
            place=0,
        )
    with right:
        st.subheader("Сколько звонят", anchor=False)
        with_picture(
            picture_pair,
            dataset,
            date,
            key="ped_calls",
            title="Сколько педагогов сколько звонят",
            about=about,
            place=1,
        )
    if found.messages is not None:
        words = [f"Всего сообщений – {wording.number(found.messages)}"]
        if found.calls is not None:
            words.append(f"звонков – {wording.number(found.calls)}")
        st.caption(
            ", ".join(words) + ". Пунктир – пороги показателей; столбец «7–9» выделен: это почти у порога."
        )


def indicators(found: TeacherReport, profile: NormProfile) -> None:
    """The same figures as the organization's indicators, beside the norms of both types that have one."""
    lines = []
    for line in found.thresholds.to_dict("records"):
        code = str(line["indicator"])
        rules = [
            profile.rule(Level.ORGANIZATION, kind, code)
            for kind in (OrganizationType.PRESCHOOL, OrganizationType.SCHOOL)
        ]
        lines.append(
            {
                "Показатель": INDICATORS[code].name,
                "Доля": wording.percent(line["share"]),
                "Числа": grid.of_counts([line["count"]], [line["known"]])[0],
                "Норма ДОО": band_text(rules[0]),
                "Норма ОО": band_text(rules[1]),
            }
        )
    with st.expander("Показатели и нормы"):
        grid.text_table(
            pd.DataFrame(lines), ("Доля", "Числа"), caption="Показатели педагогов и нормы организаций"
        )


@cache.bulky
def organization_lines(
    dataset: Dataset, profile: NormProfile, date: dt.date | None, municipalities: tuple[str, ...]
) -> pd.DataFrame:
    """Organizations of the file at a date, those with the smallest share of ten messages first."""
    lines = roll_up_detail(dataset.export.table, date)
    if municipalities and "municipality" in lines:
        lines = lines[lines["municipality"].isin(municipalities)]
    return lines.assign(
        bar=lines["share_10"].astype("Float64"),
        shown=pd.Series(share_cells(lines["share_10"]), index=lines.index, dtype="str"),
    )


def municipality_names(dataset: Dataset, profile: NormProfile) -> list[str]:
    """Municipalities the file names, in alphabetical order."""
    frame = dataset.export.table
    return sorted(frame["municipality"].dropna().unique()) if "municipality" in frame else []


@st.fragment
def organizations(dataset: Dataset, date: dt.date | None) -> None:
    """The roll-up: who wrote how much by organization, and the way on to the check of organizations."""
    everything: pd.DataFrame = data.computed(organization_lines, dataset, date, ())
    by_organization = rollup_kind(dataset.export.table) is ExportKind.ORGANIZATIONS
    named = {"organization", "organization_id"} & set(everything.columns) if by_organization else True
    if not named:
        _way_on(dataset, date, "Показатели сложены в одну организацию: в файле она не названа.")
        return
    title, noun = (
        ("По организациям", wording.organizations)
        if by_organization
        else ("По муниципалитетам", wording.municipalities)
    )
    st.subheader(title, anchor=False)
    names: list[str] = data.computed(municipality_names, dataset)
    chosen: list[str] = []
    if len(names) > 1 and by_organization:
        with filter_row("ped_org"):
            chosen = choice("Муниципалитет", names, MUNICIPALITY)
    lines: pd.DataFrame = data.computed(organization_lines, dataset, date, tuple(chosen))
    rows_left(len(lines), len(everything), [MUNICIPALITY], noun=noun)
    top = float(max(0.01, lines["bar"].max())) if lines["bar"].notna().any() else 1.0
    table(
        lines,
        {
            "organization": st.column_config.TextColumn("Организация", width=260),
            "municipality": st.column_config.TextColumn("Муниципалитет", width=215),
            "organization_type": st.column_config.TextColumn("Тип", width=52),
            "teachers_registered": grid.count_column("Педагогов"),
            "shown": share_column("Доля", help_text="Доля написавших не менее 10 сообщений", width=72),
            "bar": bar_column(top=top, width=50),
            "teachers_10_messages": grid.count_column("От 10 сообщ.", "Написали не менее 10 сообщений"),
            "near_10": grid.count_column("Почти у порога", "До 10 сообщений не хватает 1–3"),
            "teachers_3_messages": grid.count_column("От 3 сообщ.", "Написали не менее 3 сообщений"),
            "silent": grid.count_column("Не писали"),
            "teachers_1_call": grid.count_column("От 1 звонка"),
            "teachers_linked": grid.count_column("С ЭЖД"),
            "organization_id": st.column_config.TextColumn("ID", width=80),
        },
        key=f"_ped_organizations_{abs(hash((date, tuple(chosen))))}",
        alt=f"{title}: сколько педагогов пишут и звонят. Те же данные есть в файле «Скачать XLSX».",
    )
    _way_on(dataset, date, "Показатели сложены из строк педагогов; имён в этих итогах нет.")


def _way_on(dataset: Dataset, date: dt.date | None, words: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.caption(words, width="content")
        kind = rollup_kind(dataset.export.table)
        target = navigation.reports_for(kind)[0]
        if st.button(f"Открыть: {target.title}", key="ped_rolled", type="tertiary"):
            state.open_dataset(derived.rolled_up(dataset, date))
            navigation.go_to(target.name)


def build_counts(dataset: Dataset, profile: NormProfile, date: dt.date | None) -> bytes:
    """The workbook of the page, counts only."""
    found = teacher_report(dataset.export.table, date)
    lines = roll_up_detail(dataset.export.table, date, organization=dataset.filename)
    return teachers_workbook(found, lines, meta_of(dataset, profile, "Педагоги", found.date))


def meta_of(
    dataset: Dataset, profile: NormProfile, title: str, date: dt.date | None, about: str = ""
) -> ReportMeta:
    """What a workbook says about its origin; the period is the chosen date's own 7 days."""
    meta = data.report_meta(dataset, profile, title, about)
    return meta if date is None else replace(meta, period=Period(start=date - derived.WEEK, end=date))


def counts_download(
    dataset: Dataset, profile: NormProfile, date: dt.date | None, day: dt.date | None
) -> None:
    """The button in the head."""
    download_xlsx(
        "Скачать XLSX",
        partial(build_counts, dataset, profile, date),
        file_name("Педагоги", date=day),
        "ped_download",
        primary=True,
        help_text="Показатели, организации и распределение – только числа, без имён",
    )
