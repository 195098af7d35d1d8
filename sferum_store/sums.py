"""Sums of weeks by municipality and type: written with the week, read for trends without opening any table."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa

from sferum_core.indicators import INDICATORS, Denominator
from sferum_core.model import ExportKind
from sferum_core.week_sums import STAFF_LIST_SUFFIX, STATED_SUFFIX, STATUSES, GroupSums
from sferum_store.blobs import get_blob
from sferum_store.engine import Database
from sferum_store.frames import table_of
from sferum_store.schema import week_details, week_sums, weeks
from sferum_store.texts import short_key, storable
from sferum_store.week_rows import chosen_weeks

_GROUP_COLUMNS = ("municipality_key", "municipality", "organization_type", "organizations", *STATUSES)
SUMS_COLUMNS = (
    "week_id",
    "region",
    "kind",
    "period_start",
    "period_end",
    *_GROUP_COLUMNS,
    "indicator",
    "numerator",
    "denominator",
    "organizations_with_data",
    "stated_share",
)
"""Columns of `Sums.read`."""

_SCALE = 10**9  # of a stated share, as the core scales it
_PARAMETERS = 10_000


def measures_of(groups: Sequence[GroupSums]) -> list[str]:
    """Names of the figures that any group has, in the order their counts are written in."""
    return list(dict.fromkeys(name for group in groups for name in group.counts))


def insert_sums(
    connection: sa.Connection, week_id: str, groups: Sequence[GroupSums], measures: Sequence[str]
) -> None:
    """Write the sums of a week within the caller's transaction. Names stand once a week, not in every row."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for group in groups:
        key = short_key(group.municipality_key)
        rows[key, group.organization_type] = {
            "week_id": week_id,
            "municipality_key": key,
            "municipality": storable(group.municipality),
            "organization_type": group.organization_type,
            "organizations": group.organizations,
            **group.statuses,
            "counts": json.dumps([group.counts.get(name) for name in measures], separators=(",", ":")),
        }
    if rows:
        connection.execute(week_sums.insert(), list(rows.values()))


class Sums:
    """Figures of many weeks at once (`Store.sums`)."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def read(
        self,
        region: str | None = None,
        kind: ExportKind | None = None,
        *,
        week_ids: Iterable[str] | None = None,
        indicators: Iterable[str] | None = None,
        denominator: Denominator | str = Denominator.REGISTERED,
        municipality_key: str | None = None,
        organization_type: str | None = None,
        since: dt.date | None = None,
        until: dt.date | None = None,
    ) -> pd.DataFrame:
        """A row a week, municipality, type and indicator (`SUMS_COLUMNS`), by the period's end.

        Current versions only, unless `week_ids` names weeks. `numerator` and `denominator` are over organizations
        that have both (`organizations_with_data`); a sum over groups of them is the figure of a municipality or the
        region. `indicator` may also be `total_<column>`: a plain sum without a denominator. `stated_share` (a
        fraction) stands where the file only states a share. `denominator` says what shares of teachers are over.
        Status columns count organizations by the profile the week was saved under. Dates are `datetime64[s]`.
        """
        query = self._query(region, kind, week_ids, since, until)
        if municipality_key is not None:
            query = query.where(week_sums.c.municipality_key == short_key(municipality_key))
        if organization_type is not None:
            query = query.where(week_sums.c.organization_type == organization_type)
        with self._db.read() as connection:
            rows = connection.execute(query).all()
            measures = _measures(connection, {row.week_id for row in rows})
        wanted = None if indicators is None else list(dict.fromkeys(indicators))
        return _long(rows, measures, wanted, Denominator(denominator))

    def points(self, week_ids: Iterable[str], organization_id: str | None = None) -> pd.DataFrame:
        """Organizations of these weeks, a row an organization and week: `week_id`, then the columns of
        `sferum_core.week_sums.week_points`. One organization's own with `organization_id`. Weeks of other kinds and
        deleted weeks add nothing."""
        query = sa.select(weeks.c.id, weeks.c.points).where(
            weeks.c.id.in_(list(week_ids)), weeks.c.points.is_not(None)
        )
        parts = []
        with self._db.read() as connection:
            for row in connection.execute(query.order_by(weeks.c.period_end, weeks.c.version)).all():
                points = table_of(get_blob(connection, row.points))
                if organization_id is not None:
                    if "organization_id" not in points.columns:
                        continue
                    points = points[
                        (points["organization_id"] == organization_id).fillna(False).to_numpy(bool)
                    ]
                points.insert(0, "week_id", pd.Series(row.id, index=points.index, dtype="str"))
                parts.append(points)
        return (
            pd.concat(parts, ignore_index=True)
            if parts
            else pd.DataFrame({"week_id": pd.Series(dtype="str")})
        )

    def _query(
        self,
        region: str | None,
        kind: ExportKind | None,
        week_ids: Iterable[str] | None,
        since: dt.date | None,
        until: dt.date | None,
    ) -> sa.Select[Any]:
        query = (
            sa.select(weeks.c.region, weeks.c.kind, weeks.c.period_start, weeks.c.period_end, week_sums)
            .join_from(weeks, week_sums, weeks.c.id == week_sums.c.week_id)
            .where(weeks.c.deleted_at.is_(None))
            .order_by(
                weeks.c.period_end, weeks.c.id, week_sums.c.municipality_key, week_sums.c.organization_type
            )
        )
        if week_ids is not None:
            query = query.where(weeks.c.id.in_(list(week_ids)))
        else:
            later = weeks.alias("later")
            query = query.where(
                ~sa.exists().where(
                    later.c.region_key == weeks.c.region_key,
                    later.c.kind == weeks.c.kind,
                    later.c.period_key == weeks.c.period_key,
                    later.c.version > weeks.c.version,
                    later.c.deleted_at.is_(None),
                )
            )
        return query.where(*chosen_weeks(region, kind, since, until))


def _measures(connection: sa.Connection, week_ids: Iterable[str]) -> dict[str, dict[str, int]]:
    """For each week: where a measure stands in its rows."""
    names = week_details.c.week_id, week_details.c.measures
    found: dict[str, dict[str, int]] = {}
    for part in batched(sorted(week_ids)):
        for row in connection.execute(sa.select(*names).where(week_details.c.week_id.in_(part))):
            found[row.week_id] = {name: place for place, name in enumerate(row.measures)}
    return found


def batched(values: Sequence[str]) -> Iterable[Sequence[str]]:
    """Parts that fit into one statement's parameters."""
    return (values[start : start + _PARAMETERS] for start in range(0, len(values), _PARAMETERS))


def _long(
    rows: Sequence[sa.Row[Any]],
    measures: Mapping[str, Mapping[str, int]],
    wanted: Sequence[str] | None,
    denominator: Denominator,
) -> pd.DataFrame:
    """Groups with their figures as a row an indicator."""
    every = json.loads("[" + ",".join(row.counts for row in rows) + "]")
    places: list[int] = []
    names: list[str] = []
    figures: list[tuple[int | None, int | None, int | None, float | None]] = []
    sought: dict[str, list[tuple[str, int | None, int | None]]] = {}
    for number, (row, counts) in enumerate(zip(rows, every, strict=True)):
        if row.week_id not in sought:
            sought[row.week_id] = _sought(measures[row.week_id], wanted, denominator)
        for name, counted, stated in sought[row.week_id]:
            if counted is not None and counts[counted] is not None:
                figures.append((*counts[counted], None))
            elif stated is not None and counts[stated] is not None:
                figures.append((None, None, None, counts[stated][0] / _SCALE))
            else:
                continue
            places.append(number)
            names.append(name)
    above, below, known, share = zip(*figures, strict=True) if figures else ((), (), (), ())
    texts = ("municipality_key", "municipality", "organization_type")
    groups = pd.DataFrame(
        {
            "week_id": pd.array([row.week_id for row in rows], dtype="str"),
            "region": pd.array([row.region for row in rows], dtype="str"),
            "kind": pd.array([row.kind for row in rows], dtype="str"),
            "period_start": pd.array([row.period_start for row in rows], dtype="datetime64[s]"),
            "period_end": pd.array([row.period_end for row in rows], dtype="datetime64[s]"),
            **{
                name: pd.array(
                    [getattr(row, name) for row in rows], dtype="str" if name in texts else "Int64"
                )
                for name in _GROUP_COLUMNS
            },
        }
    )
    long = groups.iloc[places].reset_index(drop=True)
    long["indicator"] = pd.array(names, dtype="str")
    long["numerator"] = pd.array(list(above), dtype="Int64")
    long["denominator"] = pd.array(list(below), dtype="Int64")
    long["organizations_with_data"] = pd.array(list(known), dtype="Int64")
    long["stated_share"] = pd.array(list(share), dtype="Float64")
    return long[list(SUMS_COLUMNS)]


def _sought(
    places: Mapping[str, int], wanted: Sequence[str] | None, denominator: Denominator
) -> list[tuple[str, int | None, int | None]]:
    """For each indicator: its name, where its counts stand, where a share stands that is only stated."""
    names = wanted if wanted is not None else list(dict.fromkeys(name.partition("@")[0] for name in places))
    found = []
    for name in names:
        over_staff = denominator is Denominator.STAFF_LIST and _has_own_staff_list(name)
        counted = places.get(name + STAFF_LIST_SUFFIX if over_staff else name)
        stated = places.get(name + STATED_SUFFIX)
        if counted is not None or stated is not None:
            found.append((name, counted, stated))
    return found


def _has_own_staff_list(code: str) -> bool:
    indicator = INDICATORS.get(code)
    return (
        indicator is not None
        and indicator.denominator_columns(Denominator.STAFF_LIST) != indicator.denominator
    )
