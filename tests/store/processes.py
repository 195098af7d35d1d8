"""Processes that save at the same time, start at the same time, or are killed while saving: run by the tests.

    python -m tests.store.processes killed URL KILLS SEED     a line of JSON: what was acknowledged, where it was killed
    python -m tests.store.processes together URL PROCESSES    all open an empty database at once
    python -m tests.store.processes crowd URL PROCESSES       each saves and reads in four threads

One process loads everything and forks the others: fifty starts of a bare Python would take minutes.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from sferum_core.model import Period
from sferum_store import open_store
from sferum_store.migrate import newest_revision
from tests.store.samples import PROFILE, REGION, week

FIRST = dt.date(2020, 1, 2)
BASE = week(count=40)
ORIGINAL_BYTES = 300_000
THREADS = 4
EACH = 3


def original(number: int) -> bytes:
    """The file of a week: what must come back whole."""
    return random.Random(number).randbytes(ORIGINAL_BYTES)


def numbered(number: int):
    """A week of its own for every number."""
    end = FIRST + dt.timedelta(weeks=number)
    source = BASE.source.model_copy(update={"sha256": f"{number:064x}", "filename": f"{number}.xlsx"})
    return replace(BASE, period=Period(start=end - dt.timedelta(days=6), end=end), source=source)


def fork(work: Callable[[], None]) -> int:
    """A child that does the work and ends without Python's clean-up; its PID."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
    os._exit(code)


def finished(pids: list[int]) -> bool:
    """Whether every child ended well."""
    return all(os.waitpid(pid, 0)[1] == 0 for pid in pids)


def killed(url: str, kills: int, seed: int) -> None:
    """Children that save without end, each killed at a random moment of a save."""
    chance = random.Random(seed)
    acknowledged: list[str] = []
    begun = interrupted = 0
    newest_revision()  # children have it at hand
    usual = 0.05
    for kill in range(kills):
        reading, writing = os.pipe()

        def save_without_end(writing: int = writing, kill: int = kill) -> None:
            store = open_store(url)
            for count in range(1000):
                number = kill * 1000 + count
                export, content = numbered(number), original(number)
                os.write(writing, b"?")
                saved = store.weeks.save(export, region=REGION, profile=PROFILE, original=content)
                os.write(writing, f"!{saved.week.id}\n".encode())

        pid = fork(save_without_end)
        os.close(writing)
        with os.fdopen(reading, "rb", buffering=0) as pipe:
            seen = pipe.read(1)
            started = time.monotonic()
            for _ in range(chance.randrange(2)):  # let one save end first, or none
                seen += read_until(pipe, b"?")
                usual = max(0.01, time.monotonic() - started)
                started = time.monotonic()
            time.sleep(chance.uniform(0, usual * 1.1))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            seen += pipe.read() or b""
        begun += seen.count(b"?")
        interrupted += seen.endswith(b"?")
        acknowledged += [part.split(b"\n")[0].decode() for part in seen.split(b"!")[1:] if b"\n" in part]
    print(json.dumps({"acknowledged": acknowledged, "begun": begun, "interrupted": interrupted}))


def read_until(pipe, mark: bytes) -> bytes:
    """Bytes up to the mark, the mark included."""
    found = b""
    while not found.endswith(mark):
        byte = pipe.read(1)
        if not byte:
            raise RuntimeError("the child ended by itself")
        found += byte
    return found


def together(url: str, processes: int) -> None:
    """All processes open the database at one moment."""
    moment = time.monotonic() + 0.5

    def start() -> None:
        time.sleep(max(0.0, moment - time.monotonic()))
        store = open_store(url)
        assert store.weeks.find() == []

    print(json.dumps({"well": finished([fork(start) for _ in range(processes)])}))


def crowd(url: str, processes: int) -> None:
    """Every thread saves versions of one and the same week and weeks of its own, and reads all the while."""

    def work(process: int) -> None:
        store, errors = open_store(url), []

        def save_and_read(thread: int) -> None:
            try:
                for count in range(EACH):
                    number = (process * THREADS + thread) * EACH + count
                    shared = week(count=8, sha256=f"{number:064x}")
                    first = store.weeks.save(shared, region=REGION, profile=PROFILE).week
                    own = store.weeks.save(numbered(number), region=REGION, profile=PROFILE).week
                    for saved in (first, own):
                        opened = store.weeks.open(saved.id)
                        assert len(opened.export.table) == saved.row_count
                        assert len(store.sums.read(week_ids=[saved.id])) > 0
                    link = store.links.make(maker=str(number), page="p", profile=PROFILE, week_id=own.id)
                    assert store.links.open(str(link.token)).week_id == own.id
                    assert len(store.weeks.find(all_versions=True)) >= 2 * (count + 1)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=save_and_read, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]

    pids = [fork(lambda number=number: work(number)) for number in range(processes)]  # type: ignore[misc]
    print(json.dumps({"well": finished(pids)}))


if __name__ == "__main__":
    {"killed": killed, "together": together, "crowd": crowd}[sys.argv[1]](
        sys.argv[2], *map(int, sys.argv[3:])
    )
