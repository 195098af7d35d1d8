"""The workbook «Отправлено и ответы»: what was sent about a week, and where every recipient stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from sferum_core.mailings import AnswerState, Mailing, answers_words
from sferum_core.reports.book import Book, ReportMeta, Sheet
from sferum_core.reports.columns import plain, text
from sferum_core.reports.workbook import write_workbook

_NO_NUMBER, _NO_DEADLINE, _NO_ANSWER = "номер не указан", "срок не указан", "ответа нет"


def mailings_workbook(mailings: Sequence[Mailing], meta: ReportMeta, today: dt.date) -> bytes:
    """Two sheets: a row a sending, a row a recipient. Whether an answer is late is judged on `today`."""
    sheets = [_sent_sheet(mailings, today), _answers_sheet(mailings, today)]
    notes = [
        "Записано со слов сотрудника управления: приложение писем не отправляет.",
        f"Просрочка – на {today:%d.%m.%Y}; последний день срока ещё не просрочка.",
    ]
    return write_workbook(Book(meta, sheets, notes=notes))


def _sent_sheet(mailings: Sequence[Mailing], today: dt.date) -> Sheet:
    frame = pd.DataFrame(
        {
            "kind": [one.kind.label for one in mailings],
            "number": [one.number or None for one in mailings],
            "sent_on": [one.sent_on for one in mailings],
            "deadline": [one.deadline for one in mailings],
            "recipients": [len(one.recipients) for one in mailings],
            "answered": [one.answered for one in mailings],
            "overdue": [len(one.overdue(today)) for one in mailings],
            "words": [answers_words(one, today) for one in mailings],
            "enclosures": ["; ".join(one.enclosures) or None for one in mailings],
            "note": [one.note or None for one in mailings],
            "made_by": [one.made_by or None for one in mailings],
        }
    ).astype(
        dict.fromkeys(("kind", "number", "words", "enclosures", "note", "made_by"), "str")
        | dict.fromkeys(("recipients", "answered", "overdue"), "Int64")
        | dict.fromkeys(("sent_on", "deadline"), "datetime64[ns]")
    )
    columns = [
        text("kind", "Что отправлено", 30),
        text("number", "Исходящий номер", 16, _NO_NUMBER),
        plain("sent_on", "Отправлено", "date", width=13, missing="не указано"),
        plain("deadline", "Срок ответа", "date", width=13, missing=_NO_DEADLINE),
        plain("recipients", "Адресатов, ед.", "count", width=13),
        plain("answered", "Ответили, ед.", "count", width=13),
        plain("overdue", "Срок прошёл, ед.", "count", width=13),
        text("words", "Итог", 32),
        text("enclosures", "Что приложено", 40, "не указано"),
        text("note", "Примечание", 30, "нет"),
        text("made_by", "Кто записал", 20),
    ]
    return Sheet(
        "sent", "Отправлено", "Что отправлено и сколько ответили", columns, frame,
        empty="Строк нет: отправок за эту неделю не записано.",
    )  # fmt: skip


def _answers_sheet(mailings: Sequence[Mailing], today: dt.date) -> Sheet:
    pairs = [(mailing, one) for mailing in mailings for one in mailing.recipients]
    frame = pd.DataFrame(
        {
            "name": [one.name for _, one in pairs],
            "municipality": [one.municipality or one.name for _, one in pairs],
            "letter": [mailing.title for mailing, _ in pairs],
            "deadline": [mailing.deadline for mailing, _ in pairs],
            "state": [one.state(mailing.deadline, today).label for mailing, one in pairs],
            "answered_on": [one.answered_on for _, one in pairs],
            "days": [
                _days_late(mailing, one.state(mailing.deadline, today), today) for mailing, one in pairs
            ],
            "note": [one.note or None for _, one in pairs],
            "marked_by": [one.marked_by or None for _, one in pairs],
        }
    ).astype(
        dict.fromkeys(("name", "municipality", "letter", "state", "note", "marked_by"), "str")
        | dict.fromkeys(("deadline", "answered_on"), "datetime64[ns]")
        | {"days": "Int64"}
    )
    columns = [
        text("name", "Адресат", 40),
        text("municipality", "Муниципалитет", 28),
        text("letter", "Письмо", 40),
        plain("deadline", "Срок ответа", "date", width=13, missing=_NO_DEADLINE),
        text("state", "Ответ", 26),
        plain("answered_on", "Ответ получен", "date", width=13, missing=_NO_ANSWER),
        plain("days", "Дней после срока, ед.", "count", width=13, missing="просрочки нет"),
        text("note", "Примечание", 30, "нет"),
        text("marked_by", "Кто отметил", 20),
    ]
    return Sheet(
        "answers", "Ответы", "Кто ответил", columns, frame,
        empty="Строк нет: отправок за эту неделю не записано.",
    )  # fmt: skip


def _days_late(mailing: Mailing, state: AnswerState, today: dt.date) -> int | None:
    if state is not AnswerState.OVERDUE or mailing.deadline is None:
        return None
    return (today - mailing.deadline).days
