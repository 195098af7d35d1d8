"""Settlements in the names of organizations: «Каракульская СОШ» and «СОШ с. Каракульское» are of one place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

_ADJECTIVE_ENDING = re.compile(r"(?:ск|(?<=ц)к)(?:ая|ий|ое|ой|ого|ом)$")
_NOUN_ENDING = re.compile(r"(?:ого|ое|ая|ой|ий|ый|ую|ом|[аоеыиуяюьй])$")
_SUFFIX = re.compile(r"(?<=\w{4})(?:ов|ев|ин|ен|ян|ан|н|к|ск)$")
_FLEETING = re.compile(r"(?<=[^аеиоуыэюя])[ео](?=[лцк]$)")


@dataclass(frozen=True, order=True)
class Place:
    """A settlement: `stem` for adjective and noun alike, `noun` the noun without its ending, «» when unknown.

    `first` is the word before («старое мелково»), `city` whether «г.» stands there, `written` the last word as it is.
    """

    stem: str
    noun: str
    first: str
    city: bool
    written: str


@lru_cache(maxsize=20_000)
def place_of(words: str, *, noun: bool, city: bool) -> Place:
    """«старое мелково», «б. самовец», «каракульская» as a place."""
    words = re.sub(r"\.(?=\w)", ". ", words.strip())
    *before, last = words.split()
    first = before[-1].rstrip(".") if before else ""
    return Place(
        _stem(last),
        _FLEETING.sub("", _NOUN_ENDING.sub("", last)).replace("-", "") if noun else "",
        first,
        city,
        last,
    )


def _stem(word: str) -> str:
    word = word.replace("-", "")
    stem = _ADJECTIVE_ENDING.sub("", word)
    if stem == word:
        stem = _NOUN_ENDING.sub("", word)
    while (shorter := _SUFFIX.sub("", stem)) != stem:
        stem = shorter
    return _FLEETING.sub("", stem.replace("ь", "").replace("-", ""))


@lru_cache(maxsize=100_000)
def same_place(one: Place, two: Place) -> float:
    """1 for one place, 0.9 for nearly surely one, 0.8 for perhaps a misprint, 0 for another."""
    if (
        one.first
        and two.first
        and not (one.first.startswith(two.first[:1]) and two.first.startswith(one.first[:1]))
    ):
        return 0.0
    if (
        one.first
        and two.first
        and len(one.first) > 2
        and len(two.first) > 2
        and one.first[:4] != two.first[:4]
    ):
        return 0.0
    if one.noun and two.noun:
        if one.noun == two.noun:
            return 1.0
        if min(len(one.noun), len(two.noun)) >= 6 and OSA.distance(one.noun, two.noun, score_cutoff=1) <= 1:
            return 0.8
        return 0.0
    if one.stem == two.stem:
        return 1.0
    shorter, longer = sorted((one.stem, two.stem), key=len)
    if len(shorter) >= 5 and longer.startswith(shorter) and len(longer) - len(shorter) == 1:
        return 0.9
    if one.noun != two.noun and len(shorter) >= 3 and longer in (f"{shorter}ин", f"{shorter}ов"):
        return 0.8  # «г. Шали», «Шалинская»
    if len(shorter) >= 6 and OSA.distance(one.stem, two.stem, score_cutoff=1) <= 1:
        return 0.8
    return 0.0
