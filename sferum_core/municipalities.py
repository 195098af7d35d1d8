"""Comparison of municipalities: ratio of sums, places, verdicts, the region, leaders and the heat table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sferum_core.exact import as_ratio, divide, missing_to, rank_descending
from sferum_core.grouping import UNKNOWN_KEY, display_names, group_keys, lists_organizations, type_column
from sferum_core.indicators import INDICATORS, computable, count_of, indicator_counts, reported_share
from sferum_core.model import OrganizationType, Status
from sferum_core.norms import Level, NormProfile, Rule, judge
from sferum_core.organizations import assess_organizations

REGION_NAME = "Регион"
STATUS_COLUMNS = tuple(status.value for status in Status)
COMPARISON_COLUMNS = (
    "municipality",
    "municipality_key",
    "organizations",
    "organizations_without_data",
    "numerator",
    "denominator",
    "share",
    "share_source",
    "over_100",
    "rank",
    "status",
    "missing_to_norm",
    "missing_to_target",
    *STATUS_COLUMNS,
)
HEAT_COLUMNS = ("municipality", "indicator", "indicator_name", "numerator", "denominator", "share", "status")
_COUNTS = ("organizations", "organizations_without_data", "numerator", "denominator", *STATUS_COLUMNS)


def compare_municipalities(
    table: pd.DataFrame,
    profile: NormProfile,
    indicator: str,
    organization_type: OrganizationType | str | None = None,
    previous: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A row a municipality, best share first: `COMPARISON_COLUMNS`, then `change`, `rank_before`.

    `table` is of kind `organizations` (assessed or not), `municipalities` or `doo_staff`; `organization_type`
    keeps organizations of one type (of the other kinds it says whom the table is about). `numerator` and
    `denominator` are sums over rows that have both; other organizations are in `organizations_without_data`.
    Status columns count organizations by their own status, by the profile's main indicator (NA where the
    table has no organizations). Rows without a municipality make a last row of their own, without a place.
    The last two are there with `previous`, an earlier result of this function; `change` is a fraction.
    KeyError for an unknown indicator.
    """
    rows, judged_type = _selected(table, profile, organization_type)
    result = _compared(rows.assign(_key=group_keys(rows)), profile, indicator, judged_type)
    return result if previous is None else _with_previous(result, previous)


def _compared(
    rows: pd.DataFrame, profile: NormProfile, indicator: str, judged_type: str | None
) -> pd.DataFrame:
    line = municipality_lines(rows, profile, indicator)
    grouped = line.groupby("municipality_key", sort=True)
    result = grouped[list(_COUNTS)].sum(min_count=1)
    stated = grouped["stated"].first()[grouped.size() == 1]
    result = result.reset_index()
    result["municipality"] = result["municipality_key"].map(display_names(rows)).astype("str")

    rule = profile.rule(Level.MUNICIPALITY, judged_type, indicator)
    result = _judged(result, rule, stated)
    known = result["municipality_key"] != UNKNOWN_KEY
    result["rank"] = rank_descending(result["share"].where(known))
    result.loc[~known, "status"] = Status.NO_NORM.value
    result["_known"] = ~known
    result = result.sort_values(["_known", "rank", "municipality", "municipality_key"], na_position="last")
    return result[list(COMPARISON_COLUMNS)].reset_index(drop=True)


def region_total(
    table: pd.DataFrame,
    profile: NormProfile,
    indicator: str,
    organization_type: OrganizationType | str | None = None,
) -> pd.Series:
    """The same fields for the whole table: the ratio of its sums, judged by the profile's rule for a region.

    `rank` is missing. A profile without rules for a region (000) gives `no_norm`.
    """
    rows, judged_type = _selected(table, profile, organization_type)
    return _totalled(rows, profile, indicator, judged_type)


def compare_assessed(
    assessed: pd.DataFrame,
    profile: NormProfile,
    indicator: str,
    organization_type: OrganizationType | str | None = None,
    previous: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, pd.Series]:
    """`compare_municipalities` and `region_total` of a table assessed under this very profile, in half the time."""
    rows, judged_type = _selected(assessed, profile, organization_type, is_assessed=True)
    compared = _compared(rows.assign(_key=group_keys(rows)), profile, indicator, judged_type)
    if previous is not None:
        compared = _with_previous(compared, previous)
    return compared, _totalled(rows, profile, indicator, judged_type)


def _totalled(rows: pd.DataFrame, profile: NormProfile, indicator: str, judged_type: str | None) -> pd.Series:
    line = municipality_lines(rows.assign(_key=UNKNOWN_KEY), profile, indicator)
    result = line[list(_COUNTS)].sum(min_count=1).to_frame().T
    for column in _COUNTS:
        result[column] = result[column].astype("Int64")
        if column not in {"numerator", "denominator"} and lists_organizations(rows):
            result[column] = result[column].fillna(0)
    result["municipality"] = REGION_NAME
    result["municipality_key"] = UNKNOWN_KEY
    result = _judged(result, profile.rule(Level.REGION, judged_type, indicator), pd.Series(dtype="Float64"))
    result["rank"] = pd.array([pd.NA], dtype="Int64")
    return result[list(COMPARISON_COLUMNS)].iloc[0].rename(REGION_NAME)


def _selected(
    table: pd.DataFrame,
    profile: NormProfile,
    organization_type: OrganizationType | str | None,
    *,
    is_assessed: bool = False,
) -> tuple[pd.DataFrame, str | None]:
    """Rows of the type asked for (assessed), and the type whose rule judges them."""
    rows = table.reset_index(drop=True)
    if organization_type is None:
        judged_type = _common_type(rows)
    else:
        judged_type = str(organization_type)
        if "organization_type" in rows.columns or lists_organizations(rows):
            rows = rows[type_column(rows) == judged_type].reset_index(drop=True)
    assess = lists_organizations(rows) and not is_assessed
    return (assess_organizations(rows, profile) if assess else rows), judged_type


def _common_type(rows: pd.DataFrame) -> str | None:
    """The type of all rows when it is one and known for each: then they aren't mixed."""
    types = set(type_column(rows))
    return str(types.pop()) or None if len(types) == 1 else None


def municipality_lines(rows: pd.DataFrame, profile: NormProfile, indicator: str) -> pd.DataFrame:
    """What each row of the source adds to its municipality (`rows["_key"]`): counts to sum up, and `stated`.

    `rows` of organizations are assessed. Columns: municipality_key, organizations,
    organizations_without_data, numerator, denominator, `STATUS_COLUMNS`, stated (a share without counts).
    """
    item = INDICATORS[indicator]
    nothing = pd.Series(pd.NA, index=rows.index, dtype="Int64")
    one = pd.Series(1, index=rows.index, dtype="Int64")
    whole = lists_organizations(rows)
    if indicator == "organizations_active":
        if whole:
            above, below = rows["active"].astype("Int64"), one.where(rows["active"].notna())
        else:
            above, below = count_of(rows, "organizations_active"), count_of(rows, "organizations")
    else:
        above, below = indicator_counts(rows, item.code, profile.denominator) or (nothing, nothing)
    paired = above.notna() & below.notna()
    number = one if whole else count_of(rows, "organizations")
    line = {
        "municipality_key": rows["_key"],
        "organizations": number,
        "organizations_without_data": number.fillna(1).mask(paired, 0),
        "numerator": above.where(paired),
        "denominator": below.where(paired),
    }
    for status in STATUS_COLUMNS:
        line[status] = (rows["status"] == status).astype("Int64") if whole else nothing
    stated = reported_share(rows, indicator) if item.has_share else None
    line["stated"] = (
        pd.Series(pd.NA, index=rows.index, dtype="Float64") if stated is None else stated.mask(paired)
    )
    return pd.DataFrame(line)


def _judged(result: pd.DataFrame, rule: Rule | None, stated: pd.Series) -> pd.DataFrame:
    """Shares and verdicts; a municipality of one row whose share is only stated is judged by it."""
    share = divide(result["numerator"], result["denominator"])
    above, below = result["numerator"], result["denominator"]
    source = pd.Series(np.where(share.notna(), "computed", ""), index=result.index, dtype="str")
    known = result["municipality_key"].map(stated).astype("Float64")
    use = (known.notna() & above.isna()).to_numpy(dtype=bool)
    if use.any():
        ratio = as_ratio(known)
        above, below = above.mask(use, ratio[0]), below.mask(use, ratio[1])
        share, source = share.mask(use, known), source.mask(use, "reported")
    result["share"] = share
    result["share_source"] = source.where(source != "")
    result["over_100"] = (share > 1).fillna(False).astype("boolean")
    result["status"] = pd.Series(judge(above, below, rule), index=result.index, dtype="str")
    nothing = pd.Series(pd.NA, index=result.index, dtype="Int64")
    result["missing_to_norm"] = result["missing_to_target"] = nothing
    counts = result["numerator"], result["denominator"]
    if rule is not None and rule.exact_low is not None:
        result["missing_to_norm"] = missing_to(*counts, rule.exact_low, inclusive=True)
    if rule is not None and rule.exact_target is not None:
        result["missing_to_target"] = missing_to(*counts, rule.exact_target, inclusive=rule.target_inclusive)
    return result


def _with_previous(result: pd.DataFrame, previous: pd.DataFrame) -> pd.DataFrame:
    keys = previous["municipality_key"] if "municipality_key" in previous.columns else group_keys(previous)
    before = previous.assign(_key=keys.to_numpy()).drop_duplicates("_key").set_index("_key")
    result["change"] = result["share"] - result["municipality_key"].map(before["share"]).astype("Float64")
    result["rank_before"] = result["municipality_key"].map(before["rank"]).astype("Int64")
    return result


def heat_table(
    table: pd.DataFrame, profile: NormProfile, organization_type: OrganizationType | str | None = None
) -> pd.DataFrame:
    """Every municipality by every indicator the table can give (`HEAT_COLUMNS`, long), by name."""
    rows, judged_type = _selected(table, profile, organization_type)
    rows = rows.assign(_key=group_keys(rows))
    parts = [
        _compared(rows, profile, code, judged_type)
        .sort_values("municipality", kind="stable")
        .assign(indicator=code, indicator_name=INDICATORS[code].short_name)
        for code in computable(rows, profile.denominator) or [profile.main_indicator]
    ]
    result = pd.concat(parts, ignore_index=True)[list(HEAT_COLUMNS)]
    return result.astype({"indicator": "str", "indicator_name": "str"})


def municipality_leaders(comparison: pd.DataFrame, profile: NormProfile, top: int = 9) -> pd.DataFrame:
    """The best municipalities (002 shows nine): place, municipality, counts, share, over_100.

    Only those with a place, a share above zero and at least `leader_min_count` heads; equal shares share a place.
    A share stated without head counts can't be checked for the least number and stays in.
    """
    enough = (comparison["denominator"] >= profile.leader_min_count).fillna(True)
    found = comparison[(comparison["rank"].notna() & enough).to_numpy(dtype=bool)]
    return _best(found, ["municipality"], top)


def organization_leaders(
    assessed: pd.DataFrame, profile: NormProfile, indicator: str | None = None, top: int = 10
) -> pd.DataFrame:
    """The best organizations (002 shows ten), `position` is their 0-based row.

    Columns: place, position, organization_id, organization, organization_type, municipality (those the table
    has), numerator, denominator, share, over_100. Inactive organizations, those with a share of zero
    and those with fewer heads than `leader_min_count` are no leaders.
    """
    code = indicator or profile.main_indicator
    rows = assessed.reset_index(drop=True)
    counts = indicator_counts(rows, code, profile.denominator)
    nothing = pd.Series(pd.NA, index=rows.index, dtype="Int64")
    above, below = counts or (nothing, nothing)
    identity = [
        name
        for name in ("organization_id", "organization", "organization_type", "municipality")
        if name in rows.columns
    ]
    found = rows[identity].assign(numerator=above, denominator=below, share=divide(above, below))
    found["position"] = np.arange(len(rows))
    found["over_100"] = (found["share"] > 1).fillna(False).astype("boolean")
    active = rows["status"] != Status.INACTIVE.value if "status" in rows.columns else True
    enough = (found["share"].notna() & (below >= profile.leader_min_count)).fillna(False) & active
    return _best(found[enough.to_numpy(dtype=bool)], ["position", *identity], top)


def _best(found: pd.DataFrame, identity: list[str], top: int) -> pd.DataFrame:
    found = found[
        (found["share"] > 0).fillna(False).to_numpy(dtype=bool)
    ]  # in a short list a zero would lead
    found = found.assign(place=rank_descending(found["share"]))
    name = "organization" if "organization" in identity else identity[-1]
    found = found.sort_values(["place", "denominator", name], ascending=[True, False, True], kind="stable")
    columns = ["place", *identity, "numerator", "denominator", "share", "over_100"]
    return found[columns].head(top).reset_index(drop=True)
