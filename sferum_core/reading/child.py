"""The reading child: parses one file from outside under its own limits and leaves its cells as plain data.

Run as `python -I child.py FOLDER`. FOLDER holds task.json and the file; the child writes cells.bin and
answer.json. It imports nothing of the product, and no pandas, numpy or pyarrow: they take 30 times longer to
start than Python. The layout of cells.bin: for every sheet, for every column: kinds (1 byte a row), numbers
(8 bytes a row, if any), codes (4 bytes a row, if any), texts (UTF-8 between NUL bytes, if any); answer.json
says which of them are there and how long.
"""

from __future__ import annotations

import datetime as dt
import gc
import importlib.util
import json
import os
import signal
import sys
import threading
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import dropwhile, groupby, islice, repeat
from pathlib import Path
from types import ModuleType
from typing import IO, Any

EMPTY, NUMBER, TEXT, BOOL, DATE, TIME = range(6)
_KIND_OF = {
    float: NUMBER,
    int: NUMBER,
    str: TEXT,
    bool: BOOL,
    dt.date: DATE,
    dt.datetime: DATE,
    dt.time: TIME,
    dt.timedelta: TIME,
}
_ONLY_TEXT, _ONLY_NUMBERS, _ONLY_DATES = {str}, {float}, {dt.date}
_ONE_NUMBER = bytes((NUMBER,))
_NAN = float("nan")
_EXACT = 2**53  # whole numbers up to here are exact as float64
_CHUNK_CELLS = 40_000
_HEAD_ROWS = 16  # titles and headers make columns of mixed kinds, which take longer: in a piece of their own
_MERGED_RANGES = 20_000  # of a whole workbook
_NAME_LETTERS = 255
_PARALLEL_BYTES = 4 << 20  # below this a scan takes less than starting a thread is worth


class Refused(Exception):  # noqa: N818
    """The file must not or cannot be read; `code` is one of `refusals.REFUSALS`."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class _Texts(dict[Any, int]):
    """Numbers texts and dates as they come; blank texts are -1."""

    def __init__(self, cell_characters: int) -> None:
        super().__init__({"": -1})
        self.unique: list[str] = []
        self.cell_characters = cell_characters

    def learn(self, cells: Iterable[Any]) -> None:
        """Give a number to texts and dates that have none yet, at least one."""
        fresh = list(dict.fromkeys(cells))
        texts = [value if isinstance(value, str) else value.isoformat() for value in fresh]
        if max(map(len, texts)) > self.cell_characters:
            raise Refused("cell_too_long", limit=self.cell_characters)
        blank = [text for text in texts if text.isspace()]
        if blank:
            self.update(zip(blank, repeat(-1)))
            fresh = [value for value in fresh if value not in self]
            texts = [text for text in texts if not text.isspace()]
        self.update(zip(fresh, range(len(self.unique), len(self.unique) + len(fresh)), strict=True))
        self.unique += texts

    def __missing__(self, value: Any) -> int:
        self.learn((value,))
        return self[value]


class _Column:
    """One column as it grows. Arrays of numbers and codes begin with the first cell that needs them."""

    __slots__ = ("codes", "kinds", "numbers", "texts")

    def __init__(self, cell_characters: int) -> None:
        self.kinds = bytearray()
        self.numbers: array[float] | None = None
        self.codes: array[int] | None = None
        self.texts = _Texts(cell_characters)

    def extend(self, cells: tuple[Any, ...]) -> None:
        """Take the next cells, which came from calamine or from a text file."""
        types = set(map(type, cells))
        if types == _ONLY_TEXT:
            kinds = self._texts(cells, TEXT)
        elif types == _ONLY_NUMBERS:
            self._numbers(cells)
            kinds = _ONE_NUMBER * len(cells)
        elif types == _ONLY_DATES:
            kinds = self._texts(cells, DATE)
        else:
            kinds = self._mixed(cells)
        self._pad(len(self.kinds) + len(cells))
        self.kinds += kinds

    def skip(self, rows: int) -> None:
        """Take `rows` blank cells."""
        self._pad(len(self.kinds) + rows)
        self.kinds += bytes(rows)

    def _pad(self, rows: int) -> None:
        if self.numbers is not None and len(self.numbers) < rows:
            self.numbers.extend(repeat(_NAN, rows - len(self.numbers)))
        if self.codes is not None and len(self.codes) < rows:
            self.codes.extend(repeat(-1, rows - len(self.codes)))

    def _numbers(self, cells: Iterable[float]) -> None:
        if self.numbers is None:
            self.numbers = array("d", repeat(_NAN, len(self.kinds)))
        self.numbers += array("d", cells)

    def _codes(self, cells: Iterable[int]) -> None:
        if self.codes is None:
            self.codes = array("i", repeat(-1, len(self.kinds)))
        self.codes += array("i", cells)

    def _texts(self, cells: tuple[Any, ...], kind: int) -> bytes:
        texts = self.texts
        codes: list[Any] = list(map(texts.get, cells))
        if None in codes:
            texts.learn(cell for cell, code in zip(cells, codes, strict=True) if code is None)
            codes = [texts[cell] if code is None else code for cell, code in zip(cells, codes, strict=True)]
        if -1 in codes:
            if codes.count(-1) == len(codes):
                return bytes(len(cells))
            kinds = bytes([kind if code >= 0 else EMPTY for code in codes])
        else:
            kinds = bytes((kind,)) * len(cells)
        self._codes(codes)
        return kinds

    def _mixed(self, cells: tuple[Any, ...]) -> bytes:
        kinds = bytes(map(_KIND_OF.__getitem__, map(type, cells)))
        result = bytearray(kinds)
        numbers = array("d", repeat(_NAN, len(cells)))
        codes = array("i", repeat(-1, len(cells)))
        texts = self.texts
        any_number = any_text = False
        for place, cell in enumerate(cells):
            kind = kinds[place]
            if kind == NUMBER:
                if type(cell) is int and not -_EXACT <= cell <= _EXACT:
                    result[place] = TEXT
                    codes[place] = texts[str(cell)]
                    any_text = True
                    continue
                numbers[place] = cell
                any_number = True
            elif kind in (TEXT, DATE):
                code = texts[cell]
                if code < 0:
                    result[place] = EMPTY
                else:
                    codes[place] = code
                    any_text = True
            else:
                numbers[place] = _as_number(cell)
                any_number = True
        if any_number:
            self._numbers(numbers)
        if any_text:
            self._codes(codes)
        return bytes(result)

    def last_row(self) -> int:
        """How many rows there are up to the last cell that holds something."""
        return len(self.kinds.rstrip(b"\0"))

    def write(self, out: IO[bytes], rows: int, text_left: int) -> dict[str, int]:
        """Append the first `rows` rows to cells.bin; what was written, for answer.json.

        Raises Refused when the texts take more than `text_left` bytes.
        """
        out.write(self.kinds[:rows])
        has_numbers = self.numbers is not None
        has_codes = self.codes is not None
        if self.numbers is not None:
            out.write(memoryview(self.numbers)[:rows])
        if self.codes is not None:
            out.write(memoryview(self.codes)[:rows])
        encoded = b""
        if self.texts.unique:
            unique = self.texts.unique
            if sum(map(len, unique)) > text_left:  # before more memory is spent on them
                raise Refused("too_much_text")
            joined = "\0".join(unique)
            if joined.count("\0") >= len(unique):
                joined = "\0".join(text.replace("\0", "\ufffd") for text in unique)
            encoded = joined.encode("utf-8", "replace")
            if len(encoded) > text_left:
                raise Refused("too_much_text")
            out.write(encoded)
        return {
            "numbers": int(has_numbers),
            "codes": int(has_codes),
            "texts": len(self.texts.unique),
            "text_bytes": len(encoded),
        }


def _as_number(cell: bool | dt.time | dt.timedelta) -> float:
    if isinstance(cell, dt.timedelta):
        return cell.total_seconds()
    if isinstance(cell, dt.time):
        return cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6
    return float(cell)


class _Grid:
    """Collects the rows of one sheet as columns."""

    def __init__(self, limits: dict[str, int], first_column: int = 0) -> None:
        self.limits = limits
        self.rows = 0
        self.first_column = first_column
        self.columns: list[_Column] = []
        self._widen(first_column)

    def _widen(self, width: int) -> None:
        while len(self.columns) < width:
            column = _Column(self.limits["cell_characters"])
            column.skip(self.rows)
            self.columns.append(column)

    def add(self, rows: list[list[Any]]) -> None:
        """Take rows of one width."""
        self._widen(self.first_column + len(rows[0]))
        for column, cells in zip(self.columns[self.first_column :], zip(*rows, strict=True), strict=False):
            column.extend(cells)
        self.rows += len(rows)

    def write(self, out: IO[bytes], cells_left: int) -> dict[str, Any]:
        """Cut the blank tails, check what is left against the limits and append it to cells.bin."""
        for column in self.columns:
            column.skip(self.rows - len(column.kinds))
        heights = [column.last_row() for column in self.columns]
        while heights and heights[-1] == 0:
            heights.pop()
        rows = max(heights, default=0)
        if rows > self.limits["rows"]:
            raise Refused("too_many_rows", limit=self.limits["rows"])
        if len(heights) > self.limits["columns"]:
            raise Refused("too_many_columns", limit=self.limits["columns"])
        if rows * len(heights) > cells_left:
            raise Refused("too_many_cells", limit=self.limits["cells"])
        columns = []
        for column in self.columns[: len(heights)]:
            columns.append(column.write(out, rows, self.limits["text_bytes"]))
            self.limits["text_bytes"] -= columns[-1]["text_bytes"]
        return {"n_rows": rows, "columns": columns}


def _load(name: str) -> ModuleType:
    """A neighbouring module of this file, without its package."""
    spec = importlib.util.spec_from_file_location(f"reading_{name}", Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


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
        chosen = [
            (number, sheet)
            for number, sheet in enumerate(
                book.sheets_metadata
            )  # a sheet whose part is missing isn't among them
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        if not chosen:
            told = scanning is None or scanning.result().has_workbook
            raise Refused("no_sheets" if told else "broken_workbook")
        if len(chosen) > limits["sheets"]:
            raise Refused("too_many_sheets", limit=limits["sheets"])
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
        if of_one_cell and _load("mending").mend(path):
            out.seek(0)
            out.truncate()
            return _read_workbook(folder, task, out, mended=True)
        raise Refused(_calamine_code(str(error).lower())) from None
    notes: Any = scanning.result() if scanning else old_notes
    if scanning and notes.sheets > len(book.sheets_metadata):
        raise Refused("broken_workbook")
    if notes:
        for (number, _), answer in zip(chosen, sheets, strict=True):
            answer["date1904"] = notes.date1904
            answer.update(vars(notes.of_sheet(number, answer["name"])))
    return {"sheets": sheets}


def _mended_xls(path: Path) -> Any:
    """What an old workbook says beside its values. Boxes that lie are mended in the file before it is read."""
    ole, biff = _load("ole"), _load("biff")
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
    grid = _Grid(limits, start[1])  # calamine leaves out blank columns on the left, but no rows above
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
        module = _load("scan")  # here, not before: loading it takes as long as starting Python
        try:
            return module.scan(self.path, self.limits["part_bytes"], self.limits["total_bytes"])
        except module.ScanRefused as error:
            raise Refused(error.code, **error.values) from None

    def _run(self) -> None:
        try:
            self.notes = self._scan()
        except BaseException as error:  # a refusal ends the process at once: no row may be read
            _answer(self.folder, _refusal(error))
            os._exit(0)


def _read_text(folder: Path, task: dict[str, Any], out: IO[bytes]) -> dict[str, Any]:
    limits = task["limits"]
    charset, text = _load("charset"), _load("text")
    content = (folder / task["file"]).read_bytes()
    try:
        text.refuse_long_lines(content, limits["line_bytes"])
        decoded = charset.decode(content)
        del content
        delimiter, rows = text.read_rows(
            decoded.text, cell_characters=limits["cell_characters"], line_bytes=limits["line_bytes"]
        )
        grid, ragged = _text_grid(rows, limits)
    except (charset.CharsetRefused, text.TextRefused) as error:
        raise Refused(error.code, **error.values) from None
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


def _text_grid(rows: Iterator[list[str]], limits: dict[str, int]) -> tuple[_Grid, int]:
    """The rows of a text file as a grid, and how many of them have not as many cells as most."""
    grid = _Grid(limits)
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


def _refusal(error: BaseException) -> dict[str, Any]:
    if isinstance(error, Refused):
        return {"refused": error.code, "values": error.values}
    if isinstance(error, MemoryError):
        return {"refused": "too_demanding", "values": {}}
    if "pointer is null" in str(error):  # calamine's way of saying that memory ran out
        return {"refused": "too_demanding", "values": {}}
    if isinstance(error, OSError):  # more output than it may write, no room left on the disk
        return {"refused": "too_demanding", "values": {}}
    # calamine's panics among them: they are BaseException
    return {"refused": "broken_workbook", "values": {}}


def _answer(folder: Path, answer: dict[str, Any]) -> None:
    draft = folder / "answer.tmp"
    draft.write_bytes(json.dumps(answer).encode("ascii"))
    draft.replace(folder / "answer.json")


def _limit_self(limits: dict[str, Any]) -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows, where the parent's clock is the limit
    except ImportError:
        return
    signal.alarm(int(limits["wall_seconds"]) + 5)  # in case the parent is gone
    os.nice(int(limits.get("niceness", 0)))
    output = limits["total_bytes"] + 64 * limits["cells"]
    wanted: Iterable[tuple[int, int]] = (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_FSIZE, output),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    )
    for what, most in wanted:
        _, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))


def main(folder: Path) -> None:
    """Read the file that FOLDER/task.json names and leave an answer, unless the process dies of it."""
    gc.disable()
    task = json.loads((folder / "task.json").read_bytes())
    _limit_self(task["limits"])
    try:
        with (folder / "cells.bin").open("wb") as out:
            answer = (_read_text if task["format"] == "csv" else _read_workbook)(folder, task, out)
    except BaseException as error:
        answer = _refusal(error)
    _answer(folder, answer)
    os._exit(0)  # nothing to tidy up: freeing millions of cells one by one would only take time


if __name__ == "__main__":
    main(Path(sys.argv[1]))
