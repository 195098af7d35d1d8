"""Bytes of a file from outside -> raw grids: the guard looks first, a limited child process parses."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from sferum_core.model import Limits, UnreadableFile
from sferum_core.reading.answer import collect
from sferum_core.reading.guard import Guarded, inspect
from sferum_core.reading.rawbook import OpenedFile, RawBook
from sferum_core.reading.refusals import refuse
from sferum_core.reading.zipdir import inflate

CHILDREN_AT_ONCE = 2
_SLOTS = threading.BoundedSemaphore(CHILDREN_AT_ONCE)
_LAUNCHER = Path(__file__).with_name("launch.py")
_READER = "sferum_core.reading.child"
_WAIT_FACTOR = 2  # a place is waited for twice as long as one upload may take
_CPU_SIGNAL, _KILL_SIGNAL, _ALARM_SIGNAL = -24, -9, -14
_KEEP_FROM_ENVIRONMENT = ("SYSTEMROOT", "WINDIR")  # without them Python doesn't start on Windows
_PREFIX = "sferum-read-"
_LEFT_OVER_SECONDS = 3600  # no reading takes so long
_SWEEPING = threading.Lock()
_SWEPT: set[str] = set()


def open_file(content: bytes, filename: str, limits: Limits | None = None) -> OpenedFile:
    """Raw grids of a workbook, of a text file or of every table in a zip.

    Raises UnreadableFile (and nothing else) when nothing at all can be read. Members of an archive that
    cannot be read are named in `refused` beside the good ones.
    """
    limits = limits or Limits()
    guarded = inspect(content, limits)
    sha256 = hashlib.sha256(content).hexdigest()
    with _Place(limits) as place:
        if guarded.format != "zip":
            return OpenedFile([_read(content, filename, guarded, limits, place)], [], sha256, guarded.format)
        books, refused = _open_archive(content, guarded, limits, place)
    if not books:
        codes = {error.code for _, error in refused}
        if len(codes) == 1:
            raise refused[0][1]
        raise refuse("zip_nothing_readable")
    return OpenedFile(books, refused, sha256, "zip")


class _Place:
    """One of the places for uploads that are read at the same time, held for all files of an archive.

    Waiting for it costs nothing of the time that reading may take.
    """

    def __init__(self, limits: Limits) -> None:
        self.wall_seconds = limits.wall_seconds
        self.ends = 0.0

    def __enter__(self) -> _Place:
        if not _SLOTS.acquire(timeout=self.wall_seconds * _WAIT_FACTOR):
            raise refuse("busy")
        self.ends = time.monotonic() + self.wall_seconds
        return self

    def __exit__(self, *_: object) -> None:
        _SLOTS.release()

    def seconds_left(self) -> float:
        """What is left of the wall clock. Raises UnreadableFile when nothing is."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise refuse("too_slow")
        return left


def _open_archive(
    content: bytes, guarded: Guarded, limits: Limits, place: _Place
) -> tuple[list[RawBook], list[tuple[str, UnreadableFile]]]:
    """Every member read under what the members before it left of the limits."""
    assert guarded.directory is not None
    if len(guarded.directory.entries) > limits.sheets:
        raise refuse("zip_too_many_files", limit=limits.sheets)
    books: list[RawBook] = []
    refused: list[tuple[str, UnreadableFile]] = []
    cells_left, text_left = limits.cells, limits.text_bytes
    for name, info in guarded.directory.entries.items():
        try:
            place.seconds_left()
            member = inflate(content, info, limits.file_bytes)
            inner = inspect(member, limits)
            if inner.format == "zip":
                raise refuse("zip_nested")
            if cells_left <= 0:
                raise refuse("too_many_cells", limit=limits.cells)
            left = limits.model_copy(update={"cells": cells_left, "text_bytes": text_left})
            book = _read(member, name, inner, left, place)
        except UnreadableFile as error:
            refused.append((name, error))
            continue
        cells_left -= sum(sheet.n_rows * len(sheet.columns) for sheet in book.sheets)
        text_left -= book.text_bytes
        books.append(book)
    return books, refused


def _read(content: bytes, filename: str, guarded: Guarded, limits: Limits, place: _Place) -> RawBook:
    try:
        _sweep()
        with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
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
            _run_child(_READER, folder, place.seconds_left())
            return collect(folder, filename, guarded.format, limits)
    except OSError:  # no room on the disk, no descriptor left, no process to be had
        raise refuse("reader_failed") from None


@contextlib.contextmanager
def in_turn(limits: Limits) -> Iterator[None]:
    """One of the places for files read at the same time, for a file that another process reads. UnreadableFile: none is free."""
    with _Place(limits):
        yield


def run_limited(module: str, folder: Path, limits: Limits) -> None:
    """Run MODULE's `main(FOLDER)` as a limited process, in its turn. UnreadableFile when it is stopped or fails."""
    with _Place(limits) as place:
        try:
            _run_child(module, folder, place.seconds_left())
        except OSError:
            raise refuse("reader_failed") from None


def _run_child(module: str, folder: Path, seconds: float) -> None:
    environment = {key: os.environ[key] for key in _KEEP_FROM_ENVIRONMENT if key in os.environ}
    child = subprocess.Popen(
        [sys.executable, "-I", "-B", str(_LAUNCHER), module, str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        close_fds=True,
    )
    try:
        code = _wait(child, seconds)
    except subprocess.TimeoutExpired:
        raise refuse("too_slow") from None
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    if code in (_CPU_SIGNAL, _KILL_SIGNAL, _ALARM_SIGNAL):
        raise refuse("too_slow")
    if code != 0:
        raise refuse("too_demanding")


def _sweep() -> None:
    """Remove folders that a server which was killed left behind: people's tables lie in them."""
    with _SWEEPING:
        if tempfile.gettempdir() in _SWEPT:
            return
        _SWEPT.add(tempfile.gettempdir())
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.lstat().st_mtime > _LEFT_OVER_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


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
