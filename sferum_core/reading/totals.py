"""Total rows of the source, left out of the table, against the sums of the table."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress

import numpy as np
import pandas as pd

from sferum_core.model import ExportKind, Finding, Severity
from sferum_core.names import municipality_key, organization_types
from sferum_core.reading.columns import Column
from sferum_core.reading.fields import FIELDS, Content
from sferum_core.reading.rawbook import EMPTY
from sferum_core.reading.row_marks import HEADING, TOTAL, Rows
from sferum_core.reading.tables import Table
from sferum_core.reading.values import parse_type, texts, whole_numbers
from sferum_core.reading.wording import plain
from sferum_core.wording import counted, number

_EXAMPLES = 3
_MOST = 5_000  # a region has dozens of municipalities with a few types each


def check_totals(table: Table, columns: list[Column], rows: Rows, kind: ExportKind) -> list[Finding]:
    """A finding for every column with a total that is not the sum of its rows: how many such, and the first of them.

    A total may be of the whole table, of the block above it, of the block it heads, or of the municipality
    it names; it is right when one of these sums is the figure, and compared with the likeliest one else.
    A column with cells that are no counts has no sum to compare with: they are told by row.
    """
    if kind in (ExportKind.TEACHERS, ExportKind.CALL_PARTICIPANTS, ExportKind.UNKNOWN):
        return []
    counts = [c for c in columns if c.field in FIELDS and FIELDS[c.field].content is Content.COUNT]
    totals = [int(r) for r in np.flatnonzero((rows.reason == TOTAL) | (rows.reason == HEADING))]
    if not counts or not totals:
        return []
    data = rows.data
    if not data.any():
        return []
    untold, totals = len(totals) - _MOST, totals[:_MOST]
    matrix = np.array([whole_numbers(c.cells) for c in counts])
    whole = [not _has_unread(c, values, data) for c, values in zip(counts, matrix, strict=True)]
    if not any(whole):
        return []
    counts, matrix = list(compress(counts, whole)), matrix[whole]
    sums = np.cumsum(np.where(data & ~np.isnan(matrix), matrix, 0), axis=1)
    names = next((texts(c.cells) for c in columns if c.field == "municipality"), None)
    keys: dict[str | None, np.ndarray] | None = None
    types: np.ndarray | None = None
    by_type: dict[str, np.ndarray | None] = {}
    wrong: dict[int, list[_Wrong]] = {}
    for i, row in enumerate(totals):
        own = matrix[:, row]
        known = ~np.isnan(own)
        if not known.any():
            continue
        before = totals[i - 1] if i else -1
        after = totals[i + 1] if i + 1 < len(totals) else len(data)
        of_all = sums[:, -1]
        block_above = sums[:, row] - (sums[:, before] if before >= 0 else 0)
        block_below = sums[:, after - 1] - sums[:, row]
        candidates = [of_all, block_above, block_below, sums[:, row]]
        named = None
        if names is not None:
            if keys is None:
                filled = names.where(data).ffill()
                lookup = {n: municipality_key(n) for n in filled.dropna().unique()}
                keys = _sums_by_key(filled.map(lookup).to_numpy(), data, matrix)
            named = keys.get(_named_key(rows.labels.get(row, "")))
            if named is not None:
                candidates.append(named)
        stated = parse_type(_bare_label(rows.labels.get(row, "")))
        if stated:
            if types is None:
                types = _types(columns)
            if types is not None and stated not in by_type:
                by_type[stated] = _sum_where((types == stated) & data, matrix)
            of_type = by_type.get(stated)
            if of_type is not None:
                named = of_type
                candidates.append(named)
        if any(np.array_equal(own[known], c[known]) for c in candidates):
            continue
        expected = (
            named
            if named is not None
            else of_all
            if row > len(data) - 3 or i == len(totals) - 1
            else (block_below if rows.reason[row] == HEADING else block_above)
        )
        for place in np.flatnonzero(known & (own != expected)):
            wrong.setdefault(int(place), []).append(_Wrong(row, float(own[place]), float(expected[place])))
    found = [_mismatch(table, counts[place], rows, cases) for place, cases in sorted(wrong.items())]
    return [*found, _not_compared(table, untold)] if untold > 0 else found


def _has_unread(column: Column, values: np.ndarray, data: np.ndarray) -> bool:
    held = data & np.isnan(values) & (column.cells.kinds != EMPTY)
    return bool(held.any()) and bool(texts(column.cells)[held].notna().any())


@dataclass(frozen=True)
class _Wrong:
    """One total of one column: its row, what the file says and what the rows add up to."""

    row: int
    stated: float
    expected: float


def _sum_where(mask: np.ndarray, matrix: np.ndarray) -> np.ndarray | None:
    """Sums over some rows; None over none."""
    return np.nansum(np.where(mask, matrix, np.nan), axis=1) if mask.any() else None


def _sums_by_key(keys: np.ndarray, data: np.ndarray, matrix: np.ndarray) -> dict[str | None, np.ndarray]:
    """Sums of the data rows by the key of their municipality, worked out once however many totals there are."""
    places, names = pd.factorize(keys)
    held = data & (places >= 0)
    figures = np.where(np.isnan(matrix), 0, matrix)[:, held]
    sums = np.stack([np.bincount(places[held], row, len(names)) for row in figures], axis=1)
    found = np.bincount(places[held], minlength=len(names)) > 0
    return {name: sums[number] for number, name in enumerate(names) if found[number]}


def _types(columns: list[Column]) -> np.ndarray | None:
    """The type each row states, or else its name tells."""
    column = next((c for c in columns if c.field == "organization_type"), None)
    if column is not None:
        stated = texts(column.cells)
        return stated.map({text: parse_type(text) for text in stated.dropna().unique()}).to_numpy()
    column = next((c for c in columns if c.field == "organization"), None)
    return None if column is None else organization_types(texts(column.cells)).to_numpy()


def _named_key(label: str) -> str | None:
    words = _bare_label(label)
    return municipality_key(words) if words else None


def _bare_label(label: str) -> str:
    """What a total is of: «Итого по Озёрному району» without «итого по»."""
    words = plain(label)
    for word in ("общий итог", "итого по", "всего по", "итого", "итог", "всего", "(", ")", ":"):
        words = words.replace(word, " ")
    return " ".join(words.split())


def _not_compared(table: Table, count: int) -> Finding:
    return Finding(
        code="totals_not_compared",
        severity=Severity.NOTE,
        sheet=table.sheet.name,
        count=count,
        message=f"Итогов в таблице очень много: с суммами сверены первые {number(_MOST)}, остальные {number(count)} – нет.",
        advice="Если это не итоги, проверьте названия в этих строках: строки итогов в отчёты не входят.",
    )


def _mismatch(table: Table, column: Column, rows: Rows, cases: list[_Wrong]) -> Finding:
    first = cases[0]
    told = f"в файле {number(first.stated)}, сумма строк – {number(first.expected)}"
    label = rows.labels.get(first.row, "итог")
    message = f"Строка «{label}», столбец «{column.header}»: {told}."
    value = number(first.stated)
    if len(cases) > 1:
        message = f"Столбец «{column.header}»: не сходятся {counted(len(cases), 'итог', 'итога', 'итогов')}."
        value = "; ".join(
            f"«{rows.labels.get(one.row, 'итог')}»: в файле {number(one.stated)}, сумма {number(one.expected)}"
            for one in cases[:_EXAMPLES]
        )
        value += f" и ещё {number(len(cases) - _EXAMPLES)}" if len(cases) > _EXAMPLES else ""
    return Finding(
        code="total_mismatch",
        severity=Severity.WARNING,
        sheet=table.sheet.name,
        row=table.first + first.row + 1,
        column=column.header,
        value=value,
        count=len(cases),
        message=message,
        advice="Сверьте итоги с источником: возможно, в файле не все строки или итог посчитан иначе.",
    )
