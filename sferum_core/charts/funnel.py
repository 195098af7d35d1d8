"""The funnel plot: shares against size, with the limits of chance around the region's share."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from sferum_core.chance import Verdict
from sferum_core.charts.base import (
    Chart,
    count_ticks,
    empty_chart,
    floats,
    hover_lines,
    is_missing,
    layout,
    of_counts,
    one_line,
    percent_ticks,
    safe,
    top_of,
    value_axis,
)
from sferum_core.model import Status
from sferum_core.palette import INK, Theme, status_colour
from sferum_core.wording import municipalities, number, percent

HEIGHT = 460
_FAR = (Verdict.FAR_ABOVE.value, Verdict.FAR_BELOW.value, Verdict.OVER_100.value)
_MARKS: dict[Verdict, tuple[Status | None, str, int]] = {
    Verdict.WITHIN: (None, "circle", 7),
    Verdict.ABOVE: (Status.TARGET_MET, "triangle-up-open", 10),
    Verdict.BELOW: (Status.BELOW_NORM, "triangle-down-open", 10),
    Verdict.FAR_ABOVE: (Status.TARGET_MET, "triangle-up", 12),
    Verdict.FAR_BELOW: (Status.BELOW_NORM, "triangle-down", 12),
    Verdict.OVER_100: (Status.LEADER, "diamond", 11),
}
# A label's box in parts of the plot: as wide as on a phone, as high as one line.
_BOX = (0.30, 0.048)


def funnel_plot(
    limits: pd.DataFrame,
    curve: pd.DataFrame,
    indicator_name: str,
    *,
    unit: str = "педагогов",
    theme: Theme = "light",
) -> Chart:
    """Points of municipalities, limits of 95 and 99.8 %, names only of those beyond the outer limits.

    `limits` and `curve` come from `funnel_limits` and `funnel_curve`; `unit` is whom the denominator counts,
    in the genitive plural. `customdata` of a point is the municipality's name.
    """
    frame = limits[limits["share"].notna() & limits["denominator"].notna()].reset_index(drop=True)
    expected = limits["expected"].dropna()
    if frame.empty or expected.empty or curve.empty:
        return empty_chart("Пределы случайного посчитать нельзя: нет данных или доля больше 100 %.", theme)
    middle = float(expected.iloc[0])
    top = top_of(floats(frame["share"]), floats(curve["high95"]), least=0.02) * 1.08
    right = top_of(floats(frame["denominator"]), least=1) * 1.06
    figure = go.Figure()
    _add_limits(figure, curve, theme)
    for verdict, (status, symbol, size) in _MARKS.items():
        part = frame[frame["verdict"] == verdict.value]
        colour = INK[theme].muted if status is None else status_colour(status, theme).fill
        figure.add_scatter(
            x=floats(part["denominator"]),
            y=floats(part["share"]),
            mode="markers",
            marker={"color": colour, "symbol": symbol, "size": size, "line": {"width": 1.5, "color": colour}},
            name=verdict.value,
            cliponaxis=False,
            customdata=part["municipality"].tolist(),
            hovertext=[_hover(row) for row in part.to_dict("records")],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    region = {"x": 1, "xref": "paper", "xanchor": "right", "y": middle, "yanchor": "bottom"}
    region |= {"text": f"<b>Регион {percent(middle)}</b>", "showarrow": False}
    region |= {"font": {"size": 12, "color": INK[theme].region}}
    line = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": middle, "y1": middle, "layer": "below"}
    horizontal = value_axis(count_ticks(right, 4), right, theme)
    vertical = value_axis(percent_ticks(top), top, theme)
    title = f"{unit} в муниципалитете, чел.<br>линии – пределы 95 % и 99,8 %"
    layout(
        figure,
        theme,
        HEIGHT,
        hovermode="closest",
        margin={"l": 8, "r": 12, "t": 20, "b": 72, "pad": 4},
        shapes=[line | {"line": {"color": INK[theme].region, "width": 1.2}}],
        annotations=[region, *_labels(frame, (right, top), middle, theme)],
        xaxis=horizontal
        | {"title": {"text": title, "font": {"size": 12, "color": INK[theme].muted}}, "showgrid": False},
        yaxis=vertical | {"automargin": True},
    )
    return Chart(figure, _alt(frame, indicator_name))


def _add_limits(figure: go.Figure, curve: pd.DataFrame, theme: Theme) -> None:
    for key, dash in (("95", "dot"), ("998", "solid")):
        for side in ("low", "high"):
            figure.add_scatter(
                x=floats(curve["denominator"]),
                y=floats(curve[f"{side}{key}"]),
                mode="lines",
                line={"color": INK[theme].muted, "width": 1, "dash": dash},
                opacity=0.6,
                hoverinfo="skip",
            )


def _labels(
    frame: pd.DataFrame, ends: tuple[float, float], middle: float, theme: Theme
) -> Iterable[dict[str, Any]]:
    """Names of those far out, the farthest first; a name that finds no free place stays in the hover only."""
    far = frame[frame["verdict"].isin(_FAR)]
    far = far.assign(_distance=(far["share"] - middle).abs()).sort_values("_distance", ascending=False)
    points = [
        (float(x) / ends[0], float(y) / ends[1])
        for x, y in zip(frame["denominator"], frame["share"], strict=True)
    ]
    taken: list[tuple[float, float]] = [(1 - _BOX[0], middle / ends[1])]
    for row in far.to_dict("records"):
        x, y = float(row["denominator"]) / ends[0], float(row["share"]) / ends[1]
        for to_left, rise in ((x > 0.5, 0.0), (x <= 0.5, 0.0), (x > 0.5, 0.05), (x > 0.5, -0.05)):
            corner = (x - _BOX[0] - 0.02 if to_left else x + 0.02, y + rise - _BOX[1] / 2)
            if corner[0] < -0.02 or corner[0] + _BOX[0] > 1.04 or not 0 <= corner[1] <= 1 - _BOX[1]:
                continue
            boxes_free = all(
                abs(corner[0] - left) >= _BOX[0] or abs(corner[1] - low) >= _BOX[1] for left, low in taken
            )
            points_free = not any(
                corner[0] < px < corner[0] + _BOX[0] * 0.6 and corner[1] < py < corner[1] + _BOX[1]
                for px, py in points
            )
            if boxes_free and points_free:
                taken.append(corner)
                yield _label(row, to_left, rise, theme)
                break


def _label(row: dict[Hashable, Any], to_left: bool, rise: float, theme: Theme) -> dict[str, Any]:
    return {
        "x": float(row["denominator"]),
        "y": float(row["share"]),
        "text": one_line(row["municipality"], 17),
        "showarrow": False,
        "xanchor": "right" if to_left else "left",
        "xshift": -9 if to_left else 9,
        "yshift": rise * (HEIGHT - 80),
        "yanchor": "middle",
        "font": {"size": 11, "color": INK[theme].text},
    }


def _hover(row: dict[Hashable, Any]) -> str:
    bounds = ""
    if not is_missing(row["low95"]):
        bounds = f"случайно бывает от {percent(row['low95'])} до {percent(row['high95'])}"
    counts = of_counts(row["numerator"], row["denominator"])
    return hover_lines(
        f"<b>{safe(row['municipality'])}</b>", percent(row["share"]), counts, str(row["verdict"]), bounds
    )


def _alt(frame: pd.DataFrame, indicator_name: str) -> str:
    counts = frame["verdict"].value_counts()
    above, below = (int(counts.get(verdict.value, 0)) for verdict in (Verdict.FAR_ABOVE, Verdict.FAR_BELOW))
    return (
        f"{indicator_name}: {municipalities(len(frame))}; намного выше случайного – {number(above)}, "
        f"намного ниже случайного – {number(below)}."
    )
