"""What changed between two weeks: every row told once, matched by ID or name, in the right words."""

from __future__ import annotations

import datetime as dt
import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sferum_core.change_words import changes_answer, places
from sferum_core.changes import (
    MUNICIPALITY_COLUMNS,
    ORGANIZATION_COLUMNS,
    ORGANIZATION_TYPES,
    Changes,
    what_changed,
)
from sferum_core.model import Period, Status
from sferum_core.norms import load_profile
from sferum_core.organizations import assess_organizations
from sferum_core.pairing import NO_IDENTITY, REPEATED_ID, REPEATED_NAME
from sferum_core.wording import points

PROFILE = load_profile("chelyabinsk-2024")
MAIN = PROFILE.main_indicator
WEEKS = {
    "period": Period(start=dt.date(2024, 3, 29), end=dt.date(2024, 4, 4)),
    "before_period": Period(start=dt.date(2024, 3, 22), end=dt.date(2024, 3, 28)),
}
Row = tuple[str | None, str | None, str | None, str | None, int | None, int | None]


def table(*rows: Row) -> pd.DataFrame:
    """Rows of (ID, name, municipality, type, wrote ten messages, registered)."""
    columns = [
        "organization_id",
        "organization",
        "municipality",
        "organization_type",
        MAIN,
        "teachers_registered",
    ]
    types = dict.fromkeys(columns, "str") | {MAIN: "Int64", "teachers_registered": "Int64"}
    frame = pd.DataFrame(rows, columns=columns).astype(types)
    return frame.assign(admins_registered=pd.Series([2] * len(frame), dtype="Int64"))


def changed(now: pd.DataFrame, before: pd.DataFrame, **options: object) -> Changes:
    weeks = WEEKS | options
    return what_changed(
        assess_organizations(now, PROFILE),
        assess_organizations(before, PROFILE),
        PROFILE,
        **weeks,  # type: ignore[arg-type]
    )


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\\", "").replace("**", "")


def school(code: str | None, above: int | None = 1, below: int | None = 10, **other: str | None) -> Row:
    name, place, kind = (
        other.get("name", f"Школа {code}"),
        other.get("place", "г. Тихий"),
        other.get("kind", "ОО"),
    )
    return (code, name, place, kind, above, below)


def test_statuses_move_up_and_down_at_the_edges_of_the_norm() -> None:
    # ОО: norm 10–25 %, target above 25 %
    before = table(
        school("1", 9, 100),
        school("2", 10, 100),
        school("3", 25, 100),
        school("4", 26, 100),
        school("5", 3, 100),
    )
    now = table(
        school("1", 10, 100),
        school("2", 9, 100),
        school("3", 26, 100),
        school("4", 25, 100),
        school("5", 4, 100),
    )
    found = changed(now, before)
    assert found.organizations["move"].tolist() == ["up", "down", "up", "down", "same"]
    assert found.organizations["change"].round(9).tolist() == [0.01, -0.01, 0.01, -0.01, 0.01]
    counts = found.counts()
    assert (counts["up"], counts["down"], counts["left_behind"], counts["entered_behind"]) == (2, 2, 1, 1)
    assert found.only("left_behind")["organization_id"].tolist() == ["1"]
    assert found.flow().values.tolist() == [
        ["below_norm", "below_norm", 1],
        ["below_norm", "within_norm", 1],
        ["within_norm", "below_norm", 1],
        ["within_norm", "target_met", 1],
        ["target_met", "within_norm", 1],
    ]


def test_a_type_without_a_norm_rises_when_it_wakes_up_and_nothing_else_of_it_compares() -> None:
    silent, awake = (0, 0), (0, 5)
    before = table(school("1", *awake, kind="СПО"), school("2", 5, 10))
    before["is_active"] = pd.array([False, True], dtype="boolean")
    now = table(school("1", *awake, kind="СПО"), school("2", *silent))
    found = changed(now, before)
    assert found.organizations["move"].tolist() == ["up", "not_comparable"]
    assert found.counts()["left_behind"] == 1
    assert changed(before, now).organizations["move"].tolist() == ["down", "not_comparable"]


def test_lists_names_municipalities_and_types() -> None:
    before = table(
        school("01", name="Школа № 1"),
        school("02", place="г. Тихий"),
        school("03", kind="ОО"),
        school("04"),
    )
    now = table(
        school("01", name="Гимназия № 1"),
        school("02", place="Озёрный район"),
        school("03", kind="ДОО"),
        school("05"),
    )
    found = changed(now, before).organizations
    assert list(found.columns) == list(ORGANIZATION_COLUMNS)
    assert {name: str(kind) for name, kind in found.dtypes.items()} == ORGANIZATION_TYPES
    assert found["presence"].tolist() == ["both", "both", "both", "new", "gone"]
    assert found["renamed"].fillna(False).tolist() == [True, False, False, False, False]
    assert found["moved"].fillna(False).tolist() == [False, True, False, False, False]
    assert found["type_changed"].fillna(False).tolist() == [False, False, True, False, False]
    gone = found.iloc[-1]
    assert (gone["organization_id"], gone["organization"], gone["position_before"]) == ("04", "Школа 04", 3)
    assert pd.isna(gone["position"]) and pd.isna(gone["status"]) and gone["status_before"] == "within_norm"


def test_another_spelling_is_no_renaming_and_no_move() -> None:
    before = table(school("01", name="МБОУ «Школа № 1»", place="Озёрный муниципальный район"))
    now = table(school("01", name='МБОУ  "ШКОЛА №1"', place="Озерный район"))
    row = changed(now, before).organizations.iloc[0]
    assert not row["renamed"] and not row["moved"]


def test_without_an_id_the_name_in_the_municipality_tells() -> None:
    before = table(
        school(None, 1, name="Школа № 1", place="г. Тихий"),
        school(None, 2, name="Школа № 1", place="Озёрный район"),
        school("07", 3, name="Школа № 2"),
    )
    now = table(
        school(None, 4, name="школа №1", place="Озёрный район"),
        school(None, 5, name="Школа № 1", place="г. Тихий"),
        school(None, 6, name="Школа № 2"),
    )
    found = changed(now, before).organizations
    assert found["position_before"].tolist() == [1, 0, 2]
    assert set(found["matched_by"]) == {"name"}


def test_two_ids_are_two_organizations_and_a_note_says_the_name_is_the_same() -> None:
    found = changed(
        table(school("2", name="Школа"), school("9")), table(school("1", name="Школа"), school("9"))
    )
    assert found.counts()["new"] == found.counts()["gone"] == 1
    assert any("разными ID: 1\u00a0организация" in note for note in found.notes)


def test_a_repeated_id_is_told_by_name_and_what_stays_unclear_is_said() -> None:
    before = table(school("1", 1, name="Первая"), school("1", 2, name="Вторая"), school("2"))
    now = table(
        school("1", 3, name="Вторая"), school("1", 4, name="Третья"), school("2"), school("3"), school("3")
    )
    found = changed(now, before)
    told = found.organizations
    assert told["presence"].tolist() == ["both", "unresolved", "both", "new", "new", "unresolved"]
    assert told["position_before"].fillna(-1).tolist() == [1, -1, 2, -1, -1, 0]
    assert told["matched_by"].fillna("").tolist() == ["id_and_name", "", "id", "", "", ""]
    assert set(told["reason"].dropna()) == {REPEATED_ID}
    assert any("строк: 2" in note for note in found.notes)


def test_rows_without_any_identity_and_with_repeated_names_are_unresolved() -> None:
    before = table(school(None, name="Школа"), school(None, name=None))
    now = table(school(None, name="Школа"), school(None, name="Школа"), school(None, name=" "))
    told = changed(now, before).organizations
    assert told["presence"].tolist() == ["unresolved"] * 5
    assert told["reason"].tolist() == [REPEATED_NAME, REPEATED_NAME, NO_IDENTITY, REPEATED_NAME, NO_IDENTITY]


text = st.none() | st.sampled_from(["", "1", "2", "3"])
rows = st.lists(
    st.tuples(
        text,
        st.none() | st.sampled_from(["Школа", "школа ", "Лицей"]),
        st.none() | st.sampled_from(["г. Тихий", "Озёрный район"]),
        st.none() | st.sampled_from(["ОО", "ДОО", "СПО"]),
        st.none() | st.integers(0, 20),
        st.none() | st.integers(0, 20),
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(rows, rows)
def test_every_row_of_both_weeks_is_told_exactly_once(now: list[Row], before: list[Row]) -> None:
    found = changed(table(*now), table(*before))
    told = found.organizations
    assert sorted(told["position"].dropna()) == list(range(len(now)))
    assert sorted(told["position_before"].dropna()) == list(range(len(before)))
    both = told["presence"] == "both"
    assert (both == (told["position"].notna() & told["position_before"].notna())).all()
    assert told["matched_by"].notna().equals(both)
    assert told["reason"].notna().equals(told["presence"] == "unresolved")
    assert told["move"].notna().equals(both)
    assert int(found.flow()["organizations"].sum()) == int(both.sum())
    changes_answer(found)


@settings(max_examples=25, deadline=None)
@given(rows, rows)
def test_looked_at_from_the_other_side_everything_is_the_other_way_round(
    now: list[Row], before: list[Row]
) -> None:
    one, two = changed(table(*now), table(*before)).counts(), changed(table(*before), table(*now)).counts()
    for left, right in (("up", "down"), ("new", "gone"), ("left_behind", "entered_behind")):
        assert (one[left], one[right]) == (two[right], two[left])
    for same in ("renamed", "moved", "type_changed", "unresolved"):
        assert one[same] == two[same]


@settings(max_examples=25, deadline=None)
@given(rows)
def test_nothing_changed_from_a_week_to_itself(same: list[Row]) -> None:
    found = changed(table(*same), table(*same))
    counts = found.counts()
    assert counts.pop("unresolved") % 2 == 0
    assert set(counts.values()) == {0}
    assert (found.organizations["change"].dropna() == 0).all()
    assert (found.municipalities["rank_change"].dropna() == 0).all()


def test_municipalities_rise_and_fall_come_and_go() -> None:
    before = table(
        school("1", 1, 10, place="г. Тихий"),
        school("2", 2, 10, place="Озёрный район"),
        school("3", 5, 10, place="г. Старый"),
    )
    now = table(
        school("1", 4, 10, place="г. Тихий"),
        school("2", 2, 10, place="Озёрный район"),
        school("4", 1, 10, place="г. Новый"),
    )
    found = changed(now, before)
    told = found.municipalities
    assert list(told.columns) == list(MUNICIPALITY_COLUMNS)
    assert told[["municipality", "presence"]].values.tolist() == [
        ["г. Тихий", "both"],
        ["Озёрный район", "both"],
        ["г. Новый", "new"],
        ["г. Старый", "gone"],
    ]
    assert told["rank_change"].fillna(0).tolist() == [2, 0, 0, 0]
    assert told["change"].fillna(-1).round(9).tolist() == [0.3, 0, -1, -1]
    assert found.region["change"] == pytest.approx(7 / 30 - 8 / 30)


def test_one_type_is_asked_for() -> None:
    before = table(school("1"), school("2", kind="ДОО"), school("3", kind="ДОО"))
    now = table(school("1"), school("2", kind="ДОО"), school("3", kind="ОО"))
    found = changed(now, before, organization_type="ДОО")
    assert found.organizations["organization_id"].tolist() == ["2", "3"]
    assert found.region["denominator_before"] == 20 and found.region["denominator"] == 10


def test_weeks_with_other_columns_are_compared_by_what_both_have() -> None:
    now = table(school("1", 3), school("2", 1))
    before = now.drop(columns=[MAIN, "organization_type", "municipality"])
    found = changed(now, before)
    assert found.organizations["presence"].tolist() == ["both", "both"]
    assert found.organizations["change"].isna().all() and found.organizations["type_changed"].isna().all()
    assert any("прежней выгрузке нет чисел" in note for note in found.notes)
    assert changed(before, now).counts()["new"] == 0
    numbers = before.assign(organization_id=pd.Series([1.0, 2.0]))
    assert set(changed(now, numbers).organizations["presence"]) == {"both"}


def test_tables_judged_by_another_indicator_are_judged_anew() -> None:
    before = table(school("1", 3))
    other = assess_organizations(before, load_profile("tomsk-2024"))
    assert what_changed(other, before, PROFILE).organizations["status_before"].tolist() == ["target_met"]
    assert what_changed(other, before, PROFILE).organizations["status"].tolist() == ["target_met"]


def test_weeks_are_named_only_as_what_they_are() -> None:
    now, before = table(school("1", 3)), table(school("1", 0))
    earlier = Period(start=dt.date(2024, 3, 1), end=dt.date(2024, 3, 7))
    assert changed(now, before).is_week_before
    assert plain(changes_answer(changed(now, before))).startswith("С прошлой недели вышла из отстающих 1, ")
    found = changed(now, before, before_period=earlier)
    assert not found.is_week_before
    assert plain(changes_answer(found)).startswith("С недели 01.03–07.03 вышла из отстающих 1, ")
    assert "за одну и ту же неделю" in changes_answer(changed(now, before, before_period=WEEKS["period"]))
    assert "более поздней неделей" in changes_answer(
        changed(now, before, before_period=Period(start=dt.date(2024, 4, 5), end=dt.date(2024, 4, 11)))
    )
    assert changes_answer(changed(now, before, period=None)).startswith("С прежней выгрузки")


def test_the_answer_in_whole() -> None:
    before = table(
        *(school(str(n), 0, place="г. Тихий") for n in range(17)),
        *(school(str(n), 2, place="Озёрный район") for n in range(17, 26)),
        school("26", 3, place="Озёрный район"),
        school("99", 0),
    )
    now = table(
        *(school(str(n), 2, place="г. Тихий") for n in range(17)),
        *(school(str(n), 0, place="Озёрный район") for n in range(17, 26)),
        school("26", 3, place="Озёрный район", name="Лицей"),
        school("98", 0),
        school("97", 0),
    )
    assert plain(changes_answer(changed(now, before, calendar=[]))) == (
        "С прошлой недели вышли из отстающих 17, вошли 9. "
        "Статус повысился у 17 организаций, понизился у 9 организаций из 27. "
        "«10 сообщений за неделю» по региону: 12,8 %, было 7,5 % (+5,3 п. п.). "
        "В списке появились 2 организации, исчезла 1 организация. "
        "Сменилось: название – у 1 организации. "
        "Больше всех поднялся г. Тихий: со 2-го на 1-е место. "
        "Больше всех опустился Озёрный район: с 1-го на 2-е место."
    )


def test_nothing_to_compare_is_said() -> None:
    assert changes_answer(changed(table(), table())).startswith("Сравнивать нечего")
    answer = changes_answer(changed(table(school("1")), table(school("2"))))
    assert "общих организаций нет" in answer and "Совпадает только" in answer
    assert "состав отстающих не изменился" in changes_answer(changed(table(school("1")), table(school("1"))))


def test_names_from_files_are_harmless_in_markdown() -> None:
    place = "г. [Тихий](http://x) *"
    now = table(school("1", 5, place=place), school("2", 1, place="г. Б"), school("3", 2, place="г. В"))
    before = table(school("1", 0, place=place), school("2", 1, place="г. Б"), school("3", 2, place="г. В"))
    assert "\\[Тихий\\]\\(http" in changes_answer(changed(now, before))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (0.0245, "+2,5 п. п."),
        (-0.01, "−1,0 п. п."),
        (0.0004, "0,0 п. п."),
        (-0.0004, "0,0 п. п."),
        (0.0005, "+0,1 п. п."),
        (None, "нет данных"),
        (12.3456, "+1 234,6 п. п."),
    ],
)
def test_percentage_points(change: float | None, words: str) -> None:
    assert plain(points(change)) == words


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (14, 9, "с 14-го на 9-е место"),
        (2, 1, "со 2-го на 1-е место"),
        (12, 22, "с 12-го на 22-е место"),
        (5, 5, "место прежнее, 5-е"),
    ],
)
def test_places_in_words(before: int, now: int, words: str) -> None:
    assert plain(places(before, now)) == words


def test_every_status_has_its_place_in_the_order_of_moves() -> None:
    unjudged = {Status.NO_NORM, Status.NO_DATA}
    judged = [status for status in Status if status not in unjudged]
    for low, high in itertools.pairwise(judged):
        now, before = (
            assess_organizations(table(school("1")), PROFILE).assign(status=status.value)
            for status in (high, low)
        )
        assert what_changed(now, before, PROFILE).organizations["move"].tolist() == ["up"]
