"""What is wrong with an opened file: the reader's findings and the checks together, with the week before beside it.

Worked out once for the file, the week it is compared with, the norms and the day; another week in the archive is
another key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sferum_core.checks import (
    Cause,
    all_findings,
    main_causes,
    verdict_causes,
    verdict_sentence,
)
from sferum_core.model import Export, ExportKind, Finding, Severity
from sferum_core.norms import NormProfile
from sferum_core.weeks import is_week
from sferum_ui import cache, derived, history
from sferum_ui.cache import Dataset
from sferum_ui.history import Earlier
from sferum_ui.profiles import DEFAULT_PROFILE
from sferum_ui.work import check_export

SEVERAL_DATES = "several_dates"
VERDICTS = {
    None: "Можно работать",
    Severity.NOTE: "Можно работать",
    Severity.WARNING: "Можно работать, но…",
    Severity.ERROR: "Нужно исправить",
}


@dataclass(frozen=True, eq=False)
class Checked:
    """Findings, gravest first; the word on the file; the few causes that explain most, and their sentence."""

    findings: tuple[Finding, ...]
    verdict: str
    causes: tuple[Cause, ...]
    sentence: str


def of(dataset: Dataset, profile_key: str) -> Checked:
    """What is wrong with the dataset under a norm profile, from the cache."""
    found: Checked = cache.compute_of(_checked, dataset, profile_key, *key_of(dataset))
    return found


def usually(dataset: Dataset) -> Checked:
    """What is wrong with the dataset under the norms that a page begins with."""
    return of(dataset, DEFAULT_PROFILE)


def compared_with(dataset: Dataset) -> Earlier | None:
    """The nearest earlier week of the same region and kind that a dataset is checked against.

    Weeks go with weeks and other terms with their like: a month beside a week would be nothing but jumps.
    """
    dataset = derived.latest_only(dataset)
    period = dataset.export.period
    before = history.latest_before(dataset)
    if period is None or before is None or is_week(before.period) != is_week(period):
        return None
    return before


def key_of(dataset: Dataset) -> tuple[str, dt.date | None]:
    """What else than the table and the norms the findings depend on: the id of the week before, and the day."""
    before = cache.once_a_run(("compared", dataset.id, dataset.version), lambda: compared_with(dataset))
    return ("" if before is None else before.id, None if dataset.is_demo else dt.date.today())


def previous_export(previous_id: str) -> Export | None:
    """The table of the week before; None without one, or when it is gone."""
    before = history.opened(previous_id) if previous_id else None
    return None if before is None else before.export


def _checked(dataset: Dataset, profile: NormProfile, previous_id: str, today: dt.date | None) -> Checked:
    export, latest = dataset.export, derived.latest_only(dataset).export
    found = check_export(latest, profile, previous=previous_export(previous_id), today=today)
    if latest is not export:  # the latest date was checked; that there are more is told beside
        found += [one for one in check_export(export, profile) if one.code == SEVERAL_DATES]
    findings = all_findings(export, found)
    causes = verdict_causes(findings)
    return Checked(
        tuple(findings), verdict(export, findings), tuple(main_causes(causes)), verdict_sentence(causes)
    )


def verdict(export: Export, findings: Iterable[Finding]) -> str:
    """The plain verdict on a file: «Можно работать», «Можно работать, но…», «Нужно исправить»."""
    if export.kind is ExportKind.UNKNOWN or export.table.empty:
        return VERDICTS[Severity.ERROR]
    present = {finding.severity for finding in findings}
    return VERDICTS[next((severity for severity in Severity if severity in present), None)]
