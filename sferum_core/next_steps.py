"""What an organization should do next: the steps the documents give, chosen by its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sferum_core.model import Status
from sferum_core.wording import plural

PLATFORM_SUPPORT = "info@sferum.ru"
REGION_SUPPORT = "служба поддержки региона"


@dataclass(frozen=True)
class Step:
    """One thing to do (a Russian sentence) and the document that says so."""

    text: str
    source: str


@dataclass(frozen=True)
class Support:
    """Addresses an office may replace by its own: the platform's mailbox and the regional desk."""

    platform: str = PLATFORM_SUPPORT
    region: str = REGION_SUPPORT


_REGISTER = (
    Step(
        "Отправьте на {platform} письмо с документом о назначении администратора (с формулировкой «назначить "
        "администратором ИКОП «Сферум»») и заполненной анкетой.",
        "003, «Порядок действий при регистрации или восстановлении доступа ОУ»; 001",
    ),
    Step(
        "Администратору: войдите на платформу с номером телефона, указанным в заявке.",
        "003; 001, «Алгоритм действий»",
    ),
)
_SET_UP = (
    Step("Заполните информацию об организации.", "001, «Алгоритм действий»; 003"),
    Step(
        "Создайте классы (в детском саду – группы) и отдельный класс для педагогов, «учительский».",
        "001, «Алгоритм действий»; 003",
    ),
    Step(
        "Пригласите педагогов по ссылке-приглашению закрытым способом: в SMS или на личную почту. "
        "Не размещайте ссылки в открытом доступе.",
        "001, «Алгоритм действий»",
    ),
    Step(
        "Примите заявки педагогов на вступление в организацию.", "003, «Алгоритм действий для администратора»"
    ),
)
_MORE_TEACHERS = Step(
    "Пригласите остальных педагогов: {verb} {registered} из {total}.",
    "001, «Алгоритм действий»; 003",
)
_WRITE = (
    Step("Переведите рабочие чаты педагогов на платформу.", "002, «Необходимые условия», п. 1; 000, п. 2"),
    Step("Заведите канал для сотрудников.", "001, «Алгоритм действий»"),
    Step("Создайте чаты классов с обучающимися и с родителями.", "001, «Алгоритм действий»"),
    Step("Разбирайте статистику каждую неделю на планёрках.", "002, «Необходимые условия», п. 5; 000, п. 2"),
    Step("Поощряйте лучших педагогов.", "002, «Необходимые условия», п. 7"),
)
_LINK = Step(
    "Свяжите учётные записи педагогов с электронным журналом и дневником.",
    "000, «Авторизация учителя и учащихся»; 002, «Необходимые условия», п. 6",
)
_KEEP = Step("Поделитесь опытом с соседними организациями.", "002, «Необходимые условия», п. 3")
_CLOSED = Step(
    "Если организация закрыта или реорганизована: отправьте на {platform} запрос на деактивацию с документом "
    "о ликвидации и заявкой с подписью руководителя и печатью; укажите ID организации{identity}.",
    "000, письмо от 09.04.2024 № 1151, п. 1",
)
_WRONG = Step(
    "Если тип организации или территория указаны неверно: напишите, куда отправляет регион ({region}).",
    "000, письмо от 09.04.2024 № 1151, п. 1",
)
_BEHIND = {Status.BELOW_NORM, Status.TARGET_MISSED}
_WRITERS = ("teachers_10_messages", "teachers_3_messages", "teachers_active")


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
        steps += [Step(step.text.format(platform=desk.platform), step.source) for step in _REGISTER]
    if (nobody and (inactive or registered == 0)) or (inactive and (registered is None or registered < 3)):
        steps += _SET_UP
    elif total is not None and registered is not None and registered < total:
        verb = plural(registered, "зарегистрирован", *["зарегистрировано"] * 2)
        text = _MORE_TEACHERS.text.format(verb=verb, registered=registered, total=total)
        steps.append(Step(text, _MORE_TEACHERS.source))
    writing = [count for name in _WRITERS if (count := _count(row, name)) is not None]
    silent = bool(registered) and bool(writing) and not any(writing)
    if status in _BEHIND or silent or (inactive and registered):
        steps += _WRITE
    if registered and linked is not None and linked < registered:
        steps.append(_LINK)
    if inactive:
        identity = _text(row, "organization_id")
        named = f" ({identity})" if identity else ""
        steps.append(Step(_CLOSED.text.format(platform=desk.platform, identity=named), _CLOSED.source))
        steps.append(Step(_WRONG.text.format(region=desk.region), _WRONG.source))
    elif status == Status.NO_DATA and not _text(row, "organization_type"):
        steps.append(Step(_WRONG.text.format(region=desk.region), _WRONG.source))
    if status in {Status.TARGET_MET, Status.LEADER}:
        steps.append(_KEEP)
    return steps


def _count(row: Mapping[str, Any], name: str) -> int | None:
    value = row.get(name)
    number = None if value is None else pd.to_numeric(value, errors="coerce")
    return None if number is None or pd.isna(number) else int(number)


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None or pd.isna(value) else str(value)
