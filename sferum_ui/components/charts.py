"""Charts on a page: no frame of their own, Russian controls, always a text alternative."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import altair as alt
import plotly.graph_objects as go
import streamlit as st
from plotly.basedatatypes import BaseFigure

from sferum_core.charts.base import Chart
from sferum_ui.stills import Stills

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


class ReadyFigure(BaseFigure):
    """A plotly figure already worked out to what is sent: Streamlit asks it for nothing but `to_dict`."""

    def __init__(self, worked_out: dict[str, Any]) -> None:
        self._worked_out = worked_out

    def to_dict(self) -> dict[str, Any]:
        """The figure, not copied: nobody changes it."""
        return self._worked_out


@dataclass(frozen=True, eq=False)
class ReadyChart:
    """A picture as it is sent, made once and shown many times: a `ReadyFigure`, or altair's specification."""

    figure: ReadyFigure | dict[str, Any]
    alt: str
    kept: Stills = field(default_factory=Stills)


def ready(picture: Chart) -> ReadyChart:
    """A picture worked out to what is sent; that takes plotly some 10 ms and altair 30 ms."""
    worked_out: dict[str, Any] = picture.figure.to_dict()
    is_plotly = isinstance(picture.figure, go.Figure)
    return ReadyChart(ReadyFigure(worked_out) if is_plotly else worked_out, picture.alt)


def declared(picture: Chart | ReadyChart) -> dict[str, Any]:
    """What a picture declares, plotly's or altair's dict: the page is sent the same."""
    figure: Any = picture.figure
    if isinstance(figure, dict):
        return figure
    worked_out: dict[str, Any] = figure.to_dict()
    return worked_out


def chart(picture: Any, alt_text: str | None = None, *, key: str, selectable: bool = False) -> Any:
    """Show a plotly figure, an altair chart, or an object with `.figure` and `.alt`.

    `alt_text` is required unless the object brings its own. With `selectable` returns the chosen points
    (plotly: a list of dicts with `point_index`, `x`, `y`, `customdata`), else None.
    """
    figure = getattr(picture, "figure", picture)
    text = alt_text or getattr(picture, "alt", None)
    if not text:
        raise ValueError("a chart needs a text alternative")
    if isinstance(picture, ReadyChart) and not selectable:
        picture.kept.draw((key, text), lambda: _shown(figure, text, key, selectable=False))
        return None
    return _shown(figure, text, key, selectable=selectable)


def _shown(figure: Any, text: str, key: str, *, selectable: bool) -> Any:
    if isinstance(figure, BaseFigure):
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
    if isinstance(figure, dict):
        st.vega_lite_chart(spec=figure, theme=None, key=key, alt=text, width="content")
        return None
    chart_: alt.Chart = figure
    st.altair_chart(chart_, theme=None, key=key, alt=text)
    return None
