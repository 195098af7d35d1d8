"""Brings names to one spelling: case, ё, look-alike letters, quotes, dashes, glued abbreviations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pandas as pd

_LATIN_TO_CYRILLIC = str.maketrans("ABCEHKMOPTXYaceopxyk", "АВСЕНКМОРТХУасеорхук")
_LOOKALIKE = set("ABCEHKMOPTXYaceopxyk")
_LATIN = re.compile("[A-Za-z]")
_CYRILLIC = re.compile("[А-Яа-яЁёІіЇї]")
_LETTERS = re.compile(r"[^\W\d_]+")
_DASHES = re.compile("[‐‑‒–—―−﹣－]")
_OPENING = re.compile("[«„“‹]")
_CLOSING = re.compile("[»”‟›]")
_STRAIGHT = re.compile("''|[\"`´ʺ″＂]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_NUMBER_SIGN = re.compile(r"№|\bN(?=[\s°º.]*\d)|#(?=\s*\d)")


def _cyrillic_word(match: re.Match[str]) -> str:
    word = match.group()
    foreign = [letter for letter in word if letter.isascii()]
    if not foreign:
        return word
    if not set(foreign) <= _LOOKALIKE:
        return word
    whole = len(foreign) == len(word)
    # Of words wholly in Latin only abbreviations («MOY») and single letters («c. Ивановка») are taken over.
    if whole and len(word) > 1 and not word.isupper():
        return word
    return word.translate(_LATIN_TO_CYRILLIC)


def cyrillic(text: str) -> str:
    """`text` with Latin look-alikes in Cyrillic words and in abbreviations as Cyrillic letters."""
    if not _LATIN.search(text):
        return text
    if not _CYRILLIC.search(text) and not text.isupper():
        return text
    return _LETTERS.sub(_cyrillic_word, text)


def unify(text: str) -> str:
    """One spelling: lower case, «е» for «ё», `«` and `»` for quotes, `-` for dashes, single spaces, ` № `."""
    text = unicodedata.normalize("NFC", str(text))
    text = _INVISIBLE.sub("", text)
    text = cyrillic(_NUMBER_SIGN.sub(" № ", text))
    text = _DASHES.sub("-", _CLOSING.sub("»", _OPENING.sub("«", _STRAIGHT.sub('"', text))))
    text = text.lower().replace("ё", "е")
    text = " ".join(text.split())
    return _direct_quotes(text)


def _direct_quotes(text: str) -> str:
    """Straight quotes as `«` when they open a word and `»` when they close one."""
    if '"' not in text:
        return text
    out: list[str] = []
    for place, letter in enumerate(text):
        if letter != '"':
            out.append(letter)
            continue
        before = text[place - 1] if place else " "
        after = text[place + 1] if place + 1 < len(text) else " "
        opens = (after.isalnum() or after in "«№") and not (before.isalnum() or before in ".»!?)")
        if before == '"' and out[-1] == "«" and (after.isalnum()):
            opens = True
        if before.isalnum() and after.isalnum():  # «ДО"СШОР»: glued to the form before it
            opens = out.count("«") <= out.count("»")
        if before == "." and after.isalnum():
            opens = out.count("«") <= out.count("»")
        out.append("«" if opens else "»")
    return "".join(out)


def quote_depths(text: str) -> list[int]:
    """How many quotes are open at each character of a unified text."""
    if "«" not in text:
        return [0] * len(text)
    depth = 0
    depths = []
    for letter in text:
        if letter == "«":
            depth += 1
        depths.append(depth)
        if letter == "»":
            depth = max(depth - 1, 0)
    return depths


def map_unique(values: pd.Series, function: Callable[[str], object]) -> pd.Series:
    """`function` of every value, called once for each distinct text; missing stays missing. dtype `str`."""
    text = values.astype("str")
    answers = {name: function(name) for name in text.dropna().unique()}
    return text.map(answers).astype("str")
