"""What is wrong with an opened file: the reader's findings and the checks together, once for file and norms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sferum_core.checks import (
    Cause,
    all_findings,
    check_export,
    main_causes,
    verdict_causes,
    verdict_sentence,
)
from sferum_core.model import Export, ExportKind, Finding, Severity
from sferum_core.norms import NormProfile
from sferum_ui import cache
from sferum_ui.cache import Dataset
from sferum_ui.profiles import DEFAULT_PROFILE

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
    found: Checked = cache.compute(_checked, dataset.id, profile_key)
    return found


def usually(dataset: Dataset) -> Checked:
    """What is wrong with the dataset under the norms that a page begins with."""
    return of(dataset, DEFAULT_PROFILE)


def _checked(dataset: Dataset, profile: NormProfile) -> Checked:
    export = dataset.export
    today = None if dataset.is_demo else dt.date.today()
    findings = all_findings(export, check_export(export, profile, today=today))
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
