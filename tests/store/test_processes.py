"""Nothing saved is lost or half there: kill -9 while saving, many savers at once, many starts at once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

import pytest
import sqlalchemy as sa

from sferum_store import Store, open_store
from sferum_store.backup import check
from sferum_store.migrate import newest_revision
from sferum_store.schema import drafts, links, payloads, week_details, week_sums, weeks
from tests.conftest import ROOT
from tests.store.processes import EACH, FIRST, THREADS, numbered, original
from tests.store.test_payload import assert_equal_exports

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks processes")
KILLS = 36


def run(*arguments: object, seconds: float = 120) -> dict[str, Any]:
    """What a group of processes says at its end."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.processes", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def unnamed_payloads(store: Store) -> int:
    """Contents that nothing names: what a half-done save would leave."""
    columns = (weeks.c.payload, weeks.c.points, weeks.c.original, drafts.c.payload, links.c.payload)
    named = [sa.exists().where(column == payloads.c.digest) for column in columns]
    with store.database.read() as connection:
        return int(
            connection.scalar(sa.select(sa.func.count()).select_from(payloads).where(~sa.or_(*named))) or 0
        )


def wait_for_the_killed(store: Store) -> None:
    """PostgreSQL notices a little later that a client is gone; what it was doing is undone then."""
    if store.database.is_sqlite:
        return
    others = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with store.database.read() as connection:
            if not connection.scalar(others):
                return
        time.sleep(0.1)
    raise AssertionError("connections of killed processes stay")


def test_a_save_that_is_killed_leaves_a_whole_week_or_none(empty_url: str) -> None:
    """Acknowledged: whole. Not acknowledged: absent, or whole when the kill fell between commit and answer."""
    seen = run("killed", empty_url, KILLS, 20240404)
    assert seen["interrupted"] >= KILLS * 0.8, "kills must fall inside of saves"
    store = open_store(empty_url)
    wait_for_the_killed(store)
    kept = {saved.id: saved for saved in store.weeks.find(all_versions=True)}
    assert set(seen["acknowledged"]) <= set(kept)
    assert len(kept) <= seen["begun"]
    assert len(kept) - len(seen["acknowledged"]) <= seen["interrupted"]
    for saved in kept.values():
        number = (saved.period.end - FIRST).days // 7
        opened = store.weeks.open(saved.id)
        assert_equal_exports(opened.export, numbered(number))
        assert store.weeks.original(saved.id) == (f"{number}.xlsx", original(number))
    groups = {name: set() for name in kept} | {
        name: set(part["municipality_key"])
        for name, part in store.sums.read(week_ids=kept).groupby("week_id")
    }
    assert {len(keys) for keys in groups.values()} == {5}
    with store.database.read() as connection:
        for table in (week_details, week_sums):
            assert set(connection.scalars(sa.select(table.c.week_id))) == set(kept)
    assert unnamed_payloads(store) == 0
    assert check(store.database).problems == ()
    assert seen["acknowledged"], "some saves must have ended"
    assert len(kept) < seen["begun"], "some saves must have been undone"


def test_two_processes_of_four_threads_save_and_read(url: str) -> None:
    assert run("crowd", url, 2)["well"]
    store = open_store(url)
    saves = 2 * THREADS * EACH
    shared = [saved for saved in store.weeks.find(all_versions=True) if saved.period.end.year == 2024]
    assert [saved.version for saved in shared] == list(range(saves, 0, -1))
    assert [saved.replaces for saved in shared] == [saved.id for saved in shared[1:]] + [None]
    assert sum(saved.is_current for saved in shared) == 1
    assert len(store.weeks.find()) == saves + 1
    assert check(store.database).problems == ()
    assert unnamed_payloads(store) == 0


def test_many_processes_start_on_an_empty_database_at_once(empty_url: str) -> None:
    assert run("together", empty_url, 8)["well"]
    with open_store(empty_url).database.read() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).all() == [
            (newest_revision(),)
        ]
