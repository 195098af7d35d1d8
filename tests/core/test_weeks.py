"""Weeks in order: the next one, the missing ones, holidays that are declared and weeks low for everybody."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sferum_core.calendar import Holiday, holiday_of, school_holidays
from sferum_core.model import Period
from sferum_core.weeks import (
    is_next_week,
    is_week,
    latest_before,
    low_weeks,
    missing_weeks,
    same_week,
    since_words,
    timeline,
    week_before,
    week_note,
    week_of,
)

DAY = dt.timedelta(days=1)


def period(text: str) -> Period:
    """«29.03-04.04.2024», «30.12.2023-05.01.2024», «04.04.2024»."""
    first, _, last = text.rpartition("-")
    end = dt.datetime.strptime(last, "%d.%m.%Y").date()
    if not first:
        return Period(start=end, end=end)
    year = "" if first.count(".") == 2 else f".{end.year}"
    return Period(start=dt.datetime.strptime(first + year, "%d.%m.%Y").date(), end=end)


@pytest.mark.parametrize(
    ("before", "after", "follows"),
    [
        ("22.03-28.03.2024", "29.03-04.04.2024", True),
        ("23.01-30.01.2024", "30.01-06.02.2024", True),  # both ends shown: 8 dates, one of them shared
        ("23.01-30.01.2024", "31.01-06.02.2024", True),
        ("23.01-30.01.2024", "31.01-07.02.2024", True),
        ("24.01-30.01.2024", "30.01-06.02.2024", True),
        ("25.12-31.12.2023", "01.01-07.01.2024", True),
        ("28.03.2024", "29.03-04.04.2024", True),  # one date stands for the seven that end on it
        ("28.03.2024", "04.04.2024", True),
        ("22.03-28.03.2024", "30.03-05.04.2024", False),  # a day between
        ("22.03-28.03.2024", "28.03-03.04.2024", False),  # a day counted twice
        ("22.03-28.03.2024", "27.03-03.04.2024", False),
        ("23.01-30.01.2024", "29.01-05.02.2024", False),
        ("15.03-21.03.2024", "29.03-04.04.2024", False),
        ("29.03-04.04.2024", "22.03-28.03.2024", False),  # the other way round
        ("29.03-04.04.2024", "29.03-04.04.2024", False),
        ("01.03-28.03.2024", "29.03-04.04.2024", False),  # a month is no week
        ("22.03-28.03.2024", "29.03-30.04.2024", False),
        ("20.03-28.03.2024", "29.03-04.04.2024", False),  # nine dates
        ("23.03-28.03.2024", "29.03-04.04.2024", False),  # six dates
        ("28.03.2024", "05.04.2024", False),
    ],
)
def test_the_next_week(before: str, after: str, follows: bool) -> None:
    assert is_next_week(period(before), period(after)) is follows


def test_seven_eight_and_one_date_are_a_week() -> None:
    lengths = [
        days
        for days in range(1, 40)
        if is_week(Period(start=dt.date(2024, 1, 1), end=dt.date(2024, 1, 1) + (days - 1) * DAY))
    ]
    assert lengths == [1, 7, 8]


@pytest.mark.parametrize(
    ("before", "after", "missing"),
    [
        ("22.03-28.03.2024", "29.03-04.04.2024", []),
        ("15.03-21.03.2024", "29.03-04.04.2024", ["22.03–28.03.2024"]),
        ("01.03-07.03.2024", "22.03-28.03.2024", ["08.03–14.03.2024", "15.03–21.03.2024"]),
        ("23.01-30.01.2024", "06.02-13.02.2024", ["31.01–06.02.2024"]),  # shared edges leave six days free
        ("23.01-30.01.2024", "13.02-20.02.2024", ["31.01–06.02.2024", "07.02–13.02.2024"]),
        ("21.03.2024", "04.04.2024", ["22.03–28.03.2024"]),
        ("22.03-28.03.2024", "03.04-09.04.2024", []),  # five days are no week
        ("22.03-28.03.2024", "27.03-03.04.2024", []),
        ("18.12-24.12.2023", "01.01-07.01.2024", ["25.12–31.12.2023"]),
    ],
)
def test_missing_weeks(before: str, after: str, missing: list[str]) -> None:
    assert [one.label for one in missing_weeks(period(before), period(after))] == missing


def test_the_timeline_has_a_slot_for_each_missing_week() -> None:
    stored = [period(text) for text in ("29.03-04.04.2024", "08.03-14.03.2024", "01.03-07.03.2024")]
    slots = timeline([*stored, stored[0]])
    assert [(slot.label, slot.known, slot.follows) for slot in slots] == [
        ("01.03–07.03.2024", True, False),
        ("08.03–14.03.2024", True, True),
        ("15.03–21.03.2024", False, False),
        ("22.03–28.03.2024", False, False),
        ("29.03–04.04.2024", True, False),
    ]
    assert timeline([]) == []


@given(st.lists(st.integers(0, 60), min_size=1, max_size=15, unique=True), st.integers(0, 6))
def test_a_timeline_of_whole_weeks_has_every_week_once(places: list[int], weekday: int) -> None:
    first = dt.date(2024, 1, 1) + weekday * DAY
    weeks = [Period(start=first + 7 * place * DAY, end=first + (7 * place + 6) * DAY) for place in places]
    slots = timeline(weeks)
    assert len(slots) == max(places) - min(places) + 1
    assert sorted(slot.period.end for slot in slots if slot.known) == sorted(week.end for week in weeks)
    assert all(is_next_week(one.period, two.period) for one, two in pairwise(slots))
    known = {slot.period for slot in slots if slot.known}
    for one, two in pairwise(slots):
        assert two.follows == (one.period in known and two.period in known)


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 20)), min_size=1, max_size=12),
)
def test_a_timeline_loses_no_period_and_is_in_order(spans: list[tuple[int, int]]) -> None:
    first = dt.date(2023, 9, 1)
    periods = {
        Period(start=first + place * DAY, end=first + (place + days - 1) * DAY) for place, days in spans
    }
    slots = timeline(periods)
    assert sorted(str(slot.period) for slot in slots if slot.known) == sorted(map(str, periods))
    ends = [slot.period.end for slot in slots]
    assert ends == sorted(ends)
    assert not slots[0].follows


def test_the_same_week_however_it_is_shown() -> None:
    shown = [period(text) for text in ("29.03-04.04.2024", "28.03-04.04.2024", "04.04.2024")]
    assert all(same_week(one, two) for one in shown for two in shown)
    assert not same_week(shown[0], period("05.04.2024"))
    assert not same_week(shown[0], period("01.03-04.04.2024"))
    assert week_of(shown[2]) == shown[0]


def test_the_week_before_is_not_just_any_earlier_week() -> None:
    stored = [period(text) for text in ("01.03-07.03.2024", "15.03-21.03.2024", "29.03-04.04.2024")]
    now = stored[-1]
    assert week_before(now, stored) is None
    assert latest_before(now, stored) == stored[1]
    assert week_before(now, [*stored, period("22.03-28.03.2024")]) == period("22.03-28.03.2024")
    assert latest_before(stored[0], stored) is None


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        ("29.03-04.04.2024", "22.03-28.03.2024", "С прошлой недели"),
        ("29.03-04.04.2024", "01.03-07.03.2024", "С недели 01.03–07.03"),
        ("12.01-18.01.2024", "22.12-28.12.2023", "С недели 22.12–28.12.2023"),
        ("29.03-04.04.2024", "01.02-29.02.2024", "С периода 01.02–29.02"),
        ("29.03-04.04.2024", None, "С прежней выгрузки"),
    ],
)
def test_since_when(now: str, before: str | None, words: str) -> None:
    assert since_words(period(now), None if before is None else period(before)) == words


@pytest.mark.parametrize(
    ("week", "name"),
    [
        ("24.10-30.10.2025", "осенние каникулы"),  # Friday, then Monday to Thursday off: four of five
        ("22.10-28.10.2025", ""),  # Monday and Tuesday off
        ("23.10-29.10.2025", "осенние каникулы"),  # Monday, Tuesday, Wednesday: exactly three
        ("30.10-05.11.2025", ""),  # Thursday and Friday only: 3–4 November are holidays, not school holidays
        ("01.01-07.01.2026", "зимние каникулы"),
        ("22.03-28.03.2024", "весенние каникулы (примерно)"),
        ("01.06-07.06.2026", "летние каникулы"),
        ("01.07-07.07.2030", "летние каникулы (примерно)"),
        ("30.08-05.09.2030", ""),
        ("29.03-04.04.2024", ""),
        ("01.01-07.01.2031", "зимние каникулы (примерно)"),  # began in the year before
    ],
)
def test_holidays_are_named_by_the_declared_calendar_only(week: str, name: str) -> None:
    assert week_note(period(week), False) == name


def test_an_office_has_its_own_calendar() -> None:
    own = [Holiday(name="карантин", start=dt.date(2024, 3, 29), end=dt.date(2024, 4, 10))]
    assert week_note(period("29.03-04.04.2024"), None, own) == "карантин"
    assert week_note(period("22.03-28.03.2024"), True, own) == "у всех ниже обычного"
    assert week_note(period("22.03-28.03.2024"), False, []) == ""


@given(st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 24)), st.integers(1, 400))
def test_any_period_may_be_asked_for_holidays(start: dt.date, days: int) -> None:
    end = min(start, dt.date(9999, 12, 31) - days * DAY) + (days - 1) * DAY if days > 1 else start
    found = school_holidays(min(start, end), max(start, end))
    assert all(one.start <= max(start, end) and one.end >= min(start, end) for one in found)
    holiday_of(Period(start=min(start, end), end=max(start, end)))


def shares(*weeks: list[float | None]) -> pd.DataFrame:
    return pd.DataFrame(weeks, dtype="Float64")


def test_a_week_is_low_when_four_of_five_are_below_three_quarters_of_their_usual() -> None:
    usual = [0.2, 0.2, 0.2, 0.2, 0.2]
    edge = [0.15, 0.14, 0.14, 0.14, 0.14]  # 0.15 is exactly three quarters: not low
    assert low_weeks(shares(usual, usual, usual, edge)).tolist() == [False, False, False, True]
    fewer = [0.15, 0.15, 0.14, 0.14, 0.14]
    assert not low_weeks(shares(usual, usual, usual, fewer)).any()


def test_fewer_than_four_weeks_tell_no_usual_level() -> None:
    low = low_weeks(shares([0.2], [0.2], [0.01]))
    assert low.isna().all()
    assert low_weeks(shares([0.2], [0.2], [0.2], [0.01])).tolist() == [False, False, False, True]


def test_a_week_without_figures_is_neither_low_nor_usual() -> None:
    low = low_weeks(shares([0.2, 0.3], [None, None], [0.2, 0.3], [0.2, None], [0.01, 0.01]))
    assert low.isna().tolist() == [False, True, False, False, False]
    assert low.fillna(False).tolist() == [False, False, False, False, True]
    assert low_weeks(pd.DataFrame()).empty


def test_those_that_are_always_at_zero_say_nothing() -> None:
    low = low_weeks(shares(*[[0.0, 0.2]] * 3, [0.0, 0.1]))
    assert low.tolist() == [False, False, False, True]
