"""Which rows of an export are to be mended: for each the wrong cells, why, what to do, and a code that names it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sferum_core.checks import CHECKS, CheckReport
from sferum_core.grouping import display_names, group_keys
from sferum_core.model import Export, ExportKind, Severity
from sferum_core.reading.fields import COUNT_TITLES, FIELDS, Content

CODE, REASON, ADVICE = "Код строки", "Что не так", "Что сделать"
MARKED, COMMENT = "Отмеченные ячейки", "Исправлено / комментарий"
OWN_HEADERS = (CODE, MARKED, REASON, ADVICE, COMMENT)
COMMENT_BLANK = "впишите, если нужно"

KINDS = (ExportKind.ORGANIZATIONS, ExportKind.MUNICIPALITIES, ExportKind.DOO_STAFF, ExportKind.REGISTRY)
IDENTITY = ("organization_id", "organization", "organization_type", "municipality")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no digits: «12E45678» would come back from a spreadsheet as a number
_CODE_LENGTH = 10
_TO_MEND = (Severity.ERROR, Severity.WARNING)
_UNITS = {"organizations": "орг.", "organizations_active": "орг.", "messages": "ед.", "calls": "ед."}


@dataclass(frozen=True)
class FixColumn:
    """A column of the export in the workbook: its field, the header in the workbook and that in the source."""

    field: str
    header: str
    source_header: str

    @property
    def content(self) -> Content:
        """What its cells hold."""
        return FIELDS[self.field].content if self.field in FIELDS else Content.TEXT


@dataclass(frozen=True)
class MendRow:
    """One row to mend: its 0-based place in the table, its code, and every finding that is about it.

    `codes` are those of the checks, `marked` the fields of the cells that are wrong, `open` all fields an answer may
    change: the marked ones and those a check weighs them against.
    """

    place: int
    code: str
    name: str
    key: str
    municipality: str
    codes: tuple[str, ...]
    marked: tuple[str, ...]
    open: frozenset[str]
    reasons: tuple[str, ...]
    advice: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ToMend:
    """What is to be mended in an export. `codes` name every row of its table, also those that are right."""

    export: Export
    columns: tuple[FixColumn, ...]
    rows: tuple[MendRow, ...]
    codes: tuple[str, ...]

    @cached_property
    def by_place(self) -> dict[int, MendRow]:
        """The rows to mend by their place in the table."""
        return {row.place: row for row in self.rows}

    @cached_property
    def municipalities(self) -> dict[str, str]:
        """Key and name of every municipality with rows to mend, by name."""
        found = {row.key: row.municipality for row in self.rows}
        return dict(sorted(found.items(), key=lambda pair: (pair[0] == "", pair[1])))

    def of(self, key: str) -> tuple[MendRow, ...]:
        """The rows to mend of one municipality."""
        return tuple(row for row in self.rows if row.key == key)


def to_mend(export: Export, report: CheckReport, *, with_notes: bool = False) -> ToMend:
    """The rows that errors and warnings of the checks are about, in the order of the table.

    `with_notes` takes the notes too. Nothing for kinds that name people or have no rows of municipalities.
    """
    table = export.table.reset_index(drop=True)
    columns = _columns(export)
    codes = row_codes(export)
    lines = report.rows if export.kind in KINDS else report.rows.iloc[:0]
    if not with_notes:
        lines = lines[lines["severity"].isin([severity.value for severity in _TO_MEND])]
    keys, shown = group_keys(table).tolist(), display_names(table)
    present = {column.field for column in columns}
    first = _first_column(present)
    rows = []
    for place, found in _by_place(lines).items():
        key = keys[place]
        rows.append(_row(place, found, codes[place], key, shown.get(key, key), present, first))
    return ToMend(export, columns, tuple(rows), codes)


@dataclass(frozen=True)
class _Line:
    """What one check says of one row."""

    name: str
    code: str
    column: str | None
    value: str | None
    reason: str
    advice: str


def _by_place(lines: pd.DataFrame) -> dict[int, list[_Line]]:
    """The lines of each row, in the order of the table."""
    wanted = ("name", "code", "column", "value", "reason", "advice")
    texts = [lines[name].astype(object).where(lines[name].notna(), None).tolist() for name in wanted]
    found: dict[int, list[_Line]] = {}
    for place, *words in zip(lines["row"].tolist(), *texts, strict=True):
        found.setdefault(place, []).append(_Line(*words))
    return dict(sorted(found.items()))


def _row(
    place: int,
    found: list[_Line],
    code: str,
    key: str,
    municipality: str,
    present: Collection[str],
    first: str,
) -> MendRow:
    marked = {line.column for line in found if line.column is not None and line.column in present} or {first}
    weighed = {need for line in found for need in CHECKS[line.code].needs if need in present}
    reasons = [f"{line.reason}: {line.value}" if line.value else line.reason for line in found]
    return MendRow(
        place=place,
        code=code,
        name=found[0].name,
        key=key,
        municipality=municipality,
        codes=tuple(dict.fromkeys(line.code for line in found)),
        marked=tuple(sorted(marked)),
        open=frozenset(marked | weighed),
        reasons=tuple(dict.fromkeys(reasons)),
        advice=tuple(dict.fromkeys(line.advice for line in found)),
    )


def _first_column(present: Collection[str]) -> str:
    """What is marked where a finding is about the whole row."""
    return next((name for name in ("organization", "municipality", "organization_id") if name in present), "")


def row_codes(export: Export) -> tuple[str, ...]:
    """A code for each row of the table: the same for the same file, whatever is corrected in it later."""
    return tuple(_code(f"{export.source.sha256}:{place}") for place in range(len(export.table)))


def _code(text: str) -> str:
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    letters = []
    for _ in range(_CODE_LENGTH):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return "".join(letters)


def _columns(export: Export) -> tuple[FixColumn, ...]:
    """The table's columns under the headers of the file, each with its unit; ours where the file had no column."""
    headers: dict[str, str] = {}
    for match in export.columns:
        if match.field and match.header.strip():
            headers.setdefault(match.field, " ".join(match.header.split()))
    taken = {header.casefold() for header in OWN_HEADERS}
    columns = []
    for field in map(str, export.table.columns):
        known = FIELDS.get(field)
        source = headers.get(field) or (known.title if known else field)
        wanted = with_unit(field, source)
        header, repeat = wanted, 2
        while header.casefold() in taken:
            header = with_unit(field, f"{source} ({repeat})")
            repeat += 1
        taken.add(header.casefold())
        columns.append(FixColumn(field, header, source))
    return tuple(columns)


def with_unit(field: str, header: str) -> str:
    """The header with the unit of its figures at the end, where it has none."""
    content = FIELDS[field].content if field in FIELDS else Content.TEXT
    if content is Content.SHARE:
        return header if header.endswith("%") else f"{header}, %"
    if content is not Content.COUNT:
        return header
    unit = _UNITS.get(field, "чел." if field in COUNT_TITLES else "ед.")
    return header if re.search(r"(?:чел|ед|орг)\.$", header) else f"{header}, {unit}"
