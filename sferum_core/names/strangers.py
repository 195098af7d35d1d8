"""Recognizes what stands in the lists without belonging there: tests, offices, closed organizations."""

from __future__ import annotations

import re
from enum import StrEnum

import pandas as pd

from sferum_core.names.text import map_unique, unify


class Stranger(StrEnum):
    """Why an entry is no organization of the region (domain.md, «Who and what is in the lists …»)."""

    TEST = "Тестовая организация"
    OFFICE = "Орган управления образованием"
    SERVICE = "Служебная запись"
    CLOSED = "Закрытая или реорганизованная организация"


_TEST = re.compile(
    r"^(?:\d+\s*)?(?:тест|test|демо|demo|проба|пример)(?:\b|[\s_\d-])"
    r"|(?<![\w-])(?:тест|test|демо|demo)(?![\w-]|\s*-?\s*(?:систем|центр))"
    r"|(?<![\w-])(?:тестов(?:ая|ое|ый|ые|ой|ого)|демонстрационн\w+|(?:демо|тест|test|demo)-\w*)[\s-]*"
    r"(?:организаци|школ|детск|сад|учрежд|площадк|аккаунт|запис|оу\b|оо\b|доо\b|сош|д/с|доу|мбоу|мбдоу|моу"
    r"|колледж)"
    r"|(?<=[а-я])-(?:тест|test|демо|demo)$|\bдля (?:тестировани[яе]|тестов|проверки системы)\b"
    r"|^(?:пробн|учебно-тестов)(?:ая|ое|ый)\s+(?:школ|организаци|детск|оо\b|оу\b|доо\b)"
    r"|(?<![\w-])(?:тестов(?:ая|ое|ый)|демонстрационн\w+)$"
)
_FORM = (
    r"(?:(?:[мгокфр]{1,4}[бак]?у|муниципальн\w+|государственн\w+|областн\w+|краев\w+|казенн\w+|бюджетн\w+"
    r"|автономн\w+"
    r"|учреждени\w+|орган\w*|районн\w+|городск\w+|структурн\w+|территориальн\w+|отраслев\w+|окружн\w+)\s+)*"
)
_OFFICE = re.compile(
    rf"^(?:\d+[.)]\s*)?{_FORM}«?\s*(?:«\s*)?"
    r"(?:[\w-]+\s+)?(?:управлени[ея]|отдел|комитет|департамент|министерств\w+|администраци[яи]"
    r"|муниципальн\w+ орган)\b"
    r"(?!\s+(?:школ|детск))"
)
_OFFICE_WORDS = re.compile(
    r"образовани|просвещени|образовательн|наук|дошкольн|администраци|по делам|социальн|культур|спорт"
    r"|молодеж|обр\b"
)
_OFFICE_SHORT = re.compile(
    r"^(?:мку|му|мбу|мк|мказу)?\s*«?\s*(?:[грмо]?уо|горуо|[грмо]?оо а|гороно|районо|роно|руо|гуно|уоимп|уомп"
    r"|ум?оа)\b"
)
_ORGANIZATION = re.compile(
    r"\b(?:сош|оош|нош|лице[йя]|гимнази\w*|школ[аы]|детск\w+ сад|колледж|техникум|центр\w* творч\w*)\b|д/с"
    r"|[а-я]оу\b"
)
_CLOSED = re.compile(
    r"^[\s(*«]*закрыт(?:а|о|ы)?\b|(?<!не )\b(?:ликвидирован\w*|ликвидаци[яи]|закрыт(?:а|о|ы|ая"
    r"|ое)?(?=[\s)»*.,!]*$|\)|[\s.,:-]+(?:с|в|на|школ|организ|приказ|\d))"
    r"|реорганизован\w*|реорганизаци\w*|присоединен\w* к|недействующ\w*|не действует|не функционирует"
    r"|прекратил\w* деятельность|прекращен\w* деятельност\w*|деятельност\w* (?:прекращен|приостановлен)\w*"
    r"|приостановлен\w* деятельност\w*|исключен\w* из (?:егрюл|реестра)|не использовать|не работает|на консервации"
    r"|удален(?:а|о|ы)?(?=\s*\))"
    r"|упразднен\w*|удалить|на удаление|в архив\w*|архивн(?:ая|ый|ое)$|дубл[ьи]\w*|законсервирован\w*)\b"
)
_CLOSED_TYPE = re.compile(r"закрыт\w+\s+(?:типа|административн|территори)|закрытого")
_SERVICE = re.compile(
    r"^(?:сферум|sferum|admin\w*|администратор\w*(?:\s+(?:сферум\w*|платформ\w+|сети|региона))*"
    r"|тех(?:ническ\w+)?\.?\s*поддержк\w*|внешн\w+ участник\w*"
    r"|региональн\w+ оператор\w*|оператор\w*"
    r"|служебн\w+.*|орел орцоко|[\w\s«»]*\bр?орцоко\b.*|.*\bрцоко\b.*|.*\bрцои\b.*|.*-\s*сферум)$"
)


def is_office(unified: str) -> bool:
    """Whether a unified name is an education office itself, not an organization under it."""
    if _OFFICE_SHORT.search(unified):
        return not _ORGANIZATION.search(unified)
    match = _OFFICE.search(unified)
    if match is None or not _OFFICE_WORDS.search(unified):
        return False
    return not _ORGANIZATION.search(unified)


def stranger(name: str) -> Stranger | None:
    """Why `name` does not belong among organizations, or None for an ordinary one."""
    if not isinstance(name, str) or not name.strip():
        return None
    text = unify(name)
    if _TEST.search(text):
        return Stranger.TEST
    if _CLOSED.search(text) and not _CLOSED_TYPE.search(text):
        return Stranger.CLOSED
    if is_office(text):
        return Stranger.OFFICE
    if _SERVICE.search(text):
        return Stranger.SERVICE
    return None


def strangers(names: pd.Series) -> pd.Series:
    """`stranger` of every name, in the same index; dtype `str`, missing for ordinary organizations."""
    return map_unique(names, stranger)
