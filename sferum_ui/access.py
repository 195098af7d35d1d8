"""The one place that pages ask: who is here, what they may do, whose organizations they see."""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sferum_core.access import NOWHERE, Act, Person, Role, narrower, scope_of
from sferum_store import Forbidden, Link, SettingsError, Store, StoreError, settings
from sferum_ui import identity, tickets

T = TypeVar("T")
_PERSON, _ACTIVE, _ENDED, _LINK = "_access_person", "_access_active", "_access_ended", "_access_link"
_FRESH = 1.0  # seconds for which a run asks its cookie once
_OFF = "none"


@dataclass(frozen=True)
class _Acting:
    """On whose behalf a server's thread works, outside of a session."""

    person: Person
    scope: str | None


_acting: ContextVar[_Acting | None] = ContextVar("acting", default=None)


def mode() -> str:
    """How people sign in; a wrong setting opens nothing."""
    try:
        return settings().sign_in
    except SettingsError:
        return "password"


def hosts() -> list[str]:
    """Names under which this server answers; empty for any, as when the settings are wrong, which the pages say."""
    try:
        return identity.allowed_hosts(settings())
    except SettingsError:
        return []


def who() -> Person:
    """The visitor of this run, of this download, or a stranger."""
    acting = _acting.get()
    if acting is not None:
        return acting.person
    if mode() == _OFF:
        return identity.EVERYBODY
    if get_script_run_ctx(suppress_warning=True) is None:
        return identity.STRANGER
    at, person = st.session_state.get(_PERSON, (0.0, identity.STRANGER))
    if time.monotonic() - at > _FRESH:
        person = _asked()
        st.session_state[_PERSON] = (time.monotonic(), person)
    if person.role is Role.STRANGER and _link() is not None:
        return Person(Role.VIEWER)
    return cast("Person", person)


def may(act: Act) -> bool:
    """Whether the visitor may do it."""
    return who().may(act)


def is_personal() -> bool:
    """Whether people are told apart: each signs in as themselves."""
    return mode() in ("oidc", "headers") and bool(who().identity)


def require(act: Act) -> None:
    """Forbidden, with a Russian sentence, when the visitor may not."""
    if not may(act):
        raise Forbidden(f"Этого вам нельзя: {act.label}.", "Войдите или попросите администратора о доступе.")


def scope() -> str | None:
    """The key of the only municipality whose organizations are shown now; None for all."""
    acting = _acting.get()
    if acting is not None:
        return acting.scope
    link = _link()
    of_link = link.scope if link is not None else None
    if mode() == _OFF:
        return of_link
    person = who()
    if person.role is Role.STRANGER:
        return NOWHERE
    return narrower(person.scope, of_link)


def is_inside(municipality: str) -> bool:
    """Whether what belongs to a municipality may be shown by name."""
    within = scope()
    return within is None or scope_of(municipality) == within


def show_link(link: Link | None) -> None:
    """The link this run shows, None when it shows none: its scope holds, and a stranger is its viewer."""
    if link is None:
        st.session_state.pop(_LINK, None)
    else:
        st.session_state[_LINK] = link


def _link() -> Link | None:
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    return cast("Link | None", st.session_state.get(_LINK))


def _asked() -> Person:
    from sferum_ui import library  # noqa: PLC0415 - the library asks who may

    try:
        store = library.whole_store()
    except StoreError:
        return identity.STRANGER
    try:
        person = _of_request(store)
    except StoreError:
        return identity.STRANGER
    return _awake(store, person)


def _of_request(store: Store) -> Person:
    how = mode()
    if how == "password":
        return identity.by_password(store, cookie())
    if how == "headers":
        return identity.by_headers(store, dict(st.context.headers), peer())
    user = cast("dict[str, object]", st.user.to_dict())
    return identity.by_claims(store, user) if user.get("is_logged_in") else identity.STRANGER


def _awake(store: Store, person: Person) -> Person:
    """An open page that nobody used for long is signed out, as its cookie would be."""
    if person.role is Role.STRANGER:
        st.session_state.pop(_ACTIVE, None)
        return person
    now = time.monotonic()
    before = st.session_state.get(_ACTIVE, now)
    if now - before > store.settings.sign_in_idle_minutes * 60:
        st.session_state[_ENDED] = True
    if st.session_state.get(_ENDED):
        return identity.STRANGER
    st.session_state[_ACTIVE] = now
    return person


def cookie() -> str:
    """The browser's session cookie; "" for none."""
    kept = st.context.cookies.get(tickets.COOKIE, "")
    return kept if isinstance(kept, str) else ""


def peer() -> str:
    """The address the connection comes from; Streamlit hides the server's own."""
    known = st.context.ip_address
    return known if isinstance(known, str) and known else "127.0.0.1"


def on_behalf(builder: Callable[..., T]) -> Callable[..., T]:
    """The builder of a download, as the visitor of this run: the server's thread knows nothing of the session."""
    acting = _Acting(who(), scope())

    @functools.wraps(builder)
    def build(*given: Any, **named: Any) -> T:
        before = _acting.set(acting)
        try:
            require(Act.DOWNLOAD)
            return builder(*given, **named)
        finally:
            _acting.reset(before)

    return build


def of_the_server(task: Callable[[], T]) -> Callable[[], T]:
    """A task of the server's own thread, which nobody asked for and which shows nothing: all of the data."""

    def run() -> T:
        before = _acting.set(_Acting(identity.EVERYBODY, None))
        try:
            return task()
        finally:
            _acting.reset(before)

    return run


ANYONE = None
CALLS: dict[str, dict[str, Act | None]] = {
    "audit": {"record": ANYONE, "entries": Act.JOURNAL},
    "access": {"people": Act.PEOPLE, "put": Act.PEOPLE, "remove": Act.PEOPLE, "find": Act.PEOPLE},
    "corrections": {
        "for_region": Act.READ, "history": Act.OFFICE,
        "add": Act.CORRECT, "add_many": Act.CORRECT, "undo": Act.CORRECT,
    },
    "decisions": {
        "for_region": Act.READ, "answers": Act.READ, "record": Act.CORRECT, "undo": Act.CORRECT,
    },
    "drafts": {"open": Act.READ, "put": Act.UPLOAD, "replace": Act.UPLOAD, "forget": Act.UPLOAD},
    "links": {"open": ANYONE, "data": ANYONE, "make": Act.SHARE, "mine": Act.SHARE, "revoke": Act.SHARE},
    "case_forms": {
        "forms": Act.READ, "all": Act.PACKAGE, "correct": Act.PACKAGE, "undo": Act.PACKAGE,
    },
    "mailings": {
        "get": Act.READ, "for_week": Act.READ, "before": Act.READ, "counts": Act.READ, "fields": Act.PACKAGE,
        "keep_fields": Act.PACKAGE, "record": Act.SAVE, "mark": Act.SAVE, "remove": Act.SAVE,
    },
    "mappings": {"find": Act.UPLOAD, "remember": Act.UPLOAD, "all": Act.OFFICE, "forget": Act.CORRECT},
    "marks": {"find": Act.READ, "mark": Act.MARK, "unmark": Act.MARK},
    "names": {
        "is_on": ANYONE, "find": Act.ARCHIVE, "keep": Act.UPLOAD, "open": Act.ARCHIVE, "erase_one": Act.ARCHIVE,
    },
    "office": {"current": ANYONE, "address": ANYONE, "history": Act.OFFICE, "change": Act.SETTINGS},
    "profiles": {"find": ANYONE, "all": Act.READ, "keep": ANYONE},
    "registries": {
        "current": Act.READ, "open": Act.READ, "put": Act.CORRECT, "delete": Act.CORRECT,
    },
    "sums": {"read": Act.READ, "points": Act.READ},
    "tasks": {"for_week": Act.READ, "add": Act.TASKS, "change": Act.TASKS, "remove": Act.TASKS},
    "waiting": {"find": Act.READ, "mark": Act.CORRECT, "unmark": Act.CORRECT},
    "weeks": {
        "find": Act.READ, "open": ANYONE, "get": Act.READ, "regions": Act.READ, "extras": Act.READ,
        "versions": Act.ARCHIVE, "previous": Act.READ, "findings": Act.READ, "links_broken_by": Act.ARCHIVE,
        "original": Act.ORIGINAL, "save": Act.SAVE, "delete": Act.DELETE,
    },
}  # fmt: skip
"""What pages may call of the store, and the act each call is. `weeks.open` gives rows: `cache.lookup` narrows them."""


class GuardedStore:
    """The store for pages: every call asks whether the visitor may, and says who they are. What is not listed is refused."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def settings(self) -> Any:
        """The settings of the store."""
        return self._store.settings

    @property
    def writes(self) -> int:
        """How many times this process wrote."""
        return self._store.writes

    def __getattr__(self, name: str) -> Any:
        if name not in CALLS:
            raise Forbidden(f"Страницам это закрыто: {name}.")
        return _GuardedPart(name, getattr(self._store, name))


class _GuardedPart:
    def __init__(self, name: str, part: Any) -> None:
        self._name, self._part = name, part

    def __getattr__(self, name: str) -> Any:
        if name not in CALLS[self._name]:
            raise Forbidden(f"Страницам это закрыто: {self._name}.{name}.")
        act = CALLS[self._name][name]
        call = getattr(self._part, name)
        if not callable(call):
            return call

        def guarded(*given: Any, **named: Any) -> Any:
            if act is not None:
                require(act)
            person = who()
            within = scope()
            if "office" in named and within is not None and scope_of(str(named["office"])) != within:
                raise Forbidden("Поручение можно дать только своему муниципалитету.")
            parameters = inspect.signature(call).parameters
            for one in ("by", "who"):
                if one in parameters and person.identity:
                    named[one] = person.identity
            return call(*given, **named)

        return guarded
