"""«Отправлено и ответы»: what was sent about the open week, who has answered, reminders, the journal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from sferum_core.grouping import UNKNOWN_MUNICIPALITY
from sferum_core.mailings import (
    LetterKind,
    Mailing,
    Recipient,
    answered_words,
    answers_words,
    match_answers,
    municipality_recipients,
    organization_recipients,
    overdue_words,
)
from sferum_core.reports.letters import NEEDS_LETTER, letter_docx, reminder_letter, reminder_text
from sferum_core.reports.mailings import mailings_workbook
from sferum_core.reports.names import file_name
from sferum_core.reports.package import Package, Part
from sferum_core.wording import counted, number
from sferum_store import StoreError
from sferum_ui import access, letter_memory, library, sharing, state, visitor
from sferum_ui.cache import Dataset
from sferum_ui.components import download_file, download_xlsx, escape_markdown, short_table
from sferum_ui.views import data

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NAMES_AS_BUTTONS, ROWS_AT_MOST = 60, 200
KINDS = (LetterKind.REGION, LetterKind.MUNICIPALITY, LetterKind.SCHOOL, LetterKind.REMINDER)
ENCLOSED = (Part.ANNEXES, Part.MUNICIPALITIES, Part.SUMMARY, Part.LEADERS, Part.STAFF, Part.FINDINGS)
_SAID, _ROUND = "_sent_said", "_sent_round"


def why_not(dataset: Dataset) -> str:
    """What has to be done before sendings can be kept, "" when they can."""
    problem = library.problem()
    if problem is not None:
        return f"{problem.message} {problem.advice}"
    if sharing.current() is not None or access.scope() is not None:
        return "По ссылке отправки и ответы не показываются: откройте эту неделю в своём архиве."
    if dataset.export.period is None:
        return (
            "В файле не указан период, поэтому непонятно, к какой неделе относится письмо. Укажите его на странице "
            "«Загрузка»."
        )
    if state.whose(dataset) is None:
        return (
            "Отправки хранятся по регионам, а чьи это данные – неизвестно. Укажите регион на странице "
            "«Управление» или сохраните эту неделю на странице «Загрузка»."
        )
    return ""


def _is_open() -> bool:
    """Whether the office's sendings are for this visitor: not by a link, and not for one municipality alone."""
    return sharing.current() is None and access.scope() is None


def of_week(dataset: Dataset) -> list[Mailing]:
    """What was sent about the open week; none where it can't be kept."""
    whose, period = state.whose(dataset), dataset.export.period
    if whose is None or period is None or not _is_open():
        return []
    return library.quietly(lambda store: store.mailings.for_week(whose, period.end)) or []


def overdue_fact(dataset: Dataset) -> str:
    """For the planning meeting: who has not answered after the deadline, of this week's and the last letters."""
    whose, period = state.whose(dataset), dataset.export.period
    if whose is None or period is None or not _is_open():
        return ""
    before = library.quietly(lambda store: store.mailings.before(whose, period.end))
    known = [*of_week(dataset), *([before] if before is not None else [])]
    return overdue_words(known, dt.date.today())


def archive_words(counts: tuple[int, int, int] | None) -> str:
    """«ответили 31 из 43, срок прошёл у 5» for a row of the archive; "" when nothing was sent."""
    if counts is None:
        return ""
    sent, answered, late = counts
    return answered_words(answered, sent) + (f", срок прошёл у {number(late)}" if late else "")


def offer_earlier(dataset: Dataset) -> None:
    """Offer to continue the letter about an earlier week, and to name those who have not answered it."""
    whose, period = state.whose(dataset), dataset.export.period
    if whose is None or period is None or not _is_open():
        return
    before = library.quietly(
        lambda store: (
            store.mailings.before(whose, period.end, LetterKind.REGION)
            or store.mailings.before(whose, period.end)
        )
    )
    if before is None:
        return
    given = letter_memory.fields(dataset)
    waiting = tuple(one.name for one in before.waiting())
    told = f"от {before.sent_on:%d.%m.%Y}" + (f" № {before.number}" if before.number else "")
    with st.container(horizontal=True, vertical_alignment="center", key="sf-letter-earlier"):
        st.markdown(
            f"Прежнее письмо – {escape_markdown(told)}: {escape_markdown(answers_words(before, dt.date.today()))}."
        )
        if (given.get("earlier_number", ""), given.get("earlier_date")) != (before.number, before.sent_on):
            st.button(
                "В продолжение этого письма", key="pkg_earlier", on_click=_continue, args=(dataset, before)
            )  # fmt: skip
        elif waiting:
            named = st.checkbox(
                f"Назвать в письме, кто не ответил ({number(len(waiting))})",
                value=bool(given.get("unanswered")),
                key="pkg_name_unanswered",
            )
            given["unanswered"] = waiting if named else ()


def _continue(dataset: Dataset, before: Mailing) -> None:
    letter_memory.set_fields(dataset, earlier_number=before.number, earlier_date=before.sent_on)


def show(dataset: Dataset, package: Package) -> None:
    """The panel: write down a sending; each sending with its answers; reminder and journal."""
    reason = why_not(dataset)
    if reason:
        st.write(escape_markdown(reason))
        return
    said = st.session_state.pop(_SAID, None)
    if said is not None:
        is_done, words = said
        (st.success if is_done else st.error)(escape_markdown(words))
    known = of_week(dataset)
    st.caption("Приложение ничего не отправляет: здесь записывают, что ушло, и отмечают, кто ответил.")
    with st.expander("Записать отправку", expanded=not known):
        _form(dataset, package)
    for mailing in reversed(known):
        _mailing(dataset, package, mailing)
    if known:
        meta = data.report_meta(dataset, package.profile, "Отправлено и ответы")
        download_xlsx(
            "Скачать журнал, XLSX",
            partial(mailings_workbook, known, meta, dt.date.today()),
            file_name("Отправлено и ответы", date=data.last_day(dataset), ending="xlsx"),
            "sent_journal",
        )


def _form(dataset: Dataset, package: Package) -> None:
    kind = LetterKind(
        st.selectbox("Что отправлено", KINDS, format_func=lambda one: one.label, key="sent_kind")
        or LetterKind.REGION
    )
    people = recipients(package, kind)
    if not people:
        st.write("Писать некому: в таблице нет подходящих адресатов.")
        return
    fields, turn = package.fields, st.session_state.setdefault(_ROUND, 0)
    end = f"{turn}_{kind.value}"
    with st.form(f"sent_form_{end}", border=False):
        left, middle, right = st.columns(3)
        left.date_input(
            "Отправлено", fields.date or dt.date.today(), format="DD.MM.YYYY", key=f"sent_on_{end}"
        )
        middle.text_input("Исходящий номер", fields.number, max_chars=200, key=f"sent_number_{end}")
        right.date_input("Срок ответа", fields.deadline, format="DD.MM.YYYY", key=f"sent_due_{end}")
        places = sorted({one.municipality or one.name for one in people}, key=str.casefold)
        st.multiselect(
            f"Кому, если не всем ({number(len(people))})", places, placeholder="Всем", key=f"sent_to_{end}"
        )
        st.multiselect(
            "Что приложено",
            [part.label for part in ENCLOSED],
            placeholder="Ничего",
            key=f"sent_enclosed_{end}",
        )
        st.text_input(
            "Примечание", placeholder="Например, как отправлено", max_chars=1000, key=f"sent_note_{end}"
        )
        st.form_submit_button(
            "Записать", type="primary", key="sent_save", on_click=_record, args=(dataset, kind, people, end)
        )


def recipients(package: Package, kind: LetterKind) -> list[Recipient]:
    """Everyone a letter of this kind may go to."""
    rows = package.belonging
    if kind is not LetterKind.SCHOOL:
        return municipality_recipients(set(rows["municipality_shown"]) - {UNKNOWN_MUNICIPALITY})
    behind = rows[rows["status"].isin([status.value for status in NEEDS_LETTER])]
    columns = [
        behind[name].astype(object).where(behind[name].notna(), "")
        if name in behind.columns
        else pd.Series("", index=behind.index)
        for name in ("organization_id", "organization", "municipality_shown")
    ]
    return organization_recipients(
        (str(identity), str(name), str(place)) for identity, name, place in zip(*columns, strict=True)
    )


def _record(dataset: Dataset, kind: LetterKind, people: list[Recipient], end: str) -> None:
    given, whose, period = st.session_state, state.whose(dataset), dataset.export.period
    if whose is None or period is None:
        return
    wanted = set(given.get(f"sent_to_{end}") or ())
    chosen = [one for one in people if not wanted or (one.municipality or one.name) in wanted]
    made = Mailing(
        kind,
        given.get(f"sent_on_{end}") or dt.date.today(),
        chosen,
        given.get(f"sent_number_{end}") or "",
        given.get(f"sent_due_{end}"),
        tuple(given.get(f"sent_enclosed_{end}") or ()),
        given.get(f"sent_note_{end}") or "",
    )
    who = counted(len(chosen), "адресат", "адресата", "адресатов")
    if _said(
        lambda: library.store().mailings.record(whose, made, week_end=period.end, by=visitor.name()),
        f"Записано: {kind.label.lower()}, {who}.",
    ):
        given[_ROUND] += 1


def _said(action: Callable[[], object], words: str | Callable[[object], str]) -> bool:
    try:
        result = action()
    except StoreError as error:
        st.session_state[_SAID] = (False, f"{error.message} {error.advice}")
        return False
    st.session_state[_SAID] = (True, words if isinstance(words, str) else words(result))
    return True


def _do(action: Callable[[], object], words: str) -> None:
    _said(action, words)


def _mailing(dataset: Dataset, package: Package, mailing: Mailing) -> None:
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
    _said(
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
