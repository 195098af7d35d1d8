"""Turns of phrase of office letters: dates in words, numbers with nouns in the cases letters need."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from sferum_core.model import OrganizationType, Period
from sferum_core.norms import Rule
from sferum_core.wording import NO_BREAK_SPACE, number, plural

MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)

TYPE_NOMINATIVE: dict[str, str] = {
    OrganizationType.PRESCHOOL: "дошкольные образовательные организации",
    OrganizationType.SCHOOL: "общеобразовательные организации",
    OrganizationType.VOCATIONAL: "профессиональные образовательные организации",
    OrganizationType.EXTRACURRICULAR: "организации дополнительного образования детей",
    OrganizationType.TRAINING: "организации дополнительного профессионального образования",
    OrganizationType.OTHER: "другие организации",
    "": "организации, тип которых не указан",
}
TYPE_GENITIVE: dict[str, str] = {
    OrganizationType.PRESCHOOL: "дошкольных образовательных организаций",
    OrganizationType.SCHOOL: "общеобразовательных организаций",
    OrganizationType.VOCATIONAL: "профессиональных образовательных организаций",
    OrganizationType.EXTRACURRICULAR: "организаций дополнительного образования детей",
    OrganizationType.TRAINING: "организаций дополнительного профессионального образования",
    OrganizationType.OTHER: "других организаций",
    "": "всех организаций",
}


def line(value: object, most: int = 500) -> str:
    """Text from outside in one line: no line breaks, control or invisible letters, at most `most` long."""
    printable = "".join(letter if letter.isprintable() else " " for letter in str(value)[: 4 * most])
    text = " ".join(printable.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def date_words(day: dt.date) -> str:
    """«9 апреля 2024 года»."""
    return f"{day.day}{NO_BREAK_SPACE}{MONTHS[day.month - 1]} {day.year}{NO_BREAK_SPACE}года"


def period_words(period: Period | str | None) -> str:
    """«за период с 29 марта по 4 апреля 2024 года», as after a verb."""
    if period is None or period == "":
        return "за отчётный период"
    if isinstance(period, str):
        return f"за период {line(period, 100)}"
    first, last = period.start, period.end
    if first == last:
        return f"за {date_words(last)}"
    start = f"{first.day}{NO_BREAK_SPACE}{MONTHS[first.month - 1]}"
    if first.year != last.year:
        start = date_words(first)
    return f"за период с {start} по {date_words(last)}"


def of(count: int, one: str, many: str) -> str:
    """«21 организации», «5 организаций»: the genitive, as after «из» and «не хватает»."""
    return f"{number(count)}{NO_BREAK_SPACE}{plural(count, one, many, many)}"


def in_organizations(count: int) -> str:
    """«1 организации», «302 организациях»: the prepositional, as after «в»."""
    return of(count, "организации", "организациях")


def by_organizations(count: int) -> str:
    """«1 организации», «302 организациям»: the dative, as after «по»."""
    return of(count, "организации", "организациям")


def have(count: int) -> str:
    """«имеет» or «имеют»."""
    return plural(count, "имеет", "имеют", "имеют")


def figure(percent: Decimal) -> str:
    """«2,5 %» of a rule's figure."""
    text = f"{percent:f}"
    text = (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
    return f"{text}{NO_BREAK_SPACE}%"


_OUR_NUMBER = re.compile(r"\s*\(документ \d{3}\)")


def source_words(source: str) -> str:
    """«Источник норм: …» as a letter says it: without our own number of the document; "" for none."""
    told = line(_OUR_NUMBER.sub("", source)).rstrip(".")
    return f"Источник норм: {told[:1].lower()}{told[1:]}." if told else ""


def norm_words(rule: Rule) -> str:
    """«норма – от 2,5 % до 5 %, цель – более 5 %»."""
    parts = []
    if rule.low_percent is not None and rule.high_percent is not None:
        parts.append(f"норма – от {figure(rule.low_percent)} до {figure(rule.high_percent)}")
    elif rule.low_percent is not None:
        parts.append(f"норма – от {figure(rule.low_percent)}")
    if rule.target_percent is not None:
        goal = figure(rule.target_percent)
        parts.append(f"цель – {goal} и более" if rule.target_inclusive else f"цель – более {goal}")
    return ", ".join(parts)


def behind_words(rule: Rule) -> str:
    """What is behind the mark of a rule: «менее 2,5 %», «не более 25 %»."""
    if rule.low_percent is not None:
        return f"менее {figure(rule.low_percent)}"
    if rule.target_percent is None:
        return ""
    return f"{'менее' if rule.target_inclusive else 'не более'} {figure(rule.target_percent)}"
