"""The only place with Streamlit's caches: opened datasets, and what was computed from them."""

from __future__ import annotations

import datetime as dt
import gc
import itertools
import logging
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import streamlit as st

from sferum_core.model import ColumnMatch, Export, ExportKind
from sferum_core.norms import NormProfile
from sferum_store import SavedWeek, Store, StoreError, open_store
from sferum_store.privacy import storable_export
from sferum_ui import housekeeping, private

if TYPE_CHECKING:
    from sferum_ui.library import LastingStore

MAX_DATASETS = 40  # a region's export takes a few MB; the least recently opened goes first
MAX_PRIVATE_DATASETS = 5  # within one session
MAX_PROFILES = 200
MAX_RESULTS = 3_000  # small ones: figures, sentences, pictures of some 20 kB
MAX_BULKY = 100  # tables of a megabyte
MAX_PRIVATE_RESULTS = 60  # of a session
PERSONAL_KINDS = frozenset({ExportKind.TEACHERS, ExportKind.CALL_PARTICIPANTS, ExportKind.UNKNOWN})
PRIVATE_MARK = "~"  # root~0: a table with names beside the main one
RETRY_SECONDS = 60.0

T = TypeVar("T")
_RUNS = itertools.count(1)
_CALM_AT = frozenset({3, 30})


@dataclass(frozen=True, eq=False)
class Dataset:
    """One opened export. `id` is unguessable; `version` grows when the columns are understood anew.

    `saved` is the week in the archive it comes from; `snapshot` when a link froze it.
    """

    id: str
    filename: str
    export: Export
    is_demo: bool = False
    version: int = 1
    saved: SavedWeek | None = None
    snapshot: dt.datetime | None = None

    @property
    def is_personal(self) -> bool:
        """Whether the table may name people; then it never leaves the session that opened it."""
        return self.export.kind in PERSONAL_KINDS and not self.is_demo  # people of the demo are invented


class Bounded(Generic[T]):
    """At most `limit` things in memory by their key; the least recently used goes. Safe between threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._items: OrderedDict[str, T] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, key: str, item: T) -> None:
        """Keep the thing, or replace the one with the same key."""
        with self._lock:
            self._items[key] = item
            self._items.move_to_end(key)
            while len(self._items) > self._limit:
                self._items.popitem(last=False)

    def find(self, key: str) -> T | None:
        """The thing, or None when it was never here or has been dropped."""
        with self._lock:
            found = self._items.get(key)
            if found is not None:
                self._items.move_to_end(key)
            return found

    def drop(self, key: str) -> None:
        """Forget the thing, if it is here."""
        with self._lock:
            self._items.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._items.clear()


def opened_store() -> Store | StoreError:
    """The store, opened once, or why it can't be; tried anew a minute after a failure."""
    found = _store()
    if isinstance(found, StoreError) and time.monotonic() - _store_tried()[0] > RETRY_SECONDS:
        _store.clear()
        found = _store()
    return found


@st.cache_resource(show_spinner=False)
def _store_tried() -> list[float]:
    return [0.0]


@st.cache_resource(show_spinner=False)
def _store() -> Store | StoreError:
    _store_tried()[0] = time.monotonic()
    try:
        opened = open_store()
        housekeeping.keeper.watch(opened)
        return opened
    except StoreError as error:
        logging.getLogger(__name__).error("the store can't be opened: %s", error)
        return error


class MemoryStore:
    """Datasets in memory, at most `limit`."""

    def __init__(self, limit: int = MAX_DATASETS) -> None:
        self._datasets = Bounded[Dataset](limit)

    def put(self, dataset: Dataset) -> None:
        """Keep the dataset, or replace the one with the same id."""
        self._datasets.keep(dataset.id, dataset)

    def get(self, dataset_id: str) -> Dataset | None:
        """The dataset, or None when it was never here or has been dropped."""
        return self._datasets.find(dataset_id)

    def drop(self, dataset_id: str) -> None:
        """Forget the dataset."""
        self._datasets.drop(dataset_id)


@st.cache_resource(show_spinner=False)
def _shared_store() -> LastingStore:
    from sferum_ui.library import LastingStore  # noqa: PLC0415 - the library keeps datasets

    return LastingStore(MemoryStore())


@st.cache_resource(show_spinner=False)
def _profiles() -> Bounded[NormProfile]:
    return Bounded(MAX_PROFILES)


def _private_store() -> MemoryStore:
    return private.memory().thing("datasets", lambda: MemoryStore(MAX_PRIVATE_DATASETS))


def _private_results() -> Bounded[Any]:
    return private.memory().thing("results", lambda: Bounded[Any](MAX_PRIVATE_RESULTS))


def _seen_columns() -> dict[str, tuple[ColumnMatch, ...]]:
    return private.memory().thing("columns", dict)


def new_id() -> str:
    """An id that cannot be guessed (132 bits), short enough for a link."""
    return secrets.token_urlsafe(18)[:22]


def keep_export(export: Export, *, is_demo: bool = False, dataset_id: str | None = None) -> Dataset:
    """Keep an export and the tables beside it; return its main dataset.

    Tables that may name people go to the session's own store, all others to the one shared by link.
    With `dataset_id` the dataset is replaced and its version grows.
    """
    before = lookup(dataset_id) if dataset_id else None
    root = dataset_id or new_id()
    version = before.version + 1 if before else 1
    public = tuple(other for other in export.also if other.kind not in PERSONAL_KINDS)
    private = tuple(other for other in export.also if other.kind in PERSONAL_KINDS)
    for number, other in enumerate(private):
        _private_store().put(
            Dataset(f"{root}{PRIVATE_MARK}{number}", other.source.filename, other, is_demo, version)
        )
    main = Dataset(root, export.source.filename, replace(export, also=public), is_demo, version)
    if not main.is_personal and not is_demo:
        main = _without_people(main)
    if main.is_personal:
        for number, other in enumerate(public):
            _shared_store().put(Dataset(f"{root}.{number}", other.source.filename, other, is_demo, version))
    (_private_store() if main.is_personal else _shared_store()).put(main)
    return main


def _without_people(dataset: Dataset) -> Dataset:
    """The dataset as other sessions may have it; its columns with all samples stay with this session."""
    _seen_columns()[dataset.id] = dataset.export.columns
    kept, _ = storable_export(dataset.export)
    return replace(dataset, filename=kept.source.filename, export=kept)


def own_columns(dataset: Dataset) -> tuple[ColumnMatch, ...]:
    """The dataset's columns; with every sample for the session that uploaded it."""
    return _seen_columns().get(dataset.id, dataset.export.columns)


def lookup(dataset_id: str | None) -> Dataset | None:
    """The dataset with this id: the session's own first, then the shared ones; None when it is gone."""
    if not dataset_id:
        return None
    found = _private_store().get(dataset_id)
    root, dot, number = dataset_id.partition(".")
    if found is None and dot and number.isdecimal():
        found = _companion(_shared_store().get(root), int(number))
    return found or _shared_store().get(dataset_id)


def _companion(root: Dataset | None, number: int) -> Dataset | None:
    if root is None or number >= len(root.export.also):
        return None
    export = root.export.also[number]
    return replace(root, id=f"{root.id}.{number}", filename=export.source.filename, export=export)


def companions(dataset: Dataset) -> list[Dataset]:
    """Tables that came in the same file or archive and are open to this session."""
    root = re.split(r"[.~]", dataset.id, maxsplit=1)[0]
    main = lookup(root)
    ids = [root]
    if main is not None:
        ids += [f"{root}.{number}" for number in range(len(main.export.also))]
        ids += [f"{root}{PRIVATE_MARK}{number}" for number in range(MAX_PRIVATE_DATASETS)]
    found = [lookup(one) for one in ids if one != dataset.id]
    return [other for other in found if other is not None]


def keep_in_memory(dataset: Dataset) -> None:
    """Keep in memory what the database has already."""
    _shared_store().keep_in_memory(dataset)


def drop_from_memory(dataset_id: str) -> None:
    """Forget what the database no longer has."""
    _shared_store().drop_from_memory(dataset_id)


def forget(dataset_id: str) -> None:
    """Forget an opened file: in memory, in this session and as a draft."""
    for number in range(MAX_PRIVATE_DATASETS):
        _private_store().drop(f"{dataset_id}{PRIVATE_MARK}{number}")
    _private_store().drop(dataset_id)
    _seen_columns().pop(dataset_id, None)
    _private_results().clear()
    _shared_store().forget(dataset_id)


def keep_profile(key: str, profile: NormProfile) -> None:
    """Remember a user's own profile by the hash of its content, so that a link to it works."""
    from sferum_ui import library  # noqa: PLC0415 - the library keeps datasets

    _profiles().keep(key, profile)
    library.keep_profile(key, profile)


def own_profile(key: str) -> NormProfile | None:
    """A user's own profile by its key, or None when the server no longer has it."""
    from sferum_ui import library  # noqa: PLC0415 - the library keeps datasets

    found = _profiles().find(key)
    if found is None:
        found = library.find_profile(key)
        if found is not None:
            _profiles().keep(key, found)
    return found


def compute(
    func: Callable[..., Any],
    dataset_id: str,
    profile_key: str,
    *params: Hashable,
) -> Any:
    """`func(dataset, profile, *params)`, computed once for the same data, profile and parameters.

    `func` is a module-level function; `params` are plain values (text, numbers, tuples). Results are
    shared between sessions without a copy (unpickling tables took most of a rerun), so nobody changes them;
    only tables that may name people stay within their session. Raises LookupError for a dropped id.
    """
    dataset = lookup(dataset_id)
    if dataset is None:
        raise LookupError(dataset_id)
    name = f"{func.__module__}.{func.__qualname__}"
    shared = _compute_bulky if getattr(func, "is_bulky", False) else _compute_shared
    cached = _compute_private if dataset.is_personal else shared
    return cached(func, name, dataset_id, dataset.version, profile_key, params)


def bulky(func: Callable[..., T]) -> Callable[..., T]:
    """Mark a function for `compute` whose results are large, a row an organization: fewer of them are kept."""
    func.is_bulky = True  # type: ignore[attr-defined]
    return func


_in_use: ContextVar[str] = ContextVar("profile_in_use", default="")


def profile_in_use() -> str:
    """The key of the profile that `compute` works under right now; "" outside of it.

    What is computed asks for other results under the same profile, also in the thread of a download, which
    knows nothing of the session.
    """
    return _in_use.get()


def _run(func: Callable[..., Any], dataset_id: str, profile_key: str, params: tuple[Hashable, ...]) -> Any:
    from sferum_ui.profiles import profile_by_key  # noqa: PLC0415 - profiles keep theirs here

    dataset = lookup(dataset_id)
    if dataset is None:
        raise LookupError(dataset_id)
    before = _in_use.set(profile_key)
    try:
        return func(dataset, profile_by_key(profile_key), *params)
    finally:
        _in_use.reset(before)


@st.cache_resource(max_entries=MAX_RESULTS, show_spinner="Считаем показатели…")
def _compute_shared(
    _func: Callable[..., Any],
    name: str,
    dataset_id: str,
    version: int,
    profile_key: str,
    params: tuple[Hashable, ...],
) -> Any:
    return _run(_func, dataset_id, profile_key, params)


@st.cache_resource(max_entries=MAX_BULKY, show_spinner="Считаем показатели…")
def _compute_bulky(
    _func: Callable[..., Any],
    name: str,
    dataset_id: str,
    version: int,
    profile_key: str,
    params: tuple[Hashable, ...],
) -> Any:
    return _run(_func, dataset_id, profile_key, params)


def _compute_private(
    func: Callable[..., Any],
    name: str,
    dataset_id: str,
    version: int,
    profile_key: str,
    params: tuple[Hashable, ...],
) -> Any:
    """In the session's own memory, which forgets when asked or left alone; a cache of Streamlit's would not."""
    results = _private_results()
    key = repr((name, dataset_id, version, profile_key, params))
    found: tuple[Any] | None = results.find(key)
    if found is None:
        with st.spinner("Считаем показатели…"):
            found = (_run(func, dataset_id, profile_key, params),)
        results.keep(key, found)
    return found[0]


def calm_collector() -> None:
    """Take what is loaded by now out of the garbage collector's sight, after the 3rd and the 30th run.

    Modules and shared tables live as long as the server; walking over them cost a rerun 100 ms now and then.
    """
    if next(_RUNS) in _CALM_AT:
        gc.collect()
        gc.freeze()
