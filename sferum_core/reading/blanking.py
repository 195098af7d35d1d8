"""Files as they may be kept: the same cells, with names of people, phones and e-mails blanked."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
import xlsxwriter

from sferum_core.model import ExportKind, Limits, UnreadableFile
from sferum_core.people_text import (
    HIDDEN,
    PEOPLE_HEADER,
    is_phone_number,
    masked,
    may_be_a_name,
    thing_without_people,
)
from sferum_core.reading.columns import Column, match_columns
from sferum_core.reading.fields import FIELDS
from sferum_core.reading.guard import inspect
from sferum_core.reading.open import open_file
from sferum_core.reading.rawbook import BOOL, DATE, EMPTY, NUMBER, TEXT, TIME, RawBook, RawSheet
from sferum_core.reading.refusals import refuse
from sferum_core.reading.tables import find_tables
from sferum_core.reading.zipdir import inflate
from sferum_core.reports.names import file_name, sheet_names

MOST_CELLS = 600_000  # of one copy; a region's export has 100,000
_PERSONAL_FIELDS = frozenset(
    {"full_name", "surname", "first_name", "patronymic", "contact", "phone", "email"}
)
_PERSONAL_TABLES = frozenset({ExportKind.TEACHERS, ExportKind.CALL_PARTICIPANTS})
_NAMED_THINGS = frozenset(
    {"organization", "municipality", "address"}
)  # «лицей имени Ивана Ивановича Соснина»
_IDS = frozenset({"organization_id", "inn", "ogrn"})
_MOST_OF = 0.6  # of the filled cells
_MOST_MERGES = 5_000
_SAME_DATE = (1980, 1, 1, 0, 0, 0)
# Parts of a workbook with nothing but cells and looks; comments, pictures, links to people are in others.
_PLAIN_PARTS = re.compile(
    r"\[content_types\]\.xml|_rels/\.rels|mimetype|docprops/(?:app|core)\.xml|xl/(?:workbook|styles|sharedstrings|calcchain|metadata)\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/theme/theme\d*\.xml|xl/worksheets/sheet\d+\.xml|xl/tables/table\d+\.xml"
    r"|xl/worksheets/_rels/sheet\d+\.xml\.rels",
    re.IGNORECASE,
)
_AUTHOR = re.compile(rb"<(?:dc:creator|cp:lastModifiedBy|cp:lastmodifiedby)[^>]*>\s*([^<\s][^<]*)<")
_PROGRAMS = re.compile(
    rb"openpyxl|xlsxwriter|apache poi|phpspreadsheet|epplus|sheetjs|unknown", re.IGNORECASE
)
_ASIDE = re.compile(rb"mailto:|<headerFooter|<oddHeader|<oddFooter", re.IGNORECASE)
_PART_BYTES = 64 << 20


@dataclass(frozen=True)
class KeptFile:
    """A file as it may be kept. `blanked`: how many cells were blanked; `is_original`: whether the bytes are the file's own."""

    name: str
    content: bytes
    blanked: int
    is_original: bool


def without_people(content: bytes, filename: str, *, limits: Limits | None = None) -> KeptFile:
    """The file as it may be kept: its own bytes when nothing in it may name people, else a clean workbook.

    The workbook has the same sheets and cells without looks. Columns of names, phones and e-mails are blank under
    their headers, tables of people altogether; in other cells only such words are taken out. What can't be looked
    through (comments, pictures, the author, an xls) is left behind. A zip becomes a zip of such files, those
    that can't be read left out. The file is parsed by the reader's limited child only. Raises UnreadableFile.
    """
    limits = limits or Limits()
    opened = open_file(content, filename, limits)
    if opened.format != "zip":
        return _kept(content, filename, opened.books[0], limits)
    directory = inspect(content, limits).directory
    assert directory is not None
    members = []
    for book in opened.books:
        member = inflate(content, directory.entries[book.filename], limits.file_bytes)
        members.append(_kept(member, book.filename, book, limits))
    same = all(member.is_original for member in members) and len(members) == len(directory.entries)
    if same and _hidden(filename) == filename:
        return KeptFile(filename, content, 0, True)
    return KeptFile(_named(filename, "zip"), zip_of(members), sum(m.blanked for m in members), False)


def kept_copy(files: Sequence[tuple[str, bytes]], *, limits: Limits | None = None) -> KeptFile:
    """One or several files (name, bytes) that make up a week, as one file that may be kept: several become a zip.

    Raises UnreadableFile when one of them can't be read now.
    """
    kept = [without_people(content, name, limits=limits) for name, content in files]
    if len(kept) == 1:
        return kept[0]
    return KeptFile("Исходные файлы.zip", zip_of(kept), sum(one.blanked for one in kept), False)


def zip_of(files: Iterable[KeptFile]) -> bytes:
    """A zip of the files; equal names get numbers. The same files give the same bytes."""
    output, taken = io.BytesIO(), set()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            path, number = PurePosixPath(file.name), 2
            name = path.name
            while name.casefold() in taken:
                name, number = f"{path.stem} ({number}){path.suffix}", number + 1
            taken.add(name.casefold())
            archive.writestr(zipfile.ZipInfo(name, _SAME_DATE), file.content, zipfile.ZIP_DEFLATED)
    return output.getvalue()


def _kept(content: bytes, filename: str, book: RawBook, limits: Limits) -> KeptFile:
    if sum(sheet.n_rows * len(sheet.columns) for sheet in book.sheets) > MOST_CELLS:
        raise refuse("too_many_cells", limit=MOST_CELLS)
    grids = [_blanked(sheet, filename) for sheet in book.sheets]
    blanked = sum(grid.blanked for grid in grids)
    names = [_hidden(sheet.name) for sheet in book.sheets]
    plain = names == [sheet.name for sheet in book.sheets] and _hidden(filename) == filename
    if not blanked and plain and not _has_more(content, book.format, limits):
        return KeptFile(filename, content, 0, True)
    return KeptFile(_named(filename, "xlsx"), _workbook(grids, names), blanked, False)


def _has_more(content: bytes, form: str, limits: Limits) -> bool:
    """Whether a file holds more than the cells that were looked through."""
    if form == "csv":
        return False
    if form not in ("xlsx", "xlsm"):
        return True
    directory = inspect(content, limits).directory
    if directory is None:
        return True
    for name, info in directory.entries.items():
        if not _PLAIN_PARTS.fullmatch(name):
            return True
        if name.lower() == "xl/sharedstrings.xml":
            continue
        part = inflate(content, info, _PART_BYTES)
        if part.startswith((b"\xff\xfe", b"\xfe\xff")) or _ASIDE.search(part):
            return True
        if any(not _PROGRAMS.search(author) for author in _AUTHOR.findall(part)):
            return True
    return False


def _hidden(name: str) -> str:
    return masked(name)


def _named(filename: str, ending: str) -> str:
    return file_name(PurePosixPath(_hidden(filename).replace("\\", "/")).stem, ending=ending)


@dataclass(frozen=True, eq=False)
class _Grid:
    """A sheet with what to blank: `gone` cells (rows × columns) and the texts to put for those of a column."""

    sheet: RawSheet
    gone: np.ndarray
    texts: list[list[str]]
    blanked: int


def _blanked(sheet: RawSheet, filename: str) -> _Grid:
    width = len(sheet.columns)
    gone = np.zeros((sheet.n_rows, width), dtype=bool)
    named = np.zeros((sheet.n_rows, width), dtype=bool)  # cells that may bear names of things
    numbers = np.ones((sheet.n_rows, width), dtype=bool)  # cells whose numbers may be phones
    for table in find_tables(sheet):
        columns, kind, _ = match_columns(table, filename)
        rows = slice(table.first, table.end)
        personal = kind in _PERSONAL_TABLES
        for column in columns:
            gone[rows, column.number] |= personal or _is_personal(column)
            named[rows, column.number] = column.field in _NAMED_THINGS
            numbers[rows, column.number] = column.field not in _IDS
    texts, blanked = [], 0
    for place, column_cells in enumerate(sheet.columns):
        kinds, codes = column_cells.kinds, column_cells.codes
        filled = kinds != EMPTY
        phones = (kinds == NUMBER) & np.array([is_phone_number(v) for v in column_cells.numbers], dtype=bool)
        gone[:, place] |= phones & numbers[:, place]
        in_names = named[:, place] & (kinds == TEXT)
        shown = list(column_cells.texts)
        changed = np.zeros(len(shown) + 1, dtype=bool)
        in_text = (kinds == TEXT) & ~gone[:, place]
        plain_codes = set(codes[in_text & ~in_names].tolist())
        for code in np.unique(codes[in_text]).tolist():
            is_thing = code not in plain_codes
            clean = thing_without_people(shown[code]) if is_thing else masked(shown[code])
            changed[code] = clean != shown[code]
            shown[code] = clean
        texts.append(shown)
        blanked += int((filled & (gone[:, place] | (changed[codes] & (kinds == TEXT)))).sum())
    return _Grid(sheet, gone, texts, blanked)


def _is_personal(column: Column) -> bool:
    if _PERSONAL_FIELDS & {column.field, column.reading.field}:
        return True
    if column.field in FIELDS:
        return False
    if column.path and PEOPLE_HEADER.search(column.path[-1]):
        return column.numeric < _MOST_OF or _phones(column)
    cells = column.cells
    said = [cells.texts[code] for code in cells.codes[cells.kinds == TEXT]]
    alike = sum(may_be_a_name(text) or masked(text) != text for text in said)
    return bool(said) and alike >= _MOST_OF * column.filled


def _phones(column: Column) -> bool:
    """Whether numbers under «Телефон» are phones, not counts of «ответственных»: from five digits on."""
    return column.biggest >= 10_000


def _workbook(grids: Sequence[_Grid], names: Sequence[str]) -> bytes:
    output = io.BytesIO()
    book = xlsxwriter.Workbook(
        output, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": dt.datetime(*_SAME_DATE)})
    quoted = book.add_format({"quote_prefix": True})
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    moment = book.add_format({"num_format": "dd.mm.yyyy hh:mm:ss"})
    span = book.add_format({"num_format": "[h]:mm:ss"})
    for grid, name in zip(grids, sheet_names(list(names)), strict=True):
        target = book.add_worksheet(name)
        if grid.sheet.hidden and len(grids) > 1 and grid is not grids[0]:
            target.hide()
        _merge(target, grid.sheet)
        for place, column in enumerate(grid.sheet.columns):
            texts = grid.texts[place]
            for row in np.flatnonzero((column.kinds != EMPTY) & ~grid.gone[:, place]):
                kind, at = column.kinds[row], int(row)
                if kind in (TEXT, DATE):
                    text = texts[column.codes[row]]
                    stamp = _moment(text) if kind == DATE else None
                    if stamp is None:
                        target.write_string(at, place, text, quoted if text[:1] in "=+-@" else None)
                    else:
                        target.write_datetime(at, place, stamp, moment if "T" in text else day)
                elif kind == BOOL:
                    target.write_boolean(at, place, bool(column.numbers[row]))
                elif np.isfinite(column.numbers[row]):
                    value = float(column.numbers[row])
                    if kind == TIME:
                        target.write_number(at, place, value / 86_400, span)
                    else:
                        target.write_number(at, place, value)
    book.close()
    return output.getvalue()


def _moment(text: str) -> dt.datetime | None:
    """A date that a workbook can hold: from 1900 on."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year >= 1900 else None


def _merge(target: xlsxwriter.worksheet.Worksheet, sheet: RawSheet) -> None:
    """Merged ranges, for a header of several rows is told by them; those that overlap are left alone."""
    taken = np.zeros((sheet.n_rows, len(sheet.columns)), dtype=bool)
    for top, left, bottom, right in sheet.merged[:_MOST_MERGES]:
        bottom, right = min(bottom, sheet.n_rows - 1), min(right, len(sheet.columns) - 1)
        if top > bottom or left > right or (top, left) == (bottom, right):
            continue
        if taken[top : bottom + 1, left : right + 1].any():
            continue
        taken[top : bottom + 1, left : right + 1] = True
        target.merge_range(top, left, bottom, right, "")


__all__ = ["HIDDEN", "KeptFile", "UnreadableFile", "kept_copy", "without_people", "zip_of"]
