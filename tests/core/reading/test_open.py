"""From bytes to raw grids: every format, every trouble, every refusal."""

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

from sferum_core.model import Limits, UnreadableFile
from sferum_core.reading.answer import ERROR_WORDS
from sferum_core.reading.open import open_file
from sferum_core.reading.rawbook import BOOL, DATE, EMPTY, NUMBER, TEXT, TIME, RawColumn, RawSheet
from sferum_core.reading.refusals import REFUSALS
from tests.core.reading import files


def value_of(column: RawColumn, row: int) -> Any:
    kind = column.kinds[row]
    if kind == EMPTY:
        return None
    if kind in (TEXT, DATE):
        return column.texts[column.codes[row]]
    return bool(column.numbers[row]) if kind == BOOL else float(column.numbers[row])


def grid_of(sheet: RawSheet) -> list[list[Any]]:
    return [[value_of(column, row) for column in sheet.columns] for row in range(sheet.n_rows)]


def sheet_of(content: bytes, limits: Limits | None = None) -> RawSheet:
    opened = open_file(content, "файл", limits)
    assert not opened.refused
    return opened.books[0].sheets[0]


def code_of(content: bytes, limits: Limits | None = None, filename: str = "файл.xlsx") -> str:
    with pytest.raises(UnreadableFile) as caught:
        open_file(content, filename, limits)
    assert "{" not in caught.value.message
    assert caught.value.advice
    return caught.value.code


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


def prologue(text: bytes) -> Any:
    def change(xml: bytes) -> bytes:
        return text + xml[xml.index(b"<", 1) if xml.startswith(b"<?xml") else 0 :]

    return change


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd">'
UTF16 = lambda xml: xml.decode().replace("utf-8", "utf-16").encode("utf-16")  # noqa: E731
CHARTS_ONLY = b'<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets/></workbook>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (files.sheet_xml(files.xlsx(), prologue(LAUGHS)), "xml_dtd"),
        (files.sheet_xml(files.xlsx(), prologue(EXTERNAL)), "xml_dtd"),
        (files.rewritten(files.shared_xlsx(), {"xl/sharedStrings.xml": prologue(LAUGHS)}), "xml_dtd"),
        (files.rewritten(files.ods(), {"content.xml": prologue(LAUGHS)}), "xml_dtd"),
        (files.sheet_xml(files.xlsx(), UTF16), "xml_encoding"),
        (
            files.sheet_xml(files.xlsx(), lambda xml: b'<?xml version="1.0" encoding="windows-1251"?>' + xml),
            "xml_encoding",
        ),
        (files.with_stated_sizes(files.xlsx(), 100), "zip_lying"),
        (files.with_flags(files.xlsx(), crc=1), "zip_bad_checksum"),
        (files.rewritten(files.xlsx(), {"xl/workbook.xml": None}), "broken_workbook"),
        (files.rewritten(files.xlsx(), {"xl/worksheets/sheet1.xml": None}), "broken_workbook"),
        (files.sheet_xml(files.xlsx(), lambda xml: xml[: len(xml) // 2]), "broken_workbook"),
        (files.rewritten(files.xlsx(), {"xl/workbook.xml": lambda _: CHARTS_ONLY}), "no_sheets"),
        (files.rewritten(files.ods(), {"content.xml": None}), "broken_workbook"),
        (files.xlsx([]), "empty_table"),
        (files.xlsx([[" ", None], ["\u00a0"]]), "empty_table"),
        (b";;;\r\n;;;\r\n", "empty_table"),
        (files.shared_strings_bomb(), "too_demanding"),
        (b"a;b\n1;\0\n", "nul_bytes"),
        (b'a;b\n1;"2\n', "unclosed_quote"),
        ("Имя;Доля\n".encode() * 99 + b"\xff\xfe", "encoding_broken"),
    ],
)
def test_a_file_that_must_not_be_read_is_refused_with_its_reason(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_a_gigabyte_of_blanks_is_refused_by_what_it_states_and_by_what_it_is() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(files.xlsx())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            if info.filename != "xl/worksheets/sheet1.xml":
                new.writestr(info.filename, old.read(info))
        with new.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(b"<worksheet>")
            for _ in range(130):
                part.write(b" " * 2**20)
    assert code_of(out.getvalue()) == "zip_part_too_big"
    assert code_of(files.with_stated_sizes(out.getvalue(), 2**20)) == "zip_lying"


def test_limits_of_the_table_are_exact() -> None:
    grid = [["a", "b", "c"], ["1", "2", "3"]]
    for content in (files.xlsx(grid), files.xls(grid), files.ods(grid), files.csv_text(grid).encode()):
        assert sheet_of(content, Limits(rows=2, columns=3, cells=6, cell_characters=1)).n_rows == 2
        assert code_of(content, Limits(rows=1)) == "too_many_rows"
        assert code_of(content, Limits(columns=2)) == "too_many_columns"
        assert code_of(content, Limits(cells=5)) == "too_many_cells"
    assert code_of(files.xlsx([["ab"]]), Limits(cell_characters=1)) == "cell_too_long"
    two = files.xlsx(grid, change=lambda book: book.create_sheet("Ещё"))
    assert sheet_of(two, Limits(sheets=2)).n_rows == 2
    assert code_of(two, Limits(sheets=1)) == "too_many_sheets"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"x" * (15 << 20), "line_too_long"),
        (b"a;" * 1_000 + b"b", "too_many_columns"),
        (b"1;2\n" * 200_001, "too_many_rows"),
        (b"a;" + b"x" * 40_000, "cell_too_long"),
        (
            files.sheet_xml(files.xlsx([["xyz"]]), lambda xml: xml.replace(b"xyz", b"x" * 40_000)),
            "cell_too_long",
        ),
        (files.xlsx([[1] * 501]), "too_many_columns"),
        (files.xlsx([["Шапка"]], change=lambda book: book.active.cell(1_048_576, 1, "x")), "too_many_rows"),
        (files.xlsx([], change=lambda book: book.active.cell(1_048_576, 16_384, "x")), "too_many_rows"),
    ],
)
def test_more_than_the_starting_limits_is_refused(content: bytes, code: str) -> None:
    assert code_of(content) == code


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


def test_a_cyrillic_name_a_folder_and_junk_in_an_archive() -> None:
    archive = files.zipped(
        {
            "Неделя 1/Озёрск.csv": b"a;b\n1;2\n",
            "__MACOSX/._x": b"x",
            "Thumbs.db": b"x",
            "б.xlsx": files.xlsx(),
        }
    )
    opened = open_file(archive, "a.zip")
    assert [(book.filename, book.format) for book in opened.books] == [
        ("Неделя 1/Озёрск.csv", "csv"),
        ("б.xlsx", "xlsx"),
    ]
    assert (opened.format, opened.refused) == ("zip", [])
    assert len(opened.sha256) == 64


def test_a_bad_file_among_good_ones_is_told_by_its_name() -> None:
    archive = files.zipped(
        {
            "хороший.csv": b"a;b\n1;2\n",
            "бомба.xlsx": files.shared_strings_bomb(),
            "письмо.pdf": b"%PDF-1.4",
            "ещё.zip": files.zipped({"a.csv": b"a"}),
            "ещё хороший.xlsx": files.xlsx(),
        }
    )
    opened = open_file(archive, "a.zip")
    assert [book.filename for book in opened.books] == ["хороший.csv", "ещё хороший.xlsx"]
    refused = {name: error.code for name, error in opened.refused}
    assert refused == {"бомба.xlsx": "too_demanding", "письмо.pdf": "not_a_table", "ещё.zip": "zip_nested"}


def test_an_archive_with_nothing_to_read_is_refused() -> None:
    assert code_of(files.zipped({"a.pdf": b"%PDF-1.4"})) == "not_a_table"
    assert code_of(files.zipped({"a.pdf": b"%PDF-1.4", "b.csv": b"\0\0a"})) == "zip_nothing_readable"
    assert code_of(files.zipped({"r.zip": files.zipped({"r.zip": b"PK"})})) == "zip_nested"
    assert code_of(files.with_flags(files.zipped({"a.csv": b"a;b\n1;2"}), crc=5)) == "zip_bad_checksum"
    assert code_of(files.with_stated_sizes(files.zipped({"a.csv": b"a;b\n" * 99}), 40)) == "zip_lying"


def test_the_files_of_an_archive_share_one_limit_of_cells() -> None:
    archive = files.zipped({"a.csv": b"a;b\n1;2\n", "b.csv": b"a;b\n1;2\n", "c.csv": b"a;b\n"})
    opened = open_file(archive, "a.zip", Limits(cells=6))
    assert [book.filename for book in opened.books] == ["a.csv", "c.csv"]
    assert [(name, error.code) for name, error in opened.refused] == [("b.csv", "too_many_cells")]
    assert code_of(archive, Limits(sheets=2)) == "zip_too_many_files"


def test_repeated_rows_of_ods_cannot_fill_the_memory() -> None:
    def repeat(rows: int, columns: int) -> Any:
        return lambda xml: xml.replace(
            b"<table:table-row>", b'<table:table-row table:number-rows-repeated="%d">' % rows
        ).replace(
            b'<table:table-cell office:value-type="float"',
            b'<table:table-cell table:number-columns-repeated="%d" office:value-type="float"' % columns,
        )

    bomb = files.rewritten(files.ods(), {"content.xml": repeat(1_048_576, 16_384)})
    assert code_of(bomb) in ("too_demanding", "too_many_rows", "too_slow", "broken_workbook")
    tail = (
        b'<table:table-row table:number-rows-repeated="1048572">'
        b'<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
    honest = files.rewritten(files.ods(), {"content.xml": lambda xml: xml.replace(b"</table:table>", tail)})
    assert grid_of(sheet_of(honest)) == files.ROWS


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


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"a;b\n", b"\xff\xfe"]))
def test_random_bytes_raise_nothing_but_a_refusal(tail: bytes, head: bytes) -> None:
    try:
        open_file(head + tail, "x")
    except UnreadableFile as error:
        assert error.code in REFUSALS


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_damaged_workbooks_raise_nothing_but_a_refusal(data: st.DataObject) -> None:
    package = data.draw(st.sampled_from([files.xlsx(), files.ods()]))
    names = zipfile.ZipFile(io.BytesIO(package)).namelist()
    name = data.draw(
        st.sampled_from(
            [name for name in names if name.endswith(("sheet1.xml", "content.xml", "workbook.xml"))]
        )
    )

    def damage(part: bytes) -> bytes:
        at = data.draw(st.integers(0, max(len(part) - 1, 0)))
        return part[:at] + data.draw(st.binary(max_size=6)) + part[at + data.draw(st.integers(0, 20)) :]

    try:
        open_file(files.rewritten(package, {name: damage}), "x")
    except UnreadableFile as error:
        assert error.code in REFUSALS


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
