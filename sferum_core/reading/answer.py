"""What the reading child left behind, believed only after every length, code and number was checked.

The child has read a hostile file and may be in its power: its answer is data from outside, too.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import IO, Any

import numpy as np

from sferum_core.model import Finding, Limits, Severity
from sferum_core.reading.rawbook import (
    DATE,
    EMPTY,
    NUMBER,
    TEXT,
    TIME,
    RawBook,
    RawColumn,
    RawSheet,
)
from sferum_core.reading.refusals import REFUSALS, refuse

_ANSWER_BYTES = 8 << 20  # 100 sheets of 500 columns take 4 MiB
_NAME_LETTERS = 255
_MOST = 2**31 - 1
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,6})?)?")
_GUESSED_NAMES = {
    "cp866": "DOS (cp866)",
    "koi8-r": "КОИ-8 (koi8-r)",
    "mac-cyrillic": "Macintosh (mac-cyrillic)",
    "iso8859-5": "ISO 8859-5",
}
_ENCODINGS = {None, "utf-8", "utf-16-le", "utf-16-be", "cp1251", *_GUESSED_NAMES}
# What Excel and LibreOffice show in cells whose formula failed, in English and in Russian.
ERROR_WORDS = frozenset(
    (
        "#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!",
        "#BLOCKED!", "#UNKNOWN!", "#CONNECT!", "#BUSY!", "#GETTING_DATA",
        "#Н/Д", "#ДЕЛ/0!", "#ССЫЛКА!", "#ЗНАЧ!", "#ИМЯ?", "#ЧИСЛО!", "#ПУСТО!", "#ПЕРЕНОС!", "#ВЫЧИСЛ!", "#ПОЛЕ!",
        "#БЛОКИРОВАНО!", "#НЕИЗВЕСТНО!", "#ЗАНЯТО!",
        *(f"{word}:{number}" for word in ("Err", "Ошибка", "Ош") for number in range(501, 541)),
    )
)  # fmt: skip


def collect(folder: Path, filename: str, file_format: str, limits: Limits) -> RawBook:
    """The book that answer.json and cells.bin in `folder` describe.

    Raises UnreadableFile: the child's refusal, or `reader_failed` when the answer contradicts itself.
    """
    try:
        answer_path = folder / "answer.json"
        if answer_path.stat().st_size > _ANSWER_BYTES:
            raise ValueError("answer too long")
        answer = json.loads(answer_path.read_bytes())
        if "refused" in answer:
            code = answer["refused"]
            values = {key: value for key, value in dict(answer.get("values", {})).items() if _is_count(value)}
            raise refuse(code if code in REFUSALS else "reader_failed", **values)
        encoding, delimiter = answer.get("encoding"), answer.get("delimiter")
        if encoding not in _ENCODINGS or not (delimiter is None or len(str(delimiter)) == 1):
            raise ValueError("no such text")
        if len(answer["sheets"]) > limits.sheets:
            raise ValueError("more sheets than there may be")
        with (folder / "cells.bin").open("rb") as cells:
            reader = _Reader(cells, limits)
            sheets = [reader.sheet(described, file_format) for described in answer["sheets"]]
            if cells.read(1):
                raise ValueError("more cells than described")
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError):
        raise refuse("reader_failed") from None
    except MemoryError:
        raise refuse("too_demanding") from None
    if not any(sheet.n_rows for sheet in sheets):
        raise refuse("empty_table")
    findings = [_guessed(encoding)] if encoding in _GUESSED_NAMES else []
    return RawBook(filename, file_format, encoding, delimiter, sheets, findings, reader.text_bytes)


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value <= _MOST


def _count(described: dict[str, Any], name: str) -> int:
    value = described.get(name, 0)
    if not _is_count(value):
        raise ValueError(f"{name} is no count")
    return int(value)


def _guessed(encoding: str) -> Finding:
    return Finding(
        code="encoding_guessed",
        severity=Severity.NOTE,
        message=f"Кодировка файла определена по буквам: {_GUESSED_NAMES[encoding]}.",
        advice="Проверьте, что названия читаются; если нет – сохраните таблицу как .xlsx.",
    )


class _Reader:
    """Takes sheets from cells.bin one after the other, within what is left of the limits."""

    def __init__(self, cells: IO[bytes], limits: Limits) -> None:
        self.cells = cells
        self.limits = limits
        self.cells_left = limits.cells
        self.text_bytes = 0

    def sheet(self, described: dict[str, Any], file_format: str) -> RawSheet:
        """One sheet. Raises ValueError, LookupError, TypeError or AttributeError when it cannot be."""
        rows = _count(described, "n_rows")
        columns = described["columns"]
        self.cells_left -= rows * len(columns)
        if rows > self.limits.rows or len(columns) > self.limits.columns or self.cells_left < 0:
            raise ValueError("sheet out of bounds")
        kept, in_text, endless = [], 0, 0
        for description in columns:
            column, without_end = self._column(description, rows)
            column, found = _without_errors(column)
            kept.append(column)
            in_text += found
            endless += without_end
        stated = _count(described, "error_cells")
        return RawSheet(
            name=str(described["name"])[:_NAME_LETTERS].encode("utf-8", "replace").decode("utf-8"),
            hidden=bool(described["hidden"]),
            n_rows=rows,
            columns=kept,
            merged=[_range(merged) for merged in described["merged"]],
            hidden_rows=_count(described, "hidden_rows"),
            hidden_columns=_count(described, "hidden_columns"),
            # Error cells of ods come as text, too; in the others they are lost on the way.
            error_cells=endless + (max(stated, in_text) if file_format == "ods" else stated + in_text),
            formulas_without_value=_count(described, "formulas_without_value"),
            date1904=bool(described.get("date1904", False)),
            ragged_rows=_count(described, "ragged_rows"),
        )

    def _column(self, described: dict[str, int], rows: int) -> tuple[RawColumn, int]:
        """A column and how many of its numbers were none."""
        kinds = np.frombuffer(self._exactly(rows), dtype=np.uint8).copy()
        if rows and kinds.max() > TIME:
            raise ValueError("unknown kind of cell")
        numbers, codes = np.full(rows, np.nan), np.full(rows, -1, dtype=np.int32)
        if described["numbers"]:
            numbers = np.frombuffer(self._exactly(rows * 8), dtype=np.float64)
        if described["codes"]:
            codes = np.frombuffer(self._exactly(rows * 4), dtype=np.int32)
        texts = self._texts(described, rows)
        lettered = (kinds == TEXT) | (kinds == DATE)
        if rows and not (codes.min() >= -1 and codes.max() < len(texts)):
            raise ValueError("code out of range")
        if ((codes >= 0) != lettered).any():
            raise ValueError("texts where there are none")
        dates = kinds == DATE
        if dates.any() and not all(_DATE.fullmatch(texts[code]) for code in np.unique(codes[dates])):
            raise ValueError("no date")
        counted = (kinds != EMPTY) & ~lettered
        endless = counted & ~np.isfinite(numbers)
        if endless.any():
            if (kinds[endless] != NUMBER).any():
                raise ValueError("no number")
            numbers, codes, texts = _endless_to_text(kinds, numbers, codes, texts, endless)
        return RawColumn(kinds, numbers, codes, texts), int(endless.sum())

    def _texts(self, described: dict[str, int], rows: int) -> list[str]:
        count, size = _count(described, "texts"), _count(described, "text_bytes")
        self.text_bytes += size
        if count > rows or self.text_bytes > self.limits.text_bytes or (count == 0) != (size == 0):
            raise ValueError("texts out of bounds")
        if not count:
            return []
        block = self._exactly(size)
        if block.count(b"\0") != count - 1:
            raise ValueError("texts don't match")
        return block.decode("utf-8").split("\0")

    def _exactly(self, size: int) -> bytes:
        block = self.cells.read(size)
        if len(block) != size:
            raise ValueError("fewer cells than described")
        return block


def _range(merged: list[int]) -> tuple[int, int, int, int]:
    first_row, first_column, last_row, last_column = merged
    if not all(map(_is_count, merged)) or first_row > last_row or first_column > last_column:
        raise ValueError("no range")
    return first_row, first_column, last_row, last_column


def _without_errors(column: RawColumn) -> tuple[RawColumn, int]:
    """The column with cells that show a failed formula emptied, and how many there were."""
    if ERROR_WORDS.isdisjoint(column.texts):
        return column, 0
    of_error = np.array([text in ERROR_WORDS for text in column.texts])
    cells = (column.codes >= 0) & of_error[column.codes]
    kinds, codes = column.kinds.copy(), column.codes.copy()
    kinds[cells] = EMPTY
    codes[cells] = -1
    return RawColumn(kinds, column.numbers, codes, column.texts), int(cells.sum())


def _endless_to_text(
    kinds: np.ndarray, numbers: np.ndarray, codes: np.ndarray, texts: list[str], endless: np.ndarray
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """NaN and infinity are no numbers a table may hold: they come as the text that stood in the cell."""
    numbers, codes, texts = numbers.copy(), codes.copy(), list(texts)
    for value in ("nan", "inf", "-inf"):
        cells = endless & (np.isnan(numbers) if value == "nan" else numbers == float(value))
        if cells.any():
            if value not in texts:
                texts.append(value)
            codes[cells] = texts.index(value)
    kinds[endless] = TEXT
    numbers[endless] = np.nan
    return numbers, codes, texts
