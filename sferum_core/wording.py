"""Russian figures and plurals, the same on screen, in charts and in workbooks."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

THIN_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
NO_DATA = "нет данных"


def _is_missing(value: object) -> bool:
    return value is None or bool(pd.isna(value))  # type: ignore[call-overload]


def round_half_up(value: float, digits: int = 0) -> Decimal:
    """`value` rounded half away from zero, as offices round (not to even)."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def number(value: float | int | None, digits: int = 0) -> str:
    """«1 204» with a thin no-break space between thousands and a decimal comma; «нет данных» for nothing."""
    if _is_missing(value):
        return NO_DATA
    text = f"{round_half_up(float(value), digits):,}"  # type: ignore[arg-type]
    return text.replace(",", THIN_SPACE).replace(".", ",").replace("-", "−")


def percent(share: float | None, digits: int = 1) -> str:
    """«12,5 %» from the fraction 0.125; «нет данных» for nothing."""
    if _is_missing(share):
        return NO_DATA
    exact = Decimal(repr(float(share))) * 100  # type: ignore[arg-type]
    rounded = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    text = f"{rounded:,}".replace(",", THIN_SPACE).replace(".", ",").replace("-", "−")
    return f"{text}{NO_BREAK_SPACE}%"


def points(change: float | None, digits: int = 1) -> str:
    """«+2,5 п. п.», «−1,0 п. п.» from a change of a fraction; «0,0 п. п.» when it rounds to nothing."""
    if _is_missing(change):
        return NO_DATA
    exact = Decimal(repr(float(change))) * 100  # type: ignore[arg-type]
    rounded = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,}".replace(",", THIN_SPACE).replace(".", ",")
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return f"{sign}{text}{NO_BREAK_SPACE}п.{NO_BREAK_SPACE}п."


def plural(count: int, one: str, few: str, many: str) -> str:
    """The form that goes with `count`: 1 организация, 2 организации, 5 организаций."""
    tail = abs(int(count)) % 100
    if 11 <= tail <= 14:
        return many
    tail %= 10
    if tail == 1:
        return one
    return few if 2 <= tail <= 4 else many


def counted(count: int, one: str, few: str, many: str) -> str:
    """«1 204 организации»: the number with its noun."""
    return f"{number(count)}{NO_BREAK_SPACE}{plural(count, one, few, many)}"


def organizations(count: int) -> str:
    """«5 организаций»."""
    return counted(count, "организация", "организации", "организаций")


def teachers(count: int) -> str:
    """«3 педагога»."""
    return counted(count, "педагог", "педагога", "педагогов")


def municipalities(count: int) -> str:
    """«27 муниципалитетов»."""
    return counted(count, "муниципалитет", "муниципалитета", "муниципалитетов")


def rows(count: int) -> str:
    """«2 строки»."""
    return counted(count, "строка", "строки", "строк")
