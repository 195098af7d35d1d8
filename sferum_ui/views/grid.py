"""Cells and columns that the report tables share: status as a coloured word, places, head counts in words."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from sferum_core import wording
from sferum_core.model import Status
from sferum_core.palette import STATUS_COLOURS
from sferum_ui.theme import status_text
from sferum_ui.views.data import theme

NBSP = wording.NO_BREAK_SPACE


_LINE = "border-bottom:1px solid color-mix(in srgb, var(--sf-muted) 25%, transparent)"
_CELL = f"padding:.3rem .6rem .3rem 0;vertical-align:top;{_LINE}"


def text_table(frame: pd.DataFrame, figures: Iterable[str], *, caption: str) -> None:
    """A short table as text: the columns named in `figures` are right-aligned and never break."""
    right = set(figures)
    looks = {
        name: f"{_CELL};text-align:right;white-space:nowrap" if name in right else f"{_CELL};text-align:left"
        for name in frame.columns
    }
    head = "".join(
        f'<th scope="col" class="sf-muted" style="{looks[name]};font-weight:400">{escape(name)}</th>'
        for name in frame.columns
    )
    body = "".join(
        "<tr>"
        + "".join(f'<td style="{looks[str(name)]}">{escape(str(row[name]))}</td>' for name in row)
        + "</tr>"
        for row in frame.to_dict("records")
    )
    st.html(
        f'<div style="overflow-x:auto"><table aria-label="{escape(caption)}" '
        'style="width:100%;border-collapse:collapse;font-size:.93rem">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def status_cells(statuses: pd.Series) -> pd.Series:
    """Cells for `status_column`: one coloured label each."""
    words = {status: status_text(status) for status in statuses.unique()}
    return statuses.map(words).astype("str")


def status_column(label: str = "Статус") -> ColumnConfig:
    """Status as word, sign and colour in the data grid."""
    colours = STATUS_COLOURS[theme()]
    return st.column_config.MultiselectColumn(
        label,
        options=[status_text(status) for status in Status],
        color=[colours[status].fill for status in Status],
        width=150,
    )


def count_column(label: str, help_text: str | None = None) -> ColumnConfig:
    """Whole numbers, right-aligned."""
    return st.column_config.NumberColumn(label, format="localized", help=help_text)


def more_column(label: str, help_text: str | None = None) -> ColumnConfig:
    """«ещё 3»: how many are missing; the cells must be empty where nobody is."""
    return st.column_config.NumberColumn(label, format="ещё %d", help=help_text)


def of_counts(numerators: Iterable[object], denominators: Iterable[object]) -> list[str]:
    """«5 из 11» for each row, «нет данных» where either is missing."""
    return [
        wording.NO_DATA
        if pd.isna(above) or pd.isna(below)  # type: ignore[call-overload]
        else f"{wording.number(above)}{NBSP}из{NBSP}{wording.number(below)}"  # type: ignore[arg-type]
        for above, below in zip(numerators, denominators, strict=True)
    ]


def numbers(values: Iterable[object]) -> list[str]:
    """Whole numbers as text."""
    return [wording.number(value) for value in values]  # type: ignore[arg-type]


def percents(values: Iterable[object]) -> list[str]:
    """Fractions as «12,5 %»."""
    return [wording.percent(value) for value in values]  # type: ignore[arg-type]
