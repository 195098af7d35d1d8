"""Filters of the organization list: what each keeps, how it reads, what stands apart."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sferum_core.filtering import (
    FILTERS,
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
from sferum_core.grouping import UNKNOWN_MUNICIPALITY as NO_MUNICIPALITY
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
        (Selection(municipalities=("Озёрный район",)), ["001", "002", "006"]),
        (Selection(municipalities=(NO_MUNICIPALITY,)), ["0070"]),
        (Selection(municipalities=("Нет такого района",)), []),
        (Selection(types=("ДОО",)), ["001", "005", "0070"]),
        (Selection(types=(TYPE_UNKNOWN,)), ["006"]),
        (Selection(statuses=("inactive",)), ["001", "005"]),
        (Selection(statuses=("inactive",), without_strangers=True), ["001"]),
        (Selection(search="елочка"), ["001"]),
        (Selection(search="ЁЛОЧКА"), ["001"]),
        (Selection(search="сош 14"), ["003"]),
        (Selection(search="14 сош"), ["003"]),
        (Selection(search="0070"), ["0070"]),
        (Selection(search=".* ("), [row[0] for row in ROWS]),
        (Selection(search="ключи", types=("СПО",)), ["004"]),
        (Selection(search="такого нет"), []),
    ],
)
def test_each_filter_keeps_its_rows(table: pd.DataFrame, selection: Selection, kept: list[str]) -> None:
    assert ids(apply_filters(table, selection)) == kept


def test_an_ignored_filter_does_not_narrow(table: pd.DataFrame) -> None:
    selection = Selection(municipalities=("г. Ключи",), statuses=("within_norm",))
    assert ids(apply_filters(table, selection, ignore={"statuses"})) == ["003", "004", "005"]


def test_every_field_of_a_selection_has_its_filter() -> None:
    assert [one.name for one in FILTERS] == list(Selection.__dataclass_fields__)


def test_phrases_name_what_is_asked() -> None:
    selection = Selection(("Озёрный район",), ("ДОО", "ОО"), ("below_norm",), " сад ", True)
    assert describe(selection) == (
        "муниципалитет «Озёрный район»; типы «ДОО», «ОО»; статус «Ниже нормы»; "
        "в названии, ID или муниципалитете есть «сад»; без тестовых организаций и органов управления"
    )
    assert describe(Selection()) == "все организации"


def counts(table: pd.DataFrame, most: int) -> list[tuple[str, int]]:
    return [(figure.title, figure.count) for figure in status_figures(table, most)]


def test_figures_are_worst_first_and_sum_to_the_table(table: pd.DataFrame) -> None:
    assert counts(table, 8) == [
        ("Не активна", 2),
        ("Ниже нормы", 1),
        ("Норма", 1),
        ("Цель достигнута", 1),
        ("Норма не задана", 1),
        ("Нет данных", 1),
    ]
    assert status_figures(table)[0].share == pytest.approx(2 / 7)


def test_near_statuses_share_a_figure_where_there_are_more_than_fit(table: pd.DataFrame) -> None:
    assert counts(table, 5)[-1] == ("Без оценки", 2)
    assert len(counts(table, 5)) == 5
    assert sum(count for _, count in counts(table, 5)) == len(table)
    assert status_figures(table, 5)[-1].statuses == (Status.NO_NORM, Status.NO_DATA)


def test_all_eight_statuses_fit_into_five_figures() -> None:
    table = pd.DataFrame({"status": [str(status) for status in Status]})
    assert [count for _, count in counts(table, 5)] == [1, 2, 1, 2, 2]


def test_figures_of_no_rows_have_no_share(table: pd.DataFrame) -> None:
    (figure,) = status_figures(table.head(0))
    assert (figure.main, figure.count, figure.share) == (Status.INACTIVE, 0, None)


def test_choices_come_from_the_table(table: pd.DataFrame) -> None:
    assert municipality_options(table) == ["г. Ключи", "Озёрный район", NO_MUNICIPALITY]
    assert type_options(table) == ["ДОО", "ОО", "СПО", TYPE_UNKNOWN]
    assert status_options(table)[0] == "inactive"


def test_strangers_and_doubtful_types_stand_apart_and_are_not_dropped(table: pd.DataFrame) -> None:
    sides = apart(table)
    assert ids(sides.strangers) == ["005"]
    assert ids(sides.doubtful_type) == ["006"]
    assert sides.count == 2
    assert len(table) == len(ROWS)


def test_a_table_without_optional_columns_can_be_filtered() -> None:
    bare = with_filter_columns(pd.DataFrame({"organization": ["Школа"], "status": ["no_data"]}).astype("str"))
    assert len(apply_filters(bare, Selection(municipalities=(NO_MUNICIPALITY,)))) == 1
    assert len(apply_filters(bare, Selection(types=(TYPE_UNKNOWN,)))) == 1


@given(
    municipalities=st.lists(st.sampled_from(["г. Ключи", "Озёрный район"]), unique=True),
    types=st.lists(st.sampled_from(["ДОО", "ОО"]), unique=True),
    statuses=st.lists(st.sampled_from(["inactive", "below_norm"]), unique=True),
    search=st.text(max_size=6),
    without_strangers=st.booleans(),
)
def test_more_filters_never_show_more(
    municipalities: list[str],
    types: list[str],
    statuses: list[str],
    search: str,
    without_strangers: bool,
) -> None:
    columns = ["organization_id", "organization", "organization_type", "municipality", "status"]
    frame = with_filter_columns(pd.DataFrame(ROWS, columns=columns).astype("str"))
    selection = Selection(tuple(municipalities), tuple(types), tuple(statuses), search, without_strangers)
    kept = ids(apply_filters(frame, selection))
    assert set(kept) <= set(ids(apply_filters(frame, selection.without("search", "statuses"))))
    assert kept == [row for row in ids(frame) if row in set(kept)]
