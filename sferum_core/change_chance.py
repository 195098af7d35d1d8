"""Whether a share changed by more than chance: an exact test of two weeks, told in words an officer understands.

The method: of the two weeks' head counts together a fixed number is active; were the weeks alike, the active
ones would be spread over the two weeks as if drawn blindly (Fisher's exact test, two-sided as twice the smaller
tail). Two things make it careful. The same teachers are counted in both weeks; whoever writes one week mostly
writes the next, so a real difference by chance is smaller than between two sets of strangers, for which the
test is made. But teachers of one school start and stop together, which makes it larger. So a change is called
more than chance only when chance gives it in at most one week of five hundred (as the outer limits of the
funnel plot); from one in twenty on it is called possible. It never proves a cause.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd

from sferum_core.wording import number

COUNT_COLUMNS = ("numerator", "denominator", "numerator_before", "denominator_before")
SURE, POSSIBLE = 0.002, 0.05
_REACH, _MARGIN = 12.0, 60
CAUTION = (
    "Проверка считает педагогов двух недель разными людьми, хотя это почти одни и те же, и не знает, что педагоги "
    "одной школы начинают и перестают писать вместе. Поэтому «больше случайного» сказано только тогда, когда без "
    "причины такое бывает не чаще чем в 1 неделе из 500."
)


class ChangeVerdict(StrEnum):
    """A change against chance; the value is the word on the screen."""

    BEYOND = "больше случайного"
    POSSIBLE = "возможно, не случайно"
    WITHIN = "в пределах случайного"
    NONE = "без изменений"
    NOT_COMPARABLE = "сравнить нельзя"


def change_chance(numerator: int, denominator: int, numerator_before: int, denominator_before: int) -> float:
    """How likely chance alone gives a difference at least this large (two-sided, 0–1).

    ValueError for counts that are no parts of a whole (negative, more active than heads, no heads).
    """
    a, n, b, m = int(numerator), int(denominator), int(numerator_before), int(denominator_before)
    if not (0 <= a <= n and 0 <= b <= m and n > 0 and m > 0):
        raise ValueError("a test needs 0 ≤ numerator ≤ denominator and heads in both weeks")
    active, heads = a + b, n + m
    least, most = max(0, active - m), min(n, active)
    if least == most:
        return 1.0
    middle = active * n / heads
    spread = np.sqrt(middle * (1 - active / heads) * m / heads)
    first = max(least, int(min(middle - _REACH * spread, a) - _MARGIN))
    last = min(most, int(max(middle + _REACH * spread, a) + _MARGIN))
    counts = np.arange(first, last, dtype="float64")
    steps = (
        np.log(active - counts) + np.log(n - counts) - np.log(counts + 1) - np.log(m - active + counts + 1)
    )
    logs = np.concatenate([[0.0], np.cumsum(steps)])
    chances = np.exp(logs - logs.max())
    chances /= chances.sum()
    here = a - first
    tail = min(chances[: here + 1].sum(), chances[here:].sum())
    return float(min(1.0, 2 * tail))


def change_verdicts(table: pd.DataFrame) -> pd.DataFrame:
    """`chance` (Float64, 0–1) and `verdict` for rows of numerator, denominator and the same with `_before`.

    Missing counts, no heads and shares above 100 % give «сравнить нельзя» and no chance; the index stays.
    """
    chances: list[float | None] = []
    verdicts: list[str] = []
    for line in zip(*(table[name] for name in COUNT_COLUMNS), strict=True):
        found = chance_of(line)
        chances.append(found)
        verdicts.append(verdict_of(found, line).value)
    return pd.DataFrame(
        {
            "chance": pd.Series(chances, index=table.index, dtype="Float64"),
            "verdict": pd.Series(verdicts, index=table.index, dtype="str"),
        }
    )


def chance_of(line: tuple[object, ...]) -> float | None:
    """`change_chance` of a line of `COUNT_COLUMNS`; None where counts are missing or no parts of a whole."""
    if any(pd.isna(value) for value in line):  # type: ignore[call-overload]
        return None
    a, n, b, m = (int(value) for value in line)  # type: ignore[call-overload]
    return change_chance(a, n, b, m) if 0 <= a <= n and 0 <= b <= m and n and m else None


def verdict_of(chance: float | None, counts: tuple[object, ...]) -> ChangeVerdict:
    """The word for a chance; equal shares are «без изменений»."""
    if chance is None:
        return ChangeVerdict.NOT_COMPARABLE
    a, n, b, m = (int(value) for value in counts)  # type: ignore[call-overload]
    if a * m == b * n:
        return ChangeVerdict.NONE
    if chance <= SURE:
        return ChangeVerdict.BEYOND
    return ChangeVerdict.POSSIBLE if chance <= POSSIBLE else ChangeVerdict.WITHIN


def chance_sentence(chance: float | None, verdict: ChangeVerdict | str) -> str:
    """One Russian sentence: how often chance alone gives such a change. "" when nothing changed."""
    verdict = ChangeVerdict(verdict)
    if verdict is ChangeVerdict.NONE:
        return ""
    if chance is None or verdict is ChangeVerdict.NOT_COMPARABLE:
        return "Проверить, случайно ли это, нельзя: нет чисел или активных больше, чем зарегистрированных."
    often = how_often(chance)
    if verdict is ChangeVerdict.BEYOND:
        return f"Случайностью это не объяснить: без причины такое бывает {often}."
    if verdict is ChangeVerdict.POSSIBLE:
        return f"Возможно, это не случайно: без причины такое бывает {often}. Подождите следующей недели."
    return f"Это в пределах случайного: без причины такое бывает {often}."


def how_often(chance: float) -> str:
    """«примерно в 1 неделе из 8», «реже чем в 1 неделе из 1 000», «чаще чем через неделю»."""
    if chance >= 0.5:
        return "чаще чем через неделю"
    if chance < 0.001:
        return f"реже чем в 1 неделе из {number(1000)}"
    weeks = round(1 / chance)
    step = 10 ** (len(str(weeks)) - 1) if weeks >= 20 else 1
    weeks = round(weeks / step) * step
    return f"примерно в 1 неделе из {number(weeks)}"
