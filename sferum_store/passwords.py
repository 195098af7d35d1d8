"""The office password: its hash by argon2, and checking one in the same time whether any is set or not."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from sferum_store.errors import NotSaved

LEAST_CHARACTERS = 10
MOST_CHARACTERS = 200
_hasher = PasswordHasher()


def hash_of(password: str) -> str:
    """The hash to keep. NotSaved when the password is too short or too long."""
    if not LEAST_CHARACTERS <= len(password) <= MOST_CHARACTERS:
        raise NotSaved(
            f"Пароль должен быть от {LEAST_CHARACTERS} до {MOST_CHARACTERS} знаков.",
            "Возьмите несколько слов, которые легко помнить.",
        )
    return _hasher.hash(password)


def matches(password: str, known: str) -> bool:
    """Whether it is the password of this hash; "" matches nothing, after the same work."""
    try:
        right = _hasher.verify(known or _nobody(), password[:MOST_CHARACTERS])
    except (Argon2Error, InvalidHashError):
        return False
    return bool(known) and right and len(password) <= MOST_CHARACTERS


@cache
def _nobody() -> str:
    return _hasher.hash("никто не входит с этим паролем")
