"""The schema brought up to date at start, once, however many processes start together."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DatabaseError

from sferum_store.engine import Database, unavailable
from sferum_store.errors import StoreUnavailable

FOLDER = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 7_206_841  # any number, the same in every process
_PAUSE = 0.02


def alembic_config() -> Config:
    """Alembic's settings without its file."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config


@cache
def newest_revision() -> str:
    """The revision this code works with."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert head is not None
    return head


def current_revision(connection: sa.Connection) -> str | None:
    """The revision of a database; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(database: Database, *, wait_seconds: float = 60) -> None:
    """Bring the schema to the newest revision. StoreUnavailable when the database is of a newer version of the app."""
    if database.file is not None:
        _make_folder(database.file)
        with _file_lock(database.file.with_name(database.file.name + ".lock"), wait_seconds):
            _migrate_sqlite(database, wait_seconds)
        return
    with database.read() as connection:
        if current_revision(connection) == newest_revision():
            return
    with database.write() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
        _upgrade(connection)


def _make_folder(file: Path) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            "Папку для базы данных нельзя создать.", "Проверьте настройку SFERUM_DATA_DIR и права на папку."
        ) from error


def _migrate_sqlite(database: Database, wait_seconds: float) -> None:
    # WAL can't be switched on inside a transaction, and waits for nobody: hence the file lock around it.
    try:
        with closing(sqlite3.connect(str(database.file), timeout=wait_seconds)) as plain:
            plain.execute("PRAGMA journal_mode=WAL").fetchone()
    except sqlite3.Error as error:
        raise unavailable(error) from error
    with database.read() as connection:
        if current_revision(connection) == newest_revision():
            return
    with database.write() as connection:
        _upgrade(connection)


def _upgrade(connection: sa.Connection) -> None:
    """Alembic in the caller's transaction: both databases undo a half-done change of schema."""
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    found = current_revision(connection)
    if found is not None and found not in known:
        raise StoreUnavailable(
            "База данных сделана более новой версией приложения.", "Обновите приложение и запустите снова."
        )
    config = alembic_config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except DatabaseError as error:
        raise unavailable(error) from error


@contextmanager
def _file_lock(path: Path, wait_seconds: float) -> Iterator[None]:
    """One process at a time; the system frees the lock of one that was killed."""
    try:
        file = path.open("a+b")
    except OSError as error:
        raise StoreUnavailable(
            "В папку базы данных нельзя писать.", "Проверьте настройку SFERUM_DATA_DIR и права на папку."
        ) from error
    with file:
        deadline = time.monotonic() + wait_seconds
        while not _try_lock(file):
            if time.monotonic() > deadline:
                raise StoreUnavailable(
                    "База данных занята запуском другого процесса.", "Подождите минуту и запустите снова."
                )
            time.sleep(_PAUSE)
        try:
            yield
        finally:
            _unlock(file)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
