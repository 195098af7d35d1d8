"""Groups of teachers a list is filtered by, declared as data, and the search in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sferum_core.teachers import is_near


@dataclass(frozen=True)
class Group:
    """A group of teachers: its code, its Russian title and who belongs to it."""

    code: str
    title: str
    test: Callable[[pd.DataFrame], pd.Series | np.ndarray]


def _figures(people: pd.DataFrame, column: str) -> pd.Series:
    if column not in people.columns:
        return pd.Series(pd.NA, index=people.index, dtype="Int64")
    return people[column].astype("Int64")


def _linked(people: pd.DataFrame, wanted: int) -> pd.Series:
    if "linked" not in people.columns:
        return pd.Series(False, index=people.index)
    return people["linked"].astype("boolean").astype("Int64") == wanted


_ALL = (
    Group("all", "Все", lambda people: pd.Series(True, index=people.index)),
    Group("near", "Почти у порога", lambda people: is_near(people, 10)),
    Group("silent", "Не писали", lambda people: _figures(people, "messages") == 0),
    Group("three", "От 3 сообщений", lambda people: _figures(people, "messages") >= 3),
    Group("ten", "От 10 сообщений", lambda people: _figures(people, "messages") >= 10),
    Group("call", "Звонили", lambda people: _figures(people, "calls") >= 1),
    Group("linked", "Связаны с ЭЖД", lambda people: _linked(people, 1)),
    Group("unlinked", "Не связаны с ЭЖД", lambda people: _linked(people, 0)),
)
GROUPS: dict[str, Group] = {group.code: group for group in _ALL}
"""Every group by its code, in the order of the screen."""


def select_people(people: pd.DataFrame, group: str, municipalities: tuple[str, ...] = ()) -> pd.DataFrame:
    """The teachers of a group and of the municipalities named (none: all), most messages first."""
    if municipalities and "municipality" in people.columns:
        people = people[people["municipality"].isin(municipalities)]
    mask = pd.Series(GROUPS[group].test(people), index=people.index)
    chosen = people[mask.fillna(False).to_numpy(dtype=bool)]
    if "messages" in chosen.columns:
        chosen = chosen.sort_values("messages", ascending=False, na_position="last", kind="stable")
    return chosen.reset_index(drop=True)


def search_people(people: pd.DataFrame, wanted: str) -> pd.DataFrame:
    """The rows whose name or organization holds `wanted`, whatever the case and ё; all for an empty text."""
    words = " ".join(wanted.lower().replace("ё", "е").split())
    if not words:
        return people
    hits = np.zeros(len(people), dtype=bool)
    for name in ("full_name", "organization"):
        if name in people.columns:
            texts = people[name].astype("str").str.lower().str.replace("ё", "е")
            hits |= texts.str.contains(words, regex=False, na=False).to_numpy(dtype=bool)
    return people[hits]
