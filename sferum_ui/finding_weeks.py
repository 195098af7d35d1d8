"""Findings from week to week: how long each cause has stood, which somebody has looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sferum_core.access import Act
from sferum_core.finding_causes import (
    FoundCause,
    age_of,
    found_causes,
    is_still_seen,
    kept_of,
    mended,
    week_of_kept,
)
from sferum_core.finding_memory import Remembered, WeekFindings, finding_memory, week_findings
from sferum_core.model import Finding
from sferum_core.norms import NormProfile
from sferum_store import Mark, mark_key
from sferum_ui import access, cache, checking, demo, history, library, sharing, state
from sferum_ui.cache import Dataset

KEPT = "found"  # under this name a saved week keeps what was found in it
MOST_OPENED = 3  # weeks saved without it are checked anew, a few of them


@dataclass(frozen=True, eq=False)
class Told:
    """One cause with its age, its key among the marks, and the mark when somebody has looked at it."""

    cause: FoundCause
    key: str
    age: Remembered | None
    mark: Mark | None


@dataclass(frozen=True, eq=False)
class Memory:
    """All causes of a file, and the titles of what was mended since the week before."""

    told: tuple[Told, ...]
    mended: tuple[str, ...]

    @property
    def open(self) -> list[Told]:
        """Causes nobody has looked at."""
        return [one for one in self.told if one.mark is None]

    @property
    def seen(self) -> list[Told]:
        """Causes somebody has looked at."""
        return [one for one in self.told if one.mark is not None]


def extra(findings: tuple[Finding, ...]) -> dict[str, object]:
    """What a week is saved with, for `memory` in later weeks."""
    return {KEPT: kept_of(findings)}


def memory(dataset: Dataset, *, with_ages: bool = True) -> Memory:
    """The causes of a dataset under the chosen norms. `with_ages` asks earlier weeks."""
    findings = state.checked(dataset).findings
    causes = found_causes(findings)
    known: Mapping[str, Remembered] = {}
    if with_ages and access.scope() is None:  # earlier weeks keep causes of the whole region
        weeks = history.earlier(dataset, history.RECENT)
        if weeks:
            key = state.profile_key()
            known = cache.compute_of(remembered, dataset, key, key, history.stamp(weeks))
    marks = _marks(dataset)
    told = []
    for cause in causes:
        key, age = mark_key(cause.code, "", cause.values), age_of(cause, known)
        mark = marks.get(key)
        current = mark is not None and is_still_seen(mark.made_at.date(), age)
        told.append(Told(cause, key, age, mark if current else None))
    return Memory(tuple(told), tuple(mended(known, causes)))


def remembered(dataset: Dataset, profile: NormProfile, profile_key: str, stamp: str) -> dict[str, Remembered]:
    """The memory of every finding over the weeks of a school year. `stamp` names the weeks there are."""
    period = dataset.export.period
    if period is None:
        return {}
    now = week_findings(period, checking.of(dataset, profile_key).findings)
    return finding_memory([now, *_earlier(dataset, profile_key)])


def _earlier(dataset: Dataset, profile_key: str) -> list[WeekFindings]:
    weeks = history.earlier(dataset, history.RECENT)
    ids = [week.id for week in weeks if not demo.is_demo_id(week.id)]
    extras = (library.quietly(lambda store: store.weeks.extras(ids)) if ids else None) or {}
    found, opened = [], 0
    for week in weeks:
        kept = extras.get(week.id, {}).get(KEPT)
        if kept is not None:
            found.append(week_of_kept(week.period, kept))
            continue
        if not demo.is_demo_id(week.id):
            opened += 1
            if opened > MOST_OPENED:
                break
        then = history.opened(week.id)
        if then is None:
            break
        found.append(week_findings(week.period, checking.of(then, profile_key).findings))
    return found


def region_to_mark(dataset: Dataset) -> str | None:
    """For which region marks are kept; None where they can't be: the demo, names of people, no region."""
    if dataset.is_demo or dataset.is_personal or library.problem() is not None:
        return None
    if not access.may(Act.MARK):
        return None
    if sharing.current() is not None:
        return None
    return history.region_of(dataset)


def why_no_marks(dataset: Dataset) -> str:
    """Why nothing can be marked as seen; "" where it can."""
    if dataset.is_demo:
        return (
            "На демонстрационных данных отметка «Просмотрено» не ставится: они общие, и отметку увидели бы все. "
            "В вашей выгрузке она есть у каждой причины."
        )
    if dataset.is_personal:
        return "В таблице могут быть имена людей, она не сохраняется, поэтому и отметить здесь ничего нельзя."
    if sharing.current() is not None or library.problem() is not None:
        return ""
    if history.region_of(dataset) is None:
        return "Чтобы отмечать просмотренное, укажите регион на странице «Управление»."
    return ""


def _marks(dataset: Dataset) -> dict[str, Mark]:
    if dataset.is_demo or dataset.is_personal:
        return {}
    region = history.region_of(dataset)
    if region is None:
        return {}
    return library.recalled(("marks", region), lambda store: store.marks.find(region)) or {}
