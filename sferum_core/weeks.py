"""Reporting weeks in order: which one follows which, which are missing, and which were low for everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sferum_core.calendar import Holiday, holiday_of
from sferum_core.model import Period

WEEK_LENGTHS = (1, 7, 8)
LOW_SHARE = 0.75
LOW_PART = (4, 5)
LOW_WEEKS = 4
_DAY = dt.timedelta(days=1)
_NEARLY_A_WEEK = 6
_FLOAT_NOISE = 1e-12


@dataclass(frozen=True)
class Slot:
    """A place on the time axis: a stored week, or one that should have been there.

    `follows`: the week directly after the slot before it, so that «за неделю» may be said of their difference.
    """

    period: Period
    known: bool
    follows: bool

    @property
    def label(self) -> str:
        """«29.03–04.04.2024»."""
        return week_of(self.period).label


def is_week(period: Period) -> bool:
    """7 dates, 8 when both ends are shown (004), or one date that stands for the seven that end on it."""
    return period.days in WEEK_LENGTHS


def week_of(period: Period) -> Period:
    """The dates meant: one date stands for the seven that end on it; any other period is itself."""
    return Period(start=period.end - 6 * _DAY, end=period.end) if period.days == 1 else period


def week_order(period: Period) -> tuple[dt.date, dt.date]:
    """What weeks are sorted by: their last day, then their first."""
    return period.end, week_of(period).start


def same_week(first: Period, second: Period) -> bool:
    """Two weeks that end on one day: «29.03–04.04», «28.03–04.04» and «04.04» are the same week."""
    return first == second or (is_week(first) and is_week(second) and first.end == second.end)


def is_next_week(before: Period, after: Period) -> bool:
    """Whether `after` is the week directly after `before`: no day between them, and no day counted twice.

    The one date that two neighbours share is no overlap when one of them is shown with both ends (8 dates:
    23.01–30.01, then 30.01–06.02). A period that is no week has no next one.
    """
    if not (is_week(before) and is_week(after)):
        return False
    step = (week_of(after).start - before.end).days
    both_ends = before.days == 8 or after.days == 8
    return step == 1 or (step == 0 and both_ends)


def missing_weeks(before: Period, after: Period) -> list[Period]:
    """The weeks of seven days that should lie between two stored ones; none where they are neighbours or overlap.

    Days that make no whole week stay out (six do: two weeks shown with both ends share their edges), so an
    empty list does not mean that `after` is the next week: ask `is_next_week`.
    """
    free = (week_of(after).start - before.end).days - 1
    count = (free + 7 - _NEARLY_A_WEEK) // 7 if free > 0 else 0
    ends = [before.end + place * 7 * _DAY for place in range(1, count + 1)]
    return [Period(start=end - 6 * _DAY, end=end) for end in ends]


def timeline(periods: Iterable[Period]) -> list[Slot]:
    """Stored weeks in order with a slot for each missing one. Equal periods are one slot, others never merge."""
    slots: list[Slot] = []
    before: Period | None = None
    for period in sorted(set(periods), key=week_order):
        gap = missing_weeks(before, period) if before is not None else []
        slots += [Slot(lost, False, False) for lost in gap]
        slots.append(Slot(period, True, before is not None and is_next_week(before, period)))
        before = period
    return slots


def week_before(period: Period, stored: Iterable[Period]) -> Period | None:
    """The stored week directly before `period`, or None: another earlier one is not the week before."""
    found = [one for one in stored if one != period and is_next_week(one, period)]
    return max(found, key=week_order, default=None)


def latest_before(period: Period, stored: Iterable[Period]) -> Period | None:
    """The latest stored week that ends before `period` does, whatever lies between; None when there is none."""
    earlier = [one for one in stored if one.end < period.end]
    return max(earlier, key=week_order, default=None)


def short_label(period: Period, *, year: bool = False) -> str:
    """«01.03–07.03»; with the year (or where the years differ) as `Period.label`."""
    week = week_of(period)
    if year or week.start.year != week.end.year:
        return week.label
    return f"{week.start:%d.%m}–{week.end:%d.%m}"


def since_words(now: Period | None, before: Period | None) -> str:
    """«С прошлой недели» when it is the week before, else «С недели 01.03–07.03»; beginning of a sentence.

    Without both periods nobody knows which week it was: «С прежней выгрузки».
    """
    if now is None or before is None:
        return "С прежней выгрузки"
    if is_next_week(before, now):
        return "С прошлой недели"
    shown = short_label(before, year=before.end.year != now.end.year)
    return f"С недели {shown}" if is_week(before) else f"С периода {shown}"


def low_weeks(shares: pd.DataFrame) -> pd.Series:
    """Weeks in which everybody was low (`boolean`, by the frame's index): holidays, summer, a broken export.

    `shares` has a row a week and a column a municipality (fractions, missing allowed). A municipality is low
    in a week below 75 % of its own median over all weeks given; a week is low when at least 80 % of those
    with a figure and a median above zero are. Fewer than four weeks tell no usual level: NA.
    """
    values = (
        shares.apply(pd.to_numeric, errors="coerce").astype("Float64").to_numpy("float64", na_value=np.nan)
    )
    result = pd.Series(pd.NA, index=shares.index, dtype="boolean")
    known = ~np.isnan(values)
    if not values.size or int(known.any(axis=1).sum()) < LOW_WEEKS:
        return result
    middle = np.full(values.shape[1], np.nan)
    usual = known.any(axis=0)
    middle[usual] = np.nanmedian(values[:, usual], axis=0)
    comparable = known & (middle > 0)[None, :]
    count = comparable.sum(axis=1)
    low = (values < LOW_SHARE * middle[None, :] - _FLOAT_NOISE) & comparable
    judged = count > 0
    result[judged] = low.sum(axis=1)[judged] * LOW_PART[1] >= LOW_PART[0] * count[judged]
    return result


def week_note(period: Period, low: bool | None, calendar: Sequence[Holiday] | None = None) -> str:
    """What is special about a week: a declared holiday by its name, a low week without one in words, else ""."""
    week = week_of(period)
    holiday = holiday_of(week, calendar)
    if holiday is not None:
        return holiday.label
    return "у всех ниже обычного" if low else ""
