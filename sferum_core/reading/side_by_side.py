"""Tables that stand side by side under one header row, each with a key column of its own."""

from __future__ import annotations

import itertools

import numpy as np

from sferum_core.reading.headers import read_path
from sferum_core.reading.rawbook import TEXT, RawSheet
from sferum_core.reading.values import parse_number


def _holds_words(sheet: RawSheet, column: int, first: int, end: int) -> bool:
    """Whether most cells of a column are words; in a text file figures are text too."""
    cells = sheet.columns[column]
    codes = cells.codes[first:end][cells.kinds[first:end] == TEXT]
    words = [code for code in np.unique(codes) if parse_number(cells.texts[code]) is None]
    return bool(np.isin(codes, words).sum() > 0.5 * (end - first))


def split_side_by_side(
    sheet: RawSheet, positions: list[int], paths: dict[int, tuple[str, ...]], first: int, end: int
) -> list[list[int]]:
    """Columns of each table where two stand side by side, each with a municipality of its own (004's slide)."""
    fields = {c: read_path(paths[c]).field for c in positions}
    keys = [
        c
        for c in positions
        if fields[c] == "municipality" and first < end and _holds_words(sheet, c, first, end)
    ]
    if len(keys) < 2 or "organization" in fields.values() or "organization_id" in fields.values():
        return [positions]
    starts = []
    for key in keys:
        before = positions.index(key) - 1
        starts.append(positions[before] if before >= 0 and fields[positions[before]] == "row_number" else key)
    starts[0] = positions[0]
    bounds = [*starts, positions[-1] + 1]
    return [[c for c in positions if lo <= c < hi] for lo, hi in itertools.pairwise(bounds)]
