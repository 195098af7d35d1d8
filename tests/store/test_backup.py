"""Backups hold everything as of one moment, go back whole or not at all, and move an office to the other database."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from sferum_core.access import Role
from sferum_core.corrections import CorrectedField, Correction
from sferum_core.mailings import LetterKind, Mailing, municipality_recipients
from sferum_core.names.cases import Case
from sferum_core.waiting import Organization
from sferum_store import Bound, Store, StoreError, TaskState, mark_key, open_store
from sferum_store.__main__ import main
from sferum_store.backup import backup, check, contents, restore
from sferum_store.names import Names
from sferum_store.schema import audit, metadata, payloads, weeks
from tests.store.samples import NOW, PROFILE, REGION, demo, demo_teachers, week
from tests.store.test_payload import assert_equal_exports


def fill(store: Store) -> str:
    """Something in every table; the token of a link."""
    first = store.weeks.save(week(), region=REGION, profile=PROFILE, original=b"\0\xff file", now=NOW).week
    second = store.weeks.save(
        week(sha256="1" * 64), region=REGION, profile=PROFILE, extra={"a": [1, None]}, now=NOW
    ).week
    store.weeks.delete(store.weeks.save(week(3), region=REGION, profile=PROFILE, now=NOW).week.id, now=NOW)
    store.drafts.put(demo(), draft_id="draft", now=NOW)
    link = store.links.make(
        maker="m", page="p", profile=PROFILE, week_id=first.id, filters={"s": ["я"]}, now=NOW
    )
    store.links.make(maker="m", page="p", profile=PROFILE, draft_id="draft", now=NOW)
    store.corrections.add(REGION, Correction(CorrectedField.TYPE, "1", "ОО"), now=NOW)
    store.corrections.add(REGION, Correction(CorrectedField.TEACHERS_TOTAL, "1", 12), now=NOW)
    store.mappings.remember(["Код", "Код"], {"Код": "", 1: "teachers_total"}, now=NOW)
    store.office.change({"name": "Управление", "support_addresses": ["a", "b"]}, now=NOW)
    store.marks.mark(REGION, mark_key("x"), code="x", now=NOW)
    task = store.tasks.add(REGION, office="Отдел", text="Текст", period_end=second.period.end, now=NOW)
    store.tasks.change(task.id, period_end=second.period.end, state=TaskState.DONE, now=NOW)
    sent = Mailing(LetterKind.REGION, NOW.date(), municipality_recipients(["г. Лесной"]), "1", NOW.date())
    kept = store.mailings.record(REGION, sent, week_end=second.period.end, now=NOW)
    store.mailings.mark(kept.id, [kept.recipients[0].key], NOW.date(), now=NOW)
    store.mailings.keep_fields("draft", {"number": "1"}, now=NOW)
    store.case_forms.correct("г. Лесной", Case.GENITIVE, "г. Лесного", now=NOW)
    store.decisions.record(REGION, {"platform_id": "1", "registry_inn": "2"}, accepted=False, now=NOW)
    store.registries.put(REGION, week(), now=NOW)
    store.waiting.mark(REGION, [Organization("1", "Школа", "Район")], now=NOW)
    store.profiles.keep("own-1", PROFILE, now=NOW)
    store.access.put("a@example.ru", Role.REGION)
    store.access.secret()
    store.access.sign_out("session", NOW.replace(year=2124))
    store.attempts.failed(Bound("link", 1, 1, dt.timedelta(minutes=1)), "10.0.0.1", NOW)
    keeping = store.settings.model_copy(
        update={"keep_names": True, "names_key": Fernet.generate_key().decode()}
    )
    Names(store.database, keeping).keep(demo_teachers().table, region=REGION, now=NOW)
    return str(link.token)


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with store.database.read() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def without_restoring(rows: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Without the line that says the data was restored."""
    return {name: [row for row in found if "restored" not in row] for name, found in rows.items()}


def test_a_backup_goes_back_into_either_database(url: str, tmp_path: Path, empty_url: str) -> None:
    """Both fixtures take both databases: SQLite to SQLite, to PostgreSQL, and back."""
    if "sferum.sqlite" in empty_url and "sferum.sqlite" in url:
        empty_url = f"sqlite:///{tmp_path / 'other.sqlite'}"
    store, target = open_store(url), open_store(empty_url)
    token = fill(store)
    before = everything(store)
    assert all(before.values()), "every table must hold something"
    file = tmp_path / "копия 1.sqlite"
    assert backup(store.database, file) == contents(store.database)
    assert restore(target.database, file) == contents(store.database)
    assert without_restoring(everything(target)) == before
    assert target.links.open(token, NOW).filters == {"s": ["я"]}
    assert_equal_exports(target.drafts.open("draft", NOW).export, demo())
    assert check(target.database).problems == ()
    target.corrections.add(
        REGION, Correction(CorrectedField.TYPE, "2", "ОО")
    )  # numbers go on after the copy's
    assert len(target.corrections.history(REGION)) == 3
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".")] == []


def test_a_backup_while_others_save_is_of_one_moment(store: Store, tmp_path: Path) -> None:
    stop = threading.Event()
    errors: list[BaseException] = []

    def save_without_end() -> None:
        number = 0
        try:
            while not stop.is_set():
                number += 1
                store.weeks.save(
                    week(number), region=REGION, profile=PROFILE, original=bytes([number % 256]) * 100_000
                )
        except BaseException as error:
            errors.append(error)

    saver = threading.Thread(target=save_without_end)
    saver.start()
    try:
        files = [tmp_path / f"{number}.sqlite" for number in range(3)]
        for file in files:
            backup(store.database, file)
    finally:
        stop.set()
        saver.join()
    assert errors == []
    for file in files:
        copy = open_store(f"sqlite:///{file}")
        assert check(copy.database).problems == ()
        for saved in copy.weeks.find():
            assert copy.weeks.original(saved.id)[1]
            assert not copy.sums.read(week_ids=[saved.id]).empty


def test_a_copy_never_takes_the_place_of_a_file(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    file.write_bytes(b"mine")
    with pytest.raises(StoreError, match="уже есть"):
        backup(store.database, file)
    assert file.read_bytes() == b"mine"
    with pytest.raises(StoreError, match="нельзя"):
        backup(store.database, tmp_path / "нет такой папки" / "a.sqlite")


def test_a_database_with_data_is_replaced_only_when_asked(store: Store, tmp_path: Path) -> None:
    fill(store)
    file = tmp_path / "a.sqlite"
    backup(store.database, file)
    store.weeks.save(week(9), region=REGION, profile=PROFILE)
    held = everything(store)
    with pytest.raises(StoreError, match="--replace"):
        restore(store.database, file)
    assert everything(store) == held
    restore(store.database, file, replace=True)
    assert len(store.weeks.find()) == 1


def test_a_restore_that_fails_changes_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    file = tmp_path / "a.sqlite"
    backup(store.database, file)
    held = everything(store)

    def fail(*arguments: object, **given: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("sferum_store.backup.record", fail)
    with pytest.raises(RuntimeError):
        restore(store.database, file, replace=True)
    assert everything(store) == held


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"x" * 200])
def test_another_file_is_no_backup(store: Store, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.sqlite"
    file.write_bytes(content)
    with pytest.raises(StoreError, match="не копия"):
        restore(store.database, file)
    with pytest.raises(StoreError, match="нет"):
        restore(store.database, tmp_path / "b.sqlite")


def test_somebody_elses_database_is_no_backup(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE weeks (id TEXT)")
        other.commit()
    with pytest.raises(StoreError, match="не копия"):
        restore(store.database, file)


def test_damage_is_found_and_such_a_copy_refused(store: Store, tmp_path: Path) -> None:
    fill(store)
    assert check(store.database).problems == ()
    with store.database.write() as connection:
        digest = connection.scalar(sa.select(weeks.c.payload).where(weeks.c.payload.is_not(None)))
        connection.execute(payloads.update().where(payloads.c.digest == digest).values(content=b"changed"))
    (problem,) = check(store.database).problems
    assert str(digest)[:12] in problem
    file = tmp_path / "a.sqlite"
    backup(store.database, file)
    with pytest.raises(StoreError, match="повреждена"):
        restore(store.database, file, replace=True)


def test_commands(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"SFERUM_DATABASE_URL": url, "SFERUM_DATA_DIR": str(tmp_path / "d")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sferum_store.store.process_settings", lambda: open_store(url).settings)
    store = open_store(url)
    fill(store)
    file = str(tmp_path / "a.sqlite")
    assert main(["backup", file]) == 0
    assert main(["check"]) == 0
    assert main(["expire"]) == 0
    assert main(["migrate"]) == 0
    assert main(["restore", file, "--replace"]) == 0
    said = capsys.readouterr()
    assert "2\u00a0недели, 1\u00a0черновик, 2\u00a0ссылки" in said.out.splitlines()[0]
    assert said.err == ""
    assert main(["backup", file]) == 1
    assert "уже есть" in capsys.readouterr().err
    with store.database.write() as connection:
        connection.execute(payloads.update().values(content=b"changed"))
    assert main(["check"]) == 1
    assert "не совпадает" in capsys.readouterr().err
    with store.database.read() as connection:
        deeds = connection.scalars(sa.select(audit.c.action)).all()
    assert "restored" in deeds
