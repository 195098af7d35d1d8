"""A workbook of which calamine refuses a whole sheet for one cell, with such cells made plain.

Standard library only: the reading child loads it, after the scan found every part what the directory says.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

_CELL = re.compile(
    rb"""(<(?:\w+:)?c\b[^<>]*?\st=["'])(e|b)(["'][^<>]*>(?:\s*<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>))?\s*<(?:\w+:)?v[^<>]*>)([^<]*)(?=<)"""
)
# What calamine knows: [ECMA-376] 18.18.11 without #GETTING_DATA.
_ERRORS = frozenset((b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!"))
_BOOLEANS = frozenset((b"0", b"1", b"true", b"false", b"TRUE", b"FALSE", b""))


def mend(path: Path) -> bool:
    """Rewrite the workbook's sheets in place: unknown errors («#ДЕЛ/0!») as #VALUE!, odd yes/no as text.

    Whether anything was changed.
    """
    copy = path.with_name("mended.tmp")
    changed = 0
    with (
        zipfile.ZipFile(path) as old,
        zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for info in old.infolist():
            if info.is_dir():
                continue
            content = old.read(info)
            if b"worksheet" in content[:4096]:
                content, times = _CELL.subn(_plain, content)
                changed += times
            new.writestr(info.filename, content)
    if changed:
        copy.replace(path)
    return changed > 0


def _plain(cell: re.Match[bytes]) -> bytes:
    before, kind, middle, value = cell.groups()
    if kind == b"e" and value.strip() not in _ERRORS:
        value = b"#VALUE!"
    elif kind == b"b" and value.strip() not in _BOOLEANS:
        kind = b"str"
    return before + kind + middle + value
