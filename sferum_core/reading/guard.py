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
    (b"BM", "not_a_table", "картинка BMP"),
    (b"RIFF", "not_a_table", "картинка, звук или видео"),
    (b"OggS", "not_a_table", "звук или видео"),
    (b"ID3", "not_a_table", "звук"),
    (b"wOFF", "not_a_table", "шрифт"),
    (b"L\0\0\0\x01\x14\x02\0", "not_a_table", "ярлык Windows"),
    (b"\0\x01\0\0Standard ", "not_a_table", "база данных Access"),
    (b"\xca\xfe\xba\xbe", "not_a_table", "программа"),
    (b"MSCF\0", "other_archive", "CAB"),
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
    ("index.apxl", "документ Apple iWork"),
)
_SHEETS_IN_XML = (
    b"urn:schemas-microsoft-com:office:spreadsheet",
    b'progid="excel.sheet"',
    b"urn:oasis:names:tc:opendocument",
)
_END_OF_ZIP, _ENTRY_OF_ZIP = b"PK\x05\x06", b"PK\x01\x02"
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|table|thead|tbody|tr|td|th|meta|style|div|script|title|form|center|p|br|hr|"
    rb"font|link|span|h[1-6]|b|i|u|a|img|ul|ol|li|pre|base|iframe|nav|main|header|section|article|input|label)"
    rb"(?=[\s/>])"
)
_SYLK = re.compile(rb"\AID;P[^\r\n]*[\r\n]+(?:[BCFOPN];|NN;|NE;|W;|E[\r\n])")
_DIF = re.compile(rb"\ATABLE[\r\n]+0,1[\r\n]")
_ELEMENT = re.compile(rb"<[a-z][\w:.-]*(?:\s[^<>]*)?>")


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
        # Letters alone may begin a text, so the binary ones must have a NUL, too.
        if content.startswith(signature) and (not signature.isalnum() or b"\0" in content[:512]):
            raise refuse(code, what=what)
    if content[4:8] == b"ftyp":
        raise refuse("not_a_table", what="видео или фотография")
    if content[257:262] == b"ustar":
        raise refuse("other_archive", what="TAR")
    if _is_dbase(content):
        raise refuse("not_a_table", what="база данных dBase")
    for form, what in ((_SYLK, "SYLK"), (_DIF, "DIF")):
        if form.match(content[:4096]):
            raise refuse("other_table", what=what)
    _refuse_markup(content)
    if _END_OF_ZIP in content[-65_557:] and _ENTRY_OF_ZIP in content:
        raise refuse("zip_broken")
    return Guarded("csv")


def _is_dbase(content: bytes) -> bool:
    if len(content) < 65 or content[0] not in b"\x03\x04\x30\x31\x43\x83\x8b\xf5":
        return False
    header = int.from_bytes(content[8:10], "little")
    return 1 <= content[2] <= 12 and 1 <= content[3] <= 31 and content[header - 1 : header] in (b"\r", b"\0")


def _inspect_zip(content: bytes, limits: Limits) -> Guarded:
    directory = read_directory(content, limits)
    names = directory.entries
    if "[content_types].xml" in map(str.lower, names) or "content.xml" in names:
        _refuse_renamed(directory)
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


def _refuse_renamed(directory: ZipDirectory) -> None:
    """Refuse parts of a workbook whose name depends on who reads it."""
    for name, info in directory.entries.items():
        if info.orig_filename.isascii() and info.orig_filename.replace("\\", "/") != name:
            raise refuse("zip_lying")


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
        names = ole.OleFile(content).names
    except ole.BrokenOle:
        raise refuse("broken_workbook") from None
    if "EncryptedPackage" in names or "EncryptionInfo" in names:
        raise refuse("password")
    if {"workbook", "book"} & set(map(str.lower, names)):
        return Guarded("xls")
    for stream, what in _OLE_STREAMS:
        if stream in names:
            raise refuse("not_a_table", what=what)
    raise refuse("unknown_format")


def _refuse_markup(content: bytes) -> None:
    """Refuse web pages and XML, whatever their ending and encoding, and text that is data of a program."""
    head = _head(content[:8192])
    if not head:
        if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
            raise refuse("empty_file")
        return
    if head.startswith(b"%pdf-"):
        raise refuse("not_a_table", what="документ PDF")
    if head.startswith((b"<!--", b"<?")):
        head = _without_comments(_head(content[: 1 << 20]))
    if head.startswith((b"<?", b"<!doctype")) or (
        _ELEMENT.match(head) and (b"</" in head or b"/>" in head or _HTML.match(head))
    ):
        raise _markup_refusal(head)
    if head.startswith(b"mime-version:"):
        raise refuse("html_table")
    if head.startswith((b"{", b"[")) and content.rstrip(b"\0 \t\r\n")[-1:] in (b"}", b"]"):
        raise refuse("not_a_table", what="данные JSON")


def _head(content: bytes) -> bytes:
    """The first characters in small letters, whatever Unicode they are in, without BOM and blanks."""
    return content.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").lstrip().lower()


def _without_comments(markup: bytes) -> bytes:
    kept = []
    place = 0
    while (start := markup.find(b"<!--", place)) >= 0:
        kept.append(markup[place:start])
        end = markup.find(b"-->", start + 4)
        if end < 0:
            break
        place = end + 3
    else:
        kept.append(markup[place : place + 8192])
    return b"".join(kept)[:8192].lstrip()


def _markup_refusal(head: bytes) -> UnreadableFile:
    if any(sign in head for sign in _SHEETS_IN_XML):
        return refuse("spreadsheet_xml")
    if _HTML.search(head[:2048]):
        return refuse("html_table")
    return refuse("not_a_table", what="картинка SVG" if b"<svg" in head[:2048] else "документ XML")
