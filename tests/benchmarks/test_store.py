"""How the store grows: a link among 520 weeks, one region's trends among 89, saving beside the bare bytes."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from sferum_core.model import Export, Period
from sferum_store import Store, open_store
from sferum_store.backup import contents
from sferum_store.blobs import put_blob
from sferum_store.payload import export_bytes, export_of
from sferum_store.schema import week_details, week_sums, weeks
from sferum_store.week_rows import period_key
from tests.benchmarks.measure import Report, ratio
from tests.postgres import Cluster, running_cluster
from tests.store.conftest import BOTH
from tests.store.samples import PROFILE, demo

pytestmark = pytest.mark.benchmark

FIRST = dt.date(2014, 1, 2)
TEN_YEARS = 520
REGIONS, TWO_YEARS = 89, 104
AT_ONCE = 20  # single calls take milliseconds


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as running:
        yield running


@pytest.fixture(scope="module", params=BOTH)
def make_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A maker of empty stores in one of the databases."""
    if request.param == "sqlite":
        return lambda: open_store(f"sqlite:///{tmp_path_factory.mktemp('store') / 'a.sqlite'}")
    running: Cluster = request.getfixturevalue("cluster")
    return lambda: open_store(running.new_database())


def region_week(number: int) -> Export:
    """The demo's 1,202 organizations as another week; 3,000 are tried by `large`."""
    export = demo(number % 6)
    end = FIRST + dt.timedelta(weeks=number)
    source = export.source.model_copy(update={"sha256": f"{number:064x}"})
    return replace(export, period=Period(start=end - dt.timedelta(days=6), end=end), source=source)


def large() -> Export:
    """3,000 organizations."""
    export = demo()
    table = pd.concat([export.table] * 3, ignore_index=True).head(3000)
    ids = pd.Series([f"{number:08d}" for number in range(3000)], dtype="str")
    return replace(export, table=table.assign(organization_id=ids), source_rows=3000)


def filled(store: Store, count: int) -> tuple[Store, str]:
    """So many weeks of a region, each with a table of its own, and the token of a link to one in the middle.

    The first is saved as the app saves it; the others are its rows anew, for saving thousands takes an hour.
    """
    ids = [store.weeks.save(region_week(0), region="Область", profile=PROFILE).week.id]
    with store.database.write() as connection:
        (row,) = connection.execute(sa.select(weeks)).mappings().all()
        (details,) = connection.execute(sa.select(week_details)).mappings().all()
        sums = connection.execute(sa.select(week_sums)).mappings().all()
        for number in range(1, count):
            export = region_week(number)
            assert export.period is not None
            ids.append(secrets.token_urlsafe(18))
            own = {
                "id": ids[-1],
                "payload": put_blob(connection, export_bytes(export)),
                "sha256": export.source.sha256,
                "period_start": export.period.start,
                "period_end": export.period.end,
                "period_key": period_key(export.period),
            }
            connection.execute(weeks.insert().values({**row, **own}))
            connection.execute(week_details.insert().values({**details, "week_id": ids[-1]}))
            connection.execute(week_sums.insert(), [{**group, "week_id": ids[-1]} for group in sums])
    link = store.links.make(maker="m", page="p", profile=PROFILE, week_id=ids[count // 2])
    return store, str(link.token)


def multiply(store: Store, regions: int) -> None:
    """The weeks of the first region for others too, row by row in the database, their tables shared."""
    with store.database.write() as connection:
        rows = [dict(row) for row in connection.execute(sa.select(weeks)).mappings()]
        sums = [dict(row) for row in connection.execute(sa.select(week_sums)).mappings()]
        details = {
            row["week_id"]: dict(row) for row in connection.execute(sa.select(week_details)).mappings()
        }
        for region in range(1, regions):
            name = f"Область {region}"
            ids = {row["id"]: secrets.token_urlsafe(18) for row in rows}
            connection.execute(
                weeks.insert(),
                [{**row, "id": ids[row["id"]], "region": name, "region_key": name.lower()} for row in rows],
            )
            connection.execute(
                week_details.insert(), [{**details[old], "week_id": new} for old, new in ids.items()]
            )
            connection.execute(week_sums.insert(), [{**row, "week_id": ids[row["week_id"]]} for row in sums])
    with store.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("ANALYZE"))


def open_link(store: Store, token: str) -> None:
    """What a colleague's browser asks for."""
    for _ in range(AT_ONCE):
        link = store.links.open(token)
        store.weeks.open(str(link.week_id))


def on_disk(store: Store) -> str:
    """Size of the database in words."""
    if store.database.file is not None:
        size = store.database.file.stat().st_size
    else:
        with store.database.read() as connection:
            size = connection.scalar(sa.text("SELECT pg_database_size(current_database())")) or 0
    return (
        f"{size / 2**20:.0f} MiB on disk, {contents(store.database).payload_bytes / 2**20:.0f} MiB of tables"
    )


def kind(store: Store) -> str:
    return "SQLite" if store.database.is_sqlite else "PostgreSQL"


def test_a_link_among_ten_years_of_weeks(make_store: Any, report: Report) -> None:
    few, many = filled(make_store(), 1), filled(make_store(), TEN_YEARS)
    measured, words = ratio(partial(open_link, *many), partial(open_link, *few), rounds=9)
    how = f"{AT_ONCE} openings: {words}; {on_disk(many[0])}"
    report.add_ratio(f"{kind(few[0])}: opening a link, {TEN_YEARS} weeks / 1 week", measured, 1.2, how=how)


def test_trends_of_a_region_among_eighty_nine(make_store: Any, report: Report) -> None:
    few, many = filled(make_store(), TWO_YEARS), filled(make_store(), TWO_YEARS)
    multiply(many[0], REGIONS)

    def trend(store: Store) -> None:
        sums = store.sums.read("Область", indicators=["teachers_10_messages"])
        assert sums["week_id"].nunique() == TWO_YEARS

    measured, words = ratio(partial(trend, many[0]), partial(trend, few[0]), rounds=7)
    how = f"{words}; {REGIONS} regions × {TWO_YEARS} weeks: {on_disk(many[0])}"
    report.add_ratio(f"{kind(few[0])}: trends of a region, {REGIONS} regions / 1", measured, 1.2, how=how)
    opened, words = ratio(partial(open_link, *many), partial(open_link, *few), rounds=9)
    what = f"{kind(few[0])}: opening a link, {REGIONS} regions × {TWO_YEARS} weeks / 1 region"
    report.add_ratio(what, opened, 1.2, how=f"{AT_ONCE} openings: {words}")


@pytest.mark.parametrize("size", ["1,202", "3,000"])
def test_saving_and_opening_a_week(make_store: Any, report: Report, size: str) -> None:
    store, export = make_store(), demo() if size == "1,202" else large()
    content = export_bytes(export)
    saved = store.weeks.save(export, region="Область", profile=PROFILE).week.id
    save = partial(store.weeks.save, export, region="Область", profile=PROFILE, anyway=True)
    measured, words = ratio(
        lambda: [save() for _ in range(5)], lambda: [export_bytes(export) for _ in range(5)]
    )
    report.add_ratio(
        f"{kind(store)}: saving a week of {size} rows / making its bytes", measured, 30, how=f"5 × {words}"
    )
    measured, words = ratio(
        lambda: [store.weeks.open(saved) for _ in range(AT_ONCE)],
        lambda: [export_of(content) for _ in range(AT_ONCE)],
    )
    how = f"{AT_ONCE} × {words}; {len(content) / 1024:.0f} KiB a week"
    report.add_ratio(
        f"{kind(store)}: opening a week of {size} rows / reading its bytes", measured, 3, how=how
    )


def test_a_backup_beside_a_copy(make_store: Any, report: Report, tmp_path: Path) -> None:
    from sferum_store.backup import backup, restore  # noqa: PLC0415

    store, _ = filled(make_store(), 26)
    numbers = iter(range(100))
    target = make_store()

    def copy() -> None:
        backup(store.database, tmp_path / f"{next(numbers)}.sqlite")

    def put() -> None:
        restore(target.database, tmp_path / "0.sqlite", replace=True)

    copy()  # the one that is restored
    measured, words = ratio(put, copy, rounds=3)
    report.add_ratio(f"{kind(store)}: restoring half a year / backing it up", measured, 40, how=words)
