"""Municipalities that may be one: misprints of a name, and one name under two kinds of territory."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import pandas as pd
from rapidfuzz.distance import Levenshtein

from sferum_core.names.municipalities import Municipality, municipality_display, parse_municipality
from sferum_core.names.municipality_words import MunicipalityClass

_PREFIXES = (
    "верхне",
    "нижне",
    "средне",
    "северо",
    "южно",
    "ново",
    "старо",
    "мало",
    "больше",
    "усть-",
    "красно",
)


def similar_municipalities(names: pd.Series | Iterable[str]) -> list[tuple[str, str, float]]:
    """Pairs of names that look like a misprint of one another, with a score 0–1, the most alike first.

    Only suggested, never merged: «Залогощенский» and «Залегощенский» (004). A city and a
    district are no pair.
    """
    shown = municipality_display(names)
    parsed = {key: parse_municipality(text) for key, text in shown.items()}
    keys = sorted(parsed)
    pairs = []
    for place, first in enumerate(keys):
        for second in keys[place + 1 :]:
            score = _likeness(parsed[first], parsed[second])
            if score:
                pairs.append((shown[first], shown[second], score))
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))


@lru_cache(maxsize=10_000)
def _taken_apart(key: str) -> Municipality:
    kind, _, name = key.partition(":")
    name, _, city = name.partition("@")
    return (
        Municipality(MunicipalityClass(kind), name, city)
        if name
        else Municipality(MunicipalityClass.UNKNOWN, "")
    )


def city_of(key: str) -> str:
    """The name of the city a key stands for; «» for a district and for no city at all."""
    parsed = _taken_apart(key)
    return parsed.name if parsed.kind == MunicipalityClass.CITY else ""


def similar_keys(one: str, two: str) -> bool:
    """Whether two different keys may be one municipality written otherwise: a misprint, «Копейский ГО»."""
    return _likeness(_taken_apart(one), _taken_apart(two)) > 0


def same_word(one: str, two: str) -> bool:
    """Whether two keys have one name proper, whatever territory each calls itself: «Ачитский ГО», «Ачитский район».

    It is no proof: a city and the district around it share the word. What is listed under both must decide.
    """
    first, second = _taken_apart(one), _taken_apart(two)
    return bool(first.name) and _stem(first.name) == _stem(second.name)


def _likeness(first: Municipality, second: Municipality) -> float:
    if first.kind != second.kind or first.city != second.city:
        return 0.0
    one, two = first.name, second.name
    if _prefix(one) != _prefix(two):
        return 0.0
    distance = Levenshtein.distance(one, two, score_cutoff=2)
    shorter = min(len(one), len(two))
    if (distance == 1 and shorter >= 6) or (distance == 2 and shorter >= 11):
        return round(1 - distance / max(len(one), len(two)), 3)
    if first.kind == MunicipalityClass.CITY and _stem(one) == _stem(two):
        return 0.8  # «Копейский городской округ» and «г. Копейск»
    return 0.0


def _prefix(name: str) -> str:
    return next((prefix for prefix in _PREFIXES if name.startswith(prefix)), "")


def _stem(name: str) -> str:
    return name[:-2] if name.endswith(("ий", "ый", "ой")) else name
