"""Under a chart: the same chart as a picture for a slide or a letter, drawn on the click, always on white."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from sferum_core.pictures import Heading, picture_of, png, svg
from sferum_core.reports.names import file_name
from sferum_ui.components.charts import ReadyChart, declared
from sferum_ui.components.downloads import download_file

_STATIC = Path(__file__).resolve().parent.parent / "static"
FONTS = (
    *(_STATIC / f"golos-text-{letters}.woff2" for letters in ("cyrillic", "latin", "cyrillic-ext")),
    _STATIC / "status-signs.woff2",
)
"""The app's own letters: Russian, Latin, those of other peoples of Russia, the signs of statuses."""


def picture_downloads(
    chart: ReadyChart, title: str, words: str, *, key: str, date: dt.date | None = None, name: str = ""
) -> None:
    """Two quiet buttons, PNG and SVG. `chart` is the light one; `name` tells files of one `title` apart."""
    heading = Heading(title, words)
    with st.container(horizontal=True, horizontal_alignment="right", gap="small", key=f"sf-picture-{key}"):
        for ending, mime, help_text in (
            ("png", "image/png", "Картинка для слайда, письма или чата"),
            ("svg", "image/svg+xml", "Картинка, которую можно увеличивать без потерь и править"),
        ):
            download_file(
                f"Картинка {ending.upper()}",
                partial(picture_bytes, chart, heading, ending),
                file_name(title, *([name] if name else []), date=date, ending=ending),
                mime,
                f"{key}_{ending}",
                kind="tertiary",
                help_text=help_text,
            )


def picture_bytes(chart: Any, heading: Heading, ending: str) -> bytes:
    """The file: what the chart declares, drawn."""
    picture = picture_of(declared(chart), heading, alt=chart.alt, fonts=FONTS)
    return png(picture, FONTS) if ending == "png" else svg(picture)
