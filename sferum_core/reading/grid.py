"""The cells of a sheet, gathered as columns and written to cells.bin.

Standard library only: the reading child imports it. The layout of cells.bin: for every sheet, for every column:
kinds (1 byte a row), numbers (8 bytes a row, if any), codes (4 bytes a row, if any), texts (UTF-8 between NUL bytes,
if any); answer.json says which of them are there and how long.
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Iterable
from itertools import repeat
from typing import IO, Any

from sferum_core.reading.process import Refused

EMPTY, NUMBER, TEXT, BOOL, DATE, TIME = range(6)
_KIND_OF = {
    float: NUMBER,
    int: NUMBER,
    str: TEXT,
    bool: BOOL,
    dt.date: DATE,
    dt.datetime: DATE,
    dt.time: TIME,
    dt.timedelta: TIME,
}
_ONLY_TEXT, _ONLY_NUMBERS, _ONLY_DATES = {str}, {float}, {dt.date}
_ONE_NUMBER = bytes((NUMBER,))
_NAN = float("nan")
_EXACT = 2**53  # whole numbers up to here are exact as float64


class _Texts(dict[Any, int]):
    """Numbers texts and dates as they come; blank texts are -1."""

    def __init__(self, cell_characters: int) -> None:
        super().__init__({"": -1})
        self.unique: list[str] = []
        self.cell_characters = cell_characters

    def learn(self, cells: Iterable[Any]) -> None:
        """Give a number to texts and dates that have none yet, at least one."""
        fresh = list(dict.fromkeys(cells))
        texts = [value if isinstance(value, str) else value.isoformat() for value in fresh]
        if max(map(len, texts)) > self.cell_characters:
            raise Refused("cell_too_long", limit=self.cell_characters)
        blank = [text for text in texts if text.isspace()]
        if blank:
            self.update(zip(blank, repeat(-1)))
            fresh = [value for value in fresh if value not in self]
            texts = [text for text in texts if not text.isspace()]
        self.update(zip(fresh, range(len(self.unique), len(self.unique) + len(fresh)), strict=True))
        self.unique += texts

    def __missing__(self, value: Any) -> int:
        self.learn((value,))
        return self[value]


class _Column:
    """One column as it grows. Arrays of numbers and codes begin with the first cell that needs them."""

    __slots__ = ("codes", "kinds", "numbers", "texts")

    def __init__(self, cell_characters: int) -> None:
        self.kinds = bytearray()
        self.numbers: array[float] | None = None
        self.codes: array[int] | None = None
        self.texts = _Texts(cell_characters)

    def extend(self, cells: tuple[Any, ...]) -> None:
        """Take the next cells, which came from calamine or from a text file."""
        types = set(map(type, cells))
        if types == _ONLY_TEXT:
            kinds = self._texts(cells, TEXT)
        elif types == _ONLY_NUMBERS:
            self._numbers(cells)
            kinds = _ONE_NUMBER * len(cells)
        elif types == _ONLY_DATES:
            kinds = self._texts(cells, DATE)
        else:
            kinds = self._mixed(cells)
        self._pad(len(self.kinds) + len(cells))
        self.kinds += kinds

    def skip(self, rows: int) -> None:
        """Take `rows` blank cells."""
        self._pad(len(self.kinds) + rows)
        self.kinds += bytes(rows)

    def _pad(self, rows: int) -> None:
        if self.numbers is not None and len(self.numbers) < rows:
            self.numbers.extend(repeat(_NAN, rows - len(self.numbers)))
        if self.codes is not None and len(self.codes) < rows:
            self.codes.extend(repeat(-1, rows - len(self.codes)))

    def _numbers(self, cells: Iterable[float]) -> None:
        if self.numbers is None:
            self.numbers = array("d", repeat(_NAN, len(self.kinds)))
        self.numbers += array("d", cells)

    def _codes(self, cells: Iterable[int]) -> None:
        if self.codes is None:
            self.codes = array("i", repeat(-1, len(self.kinds)))
        self.codes += array("i", cells)

    def _texts(self, cells: tuple[Any, ...], kind: int) -> bytes:
        texts = self.texts
        codes: list[Any] = list(map(texts.get, cells))
        if None in codes:
            texts.learn(cell for cell, code in zip(cells, codes, strict=True) if code is None)
            codes = [texts[cell] if code is None else code for cell, code in zip(cells, codes, strict=True)]
        if -1 in codes:
            if codes.count(-1) == len(codes):
                return bytes(len(cells))
            kinds = bytes([kind if code >= 0 else EMPTY for code in codes])
        else:
            kinds = bytes((kind,)) * len(cells)
        self._codes(codes)
        return kinds

    def _mixed(self, cells: tuple[Any, ...]) -> bytes:
        kinds = bytes(map(_KIND_OF.__getitem__, map(type, cells)))
        result = bytearray(kinds)
        numbers = array("d", repeat(_NAN, len(cells)))
        codes = array("i", repeat(-1, len(cells)))
        texts = self.texts
        any_number = any_text = False
        for place, cell in enumerate(cells):
            kind = kinds[place]
            if kind == NUMBER:
                if type(cell) is int and not -_EXACT <= cell <= _EXACT:
                    result[place] = TEXT
                    codes[place] = texts[str(cell)]
                    any_text = True
                    continue
                numbers[place] = cell
                any_number = True
            elif kind in (TEXT, DATE):
                code = texts[cell]
                if code < 0:
                    result[place] = EMPTY
                else:
                    codes[place] = code
                    any_text = True
            else:
                numbers[place] = _as_number(cell)
                any_number = True
        if any_number:
            self._numbers(numbers)
        if any_text:
            self._codes(codes)
        return bytes(result)

    def last_row(self) -> int:
        """How many rows there are up to the last cell that holds something."""
        return len(self.kinds.rstrip(b"\0"))

    def write(self, out: IO[bytes], rows: int, text_left: int) -> dict[str, int]:
        """Append the first `rows` rows to cells.bin; what was written, for answer.json.

        Raises Refused when the texts take more than `text_left` bytes.
        """
        out.write(self.kinds[:rows])
        has_numbers = self.numbers is not None
        has_codes = self.codes is not None
        if self.numbers is not None:
            out.write(memoryview(self.numbers)[:rows])
        if self.codes is not None:
            out.write(memoryview(self.codes)[:rows])
        encoded = b""
        if self.texts.unique:
            unique = self.texts.unique
            if sum(map(len, unique)) > text_left:  # before more memory is spent on them
                raise Refused("too_much_text")
            joined = "\0".join(unique)
            if joined.count("\0") >= len(unique):
                joined = "\0".join(text.replace("\0", "\ufffd") for text in unique)
            encoded = joined.encode("utf-8", "replace")
            if len(encoded) > text_left:
                raise Refused("too_much_text")
            out.write(encoded)
        return {
            "numbers": int(has_numbers),
            "codes": int(has_codes),
            "texts": len(self.texts.unique),
            "text_bytes": len(encoded),
        }


def _as_number(cell: bool | dt.time | dt.timedelta) -> float:
    if isinstance(cell, dt.timedelta):
        return cell.total_seconds()
    if isinstance(cell, dt.time):
        return cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6
    return float(cell)


class Grid:
    """Collects the rows of one sheet as columns."""

    def __init__(self, limits: dict[str, int], first_column: int = 0) -> None:
        self.limits = limits
        self.rows = 0
        self.first_column = first_column
        self.columns: list[_Column] = []
        self._widen(first_column)

    def _widen(self, width: int) -> None:
        while len(self.columns) < width:
            column = _Column(self.limits["cell_characters"])
            column.skip(self.rows)
            self.columns.append(column)

    def add(self, rows: list[list[Any]]) -> None:
        """Take rows of one width."""
        self._widen(self.first_column + len(rows[0]))
        for column, cells in zip(self.columns[self.first_column :], zip(*rows, strict=True), strict=False):
            column.extend(cells)
        self.rows += len(rows)

    def write(self, out: IO[bytes], cells_left: int) -> dict[str, Any]:
        """Cut the blank tails, check what is left against the limits and append it to cells.bin."""
        for column in self.columns:
            column.skip(self.rows - len(column.kinds))
        heights = [column.last_row() for column in self.columns]
        while heights and heights[-1] == 0:
            heights.pop()
        rows = max(heights, default=0)
        if rows > self.limits["rows"]:
            raise Refused("too_many_rows", limit=self.limits["rows"])
        if len(heights) > self.limits["columns"]:
            raise Refused("too_many_columns", limit=self.limits["columns"])
        if rows * len(heights) > cells_left:
            raise Refused("too_many_cells", limit=self.limits["cells"])
        columns = []
        for column in self.columns[: len(heights)]:
            columns.append(column.write(out, rows, self.limits["text_bytes"]))
            self.limits["text_bytes"] -= columns[-1]["text_bytes"]
        return {"n_rows": rows, "columns": columns}
