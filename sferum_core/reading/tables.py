"""Where the tables of a sheet stand: title rows, a header of one to three rows, the rows under it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sferum_core.reading.headers import is_header_like, read_header, read_path
from sferum_core.reading.labels import IGNORED_FIELDS
from sferum_core.reading.moments import parse_duration, parse_moment
from sferum_core.reading.periods import WEEK_BEFORE, find_period
from sferum_core.reading.rawbook import DATE, EMPTY, TEXT, RawSheet
from sferum_core.reading.side_by_side import split_side_by_side
from sferum_core.reading.values import is_missing, number_text, parse_date, parse_number
from sferum_core.reading.wording import plain

HEADER_ZONE = 60  # a header starts within these rows
LONG_PREFACE = 400  # or, after a long text, within these
MAX_DEPTH = 3
MAX_MERGED_DEPTH = 5  # where merged cells say so
_UNITS = frozenset(
    {
        "чел",
        "чел.",
        "%",
        "ед",
        "ед.",
        "шт",
        "шт.",
        "человек",
        "да/нет",
        "кол-во",
        "количество",
        "доля",
        "доля, %",
        "абс",
        "абс.",
    }
)


@dataclass(frozen=True, eq=False)
class Table:
    """One table of a sheet. Rows `first` to `end` (exclusive) stand under the header; columns by their number."""

    sheet: RawSheet
    header_row: int
    depth: int
    first: int
    end: int
    positions: list[int]
    paths: list[tuple[str, ...]]
    titles: list[str]
    recognized: bool


def cell_text(sheet: RawSheet, row: int, column: int) -> str:
    """A cell as the text a person sees; empty for nothing."""
    cells = sheet.columns[column]
    kind = cells.kinds[row]
    if kind in (TEXT, DATE):
        return cells.texts[cells.codes[row]].strip()
    return "" if kind == EMPTY else number_text(cells.numbers[row])


def row_texts(sheet: RawSheet, row: int) -> list[str]:
    """All cells of a row as text."""
    return [cell_text(sheet, row, column) for column in range(len(sheet.columns))]


def _is_number_like(text: str) -> bool:
    return parse_number(text) is not None


_COLUMN_MARK = re.compile(r"\(?(?:гр(?:\.|афа)?\s*)?(\d{1,3}|[а-яa-z])\)?\.?(?:\s*[=(:].*)?", re.IGNORECASE)


def is_numbering(texts: list[str]) -> bool:
    """Whether the cells of a row only number the columns: «1 2 3», «А Б 1 2», «1 2 3=2/1»."""
    marks = [_COLUMN_MARK.fullmatch(text.strip()) for text in texts]
    if len(texts) < 3 or not all(marks):
        return False
    names = [match[1] for match in marks if match]
    given = [name for name in names if name.isdigit()]
    letters = len(names) - len(given)
    return (
        len(given) >= 2
        and [int(name) for name in given]
        in (list(range(1, len(given) + 1)), list(range(letters + 1, len(names) + 1)))
        and all(not name.isdigit() for name in names[:letters])
    )


_NO_NAME = re.compile(
    r"Unnamed: \d+(?:_level_\d+)?|Column\d+|Столбец\d+"
)  # given to empty headers by programs


class _Zone:
    """The top of a sheet as text, with the merged ranges that matter to headers."""

    def __init__(self, sheet: RawSheet, start: int, rows: int) -> None:
        self.sheet, self.start = sheet, start
        self.grid = [
            ["" if _NO_NAME.fullmatch(text) else text for text in row_texts(sheet, row)]
            for row in range(start, min(sheet.n_rows, start + rows))
        ]
        self.width = len(sheet.columns)
        self.merges = [
            (r0 - start, c0, r1 - start, min(c1, self.width - 1))
            for r0, c0, r1, c1 in sheet.merged
            if start <= r0 < start + len(self.grid)
        ]

    def filled(self, row: int) -> list[int]:
        return [c for c, text in enumerate(self.grid[row]) if text]

    def is_title(self, row: int) -> bool:
        """A row with one text that stands at the left or spans most of the table."""
        filled = self.filled(row)
        if len(filled) != 1:
            return False
        span = next((c1 - c0 + 1 for r0, c0, _, c1 in self.merges if r0 == row and c0 == filled[0]), 1)
        return self.width > 1 and (
            filled[0] == 0 or span >= 0.6 * self.width or filled[0] == self.left_edge()
        )

    def left_edge(self) -> int:
        return min((c for row in self.grid for c, text in enumerate(row) if text), default=0)

    def is_numbering(self, row: int) -> bool:
        """«1 2 3 4 …» under a header: the numbers of the columns."""
        return is_numbering([self.grid[row][c] for c in self.filled(row)])

    def merged_depth(self, row: int) -> int:
        """How deep a header at `row` is by its cells merged downwards; 1 when none are."""
        ends = [r1 for r0, _, r1, _ in self.merges if r0 == row and r1 > r0]
        depth = max(ends, default=row) - row + 1
        return depth if depth <= MAX_MERGED_DEPTH and row + depth <= len(self.grid) else 1

    def group_of(self, row: int, last: int) -> list[str]:
        """A header row with the text of each group laid over its columns; `last`: the header's last row."""
        texts = list(self.grid[row])
        spans = [(c0, c1) for r0, c0, _, c1 in self.merges if r0 == row and c1 > c0]
        for c0, c1 in spans:
            texts[c0 : c1 + 1] = [self.grid[row][c0]] * (c1 - c0 + 1)
        if not spans:
            has_child = [
                any(self.grid[below][c] for below in range(row + 1, last + 1)) for c in range(self.width)
            ]
            for c in range(1, self.width):
                if not texts[c] and texts[c - 1] and has_child[c] and has_child[c - 1]:
                    texts[c] = texts[c - 1]
        return texts

    def paths(self, row: int, depth: int) -> list[tuple[str, ...]]:
        last = row + depth - 1
        rows = [self.group_of(r, last) if r < last else list(self.grid[r]) for r in range(row, last + 1)]
        return [
            tuple(dict.fromkeys(rows[d][c] for d in range(depth) if rows[d][c])) for c in range(self.width)
        ]

    def completes(self, start: int, row: int) -> bool:
        """Whether the words of `row` give a meaning to headers from `start` on that have none without them."""
        above, whole = self.paths(start, row - start), self.paths(start, row - start + 1)
        filled = self.filled(row)
        return all(len(whole[c]) > len(above[c]) > 0 for c in filled) and all(
            read_path(above[c]).field is None and read_path(whole[c]).field is not None for c in filled
        )

    def is_over_figures(self, start: int, row: int) -> bool:
        """Whether `row` holds only words, and over columns of figures: «План», «Факт» under an indicator."""
        filled = self.filled(row)
        body = self.grid[row + 1 : row + 6]
        if len(filled) < 2 or not body or any(is_missing(self.grid[row][c]) for c in filled):
            return False
        figures = [c for c in filled if self._mostly_figures(c, body)]
        has_group = any(self.grid[r][c] for r in range(start, row) for c in figures)
        return has_group and len(figures) >= 0.7 * len(filled)

    @staticmethod
    def _mostly_figures(column: int, body: list[list[str]]) -> bool:
        own = [row[column] for row in body if row[column] and not is_missing(row[column])]
        return bool(own) and sum(_is_number_like(text) for text in own) >= 0.7 * len(own)

    def may_continue(self, start: int, row: int) -> bool:
        """Whether `row` can be a further header row under `row - 1`."""
        above, below = self.grid[row - 1], self.grid[row]
        filled = self.filled(row)
        if not filled or self.is_title(row) or any(_is_number_like(below[c]) for c in filled):
            return False
        if (
            all(plain(below[c]) in _UNITS for c in filled)
            or self.completes(start, row)
            or self.is_over_figures(start, row)
        ):
            return True
        groups = {c0 for r0, c0, r1, c1 in self.merges if r0 <= row - 1 <= r1 and c1 > c0}
        fills_gaps = any(not above[c] for c in filled)
        under_text = [
            c for c in filled if above[c] and c not in groups and self._is_plain_text_header(above[c])
        ]
        tops = [c for c in range(self.width) if above[c]]
        stays_open = any(not below[c] for c in tops) or len(filled) >= len(tops)
        like = sum(is_header_like(below[c]) or plain(below[c]) in _UNITS for c in filled)
        return (
            (fills_gaps or bool(groups))
            and not under_text
            and stays_open
            and like >= (0.3 if groups else 0.6) * len(filled)
        )

    @staticmethod
    def _is_plain_text_header(text: str) -> bool:
        return read_header(text).field in (
            "municipality",
            "organization_type",
            "is_active",
            "row_number",
            "inn",
            "date",
            "full_name",
        )


def _score(paths: list[tuple[str, ...]]) -> tuple[float, int]:
    best: dict[str, float] = {}
    like = 0
    extra = 0.0
    for path in paths:
        if not path:
            continue
        reading = read_path(path)
        if reading.field in IGNORED_FIELDS:
            extra += 0.3
            like += 1
        elif reading.field:
            best[reading.field] = max(best.get(reading.field, 0), reading.confidence)
            like += 1
        elif is_header_like(path[-1]) or (len(path) > 1 and is_header_like(path[0])):
            extra += 0.2
            like += 1
    return sum(best.values()) + extra, like


def _best_header(zone: _Zone) -> tuple[float, int, int] | None:
    """Score, row and depth of the likeliest header."""
    best: tuple[float, int, int] | None = None
    width = max((len(zone.filled(row)) for row in range(len(zone.grid))), default=0)
    for row in range(len(zone.grid)):
        filled = zone.filled(row)
        if not filled or (zone.is_title(row) and width > 1) or zone.is_numbering(row):
            continue
        numbers = sum(_is_number_like(zone.grid[row][c]) for c in filled)
        if numbers > 0.25 * len(filled):
            continue
        least = zone.merged_depth(row)
        for depth in range(least, max(MAX_DEPTH, least + 1) + 1):
            if row + depth > len(zone.grid) or (
                depth > least and not zone.may_continue(row, row + depth - 1)
            ):
                break
            paths = zone.paths(row, depth)
            score, like = _score(paths)
            named = sum(bool(path) for path in paths)
            score -= 0.6 * numbers + 0.15 * max(0, named - like) * (like < 0.5 * named)
            if (
                like >= min(2, width)
                and score > 0.65
                and (best is None or score > best[0] + (-1e-9 if row == best[1] else 1e-9))
            ):
                best = (score, row, depth)
    return best


def _column_is_blank(sheet: RawSheet, column: int, first: int, end: int) -> bool:
    return not np.any(sheet.columns[column].kinds[first:end] != EMPTY)


def _lines_above(sheet: RawSheet, start: int) -> list[str]:
    """The lines of one cell that stand over a further table of a sheet, after the rows of the one before."""
    found: list[str] = []
    for row in range(start - 1, max(start - 5, -1), -1):
        words = [text for text in row_texts(sheet, row) if text]
        if len(words) > 1:
            break
        found += words
    return found[::-1]


def _table(
    zone: _Zone, row: int, depth: int, end: int, recognized: bool, above: Sequence[str] = ()
) -> list[Table]:
    sheet = zone.sheet
    header = zone.start + row
    first = header + depth
    paths = dict(enumerate(zone.paths(row, depth)))
    positions = [c for c in paths if paths[c] or not _column_is_blank(sheet, c, first, end)]
    titles = [*above]
    titles += [" ".join(text for text in dict.fromkeys(zone.grid[r]) if text) for r in range(row)]
    return [
        Table(
            sheet,
            header,
            depth,
            first,
            end,
            columns,
            [paths[c] for c in columns],
            [t for t in titles if t],
            recognized,
        )
        for columns in split_side_by_side(sheet, positions, paths, first, end)
    ]


def _tells_week(lines: list[str]) -> bool:
    return any(find_period(line) is not None or WEEK_BEFORE.search(plain(line)) for line in lines)


def _further_header(sheet: RawSheet, first: int, main_score: float, header: list[list[str]]) -> int | None:
    """The row where another table with a header of its own begins below the first one.

    The first one's own `header` printed again begins no other table, unless a line over it names a week.
    """
    if sheet.n_rows - first > 20_000 or sheet.n_rows - first < 4:
        return None
    kinds = np.stack([column.kinds[first:] for column in sheet.columns])
    texts, others = (kinds == TEXT).sum(axis=0), ((kinds != TEXT) & (kinds != EMPTY)).sum(axis=0)
    sparse_above = np.append([False], (texts + others)[:-1] <= 1)
    for offset in np.flatnonzero((texts >= 2) & (others == 0) & sparse_above)[:200]:
        row = first + int(offset)
        cells = row_texts(sheet, row)
        words = [text for text in cells if text]
        again = all(not text or any(own[c] == text for own in header) for c, text in enumerate(cells))
        if (again and not _tells_week(_lines_above(sheet, row)[-1:])) or any(
            _is_number_like(w) for w in words
        ):
            continue
        fields = {read_header(w).field for w in words} - {None, *IGNORED_FIELDS}
        if (
            len(fields) >= 2
            and sum(is_header_like(w) for w in words) >= 0.7 * len(words)
            and len(fields) >= 0.3 * main_score
        ):
            return row
    return None


def find_tables(sheet: RawSheet) -> list[Table]:
    """The tables of a sheet, in order; one that is not recognized when no known header stands in it."""
    tables: list[Table] = []
    start = 0
    while start < sheet.n_rows:
        zone = _Zone(sheet, start, HEADER_ZONE)
        best = _best_header(zone)
        if best is None and sheet.n_rows > start + HEADER_ZONE:
            zone = _Zone(sheet, start, LONG_PREFACE)
            best = _best_header(zone)
        if best is None:
            break
        score, row, depth = best
        first = start + row + depth
        further = _further_header(sheet, first, score, zone.grid[row : row + depth])
        end = sheet.n_rows if further is None else further
        above = _lines_above(sheet, start) if start else ()
        tables += _table(zone, row, depth, end, True, above)
        if further is None:
            return tables
        start = further
    return tables or _unrecognized(sheet)


def _unrecognized(sheet: RawSheet) -> list[Table]:
    """A table under words nobody knows, or under none at all; a single column is prose, not a table."""
    filled = [c for c in range(len(sheet.columns)) if not _column_is_blank(sheet, c, 0, sheet.n_rows)]
    if sheet.n_rows < 2 or len(filled) < 2:
        return []
    zone = _Zone(sheet, 0, HEADER_ZONE)
    widest = _widest_text_row(zone)
    if widest is not None:
        return _table(zone, widest, 1, sheet.n_rows, False)
    return [Table(sheet, 0, 0, 0, sheet.n_rows, filled, [() for _ in filled], [], False)]


def _widest_text_row(zone: _Zone) -> int | None:
    counts = [
        sum(bool(text) and not _is_number_like(text) for text in zone.grid[row])
        for row in range(len(zone.grid))
    ]
    widest = max(counts, default=0)
    row = next((row for row, count in enumerate(counts) if widest and count >= max(1, 0.8 * widest)), None)
    # moments, durations and dates stand in data, never in a header
    has_data = row is not None and any(
        text and (parse_moment(text) or parse_duration(text) or parse_date(text)) for text in zone.grid[row]
    )
    return None if has_data else row
