"""Texts of requests that follow from a сверка, ready to copy: deactivation, type or territory, registration (000, 003)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sferum_core.next_steps import PLATFORM_SUPPORT, REGION_SUPPORT
from sferum_core.wording import number

MOST_LISTED = 300
NO_ID = "ID не указан"


@dataclass(frozen=True)
class Request:
    """A letter to a support desk: whom to, subject, text."""

    to: str
    subject: str
    text: str

    @property
    def whole(self) -> str:
        """Everything in one piece, as it is copied."""
        return f"Кому: {self.to}\nТема: {self.subject}\n\n{self.text}"


def deactivation_request(rows: pd.DataFrame, support: str = PLATFORM_SUPPORT, office: str = "") -> Request:
    """Asks the platform to take organizations out: `rows` has organization_id, organization, municipality (000, п. 1)."""
    lines = [f"{_id(row)} – {_name(row)}{_where(row)}" for row in rows.head(MOST_LISTED).to_dict("records")]
    text = "\n".join(
        [
            "Здравствуйте!",
            "",
            "Просим деактивировать на платформе «Сферум» организации, которые реорганизованы или ликвидированы:",
            *_numbered(lines, len(rows)),
            "",
            "К запросу по каждой организации прилагаем:",
            "– документ о ликвидации (реорганизации) образовательной организации;",
            "– заявку на удаление сообщества «Сферум» за подписью руководителя и с печатью организации с указанием ID.",
            *_from(office),
        ]
    )
    return Request(support or PLATFORM_SUPPORT, "Запрос на деактивацию организаций", text)


def correction_request(
    types: pd.DataFrame, municipalities: pd.DataFrame, support: str = REGION_SUPPORT, office: str = ""
) -> Request:
    """Tells the regional desk of wrong types and territories: frames of the lists of that name (000, п. 1)."""
    parts = ["Здравствуйте!", ""]
    for rows, said, one, two in (
        (types, "Неверно указан тип организации:", "organization_type", "registry_type"),
        (
            municipalities,
            "Неверно указана территориальная принадлежность:",
            "municipality",
            "registry_municipality",
        ),
    ):
        if len(rows):
            lines = [
                f"{_id(row)} – {_name(row)}: указано «{_cell(row, one)}», должно быть «{_cell(row, two)}»"
                for row in rows.head(MOST_LISTED).to_dict("records")
            ]
            parts += [said, *_numbered(lines, len(rows)), ""]
    parts += ["Просим исправить сведения на платформе «Сферум».", *_from(office)]
    return Request(
        support or REGION_SUPPORT, "О типе и территориальной принадлежности организаций", "\n".join(parts)
    )


def registration_note(rows: pd.DataFrame, support: str = PLATFORM_SUPPORT, office: str = "") -> Request:
    """What to write to heads of organizations that are not on the platform (003)."""
    lines = [f"{_name(row)}{_where(row)}" for row in rows.head(MOST_LISTED).to_dict("records")]
    text = "\n".join(
        [
            "Коллеги, добрый день!",
            "",
            "На платформе «Сферум» не нашлось организаций:",
            *_numbered(lines, len(rows)),
            "",
            f"Чтобы зарегистрировать организацию, отправьте на {support or PLATFORM_SUPPORT}:",
            "– документ о назначении администратора с формулировкой «назначить администратором ИКОП «Сферум»;",
            "– заполненную анкету.",
            "После этого администратор входит на платформу с номером телефона из заявки и заполняет сведения об "
            "организации.",
            *_from(office),
        ]
    )
    return Request("руководителям организаций", "О регистрации на платформе «Сферум»", text)


def _numbered(lines: Sequence[str], total: int) -> list[str]:
    told = [f"{place}. {line}" for place, line in enumerate(lines, 1)]
    if total > len(lines):
        told.append(f"… и ещё {number(total - len(lines))}: полный список в приложенной таблице.")
    return told


def _cell(row: object, column: str) -> str:
    value = row.get(column)  # type: ignore[attr-defined]
    return "" if value is None or pd.isna(value) else " ".join(str(value).split())


def _id(row: object) -> str:
    identity = _cell(row, "organization_id")
    return f"ID {identity}" if identity else NO_ID


def _name(row: object) -> str:
    return _cell(row, "organization") or "название не указано"


def _where(row: object) -> str:
    where = _cell(row, "municipality")
    return f", {where}" if where else ""


def _from(office: str) -> list[str]:
    return ["", office] if office.strip() else []
