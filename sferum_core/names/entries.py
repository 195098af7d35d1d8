"""One list of organizations as plain columns, and the entries that stand in it twice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pandas as pd

from sferum_core.names.municipalities import municipality_key
from sferum_core.names.parts import NameParts, localized, name_parts


@dataclass(frozen=True)
class Entries:
    """One of the two tables as plain lists, a value a row; «» for nothing."""

    frame: pd.DataFrame
    ids: list[str]
    inn: list[str]
    ogrn: list[str]
    names: list[str]
    parts: list[NameParts]
    places: list[str]
    has_places: bool

    def __len__(self) -> int:
        return len(self.names)


def entries(frame: pd.DataFrame) -> Entries:
    """`frame` with the columns of kind `organizations` or `registry` as plain lists."""
    names = texts(frame, "organization")
    places = texts(frame, "municipality")
    keys = {place: municipality_key(place) for place in set(places)}
    return Entries(
        frame=frame,
        ids=texts(frame, "organization_id"),
        inn=texts(frame, "inn"),
        ogrn=texts(frame, "ogrn"),
        names=names,
        parts=[localized(name_parts(name), place) for name, place in zip(names, places, strict=True)],
        places=[keys[place] for place in places],
        has_places=any(places),
    )


def texts(frame: pd.DataFrame, column: str) -> list[str]:
    """A column as trimmed texts; «» for missing values and for a missing column."""
    if column not in frame:
        return [""] * len(frame)
    values = frame[column].astype("str").fillna("").tolist()
    return [" ".join(str(value).split()) for value in values]


def duplicate_groups(side: Entries) -> list[list[int]]:
    """Rows with one ID, or with one name in one municipality; a group is joined through either."""
    leader = list(range(len(side)))

    def find(row: int) -> int:
        while leader[row] != row:
            leader[row] = leader[leader[row]]
            row = leader[row]
        return row

    seen: dict[tuple[str, ...], int] = {}
    for row in range(len(side)):
        keys: list[tuple[str, ...]] = []
        if side.ids[row]:
            keys.append(("id", side.ids[row]))
        parts = side.parts[row]
        if parts.number or parts.distinctive:
            keys.append(("name", side.places[row], *parts.core))
        for key in keys:
            if key in seen:
                leader[find(row)] = find(seen[key])
            else:
                seen[key] = row
    groups: dict[int, list[int]] = defaultdict(list)
    for row in range(len(side)):
        groups[find(row)].append(row)
    return [members for members in groups.values() if len(members) > 1]
