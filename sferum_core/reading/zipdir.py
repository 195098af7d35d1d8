"""The directory of a zip, checked without inflating anything: what a hostile archive must not get past."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass

from sferum_core.model import Limits
from sferum_core.reading.refusals import refuse

_END_RECORD = b"PK\x05\x06"
_ENTRY = b"PK\x01\x02"
_LOCAL = b"PK\x03\x04"
_LOCATOR = b"PK\x06\x07"
_END64 = b"PK\x06\x06"
_LONGEST_END = 22 + 0xFFFF
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1 | 0x40
_DESCRIPTOR = 0x8
_DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # they make «exe.xlsx» of another name
_SAME_FOLDER = re.compile(r"(?:(?<=/)|\A)\./")
_JUNK_FOLDERS = ("__macosx", ".git", ".svn")
_JUNK_FILES = (".ds_store", "thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class ZipDirectory:
    """A checked directory: entries by the name a person reads, folders and junk of file managers left out."""

    entries: dict[str, zipfile.ZipInfo]
    unpacked_bytes: int


def read_directory(content: bytes, limits: Limits) -> ZipDirectory:
    """The directory of a zip held in `content`.

    Raises UnreadableFile for too many entries, too much unpacked, methods but stored and deflate, encryption,
    duplicate or unsafe names, links, overlaps, and headers that contradict each other.
    """
    start, stated = _check_end(content, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            infos = package.infolist()
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        ValueError,
        OSError,
        struct.error,
        EOFError,
        UnicodeError,
    ):
        raise refuse("zip_broken") from None
    if len(infos) != stated:
        raise refuse("zip_lying")
    if not infos:
        raise refuse("zip_empty")
    entries: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    total = 0
    for info in infos:
        name = _readable_name(info)
        _check_name(name, info)
        if info.flag_bits & _ENCRYPTED:
            raise refuse("zip_encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refuse("zip_method")
        if info.file_size > limits.part_bytes:
            raise refuse("zip_part_too_big", limit=limits.part_bytes >> 20)
        total += info.file_size
        if total > limits.total_bytes:
            raise refuse("zip_total_too_big", limit=limits.total_bytes >> 20)
        if name in seen:
            raise refuse("zip_duplicate_names")
        seen.add(name)
        if not name.endswith("/") and not _is_junk(name):
            entries[name] = info
    _check_places(content, infos, start)
    return ZipDirectory(entries, total)


def inflate(content: bytes, info: zipfile.ZipInfo, most: int) -> bytes:
    """The bytes of one entry, at most `most` of them.

    Raises UnreadableFile when they are more, or not what the directory says.
    """
    if info.file_size > most:
        raise refuse("zip_part_too_big", limit=most >> 20)
    start = _data_start(content, info)
    packed = content[start : start + info.compress_size]
    if info.compress_type == zipfile.ZIP_STORED:
        result = packed
    else:
        inflater = zlib.decompressobj(-15)
        try:
            result = inflater.decompress(packed, info.file_size + 1)
            if not inflater.eof and len(result) <= info.file_size:
                # the end mark may still be in what the bound kept back
                result += inflater.decompress(inflater.unconsumed_tail, 1)
        except zlib.error:
            raise refuse("zip_bad_checksum") from None
        if inflater.unused_data or (inflater.eof and inflater.unconsumed_tail):
            raise refuse("zip_lying")
    if len(result) != info.file_size:
        raise refuse("zip_lying")
    if zlib.crc32(result) != info.CRC:
        raise refuse("zip_bad_checksum")
    return result


def _check_end(content: bytes, limits: Limits) -> tuple[int, int]:
    """Where the directory starts and how many entries it states.

    Readers of zips look for the end record in different ways; a file is taken only when all of them find
    the same: the last record, a comment that ends with the file, a directory right before the record.
    """
    end = content.rfind(_END_RECORD, max(0, len(content) - 2 * _LONGEST_END))
    if end < 0 or end + 22 > len(content):
        raise refuse("zip_broken")
    disks = content[end + 4 : end + 8]
    here, stated, size, start, comment = struct.unpack_from("<HHIIH", content, end + 8)
    if content[end + 22 + comment :].strip(b"\0\r\n\t ") or end + 22 + comment > len(content):
        raise refuse("zip_broken")
    edge = end
    wide = content[end - 20 : end] if end >= 20 else b""
    if wide.startswith(_LOCATOR):
        (edge,) = struct.unpack_from("<Q", wide, 8)
        if edge + 56 > end - 20 or content[edge : edge + 4] != _END64:
            raise refuse("zip_broken")
        long_here, long_stated, long_size, long_start = struct.unpack_from("<QQQQ", content, edge + 24)
        for narrow, long, most in (
            (here, long_here, 0xFFFF),
            (stated, long_stated, 0xFFFF),
            (size, long_size, 0xFFFFFFFF),
            (start, long_start, 0xFFFFFFFF),
        ):
            if narrow not in (long, most):
                raise refuse("zip_lying")
        here, stated, size, start = long_here, long_stated, long_size, long_start
    if stated > limits.zip_entries or content.count(_ENTRY, start, edge) > limits.zip_entries:
        raise refuse("zip_too_many_entries", limit=limits.zip_entries)
    if disks.strip(b"\0") or here != stated or start + size != edge:
        raise refuse("zip_lying")
    return start, stated


def _readable_name(info: zipfile.ZipInfo) -> str:
    """The entry's name: UTF-8 where the flag or the bytes say so, else a code page of Russian Windows."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437", "replace")
        stated = _unicode_path(info.extra, raw)
        if stated is not None:
            name = stated
        elif not raw.isascii():
            try:
                name = raw.decode("utf-8")
            except UnicodeDecodeError:
                name = max(
                    (raw.decode(page, "replace") for page in ("cp866", "cp1251")), key=_russian_letters
                )
    name = _DIRECTION_MARKS.sub("", name.replace("\\", "/"))
    return _SAME_FOLDER.sub("", name)


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    place = 0
    while place + 4 <= len(extra):
        tag, size = struct.unpack_from("<HH", extra, place)
        body = extra[place + 4 : place + 4 + size]
        if tag == 0x7075 and len(body) > 5 and struct.unpack_from("<I", body, 1)[0] == zlib.crc32(raw):
            try:
                return body[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
        place += 4 + size
    return None


def _russian_letters(name: str) -> int:
    return sum("а" <= letter.lower() <= "я" or letter in "ёЁ№" for letter in name)


def _check_name(name: str, info: zipfile.ZipInfo) -> None:
    parts = name.rstrip("/").split("/")
    mode = info.external_attr >> 16
    special = stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR)
    unsafe = (
        not name
        or name.startswith("/")
        or ".." in parts
        or "" in parts
        or any(letter < " " or letter == "\x7f" for letter in name)
        or name[1:2] == ":"
        or len(name) > 1000
    )
    if unsafe or special:
        raise refuse("zip_unsafe_name")


def _is_junk(name: str) -> bool:
    parts = name.lower().split("/")
    return parts[0] in _JUNK_FOLDERS or parts[-1] in _JUNK_FILES or parts[-1].startswith(("._", "~$"))


def _data_start(content: bytes, info: zipfile.ZipInfo) -> int:
    return info.header_offset + 30 + sum(struct.unpack_from("<HH", content, info.header_offset + 26))


def _check_places(content: bytes, infos: list[zipfile.ZipInfo], directory_start: int) -> None:
    """Local headers must agree with the directory; no entry may reach into another or into the directory."""
    spans = []
    for info in infos:
        place = info.header_offset
        if place < 0 or place + 30 > len(content) or content[place : place + 4] != _LOCAL:
            raise refuse("zip_lying")
        flags, method = struct.unpack_from("<HH", content, place + 6)
        checksum, packed, size, name_length = struct.unpack_from("<IIIH", content, place + 14)
        name = content[place + 30 : place + 30 + name_length]
        encoding = "utf-8" if info.flag_bits & _UTF8_NAME else "cp437"
        if name != info.orig_filename.encode(encoding, "surrogateescape") or method != info.compress_type:
            raise refuse("zip_lying")
        if flags & _ENCRYPTED:
            raise refuse("zip_encrypted")
        sizes_stated = not flags & _DESCRIPTOR and 0xFFFFFFFF not in (packed, size)
        if sizes_stated and (packed, size) != (info.compress_size, info.file_size):
            raise refuse("zip_lying")
        if not flags & _DESCRIPTOR and checksum != info.CRC:
            raise refuse("zip_lying")
        spans.append((place, _data_start(content, info) + info.compress_size))
    spans.sort()
    edge = 0
    for begin, end in spans:
        if begin < edge:
            raise refuse("zip_overlap")
        edge = end
    if edge > directory_start:
        raise refuse("zip_overlap" if edge <= len(content) else "zip_broken")
