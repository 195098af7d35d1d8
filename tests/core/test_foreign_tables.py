"""Tables as others hand them over: other types of columns, words for yes and no, few columns, odd indexes."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sferum_core.model import OrganizationType
from sferum_core.municipalities import compare_municipalities, heat_table, region_total
from sferum_core.norms import load_profile
from sferum_core.organizations import assess_organizations, assessment_findings, organization_card
from sferum_core.staff import doo_staff

PROFILE = load_profile("chelyabinsk-2024")
MAIN = PROFILE.main_indicator
PLAIN = pd.DataFrame(
    {
        "organization_id": ["001", "002", None, "004"],
        "organization": ["МБОУ СОШ № 1", "МБДОУ № 2", "Детский сад № 3", "Колледж"],
        "organization_type": ["ОО", "ДОО", None, "СПО"],
        "municipality": ["Асиновский МР", "Асиновский район", None, "г. Орёл"],
        "is_active": [True, False, None, True],
        "admins_registered": [1, 1, None, 2],
        "teachers_total": [40, 20, 10, None],
        "teachers_registered": [40, 20, 0, 10],
        "teachers_active": [10, 0, None, 20],
        "teachers_10_messages": [10, 1, 0, 5],
        "students_registered": [100, None, 0, 30],
    }
)


def _csv(**options: Any) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(PLAIN.to_csv(index=False)), dtype={"organization_id": "str"}, **options)


FORMS: dict[str, Callable[[], pd.DataFrame]] = {
    "object": lambda: PLAIN.astype(object),
    "object with pd.NA": lambda: PLAIN.astype(object).where(PLAIN.notna(), pd.NA),
    "nullable": PLAIN.convert_dtypes,
    "categories": lambda: PLAIN.astype(dict.fromkeys(PLAIN.columns, "category")),
    "text": lambda: PLAIN.astype(object).map(
        lambda value: value if value is None or pd.isna(value) else str(value)
    ),
    "read_csv": _csv,
    "read_csv of arrow": lambda: _csv(dtype_backend="pyarrow"),
    "one index for all": lambda: PLAIN.set_axis([5] * 4),
    "words of activity": lambda: PLAIN.assign(is_active=["Активна", "Не активна", "", " активна "]),
    "figures of activity": lambda: PLAIN.assign(is_active=[1, 0, np.nan, 1]),
    "members": lambda: PLAIN.assign(
        organization_type=[
            OrganizationType.SCHOOL,
            OrganizationType.PRESCHOOL,
            None,
            OrganizationType.VOCATIONAL,
        ]
    ),
    "blanks around": lambda: PLAIN.assign(organization_type=[" ОО", "ДОО ", " ", "СПО"]),
    "foreign columns": lambda: PLAIN.assign(
        status="x", active="x", share=1, _key=0, municipality_key="x", numerator="x", stated=1
    ),
}
ASSESSED = ["active", "active_by", "main_share", "missing_to_norm", "missing_to_target", "status"]


@pytest.mark.parametrize("form", FORMS)
def test_the_same_figures_give_the_same_verdicts(form: str) -> None:
    table = FORMS[form]()
    before = table.copy(deep=True)
    result = assess_organizations(table, PROFILE)
    pd.testing.assert_frame_equal(table, before)
    assert result.index.equals(table.index)
    pd.testing.assert_frame_equal(
        result[ASSESSED].reset_index(drop=True), assess_organizations(PLAIN, PROFILE)[ASSESSED]
    )
    for kind in (None, OrganizationType.SCHOOL, "ДОО"):
        pd.testing.assert_frame_equal(
            compare_municipalities(table, PROFILE, MAIN, kind),
            compare_municipalities(PLAIN, PROFILE, MAIN, kind),
        )
        pd.testing.assert_series_equal(
            region_total(table, PROFILE, MAIN, kind), region_total(PLAIN, PROFILE, MAIN, kind)
        )
    pd.testing.assert_frame_equal(doo_staff(table).municipalities, doo_staff(PLAIN).municipalities)
    assert [one.code for one in assessment_findings(result, PROFILE)] == [
        one.code for one in assessment_findings(assess_organizations(PLAIN, PROFILE), PROFILE)
    ]
    assert organization_card(result, 0, PROFILE).status == "within_norm"


@pytest.mark.parametrize("columns", [[], *([name] for name in PLAIN.columns)], ids=str)
@pytest.mark.parametrize("rows", [0, 1, 4])
def test_a_table_of_one_column_or_none_is_taken(columns: list[str], rows: int) -> None:
    table = PLAIN[columns].head(rows)
    result = assess_organizations(table, PROFILE)
    assert len(result) == rows
    assert set(result["status"]) <= {"no_data", "no_norm", "inactive"}
    compared = compare_municipalities(table, PROFILE, MAIN)
    assert compared["share"].isna().all()
    assert pd.isna(region_total(table, PROFILE, MAIN)["share"])
    assert str(doo_staff(table).municipalities["share_active"].dtype) == "Float64"
    assert str(heat_table(table, PROFILE)["share"].dtype) == "Float64"


def test_a_word_that_is_no_type_is_an_unknown_type() -> None:
    table = PLAIN.assign(organization_type="садик", is_active=True)
    assert set(assess_organizations(table, PROFILE)["status"]) == {"no_data"}
    assert set(assess_organizations(table.assign(organization_type="другое"), PROFILE)["status"]) == {
        "no_norm"
    }


def test_a_published_table_with_a_type_keeps_its_own_number_of_organizations() -> None:
    table = pd.DataFrame(
        {
            "municipality": ["г. Орёл", "Ливенский район", "г. Орёл"],
            "organization_type": ["ДОО", "ДОО", "ОО"],
            "organizations": [30, 12, 20],
            "organizations_active": [15, 12, 5],
            "teachers_registered": [100, 50, 80],
            "teachers_10_messages": [5, 1, 8],
        }
    )
    result = compare_municipalities(table, PROFILE, MAIN, "ДОО").set_index("municipality")
    assert result["organizations"].to_dict() == {"г. Орёл": 30, "Ливенский район": 12}
    assert result["status"].to_dict() == {"г. Орёл": "within_norm", "Ливенский район": "below_norm"}
    assert result["inactive"].isna().all()
    active = compare_municipalities(table, PROFILE, "organizations_active").set_index("municipality")
    assert active["share"].to_dict() == {"Ливенский район": 1.0, "г. Орёл": 0.4}
    assert region_total(table, PROFILE, "organizations_active")["numerator"] == 32
