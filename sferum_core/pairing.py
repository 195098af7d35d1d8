"""The same organizations in two weeks: by ID, else by name within the municipality; nothing guessed, nothing lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sferum_core.grouping import UNKNOWN_KEY, group_keys
from sferum_core.names.text import map_unique, unify

BY_ID, BY_ID_AND_NAME, BY_NAME = "id", "id_and_name", "name"
NO_IDENTITY = "нет ни ID, ни названия"
REPEATED_ID = "ID стоит в нескольких строках"
REPEATED_NAME = "название в муниципалитете повторяется, а ID нет"


@dataclass(frozen=True, eq=False)
class Identity:
    """What rows are told by; arrays of text, "" where there is nothing."""

    ids: np.ndarray
    names: np.ndarray
    municipalities: np.ndarray

    def name_keys(self, *, with_municipality: bool) -> np.ndarray:
        """Municipality and name together; "" without a name."""
        places = self.municipalities if with_municipality else np.full(len(self.names), "", dtype=object)
        return _joined(places, self.names)

    def full_keys(self) -> np.ndarray:
        """ID, municipality and name together; "" without an ID."""
        return _joined(_joined(self.names, self.municipalities, always=True), self.ids)


@dataclass(frozen=True, eq=False)
class Pairing:
    """Every row of both tables once, by 0-based position.

    `pairs` has `now`, `before`, `by` (`id`, `id_and_name`, `name`); `new` and `gone` are positions of rows the
    other week does not have; `unresolved` has `side` (`now`, `before`), `row`, `reason`: the other week may
    have them, which row it is can't be told.
    """

    pairs: pd.DataFrame
    new: np.ndarray
    gone: np.ndarray
    unresolved: pd.DataFrame
    now: Identity
    before: Identity


def text_of(table: pd.DataFrame, column: str) -> pd.Series:
    """A column of words without blanks around, missing where empty or not there; whole numbers as digits."""
    if column not in table.columns:
        return pd.Series(pd.NA, index=table.index, dtype="str")
    values = table[column]
    if pd.api.types.is_float_dtype(values.dtype):
        numbers = values.astype("Float64")
        if bool((numbers == numbers.round()).fillna(True).all()):
            values = numbers.astype("Int64")
    found = values.astype("str").str.strip()
    return found.where(found != "")


def identity_of(table: pd.DataFrame) -> Identity:
    """IDs, names in one spelling and municipality keys of a table with any index."""
    rows = table.reset_index(drop=True)
    return Identity(
        ids=_array(text_of(rows, "organization_id")),
        names=_array(map_unique(text_of(rows, "organization"), unify)),
        municipalities=group_keys(rows).to_numpy(dtype=object),
    )


def pair_organizations(now: pd.DataFrame, before: pd.DataFrame) -> Pairing:
    """Pairs of rows of two weeks. First equal IDs, then a repeated ID with the same name and municipality,
    then, where one side has no ID, the same name in the same municipality. Only what is unique on both sides
    pairs. Where one week names no municipality at all, the name alone decides.
    """
    left, right = identity_of(now), identity_of(before)
    places = bool((left.municipalities != UNKNOWN_KEY).any() and (right.municipalities != UNKNOWN_KEY).any())
    names_left = left.name_keys(with_municipality=places)
    names_right = right.name_keys(with_municipality=places)
    free_left, free_right = np.ones(len(left.ids), dtype=bool), np.ones(len(right.ids), dtype=bool)
    found: list[tuple[int, int, str]] = []
    for keys_left, keys_right, by in (
        (left.ids, right.ids, BY_ID),
        (left.full_keys(), right.full_keys(), BY_ID_AND_NAME),
        (names_left, names_right, BY_NAME),
    ):
        for one, other in _unique_in_both(keys_left, free_left, keys_right, free_right):
            if by == BY_NAME and left.ids[one] and right.ids[other]:
                continue  # two IDs are two organizations, whatever their name
            free_left[one] = free_right[other] = False
            found.append((one, other, by))
    new, lost_left = _left_over(left, names_left, free_left, right, names_right)
    gone, lost_right = _left_over(right, names_right, free_right, left, names_left)
    lines = [("now", *line) for line in lost_left] + [("before", *line) for line in lost_right]
    return Pairing(
        pairs=pd.DataFrame(found, columns=["now", "before", "by"]).astype(
            {"now": "int64", "before": "int64", "by": "str"}
        ),
        new=new,
        gone=gone,
        unresolved=pd.DataFrame(lines, columns=["side", "row", "reason"]).astype(
            {"side": "str", "row": "int64", "reason": "str"}
        ),
        now=left,
        before=right,
    )


def _array(values: pd.Series) -> np.ndarray:
    return values.astype(object).where(values.notna(), "").to_numpy(dtype=object)


def _joined(first: np.ndarray, last: np.ndarray, *, always: bool = False) -> np.ndarray:
    """Both texts, told apart by a line break; "" where `last` is empty, unless `always`."""
    both = np.array([f"{one}\n{two}" for one, two in zip(first, last, strict=True)], dtype=object)
    return both if always or not len(both) else np.where(last != "", both, "")


def _unique_in_both(
    left: np.ndarray, free_left: np.ndarray, right: np.ndarray, free_right: np.ndarray
) -> list[tuple[int, int]]:
    ones, others = _unique(left, free_left), _unique(right, free_right)
    return [(ones[key], others[key]) for key in ones if key in others]


def _unique(keys: np.ndarray, free: np.ndarray) -> dict[str, int]:
    """Positions of the keys that stand once among the free rows."""
    rows = np.flatnonzero(free & (keys != ""))
    series = pd.Series(rows, index=pd.Index(keys[rows], dtype=object))
    once = series[~series.index.duplicated(keep=False)]
    return {str(key): int(row) for key, row in once.items()}


def _left_over(
    own: Identity, own_names: np.ndarray, free: np.ndarray, other: Identity, other_names: np.ndarray
) -> tuple[np.ndarray, list[tuple[int, str]]]:
    """Rows the other week surely lacks, and those it may have with the reason why that can't be told."""
    ids, names = set(other.ids.tolist()) - {""}, set(other_names.tolist()) - {""}
    nameless = {name for name, code in zip(other_names, other.ids, strict=True) if name and not code}
    alone, unsure = [], []
    for row in np.flatnonzero(free):
        code, name = own.ids[row], own_names[row]
        if not code and not name:
            unsure.append((int(row), NO_IDENTITY))
        elif code and code in ids:
            unsure.append((int(row), REPEATED_ID))
        elif name in (nameless if code else names):
            unsure.append((int(row), REPEATED_NAME))
        else:
            alone.append(int(row))
    return np.array(alone, dtype="int64"), unsure


def subject_keys(table: pd.DataFrame) -> list[str]:
    """Whom each row of a table is about: «id:00012345», else municipality and name, else municipality, else "".

    Repeated ones share a key: what is wrong with one of two rows of an ID is wrong with that ID.
    """
    identity = identity_of(table)
    keys = []
    for code, name, place in zip(identity.ids, identity.names, identity.municipalities, strict=True):
        if code:
            keys.append(f"id:{code}")
        elif name:
            keys.append(f"name:{place}/{name}")
        else:
            keys.append(f"place:{place}" if place else "")
    return keys


def rows_of(table: pd.DataFrame, subject: str) -> pd.DataFrame:
    """The rows of a table that are about one subject of `subject_keys`, for `organization_trend`; maybe none.

    ValueError for "", which names nobody.
    """
    if not subject:
        raise ValueError("an empty subject names no organization")
    return table[np.array([key == subject for key in subject_keys(table)], dtype=bool)]
