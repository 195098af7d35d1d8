"""Norm profiles that users made, by the key of their content: a link to one opens on any server, after any restart."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from sferum_core.norms import NormProfile, make_profile
from sferum_store.engine import Database, utc_now
from sferum_store.schema import profiles
from sferum_store.texts import who


class Profiles:
    """Kept profiles (`Store.profiles`)."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def keep(self, key: str, profile: NormProfile, *, by: str = "", now: dt.datetime | None = None) -> None:
        """Keep a profile under the key of its content; one that is there already stays."""
        insert = sqlite.insert if self._db.is_sqlite else postgresql.insert
        row = insert(profiles).values(
            key=key, content=profile.model_dump(mode="json"), kept_at=now or utc_now(), kept_by=who(by)
        )
        with self._db.write() as connection:
            connection.execute(row.on_conflict_do_nothing(index_elements=["key"]))

    def find(self, key: str) -> NormProfile | None:
        """The profile of a key, or None."""
        with self._db.read() as connection:
            content = connection.scalar(sa.select(profiles.c.content).where(profiles.c.key == key))
        return None if content is None else make_profile(content)

    def all(self) -> dict[str, NormProfile]:
        """Every kept profile by its key, the latest first."""
        with self._db.read() as connection:
            rows = connection.execute(sa.select(profiles).order_by(profiles.c.kept_at.desc())).all()
        return {row.key: make_profile(row.content) for row in rows}
