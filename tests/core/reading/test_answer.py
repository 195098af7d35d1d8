"""The child's answer is data from a hostile process: whatever it says, the parent believes only what it checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sferum_core.model import Limits, UnreadableFile
from sferum_core.reading.answer import collect
from sferum_core.reading.rawbook import BOOL, DATE, EMPTY, NUMBER, TEXT, TIME

LIMITS = Limits(rows=10, columns=4, cells=20, sheets=2, text_bytes=100)


def column(**more: int) -> dict[str, Any]:
    return {"numbers": 0, "codes": 0, "texts": 0, "text_bytes": 0} | more


def sheet(*columns: dict[str, Any], rows: int = 2, **more: Any) -> dict[str, Any]:
    return {"name": "Лист", "hidden": False, "n_rows": rows, "merged": [], "columns": list(columns)} | more


def numbers(*values: float) -> bytes:
    return np.array(values, dtype=np.float64).tobytes()


def codes(*values: int) -> bytes:
    return np.array(values, dtype=np.int32).tobytes()


def book(folder: Path, answer: Any, cells: bytes = b"", file_format: str = "xlsx") -> Any:
    raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    (folder / "answer.json").write_bytes(raw)
    (folder / "cells.bin").write_bytes(cells)
    return collect(folder, "a", file_format, LIMITS)


TWO_TEXTS = column(codes=1, texts=2, text_bytes=3)


def test_what_is_in_order_is_taken(tmp_path: Path) -> None:
    cells = bytes([TEXT, DATE]) + codes(1, 0) + b"2024-04-04\0b" + bytes([NUMBER, BOOL]) + numbers(1.5, 1)
    described = sheet(column(codes=1, texts=2, text_bytes=12), column(numbers=1), merged=[[0, 0, 1, 1]])
    read = book(tmp_path, {"sheets": [described]}, cells)
    first, second = read.sheets[0].columns
    assert [first.texts[code] for code in first.codes] == ["b", "2024-04-04"]
    assert second.numbers.tolist() == [1.5, 1]
    assert (read.sheets[0].merged, read.text_bytes) == ([(0, 0, 1, 1)], 12)


@pytest.mark.parametrize(
    ("answer", "cells"),
    [
        (b"", b""),
        (b"[]", b""),
        (b"null", b""),
        (b"[" * 100_000, b""),
        (b'{"sheets": ' + b"[" * 100_000, b""),
        (b'{"sheets": []}'.ljust(9 << 20), b""),
        (b"\xff\xfe{}", b""),
        ({}, b""),
        ({"sheets": 5}, b""),
        ({"sheets": [5]}, b""),
        ({"sheets": [sheet()] * 3}, b""),
        ({"sheets": [sheet(rows=-1)]}, b""),
        ({"sheets": [sheet(rows=11)]}, b""),
        ({"sheets": [sheet(rows=1e9)]}, b""),
        ({"sheets": [sheet(rows=10**400)]}, b""),
        ({"sheets": [sheet(rows="2")]}, b""),
        ({"sheets": [sheet(rows=True)]}, b""),
        ({"sheets": [sheet(*[column()] * 5)]}, bytes(10)),
        ({"sheets": [sheet(*[column()] * 3, rows=7)]}, bytes(21)),
        ({"sheets": [sheet(*[column()] * 2, rows=6)] * 2}, bytes(24)),
        ({"sheets": [sheet(column())]}, b"\0"),
        ({"sheets": [sheet(column())]}, b"\0\0\0"),
        ({"sheets": [sheet(column())]}, b"\x06\0"),
        ({"sheets": [sheet(column(numbers=1))]}, b"\1\1" + numbers(1)),
        ({"sheets": [sheet(column(codes=1))]}, bytes([TEXT, TEXT]) + codes(0, 0)),
        ({"sheets": [sheet(TWO_TEXTS)]}, bytes([TEXT, TEXT]) + codes(0, 2) + b"a\0b"),
        ({"sheets": [sheet(TWO_TEXTS)]}, bytes([TEXT, TEXT]) + codes(0, -2) + b"a\0b"),
        ({"sheets": [sheet(TWO_TEXTS)]}, bytes([TEXT, TEXT]) + codes(0, -1) + b"a\0b"),
        ({"sheets": [sheet(TWO_TEXTS)]}, bytes([EMPTY, TEXT]) + codes(0, 1) + b"a\0b"),
        ({"sheets": [sheet(TWO_TEXTS)]}, bytes([TEXT, TEXT]) + codes(0, 1) + b"abc"),
        ({"sheets": [sheet(TWO_TEXTS)]}, bytes([TEXT, TEXT]) + codes(0, 1) + b"\0\0b"),
        ({"sheets": [sheet(TWO_TEXTS)]}, bytes([TEXT, TEXT]) + codes(0, 1) + b"\xff\0b"),
        ({"sheets": [sheet(TWO_TEXTS)]}, bytes([DATE, TEXT]) + codes(0, 1) + b"a\0b"),
        (
            {"sheets": [sheet(column(codes=1, texts=3, text_bytes=5))]},
            bytes([TEXT, TEXT]) + codes(0, 1) + b"a\0b\0c",
        ),
        (
            {"sheets": [sheet(column(codes=1, texts=1, text_bytes=101))]},
            bytes([TEXT, TEXT]) + codes(0, 0) + b"a" * 101,
        ),
        ({"sheets": [sheet(column(codes=1, texts=1, text_bytes=-1))]}, bytes([TEXT, TEXT]) + codes(0, 0)),
        ({"sheets": [sheet(column(codes=1, texts=0, text_bytes=3))]}, bytes(2) + codes(-1, -1) + b"abc"),
        ({"sheets": [sheet(column(numbers=1))]}, bytes([BOOL, NUMBER]) + numbers(float("nan"), 1)),
        ({"sheets": [sheet(column(numbers=1))]}, bytes([TIME, NUMBER]) + numbers(float("inf"), 1)),
        ({"sheets": [sheet(column(), error_cells=-1)]}, b"\0\0"),
        ({"sheets": [sheet(column(), hidden_rows=10**30)]}, b"\0\0"),
        ({"sheets": [sheet(column(), merged=[[0, 0, 1]])]}, b"\0\0"),
        ({"sheets": [sheet(column(), merged=[[3, 0, 1, 1]])]}, b"\0\0"),
        ({"sheets": [sheet(column(), merged=[[0, 0, 1, 10**20]])]}, b"\0\0"),
        ({"sheets": [sheet(column())], "encoding": "utf-7"}, b"\0\0"),
        ({"sheets": [sheet(column())], "encoding": ["utf-8"]}, b"\0\0"),
        ({"sheets": [sheet(column())], "delimiter": "ab"}, b"\0\0"),
        ({"refused": "nonsense"}, b""),
        ({"refused": ["password"]}, b""),
        ({"refused": "too_many_rows", "values": 5}, b""),
    ],
)
def test_an_answer_that_lies_is_refused(answer: Any, cells: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        book(tmp_path, answer, cells)
    assert caught.value.code == "reader_failed"


def test_words_of_the_child_do_not_come_into_the_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        book(tmp_path, {"refused": "not_a_table", "values": {"what": "<b>Иванов</b>", "code": 1, "self": 2}})
    assert caught.value.code == "reader_failed", "a value that is an argument's name is no value"
    with pytest.raises(UnreadableFile) as caught:
        book(tmp_path, {"refused": "too_many_rows", "values": {"limit": "{x}" * 9, "row": 5}})
    assert (caught.value.code, caught.value.message) == ("too_many_rows", "На листе больше … строк.")


def test_names_of_sheets_are_text_of_a_bounded_length(tmp_path: Path) -> None:
    described = sheet(column(numbers=1), name="\ud800" + "я" * 9000)
    read = book(tmp_path, {"sheets": [described]}, bytes([NUMBER] * 2) + numbers(1, 2))
    assert read.sheets[0].name.encode() == b"?" + "я".encode() * 254


def test_nothing_in_it_is_an_empty_table(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        book(tmp_path, {"sheets": [sheet(rows=0)]})
    assert caught.value.code == "empty_table"


def test_failed_formulas_and_numbers_without_end_are_counted_and_emptied(tmp_path: Path) -> None:
    words = "#ДЕЛ/0!\0а\0#N/A".encode()
    cells = bytes([TEXT] * 4) + codes(0, 1, 2, 0) + words
    cells += bytes([NUMBER] * 4) + numbers(float("nan"), float("inf"), float("-inf"), 1)
    described = sheet(
        column(codes=1, texts=3, text_bytes=len(words)), column(numbers=1), rows=4, error_cells=2
    )
    read = book(tmp_path, {"sheets": [described]}, cells).sheets[0]
    assert read.columns[0].kinds.tolist() == [EMPTY, TEXT, EMPTY, EMPTY]
    assert read.columns[0].codes.tolist() == [-1, 1, -1, -1]
    texts = read.columns[1].texts
    assert [texts[code] if code >= 0 else None for code in read.columns[1].codes] == [
        "nan",
        "inf",
        "-inf",
        None,
    ]
    assert read.error_cells == 2 + 3 + 3
    of_ods = book(tmp_path, {"sheets": [described]}, cells, "ods").sheets[0]
    assert of_ods.error_cells == 3 + 3, "an error cell of ods comes as its word, too"
