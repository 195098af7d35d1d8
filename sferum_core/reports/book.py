"""A workbook as data: what a report declares and `workbook.write_workbook` writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from sferum_core.model import Period, Status
from sferum_core.wording import NO_DATA

if TYPE_CHECKING:
    from sferum_core.reports.ready import PartOfColumns

Kind = Literal["text", "count", "share", "change", "date", "status", "id"]


@dataclass(frozen=True)
class ReportMeta:
    """What every workbook says about where its figures come from.

    `generated` is given, never taken from a clock. `period` may be a text. `filters_text` says in words
    what the rows were chosen by, "" for all.
    """

    title: str
    region: str
    period: Period | str | None
    source_name: str
    source_sha: str
    profile_title: str
    profile_source: str
    generated: dt.datetime
    rows_read: int
    rows_left_out: int = 0
    filters_text: str = ""
    source_date: dt.date | None = None

    @property
    def period_label(self) -> str:
        """The period in words."""
        if isinstance(self.period, Period):
            return self.period.label
        return self.period or "не указан"

    @property
    def source_line(self) -> str:
        """The line under the title of every sheet."""
        parts = [f"Источник: {self.source_name}", f"период: {self.period_label}", self.region]
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True)
class Column:
    """A column of a sheet. `key` is the column of the frame, `header` carries the unit.

    `missing` stands in for a missing value; `missing_key` names a column of the frame with words of its own
    for each row. `bar` draws a bar behind the figures. `marked_key` names a column of the frame with the words of a
    note for the cells to be marked, missing for the others: such a cell is filled and carries the note.
    """

    key: str
    header: str
    kind: Kind = "text"
    width: float | None = None
    missing: str = NO_DATA
    missing_key: str | None = None
    bar: bool = False
    marked_key: str | None = None


@dataclass(frozen=True)
class Chart:
    """Ranked bars of a sheet's table on a sheet of their own: `value` by `category`, keys of its columns.

    Rows stand as in the table, the first one on top. `status` colours each bar by its verdict.
    """

    name: str
    title: str
    category: str
    value: str
    status: str | None = None


@dataclass(frozen=True)
class Trend:
    """Lines over time of a sheet's table on a sheet of their own: `values` by `date`, keys of its columns.

    Rows stand from the earliest date on. A line is broken where a value is missing. The first line is the
    thickest.
    """

    name: str
    title: str
    date: str
    values: Sequence[str]


@dataclass(frozen=True)
class Sheet:
    """One table: `name` on the tab, `title` in A1. `key` (Latin letters) names the Excel table.

    `empty` is the sentence shown when there are no rows. `chart` draws the table on the sheet after it.
    `ready` has the same rows made ready, where other sheets show rows of the same table.
    """

    key: str
    name: str
    title: str
    columns: Sequence[Column]
    frame: pd.DataFrame
    note: str = ""
    empty: str = "Строк нет: под выбранные условия ничего не подошло."
    frozen_columns: int = 1
    chart: Chart | Trend | None = None
    ready: PartOfColumns | None = None


@dataclass(frozen=True)
class Book:
    """A whole workbook. `statuses` pairs a status with its meaning; `notes` are sentences."""

    meta: ReportMeta
    sheets: Sequence[Sheet]
    statuses: Sequence[tuple[Status, str]] = ()
    notes: Sequence[str] = ()
