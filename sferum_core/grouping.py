"""Rows of one municipality brought together: keys of spellings and the name to show."""

from __future__ import annotations

import pandas as pd

from sferum_core.names import municipality_display, municipality_keys

UNKNOWN_KEY = ""
UNKNOWN_MUNICIPALITY = "Муниципалитет не указан"


def municipality_column(table: pd.DataFrame) -> pd.Series:
    """The municipality as written, NA for blank cells and for a table without the column."""
    if "municipality" not in table.columns:
        return pd.Series(pd.NA, index=table.index, dtype="str")
    names = table["municipality"].astype("str").str.strip()
    return names.where(names != "")


def group_keys(table: pd.DataFrame) -> pd.Series:
    """Key of each row's municipality; `UNKNOWN_KEY` where it isn't given. No row is lost."""
    names = municipality_column(table)
    keys = pd.Series(UNKNOWN_KEY, index=table.index, dtype="str")
    given = names.notna()
    if given.any():
        keys[given] = municipality_keys(names[given]).to_numpy()
    return keys.fillna(UNKNOWN_KEY)


def display_names(table: pd.DataFrame) -> dict[str, str]:
    """The most frequent spelling for each key, and a Russian phrase for the unknown one."""
    names = municipality_column(table).dropna()
    shown = dict(municipality_display(names)) if len(names) else {}
    return {**shown, UNKNOWN_KEY: UNKNOWN_MUNICIPALITY}
