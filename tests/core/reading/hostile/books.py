"""Workbooks of Excel's present format: grids, XML, broken packages."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd
import xlsxwriter

from sferum_core.model import Export
from tests.core.reading import files
from tests.core.reading.hostile.case import GRID, ROWS, Case, read, refused, shared_xlsx, xlsx
from tests.core.reading.hostile.zips import package

SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"
STRINGS = "xl/sharedStrings.xml"
RELS = "xl/_rels/workbook.xml.rels"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def sheet(change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    """An honest workbook with its first sheet's XML changed."""
    return lambda: files.sheet_xml(xlsx(), change)


def strings(change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    """A workbook as Excel writes it with its shared strings changed."""
    return lambda: files.rewritten(shared_xlsx(), {STRINGS: change})


def book(change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    """An honest workbook with its list of sheets changed."""
    return lambda: files.rewritten(xlsx(), {BOOK: change})


def replaced(*pairs: tuple[str, str], count: int = -1) -> Callable[[bytes], bytes]:
    """A change of XML by pieces of text, each of which must be there."""

    def change(xml: bytes) -> bytes:
        for old, new in pairs:
            assert old.encode() in xml, old
            xml = xml.replace(old.encode(), new.encode(), count)
        return xml

    return change


def behind_rows(more: bytes) -> Callable[[bytes], bytes]:
    """Rows laid behind the honest ones."""
    return lambda xml: xml.replace(b"</sheetData>", more + b"</sheetData>")


def prologue(first: bytes) -> Callable[[bytes], bytes]:
    """Something before the root element, in place of the XML declaration."""
    return lambda xml: first + (xml[xml.index(b"?>") + 2 :] if xml.startswith(b"<?xml") else xml)


def laughs(levels: int = 10) -> bytes:
    """The milliard laughs, as a document type."""
    entities = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, levels))
    return b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">' + entities + b"]>"


DTDS = {
    "billion laughs": laughs(),
    "quadratic blow-up": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + b"a" * 50_000 + b'">]>',
    "external entity": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    "external subset": b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">',
    "parameter entity": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>',
    "small letters": b'<?xml version="1.0"?><!doctype x>',
    "behind a long comment": b'<?xml version="1.0"?><!--' + b"x" * (1 << 20) + b"--><!DOCTYPE x>",
    "cut by the edge of a block": b'<?xml version="1.0"?><!--'
    + b"x" * ((1 << 20) - 21 - 7 - 6)
    + b"--><!DOCTYPE x>",
}


def many_sheets(count: int) -> bytes:
    """A workbook of so many sheets, all of them one part."""

    def list_them(xml: bytes) -> bytes:
        found = re.search(rb"<sheet [^>]*/>", xml)
        assert found
        relation = re.search(rb'r:id="[^"]*"|\w+:id="[^"]*"', found[0])
        assert relation
        more = b"".join(
            b'<sheet xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" name="S%d" sheetId="%d" %s/>'
            % (n, n + 2, relation[0])
            for n in range(count - 1)
        )
        return xml.replace(found[0], found[0] + more)

    return files.rewritten(xlsx(), {BOOK: list_them})


def cell_at(row: int, column: int) -> Callable[[], bytes]:
    """An honest workbook with one more cell far away."""
    return lambda: files.xlsx(GRID, change=lambda b: b.active.cell(row, column, "x"))


def far_row(ref: str, row: str) -> Callable[[bytes], bytes]:
    """A cell whose address no sheet has."""
    return behind_rows(f'<row r="{row}"><c r="{ref}"><v>1</v></c></row>'.encode())


def _typed(*values: str, kind: str = "e") -> bytes:
    """A row far behind whose cells say they are of another kind than their words."""
    cells = "".join(
        f'<c r="{chr(67 + place)}40" t="{kind}"><v>{value}</v></c>' for place, value in enumerate(values)
    )
    return f'<row r="40">{cells}</row>'.encode()


def deep(levels: int) -> bytes:
    return b"<x>" * levels + b"</x>" * levels


def strict() -> bytes:
    """The «Strict Open XML» form of Excel."""

    def change(xml: bytes) -> bytes:
        return xml.replace(MAIN.encode(), STRICT.encode()).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )

    return files.rewritten(shared_xlsx(), dict.fromkeys((SHEET, BOOK, STRINGS, RELS, "_rels/.rels"), change))


def prefixed() -> bytes:
    """Elements with a namespace prefix, as some programs write them."""

    def change(xml: bytes) -> bytes:
        xml = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", xml)
        return xml.replace(b'xmlns="', b'xmlns:x="')

    return files.rewritten(xlsx(), {SHEET: change, BOOK: change})


def styled_blanks(rows: int) -> Callable[[bytes], bytes]:
    """Rows of cells that have a format and nothing else."""
    return behind_rows(
        b"".join(
            b'<row r="%d"><c r="A%d" s="0"/><c r="M%d" s="0"/></row>' % (n, n, n)
            for n in range(20, 20 + rows)
        )
    )


def columns_wide(count: int) -> bytes:
    grid = [[*row, *[None] * (count - len(row) - 1), "x"] for row in GRID]
    return files.xlsx(grid)


def texts_of_many_columns(columns: int, distinct: int) -> bytes:
    """Long shared strings, each used in every column: small in the file, large when laid out."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    page = workbook.add_worksheet()
    long = [f"{n:05}" + "x" * 32_000 for n in range(distinct)]
    for row, value in enumerate(long):
        for column in range(columns):
            page.write_string(row, column, value)
    workbook.close()
    return out.getvalue()


def told(**counts: int) -> list[tuple[str, int | None]]:
    return list(counts.items())


def values(**expected: list[Any]) -> Callable[[Export], None]:
    """Columns of the table hold these values, None for missing."""

    def check(export: Export) -> None:
        for name, wanted in expected.items():
            got = [None if pd.isna(value) else value for value in export.table[name].astype(object)]
            assert got == wanted, (name, got)

    return check


def _change(changes: Iterable[tuple[str, Any]]) -> Callable[[], bytes]:
    def set_cells(workbook: Any) -> None:
        for address, value in changes:
            workbook.active[address] = value

    return lambda: files.xlsx(GRID, change=set_cells)


def hide(workbook: Any) -> None:
    workbook.active.row_dimensions[3].hidden = True
    workbook.active.column_dimensions["F"].hidden = True


def hidden_sheet(state: str) -> Callable[[], bytes]:
    def change(workbook: Any) -> None:
        workbook.active.sheet_state = state
        workbook.create_sheet("Пояснения")["A1"] = "Читать здесь нечего"

    return lambda: files.xlsx(GRID, change=change)


CASES: list[Case] = [
    # grids
    refused("grid: one cell at XFD1048576", cell_at(1_048_576, 16_384), "too_demanding", "too_many_rows"),
    refused("grid: only a cell at XFD1048576", lambda: files.xlsx([], change=lambda b: b.active.cell(1_048_576, 16_384, "x")), "too_demanding", "too_many_rows"),
    refused("grid: one cell at A1048576", cell_at(1_048_576, 1), "too_many_rows"),
    refused("grid: one cell at XFD1", cell_at(1, 16_384), "too_many_columns"),
    refused("grid: 16,384 columns", lambda: columns_wide(16_384), "too_many_columns"),
    refused("grid: 501 columns", lambda: columns_wide(501), "too_many_columns"),
    refused("grid: cell at row 4294967295", sheet(far_row("A4294967295", "4294967295")), "too_demanding", "too_many_rows", "broken_workbook"),
    refused("grid: cell at row 99999999999", sheet(far_row("A99999999999", "99999999999")), "too_demanding", "too_many_rows", "broken_workbook"),
    refused("grid: cell at column ZZZZZZZ", sheet(far_row("ZZZZZZZ9", "9")), "too_demanding", "too_many_columns", "broken_workbook"),
    refused("grid: cell at a column of 400 letters", sheet(far_row("Z" * 400 + "9", "9")), "too_demanding", "too_many_columns", "broken_workbook"),
    refused("grid: cell at row 0", sheet(far_row("A0", "0")), "broken_workbook", "too_demanding"),
    refused("grid: cell without a number", sheet(far_row("ABC", "9")), "broken_workbook", "too_demanding"),
    refused("grid: cell with a negative number", sheet(far_row("A-5", "9")), "broken_workbook", "too_demanding"),
    refused("grid: 10,000 sheets", lambda: many_sheets(10_000), "too_many_sheets"),
    refused("grid: 101 sheets", lambda: many_sheets(101), "too_many_sheets"),
    refused("grid: 300,000 rows", sheet(behind_rows(b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(20, 300_000)))), "too_many_rows"),
    refused("grid: 3,200,000 cells", sheet(behind_rows(b"".join(b"<row>" + b"<c><v>1</v></c>" * 400 + b"</row>" for n in range(8_000)))), "too_many_cells"),
    refused("grid: text of 50 MB", sheet(replaced(("МКДОУ", "x" * (50 << 20)))), "cell_too_long", "too_demanding"),
    refused("grid: shared text of 50 MB", strings(replaced(("МКДОУ", "x" * (50 << 20)))), "cell_too_long", "too_demanding"),
    refused("grid: shared text of 50 MB in runs", strings(replaced(("<si><t>МКДОУ", "<si>" + "<r><t>x</t></r>" * (3 << 20) + "<t>МКДОУ"))), "cell_too_long", "too_demanding"),
    refused("grid: text of 32,768 letters", sheet(replaced(("МКДОУ", "x" * 32_768))), "cell_too_long"),
    refused("grid: long texts in every column", lambda: texts_of_many_columns(200, 100), "too_demanding", "too_much_text"),
    refused("grid: 70 MB of long texts", lambda: texts_of_many_columns(21, 105), "too_much_text"),
    read("grid: 200,000 styled blank rows", sheet(styled_blanks(200_000))),
    read("grid: 900,000 styled blank rows", sheet(styled_blanks(900_000))),
    read("grid: blank cells to the far right", lambda: files.xlsx(GRID, change=lambda b: b.active.cell(3, 600, " "))),
    read("grid: lying dimension, too large", sheet(lambda xml: re.sub(rb'ref="A1:[A-Z]+\d+"', b'ref="A1:XFD1048576"', xml))),
    read("grid: lying dimension, too small", sheet(lambda xml: re.sub(rb'ref="A1:[A-Z]+\d+"', b'ref="A1:B2"', xml))),
    read("grid: dimension that is no address", sheet(lambda xml: re.sub(rb'ref="A1:[A-Z]+\d+"', b'ref="A1"', xml))),
    read("grid: no dimension", sheet(lambda xml: re.sub(rb"<dimension[^>]*/>", b"", xml))),
    read("grid: cells without addresses", sheet(lambda xml: re.sub(rb' r="[A-Z]*\d+"', b"", xml))),
    read("grid: shared strings with a small count", strings(lambda xml: re.sub(rb'ount="\d+"', b'ount="1"', xml))),
    refused("grid: shared strings with a huge count", files.shared_strings_bomb, "too_demanding"),
    refused("grid: shared string beyond the list", lambda: files.sheet_xml(shared_xlsx(), lambda xml: xml.replace(b't="s"><v>1<', b't="s"><v>999999<')), "broken_workbook", "too_demanding"),
    read("grid: far merged range", sheet(replaced(("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A9000:XFD1048576"/></mergeCells>')))),
    read("grid: 50,000 merged ranges", sheet(lambda xml: xml.replace(b"</sheetData>", b"</sheetData><mergeCells>" + b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(100, 50_100)) + b"</mergeCells>"))),
    refused("grid: no cells", lambda: files.xlsx([]), "empty_table"),
    refused("grid: blanks only", lambda: files.xlsx([[" ", None], ["\u00a0"]]), "empty_table"),
    refused("grid: header only", lambda: files.xlsx(GRID[:1]), "header_only"),
    # XML
    *(refused(f"xml: {name} in the sheet", sheet(prologue(dtd)), "xml_dtd", "broken_workbook") for name, dtd in DTDS.items()),
    *(refused(f"xml: {name} in {part}", lambda part=part, dtd=dtd: files.rewritten(shared_xlsx(), {part: prologue(dtd)}), "xml_dtd") for name, dtd in (("laughs", laughs()), ("external", DTDS["external entity"])) for part in (STRINGS, BOOK, RELS, "xl/styles.xml", "[Content_Types].xml", "docProps/core.xml", "_rels/.rels")),
    *(refused(f"xml: sheet in {encoding}", sheet(lambda xml, e=encoding: xml.decode().encode(e)), "xml_encoding") for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be")),
    *(refused(f"xml: {part} in utf-16", lambda part=part: files.rewritten(shared_xlsx(), {part: lambda xml: xml.decode().encode("utf-16")}), "xml_encoding") for part in (STRINGS, BOOK, RELS, "xl/styles.xml")),
    refused("xml: dtd in utf-16", sheet(lambda xml: prologue(laughs())(xml).decode().encode("utf-16")), "xml_encoding", "xml_dtd"),
    *(refused(f"xml: stated {stated}", sheet(prologue(f'<?xml version="1.0" encoding="{stated}"?>'.encode())), "xml_encoding") for stated in ("windows-1251", "UTF-16", "koi8-r", "UTF-7", "ISO-8859-1")),
    refused("xml: stated in single quotes behind blanks", sheet(prologue(b"<?xml version='1.0'\n   encoding =\n 'windows-1251' ?>")), "xml_encoding"),
    refused("xml: sheet of 200,000 levels", sheet(behind_rows(deep(200_000))), "broken_workbook", "too_demanding", "xml_depth"),
    refused("xml: sheet of 20,000 levels, closed again at once", sheet(behind_rows(deep(20_000))), "xml_depth"),
    refused("xml: shared strings of 200,000 levels", strings(replaced(("</sst>", deep(200_000).decode() + "</sst>"))), "broken_workbook", "too_demanding", "xml_depth"),
    refused("xml: list of sheets of 200,000 levels", book(replaced(("</workbook>", deep(200_000).decode() + "</workbook>"))), "broken_workbook", "too_demanding", "xml_depth"),
    refused("xml: cut in the middle", sheet(lambda xml: xml[: len(xml) // 2]), "broken_workbook"),
    refused("xml: no end of the sheet", sheet(lambda xml: xml.replace(b"</worksheet>", b"")), "broken_workbook"),
    refused("xml: tags that don't match", sheet(replaced(("</row>", "</wor>"), count=1)), "broken_workbook"),
    refused("xml: unknown entity", sheet(replaced(("МКДОУ", "&secret;"))), "broken_workbook"),
    refused("xml: bytes that are no utf-8", sheet(lambda xml: xml.replace("МКДОУ".encode(), b"\xcc\xca\xc4\xce\xd3")), "broken_workbook", "xml_encoding"),
    refused("xml: sheet is empty", sheet(lambda _: b""), "broken_workbook", "empty_table"),
    refused("xml: sheet is a picture", sheet(lambda _: b"\x89PNG\r\n\x1a\n"), "broken_workbook", "empty_table"),
    refused("xml: sheet is plain text", sheet(lambda _: b"a;b"), "broken_workbook", "empty_table"),
    refused("xml: list of sheets is empty", book(lambda _: b""), "broken_workbook", "no_sheets"),
    refused("xml: shared strings are empty", strings(lambda _: b""), "broken_workbook", "too_demanding", "empty_table"),
    read("xml: attribute of 20 MB, well made", sheet(replaced(('<sheetData>', f'<sheetData x="{"y" * (20 << 20)}">')))),
    read("xml: 10 MB comment", sheet(replaced(("<sheetData>", "<!--" + "x" * (10 << 20) + "--><sheetData>")))),
    read("xml: BOM", sheet(lambda xml: b"\xef\xbb\xbf" + xml)),
    read("xml: CDATA", sheet(replaced(("МКДОУ", "<![CDATA[МКДОУ]]>")))),
    read("xml: the word DOCTYPE in a cell", sheet(replaced(("МКДОУ", "&lt;!DOCTYPE x&gt; МКДОУ")))),
    # packages
    *(refused(f"package: without {part}", lambda part=part: files.rewritten(shared_xlsx(), {part: None}), "broken_workbook") for part in (SHEET, BOOK, RELS, STRINGS)),
    read("package: without styles", lambda: files.rewritten(xlsx(), {"xl/styles.xml": None})),
    read("package: without properties", lambda: files.rewritten(xlsx(), {"docProps/core.xml": None, "docProps/app.xml": None})),
    refused("package: content types only", lambda: files.zipped({"[Content_Types].xml": b"<Types/>"}), "broken_workbook"),
    refused("package: relation out of the package", lambda: files.rewritten(xlsx(), {RELS: lambda xml: re.sub(rb'Target="[^"]*sheet1.xml"', b'Target="../../../../etc/passwd"', xml)}), "broken_workbook"),
    refused("package: relation to the web", lambda: files.rewritten(xlsx(), {RELS: lambda xml: re.sub(rb'Target="[^"]*sheet1.xml"', b'Target="http://127.0.0.1:1/x" TargetMode="External"', xml)}), "broken_workbook"),
    refused("package: charts only", book(lambda xml: re.sub(rb"<sheets>.*</sheets>", b"<sheets/>", xml)), "no_sheets"),
    refused("package: a chart sheet only", lambda: _charts_only(), "no_sheets", "empty_table"),
    read("package: strict form", strict),
    read("package: prefixes of namespaces", prefixed),
    read("package: workbook with macros", lambda: files.rewritten(xlsx(), {"[Content_Types].xml": lambda xml: xml.replace(b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"), "xl/vbaProject.bin": lambda _: b"\xd0\xcf\x11\xe0" + bytes(2000)})),
    read("package: other case of names", lambda: package(xlsx(), _upper), ),
    # hidden things and lost things
    read("cells: hidden row and column", lambda: files.xlsx(GRID, change=hide), ("hidden_rows", 1), ("hidden_columns", 1)),
    read("cells: hidden sheet", hidden_sheet("hidden"), "hidden_sheet"),
    read("cells: very hidden sheet", hidden_sheet("veryHidden"), "hidden_sheet"),
    read("cells: error cells", _change([("G2", "#N/A"), ("G3", "#DIV/0!"), ("H4", "#REF!"), ("H5", "#VALUE!"), ("H6", "#NAME?"), ("H7", "#NUM!"), ("H8", "#NULL!")]), ("error_cells", 7)),
    read("cells: errors of type e in Russian and unknown", sheet(behind_rows(_typed("#ДЕЛ/0!", "#SPILL!", "#WHAT!"))), ("error_cells", 3)),
    read("cells: an error that waits for its data", sheet(behind_rows(_typed("#GETTING_DATA"))), ("error_cells", 1)),
    refused("package: two sheets of one name", lambda: _two_sheets("Лист2", "Лист1"), "broken_workbook"),
    refused("package: two sheets of one part", lambda: _two_sheets("sheet2.xml", "sheet1.xml"), "broken_workbook"),
    read("cells: yes and no as words", sheet(behind_rows(_typed("да", "2", kind="b"))), rows=ROWS + 1),
    read("grid: hidden row in single quotes", sheet(replaced(('<row r="3"', "<row hidden='1' r=\"3\""))), ("hidden_rows", 1)),
    read("cells: error words in Russian", _change([("G2", "#Н/Д"), ("G3", "#ДЕЛ/0!"), ("H4", "#ССЫЛКА!"), ("H5", "#ЗНАЧ!"), ("H6", "#ИМЯ?"), ("H7", "#ЧИСЛО!"), ("H8", "#ПУСТО!")]), ("error_cells", 7)),
    read("cells: formulas without values", _change([("G2", "=1+1"), ("G3", "=SUM(F2:F3)"), ("H2", "=H3")]), ("formulas_without_value", 3)),
    read("cells: formula injection as text", _change([("B2", "'=HYPERLINK(\"http://127.0.0.1\")"), ("B3", "+7 (000)"), ("B4", "-1+1"), ("B5", "@SUM(A1)")])),
    read("cells: markup", _change([("B2", "<script>alert(1)</script>"), ("B3", "[x](javascript:alert(1))"), ("B4", "<img src=x onerror=alert(1)>")])),
    read("cells: escapes of control characters", sheet(replaced(("МКДОУ", "_x0000__x0001__x000D_МКДОУ")))),
    read("cells: bidi marks and odd letters", _change([("B2", "\u202eеловС\u202c"), ("B3", "Z̸̡a̶l̷g̵o̴" * 50), ("B4", "👨‍👩‍👧‍👦" * 100), ("B5", "\ufeffСОШ\u200b")])),
    read("cells: nan and inf as numbers", sheet(lambda xml: xml.replace(b"<v>20</v>", b"<v>NaN</v>").replace(b"<v>1200</v>", b"<v>inf</v>").replace(b"<v>41</v>", b"<v>1e999</v>")), ("error_cells", 3)),
    read("cells: numbers beyond all bounds", sheet(lambda xml: xml.replace(b"<v>20</v>", b"<v>1e308</v>").replace(b"<v>1200</v>", b"<v>-1e300</v>").replace(b"<v>41</v>", b"<v>99999999999999999999999</v>")), "bad_value"),
    refused("cells: numbers that are no numbers", sheet(replaced(("<v>20</v>", "<v>0x14</v>"))), "broken_workbook"),
    read("cells: IDs as floats", _change([(f"A{n}", 7.4e11 + n) for n in range(2, 9)])),
    read("cells: damaged long IDs", lambda: files.csv_text([[*r[:0], "1,23457E+11" if n else r[0], *[str(c).replace('"', "") for c in r[1:]]] for n, r in enumerate(GRID)]).encode(), "damaged_id"),
    read("cells: numbers as text", _change([(f"G{n}", f"{n} 00{n}") for n in range(2, 9)])),
    read("cells: bad dates", lambda: files.sheet_xml(files.xlsx([[*GRID[0], "Дата"], *[[*row, 45_000] for row in GRID[1:]]]), lambda xml: xml.replace(b"<v>45000</v>", b"<v>-99999999999</v>"))),
    read("cells: dates of the year 9999 and later", lambda: _dates()),
]  # fmt: skip


def _upper(entry: Any) -> Any:
    if entry.name == SHEET.encode():
        entry.name = b"xl/Worksheets/Sheet1.xml"
    return entry


def _two_sheets(old: str, new: str) -> bytes:
    def change(workbook: Any) -> None:
        workbook.active.title = "Лист1"
        workbook.copy_worksheet(workbook.active).title = "Лист2"

    return files.rewritten(
        files.xlsx(GRID, change=change),
        {part: lambda xml: xml.replace(old.encode(), new.encode()) for part in (BOOK, RELS)},
    )


def _charts_only() -> bytes:
    def change(workbook: Any) -> None:
        workbook.create_chartsheet("Диаграмма")
        workbook.remove(workbook["Sheet"])

    return files.xlsx([], change=change)


def _dates() -> bytes:
    grid = [[*GRID[0], "Дата"], *[[*row, dt.date(2024, 4, 4)] for row in GRID[1:]]]
    number = (dt.date(2024, 4, 4) - dt.date(1899, 12, 30)).days
    return files.sheet_xml(
        files.xlsx(grid), lambda xml: xml.replace(b"<v>%d</v>" % number, b"<v>99999999</v>")
    )
