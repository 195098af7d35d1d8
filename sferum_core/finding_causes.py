"""Findings as causes: one code with one message, its age over weeks, and what is kept of a week to tell it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sferum_core.checks import title_of
from sferum_core.checks.run import NOT_CHECKED
from sferum_core.finding_memory import (
    FindingState,
    Remembered,
    WeekFindings,
    code_of,
    finding_key,
    week_findings,
)
from sferum_core.model import Finding, Period, Severity

_DIGITS = re.compile(r"\d+(?:[\u202f\u00a0,.]\d+)*")
_ORDER = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True)
class FoundCause:
    """Findings of one code and message, as a page tells them."""

    code: str
    message: str
    severity: Severity
    findings: tuple[Finding, ...]

    @property
    def count(self) -> int:
        """How many rows or cells it is about."""
        return sum(finding.count for finding in self.findings)

    @property
    def values(self) -> list[str]:
        """What makes it this very cause: other counts, columns or examples make another.

        No row numbers, and of the message its words only: «964 дня назад» is another figure every day.
        """
        words = _DIGITS.sub("0", self.message)
        return sorted(
            "\n".join([words, one.column or "", str(one.count), one.value or ""]) for one in self.findings
        )


def found_causes(findings: Iterable[Finding]) -> list[FoundCause]:
    """Causes, gravest first; «не проверено» is none."""
    ordered = sorted(
        (one for one in findings if one.code != NOT_CHECKED),
        key=lambda one: (_ORDER[one.severity], one.code, one.message),
    )
    groups = groupby(ordered, key=lambda one: (one.severity, one.code, one.message))
    return [FoundCause(code, message, severity, tuple(group)) for (severity, code, message), group in groups]


def kept_of(findings: Iterable[Finding]) -> dict[str, list[str]]:
    """What of a week's findings is kept with it as plain JSON, so that its table need not be opened again."""
    week = week_findings(Period(start=dt.date.min, end=dt.date.min), findings)
    return {"keys": sorted(week.keys), "not_checked": sorted(week.not_checked)}


def week_of_kept(period: Period, kept: Mapping[str, Any]) -> WeekFindings:
    """A week's findings from `kept_of`."""
    return WeekFindings(period, frozenset(kept.get("keys", ())), frozenset(kept.get("not_checked", ())))


def age_of(cause: FoundCause, memory: Mapping[str, Remembered]) -> Remembered | None:
    """The longest memory of a cause's findings; None where there is none."""
    keys = {finding_key(cause.code, "", one.column) for one in cause.findings}
    known = [memory[key] for key in keys if key in memory]
    return max(known, key=lambda one: one.weeks, default=None)


def mended(memory: Mapping[str, Remembered], causes: Sequence[FoundCause]) -> list[str]:
    """Titles of what the week before had and this one has no more, each once."""
    standing = {cause.code for cause in causes}
    codes = {
        code_of(key)
        for key, one in memory.items()
        if one.state is FindingState.FIXED and code_of(key) not in standing
    }
    return sorted(title_of(code) for code in codes)


def is_still_seen(made: dt.date, age: Remembered | None) -> bool:
    """Whether a mark made on a day is about the present run: what came back has to be looked at again."""
    return age is None or made >= age.since.end
