"""Once a day what is over is deleted, by a thread of its own: no viewer waits for it."""

from __future__ import annotations

import logging
import threading
import weakref

from sferum_store import Store

PERIOD_SECONDS = 24 * 3600.0
_log = logging.getLogger(__name__)


class Housekeeper:
    """Deletes expired drafts and data of links of the store it watches: at once, then every `period` seconds.

    One thread a process, which ends with it; a store that was closed and dropped is watched no more.
    """

    def __init__(self, period: float = PERIOD_SECONDS) -> None:
        self._period = period
        self._lock = threading.Lock()
        self._anew = threading.Event()
        self._store: weakref.ref[Store] | None = None
        self._thread: threading.Thread | None = None

    def watch(self, store: Store) -> None:
        """Look after this store from now on, in place of the one before. Returns at once."""
        with self._lock:
            self._store = weakref.ref(store)
            self._anew.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="housekeeping", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            self._anew.clear()
            store = self._store() if self._store is not None else None
            if store is not None:
                self._tidy(store)
            del store
            self._anew.wait(self._period)

    @staticmethod
    def _tidy(store: Store) -> None:
        try:
            gone = store.expire()
        except Exception:  # the next day it is tried again; the pages go on
            _log.exception("expired drafts could not be deleted")
            return
        if gone.drafts or gone.link_data or gone.names:
            _log.info(
                "deleted: %d drafts, data of %d links, %d sets of names",
                gone.drafts,
                gone.link_data,
                gone.names,
            )


keeper = Housekeeper()
