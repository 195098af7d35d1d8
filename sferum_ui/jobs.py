"""Long work beside the pages: one file is made at a time on the server, its maker sees how far it is."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Callable, Hashable
from typing import IO

Report = Callable[[int, int, str], None]
Make = Callable[[IO[bytes], Report], object]

IN_MEMORY = 4 << 20  # bytes; a larger result waits on the disk
_one_at_a_time = threading.BoundedSemaphore(1)


class Job:
    """One file in the making. `of` says what it was made of, so that a page knows when it is out of date.

    A result of more than `in_memory` bytes waits on the disk; 0 keeps any in memory, for files that name people.
    """

    def __init__(self, of: Hashable, make: Make, *, in_memory: int = IN_MEMORY) -> None:
        self.of = of
        self._in_memory = in_memory
        self.written, self.total, self.label = 0, 0, ""
        self.waiting = True
        self.failed = False
        self._result: IO[bytes] | None = None
        self._make = make
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="sferum-job", daemon=True)
        self._thread.start()

    @property
    def is_ready(self) -> bool:
        """Whether the file is there."""
        return self._result is not None

    @property
    def is_running(self) -> bool:
        """Whether the work goes on or waits for its turn."""
        return not self.failed and self._result is None

    @property
    def fraction(self) -> float:
        """How much is done, 0–1."""
        return self.written / self.total if self.total else 0.0

    def content(self) -> bytes:
        """The file's bytes. ValueError before it is ready."""
        if self._result is None:
            raise ValueError("not ready")
        with self._lock:
            self._result.seek(0)
            return self._result.read()

    def wait(self, seconds: float | None = None) -> None:
        """Until the work has ended."""
        self._thread.join(seconds)

    def _report(self, written: int, total: int, label: str) -> None:
        self.written, self.total, self.label = written, total, label

    def _run(self) -> None:
        target: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=self._in_memory)  # type: ignore[assignment]  # noqa: SIM115
        try:
            with _one_at_a_time:
                self.waiting = False
                self._make(target, self._report)
        except Exception:
            logging.getLogger(__name__).exception("a file could not be made")
            target.close()
            self.failed = True
        else:
            self._result = target
