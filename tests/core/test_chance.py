"""Limits of chance: exact binomial tails, verdicts, and lines that agree with the verdicts."""

from math import comb

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sferum_core.chance import Verdict, binomial_limits, funnel_curve, funnel_limits, funnel_reading


def comparison(*pairs: tuple[int | None, int | None]) -> pd.DataFrame:
    above = pd.Series([pair[0] for pair in pairs], dtype="Int64")
    below = pd.Series([pair[1] for pair in pairs], dtype="Int64")
    names = pd.Series([f"Район {number}" for number in range(len(pairs))], dtype="str")
    share = (above / below.where(below > 0)).astype("Float64")
    return pd.DataFrame({"municipality": names, "numerator": above, "denominator": below, "share": share})


@settings(deadline=None, max_examples=60)
@given(size=st.integers(1, 120), percent=st.integers(1, 99), tail=st.sampled_from([0.025, 0.001]))
def test_limits_are_exact_binomial_tails(size: int, percent: int, tail: float) -> None:
    share = percent / 100
    chances = [comb(size, k) * share**k * (1 - share) ** (size - k) for k in range(size + 1)]
    low, high = binomial_limits(size, share, tail)
    assert sum(chances[:low]) <= tail < sum(chances[: low + 1]) + 1e-12
    assert sum(chances[high + 1 :]) <= tail < sum(chances[high:]) + 1e-12


def test_a_large_municipality_is_near_the_normal_limits() -> None:
    low, high = binomial_limits(1_000_000, 0.25, 0.025)
    assert abs(low - (250_000 - 1.96 * 433.01)) < 3
    assert abs(high - (250_000 + 1.96 * 433.01)) < 3


def test_certain_shares_have_no_width() -> None:
    assert binomial_limits(10, 0.0, 0.025) == (0, 0)
    assert binomial_limits(10, 1.0, 0.025) == (10, 10)
    with pytest.raises(ValueError, match="share"):
        binomial_limits(10, 1.5, 0.025)


def test_verdicts() -> None:
    found = funnel_limits(
        comparison((500, 1000), (1, 3), (20, 100), (90, 100), (39, 100), (None, 10), (0, 0))
    )
    assert found["verdict"].tolist() == [
        Verdict.WITHIN,
        Verdict.WITHIN,
        Verdict.FAR_BELOW,
        Verdict.FAR_ABOVE,
        Verdict.BELOW,
        Verdict.NO_DATA,
        Verdict.NO_DATA,
    ]
    assert found["expected"].iloc[0] == 650 / 1303
    assert found[["low95", "high95"]].isna().all(axis=1).tolist() == [False] * 5 + [True] * 2


def test_a_region_above_100_percent_has_no_limits() -> None:
    found = funnel_limits(comparison((8, 1), (18, 9)))
    assert set(found["verdict"]) == {Verdict.OVER_100}
    assert found["low95"].isna().all()
    assert len(funnel_curve(comparison((8, 1), (18, 9)))) == 0
    assert "посчитать нельзя" in funnel_reading(found)


def test_one_municipality_above_100_percent_is_named() -> None:
    assert funnel_limits(comparison((8, 1), (50, 100)))["verdict"].tolist()[0] == Verdict.OVER_100


def test_the_lines_pass_through_every_municipality_and_agree_with_it() -> None:
    table = comparison((5, 17), (40, 80), (300, 700))
    limits, curve = funnel_limits(table), funnel_curve(table).set_index("denominator")
    assert curve.index.is_monotonic_increasing
    for _, row in limits.iterrows():
        assert curve.loc[row["denominator"], "low95"] == row["low95"]
        assert curve.loc[row["denominator"], "high998"] == row["high998"]


def test_wide_limits_hold_the_narrow_ones() -> None:
    curve = funnel_curve(comparison((5, 17), (40, 80), (300, 700)))
    assert (curve["low998"] <= curve["low95"]).all()
    assert (curve["low95"] <= curve["expected"]).all()
    assert (curve["expected"] <= curve["high95"]).all()
    assert (curve["high95"] <= curve["high998"]).all()


def test_the_reading_counts_those_outside() -> None:
    text = funnel_reading(funnel_limits(comparison((500, 1000), (20, 100), (90, 100)))).replace("\u00a0", " ")
    assert "вышли 2 муниципалитета" in text
    assert "(50,8 %)" in text
    calm = funnel_reading(funnel_limits(comparison((5, 10), (50, 100))))
    assert "не вышел ни один" in calm


def test_nothing_to_show() -> None:
    assert len(funnel_limits(comparison())) == 0
    assert len(funnel_curve(comparison((None, None)))) == 0
