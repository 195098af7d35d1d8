"""Tells an organization's type from its name; unsure means None, so that the page asks."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from sferum_core.model import OrganizationType
from sferum_core.names.strangers import is_office
from sferum_core.names.text import map_unique, quote_depths, unify
from sferum_core.names.type_rules import (
    ASIDE,
    BRANCH,
    DEDICATION,
    EXTRACURRICULAR,
    GLUED_NUMBER,
    OTHER,
    PLACE,
    PRESCHOOL,
    RULES,
    SCHOOL,
    SPELLINGS,
    TRAINING,
    UNKNOWN_HEAD,
    VOCATIONAL,
    Weight,
)

_DIGITS = re.compile(r"\d+")  # which number a name has says nothing about its type
_Types = frozenset[OrganizationType]
_GLUED_NUMBER = re.compile(r"[а-я]\d|\d[а-я]")
_SPORT_FORM = re.compile(r"\b(?:[мгокфрл]{1,3}[бак]у|му|гу)\b(?=\s*«?\s*(?:сш\b|«сш\b))")
_SPORT_NICKNAME = re.compile(r"\bсш\s*«\s*[а-я]")


class Mark(NamedTuple):
    """Words that say a type: which, how strongly, where, inside how many quotes, in a dedication or not."""

    types: _Types
    weight: Weight
    start: int
    depth: int
    aside: bool
    text: str


def organization_type(name: str) -> OrganizationType | None:
    """The type a name tells, or None when it tells none or two (domain.md, «Telling the type from the name»).

    What the organization calls itself beats its legal form: «МБДОУ … средняя школа» is a school.
    """
    if not isinstance(name, str) or not name.strip():
        return None
    return _type_of(_DIGITS.sub("1", name))


def organization_types(names: pd.Series) -> pd.Series:
    """`organization_type` of every name, in the same index; dtype `str`, missing where unsure."""
    return map_unique(names, organization_type)


def spell_out(unified: str) -> str:
    """A unified name with its usual abbreviations as words: «д/с №5» as «детский сад № 5»."""
    if _GLUED_NUMBER.search(unified):
        unified = GLUED_NUMBER.sub(" ", unified)
    for pattern, spelled in SPELLINGS:
        unified = pattern.sub(spelled, unified)
    return " ".join(unified.split())


@lru_cache(maxsize=20_000)
def _type_of(name: str) -> OrganizationType | None:
    text = unify(name)
    if is_office(text):
        return OTHER
    text = spell_out(text)
    text = ASIDE.sub(lambda match: " " * len(match.group()), text)
    return _decide(_marks(text), text)


def _marks(text: str) -> list[Mark]:
    depths = quote_depths(text)
    aside = [match.span() for pattern in (DEDICATION, PLACE) for match in pattern.finditer(text)]
    marks = []
    rest = text
    decided = False  # then hints and forms of any organization change nothing
    for rule in RULES:
        if decided and rule.weight >= Weight.HINT:
            continue
        for literal in rule.literals:  # a call of `may_match` for every rule would cost more than the rules
            if literal in rest:
                break
        else:
            continue
        kept = 0
        pieces: list[str] = []
        for match in rule.finditer(rest):
            start, end = match.span()
            if start == end:
                continue
            in_aside = bool(aside) and any(first <= start < last for first, last in aside)
            marks.append(Mark(rule.types, rule.weight, start, depths[start], in_aside, match.group()))
            decided = decided or rule.weight == Weight.FORM or (rule.weight <= Weight.PLAIN and not in_aside)
            pieces += (rest[kept:start], "·" * (end - start))
            kept = end
        if kept:
            rest = "".join(pieces) + rest[kept:]
    return marks


def _decide(marks: list[Mark], text: str) -> OrganizationType | None:
    named = [mark for mark in marks if mark.weight <= Weight.PLAIN and not mark.aside]
    branch = BRANCH.search(text)
    if named and branch is None:
        outermost = min(mark.depth for mark in named)
        named = [mark for mark in named if mark.depth == outermost or _is_garden_opening(mark, text)]
    forms = _union(mark.types for mark in marks if mark.weight == Weight.FORM)
    if named:
        return _decide_named(named, forms, text, branch)
    if forms:
        return _single(forms)
    for weight in (Weight.HINT, Weight.SELF, Weight.PLAIN):
        types = _union(mark.types for mark in marks if mark.weight == weight)
        if types:
            return _single(types - {OTHER} or types)
    generic = any(mark.weight == Weight.GENERIC for mark in marks)
    return SCHOOL if generic and not UNKNOWN_HEAD.search(text) else None


def _decide_named(
    named: list[Mark], forms: _Types, text: str, branch: re.Match[str] | None
) -> OrganizationType | None:
    types = _union(mark.types for mark in named)
    if types == {OTHER}:
        if not forms or forms == {OTHER}:
            return OTHER
        plain = all(mark.weight == Weight.PLAIN for mark in named)
        return _single(forms & ({TRAINING, EXTRACURRICULAR} if plain else {TRAINING}))
    types -= {OTHER}
    if branch is not None and len(types) > 1:
        return _branch_type(named, branch, types)
    strong = _union(mark.types for mark in named if mark.weight == Weight.SELF) - {OTHER}
    if len(types) > 1:
        if types == {PRESCHOOL, SCHOOL}:
            return None
        if len(strong) == 1 and SCHOOL not in strong and PRESCHOOL not in types:
            return _single(strong)
        return _single(types & forms)
    if strong == {SCHOOL} and forms and all(_LYCEUM.match(mark.text) for mark in named):
        # «ГАПОУ «Лицей № 5» is a college; «МБУ ДО «Гимназия искусств» is no school.
        return _single(forms) if forms & {VOCATIONAL, EXTRACURRICULAR} else SCHOOL
    if strong:
        return _single(strong) if not _contested(strong, forms) else None
    return _decide_plain(types, forms, text)


def _contested(strong: _Types, forms: _Types) -> bool:
    """A lyceum of a college's legal form or a school of an extracurricular one: ask."""
    return strong == {SCHOOL} and forms == {TRAINING}


_LYCEUM = re.compile(r"лице|гимнази")


def _decide_plain(types: _Types, forms: _Types, text: str) -> OrganizationType | None:
    if types == {SCHOOL}:
        yielding = forms & {EXTRACURRICULAR, VOCATIONAL, TRAINING}
        if yielding:
            return _single(yielding)
        if _SPORT_FORM.search(text):
            return EXTRACURRICULAR
        if _SPORT_NICKNAME.search(text) and not re.search(r"о[уо]\b|№", text):
            return None
        return SCHOOL
    if types == {PRESCHOOL} and forms & {EXTRACURRICULAR}:
        return None
    return _single(types)


def _branch_type(named: list[Mark], branch: re.Match[str], types: _Types) -> OrganizationType | None:
    """A branch is what the branch calls itself, not what its parent is: «СП ГБОУ СОШ № 1 – детский сад»."""
    if any(len(mark.types) > 1 for mark in named):
        return None
    without_school = types - {SCHOOL}
    if len(without_school) == 1:
        return _single(without_school)
    after = _union(mark.types for mark in named if mark.start >= branch.end()) - {OTHER}
    return _single(after)


def _is_garden_opening(mark: Mark, text: str) -> bool:
    """«… школа «Детский сад «Ромашка»: a quote that opens with the words «детский сад»."""
    return mark.text.startswith("детск") and mark.depth == 1 and text[mark.start - 1 : mark.start] == "«"


def _union(groups: object) -> _Types:
    result: set[OrganizationType] = set()
    for group in groups:  # type: ignore[attr-defined]
        result |= group
    return frozenset(result)


def _single(types: _Types | set[OrganizationType]) -> OrganizationType | None:
    return next(iter(types)) if len(types) == 1 else None
