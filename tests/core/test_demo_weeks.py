"""The demo region over its six weeks: trends, holidays, changes and memory on whole files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sferum_core import Export, read_export
from sferum_core.change_words import changes_answer
from sferum_core.changes import what_changed
from sferum_core.checks import run_checks
from sferum_core.finding_memory import FindingState, WeekFindings, finding_memory, week_findings
from sferum_core.municipalities import compare_municipalities
from sferum_core.norms import load_profile
from sferum_core.organizations import assess_organizations
from sferum_core.rank_moves import rank_moves
from sferum_core.trends import REGION_KEY, trend_table, trend_weeks, week_sums

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "demo"
PROFILE = load_profile("chelyabinsk-2024")
MAIN = PROFILE.main_indicator


@pytest.fixture(scope="module")
def weeks() -> list[Export]:
    return [read_export(path.read_bytes(), path.name) for path in sorted(FOLDER.glob("demo_2*.xlsx"))]


@pytest.fixture(scope="module")
def history(weeks: list[Export]) -> pd.DataFrame:
    parts = []
    for export in weeks:
        assert export.period is not None
        sums = week_sums(export.table, PROFILE)
        parts.append(sums.assign(start=export.period.start, end=export.period.end))
    return pd.concat(parts, ignore_index=True)


def test_the_week_of_the_spring_holidays_is_low_for_everybody_and_named(history: pd.DataFrame) -> None:
    axis = trend_weeks(history, MAIN).set_index("week")
    assert axis.index[axis["low"].fillna(False)].tolist() == ["22.03–28.03"]
    assert axis.loc["22.03–28.03", "note"] == "весенние каникулы (примерно)"
    assert axis["note"].ne("").sum() == 1
    assert axis["follows"].tolist() == [False] + [True] * 5


def test_the_trend_of_every_week_is_that_weeks_comparison(weeks: list[Export], history: pd.DataFrame) -> None:
    trend = trend_table(history, PROFILE, MAIN)
    for export in weeks:
        assert export.period is not None
        now = trend[
            (trend["end"] == pd.Timestamp(export.period.end)) & (trend["municipality_key"] != REGION_KEY)
        ]
        found = compare_municipalities(export.table, PROFILE, MAIN).set_index("municipality_key")
        now = now.set_index("municipality_key").reindex(found.index)
        for column in ("numerator", "denominator", "share", "rank", "status"):
            assert now[column].tolist() == found[column].tolist(), column


def test_a_week_taken_out_is_a_gap(weeks: list[Export], history: pd.DataFrame) -> None:
    lost = weeks[2].period
    assert lost is not None
    region = trend_table(history[history["end"] != lost.end], PROFILE, MAIN, municipality_keys=[REGION_KEY])
    assert region["known"].tolist() == [True, True, False, True, True, True]
    assert region["change"].isna().tolist() == [True, False, True, True, False, False]


def test_what_changed_from_week_to_week(weeks: list[Export]) -> None:
    assessed = [assess_organizations(export.table, PROFILE) for export in weeks]
    told = [
        what_changed(now, before, PROFILE, period=one.period, before_period=other.period)
        for now, before, one, other in zip(assessed[1:], assessed, weeks[1:], weeks, strict=False)
    ]
    assert [found.counts()["new"] for found in told] == [0, 4, 0, 0, 0]
    assert [found.counts()["gone"] for found in told] == [0, 0, 0, 3, 0]
    assert [found.counts()["unresolved"] for found in told] == [0] * 5
    assert all(changes_answer(found).startswith("С прошлой недели вышли из отстающих ") for found in told)
    for found in told:
        moves = rank_moves(found.municipalities)
        assert len(moves) == 27
        both = found.organizations["presence"].eq("both").sum()
        assert found.flow()["organizations"].sum() == both
    verdicts = [rank_moves(found.municipalities)["verdict"].eq("больше случайного").mean() for found in told]
    assert verdicts[3] > 0.5, "holidays are no chance"
    assert max(verdicts[:3]) < 0.2, "ordinary weeks mostly are"


def test_memory_over_six_weeks(weeks: list[Export]) -> None:
    remembered: list[WeekFindings] = []
    for place, export in enumerate(weeks):
        assert export.period is not None
        report = run_checks(export, PROFILE, previous=weeks[place - 1] if place else None)
        found = (*export.findings, *report.findings)
        remembered.append(week_findings(export.period, found, report.rows, export.table))
    memory = finding_memory(remembered)
    lasting = memory["stranger_test||organization"]
    assert (lasting.state, lasting.label) == (FindingState.LASTING, "держится 6-ю неделю")
    assert memory["half_region_zero||teachers_10_messages"].label == "исправлено"
    assert memory["organizations_gone||"].label == "было неделей раньше"
    assert {one.state for one in memory.values()} >= {
        FindingState.NEW,
        FindingState.FIXED,
        FindingState.LASTING,
    }
