"""One sending in «Отправлено и ответы»: who has answered, marking it, the reminder to the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from sferum_core.mailings import Mailing, Recipient, answers_words, match_answers
from sferum_core.reports.letters import letter_docx, reminder_letter, reminder_text
from sferum_core.reports.names import file_name
from sferum_core.reports.package import Package
from sferum_core.wording import number
from sferum_store import StoreError
from sferum_ui import library, visitor
from sferum_ui.cache import Dataset
from sferum_ui.components import download_file, escape_markdown, short_table

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NAMES_AS_BUTTONS, ROWS_AT_MOST = 60, 200
_SAID = "_sent_said"


def told() -> None:
    """Show once what the last action came to."""
    said = st.session_state.pop(_SAID, None)
    if said is not None:
        is_done, words = said
        (st.success if is_done else st.error)(escape_markdown(words))


def done(action: Callable[[], object], words: str | Callable[[object], str]) -> bool:
    """Do it and keep what to say of it for the next run (`told`); whether it was done."""
    try:
        result = action()
    except StoreError as error:
        st.session_state[_SAID] = (False, f"{error.message} {error.advice}")
        return False
    st.session_state[_SAID] = (True, words if isinstance(words, str) else words(result))
    return True


def _do(action: Callable[[], object], words: str) -> None:
    done(action, words)


def show_mailing(dataset: Dataset, package: Package, mailing: Mailing) -> None:
    """One sending: its words, the marks of answers, all recipients, the reminder."""
    today = dt.date.today()
    with st.container(border=True, key=f"sf-sent-{mailing.id}"):
        st.markdown(f"**{escape_markdown(mailing.title)}**")
        due = f"Срок – до {mailing.deadline:%d.%m.%Y}. " if mailing.deadline else ""
        enclosed = f"Приложено: {', '.join(mailing.enclosures)}. " if mailing.enclosures else ""
        words = answers_words(mailing, today)
        st.markdown(f"{words[:1].upper()}{words[1:]}.")
        if more := f"{due}{enclosed}{mailing.note}".strip():
            st.caption(escape_markdown(more))
        waiting = mailing.waiting()
        if waiting:
            _mark_form(mailing, waiting, today)
            _paste(mailing, today)
        with st.expander(f"Все адресаты ({number(len(mailing.recipients))})"):
            _everyone(mailing, today)
        if waiting:
            with st.expander("Напоминание тем, кто не ответил"):
                _reminder(dataset, package, mailing, today)
        with st.popover("Убрать запись", key=f"sent_remove_{mailing.id}"):
            st.write("Отправка записана по ошибке? Вместе с ней уйдут отметки об ответах.")
            st.button(
                "Убрать", key=f"sent_remove_sure_{mailing.id}", on_click=_do,
                args=(partial(_remove, mailing.id), "Запись убрана."),
            )  # fmt: skip


def _remove(mailing_id: str) -> bool:
    return library.store().mailings.remove(mailing_id, by=visitor.name())


def _mark_form(mailing: Mailing, waiting: list[Recipient], today: dt.date) -> None:
    names = {one.key: one.name for one in waiting}
    key = f"sent_mark_{mailing.id}_{len(waiting)}"
    title = "Кто ответил"
    if len(names) <= NAMES_AS_BUTTONS:
        chosen = st.pills(
            title, list(names), selection_mode="multi", format_func=lambda one: names[one], key=key
        )
    else:
        chosen = st.multiselect(
            title, list(names), format_func=lambda one: names[one], placeholder="Выберите", key=key
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day = st.date_input(
            "Ответ получен", today, format="DD.MM.YYYY", key=f"sent_day_{mailing.id}", width=160
        )
        note = st.text_input(
            "Примечание",
            placeholder="Номер ответа",
            max_chars=1000,
            key=f"sent_remark_{mailing.id}",
            width=220,
        )
        st.button(
            "Отметить ответы", type="primary" if chosen else "secondary", disabled=not chosen, key=f"sent_do_{mailing.id}",
            on_click=_mark, args=(mailing, tuple(chosen), day, note),
        )  # fmt: skip
        st.button(
            "Ответили все",
            key=f"sent_all_{mailing.id}",
            on_click=_mark,
            args=(mailing, tuple(names), day, note),
        )


def _mark(mailing: Mailing, keys: tuple[str, ...], day: dt.date | None, note: str = "") -> None:
    done(
        lambda: library.store().mailings.mark(
            mailing.id, keys, day or dt.date.today(), note=note or None, by=visitor.name()
        ),
        lambda count: f"Отмечено ответов: {number(int(str(count)))}.",
    )


def _paste(mailing: Mailing, today: dt.date) -> None:
    with st.expander("Вставить список ответивших"):
        key = f"sent_list_{mailing.id}_{mailing.answered}"
        st.text_area(
            "Список", placeholder="Название в строке, можно столбец из таблицы или письма", key=key,
            height=140, label_visibility="collapsed", max_chars=200_000,
        )  # fmt: skip
        st.button(
            "Отметить по списку", key=f"sent_match_{mailing.id}", on_click=_match, args=(mailing, key, today)
        )


def _match(mailing: Mailing, key: str, today: dt.date) -> None:
    found = match_answers(str(st.session_state.get(key) or ""), mailing.recipients)
    day = st.session_state.get(f"sent_day_{mailing.id}") or today
    waiting = {one.key for one in mailing.waiting()}
    fresh = [one for one in found.keys if one in waiting]
    try:
        count = library.store().mailings.mark(mailing.id, fresh, day, by=visitor.name())
    except StoreError as error:
        st.session_state[_SAID] = (False, f"{error.message} {error.advice}")
        return
    told = [f"Отмечено ответов: {number(count)}."]
    again = len(found.keys) - len(fresh)
    if again:
        told.append(f"Отмечены раньше: {number(again)}.")
    if found.unknown:
        lines = [
            f"«{line}»" + (f" (может быть, {found.similar[line]}?)" if line in found.similar else "")
            for line in found.unknown[:15]
        ]
        rest = len(found.unknown) - len(lines)
        told.append(f"Не узнаны: {', '.join(lines)}{f' и ещё {number(rest)}' if rest else ''}.")
    if found.doubtful:
        told.append(
            f"Подходят к нескольким адресатам, укажите ID: {', '.join(f'«{one}»' for one in found.doubtful[:15])}."
        )
    st.session_state[_SAID] = (bool(found.keys) and not (found.unknown or found.doubtful), " ".join(told))


def _everyone(mailing: Mailing, today: dt.date) -> None:
    shown = mailing.recipients[:ROWS_AT_MOST]
    frame = pd.DataFrame(
        {
            "Адресат": [one.name for one in shown],
            "Ответ": [one.state(mailing.deadline, today).label for one in shown],
            "Когда": [f"{one.answered_on:%d.%m.%Y}" if one.answered_on else "–" for one in shown],
            "Примечание": [one.note or "–" for one in shown],
        }
    )
    short_table(frame, alt="Адресаты и их ответы")
    rest = len(mailing.recipients) - len(shown)
    if rest:
        st.caption(f"И ещё {number(rest)} – все есть в журнале.")
    answered = {one.key: one.name for one in mailing.recipients if one.answered_on is not None}
    if answered:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            taken = st.selectbox(
                "Снять отметку", list(answered), index=None, format_func=lambda one: answered[one],
                placeholder="Выберите", key=f"sent_back_{mailing.id}_{len(answered)}",
            )  # fmt: skip
            st.button(
                "Снять", disabled=taken is None, key=f"sent_unmark_{mailing.id}", on_click=_do,
                args=(partial(_unmark, mailing.id, taken or ""), "Отметка снята."),
            )  # fmt: skip


def _unmark(mailing_id: str, key: str) -> int:
    return library.store().mailings.mark(mailing_id, [key], None, note="", by=visitor.name())


def _reminder(dataset: Dataset, package: Package, mailing: Mailing, today: dt.date) -> None:
    st.code(reminder_text(mailing, package.fields.deadline, today), language=None, wrap_lines=True)
    build = partial(_reminder_docx, mailing, package, today)
    download_file(
        "Письмо-напоминание, DOCX",
        build,
        file_name("Напоминание", date=today, ending="docx"),
        DOCX,
        f"sent_reminder_{mailing.id}",
    )
    st.caption("Номер, дата и новый срок в нём – со вкладки «Реквизиты письма».")


def _reminder_docx(mailing: Mailing, package: Package, today: dt.date) -> bytes:
    return letter_docx(reminder_letter(mailing, package.meta.period, package.fields, today))
