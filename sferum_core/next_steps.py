"""What an organization should do next: the steps the documents give, chosen by its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from sferum_core.model import Status
from sferum_core.wording import plural

PLATFORM_SUPPORT = "info@sferum.ru"
REGION_SUPPORT = "служба поддержки региона"


@dataclass(frozen=True)
class Step:
    """One thing to do (a Russian sentence) and the document that says so; `code` names it for an office's wording."""

    text: str
    source: str
    code: str = ""


@dataclass(frozen=True)
class Support:
    """What an office may replace by its own: the platform's mailbox, the regional desk, words of steps by code.

    Words may hold the places of the step they stand for: `{platform}`, `{region}`, `{registered}`, `{total}`,
    `{identity}`; anything else in braces stays as it is.
    """

    platform: str = PLATFORM_SUPPORT
    region: str = REGION_SUPPORT
    words: Mapping[str, str] = field(default_factory=dict)


_REGISTER = (
    Step(
        "Отправьте на {platform} письмо с документом о назначении администратора (с формулировкой «назначить "
        "администратором ИКОП «Сферум»») и заполненной анкетой.",
        "003, «Порядок действий при регистрации или восстановлении доступа ОУ»; 001",
        "register_letter",
    ),
    Step(
        "Администратору: войдите на платформу с номером телефона, указанным в заявке.",
        "003; 001, «Алгоритм действий»",
        "register_login",
    ),
)
_SET_UP = (
    Step("Заполните информацию об организации.", "001, «Алгоритм действий»; 003", "set_up_data"),
    Step(
        "Создайте классы (в детском саду – группы) и отдельный класс для педагогов, «учительский».",
        "001, «Алгоритм действий»; 003",
        "set_up_classes",
    ),
    Step(
        "Пригласите педагогов по ссылке-приглашению закрытым способом: в SMS или на личную почту. "
        "Не размещайте ссылки в открытом доступе.",
        "001, «Алгоритм действий»",
        "set_up_invite",
    ),
    Step(
        "Примите заявки педагогов на вступление в организацию.",
        "003, «Алгоритм действий для администратора»",
        "set_up_accept",
    ),
)
_MORE_TEACHERS = Step(
    "Пригласите остальных педагогов: {verb} {registered} из {total}.",
    "001, «Алгоритм действий»; 003",
    "more_teachers",
)
_WRITE = (
    Step(
        "Переведите рабочие чаты педагогов на платформу.",
        "002, «Необходимые условия», п. 1; 000, п. 2",
        "write_chats",
    ),
    Step("Заведите канал для сотрудников.", "001, «Алгоритм действий»", "write_channel"),
    Step("Создайте чаты классов с обучающимися и с родителями.", "001, «Алгоритм действий»", "write_classes"),
    Step(
        "Разбирайте статистику каждую неделю на планёрках.",
        "002, «Необходимые условия», п. 5; 000, п. 2",
        "write_statistics",
    ),
    Step("Поощряйте лучших педагогов.", "002, «Необходимые условия», п. 7", "write_reward"),
)
_LINK = Step(
    "Свяжите учётные записи педагогов с электронным журналом и дневником.",
    "000, «Авторизация учителя и учащихся»; 002, «Необходимые условия», п. 6",
    "link_journal",
)
_KEEP = Step("Поделитесь опытом с соседними организациями.", "002, «Необходимые условия», п. 3", "keep_share")
_CLOSED = Step(
    "Если организация закрыта или реорганизована: отправьте на {platform} запрос на деактивацию с документом "
    "о ликвидации и заявкой с подписью руководителя и печатью; укажите ID организации{identity}.",
    "000, письмо от 09.04.2024 № 1151, п. 1",
    "closed",
)
_WRONG = Step(
    "Если тип организации или территория указаны неверно: напишите, куда отправляет регион ({region}).",
    "000, письмо от 09.04.2024 № 1151, п. 1",
    "wrong_type",
)
STEPS: dict[str, Step] = {
    step.code: step for step in (*_REGISTER, *_SET_UP, _MORE_TEACHERS, *_WRITE, _LINK, _KEEP, _CLOSED, _WRONG)
}
"""Every step by its code."""
_BEHIND = {Status.BELOW_NORM, Status.TARGET_MISSED}
_WRITERS = ("teachers_10_messages", "teachers_3_messages", "teachers_active")
STEP_COLUMNS = (
    "organization_id",
    "organization_type",
    "admins_registered",
    "teachers_total",
    "teachers_registered",
    "teachers_linked",
    "students_registered",
    *_WRITERS,
)
"""The columns `next_steps` looks at."""


def next_steps(row: Mapping[str, Any], status: Status | str, support: Support | None = None) -> list[Step]:
    """Steps for one organization: `row` holds its counts by column, missing ones may be absent or NA."""
    desk = support or Support()
    admins, registered = _count(row, "admins_registered"), _count(row, "teachers_registered")
    total, linked = _count(row, "teachers_total"), _count(row, "teachers_linked")
    students = _count(row, "students_registered")
    inactive = status == Status.INACTIVE
    steps: list[Step] = []
    nobody = not registered and not students
    if nobody and (admins == 0 or (inactive and admins is None)):
        steps += _REGISTER
    if (nobody and (inactive or registered == 0)) or (inactive and (registered is None or registered < 3)):
        steps += _SET_UP
    elif total is not None and registered is not None and registered < total:
        steps.append(_MORE_TEACHERS)
    writing = [count for name in _WRITERS if (count := _count(row, name)) is not None]
    silent = bool(registered) and bool(writing) and not any(writing)
    if status in _BEHIND or silent or (inactive and registered):
        steps += _WRITE
    if registered and linked is not None and linked < registered:
        steps.append(_LINK)
    if inactive:
        steps += [_CLOSED, _WRONG]
    elif status == Status.NO_DATA and not _text(row, "organization_type"):
        steps.append(_WRONG)
    if status in {Status.TARGET_MET, Status.LEADER}:
        steps.append(_KEEP)
    identity = _text(row, "organization_id")
    places = {
        "platform": desk.platform,
        "region": desk.region,
        "verb": plural(registered or 0, "зарегистрирован", "зарегистрировано", "зарегистрировано"),
        "registered": str(registered),
        "total": str(total),
        "identity": f" ({identity})" if identity else "",
    }
    return [_filled(step, desk, places) for step in steps]


def _filled(step: Step, desk: Support, places: Mapping[str, str]) -> Step:
    text = desk.words.get(step.code, "").strip() or step.text
    if "{" not in text:
        return step if text == step.text else replace(step, text=text)
    for name, value in places.items():
        text = text.replace(f"{{{name}}}", value)
    return replace(step, text=text)


def _count(row: Mapping[str, Any], name: str) -> int | None:
    value = row.get(name)
    if type(value) is int:  # what a table of counts gives; pandas would take a hundred times longer
        return value
    number = None if value is None or value is pd.NA else pd.to_numeric(value, errors="coerce")
    return None if number is None or pd.isna(number) else int(number)


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None or pd.isna(value) else str(value)
