"""«Скопировать таблицу»: made on the click only, pasted into Excel and Word as a table."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from sferum_core import wording
from sferum_core.reports.cell_text import is_risky
from sferum_ui.theme import STATIC

COPY_MOST = 3_000  # rows; a longer table goes by file
_PERCENT = re.compile(r"[+−-]?\d{1,3}(\u00a0?\d{3})*(,\d+)?\u00a0%")
_SPACES = re.compile(r"[\t\r\n\x00-\x1f]+")
_TEXT = "mso-number-format:'\\@'"  # an office program takes the cell as text: no formula, zeros in front stay
_clicks = itertools.count(1)


def copy_button(
    frame: pd.DataFrame | pa.Table, columns: Mapping[str, str | ColumnConfig], *, key: str
) -> None:
    """The button under a table; nothing is made of the table and sent before it is clicked.

    `columns` name the columns to copy as `table` takes them; those without a title (bars) stay out.
    """
    if len(frame) and len(frame) <= COPY_MOST:
        _button(frame, dict(columns), key)


def _button(frame: pd.DataFrame | pa.Table, columns: Mapping[str, str | ColumnConfig], key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"sf-copy-{key}"):
        clicked = st.button(
            "Скопировать таблицу", type="tertiary", key=f"copy_{key}", icon=":material/content_copy:"
        )
        if clicked:
            st.html(copying_script(frame, columns), unsafe_allow_javascript=True)


def copying_script(frame: pd.DataFrame | pa.Table, columns: Mapping[str, str | ColumnConfig]) -> str:
    """What the browser runs once to copy the table; texts of the file reach it as data of a script, never as markup."""
    titles, rows = cells(frame.to_pandas() if isinstance(frame, pa.Table) else frame, columns)
    place = f"sf-copied-{next(_clicks)}"
    given = {
        "place": place,
        "text": plain_text(titles, rows),
        "html": html_table(titles, rows),
        "done": f"Скопировано: {wording.rows(len(rows))}",
    }
    data = json.dumps(given, ensure_ascii=True).replace("<", "\\u003c").replace(">", "\\u003e")
    return f'<span id="{place}" class="sf-copied" role="status"></span><script>({_code()})({data})</script>'


@lru_cache(maxsize=1)
def _code() -> str:
    return (STATIC / "copy.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Cell:
    """What a cell says and whether it is a figure."""

    text: str
    is_figure: bool = False


def cells(
    frame: pd.DataFrame, columns: Mapping[str, str | ColumnConfig]
) -> tuple[list[str], list[list[Cell]]]:
    """Titles, and rows of cells as a Russian office program reads them; a missing one is empty."""
    titles: list[str] = []
    shown: list[list[Cell]] = []
    for code, config in columns.items():
        title = _title(config)
        if code in frame.columns and title:
            titles.append(title)
            shown.append([cell(value) for value in frame[code].tolist()])
    return titles, [list(row) for row in zip(*shown, strict=True)]


def _title(config: str | ColumnConfig) -> str:
    label: Any = config if isinstance(config, str) else config.get("label")
    return _SPACES.sub(" ", str(label or "")).strip()


def cell(value: Any) -> Cell:
    """One value: «1 204», «12,5 %», a text on one line, several labels with commas; nothing for a missing one.

    Digits that are text (an ID) stay text; of texts only percentages are figures.
    """
    if isinstance(value, (list, tuple)):
        return Cell(", ".join(cell(one).text for one in value))
    if value is None or pd.isna(value):
        return Cell("")
    if isinstance(value, bool):
        return Cell("да" if value else "нет")
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return Cell(wording.number(value).replace(wording.THIN_SPACE, wording.NO_BREAK_SPACE), is_figure=True)
    if isinstance(value, float):
        return Cell(str(value).replace(".", ","), is_figure=True)
    text = f"{value:%d.%m.%Y}" if isinstance(value, pd.Timestamp) else str(value)
    text = _SPACES.sub(" ", text.replace(wording.THIN_SPACE, wording.NO_BREAK_SPACE)).strip()
    return Cell(text, _PERCENT.fullmatch(text) is not None)


def plain_text(titles: list[str], rows: list[list[Cell]]) -> str:
    """Lines of cells parted by tabs; an apostrophe before what a spreadsheet would take for a formula."""

    def safe(one: Cell) -> str:
        return f"'{one.text}" if not one.is_figure and is_risky(one.text) else one.text

    head = [Cell(title) for title in titles]
    return "\r\n".join("\t".join(map(safe, row)) for row in (head, *rows))


def html_table(titles: list[str], rows: list[list[Cell]]) -> str:
    """The same as an HTML table: figures to the right, all other cells marked as text."""
    head = "".join(f'<th style="{_TEXT}">{escape(title)}</th>' for title in titles)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td align="right">{escape(one.text)}</td>'
            if one.is_figure
            else f'<td style="{_TEXT}">{escape(one.text)}</td>'
            for one in row
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<meta charset="utf-8"><table border="1"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    )
