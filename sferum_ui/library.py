"""What outlives a session: drafts, saved weeks and snapshots of links, from the store behind the pages."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import TypeVar, cast

from sferum_core.access import Act
from sferum_core.model import Export
from sferum_core.norms import NormProfile
from sferum_store import (
    Forbidden,
    Link,
    NotFound,
    OfficeSettings,
    SavedWeek,
    Store,
    StoreError,
    StoreUnavailable,
)
from sferum_ui import access, cache, demo
from sferum_ui.cache import Dataset, MemoryStore

LINKED = "link:"  # ids of snapshots; never in an address, so a taken-back link opens nothing
FRESH_SECONDS = 3.0  # what another process writes is seen after this time
T = TypeVar("T")
_log = logging.getLogger(__name__)


def store() -> Store:
    """The open store as this visitor may use it: Forbidden for what they may not. StoreUnavailable without a database."""
    opened = whole_store()
    return opened if access.mode() == "none" else cast("Store", access.GuardedStore(opened))


def whole_store() -> Store:
    """The open store for the server itself, which asks nobody. StoreUnavailable when the database can't be used."""
    opened = cache.opened_store()
    if isinstance(opened, StoreError):
        raise StoreUnavailable(opened.message, opened.advice)
    return opened


def problem() -> StoreError | None:
    """Why nothing can be kept, for the pages to say; None when all is well."""
    opened = cache.opened_store()
    return opened if isinstance(opened, StoreError) else None


def quietly(action: Callable[[Store], T]) -> T | None:
    """`action` on the store; None, with a line in the log, when the database does not answer.

    For what a page can do without: it shows the figures even when they can't be kept.
    """
    try:
        return action(store())
    except (NotFound, Forbidden):
        return None
    except StoreError as error:
        _log.warning("the store: %s", error)
        return None


def office() -> OfficeSettings | None:
    """What the office said about itself once; None when the database does not answer."""
    return recalled("office", lambda opened: opened.office.current())


def recall(question: Hashable, action: Callable[[Store], T]) -> T:
    """`action` on the store, its answer kept for the next who ask: until this process writes, or a few seconds.

    A page asks the same small things on every click. `question` names what is asked and of what; nobody
    changes the answer. Errors are the action's own and are not kept.
    """
    opened = store()
    written, asked = opened.writes, time.monotonic()
    answers = cache.answers()
    question = (access.who().role, question)  # what one role may ask another may not
    kept = answers.find(question)
    if kept is not None and kept[0] == written and asked - kept[1] < FRESH_SECONDS:
        return cast(T, kept[2])
    answer = action(opened)
    answers.keep(question, (written, asked, answer))
    return answer


def recalled(question: Hashable, action: Callable[[Store], T]) -> T | None:
    """`recall` for what a page can do without, as `quietly` is."""
    return quietly(lambda _: recall(question, action))


class LastingStore:
    """Where shared datasets live: memory, and behind it drafts, weeks and snapshots in the database."""

    def __init__(self, memory: MemoryStore) -> None:
        self._memory = memory

    def put(self, dataset: Dataset) -> None:
        """Keep the dataset in memory and as a draft; the demo is made anew instead."""
        self._memory.put(dataset)
        if not dataset.is_demo and access.may(Act.UPLOAD):
            quietly(
                lambda opened: opened.drafts.put(dataset.export, draft_id=dataset.id, version=dataset.version)
            )

    def get(self, dataset_id: str) -> Dataset | None:
        """The dataset from memory, else from the database; None when it is nowhere."""
        found = self._memory.get(dataset_id)
        if found is None:
            found = self._draft(dataset_id) or _week(dataset_id)
            if found is not None:
                self._memory.put(found)
        return found

    def keep_in_memory(self, dataset: Dataset) -> None:
        """Keep what is in the database already."""
        self._memory.put(dataset)

    def drop_from_memory(self, dataset_id: str) -> None:
        """Forget what the database no longer has."""
        self._memory.drop(dataset_id)

    def forget(self, dataset_id: str) -> None:
        """Take the dataset out of memory and its draft out of the database."""
        self._memory.drop(dataset_id)
        quietly(lambda opened: opened.drafts.forget(dataset_id))

    def _draft(self, dataset_id: str) -> Dataset | None:
        draft = quietly(lambda opened: opened.drafts.open(dataset_id))
        if draft is None:
            return None
        return Dataset(
            draft.id, draft.filename, draft.export, draft.is_demo, draft.version, owner=draft.made_by
        )


def _week(week_id: str) -> Dataset | None:
    opened = quietly(lambda found: found.weeks.open(week_id))
    return None if opened is None else week_dataset(opened.week, opened.export)


def week_dataset(week: SavedWeek, export: Export) -> Dataset:
    """A saved week as a dataset."""
    return Dataset(week.id, " + ".join(week.file_names) or "файл", replace(export, also=()), saved=week)


def linked_dataset(link: Link) -> Dataset | None:
    """The data of a link: its saved week, or the snapshot kept with it."""
    if link.week_id is not None:
        return cache.lookup(link.week_id)
    found = cache.lookup(LINKED + link.id)
    if found is None:
        export = quietly(lambda opened: opened.links.data(link))
        if export is None:
            return None
        is_demo = demo.is_demo_export(export)
        found = Dataset(LINKED + link.id, export.source.filename, export, is_demo, snapshot=link.made_at)
        cache.keep_in_memory(found)
        found = cache.lookup(found.id)
    return found


def keep_profile(key: str, profile: NormProfile) -> None:
    """Keep a user's profile, so that a link to it opens after a restart and on another server."""
    quietly(lambda opened: opened.profiles.keep(key, profile))


def find_profile(key: str) -> NormProfile | None:
    """A kept profile, or None."""
    return quietly(lambda opened: opened.profiles.find(key))
