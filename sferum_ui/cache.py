"""The only place with Streamlit's caches: opened datasets, and what was computed from them."""

from __future__ import annotations

import gc
import hashlib
import itertools
import logging
import re
import secrets
import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd
import streamlit as st

from sferum_core.access import nameless, narrowed
from sferum_core.model import ColumnMatch, Export
from sferum_core.norms import NormProfile
from sferum_store import Store, StoreError, open_store
from sferum_ui import access, housekeeping, private
from sferum_ui.datasets import PERSONAL_KINDS, Dataset, MemoryStore, root_id
from sferum_ui.memory import Bounded, Results, in_use, new_run, once_a_run, profile_in_use, run_changed
from sferum_ui.stills import Stills
from sferum_ui.work import storable_export

if TYPE_CHECKING:
    from sferum_ui.library import LastingStore

__all__ = [
    "PERSONAL_KINDS",
    "Bounded",
    "Dataset",
    "MemoryStore",
    "Results",
    "new_run",
    "once_a_run",
    "profile_in_use",
    "root_id",
    "run_changed",
]

MAX_PRIVATE_DATASETS = 5  # within one session
MAX_PRIVATE_BYTES = 48 << 20  # 100,000 people take 16 MB
MAX_PROFILES = 200
MAX_ANSWERS = 500
MAX_REGISTRIES = 20
MAX_RESULTS = 3_000  # small ones: figures, sentences, pictures of some 20 kB
MAX_RESULT_BYTES = 256 << 20
MAX_BULKY = 100  # tables of a megabyte
MAX_BULKY_BYTES = 384 << 20
MAX_PRIVATE_RESULTS = 60  # of a session
MAX_STILLS, MAX_PRIVATE_STILLS = 300, 12  # pieces of pages with their charts, some 50 kB each
MAX_LOOKS, MAX_STILL_BYTES = 3, 1_000_000  # of one piece: themes, places on the page
MAX_PRIVATE_RESULT_BYTES = 64 << 20
PRIVATE_MARK = "~"  # root~0: a table with names beside the main one
RETRY_SECONDS = 60.0

OWN = "_own_datasets"  # ids of what this session brought
MAX_NARROWED = 200

T = TypeVar("T")
_RUNS = itertools.count(1)
_CALM_AT = frozenset({3, 30})


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


@st.cache_resource(show_spinner=False)
def answers() -> Bounded[tuple[int, float, Any]]:
    """What the store answered lately (`library.recall`): its count of writes then, the moment, the answer."""
    return Bounded(MAX_ANSWERS)


@st.cache_resource(show_spinner=False)
def _shared_store() -> LastingStore:
    from sferum_ui.library import LastingStore  # noqa: PLC0415 - the library keeps datasets

    return LastingStore(MemoryStore())


@st.cache_resource(show_spinner=False)
def _profiles() -> Bounded[NormProfile]:
    return Bounded(MAX_PROFILES)


@st.cache_resource(show_spinner=False)
def registries() -> Bounded[pd.DataFrame]:
    """Tables of registries by the id under which they were kept; an id never names another table."""
    return Bounded(MAX_REGISTRIES)


def _private_store() -> MemoryStore:
    return private.memory().thing("datasets", lambda: MemoryStore(MAX_PRIVATE_DATASETS, MAX_PRIVATE_BYTES))


def _private_results() -> Results:
    """In the session's own memory, which forgets when asked or left alone; a cache of Streamlit's would not."""
    return private.memory().thing("results", lambda: Results(MAX_PRIVATE_RESULTS, MAX_PRIVATE_RESULT_BYTES))


def _seen_columns() -> dict[str, tuple[ColumnMatch, ...]]:
    return private.memory().thing("columns", dict)


def _personal_ids() -> set[str]:
    return private.memory().thing("personal", set)


def new_id() -> str:
    """An id that cannot be guessed (132 bits), short enough for a link."""
    return secrets.token_urlsafe(18)[:22]


def keep_export(export: Export, *, is_demo: bool = False, dataset_id: str | None = None) -> Dataset:
    """Keep an export and the tables beside it; return its main dataset.

    Tables that may name people go to the session's own store, all others to the one shared by link.
    With `dataset_id` the dataset is replaced and its version grows.
    """
    run_changed()
    before = _whole(dataset_id) if dataset_id else None
    owner = access.who().identity
    root = dataset_id or new_id()
    version = before.version + 1 if before else 1
    public = tuple(other for other in export.also if other.kind not in PERSONAL_KINDS)
    private = tuple(other for other in export.also if other.kind in PERSONAL_KINDS)
    for number, other in enumerate(private):
        _private_store().put(
            Dataset(
                f"{root}{PRIVATE_MARK}{number}", other.source.filename, other, is_demo, version, owner=owner
            )
        )
    main = Dataset(root, export.source.filename, replace(export, also=public), is_demo, version, owner=owner)
    if not main.is_personal and not is_demo:
        main = _without_people(main)
    if main.is_personal:
        _personal_ids().add(root)
        for number, other in enumerate(public):
            _shared_store().put(
                Dataset(f"{root}.{number}", other.source.filename, other, is_demo, version, owner=owner)
            )
    (_private_store() if main.is_personal else _shared_store()).put(main)
    return _scoped(main)


def _without_people(dataset: Dataset) -> Dataset:
    """The dataset as other sessions may have it; its columns with all samples stay with this session."""
    _seen_columns()[dataset.id] = dataset.export.columns
    kept, _ = storable_export(dataset.export)
    return replace(dataset, filename=kept.source.filename, export=kept)


def own_columns(dataset: Dataset) -> tuple[ColumnMatch, ...]:
    """The dataset's columns; with every sample for the session that uploaded it."""
    return _seen_columns().get(dataset.id, dataset.export.columns)


def lookup(dataset_id: str | None) -> Dataset | None:
    """The dataset with this id: the session's own first, then the shared ones; None when it is gone.

    An editor of a municipality gets its organizations only, whatever scope the id names: all pages find data here.
    """
    found = _whole(root_id(dataset_id) if dataset_id else None)
    return None if found is None else _scoped(found)


def whole(dataset: Dataset) -> Dataset:
    """The dataset with everything in it, for a link, which carries the scope itself. Never for a page."""
    return _whole(dataset.root) or dataset


def _whole(dataset_id: str | None) -> Dataset | None:
    if not dataset_id:
        return None
    found = _private_store().get(dataset_id)
    root, dot, number = dataset_id.partition(".")
    if found is None and dot and number.isdecimal():
        found = _companion(_shared_store().get(root), int(number))
    return found or _shared_store().get(dataset_id)


def _scoped(dataset: Dataset) -> Dataset:
    within = access.scope()
    if within is None:
        return dataset
    own = _is_own(dataset)
    mark = hashlib.sha256(f"{within}/{own}".encode()).hexdigest()[:16]
    scoped_id = f"{dataset.id}@{mark}"
    key = f"{scoped_id}/{dataset.version}"
    kept = _private_narrowed() if dataset.is_personal else _narrowed()
    before = kept.find(key)
    if before is not None and before[0] is dataset:
        return before[1]
    export = narrowed(dataset.export, within, own=own)
    found = replace(
        dataset,
        id=scoped_id,
        export=export,
        region_table=None if dataset.is_personal else nameless(dataset.export.table),
    )
    kept.keep(key, (dataset, found))
    return found


def _is_own(dataset: Dataset) -> bool:
    if dataset.is_personal:
        return True  # only the session that uploaded it finds it
    identity = access.who().identity
    root = re.split(r"[.~]", dataset.id, maxsplit=1)[0]
    return bool(identity) and (dataset.owner == identity or root in st.session_state.get(OWN, ()))


@st.cache_resource(show_spinner=False)
def _narrowed() -> Bounded[tuple[Dataset, Dataset]]:
    return Bounded(MAX_NARROWED)


def _private_narrowed() -> Bounded[tuple[Dataset, Dataset]]:
    return private.memory().thing("narrowed", lambda: Bounded[tuple[Dataset, Dataset]](MAX_PRIVATE_DATASETS))


def _companion(root: Dataset | None, number: int) -> Dataset | None:
    if root is None or number >= len(root.export.also):
        return None
    export = root.export.also[number]
    return replace(root, id=f"{root.id}.{number}", filename=export.source.filename, export=export)


def companions(dataset: Dataset) -> list[Dataset]:
    """Tables that came in the same file or archive and are open to this session."""
    root = re.split(r"[.~]", dataset.root, maxsplit=1)[0]
    main = lookup(root)
    found = [main]
    if main is not None:
        found += [lookup(f"{root}.{number}") for number in range(len(main.export.also))]
        beside = (f"{root}{PRIVATE_MARK}{number}" for number in range(MAX_PRIVATE_DATASETS))
        private = map(_private_store().get, beside)  # never in the database
        found += [_scoped(one) for one in private if one is not None]
    return [other for other in found if other is not None and other.root != dataset.root]


def gone_from_session(dataset_ids: Iterable[str]) -> list[str]:
    """Those of this session's tables with names that gave way to newer ones; shared tables outlive it as drafts."""
    kept = _private_store()
    return [one for one in dataset_ids if one in _personal_ids() and one not in kept]


def keep_in_memory(dataset: Dataset) -> None:
    """Keep in memory what the database has already."""
    run_changed()
    _shared_store().keep_in_memory(dataset)


def drop_from_memory(dataset_id: str) -> None:
    """Forget what the database no longer has."""
    run_changed()
    _shared_store().drop_from_memory(dataset_id)


def forget(dataset_id: str) -> None:
    """Forget an opened file: in memory, in this session and as a draft."""
    run_changed()
    root = root_id(dataset_id)
    for number in range(MAX_PRIVATE_DATASETS):
        _private_store().drop(f"{root}{PRIVATE_MARK}{number}")
    _private_store().drop(root)
    _seen_columns().pop(root, None)
    _private_results().clear()
    _private_stills().clear()
    _shared_store().forget(root)


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
    return compute_of(func, dataset, profile_key, *params)


def compute_of(func: Callable[..., Any], dataset: Dataset, profile_key: str, *params: Hashable) -> Any:
    """`compute` for a dataset that this run has looked up already."""
    name = f"{func.__module__}.{func.__qualname__}"
    shared = _bulky_results if getattr(func, "is_bulky", False) else _results
    kept = _private_results() if dataset.is_personal else shared()
    return kept.find(
        (name, dataset.id, dataset.version, profile_key, params),
        lambda: _run(func, dataset.id, profile_key, params),
    )


def stills_of(dataset: Dataset, profile_key: str, name: str, *params: Hashable) -> Stills:
    """What was drawn of the same data, profile and parameters; where people may be named, in this session only."""
    kept = _private_stills() if dataset.is_personal else _stills()
    key = (name, dataset.id, dataset.version, profile_key, params)
    found = kept.find(key)
    if found is None:
        found = Stills(MAX_LOOKS, MAX_STILL_BYTES)
        kept.keep(key, found)
    return found


def bulky(func: Callable[..., T]) -> Callable[..., T]:
    """Mark a function for `compute` whose results are large, a row an organization: fewer of them are kept."""
    func.is_bulky = True  # type: ignore[attr-defined]
    return func


def _run(func: Callable[..., Any], dataset_id: str, profile_key: str, params: tuple[Hashable, ...]) -> Any:
    from sferum_ui.profiles import profile_by_key  # noqa: PLC0415 - profiles keep theirs here

    dataset = lookup(dataset_id)
    if dataset is None:
        raise LookupError(dataset_id)
    before = in_use.set(profile_key)
    try:
        return func(dataset, profile_by_key(profile_key), *params)
    finally:
        in_use.reset(before)


@st.cache_resource(show_spinner=False)
def _results() -> Results:
    return Results(MAX_RESULTS, MAX_RESULT_BYTES)


@st.cache_resource(show_spinner=False)
def _bulky_results() -> Results:
    return Results(MAX_BULKY, MAX_BULKY_BYTES)


@st.cache_resource(show_spinner=False)
def _stills() -> Bounded[Stills]:
    return Bounded(MAX_STILLS)


def _private_stills() -> Bounded[Stills]:
    return private.memory().thing("stills of data", lambda: Bounded[Stills](MAX_PRIVATE_STILLS))


def calm_collector() -> None:
    """Take what is loaded by now out of the garbage collector's sight, after the 3rd and the 30th run.

    Modules and shared tables live as long as the server; walking over them cost a rerun 100 ms now and then.
    """
    if next(_RUNS) in _CALM_AT:
        gc.collect()
        gc.freeze()
