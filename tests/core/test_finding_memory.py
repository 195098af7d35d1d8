"""Findings over weeks: new, lasting, fixed, come back, seen; keys that outlive row numbers."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sferum_core.checks import CHECKS
from sferum_core.finding_memory import (
    EVENTS,
    FindingState,
    Seen,
    WeekFindings,
    code_of,
    finding_key,
    finding_memory,
    week_findings,
)
from sferum_core.model import Finding, Period, Severity
from sferum_core.pairing import rows_of, subject_keys

FIRST = dt.date(2024, 2, 23)
KEY = finding_key("admin_missing", "id:1", "admins_registered")


def week(number: int) -> Period:
    start = FIRST + dt.timedelta(days=7 * number)
    return Period(start=start, end=start + dt.timedelta(days=6))


def history(present: str) -> list[WeekFindings]:
    """«x» the finding stands, «-» it doesn't, «?» not checked, « » the week isn't stored."""
    found = []
    for number, sign in enumerate(present):
        if sign != " ":
            keys = frozenset({KEY}) if sign == "x" else frozenset()
            skipped = frozenset({"admin_missing"}) if sign == "?" else frozenset()
            found.append(WeekFindings(week(number), keys, skipped))
    return found


@pytest.mark.parametrize(
    ("present", "label"),
    [
        ("-x", "новое"),
        ("x", "найдено, раньше недель нет"),
        ("xx", "держится 2-ю неделю"),
        ("-xxx", "держится 3-ю неделю"),
        ("x-xxx", "держится 3-ю неделю"),
        ("x-x", "снова появилось"),
        ("x-", "исправлено"),
        ("xx-", "исправлено"),
        ("x-x-", "исправлено"),
        ("x--", None),
        ("--", None),
        ("-xx x", "держится с недели 01.03–07.03.2024"),  # a week between is not stored
        ("-x?x", "держится с недели 01.03–07.03.2024"),
        ("xx?", "на этой неделе не проверено"),
        ("x?-", "исправлено"),
        ("x-?", None),
        ("?x", "найдено, раньше недель нет"),
        ("x-?x", "снова появилось"),
    ],
)
def test_what_became_of_a_finding(present: str, label: str | None) -> None:
    found = finding_memory(history(present)).get(KEY)
    assert (found.label if found else None) == label
    assert finding_memory(history(present)[::-1]).get(KEY) == found, "the order given does not matter"


def test_seen_counts_for_the_present_run_only() -> None:
    def label(present: str, seen_in: int) -> str:
        return finding_memory(history(present), {KEY: Seen(week(seen_in), by="отдел", note="ждём приказ")})[
            KEY
        ].label

    assert label("-xx", 2) == "просмотрено"
    assert label("-xx", 1) == "просмотрено"
    assert label("xx-x", 1) == "снова появилось"
    assert label("xx-", 1) == "исправлено"
    found = finding_memory(history("-xx"), {KEY: Seen(week(1), by="отдел")})[KEY]
    assert found.age_label == "держится 2-ю неделю" and found.seen is not None and found.seen.by == "отдел"


def test_a_change_between_weeks_passes_and_is_not_mended() -> None:
    assert "organizations_gone" in EVENTS and "admin_missing" not in EVENTS
    assert set(CHECKS) > EVENTS
    key = finding_key("organizations_gone")
    weeks = [WeekFindings(week(0), frozenset({key})), WeekFindings(week(1), frozenset())]
    assert finding_memory(weeks)[key].state is FindingState.PASSED


def test_keys_outlive_row_numbers_and_spellings() -> None:
    names = ["organization_id", "organization", "municipality"]
    now = pd.DataFrame(
        [
            ["001", "Школа", "г. Тихий"],
            [None, "МБОУ «Школа № 2»", "Озёрный район"],
            [None, None, "г. Тихий"],
            [None] * 3,
        ],
        columns=names,
        dtype="str",
    )
    later = now.iloc[[3, 2, 1, 0]].reset_index(drop=True)
    later.loc[2, ["organization", "municipality"]] = ['мбоу "Школа №2"', "Озерный муниципальный район"]
    later.loc[3, "organization"] = "Лицей"
    keys = subject_keys(now)
    assert keys[::-1] == subject_keys(later)
    assert keys[0] == "id:001" and keys[3] == "" and len(set(keys)) == 4
    assert [rows_of(later, key).index.tolist() for key in keys[:3]] == [[3], [2], [1]]
    assert rows_of(later, "id:002").empty
    with pytest.raises(ValueError, match="names no organization"):
        rows_of(later, "")


def test_a_week_of_findings_has_a_key_a_finding_and_a_key_a_row() -> None:
    table = pd.DataFrame({"organization_id": pd.Series(["001", "002"], dtype="str")})
    findings = [
        Finding(code="admin_missing", severity=Severity.NOTE, message="x", column="admins_registered"),
        Finding(code="not_checked", severity=Severity.NOTE, message="x", value="fell_silent"),
    ]
    rows = pd.DataFrame({"code": ["admin_missing"], "row": [1], "column": ["admins_registered"]})
    found = week_findings(week(0), findings, rows, table)
    assert found.keys == {
        "admin_missing||admins_registered",
        "admin_missing|id:002|admins_registered",
    }
    assert found.not_checked == {"fell_silent"}
    assert week_findings(week(0), findings).keys == {"admin_missing||admins_registered"}


@given(
    st.lists(
        st.tuples(st.text(), st.text(), st.none() | st.text(min_size=1)), min_size=2, max_size=2, unique=True
    )
)
def test_different_findings_have_different_keys(parts: list[tuple[str, str, str | None]]) -> None:
    one, two = (finding_key(*part) for part in parts)
    assert one != two


@given(st.text("abc_", min_size=1), st.text(), st.text())
def test_the_code_is_in_the_key(code: str, subject: str, column: str) -> None:
    assert code_of(finding_key(code, subject, column)) == code


@given(st.text("x-? ", min_size=1, max_size=12))
def test_every_history_has_one_answer(present: str) -> None:
    found = finding_memory(history(present))
    stored = present.replace(" ", "")
    if not stored:
        assert found == {}
        return
    now = found.get(KEY)
    if stored[-1] == "x":
        assert now is not None and now.weeks >= 1
        run = stored.replace("?", "").rpartition("-")[2]
        assert now.weeks == len(run)
    else:
        assert now is None or now.weeks == 0
    if now is not None:
        assert now.label
