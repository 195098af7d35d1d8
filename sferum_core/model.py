"""The vocabulary of the product: kinds, statuses, findings and what a reading returns."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd
from pydantic import BaseModel, ConfigDict, model_validator


class ExportKind(StrEnum):
    """What a table holds; the columns of each kind are listed in `reading.fields`."""

    ORGANIZATIONS = "organizations"
    TEACHERS = "teachers"
    MUNICIPALITIES = "municipalities"
    DOO_STAFF = "doo_staff"
    DISTANCE_LESSONS = "distance_lessons"
    CALL_PARTICIPANTS = "call_participants"
    REGISTRY = "registry"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """Russian name for the screen."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    ExportKind.ORGANIZATIONS: "Организации",
    ExportKind.TEACHERS: "Педагоги",
    ExportKind.MUNICIPALITIES: "Муниципалитеты",
    ExportKind.DOO_STAFF: "Сотрудники ДОО",
    ExportKind.DISTANCE_LESSONS: "Дистанционные уроки",
    ExportKind.CALL_PARTICIPANTS: "Участники звонка",
    ExportKind.REGISTRY: "Реестр организаций",
    ExportKind.UNKNOWN: "Не определено",
}


class OrganizationType(StrEnum):
    """Type of an educational organization, as written in tables (domain.md, «Words»)."""

    PRESCHOOL = "ДОО"
    SCHOOL = "ОО"
    VOCATIONAL = "СПО"
    EXTRACURRICULAR = "ДОД"
    TRAINING = "ДПО"
    OTHER = "другое"

    @property
    def label(self) -> str:
        """Russian name in full."""
        return _TYPE_LABELS[self]


_TYPE_LABELS = {
    OrganizationType.PRESCHOOL: "Дошкольные организации",
    OrganizationType.SCHOOL: "Общеобразовательные организации",
    OrganizationType.VOCATIONAL: "Профессиональные организации (СПО)",
    OrganizationType.EXTRACURRICULAR: "Дополнительное образование детей",
    OrganizationType.TRAINING: "Дополнительное профессиональное образование",
    OrganizationType.OTHER: "Другие организации",
}


class Status(StrEnum):
    """Verdict on an organization, a municipality or the region, worst first."""

    INACTIVE = "inactive"
    BELOW_NORM = "below_norm"
    TARGET_MISSED = "target_missed"
    WITHIN_NORM = "within_norm"
    TARGET_MET = "target_met"
    LEADER = "leader"
    NO_NORM = "no_norm"
    NO_DATA = "no_data"

    @property
    def label(self) -> str:
        """The word on the screen and in workbooks."""
        return _STATUS_LABELS[self]

    @property
    def sign(self) -> str:
        """A sign that tells statuses apart without colour."""
        return _STATUS_SIGNS[self]


_STATUS_LABELS = {
    Status.INACTIVE: "Не активна",
    Status.BELOW_NORM: "Ниже нормы",
    Status.TARGET_MISSED: "Цель не достигнута",
    Status.WITHIN_NORM: "Норма",
    Status.TARGET_MET: "Цель достигнута",
    Status.LEADER: "Лидер",
    Status.NO_NORM: "Норма не задана",
    Status.NO_DATA: "Нет данных",
}
_STATUS_SIGNS = {
    Status.INACTIVE: "⏻",
    Status.BELOW_NORM: "▼",
    Status.TARGET_MISSED: "▽",
    Status.WITHIN_NORM: "■",
    Status.TARGET_MET: "▲",
    Status.LEADER: "★",
    Status.NO_NORM: "○",
    Status.NO_DATA: "○",
}


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Period(BaseModel):
    """A reporting period, both ends included (7 dates, or 8 when shown with both ends: 004)."""

    model_config = ConfigDict(frozen=True)

    start: dt.date
    end: dt.date

    @model_validator(mode="after")
    def _ordered(self) -> Period:
        if self.end < self.start:
            raise ValueError("a period ends before it starts")
        return self

    @property
    def days(self) -> int:
        """Number of dates in the period."""
        return (self.end - self.start).days + 1

    @property
    def label(self) -> str:
        """«29.03–04.04.2024», «04.04.2024» for one date, both years where they differ."""
        if self.start == self.end:
            return f"{self.end:%d.%m.%Y}"
        if self.start.year == self.end.year:
            return f"{self.start:%d.%m}–{self.end:%d.%m.%Y}"
        return f"{self.start:%d.%m.%Y}–{self.end:%d.%m.%Y}"


class Finding(BaseModel):
    """Something the user should know about a file: what, where and what to do.

    `row` is numbered as the spreadsheet numbers it; `count` is how many rows or cells are meant.
    """

    model_config = ConfigDict(frozen=True)

    code: str
    severity: Severity
    message: str
    advice: str = ""
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    count: int = 1


class ColumnMatch(BaseModel):
    """How one source column was understood. `field` is None when it was not recognized."""

    model_config = ConfigDict(frozen=True)

    number: int
    header: str
    field: str | None
    confidence: float
    samples: tuple[str, ...] = ()
    reason: str = ""


class Source(BaseModel):
    """Where a table came from."""

    model_config = ConfigDict(frozen=True)

    filename: str
    sha256: str
    format: str
    encoding: str | None = None
    sheets: tuple[str, ...] = ()


class Limits(BaseModel):
    """What a file from outside may cost. Each figure has its reason beside it."""

    model_config = ConfigDict(frozen=True)

    file_bytes: int = 20 * 2**20  # a region of 3,000 organizations takes under 2 MiB
    zip_entries: int = 2_000
    part_bytes: int = 120 * 2**20  # 100,000 rows unpack to about 30 MiB
    total_bytes: int = 200 * 2**20
    sheets: int = 100  # a sheet for each municipality of the largest region
    cells: int = 3_000_000
    rows: int = 200_000
    columns: int = 500
    cell_characters: int = 32_767  # Excel's own limit
    line_bytes: int = 2**20
    text_bytes: int = 64 * 2**20  # distinct texts of all columns; those of 100,000 teachers take 6 MiB
    memory_bytes: int = 2**30
    cpu_seconds: int = 20
    wall_seconds: float = 30.0
    niceness: int = 0  # steps by which reading gives way to others of the computer; a server sets it


class UnreadableFile(Exception):  # noqa: N818 - the contract's name
    """No table at all can be had from a file. `message` and `advice` are Russian sentences."""

    def __init__(self, code: str, message: str, advice: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.advice = advice


@dataclass(frozen=True, eq=False)
class Export:
    """One table read from a file, and everything there is to say about how it was read.

    `len(table) + len(left_out) == source_rows`, the rows under the header of the source.
    `left_out` has the columns sheet, row, reason, text. `also` holds tables of other kinds and
    of other files of an archive.
    """

    kind: ExportKind
    table: pd.DataFrame
    period: Period | None
    columns: tuple[ColumnMatch, ...]
    findings: tuple[Finding, ...]
    left_out: pd.DataFrame
    source_rows: int
    source: Source
    also: tuple[Export, ...] = field(default=())
