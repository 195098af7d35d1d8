"""Why a place moved: parts that add up, the exact test, words an officer understands."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sferum_core.change_chance import (
    CAUTION,
    POSSIBLE,
    SURE,
    ChangeVerdict,
    chance_sentence,
    change_chance,
    change_verdicts,
    how_often,
    verdict_of,
)
from sferum_core.exact import divide, rank_descending
from sferum_core.grouping import UNKNOWN_KEY
from sferum_core.indicators import GROUP_INDICATORS
from sferum_core.rank_moves import counted_forms, rank_move, rank_move_sentence, rank_moves

Place = tuple[str, int | None, int | None, int | None, int | None]


def municipalities(*rows: Place) -> pd.DataFrame:
    """`Changes.municipalities` of (name, numerator before, denominator before, numerator, denominator)."""
    columns = ["municipality", "numerator_before", "denominator_before", "numerator", "denominator"]
    table = pd.DataFrame(rows, columns=columns).astype(
        dict.fromkeys(columns[1:], "Int64") | {"municipality": "str"}
    )
    table["municipality_key"] = table["municipality"].str.casefold()
    for tail in ("", "_before"):
        table[f"share{tail}"] = divide(table[f"numerator{tail}"], table[f"denominator{tail}"])
        table[f"rank{tail}"] = rank_descending(table[f"share{tail}"])
    return table


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


THREE = (("Б", 30, 100, 30, 100), ("В", 20, 100, 20, 100), ("Г", 10, 100, 10, 100))


def test_the_own_active_teachers_win_places() -> None:
    move = rank_move(municipalities(("А", 5, 100, 25, 100), *THREE), "а")
    assert move is not None
    assert (move.rank_before, move.rank) == (4, 2)
    assert (move.by_numerator, move.by_denominator, move.by_others) == (2, 0, 0)
    assert (move.overtook, move.overtaken_by) == (("В", "Г"), ())
    assert (move.numerator_change, move.denominator_change) == (20, 0)


def test_fewer_heads_win_places_too() -> None:
    move = rank_move(municipalities(("А", 5, 100, 5, 20), *THREE), "а")
    assert move is not None and (move.by_numerator, move.by_denominator, move.by_others) == (0, 2, 0)


def test_others_alone_can_move_a_place() -> None:
    rows = (("А", 15, 100, 15, 100), ("Б", 30, 100, 1, 100), ("В", 20, 100, 2, 100), ("Г", 10, 100, 40, 100))
    move = rank_move(municipalities(*rows), "а")
    assert move is not None and (move.rank_before, move.rank) == (3, 2)
    assert (move.by_numerator, move.by_denominator, move.by_others) == (0, 0, 1)
    assert (move.overtook, move.overtaken_by) == (("Б", "В"), ("Г",))
    told = plain(rank_move_sentence(move, "teachers_10_messages"))
    assert told.startswith("Свои числа прежние → с 3-го на 2-е место (доля 15,0 %, было 15,0 %, 0,0 п. п.).")
    assert "Место изменили соседи: 1 место вверх." in told
    assert "Обошёл 2 муниципалитета, пропустил вперёд 1." in told
    assert "случайн" not in told


def test_no_place_no_move() -> None:
    table = municipalities(("А", None, None, 5, 10), ("Б", 5, 10, None, None), ("В", 1, 0, 5, 10), *THREE)
    assert [rank_move(table, key) for key in ("а", "б", "в")] == [None] * 3
    with pytest.raises(KeyError):
        rank_move(table, "нет такого")
    nowhere = table.assign(municipality_key=[UNKNOWN_KEY, *table["municipality_key"][1:]])
    with pytest.raises(KeyError):
        rank_move(nowhere, UNKNOWN_KEY)


counts = st.none() | st.integers(0, 12)
place = st.tuples(counts, counts, counts, counts)


@settings(max_examples=60, deadline=None)
@given(st.lists(place, min_size=1, max_size=7))
def test_the_parts_add_up_to_the_move_between_the_tables_places(rows: list[tuple[int | None, ...]]) -> None:
    table = municipalities(*((f"М{n}", *row) for n, row in enumerate(rows)))
    found = rank_moves(table)
    ranked = table[table["rank"].notna() & table["rank_before"].notna()].reset_index(drop=True)
    assert found["municipality_key"].tolist() == ranked["municipality_key"].tolist()
    assert found["rank"].tolist() == ranked["rank"].tolist()
    assert found["rank_before"].tolist() == ranked["rank_before"].tolist()
    parts = found["by_numerator"] + found["by_denominator"] + found["by_others"]
    assert parts.tolist() == found["rank_change"].tolist()
    for key in found["municipality_key"]:
        move = rank_move(table, key)
        assert move is not None
        rank_move_sentence(move, "teachers_active")


def exact(a: int, n: int, b: int, m: int) -> Fraction:
    active, least = a + b, max(0, a + b - m)
    weights = [comb(n, k) * comb(m, active - k) for k in range(least, min(n, active) + 1)]
    tail = min(sum(weights[: a - least + 1]), sum(weights[a - least :]))
    return min(Fraction(1), Fraction(2 * tail, comb(n + m, active)))


@given(st.data())
def test_the_test_is_fishers_exact_one(data: st.DataObject) -> None:
    n, m = data.draw(st.integers(1, 150)), data.draw(st.integers(1, 150))
    a, b = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    chance = change_chance(a, n, b, m)
    assert chance == pytest.approx(float(exact(a, n, b, m)), rel=1e-9, abs=1e-12)
    assert change_chance(b, m, a, n) == pytest.approx(chance, rel=1e-9)
    assert change_chance(n - a, n, m - b, m) == pytest.approx(chance, rel=1e-9)


def test_large_counts_are_quick_and_whole() -> None:
    assert change_chance(500_000, 1_000_000, 500_000, 1_000_000) == 1.0
    assert change_chance(300_000, 1_000_000, 290_000, 1_000_000) < 1e-50
    assert change_chance(0, 1_000_000, 1_000_000, 1_000_000) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("counts", [(2, 1, 0, 1), (0, 0, 0, 1), (-1, 5, 0, 5), (0, 5, 6, 5)])
def test_no_parts_of_a_whole_no_test(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="numerator"):
        change_chance(*counts)
    assert change_verdicts(pd.DataFrame([_line(*counts)]))["verdict"].tolist() == ["сравнить нельзя"]


def _line(a: int | None, n: int | None, b: int | None, m: int | None) -> dict[str, int | None]:
    return {"numerator": a, "denominator": n, "numerator_before": b, "denominator_before": m}


def test_verdicts_at_their_edges() -> None:
    counts = (2, 10, 1, 10)
    assert verdict_of(SURE, counts) is ChangeVerdict.BEYOND
    assert verdict_of(SURE + 1e-9, counts) is ChangeVerdict.POSSIBLE
    assert verdict_of(POSSIBLE, counts) is ChangeVerdict.POSSIBLE
    assert verdict_of(POSSIBLE + 1e-9, counts) is ChangeVerdict.WITHIN
    assert verdict_of(1.0, (2, 10, 3, 15)) is ChangeVerdict.NONE
    assert verdict_of(None, (None,) * 4) is ChangeVerdict.NOT_COMPARABLE


def test_a_few_teachers_more_are_chance_and_many_are_not() -> None:
    table = pd.DataFrame(
        [_line(4, 40, 2, 40), _line(14, 40, 4, 40), _line(30, 100, 5, 100), _line(None, 9, 1, 9)]
    )
    found = change_verdicts(table.astype("Int64"))
    assert found["verdict"].tolist() == [
        "в пределах случайного",
        "возможно, не случайно",
        "больше случайного",
        "сравнить нельзя",
    ]
    assert found["chance"].isna().tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.9, "чаще чем через неделю"),
        (0.5, "чаще чем через неделю"),
        (0.25, "примерно в 1 неделе из 4"),
        (1 / 19, "примерно в 1 неделе из 19"),
        (1 / 81, "примерно в 1 неделе из 80"),
        (0.002, "примерно в 1 неделе из 500"),
        (0.001, "примерно в 1 неделе из 1 000"),
        (0.0009, "реже чем в 1 неделе из 1 000"),
    ],
)
def test_how_often_chance_alone_does_it(chance: float, words: str) -> None:
    assert plain(how_often(chance)) == words


def test_the_sentence_of_the_issue() -> None:
    rows = [(f"М{n:02}", 50 - n, 100, 50 - n, 100) for n in range(20)]
    rows[13] = ("Озёрный район", 35, 100, 37, 87)
    table = municipalities(*rows)
    move = rank_move(table, "озёрный район")
    assert move is not None
    told = plain(rank_move_sentence(move, "teachers_10_messages"))
    assert told == (
        "+2 активных педагога, −13 педагогов всего → с 15-го на 9-е место "
        "(доля 42,5 %, было 35,0 %, +7,5 п. п.). "
        "Из этого: числитель доли – 1 место вверх, знаменатель – 5 мест вверх. Обошёл 6 муниципалитетов. "
        "Это в пределах случайного: без причины такое бывает примерно в 1 неделе из 3."
    )


def test_every_verdict_has_a_sentence_and_the_caution_is_said() -> None:
    assert "1 неделе из 500" in CAUTION and "одни и те же" in CAUTION
    said = [chance_sentence(0.001, verdict) for verdict in ChangeVerdict]
    assert len(set(said)) == len(said)
    assert chance_sentence(None, ChangeVerdict.NONE) == ""


def test_every_indicator_has_words_for_whom_it_counts() -> None:
    for code in GROUP_INDICATORS:
        one, few, many = counted_forms(code)
        assert len({one, few, many}) >= 2 and all(form.strip() == form for form in (one, few, many))
    assert counted_forms("teachers_linked")[2] == "педагогов со связкой с ЭЖД"
    assert counted_forms("students_registered") == (
        "зарегистрированный обучающийся",
        "зарегистрированных обучающихся",
        "зарегистрированных обучающихся",
    )
