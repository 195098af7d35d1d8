"""The ranking for a slide: one line a municipality, its share with the status in words at the bar's end."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from sferum_core.charts.base import Chart, bar_colours, empty_chart, floats, layout, name_axis, one_line
from sferum_core.model import Status
from sferum_core.palette import BACKGROUND, INK
from sferum_core.wording import municipalities, number, percent

ROW, SIZE = 22, 12
MOST_ROWS = 120
LABEL_CHARACTERS = 42
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 176, 8, 46


def slide_ranking(comparison: pd.DataFrame, region_share: float | None) -> Chart:
    """`comparison` of `compare_municipalities`, best first, at most `MOST_ROWS`; the region's share as a line.

    Light only: it goes into slides and onto paper. What it leaves out stands under it in words.
    """
    known = comparison[comparison["share"].notna()]
    rows = known.head(MOST_ROWS).reset_index(drop=True)
    if rows.empty:
        return empty_chart("Нет данных: сравнить нечего.", "light")
    shares = [share or 0.0 for share in floats(rows["share"])]
    end = max([*shares, region_share or 0.0]) or 1.0
    judged = bool((rows["status"] != Status.NO_NORM.value).any())
    ink = INK["light"]
    colours = bar_colours(rows["status"], "light") if judged else [ink.accent] * len(rows)
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=list(range(len(rows))),
            x=shares,
            marker={"color": colours},
            customdata=rows["municipality"].tolist(),
        )
    )
    notes = [
        _value(place, share, str(status) if judged else "")
        for place, (share, status) in enumerate(zip(shares, rows["status"], strict=True))
    ]
    shapes: list[dict[str, Any]] = []
    if region_share is not None:
        line = {"color": ink.region, "width": 1.5}
        across = {"type": "line", "yref": "paper", "y0": -8 / (len(rows) * ROW), "y1": 1}
        shapes.append(across | {"x0": region_share, "x1": region_share, "line": line})
        notes.append(_region(region_share, end))
    layout(
        figure,
        "light",
        len(rows) * ROW + _TOP + _BOTTOM,
        margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM, "pad": 4},
        bargap=0.32,
        shapes=shapes,
        annotations=notes,
        xaxis={
            "range": [0, end],
            "tickmode": "array",
            "tickvals": [],
            "ticktext": [],
            "showgrid": False,
            "zeroline": True,
            "zerolinecolor": ink.grid,
            "title": {"text": _left_out(known, comparison), "font": {"size": SIZE, "color": ink.muted}},
        },
        yaxis=name_axis([one_line(name, LABEL_CHARACTERS) for name in rows["municipality"]], "light"),
    )
    told = "" if region_share is None else f", по региону {percent(region_share)}"
    first, last = rows.iloc[0], rows.iloc[-1]
    alt = f"{municipalities(len(rows))}{told}: от {percent(first['share'])} ({first['municipality']})"
    return Chart(figure, f"{alt} до {percent(last['share'])} ({last['municipality']}).")


def _value(place: int, share: float, status: str) -> dict[str, Any]:
    word = f" · {Status(status).label.lower()}" if status in set(Status) else ""
    return {
        "x": share,
        "y": place,
        "xanchor": "left",
        "xshift": 6,
        "yanchor": "middle",
        "text": f"<b>{percent(share)}</b>{word}",
        "showarrow": False,
        "bgcolor": BACKGROUND["light"],
        "font": {"size": SIZE, "color": INK["light"].text},
    }


def _region(share: float, end: float) -> dict[str, Any]:
    return {
        "x": share,
        "y": 0,
        "yref": "paper",
        "yanchor": "top",
        "yshift": -8,
        "xanchor": "right" if share > end * 0.8 else "left",
        "text": f"<b>регион: {percent(share)}</b>",
        "showarrow": False,
        "font": {"size": SIZE, "color": INK["light"].region},
    }


def _left_out(known: pd.DataFrame, comparison: pd.DataFrame) -> str:
    parts = []
    if len(known) > MOST_ROWS:
        parts.append(f"показаны первые {number(MOST_ROWS)} из {number(len(known))}")
    silent = len(comparison) - len(known)
    if silent:
        parts.append(f"без данных: {municipalities(silent)}")
    return "<br>" + ", ".join(parts) if parts else ""
