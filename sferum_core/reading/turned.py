"""A small table that stands on its side: indicators down the first column, values beside them («Общая» of a cabinet)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sferum_core.reading.fields import FIELDS, Content
from sferum_core.reading.guesses import looks_like_municipality, looks_like_organization
from sferum_core.reading.headers import read_header
from sferum_core.reading.rawbook import BOOL, DATE, EMPTY, NUMBER, TEXT, RawColumn, RawSheet
from sferum_core.reading.values import is_missing, parse_date, parse_number

MOST_ROWS, MOST_COLUMNS = 120, 40
LEAST_FIELDS = 3
_FIGURES = (Content.COUNT, Content.SHARE)
Cell = tuple[int, float, str]  # kind, number, text


def turned(sheet: RawSheet) -> RawSheet | None:
    """The sheet with its rows made columns; None when it does not stand on its side.

    It does when three and more different indicators are named down a column, few cells of a row name any, and
    what stands beside them are figures. Lines over the first indicator stay lines over the table.
    """
    if not 2 < sheet.n_rows <= MOST_ROWS or not 2 <= len(sheet.columns) <= MOST_COLUMNS:
        return None
    grid = [[_cell(column, row) for column in sheet.columns] for row in range(sheet.n_rows)]
    label = next((c for c in range(min(3, len(sheet.columns))) if _names_indicators(grid, c)), None)
    if label is None or _has_header(grid):
        return None
    rows = [row for row in range(len(grid)) if _is_figure_row(grid[row], label)]
    values = [
        c for c in range(label + 1, len(sheet.columns)) if any(grid[row][c][0] != EMPTY for row in rows)
    ]
    if len(rows) < LEAST_FIELDS or not values:
        return None
    head = [_text_cell(grid[row][label][2]) for row in rows]
    lines = [[grid[row][c] for row in rows] for c in values]
    above = [row for row in range(rows[0]) if any(cell[0] != EMPTY for cell in grid[row])]
    dates = next((row for row in above if all(_is_date(grid[row][c]) for c in values)), None)
    if dates is not None:
        head.append(_text_cell("Дата"))
        lines = [[*line, grid[dates][c]] for line, c in zip(lines, values, strict=True)]
    named = next(
        (row for row in above if row != dates and all(grid[row][c][0] == TEXT for c in values)), None
    )
    whose = _whose([grid[named][c][2] for c in values]) if named is not None else None
    if named is not None and whose:
        head.append(_text_cell(whose))
        lines = [[*line, grid[named][c]] for line, c in zip(lines, values, strict=True)]
    titles = [
        next(cell for cell in grid[row] if cell[0] != EMPTY)
        for row in above
        if row != dates and sum(cell[0] != EMPTY for cell in grid[row]) == 1
    ]
    nothing: Cell = (EMPTY, np.nan, "")
    whole = [[title, *[nothing] * (len(head) - 1)] for title in titles] + [head, *lines]
    columns = [_column([line[place] for line in whole]) for place in range(len(head))]
    return replace(sheet, n_rows=len(whole), columns=columns, merged=[])


def _whose(names: list[str]) -> str | None:
    """The header for the names over the values: organizations or municipalities beside each other."""
    for header, test in (
        ("Муниципалитет", looks_like_municipality),
        ("Организация", looks_like_organization),
    ):
        if sum(map(test, names)) >= max(2, 0.7 * len(names)):
            return header
    return None


def _cell(column: RawColumn, row: int) -> Cell:
    kind = int(column.kinds[row])
    text = column.texts[column.codes[row]] if kind in (TEXT, DATE) else ""
    if kind == TEXT and not text.strip():
        return EMPTY, np.nan, ""
    return kind, float(column.numbers[row]), text


def _text_cell(text: str) -> Cell:
    return TEXT, np.nan, text


def _field(cell: Cell) -> str | None:
    found = read_header(cell[2]).field if cell[0] == TEXT else None
    return found if found in FIELDS and FIELDS[found].content in _FIGURES else None


def _names_indicators(grid: list[list[Cell]], column: int) -> bool:
    return len({_field(row[column]) for row in grid} - {None}) >= LEAST_FIELDS


def _has_header(grid: list[list[Cell]]) -> bool:
    """Whether a row names two indicators: then the table stands as usual."""
    return any(len({_field(cell) for cell in row} - {None}) >= 2 for row in grid)


def _is_figure_row(row: list[Cell], label: int) -> bool:
    beside = [cell for cell in row[label + 1 :] if cell[0] != EMPTY]
    return row[label][0] == TEXT and bool(beside) and all(map(_is_figure, beside))


def _is_figure(cell: Cell) -> bool:
    return (
        cell[0] in (NUMBER, BOOL)
        or is_missing(cell[2])
        or (cell[0] == TEXT and parse_number(cell[2]) is not None)
    )


def _is_date(cell: Cell) -> bool:
    return cell[0] == DATE or (
        cell[0] == TEXT and parse_number(cell[2]) is None and parse_date(cell[2]) is not None
    )


def _column(cells: list[Cell]) -> RawColumn:
    texts = list(dict.fromkeys(cell[2] for cell in cells if cell[0] in (TEXT, DATE)))
    places = {text: place for place, text in enumerate(texts)}
    return RawColumn(
        np.array([cell[0] for cell in cells], dtype=np.uint8),
        np.array([cell[1] for cell in cells], dtype=np.float64),
        np.array([places[cell[2]] if cell[0] in (TEXT, DATE) else -1 for cell in cells], dtype=np.int32),
        texts,
    )
