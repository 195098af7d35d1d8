"""Drafts: an upload kept under its id until it is saved or forgotten, so that F5 and a closed tab lose nothing."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from sferum_core.model import Export, ExportKind
from sferum_core.people_text import masked
from sferum_store.audit import Action, record
from sferum_store.blobs import drop_blobs, get_blob, put_blob
from sferum_store.engine import Database, utc_now
from sferum_store.errors import NotFound
from sferum_store.payload import export_bytes, export_of
from sferum_store.privacy import storable_export
from sferum_store.schema import drafts
from sferum_store.texts import storable, who


@dataclass(frozen=True, eq=False)
class Draft:
    """A kept upload. `version` grows when it is put again; `withheld` names the kinds of tables beside it that may
    name people and were not kept. `export` is what was kept: see `privacy.storable_export`."""

    id: str
    filename: str
    version: int
    is_demo: bool
    withheld: tuple[ExportKind, ...]
    made_at: dt.datetime
    put_at: dt.datetime
    expires_at: dt.datetime
    made_by: str
    export: Export


class Drafts:
    """Putting, opening and forgetting drafts (`Store.drafts`). It can stand behind the app's `DatasetStore`."""

    def __init__(self, database: Database, *, life: dt.timedelta = dt.timedelta(days=14)) -> None:
        self._db = database
        self._life = life

    def put(
        self,
        export: Export,
        *,
        draft_id: str | None = None,
        filename: str | None = None,
        version: int | None = None,
        is_demo: bool = False,
        by: str = "",
        now: dt.datetime | None = None,
    ) -> Draft:
        """Keep an upload with the tables beside it, or replace the one with the same id; its term starts anew.

        Without `version` it grows by one. Raises PersonalData for a table that may name people.
        """
        at = now or utc_now()
        kept, withheld = storable_export(export)
        content = export_bytes(kept)
        key = draft_id or secrets.token_urlsafe(18)
        row: dict[str, Any] = {
            "filename": storable(masked(filename or export.source.filename)),
            "kind": kept.kind.value,
            "is_demo": is_demo,
            "withheld": list(withheld),
            "put_at": at,
            "expires_at": at + self._life,
        }
        with self._db.write() as connection:
            self._db.lock(connection, f"draft/{key}")
            before = connection.execute(sa.select(drafts).where(drafts.c.id == key)).one_or_none()
            row["payload"] = put_blob(connection, content)
            row["version"] = version or (before.version + 1 if before else 1)
            if before is None:
                connection.execute(drafts.insert().values(id=key, made_at=at, made_by=who(by), **row))
            else:
                connection.execute(drafts.update().where(drafts.c.id == key).values(row))
                if before.payload != row["payload"]:
                    drop_blobs(connection, before.payload)
            saved = connection.execute(sa.select(drafts).where(drafts.c.id == key)).one()
        return _draft(saved, kept)

    def open(self, draft_id: str, now: dt.datetime | None = None) -> Draft:
        """A draft. NotFound for an unknown, forgotten or expired one."""
        with self._db.read() as connection:
            row = connection.execute(
                sa.select(drafts).where(drafts.c.id == draft_id, drafts.c.expires_at > (now or utc_now()))
            ).one_or_none()
            if row is None:
                raise _not_found()
            content = get_blob(connection, row.payload)
        return _draft(row, export_of(content))

    def replace(self, draft_id: str, export: Export, *, now: dt.datetime | None = None) -> Draft:
        """The draft with another reading of its file; its version grows. NotFound when there is none to replace."""
        at = now or utc_now()
        with self._db.read() as connection:
            row = connection.execute(
                sa.select(drafts).where(drafts.c.id == draft_id, drafts.c.expires_at > at)
            ).one_or_none()
        if row is None:
            raise _not_found()
        return self.put(export, draft_id=draft_id, filename=row.filename, is_demo=row.is_demo, now=at)

    def forget(self, draft_id: str, *, by: str = "", now: dt.datetime | None = None) -> bool:
        """Delete a draft and its data at once (links made from it keep theirs); whether there was one."""
        with self._db.write() as connection:
            row = connection.execute(sa.select(drafts).where(drafts.c.id == draft_id)).one_or_none()
            if row is None:
                return False
            connection.execute(drafts.delete().where(drafts.c.id == draft_id))
            drop_blobs(connection, row.payload)
            record(connection, Action.FORGOTTEN, who=by, subject=draft_id, about=row.kind, now=now)
        return True

    def expire(self, now: dt.datetime | None = None) -> int:
        """Delete drafts whose term is over; how many. Safe to call at any time, from any process."""
        at = now or utc_now()
        with self._db.write() as connection:
            rows = connection.execute(
                drafts.delete().where(drafts.c.expires_at <= at).returning(drafts.c.payload)
            ).all()
            drop_blobs(connection, *(row.payload for row in rows))
            if rows:
                record(connection, Action.EXPIRED, about=str(len(rows)), now=at)
        return len(rows)


def _draft(row: sa.Row[Any], export: Export) -> Draft:
    return Draft(
        id=row.id,
        filename=row.filename,
        version=row.version,
        is_demo=row.is_demo,
        withheld=tuple(ExportKind(kind) for kind in row.withheld),
        made_at=row.made_at,
        put_at=row.put_at,
        expires_at=row.expires_at,
        made_by=row.made_by,
        export=export,
    )


def _not_found() -> NotFound:
    return NotFound(
        "Загруженного файла по этой ссылке уже нет.", "Загрузите выгрузку ещё раз – отчёты будут такими же."
    )
