"""From bytes to raw grids: every format, every kind of cell."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import zipfile
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sferum_core.reading.answer import ERROR_WORDS
from sferum_core.reading.open import open_file
from sferum_core.reading.rawbook import BOOL, DATE, EMPTY, NUMBER, TEXT, TIME
from tests.core.reading import files
from tests.core.reading.opened import grid_of, sheet_of


@pytest.mark.parametrize("make", [files.xlsx, files.xls, files.ods])
@pytest.mark.parametrize("filename", ["a.xlsx", "a.csv", "a"])
def test_workbooks_are_read_whatever_their_ending(make: Any, filename: str) -> None:
    opened = open_file(make(), filename)
    assert opened.format == make.__name__
    assert opened.books[0].filename == filename
    assert grid_of(opened.books[0].sheets[0]) == files.ROWS


def test_a_workbook_with_macros_is_read() -> None:
    types = lambda part: part.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml").replace(  # noqa: E731
        b"openxmlformats-officedocument.spreadsheetml.sheet.macroEnabled", b"ms-excel.sheet.macroEnabled"
    )
    opened = open_file(files.rewritten(files.xlsx(), {"[Content_Types].xml": types}), "a.xls")
    assert opened.format == "xlsm"
    assert grid_of(opened.books[0].sheets[0]) == files.ROWS


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "cp866", "koi8-r"]
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_text_is_read_in_every_encoding_and_stays_text(encoding: str, delimiter: str) -> None:
    rows = [
        ["Организация", "Код"],
        ["Детский сад Ромашка", "000123"],
        ["Озёрская школа", "12345678901234567890"],
    ]
    opened = open_file(files.csv_text(rows, delimiter).encode(encoding), "a.xlsx")
    book = opened.books[0]
    assert grid_of(book.sheets[0]) == rows
    assert (book.format, book.delimiter) == ("csv", delimiter)
    assert [finding.code for finding in book.findings] == (
        ["encoding_guessed"] if encoding in ("cp866", "koi8-r") else []
    )


def test_cells_keep_their_kind() -> None:
    cells = [
        "текст",
        12.5,
        True,
        dt.date(2024, 4, 4),
        dt.datetime(2024, 4, 4, 10, 30),
        dt.time(10, 30),
        dt.timedelta(hours=30),
        None,
        "  \u00a0",
        7,
    ]
    sheet = sheet_of(files.xlsx([["Шапка"] * len(cells), cells]))
    kinds = [int(column.kinds[1]) for column in sheet.columns]
    assert kinds == [TEXT, NUMBER, BOOL, DATE, DATE, TIME, TIME, EMPTY, EMPTY, NUMBER]
    assert grid_of(sheet)[1] == [
        "текст",
        12.5,
        True,
        "2024-04-04",
        "2024-04-04T10:30:00",
        37800,
        108000,
        None,
        None,
        7,
    ]
    for column in sheet.columns:
        assert (column.kinds.dtype, column.numbers.dtype, column.codes.dtype) == (
            np.uint8,
            np.float64,
            np.int32,
        )
        assert len(column.kinds) == len(column.numbers) == len(column.codes) == 2
        assert len(set(column.texts)) == len(column.texts)
        assert math.isnan(column.numbers[0])


def test_dates_of_the_1904_system_are_the_same_dates() -> None:
    def mac(book: Any) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        book.active["A2"] = dt.datetime(2024, 4, 4)

    sheet = sheet_of(files.xlsx([["Дата"]], change=mac))
    assert grid_of(sheet) == [["Дата"], ["2024-04-04"]]
    assert sheet.date1904


def test_rows_and_columns_keep_the_spreadsheet_s_numbers() -> None:
    def shifted(book: Any) -> None:
        sheet = book.active
        sheet["C5"], sheet["C9"] = "Имя", "Анна"
        sheet["E400"] = " "
        sheet["Z6"].font = openpyxl.styles.Font(bold=True)
        sheet.merge_cells("C5:D6")

    sheet = sheet_of(files.xlsx([], change=shifted))
    assert (sheet.n_rows, len(sheet.columns)) == (9, 3)
    assert grid_of(sheet)[4] == [None, None, "Имя"]
    assert grid_of(sheet)[8] == [None, None, "Анна"]
    assert sheet.merged == [(4, 2, 5, 3)]


def test_what_calamine_loses_is_counted() -> None:
    def troubled(book: Any) -> None:
        sheet = book.active
        sheet["A2"], sheet["A3"], sheet["A4"] = "#N/A", "#DIV/0!", "=SUM(1,2)"
        sheet["A5"] = "=1+1"
        sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["B"].hidden = True
        second = book.create_sheet("Скрытый")
        second["A1"] = "x"
        second.sheet_state = "hidden"

    opened = open_file(files.xlsx([["Шапка", "Ещё", 1]], change=troubled), "a.xlsx")
    first, second = opened.books[0].sheets
    assert (first.error_cells, first.formulas_without_value, first.hidden_rows, first.hidden_columns) == (
        2,
        2,
        2,
        1,
    )
    assert (second.error_cells, second.formulas_without_value, second.hidden_rows) == (0, 0, 0)
    assert (first.hidden, second.hidden, second.name) == (False, True, "Скрытый")


def test_a_formula_that_gives_an_empty_text_has_a_value() -> None:
    content = files.sheet_xml(
        files.xlsx([["Шапка"], [1]]),
        lambda xml: xml.replace(
            b'<c r="A2" t="n"><v>1</v></c>', b'<c r="A2" t="str"><f>IF(1,"","")</f><v></v></c>'
        ),
    )
    assert b'<f>IF(1,"","")</f>' in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert sheet_of(content).formulas_without_value == 0


def test_lying_dimensions_do_no_harm() -> None:
    content = files.sheet_xml(files.xlsx(), lambda xml: xml.replace(b'ref="A1:D4"', b'ref="A1:XFD1048576"'))
    assert grid_of(sheet_of(content)) == files.ROWS


def test_numbers_that_are_no_numbers_come_as_text() -> None:
    content = files.sheet_xml(
        files.xlsx([["Шапка"], [1], [2], [3]]),
        lambda xml: xml.replace(b"<v>1</v>", b"<v>NaN</v>").replace(b"<v>2</v>", b"<v>inf</v>"),
    )
    sheet = sheet_of(content)
    assert sheet.columns[0].kinds.tolist() == [TEXT, TEXT, TEXT, NUMBER]
    assert grid_of(sheet) == [["Шапка"], ["nan"], ["inf"], [3]]


def test_control_characters_html_and_formulas_in_text_are_data() -> None:
    rows = [["=1+1", "<b>x</b>", "+7", "\u202eabc", "a\x02b"]]
    assert grid_of(sheet_of(files.csv_text(rows).encode())) == rows


def test_blank_tails_are_cut_not_refused() -> None:
    blank = b"".join(
        b'<row r="%d"><c r="A%d" s="0"/><c r="B%d" s="0"/></row>' % (n, n, n) for n in range(5, 250_005)
    )
    content = files.sheet_xml(files.xlsx(), lambda xml: xml.replace(b"</sheetData>", blank + b"</sheetData>"))
    assert grid_of(sheet_of(content)) == files.ROWS
    spaces = files.xlsx(change=lambda book: book.active.cell(300_000, 2, " "))
    assert grid_of(sheet_of(spaces)) == files.ROWS
    wide = files.csv_text([["a", "b"], ["1", "2"]]).replace("\r\n", ";" * 700 + "\r\n")
    assert grid_of(sheet_of(wide.encode())) == [["a", "b"], ["1", "2"]]


def test_ragged_rows_are_read_and_counted() -> None:
    sheet = sheet_of(b"a;b;c\n1;2;3\n4;5\n6;7;8;9\n")
    assert sheet.ragged_rows == 2
    assert grid_of(sheet) == [
        ["a", "b", "c", None],
        ["1", "2", "3", None],
        ["4", "5", None, None],
        ["6", "7", "8", "9"],
    ]


def test_a_sep_line_counts_as_a_row() -> None:
    sheet = sheet_of(b"sep=,\r\na,b\r\n1,2\r\n")
    assert grid_of(sheet) == [[None, None], ["a", "b"], ["1", "2"]]
    assert sheet.ragged_rows == 0


CELL = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cn")), max_size=6).filter(
    lambda text: text not in ERROR_WORDS  # they stand for a failed formula and are counted as such
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=6))
def test_any_grid_of_text_is_read_back(rows: list[list[str]]) -> None:
    grid = [["№", *row, "."] for row in rows]
    out = io.StringIO()
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL).writerows(grid)
    sheet = sheet_of(b"sep=;\r\n" + out.getvalue().encode())
    assert grid_of(sheet)[1:] == [[cell or None for cell in row] for row in grid]


def test_empty_cells_at_the_end_of_the_last_row_are_no_other_width() -> None:
    sheet = sheet_of(b"a;b;c\n1;2;3\n4;;\n;;\n\n")
    assert sheet.ragged_rows == 0
    assert grid_of(sheet) == [["a", "b", "c"], ["1", "2", "3"], ["4", None, None]]


def test_sheets_are_told_apart_by_name_when_their_notes_are_placed() -> None:
    def troubled(book: Any) -> None:
        book.create_chartsheet("Диаграмма", 0)
        book.create_sheet("А & Б")["A1"] = "#N/A"
        book.worksheets[1]["A2"] = 1

    sheets = open_file(files.xlsx(change=troubled), "a.xlsx").books[0].sheets
    assert [(sheet.name, sheet.error_cells) for sheet in sheets] == [("Sheet", 0), ("А & Б", 1)]


def test_hidden_rows_and_error_cells_of_ods_are_counted() -> None:
    def change(xml: bytes) -> bytes:
        row = b'<table:table-row table:visibility="filter" table:number-rows-repeated="2">'
        return xml.replace(b"<table:table-row>", row, 2).replace(
            b'office:value-type="string"', b'office:value-type="string" calcext:value-type="error"', 1
        )

    sheet = sheet_of(files.rewritten(files.ods(), {"content.xml": change}))
    assert (sheet.hidden_rows, sheet.error_cells, sheet.n_rows) == (4, 1, 6)
