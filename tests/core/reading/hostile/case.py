"""One file from outside and how reading it must end."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass

from sferum_core.model import Export
from tests.core.reading import files, layouts

GRID = layouts.grid()
ROWS = len(GRID) - 1


@dataclass(frozen=True)
class Case:
    """`refused`: the codes it may be refused with; without any it must be read.

    `rows`: how many rows the main table and what was left out have together. `findings`: codes the reading must
    give, with counts where they matter. `check` gets the export for what else must hold.
    """

    name: str
    make: Callable[[], bytes]
    filename: str = "выгрузка.xlsx"
    refused: tuple[str, ...] = ()
    rows: int = ROWS
    findings: tuple[tuple[str, int | None], ...] = ()
    check: Callable[[Export], None] | None = None

    @property
    def content(self) -> bytes:
        """The file's bytes."""
        return self.make()


def refused(name: str, make: Callable[[], bytes], *codes: str, filename: str = "выгрузка.xlsx") -> Case:
    """A file no row of which may be read."""
    assert codes
    return Case(name, make, filename, codes)


def read(
    name: str,
    make: Callable[[], bytes],
    *findings: str | tuple[str, int | None],
    rows: int = ROWS,
    filename: str = "выгрузка.xlsx",
    check: Callable[[Export], None] | None = None,
) -> Case:
    """A file that is read, with findings that tell what is odd about it."""
    told = tuple((finding, None) if isinstance(finding, str) else finding for finding in findings)
    return Case(name, make, filename, (), rows, told, check)


@functools.cache
def xlsx() -> bytes:
    """An honest export as a workbook; texts stand in the cells, as they are."""
    plain = re.compile(rb"&#(\d+);")
    return files.sheet_xml(
        files.xlsx(GRID), lambda xml: plain.sub(lambda found: chr(int(found[1])).encode(), xml)
    )


@functools.cache
def shared_xlsx() -> bytes:
    """An honest export as Excel writes it: texts stand in the shared strings."""
    return files.shared_xlsx(GRID)


@functools.cache
def ods() -> bytes:
    """An honest export as LibreOffice keeps it."""
    return files.ods(GRID)


@functools.cache
def xls() -> bytes:
    """An honest export of Excel 97–2003."""
    return files.xls(GRID)


@functools.cache
def text() -> str:
    """An honest export as text."""
    return files.csv_text([[str(value).replace('"', "") for value in row] for row in GRID])


def csv() -> bytes:
    """An honest export as csv in UTF-8."""
    return text().encode()
