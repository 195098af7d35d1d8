"""«Педагоги поимённо»: the list with names, opened on request, page by page; nothing of it leaves the session."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import IO

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.norms import NormProfile
from sferum_core.people_groups import GROUPS, search_people, select_people
from sferum_core.reports.names import file_name
from sferum_core.reports.teachers import people_csv, people_frame, people_workbook
from sferum_core.teachers import TeacherReport, teacher_report
from sferum_ui import cache
from sferum_ui.cache import Dataset
from sferum_ui.components import (
    download_csv,
    download_xlsx,
    escape_markdown,
    filter_row,
    one_of,
    table,
)
from sferum_ui.components.downloads import XLSX
from sferum_ui.components.prepared import prepared_download
from sferum_ui.jobs import Report
from sferum_ui.views import data, grid
from sferum_ui.views.teachers import MUNICIPALITY, NAMES_OPEN, SHOW, meta_of, report

PAGE, SEARCH = "_ped_page", "_ped_search"  # not in the address: a search may hold a name
PER_PAGE = 100
LONG = 20_000  # rows from which a workbook takes more than some seconds


def by_name(dataset: Dataset, profile: NormProfile, date: dt.date | None) -> None:
    """The list with names, closed until asked for."""
    st.subheader("Педагоги поимённо", anchor=False)
    if st.toggle(
        "Показать имена",
        key=NAMES_OPEN,
        help="Список с поиском и выгрузкой: кто сколько пишет и кому сколько не хватает до порога. Имена видит только тот, "
        "кто загрузил файл.",
    ):
        _list(dataset, profile, date)


@cache.bulky
def group_people(
    dataset: Dataset, profile: NormProfile, date: dt.date | None, group: str, municipalities: tuple[str, ...]
) -> pd.DataFrame:
    """The teachers of a group with words for the screen."""
    found: TeacherReport = data.computed(report, dataset, date)
    return people_frame(select_people(found.people, group, municipalities))


def _list(dataset: Dataset, profile: NormProfile, date: dt.date | None) -> None:
    st.caption(
        "Имена в демонстрационном файле вымышлены."
        if dataset.is_demo
        else "Имена видите только вы: ссылкой и в общие отчёты они не передаются."
    )
    chosen = tuple(st.session_state.get(MUNICIPALITY) or ())
    titles = {group.title: code for code, group in GROUPS.items()}
    with filter_row("ped_names"):
        title = one_of("Кого показать", list(titles), SHOW, width=220)
        wanted = st.text_input("Поиск", key=SEARCH, placeholder="ФИО или организация", width=240) or ""
    people: pd.DataFrame = data.computed(group_people, dataset, date, titles[title], chosen)
    found = search_people(people, wanted)
    everyone: TeacherReport = data.computed(report, dataset, date)
    note = f" Отбор по муниципалитетам: {escape_markdown(', '.join(chosen))}." if chosen else ""
    st.caption(f"Показано {wording.teachers(len(found))} из {wording.number(everyone.teachers)}.{note}")
    if found.empty:
        st.info("Под выбранные условия никто не подошёл.")
        return
    page = _page_of(len(found))
    table(
        found.iloc[(page - 1) * PER_PAGE : page * PER_PAGE],
        {
            "full_name": st.column_config.TextColumn("ФИО", width=240),
            "organization": st.column_config.TextColumn("Организация", width=230),
            "municipality": st.column_config.TextColumn("Муниципалитет", width=200),
            "messages": grid.count_column("Сообщений"),
            "to_10_messages": grid.count_column("До 10", "Сколько сообщений не хватает до 10"),
            "to_3_messages": grid.count_column("До 3", "Сколько сообщений не хватает до 3"),
            "calls": grid.count_column("Звонков"),
            "linked_words": st.column_config.TextColumn("ЭЖД", width=60),
            "standing": st.column_config.TextColumn("Порог 10", width=130),
        },
        key=f"_ped_people_{abs(hash((date, title, wanted, page, chosen)))}",
        alt=f"Педагоги, страница {page}",
    )
    _downloads(dataset, profile, date or everyone.date, titles[title], chosen, len(people))


def _page_of(count: int) -> int:
    pages = -(-count // PER_PAGE)
    if pages < 2:
        return 1
    st.session_state[PAGE] = min(st.session_state.get(PAGE, 1), pages)
    return int(
        st.number_input(
            f"Страница из {wording.number(pages)}", min_value=1, max_value=pages, step=1, key=PAGE, width=180
        )
    )


def _downloads(
    dataset: Dataset,
    profile: NormProfile,
    date: dt.date | None,
    group: str,
    chosen: tuple[str, ...],
    count: int,
) -> None:
    params = (dataset, profile, date, group, chosen)
    parts = ("Педагоги поимённо", GROUPS[group].title if group != "all" else "", "содержит имена")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if count > LONG:
            prepared_download(
                "Скачать с именами, XLSX",
                "Подготовить XLSX с именами",
                partial(write_people, *params),
                (dataset.id, dataset.version, date, group, chosen),
                file_name(*parts, date=date),
                XLSX,
                "ped_names_xlsx",
            )
        else:
            download_xlsx(
                "Скачать с именами, XLSX",
                partial(build_people, *params),
                file_name(*parts, date=date),
                "ped_names_xlsx",
            )
        download_csv(
            "Скачать с именами, CSV",
            partial(build_people_csv, *params),
            file_name(*parts, date=date, ending="csv"),
            "ped_names_csv",
        )
    if count > LONG:
        st.caption(f"В книге будет {wording.rows(count)}: она готовится несколько секунд, CSV – сразу.")


def people_of(
    dataset: Dataset, date: dt.date | None, group: str, municipalities: tuple[str, ...]
) -> tuple[TeacherReport, pd.DataFrame]:
    """The date and its teachers of a group, worked out anew: a download has no session."""
    found = teacher_report(dataset.export.table, date)
    return found, select_people(found.people, group, municipalities)


def build_people(
    dataset: Dataset, profile: NormProfile, date: dt.date | None, group: str, municipalities: tuple[str, ...]
) -> bytes:
    """The workbook with names."""
    found, people = people_of(dataset, date, group, municipalities)
    about = f"показаны: {GROUPS[group].title.lower()}"
    if municipalities:
        about += f"; муниципалитеты: {', '.join(municipalities)}"
    return people_workbook(people, meta_of(dataset, profile, "Педагоги поимённо", found.date, about))


def write_people(
    dataset: Dataset,
    profile: NormProfile,
    date: dt.date | None,
    group: str,
    municipalities: tuple[str, ...],
    target: IO[bytes],
    report: Report,
) -> None:
    """The same, made beside the pages."""
    report(0, 1, "Отбираем педагогов и пишем книгу")
    target.write(build_people(dataset, profile, date, group, municipalities))


def build_people_csv(
    dataset: Dataset, profile: NormProfile, date: dt.date | None, group: str, municipalities: tuple[str, ...]
) -> bytes:
    """The same list as text."""
    return people_csv(people_of(dataset, date, group, municipalities)[1])
