"""Tasks of the meeting: set on any screen, listed with those carried from earlier weeks, changed by a click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from sferum_core.access import Act
from sferum_core.wording import counted, number, plural
from sferum_store import StoreError, Task, TaskState
from sferum_ui import access, library, navigation, state, visitor
from sferum_ui.cache import Dataset
from sferum_ui.components import escape_markdown

DAYS = 7  # to do a task, until the next meeting
_ROUND, _SAID, _FAILED = "_meet_task_round", "_meet_task_said", "_meet_task_failed"


def of_week(dataset: Dataset) -> list[Task]:
    """Tasks at the meeting about the open week: the late ones first, then by date; closed ones last."""
    whose, period = state.whose(dataset), dataset.export.period
    if whose is None or period is None:
        return []
    found = (
        library.recalled(("tasks", whose, period.end), lambda store: store.tasks.for_week(whose, period.end))
        or []
    )
    found = [task for task in found if access.is_inside(task.office)]
    today = dt.date.today()
    return sorted(
        found,
        key=lambda task: (
            task.state.is_closed,
            not task.is_overdue(today),
            task.due or dt.date.max,
            task.made_at,
        ),
    )


def why_not(dataset: Dataset) -> str:
    """What has to be done before tasks can be kept, "" when they can."""
    if not access.may(Act.TASKS):
        return "Поручения ведут вошедшие сотрудники управления."
    problem = library.problem()
    if problem is not None:
        return f"{problem.message} {problem.advice}"
    if dataset.export.period is None:
        return (
            "В файле не указан период, поэтому непонятно, к какой планёрке относится поручение. "
            "Укажите период при сохранении недели на странице «Загрузка»."
        )
    if state.whose(dataset) is None:
        return (
            "Поручения хранятся по регионам, а чьи это данные – неизвестно. Укажите регион на странице "
            "«Управление» или сохраните эту неделю на странице «Загрузка»."
        )
    return ""


def box(dataset: Dataset, offices: Sequence[str], office: str) -> None:
    """«Поручение»: a task from any screen; `office` is the one it goes to unless another is chosen."""
    with st.popover("Поручение", key="meet_task"):
        reason = why_not(dataset)
        if reason:
            st.write(escape_markdown(reason))
            if access.may(Act.OFFICE) and st.button("Открыть «Управление»", key="meet_to_office"):
                navigation.go_to("office")
            return
        said = st.session_state.pop(_SAID, None)
        turn = st.session_state.setdefault(_ROUND, 0)
        options = list(dict.fromkeys([*([office] if office else []), *offices]))
        with st.form(f"meet_form_{turn}", border=False):
            st.selectbox(
                "Кому", options, index=0 if office else None, accept_new_options=True,
                placeholder="Выберите или впишите", key=f"_meet_office_{turn}_{office}",
            )  # fmt: skip
            st.text_area("Что сделать", key=f"_meet_text_{turn}", max_chars=2000, height=110)
            st.date_input(
                "Срок", dt.date.today() + dt.timedelta(days=DAYS), format="DD.MM.YYYY",
                key=f"_meet_due_{turn}",
            )  # fmt: skip
            st.form_submit_button(
                "Записать", type="primary", key="meet_save", on_click=_add, args=(dataset, turn, office)
            )
        if said is not None:
            is_done, words = said
            (st.success if is_done else st.error)(escape_markdown(words))


def _add(dataset: Dataset, turn: int, office: str) -> None:
    whose, period = state.whose(dataset), dataset.export.period
    if whose is None or period is None:
        return
    given = st.session_state
    try:
        task = library.store().tasks.add(
            whose,
            office=given.get(f"_meet_office_{turn}_{office}") or "",
            text=given.get(f"_meet_text_{turn}") or "",
            due=given.get(f"_meet_due_{turn}"),
            period_end=period.end,
            week_id=dataset.saved.id if dataset.saved else None,
            by=visitor.name(),
        )
    except StoreError as error:
        given[_SAID] = (False, f"{error.message} {error.advice}")
        return
    given[_ROUND] = turn + 1
    given[_SAID] = (True, f"Записано: {task.office}.")


def answer(tasks: Sequence[Task], today: dt.date) -> str:
    """«На эту неделю **5 поручений**, из них перенесено с прошлых недель **2**, просрочено **1**»."""
    going = [task for task in tasks if not task.state.is_closed]
    done = sum(task.state is TaskState.DONE for task in tasks)
    if not tasks:
        return "Поручений на эту неделю пока нет. Кнопка «Поручение» есть на каждом экране."
    carried, late = sum(task.is_carried for task in going), sum(task.is_overdue(today) for task in going)
    parts = [
        f"{plural(len(going), 'Открыто', 'Открыты', 'Открыто')} **{counted(len(going), 'поручение', 'поручения', 'поручений')}**"
    ]
    if carried:
        parts.append(f"с прошлых недель – **{number(carried)}**")
    if late:
        parts.append(f"просрочено – **{number(late)}**")
    if done:
        parts.append(f"выполнено – **{number(done)}**")
    return f"{', '.join(parts)}."


def said(dataset: Dataset, tasks: Sequence[Task]) -> str:
    """The sentence over the list; "" where tasks can't be kept."""
    return "" if why_not(dataset) else answer(tasks, dt.date.today())


def about(office: str, tasks: Sequence[Task]) -> None:
    """Tasks of one office under its screen."""
    own = [task for task in tasks if task.office == office]
    if own:
        today = dt.date.today()
        st.html(
            "".join(
                f'<div class="sf-task"><b>Поручение ({escape(task.state.label)}):</b> {escape(task.text)}'
                f"<small>{meta(task, today)}</small></div>"
                for task in own
            )
        )


def meta(task: Task, today: dt.date) -> str:
    """«✕ просрочено: до 11.04.2024 · перенесено с 28.03.2024»; HTML."""
    parts = []
    if task.is_overdue(today):
        parts.append(f'<span class="sf-late">✕ просрочено: срок был {task.due:%d.%m.%Y}</span>')
    elif task.due is not None:
        parts.append(f"срок {task.due:%d.%m.%Y}")
    if task.is_carried:
        parts.append(f"↷ перенесено с недели по {task.since:%d.%m.%Y}")
    if task.made_by:
        parts.append(f"поставил(а): {escape(task.made_by)}")
    return " · ".join(parts)


def listed(dataset: Dataset, tasks: Sequence[Task]) -> None:
    """The tasks, each with its states to click."""
    reason = why_not(dataset)
    if reason:
        st.info(escape_markdown(reason))
        for office in dict.fromkeys(task.office for task in tasks):
            about(office, tasks)
        return
    today = dt.date.today()
    failed = st.session_state.pop(_FAILED, "")
    if failed:
        st.error(escape_markdown(failed))
    for task in tasks:
        with st.container(
            horizontal=True, vertical_alignment="center", gap="medium", key=f"sf-task-{task.id}"
        ):
            st.html(
                f'<div class="sf-task"><b>{escape(task.office)}</b><br>{escape(task.text)}'
                f"<small>{meta(task, today)}</small></div>"
            )
            key = f"_meet_state_{task.id}_{task.state.value}"
            st.pills(
                f"Состояние: {escape_markdown(task.office)}", list(TaskState), default=task.state,
                format_func=lambda one: TaskState(one).label, key=key, required=True,
                label_visibility="collapsed", on_change=_change, args=(dataset, task.id, key),
            )  # fmt: skip
            _editor(dataset, task)


def _editor(dataset: Dataset, task: Task) -> None:
    """«Изменить»: the words and the date of a task, or the task taken back."""
    version = f"{task.id}_{task.changed_at:%H%M%S%f}"
    with (
        st.popover("Изменить", key=f"meet_edit_{version}"),
        st.form(f"meet_edit_form_{version}", border=False),
    ):
        office = st.text_input("Кому", task.office, max_chars=300, key=f"_meet_edit_office_{version}")
        text = st.text_area(
            "Что сделать", task.text, max_chars=2000, height=110, key=f"_meet_edit_text_{version}"
        )
        due = st.date_input("Срок", task.due, format="DD.MM.YYYY", key=f"_meet_edit_due_{version}")
        with st.container(horizontal=True):
            saved = st.form_submit_button("Сохранить", type="primary", key=f"meet_edit_save_{version}")
            removed = st.form_submit_button("Удалить поручение", key=f"meet_edit_remove_{version}")
    if removed:
        _edit(lambda: library.store().tasks.remove(task.id))
    elif saved and dataset.export.period is not None:
        end = dataset.export.period.end
        _edit(
            lambda: library.store().tasks.change(
                task.id, period_end=end, office=office, text=text, due=due, by=visitor.name()
            )
        )


def _edit(action: Callable[[], object]) -> None:
    try:
        action()
    except StoreError as error:
        st.session_state[_FAILED] = f"{error.message} {error.advice}"
    st.rerun()


def _change(dataset: Dataset, task_id: str, key: str) -> None:
    chosen, period = st.session_state.get(key), dataset.export.period
    if chosen is None or period is None:
        return
    try:
        library.store().tasks.change(
            task_id, period_end=period.end, state=TaskState(chosen), by=visitor.name()
        )
    except StoreError as error:
        st.session_state[_FAILED] = f"{error.message} {error.advice}"
