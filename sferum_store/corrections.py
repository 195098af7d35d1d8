"""Corrections an office makes once, applied to every later week: with who and when, undoable, history kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from sferum_core.corrections import CorrectedField, Correction
from sferum_store.audit import Action, record
from sferum_store.engine import Database, utc_now
from sferum_store.errors import NotFound
from sferum_store.schema import corrections
from sferum_store.texts import line, named_region, passage, region_key, who

_NOTE = 1000
_VALUE = 1000


@dataclass(frozen=True)
class CorrectionRecord:
    """A correction as it was made, and undone if it was. `number` names it."""

    number: int
    region: str
    correction: Correction
    note: str
    made_at: dt.datetime
    made_by: str
    undone_at: dt.datetime | None
    undone_by: str
    is_effective: bool


class Corrections:
    """Making and undoing corrections (`Store.corrections`). `sferum_core.corrections.apply_corrections` applies them."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(
        self,
        region: str,
        correction: Correction,
        *,
        note: str = "",
        by: str = "",
        now: dt.datetime | None = None,
    ) -> None:
        """Correct one thing; it goes before earlier corrections of the same thing."""
        self.add_many(region, [correction], note=note, by=by, now=now)

    def add_many(
        self,
        region: str,
        many: Iterable[Correction],
        *,
        note: str = "",
        by: str = "",
        now: dt.datetime | None = None,
    ) -> int:
        """Correct many things at once (a staff list), all or none; those that hold already are not written again.

        Returns how many were written.
        """
        key, name = named_region(region)
        at = now or utc_now()
        with self._db.write() as connection:
            self._db.lock(connection, f"corrections/{key}")
            standing = {
                (row.field, row.subject): row.value for row in connection.execute(_effective(key)).all()
            }
            rows: dict[tuple[str, str], dict[str, Any]] = {}
            for item in many:
                subject = line(item.subject, 300, "ID организации")
                value = (
                    line(item.value, _VALUE, item.field.label) if isinstance(item.value, str) else item.value
                )
                rows[item.field.value, subject] = {
                    "region_key": key,
                    "region": name,
                    "field": item.field.value,
                    "subject": subject,
                    "value": value,
                    "note": passage(note, _NOTE, "Примечание"),
                    "made_at": at,
                    "made_by": who(by),
                }
            fresh = [row for place, row in rows.items() if standing.get(place) != row["value"]]
            if fresh:
                connection.execute(corrections.insert(), fresh)
                record(connection, Action.CORRECTED, who=by, about=f"{name}: {len(fresh)}", now=at)
        return len(fresh)

    def undo(self, number: int, *, by: str = "", now: dt.datetime | None = None) -> None:
        """Take a correction back; the one before it, if any, holds again. NotFound when it is undone already."""
        at = now or utc_now()
        with self._db.write() as connection:
            changed = connection.execute(
                corrections.update()
                .where(corrections.c.number == number, corrections.c.undone_at.is_(None))
                .values(undone_at=at, undone_by=who(by))
            )
            if not changed.rowcount:
                raise NotFound("Этого исправления нет или оно уже отменено.", "Обновите список.")
            record(connection, Action.CORRECTED, who=by, about="отмена", now=at)

    def for_region(self, region: str) -> list[Correction]:
        """What holds now, as `apply_corrections` takes it."""
        with self._db.read() as connection:
            rows = connection.execute(_effective(region_key(region))).all()
        return [_correction(row) for row in rows]

    def history(self, region: str, subject: str | None = None) -> list[CorrectionRecord]:
        """Everything ever made, the latest first; of one organization with its ID."""
        key = region_key(region)
        query = sa.select(corrections).where(corrections.c.region_key == key)
        if subject is not None:
            query = query.where(corrections.c.subject == subject)
        with self._db.read() as connection:
            rows = connection.execute(query.order_by(corrections.c.number.desc())).all()
            holding = {row.number for row in connection.execute(_effective(key)).all()}
        return [
            CorrectionRecord(
                row.number, row.region, _correction(row), row.note, row.made_at, row.made_by,
                row.undone_at, row.undone_by, row.number in holding,
            )
            for row in rows
        ]  # fmt: skip


def _effective(key: str) -> sa.Select[Any]:
    """The latest correction of each thing that was not undone."""
    latest = (
        sa.select(sa.func.max(corrections.c.number))
        .where(corrections.c.region_key == key, corrections.c.undone_at.is_(None))
        .group_by(corrections.c.field, corrections.c.subject)
    )
    return sa.select(corrections).where(corrections.c.number.in_(latest)).order_by(corrections.c.number)


def _correction(row: sa.Row[Any]) -> Correction:
    return Correction(CorrectedField(row.field), row.subject, row.value)
