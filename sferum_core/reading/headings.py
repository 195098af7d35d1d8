"""Rows that head blocks of rows: a municipality or a type alone in a row, with or without its sums; the region's row."""

from __future__ import annotations

import re

import numpy as np

from sferum_core.model import ExportKind
from sferum_core.names import organization_type
from sferum_core.reading.columns import Column
from sferum_core.reading.fields import FIELDS, Content
from sferum_core.reading.guesses import looks_like_municipality, looks_like_organization
from sferum_core.reading.rawbook import TEXT
from sferum_core.reading.row_marks import HEADING, TOTAL, Rows, is_total, mark_texts
from sferum_core.reading.tables import Table, cell_text
from sferum_core.reading.values import parse_number, parse_type, whole_numbers
from sferum_core.reading.wording import NOTE_ROW, plain

_REGION = re.compile(
    r"^[а-я-]+(?:ая|ий) (?:область|край)$"
    r"|^республика [а-я() -]+$|^[а-я() -]+ республика$|^[а-я-]+ (?:ао|автономн\w+ округ(?: - югра)?)$|^область$|^край$|^республика$|^субъект(?: рф)?$|^россия$|^рф$"
)

WITH_HEADINGS = (
    ExportKind.ORGANIZATIONS,
    ExportKind.TEACHERS,
    ExportKind.REGISTRY,
    ExportKind.DISTANCE_LESSONS,
)  # kinds whose rows may stand in blocks under the name of a municipality or a type


def mark_region(by_field: dict[str, Column], rows: Rows, kind: ExportKind) -> None:
    """«Озёрная область» among municipalities is the region's own row."""
    column = by_field.get("municipality")
    if column is None or kind not in (ExportKind.MUNICIPALITIES, ExportKind.DOO_STAFF):
        return
    for row in np.flatnonzero(
        mark_texts(column, lambda text: bool(_REGION.match(plain(text))), rows.reason == "")
    ):
        rows.reason[row], rows.labels[int(row)] = TOTAL, column.cells.texts[column.cells.codes[row]]


def mark_headings(
    table: Table, columns: list[Column], by_field: dict[str, Column], rows: Rows, kind: ExportKind,
    filled: np.ndarray, figure_cells: np.ndarray, has_id: np.ndarray,
) -> None:  # fmt: skip
    """A row that only names a municipality or a type, with or without its sums, heads the rows under it."""
    if kind not in WITH_HEADINGS:
        return
    alone = (filled.sum(axis=0) == 1) & (rows.reason == "")
    for i, column in enumerate(columns):
        for row in np.flatnonzero(alone & filled[i] & (column.cells.kinds == TEXT)):
            _head(rows, int(row), cell_text(table.sheet, table.first + int(row), column.number), kind)
    if "municipality" not in by_field and kind is not ExportKind.TEACHERS:
        _mark_bare_names(table, columns, rows, alone, filled)
    name = by_field.get("organization")
    if kind is ExportKind.ORGANIZATIONS and name is not None:
        subtotal = mark_texts(name, lambda t: looks_like_municipality(t) and organization_type(t) is None)
        subtotal &= ~has_id & (rows.reason == "") & (figure_cells > 0)
        for field_name in ("organization_type", "is_active"):
            if field_name in by_field:
                subtotal &= ~filled[columns.index(by_field[field_name])]
        sure = ("organization_id" in by_field and has_id.mean() > 0.5) or "organization_type" in by_field
        if sure or _are_sums(columns, rows, subtotal):
            for row in np.flatnonzero(subtotal):
                _head(rows, int(row), cell_text(table.sheet, table.first + int(row), name.number), kind)


_LEADING_NUMBER = re.compile(r"^\s*(?:\d{1,3}|[IVXLC]{1,7})[.)]\s*(?=\D)")


_PREFIX = re.compile(
    r"^\s*(?:(?:наименование )?(?:образовательн\w+ )?(?:организаци[яи]|учреждени[ея]|оо|доо|доу|школа)|муниципалитет|муниципальное образование|мо|мр|район|территория|тип(?: организации)?)\s*(?::|\s[-–—])\s*",
    re.IGNORECASE,
)


def name_alone(text: str) -> str:
    """A heading without its number or the word for what it names: «2. г. Светлый», «Муниципалитет: г. Светлый»."""
    return _PREFIX.sub("", _LEADING_NUMBER.sub("", text))


def _mark_bare_names(
    table: Table, columns: list[Column], rows: Rows, alone: np.ndarray, filled: np.ndarray
) -> None:
    """«Копейск», «Озёрный» alone in a row over rows of data, more than once: the names of blocks."""
    many = filled.sum(axis=0)
    found: dict[int, str] = {}
    for row in map(int, np.flatnonzero(alone & (rows.reason == ""))):
        column = columns[int(np.flatnonzero(filled[:, row])[0])]
        text = cell_text(table.sheet, table.first + row, column.number)
        words = plain(text)
        below = next((r for r in range(row + 1, len(many)) if many[r] and rows.reason[r] != HEADING), None)
        if (
            below is not None
            and many[below] > 2
            and parse_number(text) is None
            and len(words) <= 60
            and re.search("[а-я]{3}", words)
            and organization_type(text) is None
            and not NOTE_ROW.search(words)
            and not is_total(text)
        ):
            found[row] = text
    if len(found) >= 2:
        for row, text in found.items():
            rows.reason[row], rows.heading_of[row] = HEADING, "municipality"
            rows.labels[row] = name_alone(text)


def _are_sums(columns: list[Column], rows: Rows, marked: np.ndarray) -> bool:
    """Whether most of the marked rows hold the sums of the rows under or above them."""
    counts = [c for c in columns if c.field in FIELDS and FIELDS[c.field].content is Content.COUNT]
    places = np.flatnonzero(marked)
    if not counts or not len(places):
        return False
    matrix = np.nan_to_num(np.array([whole_numbers(c.cells) for c in counts]))
    sums = np.cumsum(np.where(rows.data & ~marked, matrix, 0), axis=1)
    bounds = [*places, len(marked)]
    right = 0
    for i, row in enumerate(places):
        below = sums[:, bounds[i + 1] - 1] - sums[:, row]
        above = sums[:, row] - (sums[:, places[i - 1]] if i else 0)
        own = matrix[:, row]
        right += bool(own.any()) and (np.array_equal(own, below) or np.array_equal(own, above))
    return right >= 0.7 * len(places)


def _head(rows: Rows, row: int, text: str, kind: ExportKind) -> None:
    if parse_number(text) is not None or NOTE_ROW.search(plain(text)):
        return
    text = name_alone(text)
    if looks_like_municipality(text):
        rows.heading_of[row] = "municipality"
    elif (parse_type(text) and len(text) < 90 and organization_type(text) is None) or plain(text).startswith(
        ("дошкольные", "общеобразовательные")
    ):
        rows.heading_of[row] = "organization_type"
    elif kind is ExportKind.TEACHERS and looks_like_organization(text):
        rows.heading_of[row] = "organization"
    else:
        return
    rows.reason[row] = HEADING
    rows.labels[row] = text
