"""Charts of preschool staff: the two rankings of the slide of 004 and registered against active."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import plotly.graph_objects as go

from sferum_core.charts.base import (
    Chart,
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
    top_of,
    value_axis,
)
from sferum_core.charts.organizations import value_label
from sferum_core.model import Status
from sferum_core.palette import INK, Theme, status_colour
from sferum_core.wording import NO_BREAK_SPACE, municipalities, number, percent

if TYPE_CHECKING:
    from sferum_core.staff import StaffReport

REGION_ROW = "Среднее значение по региону"
ROW = 34
QUARTERS = {
    (True, True): "зарегистрированы и активны",
    (True, False): "зарегистрированы, но молчат",
    (False, True): "мало, но активны",
    (False, False): "мало и молчат",
}
_QUARTER_STATUS = {
    (True, True): Status.TARGET_MET,
    (True, False): Status.BELOW_NORM,
    (False, True): Status.WITHIN_NORM,
    (False, False): Status.INACTIVE,
}
_QUARTER_SYMBOL = {
    (True, True): "triangle-up",
    (True, False): "triangle-down",
    (False, True): "square",
    (False, False): "circle",
}


@dataclass(frozen=True)
class StaffRankings:
    """The two rankings, to stand side by side or one under the other on a phone."""

    registered: Chart
    active: Chart


def staff_rankings(report: StaffReport, theme: Theme = "light") -> StaffRankings:
    """Registered and active preschool staff, ranked, with the region's own row in its place (004)."""
    columns = {
        "registered": ("Зарегистрированные воспитатели", "teachers_registered", "teachers_total"),
        "active": ("Активность воспитателей", "teachers_active", "teachers_registered"),
    }
    charts = {
        which: _ranking(report, which, title, (numerator, denominator), theme)
        for which, (title, numerator, denominator) in columns.items()
    }
    return StaffRankings(charts["registered"], charts["active"])


def _ranking(report: StaffReport, which: str, title: str, counts: tuple[str, str], theme: Theme) -> Chart:
    share, rank = f"share_{which}", f"rank_{which}"
    frame = report.municipalities
    if frame.empty:
        return empty_chart("Муниципалитетов с данными о сотрудниках ДОО нет.", theme)
    region = pd.DataFrame([report.region]).assign(municipality=REGION_ROW)
    kept = ["municipality", share, rank, *[key for key in counts if key in frame.columns]]
    both = pd.concat([frame.reindex(columns=kept), region.reindex(columns=kept)], ignore_index=True)
    both["is_region"] = [False] * len(frame) + [True]
    both[share] = both[share].astype("Float64")
    both = both.sort_values(
        [share, "municipality"], ascending=[False, True], na_position="last", kind="stable"
    )
    rows = both.to_dict("records")
    colours = INK[theme]
    shares = floats(both[share])
    end = top_of(shares, least=0.05) * 1.03
    names = []
    for row in rows:
        if row["is_region"]:
            names.append(f"<b>{short_label(REGION_ROW, 21)}</b>")
        else:
            place = "" if is_missing(row[rank]) else f"{number(row[rank])}.{NO_BREAK_SPACE}"
            names.append(short_label(f"{place}{row['municipality']}", 21))
    numerators = [row.get(counts[0]) for row in rows]
    denominators = [row.get(counts[1]) for row in rows]
    labels = [
        value_label(value, numerator, denominator, theme)
        for value, numerator, denominator in zip(shares, numerators, denominators, strict=True)
    ]
    hovers = [
        hover_lines(
            f"<b>{safe(row['municipality'])}</b>",
            "нет данных" if value is None else percent(value),
            of_counts(numerator, denominator),
            "" if is_missing(row[rank]) else f"место: {number(row[rank])}",
        )
        for row, value, numerator, denominator in zip(rows, shares, numerators, denominators, strict=True)
    ]
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=list(range(len(rows))),
            x=[value or 0.0 for value in shares],
            marker={"color": [colours.region if row["is_region"] else colours.neutral for row in rows]},
            customdata=["" if row["is_region"] else row["municipality"] for row in rows],
            hovertext=hovers,
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    heading = {"text": f"<b>{title}, %</b>", "x": 0, "xref": "container", "y": 1, "yref": "container"}
    heading |= {"xanchor": "left", "yanchor": "top", "font": {"size": 14}, "pad": {"l": 6, "t": 6}}
    layout(
        figure,
        theme,
        len(rows) * ROW + 84,
        margin={"l": 4, "r": 84, "t": 38, "b": 34, "pad": 4},
        title=heading,
        xaxis=value_axis(percent_ticks(end, 3), end, theme),
        yaxis=name_axis(names, theme),
        annotations=right_labels(labels, theme, 84),
    )
    return Chart(figure, _ranking_alt(title, frame, report.region, share, rank))


def _ranking_alt(title: str, frame: pd.DataFrame, region: pd.Series, share: str, rank: str) -> str:
    ranked = frame[frame[rank].notna()].sort_values(rank, kind="stable")
    sentence = f"{title}: {municipalities(len(frame))}, среднее значение по региону {percent(region[share])}."
    if len(ranked):
        first, last = ranked.iloc[0], ranked.iloc[-1]
        sentence += f" Выше всех – {first['municipality']} ({percent(first[share])})"
        sentence += (
            f", ниже всех – {last['municipality']} ({percent(last[share])})." if len(ranked) > 1 else "."
        )
    return sentence


def staff_scatter(report: StaffReport, theme: Theme = "light") -> Chart:
    """Registered × active, cut into four named quarters by the region's own figures.

    A share equal to the region's counts as high.
    """
    frame = report.municipalities
    frame = frame[frame["share_registered"].notna() & frame["share_active"].notna()].reset_index(drop=True)
    middle = (report.region["share_registered"], report.region["share_active"])
    if frame.empty or any(map(is_missing, middle)):
        return empty_chart("Сравнить регистрацию и активность не по чему: нет одной из долей.", theme)
    x0, y0 = float(middle[0]), float(middle[1])
    xs, ys = frame["share_registered"].astype(float), frame["share_active"].astype(float)
    colours = INK[theme]
    right, top = max(1.0, float(xs.max())) * 1.04, float(max(ys.max(), y0)) * 1.14
    left = max(0.0, min(float(xs.min()), x0) - 0.08)
    figure = go.Figure()
    for quarter, words in QUARTERS.items():
        part = frame[((xs >= x0) == quarter[0]) & ((ys >= y0) == quarter[1])]
        figure.add_scatter(
            x=floats(part["share_registered"]),
            y=floats(part["share_active"]),
            mode="markers",
            name=words,
            marker={
                "color": status_colour(_QUARTER_STATUS[quarter], theme).fill,
                "symbol": _QUARTER_SYMBOL[quarter],
                "size": 11,
                "opacity": 0.85,
                "line": {"width": 0},
            },
            cliponaxis=False,
            customdata=part["municipality"].tolist(),
            hovertext=[_scatter_hover(row, words) for row in part.to_dict("records")],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    cross = {"type": "line", "line": {"color": colours.muted, "width": 1.2, "dash": "dot"}, "layer": "below"}
    horizontal, vertical = percent_ticks(right, 5), percent_ticks(top, 6)
    layout(
        figure,
        theme,
        460,
        hovermode="closest",
        margin={"l": 8, "r": 16, "t": 44, "b": 52, "pad": 4},
        shapes=[
            cross | {"x0": x0, "x1": x0, "y0": 0, "y1": top},
            cross | {"y0": y0, "y1": y0, "xref": "paper", "x0": 0, "x1": 1},
        ],
        annotations=[*_quarter_names(frame, x0, y0, theme), *_region_names(x0, y0, top, theme)],
        xaxis=value_axis(horizontal, right, theme)
        | {
            "range": [left, right],
            "showgrid": False,
            "zeroline": False,
            "title": _axis("Зарегистрировано воспитателей, %"),
        },
        yaxis=value_axis(vertical, top, theme)
        | {
            "range": [-0.17 * top, top],
            "automargin": True,
            "showgrid": False,
            "title": _axis("Активны, % от зарегистрированных"),
        },
    )
    return Chart(figure, _scatter_alt(frame, x0, y0))


def quarters(frame: pd.DataFrame, registered: float, active: float) -> pd.Series:
    """The name of each municipality's quarter (`str`), NA where a share is missing."""
    words = []
    for x, y in zip(frame["share_registered"], frame["share_active"], strict=True):
        words.append(pd.NA if is_missing(x) or is_missing(y) else QUARTERS[(x >= registered, y >= active)])
    return pd.Series(words, index=frame.index, dtype="str")


def _axis(text: str) -> dict[str, object]:
    return {"text": text, "font": {"size": 12}}


def _quarter_names(frame: pd.DataFrame, x0: float, y0: float, theme: Theme) -> list[dict[str, object]]:
    counted = quarters(frame, x0, y0).value_counts()
    names: list[dict[str, object]] = []
    for (high_x, high_y), words in QUARTERS.items():
        colour = status_colour(_QUARTER_STATUS[(high_x, high_y)], theme).text
        broken = words.replace(", ", ",<br>") if "," in words else words.replace(" и ", "<br>и ")
        names.append(
            {
                "x": 1 if high_x else 0,
                "y": 1 if high_y else 0.01,
                "xref": "paper",
                "yref": "paper",
                "xanchor": "right" if high_x else "left",
                "yanchor": "bottom",
                "align": "right" if high_x else "left",
                "text": f"<b>{broken}: {int(counted.get(words, 0))}</b>",
                "showarrow": False,
                "font": {"size": 12, "color": colour},
            }
        )
    return names


def _region_names(x0: float, y0: float, top: float, theme: Theme) -> list[dict[str, object]]:
    look: dict[str, object] = {"showarrow": False, "font": {"size": 11, "color": INK[theme].muted}}
    across = {"x": 0, "xref": "paper", "xanchor": "left", "y": y0, "yanchor": "bottom"}
    up = {"x": x0, "xanchor": "right", "y": top, "yanchor": "top", "xshift": -2}
    return [
        look | across | {"text": f"регион {percent(y0)}"},
        look | up | {"text": f"регион {percent(x0)}"},
    ]


def _scatter_hover(row: dict[Hashable, object], words: str) -> str:
    registered = f"зарегистрировано: {percent(row['share_registered'])}"  # type: ignore[arg-type]
    active = f"активны: {percent(row['share_active'])}"  # type: ignore[arg-type]
    first = of_counts(row.get("teachers_registered"), row.get("teachers_total"))
    second = of_counts(row.get("teachers_active"), row.get("teachers_registered"))
    return hover_lines(
        f"<b>{safe(row['municipality'])}</b>",
        f"{registered} ({first})" if first else registered,
        f"{active} ({second})" if second else active,
        words,
    )


def _scatter_alt(frame: pd.DataFrame, x0: float, y0: float) -> str:
    counted = quarters(frame, x0, y0).value_counts()
    parts = [f"{words} – {int(counted.get(words, 0))}" for words in QUARTERS.values()]
    return (
        f"Регистрация и активность воспитателей, {municipalities(len(frame))}: {', '.join(parts)}. Границы – "
        f"показатели региона: {percent(x0)} и {percent(y0)}."
    )
