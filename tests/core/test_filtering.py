"""Filters of the organization list: what each keeps, how it reads, what stands apart."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sferum_core.filtering import (
    FILTERS,
    NO_MUNICIPALITY,
    TYPE_UNKNOWN,
    Selection,
    apart,
    apply_filters,
    describe,
    municipality_options,
    status_figures,
    status_options,
    type_options,
    with_filter_columns,
)
from sferum_core.model import Status

ROWS = [
    ("001", "МБДОУ «Ёлочка» № 4", "ДОО", "Озёрный район", "inactive"),
    ("002", "МБОУ СОШ № 4", "ОО", "Озёрный муниципальный район", "below_norm"),
    ("003", "МБОУ СОШ № 14", "ОО", "г. Ключи", "within_norm"),
    ("004", "Техникум связи", "СПО", "г. Ключи", "no_norm"),
    ("005", "тест ДС", "ДОО", "г. Ключи", "inactive"),
    ("006", "Росток", None, "Озёрный район", "no_data"),
    ("0070", "Детский сад .* (новый)", "ДОО", None, "target_met"),
]


@pytest.fixture
def table() -> pd.DataFrame:
    columns = ["organization_id", "organization", "organization_type", "municipality", "status"]
    frame = pd.DataFrame(ROWS, columns=columns).astype("str")
    frame.loc[5, "organization_type"] = pd.NA
    frame.loc[6, "municipality"] = pd.NA
    return with_filter_columns(frame)


def ids(table: pd.DataFrame) -> list[str]:
    return table["organization_id"].tolist()


def test_nothing_asked_keeps_every_row_in_order(table: pd.DataFrame) -> None:
    assert ids(apply_filters(table, Selection())) == [row[0] for row in ROWS]


@pytest.mark.parametrize(
    ("selection", "kept"),
    [
        (Selection(municipality="Озёрный район"), ["001", "002", "006"]),
        (Selection(municipality="Озёрный муниципальный район"), ["001", "002", "006"]),
        (Selection(municipality=NO_MUNICIPALITY), ["0070"]),
        (Selection(municipality="Нет такого района"), []),
        (Selection(organization_type="ДОО"), ["001", "005", "0070"]),
        (Selection(organization_type=TYPE_UNKNOWN), ["006"]),
        (Selection(status="inactive"), ["001", "005"]),
        (Selection(status="inactive", without_strangers=True), ["001"]),
        (Selection(search="елочка"), ["001"]),
        (Selection(search="ЁЛОЧКА"), ["001"]),
        (Selection(search="сош 14"), ["003"]),
        (Selection(search="14 сош"), ["003"]),
        (Selection(search="0070"), ["0070"]),
        (Selection(search=".* ("), [row[0] for row in ROWS]),
        (Selection(search="ключи", organization_type="СПО"), ["004"]),
        (Selection(search="такого нет"), []),
    ],
)
def test_each_filter_keeps_its_rows(table: pd.DataFrame, selection: Selection, kept: list[str]) -> None:
    assert ids(apply_filters(table, selection)) == kept


def test_an_ignored_filter_does_not_narrow(table: pd.DataFrame) -> None:
    selection = Selection(municipality="г. Ключи", status="within_norm")
    assert ids(apply_filters(table, selection, ignore={"status"})) == ["003", "004", "005"]


def test_every_field_of_a_selection_has_its_filter() -> None:
    assert [one.name for one in FILTERS] == list(Selection.__dataclass_fields__)


def test_phrases_name_what_is_asked() -> None:
    selection = Selection("Озёрный район", "ДОО", "below_norm", " сад ", True)
    assert describe(selection) == (
        "муниципалитет «Озёрный район», тип «ДОО», статус «Ниже нормы», "
        "в названии, ID или муниципалитете есть «сад», без тестовых организаций и органов управления"
    )
    assert describe(Selection()) == "все организации"


def test_figures_are_worst_first_and_sum_to_the_table(table: pd.DataFrame) -> None:
    figures = status_figures(table)
    assert [(figure.status, figure.count) for figure in figures] == [
        (Status.INACTIVE, 2),
        (Status.BELOW_NORM, 1),
        (Status.WITHIN_NORM, 1),
        (Status.TARGET_MET, 1),
        (Status.NO_NORM, 1),
        (Status.NO_DATA, 1),
    ]
    assert sum(figure.count for figure in figures) == len(table)
    assert figures[0].share == pytest.approx(2 / 7)


def test_figures_of_no_rows_have_no_share(table: pd.DataFrame) -> None:
    (figure,) = status_figures(table.head(0))
    assert (figure.status, figure.count, figure.share) == (Status.INACTIVE, 0, None)


def test_choices_come_from_the_table(table: pd.DataFrame) -> None:
    assert municipality_options(table) == ["г. Ключи", "Озёрный район", NO_MUNICIPALITY]
    assert type_options(table) == ["ДОО", "ОО", "СПО", TYPE_UNKNOWN]
    assert status_options(table)[0] is Status.INACTIVE


def test_strangers_and_doubtful_types_stand_apart_and_are_not_dropped(table: pd.DataFrame) -> None:
    sides = apart(table)
    assert ids(sides.strangers) == ["005"]
    assert ids(sides.doubtful_type) == ["006"]
    assert sides.count == 2
    assert len(table) == len(ROWS)


def test_a_table_without_optional_columns_can_be_filtered() -> None:
    bare = with_filter_columns(pd.DataFrame({"organization": ["Школа"], "status": ["no_data"]}).astype("str"))
    assert len(apply_filters(bare, Selection(municipality=NO_MUNICIPALITY))) == 1
    assert len(apply_filters(bare, Selection(organization_type=TYPE_UNKNOWN))) == 1


@given(
    municipality=st.sampled_from([None, "г. Ключи", "Озёрный район"]),
    organization_type=st.sampled_from([None, "ДОО", "ОО"]),
    status=st.sampled_from([None, "inactive", "below_norm"]),
    search=st.text(max_size=6),
    without_strangers=st.booleans(),
)
def test_more_filters_never_show_more(
    municipality: str | None,
    organization_type: str | None,
    status: str | None,
    search: str,
    without_strangers: bool,
) -> None:
    columns = ["organization_id", "organization", "organization_type", "municipality", "status"]
    frame = with_filter_columns(pd.DataFrame(ROWS, columns=columns).astype("str"))
    selection = Selection(municipality, organization_type, status, search, without_strangers)
    kept = apply_filters(frame, selection)
    assert set(kept.index) <= set(apply_filters(frame, selection.without("search", "status")).index)
    assert ids(kept) == [row for row in ids(frame) if row in set(ids(kept))]
