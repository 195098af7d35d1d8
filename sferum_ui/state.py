"""What is open now: the dataset and the norm profile of this page."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from sferum_core.access import Role
from sferum_core.model import ExportKind
from sferum_core.norms import NormProfile
from sferum_ui import access, cache, checking, demo, derived, history, links, profiles, sharing
from sferum_ui.cache import Dataset

__all__ = ["Dataset", "checked", "current", "open_dataset", "profile", "profile_key", "require"]

DATE, _LAST_DATE = "data_date", "_data_date_before"
DEMO_REGION = "Демонстрационная область"


def current() -> Dataset | None:
    """The dataset of the shared link or the one named in the URL, or the one this session opened last."""
    return cache.once_a_run("open dataset", _current)


def _current() -> Dataset | None:
    shared = sharing.current()
    if shared is not None:
        return shared.dataset
    named = links.read(links.DATA)
    if ":" in named or access.who().role is Role.STRANGER:
        return None
    found = cache.lookup(named)
    if found is None and demo.is_available(named):
        with st.spinner("Открываем демонстрационную область…"):
            return demo.open_demo(named)
    return found


def was_dropped() -> bool:
    """Whether the link names a dataset that this server no longer has."""
    named = links.read(links.DATA)
    return bool(named) and current() is None


def open_dataset(dataset: Dataset) -> None:
    """Make the dataset the open one, in this session and in the URL; a shared link is left."""
    open_id(dataset.root)


def open_id(dataset_id: str) -> None:
    """`open_dataset` for a button, by the id alone: Streamlit keeps what a button is given as long as the page is open."""
    sharing.leave()
    links.write(links.DATA, cache.root_id(dataset_id))


def close() -> None:
    """Leave the open dataset."""
    sharing.leave()
    links.write(links.DATA, "")


def require(*kinds: ExportKind) -> Dataset:
    """The open dataset of one of `kinds`, else a table of that kind from the same file, else one made from it.

    A file of teachers is opened as the organizations it adds up to; of several dates one is taken.
    When nothing fits, shows what the page needs with a way out, and stops the page.
    """
    from sferum_ui.components import empty_state  # noqa: PLC0415 - components show the state

    opened = current()
    if opened is not None:
        beside = () if opened.export.kind in kinds else cache.companions(opened)
        for candidate in (opened, *beside):
            if candidate.export.kind in kinds:
                return derived.of_one_date(candidate, _chosen_date(candidate))
        other = derived.instead(opened, kinds)
        if other is not None:
            open_dataset(other)
            st.rerun()
    empty_state(kinds, opened, dropped=was_dropped())
    raise AssertionError("the page has been stopped")


def _chosen_date(dataset: Dataset) -> dt.date | None:
    """The date to report on, asked in the sidebar where a table holds several; the latest by default."""
    days = derived.dates_of(dataset)
    if not days:
        return None
    from sferum_ui.components import one_of  # noqa: PLC0415 - components show the state

    with st.sidebar:
        options = [f"{day:%d.%m.%Y}" for day in days]
        before = st.session_state.get(_LAST_DATE)  # a widget forgets itself on the way to another page
        chosen = one_of("Дата (за 7 дней до неё)", options, DATE, default=before)
        st.session_state[_LAST_DATE] = chosen
        st.caption("В файле несколько дат. Отчёты берут одну, даты не складываются.")
    return days[options.index(chosen)] if chosen in options else days[0]


def profile_key() -> str:
    """A stable key of the chosen profile: its name, or the hash of a user's own one."""
    working = cache.profile_in_use()
    return working or cache.once_a_run("norms", _profile_key)


def _profile_key() -> str:
    chosen = links.read(links.NORMS)
    shared = sharing.current()
    if shared is not None and not chosen:
        return shared.profile_key
    return chosen if chosen and profiles.is_known(chosen) else profiles.DEFAULT_PROFILE


def profile() -> NormProfile:
    """The chosen norm profile."""
    return profiles.profile_by_key(profile_key())


def checked(dataset: Dataset) -> checking.Checked:
    """What is wrong with a dataset under the chosen norms, and the verdict on it."""
    return checking.of(dataset, profile_key())


def whose(dataset: Dataset) -> str | None:
    """Whose tasks and letters go with the data: the demo region's own for the demo, else the region they belong to."""
    return DEMO_REGION if dataset.is_demo else history.region_of(dataset)


def region(dataset: Dataset) -> str:
    """What the data is about, for the line of context: the region of the archive, the demo region or the file."""
    if dataset.saved is not None:
        return dataset.saved.region
    return DEMO_REGION if dataset.is_demo else dataset.filename


def context_line(dataset: Dataset) -> str:
    """«Демонстрационная область · 29.03–04.04.2024 · нормы: Челябинская область, 2024»."""
    period = dataset.export.period
    parts = [region(dataset), period.label if period else "период не указан", f"нормы: {profile().title}"]
    return " · ".join(parts)
