"""The journal's lines that pages write: uploads, openings, downloads. Kinds and periods only, each opening once a session."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from sferum_core.access import Act
from sferum_store import Action, Link, SavedWeek
from sferum_ui import access, library, navigation, state, visitor
from sferum_ui.cache import Dataset

_SEEN = "_journal_opened"


def uploaded(dataset: Dataset) -> None:
    """A file was read: its kind and period, never its name or id."""
    period = dataset.export.period
    about = dataset.export.kind.value + (f", {period.end.isoformat()}/{period.days}" if period else "")
    _record(Action.UPLOADED, "", about)


def opened(dataset: Dataset | None, link: Link | None) -> None:
    """A link or a week of the archive is shown, noted once in a session."""
    if link is not None:
        if _first(link.id):
            _record(Action.LINK_OPENED, link.id, link.page)
    elif dataset is not None and dataset.saved is not None and _first(dataset.saved.id):
        _record(Action.OPENED, dataset.saved.id, _about(dataset.saved))


def seen(week: SavedWeek) -> None:
    """The week was saved in this session: showing it is no opening."""
    _first(week.id)


def original(week: SavedWeek, who: str) -> bytes:
    """The kept file of a week, its download noted; called by the server's thread, outside of a session."""
    store = library.store()
    _, content = store.weeks.original(week.id)
    store.audit.record(Action.DOWNLOADED, who=who, subject=week.id, about=_about(week))
    return content


def noted(content: bytes | str | Callable[[], bytes | str], act: Act) -> Callable[[], bytes | str]:
    """The builder of a download that notes it: which page, whose week; called by the server's thread."""
    page = navigation.current_entry().address
    dataset = state.current()
    week = dataset.saved if dataset is not None else None
    who = visitor.name()

    def build() -> bytes | str:
        access.require(act)
        made = content() if callable(content) else content
        if act is Act.ORIGINAL:
            return made  # noted by `original`, with its week
        about = page if week is None else f"{page}, {_about(week)}"
        library.quietly(
            lambda store: store.audit.record(
                Action.DOWNLOADED, who=who, subject=week.id if week else "", about=about
            )
        )
        return made

    return build


def _first(subject: str) -> bool:
    shown: set[str] = st.session_state.setdefault(_SEEN, set())
    if subject in shown:
        return False
    shown.add(subject)
    return True


def _about(week: SavedWeek) -> str:
    return f"{week.region}, {week.kind.value}, {week.period.end.isoformat()}/{week.period.days}"


def _record(action: Action, subject: str, about: str) -> None:
    who = visitor.name()
    library.quietly(lambda store: store.audit.record(action, who=who, subject=subject, about=about))
