"""Files that are not what their names say."""

from __future__ import annotations

import gzip
import io
import struct
import zlib

import docx

from tests.core.reading import files
from tests.core.reading.hostile.case import GRID, Case, csv, ods, read, refused, text, xls, xlsx

HTML = "<table><tr><th>Организация</th></tr><tr><td>МБОУ</td></tr></table>"
MSO = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
    f"<head><meta charset=utf-8></head><body>{HTML}</body></html>"
)
SPREADSHEETML = (
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'
)
FODS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"/>'
)
MHTML = "MIME-Version: 1.0\nX-Document-Type: Workbook\nContent-Type: multipart/related\n\n" + HTML


def word() -> bytes:
    """A document of Word."""
    document = docx.Document()
    document.add_paragraph("Письмо")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def slides() -> bytes:
    """The parts that make a presentation."""
    return files.zipped(
        {"[Content_Types].xml": b"<Types>presentationml</Types>", "ppt/presentation.xml": b"<p/>"}
    )


def png() -> bytes:
    """A picture of one pixel."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0\0\0\0"))
        + chunk(b"IEND", b"")
    )


def odf(kind: str) -> bytes:
    """An OpenDocument package of another kind."""
    return files.rewritten(
        ods(), {"mimetype": lambda _: f"application/vnd.oasis.opendocument.{kind}".encode()}
    )


def locked_ods() -> bytes:
    """A spreadsheet of LibreOffice saved with a password: the manifest says how its parts are encrypted."""
    tag = b"<manifest:encryption-data manifest:checksum='x'/></manifest:manifest>"
    return files.rewritten(
        ods(),
        {
            "META-INF/manifest.xml": lambda part: part.replace(b"</manifest:manifest>", tag),
            "content.xml": lambda part: part[::-1],
        },
    )


CASES: list[Case] = [
    refused("type: empty", lambda: b"", "empty_file"),
    refused("type: a BOM and blanks", lambda: b"\xef\xbb\xbf \r\n", "empty_file"),
    refused("type: zeros", lambda: bytes(5000), "empty_file", "nul_bytes"),
    refused("type: 21 MB", lambda: b"a;b\n" * (21 << 18), "file_too_big"),
    *(refused(f"type: {name}", lambda body=body: body, *codes) for name, body, codes in (
        ("pdf", b"%PDF-1.7\n%\xe2\xe3", ("not_a_table",)),
        ("pdf behind blanks", b"\r\n  %PDF-1.7\n%\xe2\xe3", ("not_a_table",)),
        ("jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF", ("not_a_table",)),
        ("gif", b"GIF89a\1\0\1\0", ("not_a_table",)),
        ("webp", b"RIFF\x24\0\0\0WEBPVP8 ", ("not_a_table",)),
        ("mp4", b"\0\0\0\x18ftypmp42\0\0\0\0", ("not_a_table",)),
        ("mp3", b"ID3\x04\0\0\0\0\0\0", ("not_a_table",)),
        ("svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', ("not_a_table",)),
        ("rtf", b"{\\rtf1\\ansi x}", ("not_a_table",)),
        ("program", b"MZ\x90\0\3", ("not_a_table",)),
        ("elf", b"\x7fELF\2\1\1", ("not_a_table",)),
        ("rar", b"Rar!\x1a\x07\x01\0", ("other_archive",)),
        ("sylk", b"ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K1\r\nE\r\n", ("other_table",)),
        ("dif", b'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n0,2\r\n', ("other_table",)),
        ("7z", b"7z\xbc\xaf\x27\x1c\0\4", ("other_archive",)),
        ("gzip", gzip.compress(b"a;b\n1;2\n"), ("other_archive",)),
        ("tar", b"a.csv".ljust(257, b"\0") + b"ustar\x0000" + bytes(500), ("other_archive",)),
        ("cab", b"MSCF\0\0\0\0", ("other_archive",)),
        ("sqlite", b"SQLite format 3\0", ("not_a_table",)),
        ("access", b"\0\1\0\0Standard Jet DB\0", ("not_a_table",)),
        ("parquet", b"PAR1\x15\x04\x15\0", ("not_a_table",)),
        ("json object", b'{"a": [1, 2]}\n', ("not_a_table",)),
        ("json list", b'[{"a": 1}]\n', ("not_a_table",)),
        ("e-mail", b"From: a@example.org\nSubject: x\nMIME-Version: 1.0\n\nhello\n", ("not_a_table", "html_table", "no_table", "header_only")),
        ("dbf", b"\x03\x7c\x04\x04\x02\0\0\0\x61\0\x20\0" + bytes(20) + b"NAME\0\0\0\0\0\0\0C" + bytes(20) + b"\r  x", ("not_a_table", "nul_bytes")),
        ("random bytes", bytes((n * n * 7 + n // 3) % 256 for n in range(5000)), ("nul_bytes", "encoding_unknown", "encoding_mixed", "encoding_broken")),
        ("shortcut of the web", b"[InternetShortcut]\r\nURL=https://example.org/\r\n", ("no_table", "header_only", "not_a_table")),
    )),
    refused("type: png named .xlsx", png, "not_a_table"),
    refused("type: Word's document", word, "not_a_table"),
    refused("type: Word's document named .xlsx", word, "not_a_table", filename="a.docx"),
    refused("type: presentation", slides, "not_a_table"),
    refused("type: odt", lambda: odf("text"), "not_a_table", filename="a.ods"),
    refused("type: odp", lambda: odf("presentation"), "not_a_table", filename="a.ods"),
    refused("type: epub", lambda: files.zipped({"mimetype": b"application/epub+zip", "a.xhtml": b"x"}), "not_a_table"),
    refused("type: jar", lambda: files.zipped({"META-INF/MANIFEST.MF": b"x", "a.class": b"x"}), "not_a_table"),
    refused("type: numbers of Apple", lambda: files.zipped({"Index/Document.iwa": b"x"}), "not_a_table"),
    refused("type: old Word", lambda: files.ole_with("WordDocument"), "not_a_table", filename="a.xls"),
    refused("type: old PowerPoint", lambda: files.ole_with("PowerPoint Document"), "not_a_table", filename="a.xls"),
    refused("type: Outlook", lambda: files.ole_with("__properties_version1.0"), "not_a_table", filename="a.xls"),
    refused("type: OLE of something", lambda: files.ole_with("Data"), "unknown_format", filename="a.xls"),
    refused("password: ooxml", lambda: files.ole_with("EncryptedPackage", "EncryptionInfo"), "password"),
    refused("password: ods", locked_ods, "password", filename="a.ods"),
    refused("password: ods in one piece", lambda: files.zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "encrypted-package": b"x", "META-INF/manifest.xml": b"<m/>"}), "password", filename="a.ods"),
    *(refused(f"html: {name}", lambda body=body: body, "html_table", filename="a.xls") for name, body in (
        ("table", HTML.encode()),
        ("page", f"<!DOCTYPE html>\n<html><body>{HTML}".encode()),
        ("Excel's own", MSO.encode()),
        ("utf-16", MSO.encode("utf-16")),
        ("utf-16 without BOM", MSO.encode("utf-16-le")),
        ("cp1251", MSO.encode("cp1251")),
        ("behind blanks and a comment", b"\xef\xbb\xbf\r\n <!-- x --> <TABLE>"),
        ("xhtml", b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><table/></html>'),
        ("xhtml with a long comment", b'<?xml version="1.0"?><!--' + b"x" * 20_000 + b"--><html><table/></html>"),
        ("form", b"<form><table><tr><td>1</td></tr></table></form>"),
        ("center", b"<center><b>x</b></center><table><tr><td>1"),
        ("paragraph", b"<p>x</p><br><table><tr><td>1"),
        ("font", b"<font size=2><table><tr><td>1"),
        ("link", b"<link rel=stylesheet href=x><table><tr><td>1"),
        ("mhtml", MHTML.encode()),
    )),
    *(refused(f"xml: {name}", lambda body=body: body, *codes, filename="a.xls") for name, body, codes in (
        ("spreadsheetml", SPREADSHEETML.encode(), ("spreadsheet_xml",)),
        ("spreadsheetml utf-16", SPREADSHEETML.encode("utf-16"), ("spreadsheet_xml",)),
        ("spreadsheetml behind a long comment", SPREADSHEETML.replace("<Work", "<!--" + "x" * 20_000 + "--><Work").encode(), ("spreadsheet_xml",)),
        ("spreadsheetml without prologue", SPREADSHEETML[SPREADSHEETML.index("<Work"):].encode(), ("spreadsheet_xml",)),
        ("spreadsheetml with a prefix", b'<?xml version="1.0"?><ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"/>', ("spreadsheet_xml",)),
        ("flat ods", FODS.encode(), ("spreadsheet_xml",)),
        ("billion laughs", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>', ("not_a_table",)),
        ("other", b'<?xml version="1.0"?><x/>', ("not_a_table",)),
        ("without prologue", b'<rows><row a="1"/></rows>', ("not_a_table",)),
    )),
    # wrong endings are no trouble
    read("type: xlsx named .csv", xlsx, filename="выгрузка.csv"),
    read("type: csv named .xlsx", csv, filename="выгрузка.xlsx"),
    read("type: csv named .xls", csv, filename="выгрузка.xls"),
    read("type: xls named .xlsx", xls),
    read("type: ods named .xls", ods, filename="выгрузка.xls"),
    read("type: tsv named .xls", lambda: text().replace(";", "\t").encode(), filename="выгрузка.xls"),
    read("type: csv that begins with a bracket", lambda: ("[" + text()).encode()),
    read("type: csv that begins with less-than", lambda: ("<" + text()).encode()),
    *(read(f"name: {label}", csv, filename=name) for label, name in (
        ("empty", ""),
        ("a dot", "."),
        ("very long", "я" * 5000 + ".csv"),
        ("separators", "../../etc/passwd"),
        ("backslashes", "C:\\fakepath\\..\\выгрузка.csv"),
        ("NUL", "a\0.csv"),
        ("newline", "a\n\r\t.csv"),
        ("emoji", "🙂👨‍👩‍👧.csv"),
        ("reserved by Windows", "CON.csv"),
        ("reserved by Windows, too", "aux"),
        ("right-to-left override", "a\u202evsc.exe"),
        ("lone surrogate", "a\ud800.csv"),
        ("format signs", "{0} %s {name} %(x)s.csv"),
        ("formula", "=cmd|'/c calc'!A1.csv"),
        ("markup", "<img src=x onerror=alert(1)>.csv"),
        ("trailing blanks and dots", "a.csv . ."),
    )),
    *(read(f"name of an archive: {label}", lambda: files.zipped({"a.csv": csv()}), filename=name) for label, name in (("lone surrogate", "\udcff.zip"), ("NUL", "\0"))),
    read("type: one sheet without header style", lambda: files.xlsx(GRID)),
]  # fmt: skip
