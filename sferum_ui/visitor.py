"""Who is at the browser: a name for marks, as the visitor gives it, remembered in a cookie; no sign-in."""

from __future__ import annotations

import json
from urllib.parse import quote, unquote

import streamlit as st

from sferum_ui import access

COOKIE = "sferum_name"
MOST = 100
_NAME = "_visitor_name"


def cookie(named: str) -> str:
    """What this browser remembers under a name; "" for nothing."""
    kept = st.context.cookies.get(named, "")
    return kept if isinstance(kept, str) else ""


def name() -> str:
    """The name given in this session, else the one this browser remembers; "" for none."""
    signed_in = access.who().identity
    if signed_in:
        return signed_in
    given = st.session_state.get(_NAME)
    return str(given) if given is not None else unquote(cookie(COOKIE))[:MOST]


def remember(given: str) -> None:
    """Use this name from now on."""
    st.session_state[_NAME] = " ".join(given.split())[:MOST]


def script() -> str:
    """A script that writes the cookie, "" when nothing changed."""
    given = st.session_state.get(_NAME)
    if given is None or given == unquote(cookie(COOKIE)):
        return ""
    written = f"{COOKIE}={quote(given, safe='')}; path=/; max-age=63072000; samesite=lax"
    return f"<script>document.cookie = {json.dumps(written)};</script>"
