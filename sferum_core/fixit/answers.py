"""Reading of «Что исправить» as municipalities send it back: any of the formats the reader takes, any order of columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sferum_core.fixit.mending import CODE, COMMENT, COMMENT_BLANK, OWN_HEADERS, REASON, ToMend
from sferum_core.model import Limits
from sferum_core.reading.open import open_file
from sferum_core.reading.rawbook import EMPTY, NUMBER, RawSheet
from sferum_core.reading.tables import cell_text, row_texts

_HEADER_WITHIN = 30
_MOST_ROWS = 200_000


class NotAnAnswer(Exception):  # noqa: N818 - named for what the file is
    """The file can be read, but no sheet of it is a «Что исправить»."""


@dataclass(frozen=True)
class Cell:
    """A cell as it came back: the text a person sees, and the number where it is one."""

    text: str
    number: float | None = None


@dataclass(frozen=True, eq=False)
class Answered:
    """One row of a book that came back. `row` is numbered as the spreadsheet numbers it; `cells` by field."""

    book: str
    sheet: str
    row: int
    code: str
    cells: dict[str, Cell]
    comment: str = ""


@dataclass(frozen=True, eq=False)
class AnswerBook:
    """A book that came back: its rows, and headers that are neither ours nor the export's."""

    name: str
    rows: tuple[Answered, ...]
    unknown: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


def same_headers(headers: Iterable[str]) -> bool:
    """Whether these are headers of a «Что исправить»: then the file is an answer and no export."""
    found = {_plain(header) for header in headers}
    return {_plain(CODE), _plain(REASON)} <= found


looks_like_answer = same_headers


def read_answers(
    content: bytes, filename: str, wanted: ToMend, limits: Limits | None = None
) -> list[AnswerBook]:
    """The books of a file: one workbook, or every one in a zip.

    Raises UnreadableFile as `open_file` does, NotAnAnswer when no sheet has the header of a «Что исправить».
    """
    opened = open_file(content, filename, limits)
    found = []
    for book in opened.books:
        name = filename if opened.format != "zip" else book.filename
        parts = [part for part in (_sheet(sheet, name, wanted) for sheet in book.sheets) if part is not None]
        if parts:
            rows = tuple(row for part in parts for row in part.rows)
            unknown = tuple(dict.fromkeys(text for part in parts for text in part.unknown))
            lacking = tuple(dict.fromkeys(text for part in parts for text in part.lacking))
            found.append(AnswerBook(name, rows, unknown, lacking))
    if not found:
        raise NotAnAnswer(filename)
    return found


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())


def _sheet(sheet: RawSheet, book: str, wanted: ToMend) -> AnswerBook | None:
    at = _header_row(sheet)
    if at is None:
        return None
    fields: dict[str, int] = {}
    own: dict[str, int] = {}
    unknown = []
    ours = {_plain(header): header for header in OWN_HEADERS}
    known = {_plain(column.source_header): column.field for column in wanted.columns}
    known |= {_plain(column.header): column.field for column in wanted.columns}
    for place, text in enumerate(row_texts(sheet, at)):
        header = _plain(text)
        if header in ours:
            own.setdefault(ours[header], place)
        elif header in known:
            fields.setdefault(known[header], place)
        elif header:
            unknown.append(text.strip())
    lacking = [column.header for column in wanted.columns if column.field not in fields]
    rows = []
    for row in range(at + 1, min(sheet.n_rows, at + 1 + _MOST_ROWS)):
        code = cell_text(sheet, row, own[CODE]).upper()
        cells = {field: _cell(sheet, row, place) for field, place in fields.items()}
        comment = cell_text(sheet, row, own[COMMENT]) if COMMENT in own else ""
        is_blank = not code and not any(cell.text for cell in cells.values())
        if is_blank or code.startswith("СТРОК НЕТ"):
            continue
        said = "" if _plain(comment) == _plain(COMMENT_BLANK) else comment
        rows.append(Answered(book, sheet.name, row + 1, re.sub(r"\s", "", code), cells, said))
    return AnswerBook(book, tuple(rows), tuple(unknown), tuple(lacking))


def _header_row(sheet: RawSheet) -> int | None:
    for row in range(min(sheet.n_rows, _HEADER_WITHIN)):
        if same_headers(row_texts(sheet, row)):
            return row
    return None


def _cell(sheet: RawSheet, row: int, place: int) -> Cell:
    cells = sheet.columns[place]
    if cells.kinds[row] == EMPTY:
        return Cell("")
    number = float(cells.numbers[row]) if cells.kinds[row] == NUMBER else None
    return Cell(cell_text(sheet, row, place), number)
