"""One week's sums: what trends are drawn from, so that no old row is ever read again."""

from __future__ import annotations

import pandas as pd

from sferum_core.grouping import UNKNOWN_KEY, display_names, group_keys, lists_organizations
from sferum_core.indicators import INDICATORS, computable
from sferum_core.municipalities import (
    REGION_NAME,
    STATUS_COLUMNS,
    municipality_lines,
)
from sferum_core.norms import NormProfile
from sferum_core.organizations import assess_organizations

REGION_KEY = ""
NO_MUNICIPALITY_KEY = "?"
ALL_TYPES = ""
_COUNTS = ("numerator", "denominator", "organizations", "organizations_without_data", *STATUS_COLUMNS)
SUM_COLUMNS = (
    "municipality_key",
    "municipality",
    "organization_type",
    "indicator",
    "numerator",
    "denominator",
    "stated_share",
    "organizations",
    "organizations_without_data",
    *STATUS_COLUMNS,
)
SUM_TYPES: dict[str, str] = {
    **dict.fromkeys(("municipality_key", "municipality", "organization_type", "indicator"), "str"),
    **dict.fromkeys(_COUNTS, "Int64"),
    "stated_share": "Float64",
}


def week_sums(table: pd.DataFrame, profile: NormProfile, *, only: str | None = None) -> pd.DataFrame:
    """Sums of one week: a row a municipality × organization type × indicator (`SUM_COLUMNS`, `SUM_TYPES`).

    `table` is what `compare_municipalities` takes. `municipality_key` is `REGION_KEY` ("") for the whole
    table and `NO_MUNICIPALITY_KEY` ("?", which no name gives) for rows without a municipality;
    `organization_type` is "" for all types together, rows of an unknown type included. Figures equal those of
    `compare_municipalities` and `region_total`: whole numbers, NA where nothing could be counted.
    Status columns count organizations by the profile's main indicator and so repeat for every indicator.
    `stated_share` is a share the file only states, for a municipality of one row without counts.
    Indicators: what the table can give, the main one always; of a type, those it has any figures for. `only`
    keeps one of them, at a fraction of the time.
    """
    rows = table.reset_index(drop=True)
    if not len(rows):
        return _typed(pd.DataFrame(columns=list(SUM_COLUMNS)))
    if lists_organizations(rows):
        rows = assess_organizations(rows, profile)
    keys = group_keys(rows)
    rows["_key"] = keys.where(keys != UNKNOWN_KEY, NO_MUNICIPALITY_KEY)
    types = _types(rows)
    codes = (
        [profile.main_indicator, "organizations_active"]
        if lists_organizations(rows)
        else [profile.main_indicator]
    )
    parts = []
    known = dict.fromkeys([*codes, *computable(rows, profile.denominator)])
    for code in known if only is None else [code for code in known if code == only]:
        lines = municipality_lines(rows, profile, code)
        parts += [
            part.assign(indicator=code)
            for part in _grouped(lines, types, main=code == profile.main_indicator)
        ]
    if not parts:
        return _typed(pd.DataFrame(columns=list(SUM_COLUMNS)))
    result = pd.concat(parts, ignore_index=True)
    shown = {**display_names(rows), REGION_KEY: REGION_NAME}
    shown[NO_MUNICIPALITY_KEY] = display_names(rows)[UNKNOWN_KEY]
    result["municipality"] = result["municipality_key"].map(shown)
    return _typed(result[list(SUM_COLUMNS)])


def _types(rows: pd.DataFrame) -> pd.Series:
    """The type of each row as text; missing where it is unknown or the rows are no organizations."""
    if "organization_type" not in rows.columns:
        return pd.Series(pd.NA, index=rows.index, dtype="str")
    types = rows["organization_type"].astype("str")
    return types.where(types != ALL_TYPES)


def _grouped(lines: pd.DataFrame, types: pd.Series, *, main: bool) -> list[pd.DataFrame]:
    """Region and municipalities, all types together and each type apart."""
    counts = list(_COUNTS)
    region = lines[counts].sum(min_count=1).to_frame().T.assign(municipality_key=REGION_KEY)
    grouped = lines.groupby("municipality_key", sort=True)
    everyone = grouped[counts].sum(min_count=1)
    everyone["stated_share"] = grouped["stated"].first()[grouped.size() == 1]
    parts = [part.assign(organization_type=ALL_TYPES) for part in (region, everyone.reset_index())]
    known = lines.assign(organization_type=types)[types.notna().to_numpy(dtype=bool)]
    if not len(known):
        return parts
    if not main:
        has_figures = known.groupby("organization_type")[["numerator", "stated"]].count().sum(axis=1) > 0
        known = known[known["organization_type"].map(has_figures).to_numpy(dtype=bool)]
    by_type = known.groupby("organization_type", sort=True)[counts].sum(min_count=1).reset_index()
    pairs = known.groupby(["organization_type", "municipality_key"], sort=True)
    apart = pairs[counts].sum(min_count=1)
    apart["stated_share"] = pairs["stated"].first()[pairs.size() == 1]
    return [*parts, by_type.assign(municipality_key=REGION_KEY), apart.reset_index()]


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    for column, kind in SUM_TYPES.items():
        if kind == "Int64":
            frame[column] = pd.to_numeric(frame[column], errors="coerce").astype("Int64")
        elif kind == "Float64":
            frame[column] = pd.to_numeric(frame[column], errors="coerce").astype("Float64")
        else:
            frame[column] = frame[column].astype("str")
    return frame.reset_index(drop=True)


def history_of_sums(stored: pd.DataFrame) -> pd.DataFrame:
    """`week_sums` of many weeks, with `start` and `end`, from sums kept by municipality and type.

    `stored`: period_start, period_end, municipality_key ("": not given), municipality, organization_type
    ("": unknown), indicator, numerator, denominator, organizations, organizations_with_data, stated_share and
    the status columns; a row a municipality, type and indicator. Region and all types together are added up.
    A share that is only stated stays where it stands alone.
    """
    rows = stored[stored["indicator"].isin(INDICATORS)].rename(
        columns={"period_start": "start", "period_end": "end"}
    )
    rows = rows.assign(
        municipality_key=rows["municipality_key"].where(
            rows["municipality_key"] != UNKNOWN_KEY, NO_MUNICIPALITY_KEY
        ),
        organizations_without_data=rows["organizations"] - rows["organizations_with_data"],
    )
    everyone = rows.assign(municipality_key=REGION_KEY, municipality=REGION_NAME)
    parts = []
    for frame in (everyone, rows):
        parts += [frame.assign(organization_type=ALL_TYPES), frame[frame["organization_type"] != ALL_TYPES]]
    keys = ["start", "end", "municipality_key", "organization_type", "indicator"]
    summed = []
    for part in parts:
        grouped = part.groupby(keys, sort=False)
        line = grouped[list(_COUNTS)].sum(min_count=1)
        line["municipality"] = grouped["municipality"].first()
        line["stated_share"] = grouped["stated_share"].first()[grouped.size() == 1]
        summed.append(line.reset_index())
    result = pd.concat(summed, ignore_index=True)
    dates = result[["start", "end"]]
    return _typed(result[list(SUM_COLUMNS)].copy()).assign(start=dates["start"], end=dates["end"])
