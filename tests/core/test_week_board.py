"""A stored week against this one: places and shares from sums equal those of the rows; one organization's rows then."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from sferum_core import compare_municipalities, load_profile, region_total
from sferum_core.change_words import points_step, step
from sferum_core.filtering import Selection, apply_filters, selection_in, with_filter_columns
from sferum_core.model import ExportKind
from sferum_core.organization_history import judged_points, points_then, rows_then, subject_of
from sferum_core.organizations import assess_organizations
from sferum_core.trend_sums import REGION_KEY, week_sums
from sferum_core.week_board import board_changes, week_board
from sferum_core.week_sums import week_points

PROFILE = load_profile("chelyabinsk-2024")
MAIN = "teachers_10_messages"
END = dt.date(2024, 3, 28)
_COUNTS = ["teachers_registered", "teachers_active", MAIN]


def table(active: list[int], places: list[str | None] | None = None) -> pd.DataFrame:
    """Five organizations of three municipalities, one row without any."""
    rows = len(active)
    frame = pd.DataFrame(
        {
            "organization_id": [f"000{row}" for row in range(rows)],
            "organization": [f"Детский сад № {row}" for row in range(rows)],
            "organization_type": ["ДОО", "ДОО", "ОО", "ДОО", "ДОО"][:rows],
            "municipality": places or ["Озёрный район", "г. Лесной", "г. Лесной", "Тихий район", None],
            "is_active": [True] * rows,
            "teachers_registered": [20] * rows,
            "teachers_active": active,
            MAIN: active,
        }
    )
    kinds = dict.fromkeys(frame.columns[:4], "str") | {"is_active": "boolean"}
    return frame.astype(kinds | dict.fromkeys(_COUNTS, "Int64"))


THEN, NOW = table([1, 2, 3, 4, 5]), table([6, 2, 3, 0, 5])


def dated(sums: pd.DataFrame) -> pd.DataFrame:
    return sums.assign(start=pd.Timestamp(END - dt.timedelta(days=6)), end=pd.Timestamp(END))


@pytest.mark.parametrize("code", [MAIN, "teachers_active", "organizations_active"])
@pytest.mark.parametrize("kind", [None, "ДОО", "ОО"])
@pytest.mark.parametrize("only", [True, False])
def test_changes_from_sums_equal_those_from_the_rows(code: str, kind: str | None, only: bool) -> None:
    sums = dated(week_sums(THEN, PROFILE, only=code if only else None))
    now = compare_municipalities(NOW, PROFILE, code, kind)
    then = compare_municipalities(THEN, PROFILE, code, kind)
    whole = region_total(THEN, PROFILE, code, kind)
    found = board_changes(now, region_total(NOW, PROFILE, code, kind), week_board(sums, PROFILE, code, kind))
    told = found.municipalities.set_index("municipality_key").loc[then["municipality_key"]]
    for name in ("share", "numerator", "denominator", "rank", "status", "organizations"):
        assert told[f"{name}_before"].astype("object").where(
            told[f"{name}_before"].notna(), None
        ).tolist() == (then[name].astype("object").where(then[name].notna(), None).tolist()), name
    assert found.region_before == pytest.approx(float(whole["share"]))


def test_a_week_without_the_indicator_gives_no_change_and_no_place() -> None:
    board = week_board(dated(week_sums(THEN, PROFILE)).iloc[:0], PROFILE, MAIN)
    found = board_changes(compare_municipalities(NOW, PROFILE, MAIN), region_total(NOW, PROFILE, MAIN), board)
    assert found.region_change is None
    assert found.municipalities["change"].isna().all()


def test_sums_of_one_indicator_are_those_among_all() -> None:
    every = week_sums(THEN, PROFILE)
    one = week_sums(THEN, PROFILE, only="teachers_active")
    pd.testing.assert_frame_equal(one, every[every["indicator"] == "teachers_active"].reset_index(drop=True))
    assert week_sums(THEN, PROFILE, only="parents_active").empty


def test_the_same_choice_in_a_week_that_spells_the_municipality_otherwise() -> None:
    now = with_filter_columns(assess_organizations(NOW, PROFILE))
    places = ["Озерный р-н", "город Лесной", "город Лесной", "Тихий район", None]
    then = with_filter_columns(assess_organizations(table([1, 2, 3, 4, 5], places), PROFILE))
    same = selection_in(Selection(municipalities=("г. Лесной",), types=("ДОО",)), now, then)
    assert len(apply_filters(then, same)) == 1
    lost = selection_in(Selection(municipalities=("Нет такого",)), now, then)
    assert apply_filters(then, lost).empty


def test_an_organization_is_found_in_another_week_by_its_id() -> None:
    renamed = THEN.assign(organization="Другое имя")
    rows = rows_then(renamed, subject_of(NOW, 3), PROFILE)
    assert rows["organization_id"].tolist() == ["0003"]
    assert rows["status"].notna().all()
    assert rows_then(THEN.iloc[:3], subject_of(NOW, 3), PROFILE).empty


@pytest.mark.parametrize("with_ids", [True, False])
def test_points_give_the_same_rows_and_verdict_as_the_table(with_ids: bool) -> None:
    then = THEN if with_ids else THEN.drop(columns="organization_id")
    points = week_points(then, ExportKind.ORGANIZATIONS, PROFILE)
    assert points is not None
    row = (NOW if with_ids else NOW.drop(columns="organization_id")).iloc[1]
    key = str(points["municipality_key"].iloc[1])
    found = judged_points(points_then(points, row, key), PROFILE)
    assert found[MAIN].tolist() == [2]
    assert found["status"].tolist() == [assess_organizations(then, PROFILE)["status"].iloc[1]]


@pytest.mark.parametrize(
    ("change", "words"),
    [(5, "▲ +5"), (-1204, "▼ −1\u202f204"), (0, "без изменений"), (None, ""), (pd.NA, "")],
)
def test_steps_of_counts(change: int | None, words: str) -> None:
    assert step(change) == words


@pytest.mark.parametrize(
    ("change", "words"),
    [(0.0251, "▲ +2,5 п. п."), (-0.1, "▼ −10,0 п. п."), (0.0004, "без изменений"), (0.0005, "▲ +0,1 п. п.")],
)
def test_steps_of_shares(change: float, words: str) -> None:
    assert points_step(change).replace("\u00a0", " ") == words


def test_the_region_is_first_on_the_board() -> None:
    assert (
        week_board(dated(week_sums(THEN, PROFILE)), PROFILE, MAIN)["municipality_key"].iloc[0] == REGION_KEY
    )
