"""What is kept of a week for trends is what the comparison shows of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sferum_core import compare_municipalities, load_profile, profile_names, region_total
from sferum_core.indicators import GROUP_INDICATORS, Denominator
from sferum_core.model import ExportKind, OrganizationType, Status
from sferum_core.week_sums import STAFF_LIST_SUFFIX, STATED_SUFFIX, GroupSums, week_points, week_sums
from tests.core.checks.exports import doo_staff, municipalities, organizations, registry
from tests.store.samples import demo

ORGANIZATIONS = ExportKind.ORGANIZATIONS
STAFF = load_profile("chelyabinsk-2024").model_copy(update={"denominator": Denominator.STAFF_LIST})


def added(groups: list[GroupSums], measure: str) -> tuple[int | None, int | None]:
    """Numerator and denominator over groups, as `compare_municipalities` adds them."""
    found = [group.counts[measure] for group in groups if measure in group.counts]
    if not found:
        return None, None
    return sum(item[0] for item in found), sum(item[1] or 0 for item in found)


def agrees(
    table: pd.DataFrame, profile, code: str, measure: str, organization_type: str | None = None
) -> None:
    groups = week_sums(table, ORGANIZATIONS, profile)
    groups = [group for group in groups if organization_type in (None, group.organization_type)]
    shown = compare_municipalities(table, profile, code, organization_type)
    assert set(shown["municipality_key"]) == {group.municipality_key for group in groups}
    for row in shown.itertuples():
        mine = [group for group in groups if group.municipality_key == row.municipality_key]
        above, below = (None if pd.isna(value) else int(value) for value in (row.numerator, row.denominator))
        assert added(mine, measure) == (above, below), (row.municipality, code)
        assert sum(group.organizations or 0 for group in mine) == row.organizations
        for status in Status:
            assert sum(group.statuses[status.value] or 0 for group in mine) == getattr(row, status.value)
    total = region_total(table, profile, code, organization_type)
    if not pd.isna(total["numerator"]):
        assert added(groups, measure) == (int(total["numerator"]), int(total["denominator"]))


@pytest.mark.parametrize("name", profile_names())
@pytest.mark.parametrize("code", GROUP_INDICATORS)
def test_sums_of_the_demo_are_what_the_comparison_shows(name: str, code: str) -> None:
    agrees(demo().table, load_profile(name), code, code)


@pytest.mark.parametrize("organization_type", list(OrganizationType)[:3])
def test_sums_of_one_type_too(organization_type: str) -> None:
    agrees(
        demo().table,
        load_profile("chelyabinsk-2024"),
        "teachers_10_messages",
        "teachers_10_messages",
        organization_type,
    )


def test_sums_over_the_staff_list_stand_beside() -> None:
    agrees(demo().table, STAFF, "teachers_active", "teachers_active" + STAFF_LIST_SUFFIX)


PLACES = [None, "", "г. Ливны", "Ливенский район", "Ливенский МР"]


@st.composite
def tables(draw) -> pd.DataFrame:
    rows = draw(st.integers(1, 12))
    counts = st.none() | st.integers(0, 9)
    columns = {
        "organization": [f"Организация {number}" for number in range(rows)],
        "organization_type": draw(st.lists(st.sampled_from([None, "ДОО", "ОО"]), min_size=rows, max_size=rows)),
        "municipality": draw(st.lists(st.sampled_from(PLACES), min_size=rows, max_size=rows)),
    }  # fmt: skip
    table = pd.DataFrame(columns).astype("str")
    for name in ("teachers_total", "teachers_registered", "teachers_10_messages"):
        table[name] = pd.array(draw(st.lists(counts, min_size=rows, max_size=rows)), dtype="Int64")
    return table


@settings(max_examples=30, deadline=None)
@given(tables())
def test_sums_of_any_table_are_what_the_comparison_shows(table: pd.DataFrame) -> None:
    profile = load_profile("chelyabinsk-2024")
    agrees(table, profile, "teachers_10_messages", "teachers_10_messages")
    agrees(table, profile, "organizations_active", "organizations_active")


@pytest.mark.parametrize("export", [municipalities(), doo_staff()], ids=["municipalities", "doo_staff"])
def test_tables_of_municipalities_are_kept_by_municipality(export) -> None:
    groups = week_sums(export.table, export.kind, load_profile("tomsk-2024"))
    assert len(groups) == 12
    assert {group.organization_type for group in groups} == {""}
    assert all(value is None for group in groups for value in group.statuses.values())
    assert added(groups, "teachers_active")[0] == export.table["teachers_active"].sum()


def test_a_share_that_is_only_stated_is_kept_as_stated() -> None:
    table = pd.DataFrame({"municipality": ["г. Ливны", "г. Мценск"], "reported_share_active": [0.253, 2.0]})
    table = table.astype({"municipality": "str", "reported_share_active": "Float64"})
    groups = week_sums(table, ExportKind.MUNICIPALITIES, load_profile("tomsk-2024"))
    assert [group.counts["teachers_active" + STATED_SUFFIX][0] for group in groups] == [
        253_000_000,
        2_000_000_000,
    ]
    assert groups[0].organizations is None


def test_other_kinds_have_no_sums() -> None:
    assert week_sums(registry().table, ExportKind.REGISTRY, STAFF) == []
    assert week_sums(organizations().table.head(0), ORGANIZATIONS, STAFF) == []
    assert week_points(registry().table, ExportKind.REGISTRY, STAFF) is None


def test_sums_too_large_for_a_column_are_left_out() -> None:
    table = organizations(1, 8).table.assign(
        municipality="г. Ливны", organization_type="ОО",
        students_registered=pd.array([2**61] * 8, dtype="Int64"), students_active=pd.array([1] * 8, dtype="Int64"),
    )  # fmt: skip
    (group,) = week_sums(table, ORGANIZATIONS, STAFF)
    assert "students_active" not in group.counts
    assert group.counts["teachers_active"][2] == 8


def test_points_are_the_organizations_in_order_with_their_status() -> None:
    table = organizations(1, 8).table
    points = week_points(table, ORGANIZATIONS, load_profile("chelyabinsk-2024"))
    assert points is not None
    assert points["organization_id"].tolist() == table["organization_id"].tolist()
    assert set(points["status"]) <= {status.value for status in Status}
    assert np.array_equal(points["teachers_active"].to_numpy(), table["teachers_active"].to_numpy())
    assert "organization" not in points.columns
    without_ids = week_points(table.drop(columns="organization_id"), ORGANIZATIONS, STAFF)
    assert without_ids is not None
    assert without_ids["organization"].tolist() == table["organization"].tolist()
