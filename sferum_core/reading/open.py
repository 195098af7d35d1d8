"""Bytes of a file from outside -> raw grids: the guard looks first, a limited child process parses."""

from __future__ import annotations

import hashlib
import json
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, Any

import numpy as np

from sferum_core.model import Finding, Limits, Severity, UnreadableFile
from sferum_core.reading.guard import Guarded, inspect
from sferum_core.reading.rawbook import NUMBER, TEXT, OpenedFile, RawBook, RawColumn, RawSheet
from sferum_core.reading.refusals import REFUSALS, refuse
from sferum_core.reading.zipdir import inflate

CHILDREN_AT_ONCE = 2
_SLOTS = threading.BoundedSemaphore(CHILDREN_AT_ONCE)
_CHILD = Path(__file__).with_name("child.py")
_WAIT_FACTOR = 2  # a place is waited for twice as long as one file may take
_ANSWER_BYTES = 64 << 20
_CPU_SIGNAL, _KILL_SIGNAL = -24, -9
_KEEP_FROM_ENVIRONMENT = ("SYSTEMROOT", "WINDIR")  # without them Python doesn't start on Windows
_GUESSED_NAMES = {"cp866": "DOS (cp866)", "koi8-r": "КОИ-8 (koi8-r)"}


def open_file(content: bytes, filename: str, limits: Limits | None = None) -> OpenedFile:
    """Raw grids of a workbook, of a text file or of every table in a zip.

    Raises UnreadableFile (and nothing else) when nothing at all can be read. Members of an archive that
    cannot be read are named in `refused` beside the good ones.
    """
    limits = limits or Limits()
    guarded = inspect(content, limits)
    sha256 = hashlib.sha256(content).hexdigest()
    if guarded.format != "zip":
        deadline = time.monotonic() + limits.wall_seconds * (1 + _WAIT_FACTOR)
        book = _read(content, filename, guarded, limits, deadline)
        return OpenedFile([book], [], sha256, guarded.format)
    books, refused = _open_archive(content, guarded, limits)
    if not books:
        codes = {error.code for _, error in refused}
        if len(codes) == 1:
            raise refused[0][1]
        raise refuse("zip_nothing_readable")
    return OpenedFile(books, refused, sha256, "zip")


def _open_archive(
    content: bytes, guarded: Guarded, limits: Limits
) -> tuple[list[RawBook], list[tuple[str, UnreadableFile]]]:
    """Every member read under what the members before it left of the limits."""
    assert guarded.directory is not None
    if len(guarded.directory.entries) > limits.sheets:
        raise refuse("zip_too_many_files", limit=limits.sheets)
    books: list[RawBook] = []
    refused: list[tuple[str, UnreadableFile]] = []
    cells_left = limits.cells
    deadline = time.monotonic() + limits.wall_seconds * (1 + _WAIT_FACTOR)
    for name, info in guarded.directory.entries.items():
        try:
            member = inflate(content, info, limits.file_bytes)
            inner = inspect(member, limits)
            if inner.format == "zip":
                raise refuse("zip_nested")
            if cells_left <= 0:
                raise refuse("too_many_cells", limit=limits.cells)
            book = _read(member, name, inner, limits.model_copy(update={"cells": cells_left}), deadline)
        except UnreadableFile as error:
            refused.append((name, error))
            continue
        cells_left -= sum(sheet.n_rows * len(sheet.columns) for sheet in book.sheets)
        books.append(book)
    return books, refused


def _read(content: bytes, filename: str, guarded: Guarded, limits: Limits, deadline: float) -> RawBook:
    with tempfile.TemporaryDirectory(prefix="sferum-read-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        file = f"file.{'xlsx' if guarded.format == 'xlsm' else guarded.format}"
        task = {
            "file": file,
            "format": guarded.format,
            "unpacked_bytes": guarded.directory.unpacked_bytes if guarded.directory else 0,
            "limits": limits.model_dump(),
        }
        (folder / file).write_bytes(content)
        (folder / "task.json").write_text(json.dumps(task), encoding="ascii")
        run_child(folder, limits, deadline)
        return _collect(folder, filename, guarded.format, limits)


def run_child(folder: Path, limits: Limits, deadline: float, script: Path | None = None) -> None:
    """Run `script FOLDER` (the reader by default) as a limited process of its own. UnreadableFile when it is stopped or fails."""
    if not _SLOTS.acquire(timeout=max(0.0, deadline - time.monotonic())):
        raise refuse("busy")
    try:
        environment = {key: os.environ[key] for key in _KEEP_FROM_ENVIRONMENT if key in os.environ}
        try:
            child = subprocess.Popen(
                [sys.executable, "-I", "-B", str(script or _CHILD), str(folder)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=environment,
                close_fds=True,
            )
        except OSError:
            raise refuse("reader_failed") from None
        try:
            code = _wait(child, max(0.01, min(limits.wall_seconds, deadline - time.monotonic())))
        except subprocess.TimeoutExpired:
            raise refuse("too_slow") from None
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
    finally:
        _SLOTS.release()
    if code in (_CPU_SIGNAL, _KILL_SIGNAL):
        raise refuse("too_slow")
    if code != 0:
        raise refuse("too_demanding")


def _wait(child: subprocess.Popen[bytes], seconds: float) -> int:
    """The child's exit code as soon as it ends; `Popen.wait` with a time-out looks only every 50 ms."""
    started = time.monotonic()
    try:
        handle = os.pidfd_open(child.pid)
    except (AttributeError, OSError):  # not on Linux, or an old kernel, or no descriptor left
        return child.wait(timeout=seconds)
    try:
        poll = select.poll()  # `select.select` fails on descriptors from 1024 on, which a busy server has
        poll.register(handle, select.POLLIN)
        poll.poll(seconds * 1000)
    finally:
        os.close(handle)
    return child.wait(timeout=max(0.01, seconds - (time.monotonic() - started)))


def _collect(folder: Path, filename: str, file_format: str, limits: Limits) -> RawBook:
    """The child's answer, every length and code checked before it is believed."""
    try:
        answer_path = folder / "answer.json"
        if answer_path.stat().st_size > _ANSWER_BYTES:
            raise ValueError("answer too long")
        answer = json.loads(answer_path.read_bytes())
        if "refused" in answer:
            code = answer["refused"]
            raise refuse(code if code in REFUSALS else "reader_failed", **answer.get("values", {}))
        with (folder / "cells.bin").open("rb") as cells:
            sheets = [_sheet(described, cells, limits) for described in answer["sheets"]]
            if cells.read(1):
                raise ValueError("more cells than described")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise refuse("reader_failed") from None
    if not any(sheet.n_rows for sheet in sheets):
        raise refuse("empty_table")
    encoding = answer.get("encoding")
    findings = [_guessed(encoding)] if answer.get("guessed") else []
    return RawBook(filename, file_format, encoding, answer.get("delimiter"), sheets, findings)


def _guessed(encoding: str) -> Finding:
    return Finding(
        code="encoding_guessed",
        severity=Severity.NOTE,
        message=f"Кодировка файла определена по буквам: {_GUESSED_NAMES.get(encoding, encoding)}.",
        advice="Проверьте, что названия читаются; если нет – сохраните таблицу как .xlsx.",
    )


def _sheet(described: dict[str, Any], cells: IO[bytes], limits: Limits) -> RawSheet:
    rows = int(described["n_rows"])
    if not 0 <= rows <= limits.rows or len(described["columns"]) > limits.columns:
        raise ValueError("sheet out of bounds")
    return RawSheet(
        name=str(described["name"]),
        hidden=bool(described["hidden"]),
        n_rows=rows,
        columns=[_column(column, rows, cells, limits) for column in described["columns"]],
        merged=[(int(a), int(b), int(c), int(d)) for a, b, c, d in described["merged"]],
        hidden_rows=int(described.get("hidden_rows", 0)),
        hidden_columns=int(described.get("hidden_columns", 0)),
        error_cells=int(described.get("error_cells", 0)),
        formulas_without_value=int(described.get("formulas_without_value", 0)),
        date1904=bool(described.get("date1904", False)),
        ragged_rows=int(described.get("ragged_rows", 0)),
    )


def _column(described: dict[str, int], rows: int, cells: IO[bytes], limits: Limits) -> RawColumn:
    kinds = np.frombuffer(_exactly(cells, rows), dtype=np.uint8).copy()
    if rows and kinds.max() > 5:
        raise ValueError("unknown kind of cell")
    numbers, codes = np.full(rows, np.nan), np.full(rows, -1, dtype=np.int32)
    if described["numbers"]:
        numbers = np.frombuffer(_exactly(cells, rows * 8), dtype=np.float64)
    if described["codes"]:
        codes = np.frombuffer(_exactly(cells, rows * 4), dtype=np.int32)
    texts: list[str] = []
    if described["texts"]:
        if described["text_bytes"] > limits.total_bytes:
            raise ValueError("texts too long")
        texts = json.loads(_exactly(cells, described["text_bytes"]).decode("utf-8", "surrogatepass"))
    if len(texts) != described["texts"] or not all(type(text) is str for text in texts):
        raise ValueError("texts don't match")
    if rows and not (codes.min() >= -1 and codes.max() < len(texts)):
        raise ValueError("code out of range")
    endless = (kinds == NUMBER) & ~np.isfinite(numbers)
    if endless.any():
        numbers, codes, texts = _endless_to_text(kinds, numbers, codes, texts, endless)
    return RawColumn(kinds, numbers, codes, texts)


def _endless_to_text(
    kinds: np.ndarray, numbers: np.ndarray, codes: np.ndarray, texts: list[str], endless: np.ndarray
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """NaN and infinity are no numbers a table may hold: they come as the text that stood in the cell."""
    numbers, codes, texts = numbers.copy(), codes.copy(), list(texts)
    for row in np.flatnonzero(endless):
        text = str(numbers[row])
        if text not in texts[-3:]:
            texts.append(text)
        codes[row] = len(texts) - 1 - texts[::-1].index(text)
    kinds[endless] = TEXT
    numbers[endless] = np.nan
    return numbers, codes, texts


def _exactly(cells: IO[bytes], size: int) -> bytes:
    block = cells.read(size)
    if size < 0 or len(block) != size:
        raise ValueError("fewer cells than described")
    return block
