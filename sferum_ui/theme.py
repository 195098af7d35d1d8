"""The look that config.toml cannot say: status colours, dense spacing, print, Russian built-in texts."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from sferum_core.model import Status
from sferum_core.palette import INK, STATUS_COLOURS
from sferum_ui.intake import FORMATS
from sferum_ui.russian import BUILT_IN_TEXTS, PATTERNS
from sferum_ui.stills import still

STATIC = Path(__file__).parent / "static"


@cache
def _style() -> str:
    light, dark = STATUS_COLOURS["light"], STATUS_COLOURS["dark"]
    rules = []
    for status in Status:
        pair = f"light-dark({light[status].text}, {dark[status].text})"
        rules.append(
            f".sf-{status.value} {{ --sf-status: {light[status].text}; }}\n"
            f"@supports (color: light-dark(red, red)) {{ .sf-{status.value} {{ --sf-status: {pair}; }} }}"
        )
    muted = f"light-dark({INK['light'].muted}, {INK['dark'].muted})"
    accent = f"light-dark({INK['light'].accent}, {INK['dark'].accent})"
    doubt = f"light-dark({light[Status.TARGET_MISSED].text}, {dark[Status.TARGET_MISSED].text})"
    root = f".stApp {{ --sf-muted: {muted}; --sf-accent: {accent}; --sf-doubt: {doubt}; }}"
    css = (STATIC / "app.css").read_text(encoding="utf-8")
    return f"<style>{root}\n" + "\n".join(rules) + f"\n{css}</style>"


@cache
def _script() -> str:
    code = (STATIC / "russian.js").read_text(encoding="utf-8")
    accept = ",".join(f".{ending}" for ending in FORMATS)
    data = json.dumps({"texts": BUILT_IN_TEXTS, "patterns": PATTERNS, "accept": accept}, ensure_ascii=False)
    return f"<script>({code})({data});</script>"


def apply() -> None:
    """Add the styles and the Russian texts to the page."""
    still(_put_style, aside=True)
    still(_put_script)


def _put_style() -> None:
    st.html(_style())


def _put_script() -> None:
    st.html(_script(), unsafe_allow_javascript=True)


def status_html(status: str, text: str | None = None) -> str:
    """A status as word, sign and colour, for `st.html`; safe for any `text`."""
    known = Status(status) if status in set(Status) else Status.NO_DATA
    label = known.label if text is None else text
    return (
        f'<span class="sf-status sf-{known.value}">'
        f'<span class="sf-sign" aria-hidden="true">{known.sign}</span> {escape(label)}</span>'
    )


def status_text(status: str) -> str:
    """«▼ Ниже нормы»: sign and word, for cells of a table and options of a filter."""
    known = Status(status) if status in set(Status) else Status.NO_DATA
    return f"{known.sign} {known.label}"


VERDICT_STATUS = {
    "Можно работать": (Status.TARGET_MET, "✓"),
    "Можно работать, но…": (Status.TARGET_MISSED, "▲"),
    "Нужно исправить": (Status.BELOW_NORM, "✕"),
}


def verdict_html(verdict: str) -> str:
    """The verdict on a file as word, sign and colour, for `st.html`."""
    status, sign = VERDICT_STATUS[verdict]
    return f'<span class="sf-status sf-{status.value}">{sign} {escape(verdict)}</span>'
