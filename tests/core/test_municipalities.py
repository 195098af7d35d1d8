"""Comparison of municipalities: ratio of sums, places with ties, verdicts, region, leaders, heat table."""

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sferum_core.grouping import UNKNOWN_MUNICIPALITY
from sferum_core.model import Status
from sferum_core.municipalities import (
    COMPARISON_COLUMNS,
    HEAT_COLUMNS,
    compare_municipalities,
    heat_table,
    municipality_leaders,
    organization_leaders,
    region_total,
)
from sferum_core.norms import load_profile
from sferum_core.organizations import assess_organizations

CHELYABINSK = load_profile("chelyabinsk-2024")
TOMSK = load_profile("tomsk-2024")
MAIN = "teachers_10_messages"
Row = tuple[str | None, str | None, int | None, int | None]


def organizations(*rows: Row) -> pd.DataFrame:
    """Rows of (municipality, type, wrote ten messages, registered)."""
    return pd.DataFrame(
        {
            "organization": pd.Series(
                [f"Организация № {number}" for number in range(len(rows))], dtype="str"
            ),
            "organization_type": pd.Series([row[1] for row in rows], dtype="str"),
            "municipality": pd.Series([row[0] for row in rows], dtype="str"),
            "is_active": pd.Series([True] * len(rows), dtype="boolean"),
            "teachers_registered": pd.Series([row[3] for row in rows], dtype="Int64"),
            MAIN: pd.Series([row[2] for row in rows], dtype="Int64"),
        }
    )


def municipality_rows(**columns: Any) -> pd.DataFrame:
    """A table of kind municipalities."""
    types = {"municipality": "str", "reported_share_active": "Float64"}
    return pd.DataFrame(
        {name: pd.Series(values, dtype=types.get(name, "Int64")) for name, values in columns.items()}
    )


def by_name(comparison: pd.DataFrame) -> pd.DataFrame:
    return comparison.set_index("municipality")


def test_a_share_is_the_ratio_of_sums_not_the_mean_of_shares() -> None:
    found = compare_municipalities(
        organizations(("Озёрный район", "ОО", 1, 2), ("Озёрный район", "ОО", 0, 98)), CHELYABINSK, MAIN
    )
    assert found["share"].tolist() == [0.01]
    assert (found["numerator"].tolist(), found["denominator"].tolist()) == ([1], [100])


def test_rows_without_a_part_stay_out_of_both_sums_and_are_counted() -> None:
    table = organizations(
        ("А-ский район", "ОО", 5, 10), ("А-ский район", "ОО", None, 90), ("А-ский район", "ОО", 7, None)
    )
    row = compare_municipalities(table, CHELYABINSK, MAIN).iloc[0]
    assert (
        row["numerator"],
        row["denominator"],
        row["organizations"],
        row["organizations_without_data"],
    ) == (5, 10, 3, 2)


def test_spellings_of_one_municipality_are_one_and_the_frequent_one_is_shown() -> None:
    table = organizations(
        ("Асиновский муниципальный район", "ОО", 1, 10),
        ("Асиновский район", "ОО", 1, 10),
        ("Асиновский район", "ОО", 1, 10),
        ("г. Ливны", "ОО", 1, 10),
        ("Ливенский район", "ОО", 1, 10),
    )
    found = by_name(compare_municipalities(table, CHELYABINSK, MAIN))
    assert sorted(found.index) == ["Асиновский район", "Ливенский район", "г. Ливны"]
    assert found.loc["Асиновский район", "organizations"] == 3


def test_places_with_ties_are_1_2_2_4_and_no_data_comes_last_without_a_place() -> None:
    table = organizations(
        ("Первый район", "ОО", None, 5),
        ("Второй район", "ОО", 2, 6),
        ("Третий район", "ОО", 1, 3),
        ("Четвёртый район", "ОО", 1, 2),
        ("Пятый район", "ОО", 1, 100),
        ("Шестой район", "ОО", 0, 0),
    )
    found = compare_municipalities(table, CHELYABINSK, MAIN)
    assert found["municipality"].tolist()[:4] == [
        "Четвёртый район",
        "Второй район",
        "Третий район",
        "Пятый район",
    ]
    assert found["rank"].tolist()[:4] == [1, 2, 2, 4]
    assert found["rank"].isna().tolist() == [False] * 4 + [True] * 2
    assert found["share"].isna().tolist() == [False] * 4 + [True] * 2


def test_the_place_goes_by_the_unrounded_share() -> None:
    found = compare_municipalities(
        organizations(("А", "ОО", 3333, 10_000), ("Б", "ОО", 1, 3)), CHELYABINSK, MAIN
    )
    assert found["municipality"].tolist() == ["Б", "А"]
    assert found["rank"].tolist() == [1, 2]


def test_rows_without_a_municipality_are_a_last_row_without_a_place() -> None:
    table = organizations((None, "ОО", 9, 10), ("А-ский район", "ОО", 1, 10), ("  ", "ОО", 1, 10))
    found = compare_municipalities(table, CHELYABINSK, MAIN)
    assert found["municipality"].tolist() == ["А-ский район", UNKNOWN_MUNICIPALITY]
    assert found["organizations"].tolist() == [1, 2]
    assert found["rank"].isna().tolist() == [False, True]
    assert region_total(table, CHELYABINSK, MAIN)["numerator"] == 11


@pytest.mark.parametrize(
    ("kind", "numerator", "status"),
    [
        ("ДОО", 24, "below_norm"),
        ("ДОО", 25, "within_norm"),
        ("ДОО", 51, "target_met"),
        ("ОО", 250, "within_norm"),
        ("СПО", 9, "no_norm"),
    ],
)
def test_a_municipality_is_judged_by_the_norm_of_the_type_asked_for(
    kind: str, numerator: int, status: str
) -> None:
    table = organizations(("А-ский район", kind, numerator, 1000), ("А-ский район", "ДПО", 1, 1))
    found = compare_municipalities(table, CHELYABINSK, MAIN, kind)
    assert found["status"].tolist() == [status]
    assert found["organizations"].tolist() == [1]


def test_mixed_types_have_no_norm_unless_there_is_one_for_all() -> None:
    table = organizations(("А-ский район", "ДОО", 30, 100), ("А-ский район", "ОО", 30, 100))
    assert compare_municipalities(table, CHELYABINSK, MAIN)["status"].tolist() == ["no_norm"]
    same = table.assign(teachers_active=table[MAIN])
    assert compare_municipalities(same, TOMSK, "teachers_active")["status"].tolist() == ["target_met"]


def test_a_table_of_one_type_only_is_not_mixed() -> None:
    table = organizations(("А-ский район", "ДОО", 3, 100))
    assert compare_municipalities(table, CHELYABINSK, MAIN)["status"].tolist() == ["within_norm"]


def test_statuses_of_organizations_are_counted() -> None:
    table = organizations(
        *(("А-ский район", "ДОО", count, 40) for count in (0, 0, 1, 3)), ("А-ский район", "СПО", 1, 40)
    )
    table.loc[0, "is_active"] = False
    row = compare_municipalities(table, CHELYABINSK, MAIN).iloc[0]
    found = {status.value: int(row[status.value]) for status in Status if row[status.value]}
    assert found == {"inactive": 1, "below_norm": 1, "within_norm": 1, "target_met": 1, "no_norm": 1}
    assert row["numerator"] == 5, "inactive organizations count in the sums"


def test_an_assessed_table_gives_the_same() -> None:
    table = organizations(("А-ский район", "ДОО", 1, 40), ("Б-ский район", "ОО", 1, 40))
    pd.testing.assert_frame_equal(
        compare_municipalities(assess_organizations(table, TOMSK), CHELYABINSK, MAIN),
        compare_municipalities(table, CHELYABINSK, MAIN),
    )


def test_change_and_place_before() -> None:
    before = compare_municipalities(
        organizations(("Асиновский МР", "ОО", 1, 10), ("Г. Лесной", "ОО", 2, 10)), CHELYABINSK, MAIN
    )
    now = organizations(
        ("Асиновский район", "ОО", 5, 10), ("г. Лесной", "ОО", 2, 10), ("Новый район", "ОО", 1, 10)
    )
    found = by_name(compare_municipalities(now, CHELYABINSK, MAIN, previous=before))
    assert found["change"].round(6).tolist()[:2] == [0.4, 0.0]
    assert found["rank_before"].tolist()[:2] == [2, 1]
    assert found.loc["Новый район", ["change", "rank_before"]].isna().all()


def test_a_table_of_municipalities_sums_its_organizations() -> None:
    table = municipality_rows(
        municipality=["Озёрный район", "Озёрный МР", "г. Лесной"],
        organizations=[3, 4, None],
        teachers_registered=[10, 10, 5],
        teachers_active=[5, None, 4],
    )
    found = by_name(compare_municipalities(table, TOMSK, "teachers_active"))
    assert found.loc["Озёрный район", ["organizations", "organizations_without_data"]].tolist() == [7, 4]
    assert found.loc["г. Лесной", "status"] == "leader"
    assert found["inactive"].isna().all(), "no organizations, no statuses of theirs"
    total = region_total(table, TOMSK, "teachers_active")
    assert (total["organizations"], total["numerator"], total["denominator"]) == (7, 9, 15)


def test_shares_that_are_only_stated_are_ranked_and_judged_but_never_summed() -> None:
    table = municipality_rows(
        municipality=["А-ский район", "Б-ский район", "В-ский район"],
        reported_share_active=[0.25, 0.36, None],
    )
    found = compare_municipalities(table, TOMSK, "teachers_active")
    assert found["municipality"].tolist() == ["Б-ский район", "А-ский район", "В-ский район"]
    assert found["status"].tolist() == ["leader", "target_missed", "no_data"]
    assert found["share_source"].tolist()[:2] == ["reported", "reported"]
    assert found["organizations_without_data"].tolist() == [1, 1, 1]
    assert region_total(table, TOMSK, "teachers_active")["status"] == "no_data"


def test_region_total_has_the_same_fields_and_the_regions_own_rule() -> None:
    table = organizations(
        ("А-ский район", "ДОО", 3, 10), ("Б-ский район", "ДОО", 0, 0), (None, "ДОО", None, 1)
    )
    total = region_total(table, CHELYABINSK, MAIN)
    assert set(total.index) == set(COMPARISON_COLUMNS)
    assert (total["status"], total["organizations"], total["organizations_without_data"]) == ("no_norm", 3, 1)
    assert (total["numerator"], total["denominator"], total["share"]) == (3, 10, 0.3)
    goal = region_total(table.assign(teachers_active=table[MAIN]), TOMSK, "teachers_active")
    assert goal["status"] == "target_met"


def test_the_share_of_active_organizations() -> None:
    table = organizations(*[("А-ский район", "ОО", 1, 10)] * 4)
    table["is_active"] = pd.Series([True, False, True, None], dtype="boolean")
    table["teachers_registered"] = pd.Series([10, 10, 10, None], dtype="Int64")
    row = compare_municipalities(table, CHELYABINSK, "organizations_active").iloc[0]
    assert (row["numerator"], row["denominator"], row["organizations_without_data"]) == (2, 3, 1)


def test_empty_tables_keep_their_columns() -> None:
    table = organizations(("А", "ОО", 1, 1)).iloc[:0]
    for result in (
        compare_municipalities(table, CHELYABINSK, MAIN),
        compare_municipalities(table, CHELYABINSK, MAIN, "ДОО"),
    ):
        assert list(result.columns) == list(COMPARISON_COLUMNS)
        assert len(result) == 0
    total = region_total(table, CHELYABINSK, MAIN)
    assert total["organizations"] == 0
    assert pd.isna(total["share"])
    assert heat_table(table, CHELYABINSK).columns.tolist() == list(HEAT_COLUMNS)


def test_an_unknown_indicator_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        compare_municipalities(organizations(("А", "ОО", 1, 1)), CHELYABINSK, "reposts")


def test_the_heat_table_holds_what_comparisons_hold() -> None:
    table = organizations(("А-ский район", "ОО", 1, 10), ("Б-ский район", "ОО", 2, 10))
    table["teachers_linked"] = pd.Series([3, 4], dtype="Int64")
    heat = heat_table(table, CHELYABINSK)
    assert heat["indicator"].unique().tolist() == [MAIN, "teachers_linked"]
    assert len(heat) == 4
    for code in (MAIN, "teachers_linked"):
        expected = by_name(compare_municipalities(table, CHELYABINSK, code))["share"].sort_index()
        found = by_name(heat[heat["indicator"] == code])["share"].sort_index()
        pd.testing.assert_series_equal(found, expected)


def test_one_of_three_is_no_leader() -> None:
    """domain.md: the least head count for a place among leaders is 5 by default."""
    table = organizations(
        ("А-ский район", "ОО", 4, 4),
        ("Б-ский район", "ОО", 3, 5),
        ("В-ский район", "ОО", 3, 5),
        ("Г-ский район", "ОО", 1, 9),
    )
    leaders = municipality_leaders(compare_municipalities(table, CHELYABINSK, MAIN), CHELYABINSK, top=2)
    assert leaders["municipality"].tolist() == ["Б-ский район", "В-ский район"]
    assert leaders["place"].tolist() == [1, 1]
    found = organization_leaders(assess_organizations(table, CHELYABINSK), CHELYABINSK, MAIN)
    assert found["position"].tolist() == [1, 2, 3]
    assert found["place"].tolist() == [1, 1, 3]


def test_an_inactive_organization_is_no_leader() -> None:
    table = organizations(("А-ский район", "ОО", 10, 10), ("А-ский район", "ОО", 5, 10))
    table.loc[0, "is_active"] = False
    assert organization_leaders(assess_organizations(table, CHELYABINSK), CHELYABINSK)[
        "position"
    ].tolist() == [1]


names = st.sampled_from(["А-ский район", "Б-ский район", "В-ский район", "г. Лесной", None])
counts = st.none() | st.integers(0, 50)
rows = st.lists(
    st.tuples(names, st.sampled_from(["ДОО", "ОО", None]), counts, counts), min_size=1, max_size=25
)


@settings(deadline=None, max_examples=40)
@given(rows)
def test_the_regions_sums_are_the_sums_of_its_parts(rows: list[Row]) -> None:
    table = organizations(*rows)
    parts = compare_municipalities(table, CHELYABINSK, MAIN)
    total = region_total(table, CHELYABINSK, MAIN)
    for column in (
        "numerator",
        "denominator",
        "organizations",
        "organizations_without_data",
        "below_norm",
        "no_data",
    ):
        assert parts[column].sum() == (0 if pd.isna(total[column]) else total[column])
    assert parts["organizations"].sum() == len(rows)


@settings(deadline=None, max_examples=40)
@given(rows, st.integers(0, 1000))
def test_the_order_of_rows_does_not_matter(rows: list[Row], seed: int) -> None:
    table = organizations(*rows)
    order = np.random.default_rng(seed).permutation(len(rows))
    pd.testing.assert_frame_equal(
        compare_municipalities(table.iloc[order], CHELYABINSK, MAIN),
        compare_municipalities(table, CHELYABINSK, MAIN),
    )


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), min_size=1, max_size=20))
def test_places_are_those_of_exact_fractions(pairs: list[tuple[int, int]]) -> None:
    table = organizations(*((f"Район {index:02}", "ОО", a, b) for index, (a, b) in enumerate(pairs)))
    found = by_name(compare_municipalities(table, CHELYABINSK, MAIN))["rank"]
    exact = [Fraction(a, b) for a, b in pairs]
    for index, share in enumerate(exact):
        assert found[f"Район {index:02}"] == 1 + sum(other > share for other in exact)


@settings(deadline=None, max_examples=40)
@given(rows)
def test_one_more_teacher_over_the_threshold_never_lowers_a_share_or_a_place(rows: list[Row]) -> None:
    table = organizations(*rows)
    after = table.copy()
    after.loc[0, MAIN] = after.loc[0, MAIN] + 1
    before, now = (by_name(compare_municipalities(part, CHELYABINSK, MAIN)) for part in (table, after))
    for name in before.index[before["share"].notna().to_numpy()]:
        assert now.loc[name, "share"] >= before.loc[name, "share"]
