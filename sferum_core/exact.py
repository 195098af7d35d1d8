"""Exact arithmetic over counts: shares, comparison with a threshold and head counts still missing.

Thresholds are `Fraction`, counts are whole numbers, so 1 of 40 is exactly 2.5 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pandas as pd

_SAFE = 2**62
_REPORTED_SCALE = 10**9


def to_counts(values: pd.Series) -> pd.Series:
    """Counts as `Int64`; what is no whole number at all becomes NA."""
    if str(values.dtype) == "Int64":
        return values
    numbers = pd.to_numeric(values, errors="coerce").astype("Float64")
    return numbers.where((numbers == numbers.round()) & (numbers.abs() < _SAFE)).astype("Int64")


def add_counts(table: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Sum of count columns by row; NA as soon as one part is missing."""
    total = to_counts(table[columns[0]])
    for column in columns[1:]:
        total = total + to_counts(table[column])
    return total


def divide(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """Shares as `Float64` fractions; NA where a part is missing or the denominator is not positive.

    Whole numbers below 2**53 divide to the double nearest to the true ratio, so equal ratios (1/3, 2/6)
    give equal shares and shares of real head counts can be ranked as they are.
    """
    good = (numerator.notna() & denominator.notna() & (denominator > 0).fillna(False)).to_numpy(dtype=bool)
    above = numerator.to_numpy(dtype="float64", na_value=np.nan)
    below = denominator.to_numpy(dtype="float64", na_value=np.nan)
    result = np.zeros(len(good))
    np.divide(above, below, out=result, where=good)
    return pd.Series(pd.arrays.FloatingArray(result, ~good), index=numerator.index)


def as_ratio(share: pd.Series) -> tuple[pd.Series, pd.Series]:
    """A stated share as numerator over 10**9, so that it is compared like a ratio of counts."""
    scaled = (share * _REPORTED_SCALE).round()
    numerator = scaled.where(scaled.abs() < _SAFE).astype("Int64")
    denominator = pd.Series(_REPORTED_SCALE, index=share.index, dtype="Int64")
    return numerator, denominator.where(numerator.notna())


def _products(values: np.ndarray, factor: int) -> np.ndarray:
    """`values * factor` without overflow."""
    if values.size and factor and int(np.abs(values).max()) > _SAFE // factor:
        values = values.astype(object)
    return values * factor


def exceeds(
    numerator: np.ndarray, denominator: np.ndarray, threshold: Fraction, *, inclusive: bool
) -> np.ndarray:
    """Where numerator / denominator > threshold (≥ when inclusive); denominators are positive."""
    left = _products(numerator, threshold.denominator)
    right = _products(denominator, threshold.numerator)
    return np.asarray(left >= right if inclusive else left > right, dtype=bool)


def missing_to(
    numerator: pd.Series, denominator: pd.Series, threshold: Fraction, *, inclusive: bool
) -> pd.Series:
    """Smallest whole n ≥ 0 so that (numerator + n) / denominator gets there (`Int64`, NA without data).

    The denominator stays: nobody new is registered, those who are start to write.
    """
    good = (numerator.notna() & denominator.notna() & (denominator > 0).fillna(False)).to_numpy(dtype=bool)
    result = pd.Series(pd.NA, index=numerator.index, dtype="Int64")
    above = numerator.to_numpy(dtype="int64", na_value=0)[good]
    product = _products(denominator.to_numpy(dtype="int64", na_value=0)[good], threshold.numerator)
    needed = -(-product // threshold.denominator) if inclusive else product // threshold.denominator + 1
    values = np.maximum(needed - above, 0).astype("int64")
    result[good] = values
    return result


def rank_descending(share: pd.Series) -> pd.Series:
    """Places 1-2-2-4 by descending share (`Int64`); no share, no place."""
    return share.astype("Float64").rank(method="min", ascending=False).astype("Int64")
