"""One pass over an export: what depends on a failed check, rows to mend, main causes, odd tables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sferum_core import load_profile, read_export
from sferum_core.checks import (
    CHECKS,
    all_findings,
    check_export,
    main_causes,
    run_checks,
    verdict_causes,
    verdict_sentence,
)
from sferum_core.checks.numerals import inn_is_valid, ogrn_is_valid
from sferum_core.model import Export, ExportKind, Finding, Severity
from sferum_core.reading.fields import FIELDS, KIND_FIELDS, Content
from tests.core.checks.exports import (
    CLEAN,
    TODAY,
    export,
    organizations,
    told,
    typed,
    with_cells,
    with_column,
    without,
)

PROFILE = load_profile("chelyabinsk-2024")
DEMO = Path(__file__).parents[3] / "assets" / "demo"


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def test_what_depends_on_a_failed_check_is_named_with_its_cause() -> None:
    made = organizations()
    strange = with_column(made, "organization_id", [f"9{text}" for text in made.table["organization_id"]])
    strange = with_column(strange, "organization", [f"{text} бис" for text in made.table["organization"]])
    found = check_export(strange, PROFILE, previous=organizations(0), today=TODAY)
    notes = [finding for finding in found if finding.code == "not_checked"]
    expected = {
        code
        for code, check in CHECKS.items()
        if "another_region" in check.depends_on and made.kind in check.kinds
    }
    assert {finding.value for finding in notes} == expected
    assert all("из-за «Прежняя неделя – о других организациях»" in finding.message for finding in notes)
    assert {finding.severity for finding in notes} == {Severity.NOTE}


def test_without_a_period_nothing_more_is_said_of_it() -> None:
    made = replace(organizations(), period=None)
    assert codes(check_export(made, PROFILE, previous=organizations(0), today=TODAY)) == ["period_missing"]


def test_a_finding_of_the_reader_switches_off_what_rests_on_it() -> None:
    made = with_cells(organizations(), "organization_id", {3: "100074"})
    assert "id_two_names" in codes(check_export(made, PROFILE))
    damaged = replace(made, findings=(told("damaged_id"),))
    found = check_export(damaged, PROFILE)
    assert "id_two_names" not in codes(found)
    assert "id_two_names" in {finding.value for finding in found if finding.code == "not_checked"}


def test_a_cause_passes_on() -> None:
    made = with_column(
        without(organizations(), "reported_share_teachers_10_messages"), "teachers_10_messages", [0] * 40
    )
    before = organizations(0)
    found = check_export(made, PROFILE, previous=before)
    causes = {finding.value: finding.message for finding in found if finding.code == "not_checked"}
    assert "«Половина региона с нулём»" in causes["municipality_all_zero"]
    assert "«Половина региона с нулём»" in causes["fell_silent"]


def test_what_the_table_lacks_is_silent() -> None:
    made = organizations()
    few = replace(made, table=made.table[["organization", "municipality", "is_active"]])
    found = check_export(few, PROFILE)
    assert set(codes(found)) <= {"main_indicator_absent", "not_checked"}


def test_a_week_of_another_kind_is_as_if_there_were_none() -> None:
    for kind, make in CLEAN.items():
        other = CLEAN[ExportKind.REGISTRY if kind is not ExportKind.REGISTRY else ExportKind.TEACHERS]()
        assert check_export(make(), PROFILE, previous=other) == check_export(make(), PROFILE)


def test_gravest_first_and_everything_at_once() -> None:
    made = with_cells(organizations(), "organization_id", {3: "100074", 4: pd.NA})
    made = with_cells(made, "organization", {7: "тест"})
    made = with_cells(made, "teachers_10_messages", {9: 500})
    found = check_export(made, PROFILE)
    assert {"id_two_names", "id_missing", "stranger_test", "messages_10_over_3"} <= set(codes(found))
    order = [list(Severity).index(finding.severity) for finding in found]
    assert order == sorted(order)


def test_nothing_of_the_export_is_changed_and_the_answer_repeats() -> None:
    made, before = organizations(), organizations(0)
    copy = made.table.copy()
    first = check_export(made, PROFILE, previous=before, today=TODAY)
    assert check_export(made, PROFILE, previous=before, today=TODAY) == first
    pd.testing.assert_frame_equal(made.table, copy)


def test_rows_say_what_to_mend_and_where() -> None:
    made = with_cells(organizations(), "students_registered", {1: 4, 4: 7, 12: 9})
    report = run_checks(made, PROFILE)
    mine = report.rows[report.rows["code"] == "students_in_preschool"]
    assert mine["row"].tolist() == [1, 4, 12]
    assert mine["value"].tolist() == ["4", "7", "9"]
    assert set(mine["column"]) == {"students_registered"}
    assert mine["name"].iloc[0] == "МБДОУ «Детский сад № 2» с. Берёзово (ID 100037)"
    finding = next(finding for finding in report.findings if finding.code == "students_in_preschool")
    assert finding.count == 3
    assert finding.message == "У ДОО есть зарегистрированные ученики: 3\u00a0организации."


def test_many_rows_give_a_few_examples() -> None:
    made = with_cells(organizations(), "organization_id", dict.fromkeys(range(12), pd.NA))
    finding = next(f for f in check_export(made, PROFILE) if f.code == "id_missing")
    assert finding.count == 12
    assert finding.value is not None and finding.value.count(";") == 2 and finding.value.endswith("и ещё 9")


def test_what_a_check_says_by_row_is_not_said_twice() -> None:
    made = with_cells(organizations(), "organization_type", {4: pd.NA})
    made = replace(made, findings=(told("type_unknown"), told("filled_down")))
    every = codes(all_findings(made, check_export(made, PROFILE)))
    assert "type_missing" in every and "filled_down" in every and "type_unknown" not in every
    clean = replace(organizations(), findings=(told("type_unknown"),))
    assert codes(all_findings(clean, check_export(clean, PROFILE))) == ["type_unknown"]


def found(code: str, count: int, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(code=code, severity=severity, message=code, count=count)


def test_few_causes_explain_most() -> None:
    causes = verdict_causes(
        [found("stranger_test", 1), found("id_missing", 70), found("type_missing", 10), found("id_missing", 10),
         found("filled_down", 900, Severity.NOTE), found("stranger_closed", 9)]
    )  # fmt: skip
    assert [(cause.code, cause.count) for cause in causes[:2]] == [("id_missing", 80), ("type_missing", 10)]
    assert (causes[0].share, causes[1].cumulative) == (0.8, 0.9)
    assert [cause.code for cause in main_causes(causes)] == ["id_missing"]
    assert verdict_sentence(causes) == "Исправьте эту 1 причину – исчезнет 80\u00a0% найденного."
    assert verdict_sentence([]) == "Ошибок и предупреждений нет."
    assert (
        verdict_sentence(verdict_causes([found("id_missing", 3)]))
        == "Исправьте эту 1 причину – и всё исчезнет."
    )


def test_an_error_comes_before_a_warning_of_the_same_size() -> None:
    causes = verdict_causes([found("id_missing", 5), found("id_doubled", 5, Severity.ERROR)])
    assert [cause.code for cause in causes] == ["id_doubled", "id_missing"]


@pytest.mark.parametrize("kind", CLEAN)
def test_an_empty_table_is_no_trouble(kind: ExportKind) -> None:
    made = CLEAN[kind]()
    empty = replace(made, table=made.table.head(0))
    check_export(empty, PROFILE, previous=made, today=TODAY)
    check_export(made, PROFILE, previous=empty, today=TODAY)


DECLARED = {
    "demo_2024-04-04.xlsx": {"type_missing", "stranger_test", "stranger_closed"},
    "demo_2024-03-28.xlsx": {"type_missing", "stranger_test", "stranger_closed", "half_region_zero"},
}


@pytest.mark.parametrize("name", DECLARED)
def test_the_demo_gives_only_what_its_declared_troubles_warrant(name: str) -> None:
    """scripts/demo_region: test entries, a reorganized school, a school with a kindergarten, the holidays."""
    earlier = {
        "demo_2024-04-04.xlsx": "demo_2024-03-28.xlsx",
        "demo_2024-03-28.xlsx": "demo_2024-03-21.xlsx",
    }[name]
    now, before = (read_export((DEMO / one).read_bytes(), one) for one in (name, earlier))
    grave = {f.code for f in check_export(now, PROFILE, previous=before) if f.severity is not Severity.NOTE}
    assert grave == DECLARED[name]


_CELL = {
    Content.COUNT: st.one_of(st.none(), st.integers(0, 3), st.integers(0, 10**12)),
    Content.SHARE: st.one_of(st.none(), st.floats(0, 9)),
    Content.STATUS: st.one_of(st.none(), st.booleans()),
    Content.FLAG: st.one_of(st.none(), st.booleans()),
    Content.DATE: st.one_of(st.none(), st.datetimes(pd.Timestamp(2020, 1, 1), pd.Timestamp(2030, 1, 1))),
    Content.TYPE: st.sampled_from([None, "ДОО", "ОО", "СПО", "другое"]),
}
_WORDS = st.one_of(
    st.none(), st.text(max_size=12),
    st.sampled_from(["", "1", "тест", "СОШ № 1 Озёрного района", "Озёрный район", "г. Ливны", "Итого"]),
)  # fmt: skip


@st.composite
def any_export(draw: st.DrawFn, kind: ExportKind) -> Export:
    columns = draw(st.lists(st.sampled_from(KIND_FIELDS[kind]), unique=True, min_size=1))
    count = draw(st.integers(0, 14))
    data = {
        name: draw(st.lists(_CELL.get(FIELDS[name].content, _WORDS), min_size=count, max_size=count))
        for name in columns
    }
    return export(kind, typed({name: pd.Series(values, dtype=object) for name, values in data.items()}))


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(list(CLEAN)))
def test_no_table_breaks_the_checks(data: st.DataObject, kind: ExportKind) -> None:
    made, before = data.draw(any_export(kind)), data.draw(any_export(kind))
    for finding in check_export(made, PROFILE, previous=before, today=TODAY):
        assert finding.count >= 0 and finding.message and "{" not in finding.advice
        assert finding.code in CHECKS or finding.code == "not_checked"


@given(st.integers(0, 999_999_999), st.integers(0, 9), st.integers(1, 9))
def test_a_wrong_digit_of_inn_is_noticed(body: int, place: int, shift: int) -> None:
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    digits = [int(sign) for sign in f"{body:09d}"]
    check_digit = sum(d * w for d, w in zip(digits, weights, strict=True)) % 11 % 10
    number = f"{body:09d}{check_digit}"
    assert inn_is_valid(number)
    if place == 9:
        assert not inn_is_valid(number[:9] + str((check_digit + shift) % 10))


def test_known_forms_of_numbers() -> None:
    # The tax service's own numbers, and lengths and letters that none has.
    assert inn_is_valid("7707329152") and ogrn_is_valid("1047707030513")
    assert not inn_is_valid("7707329153") and not ogrn_is_valid("1047707030514")
    assert (
        not inn_is_valid("770732915") and not inn_is_valid("77O7329152") and not ogrn_is_valid("104770703051")
    )
    assert inn_is_valid("500100732259") and not inn_is_valid("500100732258")


def test_large_files_are_checked_by_columns() -> None:
    made = organizations()
    many = pd.concat(
        [made.table.assign(organization_id=[f"{i}{r:05d}" for r in range(40)]) for i in range(100, 175)],
        ignore_index=True,
    )
    found_codes = codes(check_export(replace(made, table=many), PROFILE))
    assert "name_two_ids" in found_codes and np.unique(found_codes).size == len(set(found_codes))


@pytest.mark.parametrize(("organizations_a_place", "expected"), [(4, False), (12, True)])
def test_a_silent_municipality_is_told_only_when_chance_cannot_make_it(
    organizations_a_place: int, expected: bool
) -> None:
    """A third of the region's organizations writes nothing: four silent ones in a row are no news, twelve are."""
    places = [place for place in range(6) for _ in range(organizations_a_place)]
    wrote = [0 if place == 0 else 2 * (row % 3 > 0) for row, place in enumerate(places)]
    made = organizations(count=len(places))
    table = made.table.assign(
        municipality=pd.Series([f"Район {'АБВГДЕ'[place]}ловский" for place in places], dtype="str"),
        teachers_registered=pd.array([20] * len(places), dtype="Int64"),
        teachers_10_messages=pd.array(wrote, dtype="Int64"),
    )
    found = codes(check_export(replace(made, table=table), PROFILE, today=TODAY))
    assert ("municipality_all_zero" in found) is expected
