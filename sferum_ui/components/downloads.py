"""Workbooks and text files built on the click, in a worker thread, never on a rerun."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download_xlsx(
    label: str,
    builder: Callable[[], bytes],
    file_name: str,
    key: str,
    *,
    primary: bool = False,
    help_text: str | None = None,
    disabled: bool = False,
) -> None:
    """A button that calls `builder` when clicked. It runs without session state: bind everything it needs
    with `functools.partial` over plain values (dataset, profile, filters)."""
    st.download_button(
        label,
        data=builder,
        file_name=file_name,
        mime=XLSX,
        key=key,
        on_click="ignore",
        type="primary" if primary else "secondary",
        help=help_text,
        disabled=disabled,
    )


def download_csv(label: str, builder: Callable[[], bytes], file_name: str, key: str) -> None:
    """A button for a table as text; `builder` as for `download_xlsx`."""
    st.download_button(label, data=builder, file_name=file_name, mime="text/csv", key=key, on_click="ignore")
