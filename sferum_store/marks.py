"""«Просмотрено» on findings: by whom, when, with a note; kept from week to week while the finding stays the same."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from sferum_store.audit import Action, record
from sferum_store.engine import Database, utc_now
from sferum_store.schema import marks
from sferum_store.texts import named_region, passage, region_key, storable, who


@dataclass(frozen=True)
class Mark:
    """A finding that somebody has looked at."""

    key: str
    code: str
    organization: str
    note: str
    made_at: dt.datetime
    made_by: str


def mark_key(code: str, organization: str = "", values: Mapping[str, object] | Iterable[object] = ()) -> str:
    """What a finding is recognized by in later weeks: its code, its organization (ID, else name) and its values.

    Other values make another finding: 12 of 5 teachers that was looked at says nothing about 40 of 5.
    """
    plain = (
        sorted((str(k), str(v)) for k, v in values.items())
        if isinstance(values, Mapping)
        else [str(v) for v in values]
    )
    return hashlib.sha256(json.dumps([code, organization.strip(), plain]).encode()).hexdigest()


class Marks:
    """Marking findings (`Store.marks`)."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def mark(
        self,
        region: str,
        key: str,
        *,
        code: str,
        organization: str = "",
        note: str = "",
        by: str = "",
        now: dt.datetime | None = None,
    ) -> Mark:
        """Mark a finding as looked at, in place of an earlier mark. NotSaved for a note of over 1,000 characters."""
        key_of_region, name = named_region(region)
        values = {
            "region_key": key_of_region,
            "region": name,
            "key": key,
            "code": storable(code)[:60],
            "organization": storable(organization),
            "note": passage(note, 1000, "Примечание"),
            "made_at": now or utc_now(),
            "made_by": who(by),
        }
        with self._db.write() as connection:
            row = connection.execute(marks.insert().values(values).returning(marks)).one()
            record(connection, Action.MARKED, who=by, about=name, now=now)
        return _mark(row)

    def unmark(self, region: str, key: str, *, by: str = "", now: dt.datetime | None = None) -> bool:
        """Take the mark back; whether there was one."""
        with self._db.write() as connection:
            changed = connection.execute(
                marks.update()
                .where(
                    marks.c.region_key == region_key(region), marks.c.key == key, marks.c.undone_at.is_(None)
                )
                .values(undone_at=now or utc_now(), undone_by=who(by))
            )
            if changed.rowcount:
                record(connection, Action.MARKED, who=by, about=f"{region}, undone", now=now)
        return bool(changed.rowcount)

    def find(self, region: str, keys: Iterable[str] | None = None) -> dict[str, Mark]:
        """Marks by their keys: of the findings asked for, or all of the region."""
        query = sa.select(marks).where(marks.c.region_key == region_key(region), marks.c.undone_at.is_(None))
        if keys is not None:
            query = query.where(marks.c.key.in_(list(keys)))
        with self._db.read() as connection:
            rows = connection.execute(query.order_by(marks.c.number)).all()
        return {row.key: _mark(row) for row in rows}


def _mark(row: sa.Row) -> Mark:
    return Mark(row.key, row.code, row.organization, row.note, row.made_at, row.made_by)
