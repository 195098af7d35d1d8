"""«Что изменилось»: weeks of the demo and of the archive, and what stands there without an earlier week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest
from test_archive import APRIL_4, PROFILE, REGION, save, shared, text_of, week

from sferum_core import Period
from sferum_core.trends import trend_table
from sferum_ui import cache, demo, history, library, state
from sferum_ui.views import changes

Start = Callable[..., AppTest]
TAB = "Что изменилось"


def test_without_an_earlier_week_it_says_how_to_have_one(app: Start) -> None:
    saved = save(APRIL_4).week
    test = app("organization_check", data=saved.id, org_tab=TAB)
    assert not test.exception
    assert "Сравнивать пока не с чем" in test.info[0].value


def test_two_saved_weeks_are_compared(app: Start) -> None:
    save(APRIL_4 - dt.timedelta(days=7), active=0)
    saved = save(APRIL_4, active=2).week
    test = app("organization_check", data=saved.id, org_tab=TAB)
    assert not test.exception
    text = text_of(test)
    assert "С прошлой недели" in text
    assert "Детский сад № 2" in changes.list_rows(found(saved.id), "left_behind")["organization"].tolist()


def found(week_id: str):
    dataset = cache.lookup(week_id)
    before = history.earlier(dataset)[0]
    assert before.is_before
    return cache.compute(changes.changes, dataset.id, "chelyabinsk-2024", before.id)


def test_a_dropped_file_is_compared_with_the_archive_of_the_office(app: Start) -> None:
    save(APRIL_4 - dt.timedelta(days=14))
    dataset = cache.keep_export(week(APRIL_4))
    (only,) = history.earlier(dataset)
    assert not only.is_before
    assert history.region_of(dataset) == REGION
    library.store().office.change({"region": "Другая область"})
    assert history.earlier(dataset) == []


def test_the_demo_has_its_own_weeks(app: Start) -> None:
    assert [period.end.isoformat() for _, period in demo.weeks()][:2] == ["2024-04-04", "2024-03-28"]
    test = app("organization_check", data="demo", org_tab=TAB)
    assert not test.exception
    assert "С прошлой недели (весенние каникулы, примерно) вышли из отстающих" in text_of(test)
    opened = cache.lookup("demo")
    assert [one.is_before for one in history.earlier(opened)] == [True, False, False, False, False]
    assert opened.export.period == Period(start=demo.weeks()[0][1].start, end=demo.weeks()[0][1].end)


def test_stored_sums_give_the_same_trend_as_the_rows(app: Start) -> None:
    save(APRIL_4 - dt.timedelta(days=7), active=1)
    saved = save(APRIL_4, active=2).week
    dataset = cache.lookup(saved.id)
    trend = trend_table(
        history.sums(dataset, PROFILE), PROFILE, PROFILE.main_indicator, municipality_keys=[""]
    )
    assert trend["known"].tolist() == [True, True]
    assert trend["numerator"].tolist() == [26, 27]
    assert trend["denominator"].tolist() == [160, 160]


def test_the_workbook_opens(tmp_path) -> None:
    save(APRIL_4 - dt.timedelta(days=7), active=0)
    dataset = cache.lookup(save(APRIL_4).week.id)
    path = tmp_path / "changes.xlsx"
    path.write_bytes(changes.workbook(dataset, PROFILE, "chelyabinsk-2024", history.earlier(dataset)[0].id))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[0] == "О файле"
    assert len(book.sheetnames) >= 3


@pytest.mark.parametrize(
    ("change", "words"), [(0.0251, "+2,5 п. п."), (-0.1, "−10,0 п. п."), (0.0, "0,0 п. п."), (None, None)]
)
def test_changes_are_told_in_points(change: float | None, words: str | None) -> None:
    told = changes.points(change)
    assert (told.replace("\u00a0", " ") if told else told) == words


def test_what_is_computed_asks_for_the_rest_under_the_same_profile() -> None:
    dataset = cache.keep_export(week(APRIL_4))
    assert cache.compute(nested_profile, dataset.id, "tomsk-2024") == "tomsk-2024"
    assert cache.profile_in_use() == ""


def nested_profile(dataset: cache.Dataset, profile: object) -> str:
    return state.profile_key()


def test_a_frozen_page_compares_with_the_weeks_of_its_day(app: Start) -> None:
    saved = save(APRIL_4).week
    link = shared(cache.lookup(saved.id))
    before = save(APRIL_4 - dt.timedelta(days=7), active=0).week
    frozen = app("organization_check", link=link.token, org_tab=TAB)
    assert not frozen.exception
    assert "Сравнивать пока не с чем" in frozen.info[0].value
    live = app("organization_check", data=saved.id, org_tab=TAB)
    assert "С прошлой недели" in text_of(live)
    again = save(APRIL_4 - dt.timedelta(days=7), active=1).week
    when = before.saved_at
    assert [week.id for week in history.as_it_was([again, before], when)] == [before.id]
    assert history.as_it_was([again, before], when - dt.timedelta(seconds=1)) == []
