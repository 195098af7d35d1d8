"""School holidays as data: the declared calendar, and which of them a reporting week falls into."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, model_validator

from sferum_core.model import Period

FOLDER = Path(__file__).parent / "calendars"
WEEKDAYS_NEEDED = 3
_FRIDAY = 4


class Holiday(BaseModel):
    """A stretch of days off, both ends included. `approximate`: a usual date, not one declared for that year."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    start: dt.date
    end: dt.date
    source: str = ""
    approximate: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> Holiday:
        if self.end < self.start:
            raise ValueError("каникулы кончаются раньше, чем начались")
        return self

    @property
    def label(self) -> str:
        """«весенние каникулы», «весенние каникулы (примерно)»."""
        return f"{self.name} (примерно)" if self.approximate else self.name


class _Yearly(BaseModel):
    """A usual term, «MM-DD» to «MM-DD»; an end before the start lies in the next year."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    start: str
    end: str
    source: str = ""


class _Calendar(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    holidays: tuple[Holiday, ...]
    every_year: tuple[_Yearly, ...]


@cache
def _in_year(rule: _Yearly, year: int) -> Holiday:
    """A usual term that begins in a year."""
    (month, day), (end_month, end_day) = _month_day(rule.start), _month_day(rule.end)
    start = dt.date(year, month, day)
    end = dt.date(year, end_month, end_day)
    if end < start:
        end = dt.date(year + 1, end_month, end_day)
    return Holiday(name=rule.name, start=start, end=end, source=rule.source, approximate=True)


@cache
def _exact_terms() -> frozenset[tuple[str, int]]:
    """Names and school years that have exact dates."""
    return frozenset((holiday.name, school_year(holiday.start)) for holiday in _declared().holidays)


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)


@cache
def _declared() -> _Calendar:
    text = (FOLDER / "school_holidays.toml").read_text(encoding="utf-8")
    return _Calendar.model_validate(tomllib.loads(text))


def school_year(day: dt.date) -> int:
    """The year in which the school year of a date began (September to August)."""
    return day.year if day.month >= 9 else day.year - 1


def school_holidays(first: dt.date, last: dt.date) -> tuple[Holiday, ...]:
    """The declared holidays that touch `first`–`last`, by date; usual dates stand in for years without exact ones."""
    calendar = _declared()
    exact = _exact_terms()
    usual = (
        _in_year(rule, year)
        for rule in calendar.every_year
        for year in range(max(first.year - 1, dt.MINYEAR), min(last.year, dt.MAXYEAR - 1) + 1)
    )
    found = [*calendar.holidays, *(one for one in usual if (one.name, school_year(one.start)) not in exact)]
    return tuple(
        sorted(
            (one for one in found if one.start <= last and one.end >= first),
            key=lambda one: (one.start, one.end),
        )
    )


def holiday_of(period: Period, calendar: Iterable[Holiday] | None = None) -> Holiday | None:
    """The holiday a week falls into: at least three of its days from Monday to Friday. None: an ordinary week.

    `calendar` is an office's own list, by default the declared one. A week of 8 dates has up to six such days,
    three suffice there too. Of two holidays the one with more days wins, then the earlier one.
    """
    known = school_holidays(period.start, period.end) if calendar is None else tuple(calendar)
    best = max(known, key=lambda one: (_weekdays(period, one), -one.start.toordinal()), default=None)
    return best if best is not None and _weekdays(period, best) >= WEEKDAYS_NEEDED else None


def _weekdays(period: Period, holiday: Holiday) -> int:
    first, last = max(period.start, holiday.start), min(period.end, holiday.end)
    days = (first + dt.timedelta(days=place) for place in range((last - first).days + 1))
    return sum(day.weekday() <= _FRIDAY for day in days)
