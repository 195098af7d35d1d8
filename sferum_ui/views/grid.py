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
SHORTENED = "Длинные названия сокращены: МБОУ, СОШ. Целиком – в карточке организации и в файле XLSX."


def text_table(
    frame: pd.DataFrame, figures: Iterable[str], *, caption: str, under: tuple[str, str] | None = None
) -> None:
    """A short table as text: the columns named in `figures` are right-aligned and never break.

    `under` is (column, column it goes under on a phone), so that the table needs no scrolling there.
    """
    right = set(figures)
    moved, below = under or ("", "")

    def look(name: object) -> str:
        return " ".join(["sf-right"] * (name in right) + ["sf-wide"] * (name == moved))

    head = "".join(f'<th scope="col" class="{look(name)}">{escape(str(name))}</th>' for name in frame.columns)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td class="{look(name)}">{escape(str(cell))}'
            + (f'<span class="sf-narrow">{escape(str(row[moved]))}</span>' if name == below else "")
            + "</td>"
            for name, cell in row.items()
        )
        + "</tr>"
        for row in frame.to_dict("records")
    )
    st.html(
        f'<div class="sf-table"><table aria-label="{escape(caption)}">'
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
