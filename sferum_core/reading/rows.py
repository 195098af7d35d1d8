"""Which rows under a header are data, and why the others are not: totals, headings, notes, repeated headers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from sferum_core.model import ExportKind
from sferum_core.reading.columns import Column
from sferum_core.reading.fields import FIELDS, Content
from sferum_core.reading.guesses import looks_like_municipality, looks_like_organization, looks_like_person
from sferum_core.reading.headings import mark_headings, mark_region
from sferum_core.reading.rawbook import EMPTY, NUMBER
from sferum_core.reading.row_marks import (
    AVERAGE,
    NOTE,
    NUMBERING,
    REASONS,
    REPEATED,
    TOTAL,
    Rows,
    is_total,
    mark_texts,
)
from sferum_core.reading.tables import Table, cell_text, is_numbering
from sferum_core.reading.values import numbers, whole_numbers
from sferum_core.reading.wording import AVERAGE_ROW, NOTE_ROW, TOTAL_ENDS, TOTAL_STARTS, plain

_LABELS = ("municipality", "organization", "organization_type", "full_name", "organization_id", "row_number")


def _filled(columns: list[Column], length: int) -> np.ndarray:
    matrix = np.zeros((len(columns), length), dtype=bool)
    for i, column in enumerate(columns):
        matrix[i] = column.cells.kinds != EMPTY
    return matrix


def _one_of(words: set[str]) -> Callable[[str], bool]:
    return lambda text: plain(text) in words


def _may_be_total(text: str) -> bool:
    return text[:3].lower() in TOTAL_STARTS or text[-5:].lower() in TOTAL_ENDS


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


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
        has_id = (column.cells.kinds == NUMBER) | mark_texts(column, _has_digit)
    _mark_repeats(table, columns, rows, many)
    _mark_totals(columns, by_field, rows, has_id, many)
    mark_region(by_field, rows, kind)
    mark_headings(table, columns, by_field, rows, kind, filled, figure_cells, has_id)
    _mark_notes(columns, by_field, rows, kind, filled, figure_cells, many)
    _mark_remarks(table, by_field, rows, kind, figure_cells, many)
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
        same += mark_texts(column, _one_of(whole), hint=exact)
    rows.reason[(same >= 2) & (same >= 0.6 * many)] = REPEATED
    if len(columns) >= 3:
        for row in range(min(3, len(many))):
            found = [t for c in columns if (t := cell_text(table.sheet, table.first + row, c.number))]
            if is_numbering(found) and len(found) >= 0.8 * len(columns):
                rows.reason[row] = NUMBERING


def _mark_totals(
    columns: list[Column], by_field: dict[str, Column], rows: Rows, has_id: np.ndarray, many: np.ndarray
) -> None:
    labels = [by_field[f] for f in _LABELS if f in by_field]
    labels += [c for c in columns if c.field is None and c.numeric < 0.5][:3]
    for column in labels:
        hits = mark_texts(column, is_total, ~has_id & (rows.reason == ""), _may_be_total)
        for row in np.flatnonzero(hits):
            text = column.cells.texts[column.cells.codes[row]]
            rows.reason[row] = AVERAGE if AVERAGE_ROW.search(plain(text)) else TOTAL
            rows.labels[int(row)] = text


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
                mark_texts(column, lambda t: bool(NOTE_ROW.search(plain(t))) or len(t) > 160, lonely)
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
            & mark_texts(first, lambda t: bool(NOTE_ROW.search(plain(t))))
        ] = NOTE


def _mark_remarks(
    table: Table,
    by_field: dict[str, Column],
    rows: Rows,
    kind: ExportKind,
    figure_cells: np.ndarray,
    many: np.ndarray,
) -> None:
    """Rows of one or two words among rows of figures: signatures, page marks, remarks under the table."""
    open_rows = np.flatnonzero((rows.reason == "") & ~rows.blank)
    with_figures = open_rows[figure_cells[open_rows] > 0]
    if len(table.positions) < 3 or len(with_figures) <= 0.5 * len(open_rows):
        return
    fields, looks_right = {
        ExportKind.ORGANIZATIONS: (("organization", "organization_id"), looks_like_organization),
        ExportKind.MUNICIPALITIES: (("municipality",), looks_like_municipality),
        ExportKind.DOO_STAFF: (("municipality",), looks_like_municipality),
        ExportKind.TEACHERS: (("full_name",), looks_like_person),
    }.get(kind, ((), looks_like_person))
    key = next((by_field[f] for f in fields if f in by_field), None)
    if key is None:
        return
    labels = [by_field[f].number for f in (*_LABELS, "is_active") if f in by_field]
    of_municipalities = kind in (ExportKind.MUNICIPALITIES, ExportKind.DOO_STAFF)
    for row in map(int, open_rows[(figure_cells[open_rows] == 0) & (many[open_rows] <= 2)]):
        text = cell_text(table.sheet, table.first + row, key.number)
        if of_municipalities and row < with_figures[-1]:
            continue
        cells = [cell_text(table.sheet, table.first + row, c) for c in table.positions]
        remark = any(NOTE_ROW.search(plain(cell)) for cell in cells)
        labelled = sum(bool(cell_text(table.sheet, table.first + row, c)) for c in labels) > 1
        named = bool(text) and (labelled or key.field == "organization_id" or looks_right(text))
        if remark or not named:
            rows.reason[row] = NOTE


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
    """A first or last row without an ID whose counts are the sums of all others is a total, whatever it is called."""
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
    matrix = np.array([whole_numbers(c.cells) for c in counts])
    every = np.nansum(matrix[:, data], axis=1)
    for row in (int(data[-1]), int(data[0])):
        own = matrix[:, row]
        known = ~np.isnan(own)
        others = every[known] - own[known]
        if (
            not has_id[row]
            and known.sum() >= 2
            and np.array_equal(own[known], others)
            and np.count_nonzero(others) >= 2
        ):
            rows.reason[row] = TOTAL
            key = by_field.get("municipality") or by_field.get("organization")
            rows.labels[row] = cell_text(table.sheet, table.first + row, key.number) if key else ""
            return


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


__all__ = ["classify_rows", "fill_down", "left_out_frame"]
