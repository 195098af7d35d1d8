"""The directory of an OLE file (old Excel, Word, encrypted workbooks), read without trusting its chains.

Standard library only: the reading child loads it. Source: [MS-CFB].
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ROOT = 5
_WORKBOOKS = ("workbook", "book")
_SMALL_STREAM, _SMALL_SECTOR = 4096, 64
_LAST_SECTOR = 0xFFFFFFFA  # numbers from here on are marks, not sectors


class BrokenOle(Exception):  # noqa: N818
    """The file's sector chains loop or lead nowhere."""


@dataclass(frozen=True)
class Stream:
    """A stream's bytes and where in the file each of its sectors lies."""

    content: bytes
    places: list[int]
    sector: int

    def place_of(self, offset: int) -> int:
        """Where in the file a byte of the stream lies."""
        return self.places[offset // self.sector] + offset % self.sector


class OleFile:
    """Names, kinds and chains of all streams and storages.

    Raises BrokenOle when the directory cannot be read or a workbook's chain of sectors comes back to itself.
    """

    def __init__(self, content: bytes) -> None:
        if len(content) < 512:
            raise BrokenOle
        shift = struct.unpack_from("<H", content, 30)[0]
        if shift not in (9, 12):
            raise BrokenOle
        self.content = content
        self.sector = 1 << shift
        self.table = _sector_table(content, self.sector)
        directory, small_table = struct.unpack_from("<I8xI", content, 48)
        self.small_table = array("I")
        for block in self._blocks(small_table):
            self.small_table.frombytes(block[: len(block) // 4 * 4])
        self.names: set[str] = set()
        self.chains: dict[str, tuple[list[int], int, bool]] = {}
        self.root: list[int] = []
        for block in self._blocks(directory):
            for place in range(0, len(block) - 127, 128):
                self._take(block[place : place + 128])
        if not self.names:
            raise BrokenOle

    def workbook(self) -> Stream:
        """The stream of a workbook; of both, when the file has one for each version of Excel, the newer."""
        for name in _WORKBOOKS:
            if name in self.chains:
                chain, size, small = self.chains[name]
                places = [(number + 1) * self.sector for number in chain]
                sector = self.sector
                if small:
                    sector = _SMALL_SECTOR
                    offsets = [number * _SMALL_SECTOR for number in chain]
                    if any(offset // self.sector >= len(self.root) for offset in offsets):
                        raise BrokenOle
                    places = [
                        (self.root[offset // self.sector] + 1) * self.sector + offset % self.sector
                        for offset in offsets
                    ]
                content = b"".join(self.content[place : place + sector] for place in places)[:size]
                return Stream(content, places, sector)
        raise BrokenOle

    def _take(self, entry: bytes) -> None:
        length, kind = struct.unpack_from("<HB", entry, 64)
        if kind == 0 or not 2 <= length <= 64:
            return
        name = entry[: length - 2].decode("utf-16-le", "replace")
        self.names.add(name)
        start, size = struct.unpack_from("<II", entry, 116)
        if kind == _ROOT and size:
            self.root = _chain(self.table, start)
        elif name.lower() in _WORKBOOKS and size:
            small = size < _SMALL_STREAM
            chain = _chain(self.small_table if small else self.table, start)
            self.chains[name.lower()] = chain, size, small

    def _blocks(self, start: int) -> list[bytes]:
        size = self.sector
        return [self.content[(n + 1) * size : (n + 2) * size] for n in _chain(self.table, start)]


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
