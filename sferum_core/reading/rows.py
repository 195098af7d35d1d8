"""Which rows under a header are data, and why the others are not: totals, headings, notes, repeated headers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sferum_core.model import ExportKind
from sferum_core.names import organization_type
from sferum_core.reading.columns import Column
from sferum_core.reading.fields import FIELDS, Content
from sferum_core.reading.guesses import looks_like_municipality
from sferum_core.reading.rawbook import EMPTY, NUMBER, TEXT
from sferum_core.reading.tables import Table, cell_text
from sferum_core.reading.values import numbers, parse_number, parse_type, texts
from sferum_core.reading.wording import AVERAGE_ROW, NOTE_ROW, TOTAL_ENDS, TOTAL_ROW, TOTAL_STARTS, plain

TOTAL, AVERAGE, HEADING, NOTE, REPEATED, NUMBERING = (
    "total",
    "average",
    "heading",
    "note",
    "repeated",
    "numbering",
)
REASONS = {
    TOTAL: "строка итога",
    AVERAGE: "строка среднего значения",
    HEADING: "заголовок группы строк",
    NOTE: "примечание или пустая по показателям строка",
    REPEATED: "повтор заголовка таблицы",
    NUMBERING: "номера столбцов",
}
WITH_HEADINGS = (
    ExportKind.ORGANIZATIONS,
    ExportKind.TEACHERS,
    ExportKind.REGISTRY,
    ExportKind.DISTANCE_LESSONS,
)  # kinds whose rows may stand in blocks under the name of a municipality or a type
_MANY_TEXTS = 5_000
_LABELS = ("municipality", "organization", "organization_type", "full_name", "organization_id", "row_number")


@dataclass(eq=False)
class Rows:
    """Rows of a table by their part in it; every array has one element for a row under the header."""

    reason: np.ndarray  # object: "" for data, a key of REASONS else
    blank: np.ndarray
    heading_of: dict[int, str] = field(
        default_factory=dict
    )  # row -> «municipality» or «organization_type» it names
    labels: dict[int, str] = field(default_factory=dict)  # row -> the words of a total or a heading

    @property
    def data(self) -> np.ndarray:
        """Which rows go into the table."""
        return (self.reason == "") & ~self.blank


def _filled(columns: list[Column], length: int) -> np.ndarray:
    matrix = np.zeros((len(columns), length), dtype=bool)
    for i, column in enumerate(columns):
        matrix[i] = column.cells.kinds != EMPTY
    return matrix


def _mark_texts(
    column: Column,
    test: Callable[[str], bool],
    where: np.ndarray | None = None,
    hint: Callable[[str], bool] | None = None,
) -> np.ndarray:
    """Rows (of `where`) whose text in the column passes `test`, asked once for each distinct text.

    In a column of very many distinct texts only those that pass the cheaper `hint` are asked.
    """
    cells = column.cells
    is_text = cells.kinds == TEXT
    if where is not None:
        is_text &= where
    if not is_text.any():
        return np.zeros(len(cells.kinds), dtype=bool)
    used = np.flatnonzero(np.bincount(cells.codes[is_text], minlength=len(cells.texts)))
    if hint is not None and len(used) > _MANY_TEXTS:
        possible = np.zeros(len(cells.texts), dtype=bool)
        possible[[code for code, text in enumerate(cells.texts) if hint(text)]] = True
        used = used[possible[used]]
    hit = np.zeros(len(cells.texts) + 1, dtype=bool)
    hit[used] = [bool(test(cells.texts[code])) for code in used]
    return hit[np.where(is_text, cells.codes, -1)] & is_text


def _one_of(words: set[str]) -> Callable[[str], bool]:
    return lambda text: plain(text) in words


def _may_be_total(text: str) -> bool:
    return text[:3].lower() in TOTAL_STARTS or text[-5:].lower() in TOTAL_ENDS


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _is_total(text: str) -> bool:
    return len(text) < 120 and bool(TOTAL_ROW.search(plain(text)))


def classify_rows(table: Table, columns: list[Column], kind: ExportKind) -> Rows:
    """Every row under the header with its part in the table."""
    length = table.end - table.first
    filled = _filled(columns, length)
    many = filled.sum(axis=0)
    rows = Rows(np.full(length, "", dtype=object), many == 0)
    if not length:
        return rows
    by_field = {c.field: c for c in columns if c.field}
    figures = [
        c for c in columns if c.field in FIELDS and FIELDS[c.field].content in (Content.COUNT, Content.SHARE)
    ]
    figure_cells = np.zeros(length, dtype=int)
    for column in figures:
        figure_cells += ~np.isnan(numbers(column.cells).values)
    has_id = np.zeros(length, dtype=bool)
    if "organization_id" in by_field:
        column = by_field["organization_id"]
        has_id = (column.cells.kinds == NUMBER) | _mark_texts(column, _has_digit)
    _mark_repeats(table, columns, rows, many)
    _mark_totals(columns, by_field, rows, has_id, many)
    _mark_headings(table, columns, by_field, rows, kind, filled, figure_cells, has_id)
    _mark_notes(columns, by_field, rows, kind, filled, figure_cells, many)
    _mark_sums(table, columns, figures, by_field, rows, has_id, kind)
    return rows


def _mark_repeats(table: Table, columns: list[Column], rows: Rows, many: np.ndarray) -> None:
    named = [c for c in columns if c.path]
    if not named:
        return
    same = np.zeros(len(many), dtype=int)
    for column in named:
        whole = {plain(part) for part in column.path}
        exact = frozenset(column.path).__contains__
        same += _mark_texts(column, _one_of(whole), hint=exact)
    rows.reason[(same >= 2) & (same >= 0.6 * many)] = REPEATED
    if len(columns) >= 3:
        for row in range(min(3, len(many))):
            texts_ = [cell_text(table.sheet, table.first + row, c.number).rstrip(".") for c in columns]
            found = [t for t in texts_ if t]
            if (
                len(found) >= 3
                and found == [str(i) for i in range(1, len(found) + 1)]
                and len(found) >= 0.8 * len(columns)
            ):
                rows.reason[row] = NUMBERING


def _mark_totals(
    columns: list[Column], by_field: dict[str, Column], rows: Rows, has_id: np.ndarray, many: np.ndarray
) -> None:
    labels = [by_field[f] for f in _LABELS if f in by_field]
    labels += [c for c in columns if c.field is None and c.numeric < 0.5][:3]
    for column in labels:
        hits = _mark_texts(column, _is_total, ~has_id & (rows.reason == ""), _may_be_total)
        for row in np.flatnonzero(hits):
            text = column.cells.texts[column.cells.codes[row]]
            rows.reason[row] = AVERAGE if AVERAGE_ROW.search(plain(text)) else TOTAL
            rows.labels[int(row)] = text


def _mark_headings(
    table: Table, columns: list[Column], by_field: dict[str, Column], rows: Rows, kind: ExportKind,
    filled: np.ndarray, figure_cells: np.ndarray, has_id: np.ndarray,
) -> None:  # fmt: skip
    """A row that only names a municipality or a type, with or without its sums, heads the rows under it."""
    if kind not in WITH_HEADINGS:
        return
    key = (
        by_field.get("full_name")
        if kind is ExportKind.TEACHERS
        else by_field.get("organization") or by_field.get("organization_id")
    )
    text_like = [c for c in columns if c.numeric < 0.5 or c is key]
    alone = (filled.sum(axis=0) == 1) & (rows.reason == "")
    for column in text_like:
        only_here = alone & filled[columns.index(column)]
        for row in np.flatnonzero(only_here):
            _head(rows, int(row), cell_text(table.sheet, table.first + int(row), column.number))
    name = by_field.get("organization")
    if kind is ExportKind.ORGANIZATIONS and name is not None:
        subtotal = _mark_texts(name, lambda t: looks_like_municipality(t) and organization_type(t) is None)
        subtotal &= ~has_id & (rows.reason == "") & (figure_cells > 0)
        for field_name in ("organization_type", "is_active"):
            if field_name in by_field:
                subtotal &= ~filled[columns.index(by_field[field_name])]
        sure = ("organization_id" in by_field and has_id.mean() > 0.5) or "organization_type" in by_field
        if sure or _are_sums(columns, rows, subtotal):
            for row in np.flatnonzero(subtotal):
                _head(rows, int(row), cell_text(table.sheet, table.first + int(row), name.number))


def _are_sums(columns: list[Column], rows: Rows, marked: np.ndarray) -> bool:
    """Whether most of the marked rows hold the sums of the rows under or above them."""
    counts = [c for c in columns if c.field in FIELDS and FIELDS[c.field].content is Content.COUNT]
    places = np.flatnonzero(marked)
    if not counts or not len(places):
        return False
    matrix = np.nan_to_num(np.array([numbers(c.cells).values for c in counts]))
    sums = np.cumsum(np.where(rows.data & ~marked, matrix, 0), axis=1)
    bounds = [*places, len(marked)]
    right = 0
    for i, row in enumerate(places):
        below = sums[:, bounds[i + 1] - 1] - sums[:, row]
        above = sums[:, row] - (sums[:, places[i - 1]] if i else 0)
        own = matrix[:, row]
        right += bool(own.any()) and (np.array_equal(own, below) or np.array_equal(own, above))
    return right >= 0.7 * len(places)


def _head(rows: Rows, row: int, text: str) -> None:
    if parse_number(text) is not None or NOTE_ROW.search(plain(text)):
        return
    if looks_like_municipality(text):
        rows.heading_of[row] = "municipality"
    elif (parse_type(text) and len(text) < 90 and organization_type(text) is None) or plain(text).startswith(
        ("дошкольные", "общеобразовательные")
    ):
        rows.heading_of[row] = "organization_type"
    else:
        return
    rows.reason[row] = HEADING
    rows.labels[row] = text


def _mark_notes(
    columns: list[Column], by_field: dict[str, Column], rows: Rows, kind: ExportKind,
    filled: np.ndarray, figure_cells: np.ndarray, many: np.ndarray,
) -> None:  # fmt: skip
    keys = {
        ExportKind.ORGANIZATIONS: ("organization", "organization_id"),
        ExportKind.REGISTRY: ("organization", "organization_id"),
        ExportKind.TEACHERS: ("full_name", "messages", "calls"),
        ExportKind.MUNICIPALITIES: ("municipality",),
        ExportKind.DOO_STAFF: ("municipality",),
        ExportKind.CALL_PARTICIPANTS: (
            "full_name",
            "participant_id",
            "surname",
            "joined_at",
            "duration_seconds",
        ),
    }.get(kind, ())
    open_rows = (rows.reason == "") & ~rows.blank
    if keys:
        key_filled = np.zeros(len(many), dtype=bool)
        for field_name in keys:
            if field_name in by_field:
                key_filled |= filled[columns.index(by_field[field_name])]
        other_text = np.zeros(len(many), dtype=int)
        for column in columns:
            if (
                column.field
                and column.field not in keys
                and column.field != "row_number"
                and column.numeric < 0.5
            ):
                other_text += filled[columns.index(column)]
        rows.reason[open_rows & ~key_filled & (figure_cells == 0)] = NOTE
        few = many <= (1 if len(columns) > 2 else 0)
        lonely = open_rows & key_filled & few & (figure_cells == 0) & (other_text == 0)
        for column in (by_field[f] for f in keys if f in by_field):
            rows.reason[
                _mark_texts(column, lambda t: bool(NOTE_ROW.search(plain(t))) or len(t) > 160, lonely)
            ] = NOTE
        row_number = by_field.get("row_number")
        if row_number is not None:
            rows.reason[
                lonely & filled[columns.index(row_number)] & ~_any_key(columns, by_field, filled, keys)
            ] = NOTE
        first = columns[0]
        rows.reason[
            open_rows
            & few
            & (figure_cells == 0)
            & _mark_texts(first, lambda t: bool(NOTE_ROW.search(plain(t))))
        ] = NOTE


def _any_key(
    columns: list[Column], by_field: dict[str, Column], filled: np.ndarray, keys: tuple[str, ...]
) -> np.ndarray:
    result = np.zeros(filled.shape[1], dtype=bool)
    for name in keys:
        if name in by_field:
            result |= filled[columns.index(by_field[name])]
    return result


def _mark_sums(
    table: Table, columns: list[Column], figures: list[Column], by_field: dict[str, Column],
    rows: Rows, has_id: np.ndarray, kind: ExportKind,
) -> None:  # fmt: skip
    """A last row without an ID whose counts are the sums of all rows above is a total, whatever it is called."""
    data = np.flatnonzero(rows.data)
    counts = [c for c in figures if c.field and FIELDS[c.field].content is Content.COUNT]
    if (
        len(data) < 4
        or len(counts) < 2
        or kind
        in (
            ExportKind.TEACHERS,
            ExportKind.CALL_PARTICIPANTS,
            ExportKind.UNKNOWN,
        )
    ):
        return
    last = int(data[-1])
    if has_id[last]:
        return
    matrix = np.array([numbers(c.cells).values for c in counts])
    above = np.nansum(matrix[:, data[:-1]], axis=1)
    own = matrix[:, last]
    known = ~np.isnan(own)
    if known.sum() >= 2 and np.array_equal(own[known], above[known]) and np.count_nonzero(above[known]) >= 2:
        rows.reason[last] = TOTAL
        key = by_field.get("municipality") or by_field.get("organization")
        rows.labels[last] = cell_text(table.sheet, table.first + last, key.number) if key else ""


def left_out_frame(table: Table, columns: list[Column], rows: Rows) -> pd.DataFrame:
    """Rows that are not data, as the contract lists them: sheet, row, reason, text."""
    positions = [c.number for c in columns]
    found = np.flatnonzero((rows.reason != "") & ~rows.blank)
    return pd.DataFrame(
        {
            "sheet": pd.array([table.sheet.name] * len(found), dtype="str"),
            "row": pd.array(table.first + found + 1, dtype="Int64"),
            "reason": pd.array([REASONS[rows.reason[r]] for r in found], dtype="str"),
            "text": pd.array(
                [
                    " | ".join(t for c in positions if (t := cell_text(table.sheet, table.first + int(r), c)))
                    for r in found
                ],
                dtype="str",
            ),
        }
    )


def fill_down(values: pd.Series, data: np.ndarray) -> tuple[pd.Series, int]:
    """A label that stands on the first row of its block only, given to the whole block; how many were filled.

    A column is of that form when its label hardly ever repeats in the row after; a column with single
    gaps is left as it is, for then a missing label is a missing label.
    """
    own = values[data]
    gaps = int(own.isna().sum())
    written = own.dropna()
    if not gaps or written.empty or own.isna().iloc[0]:
        return values, 0
    repeats = int((written.to_numpy()[1:] == written.to_numpy()[:-1]).sum())
    if (gaps < 0.5 * len(written) and repeats > 0.2 * len(written)) or (
        len(written) > 1 and repeats > 0.5 * len(written)
    ):
        return values, 0
    filled = values.copy()
    filled[data] = own.ffill()
    return filled, gaps


__all__ = ["REASONS", "Rows", "classify_rows", "fill_down", "left_out_frame", "texts"]
