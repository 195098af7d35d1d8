"""The few causes that explain most of what was found: «исправьте эти 3 – исчезнет 80 %»."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sferum_core.checks.catalogue import title_of
from sferum_core.model import Finding, Severity
from sferum_core.wording import NO_BREAK_SPACE, plural, round_half_up

_ENOUGH = 0.8
_FEW = 5
_ORDER = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True)
class Cause:
    """One code with its title, how many rows or cells it explains, and which part of all (fractions)."""

    code: str
    title: str
    severity: Severity
    count: int
    share: float
    cumulative: float
    advice: str


def verdict_causes(findings: Iterable[Finding], *, notes: bool = False) -> list[Cause]:
    """Every cause by the rows it explains, the greatest first (an error before a warning of the same size).

    Notes are left out unless asked for: they need no mending. «Не проверено» is never a cause.
    """
    counts: dict[str, int] = {}
    first: dict[str, Finding] = {}
    for finding in findings:
        if finding.code == "not_checked" or (finding.severity is Severity.NOTE and not notes):
            continue
        counts[finding.code] = counts.get(finding.code, 0) + max(finding.count, 1)
        first.setdefault(finding.code, finding)
    total = sum(counts.values())
    order = sorted(counts, key=lambda code: (-counts[code], _ORDER[first[code].severity], code))
    causes, passed = [], 0
    for code in order:
        passed += counts[code]
        causes.append(
            Cause(
                code,
                title_of(code),
                first[code].severity,
                counts[code],
                counts[code] / total,
                passed / total,
                first[code].advice,
            )
        )
    return causes


def main_causes(causes: list[Cause]) -> list[Cause]:
    """The fewest first causes that explain four fifths, five at most."""
    for place, cause in enumerate(causes[:_FEW], start=1):
        if cause.cumulative >= _ENOUGH:
            return causes[:place]
    return causes[:_FEW]


def verdict_sentence(causes: list[Cause]) -> str:
    """«Исправьте эти 3 – исчезнет 80 % найденного.» or that there is nothing to mend."""
    few = main_causes(causes)
    if not few:
        return "Ошибок и предупреждений нет."
    percent = round_half_up(few[-1].cumulative * 100)
    if len(few) == len(causes):
        return f"Исправьте {_these(len(few))} – и всё исчезнет."
    return f"Исправьте {_these(len(few))} – исчезнет {percent}{NO_BREAK_SPACE}% найденного."


def _these(count: int) -> str:
    return plural(count, f"эту {count} причину", f"эти {count} причины", f"эти {count} причин")
