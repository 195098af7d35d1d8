"""Charts on a page: no frame of their own, Russian controls, always a text alternative."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt
import plotly.graph_objects as go
import streamlit as st

from sferum_core.charts.base import Chart

PLOTLY_CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "displayModeBar": False,
    "scrollZoom": False,
    "locale": "ru",
    "locales": {
        "ru": {
            "dictionary": {"Double-click to zoom back out": "Двойной щелчок – показать всё"},
            "format": {"decimal": ",", "thousands": "\u202f"},
        }
    },
}


@dataclass(frozen=True, eq=False)
class ReadyChart:
    """An altair chart as the specification that is sent, data within: made once, shown many times."""

    specification: dict[str, Any]
    alt: str


def ready(picture: Chart) -> ReadyChart:
    """An altair picture worked out to what is sent; that takes altair some 30 ms."""
    specification: dict[str, Any] = picture.figure.to_dict()
    return ReadyChart(specification, picture.alt)


def chart(picture: Any, alt_text: str | None = None, *, key: str, selectable: bool = False) -> Any:
    """Show a plotly figure, an altair chart, or an object with `.figure` and `.alt`.

    `alt_text` is required unless the object brings its own. With `selectable` returns the chosen points
    (plotly: a list of dicts with `point_index`, `x`, `y`, `customdata`), else None.
    """
    if isinstance(picture, ReadyChart):
        st.vega_lite_chart(spec=picture.specification, theme=None, key=key, alt=picture.alt, width="content")
        return None
    figure = getattr(picture, "figure", picture)
    text = alt_text or getattr(picture, "alt", None)
    if not text:
        raise ValueError("a chart needs a text alternative")
    if isinstance(figure, go.Figure):
        event: Any = st.plotly_chart(
            figure,
            theme=None,
            key=key,
            config=PLOTLY_CONFIG,
            alt=text,
            on_select="rerun" if selectable else "ignore",
            selection_mode="points",
        )
        return list(event.selection.points) if selectable else None
    chart_: alt.Chart = figure
    st.altair_chart(chart_, theme=None, key=key, alt=text)
    return None
