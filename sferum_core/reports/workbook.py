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
from sferum_core.reports.ready import NUMBER_KINDS, Columns, Ready, lines_of, texts_of
from sferum_core.wording import number

AUTHOR = "Сферум-отчёты"
ABOUT = "О файле"
FONT = "Arial"
WIDTH_LEAST, WIDTH_MOST = 12, 60
LINE_HEIGHT, TALLEST = 13.5, 400.0
HEADER_ROW = 2
USUAL_WIDTH, WIDEST_LINE = 8.43, 180.0

_STATUS_VALUES = frozenset(status.value for status in Status)
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
        self._cells: dict[tuple[Kind, bool, str], Format] = {}
        self._texts: dict[Kind, dict[str, str]] = {}
        self._on_fill: _Styles | None = None

    def get(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"font_name": FONT, "font_size": 10, **properties, **self._always}
            )
        return self._made[key]

    def marked(self) -> _Styles:
        """The same formats on the fill of a marked cell."""
        if self._on_fill is None:
            self._on_fill = _Styles(self._book, **MARKED_CELL)
        return self._on_fill

    def texts(self, sheet: BlockSheet, kind: Kind, values: list[Any]) -> list[str | None]:
        """Cells of words, each text made once in a workbook; None stays None."""
        ready = self._texts.setdefault(kind, {})
        for text in values:
            if text is not None and text not in ready:
                ready[text] = sheet.text_cell(*_text_style(self, kind, text))
        return [None if text is None else ready[text] for text in values]

    def cell(self, kind: Kind, *, risky: bool = False, colour: str = "") -> Format:
        """The format of a cell of a table."""
        key = (kind, risky, colour)
        if key not in self._cells:
            self._cells[key] = self._cell(kind, risky=risky, colour=colour)
        return self._cells[key]

    def _cell(self, kind: Kind, *, risky: bool, colour: str) -> Format:
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
        align = "right" if kind in NUMBER_KINDS else "left"
        grey = status_colour(Status.NO_DATA).text
        look = {"valign": "top", "bottom": 4, "bottom_color": "#C9D0D9", "align": align, "text_wrap": True}
        return self.get(**look, **({"indent": 1} if align == "left" else {}), font_color=grey)


def _text_style(styles: _Styles, kind: Kind, text: str) -> tuple[str, Format]:
    """What a cell of words says and its format: a status is its word in its colour."""
    if kind == "status" and text in _STATUS_VALUES:
        status = Status(text)
        return status.label, styles.cell("status", colour=status_colour(status).text)
    words: Kind = "text" if kind == "status" else kind
    return text, styles.cell(words, risky=is_risky(text))


def _cells(sheet: BlockSheet, styles: _Styles, column: Column, ready: Ready) -> list[str]:
    """The column's cells: values as their kind asks, and in place of a missing one the words for it."""
    kind = column.kind
    made: list[str | None]
    if kind in NUMBER_KINDS:
        style = styles.cell(kind)
        write = sheet.date_cells if kind == "date" else sheet.number_cells
        made = ready.cells(f"{kind} {sheet.style_number(style)}", lambda values: write(values, style))
    else:
        made = styles.texts(sheet, kind, ready.values)
    if None not in ready.values:
        return made  # type: ignore[return-value]
    grey = styles.missing(kind)
    words = {text: sheet.text_cell(text, grey) for text in dict.fromkeys(ready.reasons)}
    return [words[reason] if cell is None else cell for cell, reason in zip(made, ready.reasons, strict=True)]


def _width(column: Column, values: list[Any]) -> float:
    if column.width is not None:
        return min(max(column.width, WIDTH_LEAST), WIDTH_MOST)
    longest_word = max(map(len, re.split(r"[\s–]+", column.header)), default=0)
    texts = sorted(
        len(value) if isinstance(value, str) else 9 for value in values[:2_000] if value is not None
    )
    usual = texts[int(len(texts) * 0.95)] if texts else 0
    return float(min(max(WIDTH_LEAST, longest_word + 3, usual + 2), WIDTH_MOST))


def _height(lines: int) -> float:
    return min(LINE_HEIGHT * lines + 2, TALLEST)


def _heights(columns: list[list[int]]) -> dict[int, float]:
    """Heights of rows that hold a text of more than one line; the others keep the usual height."""
    long = [lines for lines in columns if lines]
    if not long:
        return {}
    most = long[0] if len(long) == 1 else list(map(max, *long))
    return {place: _height(count) for place, count in enumerate(most) if count > 1}


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
    headers = [right if column.kind in NUMBER_KINDS else left for column in sheet.columns]
    columns = sheet.ready or Columns(sheet.frame)
    lines: list[list[int]] = []
    block: list[list[str]] = []
    wide = 0.0
    header_lines = 1
    for place, column in enumerate(sheet.columns):
        ready = columns.ready(column)
        width = _width(column, ready.values)
        target.set_column(place, place, width)
        wide += width
        lines.append(ready.lines(width))
        header_lines = max(header_lines, lines_of(column.header, width - 2))
        target.write_string(HEADER_ROW, place, column.header, headers[place])
        written = _cells(target, styles, column, ready)
        marks = texts_of(sheet.frame[column.marked_key]) if column.marked_key else []
        if any(marks):
            filled = _cells(target, styles.marked(), column, ready)
            pairs = zip(written, filled, marks, strict=True)
            written = [two if mark else one for one, two, mark in pairs]
            put_notes(target, HEADER_ROW + 1, place, marks)
        block.append(written)
        if column.bar and rows:
            target.conditional_format(HEADER_ROW + 1, place, HEADER_ROW + rows, place, _BAR)
    target.set_row(0, 22)
    target.set_row(HEADER_ROW, _height(header_lines) + 6)
    if rows:
        target.put_block(HEADER_ROW + 1, block, _heights(lines))
        headings = [
            {"header": column.header, "header_format": style}
            for column, style in zip(sheet.columns, headers, strict=True)
        ]
        options = {"name": f"t_{sheet.key}", "columns": headings, "style": "Table Style Light 1"}
        target.add_table(HEADER_ROW, 0, HEADER_ROW + rows, last_column, options)
        cells = f"A{HEADER_ROW + 2}:{xlsxwriter.utility.xl_rowcol_to_cell(HEADER_ROW + rows, last_column)}"
        target.ignore_errors({"number_stored_as_text": cells})
    else:  # an Excel table needs a row of data; a sentence stands here instead
        target.write_string(HEADER_ROW + 1, 0, sheet.empty, styles.missing("text"))
        target.set_column(0, 0, WIDTH_MOST)
    target.freeze_panes(HEADER_ROW + 1, min(sheet.frozen_columns, last_column))
    target.repeat_rows(HEADER_ROW)
    if not rows:
        wide = WIDTH_MOST + WIDTH_LEAST * last_column
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
        target.set_row(row, _height(max(lines_of(first, 34), lines_of(second, WIDTH_MOST))))
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
        target.set_row(row, _height(max(lines_of(name, 34), lines_of(told, WIDTH_MOST))))
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
            write_chart(target, page, sheet, name, HEADER_ROW + 1)
    _write_about(about, styles, book, names[1 : len(book.sheets) + 1])
    target.close()
    return output.getvalue()
