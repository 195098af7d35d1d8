"""A shared link: what it opens, making one, and who made it."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

import streamlit as st

from sferum_core.access import Act
from sferum_core.norms import NormProfile
from sferum_store import Bound, GoneReason, Lifetime, Link, LinkGone, Store, TooMany, opens_elsewhere
from sferum_ui import access, cache, identity, library, links, profiles, visitor
from sferum_ui.cache import Dataset

MAKER_COOKIE = "sferum_maker"
ROUTE = "/s/"
_SHARED = "_shared_link"
_MAKER = "_maker"
_WHO = "_who"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, eq=False)
class Shared:
    """An open link with its data, frozen as they were."""

    link: Link
    dataset: Dataset
    profile_key: str


def resolve() -> None:
    """Look the link of this address up, once a run. LinkGone when it opens nothing."""
    token = links.read(links.LINK)
    if not token:
        _close()
        return
    _close()
    links.write(links.DATA, "")
    link = _of_session(token)
    access.show_link(link)  # its scope holds before its data are looked up
    dataset = library.linked_dataset(link)
    if dataset is None:
        access.show_link(None)
        raise LinkGone(GoneReason.DELETED)
    cache.run_changed()
    st.session_state[_SHARED] = Shared(link, dataset, _profile_key(link))


LINK_WINDOW = dt.timedelta(minutes=10)
_GOOD, _BAD = "_link_known_good", "_link_known_bad"


def looked_up(store: Store, token: str, address: str) -> Link:
    """The link of a token. Wrong ones are counted for the address, in all processes; TooMany when it tried too many."""
    chosen = store.settings
    bound = Bound("link", chosen.link_failures, chosen.link_failures_overall, LINK_WINDOW)
    if not _TOKEN.fullmatch(token):
        raise LinkGone(GoneReason.UNKNOWN)  # no token at all: nothing is guessed by it
    wait = store.attempts.wait_seconds(bound, address)
    if wait:
        raise TooMany("С этого адреса открывали слишком много неверных ссылок.", wait)
    try:
        return store.links.open(token)
    except LinkGone as error:
        if error.reason is GoneReason.UNKNOWN:
            store.attempts.failed(bound, address)
        raise


def _of_session(token: str) -> Link:
    """The link, counted once a session however often the page is drawn."""
    store = library.whole_store()
    if st.session_state.get(_GOOD) == token:
        return library.recall(("link", token), lambda opened: opened.links.open(token))
    if st.session_state.get(_BAD) == token:
        raise LinkGone(GoneReason.UNKNOWN)
    try:
        link = looked_up(
            store, token, identity.client_address(store.settings, access.peer(), st.context.headers.to_dict())
        )
    except LinkGone as error:
        if error.reason is GoneReason.UNKNOWN:
            st.session_state[_BAD] = token
        raise
    st.session_state[_GOOD] = token
    return link


def _profile_key(link: Link) -> str:
    """The key under which the link's own norms are known here: a built-in profile as it was, or one kept by content."""
    known = link.profile_key
    if not known.startswith(profiles.OWN_PREFIX) and profiles.profile_by_key(known) == link.profile:
        return known
    return profiles.keep(link.profile)


def current() -> Shared | None:
    """The open link of this run, or None."""
    return st.session_state.get(_SHARED)


def leave() -> None:
    """Go on without the link, to live data."""
    _close()
    links.write(links.LINK, "")


def _close() -> None:
    cache.run_changed()
    st.session_state.pop(_SHARED, None)
    access.show_link(None)


def maker() -> str:
    """The key under which links are listed: the signed-in person's, else this browser's, random and kept in a cookie."""
    person = access.who()
    if access.is_personal():
        secret = library.whole_store().access.secret()
        return hmac.new(secret, f"links of {person.identity}".encode(), hashlib.sha256).hexdigest()
    kept = visitor.cookie(MAKER_COOKIE)
    if _TOKEN.fullmatch(kept):
        return kept
    return str(st.session_state.setdefault(_MAKER, cache.new_id()))


def cookie_script() -> str:
    """A script that keeps the browser's key, "" when it is kept."""
    if visitor.cookie(MAKER_COOKIE) or access.is_personal():
        return ""
    cookie = f"{MAKER_COOKIE}={maker()}; path=/; max-age=63072000; samesite=lax"
    return f"<script>if (!/{MAKER_COOKIE}=/.test(document.cookie)) document.cookie = {cookie!r};</script>"


def make(
    dataset: Dataset,
    page: str,
    title: str,
    profile: NormProfile,
    lifetime: Lifetime,
    without: tuple[str, ...] = (),
) -> Link:
    """A link to this page with its data and its filters but those named. StoreError when it can't be made."""
    access.require(Act.SHARE)
    within = access.scope()
    dataset = cache.whole(dataset)
    opened = library.store()
    week = dataset.saved.id if dataset.saved else None
    passing = (
        dataset.is_demo or dataset.snapshot is not None
    )  # the link keeps the data, the draft is not needed
    draft = None
    if week is None:
        kept_as = None if passing else dataset.id
        draft = opened.drafts.put(
            dataset.export, draft_id=kept_as, filename=dataset.filename, is_demo=dataset.is_demo
        ).id
    link = opened.links.make(
        maker=maker(),
        page=page,
        title=title,
        profile=profile,
        profile_key=_norms(profile),
        week_id=week,
        draft_id=draft,
        filters={name: values for name, values in links.filters().items() if name not in without},
        lifetime=lifetime,
        scope=within,
    )
    if draft is not None and passing:
        opened.drafts.forget(draft)
    return link


def _norms(profile: NormProfile) -> str:
    key = links.read(links.NORMS)
    return key or profile.name


def address(link: Link) -> str:
    """The short address of a link, by the address colleagues use when it is known."""
    return f"{origin()}{ROUTE}{link.token}"


def origin() -> str:
    """Where colleagues reach the app: the office's address, else the one in this browser."""
    known = library.recalled("address", lambda opened: opened.office.address())
    if known:
        return known.rstrip("/")
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def opens_for_others() -> bool:
    """Whether the links made now open on another computer."""
    return opens_elsewhere(origin())


def path_of(link: Link, token: str) -> str:
    """The page of a link with its filters, relative to the app's root."""
    pairs = [(links.LINK, token)]
    for name, values in link.filters.items():
        pairs += [(name, value) for value in ([values] if isinstance(values, str) else values)]
    return f"{link.page}?{urlencode(pairs, quote_via=quote)}"


def plain(token: str) -> str:
    """A token that can stand in an address; anything else becomes one that opens nothing."""
    return token if _TOKEN.fullmatch(token) else "x"


def day(moment: dt.datetime) -> str:
    """«04.04.2024» in the server's time zone."""
    return f"{moment.astimezone():%d.%m.%Y}"
