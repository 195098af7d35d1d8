"""What is kept of a week for trends: sums by municipality and type, and a few columns of every organization."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sferum_core.exact import as_ratio
from sferum_core.grouping import display_names, group_keys
from sferum_core.indicators import (
    GROUP_INDICATORS,
    INDICATORS,
    Denominator,
    count_of,
    indicator_counts,
    reported_share,
)
from sferum_core.model import ExportKind, Status
from sferum_core.norms import NormProfile
from sferum_core.organizations import assess_organizations
from sferum_core.reading.fields import COUNT_TITLES

STAFF_LIST_SUFFIX = f"@{Denominator.STAFF_LIST.value}"
STATED_SUFFIX = "@stated"
TOTAL_PREFIX = "total_"
_GREATEST = 2.0**62
STATUSES = tuple(status.value for status in Status)

Counts = tuple[int, int | None, int]


@dataclass(frozen=True)
class GroupSums:
    """One municipality and type of one week.

    `municipality_key` and `organization_type` are "" where the source does not say. `counts` by measure: numerator,
    denominator, how many source rows have both. Measures: an indicator's code (teachers over registered ones);
    `<code>@staff_list` (over the staff list); `<code>@stated` (a share the file only states, over 10**9); and
    `total_<column>` (a plain sum, without a denominator).
    """

    municipality_key: str
    municipality: str
    organization_type: str
    organizations: int | None
    statuses: dict[str, int | None]
    counts: dict[str, Counts] = field(default_factory=dict)


def week_sums(table: pd.DataFrame, kind: ExportKind, profile: NormProfile) -> list[GroupSums]:
    """Sums of a table of kind `organizations`, `municipalities` or `doo_staff`; of other kinds nothing.

    Over all groups they add up to the region's: `compare_municipalities` and `region_total` give the same figures
    under the same profile.
    """
    whole = kind is ExportKind.ORGANIZATIONS
    if kind not in (ExportKind.ORGANIZATIONS, ExportKind.MUNICIPALITIES, ExportKind.DOO_STAFF) or table.empty:
        return []
    rows = table.reset_index(drop=True)
    rows = assess_organizations(rows, profile) if whole else rows
    grouped = pd.DataFrame({"key": group_keys(rows), "type": _types(rows)}).groupby(
        ["key", "type"], sort=True
    )
    places, sizes = grouped.ngroup().to_numpy(), grouped.size().to_numpy()
    number = pd.Series(1, index=rows.index, dtype="Int64") if whole else count_of(rows, "organizations")
    organizations, known = _sums(number, places, len(sizes))
    statuses = {
        status: np.bincount(places[(rows["status"] == status).to_numpy(dtype=bool)], minlength=len(sizes))
        for status in (STATUSES if whole else ())
    }
    counts: list[dict[str, Counts]] = [{} for _ in sizes]
    for name, (above, below) in _measures(rows, whole):
        for group, found in _summed(above, below, places, len(sizes)):
            # shares that are only stated can't be added up
            if not name.endswith(STATED_SUFFIX) or sizes[group] == 1:
                counts[group][name] = found
    names = display_names(rows)
    pairs: list[tuple[str, str]] = list(grouped.groups)  # type: ignore[arg-type]
    return [
        GroupSums(
            municipality_key=str(key),
            municipality=names[key],
            organization_type=str(organization_type),
            organizations=organizations[group] if known[group] else None,
            statuses={status: int(statuses[status][group]) if whole else None for status in STATUSES},
            counts=counts[group],
        )
        for group, (key, organization_type) in enumerate(pairs)
    ]


def week_points(table: pd.DataFrame, kind: ExportKind, profile: NormProfile) -> pd.DataFrame | None:
    """What an organization's own history needs, a row an organization in the table's order.

    Columns: organization_id (organization in a table without IDs), municipality_key, organization_type, active,
    status, and the count columns of the table. None for other kinds than `organizations`.
    """
    if kind is not ExportKind.ORGANIZATIONS:
        return None
    rows = assess_organizations(table, profile).reset_index(drop=True)
    names = [name for name in ("organization_id", "organization") if name in rows.columns][:1]
    identity = {name: rows[name] for name in names}
    counts = {name: count_of(rows, name) for name in COUNT_TITLES if name in rows.columns}
    return pd.DataFrame(
        {
            **identity,
            "municipality_key": group_keys(rows),
            "organization_type": _types(rows),
            "active": rows["active"].astype("boolean"),
            "status": rows["status"],
            **counts,
        }
    )


def _types(rows: pd.DataFrame) -> pd.Series:
    if "organization_type" not in rows.columns:
        return pd.Series("", index=rows.index, dtype="str")
    return rows["organization_type"].astype("str").fillna("")


def _measures(rows: pd.DataFrame, whole: bool) -> Iterator[tuple[str, tuple[pd.Series, pd.Series | None]]]:
    for code in GROUP_INDICATORS:
        if code == "organizations_active":
            if whole:
                active = rows["active"]
                yield code, (active.astype("Int64"), active.notna().astype("Int64").where(active.notna()))
            continue
        plain = indicator_counts(rows, code)
        if plain is not None:
            yield code, plain
        over_staff = indicator_counts(rows, code, Denominator.STAFF_LIST)
        changed = INDICATORS[code].denominator_columns(Denominator.STAFF_LIST) != INDICATORS[code].denominator
        if over_staff is not None and changed:
            yield code + STAFF_LIST_SUFFIX, over_staff
        stated = reported_share(rows, code)
        if stated is not None:
            lacking = (
                stated if plain is None else stated.mask((plain[0].notna() & plain[1].notna()).to_numpy())
            )
            yield code + STATED_SUFFIX, as_ratio(lacking)
    for column in (*COUNT_TITLES, *(() if whole else ("organizations_active",))):
        if column in rows.columns:
            yield TOTAL_PREFIX + column, (count_of(rows, column), None)


def _sums(values: pd.Series, places: np.ndarray, groups: int) -> tuple[list[int | None], np.ndarray]:
    """Sums of known values by group (None beyond what a column of counts can hold), and how many were known."""
    known = values.notna().to_numpy(dtype=bool)
    plain = values.to_numpy(dtype="int64", na_value=0)
    exact, rough = np.zeros(groups, dtype="int64"), np.zeros(groups)
    np.add.at(exact, places, plain)
    np.add.at(rough, places, plain.astype("float64"))
    sums = [int(value) if abs(near) < _GREATEST else None for value, near in zip(exact, rough, strict=True)]
    return sums, np.bincount(places[known], minlength=groups)


def _summed(
    above: pd.Series, below: pd.Series | None, places: np.ndarray, groups: int
) -> Iterator[tuple[int, Counts]]:
    """For each group that has any: sums of both parts over rows that have both."""
    paired = above.notna() if below is None else above.notna() & below.notna()
    numerators, numbers = _sums(above.where(paired), places, groups)
    denominators = [None] * groups if below is None else _sums(below.where(paired), places, groups)[0]
    for group in np.flatnonzero(numbers):
        numerator, denominator = numerators[group], denominators[group]
        if numerator is not None and (below is None or denominator is not None):
            yield int(group), (numerator, denominator, int(numbers[group]))
