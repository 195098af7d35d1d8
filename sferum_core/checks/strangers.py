"""Checks for entries that do not belong in a list of organizations."""

from __future__ import annotations

import re

import numpy as np

from sferum_core.checks.declare import LISTS, ORGANIZATIONS, Group, Hit, check, rows_where
from sferum_core.checks.subject import Subject
from sferum_core.model import Severity
from sferum_core.names import Stranger
from sferum_core.wording import percent

_EXTERNAL = re.compile(
    r"внешн\w* (?:участник|пользовател)|гост(?:и|ь|евой)\b|прочие участники|без организации"
)


def _of(subject: Subject, stranger: Stranger) -> np.ndarray:
    return (subject.strangers == stranger.value) & ~_external(subject)


def _external(subject: Subject) -> np.ndarray:
    return subject.names.str.contains(_EXTERNAL).fillna(False).to_numpy(dtype=bool)


@check(
    "stranger_test",
    Severity.WARNING,
    "Тестовые организации",
    group=Group.STRANGERS,
    when="В названии «тест», «демо», «пробная».",
    message="Тестовые записи в списке: {organizations}.",
    advice="Исключите их из отчёта и подайте на удаление: письмо на info@sferum.ru с указанием ID.",
    kinds=LISTS,
    needs=("organization",),
)
def stranger_test(subject: Subject) -> list[Hit]:
    """Test and demo entries."""
    return rows_where(subject, _of(subject, Stranger.TEST), "organization")


@check(
    "stranger_office",
    Severity.NOTE,
    "Орган управления образованием в списке",
    group=Group.STRANGERS,
    when="Название – управление, отдел или комитет образования.",
    message="Органы управления образованием среди организаций: {organizations}.",
    advice="Исключите их из отчёта: нормы для них нет, а в числе организаций они учтены.",
    kinds=LISTS,
    needs=("organization",),
)
def stranger_office(subject: Subject) -> list[Hit]:
    """Education offices themselves."""
    return rows_where(subject, _of(subject, Stranger.OFFICE), "organization")


@check(
    "stranger_closed",
    Severity.WARNING,
    "Закрытые организации",
    group=Group.STRANGERS,
    when="В названии сказано: закрыта, ликвидирована, реорганизована, присоединена.",
    message="Закрытые или реорганизованные организации в списке: {organizations}.",
    advice="Подайте на удаление: письмо на info@sferum.ru, документ о ликвидации и подписанная заявка с ID.",
    kinds=LISTS,
    needs=("organization",),
)
def stranger_closed(subject: Subject) -> list[Hit]:
    """Closed and reorganized ones (000: what goes to info@sferum.ru)."""
    return rows_where(subject, _of(subject, Stranger.CLOSED), "organization")


@check(
    "stranger_service",
    Severity.NOTE,
    "Служебные записи",
    group=Group.STRANGERS,
    when="Название – «Сферум», «Администратор», «Региональный оператор» и подобное.",
    message="Служебные записи среди организаций: {organizations}.",
    advice="Исключите их из отчёта: это не образовательные организации.",
    kinds=LISTS,
    needs=("organization",),
)
def stranger_service(subject: Subject) -> list[Hit]:
    """Entries of the platform's own."""
    return rows_where(subject, _of(subject, Stranger.SERVICE), "organization")


@check(
    "external_participants",
    Severity.NOTE,
    "Внешние участники",
    group=Group.STRANGERS,
    when="Строка «Внешние участники», «Гости» или «Без организации».",
    message="Строки внешних участников среди организаций: {rows}.",
    advice="Исключите их из отчёта: эти люди не числятся ни в одной организации региона.",
    kinds=LISTS,
    needs=("organization",),
)
def external_participants(subject: Subject) -> list[Hit]:
    """People of no organization as a row."""
    return rows_where(subject, _external(subject), "organization")


@check(
    "strangers_weigh",
    Severity.WARNING,
    "Посторонние записи меняют итог",
    group=Group.STRANGERS,
    when="В тестовых, служебных и прочих посторонних записях больше 5 % зарегистрированных педагогов.",
    message="В посторонних записях {share} всех зарегистрированных педагогов: {organizations}.",
    advice="Исключите эти записи из отчёта: доли региона и муниципалитетов посчитаны вместе с ними.",
    kinds=(ORGANIZATIONS,),
    needs=("organization", "teachers_registered"),
)
def strangers_weigh(subject: Subject) -> list[Hit]:
    """Entries that do not belong, with more than 5 % of the teachers."""
    mask = (subject.strangers != "") | _external(subject)
    people = np.nan_to_num(subject.numbers("teachers_registered"))
    share = people[mask].sum() / max(people.sum(), 1)
    if share <= 0.05:
        return []
    return rows_where(
        subject, mask & (people > 0), show=("teachers_registered",), share=percent(float(share))
    )
