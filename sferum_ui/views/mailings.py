"""«Отправлено и ответы»: what was sent about the open week, who has answered, reminders, the journal."""

from __future__ import annotations

import datetime as dt
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
    municipality_recipients,
    organization_recipients,
    overdue_words,
)
from sferum_core.reports.letters import NEEDS_LETTER
from sferum_core.reports.mailings import mailings_workbook
from sferum_core.reports.names import file_name
from sferum_core.reports.package import Package, Part
from sferum_core.wording import counted, number
from sferum_ui import access, letter_memory, library, sharing, state, visitor
from sferum_ui.cache import Dataset
from sferum_ui.components import download_xlsx, escape_markdown
from sferum_ui.views import data
from sferum_ui.views.mailing_answers import done, show_mailing, told

KINDS = (LetterKind.REGION, LetterKind.MUNICIPALITY, LetterKind.SCHOOL, LetterKind.REMINDER)
ENCLOSED = (Part.ANNEXES, Part.MUNICIPALITIES, Part.SUMMARY, Part.LEADERS, Part.STAFF, Part.FINDINGS)
_ROUND = "_sent_round"


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
    told()
    known = of_week(dataset)
    st.caption("Приложение ничего не отправляет: здесь записывают, что ушло, и отмечают, кто ответил.")
    with st.expander("Записать отправку", expanded=not known):
        _form(dataset, package)
    for mailing in reversed(known):
        show_mailing(dataset, package, mailing)
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
    if done(
        lambda: library.store().mailings.record(whose, made, week_end=period.end, by=visitor.name()),
        f"Записано: {kind.label.lower()}, {who}.",
    ):
        given[_ROUND] += 1
