"""Encodings of text files: told from the bytes of the whole file, never from a part of it.

Standard library only: the reading child loads it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from sferum_core.reading.process import Refused

_SAMPLE = 256 * 1024
_PIECE = 2048
_CLASSIC = ("cp1251", "cp866", "koi8-r")
_RARE = ("mac-cyrillic", "iso8859-5")  # taken only when they are far better: they share letters with cp1251
_LETTERS = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
# How often each letter stands in Russian text, in per mille, in the order of _LETTERS.
_PER_MILLE = (
    109, 85, 80, 74, 67, 63, 55, 47, 45, 44, 35, 32, 30, 28, 26, 20, 19, 17, 17, 16, 16, 14, 12, 10, 9, 7, 6,
    5, 4, 3, 3, 1, 1,
)  # fmt: skip
_WEIGHT = dict(zip(_LETTERS, _PER_MILLE, strict=True))
_SIGNS = frozenset("«»№–—…“”„’‘•§°±×·\u00a0\u2009\u202f€™©®")
_CONTROLS = bytes([*range(1, 9), *range(14, 32), 127])
_RUSSIAN, _BETTER = 30, 25  # Russian text scores 40 and more; another encoding must be better by so much
_LINE_OWN, _LINE_BETTER = 45, 15  # of lines in which capitals stand behind small letters
_HIGH = bytes(range(0x80, 0x100))
_ASCII = bytes(range(0x80))
_MOJIBAKE_PAIR = re.compile(rb"[\xd0\xd1][\x80-\xbf]")
_UTF8_WORD = re.compile(rb"(?:[\xd0\xd1][\x80-\xbf]){4}")
_UTF7_WORD = re.compile(rb"\+B[B-F][A-Za-z0-9+/]{4,}")
_SUSPECTS = 2_000  # lines that are looked at one by one


@dataclass(frozen=True)
class Decoded:
    """A file's text, its encoding, and whether the encoding is a rare one that was guessed."""

    text: str
    encoding: str
    guessed: bool = False


@dataclass(frozen=True)
class _Page:
    """What one one-byte encoding makes of high bytes: weights, case breaks, and signs of another encoding."""

    weights: tuple[int, ...]
    frequent: bytes
    case_break: re.Pattern[bytes]
    suspect: re.Pattern[bytes]


@cache
def _page(encoding: str) -> _Page:
    weights = [0] * 256
    small, capital, odd = bytearray(), bytearray(), bytearray()
    for byte in range(0x80, 0x100):
        letter = bytes([byte]).decode(encoding, errors="replace")
        weight = _WEIGHT.get(letter.lower())
        if weight is None:
            weights[byte] = 0 if letter in _SIGNS else -150
            if weights[byte]:
                odd.append(byte)
        else:
            weights[byte] = weight
            (small if letter.islower() else capital).append(byte)
    lower, upper = _class(small), _class(capital)
    suspect = lower + upper + b"{2}"
    if odd:
        suspect = b"%s|%s{2}|%s%s{3}" % (suspect, _class(odd), _class(odd), lower)
    frequent = (_LETTERS[:14] + _LETTERS[:14].upper()).encode(encoding)
    return _Page(tuple(weights), frequent, re.compile(lower + upper), re.compile(suspect))


def _class(members: bytes | bytearray) -> bytes:
    return b"[" + b"".join(b"\\x%02x" % member for member in members) + b"]"


def decode(content: bytes) -> Decoded:
    """A file's text: BOM, UTF-16 by its bytes, strict UTF-8 over the whole, one-byte encodings by score.

    Raises Refused for damaged and mixed text, NUL bytes and encodings that cannot be told.
    """
    if content.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        raise Refused("encoding_unknown")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf16(content[2:], "utf-16-le" if content[0] == 0xFF else "utf-16-be")
    signed = content.startswith(b"\xef\xbb\xbf")
    if signed:
        content = content[3:]
    else:
        order = _utf16_order(content)
        if order:
            return _utf16(content, order)
    if b"\0" in content:
        raise Refused("nul_bytes")
    if content.isascii():
        if _is_utf7(content[:_SAMPLE]):
            raise Refused("encoding_unknown")
        return Decoded(content.decode("ascii"), "utf-8")
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if signed or _is_damaged_utf8(content):
            raise _utf8_refusal(content, error.start) from None
    return _one_byte(content)


def _is_utf7(sample: bytes) -> bool:
    if len(_UTF7_WORD.findall(sample)) < 3:
        return False
    letters = Counter(sample.decode("utf-7", errors="replace").lower())
    return sum(letters[letter] for letter in _LETTERS) > 20 * max(letters["\ufffd"], 1)


def _utf16_order(content: bytes) -> str | None:
    """Which UTF-16 a file without BOM is in: a byte of each pair is 0, 4 (Cyrillic) or 0x20–0x22."""
    sample = content[: _SAMPLE & ~1]
    if len(sample) < 4 or len(content) % 2:
        return None
    for order, page, low in (
        ("utf-16-le", sample[1::2], sample[0::2]),
        ("utf-16-be", sample[0::2], sample[1::2]),
    ):
        usual = len(page) - len(page.translate(None, b"\x00\x04\x20\x21\x22"))
        if page.count(0) and usual >= 0.97 * len(page) and low.count(0) <= 0.01 * len(low):
            return order
    return None


def _utf16(content: bytes, encoding: str) -> Decoded:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise Refused("encoding_broken", row=content.count(b"\n") + 1) from None
    if "\0" in text:
        raise Refused("nul_bytes")
    return Decoded(text.removeprefix("\ufeff"), encoding)


def _is_damaged_utf8(content: bytes) -> bool:
    """Whether Cyrillic in UTF-8 stands in a file that isn't UTF-8 throughout.

    In cp1251, cp866 and koi8-r the pairs that UTF-8 needs are rare: «Р» or «С» before a sign. Four of them
    in a row are a word in UTF-8.
    """
    if _UTF8_WORD.search(content):
        return True
    pairs = len(_MOJIBAKE_PAIR.findall(content))
    high = len(content) - len(content.translate(None, _HIGH))
    return pairs >= 3 and pairs * 2 >= 0.2 * high


def _utf8_refusal(content: bytes, position: int) -> Refused:
    rest = content.decode("utf-8", errors="ignore").encode("utf-8")
    bad = len(content) - len(rest)
    if bad > 8:
        return Refused("encoding_mixed")
    return Refused("encoding_broken", row=_row_of(content, position))


def _row_of(content: bytes, position: int) -> int:
    newline = b"\n" if b"\n" in content else b"\r"
    return content.count(newline, 0, position) + 1


def _one_byte(content: bytes) -> Decoded:
    sample = content[:_SAMPLE]
    best, encoding = _best(sample, _CLASSIC)
    if best < _RUSSIAN and _letters(sample) >= 20:
        rare_best, rare = _best(sample, _RARE)
        if rare_best > max(best, 0) + _BETTER and rare_best > _RUSSIAN:
            best, encoding = rare_best, rare
    if best < 0:
        raise Refused("encoding_unknown")
    _refuse_mixture(content, encoding)
    try:
        return Decoded(content.decode(encoding), encoding, guessed=encoding != "cp1251")
    except UnicodeDecodeError as error:
        raise Refused("encoding_broken", row=_row_of(content, error.start)) from None


def _best(sample: bytes, encodings: tuple[str, ...]) -> tuple[float, str]:
    counts = Counter(sample)
    scored = [(_score(sample, counts, encoding), -place) for place, encoding in enumerate(encodings)]
    best, place = max(scored)
    return best, encodings[-place]


def _letters(sample: bytes) -> int:
    return len(sample) - len(sample.translate(None, _HIGH))


def _score(sample: bytes, counts: Counter[int], encoding: str) -> float:
    """How much the high bytes look like Russian: about 60 for text, below 0 for noise."""
    page = _page(encoding)
    high = total = 0
    for byte, count in counts.items():
        if byte > 0x7F:
            high += count
            total += count * page.weights[byte]
    if not high:
        return 0.0
    total -= 100 * len(page.case_break.findall(sample))
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return (total - 300 * controls) / high


def _refuse_mixture(content: bytes, encoding: str) -> None:
    """Refuse a file whose pieces, or single lines, are clearly in another encoding."""
    page = _page(encoding)
    for start in range(0, len(content), _PIECE):
        piece = content[start : start + _PIECE]
        letters = piece.translate(None, _ASCII)
        if len(letters) >= 48 and 2 * len(letters.translate(None, page.frequent)) > len(letters):
            _refuse_if_other(piece, encoding, better=_BETTER, own_most=_RUSSIAN)
    end = -1
    suspects = 0
    for found in page.suspect.finditer(content):
        if found.start() < end:
            continue
        start, end = _line_around(content, found.start())
        _refuse_if_other(content[start:end], encoding, better=_LINE_BETTER, own_most=_LINE_OWN)
        suspects += 1
        if suspects == _SUSPECTS:
            return


def _line_around(content: bytes, place: int) -> tuple[int, int]:
    first = max(0, place - _PIECE)
    last = min(len(content), place + _PIECE)
    start = max(content.rfind(b"\n", first, place), content.rfind(b"\r", first, place), first - 1) + 1
    ends = [content.find(sign, place, last) for sign in (b"\n", b"\r")]
    return start, min([end for end in ends if end >= 0], default=last)


def _refuse_if_other(piece: bytes, encoding: str, *, better: int, own_most: int) -> None:
    """Refuse when another encoding makes better Russian of `piece`, which scores at most `own_most` now."""
    counts = Counter(piece)
    if sum(byte > 0x7F for byte in counts) < 5:  # a ruled line of one sign is Russian in no encoding
        return
    own = _score(piece, counts, encoding)
    if own > own_most:
        return
    for other in (*_CLASSIC, "mac-cyrillic"):
        if other == encoding:
            continue
        score = _score(piece, counts, other)
        if score > max(own, 0) + better and score > _RUSSIAN:
            raise Refused("encoding_mixed")
