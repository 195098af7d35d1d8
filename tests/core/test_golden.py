"""Golden figures: the documents' own tables come out of the product as they were printed."""

from pathlib import Path

import pandas as pd
import pytest

from sferum_core.municipalities import compare_municipalities, region_total
from sferum_core.norms import load_profile
from sferum_core.reading import read_export
from sferum_core.staff import doo_staff
from sferum_core.wording import percent

DATA = Path(__file__).parent.parent / "data"
TOMSK = load_profile("tomsk-2024")


@pytest.fixture(scope="module")
def activity() -> pd.DataFrame:
    """004, «Активность педагогов в районах», with its total row."""
    return pd.read_csv(
        DATA / "oryol_activity.csv",
        dtype={"organizations": "Int64", "registered": "Int64", "active": "Int64"},
    )


@pytest.fixture(scope="module")
def municipalities(activity: pd.DataFrame) -> pd.DataFrame:
    rows = activity[activity["municipality"] != "Школы МО"]
    return rows.rename(columns={"registered": "teachers_registered", "active": "teachers_active"}).drop(
        columns="share_percent"
    )


@pytest.fixture(scope="module")
def staff() -> pd.DataFrame:
    """004, «Активность сотрудников в ДОО»: printed percentages beside SYNTHETIC head counts."""
    counts = ("teachers_total", "teachers_registered", "teachers_active")
    return pd.read_csv(DATA / "oryol_doo_staff.csv", dtype=dict.fromkeys(counts, "Int64"))


def printed(share: float) -> str:
    return percent(share).replace("\u00a0%", "").replace(",", ".")


def test_the_region_row_of_the_activity_table(municipalities: pd.DataFrame) -> None:
    total = region_total(municipalities, TOMSK, "teachers_active")
    assert (total["organizations"], total["denominator"], total["numerator"]) == (27, 195, 173)
    assert printed(total["share"]) == "88.7"


def test_every_percentage_of_the_activity_table(activity: pd.DataFrame, municipalities: pd.DataFrame) -> None:
    found = compare_municipalities(municipalities, TOMSK, "teachers_active").set_index("municipality")[
        "share"
    ]
    rows = activity[activity["municipality"] != "Школы МО"].set_index("municipality")["share_percent"]
    assert len(found) == 27
    assert {name: printed(found[name]) for name in rows.index} == {
        name: f"{rows[name]:.1f}" for name in rows.index
    }


def test_how_many_are_above_at_and_below(municipalities: pd.DataFrame) -> None:
    found = compare_municipalities(municipalities, TOMSK, "teachers_active")
    assert int(found["over_100"].sum()) == 10
    assert int((found["share"] == 1).sum()) == 2
    assert int((found["share"] == 0).sum()) == 7
    assert found["rank"].tolist()[-7:] == [21] * 7


def test_cities_and_the_districts_around_them_stay_apart(municipalities: pd.DataFrame) -> None:
    found = compare_municipalities(municipalities, TOMSK, "teachers_active").set_index("municipality")
    pairs = [
        ("г.Ливны", "Ливенский район"),
        ("г.Мценск", "Мценский район"),
        ("г.Орел", "Орловский муниципальный ок"),
    ]
    for city, district in pairs:
        assert found.loc[city, "municipality_key"] != found.loc[district, "municipality_key"]


def test_all_54_percentages_of_preschool_staff(staff: pd.DataFrame) -> None:
    found = doo_staff(staff).municipalities.set_index("municipality")
    rows = staff.set_index("municipality")
    for share, column in (
        ("share_registered", "published_registered_percent"),
        ("share_active", "published_active_percent"),
    ):
        assert {name: printed(found.loc[name, share]) for name in rows.index} == {
            name: f"{rows.loc[name, column]:.1f}" for name in rows.index
        }


def test_the_regional_figures_of_preschool_staff(staff: pd.DataFrame) -> None:
    report = doo_staff(staff)
    assert printed(report.region["share_registered"]) == "90.2"
    assert printed(report.region["share_active"]) == "33.7"
    figures = ["teachers_total", "teachers_registered", "teachers_active", "missing_to_full"]
    assert report.region[figures].tolist() == [4128, 3725, 1254, 403]


def test_the_printed_percentages_are_no_finding_beside_the_counts(staff: pd.DataFrame) -> None:
    named = staff.assign(
        reported_share_registered=(staff["published_registered_percent"] / 100).astype("Float64"),
        reported_share_active=(staff["published_active_percent"] / 100).astype("Float64"),
    )
    assert doo_staff(named).findings == ()


def test_the_slide_made_of_its_percentages_alone_keeps_its_order(staff: pd.DataFrame) -> None:
    named = pd.DataFrame(
        {
            "municipality": staff["municipality"],
            "reported_share_registered": (staff["published_registered_percent"] / 100).astype("Float64"),
            "reported_share_active": (staff["published_active_percent"] / 100).astype("Float64"),
        }
    )
    report = doo_staff(named)
    best = report.municipalities.sort_values("rank_active")["municipality"].tolist()[:4]
    assert best == ["Глазуновский район", "Болховский район", "Корсаковский район", "Должанский район"]
    assert int((report.municipalities["rank_registered"] == 1).sum()) == 10
    assert pd.isna(report.region["share_active"])


def test_the_leaders_of_tomsk_are_all_above_the_leaders_mark() -> None:
    leaders = pd.read_csv(DATA / "tomsk_leaders.csv")
    rows = leaders[leaders["level"] == "municipality"]
    table = pd.DataFrame(
        {
            "municipality": rows["name"],
            "reported_share_active": (rows["active_teachers_percent"] / 100).astype("Float64"),
        }
    )
    found = compare_municipalities(table, TOMSK, "teachers_active")
    assert found["municipality"].tolist() == rows["name"].tolist()
    assert set(found["status"]) == {"leader"}


def test_the_activity_table_from_its_file_to_the_region() -> None:
    """The file itself: its total row is left out and agrees with the rows."""
    export = read_export((DATA / "oryol_activity.csv").read_bytes(), "oryol_activity.csv")
    assert export.kind == "municipalities"
    assert (len(export.table), len(export.left_out), export.source_rows) == (27, 1, 28)
    assert not [finding for finding in export.findings if finding.severity != "note"]
    compared = compare_municipalities(export.table, TOMSK, "teachers_active")
    region = region_total(export.table, TOMSK, "teachers_active")
    assert region[["organizations", "denominator", "numerator"]].tolist() == [27, 195, 173]
    assert percent(region["share"]) == "88,7\u00a0%"
    counts = [int((compared["share"] > 1).sum()), int((compared["share"] == 1).sum())]
    assert [*counts, int((compared["share"] == 0).sum())] == [10, 2, 7]
    assert compared["municipality"].iloc[0] == "Сосковский район"


def test_the_preschool_table_from_its_file_to_the_region() -> None:
    export = read_export((DATA / "oryol_doo_staff.csv").read_bytes(), "oryol_doo_staff.csv")
    assert export.kind == "doo_staff"
    report = doo_staff(export.table)
    counts = ["teachers_total", "teachers_registered", "teachers_active", "missing_to_full"]
    assert report.region[counts].tolist() == [4128, 3725, 1254, 403]
    assert [percent(report.region[f"share_{name}"]) for name in ("registered", "active")] == [
        "90,2\u00a0%",
        "33,7\u00a0%",
    ]
    assert not report.findings
    assert int((report.municipalities["rank_registered"] == 1).sum()) == 10
    assert report.municipalities.set_index("municipality").loc["Глазуновский район", "rank_active"] == 1


def test_the_leaders_of_tomsk_from_their_file() -> None:
    export = read_export((DATA / "tomsk_leaders.csv").read_bytes(), "tomsk_leaders.csv")
    rows = export.table.rename(columns={"reported_share_teachers_active": "reported_share_active"})
    leaders = rows[rows["municipality"].isna()].assign(municipality=rows["organization"])
    compared = compare_municipalities(
        leaders[["municipality", "reported_share_active"]], TOMSK, "teachers_active"
    )
    assert [printed(share) for share in compared["share"]] == [
        "88.5", "84.2", "78.4", "76.5", "72.1", "69.0", "67.2", "61.8", "58.8",
    ]  # fmt: skip
    assert set(compared["status"]) == {"leader"}
