"""Exports to store: the demo weeks as the reader gives them, and small ones made by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache

from sferum_core import load_profile, read_export
from sferum_core.model import Export, Period, Source
from sferum_core.norms import NormProfile
from tests.conftest import ROOT
from tests.core.checks.exports import organizations

PROFILE: NormProfile = load_profile("chelyabinsk-2024")
OTHER_PROFILE: NormProfile = load_profile("tomsk-2024")
REGION = "Демонстрационная область"
NOW = dt.datetime(2024, 4, 5, 9, 30, tzinfo=dt.UTC)
DEMO_FILES = sorted((ROOT / "assets" / "demo").glob("demo_2*.xlsx"))


@cache
def demo(number: int = -1) -> Export:
    """A week of the demo region as the reader gives it."""
    path = DEMO_FILES[number]
    return read_export(path.read_bytes(), path.name)


@cache
def demo_teachers() -> Export:
    """The demo's file of teachers, with names."""
    path = ROOT / "assets" / "demo" / "demo_teachers_2024-04-04.xlsx"
    return read_export(path.read_bytes(), path.name)


def week(
    weeks_ago: int = 0, *, count: int = 12, sha256: str | None = None, filename: str = "неделя.xlsx"
) -> Export:
    """A small week of organizations, so many weeks before that of 29.03–04.04.2024."""
    end = dt.date(2024, 4, 4) - dt.timedelta(weeks=weeks_ago)
    made = organizations(1, count)
    source = Source(filename=filename, sha256=sha256 or f"{weeks_ago:064x}", format="xlsx", sheets=("Лист1",))
    return replace(made, period=Period(start=end - dt.timedelta(days=6), end=end), source=source)
