"""Charts of municipalities: ranked bars, limits of chance."""

from __future__ import annotations

from collections.abc import Hashable

import pandas as pd
import plotly.graph_objects as go

from sferum_core.charts.base import (
    Chart,
    bar_colours,
    count_ticks,
    empty_chart,
    floats,
    hover_lines,
    is_missing,
    layout,
    name_axis,
    of_counts,
    percent_ticks,
    right_labels,
    safe,
    short_label,
    status_words,
    top_of,
    value_axis,
)
from sferum_core.charts.organizations import Mode, value_label
from sferum_core.model import Status
from sferum_core.norms import Rule, band_text
from sferum_core.palette import INK, Theme, status_colour
from sferum_core.wording import NO_BREAK_SPACE, municipalities, number, organizations, percent

ROW = 36
LABELLED_MOST = 8


def ranked_bars(
    comparison: pd.DataFrame,
    region: pd.Series,
    rule: Rule | None,
    indicator_name: str,
    *,
    theme: Theme = "light",
    mode: Mode = "share",
) -> Chart:
    """Municipalities from the first place down: the bar, the norm shaded, the target and the region as lines.

    `comparison` and `region` come from `compare_municipalities` and `region_total`. `mode="count"` draws head
    counts. `customdata` of a bar is the municipality's name.
    """
    if comparison.empty:
        return empty_chart("Муниципалитетов под выбранные условия нет.", theme)
    order = ["rank"] if mode == "share" else ["numerator"]
    frame = comparison.sort_values(
        order, ascending=mode == "share", na_position="last", kind="stable"
    ).reset_index(drop=True)
    shares, counts = floats(frame["share"]), floats(frame["numerator"])
    values = shares if mode == "share" else counts
    of_region = None if is_missing(region["share"]) else float(region["share"])
    bounds = [getattr(rule, key, None) for key in ("low", "high", "target")] if rule else []
    end = top_of(values, *([[of_region], bounds] if mode == "share" else []), least=0.01) * 1.03
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=list(range(len(frame))),
            x=[value or 0.0 for value in values],
            marker={"color": bar_colours(frame["status"], theme)},
            customdata=frame["municipality"].tolist(),
            hovertext=[_hover(row) for row in frame.to_dict("records")],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    labels = [
        _right_label(mode, share, row, theme)
        for share, row in zip(shares, frame.to_dict("records"), strict=True)
    ]
    annotations = right_labels(labels, theme, 84)
    title = "человек"
    shapes: list[dict[str, object]] = []
    if mode == "share":
        shapes, title = _bands(rule, end, theme), band_text(rule) if rule else ""
        if of_region is not None:
            shapes.append(_region_line(of_region, theme))
            annotations.append(_region_label(of_region, end, theme))
    ticks = percent_ticks(end, 3) if mode == "share" else count_ticks(end, 3)
    names = [
        short_label(name if is_missing(rank) else f"{number(rank)}.{NO_BREAK_SPACE}{name}", 21)
        for name, rank in zip(frame["municipality"], frame["rank"], strict=True)
    ]
    layout(
        figure,
        theme,
        len(frame) * ROW + 92,
        margin={"l": 4, "r": 84, "t": 28, "b": 60, "pad": 4},
        shapes=shapes,
        annotations=annotations,
        xaxis=value_axis(ticks, end, theme)
        | {"title": {"text": title, "font": {"size": 12, "color": INK[theme].muted}}},
        yaxis=name_axis(names, theme),
    )
    return Chart(figure, _ranked_alt(frame, region, indicator_name))


def _right_label(mode: Mode, share: float | None, row: dict[Hashable, object], theme: Theme) -> str:
    if mode == "share" or is_missing(row["numerator"]):
        return value_label(share, row["numerator"], row["denominator"], theme)
    small = f"<br><span style='font-size:11px;color:{INK[theme].muted}'>{percent(share)}</span>"
    return f"<b>{number(row['numerator'])}</b>{small}"  # type: ignore[arg-type]


def _bands(rule: Rule | None, end: float, theme: Theme) -> list[dict[str, object]]:
    if rule is None:
        return []
    shapes: list[dict[str, object]] = []
    across = {"yref": "paper", "y0": 0, "y1": 1}
    if rule.low is not None:
        high = rule.high if rule.high is not None else end
        look = {"fillcolor": INK[theme].band, "line": {"width": 0}, "layer": "below"}
        shapes.append({"type": "rect", "x0": rule.low, "x1": high, **across, **look})
    for bound, status in ((rule.target, Status.TARGET_MET), (rule.leader, Status.LEADER)):
        if bound is not None:
            line = {"color": status_colour(status, theme).fill, "width": 1.5, "dash": "dot"}
            shapes.append({"type": "line", "x0": bound, "x1": bound, **across, "line": line})
    return shapes


def _region_line(share: float, theme: Theme) -> dict[str, object]:
    line = {"color": INK[theme].region, "width": 1.5}
    return {"type": "line", "x0": share, "x1": share, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def _region_label(share: float, end: float, theme: Theme) -> dict[str, object]:
    place = share / end
    return {
        "x": share,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "xanchor": "left" if place < 0.25 else "right" if place > 0.75 else "center",
        "text": f"<b>Регион {percent(share)}</b>",
        "showarrow": False,
        "font": {"size": 12, "color": INK[theme].region},
    }


def _hover(row: dict[Hashable, object]) -> str:
    share = row["share"]
    value = "нет данных" if is_missing(share) else percent(float(share))  # type: ignore[arg-type]
    place = "" if is_missing(row["rank"]) else f"место: {number(row['rank'])}"  # type: ignore[arg-type]
    known = "" if is_missing(row.get("organizations")) else organizations(int(row["organizations"]))  # type: ignore[call-overload]
    counts = of_counts(row["numerator"], row["denominator"])
    name = f"<b>{safe(row['municipality'])}</b>"
    return hover_lines(name, value, counts, status_words(row["status"]), place, known)


def _ranked_alt(frame: pd.DataFrame, region: pd.Series, indicator_name: str) -> str:
    ranked = frame[frame["rank"].notna()].sort_values("rank", kind="stable")
    sentence = f"{indicator_name}: {municipalities(len(frame))}, по региону {percent(region['share'])}."
    if len(ranked):
        first, last = ranked.iloc[0], ranked.iloc[-1]
        sentence += f" Первое место – {first['municipality']} ({percent(first['share'])})"
        sentence += (
            f", последнее – {last['municipality']} ({percent(last['share'])})." if len(ranked) > 1 else "."
        )
    silent = len(frame) - len(ranked)
    return sentence + (f" Нет данных: {municipalities(silent)}." if silent else "")
