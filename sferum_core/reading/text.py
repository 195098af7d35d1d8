"""Text files: encoding, delimiter and rows of csv, txt and tsv.

Standard library only: the reading child loads it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

DELIMITERS = "\t;|,"  # on a draw the earlier wins: commas are decimal signs, tabs are not
_SAMPLE = 256 * 1024
_SNIFF_LINES = 300
_SEP_LINE = re.compile(r'\A"?sep=(.)"?(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_LEGACY = ("cp1251", "cp866", "koi8-r")
_HIGH = bytes(range(0x80, 0x100))
_ASCII = bytes(range(0x80))
_LETTERS = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
# How often each letter stands in Russian text, in per mille, in the order of _LETTERS.
_PER_MILLE = (
    109, 85, 80, 74, 67, 63, 55, 47, 45, 44, 35, 32, 30, 28, 26, 20, 19, 17, 17, 16, 16, 14, 12, 10, 9, 7, 6,
    5, 4, 3, 3, 1, 1,
)  # fmt: skip
_WEIGHT = dict(zip(_LETTERS, _PER_MILLE, strict=True))
_SIGNS = frozenset("«»№–—…“”„’‘•§°±×·\u00a0\u2009\u202f€™©®")
_MOJIBAKE_PAIR = re.compile(rb"[\xd0\xd1][\x80-\xbf]")
_CASE_BREAK = re.compile("[а-яё][А-ЯЁ]")
_DECIMAL = re.compile(r"-?[\d\s\u00a0\u202f]*\d,\d+\s?%?")


class TextRefused(Exception):  # noqa: N818
    """A text file that must not be read; `code` is one of `refusals.REFUSALS`."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True)
class Decoded:
    """A file's text, its encoding, and whether the encoding is a rare one that was guessed."""

    text: str
    encoding: str
    guessed: bool = False


def decode(content: bytes) -> Decoded:
    """A file's text: BOM, UTF-16 by its bytes, strict UTF-8 over the whole, one-byte encodings by score."""
    if content.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        raise TextRefused("encoding_unknown")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf16(content[2:], "utf-16-le" if content[0] == 0xFF else "utf-16-be")
    if content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]
        signed = True
    else:
        signed = False
        order = _utf16_order(content)
        if order:
            return _utf16(content, order)
    if b"\0" in content:
        raise TextRefused("nul_bytes")
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if signed or _is_damaged_utf8(content):
            raise _utf8_refusal(content, error.start) from None
    return _one_byte(content)


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
        raise TextRefused("encoding_broken", row=content.count(b"\n") + 1) from None
    if "\0" in text:
        raise TextRefused("nul_bytes")
    return Decoded(text.removeprefix("\ufeff"), encoding)


def _is_damaged_utf8(content: bytes) -> bool:
    """Whether Cyrillic in UTF-8 stands in a file that isn't UTF-8 throughout.

    In cp1251, cp866 and koi8-r the pairs that UTF-8 needs are rare: «Р» or «С» before a sign.
    """
    pairs = len(_MOJIBAKE_PAIR.findall(content))
    high = len(content) - len(content.translate(None, _HIGH))
    return pairs >= 3 and pairs * 2 >= 0.2 * high


def _utf8_refusal(content: bytes, position: int) -> TextRefused:
    rest = content.decode("utf-8", errors="ignore").encode("utf-8")
    bad = len(content) - len(rest)
    if bad > 8:
        return TextRefused("encoding_mixed")
    return TextRefused("encoding_broken", row=_row_of(content, position))


def _row_of(content: bytes, position: int) -> int:
    newline = b"\n" if b"\n" in content else b"\r"
    return content.count(newline, 0, position) + 1


def _one_byte(content: bytes) -> Decoded:
    sample = content[:_SAMPLE]
    scores = sorted(
        ((_score(sample, name), -place, name) for place, name in enumerate(_LEGACY)), reverse=True
    )
    best, _, encoding = scores[0]
    if best < 0:
        raise TextRefused("encoding_unknown")
    _refuse_mixture(content, encoding)
    try:
        return Decoded(content.decode(encoding), encoding, guessed=encoding != "cp1251")
    except UnicodeDecodeError as error:
        raise TextRefused("encoding_broken", row=_row_of(content, error.start)) from None


def _score(sample: bytes, encoding: str) -> float:
    """How much the high bytes look like Russian: about 60 for text, below 0 for noise."""
    text = sample.decode(encoding, errors="replace")
    high = [letter for letter in text if letter > "\x7f"]
    if not high:
        return 0.0
    total = 0.0
    counts: dict[str, int] = {}
    for letter in high:
        counts[letter] = counts.get(letter, 0) + 1
    for letter, count in counts.items():
        weight = _WEIGHT.get(letter.lower())
        if weight is not None:
            total += count * weight
        elif letter not in _SIGNS:
            total -= count * 150
    total -= 100 * len(_CASE_BREAK.findall(text))
    controls = len(sample) - len(sample.translate(None, bytes([*range(1, 9), *range(14, 32), 127])))
    return (total - 300 * controls) / len(high)


def _refuse_mixture(content: bytes, encoding: str) -> None:
    """Refuse a file whose pieces are clearly in different encodings."""
    frequent = (_LETTERS[:14] + _LETTERS[:14].upper()).encode(encoding)
    for start in range(0, len(content), 2048):
        letters = content[start : start + 2048].translate(None, _ASCII)
        if len(letters) < 48 or len(letters.translate(None, frequent)) < 0.5 * len(letters):
            continue
        piece = content[start : start + 2048]
        own = _score(piece, encoding)
        if own > 30:  # Russian text scores 40 and more
            continue
        for other in _LEGACY:
            if other != encoding and _score(piece, other) > max(own, 0) + 25:
                raise TextRefused("encoding_mixed")


def find_delimiter(text: str) -> str:
    """The sign that splits the first lines most evenly; «;» where a file has one column."""
    lines = list(_lines(text[: _SAMPLE * 4], _SNIFF_LINES))
    best, best_score = ";", 0.0
    for delimiter in DELIMITERS:
        score = _evenness(lines, delimiter)
        if delimiter == "," and score and _decimal_commas(lines, best, certain=best_score < 0.3):
            continue
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _evenness(lines: list[str], delimiter: str) -> float:
    if not any(delimiter in line for line in lines):
        return 0.0
    widths = []
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            if row:
                widths.append(len(row))
    except csv.Error:
        pass
    several = [width for width in widths if width > 1]
    if not several:
        return 0.0
    usual = max(set(several), key=several.count)
    return several.count(usual) / len(widths)


def _decimal_commas(lines: list[str], delimiter: str, *, certain: bool) -> bool:
    """Whether commas are decimal signs in most fields that have one; `certain`: in all but the header."""
    fields = [
        field.strip() for row in csv.reader(lines, delimiter=delimiter) for field in row if "," in field
    ]
    decimal = sum(_DECIMAL.fullmatch(field) is not None for field in fields)
    if not certain:
        return 2 * decimal >= len(fields)
    header = next((line for line in lines if line.strip()), "")
    return decimal == len(fields) and "," not in header


def _lines(text: str, most: int) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline="")):
        if number >= most:
            return
        yield line


def read_rows(
    text: str, delimiter: str | None = None, *, cell_characters: int, line_bytes: int
) -> tuple[str, Iterator[list[str]]]:
    """The delimiter and an iterator over rows; a `sep=` line decides and stays as an empty row.

    Raises TextRefused (from the iterator too) for a line or a cell too long and a quote never closed.
    """
    stated = _SEP_LINE.match(text)
    head: list[list[str]] = []
    if stated:
        delimiter, text = stated[1], text[stated.end() :]
        head = [[]]
    delimiter = delimiter or find_delimiter(text)
    if delimiter in '\r\n"':
        raise TextRefused("broken_workbook")
    return delimiter, _rows(head, _without_tail(text, delimiter), delimiter, cell_characters, line_bytes)


def _without_tail(text: str, delimiter: str) -> str:
    """The text up to its last line with a value; that line keeps its empty cells at the end."""
    filled = len(text.rstrip(f"\r\n\t {delimiter}"))
    end = _LINE_END.search(text, filled)
    return text[: end.start()] if end else text


_LINE_END = re.compile(r"[\r\n]")
_END = "\x00end"  # NUL bytes were refused before, so no cell can hold this


def _rows(
    head: list[list[str]], text: str, delimiter: str, cell_characters: int, line_bytes: int
) -> Iterator[list[str]]:
    yield from head
    if max(map(len, io.StringIO(text, newline="")), default=0) > line_bytes:
        raise TextRefused("line_too_long", limit=line_bytes // 1024)
    csv.field_size_limit(max(cell_characters, len(_END)))
    reader = csv.reader(chain(io.StringIO(text, newline=""), (_END,)), delimiter=delimiter)
    row: list[str] = []
    before = 0
    try:
        for row in reader:
            if reader.line_num - before > 1 and _swallowed(row, delimiter):
                raise TextRefused("unclosed_quote", row=len(head) + before + 1)
            if row and row[-1].endswith(_END):
                break
            before = reader.line_num
            yield row
    except csv.Error as error:
        if "field larger" not in str(error):
            raise TextRefused("broken_workbook") from None
        if reader.line_num - before > 1:
            raise TextRefused("unclosed_quote", row=len(head) + before + 1) from None
        raise TextRefused("cell_too_long", limit=cell_characters) from None
    if row != [_END]:
        raise TextRefused("unclosed_quote", row=len(head) + before + 1)


def _swallowed(row: list[str], delimiter: str) -> bool:
    """Whether a quoted cell holds whole rows: a quote was opened by mistake and closed much later."""
    for cell in row:
        inner = cell.splitlines()[1:-1]
        if inner and sum(delimiter in line for line in inner) * 2 > len(inner):
            return True
    return False
