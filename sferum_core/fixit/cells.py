"""A cell that came back against the one that was sent: the same, another value, or none that can be."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pandas as pd

from sferum_core.fixit.answers import Cell
from sferum_core.reading.fields import FIELDS, Content
from sferum_core.reading.values import (
    MOST,
    is_missing,
    parse_count,
    parse_date,
    parse_flag,
    parse_number,
    parse_type,
)
from sferum_core.wording import NO_DATA, number, percent

_SAME = 1e-9
_MOST_SHARE = 20.0  # 004 prints 800 %; «45» in a column of shares is a percent without its sign
_COMPARED = 16_000  # a cell holds 32,767 UTF-16 units; a longer text came back cut
ACTIVE_WORDS = {True: "Активна", False: "Не активна"}
NUMBERS = (Content.COUNT, Content.SHARE)


class NoValue(Exception):  # noqa: N818 - named for what the cell is
    """The text can't stand in this column; the message says why, in Russian."""


def content_of(field: str) -> Content:
    """What a field's cells hold."""
    return FIELDS[field].content if field in FIELDS else Content.TEXT


def shown(value: Any, field: str) -> str:
    """A value of the table as a person reads it."""
    if value is None or pd.isna(value):
        return NO_DATA
    content = content_of(field)
    if content is Content.SHARE:
        return percent(float(value))
    if content is Content.COUNT:
        return number(float(value))
    if content in (Content.STATUS, Content.FLAG):
        return ACTIVE_WORDS[bool(value)] if content is Content.STATUS else ("да" if value else "нет")
    if isinstance(value, dt.datetime):
        return f"{value:%d.%m.%Y}"
    return str(value)


def parsed(cell: Cell, field: str) -> Any:
    """The cell as a value of the table. NoValue when it can't be one."""
    content, text = content_of(field), cell.text.strip()
    if content is Content.COUNT:
        found = cell.number if cell.number is not None else parse_count(text)
        if math.isnan(found) or found < 0 or found > MOST or found != math.floor(found):
            raise NoValue(f"«{_cut(text)}» – не целое число от 0")
        return int(found)
    if content is Content.SHARE:
        return _share(cell, text)
    if content is Content.TYPE:
        kind = parse_type(text)
        if kind is None:
            raise NoValue(f"«{_cut(text)}» – не тип организации; бывают ДОО, ОО, СПО, ДОД, ДПО, другое")
        return kind
    if content in (Content.STATUS, Content.FLAG):
        flag = parse_flag(text)
        if flag is None:
            raise NoValue(f"«{_cut(text)}» – не «Активна» и не «Не активна»")
        return flag
    if content is Content.DATE:
        day = parse_date(text)
        if day is None:
            raise NoValue(f"«{_cut(text)}» – не дата")
        return pd.Timestamp(day)
    return " ".join(text.split())


def _share(cell: Cell, text: str) -> float:
    if cell.number is not None:
        value, is_percent = cell.number, False
    else:
        found = parse_number(text)
        if found is None:
            raise NoValue(f"«{_cut(text)}» – не доля")
        value, is_percent = found
    if is_percent:
        value /= 100
    elif value > _MOST_SHARE:
        raise NoValue(f"«{_cut(text)}» – доля без знака процента; впишите, например, «45 %»")
    if value < 0:
        raise NoValue(f"«{_cut(text)}» – доля меньше 0")
    return value


def is_answer(cell: Cell) -> bool:
    """Whether the cell says anything: neither empty nor the words for nothing."""
    return bool(cell.text.strip()) and not is_missing(cell.text)


def is_same(cell: Cell, old: Any, field: str) -> bool:
    """Whether the cell is what was sent, whatever a spreadsheet made of its look."""
    if old is None or pd.isna(old):
        return not is_answer(cell)
    content, text = content_of(field), cell.text.strip()
    if content is Content.ID and cell.number is not None:  # «000123» typed over by the program as 123
        return str(old).strip().lstrip("0") == text.lstrip("0")
    if content in (Content.TEXT, Content.ID):
        return _words(text) == _words(str(old))
    try:
        value = parsed(cell, field)
    except NoValue:
        return False
    if content in NUMBERS:
        return abs(float(value) - float(old)) <= _SAME * max(1.0, abs(float(old)))
    return bool(value == old)


def _words(text: str) -> str:
    """Text as compared: what a cell cannot hold and doubled spaces are no change."""
    clean = "".join(sign for sign in text[:_COMPARED] if sign.isprintable() or sign.isspace())
    return " ".join(clean.split())


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:60].rstrip() + "…"
