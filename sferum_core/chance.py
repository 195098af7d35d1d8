"""Limits of chance: which municipalities differ from the region by more than their size explains.

The limits are exact binomial: if every teacher were active with the region's share p, a municipality of n
teachers would have X ~ Bin(n, p) active ones. Exact tails were chosen over a normal or Wilson approximation
because small municipalities (n of a few dozen, p of a few percent) are where approximations raise false
alarms. Whole head counts decide: outside means P(X ≤ k) or P(X ≥ k) of at most 2.5 % (95 % limits) or 0.1 %
(99.8 %). Teachers of one school follow each other, so real spread is wider than chance: a point outside asks
for a reason, it proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import numpy as np
import pandas as pd

from sferum_core.wording import NO_BREAK_SPACE, municipalities, percent, plural

FUNNEL_COLUMNS = ("municipality", "municipality_key", "numerator", "denominator", "share")
LIMIT_COLUMNS = ("expected", "low95", "high95", "low998", "high998")
_TAIL_95, _TAIL_998 = 0.025, 0.001
_WIDTH = 12.0


class Verdict(StrEnum):
    """Where a municipality stands against chance; the value is the word on the screen."""

    FAR_ABOVE = "намного выше случайного"
    ABOVE = "выше случайного"
    WITHIN = "в пределах случайного"
    BELOW = "ниже случайного"
    FAR_BELOW = "намного ниже случайного"
    OVER_100 = "больше 100 %, сравнить нельзя"
    NO_DATA = "нет данных"


def binomial_limits(size: int, share: float, tail: float) -> tuple[int, int]:
    """The least and the greatest count within chance: P(X < low) ≤ tail and P(X > high) ≤ tail.

    ValueError unless 0 ≤ share ≤ 1 and size ≥ 0.
    """
    if not 0 <= share <= 1 or size < 0:
        raise ValueError("a binomial needs a share from 0 to 1 and a size from 0")
    if share in {0.0, 1.0} or size == 0:
        return round(size * share), round(size * share)
    middle = size * share
    reach = _WIDTH * np.sqrt(middle * (1 - share)) + 60
    first, last = max(0, int(middle - reach)), min(size, int(middle + reach))
    counts = np.arange(first, last)
    steps = np.log((size - counts) / (counts + 1)) + np.log(share / (1 - share))
    logs = np.concatenate([[0.0], np.cumsum(steps)])
    weights = np.exp(logs - logs.max())
    chances = weights / weights.sum()
    at_most = np.cumsum(chances)
    at_least = np.cumsum(chances[::-1])[::-1]
    low = first + int(np.argmax(at_most > tail))
    high = last - int(np.argmax((at_least > tail)[::-1]))
    return low, high


def _limits(sizes: Iterable[int], share: float) -> pd.DataFrame:
    rows = []
    for size in sizes:
        low95, high95 = binomial_limits(size, share, _TAIL_95)
        low998, high998 = binomial_limits(size, share, _TAIL_998)
        rows.append((share, low95 / size, high95 / size, low998 / size, high998 / size))
    return pd.DataFrame(rows, columns=list(LIMIT_COLUMNS), dtype="Float64")


def _expected(comparison: pd.DataFrame) -> float | None:
    """The region's share: ratio of the sums of the comparison. None without data or above 100 %."""
    both = comparison[
        (comparison["numerator"].notna() & comparison["denominator"].notna()).to_numpy(dtype=bool)
    ]
    heads = both["denominator"].sum()
    share = float(both["numerator"].sum() / heads) if heads > 0 else None
    return None if share is None or share > 1 else share


def funnel_limits(comparison: pd.DataFrame) -> pd.DataFrame:
    """The comparison's rows with limits and a verdict: `FUNNEL_COLUMNS`, `LIMIT_COLUMNS`, `verdict`.

    Limits are fractions at each row's own head count; missing where there is none or the region's share is
    above 100 % (no chance explains that). Rows and order are those of `compare_municipalities`.
    """
    result = comparison[[name for name in FUNNEL_COLUMNS if name in comparison.columns]].copy()
    for column in LIMIT_COLUMNS:
        result[column] = pd.Series(pd.NA, index=result.index, dtype="Float64")
    expected = _expected(comparison)
    sized = (comparison["denominator"] > 0).fillna(False) & comparison["numerator"].notna()
    verdict = np.full(len(result), Verdict.NO_DATA.value, dtype=object)
    here = sized.to_numpy(dtype=bool)
    if expected is None:
        verdict[here] = Verdict.OVER_100.value
    elif here.any():
        sizes = comparison["denominator"].to_numpy(dtype="int64", na_value=0)[here]
        distinct, place = np.unique(sizes, return_inverse=True)
        limits = _limits(distinct.tolist(), expected).iloc[place].set_axis(result.index[here])
        result.loc[here, list(LIMIT_COLUMNS)] = limits
        share = result["share"].to_numpy(dtype="float64", na_value=np.nan)[here]
        verdict[here] = _verdicts(share, limits)
    result["verdict"] = pd.Series(verdict, index=result.index, dtype="str")
    return result


def _verdicts(share: np.ndarray, limits: pd.DataFrame) -> np.ndarray:
    found = np.full(len(share), Verdict.WITHIN.value, dtype=object)
    edge = {name: limits[name].to_numpy(dtype="float64") for name in LIMIT_COLUMNS}
    found[share < edge["low95"]] = Verdict.BELOW.value
    found[share > edge["high95"]] = Verdict.ABOVE.value
    found[share < edge["low998"]] = Verdict.FAR_BELOW.value
    found[share > edge["high998"]] = Verdict.FAR_ABOVE.value
    found[share > 1] = Verdict.OVER_100.value
    return found


def funnel_curve(comparison: pd.DataFrame, points: int = 160) -> pd.DataFrame:
    """The funnel's lines: `denominator` (Int64, growing) and `LIMIT_COLUMNS`; empty without limits.

    Sizes are even on a log scale and include every municipality's own, so a point lies outside the drawn line
    exactly when its verdict says so.
    """
    expected = _expected(comparison)
    known = comparison["denominator"].dropna()
    own = known[known > 0].to_numpy(dtype="int64")
    if expected is None or not own.size:
        empty = pd.DataFrame({name: pd.Series(dtype="Float64") for name in LIMIT_COLUMNS})
        empty.insert(0, "denominator", pd.Series(dtype="Int64"))
        return empty
    spread = np.geomspace(max(1, own.min() * 0.8), own.max() * 1.05, points)
    sizes = np.unique(np.concatenate([np.maximum(1, spread.round()).astype("int64"), own]))
    curve = _limits(sizes.tolist(), expected)
    curve.insert(0, "denominator", pd.Series(sizes, dtype="Int64"))
    return curve


def funnel_reading(limits: pd.DataFrame, who: str = "педагоги") -> str:
    """One Russian sentence on how to read the plot; `who` is counted, in the nominative plural."""
    expected = limits["expected"].dropna()
    if not len(expected):
        return (
            f"Пределы случайного посчитать нельзя: нет данных или доля региона больше 100{NO_BREAK_SPACE}%."
        )
    outside = int(limits["verdict"].isin([Verdict.FAR_ABOVE.value, Verdict.FAR_BELOW.value]).sum())
    comes = plural(outside, "вышел", "вышли", "вышли")
    found = f"{comes} {municipalities(outside)}" if outside else "не вышел ни один"
    return (
        f"Если бы {who} всех муниципалитетов были одинаково активны ({percent(float(expected.iloc[0]))}), "
        f"за широкие пределы случайно выходил бы один муниципалитет из пятисот; {found}."
    )
