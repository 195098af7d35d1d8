"""Figures over weeks from stored sums: the region, municipalities, one organization; a missing week is a gap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from sferum_core.calendar import Holiday
from sferum_core.exact import as_ratio, divide
from sferum_core.indicators import INDICATORS, indicator_counts, reported_share
from sferum_core.model import Period, Status
from sferum_core.norms import Level, NormProfile, Rule, judge
from sferum_core.trend_sums import (
    ALL_TYPES,
    NO_MUNICIPALITY_KEY,
    REGION_KEY,
    SUM_COLUMNS,
    SUM_TYPES,
    week_sums,
)
from sferum_core.weeks import Slot, low_weeks, short_label, timeline, week_note, week_order

__all__ = [
    "ALL_TYPES",
    "NO_MUNICIPALITY_KEY",
    "REGION_KEY",
    "SUM_COLUMNS",
    "SUM_TYPES",
    "TREND_COLUMNS",
    "WEEK_COLUMNS",
    "organization_trend",
    "rule_of_series",
    "trend_table",
    "trend_weeks",
    "week_sums",
]

WEEK_COLUMNS = ("slot", "start", "end", "week", "known", "follows", "low", "note")
TREND_COLUMNS = (
    "municipality_key",
    "municipality",
    *WEEK_COLUMNS,
    "numerator",
    "denominator",
    "share",
    "share_before",
    "change",
    "over_100",
    "organizations",
    "organizations_without_data",
    "rank",
    "rank_before",
    "status",
)
_WEEK_TYPES = {
    "slot": "Int64",
    "start": "datetime64[us]",
    "end": "datetime64[us]",
    "week": "str",
    "known": "boolean",
    "follows": "boolean",
    "low": "boolean",
    "note": "str",
}
_TREND_TYPES = {
    **_WEEK_TYPES,
    **dict.fromkeys(("municipality_key", "municipality", "status"), "str"),
    **dict.fromkeys(("share", "share_before", "change"), "Float64"),
    **dict.fromkeys(
        ("numerator", "denominator", "organizations", "organizations_without_data", "rank", "rank_before"),
        "Int64",
    ),
    "over_100": "boolean",
}


def trend_weeks(
    history: pd.DataFrame,
    indicator: str,
    organization_type: str = ALL_TYPES,
    *,
    periods: Iterable[Period] = (),
    calendar: Sequence[Holiday] | None = None,
) -> pd.DataFrame:
    """The time axis: a row a slot (`WEEK_COLUMNS`), missing weeks included.

    `history` is `week_sums` of several weeks one under the other with `start` and `end` (dates) before them.
    Every stored week is a slot, also one without this indicator: `periods` names stored weeks that a history
    read for one indicator lacks. `low`: everybody was low (NA where the usual
    level is unknown); `note`: a declared holiday's name, or words for a low week, or "".
    """
    chosen = _chosen(history, indicator, organization_type)
    slots = timeline([*periods, *(_period(start, end) for start, end in _pairs(history))])
    return _weeks(slots, _low(chosen, slots), calendar)


def trend_table(
    history: pd.DataFrame,
    profile: NormProfile,
    indicator: str,
    organization_type: str = ALL_TYPES,
    *,
    municipality_keys: Iterable[str] | None = None,
    periods: Iterable[Period] = (),
    calendar: Sequence[Holiday] | None = None,
) -> pd.DataFrame:
    """Tidy trends: a row a series × slot of the axis (`TREND_COLUMNS`), region first, then by name.

    `municipality_keys` keeps these series (`REGION_KEY` is the region; None: all). A slot without a figure has
    NA there and is never left out. `change`, `share_before` and `rank_before` are of the week before and only
    where it IS the week before (`weeks.is_next_week`) with a figure in both. `rank` is among all municipalities
    of the week, as in `compare_municipalities`. `status` by the profile's rule for the region or municipality.
    The name shown is the newest week's. `periods` as in `trend_weeks`.
    """
    chosen = _chosen(history, indicator, organization_type)
    weeks = trend_weeks(history, indicator, organization_type, periods=periods, calendar=calendar)
    ranked = ~chosen["municipality_key"].isin([REGION_KEY, NO_MUNICIPALITY_KEY])
    by_week = chosen["share"].where(ranked).groupby([chosen["start"], chosen["end"]])
    chosen["rank"] = by_week.rank(method="min", ascending=False).astype(
        "Int64"
    )  # 1-2-2-4, as rank_descending
    names = (
        chosen.sort_values(["end", "start"], kind="stable").groupby("municipality_key")["municipality"].last()
    )
    keys = (
        names.index if municipality_keys is None else [key for key in municipality_keys if key in names.index]
    )
    series = pd.DataFrame({"municipality_key": list(dict.fromkeys(keys))}, dtype="str")
    series["municipality"] = series["municipality_key"].map(names).astype("str")
    series["_place"] = series["municipality_key"].map({REGION_KEY: 0, NO_MUNICIPALITY_KEY: 2}).fillna(1)
    series = series.sort_values(["_place", "municipality", "municipality_key"]).drop(columns="_place")
    figures = chosen.drop(columns="municipality")
    table = series.merge(weeks, how="cross").merge(
        figures, on=["municipality_key", "start", "end"], how="left"
    )
    table["status"] = _statuses(table, profile, indicator, organization_type)
    return _with_changes(table, ["municipality_key"])


def organization_trend(
    weeks: Iterable[tuple[Period, pd.DataFrame]],
    profile: NormProfile,
    indicator: str | None = None,
    *,
    axis: pd.DataFrame | None = None,
    calendar: Sequence[Holiday] | None = None,
) -> pd.DataFrame:
    """One organization over weeks: a row a slot, `TREND_COLUMNS` without the municipality's.

    `weeks` pairs each stored week with the organization's rows of that week's assessed table (none: it was
    not in the list, its slot has no figure). Two rows of one ID are added up: `organizations` says how many.
    `status` is the verdict in that week's table where it was one row. `rank` is always missing.
    `axis` is the region's `trend_weeks`: its slots are used then (weeks beyond it stay out), with its low weeks.
    """
    code = indicator or profile.main_indicator
    given = sorted(weeks, key=lambda pair: week_order(pair[0]))
    lines = [_organization_line(period, rows, profile, code) for period, rows in given]
    frame = pd.DataFrame(
        lines, columns=["start", "end", "numerator", "denominator", "share", "status", "organizations"]
    )
    frame = frame.astype({"start": "datetime64[us]", "end": "datetime64[us]"})
    frame = frame.drop_duplicates(["start", "end"], keep="last")
    if axis is None:
        slots = timeline(period for period, _ in given)
        axis = _weeks(slots, pd.Series(pd.NA, index=range(len(slots)), dtype="boolean"), calendar)
    table = axis.merge(frame, on=["start", "end"], how="left").assign(_one="")
    table["rank"] = pd.NA
    table["organizations_without_data"] = pd.NA
    result = _with_changes(table.assign(municipality_key="", municipality=""), ["_one"])
    return result.drop(columns=["municipality_key", "municipality"])


def rule_of_series(
    profile: NormProfile, municipality_key: str, indicator: str, organization_type: str = ALL_TYPES
) -> Rule | None:
    """The rule that judges a series: the region's or a municipality's."""
    level = Level.REGION if municipality_key == REGION_KEY else Level.MUNICIPALITY
    return profile.rule(level, organization_type or None, indicator)


def _period(start: object, end: object) -> Period:
    return Period(start=pd.Timestamp(start).date(), end=pd.Timestamp(end).date())  # type: ignore[arg-type]


def _pairs(history: pd.DataFrame) -> list[tuple[object, object]]:
    known = history[["start", "end"]].drop_duplicates()
    return list(known.itertuples(index=False, name=None))


def _chosen(history: pd.DataFrame, indicator: str, organization_type: str) -> pd.DataFrame:
    """The rows of one indicator and type, with typed dates and `share`. KeyError for an unknown indicator."""
    _ = INDICATORS[indicator]
    wanted = (history["indicator"] == indicator) & (
        history["organization_type"].fillna("") == organization_type
    )
    rows = history[wanted.fillna(False).to_numpy(dtype=bool)].reset_index(drop=True)
    for column in ("start", "end"):
        rows[column] = pd.to_datetime(rows[column]).astype("datetime64[us]")
    for column in ("numerator", "denominator", "organizations", "organizations_without_data"):
        rows[column] = pd.to_numeric(rows[column]).astype("Int64")
    rows["municipality_key"] = rows["municipality_key"].astype("str").fillna(REGION_KEY)
    share = divide(rows["numerator"], rows["denominator"])
    if "stated_share" in rows.columns:
        stated = pd.to_numeric(rows["stated_share"], errors="coerce").astype("Float64")
        share = share.where(share.notna() | rows["numerator"].notna(), stated)
    rows["share"] = share.astype("Float64")
    columns = ["municipality_key", "municipality", "start", "end", "numerator", "denominator", "share"]
    columns += ["organizations", "organizations_without_data"]
    return rows[columns].drop_duplicates(["municipality_key", "start", "end"], keep="last")


def _low(chosen: pd.DataFrame, slots: Sequence[Slot]) -> pd.Series:
    """Which slots were low for everybody, by position; from municipalities, from the region where there are none."""
    own = chosen[~chosen["municipality_key"].isin([REGION_KEY, NO_MUNICIPALITY_KEY]).to_numpy(dtype=bool)]
    wide = (own if len(own) else chosen).pivot(
        index=["start", "end"], columns="municipality_key", values="share"
    )
    low = low_weeks(wide).to_dict()
    found = [
        low.get((pd.Timestamp(slot.period.start), pd.Timestamp(slot.period.end)), pd.NA)
        if slot.known
        else pd.NA
        for slot in slots
    ]
    return pd.Series(found, dtype="boolean")


def _weeks(slots: Sequence[Slot], low: pd.Series, calendar: Sequence[Holiday] | None) -> pd.DataFrame:
    years = {slot.period.end.year for slot in slots}
    rows = [
        (
            place,
            _midnight(slot.period.start),
            _midnight(slot.period.end),
            short_label(slot.period, year=len(years) > 1),
            slot.known,
            slot.follows,
            low.iloc[place],
            week_note(slot.period, None if pd.isna(low.iloc[place]) else bool(low.iloc[place]), calendar),
        )
        for place, slot in enumerate(slots)
    ]
    return pd.DataFrame(rows, columns=list(WEEK_COLUMNS)).astype(_WEEK_TYPES)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day)


def _judged_counts(table: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """What a verdict is by: the counts, or a share that is only stated."""
    above, below = table["numerator"], table["denominator"]
    stated = (table["share"].notna() & above.isna()).to_numpy(dtype=bool)
    if stated.any():
        ratio = as_ratio(table["share"])
        above, below = above.mask(stated, ratio[0]), below.mask(stated, ratio[1])
    return above, below


def _statuses(table: pd.DataFrame, profile: NormProfile, indicator: str, organization_type: str) -> pd.Series:
    above, below = _judged_counts(table)
    status = np.full(len(table), None, dtype=object)
    known = table["share"].notna().to_numpy(dtype=bool)
    region = (table["municipality_key"] == REGION_KEY).to_numpy(dtype=bool)
    for here, key in ((known & region, REGION_KEY), (known & ~region, "x")):
        rule = rule_of_series(profile, key, indicator, organization_type)
        status[here] = judge(above[here], below[here], rule)
    status[(table["municipality_key"] == NO_MUNICIPALITY_KEY).to_numpy(dtype=bool) & known] = (
        Status.NO_NORM.value
    )
    return pd.Series(status, index=table.index, dtype="str")


def _with_changes(table: pd.DataFrame, series: list[str]) -> pd.DataFrame:
    """`change` and the figures of the week before, only where the slot before is that week.

    The slots of a series stand in order in `table`.
    """
    for column in ("share", "rank"):
        before = table.groupby(series, sort=False)[column].shift(1)
        table[f"{column}_before"] = before.where(table["follows"].fillna(False).to_numpy(dtype=bool))
    table["change"] = table["share"].astype("Float64") - table["share_before"].astype("Float64")
    table["over_100"] = (table["share"].astype("Float64") > 1).fillna(False)
    columns = list(TREND_COLUMNS)
    return table[columns].astype({name: _TREND_TYPES[name] for name in columns}).reset_index(drop=True)


def _organization_line(
    period: Period, rows: pd.DataFrame, profile: NormProfile, code: str
) -> tuple[object, ...]:
    counts = indicator_counts(rows, code, profile.denominator)
    nothing = pd.Series(pd.NA, index=rows.index, dtype="Int64")
    above, below = counts or (nothing, nothing)
    paired = (above.notna() & below.notna()).to_numpy(dtype=bool)
    sums = pd.DataFrame({"a": above[paired], "b": below[paired]}, dtype="Int64").sum(min_count=1)
    share = divide(sums[["a"]].reset_index(drop=True), sums[["b"]].reset_index(drop=True)).iloc[0]
    stated = reported_share(rows, code)
    if not paired.any() and len(rows) == 1 and stated is not None:
        share = stated.iloc[0]
    one = len(rows) == 1 and "status" in rows.columns
    status = rows["status"].iloc[0] if one else None
    dates = _midnight(period.start), _midnight(period.end)
    return (*dates, sums["a"], sums["b"], share, status, len(rows) or pd.NA)
