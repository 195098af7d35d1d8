"""Сверка: codes before names, one to one, never across municipalities without saying so."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sferum_core.names.assignment import best_assignment
from sferum_core.names.likeness import compare_names
from sferum_core.names.parts import name_parts
from sferum_core.reconciliation import reconcile
from tests.core.reconciled import each_row_once, pairs


def _frame(*rows: tuple[str, str], **columns: list[object]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["organization", "municipality"], dtype="str")
    for name, values in columns.items():
        frame[name] = pd.Series(values, dtype="str")
    return frame


PLATFORM = _frame(
    ("МБОУ СОШ №1", "г.Орел"),
    ("МБДОУ «Детский сад №2 «Ромашка»", "г.Орел"),
    ("МБОУ «Ивановская СОШ»", "Ливенский район"),
    ("МБОУ СОШ №5 г. Орла", "г.Орел"),
    ("МБДОУ д/с «Солнышко»", "Ливенский МО"),
    ("Гимназия №7 им. Пушкина", "г.Орел"),
    ("МБУ ДО ДДТ", "г. Ливны"),
)
REGISTRY = _frame(
    (
        "Муниципальное бюджетное общеобразовательное учреждение "
        "«Средняя общеобразовательная школа № 1 г. Орла»",
        "г. Орёл",
    ),
    ('Детский сад № 2 "Рамашка"', "г. Орёл"),
    ("СОШ с. Ивановка", "Ливенский муниципальный округ"),
    ("СОШ № 6", "г. Орёл"),
    ('Детский сад "Солнышко" с. Речица', "Ливенский район"),
    ("Гимназия № 7 имени А.С. Пушкина", "г. Орёл"),
    ("Дом детского творчества", "Ливны"),
)


def test_spellings_of_one_organization_are_paired() -> None:
    result = reconcile(PLATFORM, REGISTRY)
    assert pairs(result.pairs) == {(0, 0), (1, 1), (2, 2), (4, 4), (5, 5), (6, 6)}
    assert result.only_platform["row"].tolist() == [3]
    assert result.only_registry["row"].tolist() == [3]
    assert result.only_platform["organization"].tolist() == ["МБОУ СОШ №5 г. Орла"]
    assert result.pairs["score"].between(0.85, 1).all()
    assert each_row_once(result, PLATFORM, REGISTRY)


def test_order_of_rows_changes_nothing() -> None:
    result = reconcile(PLATFORM[::-1], REGISTRY)
    last = len(PLATFORM) - 1
    assert {(last - row, other) for row, other in pairs(result.pairs)} == pairs(
        reconcile(PLATFORM, REGISTRY).pairs
    )


def test_another_number_forbids_a_pair() -> None:
    result = reconcile(_frame(("МБОУ СОШ № 5", "г. Орёл")), _frame(("МБОУ СОШ № 6", "г. Орёл")))
    assert result.pairs.empty and result.doubtful.empty


def test_a_garden_is_no_school_of_the_same_number() -> None:
    result = reconcile(_frame(("МБДОУ № 5", "г. Орёл")), _frame(("СОШ № 5", "г. Орёл")))
    assert result.pairs.empty and result.doubtful.empty


def test_another_municipality_is_only_doubtful_and_said() -> None:
    result = reconcile(
        _frame(("Детский сад «Сказка»", "Мценский район")), _frame(("Детский сад «Сказка»", "г. Мценск"))
    )
    assert result.pairs.empty
    assert pairs(result.doubtful) == {(0, 0)}
    assert "муниципалитеты разные" in result.doubtful["reason"][0]


def test_a_number_alone_is_not_looked_for_in_other_municipalities() -> None:
    result = reconcile(_frame(("СОШ № 1", "Мценский район")), _frame(("СОШ № 1", "г. Мценск")))
    assert result.pairs.empty and result.doubtful.empty


def test_codes_come_before_names() -> None:
    platform = _frame(("СОШ № 1", "г. Орёл"), ("Лицей «Сокол»", "г. Орёл"), organization_id=["001", "2"])
    registry = _frame(
        ("СОШ № 1", "г. Орёл"),
        ("Школа «Беркут»", "г. Орёл"),
        organization_id=["", "2"],
        inn=["5700000001", ""],
    )
    result = reconcile(platform, registry)
    assert pairs(result.pairs) == {(0, 0), (1, 1)}
    assert result.pairs.set_index("platform_row")["reason"][1] == "совпал ID школы"
    assert result.conflicts[["field", "platform_value", "registry_value"]].to_numpy().tolist() == [
        ["organization", "Лицей «Сокол»", "Школа «Беркут»"]
    ]


def test_an_id_with_leading_zeros_is_text() -> None:
    result = reconcile(
        _frame(("А", "г. Орёл"), organization_id=["001"]), _frame(("Б", "г. Орёл"), organization_id=["1"])
    )
    assert result.pairs.empty


def test_a_code_against_the_names_is_doubtful() -> None:
    result = reconcile(
        _frame(("СОШ № 1", "г. Орёл"), inn=["5700000001"]), _frame(("СОШ № 2", "г. Орёл"), inn=["5700000001"])
    )
    assert result.pairs.empty
    assert "номера в названиях разные" in result.doubtful["reason"][0]


def test_branches_that_share_a_code_are_told_by_name() -> None:
    platform = _frame(("СОШ № 1", "г. Орёл"), ("СОШ № 2", "г. Орёл"), inn=["57", "57"])
    registry = _frame(("СОШ № 2", "г. Орёл"), ("СОШ № 1", "г. Орёл"), inn=["57", "57"])
    assert pairs(reconcile(platform, registry).pairs) == {(0, 1), (1, 0)}


def test_two_equal_candidates_are_doubtful_and_duplicates() -> None:
    platform = _frame(("Детский сад № 5", "г. Орёл"))
    registry = _frame(("МБДОУ д/с № 5", "г. Орёл"), ("МАДОУ «Детский сад № 5»", "г. Орёл"))
    result = reconcile(platform, registry)
    assert result.pairs.empty
    assert len(result.doubtful) == 1
    assert result.duplicates.to_numpy().tolist() == [["registry", 0, 0], ["registry", 0, 1]]


def test_earlier_answers_are_kept() -> None:
    doubted = reconcile(
        PLATFORM,
        REGISTRY,
        decisions=[
            {
                "accepted": True,
                "platform_name": "МБОУ СОШ №5 г. Орла",
                "platform_municipality": "город Орёл",
                "registry_name": "СОШ № 6",
            },
            {
                "accepted": False,
                "platform_name": "МБУ ДО ДДТ",
                "registry_name": "Дом детского творчества",
                "registry_municipality": "г. Ливны",
            },
            {"accepted": True, "platform_name": "Нет такой", "registry_name": "СОШ № 6"},
        ],
    )
    assert (3, 3) in pairs(doubted.pairs)
    assert (6, 6) not in pairs(doubted.pairs) | pairs(doubted.doubtful)
    assert [record["platform_name"] for record in doubted.unused_decisions] == ["Нет такой"]
    assert each_row_once(doubted, PLATFORM, REGISTRY)


def test_empty_tables_and_missing_columns() -> None:
    empty = pd.DataFrame({"organization": pd.Series([], dtype="str")})
    result = reconcile(empty, REGISTRY)
    assert len(result.only_registry) == len(REGISTRY)
    assert result.pairs.dtypes.astype(str).to_dict() == {
        "platform_row": "int64",
        "registry_row": "int64",
        "score": "Float64",
        "reason": "str",
    }
    names_only = reconcile(PLATFORM[["organization"]], REGISTRY[["organization"]])
    assert (1, 1) in pairs(names_only.pairs)


def test_values_that_contradict_are_conflicts() -> None:
    platform = _frame(("СОШ № 1", "г. Орёл"), organization_type=["ДОО"], teachers_total=["40"])
    registry = _frame(("СОШ № 1", "Орёл"), organization_type=["ОО"], teachers_total=["41"])
    assert reconcile(platform, registry).conflicts["field"].tolist() == [
        "organization_type",
        "teachers_total",
    ]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("МБОУ СОШ № 12", "МБОУ «Средняя общеобразовательная школа № 12»"),
        ("МБДОУ ЦРР – д/с № 3", "Центр развития ребёнка – детский сад №3"),
        ("Гимназия № 7 имени А.С. Пушкина", "гимназия 7 им. Пушкина"),
        ("МКОУ Ивановская ООШ", "МКОУ «Ивановская основная общеобразовательная школа»"),
    ],
)
def test_names_written_differently_are_equal_in_parts(one: str, two: str) -> None:
    assert compare_names(name_parts(one), name_parts(two)).score == 1


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("СОШ с. Ивановка", "СОШ с. Петровка"),
        ("Детский сад «Сказка»", "Детский сад «Сказочка»"),
        ("СОШ № 1", "Гимназия № 1"),
        ("СОШ № 3", "филиал СОШ № 3"),
        ("СОШ № 5", "СОШ"),
    ],
)
def test_names_that_may_differ_are_not_accepted(one: str, two: str) -> None:
    assert compare_names(name_parts(one), name_parts(two)).score < 0.85


SCORES = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)),
    st.integers(1, 100).map(lambda score: score / 100),
    max_size=14,
)


@given(SCORES)
def test_assignment_is_the_best_one(scores: dict[tuple[int, int], float]) -> None:
    chosen = best_assignment(scores)
    assert len({row for row, _ in chosen}) == len({other for _, other in chosen}) == len(chosen)
    best = max(
        sum(scores.get((row, other), 0.0) for row, other in enumerate(order))
        for order in itertools.permutations(range(5))
    )
    assert sum(scores[pair] for pair in chosen) == pytest.approx(best)
