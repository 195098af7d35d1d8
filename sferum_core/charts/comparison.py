"""Charts of municipalities: ranked bars, limits of chance."""

from __future__ import annotations

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
from sferum_core.wording import municipalities, number, organizations, percent

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
    annotations = right_labels(labels, theme)
    title = "человек"
    shapes: list[dict[str, object]] = []
    if mode == "share":
        shapes, title = _bands(rule, end, theme), band_text(rule) if rule else ""
        if of_region is not None:
            shapes.append(_region_line(of_region, theme))
            annotations.append(_region_label(of_region, end, theme))
    ticks = percent_ticks(end, 4) if mode == "share" else count_ticks(end, 4)
    names = [
        short_label(name if is_missing(rank) else f"{number(rank)}. {name}", 21)
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


def _right_label(mode: Mode, share: float | None, row: dict[object, object], theme: Theme) -> str:
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


def _hover(row: dict[object, object]) -> str:
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


def funnel_plot(
    limits: pd.DataFrame,
    curve: pd.DataFrame,
    region_share: float | None,
    indicator_name: str,
    theme: Theme = "light",
) -> Chart:
    """Share against the number of people, with the limits of chance around the region's share.

    `limits` is the result of `funnel_limits` (municipality, numerator, denominator, share, low95, high95,
    low998, high998), `curve` of `funnel_curve` (denominator and the same four). Only points beyond the outer
    limits have a name.
    """
    frame = limits[limits["share"].notna() & limits["denominator"].notna()].reset_index(drop=True)
    if frame.empty or region_share is None or is_missing(region_share):
        return empty_chart("Границы случайного посчитать не по чему.", theme)
    colours = INK[theme]
    figure = go.Figure()
    for key, dash, name in (("95", "dot", "95 %"), ("998", "solid", "99,8 %")):
        for side in ("low", "high"):
            figure.add_scatter(
                x=floats(curve["denominator"]),
                y=floats(curve[f"{side}{key}"]),
                mode="lines",
                line={"color": colours.muted, "width": 1.2, "dash": dash},
                name=name,
                hoverinfo="skip",
            )
    outside = (frame["share"] < frame["low998"]) | (frame["share"] > frame["high998"])
    doubtful = ~outside & ((frame["share"] < frame["low95"]) | (frame["share"] > frame["high95"]))
    high = frame["share"] > region_share
    groups = (
        ("в пределах случайного", ~outside & ~doubtful, colours.muted, "circle", 7),
        (
            "отличается, возможно, не случайно",
            doubtful,
            status_colour(Status.WITHIN_NORM, theme).fill,
            "circle",
            9,
        ),
        (
            "выше, чем бывает случайно",
            outside & high,
            status_colour(Status.TARGET_MET, theme).fill,
            "triangle-up",
            12,
        ),
        (
            "ниже, чем бывает случайно",
            outside & ~high,
            status_colour(Status.BELOW_NORM, theme).fill,
            "triangle-down",
            12,
        ),
    )
    for words, chosen, colour, symbol, size in groups:
        part = frame[chosen.fillna(False).astype(bool)]
        figure.add_scatter(
            x=floats(part["denominator"]),
            y=floats(part["share"]),
            mode="markers",
            marker={"color": colour, "symbol": symbol, "size": size, "line": {"width": 0}},
            name=words,
            customdata=part["municipality"].tolist(),
            hovertext=[_funnel_hover(row, words) for row in part.to_dict("records")],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    top = top_of(floats(frame["share"]), floats(curve["high95"]), least=0.05) * 1.06
    right = top_of(floats(frame["denominator"]), least=1) * 1.06
    labelled = frame[outside.fillna(False).astype(bool)].copy()
    labelled["distance"] = (labelled["share"].astype("Float64") - region_share).abs()
    labelled = labelled.sort_values("distance", ascending=False).head(LABELLED_MOST)
    annotations = [_point_label(row, right, region_share, theme) for row in labelled.to_dict("records")]
    annotations += _curve_names(curve, right, theme)
    annotations.append(
        {
            "x": right,
            "y": region_share,
            "xanchor": "right",
            "yanchor": "bottom",
            "text": f"<b>Регион {percent(region_share)}</b>",
            "showarrow": False,
            "font": {"size": 12, "color": colours.region},
        }
    )
    line = {"type": "line", "x0": 0, "x1": right, "y0": region_share, "y1": region_share}
    vertical = value_axis(percent_ticks(top), top, theme)
    horizontal = value_axis(count_ticks(right, 4), right, theme)
    layout(
        figure,
        theme,
        440,
        hovermode="closest",
        margin={"l": 8, "r": 12, "t": 16, "b": 52, "pad": 4},
        shapes=[line | {"line": {"color": colours.region, "width": 1.2}, "layer": "below"}],
        annotations=annotations,
        xaxis=horizontal
        | {"title": {"text": "Педагогов в муниципалитете, чел.", "font": {"size": 12}}, "showgrid": False},
        yaxis=vertical | {"automargin": True},
    )
    return Chart(figure, _funnel_alt(frame, outside, high, indicator_name))


def _curve_names(curve: pd.DataFrame, right: float, theme: Theme) -> list[dict[str, object]]:
    inside = curve[curve["denominator"].astype("Float64") <= right]
    if inside.empty:
        return []
    last = inside.iloc[-1]
    return [
        {
            "x": float(last["denominator"]),
            "y": float(last[f"high{key}"]),
            "xanchor": "right",
            "yanchor": "bottom",
            "text": words,
            "showarrow": False,
            "font": {"size": 11, "color": INK[theme].muted},
        }
        for key, words in (("998", "граница 99,8 %"),)
    ]


def _point_label(
    row: dict[object, object], right: float, region_share: float, theme: Theme
) -> dict[str, object]:
    x, y = float(row["denominator"]), float(row["share"])  # type: ignore[arg-type]
    above = y > region_share
    return {
        "x": x,
        "y": y,
        "text": short_label(row["municipality"], 16),
        "showarrow": False,
        "xanchor": "right" if x / right > 0.6 else "left",
        "xshift": -9 if x / right > 0.6 else 9,
        "yanchor": "bottom" if above else "top",
        "align": "right" if x / right > 0.6 else "left",
        "font": {"size": 11, "color": INK[theme].text},
    }


def _funnel_hover(row: dict[object, object], words: str) -> str:
    share = percent(float(row["share"]))  # type: ignore[arg-type]
    counts = of_counts(row["numerator"], row["denominator"])
    return hover_lines(f"<b>{safe(row['municipality'])}</b>", share, counts, words)


def _funnel_alt(frame: pd.DataFrame, outside: pd.Series, high: pd.Series, indicator_name: str) -> str:
    above, below = int((outside & high).sum()), int((outside & ~high).sum())
    return (
        f"{indicator_name}: {municipalities(len(frame))}; выше, чем бывает случайно, – {number(above)}, "
        f"ниже, чем бывает случайно, – {number(below)}. Остальные отличаются от региона не больше, "
        "чем это бывает по случайности."
    )
