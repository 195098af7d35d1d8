"""Fields of the letter beyond the session: the office's lasting ones with the office, a week's with its letters."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import streamlit as st

from sferum_store import week_of_letters
from sferum_ui import library, sharing, state, visitor
from sferum_ui.cache import Dataset

LASTING = {
    "office": "letterhead",
    "position": "signatory_post",
    "name": "signatory_name",
    "executor": "executor",
    "phone": "executor_phone",
    "region_support": "support_region",
}
"""Fields of a letter that are the office's own, and its settings for them."""

DATES = ("date", "reply_date", "deadline", "earlier_date")
WIDGETS = "pkg_field_"
_FIELDS, _ABOUT, _KEPT = "_letter_fields", "_letter_about", "_letter_kept"


def about(dataset: Dataset) -> str:
    """What the fields are kept under: the week of its region, else the file alone."""
    whose, period = state.whose(dataset), dataset.export.period
    return dataset.id if whose is None or period is None else week_of_letters(whose, period.end)


def lasting() -> dict[str, Any]:
    """What the office said about itself once."""
    office = library.office()
    if office is None:
        return {}
    found = {name: getattr(office, setting) for name, setting in LASTING.items()}
    return {**found, "office": office.letterhead or office.name}


def fields(dataset: Dataset) -> dict[str, Any]:
    """The fields of this session; another week's, or what the office changed meanwhile, is read anew."""
    own, office = about(dataset), {} if dataset.is_demo else lasting()
    if st.session_state.get(_ABOUT) != (own, office):
        kept = library.quietly(lambda store: store.mailings.fields(own)) or {}
        st.session_state[_FIELDS] = {**(office or lasting()), **_read(kept)}
        st.session_state[_ABOUT] = (own, office)
        st.session_state[_KEPT] = dict(st.session_state[_FIELDS])
        forget_widgets()
    found: dict[str, Any] = st.session_state[_FIELDS]
    return found


def forget_widgets() -> None:
    """Let the form show what is kept, not what was typed before."""
    for key in [key for key in st.session_state if str(key).startswith(WIDGETS)]:
        del st.session_state[key]


def set_fields(dataset: Dataset, **values: Any) -> None:
    """Fill fields in for the user."""
    fields(dataset).update(values)
    forget_widgets()


def keep(dataset: Dataset) -> None:
    """Keep what changed; a frozen page keeps nothing. Without a database the session remembers alone."""
    given, before = st.session_state[_FIELDS], st.session_state[_KEPT]
    if given == before or sharing.current() is not None:
        return
    st.session_state[_KEPT] = dict(given)
    own, mine = about(dataset), set(given) if dataset.is_demo else set(given) - set(LASTING)
    if any(given.get(name) != before.get(name) for name in mine):
        texts = _written({name: given[name] for name in mine})
        library.quietly(lambda store: store.mailings.keep_fields(own, texts, by=visitor.name()))
    changed = {
        LASTING[name]: given.get(name) or ""
        for name in LASTING
        if name not in mine and given.get(name) != before.get(name)
    }
    if changed:
        library.quietly(lambda store: store.office.change(changed, by=visitor.name()))
        st.session_state[_ABOUT] = (own, lasting())


def _written(values: dict[str, Any]) -> dict[str, str]:
    texts = {}
    for name, value in values.items():
        if isinstance(value, dt.date):
            texts[name] = value.isoformat()
        elif isinstance(value, tuple):
            texts[name] = json.dumps(value, ensure_ascii=False)
        elif value:
            texts[name] = str(value)
    return texts


def _read(texts: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, text in texts.items():
        try:
            if name in DATES:
                values[name] = dt.date.fromisoformat(text)
            elif name == "unanswered":
                values[name] = tuple(map(str, json.loads(text)))
            else:
                values[name] = text
        except ValueError:
            continue
    return values
