"""What is wrong with an export: declared checks, all run in one pass, and the catalogue of everything found."""

from sferum_core.checks import (
    changes,
    file,
    identity,
    jumps,
    logic,
    people,
    plausibility,
    shares,
    strangers,
    structure,
    territories,
    time,
)
from sferum_core.checks.catalogue import catalogue, title_of
from sferum_core.checks.declare import CHECKS, Check, Group, Hit
from sferum_core.checks.reader_findings import READER_FINDINGS, REPORT_FINDINGS, ReaderFinding
from sferum_core.checks.run import NOT_CHECKED, CheckReport, all_findings, check_export, run_checks
from sferum_core.checks.verdict import Cause, main_causes, verdict_causes, verdict_sentence

MODULES = (
    file,
    structure,
    identity,
    territories,
    logic,
    shares,
    plausibility,
    changes,
    jumps,
    time,
    strangers,
    people,
)
"""The modules in which checks are declared."""

__all__ = [
    "CHECKS",
    "MODULES",
    "NOT_CHECKED",
    "READER_FINDINGS",
    "REPORT_FINDINGS",
    "Cause",
    "Check",
    "CheckReport",
    "Group",
    "Hit",
    "ReaderFinding",
    "all_findings",
    "catalogue",
    "check_export",
    "main_causes",
    "run_checks",
    "title_of",
    "verdict_causes",
    "verdict_sentence",
]
