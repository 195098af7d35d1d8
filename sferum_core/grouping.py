"""Rows of one municipality brought together: keys of spellings and the name to show."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sferum_core.model import OrganizationType
from sferum_core.names import municipality_display, municipality_keys

UNKNOWN_KEY = ""
UNKNOWN_MUNICIPALITY = "Муниципалитет не указан"


_TYPES = {str(one): str(one) for one in OrganizationType}


def lists_organizations(table: pd.DataFrame) -> bool:
    """Whether a row is an organization; published tables of municipalities say how many each row stands for."""
    columns = set(table.columns)
    if {"organization", "organization_id", "is_active"} & columns:
        return True
    return "organization_type" in columns and not {"organizations", "organizations_active"} & columns


def type_column(table: pd.DataFrame) -> np.ndarray:
    """The type of each row, "" where it is missing or none of `OrganizationType`; all "" without the column."""
    if "organization_type" not in table.columns:
        return np.full(len(table), "", dtype=object)
    types = table["organization_type"].astype("str").str.strip().map(_TYPES).astype(object)
    return types.where(types.notna(), "").to_numpy(dtype=object)


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
