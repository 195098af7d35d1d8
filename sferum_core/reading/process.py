"""What a limited process does first and last: takes its limits, tells what it refuses, leaves its answer.

Standard library only: `launch` starts the process without the product's environment and packages.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any


class Refused(Exception):  # noqa: N818
    """The file must not or cannot be used; `code` is one of the parent's REFUSALS, `values` go into its sentence."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def run(
    folder: Path,
    work: Callable[[Path, dict[str, Any]], dict[str, Any]],
    code_of: Callable[[BaseException], str],
) -> None:
    """Do what FOLDER/task.json asks under the limits it names, leave answer.json and end the process.

    `code_of` names the refusal for whatever `work` raises beside Refused and MemoryError.
    """
    task = json.loads((folder / "task.json").read_bytes())
    _limit_self(task["limits"])
    try:
        answer = work(folder, task)
    except BaseException as error:  # calamine's panics among them
        answer = refusal(error, code_of)
    leave_answer(folder, answer)
    os._exit(0)  # nothing to tidy up: freeing millions of cells one by one would only take time


def refusal(error: BaseException, code_of: Callable[[BaseException], str]) -> dict[str, Any]:
    """What answer.json says of a file that is refused."""
    if isinstance(error, Refused):
        return {"refused": error.code, "values": error.values}
    code = "too_demanding" if isinstance(error, MemoryError) else code_of(error)
    return {"refused": code, "values": {}}


def leave_answer(folder: Path, answer: dict[str, Any]) -> None:
    """Put answer.json into the folder, whole or not at all."""
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
