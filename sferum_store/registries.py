"""The office's own registry of organizations: one a region, kept for the weeks to come, without people's names."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

import pandas as pd
import sqlalchemy as sa

from sferum_core.model import Export, ExportKind
from sferum_core.people_text import may_be_a_name, without_contacts
from sferum_core.reading.fields import KIND_FIELDS
from sferum_store.audit import Action, record
from sferum_store.blobs import drop_blobs, get_blob, put_blob
from sferum_store.engine import Database, utc_now
from sferum_store.errors import NotFound, NotSaved, PersonalData
from sferum_store.payload import export_bytes, export_of
from sferum_store.privacy import PERSONAL_KINDS, storable_export
from sferum_store.schema import registries
from sferum_store.texts import named_region, region_key, storable, who

COLUMNS = KIND_FIELDS[ExportKind.REGISTRY]
"""What is kept of a registry; every other column of the file is not stored at all."""
MOST_NAMES = 0.5  # of the names of organizations that may have the shape of a person's name


@dataclass(frozen=True)
class KeptRegistry:
    """A kept registry without its table. `id` changes with every put: what was computed from it stays true."""

    id: str
    region: str
    filename: str
    row_count: int
    put_at: dt.datetime
    put_by: str


class Registries:
    """Putting, opening and deleting registries (`Store.registries`)."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def put(
        self, region: str, export: Export, *, by: str = "", now: dt.datetime | None = None
    ) -> KeptRegistry:
        """Keep a registry in place of the region's earlier one, whose data is deleted.

        Only the columns of a registry are kept; phones and e-mails in addresses are masked. Raises PersonalData for
        a table of people, NotSaved for one without names of organizations.
        """
        key, name = named_region(region)
        kept = storable_registry(export)
        content = export_bytes(kept)
        with self._db.write() as connection:
            self._db.lock(connection, f"registry/{key}")
            mine = registries.c.region_key == key
            before = connection.execute(sa.select(registries).where(mine)).one_or_none()
            row = {
                "id": secrets.token_urlsafe(18),
                "region_key": key,
                "region": name,
                "filename": storable(export.source.filename),
                "row_count": len(kept.table),
                "put_at": now or utc_now(),
                "put_by": who(by),
                "payload": put_blob(connection, content),
            }
            connection.execute(registries.delete().where(mine))
            connection.execute(registries.insert().values(row))
            if before is not None and before.payload != row["payload"]:
                drop_blobs(connection, before.payload)
            record(
                connection, Action.SAVED, who=by, subject=str(row["id"]), about=f"{name}, registry", now=now
            )
            saved = connection.execute(sa.select(registries).where(mine)).one()
        return _kept(saved)

    def current(self, region: str) -> KeptRegistry | None:
        """The region's registry, or None."""
        query = sa.select(registries).where(registries.c.region_key == region_key(region))
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _kept(row)

    def open(self, registry_id: str) -> pd.DataFrame:
        """The table of a registry. NotFound when it was replaced or deleted."""
        with self._db.read() as connection:
            row = connection.execute(
                sa.select(registries.c.payload).where(registries.c.id == registry_id)
            ).one_or_none()
            if row is None:
                raise NotFound("Этого реестра уже нет.", "Загрузите реестр ещё раз.")
            content = get_blob(connection, row.payload)
        return export_of(content).table

    def delete(self, region: str, *, by: str = "", now: dt.datetime | None = None) -> bool:
        """Delete the region's registry and its data; whether there was one."""
        with self._db.write() as connection:
            row = connection.execute(
                registries.delete()
                .where(registries.c.region_key == region_key(region))
                .returning(registries.c.id, registries.c.payload, registries.c.region)
            ).one_or_none()
            if row is None:
                return False
            drop_blobs(connection, row.payload)
            record(
                connection, Action.DELETED, who=by, subject=row.id, about=f"{row.region}, registry", now=now
            )
        return True


def storable_registry(export: Export) -> Export:
    """The registry as it may be kept: its own columns only, contacts masked. PersonalData, NotSaved as `put`."""
    if export.kind in PERSONAL_KINDS or "full_name" in export.table.columns:
        raise PersonalData(
            f"Таблица «{export.kind.label}» может содержать имена людей, поэтому она не сохраняется.",
            "Загрузите список организаций: название, муниципалитет, тип; столбцы с людьми уберите.",
        )
    names = export.table.get("organization")
    if names is None or not names.notna().any():
        raise NotSaved(
            "В файле не нашлось столбца с названиями организаций.",
            "Укажите этот столбец в списке ниже или загрузите другой файл.",
        )
    known = names.dropna().astype("str")
    if sum(map(may_be_a_name, known)) > MOST_NAMES * len(known):
        raise PersonalData(
            "В столбце с названиями, похоже, имена людей, поэтому список не сохраняется.",
            "Проверьте, тот ли столбец понят как название организации.",
        )
    table = export.table[[name for name in COLUMNS if name in export.table.columns]].copy()
    for column in ("organization", "address"):
        if column in table:
            table[column] = table[column].map(without_contacts, na_action="ignore").astype("str")
    return storable_export(
        Export(
            kind=ExportKind.REGISTRY,
            table=table,
            period=None,
            columns=tuple(column.model_copy(update={"samples": ()}) for column in export.columns),
            findings=(),
            left_out=export.left_out.iloc[:0],
            source_rows=export.source_rows,
            source=export.source,
        )
    )[0]


def _kept(row: sa.Row[tuple[object, ...]]) -> KeptRegistry:
    return KeptRegistry(row.id, row.region, row.filename, row.row_count, row.put_at, row.put_by)
