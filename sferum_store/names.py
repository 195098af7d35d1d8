"""Names of teachers that an office chose to keep: sealed by organization and date, with a term, erased on demand."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa

from sferum_core.names.municipalities import municipality_key
from sferum_store.audit import Action, record
from sferum_store.engine import Database, utc_now
from sferum_store.errors import NotFound, NotSaved, StoreError
from sferum_store.frames import table_bytes, table_of
from sferum_store.schema import kept_names
from sferum_store.settings import Settings
from sferum_store.texts import named_region, region_key, short_key, storable, who
from sferum_store.vault import Vault, vault_of

_WORD = re.compile(r"[а-яa-z-]+")


@dataclass(frozen=True)
class KeptNames:
    """Names of one organization on one date, without the names."""

    id: str
    region: str
    organization: str
    municipality: str
    municipality_key: str
    date: dt.date
    people: int
    kept_at: dt.datetime
    kept_by: str
    expires_at: dt.datetime


@dataclass(frozen=True)
class Erased:
    """What `erase` took away: sets of names (an organization on a date) that are gone, that lost people, and people."""

    sets: int
    shortened: int
    people: int


class Names:
    """Keeping, opening and erasing (`Store.names`). Off unless settings turn it on: then `keep` raises NotSaved."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._db = database
        self._settings = settings

    @property
    def is_on(self) -> bool:
        """Whether the office chose to keep names."""
        return self._settings.keep_names

    def keep(
        self,
        table: pd.DataFrame,
        *,
        region: str,
        municipality: str = "",
        by: str = "",
        now: dt.datetime | None = None,
    ) -> list[KeptNames]:
        """Keep a table of kind `teachers`; what was kept for the same organization and date is replaced.

        `municipality` is where organizations are that the table places nowhere: the editor's own.
        Raises NotSaved (keeping is off, no dates, no names, no region) and SettingsError (no key).
        """
        vault = self._vault()
        at = now or utc_now()
        key, name = named_region(region)
        if "full_name" not in table.columns or "date" not in table.columns or table["date"].isna().all():
            raise NotSaved("В таблице нет имён или дат.", "Имена хранятся по выгрузке «По учителям» с датой.")
        rows = []
        for date, group, organization, place, people in _groups(table, _tidy(municipality)):
            rows.append(
                {
                    "id": secrets.token_urlsafe(18),
                    "region_key": key,
                    "region": name,
                    "organization_key": short_key(group),
                    "organization": organization,
                    "municipality_key": short_key(municipality_key(place)) if place else "",
                    "municipality": place,
                    "date": date,
                    "people": len(people),
                    "sealed": vault.seal(table_bytes(people.reset_index(drop=True))),
                    "kept_at": at,
                    "kept_by": who(by),
                    "expires_at": at + dt.timedelta(days=self._settings.names_days),
                }
            )
        with self._db.write() as connection:
            for row in rows:
                same = [
                    kept_names.c[field] == row[field] for field in ("region_key", "organization_key", "date")
                ]
                connection.execute(kept_names.delete().where(*same))
                connection.execute(kept_names.insert().values(row))
            record(connection, Action.NAMES_KEPT, who=by, about=f"{name}, {len(rows)}", now=at)
        return [_kept(row) for row in rows]

    def find(
        self, region: str | None = None, *, municipality: str | None = None, now: dt.datetime | None = None
    ) -> list[KeptNames]:
        """What is kept and not over, latest date first: of a region, of one municipality by its `municipality_key`."""
        query = sa.select(*_told()).where(kept_names.c.expires_at > (now or utc_now()))
        if region is not None:
            query = query.where(kept_names.c.region_key == region_key(region))
        if municipality is not None:
            query = query.where(kept_names.c.municipality_key == short_key(municipality))
        query = query.order_by(kept_names.c.date.desc(), kept_names.c.organization)
        with self._db.read() as connection:
            return [_kept(row._mapping) for row in connection.execute(query)]

    def get(self, kept_id: str, *, now: dt.datetime | None = None) -> KeptNames:
        """One set without its names. NotFound for an unknown one or one whose term is over."""
        return _kept(self._row(kept_id, now)._mapping)

    def open(self, kept_id: str, *, by: str = "", now: dt.datetime | None = None) -> pd.DataFrame:
        """The table with names; the opening is noted in the journal. Ask first who may see it.

        Raises NotFound, NotSaved (keeping is off), SettingsError and DamagedPayload (no key opens it).
        """
        vault = self._vault()
        row = self._row(kept_id, now)
        table = table_of(vault.open(bytes(row.sealed)))
        with self._db.write() as connection:
            about = f"{row.region}, {row.date.isoformat()}"
            record(connection, Action.NAMES_OPENED, who=by, subject=kept_id, about=about, now=now)
        return table

    def erase(
        self,
        *,
        region: str | None = None,
        organization: str | None = None,
        date: dt.date | None = None,
        person: str | None = None,
        everything: bool = False,
        by: str = "",
        now: dt.datetime | None = None,
    ) -> Erased:
        """Erase what fits all that is given: of an organization (ID or name), of a date, of one person, or everything.

        A person is taken out of the sets, which stay; needs the key. StoreError when nothing was asked for.
        """
        if not (everything or organization or date or person or region):
            raise StoreError(
                "Не сказано, что стереть.", "Назовите организацию, дату, человека или --all (всё)."
            )
        if organization is not None and not organization.strip():
            raise StoreError("Организация не названа.", "Напишите её ID или название из списка.")
        vault = self._vault() if person else None
        wanted = []
        if region:
            wanted.append(kept_names.c.region_key == region_key(region))
        if date:
            wanted.append(kept_names.c.date == date)
        asked = _tidy(organization).casefold()
        with self._db.write() as connection:
            found = [
                row
                for row in connection.execute(sa.select(kept_names).where(*wanted)).all()
                if not asked or asked in (row.organization_key, row.organization.casefold())
            ]
            gone = [row for row in found if not person]
            shortened = people = 0
            if vault is not None and person:
                gone, shortened, people = _without_person(connection, vault, found, person)
            connection.execute(kept_names.delete().where(kept_names.c.id.in_([row.id for row in gone])))
            people += sum(row.people for row in gone) if not person else 0
            record(connection, Action.NAMES_ERASED, who=by, about=f"{len(gone)}/{shortened}", now=now)
        return Erased(len(gone), shortened, people)

    def erase_one(self, kept_id: str, *, by: str = "", now: dt.datetime | None = None) -> int:
        """Erase one set; how many people were in it. NotFound for an unknown one."""
        row = self._row(kept_id, now)
        with self._db.write() as connection:
            connection.execute(kept_names.delete().where(kept_names.c.id == kept_id))
            record(connection, Action.NAMES_ERASED, who=by, subject=kept_id, about="1/0", now=now)
        return int(row.people)

    def expire(self, now: dt.datetime | None = None) -> int:
        """Erase sets whose term is over; how many. Also when keeping was turned off since."""
        at = now or utc_now()
        with self._db.write() as connection:
            gone = connection.execute(kept_names.delete().where(kept_names.c.expires_at <= at)).rowcount
            if gone:
                record(connection, Action.NAMES_ERASED, about=f"{gone}/0", now=at)
        return int(gone)

    def reseal(self) -> int:
        """Put everything under the newest key, so that older keys can be thrown away; how many sets."""
        vault = self._vault()
        with self._db.write() as connection:
            rows = connection.execute(sa.select(kept_names.c.id, kept_names.c.sealed)).all()
            for row in rows:
                sealed = vault.reseal(bytes(row.sealed))
                connection.execute(kept_names.update().where(kept_names.c.id == row.id).values(sealed=sealed))
        return len(rows)

    def _vault(self) -> Vault:
        vault = vault_of(self._settings)
        if vault is None:
            raise NotSaved(
                "Имена не хранятся: управление это не включило.",
                "Включить может администратор: SFERUM_KEEP_NAMES=1.",
            )
        return vault

    def _row(self, kept_id: str, now: dt.datetime | None) -> sa.Row[Any]:
        query = sa.select(kept_names).where(
            kept_names.c.id == kept_id, kept_names.c.expires_at > (now or utc_now())
        )
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("Этих имён больше нет.", "Срок хранения вышел или их стёрли.")
        return row


def _tidy(text: Any) -> str:
    return " ".join(storable(text).split()) if isinstance(text, str) else ""


def _groups(table: pd.DataFrame, home: str) -> list[tuple[dt.date, str, str, str, pd.DataFrame]]:
    """The table's rows by date and organization: its key, name and municipality; `home` where a row names none.

    An ID is one organization under whatever municipality; a name is another organization in each of them.
    """
    places: dict[tuple[dt.date, str], dict[tuple[str, str], list[int]]] = defaultdict(
        lambda: defaultdict(list)
    )
    columns: list[list[Any]] = []
    for name in ("organization_id", "organization", "municipality"):
        columns.append(table[name].tolist() if name in table.columns else [None] * len(table))
    for place, (date, *named) in enumerate(zip(table["date"], *columns, strict=True)):
        if pd.isna(date):
            continue
        number, organization, stated = map(_tidy, named)
        municipality = stated or home
        key = number.casefold() or f"{organization.casefold()}@{municipality_key(municipality)}"
        places[date.date(), key][organization or number, municipality].append(place)
    groups = []
    for (day, key), spellings in places.items():
        organization, municipality = max(spellings, key=lambda one: len(spellings[one]))
        rows = sorted(place for found in spellings.values() for place in found)
        groups.append((day, key, organization, municipality, table.iloc[rows]))
    return groups


def _without_person(
    connection: sa.Connection, vault: Vault, rows: Any, person: str
) -> tuple[list[Any], int, int]:
    """Take a person out of the sets: sets that are empty now, how many were shortened, how many rows went."""
    wanted = _words(person)
    if not wanted:
        raise StoreError("Имя не понято.", "Напишите фамилию, имя и отчество.")
    gone, shortened, people = [], 0, 0
    for row in rows:
        table = table_of(vault.open(bytes(row.sealed)))
        is_wanted = [
            wanted <= _words(name) if isinstance(name, str) else False for name in table["full_name"]
        ]
        if not any(is_wanted):
            continue
        people += sum(is_wanted)
        left = table[[not found for found in is_wanted]].reset_index(drop=True)
        if left.empty:
            gone.append(row)
            continue
        shortened += 1
        changed = {"sealed": vault.seal(table_bytes(left)), "people": len(left)}
        connection.execute(kept_names.update().where(kept_names.c.id == row.id).values(changed))
    return gone, shortened, people


def _words(name: str) -> frozenset[str]:
    return frozenset(_WORD.findall(name.casefold().replace("ё", "е")))


def _told() -> list[sa.Column[Any]]:
    return [column for column in kept_names.c if column.name != "sealed"]


def _kept(row: Any) -> KeptNames:
    return KeptNames(
        **{
            name: row[name]
            for name in (
                "id", "region", "organization", "municipality", "municipality_key", "date", "people", "kept_at", "kept_by",
                "expires_at",
            )
        }
    )  # fmt: skip
