"""Links that show a colleague the page, the filters and the data they were made from."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sferum_core.model import Export
from sferum_core.norms import NormProfile, make_profile
from sferum_core.versions import CALCULATION_VERSION
from sferum_store.audit import Action, record
from sferum_store.blobs import drop_blobs, get_blob
from sferum_store.engine import Database, utc_now
from sferum_store.errors import DamagedPayload, GoneReason, LinkGone, NotFound
from sferum_store.payload import export_of
from sferum_store.schema import drafts, links, weeks
from sferum_store.texts import storable

Filters = Mapping[str, str | Sequence[str]]


class Lifetime(StrEnum):
    """How long a link opens."""

    WEEK = "week"
    TERM = "term"
    NEVER = "never"

    @property
    def label(self) -> str:
        """Russian words for the choice."""
        return {"week": "на неделю", "term": "на полугодие", "never": "без срока"}[self.value]


@dataclass(frozen=True, eq=False)
class Link:
    """A share snapshot. Exactly one of `week_id` and `has_own_data` says where its data is.

    `token` is there for the maker only. `filters` is what the maker gave, lists of values or single ones by name.
    `scope` is the only municipality whose organizations are shown.
    """

    id: str
    week_id: str | None
    title: str
    page: str
    filters: dict[str, Any]
    profile_key: str
    profile: NormProfile
    calculation_version: str
    lifetime: Lifetime
    made_at: dt.datetime
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None
    has_own_data: bool
    token: str | None = None
    scope: str | None = None

    @property
    def is_revoked(self) -> bool:
        """Whether its maker took it back."""
        return self.revoked_at is not None

    def is_expired(self, now: dt.datetime) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= now


class Links:
    """Making, opening, listing and revoking links (`Store.links`).

    The database holds a token's SHA-256, never the token: a stolen copy of it opens no link. For the maker the token is
    kept sealed under the maker's own key, so that the maker, and nobody else, can list links and copy them again.
    `maker` is that key: random and kept in the maker's browser, or the signed-in user's id.
    """

    def __init__(self, database: Database, *, week_days: int = 7, term_days: int = 120) -> None:
        self._db = database
        self._days = {Lifetime.WEEK: week_days, Lifetime.TERM: term_days}

    def make(
        self,
        *,
        maker: str,
        page: str,
        profile: NormProfile,
        week_id: str | None = None,
        draft_id: str | None = None,
        filters: Filters | None = None,
        profile_key: str | None = None,
        title: str = "",
        lifetime: Lifetime = Lifetime.TERM,
        calculation_version: str = CALCULATION_VERSION,
        by: str = "",
        scope: str | None = None,
        now: dt.datetime | None = None,
    ) -> Link:
        """A new link to a saved week or to a draft as it is now; `token` of the result goes into its address.

        A draft's data stays with the link even when the draft is replaced, forgotten or expires. NotFound when there
        is no such week or draft; ValueError when not exactly one of the two is named, or without a maker.
        """
        if (week_id is None) == (draft_id is None) or not maker:
            raise ValueError("name a maker and either a week or a draft")
        at = now or utc_now()
        token = secrets.token_urlsafe(18)
        row: dict[str, Any] = {
            "id": secrets.token_urlsafe(18),
            "token_hash": _sha256(token),
            "maker_hash": _sha256(maker),
            "sealed_token": _seal(token, maker),
            "week_id": week_id,
            "title": storable(title)[:300],
            "page": page,
            "filters": {
                name: value if isinstance(value, str) else list(value)
                for name, value in (filters or {}).items()
            },
            "profile_key": profile_key or profile.name,
            "profile": profile.model_dump(mode="json"),
            "calculation_version": calculation_version,
            "lifetime": lifetime.value,
            "scope": scope,
            "made_at": at,
            "expires_at": at + dt.timedelta(days=self._days[lifetime]) if lifetime in self._days else None,
        }
        with self._db.write() as connection:
            if week_id is not None:
                found = connection.execute(
                    sa.select(weeks.c.id).where(weeks.c.id == week_id, weeks.c.deleted_at.is_(None))
                ).one_or_none()
                row["payload"] = None
            else:
                found = connection.execute(
                    sa.select(drafts.c.payload).where(drafts.c.id == draft_id, drafts.c.expires_at > at)
                ).one_or_none()
                row["payload"] = found.payload if found else None
            if found is None:
                raise NotFound(
                    "Данных, на которые нужна ссылка, уже нет.", "Откройте их заново и сделайте ссылку."
                )
            connection.execute(links.insert().values(row))
            record(
                connection,
                Action.SHARED,
                who=by,
                subject=row["id"],
                about=f"{page}, {lifetime.value}",
                now=at,
            )
            made = connection.execute(sa.select(links).where(links.c.id == row["id"])).one()
        return link_of(made, token)

    def open(self, token: str, now: dt.datetime | None = None) -> Link:
        """The link of a token. LinkGone says kindly why there is none.

        Looked up by the token's SHA-256, so how long it takes tells nothing about other tokens.
        """
        query = (
            sa.select(links, weeks.c.deleted_at)
            .join_from(links, weeks, links.c.week_id == weeks.c.id, isouter=True)
            .where(links.c.token_hash == _sha256(token))
        )
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise LinkGone(GoneReason.UNKNOWN)
        if row.revoked_at is not None:
            raise LinkGone(GoneReason.REVOKED)
        if row.deleted_at is not None:
            raise LinkGone(GoneReason.DELETED)
        if row.expires_at is not None and row.expires_at <= (now or utc_now()):
            raise LinkGone(GoneReason.EXPIRED)
        return link_of(row)

    def data(self, link: Link) -> Export:
        """The data of a link to a draft; of a link to a week use `Weeks.open(link.week_id)`. LinkGone when deleted."""
        with self._db.read() as connection:
            digest = connection.scalar(sa.select(links.c.payload).where(links.c.id == link.id))
            if digest is None:
                raise LinkGone(GoneReason.DELETED)
            return export_of(get_blob(connection, digest))

    def mine(self, maker: str, *, with_gone: bool = True, now: dt.datetime | None = None) -> list[Link]:
        """Links of this maker with their tokens, the latest first."""
        query = sa.select(links).where(links.c.maker_hash == _sha256(maker)).order_by(links.c.made_at.desc())
        if not with_gone:
            query = query.where(*unexpired(now or utc_now()))
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return [link_of(row, _unseal(row.sealed_token, maker)) for row in rows]

    def revoke(
        self, link_id: str, *, maker: str | None = None, by: str = "", now: dt.datetime | None = None
    ) -> Link:
        """Take a link back, for good. With `maker` only the maker's own. NotFound for any other."""
        at = now or utc_now()
        query = sa.select(links).where(links.c.id == link_id)
        if maker is not None:
            query = query.where(links.c.maker_hash == _sha256(maker))
        with self._db.write() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                raise NotFound("Такой ссылки нет.", "Обновите список ссылок.")
            if row.revoked_at is None:
                connection.execute(
                    links.update().where(links.c.id == link_id).values(revoked_at=at, payload=None)
                )
                drop_blobs(connection, row.payload)
                record(connection, Action.REVOKED, who=by, subject=link_id, about=row.page, now=at)
                row = connection.execute(sa.select(links).where(links.c.id == link_id)).one()
        return link_of(row)

    def drop_expired_data(self, now: dt.datetime | None = None) -> int:
        """Delete the data of links to drafts whose time is over; the links still say that they expired."""
        query = sa.select(links.c.id, links.c.payload).where(
            links.c.payload.is_not(None), links.c.expires_at <= (now or utc_now())
        )
        with self._db.write() as connection:
            rows = connection.execute(query).all()
            for row in rows:
                connection.execute(links.update().where(links.c.id == row.id).values(payload=None))
            drop_blobs(connection, *(row.payload for row in rows))
        return len(rows)


def unexpired(now: dt.datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Conditions of a link that still opens."""
    return links.c.revoked_at.is_(None), sa.or_(links.c.expires_at.is_(None), links.c.expires_at > now)


def link_of(row: sa.Row[Any], token: str | None = None) -> Link:
    """A row of the table as a record."""
    return Link(
        id=row.id,
        week_id=row.week_id,
        title=row.title,
        page=row.page,
        filters=dict(row.filters),
        profile_key=row.profile_key,
        profile=make_profile(row.profile),
        calculation_version=row.calculation_version,
        lifetime=Lifetime(row.lifetime),
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        has_own_data=row.payload is not None,
        token=token,
        scope=row.scope,
    )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _fernet(maker: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"sferum link token").derive(maker.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def _seal(token: str, maker: str) -> str:
    return _fernet(maker).encrypt(token.encode()).decode()


def _unseal(sealed: str, maker: str) -> str:
    try:
        return _fernet(maker).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise DamagedPayload("Ссылка в базе повреждена.", "Отзовите её и сделайте новую.") from error
