"""Backup and restore: one SQLite file whatever the database is, so that it also moves an office to PostgreSQL and back."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from sferum_store.audit import Action, record
from sferum_store.engine import Database, unavailable
from sferum_store.errors import DamagedPayload, StoreError
from sferum_store.frames import table_of
from sferum_store.migrate import current_revision, migrate, newest_revision
from sferum_store.payload import digest_of, export_of
from sferum_store.schema import drafts, links, metadata, payloads, registries, weeks

_CHUNK = 200  # rows copied at once: a row of `payloads` may hold a whole week
_PAGES = 1000  # of SQLite copied between two looks at the lock


@dataclass(frozen=True)
class Contents:
    """How much a database or a backup holds."""

    weeks: int
    drafts: int
    links: int
    payload_bytes: int


@dataclass(frozen=True)
class Checked:
    """What `check` found; `problems` are Russian sentences, empty when all is well."""

    contents: Contents
    problems: tuple[str, ...]


def backup(database: Database, file: Path) -> Contents:
    """Copy everything, as of one moment, into a new SQLite file, while the app runs.

    The file appears under its name when it is whole. StoreError when it exists already or can't be written.
    """
    if file.exists():
        raise StoreError(f"Файл «{file}» уже есть.", "Назовите другой: копии не перезаписываются.")
    with _beside(file) as draft:
        if database.file is not None:
            _copy_sqlite(database.file, draft)
        else:
            _copy_rows(database, draft)
        contents = _contents_of_file(draft)
        _to_disk(draft)
        draft.replace(file)
    return contents


def restore(database: Database, file: Path, *, replace: bool = False, by: str = "") -> Contents:
    """Put a backup into the database: all of it or nothing. One of an older version is brought up to date first.

    StoreError when the file is no backup, or the database holds something and `replace` is not given.
    """
    if not file.is_file():
        raise StoreError(f"Файла «{file}» нет.", "Проверьте имя файла.")
    with tempfile.TemporaryDirectory(prefix="sferum-restore-") as folder:
        copy = Path(folder) / "copy.sqlite"
        try:
            _copy_sqlite(file, copy)
            with _opened(copy) as source, source.read() as connection:
                is_ours = current_revision(connection) is not None
        except (sqlite3.Error, StoreError) as error:
            raise _no_backup(file) from error
        if not is_ours:
            raise _no_backup(file)
        with _opened(copy) as source:
            migrate(source)
            found = check(source)
            if found.problems:
                raise StoreError(f"Копия повреждена: {found.problems[0]}", "Возьмите другую копию.")
            migrate(database)
            _put_rows(source, database, replace=replace, by=by)
    return contents(database)


def check(database: Database) -> Checked:
    """Whether everything stored is whole: the file, every reference, every payload's sum and its reading back."""
    problems: list[str] = []
    with database.read() as connection:
        if database.is_sqlite:
            answer = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            problems += [f"файл базы: {line}" for line in answer if line != "ok"]
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            problems += [f"строка таблицы {row[0]} ссылается на несуществующую" for row in broken]
        if current_revision(connection) != newest_revision():
            problems.append("устройство базы не той версии, что у приложения")
        tables = set(connection.scalars(sa.select(weeks.c.points).where(weeks.c.points.is_not(None))))
        exports = set(connection.scalars(sa.select(weeks.c.payload).where(weeks.c.payload.is_not(None))))
        exports |= set(connection.scalars(sa.select(drafts.c.payload)))
        exports |= set(connection.scalars(sa.select(registries.c.payload)))
        exports |= set(connection.scalars(sa.select(links.c.payload).where(links.c.payload.is_not(None))))
        for digest in connection.scalars(sa.select(payloads.c.digest)).all():
            content = bytes(
                connection.scalar(sa.select(payloads.c.content).where(payloads.c.digest == digest)) or b""
            )
            problems += _payload_problems(digest, content, digest in exports, digest in tables)
        lost = sa.select(weeks.c.id).where(weeks.c.deleted_at.is_(None), weeks.c.payload.is_(None))
        problems += [f"у недели {week} нет данных" for week in connection.scalars(lost)]
        found = _contents(connection)
    return Checked(found, tuple(problems))


def contents(database: Database) -> Contents:
    """How much a database holds."""
    with database.read() as connection:
        return _contents(connection)


def _payload_problems(digest: str, content: bytes, is_export: bool, is_table: bool) -> list[str]:
    if digest_of(content) != digest:
        return [f"содержимое {digest[:12]} не совпадает со своей контрольной суммой"]
    try:
        if is_export:
            export_of(content)
        if is_table:
            table_of(content)
    except DamagedPayload:
        return [f"содержимое {digest[:12]} не читается"]
    return []


def _contents(connection: sa.Connection) -> Contents:
    return Contents(
        weeks=connection.scalar(sa.select(sa.func.count()).where(weeks.c.deleted_at.is_(None))) or 0,
        drafts=connection.scalar(sa.select(sa.func.count()).select_from(drafts)) or 0,
        links=connection.scalar(sa.select(sa.func.count()).select_from(links)) or 0,
        payload_bytes=int(connection.scalar(sa.select(sa.func.sum(payloads.c.size))) or 0),
    )


def _contents_of_file(file: Path) -> Contents:
    with _opened(file) as copy:
        return contents(copy)


@contextmanager
def _opened(file: Path) -> Iterator[Database]:
    """The database of a SQLite file, closed at the end."""
    database = Database(f"sqlite:///{file}")
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """A file being made beside its later place, gone when something fails."""
    if not file.parent.is_dir():
        raise StoreError(
            f"Папки «{file.parent}» нет: копию нельзя записать.", "Создайте папку или назовите другую."
        )
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        draft.unlink(missing_ok=True)
        yield draft
    except OSError as error:
        raise StoreError(
            f"Копию нельзя записать: {error.strerror}.", "Проверьте папку и место на диске."
        ) from error
    finally:
        for leftover in (
            draft,
            *(draft.with_name(draft.name + end) for end in ("-wal", "-shm", "-journal", ".lock")),
        ):
            leftover.unlink(missing_ok=True)


def _to_disk(file: Path) -> None:
    """Safe from a power cut, and read by its owner only."""
    file.chmod(0o600)
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def _copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's own online backup: a copy of one moment while others write; without a WAL of its own."""
    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(str(target))) as new,
        ):
            old.backup(new, pages=_PAGES)
            new.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.Error as error:
        raise unavailable(error) from error


def _copy_rows(database: Database, target: Path) -> None:
    """Every table, row by row, of one snapshot, into a fresh SQLite file of the same schema."""
    with _opened(target) as copy:
        migrate(copy)
        with database.read() as old, copy.write() as new:
            if current_revision(old) != newest_revision():
                raise StoreError(
                    "База не той версии, что приложение.", "Запустите приложение один раз и повторите."
                )
            _copy_tables(old, new)
    with closing(sqlite3.connect(str(target))) as plain:
        plain.execute("PRAGMA journal_mode=DELETE").fetchone()


def _put_rows(source: Database, database: Database, *, replace: bool, by: str) -> None:
    with source.read() as old, database.write() as new:
        if not database.is_sqlite:
            names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
            new.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
        if not replace and any(_has_rows(new, table) for table in metadata.sorted_tables):
            raise StoreError(
                "В базе уже есть данные.", "Чтобы заменить их данными из копии, добавьте --replace."
            )
        new.execute(weeks.update().values(replaces=None))
        for table in reversed(metadata.sorted_tables):
            new.execute(table.delete())
        _copy_tables(old, new)
        if not database.is_sqlite:
            _set_sequences(new)
        record(new, Action.RESTORED, who=by)


def _has_rows(connection: sa.Connection, table: sa.Table) -> bool:
    return connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None


def _copy_tables(old: sa.Connection, new: sa.Connection) -> None:
    for table in metadata.sorted_tables:
        query = sa.select(table)
        if table is weeks:  # a version names the one before it
            query = query.order_by(weeks.c.version)
        rows = old.execution_options(yield_per=_CHUNK).execute(query)
        for part in rows.mappings().partitions(_CHUNK):
            new.execute(table.insert(), [dict(row) for row in part])


def _set_sequences(connection: sa.Connection) -> None:
    """Numbers given from now on come after those of the copy."""
    for table in metadata.sorted_tables:
        if "number" not in table.c:
            continue
        last = connection.scalar(sa.select(sa.func.max(table.c.number)))
        sequence = sa.func.pg_get_serial_sequence(table.name, "number")
        connection.execute(sa.select(sa.func.setval(sequence, last or 1, last is not None)))


def _no_backup(file: Path) -> StoreError:
    return StoreError(f"Файл «{file}» – не копия этого приложения.", "Проверьте имя файла.")
