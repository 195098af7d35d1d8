"""The guard: what a file from outside really is, told from its bytes before anything is parsed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sferum_core.model import Limits, UnreadableFile
from sferum_core.reading import ole
from sferum_core.reading.refusals import refuse
from sferum_core.reading.zipdir import ZipDirectory, inflate, read_directory

WORKBOOKS = ("xlsx", "xlsm", "xlsb", "xls", "ods")
_SMALL_PART = 1 << 20

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "not_a_table", "документ PDF"),
    (b"\x89PNG\r\n", "not_a_table", "картинка PNG"),
    (b"\xff\xd8\xff", "not_a_table", "картинка JPEG"),
    (b"GIF8", "not_a_table", "картинка GIF"),
    (b"II*\0", "not_a_table", "картинка TIFF"),
    (b"MM\0*", "not_a_table", "картинка TIFF"),
    (b"{\\rtf", "not_a_table", "документ RTF"),
    (b"MZ\x90", "not_a_table", "программа"),
    (b"\x7fELF", "not_a_table", "программа"),
    (b"SQLite format 3\0", "not_a_table", "база данных"),
    (b"PAR1", "not_a_table", "данные Parquet"),
    (b"Rar!\x1a\x07", "other_archive", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "other_archive", "7-Zip"),
    (b"\x1f\x8b\x08", "other_archive", "GZIP"),
    (b"\xfd7zXZ\0", "other_archive", "XZ"),
    (b"BZh", "other_archive", "BZIP2"),
    (b"\x28\xb5\x2f\xfd", "other_archive", "ZSTD"),
)
_OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("WordDocument", "документ Word"),
    ("PowerPoint Document", "презентация PowerPoint"),
    ("VisioDocument", "схема Visio"),
    ("__properties_version1.0", "письмо Outlook"),
)
_ZIP_PREFIXES: tuple[tuple[str, str], ...] = (
    ("word/", "документ Word"),
    ("ppt/", "презентация PowerPoint"),
    ("visio/", "схема Visio"),
    ("META-INF/MANIFEST.MF", "программа Java"),
    ("AndroidManifest.xml", "программа Android"),
    ("Index/Document.iwa", "документ Apple iWork"),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|style|div|script|title)\b")


@dataclass(frozen=True)
class Guarded:
    """A file's real format: one of WORKBOOKS, «csv» for any text, «zip» for an archive of files."""

    format: str
    directory: ZipDirectory | None = None


def inspect(content: bytes, limits: Limits) -> Guarded:
    """What `content` is. Raises UnreadableFile for everything that must not or cannot be read as a table."""
    if not content:
        raise refuse("empty_file")
    if len(content) > limits.file_bytes:
        raise refuse("file_too_big", limit=limits.file_bytes >> 20)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _inspect_zip(content, limits)
    if content.startswith(ole.SIGNATURE):
        return _inspect_ole(content)
    if content[:2] == b"\x09\x00" or (
        content[:1] == b"\x09"
        and content[1:2] in (b"\x02", b"\x04", b"\x08")
        and not content[3:4].strip(b"\0")
    ):
        raise refuse("old_xls")
    for signature, code, what in _SIGNATURES:
        if content.startswith(signature):
            raise refuse(code, what=what)
    _refuse_markup(content)
    return Guarded("csv")


def _inspect_zip(content: bytes, limits: Limits) -> Guarded:
    directory = read_directory(content, limits)
    names = directory.entries
    lowered = {name.lower(): name for name in names}
    if "[content_types].xml" in lowered:
        if len(lowered) < len(names):  # parts of a workbook are one whatever their letters' case
            raise refuse("zip_duplicate_names")
        return _inspect_ooxml(content, directory, names[lowered["[content_types].xml"]].filename)
    if "mimetype" in names and names["mimetype"].file_size < 200:
        return _inspect_odf(content, directory)
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return _inspect_odf(content, directory)
    for prefix, what in _ZIP_PREFIXES:
        if any(name.startswith(prefix) for name in names):
            raise refuse("not_a_table", what=what)
    if not names:
        raise refuse("zip_empty")
    return Guarded("zip", directory)


def _inspect_ooxml(content: bytes, directory: ZipDirectory, types_name: str) -> Guarded:
    info = next(entry for entry in directory.entries.values() if entry.filename == types_name)
    types = inflate(content, info, _SMALL_PART)
    names = directory.entries
    if "xl/workbook.bin" in names:
        return Guarded("xlsb", directory)
    if (
        b"spreadsheetml" in types
        or b"ms-excel" in types
        or any(name.lower().startswith("xl/") for name in names)
    ):
        return Guarded("xlsm" if b"macroEnabled" in types else "xlsx", directory)
    for prefix, what in _ZIP_PREFIXES:
        if any(name.startswith(prefix) for name in names):
            raise refuse("not_a_table", what=what)
    raise refuse("broken_workbook")


def _inspect_odf(content: bytes, directory: ZipDirectory) -> Guarded:
    names = directory.entries
    mimetype = b""
    if "mimetype" in names:
        mimetype = inflate(content, names["mimetype"], 200).strip()
    if mimetype and not mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        if mimetype.startswith(b"application/vnd.oasis.opendocument"):
            raise refuse("not_a_table", what="документ LibreOffice")
        raise refuse("not_a_table", what="электронная книга" if b"epub" in mimetype else "архив программы")
    if "META-INF/manifest.xml" in names:
        manifest = inflate(content, names["META-INF/manifest.xml"], _SMALL_PART)
        if b"encryption-data" in manifest:
            raise refuse("password")
    if "encrypted-package" in names:
        raise refuse("password")
    if "content.xml" not in names:
        raise refuse("broken_workbook")
    return Guarded("ods", directory)


def _inspect_ole(content: bytes) -> Guarded:
    try:
        names = ole.stream_names(content)
    except ole.BrokenOle:
        raise refuse("broken_workbook") from None
    if "EncryptedPackage" in names or "EncryptionInfo" in names:
        raise refuse("password")
    if names & {"Workbook", "WORKBOOK", "Book", "BOOK"}:
        return Guarded("xls")
    for stream, what in _OLE_STREAMS:
        if stream in names:
            raise refuse("not_a_table", what=what)
    raise refuse("unknown_format")


def _refuse_markup(content: bytes) -> None:
    """Refuse web pages and XML, whatever their ending and encoding, and text that is data of a program."""
    head = (
        content[:8192].replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").lstrip().lower()
    )
    if not head:
        if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
            raise refuse("empty_file")
        return
    while head.startswith(b"<!--") and b"-->" in head:
        head = head.split(b"-->", 1)[1].lstrip()
    if head.startswith(b"<?xml"):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in head or b"mso-application" in head:
            raise refuse("spreadsheet_xml")
        if b"urn:oasis:names:tc:opendocument" in head:
            raise refuse("spreadsheet_xml")
        raise _markup_refusal(head)
    if head.startswith(b"<"):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
            raise refuse("spreadsheet_xml")
        if _HTML.match(head):
            raise refuse("html_table")
    if head.startswith(b"mime-version:"):
        raise refuse("html_table")
    if head.startswith((b"{", b"[")) and content.rstrip(b"\0 \t\r\n")[-1:] in (b"}", b"]"):
        raise refuse("not_a_table", what="данные JSON")


def _markup_refusal(head: bytes) -> UnreadableFile:
    if _HTML.search(head[:2048]):
        return refuse("html_table")
    return refuse("not_a_table", what="документ XML")
