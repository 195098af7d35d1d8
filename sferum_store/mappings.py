"""Columns as a user confirmed them, kept by the header's fingerprint and offered for the next such file."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from sferum_core.model import Export
from sferum_store.audit import Action, record
from sferum_store.engine import Database, utc_now
from sferum_store.schema import mappings
from sferum_store.texts import storable, who


@dataclass(frozen=True)
class KeptMapping:
    """`choices` is what `read_export` takes as `mapping`."""

    fingerprint: str
    headers: tuple[str, ...]
    choices: dict[str | int, str]
    confirmed_at: dt.datetime
    confirmed_by: str


def header_fingerprint(headers: Sequence[str]) -> str:
    """Equal for headers of the same words in the same order; case, spaces and «ё» don't matter."""
    tidy = [" ".join(header.split()).casefold().replace("ё", "е") for header in headers]
    return hashlib.sha256(json.dumps(tidy).encode()).hexdigest()


def headers_of(export: Export) -> tuple[str, ...]:
    """The headers of an export's source, by the number of their column."""
    return tuple(column.header for column in sorted(export.columns, key=lambda column: column.number))


class Mappings:
    """Remembered columns (`Store.mappings`)."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def remember(
        self,
        headers: Sequence[str],
        choices: Mapping[str | int, str],
        *,
        by: str = "",
        now: dt.datetime | None = None,
    ) -> str:
        """Keep the choices for files with this header, in place of earlier ones; the header's fingerprint."""
        fingerprint = header_fingerprint(headers)
        values: dict[str, Any] = {
            "headers": [storable(header) for header in headers],
            "choices": [[column, field] for column, field in choices.items()],
            "confirmed_at": now or utc_now(),
            "confirmed_by": who(by),
        }
        insert = sqlite.insert if self._db.is_sqlite else postgresql.insert
        row = insert(mappings).values(fingerprint=fingerprint, **values)
        with self._db.write() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["fingerprint"], set_=values))
            record(connection, Action.COLUMNS, who=by, subject=fingerprint[:60], now=now)
        return fingerprint

    def find(self, headers: Sequence[str]) -> KeptMapping | None:
        """What was confirmed for files with this header, or None."""
        query = sa.select(mappings).where(mappings.c.fingerprint == header_fingerprint(headers))
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _mapping(row)

    def all(self) -> list[KeptMapping]:
        """Everything remembered, the latest first."""
        with self._db.read() as connection:
            rows = connection.execute(sa.select(mappings).order_by(mappings.c.confirmed_at.desc())).all()
        return [_mapping(row) for row in rows]

    def forget(self, fingerprint: str, *, by: str = "") -> bool:
        """Forget the choices for a header; whether there were any."""
        with self._db.write() as connection:
            gone = connection.execute(mappings.delete().where(mappings.c.fingerprint == fingerprint))
            if gone.rowcount:
                record(connection, Action.COLUMNS, who=by, subject=fingerprint[:60], about="undone")
        return bool(gone.rowcount)


def _mapping(row: sa.Row[Any]) -> KeptMapping:
    choices = dict(row.choices)
    return KeptMapping(row.fingerprint, tuple(row.headers), choices, row.confirmed_at, row.confirmed_by)
