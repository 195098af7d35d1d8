"""Large contents by their SHA-256: kept once, dropped when nothing names them any more."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from sferum_store.engine import utc_now
from sferum_store.errors import DamagedPayload
from sferum_store.payload import digest_of
from sferum_store.schema import drafts, links, payloads, registries, weeks

_OWNERS = (
    weeks.c.payload,
    weeks.c.points,
    weeks.c.original,
    drafts.c.payload,
    links.c.payload,
    registries.c.payload,
)


def put_blob(connection: sa.Connection, content: bytes) -> str:
    """Keep the content; its digest. A content that is there already is locked until the transaction ends."""
    digest = digest_of(content)
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = insert(payloads).values(digest=digest, size=len(content), content=content, stored_at=utc_now())
    connection.execute(row.on_conflict_do_update(index_elements=["digest"], set_={"size": row.excluded.size}))
    return digest


def get_blob(connection: sa.Connection, digest: str) -> bytes:
    """The content. DamagedPayload when it is missing or isn't what was stored."""
    content = connection.scalar(sa.select(payloads.c.content).where(payloads.c.digest == digest))
    if content is None or digest_of(bytes(content)) != digest:
        raise DamagedPayload("Сохранённые данные повреждены.", "Восстановите базу из резервной копии.")
    return bytes(content)


def drop_blobs(connection: sa.Connection, *digests: str | None) -> None:
    """Delete those contents that nothing names any more."""
    for digest in sorted({found for found in digests if found}):
        named = [sa.exists().where(column == digest) for column in _OWNERS]
        try:
            with connection.begin_nested():
                connection.execute(payloads.delete().where(payloads.c.digest == digest, ~sa.or_(*named)))
        except IntegrityError:  # another transaction has just named it
            continue
