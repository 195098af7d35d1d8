"""Tables that hold several dates: each date is a week of its own (004), so one is taken and none are added up."""

from __future__ import annotations

import datetime as dt

import pandas as pd


def file_dates(table: pd.DataFrame) -> pd.DataFrame:
    """The dates of a table and the rows of each (`date`, `rows`), latest first; none without dates."""
    if "date" not in table.columns:
        return pd.DataFrame(
            {"date": pd.array([], dtype="datetime64[s]"), "rows": pd.array([], dtype="Int64")}
        )
    days = pd.to_datetime(table["date"], errors="coerce").dt.normalize().astype("datetime64[s]")
    counts = days.value_counts().sort_index(ascending=False)
    return pd.DataFrame({"date": counts.index, "rows": pd.array(counts.to_numpy(), dtype="Int64")})


def at_date(table: pd.DataFrame, date: dt.date | None = None) -> pd.DataFrame:
    """The rows of one date, the latest unless asked; the whole table when it has no dates.

    A date the file has not gives no rows.
    """
    dates = file_dates(table)
    if not len(dates):
        return table
    wanted = pd.Timestamp(date) if date is not None else dates["date"].iloc[0]
    days = pd.to_datetime(table["date"], errors="coerce").dt.normalize()
    return table[(days == wanted).to_numpy(dtype=bool)]
