"""Tables in Russian: a short one as text, a long one as the data grid, shares as bars, statuses as words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.dataframe_util import convert_pandas_df_to_arrow_bytes
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


def ready(frame: pd.DataFrame) -> pa.Table:
    """A table for the data grid worked out to what is sent: 3,000 rows take 10 ms, so those kept are made once."""
    return pa.ipc.open_stream(convert_pandas_df_to_arrow_bytes(frame)).read_all()


def table(
    frame: pd.DataFrame | pa.Table,
    columns: Mapping[str, str | ColumnConfig],
    *,
    key: str,
    alt: str,
    selectable: bool = False,
    rows_in_view: int = MAX_ROWS_IN_VIEW,
    copyable: bool = True,
) -> int | None:
    """The data grid with the columns named in `columns` (code to Russian title or a column config), in order.

    `frame` may come as `ready` made it. An empty cell is a dash; under the table stands «Скопировать таблицу» if it is
    `copyable`. Returns the 0-based position of the chosen row when `selectable`, else None.
    """
    rows = min(len(frame), rows_in_view)
    there = frame.column_names if isinstance(frame, pa.Table) else frame.columns
    codes = [code for code in columns if code in there]
    shown = frame.select(codes) if isinstance(frame, pa.Table) else frame.loc[:, codes]
    config: dict[str, Any] = {code: columns[code] for code in codes}
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


def short_table(table: pd.DataFrame | pa.Table, *, alt: str) -> None:
    """A table of up to some thirty rows as text, read by a keyboard and a screen reader.

    Cells are shown letter for letter: give them formatted (`wording.number`, `wording.percent`). What is shown
    again and again may come as `text_cells` made it.
    """
    shown = (
        table if isinstance(table, pa.Table) else text_cells({name: table[name] for name in table.columns})
    )
    st.table(shown, border="horizontal", hide_index=True, alt=alt)


def text_cells(columns: Mapping[str, Iterable[Any]]) -> pa.Table:
    """Columns of text as `short_table` sends them, "" for what is missing; without pandas, which takes 2 ms."""
    return pa.table(
        {
            name: pa.array(["" if pd.isna(cell) else escape_markdown(cell) for cell in cells], pa.string())
            for name, cells in columns.items()
        }
    )
