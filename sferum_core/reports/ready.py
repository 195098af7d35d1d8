"""Columns made ready for writing: text cleaned, numbers finite, a gap beside its words, lines counted.

A package shows the rows of a region again in the book of each municipality: a `Source` makes a column ready once,
and a sheet picks its rows from it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from sferum_core.reports.book import Column, Kind
from sferum_core.reports.cell_text import clean_text

LETTER = 0.86  # of the unit of widths, a Cyrillic letter of this font with room for breaks between words
NUMBER_KINDS: tuple[Kind, ...] = ("count", "share", "change", "date")

_NUMERIC = ("Int64", "Float64", "int64", "float64")


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column; programs that don't fit heights themselves need to be told."""
    room = max(1.0, width - 2)
    if "\n" not in text:
        return max(1, math.ceil(len(text) * LETTER / room))
    return sum(max(1, math.ceil(len(part) * LETTER / room)) for part in text.split("\n"))


class Ready:
    """One column's rows: Python values, None where missing, and the words that stand there then."""

    def __init__(self, values: list[Any], reasons: list[str]) -> None:
        self.values, self.reasons = values, reasons
        self._lines: dict[float, list[int]] = {}
        self._cells: dict[str, list[str | None]] = {}

    def lines(self, width: float) -> list[int]:
        """How many lines each row takes in a column this wide; [] when none takes more than one."""
        if width not in self._lines:
            shown = [
                reason if value is None else value
                for value, reason in zip(self.values, self.reasons, strict=True)
            ]
            needed = {text: lines_of(text, width) if isinstance(text, str) else 1 for text in set(shown)}
            several = max(needed.values(), default=1) > 1
            self._lines[width] = [needed[value] for value in shown] if several else []
        return self._lines[width]

    def cells(self, style: str, make: Callable[[list[Any]], list[str | None]]) -> list[str | None]:
        """Cells that depend on the values and on `style` alone, made once for each style."""
        if style not in self._cells:
            self._cells[style] = make(self.values)
        return self._cells[style]


class _Part(Ready):
    """Some rows of a column that is ready as a whole."""

    def __init__(self, whole: Ready, pick: Pick) -> None:
        super().__init__(pick(whole.values), pick(whole.reasons))
        self._whole, self._pick = whole, pick

    def lines(self, width: float) -> list[int]:
        lines = self._whole.lines(width)
        return self._pick(lines) if lines else []

    def cells(self, style: str, make: Callable[[list[Any]], list[str | None]]) -> list[str | None]:
        return self._pick(self._whole.cells(style, make))


class Columns:
    """The columns of a table, each made ready when it is first asked for."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._ready: dict[tuple[str, Kind, str, str | None], Ready] = {}

    def ready(self, column: Column) -> Ready:
        """The column as declared; KeyError when the table lacks it."""
        key = (column.key, column.kind, column.missing, column.missing_key)
        if key not in self._ready:
            values = _values(self._frame[column.key], column.kind)
            reasons = [column.missing] * len(values)
            if column.missing_key is not None:
                own = _values(self._frame[column.missing_key], "text")
                reasons = [text or column.missing for text in own]
            self._ready[key] = Ready(values, reasons)
        return self._ready[key]

    def part(self, places: Sequence[int]) -> PartOfColumns:
        """Rows of these 0-based places, in this order."""
        return PartOfColumns(self, places)


class PartOfColumns:
    """Some rows of a table whose columns are made ready as a whole."""

    def __init__(self, whole: Columns, places: Sequence[int]) -> None:
        self._whole = whole
        self._pick = _picker(places)

    def ready(self, column: Column) -> Ready:
        """As of `Columns`, these rows only."""
        return _Part(self._whole.ready(column), self._pick)


Pick = Callable[[list[Any]], list[Any]]


def _picker(places: Sequence[int]) -> Pick:
    if len(places) < 2:
        return lambda values: [values[place] for place in places]
    get = itemgetter(*places)
    return lambda values: list(get(values))


def texts_of(series: pd.Series) -> list[str | None]:
    """Clean texts, None where missing or blank."""
    return _values(series, "text")


def _values(series: pd.Series, kind: Kind) -> list[Any]:
    """Python values, None where missing; numbers that aren't finite are missing too."""
    if kind in {"count", "share", "change"}:
        if series.dtype not in _NUMERIC:
            series = pd.to_numeric(series, errors="coerce").astype("Float64")
        numbers = series.to_numpy("float64", na_value=np.nan)
        return [
            value if ok else None for value, ok in zip(numbers.tolist(), np.isfinite(numbers), strict=True)
        ]
    if kind == "date":
        dates = pd.to_datetime(series, errors="coerce")
        return [None if pd.isna(value) else value.to_pydatetime() for value in dates]
    missing = series.isna().tolist()
    texts = [None if gone else str(value) for gone, value in zip(missing, series.tolist(), strict=True)]
    clean = {text: None if text is None else clean_text(text) or None for text in set(texts)}
    return [clean[text] for text in texts]
