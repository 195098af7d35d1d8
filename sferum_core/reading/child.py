"""The reading child: parses one file from outside under its own limits and leaves its cells as plain data.

Started by `launch` as `sferum_core.reading.child FOLDER`. FOLDER holds task.json and the file; the child leaves
cells.bin (laid out by `grid`) and answer.json. It imports the standard library, calamine and a few
neighbours that do the same: pandas, numpy and pyarrow take 30 times longer to start than Python.
"""

from __future__ import annotations

import gc
import os
import threading
from collections import Counter
from collections.abc import Iterator
from itertools import dropwhile, groupby, islice
from pathlib import Path
from typing import IO, Any

from sferum_core.reading.grid import Grid
from sferum_core.reading.process import Refused, leave_answer, refusal, run

_CHUNK_CELLS = 40_000
_HEAD_ROWS = 16  # titles and headers make columns of mixed kinds, which take longer: in a piece of their own
_MERGED_RANGES = 20_000  # of a whole workbook
_NAME_LETTERS = 255
_PARALLEL_BYTES = 4 << 20  # below this a scan takes less than starting a thread is worth


def _read_workbook(
    folder: Path, task: dict[str, Any], out: IO[bytes], *, mended: bool = False
) -> dict[str, Any]:
    import python_calamine  # noqa: PLC0415 - text files do without

    limits = dict(task["limits"])
    path = folder / task["file"]
    scanning = _Scan(folder, path, limits) if task["format"] in ("xlsx", "xlsm", "xlsb", "ods") else None
    if scanning:
        scanning.start(in_background=task["unpacked_bytes"] > _PARALLEL_BYTES)
    old_notes = _mended_xls(path) if task["format"] == "xls" else None
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        chosen = [  # a sheet whose part is missing isn't among them
            (number, sheet)
            for number, sheet in enumerate(book.sheets_metadata)
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        if not chosen:
            told = scanning is None or scanning.result().has_workbook
            raise Refused("no_sheets" if told else "broken_workbook")
        if len(chosen) > limits["sheets"]:
            raise Refused("too_many_sheets", limit=limits["sheets"])
        if len({sheet.name for _, sheet in chosen}) < len(
            chosen
        ):  # calamine gives the first for each of them
            raise Refused("broken_workbook")
        sheets = []
        cells_left, merges_left = limits["cells"], _MERGED_RANGES
        for number, metadata in chosen:
            sheet = book.get_sheet_by_index(number)
            answer = _read_sheet(sheet, limits, out, cells_left, merges_left)
            cells_left -= answer["n_rows"] * len(answer["columns"])
            answer["name"] = metadata.name[:_NAME_LETTERS]
            merges_left -= len(answer["merged"])
            answer["hidden"] = metadata.visible != python_calamine.SheetVisibleEnum.Visible
            sheets.append(answer)
    except python_calamine.PasswordError:
        raise Refused("password") from None
    except python_calamine.CalamineError as error:
        of_one_cell = task["format"] in ("xlsx", "xlsm") and not mended and scanning and scanning.result()
        if of_one_cell and _mended_xlsx(path):
            out.seek(0)
            out.truncate()
            return _read_workbook(folder, task, out, mended=True)
        raise Refused(_calamine_code(str(error).lower())) from None
    notes: Any = scanning.result() if scanning else old_notes
    if scanning and (notes.parts_shared or notes.sheets > len(book.sheets_metadata)):
        raise Refused("broken_workbook")
    if notes:
        for (number, _), answer in zip(chosen, sheets, strict=True):
            answer["date1904"] = notes.date1904
            answer.update(vars(notes.of_sheet(number, answer["name"])))
    return {"sheets": sheets}


def _mended_xlsx(path: Path) -> bool:
    from sferum_core.reading.mending import mend  # noqa: PLC0415 - rarely needed

    return mend(path)


def _mended_xls(path: Path) -> Any:
    """What an old workbook says beside its values. Boxes that lie are mended in the file before it is read."""
    from sferum_core.reading import biff, ole  # noqa: PLC0415 - other formats do without

    package = path.read_bytes()
    try:
        stream = ole.OleFile(package).workbook()
    except ole.BrokenOle:
        raise Refused("broken_workbook") from None
    notes = biff.scan(stream.content)
    if notes.boxes:
        with path.open("r+b") as mended:
            for place, box in notes.boxes:
                for offset, byte in enumerate(box):
                    mended.seek(stream.place_of(place + offset))
                    mended.write(bytes((byte,)))
    return notes


def _calamine_code(message: str) -> str:
    if "cell limit" in message:
        return "too_demanding"
    return "password" if "password" in message else "broken_workbook"


def _read_sheet(
    sheet: Any, limits: dict[str, int], out: IO[bytes], cells_left: int, merges_left: int
) -> dict[str, Any]:
    start, end = sheet.start, sheet.end
    merged = [(*first, *last) for first, last in (sheet.merged_cell_ranges or ())][:merges_left]
    if start is None or end is None:
        return {"n_rows": 0, "columns": [], "merged": []}
    height, width = end[0] + 1, end[1] + 1
    # Blank tails are cut later, so the box may be larger than the limit, but not without bound.
    if height > 8 * limits["rows"] or height * width > 4 * limits["cells"]:
        if height > limits["rows"]:
            raise Refused("too_many_rows", limit=limits["rows"])
        if width > limits["columns"]:
            raise Refused("too_many_columns", limit=limits["columns"])
        raise Refused("too_many_cells", limit=limits["cells"])
    grid = Grid(limits, start[1])  # calamine leaves out blank columns on the left, but no rows above
    rows: Iterator[list[Any]] = sheet.iter_rows()
    step = max(1, _CHUNK_CELLS // (width - start[1]))
    chunk = list(islice(rows, min(step, _HEAD_ROWS)))
    while chunk:
        grid.add(chunk)
        chunk = list(islice(rows, step))
    return {**grid.write(out, cells_left), "merged": merged}


class _Scan:
    """The scan of a zipped workbook; for large files beside calamine (both leave the interpreter's lock)."""

    def __init__(self, folder: Path, path: Path, limits: dict[str, int]) -> None:
        self.folder, self.path, self.limits = folder, path, limits
        self.notes: Any = None
        self.thread: threading.Thread | None = None

    def start(self, *, in_background: bool) -> None:
        """Scan now, or begin to."""
        if in_background:
            self.thread = threading.Thread(target=self._run)
            self.thread.start()
        else:
            self.notes = self._scan()

    def result(self) -> Any:
        """The notes, waited for."""
        if self.thread:
            self.thread.join()
        return self.notes

    def _scan(self) -> Any:
        from sferum_core.reading.scan import scan  # noqa: PLC0415 - importing it takes as long as starting Python

        return scan(self.path, self.limits["part_bytes"], self.limits["total_bytes"])

    def _run(self) -> None:
        try:
            self.notes = self._scan()
        except BaseException as error:  # a refusal ends the process at once: no row may be read
            leave_answer(self.folder, refusal(error, _code_of))
            os._exit(0)


def _read_text(folder: Path, task: dict[str, Any], out: IO[bytes]) -> dict[str, Any]:
    from sferum_core.reading import charset, text  # noqa: PLC0415 - workbooks do without

    limits = task["limits"]
    content = (folder / task["file"]).read_bytes()
    text.refuse_long_lines(content, limits["line_bytes"])
    decoded = charset.decode(content)
    del content
    delimiter, rows = text.read_rows(
        decoded.text, cell_characters=limits["cell_characters"], line_bytes=limits["line_bytes"]
    )
    grid, ragged = _text_grid(rows, limits)
    sheet = {
        **grid.write(out, limits["cells"]),
        "name": "",
        "hidden": False,
        "merged": [],
        "ragged_rows": ragged,
    }
    return {
        "sheets": [sheet],
        "encoding": decoded.encoding,
        "delimiter": delimiter,
    }


def _text_grid(rows: Iterator[list[str]], limits: dict[str, int]) -> tuple[Grid, int]:
    """The rows of a text file as a grid, and how many of them have not as many cells as most."""
    grid = Grid(limits)
    widths: list[tuple[int, int]] = []
    while chunk := list(islice(rows, 4096)):
        lengths = Counter(map(len, chunk))
        width = max(lengths)
        widths += ((width, len(list(same))) for width, same in groupby(map(len, chunk)))
        if width > limits["columns"]:
            width = max(
                (
                    len(row)
                    for row in chunk
                    if any(cell and not cell.isspace() for cell in row[limits["columns"] :])
                ),
                default=0,
            )
            if width:
                raise Refused("too_many_columns", limit=limits["columns"])
            width = limits["columns"]
            chunk = [row[:width] for row in chunk]
        full = max(width, len(grid.columns), 1)
        if len(lengths) > 1 or full > width:
            chunk = [row if len(row) == full else row + [""] * (full - len(row)) for row in chunk]
        grid.add(chunk)
        if grid.rows > limits["rows"]:
            raise Refused("too_many_rows", limit=limits["rows"])
        if grid.rows * full > 4 * limits["cells"]:
            raise Refused("too_many_cells", limit=limits["cells"])
    return grid, _ragged(widths)


def _ragged(widths: list[tuple[int, int]]) -> int:
    """How many rows have not as many cells as most, of runs of (cells, rows); blank lines don't count.

    Neither do titles over the table, which are shorter, nor notes of one cell under it.
    """
    counts: Counter[int] = Counter()
    for width, rows in widths:
        counts[width] += rows
    del counts[0], counts[1]  # a line of one cell is a title or a note, however many there are
    usual = max(counts, key=counts.__getitem__, default=1)
    table = list(dropwhile(lambda run: run[0] < usual, widths))
    while table and table[-1][0] <= 1 < usual:
        table.pop()
    return sum(rows for width, rows in table if width not in (0, usual))


def _read(folder: Path, task: dict[str, Any]) -> dict[str, Any]:
    gc.disable()
    with (folder / "cells.bin").open("wb") as out:
        return (_read_text if task["format"] == "csv" else _read_workbook)(folder, task, out)


def _code_of(error: BaseException) -> str:
    if "pointer is null" in str(error):  # calamine's way of saying that memory ran out
        return "too_demanding"
    if isinstance(error, OSError):  # more output than it may write, no room left on the disk
        return "too_demanding"
    return "broken_workbook"


def main(folder: Path) -> None:
    """Read the file that FOLDER/task.json names and leave an answer, unless the process dies of it."""
    run(folder, _read, _code_of)
