"""Writing of a workbook by the rules for statistics in spreadsheets.

`write_workbook` takes a declared `Book` and makes the first sheet «О файле», real Excel tables, a frozen
header, filters, print set-up and document properties, and writes text from files so that it can never become
a formula. XlsxWriter writes, the tables as blocks (`block.py`): 3,000 organizations take 0.8 of the time of a
bare dump by cell; openpyxl's write-only mode took twice a dump before any of the rules.
"""

from __future__ import annotations

import io
import math
import re
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sferum_core.model import Status
from sferum_core.palette import status_colour
from sferum_core.reports.block import BlockSheet
from sferum_core.reports.book import Book, Column, Kind, ReportMeta, Sheet
from sferum_core.reports.cell_text import clean_text, is_risky, one_line
from sferum_core.reports.chart_sheets import write_chart
from sferum_core.reports.language import RussianWorkbook
from sferum_core.reports.marked import MARKED_CELL, put_notes
from sferum_core.reports.names import sheet_names
from sferum_core.wording import number

AUTHOR = "Сферум-отчёты"
ABOUT = "О файле"
FONT = "Arial"
WIDTH_LEAST, WIDTH_MOST = 12, 60
LINE_HEIGHT, TALLEST = 13.5, 400.0
LETTER = 0.86  # of the unit of widths, a Cyrillic letter of this font with room for breaks between words
HEADER_ROW = 2
USUAL_WIDTH, WIDEST_LINE = 8.43, 180.0

_STATUS_VALUES = frozenset(status.value for status in Status)
_NUMBER_KINDS: tuple[Kind, ...] = ("count", "share", "change", "date")
_NUMERIC = ("Int64", "Float64", "int64", "float64")
_NUMBER_FORMATS: dict[Kind, str] = {
    "count": "#,##0",
    "share": "0.0%",
    "change": "+0.0%;-0.0%;0.0%",
    "date": "dd.mm.yyyy",
    "id": "@",
}


class _Styles:
    """The few formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook, **always: Any) -> None:
        self._book = book
        self._always = always
        self._made: dict[tuple[Any, ...], Format] = {}

    def get(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"font_name": FONT, "font_size": 10, **properties, **self._always}
            )
        return self._made[key]

    def marked(self) -> _Styles:
        """The same formats on the fill of a marked cell."""
        return _Styles(self._book, **MARKED_CELL)

    def cell(self, kind: Kind, *, risky: bool = False, colour: str = "") -> Format:
        properties: dict[str, Any] = {"valign": "top", "bottom": 4, "bottom_color": "#C9D0D9"}
        if kind in ("text", "status", "id"):
            properties |= {"text_wrap": True, "align": "left", "indent": 1}
        if kind in _NUMBER_FORMATS:
            properties["num_format"] = _NUMBER_FORMATS[kind]
        if risky:
            properties["quote_prefix"] = True
        if colour:
            properties |= {"font_color": colour}
        if kind == "status":
            properties["bold"] = True
        return self.get(**properties)

    def missing(self, kind: Kind) -> Format:
        align = "right" if kind in _NUMBER_KINDS else "left"
        grey = status_colour(Status.NO_DATA).text
        look = {"valign": "top", "bottom": 4, "bottom_color": "#C9D0D9", "align": align, "text_wrap": True}
        return self.get(**look, **({"indent": 1} if align == "left" else {}), font_color=grey)


def _finite(value: Any) -> float | None:
    is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    return float(value) if is_number and math.isfinite(value) else None


def _values(series: pd.Series, kind: Kind) -> list[Any]:
    """Python values, None where missing; numbers that aren't finite are missing too."""
    if kind in {"count", "share", "change"}:
        if (
            series.dtype == object
        ):  # rows of a table split into many: pandas would take longer than the writing
            return [_finite(value) for value in series.tolist()]
        if series.dtype not in _NUMERIC:
            series = pd.to_numeric(series, errors="coerce").astype("Float64")
        numbers = series.to_numpy("float64", na_value=np.nan)
        return [
            value if ok else None for value, ok in zip(numbers.tolist(), np.isfinite(numbers), strict=True)
        ]
    if kind == "date":
        dates = pd.to_datetime(series, errors="coerce")
        return [None if pd.isna(value) else value.to_pydatetime() for value in dates]
    missing = series.isna().tolist()
    texts = [None if gone else str(value) for gone, value in zip(missing, series.tolist(), strict=True)]
    clean = {text: None if text is None else clean_text(text) or None for text in set(texts)}
    return [clean[text] for text in texts]


def _text_style(styles: _Styles, kind: Kind, text: str) -> tuple[str, Format]:
    """What a cell of words says and its format: a status is its word in its colour."""
    if kind == "status" and text in _STATUS_VALUES:
        status = Status(text)
        return status.label, styles.cell("status", colour=status_colour(status).text)
    words: Kind = "text" if kind == "status" else kind
    return text, styles.cell(words, risky=is_risky(text))


def _cells(
    sheet: BlockSheet, styles: _Styles, column: Column, values: list[Any], reasons: list[str]
) -> list[str]:
    """The column's cells: values as their kind asks, and in place of a missing one the words for it."""
    kind = column.kind
    if kind == "date":
        made = sheet.date_cells(values, styles.cell(kind))
    elif kind in _NUMBER_KINDS:
        made = sheet.number_cells(values, styles.cell(kind))
    else:
        ready = {
            text: None if text is None else sheet.text_cell(*_text_style(styles, kind, text))
            for text in dict.fromkeys(values)
        }
        made = [ready[text] for text in values]
    style = styles.missing(kind)
    words = {text: sheet.text_cell(text, style) for text in dict.fromkeys(reasons)} if None in values else {}
    return [words[reason] if cell is None else cell for cell, reason in zip(made, reasons, strict=True)]


def _width(column: Column, values: list[Any]) -> float:
    if column.width is not None:
        return min(max(column.width, WIDTH_LEAST), WIDTH_MOST)
    longest_word = max(map(len, re.split(r"[\s–]+", column.header)), default=0)
    texts = sorted(
        len(value) if isinstance(value, str) else 9 for value in values[:2_000] if value is not None
    )
    usual = texts[int(len(texts) * 0.95)] if texts else 0
    return float(min(max(WIDTH_LEAST, longest_word + 3, usual + 2), WIDTH_MOST))


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column; programs that don't fit heights themselves need to be told."""
    room = max(1.0, width - 2)
    return sum(max(1, math.ceil(len(part) * LETTER / room)) for part in text.split("\n"))


def _height(lines: int) -> float:
    return min(LINE_HEIGHT * lines + 2, TALLEST)


def _heights(columns: list[tuple[float, list[Any]]]) -> dict[int, float]:
    """Heights of rows that hold a text of more than one line; the others keep the usual height."""
    most: dict[int, int] = {}
    for width, values in columns:
        lines = {text: _lines(text, width) for text in set(values) if isinstance(text, str)}
        long = {text: count for text, count in lines.items() if count > 1}
        for place, value in enumerate(values) if long else ():
            if isinstance(value, str) and value in long:
                most[place] = max(most.get(place, 1), long[value])
    return {place: _height(count) for place, count in most.items()}


def _check(sheet: Sheet) -> None:
    headers = [column.header.strip().casefold() for column in sheet.columns]
    if not headers or "" in headers or len(set(headers)) != len(headers):
        raise ValueError(f"sheet {sheet.key!r}: headers must be non-empty and unique")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,60}", sheet.key):
        raise ValueError(f"sheet key {sheet.key!r} can't name an Excel table")
    for column in sheet.columns:
        if column.key not in sheet.frame.columns:
            raise ValueError(f"sheet {sheet.key!r} has no column {column.key!r}")


def _write_sheet(target: BlockSheet, styles: _Styles, sheet: Sheet, meta: ReportMeta) -> None:
    last_column, rows = len(sheet.columns) - 1, len(sheet.frame)
    target.write_string(0, 0, one_line(sheet.title), styles.get(bold=True, font_size=14))
    target.write_string(1, 0, one_line(meta.source_line), styles.get(font_color="#5B6573"))
    look = {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E6ECF5", "bottom": 1}
    left, right = styles.get(**look, align="left", indent=1), styles.get(**look, align="right")
    headers = [right if column.kind in _NUMBER_KINDS else left for column in sheet.columns]
    texts: list[tuple[float, list[Any]]] = []
    block: list[list[str]] = []
    header_lines = 1
    for place, column in enumerate(sheet.columns):
        values = _values(sheet.frame[column.key], column.kind)
        reasons = [column.missing] * rows
        if column.missing_key is not None:
            own = _values(sheet.frame[column.missing_key], "text")
            reasons = [text or column.missing for text in own]
        width = _width(column, values)
        target.set_column(place, place, width)
        shown = zip(values, reasons, strict=True)
        texts.append((width, [reason if value is None else value for value, reason in shown]))
        header_lines = max(header_lines, _lines(column.header, width - 2))
        target.write_string(HEADER_ROW, place, column.header, headers[place])
        written = _cells(target, styles, column, values, reasons)
        marks = _values(sheet.frame[column.marked_key], "text") if column.marked_key else []
        if any(marks):
            filled = _cells(target, styles.marked(), column, values, reasons)
            pairs = zip(written, filled, marks, strict=True)
            written = [two if mark else one for one, two, mark in pairs]
            put_notes(target, HEADER_ROW + 1, place, marks)
        block.append(written)
        if column.bar and rows:
            target.conditional_format(HEADER_ROW + 1, place, HEADER_ROW + rows, place, _BAR)
    target.set_row(0, 22)
    target.set_row(HEADER_ROW, _height(header_lines) + 6)
    if rows:
        target.put_block(HEADER_ROW + 1, block, _heights(texts))
        columns = [
            {"header": column.header, "header_format": style}
            for column, style in zip(sheet.columns, headers, strict=True)
        ]
        options = {"name": f"t_{sheet.key}", "columns": columns, "style": "Table Style Light 1"}
        target.add_table(HEADER_ROW, 0, HEADER_ROW + rows, last_column, options)
        cells = f"A{HEADER_ROW + 2}:{xlsxwriter.utility.xl_rowcol_to_cell(HEADER_ROW + rows, last_column)}"
        target.ignore_errors({"number_stored_as_text": cells})
    else:  # an Excel table needs a row of data; a sentence stands here instead
        target.write_string(HEADER_ROW + 1, 0, sheet.empty, styles.missing("text"))
        target.set_column(0, 0, WIDTH_MOST)
    target.freeze_panes(HEADER_ROW + 1, min(sheet.frozen_columns, last_column))
    target.repeat_rows(HEADER_ROW)
    wide = sum(width for width, _ in texts) if rows else WIDTH_MOST + WIDTH_LEAST * last_column
    room = _columns_for_lines(one_line(sheet.title), one_line(meta.source_line), wide)
    target.print_area(0, 0, HEADER_ROW + max(rows, 1), last_column + room)
    _print_setup(target, sheet.title)


def _columns_for_lines(title: str, source: str, wide: float) -> int:
    """How many columns beside a narrow table are printed so that the two lines above it are whole.

    A page is fitted to the width that is printed, so lines of absurd length are cut rather than shrink it.
    """
    needed = min(max(len(title) * 1.4, float(len(source))), WIDEST_LINE)
    return max(0, math.ceil((needed - wide) / USUAL_WIDTH))


_BAR = {
    "type": "data_bar",
    "bar_solid": True,
    "bar_color": "#BFD3F5",
    "bar_border_color": "#BFD3F5",
    "min_type": "num",
    "min_value": 0,
    "max_type": "max",
    "data_bar_2010": True,
}


def _print_setup(target: Worksheet, title: str) -> None:
    target.set_landscape()
    target.set_paper(9)
    target.fit_to_pages(1, 0)
    target.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    safe = one_line(title).replace("&", "&&")[:120]
    target.set_footer(f"&L&8{safe}&R&8Страница &P из &N")


def _about_rows(book: Book) -> list[tuple[str, str]]:
    meta = book.meta
    source_date = f"{meta.source_date:%d.%m.%Y}" if meta.source_date else "не указана"
    rows = [
        ("Регион", meta.region or "не указан"),
        ("Отчётный период", meta.period_label),
        ("Файл выгрузки", meta.source_name or "не указан"),
        ("Дата выгрузки", source_date),
        ("Контрольная сумма файла (SHA-256)", meta.source_sha or "не указана"),
        ("Нормы", meta.profile_title or "не заданы"),
        ("Источник норм", meta.profile_source or "не указан"),
        ("Строк прочитано из файла", number(meta.rows_read)),
        ("Строк не вошло", number(meta.rows_left_out)),
        ("Отбор", meta.filters_text or "без отбора, показаны все строки"),
        ("Сформировано", f"{meta.generated:%d.%m.%Y %H:%M}"),
        ("Чем сформировано", AUTHOR),
    ]
    return rows


def _write_about(target: Worksheet, styles: _Styles, book: Book, names: list[str]) -> None:
    label, text = (
        styles.get(bold=True, valign="top", text_wrap=True),
        styles.get(valign="top", text_wrap=True, align="left"),
    )
    risky = styles.get(valign="top", text_wrap=True, align="left", quote_prefix=True)
    heading = styles.get(bold=True, font_size=12, bottom=1, bottom_color="#8994A3")
    link = styles.get(font_color="#1F5FD0", underline=1, valign="top", text_wrap=True)
    target.set_column(0, 0, 34)
    target.set_column(1, 1, WIDTH_MOST)
    target.write_string(0, 0, one_line(book.meta.title), styles.get(bold=True, font_size=16))
    row = 1

    def put(first: str, second: str, style: Format = label) -> None:
        nonlocal row
        second = clean_text(second)
        target.write_string(row, 0, clean_text(first), style)
        target.write_string(row, 1, second, risky if is_risky(second) else text)
        target.set_row(row, _height(max(_lines(first, 34), _lines(second, WIDTH_MOST))))
        row += 1

    def section(title: str) -> None:
        nonlocal row
        target.set_row(row, 24)
        target.write_string(row, 0, title, heading)
        target.write_blank(row, 1, None, heading)
        row += 1

    for first, second in _about_rows(book):
        put(first, second)
    section("Содержание")
    for name, sheet in zip(names, book.sheets, strict=True):
        quoted = name.replace("'", "''")
        target.write_url(row, 0, f"internal:'{quoted}'!A1", link, string=name)
        told = f"{sheet.title} – строк: {number(len(sheet.frame))}"
        if sheet.chart is not None and len(sheet.frame):
            told += "; за таблицей – лист с графиком"
        told = one_line(told)
        target.write_string(row, 1, told, text)
        target.set_row(row, _height(max(_lines(name, 34), _lines(told, WIDTH_MOST))))
        row += 1
    notes = [(name, sheet.note) for name, sheet in zip(names, book.sheets, strict=True) if sheet.note]
    if notes or book.notes:
        section("Примечания")
        for place, note in enumerate(book.notes, 1):
            put(f"Примечание {place}", note)
        for name, note in notes:
            put(f"К листу «{name}»", note)
    if book.statuses:
        section("Что означают статусы")
        for status, meaning in book.statuses:
            colour = status_colour(status).text
            put(status.label, meaning, styles.get(bold=True, valign="top", font_color=colour))
    target.hide_gridlines(2)
    target.print_area(0, 0, row - 1, 1)
    _print_setup(target, book.meta.title)
    if row <= 45:
        target.fit_to_pages(1, 1)


def write_workbook(book: Book) -> bytes:
    """The bytes of an xlsx file. The same book gives the same bytes.

    Raises ValueError when a sheet is declared wrongly: a repeated or empty header, a column the frame lacks.
    """
    for sheet in book.sheets:
        _check(sheet)
    if len({sheet.key.casefold() for sheet in book.sheets}) != len(book.sheets):
        raise ValueError("sheet keys must be unique")
    output = io.BytesIO()
    target = RussianWorkbook(
        output, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    charts = [sheet.chart for sheet in book.sheets if sheet.chart is not None and len(sheet.frame)]
    names = sheet_names([ABOUT, *(sheet.name for sheet in book.sheets), *(chart.name for chart in charts)])
    chart_names = iter(names[len(book.sheets) + 1 :])
    target.set_properties(
        {
            "title": clean_text(book.meta.title),
            "subject": clean_text(book.meta.source_line),
            "author": AUTHOR,
            "company": AUTHOR,
            "created": book.meta.generated,
        }
    )
    styles = _Styles(target)
    about = target.add_worksheet(names[0])
    for name, sheet in zip(names[1:], book.sheets, strict=False):
        _write_sheet(target.add_worksheet(name, BlockSheet), styles, sheet, book.meta)
        if sheet.chart is not None and len(sheet.frame):
            page = target.add_chartsheet(next(chart_names))
            write_chart(target, page, sheet, sheet.chart, name, HEADER_ROW + 1)
    _write_about(about, styles, book, names[1 : len(book.sheets) + 1])
    target.close()
    return output.getvalue()
