"""«Звонки»: how many were in a call and how long, whether it counts; names on request."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.answers_people import calls_answer
from sferum_core.calls import RULE, RULE_SOURCE, CallReport, call_report, duration_words, moment_words
from sferum_core.charts.people import presence_steps
from sferum_core.norms import NormProfile
from sferum_core.palette import Theme
from sferum_core.reports.lessons import calls_workbook
from sferum_core.reports.names import file_name
from sferum_ui import cache
from sferum_ui.cache import Dataset
from sferum_ui.components import (
    Figure,
    Origin,
    answer,
    download_xlsx,
    figures,
    filter_row,
    one_of,
    table,
)
from sferum_ui.components.charts import ReadyChart, ready
from sferum_ui.views import data, grid
from sferum_ui.views.drawn import with_picture

CALL, NAMES_OPEN = "call_number", "_call_names"
COUNTS = {True: "да", False: "нет"}
UNKNOWN = "неизвестно"
MOST_CALLS = 500  # in the choice of a call; the table holds all


@cache.bulky
def report(dataset: Dataset, profile: NormProfile) -> CallReport:
    """The calls of the file."""
    return call_report(dataset.export.table, dataset.filename)


def show(dataset: Dataset, profile: NormProfile) -> None:
    """The whole section."""
    found: CallReport = data.computed(report, dataset)
    answer(calls_answer(found))
    st.caption(f"Звонок засчитывается, если он {RULE}. {RULE_SOURCE}.")
    if found.calls.empty:
        return
    place = 0
    if len(found.calls) > 1:
        _all_calls(found)
        titles = [_title(found, row) for row in found.calls.head(MOST_CALLS).to_dict("records")]
        with filter_row("call"):
            place = titles.index(one_of("Звонок", titles, CALL, width=360))
    _one_call(dataset, profile, found, place)


def _title(found: CallReport, call: dict) -> str:  # type: ignore[type-arg]
    number = call["call"] or "без номера"
    when = "" if pd.isna(call["started"]) else f", {moment_words(call['started'], found.clock_only)}"
    return f"{number}{when}"


def _all_calls(found: CallReport) -> None:
    calls = found.calls
    shown = pd.DataFrame(
        {
            "call": calls["call"].where(calls["call"] != "", "без номера"),
            "started": [moment_words(moment, found.clock_only) for moment in calls["started"]],
            "participants": calls["participants"],
            "length": [duration_words(seconds) for seconds in calls["seconds"]],
            "counts": [UNKNOWN if pd.isna(counts) else COUNTS[bool(counts)] for counts in calls["counts"]],
            "reason": calls["reason"],
        }
    )
    table(
        shown,
        {
            "call": st.column_config.TextColumn("Звонок", width=130),
            "started": st.column_config.TextColumn("Начало", width=140),
            "participants": grid.count_column("Участников"),
            "length": st.column_config.TextColumn("Длительность", width=120),
            "counts": st.column_config.TextColumn("Засчитан", width=80),
            "reason": st.column_config.TextColumn("Почему", width=520),
        },
        key=f"_call_table_{len(shown)}",
        alt="Звонки файла и засчитываются ли они",
    )


def picture(dataset: Dataset, profile: NormProfile, call: str, theme: Theme) -> ReadyChart:
    """How many were there from moment to moment."""
    found: CallReport = data.computed(report, dataset)
    return ready(presence_steps(found.presence[found.presence["call"] == call], found.clock_only, theme))


def _one_call(dataset: Dataset, profile: NormProfile, found: CallReport, place: int) -> None:
    call = found.calls.iloc[place]
    counts = UNKNOWN if pd.isna(call["counts"]) else COUNTS[bool(call["counts"])]
    good = "no_data" if pd.isna(call["counts"]) else "target_met" if call["counts"] else "below_norm"
    entries = int(call["rows"])
    again = f"входов – {wording.number(entries)}" if entries > int(call["participants"]) else ""
    cards = [
        Figure("people", "Участников", int(call["participants"]), hint=again),
        Figure(
            "length",
            "Длительность",
            duration_words(call["seconds"]),
            origin=Origin("От первого входа до последнего выхода; без времени входа – самое долгое участие."),
        ),
        Figure(
            "together",
            "Двое и больше вместе",
            duration_words(call["together_seconds"]),
            origin=Origin("Время, когда в звонке было не меньше двух участников одновременно."),
        ),
        Figure(
            "counts",
            "Засчитывается",
            counts,
            status=good,
            origin=Origin(f"Звонок {RULE}.", source=RULE_SOURCE),
        ),
    ]
    figures(cards, key="call", clickable=False)
    steps = found.presence[found.presence["call"] == call["call"]]
    if len(steps) > 1:
        st.subheader("Сколько участников было в звонке", anchor=False)
        with_picture(
            picture, dataset, call["call"], key="call_steps", title="Сколько участников было в звонке"
        )
        st.caption("Пунктир – двое участников.")
    st.subheader("Участники поимённо", anchor=False)
    if st.toggle("Показать имена", key=NAMES_OPEN):
        _names(dataset, profile, found, call["call"])


def _names(dataset: Dataset, profile: NormProfile, found: CallReport, call: str) -> None:
    st.caption(
        "Имена в демонстрационном файле вымышлены."
        if dataset.is_demo
        else "Имена видите только вы: ссылкой и в общие отчёты они не передаются."
    )
    people = found.participants[found.participants["call"] == call].reset_index(drop=True)
    shown = people.assign(
        participant=people["participant"].fillna("имя не указано"),
        joined=[moment_words(moment, found.clock_only) for moment in people["first_joined"]],
        left=[moment_words(moment, found.clock_only) for moment in people["last_left"]],
        length=[duration_words(seconds) for seconds in people["seconds"]],
    )
    shown = shown.loc[:, [name for name in shown if not shown[name].isna().all()]]
    table(
        shown,
        {
            "participant": st.column_config.TextColumn("Участник", width=260),
            "participant_id": st.column_config.TextColumn("ID или почта", width=180),
            "role": st.column_config.TextColumn("Роль", width=120),
            "joined": st.column_config.TextColumn("Первый вход", width=140),
            "left": st.column_config.TextColumn("Последний выход", width=140),
            "length": st.column_config.TextColumn("Был в звонке", width=120),
            "entries": grid.count_column("Входов"),
        },
        key=f"_call_people_{call}",
        alt="Участники звонка",
    )
    download_xlsx(
        "Скачать с именами, XLSX",
        partial(build, dataset, profile, with_names=True),
        file_name("Участники звонков", "содержит имена", date=data.last_day(dataset)),
        "call_names_xlsx",
    )


def build(dataset: Dataset, profile: NormProfile, *, with_names: bool = False) -> bytes:
    """The workbook of the section; participants by name only when asked for."""
    title = "Участники звонков" if with_names else "Звонки"
    meta = data.report_meta(dataset, profile, title)
    return calls_workbook(call_report(dataset.export.table, dataset.filename), meta, with_names=with_names)


def download(dataset: Dataset, profile: NormProfile) -> None:
    """The button in the head: counts only."""
    download_xlsx(
        "Скачать XLSX",
        partial(build, dataset, profile),
        file_name("Звонки", date=data.last_day(dataset)),
        "call_download",
        primary=True,
        help_text="Звонки и засчитываются ли они – без имён",
    )
