"""What an office fills in by hand: number, date, signatory, deadline. Nothing here is ever made up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields

from sferum_core.reports.letters.phrases import date_words, line

FIELD_CHARACTERS = 500
SHORT, MIDDLE, LONG = "_" * 8, "_" * 14, "_" * 26


@dataclass(frozen=True)
class LetterFields:
    """The office's own words, as typed. An empty one leaves a line to write on in the letter.

    `office` and `position` may have several lines. `earlier_number` and `earlier_date` name the letter sent
    before; with both empty it is not mentioned; `unanswered` are those who have not answered it.
    `region_support` is where a wrong type or territory goes.
    """

    office: str = ""
    number: str = ""
    date: dt.date | None = None
    reply_number: str = ""
    reply_date: dt.date | None = None
    position: str = ""
    name: str = ""
    executor: str = ""
    phone: str = ""
    deadline: dt.date | None = None
    earlier_number: str = ""
    earlier_date: dt.date | None = None
    region_support: str = ""
    unanswered: tuple[str, ...] = ()

    def lines(self, key: str) -> list[str]:
        """The lines of a field that may have several, cleaned; none for an empty field."""
        return [clean for part in str(getattr(self, key)).splitlines()[:10] if (clean := self._clean(part))]

    def word(self, key: str, blank: str = MIDDLE) -> str:
        """A field in one line, or the line to write on."""
        value = getattr(self, key)
        if isinstance(value, dt.date):
            return f"{value:%d.%m.%Y}"
        return self._clean(value or "") or blank

    @property
    def deadline_words(self) -> str:
        """«12 апреля 2024 года», or a line to write on."""
        return date_words(self.deadline) if self.deadline else MIDDLE

    @property
    def names_earlier(self) -> bool:
        """Whether there is an earlier letter to refer to."""
        return bool(self.earlier_date or self._clean(self.earlier_number))

    @property
    def support_words(self) -> str:
        """Where a wrong type or territory is reported."""
        own = self._clean(self.region_support)
        return f"в службу поддержки региона ({own})" if own else "в службу поддержки региона"

    @property
    def empty(self) -> list[str]:
        """Titles of the fields that are left to write in by hand, in the order of the catalogue."""
        optional = {
            "reply_number",
            "reply_date",
            "earlier_number",
            "earlier_date",
            "region_support",
            "unanswered",
        }
        return [
            FIELD_TITLES[field.name]
            for field in fields(self)
            if field.name not in optional and not str(getattr(self, field.name) or "").strip()
        ]

    @staticmethod
    def _clean(value: object) -> str:
        return line(value, FIELD_CHARACTERS)


FIELD_TITLES: dict[str, str] = {
    "office": "Кто отправляет (наименование, как на бланке)",
    "number": "Исходящий номер",
    "date": "Дата письма",
    "reply_number": "В ответ на письмо №",
    "reply_date": "В ответ на письмо от",
    "position": "Должность подписывающего",
    "name": "Подпись (инициалы, фамилия)",
    "executor": "Исполнитель",
    "phone": "Телефон исполнителя",
    "deadline": "Срок исполнения",
    "earlier_number": "Прежнее письмо №",
    "earlier_date": "Прежнее письмо от",
    "region_support": "Куда писать о неверном типе или территории",
}
