"""One column of a table: its words, its cells, a profile of its content, and the field it was taken for."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sferum_core.reading.headers import Reading, read_path
from sferum_core.reading.rawbook import BOOL, DATE, EMPTY, NUMBER, TEXT, RawColumn
from sferum_core.reading.tables import Table
from sferum_core.reading.values import is_missing, parse_count

DOUBTFUL = 0.75  # below this the page asks
_SAMPLE = 400
_ISO_DATE = re.compile(r"^(\d{4})-(\d\d)-(\d\d)(?:T00:00(?::00)?$|T)?")


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a table with what it was recognized as. `cells` hold the rows under the header only."""

    number: int
    path: tuple[str, ...]
    cells: RawColumn
    reading: Reading
    numeric: float  # share of the filled cells that are numbers
    filled: int
    biggest: float
    binary: float  # share of the numbers that are 0 or 1
    whole: bool
    field: str | None
    confidence: float
    reason: str
    by_user: bool = False

    @property
    def header(self) -> str:
        """The header as shown: the groups it stands under, then its own words."""
        return " / ".join(self.path)


def slice_column(column: RawColumn, first: int, end: int) -> RawColumn:
    """The rows `first` to `end` of a column."""
    return RawColumn(
        column.kinds[first:end], column.numbers[first:end], column.codes[first:end], column.texts
    )


def said(cells: RawColumn, most: int = 60) -> list[str]:
    """The different texts of a column's own cells, marks for nothing left out; at most `most` + 1 of them."""
    is_text = cells.kinds == TEXT
    used: Iterable[int] = np.flatnonzero(np.bincount(cells.codes[is_text])) if is_text.any() else ()
    found: list[str] = []
    for code in used:
        if not is_missing(cells.texts[code]):
            found.append(cells.texts[code])
        if len(found) > most:
            break
    return found


def _profile(cells: RawColumn) -> tuple[float, int, float, float, bool]:
    filled = np.flatnonzero(cells.kinds != EMPTY)
    if not len(filled):
        return 0.0, 0, 0.0, 0.0, True
    sample = (
        filled if len(filled) <= _SAMPLE else filled[np.linspace(0, len(filled) - 1, _SAMPLE).astype(int)]
    )
    values: list[float] = []
    count = 0
    for row in sample:
        if cells.kinds[row] == TEXT:
            text = cells.texts[cells.codes[row]]
            if is_missing(text):
                continue
            value = parse_count(text)
            if not math.isnan(value):
                values.append(value)
        elif cells.kinds[row] in (NUMBER, BOOL):
            values.append(float(cells.numbers[row]))
        count += 1
    whole = all(v.is_integer() for v in values)
    binary = sum(v in (0, 1) for v in values) / len(values) if values else 0.0
    return (len(values) / count if count else 0.0), len(filled), max(values, default=0.0), binary, whole


def samples(cells: RawColumn, sheet_column: RawColumn | None = None, count: int = 4) -> tuple[str, ...]:
    """A few different values of a column, as a person sees them."""
    found: list[str] = []
    for row in np.flatnonzero(cells.kinds != EMPTY)[:200]:
        kind = cells.kinds[row]
        text = (
            cells.texts[cells.codes[row]]
            if kind in (TEXT, DATE)
            else f"{cells.numbers[row]:g}".replace(".", ",")
        )
        if kind == DATE:
            text = _ISO_DATE.sub(r"\3.\2.\1 ", text)
        text = " ".join(text.split())[:80]
        if text and text not in found:
            found.append(text)
        if len(found) == count:
            break
    return tuple(found)


def start_columns(table: Table) -> list[Column]:
    """The columns of a table as their words alone tell them."""
    columns = []
    for number, path in zip(table.positions, table.paths, strict=True):
        cells = slice_column(table.sheet.columns[number], table.first, table.end)
        numeric, filled, biggest, binary, whole = _profile(cells)
        reading = read_path(path)
        columns.append(
            Column(
                number,
                path,
                cells,
                reading,
                numeric,
                filled,
                biggest,
                binary,
                whole,
                reading.field,
                reading.confidence,
                reading.reason,
            )
        )
    return columns
