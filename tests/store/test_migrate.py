"""The schema: what migrations make is what the code declares; old, new and strange databases."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from sferum_store import SettingsError, StoreUnavailable, open_store
from sferum_store.engine import Database
from sferum_store.migrate import alembic_config, current_revision, migrate, newest_revision
from sferum_store.schema import metadata
from tests.store.samples import NOW, week


def test_migrations_make_what_is_declared(url: str) -> None:
    with open_store(url).database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_they_can_be_taken_back(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with database.read() as connection:
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
    migrate(database)
    with database.read() as connection:
        assert current_revision(connection) == newest_revision()


def test_opening_again_loses_nothing(url: str) -> None:
    draft = open_store(url).drafts.put(week(), now=NOW)
    assert open_store(url).drafts.open(draft.id, NOW).id == draft.id


def test_a_database_of_a_newer_version_is_left_alone(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailable, match="более новой версией"):
        open_store(url)
    with database.read() as connection:
        assert current_revision(connection) == "9999"


def test_a_migration_that_fails_leaves_nothing_half_done(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(empty_url)
    real = command.upgrade

    def upgrade_then_fail(*arguments: object) -> None:
        real(*arguments)
        raise RuntimeError("power cut")

    monkeypatch.setattr(command, "upgrade", upgrade_then_fail)
    with pytest.raises(RuntimeError):
        migrate(database)
    monkeypatch.undo()
    with database.read() as connection:
        assert sa.inspect(connection).get_table_names() == []
    migrate(database)
    assert open_store(empty_url).weeks.find() == []


def test_sqlite_is_set_up_for_many_readers_and_power_cuts(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'a.sqlite'}", database_wait_seconds=7)
    with store.database.read() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "busy_timeout": 7000}


def test_the_file_is_made_in_a_folder_of_its_own(tmp_path: Path) -> None:
    store = open_store(data_dir=tmp_path / "a" / "данные")
    assert store.weeks.find() == []
    assert (tmp_path / "a" / "данные" / "sferum.sqlite").is_file()
    assert (tmp_path / "a" / "данные").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreUnavailable, match="SFERUM_DATA_DIR"):
        open_store(data_dir=tmp_path / "file" / "data")


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    file.write_bytes(b"not a database, for sure " * 100)
    with pytest.raises(StoreUnavailable, match="повреждён"):
        open_store(f"sqlite:///{file}")


def test_a_database_that_is_busy_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    store = open_store(f"sqlite:///{file}", database_wait_seconds=0.1)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="занята"):
            store.drafts.put(week(), now=NOW)
        assert store.weeks.find() == []  # reading goes on


def test_postgresql_that_does_not_answer_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="не отвечает"):
        open_store(f"postgresql://postgres@/none?host={tmp_path}", database_wait_seconds=1)


@pytest.mark.parametrize("address", ["mysql://a/b", "sqlite://", "sqlite:///:memory:", "просто слова", "://"])
def test_other_databases_are_refused(address: str) -> None:
    with pytest.raises(SettingsError):
        open_store(address)


def test_a_password_is_in_no_message(tmp_path: Path) -> None:
    address = f"postgresql://user:s3cret@/none?host={tmp_path}"
    with pytest.raises(StoreUnavailable) as told:
        open_store(address, database_wait_seconds=1)
    assert "s3cret" not in str(told.value)
    store_settings = open_store(f"sqlite:///{tmp_path / 'a.sqlite'}").settings
    assert "sqlite" not in repr(store_settings)
