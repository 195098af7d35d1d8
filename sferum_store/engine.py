"""The database behind the store: SQLite in a file or PostgreSQL, reading and writing transactions."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from sferum_store.errors import SettingsError, StoreUnavailable

_WRITES = "sferum_writes"


def utc_now() -> dt.datetime:
    """The time of now in UTC."""
    return dt.datetime.now(dt.UTC)


def parse_url(address: str) -> URL:
    """The address as SQLAlchemy takes it: a file's for SQLite, psycopg's for PostgreSQL. Else SettingsError."""
    advice = (
        "Задайте SFERUM_DATABASE_URL вида postgresql://пользователь:пароль@сервер/база или оставьте пустым."
    )
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise SettingsError("Адрес базы данных не понят.", advice) from None
    name = url.get_backend_name()
    if name in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    if name == "sqlite" and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite+pysqlite")
    raise SettingsError("База данных – файл SQLite или PostgreSQL, а задано другое.", advice)


class Database:
    """Reading and writing transactions of one database; safe between threads.

    SQLite: WAL, foreign keys, one connection an operation; a writing transaction takes the write lock at once, so two
    writers wait for each other and never fail half-way. PostgreSQL: a pool; every operation is a transaction of its own.
    """

    def __init__(self, address: str, *, pool: int = 5, wait_seconds: float = 30) -> None:
        self.url = parse_url(address)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._wait = wait_seconds
        self.engine = self._sqlite() if self.is_sqlite else self._postgresql(pool)
        self._writer = self.engine.execution_options(**{_WRITES: True})
        self._count = itertools.count(1)
        self.writes = (
            0  # writing transactions of this process that have ended: what was read before may be old
        )

    @property
    def file(self) -> Path | None:
        """SQLite's file; None for PostgreSQL."""
        return Path(str(self.url.database)) if self.is_sqlite else None

    def _sqlite(self) -> sa.Engine:
        engine = sa.create_engine(self.url, poolclass=NullPool, connect_args={"timeout": self._wait})
        wait = int(self._wait * 1000)

        @sa.event.listens_for(engine, "connect")
        def _prepare(connection: Any, record: Any) -> None:
            connection.isolation_level = None  # transactions are begun below, by name
            for pragma in (f"busy_timeout={wait}", "foreign_keys=ON", "synchronous=FULL"):
                connection.execute(f"PRAGMA {pragma}")

        @sa.event.listens_for(engine, "begin")
        def _begin(connection: sa.Connection) -> None:
            writes = connection.get_execution_options().get(_WRITES)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

        return engine

    def _postgresql(self, pool: int) -> sa.Engine:
        return sa.create_engine(
            self.url,
            pool_size=pool,
            max_overflow=pool,
            pool_timeout=self._wait,
            pool_pre_ping=True,
            pool_recycle=1800,
            connect_args={
                "connect_timeout": max(1, int(self._wait)),
                "application_name": "sferum-reports",
                "options": f"-c lock_timeout={int(self._wait * 1000)} -c timezone=UTC",
            },
        )

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection for reading; what it sees within the block is of one moment."""
        with self._told(), self.engine.connect() as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction: all of the block is there afterwards, or nothing of it."""
        try:
            with self._told(), self._writer.begin() as connection:
                yield connection
        finally:
            self.writes = next(self._count)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the database itself refuses becomes a Russian sentence."""
        try:
            yield
        except OperationalError as error:
            raise unavailable(error) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise unavailable(error) from error
            raise
        except sa.exc.TimeoutError as error:
            raise StoreUnavailable(
                "Все соединения с базой данных заняты.", "Повторите через минуту."
            ) from error

    def lock(self, connection: sa.Connection, name: str) -> None:
        """Until the end of the transaction nobody else holds `name`. SQLite has one writer anyway."""
        if not self.is_sqlite:
            connection.execute(
                sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(name, 7_206_842)))
            )

    def close(self) -> None:
        """Close idle connections."""
        self.engine.dispose()


def unavailable(error: Exception) -> StoreUnavailable:
    """The Russian sentence for a database that does not serve."""
    text = str(error).lower()
    if "locked" in text or "lock timeout" in text or "lock_timeout" in text:
        return StoreUnavailable("База данных занята другой записью.", "Повторите через минуту.")
    if "readonly" in text or "unable to open" in text or "read-only" in text:
        return StoreUnavailable(
            "В файл базы данных нельзя писать.",
            "Проверьте права на папку из настройки SFERUM_DATA_DIR.",
        )
    if "disk is full" in text or "no space" in text or "disk full" in text:
        return StoreUnavailable("На диске кончилось место.", "Освободите место и повторите.")
    if "malformed" in text or "not a database" in text:
        return StoreUnavailable(
            "Файл базы данных повреждён.", "Восстановите её из копии: python -m sferum_store restore."
        )
    return StoreUnavailable(
        "База данных не отвечает.", "Проверьте, что она запущена, и настройку SFERUM_DATABASE_URL."
    )
