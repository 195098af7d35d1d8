"""Reminders, what was answered in words, letters to those who have nothing to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from sferum_core.mailings import (
    AnswerState,
    LetterKind,
    Mailing,
    answers_words,
    municipality_recipients,
    overdue_words,
)
from sferum_core.reports.letters import (
    LetterFields,
    municipality_letter,
    plain_text,
    region_letter,
    reminder_letter,
    reminder_text,
)
from tests.core.test_letters import PROFILE, WEEK, words

SENT, DUE, LATER = dt.date(2024, 4, 9), dt.date(2024, 4, 19), dt.date(2024, 4, 22)


def letter(count: int, answered: int = 0, due: dt.date | None = DUE) -> Mailing:
    people = municipality_recipients([f"Район {place:02}" for place in range(count)])
    people = [replace(one, answered_on=SENT) if at < answered else one for at, one in enumerate(people)]
    return Mailing(LetterKind.REGION, SENT, people, "1151", due)


def text_of(mailing: Mailing, fields: LetterFields | None = None, today: dt.date = LATER) -> str:
    return plain_text(reminder_letter(mailing, WEEK, fields or LetterFields(), today)).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("count", "answered", "today", "expected"),
    [
        (43, 31, LATER, "ответили 31 из 43, срок прошёл у 12"),
        (43, 31, DUE, "ответили 31 из 43, срок – до 19.04.2024"),
        (1, 1, LATER, "ответил 1 из 1"),
        (5, 0, LATER, "ответили 0 из 5, срок прошёл у 5"),
    ],
)
def test_answers_in_words(count: int, answered: int, today: dt.date, expected: str) -> None:
    assert answers_words(letter(count, answered), today) == expected


def test_states_of_a_recipient() -> None:
    one = letter(1).recipients[0]
    assert one.state(DUE, DUE) is AnswerState.WAITING
    assert one.state(DUE, LATER) is AnswerState.OVERDUE
    assert one.state(None, LATER) is AnswerState.WAITING
    assert replace(one, answered_on=DUE).state(DUE, LATER) is AnswerState.ANSWERED
    assert replace(one, answered_on=LATER).state(DUE, LATER) is AnswerState.ANSWERED_LATE


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "от 1 адресата:"),
        (2, "от 2 адресатов:"),
        (5, "от 5 адресатов:"),
        (40, "от 40 адресатов (приложение)."),
    ],
)
def test_the_reminder_names_those_who_have_not_answered(count: int, expected: str) -> None:
    text = text_of(letter(count + 3, 3))
    assert "Письмом от 9 апреля 2024 года № 1151" in text and expected in text
    assert "Район 02" not in text and f"Район {count + 2:02}" in text


def test_a_passed_deadline_is_not_asked_for_again() -> None:
    assert "в срок до ______________." in text_of(letter(2), LetterFields(deadline=DUE))
    new = LetterFields(deadline=dt.date(2024, 4, 26))
    assert "в срок до 26 апреля 2024 года." in text_of(letter(2), new)
    assert "Ответы получены от всех адресатов." in text_of(letter(2, 2))


def test_the_text_for_a_chat() -> None:
    text = reminder_text(letter(3, 1), dt.date(2024, 4, 26), LATER).replace("\u00a0", " ")
    assert "письмо от 09.04.2024 № 1151" in text and "Срок истёк 19.04.2024." in text
    assert "– Район 01\n– Район 02" in text and "ответ до 26 апреля 2024 года" in text
    assert reminder_text(letter(3, 3), None, LATER) == ""


def test_the_meeting_names_each_once() -> None:
    assert overdue_words([letter(2), letter(3, 2)], DUE) == ""
    said = overdue_words([letter(2), letter(3, 2)], LATER).replace("\u00a0", " ")
    assert said == "На письма в срок не ответили 3 адресата: Район 00, Район 01, Район 02."
    assert overdue_words([letter(1)], LATER).startswith("На письмо в срок не ответил 1")


def test_the_earlier_letter_and_who_did_not_answer_it() -> None:
    fields = LetterFields(earlier_number="1100", earlier_date=SENT, unanswered=("г. Лесной", "Озёрный район"))
    text = plain_text(region_letter(words(), PROFILE, WEEK, fields)).replace("\u00a0", " ")
    assert "В продолжение письма от 9 апреля 2024 года № 1100" in text
    assert "не поступил от следующих муниципалитетов: г. Лесной, Озёрный район." in text
    alone = plain_text(
        region_letter(words(), PROFILE, WEEK, replace(fields, earlier_number="", earlier_date=None))
    )
    assert "не поступил" not in alone, "without the letter there is nothing they did not answer"


def test_a_municipality_without_organizations_and_one_with_nothing_behind() -> None:
    table = words()
    nobody = plain_text(municipality_letter(table.iloc[:0], "г. Лесной", PROFILE, WEEK, LetterFields()))
    assert "организаций Вашего муниципалитета (г. Лесной) на платформе нет." in nobody
    assert "в том числе" not in nobody and "Провести сверку" not in nobody
    good = table[table["status"].isin(["within_norm", "target_met"])]
    text = plain_text(municipality_letter(good, "г. Лесной", PROFILE, WEEK, LetterFields()))
    assert len(good) and "Отстающих организаций нет." in text and "Для повышения" not in text
