"""Pages are drawn a few at a time: fifty threads that share one interpreter lock all finish last."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 3
PATIENCE = 2.0  # seconds; a page that waits longer is drawn beside the others, so nobody is ever stuck
_turns = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn, not for ever, and give it back whatever happens."""
    taken = _turns.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if taken:
            _turns.release()
