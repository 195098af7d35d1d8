"""Stored sums equal the comparison they come from; trends have gaps where weeks are missing."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sferum_core.grouping import UNKNOWN_MUNICIPALITY
from sferum_core.indicators import GROUP_INDICATORS
from sferum_core.model import OrganizationType, Period
from sferum_core.municipalities import STATUS_COLUMNS, compare_municipalities, region_total
from sferum_core.norms import NormProfile, load_profile, profile_names
from sferum_core.organizations import assess_organizations
from sferum_core.trends import (
    ALL_TYPES,
    NO_MUNICIPALITY_KEY,
    REGION_KEY,
    SUM_COLUMNS,
    SUM_TYPES,
    TREND_COLUMNS,
    organization_trend,
    trend_table,
    trend_weeks,
    week_sums,
)

CHELYABINSK = load_profile("chelyabinsk-2024")
MAIN = "teachers_10_messages"
FIGURES = ["numerator", "denominator", "organizations", "organizations_without_data", *STATUS_COLUMNS]
FIRST = dt.date(2024, 2, 23)

counts = st.none() | st.integers(0, 40)
row = st.tuples(
    st.sampled_from(["Озёрный район", "Озерный муниципальный округ", "г. Озёрный", "Тихий район", "", None]),
    st.sampled_from([*OrganizationType, None]),
    st.none() | st.booleans(),
    counts,
    counts,
    counts,
    counts,
)
COLUMNS = [
    "municipality",
    "organization_type",
    "is_active",
    "teachers_registered",
    MAIN,
    "teachers_total",
    "students_active",
]


def table_of(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=COLUMNS)
    types = dict.fromkeys(COLUMNS, "Int64") | {
        "municipality": "str",
        "organization_type": "str",
        "is_active": "boolean",
    }
    table = table.astype(types)
    table.insert(0, "organization", pd.Series([f"Организация {n}" for n in range(len(table))], dtype="str"))
    table["students_registered"] = table["teachers_total"]
    return table


def assert_same(sums: pd.DataFrame, expected: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(
        sums[FIGURES].reset_index(drop=True),
        expected[FIGURES].astype("Int64").reset_index(drop=True),
        check_dtype=True,
    )


def assert_consistent(table: pd.DataFrame, profile: NormProfile) -> None:
    sums = week_sums(table, profile)
    assert not sums.duplicated(["municipality_key", "organization_type", "indicator"]).any()
    assert set(sums["indicator"]) <= set(GROUP_INDICATORS)
    for (kind, indicator), part in sums.groupby(["organization_type", "indicator"]):
        wanted = None if kind == ALL_TYPES else kind
        region = part[part["municipality_key"] == REGION_KEY]
        total = region_total(table, profile, indicator, wanted)
        assert_same(region, pd.DataFrame([total]))
        places = part[part["municipality_key"] != REGION_KEY].sort_values("municipality_key")
        expected = compare_municipalities(table, profile, indicator, wanted)
        expected["municipality_key"] = expected["municipality_key"].replace("", NO_MUNICIPALITY_KEY)
        expected = expected.sort_values("municipality_key")
        assert places["municipality_key"].tolist() == expected["municipality_key"].tolist()
        assert_same(places, expected)
        if kind == ALL_TYPES:
            assert places["municipality"].tolist() == expected["municipality"].tolist()


@settings(max_examples=25, deadline=None)
@given(st.lists(row, min_size=1, max_size=14), st.sampled_from(profile_names()))
def test_sums_equal_the_comparison_and_the_region(rows: list[tuple[object, ...]], profile: str) -> None:
    assert_consistent(table_of(rows), load_profile(profile))


def test_sums_of_tables_of_municipalities() -> None:
    table = pd.DataFrame(
        {
            "municipality": pd.Series(["Озёрный район", "г. Тихий", "г. Тихий", None], dtype="str"),
            "organizations": pd.Series([3, 4, None, 1], dtype="Int64"),
            "teachers_registered": pd.Series([10, None, 5, 2], dtype="Int64"),
            "teachers_active": pd.Series([1, None, 2, 1], dtype="Int64"),
        }
    )
    for profile in profile_names():
        assert_consistent(table, load_profile(profile))


def test_a_share_without_counts_is_kept_as_stated() -> None:
    table = pd.DataFrame(
        {
            "municipality": pd.Series(["Озёрный район", "г. Тихий"], dtype="str"),
            "reported_share_active": pd.Series([0.5, 0.25], dtype="Float64"),
        }
    )
    profile = load_profile("max-2025")
    sums = week_sums(table, profile)
    assert sums["stated_share"].tolist()[1:] == [0.25, 0.5] and pd.isna(sums["stated_share"].iloc[0])
    trend = trend_table(dated(sums, 0), profile, "teachers_active")
    assert trend[["municipality", "rank"]].values.tolist()[1:] == [["Озёрный район", 1], ["г. Тихий", 2]]
    assert trend["status"].tolist()[1:] == ["target_missed"] * 2
    assert trend["numerator"].isna().all()


def test_columns_and_types_are_those_declared_also_without_rows() -> None:
    for table in (table_of([]), pd.DataFrame(), table_of([("Озёрный район", "ОО", True, 10, 1, 12, 3)])):
        sums = week_sums(table, CHELYABINSK)
        assert list(sums.columns) == list(SUM_COLUMNS)
        assert {name: str(kind) for name, kind in sums.dtypes.items()} == SUM_TYPES


def test_rows_without_municipality_or_type_are_counted_but_have_keys_of_their_own() -> None:
    sums = week_sums(
        table_of([(None, "ОО", True, 10, 4, 12, 3), ("г. Тихий", None, True, 10, 1, 12, 3)]), CHELYABINSK
    )
    main = sums[sums["indicator"] == MAIN].set_index(["municipality_key", "organization_type"])
    assert main.loc[(REGION_KEY, ALL_TYPES), "numerator"] == 5
    assert main.loc[(REGION_KEY, "ОО"), "numerator"] == 4
    assert main.loc[(NO_MUNICIPALITY_KEY, ALL_TYPES), "municipality"] == UNKNOWN_MUNICIPALITY
    assert len(main) == 5


def test_a_type_has_rows_only_for_what_it_has_figures_of_and_always_for_the_main_indicator() -> None:
    sums = week_sums(
        table_of([("г. Тихий", "ОО", True, 10, 4, 12, 3), ("г. Тихий", "СПО", True, None, None, None, None)]),
        CHELYABINSK,
    )
    assert set(sums.loc[sums["organization_type"] == "СПО", "indicator"]) == {MAIN, "organizations_active"}
    assert {MAIN, "students_active"} < set(sums.loc[sums["organization_type"] == "ОО", "indicator"])


def dated(sums: pd.DataFrame, week: int) -> pd.DataFrame:
    start = FIRST + dt.timedelta(days=7 * week)
    return sums.assign(start=start, end=start + dt.timedelta(days=6))


def history(*weeks: tuple[int, list[tuple[str, int, int]]]) -> pd.DataFrame:
    """Weeks of (municipality, wrote ten messages, registered), all schools."""
    parts = []
    for week, lines in weeks:
        table = table_of([(name, "ОО", True, below, above, below, 0) for name, above, below in lines])
        parts.append(dated(week_sums(table, CHELYABINSK), week))
    return pd.concat(parts, ignore_index=True)


def test_a_missing_week_is_a_gap_and_the_next_has_no_change() -> None:
    stored = history(
        (0, [("Озёрный район", 1, 10), ("г. Тихий", 2, 10)]),
        (1, [("Озёрный район", 3, 10), ("г. Тихий", 2, 10)]),
        (3, [("Озёрный район", 4, 10), ("г. Тихий", 5, 10)]),
    )
    trend = trend_table(stored, CHELYABINSK, MAIN, "ОО")
    assert list(trend.columns) == list(TREND_COLUMNS)
    assert trend["municipality"].tolist() == ["Регион"] * 4 + ["Озёрный район"] * 4 + ["г. Тихий"] * 4
    lake = trend[trend["municipality"] == "Озёрный район"]
    assert lake["known"].tolist() == [True, True, False, True]
    assert lake["share"].fillna(-1).tolist() == [0.1, 0.3, -1, 0.4]
    assert lake["change"].round(6).fillna(-1).tolist() == [-1, 0.2, -1, -1]
    assert lake["rank"].fillna(0).tolist() == [2, 1, 0, 2]
    assert lake["rank_before"].fillna(0).tolist() == [0, 2, 0, 0]
    assert lake["status"].fillna("").tolist() == ["within_norm", "target_met", "", "target_met"]
    region = trend[trend["municipality_key"] == REGION_KEY]
    assert region["numerator"].fillna(-1).tolist() == [3, 5, -1, 9]
    assert region["rank"].isna().all()


def test_a_municipality_missing_in_one_week_keeps_its_slot() -> None:
    stored = history(
        (0, [("Озёрный район", 1, 10)]), (1, [("г. Тихий", 2, 10)]), (2, [("Озёрный район", 3, 10)])
    )
    trend = trend_table(stored, CHELYABINSK, MAIN, municipality_keys=["район:озерный", "no such"])
    assert trend["share"].fillna(-1).tolist() == [0.1, -1, 0.3]
    assert trend["known"].all() and trend["change"].isna().all()


def test_every_stored_week_is_on_the_axis_also_without_the_indicator() -> None:
    stored = history((0, [("Озёрный район", 1, 10)]), (1, [("Озёрный район", 1, 10)]))
    stored = stored[~((stored["indicator"] == MAIN) & (stored["start"] == FIRST))]
    axis = trend_weeks(stored, MAIN)
    assert axis["week"].tolist() == ["23.02–29.02", "01.03–07.03"]
    assert trend_table(stored, CHELYABINSK, MAIN)["share"].isna().tolist() == [True, False] * 2
    read_for_one = stored[stored["indicator"] == MAIN]
    assert len(trend_weeks(read_for_one, MAIN)) == 1
    again = trend_weeks(read_for_one, MAIN, periods=[week(0), week(1)])
    pd.testing.assert_frame_equal(again, axis)
    with pytest.raises(KeyError):
        trend_table(stored, CHELYABINSK, "no_such_indicator")


def test_low_weeks_and_holidays_stand_on_the_axis() -> None:
    usual = [("Озёрный район", 20, 100), ("г. Тихий", 30, 100)]
    low = [("Озёрный район", 5, 100), ("г. Тихий", 10, 100)]
    stored = history((0, usual), (1, low), (2, usual), (4, low), (5, usual))
    axis = trend_weeks(stored, MAIN)
    assert axis["low"].fillna(False).tolist() == [False, True, False, False, True, False]
    assert axis["note"].tolist() == ["", "у всех ниже обычного", "", "", "весенние каникулы (примерно)", ""]


def test_the_newest_name_is_shown() -> None:
    stored = history((0, [("Озёрный район", 1, 10)]), (1, [("Озёрный муниципальный округ", 1, 10)]))
    assert set(trend_table(stored, CHELYABINSK, MAIN)["municipality"]) == {
        "Регион",
        "Озёрный муниципальный округ",
    }


PLACES = st.tuples(
    st.sampled_from(["А-ский район", "Б-ский район", "г. В"]), st.integers(0, 9), st.integers(1, 9)
)


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.integers(0, 9), st.lists(PLACES, min_size=1, max_size=4), min_size=1, max_size=6))
def test_a_change_is_there_exactly_between_neighbours_with_figures(
    weeks: dict[int, list[tuple[str, int, int]]],
) -> None:
    trend = trend_table(history(*weeks.items()), CHELYABINSK, MAIN)
    for _, series in trend.groupby("municipality_key"):
        assert series["slot"].tolist() == list(range(max(weeks) - min(weeks) + 1))
        shares = dict(zip(series["slot"] + min(weeks), series["share"], strict=True))
        for week, change in zip(series["slot"] + min(weeks), series["change"], strict=True):
            both = week - 1 in shares and not pd.isna(shares[week - 1]) and not pd.isna(shares[week])
            assert pd.isna(change) != both
            if both:
                assert change == pytest.approx(shares[week] - shares[week - 1])


def week(number: int) -> Period:
    start = FIRST + dt.timedelta(days=7 * number)
    return Period(start=start, end=start + dt.timedelta(days=6))


def test_an_organization_over_weeks() -> None:
    def rows(*figures: tuple[int | None, int]) -> pd.DataFrame:
        return assess_organizations(
            table_of([("г. Тихий", "ОО", True, below, above, 0, 0) for above, below in figures]), CHELYABINSK
        )

    weeks = [
        (week(3), rows((5, 10))),
        (week(0), rows((1, 10))),
        (week(1), rows()),
        (week(4), rows((3, 10), (4, 10))),
    ]
    trend = organization_trend(weeks, CHELYABINSK)
    assert trend["known"].tolist() == [True, True, False, True, True]
    assert trend["share"].fillna(-1).tolist() == [0.1, -1, -1, 0.5, 0.35]
    assert trend["change"].round(6).fillna(-1).tolist() == [-1, -1, -1, -1, -0.15]
    assert trend["organizations"].fillna(0).tolist() == [1, 0, 0, 1, 2]
    assert trend["status"].fillna("").tolist() == ["within_norm", "", "", "target_met", ""]
    axis = trend_weeks(history(*((n, [("г. Тихий", 1, 10)]) for n in range(6))), MAIN)
    assert organization_trend(weeks, CHELYABINSK, axis=axis)["share"].fillna(-1).tolist() == [
        0.1,
        -1,
        -1,
        0.5,
        0.35,
        -1,
    ]
    assert organization_trend([], CHELYABINSK).empty
