"""What things weigh in memory, about: tables, arrays, texts and bytes, and whatever holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

_DEEPEST = 6
_LOOKED_AT = 200  # of a long list of things; the others weigh as much on average
_ANYTHING = 100  # bytes of a small thing
_MOST_LOOKED_AT = 5_000  # things that hold others


def weight_of(thing: Any) -> int:
    """Bytes, to some ten per cent where tables make the most of it. A table that stands in it twice counts once."""
    return _weigh(thing, _DEEPEST, set())


def _weigh(thing: Any, deeper: int, seen: set[int]) -> int:
    if isinstance(thing, str | bytes | bytearray):
        return len(thing) * (1 if not isinstance(thing, str) or thing.isascii() else 2) + _ANYTHING
    if thing is None or isinstance(thing, int | float) or deeper == 0:
        return _ANYTHING
    if id(thing) in seen or len(seen) > _MOST_LOOKED_AT:
        return _ANYTHING
    seen.add(id(thing))
    if isinstance(thing, pd.DataFrame):
        return sum(_column(thing.iloc[:, place]) for place in range(thing.shape[1])) + _ANYTHING
    if isinstance(thing, pd.Series | pd.Index):
        return _column(thing)
    if isinstance(thing, np.ndarray):
        return thing.nbytes + _ANYTHING
    if isinstance(thing, Mapping):
        return _all([*thing.keys(), *thing.values()], deeper, seen)
    if isinstance(thing, list | tuple | set | frozenset):
        return _all(thing, deeper, seen)
    if is_dataclass(thing):
        return _all([getattr(thing, one.name) for one in fields(thing)], deeper, seen)
    if hasattr(thing, "__dict__"):
        return _all(list(vars(thing).values()), deeper, seen)
    return _ANYTHING


def _all(things: Iterable[Any], deeper: int, seen: set[int]) -> int:
    held = list(things)
    looked = [_weigh(one, deeper - 1, seen) for one in islice(held, _LOOKED_AT)]
    return _ANYTHING + (sum(looked) * len(held) // len(looked) if looked else 0)


def _column(values: pd.Series | pd.Index) -> int:
    size = int(values.memory_usage(index=False)) if isinstance(values, pd.Series) else int(values.nbytes)
    if values.dtype == object and len(values):  # places of things; a sample tells what the things take
        sample = values[:_LOOKED_AT].tolist()
        size += sum(_weigh(one, 1, set()) for one in sample) * len(values) // len(sample)
    return size + _ANYTHING
