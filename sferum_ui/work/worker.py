"""The working process: takes one task after another from its parent, until the parent goes or needs it no more.

Run as `python -I worker.py NICENESS`. A line of JSON a task on stdin, one a result on stdout; values lie as files in the
task's folder (`codec`). It has the app's code but none of its settings, keys or environment, and opens no database.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
IDLE_SECONDS = 300.0


def main() -> None:
    """Work until stdin ends or nothing was asked for a while."""
    _step_back(int(sys.argv[1]))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii")
    sys.stdout = sys.stderr  # nothing that is printed by the way gets among the answers
    sys.path.insert(0, str(ROOT))
    import pyarrow as pa  # noqa: PLC0415 - the path comes first

    from sferum_ui.work import codec, tasks  # noqa: PLC0415

    pa.set_cpu_count(1)
    _say(answers, {"is": "ready"})
    while True:
        line = _next_line()
        if not line:
            return
        asked = json.loads(line)
        _say(answers, _done(Path(asked["folder"]), asked["task"], asked["most"], codec, tasks))
        gc.collect()
        pa.default_memory_pool().release_unused()


def _done(folder: Path, task: str, most: int, codec: Any, tasks: Any) -> dict[str, object]:
    from sferum_core.model import UnreadableFile  # noqa: PLC0415

    tempfile.tempdir = str(folder)  # what the reader leaves there goes with the folder
    try:
        positional, named = codec.read(folder, "asked", most)
        codec.write(folder, "answer", tasks.TASKS[task](*positional, **named))
    except UnreadableFile as error:
        return {"is": "refused", "code": error.code, "message": error.message, "advice": error.advice}
    except MemoryError:
        return {"is": "failed", "error": "MemoryError"}
    except Exception as error:  # the parent does the same itself and tells what is wrong
        return {"is": "failed", "error": type(error).__name__}
    return {"is": "done", "memory": _memory()}


def _next_line() -> str:
    """The next task; the process ends when none comes for a while."""
    ending = threading.Timer(IDLE_SECONDS, os._exit, (0,))
    ending.daemon = True
    ending.start()
    try:
        return sys.stdin.readline()
    finally:
        ending.cancel()


def _say(answers: Any, answer: dict[str, object]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def _memory() -> int:
    """Resident bytes; 0 where the system doesn't say."""
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0


def _step_back(niceness: int) -> None:
    """Let pages go first; no core files, Ctrl+C is the parent's matter."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(AttributeError, OSError):
        os.nice(niceness)


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()
