"""Checks against the week before, in the app: the first week alone, then a second one beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from conftest import ROOT, make_export, typed
from streamlit.testing.v1 import AppTest
from test_archive import APRIL_4, PROFILE, REGION
from test_finding_weeks import plain

from sferum_core import Export, Period, Severity
from sferum_ui import cache, checking, library

Start = Callable[..., AppTest]
WEEK = dt.timedelta(days=7)
KEY = "chelyabinsk-2024"
PREVIOUS_WORDS = "Сравнили с выгрузкой за 29.03–04.04.2024."


def region(end: dt.date, *, days: int = 7, **columns: object) -> Export:
    """Forty schools of two municipalities; `columns` replace those of the first week."""
    count = 40
    table = pd.DataFrame(
        {
            "organization_id": [f"{number:06d}" for number in range(count)],
            "organization": [f"СОШ № {number + 1}" for number in range(count)],
            "organization_type": ["ОО"] * count,
            "municipality": ["Озёрный район", "г. Лесной"] * (count // 2),
            "is_active": [True] * count,
            "admins_registered": [1] * count,
            "teachers_registered": [40 + number for number in range(count)],
            "teachers_active": [12 + number % 7 for number in range(count)],
            "teachers_10_messages": [16 + number % 5 for number in range(count)],
        }
    ).assign(**columns)
    export = make_export(
        table=typed(table),
        filename=f"{end}.xlsx",
        period=Period(start=end - dt.timedelta(days=days - 1), end=end),
    )
    return replace(export, source=export.source.model_copy(update={"sha256": f"{end}{sorted(columns)}"}))


def save(export: Export) -> cache.Dataset:
    saved = library.store().weeks.save(export, region=REGION, profile=PROFILE)
    found = cache.lookup(saved.week.id)
    assert found is not None
    return found


def found(dataset: cache.Dataset) -> dict[str, str]:
    """Messages by code."""
    return {one.code: one.message for one in checking.of(dataset, KEY).findings}


MOVED = {"teachers_active": [10 + number % 9 for number in range(40)]}


def test_the_first_week_is_compared_with_nothing_and_a_copy_under_a_new_date_is_told() -> None:
    first = save(region(APRIL_4))
    assert not any("Сравнили" in message for message in found(first).values())
    copied = save(region(APRIL_4 + WEEK))
    assert PREVIOUS_WORDS in found(copied)["figures_copied"]
    assert not any("Сравнили" in message for message in found(first).values())


def test_a_column_that_stands_still_and_a_jump_name_the_week(app: Start) -> None:
    save(region(APRIL_4))
    still = save(region(APRIL_4 + WEEK, **MOVED))
    assert PREVIOUS_WORDS in found(still)["column_unchanged"]
    silent = [0] * 20 + [16 + number % 5 for number in range(20)]
    jumped = save(region(APRIL_4 + 2 * WEEK, teachers_10_messages=silent, **MOVED))
    told = found(jumped)
    assert "Сравнили с выгрузкой за 05.04–11.04.2024." in told["jump_region"]
    assert "columns_lost" not in told
    test = app(data=jumped.id)
    assert not test.exception
    assert "Сравнили с выгрузкой за 05.04–11.04.2024" in plain(test)


def test_another_week_in_the_archive_is_compared_with_at_once() -> None:
    opened = cache.keep_export(region(APRIL_4 + 2 * WEEK))
    library.store().office.change({"region": REGION})
    assert "figures_copied" not in found(opened)
    save(region(APRIL_4))
    assert PREVIOUS_WORDS in found(opened)["figures_copied"]
    nearer = save(region(APRIL_4 + WEEK, teachers_10_messages=[3] * 40, **MOVED))
    assert "figures_copied" not in found(opened)
    library.store().weeks.delete(nearer.saved.id)
    assert PREVIOUS_WORDS in found(opened)["figures_copied"]


def test_a_month_is_no_week_before() -> None:
    save(region(APRIL_4, days=31))
    assert checking.compared_with(save(region(APRIL_4 + WEEK))) is None


def test_the_findings_are_worked_out_once_for_a_week_and_the_one_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[object] = []
    real = checking.check_export
    monkeypatch.setattr(
        checking, "check_export", lambda *given, **more: made.append(more["previous"]) or real(*given, **more)
    )
    save(region(APRIL_4))
    now = save(region(APRIL_4 + WEEK))
    for _ in range(3):
        checking.of(now, KEY)
    assert len(made) == 1
    assert made[0] is not None


def test_the_demo_is_compared_with_its_own_week_before(app: Start) -> None:
    test = app(data="demo")
    assert not test.exception
    before = checking.compared_with(cache.lookup("demo"))
    assert before is not None
    assert before.id == "demo-2024-03-28"


def summary() -> Export:
    """«Общая» of one organization: two weeks, the later one with twice as many messages."""
    table = typed(
        pd.DataFrame(
            {
                "organization": ["СОШ № 1"] * 2,
                "organization_type": ["ОО"] * 2,
                "municipality": ["Озёрный район"] * 2,
                "teachers_registered": [40, 40],
                "teachers_10_messages": [8, 16],
                "date": ["2024-03-28", "2024-04-04"],
            }
        )
    )
    return make_export(
        table=table, filename="Общая.csv", period=Period(start=dt.date(2024, 3, 28), end=APRIL_4)
    )


def test_a_summary_of_several_dates_is_checked_and_shown_by_one_of_them(app: Start) -> None:
    opened = cache.keep_export(summary())
    told = {one.code: one for one in checking.of(opened, KEY).findings}
    assert told["several_dates"].severity is Severity.NOTE
    assert "показана последняя, 04.04.2024" in told["several_dates"].message
    assert not {"id_doubled", "period_length", "rows_identical"} & set(told)
    test = app("organization_check", data=opened.id)
    assert not test.exception
    (box,) = [one for one in test.sidebar.selectbox if one.label.startswith("Дата")]
    assert box.options == ["04.04.2024", "28.03.2024"]
    assert "29.03–04.04.2024" in plain(test)
    assert "40,0 %" in str([frame.value.to_dict() for frame in test.dataframe]).replace("\\xa0", " ")
    box.set_value("28.03.2024").run()
    assert not test.exception
    assert "22.03–28.03.2024" in plain(test)
    test.switch_page(str(ROOT / "pages" / "municipality_comparison.py")).run()
    assert not test.exception
    assert "22.03–28.03.2024" in plain(test)  # the choice goes along from page to page
