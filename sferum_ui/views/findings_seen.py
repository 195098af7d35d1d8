"""«Что не так» with its memory: what is new, what lasts, what was mended, what somebody has looked at."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from sferum_core import wording
from sferum_core.checks import NOT_CHECKED, verdict_causes, verdict_sentence
from sferum_core.checks import main_causes as few_causes
from sferum_core.finding_memory import FindingState
from sferum_store import StoreError
from sferum_ui import finding_weeks, library, state, visitor
from sferum_ui.cache import Dataset
from sferum_ui.components import main_causes
from sferum_ui.components.findings import TITLES, cause_body, not_checked
from sferum_ui.components.text import escape_markdown
from sferum_ui.finding_weeks import Memory, Told

MOST_CAUSES = 60  # of one severity; a broken file of a hundred sheets has a cause for each sheet and column
ALL_SEEN = "Всё, что найдено, уже просмотрено."


def show(dataset: Dataset, *, with_ages: bool = True) -> None:
    """Everything that is wrong with a file. `with_ages` asks earlier weeks how long each has stood."""
    memory = finding_weeks.memory(dataset, with_ages=with_ages)
    region = finding_weeks.region_to_mark(dataset)
    left = [finding for told in memory.open for finding in told.cause.findings]
    causes = verdict_causes(left)
    main_causes(verdict_sentence(causes), few_causes(causes))
    unchecked = [one for one in state.checked(dataset).findings if one.code == NOT_CHECKED]
    if not memory.told and not unchecked:
        st.write("Замечаний нет.")
    elif memory.told and not memory.open:
        st.write(ALL_SEEN)
    reason = finding_weeks.why_no_marks(dataset) if memory.told else ""
    if reason:
        st.caption(reason)
    for severity, group in groupby(memory.open, key=lambda told: told.cause.severity):
        st.markdown(f"**{TITLES[severity]}**")
        listed = list(group)
        for told in listed[:MOST_CAUSES]:
            _cause(dataset, told, region)
        if len(listed) > MOST_CAUSES:
            rest = wording.counted(len(listed) - MOST_CAUSES, "причина", "причины", "причин")
            st.caption(f"И ещё {rest}. Все – в книге «Замечания к выгрузке» на странице «Пакет недели».")
    if unchecked:
        not_checked(unchecked)
    _mended(memory)
    _seen(dataset, memory, region)


def age_words(told: Told) -> str:
    """«новое», «держится 3-ю неделю»; "" where there is nothing to compare with."""
    age = told.age
    return "" if age is None or age.state is FindingState.FIRST else age.age_label


def _cause(dataset: Dataset, told: Told, region: str | None) -> None:
    cause_body(told.cause.message, list(told.cause.findings), age=age_words(told))
    if region is None:
        return
    place = f"{dataset.id}_{told.key[:16]}"
    with st.popover("Просмотрено", type="tertiary", key=f"seen_{place}", on_change="rerun") as popover:
        if popover.open:
            _form(told, region, place)


def _form(told: Told, region: str, place: str) -> None:
    with st.form(f"seen_form_{place}", border=False):
        st.caption("Причина уйдёт в «Просмотрено» и вернётся, если её числа изменятся.")
        note = st.text_input("Примечание", placeholder="Что выяснили, не обязательно", max_chars=1000)
        by = st.text_input("Кто просмотрел", value=visitor.name(), placeholder="Имя или отдел", max_chars=100)
        if st.form_submit_button("Отметить", type="primary"):
            visitor.remember(by)
            try:
                library.store().marks.mark(region, told.key, code=told.cause.code, note=note, by=by)
            except StoreError as error:
                st.error(f"{escape_markdown(error.message)} {escape_markdown(error.advice)}")
                return
            st.rerun()


def _mended(memory: Memory) -> None:
    if memory.mended:
        st.markdown("**✓ Исправлено с прошлой сохранённой недели**")
        st.markdown("\n".join(f"- {escape_markdown(title)}" for title in memory.mended))


def _seen(dataset: Dataset, memory: Memory, region: str | None) -> None:
    if not memory.seen:
        return
    with st.expander(f"Просмотрено · {wording.number(len(memory.seen))}", key=f"seen_list_{dataset.id}"):
        for told in memory.seen:
            cause_body(told.cause.message, list(told.cause.findings), age=age_words(told), brief=True)
            st.caption(escape_markdown(mark_words(told)))
            if region is not None:
                st.button(
                    "Вернуть",
                    type="tertiary",
                    key=f"unseen_{dataset.id}_{told.key[:16]}",
                    on_click=_unmark,
                    args=(region, told.key),
                )


def mark_words(told: Told) -> str:
    """«Просмотрено 04.04.2024, отдел связи: данные уточнены»."""
    mark = told.mark
    assert mark is not None
    by = f", {mark.made_by}" if mark.made_by else ""
    note = f": {mark.note}" if mark.note else ""
    return f"Просмотрено {mark.made_at.astimezone():%d.%m.%Y}{by}{note}"


def _unmark(region: str, key: str) -> None:
    library.quietly(lambda store: store.marks.unmark(region, key, by=visitor.name()))
