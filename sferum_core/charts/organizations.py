"""Charts of organizations: statuses by municipality, one organization's indicators against their norms."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Literal

import pandas as pd
import plotly.graph_objects as go

from sferum_core.charts.base import (
    Chart,
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
from sferum_core.grouping import display_names, group_keys
from sferum_core.indicators import INDICATORS
from sferum_core.model import Status
from sferum_core.palette import INK, Theme, status_colour
from sferum_core.wording import number, organizations, percent

Mode = Literal["share", "count"]
TROUBLE = (Status.INACTIVE.value, Status.BELOW_NORM.value, Status.TARGET_MISSED.value)
ROW = 36


def status_table(assessed: pd.DataFrame) -> pd.DataFrame:
    """Counts of organizations: a row a municipality, a column a status in use, then total and trouble.

    Spellings of one municipality are one row; `trouble` is the fraction that is inactive or below the norm.
    The largest `trouble` comes first, then the largest municipality.
    """
    used = [status.value for status in Status if (assessed["status"] == status.value).any()]
    if assessed.empty:
        return pd.DataFrame(columns=["municipality", *used, "total", "trouble"])
    keys = group_keys(assessed)
    table = pd.crosstab(keys.to_numpy(), assessed["status"].to_numpy()).reindex(columns=used)
    table["total"] = table.sum(axis=1)
    trouble = table[[status for status in TROUBLE if status in used]].sum(axis=1)
    table["trouble"] = trouble / table["total"]
    table.insert(0, "municipality", [display_names(assessed)[key] for key in table.index])
    order = ["trouble", "total", "municipality"]
    return table.sort_values(order, ascending=[False, False, True]).reset_index(drop=True)


def status_bars(assessed: pd.DataFrame, theme: Theme = "light", mode: Mode = "share") -> Chart:
    """Stacked bars of statuses by municipality, worst on top; `mode` is parts of 100 % or numbers.

    `customdata` of every bar is (municipality as shown, status), for a page that filters by a click.
    """
    table = status_table(assessed)
    if table.empty:
        return empty_chart("Организаций под выбранные условия нет.", theme)
    statuses = [column for column in table.columns if column in set(Status)]
    figure = go.Figure()
    names = table["municipality"].tolist()
    totals = table["total"].astype(int).tolist()
    for status in statuses:
        numbers = table[status].astype(int).tolist()
        parts = [count / total for count, total in zip(numbers, totals, strict=True)]
        colour = status_colour(status, theme)
        hovers = [
            hover_lines(
                f"<b>{safe(name)}</b>", f"{status_words(status)}: {of_counts(count, total)}", percent(part)
            )
            for name, count, total, part in zip(names, numbers, totals, parts, strict=True)
        ]
        figure.add_bar(
            orientation="h",
            y=list(range(len(names))),
            x=parts if mode == "share" else numbers,
            name=status_words(status),
            marker={"color": colour.fill, "line": {"width": 1, "color": "rgba(0,0,0,0)"}},
            text=[number(count) if part >= 0.06 else "" for count, part in zip(numbers, parts, strict=True)],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            constraintext="none",
            textfont={"color": colour.on_fill, "size": 11},
            customdata=[[name, status] for name in names],
            hovertext=hovers,
            hovertemplate="%{hovertext}<extra></extra>",
        )
    end = 1.0 if mode == "share" else float(max(totals))
    ticks = percent_ticks(1.0, 2) if mode == "share" else count_ticks(end, 4)
    legend = {
        "orientation": "h",
        "x": 0,
        "xref": "container",
        "xanchor": "left",
        "y": 1,
        "yref": "container",
        "yanchor": "top",
        "traceorder": "normal",
        "font": {"size": 12},
        "itemclick": False,
        "itemdoubleclick": False,
        "bgcolor": "rgba(0,0,0,0)",
    }
    layout(
        figure,
        theme,
        len(names) * ROW + 110,
        barmode="stack",
        showlegend=True,
        legend=legend,
        margin={"l": 4, "r": 64, "t": 74, "b": 36, "pad": 4},
        xaxis=value_axis(ticks, end, theme),
        yaxis=name_axis([short_label(name) for name in names], theme),
        annotations=right_labels([f"{number(total)} орг." for total in totals], theme, 64),
    )
    return Chart(figure, _status_alt(table))


def _status_alt(table: pd.DataFrame) -> str:
    total = int(table["total"].sum())
    parts = [
        f"«{Status(status).label}» – {number(int(table[status].sum()))}"
        for status in table.columns
        if status in set(Status)
    ]
    worst = table.iloc[0]
    sentence = f"Статусы организаций по муниципалитетам: всего {organizations(total)}, {', '.join(parts)}."
    if worst["trouble"] > 0:
        share = percent(float(worst["trouble"]))
        sentence += f" Больше всего не активных и не дошедших до нормы – {worst['municipality']}: {share}."
    return sentence


def bullet(indicators: pd.DataFrame, theme: Theme = "light") -> Chart:
    """Every indicator of an organization's card against its norm: a bar, the norm shaded, the target a tick.

    `indicators` is the frame of `organization_card`: indicator, name, numerator, denominator, share, status,
    low, high, target, missing, …; shares and bounds are fractions. The axis starts at 0 and ends a little
    above the largest share or bound: keep indicators without a norm in a chart of their own, or a norm of
    2.5–5 % is lost beside a share of 80 %.
    """
    if indicators.empty:
        return empty_chart("Показателей, которые можно посчитать, в файле нет.", theme)
    frame = indicators.reset_index(drop=True)
    shares = floats(frame["share"])
    bounds = {key: floats(frame[key]) for key in ("low", "high", "target") if key in frame.columns}
    end = top_of(shares, *bounds.values(), least=0.01) * 1.12
    colours = INK[theme]
    bars = [status_colour(str(status), theme).fill for status in frame["status"]]
    judged = [str(status) not in (Status.NO_NORM.value, Status.NO_DATA.value) for status in frame["status"]]
    bars = [colour if known else colours.neutral for colour, known in zip(bars, judged, strict=True)]
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=list(range(len(frame))),
            x=[share or 0.0 for share in shares],
            width=0.34,
            marker={"color": bars},
            customdata=frame["indicator"].tolist(),
            hovertext=[_bullet_hover(row) for row in frame.to_dict("records")],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    shapes = []
    for place in range(len(frame)):
        low = bounds.get("low", [None] * len(frame))[place]
        high = bounds.get("high", [None] * len(frame))[place]
        target = bounds.get("target", [None] * len(frame))[place]
        if low is not None:
            box = {"type": "rect", "x0": low, "x1": high if high is not None else end}
            shapes.append(
                box
                | {
                    "y0": place - 0.36,
                    "y1": place + 0.36,
                    "fillcolor": colours.band,
                    "line": {"width": 0},
                    "layer": "below",
                }
            )
        if target is not None:
            line = {"color": status_colour(Status.TARGET_MET, theme).fill, "width": 2.5}
            shapes.append(
                {
                    "type": "line",
                    "x0": target,
                    "x1": target,
                    "y0": place - 0.36,
                    "y1": place + 0.36,
                    "line": line,
                }
            )
    labels = [
        value_label(share, row["numerator"], row["denominator"], theme)
        for share, row in zip(shares, frame.to_dict("records"), strict=True)
    ]
    title = "полоса – доля, заливка – норма, черта – цель" if shapes else ""
    layout(
        figure,
        theme,
        len(frame) * 42 + (76 if shapes else 52),
        margin={"l": 4, "r": 88, "t": 8, "b": 56 if shapes else 32, "pad": 4},
        shapes=shapes,
        xaxis=value_axis(percent_ticks(end, 3), end, theme)
        | {"title": {"text": title, "font": {"size": 12, "color": colours.muted}}},
        yaxis=name_axis([short_label(_short_name(row), 21) for row in frame.to_dict("records")], theme),
        annotations=right_labels(labels, theme, 88),
    )
    below = frame.loc[frame["status"] == Status.BELOW_NORM.value, "name"].tolist()
    about = "Показатели организации против нормы" if shapes else "Показатели организации без нормы"
    alt = f"{about}, всего {number(len(frame))}."
    if any(judged):
        alt += f" Ниже нормы: {', '.join(below)}." if below else " Ниже нормы ничего нет."
    alt += f" Шкала от 0 до {percent(end)}."
    return Chart(figure, alt)


def value_label(share: float | None, numerator: object, denominator: object, theme: Theme) -> str:
    """«**8,3 %**» over «5 из 60» for the column at the right."""
    if share is None:
        return f"<span style='color:{INK[theme].muted}'>нет данных</span>"
    counts = of_counts(numerator, denominator)
    small = f"<br><span style='font-size:11px;color:{INK[theme].muted}'>{counts}</span>" if counts else ""
    return f"<b>{percent(share)}</b>{small}"


def _short_name(row: dict[Hashable, object]) -> str:
    known = INDICATORS.get(str(row["indicator"]))
    return known.short_name if known else str(row["name"])


def _bullet_hover(row: dict[Hashable, object]) -> str:
    name, share = safe(row["name"]), row["share"]
    value = "нет данных" if is_missing(share) else percent(float(share))  # type: ignore[arg-type]
    low, high, target = (row.get(key) for key in ("low", "high", "target"))
    norm = ""
    if not is_missing(low):
        norm = f"норма: от {percent(float(low))}"  # type: ignore[arg-type]
        norm += "" if is_missing(high) else f" до {percent(float(high))}"  # type: ignore[arg-type]
    goal = "" if is_missing(target) else f"цель: {percent(float(target))}"  # type: ignore[arg-type]
    counts = of_counts(row["numerator"], row["denominator"])
    return hover_lines(f"<b>{name}</b>", value, counts, status_words(row["status"]), norm, goal)
