"""One organization's rows in other weeks: from whole tables, or from the few columns an archive keeps."""

from __future__ import annotations

import pandas as pd

from sferum_core.norms import NormProfile
from sferum_core.organizations import assess_organizations
from sferum_core.pairing import rows_of, subject_keys


def subject_of(table: pd.DataFrame, position: int) -> str:
    """Whom the row at a 0-based position is about (`pairing.subject_keys`); "" where nothing says so."""
    return subject_keys(table.iloc[[position]])[0]


def rows_then(table: pd.DataFrame, subject: str, profile: NormProfile) -> pd.DataFrame:
    """The assessed rows of one subject in another week's table of organizations; maybe none."""
    found = rows_of(table, subject).reset_index(drop=True)
    return assess_organizations(found, profile) if len(found) else found


def points_then(points: pd.DataFrame, row: pd.Series, municipality_key: str) -> pd.DataFrame:
    """The rows of one organization in the points (`week_sums.week_points`) of a week or of several.

    By the platform's ID where both have it; in a table without IDs by name within the municipality.
    """
    code = row.get("organization_id")
    if "organization_id" in points.columns:
        same = points["organization_id"] == (None if pd.isna(code) else code)
    elif "organization" in points.columns and not pd.isna(row.get("organization")):
        same = (points["organization"] == row["organization"]) & (
            points["municipality_key"] == municipality_key
        )
    else:
        return points.iloc[:0]
    return points[same.fillna(False).to_numpy(dtype=bool)].reset_index(drop=True)


def judged_points(points: pd.DataFrame, profile: NormProfile) -> pd.DataFrame:
    """Points judged anew, for the week may have been saved under other norms; the activity is as it was told then."""
    if not len(points):
        return points
    table = points.drop(columns=["status"]).rename(columns={"active": "is_active"})
    return assess_organizations(table, profile)
