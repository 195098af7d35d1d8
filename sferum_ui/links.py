"""What a link carries: the open dataset and the norm profile, in the URL of every page."""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import streamlit as st

DATA = "data"
NORMS = "norms"


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
    st.session_state[f"_link_{name}"] = value
    if value and st.query_params.get(name) != value:
        st.query_params[name] = value
    elif not value and name in st.query_params:
        del st.query_params[name]


def restore() -> None:
    """Put the dataset and the profile back into the URL after a change of page."""
    for name in (DATA, NORMS):
        value = read(name)
        if value and st.query_params.get(name) != value:
            st.query_params[name] = value


def kept() -> dict[str, str]:
    """What goes along to another page: the open dataset and the norm profile."""
    return {name: value for name in (DATA, NORMS) if (value := read(name))}


def address() -> str:
    """The full address of this page as it is shown now."""
    parts = urlsplit(st.context.url or "")
    pairs = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(pairs, quote_via=quote), ""))
