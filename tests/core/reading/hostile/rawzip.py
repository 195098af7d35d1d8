"""A writer of zips that can lie in every field."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

STORED, DEFLATED = 0, 8
UTF8 = 0x800
DESCRIPTOR = 0x8


@dataclass
class Entry:
    """A file in the archive. `local` and `central` override fields of one header only."""

    name: bytes
    body: bytes = b""
    method: int = DEFLATED
    flags: int = 0
    mode: int = 0o100644
    extra: bytes = b""
    packed: bytes | None = None
    descriptor: bool = False
    zip64: bool = False
    local: dict[str, Any] = field(default_factory=dict)
    central: dict[str, Any] = field(default_factory=dict)


def deflate(body: bytes) -> bytes:
    """Raw deflate."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(body) + packer.flush()


def local_header(entry: Entry, packed: bytes) -> bytes:
    """The local header with its data and, if asked for, the descriptor behind them."""
    stated = {
        "name": entry.name,
        "flags": entry.flags | (DESCRIPTOR if entry.descriptor else 0),
        "method": entry.method,
        "crc": 0 if entry.descriptor else zlib.crc32(entry.body),
        "packed": 0 if entry.descriptor else len(packed),
        "size": 0 if entry.descriptor else len(entry.body),
        "extra": b"",
    } | entry.local
    head = struct.pack(
        "<4sHHHHHIIIHH", b"PK\x03\x04", 20, stated["flags"], stated["method"], 0, 33, stated["crc"],
        stated["packed"], stated["size"], len(stated["name"]), len(stated["extra"]),
    )  # fmt: skip
    tail = b""
    if entry.descriptor:
        tail = struct.pack("<4sIII", b"PK\x07\x08", zlib.crc32(entry.body), len(packed), len(entry.body))
    return head + stated["name"] + stated["extra"] + packed + tail


def central_header(entry: Entry, packed: bytes, place: int) -> bytes:
    """The entry of the directory."""
    stated = {
        "name": entry.name,
        "flags": entry.flags | (DESCRIPTOR if entry.descriptor else 0),
        "method": entry.method,
        "crc": zlib.crc32(entry.body),
        "packed": len(packed),
        "size": len(entry.body),
        "extra": entry.extra,
        "place": place,
    } | entry.central
    if entry.zip64:
        stated["extra"] += struct.pack("<HHQQQ", 1, 24, stated["size"], stated["packed"], stated["place"])
        stated["size"] = stated["packed"] = stated["place"] = 0xFFFFFFFF
    return (
        struct.pack(
            "<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 0x0314, 20, stated["flags"], stated["method"], 0, 33,
            stated["crc"], stated["packed"], stated["size"], len(stated["name"]), len(stated["extra"]),
            0, 0, 0, entry.mode << 16, stated["place"],
        )
        + stated["name"]
        + stated["extra"]
    )  # fmt: skip


def build(
    entries: Iterable[Entry],
    *,
    prefix: bytes = b"",
    before_directory: bytes = b"",
    comment: bytes = b"",
    zip64: bool = False,
    end: dict[str, int] | None = None,
    end64: dict[str, int] | None = None,
) -> bytes:
    """The archive. `prefix` counts in the places that the headers state; `end` and `end64` lie about the rest."""
    body = bytearray(prefix)
    directory = bytearray()
    count = 0
    for entry in entries:
        packed = entry.packed
        if packed is None:
            packed = deflate(entry.body) if entry.method == DEFLATED else entry.body
        directory += central_header(entry, packed, len(body))
        body += local_header(entry, packed)
        count += 1
    body += before_directory
    place = len(body)
    body += directory
    stated = {"count": count, "size": len(directory), "place": place} | (end or {})
    if zip64:
        stated64 = {"count": count, "size": len(directory), "place": place} | (end64 or {})
        record = len(body)
        body += struct.pack(
            "<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0,
            stated64["count"], stated64["count"], stated64["size"], stated64["place"],
        ) + struct.pack("<4sIQI", b"PK\x06\x07", 0, record, 1)  # fmt: skip
        if end is None:
            stated = {"count": 0xFFFF, "size": 0xFFFFFFFF, "place": 0xFFFFFFFF}
    body += struct.pack(
        "<4sHHHHIIH", b"PK\x05\x06", 0, 0, stated["count"], stated["count"], stated["size"], stated["place"],
        len(comment),
    )  # fmt: skip
    return bytes(body + comment)


def unicode_path(raw: bytes, name: str) -> bytes:
    """The extra field that states another name in UTF-8."""
    body = struct.pack("<BI", 1, zlib.crc32(raw)) + name.encode()
    return struct.pack("<HH", 0x7075, len(body)) + body
