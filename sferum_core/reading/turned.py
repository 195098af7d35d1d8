"""A small table that stands on its side: indicators down the first column, values beside them («Общая» of a cabinet)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import numpy as np

from sferum_core.model import Period
from sferum_core.reading.fields import FIELDS, Content
from sferum_core.reading.guesses import looks_like_municipality, looks_like_organization
from sferum_core.reading.headers import read_header
from sferum_core.reading.periods import best_period
from sferum_core.reading.rawbook import BOOL, DATE, EMPTY, NUMBER, TEXT, RawColumn, RawSheet
from sferum_core.reading.values import is_missing, make_date, month_number, parse_date, parse_number
from sferum_core.reading.wording import plain

MOST_ROWS, MOST_COLUMNS = 120, 40
LEAST_FIELDS, LEAST_DATED = 3, 2
_DAY_MONTH = re.compile(r"(\d{1,2})(?:[./](\d{1,2})\.?| ([а-я]{3,8})\.?)")
_NEAR = dt.timedelta(days=8)  # a period may be shown without its last day or two
_FIGURES = (Content.COUNT, Content.SHARE)
Cell = tuple[int, float, str]  # kind, number, text


def turned(sheet: RawSheet, filename: str = "") -> RawSheet | None:
    """The sheet with its rows made columns; None when it does not stand on its side.

    It does when three and more different indicators (two under a row of dates) are named down a column, few
    cells of a row name any, and what stands beside them are figures. Lines over the first indicator stay
    lines over the table. Dates without a year get that of the period over the table or in `filename`.
    """
    if not 2 < sheet.n_rows <= MOST_ROWS or not 2 <= len(sheet.columns) <= MOST_COLUMNS:
        return None
    grid = [[_cell(column, row) for column in sheet.columns] for row in range(sheet.n_rows)]
    label = next((c for c in range(min(3, len(sheet.columns))) if _names_indicators(grid, c)), None)
    if label is None or _has_header(grid):
        return None
    yearless = _date_yearless(grid, label, [sheet.name, filename])
    rows = [row for row in range(len(grid)) if row != yearless and _is_figure_row(grid[row], label)]
    values = [
        c for c in range(label + 1, len(sheet.columns)) if any(grid[row][c][0] != EMPTY for row in rows)
    ]
    if len(rows) < LEAST_DATED or not values:
        return None
    head = [_text_cell(grid[row][label][2]) for row in rows]
    lines = [[grid[row][c] for row in rows] for c in values]
    above = [row for row in range(rows[0]) if any(cell[0] != EMPTY for cell in grid[row])]
    dates = next((row for row in above if all(_is_date(grid[row][c]) for c in values)), None)
    dates = yearless if dates is None else dates
    if dates is None and len(rows) < LEAST_FIELDS:
        return None
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
    return len({_field(row[column]) for row in grid} - {None}) >= LEAST_DATED


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


def _date_yearless(grid: list[list[Cell]], label: int, names: list[str]) -> int | None:
    """The row of days without a year («25.01», «25 января»), its cells made dates by the period given; else None.

    A row that names an indicator holds figures: 25.01 may be one.
    """
    for row, cells in enumerate(grid):
        beside = [cell for cell in cells[label + 1 :] if cell[0] != EMPTY]
        found = [_DAY_MONTH.fullmatch(plain(cell[2])) if cell[0] == TEXT else None for cell in beside]
        if _field(cells[label]) or not beside or not all(found):
            continue
        lines = [cell[2] for line in grid[:row] for cell in line if cell[0] == TEXT]
        period = best_period([*lines, *names])
        days = [_day(match, period) for match in found if match] if period else []
        if not days or None in days or len(set(days)) < len(days):
            return None
        dated = iter(days)
        grid[row] = [
            _text_cell(f"{next(dated):%d.%m.%Y}") if place > label and cell[0] != EMPTY else cell
            for place, cell in enumerate(cells)
        ]
        return row
    return None


def _day(match: re.Match[str], period: Period) -> dt.date | None:
    """The day in the year in which it is of the period or next to it."""
    month = int(match[2]) if match[2] else month_number(match[3])
    days = [
        make_date(year, month or 0, int(match[1])) for year in sorted({period.start.year, period.end.year})
    ]
    return next((day for day in days if day and period.start - _NEAR <= day <= period.end + _NEAR), None)


def _column(cells: list[Cell]) -> RawColumn:
    texts = list(dict.fromkeys(cell[2] for cell in cells if cell[0] in (TEXT, DATE)))
    places = {text: place for place, text in enumerate(texts)}
    return RawColumn(
        np.array([cell[0] for cell in cells], dtype=np.uint8),
        np.array([cell[1] for cell in cells], dtype=np.float64),
        np.array([places[cell[2]] if cell[0] in (TEXT, DATE) else -1 for cell in cells], dtype=np.int32),
        texts,
    )
