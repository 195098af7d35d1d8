"""Tables in Russian: a short one as text, a long one as the data grid, shares as bars, statuses as words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from sferum_core import wording
from sferum_ui.components.copying import copy_button
from sferum_ui.components.text import escape_markdown
from sferum_ui.theme import status_html

ROW_HEIGHT = 35
MAX_ROWS_IN_VIEW = 14


def status_badge(status: str) -> None:
    """A status as word, sign and colour."""
    st.html(status_html(status))


_PADDING = " "  # before digits in every order of letters; the cell is right-aligned, so it does not show
_SHARE_WIDTH = 9  # «1 234,5 %»
_NO_WORDS = " "


def share_cells(shares: Iterable[float | None]) -> list[str | None]:
    """«  5,0 %» for fractions, None where missing: the same in every browser, and in order when sorted as text."""
    return [
        None if pd.isna(share) else wording.percent(share).rjust(_SHARE_WIDTH, _PADDING) for share in shares
    ]


def share_column(label: str, *, help_text: str | None = None, width: int | None = None) -> ColumnConfig:
    """The column of `share_cells`, right-aligned."""
    return st.column_config.TextColumn(label, help=help_text, alignment="right", width=width)


def bar_column(*, top: float = 1.0, help_text: str | None = None, width: int = 90) -> ColumnConfig:
    """A bar for each fraction, without its number: `top` fills it. Put it beside a `share_column`."""
    return st.column_config.ProgressColumn(
        _NO_WORDS,
        min_value=0.0,
        max_value=max(top, 1e-9),
        format=_NO_WORDS,
        help=help_text,
        width=width,
    )


def table(
    frame: pd.DataFrame,
    columns: Mapping[str, str | ColumnConfig],
    *,
    key: str,
    alt: str,
    selectable: bool = False,
    rows_in_view: int = MAX_ROWS_IN_VIEW,
    copyable: bool = True,
) -> int | None:
    """The data grid with the columns named in `columns` (code to Russian title or a column config), in order.

    An empty cell is a dash; under the table stands «Скопировать таблицу» if it is `copyable`.
    Returns the 0-based position of the chosen row when `selectable`, else None.
    """
    rows = min(len(frame), rows_in_view)
    shown = frame.loc[:, [code for code in columns if code in frame.columns]]
    config: dict[str, Any] = {code: columns[code] for code in shown.columns}
    event: Any = st.dataframe(
        shown,
        hide_index=True,
        column_config=config,
        key=key,
        alt=alt,
        height=ROW_HEIGHT * (rows + 1) + 3,
        on_select="rerun" if selectable else "ignore",
        selection_mode="single-row",
        row_height=ROW_HEIGHT,
        placeholder="–",
    )
    if copyable:
        copy_button(shown, config, key=key)
    if not selectable:
        return None
    chosen: Sequence[int] = event.selection.rows
    return chosen[0] if chosen and chosen[0] < len(frame) else None


def short_table(frame: pd.DataFrame, *, alt: str) -> None:
    """A table of up to some thirty rows as text, read by a keyboard and a screen reader.

    Cells are shown letter for letter: give them formatted (`wording.number`, `wording.percent`).
    """
    cells = {
        name: ["" if pd.isna(cell) else escape_markdown(cell) for cell in frame[name]]
        for name in frame.columns
    }
    st.table(pd.DataFrame(cells, dtype="str"), border="horizontal", hide_index=True, alt=alt)
