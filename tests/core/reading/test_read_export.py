"""`read_export` as a whole: the user's mapping, doubts and contradictions, and what holds for any file."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sferum_core import UnreadableFile, read_export
from sferum_core.model import ExportKind
from tests.core.reading.layouts import HEADERS, ORGANIZATIONS, csv, grid, xlsx


def codes(export) -> set[str]:
    return {f.code for f in export.findings}


def test_mapping_by_header_and_by_number_beats_recognition() -> None:
    rows = [
        ["Объект", "Где", "Показатель А", "Показатель Б"],
        ["Первая", "Озёрный район", 10, 4],
        ["Вторая", "Озёрный район", 20, 5],
    ]
    unknown = read_export(xlsx(rows), "x.xlsx")
    mapped = read_export(
        xlsx(rows), "x.xlsx",
        mapping={"Объект": "organization", 1: "municipality", "показатель а": "teachers_registered", 3: "teachers_10_messages"},
    )  # fmt: skip
    assert unknown.kind is not ExportKind.ORGANIZATIONS
    assert mapped.kind is ExportKind.ORGANIZATIONS
    assert mapped.table["teachers_10_messages"].tolist() == [4, 5]
    assert all(c.confidence == 1.0 for c in mapped.columns)


def test_mapping_to_nothing_leaves_a_column_out() -> None:
    export = read_export(xlsx(grid()), "x.xlsx", mapping={HEADERS["m3"]: ""})
    assert "teachers_3_messages" not in export.table.columns


def test_mapping_to_no_known_field_is_ignored() -> None:
    export = read_export(
        xlsx(grid()), "x.xlsx", mapping={HEADERS["m3"]: "no_such_field", 99: "teachers_total"}
    )
    assert "teachers_3_messages" in export.table.columns


def test_two_columns_for_one_field_are_told() -> None:
    rows = grid(("name", "mun", "reg", "m10"))
    rows = [
        [*r, v]
        for r, v in zip(rows, ["Учителей зарегистрировано на платформе", 1, 2, 3, 4, 5, 6, 7], strict=True)
    ]
    export = read_export(xlsx(rows), "x.xlsx")
    assert "duplicate_field" in codes(export)
    assert export.table["teachers_registered"].tolist() == [o["reg"] for o in ORGANIZATIONS]


def test_words_under_a_count_contradict_it() -> None:
    rows = grid(("name", "mun", "reg", "m10"))
    for row in rows[1:]:
        row[3] = "выполнено"
    export = read_export(xlsx(rows), "x.xlsx")
    assert "content_contradicts" in codes(export)
    assert "teachers_10_messages" not in export.table.columns


def test_a_missing_required_column_is_told() -> None:
    export = read_export(xlsx(grid(("name", "reg", "m10"))), "x.xlsx")
    assert [f.column for f in export.findings if f.code == "field_missing"] == ["municipality"]


def test_cells_that_are_no_numbers_count_as_no_data_and_are_told_by_row() -> None:
    rows = grid(("name", "mun", "reg", "m10"))
    rows[3][2] = "много"
    rows[4][2] = -5
    export = read_export(xlsx(rows), "x.xlsx")
    bad = next(f for f in export.findings if f.code == "bad_value")
    assert (bad.row, bad.value, bad.count) == (4, "много", 2)
    assert export.table["teachers_registered"].isna().sum() == 2


def test_types_of_the_table() -> None:
    table = read_export(xlsx(grid()), "x.xlsx").table
    assert {
        str(table[c].dtype) for c in ("organization_id", "organization", "organization_type", "municipality")
    } == {"str"}
    assert str(table["teachers_registered"].dtype) == "Int64"
    assert str(table["is_active"].dtype) == "boolean"


def test_findings_never_name_what_was_found_by_the_sheet() -> None:
    keys = ("id", "name", "reg", "m10")
    mine = [o for o in ORGANIZATIONS if o["mun"] == "Озёрный район"]
    export = read_export(xlsx({"Озёрный район": grid(keys, mine)}), "x.xlsx")
    assert "field_missing" not in codes(export)


@pytest.mark.parametrize("name", ["week.xlsx", "week.csv", "без имени", "C:\\путь\\файл.xlsx", "a" * 300])
def test_the_ending_of_the_name_does_not_decide(name: str) -> None:
    assert len(read_export(xlsx(grid()), name).table) == len(ORGANIZATIONS)


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=0, max_size=12)
_CELL = st.one_of(st.none(), st.integers(-5, 2000), st.floats(0, 1e6, allow_nan=False), _TEXT, st.sampled_from(["Итого", "н/д", "12,5%", "1 204", "Школа", *HEADERS.values()]))  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(_CELL, max_size=6), max_size=12))
def test_any_grid_is_read_or_refused_and_no_row_is_lost(rows: list[list]) -> None:
    try:
        export = read_export(csv(rows), "any.csv")
    except UnreadableFile as refusal:
        assert refusal.code
        assert refusal.message
        assert refusal.advice
        return
    for one in (export, *export.also):
        assert len(one.table) + len(one.left_out) == one.source_rows
        assert list(one.left_out.columns) == ["sheet", "row", "reason", "text"]
        assert one.table.columns.is_unique


_COUNT = st.integers(0, 5000)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(_COUNT, _COUNT, _COUNT), min_size=2, max_size=30),
    st.permutations(["name", "mun", "reg", "m3", "m10"]),
)
def test_columns_in_any_order_give_the_same_figures(
    counts: list[tuple[int, int, int]], order: list[str]
) -> None:
    orgs = [
        {"name": f"МБОУ СОШ № {i + 1}", "mun": "Озёрный район" if i % 2 else "г. Светлый", "reg": reg, "m3": m3, "m10": m10}
        for i, (reg, m3, m10) in enumerate(counts)
    ]  # fmt: skip
    export = read_export(csv(grid(tuple(order), orgs)), "x.csv")
    truth = pd.DataFrame(orgs)
    if len(export.table) == len(orgs):  # a last row that happens to be the sum of the others is a total
        assert export.table["teachers_registered"].tolist() == truth["reg"].tolist()
        assert export.table["teachers_3_messages"].tolist() == truth["m3"].tolist()
        assert export.table["teachers_10_messages"].tolist() == truth["m10"].tolist()
    assert len(export.table) + len(export.left_out) == export.source_rows == len(orgs)
