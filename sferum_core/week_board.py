"""Municipalities of one stored week by one indicator, from its sums: what this week's places are held against."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sferum_core.changes import municipality_changes
from sferum_core.grouping import UNKNOWN_KEY
from sferum_core.norms import NormProfile
from sferum_core.trend_sums import ALL_TYPES, NO_MUNICIPALITY_KEY, REGION_KEY
from sferum_core.trends import trend_table

BOARD_COLUMNS = (
    "municipality_key",
    "municipality",
    "numerator",
    "denominator",
    "share",
    "rank",
    "status",
    "organizations",
)


@dataclass(frozen=True, eq=False)
class BoardChanges:
    """This week's comparison against another week's.

    `municipalities` are `changes.MUNICIPALITY_COLUMNS`; `region_before` the other week's share of the region
    (a fraction, None where it is not known), `region_change` the difference.
    """

    municipalities: pd.DataFrame
    region_before: float | None
    region_change: float | None


def week_board(
    sums: pd.DataFrame, profile: NormProfile, indicator: str, organization_type: str | None = None
) -> pd.DataFrame:
    """`BOARD_COLUMNS` of the region (first, under `REGION_KEY`) and of every municipality of one week.

    `sums` are those of the week with `start` and `end` (`trend_sums`). Figures and places equal those of
    `compare_municipalities` and `region_total`. Rows without a municipality keep `NO_MUNICIPALITY_KEY`.
    """
    trend = trend_table(sums, profile, indicator, organization_type or ALL_TYPES)
    return trend[trend["known"].fillna(False).to_numpy(dtype=bool)][list(BOARD_COLUMNS)].reset_index(
        drop=True
    )


def board_changes(comparison: pd.DataFrame, region: pd.Series, board: pd.DataFrame) -> BoardChanges:
    """A result of `compare_municipalities` and `region_total` against another week's `week_board`."""
    is_region = (board["municipality_key"] == REGION_KEY).to_numpy(dtype=bool)
    before = board[~is_region].assign(
        municipality_key=lambda rows: rows["municipality_key"].replace(NO_MUNICIPALITY_KEY, UNKNOWN_KEY)
    )
    whole = board[is_region]
    share = None if whole.empty or pd.isna(whole["share"].iloc[0]) else float(whole["share"].iloc[0])
    now = None if pd.isna(region["share"]) else float(region["share"])
    change = now - share if now is not None and share is not None else None
    return BoardChanges(municipality_changes(comparison, before), share, change)
