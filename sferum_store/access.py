"""People and their roles, the server's secret, sign-outs, and counted attempts shared by all processes."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
import threading
import time
from dataclasses import dataclass

import sqlalchemy as sa

from sferum_core.access import GIVEN_ROLES, Role
from sferum_store.audit import Action, record
from sferum_store.engine import Database, utc_now
from sferum_store.errors import NotFound, NotSaved
from sferum_store.schema import access_secrets, attempts, people, signed_out
from sferum_store.texts import storable, who

KEPT_SECONDS = 5.0
"""How old the lists of people and sign-outs may be in another process; a change in this one shows at once."""
_EMAIL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]{1,190}")
SESSION_SECRET, PASSWORD_HASH = "session", "password"


@dataclass(frozen=True)
class Member:
    """A person with a role; `municipality` for an editor of one, "" else."""

    email: str
    role: Role
    municipality: str
    added_at: dt.datetime
    added_by: str


@dataclass(frozen=True)
class _Known:
    at: float
    people: dict[str, Member]
    signed_out: frozenset[str]
    password: str


class Access:
    """Who has which role (`Store.access`). Reads come from memory, asked of the database every few seconds."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._lock = threading.Lock()
        self._known: _Known | None = None
        self._secret: bytes | None = None

    def find(self, email: str) -> Member | None:
        """The person with this e-mail, however its letters are written; None for nobody."""
        return self._now().people.get(normal_email(email))

    def people(self) -> list[Member]:
        """Everyone with a role, by e-mail."""
        self._forget()
        return sorted(self._now().people.values(), key=lambda one: one.email)

    def put(self, email: str, role: Role, municipality: str = "", *, by: str = "") -> Member:
        """Give a role, or another one. NotSaved for what is no e-mail, no given role, or an editor of nowhere."""
        address = normal_email(email)
        if not address:
            raise NotSaved("Электронная почта не указана.", "Напишите её в виде имя@домен.")
        if not _EMAIL.fullmatch(address):
            raise NotSaved(
                f"«{address[:60]}» – не адрес электронной почты.", "Напишите его в виде имя@домен."
            )
        if role not in GIVEN_ROLES:
            raise NotSaved("Такую роль назначить нельзя.", "Выберите роль из списка.")
        place = " ".join(storable(municipality).split())[:200] if role is Role.MUNICIPALITY else ""
        if role is Role.MUNICIPALITY and not place:
            raise NotSaved("Не указан муниципалитет.", "Выберите, чьи организации видит редактор.")
        at, added_by = utc_now(), who(by)
        values = {"role": role.value, "municipality": place, "added_at": at, "added_by": added_by}
        with self._db.write() as connection:
            changed = connection.execute(people.update().where(people.c.email == address).values(values))
            if not changed.rowcount:
                connection.execute(people.insert().values(email=address, **values))
            record(connection, Action.ROLE, who=by, subject=_short(address), about=role.value)
        self._forget()
        return Member(address, role, place, at, added_by)

    def remove(self, email: str, *, by: str = "") -> None:
        """Take the role away; open pages lose it within seconds. NotFound for nobody."""
        address = normal_email(email)
        with self._db.write() as connection:
            if not connection.execute(people.delete().where(people.c.email == address)).rowcount:
                raise NotFound("Такого человека в списке нет.", "Обновите страницу.")
            record(connection, Action.ROLE, who=by, subject=_short(address), about="removed")
        self._forget()

    def sign_out(self, session: str, until: dt.datetime) -> None:
        """From now on a cookie with this session is refused; kept until it would have ended anyway."""
        digest = _sha256(session)
        with self._db.write() as connection:
            connection.execute(signed_out.delete().where(signed_out.c.until < utc_now()))
            known = connection.scalar(sa.select(signed_out.c.session).where(signed_out.c.session == digest))
            if known is None:
                connection.execute(signed_out.insert().values(session=digest, until=until))
        self._forget()

    def is_signed_out(self, session: str) -> bool:
        """Whether somebody signed out of it."""
        return _sha256(session) in self._now().signed_out

    def secret(self) -> bytes:
        """The key that signs cookies: made once, the same in every process."""
        if self._secret is None:
            self._secret = bytes.fromhex(self._keep(SESSION_SECRET, secrets.token_hex(32)))
        return self._secret

    def password_hash(self) -> str:
        """The office password's hash set by the command; "" for none."""
        return self._now().password

    def set_password_hash(self, value: str) -> None:
        """Keep the hash; everyone who signed in with the password before is signed out."""
        with self._db.write() as connection:
            connection.execute(access_secrets.delete().where(access_secrets.c.name == PASSWORD_HASH))
            connection.execute(access_secrets.insert().values(name=PASSWORD_HASH, value=value))
            record(connection, Action.SETTINGS, about="password")
        self._forget()

    def _keep(self, name: str, fresh: str) -> str:
        query = sa.select(access_secrets.c.value).where(access_secrets.c.name == name)
        with self._db.write() as connection:
            self._db.lock(connection, f"secret {name}")
            found = connection.scalar(query)
            if found is None:
                connection.execute(access_secrets.insert().values(name=name, value=fresh))
                return fresh
            return str(found)

    def _forget(self) -> None:
        with self._lock:
            self._known = None

    def _now(self) -> _Known:
        with self._lock:
            known = self._known
            if known is None or time.monotonic() - known.at > KEPT_SECONDS:
                known = self._known = self._read()
            return known

    def _read(self) -> _Known:
        with self._db.read() as connection:
            rows = connection.execute(sa.select(people)).all()
            out = connection.scalars(sa.select(signed_out.c.session)).all()
            password = connection.scalar(
                sa.select(access_secrets.c.value).where(access_secrets.c.name == PASSWORD_HASH)
            )
        members = {
            row.email: Member(row.email, Role(row.role), row.municipality, row.added_at, row.added_by)
            for row in rows
        }
        return _Known(time.monotonic(), members, frozenset(out), password or "")


@dataclass(frozen=True)
class Bound:
    """How many failures are borne within a window, of one address and of all together."""

    kind: str
    address: int
    overall: int
    window: dt.timedelta


class Attempts:
    """Failures counted in the database, so that all sessions and processes share them (`Store.attempts`).

    Once all addresses together are over their bound, an address with a failure of its own is refused at once;
    others are not, or a stranger could lock everybody out.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def failed(self, bound: Bound, address: str, now: dt.datetime | None = None) -> None:
        """Count one more failure."""
        at = now or utc_now()
        old = at - 2 * bound.window
        with self._db.write() as connection:
            connection.execute(attempts.delete().where(attempts.c.kind == bound.kind, attempts.c.at < old))
            connection.execute(attempts.insert().values(kind=bound.kind, address=_sha256(address), at=at))

    def wait_seconds(self, bound: Bound, address: str, now: dt.datetime | None = None) -> int:
        """How long this address has to wait; 0 when it may try."""
        at = now or utc_now()
        since = at - bound.window
        own = sa.case((attempts.c.address == _sha256(address), 1), else_=0)
        query = sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(own), 0),
            sa.func.min(sa.case((attempts.c.address == _sha256(address), attempts.c.at))),
        ).where(attempts.c.kind == bound.kind, attempts.c.at > since)
        with self._db.read() as connection:
            overall, mine, first = connection.execute(query).one()
        if mine < bound.address and not (overall >= bound.overall and mine):
            return 0
        oldest = first if isinstance(first, dt.datetime) else at
        if oldest.tzinfo is None:
            oldest = oldest.replace(tzinfo=dt.UTC)
        return max(1, int((oldest + bound.window - at).total_seconds()) + 1)

    def succeeded(self, bound: Bound, address: str) -> None:
        """Forget the failures of an address that got in."""
        with self._db.write() as connection:
            connection.execute(
                attempts.delete().where(attempts.c.kind == bound.kind, attempts.c.address == _sha256(address))
            )


def normal_email(email: str) -> str:
    """The e-mail as it is compared: without blanks around, in lower case."""
    return storable(email).strip().casefold()[:254]


def _short(address: str) -> str:
    return _sha256(address)[:12]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
