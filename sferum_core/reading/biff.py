"""The records of an old Excel workbook, walked once: what calamine loses, and a box that lies.

Standard library only: the reading child loads it. Source: [MS-XLS], 2.4 (records) and 2.5.10 (errors).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from sferum_core.reading.sheet_notes import SheetNotes

_BOF, _EOF, _DIMENSIONS, _ROW, _COLINFO, _BOOLERR = 0x809, 0x0A, 0x200, 0x208, 0x7D, 0x205
_BOUNDSHEET, _DATEMODE = 0x85, 0x22
_FORMULAS = (0x06, 0x206, 0x406)
_CELLS = frozenset(
    (*_FORMULAS, _BOOLERR, 0xFD, 0x203, 0x204, 0x27E, 0xBD, 0xBE, 0xD6, 0x201)
)  # with their row and column first
_SHEET = 0x10
_HEAD = struct.Struct("<HH")


@dataclass
class BiffNotes:
    """Notes by where in the stream a sheet starts; `starts`: the same in the order of the workbook's list.

    `boxes`: where in the stream a sheet states a larger box than it has or one turned round, and the box that it has.
    """

    date1904: bool = False
    starts: list[int] = field(default_factory=list)
    by_start: dict[int, SheetNotes] = field(default_factory=dict)
    boxes: list[tuple[int, bytes]] = field(default_factory=list)

    def of_sheet(self, number: int, _: str = "") -> SheetNotes:
        """Notes of a sheet by its place in the workbook, empty where unknown."""
        start = self.starts[number] if number < len(self.starts) else -1
        return self.by_start.get(start, SheetNotes())


def scan(stream: bytes) -> BiffNotes:
    """Walk the records of a workbook's stream. A record that reaches beyond the end ends the walk."""
    notes = BiffNotes()
    sheet: SheetNotes | None = None
    depth = 0
    box: tuple[int, int] | None = None
    last_row = last_column = -1
    for kind, place, size in _records(stream):
        if kind == _BOF:
            depth += 1
            if depth == 1 and size >= 4 and struct.unpack_from("<H", stream, place + 2)[0] == _SHEET:
                sheet = SheetNotes()
                notes.by_start[place - 4] = sheet
                box, last_row, last_column = None, -1, -1
        elif kind == _EOF:
            depth = max(0, depth - 1)
            if depth == 0:
                if box and sheet:
                    notes.boxes += _smaller_box(stream, *box, last_row, last_column)
                sheet = None
        elif sheet is None or depth != 1:
            if kind == _BOUNDSHEET and size >= 4:
                notes.starts.append(struct.unpack_from("<I", stream, place)[0])
            elif kind == _DATEMODE and size >= 2:
                notes.date1904 = stream[place] == 1
        elif kind in _CELLS:
            if size < 6:
                continue
            row, column = _HEAD.unpack_from(stream, place)
            last_row = max(last_row, row)
            if kind in (0xBD, 0xBE):  # several cells: the last column stands at the end
                column = max(column, struct.unpack_from("<H", stream, place + size - 2)[0])
            last_column = max(last_column, column)
            if (kind == _BOOLERR and size >= 8 and stream[place + 7] == 1) or (
                kind in _FORMULAS
                and stream[place + 12 : place + 14] == b"\xff\xff"
                and stream[place + 6] == 2
            ):
                sheet.error_cells += 1
        elif kind == _ROW and size >= 14:
            sheet.hidden_rows += stream[place + 12] >> 5 & 1
        elif kind == _COLINFO and size >= 10:
            first, last = _HEAD.unpack_from(stream, place)
            if stream[place + 8] & 1:
                sheet.hidden_columns += max(0, min(last, 255) - first + 1)
        elif kind == _DIMENSIONS and size >= 10:
            box = (place, size)
    return notes


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    place, end = 0, len(stream) - 4
    unpack = _HEAD.unpack_from
    while place <= end:
        kind, size = unpack(stream, place)
        if kind == 0 and size == 0:  # what follows is padding
            return
        place += 4
        if place + size > len(stream):
            return
        yield kind, place, size
        place += size


def _smaller_box(
    stream: bytes, place: int, size: int, last_row: int, last_column: int
) -> Iterator[tuple[int, bytes]]:
    """The box that a sheet has, where it states a larger or impossible one: calamine makes room for what is stated."""
    wide = size >= 14
    form = "<IIHH" if wide else "<HHHH"
    first_row, row_end, first_column, column_end = struct.unpack_from(form, stream, place)
    reversed_box = first_row > row_end or first_column > column_end
    if reversed_box:
        first_row = first_column = 0
    if reversed_box or row_end > last_row + 1 or column_end > last_column + 1:
        true = (
            min(first_row, last_row + 1),
            last_row + 1,
            min(first_column, last_column + 1),
            last_column + 1,
        )
        yield place, struct.pack(form, *true)
