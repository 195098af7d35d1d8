"""The status of an organization: order of tests, edges, activity, head counts missing to the norm."""

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sferum_core.model import Status
from sferum_core.norms import load_profile, make_profile
from sferum_core.organizations import (
    CARD_COLUMNS,
    assess_organizations,
    assessment_findings,
    organization_card,
    rule_activity,
    status_counts,
)

CHELYABINSK = load_profile("chelyabinsk-2024")
TOMSK = load_profile("tomsk-2024")
TEXT = {"organization_id", "organization", "organization_type", "municipality"}


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    """A table of kind organizations in the contract's dtypes."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    data = {}
    for name in names:
        values = [row.get(name) for row in rows]
        if name in TEXT:
            data[name] = pd.Series(values, dtype="str")
        elif name == "is_active":
            data[name] = pd.Series(values, dtype="boolean")
        elif name.startswith("reported"):
            data[name] = pd.Series(values, dtype="Float64")
        else:
            data[name] = pd.Series(values, dtype="Int64")
    return pd.DataFrame(data)


def preschool(numerator: int | None, denominator: int | None, **more: Any) -> dict[str, Any]:
    return {
        "organization_type": "ДОО",
        "is_active": True,
        "teachers_registered": denominator,
        "teachers_10_messages": numerator,
        **more,
    }


def statuses(*rows: dict[str, Any], profile: Any = CHELYABINSK) -> list[str]:
    return assess_organizations(frame(*rows), profile)["status"].tolist()


def test_rows_order_and_index_stay() -> None:
    table = frame(preschool(1, 40), preschool(0, 40), preschool(3, 40)).set_axis([7, 3, 3])
    assessed = assess_organizations(table, CHELYABINSK)
    assert assessed.index.tolist() == [7, 3, 3]
    pd.testing.assert_frame_equal(assessed[table.columns], table)
    assert assessed["status"].tolist() == ["within_norm", "below_norm", "target_met"]


def test_the_source_table_is_not_changed_and_a_second_assessment_changes_nothing() -> None:
    table = frame(preschool(1, 40), preschool(None, 40))
    before = table.copy(deep=True)
    assessed = assess_organizations(table, CHELYABINSK)
    pd.testing.assert_frame_equal(table, before)
    pd.testing.assert_frame_equal(assess_organizations(assessed, CHELYABINSK), assessed)


def test_column_types_of_the_contract() -> None:
    for table in (frame(preschool(1, 40)), frame(preschool(1, 40)).iloc[:0]):
        types = assess_organizations(table, CHELYABINSK).dtypes.astype(str)
        assert types["share_teachers_10_messages"] == types["main_share"] == "Float64"
        assert types["active"] == types["over_100"] == types["active_computed"] == "boolean"
        assert types["missing_to_norm"] == types["missing_to_target"] == "Int64"
        assert (
            types["status"] == types["active_by"] == types["main_indicator"] == types["share_source"] == "str"
        )


def test_a_table_without_any_known_column_is_judged_too() -> None:
    assessed = assess_organizations(pd.DataFrame({"organization": ["А", "Б"]}), CHELYABINSK)
    assert assessed["status"].tolist() == ["no_data", "no_data"]
    assert assessed["active"].isna().all()
    assert assessed["main_share"].isna().all()
    assert not [name for name in assessed.columns if name.startswith("share_teachers")]


def test_stated_inactive_comes_before_everything() -> None:
    told = {"is_active": False}
    assert (
        statuses(
            preschool(40, 40, **told),
            preschool(None, None, **told),
            preschool(1, 40, organization_type=None, **told),
            preschool(1, 40, organization_type="СПО", **told),
        )
        == ["inactive"] * 4
    )


def test_stated_active_wins_over_the_rule() -> None:
    assessed = assess_organizations(
        frame(preschool(0, 0, admins_registered=1, students_registered=0)), CHELYABINSK
    )
    assert assessed["status"].tolist() == ["no_data"]
    assert assessed["active"].tolist() == [True]
    assert assessed["active_by"].tolist() == ["stated"]
    assert assessed["active_computed"].tolist() == [False]


def test_no_norm_for_other_types_and_no_data_for_an_unknown_type() -> None:
    kinds = ["СПО", "ДОД", "ДПО", "другое", None]
    assert statuses(*(preschool(1, 40, organization_type=kind) for kind in kinds)) == ["no_norm"] * 4 + [
        "no_data"
    ]


def test_no_norm_goes_before_no_data() -> None:
    assert statuses(preschool(None, None, organization_type="СПО")) == ["no_norm"]


@pytest.mark.parametrize("profile", [TOMSK, load_profile("max-2025")])
def test_yearly_goals_give_no_norm_for_an_organization(profile: Any) -> None:
    row = preschool(1, 40, teachers_active=30)
    assert statuses(row, {**row, "organization_type": "ОО"}, profile=profile) == ["no_norm", "no_norm"]


@pytest.mark.parametrize("pair", [(None, 10), (1, None), (None, None), (0, 0), (1, 0)])
def test_no_data(pair: tuple[int | None, int | None]) -> None:
    assessed = assess_organizations(frame(preschool(*pair)), CHELYABINSK)
    assert assessed["status"].tolist() == ["no_data"]
    assert assessed[["main_share", "missing_to_norm", "missing_to_target"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("kind", "numerator", "denominator", "expected"),
    [
        ("ДОО", 0, 40, ("below_norm", 1, 3)),
        ("ДОО", 1, 40, ("within_norm", 0, 2)),
        ("ДОО", 2, 40, ("within_norm", 0, 1)),
        ("ДОО", 3, 40, ("target_met", 0, 0)),
        ("ДОО", 0, 1, ("below_norm", 1, 1)),
        ("ОО", 0, 11, ("below_norm", 2, 3)),
        ("ОО", 1, 10, ("within_norm", 0, 2)),
        ("ОО", 5, 20, ("within_norm", 0, 1)),
        ("ОО", 6, 20, ("target_met", 0, 0)),
        ("ОО", 30, 20, ("target_met", 0, 0)),
    ],
)
def test_verdict_and_what_is_missing(
    kind: str, numerator: int, denominator: int, expected: tuple[str, int, int]
) -> None:
    row = assess_organizations(
        frame(preschool(numerator, denominator, organization_type=kind)), CHELYABINSK
    ).iloc[0]
    assert (row["status"], row["missing_to_norm"], row["missing_to_target"]) == expected


def test_more_than_all_is_shown_and_flagged() -> None:
    assessed = assess_organizations(frame(preschool(8, 1), preschool(1, 1)), CHELYABINSK)
    assert assessed["main_share"].tolist() == [8.0, 1.0]
    assert assessed["over_100"].tolist() == [True, False]


def test_a_share_that_is_only_stated_is_judged_as_stated() -> None:
    rows = [
        preschool(None, None, reported_share_teachers_10_messages=share)
        for share in (0.024, 0.025, 0.05, 0.051, None)
    ]
    assessed = assess_organizations(frame(*rows), CHELYABINSK)
    assert assessed["status"].tolist() == [
        "below_norm",
        "within_norm",
        "within_norm",
        "target_met",
        "no_data",
    ]
    assert assessed["share_source"].tolist()[:4] == ["reported"] * 4
    assert assessed["missing_to_norm"].isna().all()


def test_counts_go_before_a_stated_share_and_a_zero_denominator_is_no_data() -> None:
    stated = {"reported_share_teachers_10_messages": 0.9}
    assessed = assess_organizations(frame(preschool(0, 40, **stated), preschool(0, 0, **stated)), CHELYABINSK)
    assert assessed["status"].tolist() == ["below_norm", "no_data"]


def test_a_staff_list_denominator_changes_the_share() -> None:
    profile = CHELYABINSK.model_copy(update={"denominator": "staff_list"})
    row = preschool(1, 20, teachers_total=80)
    assert statuses(row) == ["within_norm"]
    assert statuses(row, profile=profile) == ["below_norm"]


def test_an_office_may_set_one_norm_for_all_types() -> None:
    profile = make_profile(
        {
            "name": "own",
            "title": "Наш",
            "main_indicator": "teachers_10_messages",
            "activity_rule": "two_users",
            "rules": [{"levels": ["organization"], "indicator": "teachers_10_messages", "low_percent": 10}],
        }
    )
    assert statuses(preschool(1, 10, organization_type=None), preschool(0, 10), profile=profile) == [
        "within_norm",
        "below_norm",
    ]


NOBODY = {"admins_registered": 0, "teachers_registered": 0, "students_registered": 0}


@pytest.mark.parametrize(
    ("people", "two_users", "beyond_admin", "three_teachers"),
    [
        ({}, False, False, False),
        ({"admins_registered": 1}, False, False, False),
        ({"admins_registered": 2}, True, False, False),
        ({"teachers_registered": 1}, False, True, False),
        ({"admins_registered": 1, "teachers_registered": 1}, True, True, False),
        ({"admins_registered": 1, "students_registered": 1}, True, True, False),
        ({"teachers_registered": 2}, True, True, False),
        ({"teachers_registered": 3}, True, True, True),
        ({"admins_registered": None}, None, False, False),
        ({"admins_registered": None, "teachers_registered": 2}, True, True, False),
        ({"teachers_registered": None}, None, None, None),
        ({"teachers_registered": None, "students_registered": 2}, True, True, None),
        ({"students_registered": None, "teachers_registered": 1}, None, True, False),
        ({"parents_registered": 5}, False, True, False),
    ],
)
def test_three_rules_of_activity(
    people: dict[str, int | None],
    two_users: bool | None,
    beyond_admin: bool | None,
    three_teachers: bool | None,
) -> None:
    """000's table, 000's letter and 003 differ for two administrators, one teacher, two teachers."""
    table = frame({**NOBODY, **people})
    found = [rule_activity(table, rule).iloc[0] for rule in ("two_users", "beyond_admin", "three_teachers")]
    assert [None if pd.isna(value) else bool(value) for value in found] == [
        two_users,
        beyond_admin,
        three_teachers,
    ]


def test_activity_by_the_rule_says_so_and_unknown_activity_does_not_make_inactive() -> None:
    assessed = assess_organizations(
        frame(
            preschool(0, 0, is_active=None, admins_registered=1, students_registered=0),
            preschool(1, 40, is_active=None, admins_registered=1, students_registered=0),
            preschool(0, 1, is_active=None),
        ),
        CHELYABINSK,
    )
    assert assessed["status"].tolist() == ["inactive", "within_norm", "below_norm"]
    assert assessed["active_by"].tolist()[:2] == ["rule", "rule"]
    assert assessed["active"].isna().tolist() == assessed["active_by"].isna().tolist() == [False, False, True]


def test_findings_compare_stated_with_computed() -> None:
    people = {"admins_registered": 1, "students_registered": 0}
    assessed = assess_organizations(
        frame(
            preschool(1, 40, is_active=False, organization="Детский сад № 1", **people),
            preschool(0, 0, is_active=True, **people),
            preschool(9, 3, is_active=None, admins_registered=None),
            preschool(0, 0, is_active=None, admins_registered=None),
        ),
        CHELYABINSK,
    )
    found = {finding.code: finding for finding in assessment_findings(assessed, CHELYABINSK)}
    assert set(found) == {
        "stated_inactive_but_rule_active",
        "stated_active_but_rule_inactive",
        "activity_unknown",
        "share_over_100",
    }
    assert all(finding.count == 1 for finding in found.values())
    assert found["stated_inactive_but_rule_active"].value == "Детский сад № 1"
    assert "1 организация" in found["activity_unknown"].message.replace("\u00a0", " ")


def test_status_counts_name_every_status() -> None:
    counts = status_counts(
        assess_organizations(frame(preschool(1, 40), preschool(1, 40), preschool(0, 40)), CHELYABINSK)
    )
    assert counts.index.tolist() == [status.value for status in Status]
    assert counts["within_norm"] == 2
    assert counts.sum() == 3


def test_the_card_of_an_organization() -> None:
    common = {"municipality": "Озёрный район", "teachers_active": 4}
    assessed = assess_organizations(
        frame(
            preschool(4, 40, organization="Сад № 1", organization_id="007", **common),
            preschool(1, 40, organization="Сад № 2", municipality="Озёрный муниципальный район"),
            preschool(8, 40, organization="Сад № 3", municipality="г. Лесной"),
            preschool(40, 40, organization="Школа № 1", organization_type="ОО", municipality="Озёрный район"),
        ),
        CHELYABINSK,
    )
    card = organization_card(assessed, 1, CHELYABINSK)
    assert card.identity == {
        "organization": "Сад № 2",
        "organization_type": "ДОО",
        "municipality": "Озёрный муниципальный район",
    }
    assert list(card.indicators.columns) == list(CARD_COLUMNS)
    line = card.indicators.set_index("indicator").loc["teachers_10_messages"]
    assert (line["place_municipality"], line["of_municipality"]) == (2, 2)
    assert (line["place_region"], line["of_region"]) == (3, 3)
    assert (line["status"], line["low"], line["high"], line["missing"]) == ("within_norm", 0.025, 0.05, 0)
    assert organization_card(assessed, 0, CHELYABINSK).identity["organization_id"] == "007"
    other = (
        organization_card(assessed, 0, CHELYABINSK).indicators.set_index("indicator").loc["teachers_active"]
    )
    assert other["status"] == "no_norm"
    assert pd.isna(other["missing"])


def test_a_card_outside_the_table_is_an_index_error() -> None:
    assessed = assess_organizations(frame(preschool(1, 40)), CHELYABINSK)
    for position in (-1, 1):
        with pytest.raises(IndexError):
            organization_card(assessed, position, CHELYABINSK)


ORDER = {"below_norm": 0, "within_norm": 1, "target_met": 2}
pairs = st.tuples(st.integers(0, 400), st.integers(1, 300), st.sampled_from(["ДОО", "ОО"]))


@settings(deadline=None, max_examples=40)
@given(pairs)
def test_missing_to_norm_is_minimal(case: tuple[int, int, str]) -> None:
    numerator, denominator, kind = case
    low, target = (Fraction(1, 40), Fraction(1, 20)) if kind == "ДОО" else (Fraction(1, 10), Fraction(1, 4))
    row = assess_organizations(
        frame(preschool(numerator, denominator, organization_type=kind)), CHELYABINSK
    ).iloc[0]
    norm, goal = int(row["missing_to_norm"]), int(row["missing_to_target"])
    assert Fraction(numerator + norm, denominator) >= low
    assert norm == 0 or Fraction(numerator + norm - 1, denominator) < low
    assert Fraction(numerator + goal, denominator) > target
    assert goal == 0 or Fraction(numerator + goal - 1, denominator) <= target


@settings(deadline=None, max_examples=40)
@given(pairs)
def test_one_more_teacher_over_the_threshold_never_lowers_anything(case: tuple[int, int, str]) -> None:
    numerator, denominator, kind = case
    rows = [preschool(count, denominator, organization_type=kind) for count in (numerator, numerator + 1)]
    before, after = assess_organizations(frame(*rows), CHELYABINSK).to_dict("records")
    assert after["main_share"] > before["main_share"]
    assert ORDER[after["status"]] >= ORDER[before["status"]]
    assert after["missing_to_norm"] <= before["missing_to_norm"]


counts_ = st.none() | st.integers(0, 60)
random_rows = st.lists(
    st.fixed_dictionaries(
        {
            "organization_type": st.sampled_from(["ДОО", "ОО", "СПО", None]),
            "is_active": st.sampled_from([True, False, None]),
            "admins_registered": counts_,
            "teachers_registered": counts_,
            "students_registered": counts_,
            "teachers_10_messages": counts_,
        }
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=40)
@given(rows=random_rows, seed=st.integers(0, 1000))
def test_a_row_is_judged_alone(rows: list[dict[str, Any]], seed: int) -> None:
    table = frame(*rows)
    order = np.random.default_rng(seed).permutation(len(rows))
    shuffled = assess_organizations(table.iloc[order], CHELYABINSK)
    pd.testing.assert_frame_equal(shuffled, assess_organizations(table, CHELYABINSK).iloc[order])
