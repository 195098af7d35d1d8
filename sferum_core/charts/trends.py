"""Trends over weeks: lines with the norm behind them, gaps where weeks are missing, a small line for a card."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from sferum_core.charts.base import (
    Chart,
    empty_chart,
    floats,
    hover_lines,
    is_missing,
    layout,
    of_counts,
    one_line,
    percent_ticks,
    safe,
    short_label,
    spread,
    status_words,
    top_of,
    value_axis,
)
from sferum_core.model import Status
from sferum_core.norms import Rule, band_text
from sferum_core.palette import INK, SERIES, Theme, status_colour
from sferum_core.trend_sums import REGION_KEY
from sferum_core.wording import NO_BREAK_SPACE, counted, number, percent, points

HEIGHT, SMALL_HEIGHT = 470, 150
NAMED_MOST = 5
TICKS_MOST = 4
_TOP, _BOTTOM, _RIGHT = 74, 76, 132
_TIER = 31
_NOTE_ROOM = 0.45
_LABEL_HEIGHT = 33
_LOST = "нет недели"
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x")


@dataclass(frozen=True)
class _Line:
    """One series ready to draw."""

    key: str
    name: str
    rows: pd.DataFrame
    colour: str
    symbol: str
    width: float

    @property
    def last(self) -> tuple[int, float] | None:
        """Slot and share of the newest point."""
        known = self.rows[self.rows["share"].notna()]
        return None if known.empty else (int(known["slot"].iloc[-1]), float(known["share"].iloc[-1]))


def trend_lines(
    trend: pd.DataFrame,
    rule: Rule | None,
    indicator_name: str,
    *,
    named: Sequence[str] | None = None,
    theme: Theme = "light",
) -> Chart:
    """Lines of `trend_table`: the region thick, up to five others named at their end, the rest thin and grey.

    `named` are municipality keys to name, by default the first five in the table. `rule` is the norm drawn
    behind (see `trends.rule_of_series`). A missing week breaks every line and is shaded; declared holidays
    and weeks low for everybody are shaded and named. `customdata` of a point is (municipality key, last day).
    """
    if trend.empty or trend["share"].isna().all():
        return empty_chart(
            "Показать динамику нельзя: ни в одной неделе нет данных по этому показателю.", theme
        )
    axis = trend.drop_duplicates("slot").sort_values("slot").reset_index(drop=True)
    lines = _lines(trend, named, theme)
    shares = [value for line in lines for value in floats(line.rows["share"]) if value is not None]
    end = top_of(shares, _bounds(rule), least=0.02) * 1.06
    figure = go.Figure()
    for line in sorted(lines, key=lambda one: one.width):
        _add_line(figure, line)
    shapes, notes = _week_shapes(axis, theme)
    shapes += _norm_shapes(rule, end, theme)
    labelled = [line for line in lines if line.width > 1 and line.last is not None]
    layout(
        figure,
        theme,
        HEIGHT,
        hovermode="closest",
        margin={"l": 8, "r": _RIGHT, "t": _TOP, "b": _BOTTOM, "pad": 4},
        shapes=shapes,
        annotations=[*notes, *_end_labels(labelled, end, len(axis), theme), *_norm_label(rule, theme)],
        xaxis=_week_axis(axis, theme),
        yaxis=value_axis(percent_ticks(end), end, theme) | {"automargin": True},
    )
    return Chart(figure, _alt(lines, axis, indicator_name))


def small_trend(
    trend: pd.DataFrame, rule: Rule | None, indicator_name: str, *, theme: Theme = "light"
) -> Chart:
    """One series of weeks, low and quiet, for a card: `organization_trend` or one key of `trend_table`.

    Marks have the status's colour; the newest value stands at its point.
    """
    if trend.empty or trend["share"].isna().all():
        return empty_chart("Прежних недель с этим показателем нет.", theme)
    axis = trend.sort_values("slot").reset_index(drop=True)
    known = axis[axis["share"].notna()]
    end = top_of(floats(axis["share"]), _bounds(rule), least=0.02) * 1.15
    colours = [
        status_colour(status, theme).fill if status in set(Status) else INK[theme].neutral
        for status in axis["status"].fillna("")
    ]
    figure = go.Figure(
        go.Scatter(
            x=axis["slot"].astype(int).tolist(),
            y=floats(axis["share"]),
            mode="lines+markers",
            connectgaps=False,
            line={"color": INK[theme].muted, "width": 1.5},
            marker={"color": colours, "size": 8},
            cliponaxis=False,
            customdata=[f"{day:%Y-%m-%d}" for day in axis["end"]],
            hovertext=[_hover(row, "") for row in axis.to_dict("records")],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    shapes, _ = _week_shapes(axis, theme)
    last = known.iloc[-1]
    label = {
        "x": int(last["slot"]),
        "y": float(last["share"]),
        "xanchor": "left",
        "xshift": 8,
        "showarrow": False,
    }
    label |= {"text": f"<b>{percent(last['share'])}</b>", "font": {"size": 13, "color": INK[theme].text}}
    layout(
        figure,
        theme,
        SMALL_HEIGHT,
        hovermode="closest",
        margin={"l": 8, "r": 64, "t": 10, "b": 38, "pad": 4},
        shapes=shapes + _norm_shapes(rule, end, theme),
        annotations=[label],
        xaxis=_week_axis(axis, theme, most=3),
        yaxis=value_axis(percent_ticks(end, 3), end, theme) | {"automargin": True},
    )
    return Chart(figure, _small_alt(known, axis, rule, indicator_name))


def _lines(trend: pd.DataFrame, named: Sequence[str] | None, theme: Theme) -> list[_Line]:
    keys = trend["municipality_key"].drop_duplicates().tolist()
    others = [key for key in keys if key != REGION_KEY]
    chosen = [key for key in (others if named is None else named) if key in others][:NAMED_MOST]
    lines = []
    for key in keys:
        rows = trend[(trend["municipality_key"] == key).to_numpy(dtype=bool)].sort_values("slot")
        name = str(rows["municipality"].iloc[0])
        if key == REGION_KEY:
            look = (INK[theme].region, "circle", 3.0)
        elif key in chosen:
            place = chosen.index(key)
            look = (SERIES[theme][place], _SYMBOLS[place], 2.0)
        else:
            look = (INK[theme].neutral, "circle", 1.0)
        lines.append(_Line(key, name, rows, *look))
    return lines


def _add_line(figure: go.Figure, line: _Line) -> None:
    named = line.width > 1
    figure.add_scatter(
        x=line.rows["slot"].astype(int).tolist(),
        y=floats(line.rows["share"]),
        mode="lines+markers",
        connectgaps=False,
        name=safe(line.name),
        line={"color": line.colour, "width": line.width},
        marker={"color": line.colour, "symbol": line.symbol, "size": 8 if named else 4},
        opacity=1.0 if named else 0.35,
        cliponaxis=False,
        customdata=[[line.key, f"{day:%Y-%m-%d}"] for day in line.rows["end"]],
        hovertext=[_hover(row, line.name) for row in line.rows.to_dict("records")],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _hover(row: dict[Hashable, Any], name: str) -> str:
    change = "" if is_missing(row["change"]) else f"за неделю {points(row['change'])}"
    rank = "" if is_missing(row.get("rank")) else f"место: {number(row['rank'])}"
    title = f"<b>{safe(name)}</b>" if name else ""
    counts = of_counts(row["numerator"], row["denominator"])
    values = (percent(row["share"]), counts, change, rank, status_words(row["status"]))
    return hover_lines(title, safe(row["week"]), *values, safe(row["note"]))


def _bounds(rule: Rule | None) -> list[float | None]:
    """What of the norm must be in sight."""
    return [rule.low, rule.high, rule.target] if rule else []


def _week_axis(axis: pd.DataFrame, theme: Theme, most: int = TICKS_MOST) -> dict[str, Any]:
    """Weeks from left to right; labels thinned from the newest back, so that it always has one."""
    count = len(axis)
    step = max(1, math.ceil(count / most))
    places = list(range(count - 1, -1, -step))[::-1]
    years = axis["end"].dt.year
    labels = []
    shown_year = None
    for place in places:
        start, end = axis["start"].iloc[place], axis["end"].iloc[place]
        text = f"{end:%d.%m}" if start == end else f"{start:%d.%m}–<br>{end:%d.%m}"
        if years.nunique() > 1 and years.iloc[place] != shown_year:
            text += f"<br>{years.iloc[place]}"
            shown_year = years.iloc[place]
        labels.append(text)
    return {
        "range": [-0.5, count - 0.5],
        "tickmode": "array",
        "tickvals": places,
        "ticktext": labels,
        "tickangle": 0,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "tickfont": {"size": 12, "color": INK[theme].muted},
    }


def _runs(flags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Neighbouring slots of one word: first, last, word; "" stays out."""
    runs: list[tuple[int, int, str]] = []
    for place, word in enumerate(flags):
        if not word:
            continue
        if runs and runs[-1][1] == place - 1 and runs[-1][2] == word:
            runs[-1] = (runs[-1][0], place, word)
        else:
            runs.append((place, place, word))
    return runs


def _week_shapes(axis: pd.DataFrame, theme: Theme) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Shading of missing weeks (hatched by lines), of holidays and low weeks, with words above the plot."""
    lost = ["" if known else _LOST for known in axis["known"]]
    special = [
        str(note) if known else "" for note, known in zip(axis["note"].fillna(""), axis["known"], strict=True)
    ]
    shapes, notes = [], []
    across = {"type": "rect", "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
    free = [-1.0, -1.0]
    for first, last, word in sorted(_runs(lost) + _runs(special)):
        is_lost = word == _LOST
        light = {"fillcolor": INK[theme].muted, "opacity": 0.13}
        fill = {"fillcolor": INK[theme].grid, "opacity": 0.55} if is_lost else light
        edge = {"color": INK[theme].muted, "width": 1 if is_lost else 0, "dash": "dot"}
        shapes.append(across | {"x0": first - 0.5, "x1": last + 0.5, "line": edge} | fill)
        many = counted(last - first + 1, "недели нет", "недель нет", "недель нет")
        middle, room = (first + last) / 2, _NOTE_ROOM * len(axis)
        tier = next((place for place, taken in enumerate(free) if middle >= taken), None)
        if tier is None:
            continue  # others' words stand there; the hover still names it
        free[tier] = middle + room
        notes.append(_note(middle, len(axis), many if is_lost and first != last else word, tier, theme))
    return shapes, notes


def _note(middle: float, count: int, text: str, tier: int, theme: Theme) -> dict[str, Any]:
    part = (middle + 0.5) / count
    return {
        "x": middle,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": tier * _TIER,
        "xanchor": "left" if part < 0.12 else "right" if part > 0.88 else "center",
        "text": short_label(text, 17, 2),
        "showarrow": False,
        "align": "center",
        "font": {"size": 11, "color": INK[theme].muted},
    }


def _norm_shapes(rule: Rule | None, end: float, theme: Theme) -> list[dict[str, Any]]:
    if rule is None:
        return []
    shapes: list[dict[str, Any]] = []
    across = {"xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
    if rule.low is not None:
        high = rule.high if rule.high is not None else end
        look = {"fillcolor": INK[theme].band, "line": {"width": 0}}
        shapes.append(across | {"type": "rect", "y0": rule.low, "y1": high} | look)
    for bound, status in ((rule.target, Status.TARGET_MET), (rule.leader, Status.LEADER)):
        if bound is not None and bound <= end:
            line = {"color": status_colour(status, theme).fill, "width": 1.5, "dash": "dot"}
            shapes.append(across | {"type": "line", "y0": bound, "y1": bound, "line": line})
    return shapes


def _norm_label(rule: Rule | None, theme: Theme) -> list[dict[str, Any]]:
    if rule is None:
        return []
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": 0, "yref": "paper", "yanchor": "top"}
    font = {"size": 11, "color": INK[theme].muted}
    return [place | {"yshift": -54, "text": band_text(rule), "showarrow": False, "font": font}]


def _end_labels(lines: Sequence[_Line], end: float, count: int, theme: Theme) -> list[dict[str, Any]]:
    """Names with the newest value in the right margin, moved apart where lines end close together."""
    points_ = [line.last for line in lines]
    height = HEIGHT - _TOP - _BOTTOM
    gap = _LABEL_HEIGHT / height
    at = spread([last[1] / end if last else 0.0 for last in points_], gap, 0.02, 0.98)
    labels = []
    for line, last, place in zip(lines, points_, at, strict=True):
        if last is None:
            continue
        slot, share = last
        stale = "" if slot == count - 1 else "*"
        text = f"<b>{one_line(line.name, 15)}</b><br>{percent(share)}{stale}"
        labels.append(
            {
                "x": 1,
                "xref": "paper",
                "xanchor": "left",
                "xshift": 8,
                "y": place * end,
                "yanchor": "middle",
                "align": "left",
                "text": text,
                "showarrow": False,
                "font": {"size": 12, "color": line.colour},
            }
        )
    return labels


def _alt(lines: Sequence[_Line], axis: pd.DataFrame, indicator_name: str) -> str:
    known = int(axis["known"].fillna(False).sum())
    first, last = axis.iloc[0], axis.iloc[-1]
    text = f"{indicator_name}, {counted(known, 'неделя', 'недели', 'недель')}"
    text += f" с {first['start']:%d.%m.%Y} по {last['end']:%d.%m.%Y}."
    lost = len(axis) - known
    if lost:
        text += f" Пропущено: {counted(lost, 'неделя', 'недели', 'недель')}."
    for line in [line for line in lines if line.width > 1]:
        text += _course(line.name, line.rows)
    notes = [
        f"{row['week']} – {row['note']}" for row in axis.to_dict("records") if row["note"] and row["known"]
    ]
    return text + (f" Особые недели: {'; '.join(notes[:4])}." if notes else "")


def _course(name: str, rows: pd.DataFrame) -> str:
    known = rows[rows["share"].notna()]
    if known.empty:
        return f" {name}: нет данных."
    first, last = known.iloc[0], known.iloc[-1]
    if len(known) == 1:
        return f" {name}: {percent(last['share'])}."
    return f" {name}: было {percent(first['share'])}, стало {percent(last['share'])}."


def _small_alt(known: pd.DataFrame, axis: pd.DataFrame, rule: Rule | None, indicator_name: str) -> str:
    last = known.iloc[-1]
    text = f"{indicator_name} по неделям: {percent(last['share'])} за {last['week']}"
    if len(known) > 1:
        best, worst = known["share"].max(), known["share"].min()
        text += (
            f", от {percent(worst)} до {percent(best)} за {counted(len(known), 'неделю', 'недели', 'недель')}"
        )
    lost = int((~axis["known"].fillna(False)).sum())
    text += f". Пропущено: {counted(lost, 'неделя', 'недели', 'недель')}." if lost else "."
    return text + (f" {band_text(rule)[0].upper()}{band_text(rule)[1:]}." if rule else "").replace(
        NO_BREAK_SPACE, " "
    )
