"""Cells of a table that are marked: a fill, and a note with the words for it."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

MARKED_CELL = {"bg_color": "#FFE8A3", "font_color": "#1F2933", "border": 1, "border_color": "#8F5A00"}
MOST_NOTES = 2_000  # of one column; each is a shape that a spreadsheet program draws
_NOTE_CHARACTERS = 1_000


def put_notes(sheet: Worksheet, first_row: int, column: int, notes: Sequence[str | None]) -> None:
    """The notes of one column's cells, from a row on; cells beyond `MOST_NOTES` keep their fill only."""
    left = MOST_NOTES
    for place, note in enumerate(notes):
        if note and left:
            text = note if len(note) <= _NOTE_CHARACTERS else note[:_NOTE_CHARACTERS].rstrip() + "…"
            sheet.write_comment(
                first_row + place, column, text, {"author": "", "x_scale": 2.2, "y_scale": 1.6}
            )
            left -= 1
