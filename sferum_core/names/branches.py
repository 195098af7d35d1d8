"""Branches and structural units under the organization they belong to."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

import pandas as pd

from sferum_core.names.entries import Entries, entries
from sferum_core.names.organization_types import spell_out
from sferum_core.names.text import unify

_KINDS = (
    ("прогимнази", "гимнази"),
    ("гимнази",),
    ("лице",),
    ("колледж", "техникум", "училищ"),
    ("основн", "средн", "начальн", "школ"),
    ("детск", "сад"),
)


@dataclass(frozen=True)
class Branch:
    """A row that is a branch; `head` is the row of its head organization, None when no single one fits."""

    row: int
    head: int | None


def branches(table: pd.DataFrame) -> list[Branch]:
    """Branches of a table with the columns of kind `organizations` or `registry`, in its order.

    The head is looked for within the municipality: by ИНН where the table has it, else by what the branch's own name
    says of it. Rows are 0-based positions.
    """
    side = entries(table)
    heads: dict[str, list[int]] = defaultdict(list)
    by_inn: dict[str, list[int]] = defaultdict(list)
    for row, parts in enumerate(side.parts):
        if not parts.branch:
            heads[side.places[row]].append(row)
            if side.inn[row]:
                by_inn[side.inn[row]].append(row)
    return [
        Branch(row, _head(side, row, heads[side.places[row]], by_inn))
        for row, parts in enumerate(side.parts)
        if parts.branch
    ]


def _head(side: Entries, row: int, heads: list[int], by_inn: dict[str, list[int]]) -> int | None:
    own = by_inn.get(side.inn[row], []) if side.inn[row] else []
    if len(own) == 1:
        return own[0]
    text = spell_out(unify(side.names[row]))
    parts = side.parts[row]
    best: list[int] = []
    most = 0
    for head in heads:
        said = side.parts[head]
        if parts.parent and said.number != parts.parent:
            continue
        if said.number and not re.search(rf"(?<!\d){re.escape(said.number)}(?!\d)", text):
            continue
        words = [place.stem for place in said.places] + said.nickname.split()
        if not all(_stem(word) in text for word in words):
            continue
        told = len(words) + bool(said.number)
        if not told or not _same_kind(side.names[head], text):
            continue
        if told > most:
            best, most = [head], told
        elif told == most:
            best.append(head)
    return best[0] if len(best) == 1 else None


def _same_kind(name: str, text: str) -> bool:
    """Whether the branch's name speaks of what the head calls itself: «филиал … гимназии № 2»."""
    head = spell_out(unify(name))
    for words in _KINDS:
        if any(word in head for word in words):
            return any(word in text for word in words)
    return True


def _stem(word: str) -> str:
    return word[: max(4, len(word) - 3)]
