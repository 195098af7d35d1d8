"""«Ждёт деактивации»: organizations whose deactivation was asked for, remembered until they are gone from the export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from sferum_core.waiting import Organization
from sferum_store.engine import Database, utc_now
from sferum_store.schema import waiting
from sferum_store.texts import named_region, region_key, short_key, storable, who


@dataclass(frozen=True)
class WaitingMark:
    """An organization that waits, since when and marked by whom."""

    organization: Organization
    made_at: dt.datetime
    made_by: str

    @property
    def key(self) -> str:
        """What the organization is recognized by."""
        return self.organization.key


class Waiting:
    """Marking organizations (`Store.waiting`)."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def mark(
        self,
        region: str,
        organizations: Iterable[Organization],
        *,
        by: str = "",
        now: dt.datetime | None = None,
    ) -> int:
        """Mark organizations; those marked already keep their date. How many are new."""
        key, name = named_region(region)
        at = now or utc_now()
        asked = {one.key: one for one in organizations}
        with self._db.write() as connection:
            self._db.lock(connection, f"waiting/{key}")
            known = set(
                connection.scalars(
                    sa.select(waiting.c.key).where(waiting.c.region_key == key, waiting.c.undone_at.is_(None))
                )
            )
            rows = [
                {
                    "region_key": key,
                    "region": name,
                    "key": short_key(one_key),
                    "organization_id": storable(one.organization_id),
                    "organization": storable(one.name),
                    "municipality": storable(one.municipality),
                    "made_at": at,
                    "made_by": who(by),
                }
                for one_key, one in asked.items()
                if short_key(one_key) not in known
            ]
            if rows:
                connection.execute(waiting.insert(), rows)
        return len(rows)

    def unmark(
        self, region: str, keys: Collection[str], *, by: str = "", now: dt.datetime | None = None
    ) -> int:
        """Take marks back; how many there were."""
        with self._db.write() as connection:
            changed = connection.execute(
                waiting.update()
                .where(
                    waiting.c.region_key == region_key(region),
                    waiting.c.key.in_([short_key(key) for key in keys]),
                    waiting.c.undone_at.is_(None),
                )
                .values(undone_at=now or utc_now(), undone_by=who(by))
            )
        return int(changed.rowcount)

    def find(self, region: str) -> list[WaitingMark]:
        """Every mark of the region that holds, in the order they were made."""
        query = (
            sa.select(waiting)
            .where(waiting.c.region_key == region_key(region), waiting.c.undone_at.is_(None))
            .order_by(waiting.c.number)
        )
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return [
            WaitingMark(
                Organization(row.organization_id, row.organization, row.municipality),
                row.made_at,
                row.made_by,
            )
            for row in rows
        ]
