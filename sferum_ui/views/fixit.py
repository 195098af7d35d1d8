"""«Что исправить» under the findings: books for the municipalities, their answers, and what these came to."""

from __future__ import annotations

from functools import partial

import streamlit as st

from sferum_core import wording
from sferum_core.access import Act
from sferum_core.fixit import RowState, ToMend
from sferum_core.reports.fixit import TITLE
from sferum_core.reports.names import file_name
from sferum_store import StoreError
from sferum_ui import access, cache, fixit, intake, state, uploads
from sferum_ui.cache import Dataset
from sferum_ui.components import download_file, download_xlsx, escape_markdown, table
from sferum_ui.fixit import Refusal, Taken
from sferum_ui.views import data

NOTES, _ROUND, REFUSED, _KEPT = "_fixit_notes", "_fixit_round", "_fixit_refused", "_fixit_kept"
_COLUMNS = {
    "municipality": "Муниципалитет",
    "name": "Строка",
    "state": "Итог",
    "said": "Пояснение",
    "comment": "Комментарий",
    "book": "Книга",
}


def show(dataset: Dataset) -> None:
    """The part of «Что не так» in which rows are given out and taken back."""
    if not fixit.is_for(dataset):
        return
    st.divider()
    st.markdown(f"**Книги «{TITLE}»**")
    mending = fixit.wanted(dataset, with_notes=bool(st.session_state.get(NOTES)))
    _give_out(dataset, mending)
    if access.may(Act.UPLOAD):
        _take_back(dataset)


def _give_out(dataset: Dataset, mending: ToMend) -> None:
    if mending.rows:
        many = len(mending.municipalities)
        st.write(
            f"К исправлению {wording.rows(len(mending.rows))} "
            f"в {wording.counted(many, 'муниципалитете', 'муниципалитетах', 'муниципалитетах')}. В книге только эти "
            "строки: неверные ячейки отмечены, рядом – что не так и что сделать. Исправленную книгу загрузите ниже."
        )
    else:
        st.write("Строк с ошибками и предупреждениями нет: раздавать на исправление нечего.")
    st.toggle("Включить и строки с замечаниями", key=NOTES)
    if not mending.rows:
        return
    profile, day = state.profile(), data.last_day(dataset)
    with st.container(horizontal=True):
        download_file(
            "Книга каждому муниципалитету (архив)",
            partial(fixit.archive, dataset, profile, mending),
            file_name(TITLE, date=day, ending="zip"),
            "application/zip",
            f"fixit_zip_{dataset.id}",
        )
        download_xlsx(
            "Одна книга на всех",
            partial(fixit.book, dataset, profile, mending),
            file_name(TITLE, date=day),
            f"fixit_book_{dataset.id}",
        )


def _take_back(dataset: Dataset) -> None:
    number = st.session_state.setdefault(_ROUND, 0)
    files = st.file_uploader(
        "Загрузить исправленные книги, одну или несколько",
        accept_multiple_files=True,
        key=f"fixit_files_{number}",
        max_upload_size=intake.most_megabytes(),
    )
    if files:
        with st.spinner("Читаем исправления…"):
            given = [intake.File(file.name, file.getvalue()) for file in files]
            shown, refused = fixit.take(dataset, given)
        uploads.let_go(files)
        st.session_state[REFUSED] = refused
        st.session_state[_ROUND] += 1
        st.session_state.pop(_KEPT, None)
        if shown.id != dataset.id:
            state.open_dataset(shown)
        st.rerun()
    refusals: list[Refusal] = st.session_state.get(REFUSED, [])
    for name, message, advice in refusals:
        st.error(f"**{escape_markdown(name)}.** {escape_markdown(message)}  \n{escape_markdown(advice)}")


def outcome(dataset: Dataset, found: Taken) -> None:
    """What the answers came to: the sentence, every row, and that the source is as it was."""
    told = found.outcome
    all_right = told.count(RowState.LEFT) == told.count(RowState.NOT_FOUND) == 0
    (st.success if all_right else st.warning)(escape_markdown(told.sentence))
    for note in told.notes:
        st.caption(escape_markdown(note))
    if len(told.rows):
        table(told.rows, _COLUMNS, key=f"fixit_rows_{dataset.id}", alt="Что стало с каждой строкой")
        download_xlsx(
            "Итог построчно",
            partial(fixit.told_book, dataset, found),
            file_name("Итог исправлений", date=data.last_day(dataset)),
            f"fixit_told_{dataset.id}",
        )
    if found.source_id != dataset.id:
        _source(dataset, found)


def _source(dataset: Dataset, found: Taken) -> None:
    many = len(found.outcome.changes)
    changed = wording.counted(many, "значение", "значения", "значений")
    st.caption(
        f"По исправлению {wording.plural(many, 'изменено', 'изменены', 'изменено')} {changed}: отчёты считаются "
        "с ними. Исходная выгрузка не изменена."
    )
    source = cache.lookup(found.source_id)
    with st.container(horizontal=True):
        if source is not None:
            st.button(
                "Открыть исходную выгрузку",
                key=f"fixit_source_{dataset.id}",
                on_click=state.open_id,
                args=(source.root,),
            )
        made = fixit.lasting(dataset, found)
        if made and not st.session_state.get(_KEPT):
            st.button(
                "Запомнить для следующих недель",
                key=f"fixit_keep_{dataset.id}",
                help="Тип, муниципалитет, название и численность станут исправлениями управления; отменить их можно "
                "на странице «Управление».",
                on_click=_keep,
                args=(dataset, found),
            )
    said = st.session_state.get(_KEPT)
    if said:
        st.caption(said)


def _keep(dataset: Dataset, found: Taken) -> None:
    try:
        many = fixit.keep_lasting(fixit.lasting(dataset, found))
    except StoreError as error:
        st.session_state[_KEPT] = f"{escape_markdown(error.message)} {escape_markdown(error.advice)}"
        return
    kept = wording.counted(many, "исправление", "исправления", "исправлений")
    st.session_state[_KEPT] = f"Запомнено: {kept}. Список – на странице «Управление»."
