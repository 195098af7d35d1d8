"""Runs every check on an export in one pass: findings, the rows they are about, and what was not checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import pandas as pd

from sferum_core.checks.catalogue import title_of
from sferum_core.checks.declare import CHECKS, PREVIOUS, Check, Hit
from sferum_core.checks.subject import Subject
from sferum_core.model import Export, Finding, Severity
from sferum_core.norms import NormProfile
from sferum_core.wording import counted, municipalities, number, organizations, rows

NOT_CHECKED = "not_checked"
ROW_COLUMNS = ("code", "severity", "row", "name", "column", "value", "reason", "advice")
_EXAMPLES = 3
_ORDER = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True, eq=False)
class CheckReport:
    """`findings`, gravest first; `rows`: a line for each row and check, with `ROW_COLUMNS`.

    `row` is the 0-based position in the export's table, `column` the field to mend (missing: the whole row),
    `value` what is wrong in this row, `reason` the check's title.
    """

    findings: list[Finding]
    rows: pd.DataFrame


def check_export(
    export: Export,
    profile: NormProfile,
    *,
    previous: Export | None = None,
    today: dt.date | None = None,
) -> list[Finding]:
    """Everything the checks find, gravest first; the reader's own findings are not repeated.

    `previous` is the export of the week before (of another kind: as if there were none), `today` the date
    that «будущее» and «давно» are told by. A check whose columns or arguments are missing says nothing; one
    that depends on a failed check gives a note of code `not_checked`.
    """
    return _run(Subject(export, profile, previous, today), [])


def run_checks(
    export: Export,
    profile: NormProfile,
    *,
    previous: Export | None = None,
    today: dt.date | None = None,
) -> CheckReport:
    """`check_export` with the rows of each finding beside it, for a workbook of what to mend."""
    lines: list[pd.DataFrame] = []
    findings = _run(Subject(export, profile, previous, today), lines, rows_too=True)
    return CheckReport(findings, pd.concat(lines, ignore_index=True) if lines else _no_lines())


def _run(subject: Subject, lines: list[pd.DataFrame], *, rows_too: bool = False) -> list[Finding]:
    """Every check once; `failed` has each code that found something, and what was not checked with its cause."""
    failed = {finding.code: finding.code for finding in subject.export.findings}
    findings: list[Finding] = []
    for check in run_order():
        if not check.applies(subject):
            continue
        cause = next((failed[code] for code in check.depends_on if code in failed), None)
        if cause is not None:
            failed[check.code] = cause
            findings.append(_not_checked(check, cause))
            continue
        for hit in check.run(subject):
            failed[check.code] = check.code
            findings.append(_finding(check, hit, subject))
            if rows_too and hit.rows is not None and len(hit.rows):
                lines.append(_lines(check, hit, subject))
    findings.sort(key=lambda finding: (_ORDER[finding.severity], finding.code == NOT_CHECKED))
    return findings


@cache
def run_order() -> tuple[Check, ...]:
    """Every check, after those it depends on; else as declared. ValueError for a circle."""
    done: dict[str, Check] = {}
    waiting = dict(CHECKS)
    while waiting:
        ready = [check for check in waiting.values() if not any(code in waiting for code in check.depends_on)]
        if not ready:
            raise ValueError(f"checks depend on one another in a circle: {sorted(waiting)}")
        for check in ready:
            done[check.code] = waiting.pop(check.code)
    return tuple(done.values())


def _finding(check: Check, hit: Hit, subject: Subject) -> Finding:
    count = hit.count if hit.count is not None else len(hit.rows) if hit.rows is not None else 1
    words = {
        "count": number(count),
        "organizations": organizations(count),
        "municipalities": municipalities(count),
        "rows": rows(count),
        "people": counted(count, "человек", "человека", "человек"),
        **hit.words,
    }
    return Finding(
        code=check.code,
        severity=check.severity,
        message=check.message.format_map(words) + _compared_with(check, subject),
        advice=check.advice.format_map(words),
        column=hit.column,
        value=hit.examples or _examples(hit, subject),
        count=count,
    )


def _compared_with(check: Check, subject: Subject) -> str:
    """The week a check compared with, for its message; "" for one that compares with none or names both itself."""
    if PREVIOUS not in check.needs or subject.before is None or "{previous}" in check.message:
        return ""
    period = subject.before.period
    return f" Сравнили с выгрузкой за {period.label}." if period else " Сравнили с прежней выгрузкой."


def _examples(hit: Hit, subject: Subject) -> str | None:
    if hit.rows is None or not len(hit.rows):
        return None
    told = []
    first = hit.rows[:_EXAMPLES]
    details = hit.details(first) if hit.details else [""] * len(first)
    for row, detail in zip(first, details, strict=True):
        told.append(f"{subject.labels[row]!s}: {detail}" if detail else str(subject.labels[row]))
    more = len(hit.rows) - len(told)
    return "; ".join(told) + (f" и ещё {number(more)}" if more > 0 else "")


def _lines(check: Check, hit: Hit, subject: Subject) -> pd.DataFrame:
    assert hit.rows is not None
    frame = pd.DataFrame({"row": hit.rows.astype("int64")})
    frame["name"] = subject.labels[hit.rows]
    frame["value"] = list(hit.details(hit.rows)) if hit.details else None
    frame["code"], frame["severity"] = check.code, check.severity.value
    frame["column"], frame["reason"], frame["advice"] = hit.column, check.title, check.advice
    return _typed(frame)


def _no_lines() -> pd.DataFrame:
    return _typed(pd.DataFrame({name: [] for name in ROW_COLUMNS}))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    types = {name: "int64" if name == "row" else "str" for name in ROW_COLUMNS}
    return frame[list(ROW_COLUMNS)].astype(types)


def _not_checked(check: Check, cause: str) -> Finding:
    return Finding(
        code=NOT_CHECKED,
        severity=Severity.NOTE,
        message=f"Не проверено «{check.title}» из-за «{title_of(cause)}».",
        advice="Исправьте причину и загрузите файл снова: проверка выполнится сама.",
        value=check.code,
        count=1,
    )


def all_findings(export: Export, found: Iterable[Finding]) -> list[Finding]:
    """The reader's findings and those of the checks together, gravest first; what a check says by row, once."""
    checked = list(found)
    said = {code for finding in checked if finding.code in CHECKS for code in CHECKS[finding.code].supersedes}
    kept = [finding for finding in export.findings if finding.code not in said]
    return sorted([*kept, *checked], key=lambda finding: _ORDER[finding.severity])
