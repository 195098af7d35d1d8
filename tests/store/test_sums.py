"""Sums of many weeks are read without opening any of them."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import event

from sferum_core import compare_municipalities
from sferum_core.indicators import Denominator
from sferum_core.model import ExportKind
from sferum_store import SUMS_COLUMNS, Store
from tests.core.checks.exports import municipalities
from tests.store.samples import DEMO_FILES, PROFILE, REGION, demo, week


@pytest.fixture
def saved(store: Store) -> list[str]:
    """Ids of the demo's weeks, the earliest first."""
    return [
        store.weeks.save(demo(number), region=REGION, profile=PROFILE).week.id
        for number in range(len(DEMO_FILES))
    ]


def test_weeks_of_the_demo_by_municipality(store: Store, saved: list[str]) -> None:
    sums = store.sums.read(REGION, indicators=["teachers_10_messages"])
    assert tuple(sums.columns) == SUMS_COLUMNS
    assert sums["week_id"].drop_duplicates().tolist() == saved
    assert str(sums["period_end"].dtype) == "datetime64[s]"
    last = sums[sums["week_id"] == saved[-1]].groupby("municipality_key")[["numerator", "denominator"]].sum()
    shown = compare_municipalities(demo().table, PROFILE, "teachers_10_messages").set_index(
        "municipality_key"
    )
    shown = shown.sort_index()[["numerator", "denominator"]]
    assert_frame_equal(last, shown, check_dtype=False)


def test_sums_can_be_narrowed(store: Store, saved: list[str]) -> None:
    everything = store.sums.read(REGION, ExportKind.ORGANIZATIONS)
    key = everything["municipality_key"].iloc[0]
    one = store.sums.read(
        REGION, municipality_key=key, organization_type="ДОО", indicators=["teachers_active"]
    )
    assert len(one) == len(saved)
    assert set(one["municipality_key"]) == {key}
    part = store.sums.read(
        REGION, since=dt.date(2024, 3, 14), until=dt.date(2024, 3, 28), indicators=["teachers_active"]
    )
    assert part["week_id"].nunique() == 3
    assert store.sums.read("Другая область").empty
    assert store.sums.read(kind=ExportKind.DOO_STAFF).empty
    assert list(store.sums.read("Другая область").columns) == list(SUMS_COLUMNS)


def test_shares_may_be_over_the_staff_list(store: Store, saved: list[str]) -> None:
    plain = store.sums.read(week_ids=saved[-1:], indicators=["teachers_active", "students_active"])
    staff = store.sums.read(
        week_ids=saved[-1:],
        indicators=["teachers_active", "students_active"],
        denominator=Denominator.STAFF_LIST,
    )
    total = demo().table["teachers_total"].sum()

    def below(sums: pd.DataFrame, code: str) -> int:
        return int(sums[sums["indicator"] == code]["denominator"].sum())

    assert below(staff, "teachers_active") == total != below(plain, "teachers_active")
    assert below(staff, "students_active") == below(plain, "students_active")


def test_only_the_current_version_counts_unless_one_is_named(store: Store) -> None:
    first = store.weeks.save(week(), region=REGION, profile=PROFILE).week.id
    second = store.weeks.save(week(sha256="1" * 64), region=REGION, profile=PROFILE).week.id
    assert set(store.sums.read(REGION)["week_id"]) == {second}
    assert set(store.sums.read(week_ids=[first])["week_id"]) == {first}
    store.weeks.delete(second)
    assert set(store.sums.read(REGION)["week_id"]) == {first}


def test_plain_totals_and_stated_shares(store: Store) -> None:
    export = municipalities()
    bare = export.table.drop(columns="teachers_active")
    from dataclasses import replace  # noqa: PLC0415

    store.weeks.save(replace(export, table=bare), region=REGION, profile=PROFILE)
    total = store.sums.read(REGION, indicators=["total_teachers_registered"])
    assert total["numerator"].sum() == bare["teachers_registered"].sum()
    assert total["denominator"].isna().all()
    stated = store.sums.read(REGION, indicators=["teachers_active"])
    assert stated["numerator"].isna().all()
    assert sorted(stated["stated_share"]) == pytest.approx(sorted(bare["reported_share_active"]))


def test_an_organizations_own_history(store: Store, saved: list[str]) -> None:
    table = demo().table
    name = table["organization_id"].iloc[3]
    points = store.sums.points(saved, name)
    assert points["week_id"].tolist() == saved
    assert points["teachers_registered"].iloc[-1] == table["teachers_registered"].iloc[3]
    assert len(store.sums.points(saved[-1:])) == len(table)
    assert store.sums.points([]).empty
    assert store.sums.points(["нет"]).empty


@pytest.mark.parametrize(
    "url", ["sqlite"], indirect=True
)  # PostgreSQL scans what is small, whatever the indexes
def test_opening_a_link_looks_through_no_table(store: Store, saved: list[str]) -> None:
    """So that it costs the same with one week and with 520: every step goes by an index."""
    link = store.links.make(maker="m", page="p", profile=PROFILE, week_id=saved[0])
    statements: list[tuple[str, object]] = []

    def note(connection: object, cursor: object, statement: str, parameters: object, *rest: object) -> None:
        statements.append((statement, parameters))

    event.listen(store.database.engine, "before_cursor_execute", note)
    store.weeks.open(str(store.links.open(str(link.token)).week_id))
    store.sums.read(week_ids=saved[:1])
    store.weeks.previous(saved[-1])
    event.remove(store.database.engine, "before_cursor_execute", note)
    selects = [(text, values) for text, values in statements if text.startswith("SELECT")]
    assert len(selects) >= 6
    with store.database.read() as connection:
        for text, values in selects:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all()  # type: ignore[arg-type]
            assert not any(step.detail.startswith("SCAN") for step in plan), (text, plan)
