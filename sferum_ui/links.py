"""What an address carries: the open dataset (or a shared link's token) and the norm profile, on every page."""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import streamlit as st

from sferum_ui.memory import run_changed

DATA = "data"
NORMS = "norms"
LINK = "link"  # the token of a shared link; it takes the place of the dataset
_KEPT = (DATA, NORMS, LINK)


def read(name: str) -> str:
    """The value in the URL, else the one this session used last; "" for none."""
    value = st.query_params.get(name, "")
    key = f"_link_{name}"
    if value:
        st.session_state[key] = value
        return value
    return st.session_state.get(key, "")


def write(name: str, value: str) -> None:
    """Remember the value for this session and put it into the URL."""
    run_changed()
    st.session_state[f"_link_{name}"] = value
    if value and st.query_params.get(name) != value:
        st.query_params[name] = value
    elif not value and name in st.query_params:
        del st.query_params[name]


def restore() -> None:
    """Put the dataset and the profile back into the URL after a change of page."""
    for name in _KEPT:
        value = read(name)
        if value and st.query_params.get(name) != value:
            st.query_params[name] = value


def filters() -> dict[str, list[str]]:
    """Everything else in the address of this page: its filters and open tabs."""
    return {
        name: st.query_params.get_all(name)
        for name in st.query_params
        if name not in _KEPT and not name.startswith("embed")
    }


def kept() -> dict[str, str]:
    """What goes along to another page: the open dataset and the norm profile."""
    return {name: value for name in _KEPT if (value := read(name))}


def address() -> str:
    """The full address of this page as it is shown now."""
    parts = urlsplit(st.context.url or "")
    pairs = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(pairs, quote_via=quote), ""))
