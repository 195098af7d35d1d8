"""Files for the tests of the reader, honest and hostile, made on the spot."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import openpyxl
import xlsxwriter
import xlwt
from odf import opendocument, table, text

HEADER = ["Организация", "Муниципалитет", "Педагогов", "Доля"]
ROWS: list[list[Any]] = [
    HEADER,
    ["МБДОУ «Детский сад № 7»", "Озёрский городской округ", 31, 0.5],
    ["МБОУ «СОШ № 12»", "Полевской муниципальный район", 64, 0.125],
    ["МАОУ «Лицей № 3»", "Луговой муниципальный округ", 58, 1.0],
]


def xlsx(rows: Iterable[Sequence[Any]] = ROWS, *, change: Callable[[Any], None] | None = None) -> bytes:
    """A workbook by openpyxl; `change` gets the workbook before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def shared_xlsx(rows: Iterable[Sequence[Any]] = ROWS) -> bytes:
    """A workbook by XlsxWriter: texts stand in the shared strings, as Excel writes them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def xls(rows: Iterable[Sequence[Any]] = ROWS) -> bytes:
    """A workbook of Excel 97–2003."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Лист1")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows: Iterable[Sequence[Any]] = ROWS) -> bytes:
    """An OpenDocument spreadsheet."""
    document = opendocument.OpenDocumentSpreadsheet()
    sheet = table.Table(name="Лист1")
    for row in rows:
        line = table.TableRow()
        for value in row:
            if isinstance(value, int | float):
                cell = table.TableCell(valuetype="float", value=str(value))
            elif isinstance(value, dt.date):
                cell = table.TableCell(valuetype="date", datevalue=value.isoformat())
            else:
                cell = table.TableCell(valuetype="string")
            cell.addElement(text.P(text=str(value)))
            line.addElement(cell)
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def csv_text(rows: Iterable[Sequence[Any]] = ROWS, delimiter: str = ";", newline: str = "\r\n") -> str:
    """Rows as text; values must not need quotes."""
    return newline.join(delimiter.join(str(value) for value in row) for row in rows) + newline


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


def rewritten(package: bytes, changes: Mapping[str, Callable[[bytes], bytes] | None]) -> bytes:
    """A zip with some parts changed (or left out: None); a name it hasn't got is added, made from b""."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            change = changes.get(info.filename, lambda part: part)
            if change is not None:
                new.writestr(info.filename, change(old.read(info)))
        for name, change in changes.items():
            if change is not None and name not in old.namelist():
                new.writestr(name, change(b""))
    return out.getvalue()


def sheet_xml(package: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with the XML of its first sheet changed."""
    return rewritten(package, {"xl/worksheets/sheet1.xml": change})


def shared_strings_bomb() -> bytes:
    """2 kB that make a reader reserve memory for four milliards of strings."""

    def lie(part: bytes) -> bytes:
        start = part.index(b"uniqueCount=")
        end = part.index(b'"', start + 13)
        return part[:start] + b'uniqueCount="4294967295' + part[end:]

    return rewritten(shared_xlsx(), {"xl/sharedStrings.xml": lie})


def with_stated_sizes(content: bytes, size: int, *, local: bool = True) -> bytes:
    """A zip whose directory (and local headers) state another unpacked size for every entry."""
    changed = bytearray(content)
    place = changed.find(b"PK\x01\x02")
    while place >= 0:
        struct.pack_into("<I", changed, place + 24, size)
        if local:
            header = struct.unpack_from("<I", changed, place + 42)[0]
            struct.pack_into("<I", changed, header + 22, size)
        place = changed.find(b"PK\x01\x02", place + 46)
    return bytes(changed)


def with_flags(
    content: bytes, *, flags: int | None = None, method: int | None = None, crc: int | None = None
) -> bytes:
    """A zip whose headers state other flags, another method or another checksum for every entry."""
    changed = bytearray(content)
    for signature, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = changed.find(signature)
        while place >= 0:
            if flags is not None:
                struct.pack_into("<H", changed, place + at, flags)
            if method is not None:
                struct.pack_into("<H", changed, place + at + 2, method)
            if crc is not None:
                struct.pack_into("<I", changed, place + at + 8, crc)
            place = changed.find(signature, place + 30)
    return bytes(changed)


def overlapping() -> bytes:
    """A zip whose second directory entry points at the first one's data."""
    content = bytearray(zipped({"a.csv": b"a;b\n1;2\n" * 10, "b.csv": b"a;b\n1;2\n" * 10}))
    second = content.rfind(b"PK\x01\x02")
    content[second + 46] = ord("a")
    first = content.find(b"PK\x01\x02")
    content[second + 16 : second + 28] = content[first + 16 : first + 28]
    struct.pack_into("<I", content, second + 42, 0)
    content[second + 46 : second + 51] = b"a.csv"
    return bytes(content)


def with_raw_name(raw: bytes, body: bytes, *, mode: int = 0o100644) -> bytes:
    """A zip of one stored file whose name is these very bytes, without the UTF-8 flag."""
    crc = zlib.crc32(body)
    local = struct.pack(
        "<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 0, 0, 33, crc, len(body), len(body), len(raw), 0
    )
    entry = struct.pack(
        "<4sHHHHHHIIIHHHHHII",
        b"PK\x01\x02", 0x0314, 20, 0, 0, 0, 33, crc, len(body), len(body), len(raw),
        0, 0, 0, 0, mode << 16, 0,
    )  # fmt: skip
    start = len(local) + len(raw) + len(body)
    size = len(entry) + len(raw)
    return (
        local
        + raw
        + body
        + entry
        + raw
        + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, size, start, 0)
    )


def many_entries(count: int) -> bytes:
    """A zip of so many empty files."""
    local = bytearray()
    directory = bytearray()
    for number in range(count):
        name = f"{number}".encode()
        header = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0)
        directory += (
            b"PK\x01\x02"
            + struct.pack("<H", 20)
            + header
            + struct.pack("<HHHII", 0, 0, 0, 0, len(local))
            + name
        )
        local += b"PK\x03\x04" + header + name
    stated = min(count, 0xFFFF)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, stated, stated, len(directory), len(local), 0)
    return bytes(local + directory + end)


def looping_ole() -> bytes:
    """An old Excel file whose directory's chain of sectors comes back to itself."""
    content = bytearray(xls())
    start = struct.unpack_from("<I", content, 48)[0]
    table_sector = struct.unpack_from("<I", content, 76)[0]
    struct.pack_into("<I", content, (table_sector + 1) * 512 + 4 * start, start)
    return bytes(content)


def ole_with(*names: str) -> bytes:
    """A small OLE file that holds (empty) streams of these names."""
    sectors = [struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)]
    entries = b""
    for name in ["Root Entry", *names][:4]:
        raw = name.encode("utf-16-le") + b"\0\0"
        kind = 5 if name == "Root Entry" else 2
        entries += (
            raw.ljust(64, b"\0")
            + struct.pack("<HBB", len(raw), kind, 1)
            + b"\xff" * 12
            + bytes(36)
            + struct.pack("<IQ", 0xFFFFFFFE, 0)
        )
    sectors.append(entries.ljust(512, b"\0"))
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return head + b"".join(sectors)
