"""The directory of an OLE file (old Excel, Word, encrypted workbooks), read without trusting its chains."""

from __future__ import annotations

import struct
from array import array

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ROOT = 5
_WORKBOOKS = ("workbook", "book")
_SMALL_STREAM = 4096
_LAST_SECTOR = 0xFFFFFFFA  # numbers from here on are marks, not sectors


class BrokenOle(Exception):  # noqa: N818
    """The file's sector chains loop or lead nowhere."""


def stream_names(content: bytes) -> set[str]:
    """Names of all streams and storages.

    Raises BrokenOle when the directory cannot be read or a workbook's chain of sectors comes back to itself.
    """
    if len(content) < 512:
        raise BrokenOle
    shift = struct.unpack_from("<H", content, 30)[0]
    if shift not in (9, 12):
        raise BrokenOle
    size = 1 << shift
    (directory_start,) = struct.unpack_from("<I", content, 48)
    table = _sector_table(content, size)
    small_table = _small_table(content, table, size)
    names = set()
    for sector in _chain(table, directory_start):
        block = content[(sector + 1) * size : (sector + 2) * size]
        for place in range(0, len(block) - 127, 128):
            entry = block[place : place + 128]
            length = struct.unpack_from("<H", entry, 64)[0]
            kind = entry[66]
            if kind == 0 or not 2 <= length <= 64:
                continue
            name = entry[: length - 2].decode("utf-16-le", "replace")
            names.add(name)
            start, stream_bytes = struct.unpack_from("<II", entry, 116)
            if kind == _ROOT or name.lower() in _WORKBOOKS:
                small = kind != _ROOT and stream_bytes < _SMALL_STREAM
                if stream_bytes:
                    _chain(small_table if small else table, start)
    if not names:
        raise BrokenOle
    return names


def _small_table(content: bytes, table: array[int], size: int) -> array[int]:
    """Chains of the small sectors, in which streams below 4 KiB lie."""
    (start,) = struct.unpack_from("<I", content, 60)
    small = array("I")
    for sector in _chain(table, start):
        block = content[(sector + 1) * size : (sector + 2) * size]
        small.frombytes(block[: len(block) // 4 * 4])
    return small


def _sector_table(content: bytes, size: int) -> array[int]:
    first = list(struct.unpack_from("<109I", content, 76))
    (following,) = struct.unpack_from("<I", content, 68)
    sectors = [sector for sector in first if sector < _LAST_SECTOR]
    seen: set[int] = set()
    most = len(content) // size + 1
    while following < _LAST_SECTOR:
        block = content[(following + 1) * size : (following + 2) * size]
        if following in seen or len(block) < size:
            raise BrokenOle
        seen.add(following)
        *more, following = struct.unpack(f"<{size // 4}I", block)
        sectors += [sector for sector in more if sector < _LAST_SECTOR]
    if len(sectors) > most:
        raise BrokenOle
    table = array("I")
    for sector in sectors:
        block = content[(sector + 1) * size : (sector + 2) * size]
        table.frombytes(block[: len(block) // 4 * 4])
    return table


def _chain(table: array[int], start: int) -> list[int]:
    chain: list[int] = []
    sector = start
    while sector < _LAST_SECTOR:
        if sector >= len(table) or len(chain) > len(table):
            raise BrokenOle
        chain.append(sector)
        sector = table[sector]
    return chain
