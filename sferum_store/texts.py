"""Texts on their way into the database: what it can't hold is taken out, what is too long is refused."""

from __future__ import annotations

import hashlib

from sferum_store.errors import NotSaved

REGION_CHARACTERS = 200
_KEY_CHARACTERS = 200


def storable(text: str) -> str:
    """Without NUL and broken surrogates, which PostgreSQL refuses."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def line(text: str, limit: int, name: str) -> str:
    """A single line that a user typed, stripped. NotSaved when it is longer than `limit`."""
    tidy = " ".join(storable(text).split())
    return _within(tidy, limit, name)


def passage(text: str, limit: int, name: str) -> str:
    """Text of several lines that a user typed. NotSaved when it is longer than `limit`."""
    return _within(storable(text).strip(), limit, name)


def _within(text: str, limit: int, name: str) -> str:
    if len(text) > limit:
        raise NotSaved(f"{name}: слишком длинный текст.", f"Уместите его в {limit} знаков.")
    return text


def who(name: str) -> str:
    """Who did something, as it is kept: at most 200 characters."""
    return " ".join(storable(name).split())[:200]


def short_key(key: str) -> str:
    """A key that an index can hold: a long one is cut, its SHA-256 kept."""
    tidy = storable(key)
    if len(tidy) <= _KEY_CHARACTERS:
        return tidy
    return tidy[:100] + "…" + hashlib.sha256(tidy.encode()).hexdigest()


def region_key(region: str) -> str:
    """Equal for one region however its letters, spaces and «ё» are written."""
    return " ".join(storable(region).split()).casefold().replace("ё", "е")


def named_region(region: str) -> tuple[str, str]:
    """Key and name of a region. NotSaved without one."""
    name = line(region, REGION_CHARACTERS, "Регион")
    if not name:
        raise NotSaved(
            "Не указано, чьи это данные.", "Назовите регион или управление в настройках и сохраните снова."
        )
    return region_key(name), name
