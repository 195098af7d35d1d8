"""Names that Windows and Excel accept: of files, of sheets, of tables."""

from __future__ import annotations

import datetime as dt
import re

FILE_NAME_CHARACTERS = 150
FOLDER_NAME_CHARACTERS = 60
SHEET_NAME_CHARACTERS = 31

_FORBIDDEN_IN_FILES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+')
_FORBIDDEN_IN_SHEETS = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]+")
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])$")


def file_name(*parts: str, date: dt.date | None = None, ending: str = "xlsx") -> str:
    """«Приложение 1. ДОО не активные. 2024-04-04.xlsx»: parts joined by a full stop, safe for Windows."""
    clean = [re.sub(r"\s+", " ", _FORBIDDEN_IN_FILES.sub(" ", part)).strip(" .") for part in parts]
    stem = ". ".join(part for part in clean if part) or "Отчёт"
    if _RESERVED.match(stem.split(".")[0].strip()):
        stem = f"Отчёт {stem}"
    tail = f". {date:%Y-%m-%d}" if date else ""
    stem = stem[: FILE_NAME_CHARACTERS - len(tail) - len(ending) - 1].rstrip(" .")
    return f"{stem}{tail}.{ending}"


def folder_name(text: str) -> str:
    """A name of a folder, safe for Windows, at most `FOLDER_NAME_CHARACTERS` long."""
    clean = re.sub(r"\s+", " ", _FORBIDDEN_IN_FILES.sub(" ", text)).strip(" .")
    clean = clean[:FOLDER_NAME_CHARACTERS].rstrip(" .") or "Без названия"
    return f"{clean} (папка)" if _RESERVED.match(clean.split(".")[0].strip()) else clean


def unique_path(path: str, taken: set[str]) -> str:
    """`path`, or the same with « (2)» before its ending when `taken` has it already without regard to case.

    What is returned is added to `taken`.
    """
    stem, dot, ending = path.rpartition(".")
    found, repeat = path, 2
    while found.casefold() in taken:
        found = f"{stem} ({repeat}){dot}{ending}"
        repeat += 1
    taken.add(found.casefold())
    return found


def _cut(text: str, units: int) -> str:
    """The longest beginning of `text` that takes at most `units` UTF-16 units, as Excel counts."""
    while len(text.encode("utf-16-le", "replace")) // 2 > units:
        text = text[:-1]
    return text


def sheet_names(wanted: list[str]) -> list[str]:
    """Legal names for sheets, unique without regard to case, in the order given."""
    taken: set[str] = set()
    names = []
    for number, text in enumerate(wanted, 1):
        clean = re.sub(r"\s+", " ", _FORBIDDEN_IN_SHEETS.sub(" ", text)).strip(" '")
        if clean.casefold() in ("", "history"):
            clean = f"{clean or 'Лист'} {number}"
        name = _cut(clean, SHEET_NAME_CHARACTERS).strip(" '")
        repeat = 2
        while name.casefold() in taken:
            tail = f" ({repeat})"
            name = _cut(clean, SHEET_NAME_CHARACTERS - len(tail)).strip(" '") + tail
            repeat += 1
        taken.add(name.casefold())
        names.append(name)
    return names
