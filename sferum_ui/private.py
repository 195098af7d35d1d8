"""What one session alone may see: tables with names, what was computed from them, bytes of its files.

Forgotten by «Забыть файл», with the session, and when nobody touched the session for `SFERUM_SESSION_IDLE_MINUTES`: a thread
looks after that, for an idle session runs no code of its own.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sferum_store import SettingsError, settings
from sferum_ui import uploads
from sferum_ui.memory import once_a_run

LOOK_EVERY_SECONDS = 20.0
KEY = "_session_memory"
T = TypeVar("T")


def idle_seconds() -> float:
    """How long a session may be left alone before it forgets."""
    try:
        return settings().session_idle_minutes * 60.0
    except SettingsError:  # the page says so; until then the shortest sensible time
        return 15 * 60.0


class SessionMemory:
    """Things of one session by name, all forgotten together. Safe between threads."""

    def __init__(self) -> None:
        self._things: dict[str, Any] = {}
        self._lock = threading.Lock()
        self.touched = time.monotonic()
        self.was_forgotten = False
        context = get_script_run_ctx(suppress_warning=True)
        self._session = context.session_id if context is not None else ""

    def thing(self, name: str, make: Callable[[], T]) -> T:
        """The thing of this name, made when it isn't there."""
        with self._lock:
            if name not in self._things:
                self._things[name] = make()
            found: T = self._things[name]
            return found

    def forget(self) -> None:
        """Let go of everything."""
        with self._lock:
            self.was_forgotten = any(isinstance(thing, dict) and thing for thing in self._things.values())
            self._things = {}

    def forget_if_idle(self, seconds: float) -> None:
        """Let go when nobody touched the session for so long."""
        if self._things and time.monotonic() - self.touched > seconds:
            names = bool(self._things.get("datasets"))
            self.forget()
            uploads.forget(self._session, made=names)


class _Watcher:
    """One thread a process; sessions that ended drop out by themselves."""

    def __init__(self) -> None:
        self._memories: weakref.WeakSet[SessionMemory] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def watch(self, memory: SessionMemory) -> None:
        """Look after this session, too."""
        with self._lock:
            self._memories.add(memory)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="idle-sessions", daemon=True)
                self._thread.start()

    def look(self) -> None:
        """Make every session that is idle forget."""
        with self._lock:
            memories = list(self._memories)
        seconds = idle_seconds()
        for memory in memories:
            memory.forget_if_idle(seconds)

    def _work(self) -> None:
        while True:
            time.sleep(LOOK_EVERY_SECONDS)
            self.look()


watcher = _Watcher()


def memory() -> SessionMemory:
    """This session's memory; in a thread of the server, which has no session, an empty one that nothing outlives."""
    if get_script_run_ctx(suppress_warning=True) is None and (
        threading.current_thread() is not threading.main_thread()
    ):
        return SessionMemory()
    return once_a_run(KEY, _of_session)


def _of_session() -> SessionMemory:
    found: SessionMemory | None = st.session_state.get(KEY)
    if found is None:
        found = st.session_state[KEY] = SessionMemory()
        watcher.watch(found)
    return found


def touch() -> None:
    """The session is in use: a rerun began. Forgets first when it had been left alone for too long."""
    own = memory()
    own.forget_if_idle(idle_seconds())
    own.touched = time.monotonic()


def say_forgotten() -> None:
    """A line, once, when the session forgot what it had."""
    own = memory()
    if own.was_forgotten:
        own.was_forgotten = False
        minutes = round(idle_seconds() / 60)
        st.info(
            f"Страницей не пользовались дольше {minutes} мин, поэтому исходные файлы и имена людей забыты. "
            "Отчёты по организациям остались; таблицу с именами загрузите ещё раз.",
            icon=":material/lock_clock:",
        )
