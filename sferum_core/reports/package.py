"""«Пакет недели»: everything a week needs in one zip, written file by file, so that memory stays small.

`plan` says which files there will be; `write_package` makes and writes them one after another. The parts are
declared in `PARTS`; what other modules make (what changed, сверка) comes in as `Extra`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import IO

from sferum_core.reports.names import unique_path
from sferum_core.reports.package_files import forms, letter_to_heads, wanted_files
from sferum_core.reports.package_parts import PARTS, Extra, Package, Part, PlannedFile

Progress = Callable[[int, int, str], None]
"""Called before each file: files written, files in all, what is being made."""

LETTERS_AT_ONCE = 40  # an office's template is filled in a process of its own, for many letters at a time


def plan(package: Package) -> list[PlannedFile]:
    """Every file of the package in its order, with a path of its own; nothing is made yet."""
    taken: set[str] = set()
    return [replace(file, path=unique_path(file.path, taken)) for file in wanted_files(package)]


def write_package(package: Package, target: IO[bytes], progress: Progress | None = None) -> list[str]:
    """Write the zip into `target` (a file or a spooled one), a file at a time; the paths inside it.

    The same package gives the same bytes. An empty table still gives valid files that say so.
    """
    files = plan(package)
    made = package.meta.generated
    stamp = (max(made.year, 1980), made.month, made.day, made.hour, made.minute, made.second)
    with zipfile.ZipFile(target, "w") as archive:
        for number, (file, content) in enumerate(_made(package, files, progress)):
            packed = zipfile.ZIP_DEFLATED if file.path.endswith((".txt", ".csv")) else zipfile.ZIP_STORED
            archive.writestr(zipfile.ZipInfo(file.path, stamp), content, packed)
            if progress is not None:
                progress(number + 1, len(files), file.path)
    return [file.path for file in files]


def _made(
    package: Package, files: Sequence[PlannedFile], progress: Progress | None
) -> Iterator[tuple[PlannedFile, bytes]]:
    """Each file with its bytes; letters in a row are written together."""
    place = 0
    while place < len(files):
        file = files[place]
        if progress is not None:
            progress(place, len(files), file.path)
        if file.letter is None:
            assert file.build is not None
            yield file, file.build()
            place += 1
            continue
        letters = []
        for other in files[place : place + LETTERS_AT_ONCE]:
            if other.letter is None:
                break
            letters.append(other.letter())
        yield from zip(files[place:], package.write_letters(letters), strict=False)
        place += len(letters)


__all__ = [
    "PARTS",
    "Extra",
    "Package",
    "Part",
    "PlannedFile",
    "forms",
    "letter_to_heads",
    "plan",
    "write_package",
]
