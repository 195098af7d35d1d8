"""The reminder to those who have not answered: as a letter and as a short text for a chat or a mail."""

from __future__ import annotations

import datetime as dt

from sferum_core.mailings import LetterKind, Mailing, Recipient
from sferum_core.model import Period
from sferum_core.reports.letters.fields import MIDDLE, SHORT, LetterFields
from sferum_core.reports.letters.office import HEADS
from sferum_core.reports.letters.parts import Block, Letter, NewPage, Paragraph, Table
from sferum_core.reports.letters.phrases import date_words, line, of, period_words

SUBJECT = "О предоставлении ответа\nна письмо о работе на платформе «Сферум»"
NAMED_IN_TEXT = 15  # a longer list goes into an annex
_SCHOOLS = ("Руководителям", "образовательных организаций")
_ANNEX = "Перечень адресатов, от которых ответ не поступил"


def reminder_letter(
    mailing: Mailing, period: Period | str | None, fields: LetterFields, today: dt.date
) -> Letter:
    """The letter to those who have not answered `mailing` by `today`. Up to 15 are named in it, more in an annex."""
    waiting = mailing.waiting()
    count = of(len(waiting), "адресата", "адресатов")
    listed = len(waiting) > NAMED_IN_TEXT
    where = " (приложение)" if listed else ""
    until = f", срок ответа – до {date_words(mailing.deadline)}" if mailing.deadline else ""
    body: list[Block] = [
        Paragraph(
            f"Письмом от {_named(mailing)} направлены сведения о работе образовательных организаций на платформе "
            f"«Сферум» {period_words(period)}{until}."
        )
    ]
    if waiting:
        body.append(
            Paragraph(
                f"По состоянию на {date_words(today)} ответ не поступил от {count}{where}{'.' if listed else ':'}"
            )
        )
        if not listed:
            ends = [";"] * (len(waiting) - 1) + ["."]
            body += [
                Paragraph(f"– {_shown(one)}{end}", "subitem") for one, end in zip(waiting, ends, strict=True)
            ]
        body.append(
            Paragraph(
                f"Просим направить информацию об исполнении указанного письма в срок до {_until(fields, today)}."
            )
        )
    else:
        body.append(Paragraph("Ответы получены от всех адресатов. Благодарим за своевременную работу."))
    annex: tuple[Block, ...] = ()
    if listed:
        rows = [(str(place), _shown(one)) for place, one in enumerate(waiting, 1)]
        annex = (
            NewPage(),
            Paragraph("Приложение", "annex"),
            Paragraph(_ANNEX, "heading"),
            Table(("№", "Адресат"), rows, (12, 158), frozenset({0})),
        )
    return Letter(
        _SCHOOLS if mailing.kind is LetterKind.SCHOOL else HEADS,
        SUBJECT,
        body,
        fields,
        (f"{_ANNEX[0].lower()}{_ANNEX[1:]}",) if listed else (),
        annex,
        {"период_словами": period_words(period)},
    )


def reminder_text(mailing: Mailing, deadline: dt.date | None, today: dt.date) -> str:
    """A message for those who have not answered, ready to copy; "" when all have."""
    waiting = mailing.waiting()
    if not waiting:
        return ""
    about = f"письмо от {mailing.sent_on:%d.%m.%Y}" + (
        f" № {line(mailing.number, 100)}" if mailing.number else ""
    )
    due = ""
    if mailing.deadline is not None:
        due = f" Срок {'истёк' if mailing.deadline < today else 'истекает'} {mailing.deadline:%d.%m.%Y}."
    names = "\n".join(f"– {_shown(one)}" for one in waiting)
    until = f" до {date_words(deadline)}" if deadline and deadline >= today else " сегодня"
    return (
        f"Коллеги, добрый день! Напоминаем про {about} о работе на платформе «Сферум».{due}\n\n"
        f"Пока нет ответа:\n{names}\n\nПросим направить ответ{until}. Спасибо!"
    )


def _until(fields: LetterFields, today: dt.date) -> str:
    """The new deadline; a line to write on while the fields still hold the one that has passed."""
    return fields.deadline_words if fields.deadline is not None and fields.deadline >= today else MIDDLE


def _named(mailing: Mailing) -> str:
    return f"{date_words(mailing.sent_on)} № {line(mailing.number, 100) or SHORT}"


def _shown(one: Recipient) -> str:
    where = f" ({line(one.municipality, 200)})" if one.municipality else ""
    return f"{line(one.name, 300)}{where}"
