"""Text as a cell of a workbook may hold it."""

from __future__ import annotations

import re

CELL_CHARACTERS = 32_767
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def clean_text(value: object) -> str:
    """Text as a cell may hold it: no control characters but tab and line break, at most 32,767 long."""
    text = _CONTROL.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) <= CELL_CHARACTERS // 2:
        return text
    units = text.encode("utf-16-le")  # Excel counts characters beyond the basic plane twice
    if len(units) > 2 * CELL_CHARACTERS:
        text = units[: 2 * (CELL_CHARACTERS - 1)].decode("utf-16-le", "ignore") + "…"
    return text


def one_line(text: str) -> str:
    """A title as one line, whatever a file's or a region's name brings along."""
    return " ".join(clean_text(text).split())


def is_risky(text: str) -> bool:
    """Whether a spreadsheet program could take the text for a formula."""
    return text.startswith(_RISKY)
