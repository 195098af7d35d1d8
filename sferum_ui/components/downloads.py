"""Every download: built on the click in a worker thread, on the visitor's behalf, noted in the journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from sferum_core.access import Act
from sferum_ui import access, journal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download_file(
    label: str,
    content: bytes | str | Callable[[], bytes | str],
    file_name: str,
    mime: str,
    key: str,
    *,
    kind: Literal["primary", "secondary", "tertiary"] = "secondary",
    help_text: str | None = None,
    disabled: bool = False,
    act: Act = Act.DOWNLOAD,
) -> None:
    """A button that gives a file, built when clicked; nothing for a visitor who may not have it.

    A builder runs without session state: bind everything it needs with `functools.partial` over plain values
    (dataset, profile, filters).
    """
    if not access.may(act):
        return
    st.download_button(
        label,
        data=access.on_behalf(journal.noted(content, act)),
        file_name=file_name,
        mime=mime,
        key=key,
        on_click="ignore",
        type=kind,
        help=help_text,
        disabled=disabled,
    )


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
    """A button for a workbook; `builder` as for `download_file`."""
    download_file(
        label,
        builder,
        file_name,
        XLSX,
        key,
        kind="primary" if primary else "secondary",
        help_text=help_text,
        disabled=disabled,
    )


def download_csv(label: str, builder: Callable[[], bytes], file_name: str, key: str) -> None:
    """A button for a table as text; `builder` as for `download_file`."""
    download_file(label, builder, file_name, "text/csv", key)
