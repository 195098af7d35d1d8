"""ДОО staff: both shares, both places, what is missing, and what does not fit."""

from typing import Any

import pandas as pd
import pytest

from sferum_core.staff import STAFF_COLUMNS, doo_staff, staff_reading


def staff(**columns: Any) -> pd.DataFrame:
    def dtype(name: str) -> str:
        if name.startswith("reported"):
            return "Float64"
        return "str" if name in {"municipality", "organization", "organization_type"} else "Int64"

    return pd.DataFrame({name: pd.Series(values, dtype=dtype(name)) for name, values in columns.items()})


TWO = {
    "municipality": ["А-ский район", "Б-ский район"],
    "teachers_total": [10, 30],
    "teachers_registered": [10, 10],
    "teachers_active": [1, 5],
}


def test_shares_places_and_what_is_missing() -> None:
    report = doo_staff(staff(**TWO))
    table = report.municipalities.set_index("municipality")
    assert list(report.municipalities.columns) == list(STAFF_COLUMNS)
    assert table["share_registered"].tolist() == [1.0, 1 / 3]
    assert table["share_active"].tolist() == [0.1, 0.5]
    assert table["rank_registered"].tolist() == [1, 2]
    assert table["rank_active"].tolist() == [2, 1]
    assert table["missing_to_full"].tolist() == [0, 20]
    assert report.region["share_registered"] == 0.5
    assert report.region["share_active"] == 0.3
    assert report.region["missing_to_full"] == 20
    assert report.findings == ()
    assert report.has_counts


def test_only_preschools_of_an_organizations_table_count() -> None:
    table = staff(
        organization=["Сад № 1", "Сад № 2", "Школа № 1", "Непонятно"],
        organization_type=["ДОО", "ДОО", "ОО", None],
        municipality=["Озёрный район", "Озёрный МР", "Озёрный район", "Озёрный район"],
        teachers_total=[10, 10, 100, 100],
        teachers_registered=[5, 10, 0, 0],
        teachers_active=[1, 2, 0, 0],
    )
    row = doo_staff(table).municipalities.iloc[0]
    assert (
        row["organizations"],
        row["teachers_total"],
        row["teachers_registered"],
        row["teachers_active"],
    ) == (2, 20, 15, 3)
    assert row["share_active"] == 0.2


def test_rows_without_a_staff_list_stay_out_of_that_share_only() -> None:
    table = staff(
        organization=["Сад № 1", "Сад № 2"],
        organization_type=["ДОО", "ДОО"],
        municipality=["А-ский район", "А-ский район"],
        teachers_total=[10, None],
        teachers_registered=[5, 5],
        teachers_active=[1, 2],
    )
    row = doo_staff(table).municipalities.iloc[0]
    assert (row["share_registered"], row["share_active"]) == (0.5, 0.3)
    assert (row["organizations_without_total"], row["organizations_without_active"]) == (1, 0)
    assert row["missing_to_full"] == 5


@pytest.mark.parametrize(
    ("columns", "asked", "expected"),
    [
        ({"teachers_active": [1], "teachers_10_messages": [2]}, None, "teachers_active"),
        ({"teachers_10_messages": [2]}, None, "teachers_10_messages"),
        ({"teachers_active": [None], "teachers_10_messages": [2]}, None, "teachers_10_messages"),
        ({"teachers_active": [1], "teachers_3_calls": [0]}, "teachers_3_calls", "teachers_3_calls"),
        ({"reported_share_active": [0.5], "teachers_10_messages": [2]}, None, "teachers_active"),
        ({}, None, "teachers_active"),
    ],
)
def test_what_active_means(columns: dict[str, Any], asked: str | None, expected: str) -> None:
    table = staff(municipality=["А-ский район"], teachers_total=[5], teachers_registered=[4], **columns)
    assert doo_staff(table, asked).indicator == expected


def test_percentages_alone_are_ranked_and_not_summed() -> None:
    table = staff(
        municipality=["А-ский район", "Б-ский район", "В-ский район"],
        reported_share_registered=[0.9, 1.0, 0.9],
        reported_share_active=[0.5, 0.5, None],
    )
    report = doo_staff(table)
    found = report.municipalities.set_index("municipality").sort_index()
    assert found["rank_registered"].tolist() == [2, 1, 2]
    assert found["rank_active"].tolist() == [1, 1, pd.NA]
    assert not report.has_counts
    assert report.region[["share_registered", "share_active", "missing_to_full"]].isna().all()
    assert "только проценты" in staff_reading(report)


def test_stated_shares_of_two_rows_of_one_municipality_are_not_averaged() -> None:
    table = staff(municipality=["Озёрный район", "Озёрный МР"], reported_share_active=[0.2, 0.4])
    assert doo_staff(table).municipalities["share_active"].isna().all()


def test_more_than_all_is_shown_and_named() -> None:
    report = doo_staff(
        staff(
            municipality=["А-ский район"], teachers_total=[10], teachers_registered=[12], teachers_active=[18]
        )
    )
    row = report.municipalities.iloc[0]
    assert (row["share_registered"], row["share_active"], row["missing_to_full"]) == (1.2, 1.5, 0)
    assert [finding.code for finding in report.findings] == [
        "registered_over_total",
        "active_over_registered",
    ]
    assert "А-ский район" in (report.findings[0].value or "")


@pytest.mark.parametrize(("stated", "differs"), [(0.333, False), (0.334, True), (0.3, True)])
def test_a_stated_percentage_may_differ_by_its_rounding_only(stated: float, differs: bool) -> None:
    table = staff(**TWO, reported_share_registered=[0.999, stated])
    table.loc[0, "reported_share_registered"] = 1.0
    codes = [finding.code for finding in doo_staff(table).findings]
    # one third printed as «30 %» is right only if whole tens were printed; whole percents are not
    assert codes == (["reported_share_differs"] if differs else [])


def test_whole_percents_are_compared_as_whole_percents() -> None:
    table = staff(**TWO, reported_share_registered=[1.0, 0.33])
    assert doo_staff(table).findings == ()


def test_no_preschools_is_said() -> None:
    table = staff(
        organization=["Школа"], organization_type=["ОО"], municipality=["А"], teachers_registered=[1]
    )
    report = doo_staff(table)
    assert len(report.municipalities) == 0
    assert [finding.code for finding in report.findings] == ["no_preschools"]
    assert pd.isna(report.region["share_active"])


def test_a_zero_staff_list_is_no_data() -> None:
    report = doo_staff(
        staff(municipality=["А"], teachers_total=[0], teachers_registered=[0], teachers_active=[0])
    )
    assert report.municipalities[["share_registered", "share_active", "rank_active"]].isna().all(axis=None)
