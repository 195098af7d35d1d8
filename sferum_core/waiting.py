"""«Ждёт деактивации»: organizations whose deactivation was asked for (000, п. 1), found again in later weeks.

They stay in the export and in every total until the platform takes them out; lists of those who must act leave them
out and say how many wait.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sferum_core.names.municipalities import municipality_key
from sferum_core.names.text import unify
from sferum_core.wording import organizations, plural

WAITING = "waiting"
"""The column of an assessed table that says so (boolean, never missing)."""
WORDS = "ждёт деактивации"
WHAT_TO_DO = "Действий не требуется: запрос на деактивацию отмечен, организация ждёт удаления с платформы."


@dataclass(frozen=True)
class Organization:
    """What names an organization from week to week: its ID, else its name in its municipality; "" for nothing."""

    organization_id: str = ""
    name: str = ""
    municipality: str = ""

    @cached_property
    def key(self) -> str:
        """Equal for one organization however its name is written."""
        if self.organization_id.strip():
            return f"id:{self.organization_id.strip()}"
        return f"name:{_name_key(self.name, self.municipality)}"

    @property
    def has_identity(self) -> bool:
        """Whether there is anything to find it by."""
        return bool(self.organization_id.strip() or self.name.strip())


def organization_of(row: Mapping[str, object]) -> Organization:
    """The organization of a row of the table, by its columns."""

    def text(column: str) -> str:
        value = row.get(column)
        return "" if value is None or bool(pd.isna(value)) else " ".join(str(value).split())  # type: ignore[call-overload]

    return Organization(text("organization_id"), text("organization"), text("municipality"))


def waiting_places(table: pd.DataFrame, marked: Iterable[Organization]) -> dict[int, str]:
    """0-based rows of `table` that wait, with the key of their mark.

    By ID; by name within the municipality where the mark or the row has no ID. A name that fits several rows marks none.
    """
    by_id: dict[str, list[int]] = defaultdict(list)
    by_name: dict[str, list[int]] = defaultdict(list)
    nameless: set[int] = set()
    for place, row in enumerate(_identities(table)):
        if row.organization_id:
            by_id[row.organization_id].append(place)
        else:
            nameless.add(place)
        if row.name:
            by_name[_name_key(row.name, row.municipality)].append(place)
    found: dict[int, str] = {}
    for one in marked:
        places = by_id.get(one.organization_id.strip(), []) if one.organization_id.strip() else []
        if not places and one.name.strip():
            named = by_name.get(_name_key(one.name, one.municipality), [])
            if one.organization_id.strip():
                named = [place for place in named if place in nameless]
            places = named if len(named) == 1 else []
        found.update(dict.fromkeys(places, one.key))
    return found


def with_waiting(table: pd.DataFrame, places: Iterable[int]) -> pd.DataFrame:
    """The table with the column `waiting`, true in these 0-based rows."""
    marked = [False] * len(table)
    for place in places:
        if 0 <= place < len(table):
            marked[place] = True
    return table.assign(**{WAITING: pd.array(marked, dtype="bool")})


def is_waiting(table: pd.DataFrame) -> pd.Series:
    """Which rows wait; none where the table does not say."""
    if WAITING not in table.columns:
        return pd.Series(False, index=table.index, dtype="bool")
    return table[WAITING].astype("boolean").fillna(False).astype("bool")


def acting(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that must act: all but those that wait."""
    waits = is_waiting(table)
    return table[~waits.to_numpy(dtype=bool)] if waits.any() else table


def waiting_words(count: int) -> str:
    """«2 организации ждут деактивации»."""
    return f"{organizations(count)} {plural(count, 'ждёт', 'ждут', 'ждут')} деактивации"


def waiting_note(count: int) -> str:
    """How those that wait are counted, for workbooks and pages."""
    return (
        f"{waiting_words(count)}: в итогах муниципалитетов и региона они есть, потому что есть в выгрузке, но в списках "
        "тех, кому нужно действовать, их нет."
    )


def _name_key(name: str, municipality: str) -> str:
    where = municipality_key(municipality) if municipality.strip() else ""
    return f"{unify(name)}@{where}"


def _identities(table: pd.DataFrame) -> list[Organization]:
    columns = []
    for name in ("organization_id", "organization", "municipality"):
        if name in table.columns:
            columns.append(
                [" ".join(str(value).split()) for value in table[name].astype("str").fillna("").tolist()]
            )
        else:
            columns.append([""] * len(table))
    return [Organization(*cells) for cells in zip(*columns, strict=True)]
