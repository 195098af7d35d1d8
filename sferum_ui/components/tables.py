"""Tables in Russian: a short one as text, a long one as the data grid, shares as bars, statuses as words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from sferum_ui.theme import status_html

ROW_HEIGHT = 35
MAX_ROWS_IN_VIEW = 14


def status_badge(status: str) -> None:
    """A status as word, sign and colour."""
    st.html(status_html(status))


def share_column(label: str, *, top: float = 1.0, help_text: str | None = None) -> ColumnConfig:
    """A bar for a share given in PERCENT points is never needed: give fractions, they show as «12,5 %»."""
    return st.column_config.ProgressColumn(
        label, min_value=0.0, max_value=max(top, 1e-9), format="percent", help=help_text
    )


def table(
    frame: pd.DataFrame,
    columns: Mapping[str, str | ColumnConfig],
    *,
    key: str,
    alt: str,
    selectable: bool = False,
    height: int | None = None,
) -> int | None:
    """The data grid with the columns named in `columns` (code to Russian title or a column config), in order.

    Returns the 0-based position of the chosen row when `selectable`, else None.
    """
    rows = min(len(frame), MAX_ROWS_IN_VIEW)
    shown = frame.loc[:, [code for code in columns if code in frame.columns]]
    config: dict[str, Any] = {code: columns[code] for code in shown.columns}
    event: Any = st.dataframe(
        shown,
        hide_index=True,
        column_config=config,
        key=key,
        alt=alt,
        height=height or ROW_HEIGHT * (rows + 1) + 3,
        on_select="rerun" if selectable else "ignore",
        selection_mode="single-row",
        row_height=ROW_HEIGHT,
    )
    if not selectable:
        return None
    chosen: Sequence[int] = event.selection.rows
    return chosen[0] if chosen and chosen[0] < len(frame) else None


def short_table(frame: pd.DataFrame, *, alt: str) -> None:
    """A table of up to some thirty rows as text, read by a keyboard and a screen reader.

    Cells are shown letter for letter: give them formatted (`wording.number`, `wording.percent`).
    """
    st.table(_escaped(frame), border="horizontal", hide_index=True, alt=alt)


def _escaped(frame: pd.DataFrame) -> pd.DataFrame:
    from sferum_ui.components.text import escape_markdown  # noqa: PLC0415

    shown = frame.astype(object)
    for column in shown.columns:
        shown[column] = [
            escape_markdown(cell) if isinstance(cell, str) else ("" if pd.isna(cell) else cell)
            for cell in shown[column]
        ]
    return shown
