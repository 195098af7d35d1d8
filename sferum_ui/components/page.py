"""The frame of a page: head, answer, foot, and what stands there when nothing is open."""

from __future__ import annotations

from html import escape
from typing import Never

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sferum_core import wording
from sferum_core.model import ExportKind
from sferum_core.norms import NormProfile
from sferum_core.waiting import waiting_note
from sferum_ui import cache, demo, derived, intake, navigation, reconciling, sharing, state
from sferum_ui.cache import Dataset
from sferum_ui.components.sharing import frozen_note, share_button
from sferum_ui.components.text import escape_markdown, unbroken
from sferum_ui.stills import own_still

MEETING_HELP = "Те же данные на весь экран: по одному выводу на экран, с поручениями и печатью на листе A4"
MAX_OFFERED = 4  # files of this session that would fit the page


def page_head(title: str, context_line: str = "", *, share: bool = True) -> DeltaGenerator:
    """Title and line of context; returns the place to the right for downloads (`with page_head(…):`)."""
    with st.container(key="sf-head"):
        left, right = st.columns([3, 2], vertical_alignment="center")
        with left:
            st.title(title, anchor=False)
        with right:
            actions = st.container(horizontal=True, horizontal_alignment="right", gap="small")
            if share:
                with actions:
                    share_button()
                    if st.button("Режим планёрки", type="tertiary", key="meet_open", help=MEETING_HELP):
                        navigation.open_meeting()
        if context_line:
            own_still(st.html, f'<p class="sf-context">{escape(context_line)}</p>')
    shared = sharing.current()
    if shared is not None and share:
        frozen_note(shared)
    return actions


def answer(markdown: str, *, about: str = "page") -> None:
    """One or two sentences that say the main thing. Escape names of the file with `escape_markdown`.

    `about` tells the answers of one page apart.
    """
    own_still(_answer, f"sf-answer-{about}", unbroken(markdown))


def _answer(key: str, markdown: str) -> None:
    with st.container(key=key):
        st.markdown(markdown)


def foot(dataset: Dataset, profile: NormProfile) -> None:
    """Where the figures of the page come from: file, rows read and left out, profile."""
    export = dataset.export
    left_out = len(export.left_out)
    parts = [
        f"Источник: {dataset.filename}",
        f"прочитано {wording.rows(len(export.table))} из {wording.number(export.source_rows)}",
        f"не вошло {wording.number(left_out)}" if left_out else "вошли все строки",
        f"период: {export.period.label}" if export.period else "период не указан",
        f"нормы: {profile.title}",
    ]
    lines = [" · ".join(parts)]
    waiting = len(reconciling.waiting_rows(dataset)) if export.kind is ExportKind.ORGANIZATIONS else 0
    if waiting:
        lines.append(waiting_note(waiting))
    source = getattr(profile, "source", "")
    if source:
        lines.append(f"Источник норм: {source}")
    caution = getattr(profile, "caution", "")
    if caution:
        lines.append(str(caution))
    if dataset.is_demo:
        lines.append("Данные демонстрационные: муниципалитеты и организации вымышлены.")
    own_still(st.html, '<div class="sf-foot">' + "<br>".join(escape(line) for line in lines) + "</div>")


def empty_state(
    kinds: tuple[ExportKind, ...], opened: Dataset | None = None, *, dropped: bool = False
) -> Never:
    """Say what the page needs and offer the way on: another file or the demo. Stops the page."""
    needed = " или ".join(f"«{kind.label}»" for kind in kinds)
    page_head(navigation.current_title(), share=False)
    with st.container(border=True):
        if dropped:
            st.subheader("Этого файла на сервере уже нет", anchor=False)
            st.write(
                "Несохранённые файлы хранятся недолго, а этот, возможно, забыли или удалили. "
                "Загрузите выгрузку ещё раз, и отчёты будут такими же."
            )
        elif opened is None:
            st.subheader("Пока нечего показывать", anchor=False)
            st.write(
                "Загрузите выгрузку за неделю или посмотрите, как всё устроено, на демонстрационной области."
            )
        else:
            st.subheader("В открытом файле нет нужной таблицы", anchor=False)
            st.write(
                f"Открыт файл {escape_markdown(opened.filename)}, в нём – «{opened.export.kind.label}». "
                "Если файл прочитан неверно, поправьте столбцы на странице «Загрузка»."
            )
        if kinds:
            st.write(f"Странице нужна таблица {needed}.")
        fitting = [dataset for dataset in intake.own_datasets() if dataset.export.kind in kinds]
        with st.container(horizontal=True):
            for dataset in fitting[:MAX_OFFERED]:
                st.button(
                    f"Открыть {escape_markdown(dataset.filename)}",
                    key=f"empty_open_{dataset.id}",
                    on_click=state.open_id,
                    args=(dataset.root,),
                )
            teachers = derived.teachers_for(opened, kinds) if opened is not None else None
            if teachers is not None:
                st.button(
                    f"Сложить из {escape_markdown(teachers.filename)}",
                    key="empty_rolled",
                    on_click=_open_rolled,
                    args=(teachers.id,),
                )
            if st.button("Загрузить выгрузку", type="primary", key="empty_upload"):
                navigation.go_to("upload")
            demo_id = demo.for_kinds(kinds)
            if demo_id:
                st.button(
                    "Открыть демонстрационные данные", key="empty_demo", on_click=_open_demo, args=(demo_id,)
                )
    st.stop()


def _open_rolled(teachers_id: str) -> None:
    teachers = cache.lookup(teachers_id)
    if teachers is not None:
        state.open_dataset(derived.rolled_up(teachers))


def _open_demo(demo_id: str) -> None:
    state.open_dataset(demo.open_demo(demo_id))
