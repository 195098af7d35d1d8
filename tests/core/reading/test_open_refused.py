"""What the reader refuses, with its reason: hostile and damaged files, and files over its limits."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sferum_core.model import Limits, UnreadableFile
from sferum_core.reading.open import open_file
from sferum_core.reading.refusals import REFUSALS
from tests.core.reading import files
from tests.core.reading.opened import code_of, grid_of, sheet_of


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
