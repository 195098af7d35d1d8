"""Raw grids as they come from a file: typed columns of cells, before any meaning is read into them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sferum_core.model import Finding, UnreadableFile
from sferum_core.reading.grid import BOOL, DATE, EMPTY, NUMBER, TEXT, TIME

__all__ = (
    "BOOL", "DATE", "EMPTY", "NUMBER", "TEXT", "TIME",
    "OpenedFile", "RawBook", "RawColumn", "RawSheet",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class RawColumn:
    """One column of a sheet, all rows; every array has the sheet's `n_rows` elements.

    `kinds` (uint8) tells what each cell is. `numbers` (float64) holds NUMBER as it is, BOOL as 1 or 0 and
    TIME in seconds, NaN elsewhere. `codes` (int32) points into `texts` for TEXT and DATE, -1 elsewhere.
    Dates are ISO text: «2024-04-04» or «2024-04-04T10:00:00».
    """

    kinds: np.ndarray
    numbers: np.ndarray
    codes: np.ndarray
    texts: list[str]


@dataclass(frozen=True, eq=False)
class RawSheet:
    """One sheet. Row 0 of column 0 is the cell A1, so row index + 1 is the spreadsheet's row number.

    Blank rows and columns at the end are cut. `merged` holds (first row, first column, last row, last
    column), 0-based, both ends included; a range may reach beyond the cells that hold something.
    """

    name: str
    hidden: bool
    n_rows: int
    columns: list[RawColumn]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: int = 0
    error_cells: int = 0
    formulas_without_value: int = 0
    date1904: bool = False
    ragged_rows: int = 0


@dataclass(frozen=True, eq=False)
class RawBook:
    """One file's sheets. `filename` is the member's name for a file from an archive.

    `text_bytes`: how many bytes of UTF-8 its distinct texts take.
    """

    filename: str
    format: str
    encoding: str | None
    delimiter: str | None
    sheets: list[RawSheet]
    findings: list[Finding] = field(default_factory=list)
    text_bytes: int = 0


@dataclass(frozen=True, eq=False)
class OpenedFile:
    """What a file from outside holds. `refused`: members of an archive that could not be read."""

    books: list[RawBook]
    refused: list[tuple[str, UnreadableFile]]
    sha256: str
    format: str
