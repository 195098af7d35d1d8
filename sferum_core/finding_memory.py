"""Memory of findings over weeks: «новое», «держится 3-ю неделю», «исправлено», «просмотрено»."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from sferum_core.checks import CHECKS
from sferum_core.checks.declare import PREVIOUS
from sferum_core.checks.run import NOT_CHECKED
from sferum_core.model import Finding, Period
from sferum_core.pairing import subject_keys
from sferum_core.weeks import is_next_week, short_label, week_order

_SEPARATOR = "|"
EVENTS = frozenset(code for code, check in CHECKS.items() if PREVIOUS in check.needs)
"""Codes of checks about a change between two weeks: they pass by themselves."""


class FindingState(StrEnum):
    """What became of a finding by the newest week."""

    FIRST = "first"
    NEW = "new"
    LASTING = "lasting"
    RETURNED = "returned"
    FIXED = "fixed"
    PASSED = "passed"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True)
class WeekFindings:
    """The keys of one stored week's findings. `not_checked`: codes of checks that could not be made that week."""

    period: Period
    keys: frozenset[str]
    not_checked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Seen:
    """A user's «просмотрено»: the week it was said for, by whom, with what note."""

    period: Period
    by: str = ""
    note: str = ""
    when: dt.datetime | None = None


@dataclass(frozen=True)
class Remembered:
    """One finding over the weeks, as of the newest.

    `weeks`: how many stored weeks in a row it has stood (0 when fixed); `since`: the first of them, of a
    fixed one the first of its last run; `unbroken`: those weeks follow one another without a gap.
    `seen` is there only while it is about the present run: one that came back has to be looked at again.
    """

    key: str
    state: FindingState
    weeks: int
    since: Period
    unbroken: bool
    seen: Seen | None = None

    @property
    def label(self) -> str:
        """«новое», «держится 3-ю неделю», «исправлено», «просмотрено»: the word on the screen."""
        if self.seen is not None and self.state not in _OVER:
            return "просмотрено"
        return self.age_label

    @property
    def age_label(self) -> str:
        """The same without regard to «просмотрено»."""
        if self.state is FindingState.LASTING:
            if self.unbroken:
                return f"держится {self.weeks}-ю неделю"
            return f"держится с недели {short_label(self.since, year=True)}"
        return _LABELS[self.state]


_LABELS = {
    FindingState.FIRST: "найдено, раньше недель нет",
    FindingState.NEW: "новое",
    FindingState.RETURNED: "снова появилось",
    FindingState.FIXED: "исправлено",
    FindingState.PASSED: "было неделей раньше",
    FindingState.NOT_CHECKED: "на этой неделе не проверено",
}


_OVER = {FindingState.FIXED, FindingState.PASSED, FindingState.NOT_CHECKED}


def finding_key(code: str, subject: str = "", column: str | None = None) -> str:
    """A stable key: the check's code, whom it is about, the column. Row numbers and figures change weekly.

    `subject` is "" for the file as a whole, else text of `subject_keys`.
    """
    return _SEPARATOR.join(
        part.replace("\\", "\\\\").replace(_SEPARATOR, "\\" + _SEPARATOR)
        for part in (code, subject, column or "")
    )


def code_of(key: str) -> str:
    """The code of the check in a key."""
    return key.split(_SEPARATOR, 1)[0]


def week_findings(
    period: Period,
    findings: Iterable[Finding],
    rows: pd.DataFrame | None = None,
    table: pd.DataFrame | None = None,
) -> WeekFindings:
    """The keys of one week: of each finding, and of each row it is about.

    `rows` is `CheckReport.rows` and `table` the export's table, whose rows it counts; without them only
    findings as a whole are remembered. Findings of files with people's names have no rows worth a key: give none.
    """
    given = tuple(findings)
    keys = {finding_key(one.code, "", one.column) for one in given if one.code != NOT_CHECKED}
    if rows is not None and table is not None and len(rows):
        subjects = subject_keys(table)
        for code, row, column in zip(rows["code"], rows["row"], rows["column"], strict=True):
            if subjects[int(row)]:
                keys.add(finding_key(str(code), subjects[int(row)], None if pd.isna(column) else str(column)))
    skipped = frozenset(one.value for one in given if one.code == NOT_CHECKED and one.value)
    return WeekFindings(period, frozenset(keys), skipped)


def finding_memory(
    history: Sequence[WeekFindings], seen: Mapping[str, Seen] | None = None
) -> dict[str, Remembered]:
    """What became of every finding by the newest week of `history` (any order), by key.

    In the newest week: `new` when the stored week before has it not, `returned` when an earlier one had,
    `lasting` when it stands a second week or longer, `first` when there is no earlier week. Of the others only
    those of the week before: `fixed`, `passed` for checks of a change between two weeks (`EVENTS`), which nobody
    mends, or `not_checked` when that check was not made now. A week in which the
    check was not made neither ends nor lengthens a run. Two exports of one period: the one given last counts.
    """
    given = {one.period: _consistent(one) for one in history}
    weeks = sorted(given.values(), key=lambda one: week_order(one.period))
    if not weeks:
        return {}
    marks = seen or {}
    newest, earlier = weeks[-1], weeks[:-1]
    codes = {code_of(key) for one in weeks for key in one.keys}
    checked = {code: [one for one in weeks if code not in one.not_checked] for code in codes}
    wanted = set(newest.keys)
    for code in codes:
        before = [one for one in earlier if code not in one.not_checked]
        if before:
            wanted |= {key for key in before[-1].keys if code_of(key) == code}
    result: dict[str, Remembered] = {}
    for key in sorted(wanted):
        now = key in newest.keys
        made = checked[code_of(key)]
        run = _last_run(key, made)
        mark = marks.get(key)
        since = run[0].period
        is_current = mark is not None and week_order(mark.period) >= week_order(since)
        result[key] = Remembered(
            key=key,
            state=_state(key, newest, made, len(run)),
            weeks=len(run) if now else 0,
            since=since,
            unbroken=all(is_next_week(one.period, two.period) for one, two in itertools.pairwise(run)),
            seen=mark if is_current else None,
        )
    return result


def _consistent(week: WeekFindings) -> WeekFindings:
    """A check that found something was made."""
    return WeekFindings(week.period, week.keys, week.not_checked - {code_of(key) for key in week.keys})


def _state(key: str, newest: WeekFindings, made: Sequence[WeekFindings], run: int) -> FindingState:
    if key not in newest.keys:
        if newest not in made:
            return FindingState.NOT_CHECKED
        return FindingState.PASSED if code_of(key) in EVENTS else FindingState.FIXED
    if run > 1:
        return FindingState.LASTING
    earlier = [one for one in made if one is not newest]
    if not earlier:
        return FindingState.FIRST
    return FindingState.RETURNED if any(key in one.keys for one in earlier) else FindingState.NEW


def _last_run(key: str, checked: Sequence[WeekFindings]) -> list[WeekFindings]:
    """The latest weeks in a row that have the key, in order, of those in which its check was made."""
    run: list[WeekFindings] = []
    for one in reversed(checked):
        if key in one.keys:
            run.append(one)
        elif run:
            break
    return run[::-1]
