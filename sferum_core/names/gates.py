"""Skips a pattern whose letters a text does not have: a cheap look before the regular expression runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

try:  # the parser of `re` is not public; without it every pattern simply always runs
    from re import _constants as _codes  # type: ignore[attr-defined]
    from re import _parser  # type: ignore[attr-defined]
except ImportError:  # pragma: no cover
    _parser = None

_MOST = 48  # literals of one pattern; more would cost as much as the pattern itself
_START = 4  # literals that start alike are looked up as one: «школа», «школы» as «школ»
_Literals = frozenset[str]


class Gated:
    """A pattern with the literals one of which every match needs; «» among them: it always runs."""

    __slots__ = ("literals", "pattern")

    def __init__(self, pattern: str) -> None:
        self.pattern = re.compile(pattern)
        self.literals = required_literals(pattern)

    def may_match(self, text: str) -> bool:
        """Whether `text` has what the pattern needs; False is certain, True is not."""
        for literal in self.literals:  # noqa: SIM110 - `any` takes twice the time
            if literal in text:
                return True
        return False

    def search(self, text: str) -> re.Match[str] | None:
        return self.pattern.search(text) if self.may_match(text) else None

    def match(self, text: str) -> re.Match[str] | None:
        return self.pattern.match(text) if self.may_match(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.pattern.finditer(text) if self.may_match(text) else iter(())

    def sub(self, replacement: Any, text: str) -> str:
        return self.pattern.sub(replacement, text) if self.may_match(text) else text


def required_literals(pattern: str) -> tuple[str, ...]:
    """Texts one of which stands in everything `pattern` matches in; only «» when none can be told."""
    if _parser is None:
        return ("",)
    best = _best(_candidates(_parser.parse(pattern)))
    if best is None:
        return ("",)
    by_start: dict[str, list[str]] = {}
    for one in best:
        by_start.setdefault(one[:_START], []).append(one)
    short = {_shared_start(group) for group in by_start.values()}
    # «сад» stands wherever «детсад» does.
    return tuple(
        sorted((one for one in short if not any(two in one for two in short if two != one)), key=len)
    )


def _shared_start(words: list[str]) -> str:
    shortest = min(words, key=len)
    differing = (
        place for place in range(len(shortest)) if any(word[place] != shortest[place] for word in words)
    )
    return shortest[: next(differing, len(shortest))]


def _best(candidates: list[_Literals]) -> _Literals | None:
    usable = [group for group in candidates if len(group) <= _MOST and "" not in group]
    return max(usable, key=_rarity, default=None)


def _rarity(group: _Literals) -> tuple[int, bool, int]:
    """Longer literals are rarer, a lone sign is rarer than a lone letter, and few are looked up sooner."""
    return min(4, *map(len, group)), not any(map(str.isalpha, group)), -len(group)


def _candidates(sequence: Any) -> list[_Literals]:
    """Sets of which each has a literal in any match of `sequence`."""
    found: list[_Literals] = []
    run: _Literals = frozenset([""])
    for item in sequence:
        whole = _exact(item)
        if whole is not None and len(whole) * len(run) <= _MOST:
            run = frozenset(one + two for one in run for two in whole)
        else:
            found.append(run)
            run = frozenset([""])
            inner = _best(_inside(item))
            if inner is not None:
                found.append(inner)
        if item[0] is _codes.ASSERT:
            found.extend(_candidates(item[1][1]))
    found.append(run)
    return [group for group in found if group]


def _inside(item: Any) -> list[_Literals]:
    code, value = item
    if code is _codes.SUBPATTERN:
        return _candidates(value[-1])
    if code in (_codes.MAX_REPEAT, _codes.MIN_REPEAT) and value[0] > 0:
        return _candidates(value[2])
    if code is _codes.BRANCH:
        groups = [_best(_candidates(branch)) for branch in value[1]]
        if all(group is not None for group in groups):
            return [frozenset[str]().union(*(group for group in groups if group is not None))]
    return []


def _exact(item: Any) -> _Literals | None:
    """Every text `item` matches, when they are few; a condition that takes no letters matches «»."""
    code, value = item
    if code is _codes.LITERAL:
        return frozenset([chr(value)])
    if code in (_codes.AT, _codes.ASSERT, _codes.ASSERT_NOT):
        return frozenset([""])
    if code is _codes.IN and len(value) <= 8 and all(part[0] is _codes.LITERAL for part in value):
        return frozenset(chr(part[1]) for part in value)
    if code is _codes.SUBPATTERN:
        return _exact_sequence(value[-1])
    if code is _codes.BRANCH:
        whole = [_exact_sequence(branch) for branch in value[1]]
        if all(group is not None for group in whole):
            return frozenset[str]().union(*(group for group in whole if group is not None))
        return None
    if code in (_codes.MAX_REPEAT, _codes.MIN_REPEAT) and value[1] == 1:
        once = _exact_sequence(value[2])
        return once if once is None or value[0] == 1 else once | {""}
    return None


def _exact_sequence(sequence: Any) -> _Literals | None:
    run: _Literals = frozenset([""])
    for item in sequence:
        whole = _exact(item)
        if whole is None or len(whole) * len(run) > _MOST:
            return None
        run = frozenset(one + two for one in run for two in whole)
    return run
