"""The parts of a zipped workbook, inflated once: checksums, XML prologues and what calamine loses.

Standard library only: the reading child loads it. Parts are streamed; nothing is kept but counts.
"""

from __future__ import annotations

import pyexpat
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from posixpath import join, normpath
from typing import IO, Any

from sferum_core.reading.process import Refused
from sferum_core.reading.sheet_notes import SheetNotes

_CHUNK = 1 << 20
_ENCODING = re.compile(rb"""\A<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']""")
_FORMULA = re.compile(rb"<c\b([^<>]*)>\s*<f\b[^<>]*(?:/>|>[^<]*</f>)\s*(</c>|<v\s*/>|<v></v>)")
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b[^<>]*\shidden=["'](?:1|true)["']""")
_HIDDEN_COLUMN = re.compile(rb"""<(?:\w+:)?col\b[^<>]*\shidden=["'](?:1|true)["'][^<>]*>""")
_ATTRIBUTE = re.compile(rb"""\b(min|max)=["'](\d+)["']""")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*>")
_SHEET_NAME = re.compile(rb'\sname="([^"]*)"')
_SHEET_RELATION = re.compile(rb'\s\w+:id="([^"]*)"')
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
_ROOT = re.compile(rb"<([A-Za-z_][\w:.-]*)")
_DEPTH = 1_000  # sheets nest a dozen deep
_BLOCK = 1 << 12
_WHOLLY_CHECKED = 1 << 20
_DATE1904 = re.compile(rb'\bdate1904="(?:1|true)"')
_ODS_TOKEN = re.compile(
    rb'<table:table\s|calcext:value-type="error"|\stable:formula="[^"]*"[^<>]*>|<table:table-(row|column)\b[^<>]*table:visibility="(?:collapse|filter)"[^<>]*>'
)
_ODS_SHOWN_ERROR = re.compile(
    rb"\s*<text:p>(?:#[^<]{2,15}|(?:Err|\xd0\x9e\xd1\x88[^<]{0,10}):5\d\d)</text:p>"
)
_ODS_REPEATED = re.compile(rb'table:number-(?:rows|columns)-repeated="(\d+)"')


@dataclass
class BookNotes:
    """Notes by part name (xlsx) or by «#» and the sheet's number (ods)."""

    date1904: bool = False
    has_workbook: bool = False
    sheets: int = 0
    parts_shared: bool = False
    by_part: dict[str, SheetNotes] = field(default_factory=dict)
    part_of_name: dict[str, str] = field(default_factory=dict)

    def of_sheet(self, number: int, name: str) -> SheetNotes:
        """Notes of a sheet by its place and name in the workbook, empty where unknown."""
        part = self.part_of_name.get(name) or f"#{number:06}"
        return self.by_part.get(part, SheetNotes())


def scan(path: Path, part_bytes: int, total_bytes: int) -> BookNotes:
    """Inflate every part of a zipped workbook once and note what stands in it.

    Raises Refused for a part that is not what the directory says, a DTD, and XML that is not UTF-8.
    """
    notes = BookNotes()
    kept: dict[str, bytes] = {}
    budget = total_bytes
    with path.open("rb") as source, zipfile.ZipFile(source) as package:
        for info in package.infolist():
            if info.is_dir():
                continue
            if info.file_size > part_bytes or info.file_size > budget:
                raise Refused("zip_total_too_big", limit=total_bytes >> 20)
            budget -= info.file_size
            _scan_part(source, info, notes, kept)
        parts = {name.replace("\\", "/").lstrip("/") for name in package.namelist()}
    _place_sheets(notes, kept, parts)
    return notes


def _scan_part(source: IO[bytes], info: zipfile.ZipInfo, notes: BookNotes, kept: dict[str, bytes]) -> None:
    name = info.filename.replace("\\", "/").lstrip("/")
    chunks = _inflate(source, info)
    first = next(chunks, b"")
    if first[:2] in (b"\xff\xfe", b"\xfe\xff") or (first[:4].count(0) and b"<" in first[:4]):
        raise Refused("xml_encoding")
    head = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head.startswith(b"<"):
        if name in ("content.xml", "xl/workbook.xml"):
            raise Refused("broken_workbook")
        for _ in chunks:
            pass
        return
    stated = _ENCODING.match(head[:512])
    if stated and stated[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        raise Refused("xml_encoding")
    if name == "xl/workbook.xml" or name.endswith("workbook.xml.rels"):
        kept[name] = b""
    form = _Form(head) if _is_read(name, head) else None
    sheet = _SheetCounter() if b"<worksheet" in head[:4096] or b":worksheet" in head[:4096] else None
    tables = _OdsCounter(notes) if name == "content.xml" else None
    tail = b""
    buffer = first
    while buffer:
        # A search for one byte is many times faster than for a word, and these bytes are rare in sheets.
        if b"!" in buffer and (b"<!DOCTYPE" in buffer or b"<!ENTITY" in buffer):
            raise Refused("xml_dtd")
        following = next(chunks, b"")
        if form:
            form.take(buffer[len(tail) :], last=not following)
        cut = len(buffer)
        if following:
            cut = buffer.rfind(b"row>") + 4  # of a sheet or of a table
            if cut < 4:
                cut = buffer.rfind(b">") + 1
            if cut == 0:
                cut = max(len(buffer) - 16, 0)
        done, tail = (buffer, b"") if cut == len(buffer) else (buffer[:cut], buffer[cut:])
        if sheet:
            sheet.count(done)
        if tables:
            tables.count(done)
        if name in kept and len(kept[name]) < 4 * _CHUNK:
            kept[name] += done
        buffer = tail + following if following else tail
    if sheet:
        notes.by_part[name] = sheet.notes


def _is_read(name: str, head: bytes) -> bool:
    """Whether calamine looks into this part; the others may be as they like."""
    return (
        name in ("xl/workbook.xml", "xl/styles.xml", "content.xml")
        or name.endswith("workbook.xml.rels")
        or any(element in head[:4096] for element in (b"<worksheet", b":worksheet", b"<sst", b":sst"))
    )


class _Form:
    """Whether a part is XML from its first to its last element, which calamine doesn't ask.

    Small parts are checked wholly; of large ones, which would take too long, that they end as they began
    and don't nest without end.
    """

    def __init__(self, head: bytes) -> None:
        root = _ROOT.search(head[:65_536])
        self.end = b"</" + root[1] if root else b""
        self.size = self.depth = 0
        self.cut_mark = self.last = b""
        self.parser: Any = pyexpat.ParserCreate("utf-8")

    def take(self, xml: bytes, *, last: bool) -> None:
        """The next piece of the part."""
        if not self.size:
            xml = xml.lstrip()
        self.size += len(xml)
        self._go_down(xml)
        if self.parser is not None and self.size <= _WHOLLY_CHECKED:
            try:
                self.parser.Parse(xml, last)
            except pyexpat.ExpatError:
                raise Refused("broken_workbook") from None
        else:
            self.parser = None
        self.last = (self.last + xml[-512:])[-512:]
        ending = self.last.rstrip()
        if last and self.parser is None and not (ending.endswith(b">") and self._closes(ending)):
            raise Refused("broken_workbook")

    def _go_down(self, xml: bytes) -> None:
        """Follow how deep elements nest, block by block: what a block opens another may close."""
        xml = self.cut_mark + xml
        whole = len(xml.rstrip(b"</"))  # «<» and «</» say nothing before what follows them
        xml, self.cut_mark = xml[:whole], xml[whole:][-2:]
        start = 0
        while start < whole:
            end = start + _BLOCK
            while xml[end - 1 : end] in (b"<", b"/"):
                end += 1
            block, start = xml[start:end], end
            opened = block.count(b"<") - 2 * block.count(b"</") - block.count(b"/>")
            if self.depth + opened > _DEPTH:
                opened -= block.count(b"<!") + block.count(b"<?")
                if self.depth + opened > _DEPTH:
                    raise Refused("xml_depth")
            self.depth = max(0, self.depth + opened)

    def _closes(self, ending: bytes) -> bool:
        return self.end in ending[-len(self.end) - 32 :] or ending.endswith(b"-->")


def _inflate(source: IO[bytes], info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's bytes in pieces; refused once they outgrow, or fall short of, what the directory says."""
    source.seek(info.header_offset)
    header = source.read(30)
    source.seek(
        info.header_offset
        + 30
        + int.from_bytes(header[26:28], "little")
        + int.from_bytes(header[28:30], "little")
    )
    left = info.compress_size
    inflater = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
    size = checksum = 0
    pending = b""
    try:
        while True:
            if inflater is None:
                piece = source.read(min(left, _CHUNK))
                left -= len(piece)
            else:
                if not pending and left:
                    pending = source.read(min(left, _CHUNK // 4))
                    left -= len(pending)
                piece = inflater.decompress(pending, _CHUNK)
                pending = inflater.unconsumed_tail
                if not piece and not inflater.eof and (left or pending):
                    continue
            if not piece:
                break
            size += len(piece)
            if size > info.file_size:
                raise Refused("zip_lying")
            checksum = zlib.crc32(piece, checksum)
            yield piece
    except zlib.error:
        raise Refused("broken_workbook") from None
    if inflater is not None and (not inflater.eof or pending or left or inflater.unused_data):
        raise Refused("zip_lying" if inflater.eof else "broken_workbook")
    if size != info.file_size:
        raise Refused("zip_lying")
    if checksum != info.CRC:
        raise Refused("zip_bad_checksum")


class _SheetCounter:
    def __init__(self) -> None:
        self.notes = SheetNotes()

    def count(self, xml: bytes) -> None:
        notes = self.notes
        if b"#" in xml:
            notes.error_cells += xml.count(b' t="e"') + xml.count(b" t='e'")
        if b"f" in xml and (b"<f>" in xml or b"<f " in xml or b"<f/" in xml):
            # An empty text is a value that a formula may give; an empty number is not.
            notes.formulas_without_value += sum(
                1 for found in _FORMULA.finditer(xml) if found[2] == b"</c>" or b't="str"' not in found[1]
            )
        if b" hidden=" in xml:
            notes.hidden_rows += len(_HIDDEN_ROW.findall(xml))
            for found in _HIDDEN_COLUMN.finditer(xml):
                span = {key: int(value[:6]) for key, value in _ATTRIBUTE.findall(found[0])}
                notes.hidden_columns += max(0, min(span.get(b"max", 0), 16384) - span.get(b"min", 1) + 1)


class _OdsCounter:
    def __init__(self, book: BookNotes) -> None:
        self.book = book
        self.number = -1

    def count(self, xml: bytes) -> None:
        for found in _ODS_TOKEN.finditer(xml):
            if found[0].startswith(b"<table:table") and found[1] is None:
                self.number += 1
                if self.number < 10_000:
                    self.book.by_part[f"#{self.number:06}"] = SheetNotes()
                continue
            notes = self.book.by_part.get(f"#{self.number:06}")
            if notes is None:
                continue
            if found[1] is None:
                if b"table:formula=" not in found[0] or _shows_error(xml, found):
                    notes.error_cells += 1
                elif b"office:value-type=" not in xml[xml.rfind(b"<", 0, found.start()) : found.end()]:
                    notes.formulas_without_value += 1
                continue
            repeated = _ODS_REPEATED.search(found[0])
            times = int(repeated[1][:7]) if repeated else 1
            if found[1] == b"row":
                notes.hidden_rows += times
            else:
                notes.hidden_columns += times


def _shows_error(xml: bytes, formula: re.Match[bytes]) -> bool:
    """Whether a formula failed: LibreOffice says so; other programs only show it in the cell's text."""
    cell = xml[xml.rfind(b"<", 0, formula.start()) : formula.end()]
    if b'calcext:value-type="error"' in cell:
        return True
    if cell.endswith(b"/>") or not _ODS_SHOWN_ERROR.match(xml, formula.end()):
        return False
    return b"office:value-type=" not in cell or b'office:string-value=""' in cell


def _place_sheets(notes: BookNotes, kept: dict[str, bytes], parts: set[str]) -> None:
    """Which part holds which sheet. A sheet without its part is refused: calamine leaves it out."""
    workbook = kept.get("xl/workbook.xml", b"")
    notes.has_workbook = bool(workbook) or not parts.isdisjoint({"content.xml", "xl/workbook.bin"})
    notes.date1904 = _DATE1904.search(workbook) is not None
    targets = {}
    for name, xml in kept.items():
        if name.endswith(".rels"):
            base = normpath(join(name.rsplit("/", 1)[0], ".."))
            for found in _RELATION.finditer(xml):
                attributes = dict(re.findall(rb'(\w+)="([^"]*)"', found[0]))
                target = attributes.get(b"Target", b"").decode("utf-8", "replace")
                target = target.lstrip("/") if target.startswith("/") else normpath(join(base, target))
                targets[attributes.get(b"Id", b"")] = target
    written = {part.lower(): part for part in parts}  # names of parts are one whatever their letters' case
    placed: set[str] = set()
    for found in _SHEET.finditer(workbook):
        notes.sheets += 1
        label, relation = _SHEET_NAME.search(found[0]), _SHEET_RELATION.search(found[0])
        target = targets.get(relation[1]) if relation else None
        if target is None or label is None:
            continue
        if target.lower() not in written:
            raise Refused("broken_workbook")
        name, part = unescape(label[1].decode("utf-8", "replace")), written[target.lower()]
        notes.parts_shared |= part in placed  # its rows would count twice
        placed.add(part)
        notes.part_of_name[name] = part
