"""What a package of a week is made of: its parts as data, the week itself, files to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import pandas as pd

from sferum_core.model import Export
from sferum_core.municipalities import compare_assessed
from sferum_core.norms import NormProfile
from sferum_core.reports.book import ReportMeta
from sferum_core.reports.letters import Letter, LetterFields, letter_docx
from sferum_core.reports.organizations import with_words


class Part(StrEnum):
    """What a package may hold."""

    SUMMARY = "summary"
    ANNEXES = "annexes"
    MUNICIPALITIES = "municipalities"
    LEADERS = "leaders"
    STAFF = "staff"
    PICTURES = "pictures"
    FINDINGS = "findings"
    RECONCILIATION = "reconciliation"
    FIXIT = "fixit"
    REGION_LETTER = "region_letter"
    MUNICIPALITY_LETTERS = "municipality_letters"
    SCHOOL_LETTERS = "school_letters"
    CHAT = "chat"

    @property
    def label(self) -> str:
        """The part's name on the screen."""
        return PARTS[self][0]

    @property
    def about(self) -> str:
        """What is in it, a Russian sentence."""
        return PARTS[self][1]


PARTS: dict[Part, tuple[str, str]] = {
    Part.SUMMARY: ("Сводная книга", "Статусы по типам и муниципалитетам, рейтинги с графиками."),
    Part.ANNEXES: (
        "Приложения 1 и 2",
        "ДОО и ОО, не активные и ниже нормы: ID, статус, доля, сколько не хватает, что делать.",
    ),
    Part.MUNICIPALITIES: ("Книга каждому муниципалитету", "Все его организации: статусы, числа, доли."),
    Part.LEADERS: ("Лидеры", "Лучшие муниципалитеты и организации."),
    Part.STAFF: ("Сотрудники ДОО", "Два рейтинга: регистрация и активность воспитателей."),
    Part.PICTURES: ("Рейтинги картинками", "Для слайдов планёрки: PNG и SVG."),
    Part.FINDINGS: ("Замечания к выгрузке", "Что не так, что не вошло, как поняты столбцы."),
    Part.RECONCILIATION: (
        "Сверка с реестром",
        "Все списки сверки: сошлись, только на платформе, только в реестре, другой тип и другие. Нужен загруженный реестр.",
    ),
    Part.FIXIT: (
        "Что исправить",
        "Каждому муниципалитету его строки с ошибками: ячейки отмечены, рядом – что сделать.",
    ),
    Part.REGION_LETTER: ("Письмо руководителям", "Одно письмо всем муниципальным органам управления."),
    Part.MUNICIPALITY_LETTERS: ("Письмо каждому муниципалитету", "Его числа и списки его организаций."),
    Part.SCHOOL_LETTERS: ("Письмо каждой отстающей организации", "Её показатели и что делать."),
    Part.CHAT: ("Тексты для чатов", "Короткое сообщение для чата руководителей каждого муниципалитета."),
}


@dataclass(frozen=True)
class Extra:
    """A file made elsewhere. `name` are the parts of its name, without date and ending; `folder` may be ""."""

    name: Sequence[str]
    build: Callable[[], bytes]
    folder: str = ""
    ending: str = "xlsx"


@dataclass(frozen=True)
class PlannedFile:
    """A file to come: its path inside the zip, and what makes its bytes, or the letter it is to be of."""

    path: str
    build: Callable[[], bytes] | None = field(default=None, repr=False)
    letter: Callable[[], Letter] | None = field(default=None, repr=False)


LetterWriter = Callable[[Sequence[Letter]], list[bytes]]


def write_letters(letters: Sequence[Letter]) -> list[bytes]:
    """Documents in the app's own look."""
    return [letter_docx(letter) for letter in letters]


@dataclass(frozen=True, eq=False)
class Package:
    """What to make of one week. `assessed` comes from `assess_organizations`, `meta` is the week's origin.

    `corrections` are the office's own genitives of municipalities. `write_letters` makes files of letters; `on_letterhead`
    says that these hold no annexes, which then get files of their own. `fonts` are
    files with Russian letters; without them pictures are SVG only.
    `previous` is last week's table assessed under the same profile; `without_strangers` leaves test organizations, offices and
    service accounts out of annexes, letters and chats. `prepared` is `with_words` of the table, where it is at hand.
    """

    assessed: pd.DataFrame
    profile: NormProfile
    meta: ReportMeta
    fields: LetterFields = field(default_factory=LetterFields)
    parts: frozenset[Part] = frozenset(Part)
    export: Export | None = None
    previous: pd.DataFrame | None = None
    extras: Sequence[Extra] = ()
    corrections: Mapping[str, str] = field(default_factory=dict)
    without_strangers: bool = False
    write_letters: LetterWriter = write_letters
    on_letterhead: bool = False
    fonts: tuple[Path, ...] = ()
    prepared: pd.DataFrame | None = None

    @property
    def date(self) -> dt.date | None:
        """The last day of the period, for names of files."""
        return getattr(self.meta.period, "end", None)

    @cached_property
    def words(self) -> pd.DataFrame:
        """The table with the columns only reports need, made once for all files."""
        return with_words(self.assessed, self.profile) if self.prepared is None else self.prepared

    @property
    def comparison(self) -> pd.DataFrame:
        """Municipalities by the main indicator, all types together, with last week beside them if known."""
        return self.compared("")[0]

    @property
    def region(self) -> pd.Series:
        """The region by the main indicator."""
        return self.compared("")[1]

    def compared(self, kind: str) -> tuple[pd.DataFrame, pd.Series]:
        """Municipalities and the region by the main indicator for one type, "" for all together; worked out once."""
        if kind not in self._compared:
            code, whole = self.profile.main_indicator, kind or None
            before = None
            if self.previous is not None:
                before = compare_assessed(self.previous, self.profile, code, whole)[0]
            self._compared[kind] = compare_assessed(self.assessed, self.profile, code, whole, before)
        return self._compared[kind]

    @cached_property
    def _compared(self) -> dict[str, tuple[pd.DataFrame, pd.Series]]:
        return {}

    @cached_property
    def belonging(self) -> pd.DataFrame:
        """Rows that letters and chats speak of."""
        if not self.without_strangers or self.words.empty:
            return self.words
        return self.words[(self.words["stranger"].fillna("") == "").to_numpy(dtype=bool)]

    def about(self, title: str, filters: str = "") -> ReportMeta:
        """The week's origin under another title."""
        return replace(self.meta, title=title, filters_text=filters or self.meta.filters_text)
