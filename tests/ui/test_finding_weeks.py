"""«Что не так» from week to week: new, lasting, mended; «Просмотрено» that holds until the finding changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest
from test_archive import APRIL_4, PROFILE, REGION, text_of, week

from sferum_core import Export, Finding, Severity
from sferum_ui import cache, checking, finding_weeks, history, library

Start = Callable[..., AppTest]
WEEK = dt.timedelta(days=7)
LASTING = Finding(code="share_mismatch", severity=Severity.WARNING, message="Доли не сходятся", count=3)
OTHER = Finding(code="no_municipality", severity=Severity.ERROR, message="Нет муниципалитета")
KEY = "chelyabinsk-2024"


def export(end: dt.date, *findings: Finding) -> Export:
    return replace(week(end), findings=findings)


def save(end: dt.date, *findings: Finding, kept: bool = True) -> cache.Dataset:
    given = export(end, *findings)
    draft = cache.keep_export(given)
    extra = finding_weeks.extra(checking.of(draft, KEY).findings) if kept else {}
    cache.forget(draft.id)
    saved = library.store().weeks.save(given, region=REGION, profile=PROFILE, extra=extra)
    found = cache.lookup(saved.week.id)
    assert found is not None
    return found


def plain(test: AppTest) -> str:
    return text_of(test).replace("\u00a0", " ").replace("\u202f", " ").replace("\\", "")


def test_findings_tell_how_long_they_stand_and_what_was_mended(app: Start) -> None:
    save(APRIL_4 - 2 * WEEK, LASTING)
    save(APRIL_4 - WEEK, LASTING, OTHER)
    now = save(APRIL_4, LASTING, LASTING.model_copy(update={"code": "odd", "message": "Странное"}))
    test = app(data=now.id)
    assert not test.exception
    text = plain(test)
    assert "Доли не сходятся · 3 случая · :gray[держится 3-ю неделю]" in text
    assert "Странное · 3 случая · :gray[новое]" in text
    assert "Исправлено с прошлой сохранённой недели" in text


def test_weeks_saved_without_their_findings_are_checked_anew(app: Start) -> None:
    save(APRIL_4 - WEEK, LASTING, kept=False)
    assert "держится 2-ю неделю" in plain(app(data=save(APRIL_4, LASTING).id))


def test_the_first_week_tells_no_age(app: Start) -> None:
    text = plain(app(data=save(APRIL_4, LASTING).id))
    assert "Доли не сходятся" in text
    assert ":gray[" not in text


def told(dataset: cache.Dataset) -> finding_weeks.Told:
    memory = finding_weeks.memory(dataset)
    return next(one for one in memory.told if one.cause.code == LASTING.code)


def see(test: AppTest, dataset: cache.Dataset, note: str, by: str) -> AppTest:
    """Open the popover of the lasting finding and mark it."""
    place = f"{dataset.id}_{told(dataset).key[:16]}"
    test.session_state[f"seen_{place}"] = True
    test.run()
    (noted,) = [field for field in test.text_input if field.label == "Примечание"]
    (named,) = [field for field in test.text_input if field.label == "Кто просмотрел"]
    noted.set_value(note)
    named.set_value(by)
    (button,) = [button for button in test.button if button.label == "Отметить"]
    button.click().run()
    assert not test.exception
    return test


def test_a_cause_is_marked_as_seen_counts_no_more_and_is_taken_back(app: Start) -> None:
    dataset = save(APRIL_4, LASTING)
    test = app(data=dataset.id)
    assert "1. share_mismatch – 3" in plain(test)
    test = see(test, dataset, "Уточнили *в школе*", "Отдел связи")
    text = plain(test)
    assert "Отдел связи: Уточнили *в школе*" in text
    assert "1. share_mismatch – 3" not in text
    (back,) = [button for button in test.button if button.label == "Вернуть"]
    back.click().run()
    assert not test.exception
    assert "1. share_mismatch – 3" in plain(test)
    assert "Отдел связи" not in plain(test)


def test_a_mark_holds_next_week_and_falls_when_the_figures_change(app: Start) -> None:
    first = save(APRIL_4, LASTING)
    library.store().marks.mark(REGION, told(first).key, code=LASTING.code, by="Отдел")
    same = save(APRIL_4 + WEEK, LASTING)
    changed = save(APRIL_4 + 2 * WEEK, LASTING.model_copy(update={"count": 4}))
    assert told(same).mark is not None
    assert told(changed).mark is None


def test_a_finding_that_came_back_has_to_be_looked_at_again() -> None:
    first = save(APRIL_4, LASTING)
    made = dt.datetime(2024, 4, 5, tzinfo=dt.UTC)
    library.store().marks.mark(REGION, told(first).key, code=LASTING.code, now=made)
    assert told(first).mark is not None
    save(APRIL_4 + WEEK)
    assert told(save(APRIL_4 + 2 * WEEK, LASTING)).mark is None


def test_a_draft_of_a_known_region_is_marked_too(app: Start) -> None:
    save(APRIL_4 - WEEK, LASTING)
    draft = cache.keep_export(export(APRIL_4, LASTING))
    assert history.region_of(draft) == REGION
    test = app(data=draft.id)
    assert "держится 2-ю неделю" in plain(test)
    see(test, draft, "", "")
    assert told(draft).mark is not None


def test_the_demo_tells_ages_and_says_why_nothing_is_marked(app: Start) -> None:
    test = app(data="demo", details_demo="Что не так")
    assert not test.exception
    assert "отметка «Просмотрено» не ставится" in plain(test)
    assert not [button for button in test.button if button.label == "Отметить"]
    memory = finding_weeks.memory(cache.lookup("demo"))
    assert any("держится" in (one.age.age_label if one.age else "") for one in memory.told)


@pytest.mark.parametrize("made", [True, False])
def test_a_region_is_needed_to_mark(app: Start, made: bool) -> None:
    draft = cache.keep_export(export(APRIL_4, LASTING))
    if made:
        library.store().office.change({"region": REGION})
    text = plain(app(data=draft.id))
    assert ("укажите регион на странице «Управление»" in text) != made
