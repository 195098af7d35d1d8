"""Check digits of ИНН and ОГРН (приказ ФНС; an error in one digit is always noticed)."""

from __future__ import annotations

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, *_INN_10)
_INN_12 = (3, *_INN_11)


def _inn_digit(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11 % 10


def inn_is_valid(text: str) -> bool:
    """Ten digits for an organization, twelve for a person, with right check digits."""
    if not text.isdecimal() or not text.isascii():
        return False
    digits = [int(sign) for sign in text]
    if len(digits) == 10:
        return _inn_digit(digits, _INN_10) == digits[9]
    if len(digits) == 12:
        return _inn_digit(digits, _INN_11) == digits[10] and _inn_digit(digits, _INN_12) == digits[11]
    return False


def ogrn_is_valid(text: str) -> bool:
    """Thirteen digits for an organization, fifteen for an entrepreneur, with a right check digit."""
    if not text.isdecimal() or not text.isascii() or len(text) not in (13, 15):
        return False
    return int(text[:-1]) % (len(text) - 2) % 10 == int(text[-1])
