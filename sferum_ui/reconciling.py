"""Сверка behind the page: whose registry it is, the answers given, organizations that wait; the demo keeps its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from sferum_core import read_export
from sferum_core.access import Act, within
from sferum_core.model import Export, ExportKind
from sferum_core.norms import NormProfile
from sferum_core.reconciliation import reconcile
from sferum_core.reconciliation_lists import Lists, reconciliation_lists
from sferum_core.waiting import Organization, waiting_places
from sferum_store import Answer, KeptRegistry, NotFound, StoreError, WaitingMark
from sferum_ui import access, cache, demo, history, library, sharing, visitor
from sferum_ui.cache import Dataset
from sferum_ui.profiles import DEFAULT_PROFILE

T = TypeVar("T")
DEMO_REGISTRY = "demo-registry"
_DEMO_ANSWERS, _DEMO_WAITING = "_rec_demo_answers", "_rec_demo_waiting"
GIVEN = tuple[tuple[tuple[tuple[str, str], ...], bool], ...]
"""Answers as a part of a cache's key."""


@dataclass(frozen=True)
class Registry:
    """The registry to compare with: its id, file, size, since when and by whom (empty for the demo's)."""

    id: str
    filename: str
    row_count: int
    put_at: dt.datetime | None = None
    put_by: str = ""


def region(dataset: Dataset) -> str | None:
    """Whose registry, answers and marks they are; None while nobody has said."""
    return None if dataset.is_demo else history.region_of(dataset)


def why_fixed(dataset: Dataset) -> str:
    """Why nothing can be changed here, a Russian sentence; "" where it can."""
    if sharing.current() is not None:
        return "Страница открыта по ссылке: смотреть сверку можно, отвечать и отмечать – только в самом приложении."
    if access.scope() is not None or not access.may(Act.CORRECT):
        return "Отвечать и отмечать может редактор региона; здесь показаны организации вашего муниципалитета."
    problem = None if dataset.is_demo else library.problem()
    if problem is not None:
        return f"{problem.message} {problem.advice}"
    return ""


# -- the registry ------------------------------------------------------------------------------------


def registry(dataset: Dataset) -> Registry | None:
    """The registry kept for the dataset's region, the demo's own for the demo; None without one."""
    if dataset.is_demo:
        table = _demo_table()
        return None if table is None else Registry(DEMO_REGISTRY, _demo_file().name, len(table))
    whose = region(dataset)
    if not whose:
        return None
    kept = library.recalled(("registry", whose), lambda store: store.registries.current(whose))
    return None if kept is None else _told(kept)


def keep_registry(whose: str, export: Export, by: str) -> Registry:
    """Keep a registry for later weeks in place of an earlier one. Raises StoreError."""
    return _told(library.store().registries.put(whose, export, by=by))


def _told(kept: KeptRegistry) -> Registry:
    return Registry(kept.id, kept.filename, kept.row_count, kept.put_at, kept.put_by)


def registry_table(registry_id: str) -> pd.DataFrame:
    """The table of a registry, of what this visitor may see of it. NotFound when it was replaced or deleted meanwhile."""
    kept = cache.registries()
    found = kept.find(registry_id)
    if found is None:
        if registry_id == DEMO_REGISTRY:
            table = _demo_table()
            if table is None:
                raise NotFound("Демонстрационного реестра нет.", "Загрузите свой реестр.")
            found = table
        else:
            found = library.store().registries.open(registry_id)
        kept.keep(registry_id, found)
    seen = access.scope()
    if seen is None:
        return found
    return within(found, seen) if "municipality" in found else found.iloc[:0]


def _demo_file() -> Path:
    return demo.FOLDER / "demo_registry.xlsx"


@lru_cache(maxsize=1)
def _demo_table() -> pd.DataFrame | None:
    path = _demo_file()
    return read_export(path.read_bytes(), path.name).table if path.exists() else None


def usable(export: Export) -> Export | None:
    """The list of organizations in what was read: a registry, else organizations with figures; None without one."""
    every = [export, *export.also]
    for kind in (ExportKind.REGISTRY, ExportKind.ORGANIZATIONS):
        for one in every:
            if one.kind is kind and "organization" in one.table and one.table["organization"].notna().any():
                return one
    return None


# -- answers -----------------------------------------------------------------------------------------


def answers(dataset: Dataset) -> list[Answer]:
    """Answers that hold, in the order they were given."""
    if dataset.is_demo:
        return list(st.session_state.get(_DEMO_ANSWERS, {}).values())
    whose = region(dataset)
    if not whose:
        return []
    found = library.recalled(("answers", whose), lambda store: store.decisions.answers(whose)) or []
    return [one for one in found if access.is_inside(_place(one))]


def _place(one: Answer) -> str:
    return one.identity.get("platform_municipality") or one.identity.get("registry_municipality", "")


def identity(row: Mapping[str, Any]) -> dict[str, str]:
    """What names the two sides of a pair in later weeks; `row` is of a list of pairs."""
    parts = {
        "platform_id": "organization_id",
        "platform_name": "organization",
        "platform_municipality": "municipality",
        "registry_id": "registry_id",
        "registry_inn": "inn",
        "registry_ogrn": "ogrn",
        "registry_name": "registry_organization",
        "registry_municipality": "registry_municipality",
    }
    return {
        part: str(row[column]) for part, column in parts.items() if column in row and not pd.isna(row[column])
    }


def decide(dataset: Dataset, named: Mapping[str, str], accepted: bool) -> None:
    """Remember an answer, with date and person. Raises StoreError."""
    by = visitor.name()
    if dataset.is_demo:
        kept = st.session_state.setdefault(_DEMO_ANSWERS, {})
        kept[tuple(sorted(named.items()))] = Answer(dict(named), accepted, _now(), by)
        return
    whose = region(dataset)
    if whose:
        library.store().decisions.record(whose, named, accepted, by=by)


def take_back(dataset: Dataset, named: Mapping[str, str]) -> None:
    """Take an answer back. Raises StoreError."""
    if dataset.is_demo:
        st.session_state.get(_DEMO_ANSWERS, {}).pop(tuple(sorted(named.items())), None)
        return
    whose = region(dataset)
    if whose:
        library.store().decisions.undo(whose, named, by=visitor.name())


def given(found: Iterable[Answer]) -> GIVEN:
    """The answers as a part of a cache's key."""
    return tuple((tuple(sorted(one.identity.items())), one.accepted) for one in found)


# -- the result --------------------------------------------------------------------------------------


@cache.bulky
def compared(dataset: Dataset, profile: NormProfile, registry_id: str, answered: GIVEN) -> Lists:
    """The lists of a сверка. Raises NotFound when the registry is gone."""
    platform, own = dataset.export.table, registry_table(registry_id)
    result = reconcile(platform, own, [{**dict(named), "accepted": accepted} for named, accepted in answered])
    return reconciliation_lists(platform, own, result)


def lists(dataset: Dataset, registry_id: str, answered: GIVEN) -> Lists:
    """The same from the cache, whatever the norm profile."""
    found: Lists = cache.compute_of(compared, dataset, DEFAULT_PROFILE, registry_id, answered)
    return found


# -- who waits ---------------------------------------------------------------------------------------


def marks(dataset: Dataset) -> list[WaitingMark]:
    """Organizations marked as waiting for deactivation."""
    if dataset.is_demo:
        return list(st.session_state.get(_DEMO_WAITING, {}).values())
    whose = region(dataset)
    if not whose:
        return []
    found = library.recalled(("waiting", whose), lambda store: store.waiting.find(whose)) or []
    return [one for one in found if access.is_inside(one.organization.municipality)]


def mark(dataset: Dataset, organizations: Iterable[Organization]) -> int:
    """Mark organizations as waiting; how many are new. Raises StoreError."""
    asked = [one for one in organizations if one.has_identity]
    by = visitor.name()
    if dataset.is_demo:
        kept = st.session_state.setdefault(_DEMO_WAITING, {})
        new = [one for one in asked if one.key not in kept]
        kept.update({one.key: WaitingMark(one, _now(), by) for one in new})
        return len(new)
    whose = region(dataset)
    return library.store().waiting.mark(whose, asked, by=by) if whose else 0


def unmark(dataset: Dataset, keys: Iterable[str]) -> int:
    """Take marks back; how many there were. Raises StoreError."""
    wanted = list(keys)
    if dataset.is_demo:
        kept = st.session_state.get(_DEMO_WAITING, {})
        return sum(kept.pop(key, None) is not None for key in wanted)
    whose = region(dataset)
    return library.store().waiting.unmark(whose, wanted, by=visitor.name()) if whose else 0


def _places(
    dataset: Dataset, profile: NormProfile, marked: tuple[Organization, ...]
) -> tuple[tuple[int, str], ...]:
    return tuple(sorted(waiting_places(dataset.export.table, marked).items()))


def found_marks(dataset: Dataset, marked: Iterable[WaitingMark]) -> tuple[tuple[int, str], ...]:
    """0-based rows of the dataset that wait, with the keys of their marks."""
    asked = tuple(one.organization for one in marked)
    if not asked:
        return ()
    found: tuple[tuple[int, str], ...] = cache.compute_of(_places, dataset, DEFAULT_PROFILE, asked)
    return found


def waiting_rows(dataset: Dataset) -> tuple[int, ...]:
    """0-based rows of the dataset that wait for deactivation."""
    return tuple(place for place, _ in found_marks(dataset, marks(dataset)))


def safely(action: Callable[[], T]) -> T | None:
    """`action`; on an error of the store it is shown at the top of the next run."""
    try:
        return action()
    except StoreError as error:
        st.session_state[FAILED] = f"{error.message} {error.advice}"
        return None


FAILED = "_rec_failed"


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
