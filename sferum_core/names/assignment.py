"""The best one-to-one pairing by total score, exact, part by part of the graph of candidates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

_EXACT = 300  # rows of one connected part that are solved exactly; larger parts take the best pairs first


def best_assignment(scores: Mapping[tuple[int, int], float]) -> list[tuple[int, int]]:
    """Pairs (row, other), each used once, with the greatest sum of positive `scores`; sorted by row."""
    chosen: list[tuple[int, int]] = []
    for part in _parts(scores):
        rows = sorted({row for row, _ in part})
        others = sorted({other for _, other in part})
        if len(part) == 1:
            chosen.extend(part)
        elif max(len(rows), len(others)) > _EXACT:
            chosen.extend(_greedy(part, scores))
        else:
            chosen.extend(_exact(rows, others, scores))
    return sorted(chosen)


def _parts(scores: Mapping[tuple[int, int], float]) -> list[list[tuple[int, int]]]:
    """Pairs by connected part of the graph."""
    by_row: dict[int, list[int]] = defaultdict(list)
    by_other: dict[int, list[int]] = defaultdict(list)
    for row, other in scores:
        by_row[row].append(other)
        by_other[other].append(row)
    seen: set[int] = set()
    parts = []
    for start in sorted(by_row):
        if start in seen:
            continue
        seen.add(start)
        queue = [start]
        part = []
        reached: set[int] = set()
        while queue:
            row = queue.pop()
            for other in by_row[row]:
                part.append((row, other))
                if other in reached:
                    continue
                reached.add(other)
                for neighbour in by_other[other]:
                    if neighbour not in seen:
                        seen.add(neighbour)
                        queue.append(neighbour)
        parts.append(part)
    return parts


def _greedy(part: list[tuple[int, int]], scores: Mapping[tuple[int, int], float]) -> list[tuple[int, int]]:
    rows: set[int] = set()
    others: set[int] = set()
    chosen = []
    for row, other in sorted(part, key=lambda pair: (-scores[pair], pair)):
        if row not in rows and other not in others:
            rows.add(row)
            others.add(other)
            chosen.append((row, other))
    return chosen


def _exact(
    rows: list[int], others: list[int], scores: Mapping[tuple[int, int], float]
) -> list[tuple[int, int]]:
    """The Hungarian method on the smaller side; a missing pair scores 0 and is left out of the result."""
    flipped = len(rows) > len(others)
    left, right = (others, rows) if flipped else (rows, others)
    cost = [
        [-scores.get((second, first) if flipped else (first, second), 0.0) for second in right]
        for first in left
    ]
    owner = _solve(cost, len(left), len(right))
    chosen = []
    for column, line in enumerate(owner):
        if line < 0:
            continue
        pair = (right[column], left[line]) if flipped else (left[line], right[column])
        if pair in scores:
            chosen.append(pair)
    return chosen


def _solve(cost: list[list[float]], height: int, width: int) -> list[int]:
    """For every column its line in the cheapest assignment of all lines, or -1; `height` ≤ `width`."""
    infinite = float("inf")
    line_price = [0.0] * (height + 1)
    column_price = [0.0] * (width + 1)
    owner = [0] * (width + 1)
    way = [0] * (width + 1)
    for line in range(1, height + 1):
        owner[0] = line
        column = 0
        least = [infinite] * (width + 1)
        used = [False] * (width + 1)
        while True:
            used[column] = True
            current = owner[column]
            delta, following = infinite, 0
            for candidate in range(1, width + 1):
                if used[candidate]:
                    continue
                value = cost[current - 1][candidate - 1] - line_price[current] - column_price[candidate]
                if value < least[candidate]:
                    least[candidate], way[candidate] = value, column
                if least[candidate] < delta:
                    delta, following = least[candidate], candidate
            for candidate in range(width + 1):
                if used[candidate]:
                    line_price[owner[candidate]] += delta
                    column_price[candidate] -= delta
                else:
                    least[candidate] -= delta
            column = following
            if owner[column] == 0:
                break
        while column:
            owner[column] = owner[way[column]]
            column = way[column]
    return [line - 1 for line in owner[1:]]
