"""Rows of saved weeks: which version is current, which one is the same again, and a row as a SavedWeek."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from sferum_core.model import ExportKind, Period, Severity, Source
from sferum_store.errors import NotFound
from sferum_store.records import SavedWeek
from sferum_store.schema import week_details, weeks
from sferum_store.texts import region_key

_A_WEEK = (7, 8)  # a week may be shown with both ends (004): seven dates and eight are one week


def period_key(period: Period) -> str:
    """Equal for the spellings of one period: its last day and its length, 7 and 8 days being one."""
    days = _A_WEEK[0] if period.days in _A_WEEK else period.days
    return f"{period.end.isoformat()}/{days}"


def follows(previous: SavedWeek, week: SavedWeek) -> bool:
    """Whether `previous` is the very week before: changes are told only then."""
    return (week.period.end - previous.period.end).days in (6, 7, 8) and week.period.days <= 8


def chosen_weeks(
    region: str | None, kind: ExportKind | None, since: dt.date | None, until: dt.date | None
) -> list[sa.ColumnElement[bool]]:
    """Conditions on `weeks`; None asks for any. `since` and `until` bound the period's last day, both included."""
    asked = []
    if region is not None:
        asked.append(weeks.c.region_key == region_key(region))
    if kind is not None:
        asked.append(weeks.c.kind == kind.value)
    if since is not None:
        asked.append(weeks.c.period_end >= since)
    if until is not None:
        asked.append(weeks.c.period_end <= until)
    return asked


def standing_row(connection: sa.Connection, week_id: str) -> sa.Row[Any]:
    """The row of a week that is there. NotFound for an unknown or deleted one."""
    row = connection.execute(sa.select(weeks).where(weeks.c.id == week_id)).one_or_none()
    if row is None or row.deleted_at is not None:
        raise no_such_week()
    return row


def series_of(connection: sa.Connection, region: str, kind: str, period: str) -> Sequence[sa.Row[Any]]:
    """All versions of one week by the keys of its region, kind and period, deleted ones too, the earliest first."""
    query = sa.select(weeks).where(
        weeks.c.region_key == region, weeks.c.kind == kind, weeks.c.period_key == period
    )
    return connection.execute(query.order_by(weeks.c.version)).all()


def is_current(connection: sa.Connection, row: sa.Row[Any]) -> bool:
    """Whether no later version of its week stands."""
    series = series_of(connection, row.region_key, row.kind, row.period_key)
    standing = [found.id for found in series if found.deleted_at is None]
    return bool(standing) and standing[-1] == row.id


def saved_elsewhere(connection: sa.Connection, row: Mapping[str, Any]) -> tuple[SavedWeek, ...]:
    """Weeks of another region, kind or period made from the same file."""
    query = sa.select(weeks).where(
        weeks.c.sha256 == row["sha256"],
        weeks.c.deleted_at.is_(None),
        sa.or_(
            weeks.c.region_key != row["region_key"],
            weeks.c.kind != row["kind"],
            weeks.c.period_key != row["period_key"],
        ),
    )
    rows = connection.execute(query.order_by(weeks.c.saved_at)).all()
    return tuple(saved_week(found, is_current=is_current(connection, found)) for found in rows)


def same_week(
    connection: sa.Connection,
    standing: Sequence[sa.Row[Any]],
    row: Mapping[str, Any],
    profile: Mapping[str, Any],
) -> sa.Row[Any] | None:
    """The latest version made from the same file, understood the same way, judged by the same profile."""
    for found in reversed(standing):
        if (found.sha256, found.content_digest) != (row["sha256"], row["content_digest"]):
            continue
        query = sa.select(week_details.c.profile).where(week_details.c.week_id == found.id)
        if connection.scalar(query) == profile:
            return found
    return None


def joint_sha256(files: Sequence[Source]) -> str:
    """One file's own SHA-256; of several, that of theirs in order of size: the order of dropping does not matter."""
    if len(files) == 1:
        return files[0].sha256[:64]
    return hashlib.sha256("\n".join(sorted({file.sha256 for file in files})).encode()).hexdigest()


def is_short(row: sa.Row[Any]) -> bool:
    """Whether its period is no longer than a week."""
    return bool((row.period_end - row.period_start).days < _A_WEEK[-1])


def saved_week(row: sa.Row[Any], *, is_current: bool) -> SavedWeek:
    """A row of `weeks` as what callers get."""
    return SavedWeek(
        id=row.id,
        region=row.region,
        kind=ExportKind(row.kind),
        period=Period(start=row.period_start, end=row.period_end),
        version=row.version,
        replaces=row.replaces,
        is_current=is_current,
        sha256=row.sha256,
        file_names=tuple(row.file_names),
        verdict=row.verdict,
        row_count=row.row_count,
        finding_counts={Severity(name): count for name, count in row.finding_counts.items()},
        profile_key=row.profile_key,
        reader_version=row.reader_version,
        calculation_version=row.calculation_version,
        saved_at=row.saved_at,
        saved_by=row.saved_by,
        original_name=row.original_name,
        deleted_at=row.deleted_at,
        deleted_by=row.deleted_by,
    )


def no_such_week() -> NotFound:
    """The refusal for an unknown or deleted week."""
    return NotFound("Такой недели в архиве нет.", "Возможно, её удалили. Откройте «Архив» и выберите другую.")
