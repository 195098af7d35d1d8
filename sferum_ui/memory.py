"""What is kept in memory: things bounded in number and weight, results worked out once, answers of one run."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sferum_ui.weights import weight_of

T = TypeVar("T")


class Bounded(Generic[T]):
    """At most `limit` things in memory by their key; the least recently used goes. Safe between threads.

    With `weigh` they also weigh at most `most` together; one alone may weigh more.
    """

    def __init__(self, limit: int, most: int = 0, weigh: Callable[[T], int] | None = None) -> None:
        self._limit, self._most, self._weigh = limit, most, weigh
        self._items: OrderedDict[Hashable, T] = OrderedDict()
        self._weights: dict[Hashable, int] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._items)

    def keep(self, key: Hashable, item: T) -> None:
        """Keep the thing, or replace the one with the same key."""
        weight = self._weigh(item) if self._weigh is not None else 0
        with self._lock:
            self._items[key], self._weights[key] = item, weight
            self._items.move_to_end(key)
            while len(self._items) > self._limit or (len(self._items) > 1 and self._is_heavy()):
                gone, _ = self._items.popitem(last=False)
                del self._weights[gone]

    def _is_heavy(self) -> bool:
        return self._weigh is not None and sum(self._weights.values()) > self._most

    def __contains__(self, key: Hashable) -> bool:
        """Whether the thing is here; asking does not count as use."""
        with self._lock:
            return key in self._items

    def find(self, key: Hashable) -> T | None:
        """The thing, or None when it was never here or has been dropped."""
        with self._lock:
            found = self._items.get(key)
            if found is not None:
                self._items.move_to_end(key)
            return found

    def drop(self, key: Hashable) -> None:
        """Forget the thing, if it is here."""
        with self._lock:
            self._items.pop(key, None)
            self._weights.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._items.clear()
            self._weights.clear()


COMPUTING = "Считаем показатели…"


class Results:
    """What was worked out, at most `limit` results by their key; two who ask at once wait for one computation.

    With `most` they also take at most so many bytes together; one alone may take more.

    A result found costs some microseconds, where Streamlit's own cache hashes the arguments for 0.14 ms.
    """

    def __init__(self, limit: int, most: int = 0) -> None:
        self._kept = Bounded[tuple[Any]](limit, most, weight_of if most else None)
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.RLock] = {}

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()

    def find(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The result kept under a key, else what `make` gives; nothing is kept of one that fails."""
        found = self._kept.find(key)
        if found is not None:
            return found[0]
        with self._lock:
            making = self._making.setdefault(key, threading.RLock())
        try:
            with making:
                found = self._kept.find(key)
                if found is None:
                    with _saying_so():
                        found = (make(),)
                    self._kept.keep(key, found)
                return found[0]
        finally:
            with self._lock:
                self._making.pop(key, None)


def _saying_so() -> AbstractContextManager[None]:
    """«Считаем показатели…» on the page, once; nothing in the thread of a download, which has no page."""
    if profile_in_use() or get_script_run_ctx(suppress_warning=True) is None:
        return nullcontext()
    return st.spinner(COMPUTING)


_of_this_run: ContextVar[dict[Hashable, Any] | None] = ContextVar("of_this_run", default=None)


def new_run() -> None:
    """A rerun begins: what `once_a_run` remembered of the one before is forgotten."""
    _of_this_run.set({})


def run_changed() -> None:
    """The run itself changed what is open or known: what `once_a_run` remembered is asked again."""
    known = _of_this_run.get()
    if known:
        known.clear()


def once_a_run(key: Hashable, ask: Callable[[], T]) -> T:
    """What `ask` answers, asked once while a page is drawn: several parts of it want to know the same.

    Outside of a page (a download, a test) nothing is remembered.
    """
    known = _of_this_run.get()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    found: T = known[key]
    return found


in_use: ContextVar[str] = ContextVar("profile_in_use", default="")


def profile_in_use() -> str:
    """The key of the profile that `compute` works under right now; "" outside of it.

    What is computed asks for other results under the same profile, also in the thread of a download, which
    knows nothing of the session.
    """
    return in_use.get()
