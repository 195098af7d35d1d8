"""The working processes: started when first needed, used again, ended when idle, large or out of hand."""

from __future__ import annotations

import atexit
import contextlib
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sferum_core.model import UnreadableFile
from sferum_core.reading.refusals import REFUSALS
from sferum_ui.work import codec

AT_ONCE = 2  # as many files are read at once
START_SECONDS = 60.0
KEPT_BYTES = 512 << 20  # one that has grown beyond is replaced by a fresh one, which takes 170 MiB
PAUSE_SECONDS = 60.0  # after a process could not be started
PREFIX = "sferum-read-work-"  # swept up with what the reader left behind
ANSWER_BYTES = 1 << 16
_SCRIPT = Path(__file__).with_name("worker.py")
_FROM_ENVIRONMENT = ("SYSTEMROOT", "WINDIR", "TMPDIR", "TEMP", "TMP")
_log = logging.getLogger(__name__)


class NoWorker(Exception):  # noqa: N818 - it is no error: the caller does the work itself
    """No process could be had, or it could not do the task; nothing was done."""


class WorkerDied(Exception):  # noqa: N818
    """The process ended or was ended in the middle of the task; `slow` when it took too long."""

    def __init__(self, *, slow: bool) -> None:
        super().__init__("too slow" if slow else "ended")
        self.slow = slow


class _Worker:
    """One process and the pipes to it."""

    def __init__(self, niceness: int) -> None:
        environment = {name: os.environ[name] for name in _FROM_ENVIRONMENT if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-B", str(_SCRIPT), str(niceness)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            close_fds=True,
            creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0) if niceness else 0,
        )
        self.niceness = niceness

    def wait_until_ready(self) -> None:
        """Raises WorkerDied when it does not start."""
        if self._answer(START_SECONDS).get("is") != "ready":
            raise WorkerDied(slow=False)

    def ask(self, question: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """Its answer. WorkerDied when there is none in time; the process is gone then. BrokenPipeError when it was before."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(question).encode("ascii") + b"\n")
        self.process.stdin.flush()
        return self._answer(seconds)

    def _answer(self, seconds: float) -> dict[str, Any]:
        assert self.process.stdout is not None
        overdue = threading.Event()

        def end() -> None:
            overdue.set()
            self.process.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            line = self.process.stdout.readline(ANSWER_BYTES)
        finally:
            timer.cancel()
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            self.end()
            raise WorkerDied(slow=overdue.is_set())
        return answer

    def end(self) -> None:
        """Stop it, whatever it does."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):  # what was to be written can't be any more
                pipe.close()
        self.process.wait()


class Pool:
    """At most `at_once` processes; who comes when all are busy waits."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()
        self._not_before = 0.0

    def run(
        self,
        task: str,
        *positional: Any,
        niceness: int,
        seconds: float,
        waiting: float,
        most: int,
        **named: Any,
    ) -> Any:
        """What the task gives; at most `most` bytes of tables, within `seconds` after at most `waiting` for a turn.

        Raises the task's UnreadableFile, NoWorker when the caller should do it, WorkerDied when it was tried in vain.
        """
        if not self._places.acquire(timeout=waiting):
            raise NoWorker("busy")
        try:
            with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as name:
                folder = Path(name)
                codec.write(folder, "asked", (positional, named))
                asked = {
                    "task": task,
                    "folder": name,
                    "most": max(most, (folder / "asked.bin").stat().st_size),
                }
                answer = self._ask(asked, niceness, seconds)
                if answer.get("is") == "refused":
                    raise _refusal(answer)
                if answer.get("is") != "done":
                    raise codec.NotUnderstoodError(str(answer.get("error"))[:80])
                return codec.read(folder, "answer", most)
        except (OSError, TypeError, codec.NotUnderstoodError) as error:
            _log.warning("%s could not be handed over: %s", task, error)
            raise NoWorker("not handed over") from error
        finally:
            self._places.release()

    def close(self) -> None:
        """End the processes that are idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    def _ask(self, asked: Mapping[str, Any], niceness: int, seconds: float) -> dict[str, Any]:
        while True:
            worker, is_fresh = self._worker(niceness)
            try:
                answer = worker.ask(asked, seconds)
            except OSError as error:  # it had ended while it was idle
                worker.end()
                if is_fresh:
                    raise NoWorker("ended at once") from error
                continue
            if int(answer.get("memory", 0)) > KEPT_BYTES or answer.get("is") == "failed":
                worker.end()
            else:
                with self._lock:
                    self._idle.append(worker)
            return answer

    def _worker(self, niceness: int) -> tuple[_Worker, bool]:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.process.poll() is None and worker.niceness == niceness:
                    return worker, False
                worker.end()
        if time.monotonic() < self._not_before:
            raise NoWorker("could not be started a moment ago")
        try:
            worker = _Worker(niceness)
            worker.wait_until_ready()
        except (OSError, WorkerDied) as error:
            self._not_before = time.monotonic() + PAUSE_SECONDS
            _log.warning("no working process could be started, large files are read in this one")
            raise NoWorker("does not start") from error
        return worker, True


def _refusal(answer: Mapping[str, Any]) -> UnreadableFile:
    code, message, advice = (answer.get(name) for name in ("code", "message", "advice"))
    if code not in REFUSALS or not isinstance(message, str) or not isinstance(advice, str):
        raise NoWorker("a refusal nobody knows")
    return UnreadableFile(str(code), message, advice)


pool = Pool()
atexit.register(pool.close)
