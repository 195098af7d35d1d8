"""Text files: delimiter and rows of csv, txt and tsv; `charset` tells the encoding.

Standard library only: the reading child loads it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain

from sferum_core.reading.process import Refused

DELIMITERS = "\t;|,"  # on a draw the earlier wins: commas are decimal signs, tabs are not
_SAMPLE = 256 * 1024
_SNIFF_LINES = 300
_SEP_LINE = re.compile(r'\A"?sep=(.)"?(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_DECIMAL = re.compile(r"-?[\d\s\u00a0\u202f]*\d,\d+\s?%?")


def refuse_long_lines(content: bytes, line_bytes: int) -> None:
    """Raise Refused when a line is longer than `line_bytes`, before anything is done with it."""
    start = 0
    while len(content) - start > line_bytes:
        window = content[start : start + line_bytes + 1]
        newline = max(window.rfind(b"\n"), window.rfind(b"\r"))
        if newline < 0:
            raise Refused("line_too_long", limit=line_bytes // 1024)
        start += newline + 1


def find_delimiter(text: str) -> str:
    """The sign that splits the first lines most evenly; «;» where a file has one column."""
    lines = list(_lines(text[: _SAMPLE * 4], _SNIFF_LINES))
    best, best_score = ";", 0.0
    for delimiter in DELIMITERS:
        score = _evenness(lines, delimiter)
        if delimiter == "," and score and _decimal_commas(lines, best, certain=best_score < 0.3):
            continue
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _evenness(lines: list[str], delimiter: str) -> float:
    if not any(delimiter in line for line in lines):
        return 0.0
    widths = []
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            if row:
                widths.append(len(row))
    except csv.Error:
        pass
    several = [width for width in widths if width > 1]
    if not several:
        return 0.0
    usual = max(set(several), key=several.count)
    return several.count(usual) / len(widths)


def _decimal_commas(lines: list[str], delimiter: str, *, certain: bool) -> bool:
    """Whether commas are decimal signs in most fields that have one; `certain`: in all but the header."""
    fields: list[str] = []
    with suppress(csv.Error):
        for row in csv.reader(lines, delimiter=delimiter):
            fields += [field.strip() for field in row if "," in field]
    decimal = sum(_DECIMAL.fullmatch(field) is not None for field in fields)
    if not certain:
        return 2 * decimal >= len(fields)
    header = next((line for line in lines if line.strip()), "")
    return decimal == len(fields) and "," not in header


def _lines(text: str, most: int) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline="")):
        if number >= most:
            return
        yield line


def read_rows(
    text: str, delimiter: str | None = None, *, cell_characters: int, line_bytes: int
) -> tuple[str, Iterator[list[str]]]:
    """The delimiter and an iterator over rows; a `sep=` line decides and stays as an empty row.

    Raises Refused (from the iterator too) for a line or a cell too long and a quote never closed.
    """
    stated = _SEP_LINE.match(text)
    head: list[list[str]] = []
    if stated:
        delimiter, text = stated[1], text[stated.end() :]
        head = [[]]
    delimiter = delimiter or find_delimiter(text)
    if delimiter in '\r\n"':
        raise Refused("broken_workbook")
    return delimiter, _rows(head, _without_tail(text, delimiter), delimiter, cell_characters, line_bytes)


def _without_tail(text: str, delimiter: str) -> str:
    """The text up to its last line with a value; that line keeps its empty cells at the end."""
    filled = len(text.rstrip(f"\r\n\t {delimiter}"))
    end = _LINE_END.search(text, filled)
    return text[: end.start()] if end else text


_LINE_END = re.compile(r"[\r\n]")
_END = "\x00end"  # NUL bytes were refused before, so no cell can hold this


def _rows(
    head: list[list[str]], text: str, delimiter: str, cell_characters: int, line_bytes: int
) -> Iterator[list[str]]:
    yield from head
    if max(map(len, io.StringIO(text, newline="")), default=0) > line_bytes:
        raise Refused("line_too_long", limit=line_bytes // 1024)
    csv.field_size_limit(max(cell_characters, len(_END)))
    reader = csv.reader(chain(io.StringIO(text, newline=""), (_END,)), delimiter=delimiter)
    row: list[str] = []
    before = 0
    try:
        for row in reader:
            if reader.line_num - before > 1 and _swallowed(row, delimiter):
                raise Refused("unclosed_quote", row=len(head) + before + 1)
            if row and row[-1].endswith(_END):
                break
            before = reader.line_num
            yield row
    except csv.Error as error:
        if "field larger" not in str(error):
            raise Refused("broken_workbook") from None
        if reader.line_num - before > 1:
            raise Refused("unclosed_quote", row=len(head) + before + 1) from None
        raise Refused("cell_too_long", limit=cell_characters) from None
    if row != [_END]:
        raise Refused("unclosed_quote", row=len(head) + before + 1)


def _swallowed(row: list[str], delimiter: str) -> bool:
    """Whether a quoted cell holds whole rows: a quote was opened by mistake and closed much later."""
    for cell in row:
        inner = cell.splitlines()[1:-1]
        if inner and sum(delimiter in line for line in inner) * 2 > len(inner):
            return True
    return False
