"""Findings as causes: what makes a cause the same next week, how long it stands, what of a week is kept."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from sferum_core import Finding, Period, Severity
from sferum_core.checks import NOT_CHECKED
from sferum_core.finding_causes import (
    age_of,
    found_causes,
    is_still_seen,
    kept_of,
    mended,
    week_of_kept,
)
from sferum_core.finding_memory import finding_memory, week_findings

FIRST = Period(start=dt.date(2024, 3, 22), end=dt.date(2024, 3, 28))
SECOND = Period(start=dt.date(2024, 3, 29), end=dt.date(2024, 4, 4))


def finding(code: str, message: str = "Найдено: 12 организаций.", **fields: object) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, message=message, **fields)


def test_one_code_and_message_is_one_cause_and_not_checked_is_none() -> None:
    causes = found_causes([finding("b"), finding("a", row=3), finding("a", row=9), finding(NOT_CHECKED)])
    assert [(cause.code, cause.count) for cause in causes] == [("a", 2), ("b", 1)]


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"row": 77, "sheet": "Лист2"}, True),
        ({"message": "Найдено: 1\u202f204 организации."}, False),  # another word
        ({"message": "Найдено: 13 организаций."}, True),  # the figure is told by `count`
        ({"count": 13}, False),
        ({"column": "teachers_total"}, False),
        ({"value": "СОШ № 5"}, False),
    ],
)
def test_what_makes_another_cause(change: dict[str, object], same: bool) -> None:
    (one,) = found_causes([finding("a", row=3, count=12)])
    (other,) = found_causes([finding("a", count=12).model_copy(update=change)])
    assert (one.values == other.values) == same


def test_what_is_kept_of_a_week_tells_the_same_as_its_findings() -> None:
    found = [finding("a", column="share"), finding(NOT_CHECKED, value="c")]
    kept = json.loads(json.dumps(kept_of(found)))
    assert week_of_kept(FIRST, kept) == week_findings(FIRST, found)


def test_the_age_of_a_cause_is_that_of_its_oldest_column() -> None:
    weeks = [
        week_findings(FIRST, [finding("a", column="share"), finding("gone")]),
        week_findings(SECOND, [finding("a", column="share"), finding("a", column="total")]),
    ]
    causes = found_causes([finding("a", column="share"), finding("a", column="total")])
    memory = finding_memory(weeks)
    age = age_of(causes[0], memory)
    assert age is not None
    assert age.label == "держится 2-ю неделю"
    assert len(mended(memory, causes)) == 1


def test_a_mark_made_before_the_present_run_says_nothing_about_it() -> None:
    cause = found_causes([finding("a")])[0]
    age = age_of(cause, finding_memory([week_findings(SECOND, [finding("a")])]))
    assert not is_still_seen(dt.date(2024, 4, 3), age)
    assert is_still_seen(dt.date(2024, 4, 4), age)
    assert is_still_seen(dt.date(2024, 4, 3), None)
