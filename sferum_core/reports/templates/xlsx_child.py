"""Fills an office's xlsx template under limits of its own process; its formats stay.

Started by `reading.launch`. FOLDER holds task.json and template.xlsx; the child leaves answer.json
and out-0.xlsx, out-1.xlsx … Named cells and «{{ поле }}» in cells take the fields; the rows go under the header
that the parent found, what stands below them moves down.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sferum_core.reading.process import Refused, run

_FIELD = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
_REFERENCE = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d+)(?::(\$?[A-Z]{1,3}\$?)(\d+))?")
_MOST_CELLS = 400_000


def _text(cell: Any, value: str) -> None:
    """Text that can never become a formula."""
    cell.value = value
    cell.data_type = "s"
    if value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        cell.quotePrefix = True


def _put(cell: Any, value: Any) -> None:
    if isinstance(value, str):
        _text(cell, value)
    else:
        cell.value = value


def _named(book: Any, known: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """Fields by defined names, of the book and of its sheets, with the first cell of each."""
    scopes = [book.defined_names, *(sheet.defined_names for sheet in book.worksheets)]
    for scope in scopes:
        for name, defined in scope.items():
            field = known.get(name.casefold())
            if field is None:
                continue
            for title, place in defined.destinations:
                first = place.replace("$", "").split(":")[0]
                if title in book.sheetnames and re.fullmatch(r"[A-Z]{1,3}\d{1,7}", first):
                    yield field, book[title][first]
                    break


def _bracketed(book: Any) -> Iterator[tuple[list[str], Any]]:
    for sheet in book.worksheets:
        for cell in list(sheet._cells.values()):
            if isinstance(cell.value, str) and cell.data_type != "f" and "{{" in cell.value:
                names = [name.strip() for name in _FIELD.findall(cell.value)]
                if names:
                    yield names, cell


def _fill_fields(book: Any, values: dict[str, str], known: dict[str, str]) -> list[str]:
    used = []
    for field, cell in _named(book, known):
        used.append(field)
        value = values.get(field, "")
        bare = value.replace("\u202f", "").replace("\u00a0", "")
        _put(
            cell,
            int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 10 and field in _COUNTS else value,
        )
    unknown = []
    for names, cell in _bracketed(book):
        wrong = [name for name in names if name.casefold() not in known]
        unknown += wrong
        used += [known[name.casefold()] for name in names if name not in wrong]
        _text(
            cell,
            _FIELD.sub(lambda match: values.get(known.get(match.group(1).casefold(), ""), ""), cell.value),
        )
    if unknown:
        raise Refused("unknown_fields", names=list(dict.fromkeys(unknown)))
    return list(dict.fromkeys(used))


_COUNTS = frozenset({"организаций", "не_активны", "ниже_нормы", "ждут_деактивации", "не_хватает"})


def _fill_table(sheet: Any, header: int, columns: dict[str, Any], rows: int) -> None:
    """Rows under the 1-based row `header`, in the look of the first row under it."""
    first, width = header + 1, max(sheet.max_column, *(int(number) + 1 for number in columns))
    if max(rows, 1) * width > _MOST_CELLS:
        raise Refused("too_demanding")
    look = [copy.copy(sheet.cell(first, place)._style) for place in range(1, width + 1)]
    height = sheet.row_dimensions[first].height
    formulas = {
        place: sheet.cell(first, place).value
        for place in range(1, width + 1)
        if sheet.cell(first, place).data_type == "f" and str(place - 1) not in columns
    }
    below = _first_filled(sheet, first + 1)
    room = below - first if below else 0
    last = first + max(rows, 1) - 1
    if below and rows > room:
        _move_down(sheet, below, rows - room)
    _stretch(sheet, header, first, last)
    for number in columns:
        sheet.cell(first, int(number) + 1).value = None
    if not rows:
        _text(sheet.cell(first, min(map(int, columns)) + 1), "Строк нет: организаций не найдено.")
        return
    from openpyxl.formula.translate import Translator  # noqa: PLC0415

    for row in range(first, first + rows):
        if height:
            sheet.row_dimensions[row].height = height
        for place in range(1, width + 1):
            cell = sheet.cell(row, place)
            cell._style = copy.copy(look[place - 1])
            column = columns.get(str(place - 1))
            if column is not None:
                _put(cell, column["values"][row - first])
                if column["share"] and "%" not in cell.number_format and not isinstance(cell.value, str):
                    cell.number_format = "0.0%"
            elif place in formulas and row > first:
                origin = sheet.cell(first, place).coordinate
                cell.value = Translator(formulas[place], origin=origin).translate_formula(cell.coordinate)


def _first_filled(sheet: Any, start: int) -> int | None:
    rows = [row for (row, _), cell in sheet._cells.items() if row >= start and cell.value is not None]
    rows += [merged.min_row for merged in sheet.merged_cells.ranges if merged.min_row >= start]
    return min(rows, default=None)


def _move_down(sheet: Any, start: int, by: int) -> None:
    """Everything from row `start` on stands `by` rows lower, merged cells, heights and formulas with it."""
    bottom = sheet.max_row
    merged = [area for area in sheet.merged_cells.ranges if area.min_row >= start]
    for area in merged:
        sheet.unmerge_cells(str(area))
    heights = {row: sheet.row_dimensions[row].height for row in range(start, bottom + 1)}
    for row, column in sorted(sheet._cells, reverse=True):
        if row >= start:
            sheet._move_cell(row, column, by, 0, False)
    for row in heights:
        sheet.row_dimensions[row].height = None
    for row, tall in heights.items():
        if tall:
            sheet.row_dimensions[row + by].height = tall
    for area in merged:
        area.shift(row_shift=by)
        sheet.merge_cells(str(area))
    for (row, _), cell in list(sheet._cells.items()):
        if cell.data_type == "f" and isinstance(cell.value, str):
            inside = start + by <= row
            cell.value = (
                _moved_formula(cell.value, start, by) if inside or "!" not in cell.value else cell.value
            )


def _moved_formula(formula: str, start: int, by: int) -> str:
    """References to rows from `start` on move; a range that ends right above them grows."""

    def moved(match: re.Match[str]) -> str:
        column, row, other, end = match.group(1), int(match.group(2)), match.group(3), match.group(4)
        top = row + by if row >= start else row
        if other is None:
            return f"{column}{top}"
        bottom = int(end) + by if int(end) >= start - 1 else int(end)
        return f"{column}{top}:{other}{bottom}"

    return _REFERENCE.sub(moved, formula)


def _stretch(sheet: Any, header: int, first: int, last: int) -> None:
    """Excel tables, filters, lists of allowed values and rules of colour reach down to row `last`."""
    for table in sheet.tables.values():
        table.ref = _longer(table.ref, header, last)
        if table.autoFilter is not None:
            table.autoFilter.ref = _longer(table.autoFilter.ref, header, last)
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = _longer(sheet.auto_filter.ref, header, last)
    for validation in sheet.data_validations.dataValidation:
        for area in validation.sqref.ranges:
            if area.min_row <= first <= area.max_row:
                area.max_row = max(area.max_row, last)
    rules = sheet.conditional_formatting
    for known in list(rules):
        for area in known.sqref.ranges:
            if area.min_row <= first <= area.max_row:
                area.max_row = max(area.max_row, last)


def _longer(ref: str, header: int, last: int) -> str:
    from openpyxl.utils import get_column_letter, range_boundaries  # noqa: PLC0415

    left, top, right, bottom = range_boundaries(ref)
    if top != header:
        return ref
    return f"{get_column_letter(left)}{top}:{get_column_letter(right)}{max(bottom, last)}"


def _work(folder: Path, task: dict[str, Any]) -> dict[str, Any]:
    import openpyxl  # noqa: PLC0415 - after the limits are set

    known = {name.casefold(): name for name in task["known"]}
    source = folder / "template.xlsx"
    if not task["fillings"]:
        book = openpyxl.load_workbook(source)
        return {"fields": _fill_fields(book, {}, known)}
    for number, filling in enumerate(task["fillings"]):
        book = openpyxl.load_workbook(source)
        fields = _fill_fields(book, filling["fields"], known)
        if task["header"] is not None and task["header"]["sheet"] in book.sheetnames:
            sheet = book[task["header"]["sheet"]]
            _fill_table(sheet, task["header"]["row"] + 1, filling["columns"], filling["rows"])
        book.save(folder / f"out-{number}.xlsx")
    return {"fields": fields}


def main(folder: Path) -> None:
    """Fill the template for every filling, unless the process dies of it."""
    run(folder, _work, lambda _: "broken")
