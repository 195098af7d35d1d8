"""The only place with Streamlit's caches: opened datasets, and what was computed from them."""

from __future__ import annotations

import gc
import itertools
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

import streamlit as st

from sferum_core.model import Export, ExportKind
from sferum_core.norms import NormProfile

MAX_DATASETS = 40  # a region's export takes a few MB; the least recently opened goes first
MAX_PRIVATE_DATASETS = 5  # within one session
MAX_PROFILES = 200
MAX_RESULTS = 3_000  # small ones: figures, sentences, pictures of some 20 kB
MAX_BULKY = 100  # tables of a megabyte
PERSONAL_KINDS = frozenset({ExportKind.TEACHERS, ExportKind.CALL_PARTICIPANTS, ExportKind.UNKNOWN})
_PRIVATE_KEY = "_private_datasets"

T = TypeVar("T")
_RUNS = itertools.count(1)
_CALM_AT = frozenset({3, 30})


@dataclass(frozen=True, eq=False)
class Dataset:
    """One opened export. `id` is unguessable; `version` grows when the columns are understood anew."""

    id: str
    filename: str
    export: Export
    is_demo: bool = False
    version: int = 1

    @property
    def is_personal(self) -> bool:
        """Whether the table may name people; then it never leaves the session that opened it."""
        return self.export.kind in PERSONAL_KINDS and not self.is_demo  # people of the demo are invented


class DatasetStore(Protocol):
    """Where opened datasets live; a database can take the place of the memory one."""

    def put(self, dataset: Dataset) -> None: ...

    def get(self, dataset_id: str) -> Dataset | None: ...


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


class MemoryStore:
    """A `DatasetStore` in memory, at most `limit` datasets."""

    def __init__(self, limit: int = MAX_DATASETS) -> None:
        self._datasets = Bounded[Dataset](limit)

    def put(self, dataset: Dataset) -> None:
        """Keep the dataset, or replace the one with the same id."""
        self._datasets.keep(dataset.id, dataset)

    def get(self, dataset_id: str) -> Dataset | None:
        """The dataset, or None when it was never here or has been dropped."""
        return self._datasets.find(dataset_id)


@st.cache_resource(show_spinner=False)
def _shared_store() -> DatasetStore:
    return MemoryStore()


@st.cache_resource(show_spinner=False)
def _profiles() -> Bounded[NormProfile]:
    return Bounded(MAX_PROFILES)


def _private_store() -> DatasetStore:
    store = st.session_state.get(_PRIVATE_KEY)
    if store is None:
        store = st.session_state[_PRIVATE_KEY] = MemoryStore(MAX_PRIVATE_DATASETS)
    return store


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
    for number, other in enumerate(export.also):
        _store_for(other).put(Dataset(f"{root}.{number}", other.source.filename, other, is_demo, version))
    public_also = tuple(other for other in export.also if other.kind not in PERSONAL_KINDS)
    main = Dataset(root, export.source.filename, replace(export, also=public_also), is_demo, version)
    _store_for(export).put(main)
    return main


def _store_for(export: Export) -> DatasetStore:
    return _private_store() if export.kind in PERSONAL_KINDS else _shared_store()


def lookup(dataset_id: str | None) -> Dataset | None:
    """The dataset with this id: the session's own first, then the shared ones; None when it is gone."""
    if not dataset_id:
        return None
    return _private_store().get(dataset_id) or _shared_store().get(dataset_id)


def companions(dataset: Dataset) -> list[Dataset]:
    """Tables that came in the same file or archive and are open to this session."""
    root = dataset.id.split(".")[0]
    found = [lookup(root)] + [lookup(f"{root}.{number}") for number in range(_MAX_COMPANIONS)]
    return [other for other in found if other is not None and other.id != dataset.id]


_MAX_COMPANIONS = 20


def keep_profile(key: str, profile: NormProfile) -> None:
    """Remember a user's own profile by the hash of its content, so that a link to it works."""
    _profiles().keep(key, profile)


def own_profile(key: str) -> NormProfile | None:
    """A user's own profile by its key, or None when the server no longer has it."""
    return _profiles().find(key)


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


def _run(func: Callable[..., Any], dataset_id: str, profile_key: str, params: tuple[Hashable, ...]) -> Any:
    from sferum_ui.profiles import profile_by_key  # noqa: PLC0415 - profiles keep theirs here

    dataset = lookup(dataset_id)
    if dataset is None:
        raise LookupError(dataset_id)
    return func(dataset, profile_by_key(profile_key), *params)


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


@st.cache_resource(max_entries=60, show_spinner="Считаем показатели…", scope="session")
def _compute_private(
    _func: Callable[..., Any],
    name: str,
    dataset_id: str,
    version: int,
    profile_key: str,
    params: tuple[Hashable, ...],
) -> Any:
    return _run(_func, dataset_id, profile_key, params)


def calm_collector() -> None:
    """Take what is loaded by now out of the garbage collector's sight, after the 3rd and the 30th run.

    Modules and shared tables live as long as the server; walking over them cost a rerun 100 ms now and then.
    """
    if next(_RUNS) in _CALM_AT:
        gc.collect()
        gc.freeze()
