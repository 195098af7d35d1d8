"""Workbooks of OpenDocument, of Excel 97–2003 and earlier, and in Excel's binary form."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable

import xlwt

from tests.core.reading import files
from tests.core.reading.hostile.books import laughs, prologue
from tests.core.reading.hostile.case import GRID, Case, ods, read, refused, xls

ODS = "выгрузка.ods"
XLS = "выгрузка.xls"
TABLE = b"<table:table-row>"
NUMBER_20 = b'<table:table-cell office:value-type="float" office:value="20"><text:p>20</text:p>'


def content(change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    """An honest spreadsheet of LibreOffice with its content changed."""

    def make() -> bytes:
        def changed(xml: bytes) -> bytes:
            result = change(xml)
            assert result != xml
            return result

        return files.rewritten(ods(), {"content.xml": changed})

    return make


def repeated(rows: int, columns: int) -> Callable[[bytes], bytes]:
    """Every row and every number repeated so many times."""
    return lambda xml: xml.replace(
        TABLE, b'<table:table-row table:number-rows-repeated="%d">' % rows
    ).replace(
        b'<table:table-cell office:value-type="float"',
        b'<table:table-cell table:number-columns-repeated="%d" office:value-type="float"' % columns,
    )


def behind(xml: bytes) -> Callable[[bytes], bytes]:
    """Rows behind the honest ones."""
    return lambda part: part.replace(b"</table:table>", xml + b"</table:table>")


def row(cell: str, **repeats: int) -> bytes:
    times = f' table:number-rows-repeated="{repeats["rows"]}"' if "rows" in repeats else ""
    across = f' table:number-columns-repeated="{repeats["columns"]}"' if "columns" in repeats else ""
    return f"<table:table-row{times}><table:table-cell{across} {cell}/></table:table-row>".encode()


def ods_tables(count: int) -> bytes:
    """So many sheets."""
    table = (
        b'<table:table table:name="S%d"><table:table-row><table:table-cell/></table:table-row></table:table>'
    )
    return content(
        lambda xml: xml.replace(
            b"</table:table>", b"</table:table>" + b"".join(table % n for n in range(count - 1))
        )
    )()


FLOAT = 'office:value-type="float" office:value="1"'


def stream_of(package: bytes) -> bytes:
    """The workbook stream of a file by xlwt (it lies in one piece behind the header)."""
    size = 1 << struct.unpack_from("<H", package, 30)[0]
    first = struct.unpack_from("<I", package, 48)[0]
    for place in range((first + 1) * size, len(package) - 127, 128):
        name = package[place : place + 64].decode("utf-16-le").rstrip("\0")
        if name == "Workbook":
            start, length = struct.unpack_from("<II", package, place + 116)
            return package[(start + 1) * size : (start + 1) * size + length]
    raise AssertionError("no workbook stream")


def ole(stream: bytes) -> bytes:
    """A workbook stream in an OLE file."""
    out = io.BytesIO()
    xlwt.CompoundDoc.XlsDoc().save(out, stream)
    return out.getvalue()


def records(stream: bytes) -> list[tuple[int, bytes]]:
    """The stream's records as they follow each other."""
    result, place = [], 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        result.append((kind, stream[place + 4 : place + 4 + size]))
        place += 4 + size
    return result


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def xls_with(change: Callable[[int, bytes], bytes | None]) -> Callable[[], bytes]:
    """An honest xls with each record changed (None leaves it as it is). Sheets keep their places by padding."""

    def make() -> bytes:
        stream = stream_of(xls())
        result = b""
        for kind, body in records(stream):
            changed = change(kind, body)
            result += record(kind, body) if changed is None else changed
        return ole(result)

    return make


def filepass() -> bytes:
    """An xls saved with a password: the record behind the start says so, the rest is noise."""
    stream = stream_of(xls())
    start = record(*records(stream)[0])
    noise = bytes((n * 37) % 251 for n in range(len(stream)))
    return ole(start + record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48)) + noise)


def strings_count(kind: int, body: bytes) -> bytes | None:
    if kind != 0xFC:
        return None
    return record(kind, struct.pack("<II", 0xFFFFFFF0, 0xFFFFFFF0) + body[8:])


def dimensions(kind: int, body: bytes) -> bytes | None:
    if kind != 0x200:
        return None
    return record(kind, struct.pack("<IIHH", 0, 0xFFFFFFFF, 0, 0xFFFF) + body[12:])


def dimensions_reversed(kind: int, body: bytes) -> bytes | None:
    if kind != 0x200:
        return None
    return record(kind, struct.pack("<IIHH", 100, 1, 50, 1) + body[12:])


def xls_book(change: Callable[[xlwt.Workbook, xlwt.Worksheet], None]) -> Callable[[], bytes]:
    """An honest xls changed while it is written."""

    def make() -> bytes:
        book = xlwt.Workbook()
        sheet = book.add_sheet("Лист1", cell_overwrite_ok=True)
        for number, line in enumerate(GRID):
            for column, value in enumerate(line):
                sheet.write(number, column, value)
        change(book, sheet)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return make


def _far(_: xlwt.Workbook, sheet: xlwt.Worksheet) -> None:
    sheet.write(65_535, 255, "x")


def _hidden(_: xlwt.Workbook, sheet: xlwt.Worksheet) -> None:
    sheet.row(3).hidden = True
    sheet.col(5).hidden = True


def _hidden_sheet(book: xlwt.Workbook, sheet: xlwt.Worksheet) -> None:
    sheet.visibility = 1
    book.add_sheet("Пояснения").write(0, 0, "Читать нечего")
    book.set_active_sheet(1)


def _formulas(_: xlwt.Workbook, sheet: xlwt.Worksheet) -> None:
    sheet.write(2, 6, xlwt.Formula("1/0"))


def _errors(_: xlwt.Workbook, sheet: xlwt.Worksheet) -> None:
    for number in (2, 3, 4):
        sheet.row(number).set_cell_error(6, "#N/A!")


def biff5() -> bytes:
    """A workbook of Excel 5 (texts in a code page, stream «Book»), as programs of 1995 wrote it."""
    book_start = record(0x809, struct.pack("<HHHH", 0x500, 5, 0, 0)) + record(0x42, struct.pack("<H", 1251))
    name = "Лист1".encode("cp1251")
    end = record(0x0A)
    sheet_place = len(book_start) + len(record(0x85, bytes(7) + name)) + len(end)
    book = book_start + record(0x85, struct.pack("<IHB", sheet_place, 0, len(name)) + name) + end
    sheet = record(0x809, struct.pack("<HHHH", 0x500, 0x10, 0, 0)) + record(
        0x200, struct.pack("<HHHHH", 0, len(GRID), 0, len(GRID[0]), 0)
    )
    for number, line in enumerate(GRID):
        for column, value in enumerate(line):
            if isinstance(value, str):
                raw = value.encode("cp1251")
                sheet += record(0x204, struct.pack("<HHHH", number, column, 15, len(raw)) + raw)
            else:
                sheet += record(0x203, struct.pack("<HHHd", number, column, 15, value))
    package = bytearray(ole((book + sheet + end).ljust(4096, b"\0")))
    place = package.index("Workbook".encode("utf-16-le"))
    package[place : place + 64] = "Book".encode("utf-16-le").ljust(64, b"\0")
    struct.pack_into("<H", package, place + 64, 10)
    return bytes(package)


def damaged_ole(place: int, value: int) -> Callable[[], bytes]:
    """An honest xls with a number of its header changed."""

    def make() -> bytes:
        package = bytearray(xls())
        struct.pack_into("<I", package, place, value)
        return bytes(package)

    return make


def looping(name: str) -> Callable[[], bytes]:
    """An honest xls one of whose chains of sectors comes back to itself."""

    def make() -> bytes:
        package = bytearray(xls())
        table = (struct.unpack_from("<I", package, 76)[0] + 1) * 512
        directory = struct.unpack_from("<I", package, 48)[0]
        start = directory
        if name == "workbook":
            place = package.index("Workbook".encode("utf-16-le"))
            start = struct.unpack_from("<I", package, place + 116)[0]
        struct.pack_into("<I", package, table + 4 * start, start)
        return bytes(package)

    return make


def xlsb_record(kind: int, body: bytes = b"") -> bytes:
    def number(value: int) -> bytes:
        out = b""
        while True:
            out += bytes([value & 0x7F | (0x80 if value > 0x7F else 0)])
            value >>= 7
            if not value:
                return out

    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + number(len(body)) + body


def wide(value: str) -> bytes:
    raw = value.encode("utf-16-le")
    return struct.pack("<I", len(raw) // 2) + raw


def xlsb(*, rows: int | None = None, far: bool = False) -> bytes:
    """An honest export in Excel's binary form."""
    sheet = (
        xlsb_record(129)
        + xlsb_record(148, struct.pack("<IIII", 0, rows or len(GRID), 0, len(GRID[0])))
        + xlsb_record(145)
    )
    for number, line in enumerate(GRID):
        sheet += xlsb_record(0, struct.pack("<I", number) + bytes(13))
        for column, value in enumerate(line):
            head = struct.pack("<II", column, 0)
            sheet += (
                xlsb_record(6, head + wide(value))
                if isinstance(value, str)
                else xlsb_record(5, head + struct.pack("<d", value))
            )
    if far:
        sheet += xlsb_record(0, struct.pack("<I", 0xFFFFFFF0) + bytes(13)) + xlsb_record(
            5, struct.pack("<IId", 0xFFFFFF, 0, 1.0)
        )
    sheet += xlsb_record(146) + xlsb_record(130)
    book = (
        xlsb_record(131)
        + xlsb_record(143)
        + xlsb_record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Лист1"))
        + xlsb_record(144)
        + xlsb_record(132)
    )
    types = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
    relation = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/></Relationships>'
    return files.zipped({
        "[Content_Types].xml": types,
        "_rels/.rels": relation % (b"officeDocument", b"xl/workbook.bin"),
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": relation % (b"worksheet", b"worksheets/sheet1.bin"),
        "xl/worksheets/sheet1.bin": sheet,
    })  # fmt: skip


CASES: list[Case] = [
    # OpenDocument
    refused("ods: rows and columns repeated to 17 milliards", content(repeated(1_048_576, 16_384)), "too_demanding", "too_many_rows", "too_slow"),
    refused("ods: one number on 1,048,576 rows of 16,384", content(behind(row(FLOAT, rows=1_048_576, columns=16_384))), "too_demanding", "too_many_rows", "too_slow"),
    refused("ods: one number on 2,000,000,000 rows", content(behind(row(FLOAT, rows=2_000_000_000))), "too_demanding", "too_many_rows", "too_slow", "broken_workbook"),
    refused("ods: one number in 2,000,000,000 columns", content(behind(row(FLOAT, columns=2_000_000_000))), "too_demanding", "too_many_columns", "too_slow", "broken_workbook"),
    refused("ods: a count of 25 digits", content(behind(row(FLOAT, rows=10**25))), "too_demanding", "broken_workbook", "too_many_rows"),
    refused("ods: one number in 501 columns", content(behind(row(FLOAT, columns=501))), "too_many_columns"),
    refused("ods: one number on 300,000 rows", content(behind(row(FLOAT, rows=300_000))), "too_many_rows"),
    refused("ods: blanks, then a number at the last row", content(behind(row("", rows=1_048_500) + row(FLOAT))), "too_many_rows", "too_demanding"),
    refused("ods: 10,000 sheets", lambda: ods_tables(10_000), "too_many_sheets"),
    refused("ods: text of 20 MB", content(lambda xml: xml.replace("МКДОУ".encode(), b"x" * (20 << 20))), "cell_too_long", "too_demanding"),
    refused("ods: laughs", content(prologue(laughs())), "xml_dtd"),
    refused("ods: laughs in styles", lambda: files.rewritten(ods(), {"styles.xml": prologue(laughs())}), "xml_dtd"),
    refused("ods: utf-16", content(lambda xml: xml.decode().encode("utf-16")), "xml_encoding"),
    refused("ods: cut in the middle", content(lambda xml: xml[: len(xml) // 2]), "broken_workbook"),
    refused("ods: without content", lambda: files.rewritten(ods(), {"content.xml": None}), "broken_workbook"),
    refused("ods: content is text", content(lambda _: b"a;b"), "broken_workbook"),
    refused("ods: no sheets", content(lambda xml: re.sub(rb"<table:table .*</table:table>", b"", xml, flags=re.DOTALL)), "no_sheets", "empty_table", "broken_workbook"),
    read("ods: blank tails to the end of the sheet", content(behind(row("", rows=1_048_000, columns=16_384))), filename=ODS),
    read("ods: blank tails with a format", content(behind(row('table:style-name="ce1"', rows=1_048_000, columns=1024))), filename=ODS),
    refused("ods: without a manifest", lambda: files.rewritten(ods(), {"META-INF/manifest.xml": None}), "broken_workbook", filename=ODS),
    read("ods: hidden row", content(lambda xml: xml.replace(TABLE, b'<table:table-row table:visibility="collapse">', 3)), ("hidden_rows", 3), filename=ODS),
    read("ods: hidden row by a filter", content(lambda xml: xml.replace(TABLE, b'<table:table-row table:visibility="filter">', 2)), ("hidden_rows", 2), filename=ODS),
    read("ods: error cells", content(lambda xml: re.sub(rb'<table:table-cell office:value-type="float" office:value="20"><text:p>20</text:p>', '<table:table-cell office:value-type="string" calcext:value-type="error"><text:p>#ДЕЛ/0!</text:p>'.encode(), xml)), ("error_cells", 1), filename=ODS),
    read("ods: errors only shown", content(lambda xml: xml.replace(NUMBER_20, b'<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""><text:p>#DIV/0!</text:p>')), ("error_cells", 1), filename=ODS),
    read("ods: formula without a value", content(lambda xml: xml.replace(NUMBER_20, b'<table:table-cell table:formula="of:=1+1">')), ("formulas_without_value", 1), filename=ODS),
    # Excel 97–2003
    refused("xls: cell at IV65536", xls_book(_far), "too_many_cells", "too_demanding", "too_many_rows", filename=XLS),
    read("xls: strings stated by milliards", xls_with(strings_count), filename=XLS),
    refused("xls: strings cut off", xls_with(lambda kind, body: record(kind, body[:20]) if kind == 0xFC else None), "broken_workbook", "too_demanding", filename=XLS),
    refused("xls: password", filepass, "password", filename=XLS),
    refused("xls: stream of zeros", lambda: ole(bytes(8192)), "broken_workbook", "no_sheets", "empty_table", filename=XLS),
    refused("xls: stream of noise", lambda: ole(bytes((n * n + n // 7) % 256 for n in range(20_000))), "broken_workbook", "no_sheets", "too_demanding", "empty_table", filename=XLS),
    refused("xls: cut in the middle", lambda: xls()[: len(xls()) // 2], "broken_workbook", filename=XLS),
    refused("xls: loop in the directory", looping("directory"), "broken_workbook", filename=XLS),
    refused("xls: loop in the workbook", looping("workbook"), "broken_workbook", filename=XLS),
    refused("xls: directory far away", damaged_ole(48, 0x00FFFFFF), "broken_workbook", filename=XLS),
    refused("xls: table far away", damaged_ole(76, 0x00FFFFFF), "broken_workbook", filename=XLS),
    refused("xls: lists of tables in a loop", lambda: _difat_loop(), "broken_workbook", filename=XLS),
    refused("xls: sectors of no size", lambda: xls()[:30] + b"\0\0" + xls()[32:], "broken_workbook", filename=XLS),
    refused("xls: sectors of 2 GB", lambda: xls()[:30] + b"\x1f\0" + xls()[32:], "broken_workbook", filename=XLS),
    refused("xls: of 1990", lambda: record(0x209, struct.pack("<HHH", 0x200, 0x10, 0)) + bytes(100), "old_xls", filename=XLS),
    refused("xls: of 1992", lambda: record(0x409, struct.pack("<HHH", 0x400, 0x10, 0)) + bytes(100), "old_xls", filename=XLS),
    read("xls: lying dimensions", xls_with(dimensions), filename=XLS),
    read("xls: dimensions that end before they begin", xls_with(dimensions_reversed), filename=XLS),
    read("xls: hidden row and column", xls_book(_hidden), ("hidden_rows", 1), ("hidden_columns", 1), filename=XLS),
    read("xls: error cells", xls_book(_errors), ("error_cells", 3), filename=XLS),
    read("xls: hidden sheet", xls_book(_hidden_sheet), "hidden_sheet", filename=XLS),
    read("xls: formulas", xls_book(_formulas), filename=XLS),
    read("xls: of Excel 5", biff5, filename=XLS),
    # Excel's binary form
    read("xlsb: an honest export", xlsb),
    read("xlsb: lying dimensions", lambda: xlsb(rows=0xFFFFFFF0)),
    read("xlsb: cell beyond all sheets", lambda: xlsb(far=True)),
]  # fmt: skip


def _difat_loop() -> bytes:
    package = bytearray(xls())
    package += struct.pack("<127I", *[0xFFFFFFFF] * 127) + struct.pack("<I", len(package) // 512 - 1)
    struct.pack_into("<II", package, 68, len(package) // 512 - 2, 1)
    return bytes(package)
