"""A file opened by the reader, as plain grids or as the code of its refusal."""

from __future__ import annotations

from typing import Any

import pytest

from sferum_core.model import Limits, UnreadableFile
from sferum_core.reading.open import open_file
from sferum_core.reading.rawbook import BOOL, DATE, EMPTY, TEXT, RawColumn, RawSheet


def value_of(column: RawColumn, row: int) -> Any:
    kind = column.kinds[row]
    if kind == EMPTY:
        return None
    if kind in (TEXT, DATE):
        return column.texts[column.codes[row]]
    return bool(column.numbers[row]) if kind == BOOL else float(column.numbers[row])


def grid_of(sheet: RawSheet) -> list[list[Any]]:
    return [[value_of(column, row) for column in sheet.columns] for row in range(sheet.n_rows)]


def sheet_of(content: bytes, limits: Limits | None = None) -> RawSheet:
    opened = open_file(content, "файл", limits)
    assert not opened.refused
    return opened.books[0].sheets[0]


def code_of(content: bytes, limits: Limits | None = None, filename: str = "файл.xlsx") -> str:
    with pytest.raises(UnreadableFile) as caught:
        open_file(content, filename, limits)
    assert "{" not in caught.value.message
    assert caught.value.advice
    return caught.value.code
