"""Two weeks side by side: where organizations' statuses went, who left and entered those behind, how places moved."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from sferum_core.changes import BOTH, JUDGED, Changes
from sferum_core.charts.base import (
    Chart,
    count_ticks,
    empty_chart,
    hover_lines,
    is_missing,
    layout,
    name_axis,
    one_line,
    safe,
    short_label,
    status_words,
)
from sferum_core.grouping import UNKNOWN_KEY, UNKNOWN_MUNICIPALITY
from sferum_core.model import Status
from sferum_core.palette import INK, Theme, status_colour
from sferum_core.weeks import short_label as week_label
from sferum_core.wording import municipalities, number, organizations, percent, points

ROW, SLOPE_ROW = 36, 25
_NO_PAIRS = "Сравнить статусы нельзя: в двух неделях нет общих организаций."


def _titles(changes: Changes) -> tuple[str, str]:
    before = "прежде" if changes.before_period is None else week_label(changes.before_period)
    now = "теперь" if changes.period is None else week_label(changes.period)
    return before, now


def status_flow(changes: Changes, theme: Theme = "light") -> Chart:
    """Statuses of the organizations of both weeks, before on the left and now on the right, as streams.

    Streams that stay are pale; those up and down have the colour of the status they come to. `customdata` of a
    stream is (status before, status).
    """
    flow = changes.flow()
    if flow.empty:
        return empty_chart(_NO_PAIRS, theme)
    order = [*(status.value for status in reversed(JUDGED)), Status.NO_NORM.value, Status.NO_DATA.value]
    sides = [
        [status for status in order if (flow[name] == status).any()] for name in ("status_before", "status")
    ]
    nodes = [(side, status) for side in (0, 1) for status in sides[side]]
    place = {node: number_ for number_, node in enumerate(nodes)}
    sums = [flow.groupby(name)["organizations"].sum() for name in ("status_before", "status")]
    links = flow.to_dict("records")
    stays = [link["status_before"] == link["status"] for link in links]
    colours = [
        _faded(
            INK[theme].neutral if same else status_colour(str(link["status"]), theme).fill,
            0.28 if same else 0.62,
        )
        for link, same in zip(links, stays, strict=True)
    ]
    figure = go.Figure(
        go.Sankey(
            arrangement="fixed",
            node={
                "label": [
                    f"{status_words(status)} {number(int(sums[side][status]))}" for side, status in nodes
                ],
                "color": [status_colour(status, theme).fill for _, status in nodes],
                "x": [0.001 if side == 0 else 0.999 for side, _ in nodes],
                "y": _heights(nodes, sums),
                "pad": 16,
                "thickness": 16,
                "line": {"width": 0},
                "hovertemplate": "%{label}<extra></extra>",
            },
            link={
                "source": [place[(0, link["status_before"])] for link in links],
                "target": [place[(1, link["status"])] for link in links],
                "value": [int(link["organizations"]) for link in links],
                "color": colours,
                "customdata": [[link["status_before"], link["status"]] for link in links],
                "label": [
                    hover_lines(
                        f"{status_words(link['status_before'])} → {status_words(link['status'])}",
                        organizations(int(link["organizations"])),
                    )
                    for link in links
                ],
                "hovertemplate": "%{label}<extra></extra>",
            },
            textfont={"size": 12, "color": INK[theme].text},
        )
    )
    before, now = _titles(changes)
    layout(
        figure,
        theme,
        420,
        margin={"l": 6, "r": 6, "t": 46, "b": 16},
        annotations=[_head(0, before, theme), _head(1, now, theme)],
    )
    return Chart(figure, _flow_alt(changes, flow))


def _heights(nodes: list[tuple[int, str]], sums: list[pd.Series]) -> list[float]:
    """Centres of the nodes from the top (0–1), best status on top, as their sizes want."""
    result = []
    for side in (0, 1):
        sizes = [float(sums[side][status]) for one, status in nodes if one == side]
        total, free = sum(sizes), 0.04 * (len(sizes) - 1)
        top = 0.0
        for size in sizes:
            height = size / total * (1 - free)
            result.append(min(0.999, max(0.001, top + height / 2)))
            top += height + 0.04
    return result


def _faded(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity})"


def _head(side: int, text: str, theme: Theme) -> dict[str, Any]:
    return {
        "x": side,
        "y": 1,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left" if side == 0 else "right",
        "yanchor": "bottom",
        "yshift": 18,
        "text": safe(text),
        "showarrow": False,
        "font": {"size": 12, "color": INK[theme].muted},
    }


def _flow_alt(changes: Changes, flow: pd.DataFrame) -> str:
    count = changes.counts()
    same = int(flow.loc[flow["status_before"] == flow["status"], "organizations"].sum())
    return (
        f"Статусы организаций в двух неделях: прежний у {number(same)}, повысился у {number(count['up'])}, "
        f"понизился у {number(count['down'])}. Из отстающих вышли {number(count['left_behind'])}, "
        f"вошли {number(count['entered_behind'])}."
    )


def behind_table(changes: Changes) -> pd.DataFrame:
    """Who left and entered those behind: `municipality`, `municipality_key`, `left`, `entered`, `net`, best first.

    Only municipalities where somebody did; an organization counts where it stands now.
    """
    table = changes.organizations[(changes.organizations["presence"] == BOTH).to_numpy(dtype=bool)]
    marks = {word: changes.only(word).index for word in ("left_behind", "entered_behind")}
    frame = pd.DataFrame({"municipality_key": table["municipality_key"].fillna(UNKNOWN_KEY)})
    frame["left"] = table.index.isin(marks["left_behind"])
    frame["entered"] = table.index.isin(marks["entered_behind"])
    counts = frame.groupby("municipality_key")[["left", "entered"]].sum().astype("Int64").reset_index()
    counts = counts[(counts["left"] + counts["entered"] > 0).to_numpy(dtype=bool)]
    counts["net"] = counts["left"] - counts["entered"]
    names = changes.municipalities.drop_duplicates("municipality_key").set_index("municipality_key")[
        "municipality"
    ]
    written = table.drop_duplicates("municipality_key").set_index("municipality_key")["municipality"]
    shown = counts["municipality_key"].map(names).fillna(counts["municipality_key"].map(written))
    counts.insert(0, "municipality", shown.fillna(UNKNOWN_MUNICIPALITY).astype("str"))
    order = ["net", "left", "municipality"]
    return counts.sort_values(order, ascending=[False, False, True]).reset_index(drop=True)


def behind_moves(changes: Changes, theme: Theme = "light") -> Chart:
    """Bars to both sides by municipality: to the right who left those behind, to the left who entered.

    `customdata` of a bar is (municipality, `left` or `entered`).
    """
    table = behind_table(changes)
    if table.empty:
        return empty_chart("Состав отстающих не изменился.", theme)
    names = table["municipality"].tolist()
    left, entered = table["left"].astype(int).tolist(), table["entered"].astype(int).tolist()
    widest = max([*left, *entered, 1])
    figure = go.Figure()
    for word, title, values, sign, status in (
        ("left", "вышли из отстающих", left, 1, Status.TARGET_MET),
        ("entered", "вошли в отстающие", entered, -1, Status.BELOW_NORM),
    ):
        colour = status_colour(status, theme)
        figure.add_bar(
            orientation="h",
            y=list(range(len(names))),
            x=[sign * value for value in values],
            name=title,
            marker={"color": colour.fill},
            text=[number(value) if value else "" for value in values],
            textposition="outside",
            cliponaxis=False,
            constraintext="none",
            textfont={"size": 12, "color": INK[theme].text},
            customdata=[[name, word] for name in names],
            hovertext=[
                hover_lines(f"<b>{safe(name)}</b>", f"{title}: {organizations(value)}")
                for name, value in zip(names, values, strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    ticks, labels = count_ticks(widest, 2)
    places = [-tick for tick in ticks[:0:-1]] + ticks
    end = widest * 1.22
    layout(
        figure,
        theme,
        len(names) * ROW + 76,
        barmode="relative",
        margin={"l": 4, "r": 12, "t": 40, "b": 32, "pad": 4},
        xaxis={
            "range": [-end, end],
            "tickmode": "array",
            "tickvals": places,
            "ticktext": labels[:0:-1] + labels,
            "gridcolor": INK[theme].grid,
            "zeroline": True,
            "zerolinecolor": INK[theme].muted,
            "fixedrange": True,
            "tickfont": {"size": 12, "color": INK[theme].muted},
        },
        yaxis=name_axis([short_label(name) for name in names], theme),
        annotations=[
            _side("← вошли", -end / 2, Status.BELOW_NORM, theme),
            _side("вышли →", end / 2, Status.TARGET_MET, theme),
        ],
    )
    return Chart(figure, _behind_alt(changes, table))


def _side(text: str, x: float, status: Status, theme: Theme) -> dict[str, Any]:
    font = {"size": 13, "color": status_colour(status, theme).text}
    return {"x": x, "y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 8} | {
        "text": f"<b>{text}</b>",
        "showarrow": False,
        "font": font,
    }


def _behind_alt(changes: Changes, table: pd.DataFrame) -> str:
    count = changes.counts()
    best, worst = table.iloc[0], table.iloc[-1]
    text = f"Из отстающих вышли {number(count['left_behind'])}, вошли {number(count['entered_behind'])}."
    if best["net"] > 0:
        text += f" Лучше всего – {best['municipality']}: вышли {number(best['left'])}, вошли {number(best['entered'])}."
    if worst["net"] < 0:
        text += f" Хуже всего – {worst['municipality']}: вышли {number(worst['left'])}, вошли {number(worst['entered'])}."
    return text


def rank_slope(changes: Changes, indicator_name: str, theme: Theme = "light") -> Chart:
    """Places of municipalities before and now, a line each: risen, fallen and unmoved by colour and arrow.

    `customdata` of a line's points is the municipality's name. Those with a place in one week only have no line.
    """
    table = changes.municipalities
    table = table[(table["municipality_key"] != UNKNOWN_KEY).to_numpy(dtype=bool)]
    now, was = (
        table[table[name].notna()].sort_values([name, "municipality"], kind="stable").reset_index(drop=True)
        for name in ("rank", "rank_before")
    )
    if now.empty and was.empty:
        return empty_chart("Мест нет: ни в одной неделе нет данных по этому показателю.", theme)
    heights = [{key: place for place, key in enumerate(side["municipality_key"])} for side in (was, now)]
    figure = go.Figure()
    for row in table.to_dict("records"):
        key = row["municipality_key"]
        if key not in heights[0] or key not in heights[1]:
            continue
        colour, width = _slope_look(int(row["rank_change"]), theme)
        figure.add_scatter(
            x=[0, 1],
            y=[heights[0][key], heights[1][key]],
            mode="lines+markers",
            line={"color": colour, "width": width},
            marker={"color": colour, "size": 6},
            customdata=[row["municipality"]] * 2,
            hovertext=_slope_hover(row),
            hovertemplate="%{hovertext}<extra></extra>",
            cliponaxis=False,
        )
    labels = [_slope_left(row, place, theme) for place, row in enumerate(was.to_dict("records"))]
    labels += [_slope_right(row, place, theme) for place, row in enumerate(now.to_dict("records"))]
    before, today = _titles(changes)
    heads = [(0, "right", f"{before}, место"), (1, "left", f"{today}, место")]
    labels += [
        {
            "x": x,
            "y": -0.7,
            "xanchor": anchor,
            "yanchor": "bottom",
            "text": safe(text),
            "showarrow": False,
            "font": {"size": 12, "color": INK[theme].muted},
        }
        for x, anchor, text in heads
    ]
    count = max(len(now), len(was))
    layout(
        figure,
        theme,
        count * SLOPE_ROW + 60,
        hovermode="closest",
        margin={"l": 112, "r": 196, "t": 30, "b": 12},
        annotations=labels,
        xaxis={"visible": False, "range": [0, 1], "fixedrange": True},
        yaxis={"visible": False, "range": [count - 0.5, -0.9], "fixedrange": True},
    )
    return Chart(figure, _slope_alt(table, indicator_name))


def _slope_look(change: int, theme: Theme) -> tuple[str, float]:
    if change > 0:
        return status_colour(Status.TARGET_MET, theme).fill, 2.0
    if change < 0:
        return status_colour(Status.BELOW_NORM, theme).fill, 2.0
    return INK[theme].neutral, 1.2


def _slope_hover(row: dict[Any, Any]) -> str:
    return hover_lines(
        f"<b>{safe(row['municipality'])}</b>",
        f"место: было {number(row['rank_before'])}, стало {number(row['rank'])}",
        f"доля: было {percent(row['share_before'])}, стало {percent(row['share'])}",
        "" if is_missing(row["change"]) else points(row["change"]),
    )


def _slope_left(row: dict[Any, Any], place: int, theme: Theme) -> dict[str, Any]:
    gone = f"{one_line(row['municipality'], 12)} " if is_missing(row["rank"]) else ""
    return _slope_label(
        0, place, f"{gone}{percent(row['share_before'])} · <b>{number(row['rank_before'])}</b>", theme
    )


def _slope_right(row: dict[Any, Any], place: int, theme: Theme) -> dict[str, Any]:
    change = row["rank_change"]
    if is_missing(change):
        arrow = " новый" if is_missing(row["rank_before"]) else ""
    else:
        arrow = f" ▲{number(change)}" if change > 0 else f" ▼{number(-change)}" if change < 0 else ""
    colour = None if is_missing(change) or not change else _slope_look(int(change), theme)[0]
    tail = f"<span style='color:{colour}'>{arrow}</span>" if colour else arrow
    text = f"<b>{number(row['rank'])}</b> {one_line(row['municipality'], 19)}{tail}"
    return _slope_label(1, place, text, theme)


def _slope_label(side: int, place: int, text: str, theme: Theme) -> dict[str, Any]:
    return {
        "x": side,
        "y": place,
        "xanchor": "left" if side else "right",
        "xshift": 9 if side else -9,
        "yanchor": "middle",
        "text": text,
        "showarrow": False,
        "font": {"size": 12, "color": INK[theme].text},
    }


def _slope_alt(table: pd.DataFrame, indicator_name: str) -> str:
    moved = table[table["rank_change"].notna().to_numpy(dtype=bool)]
    up, down = int((moved["rank_change"] > 0).sum()), int((moved["rank_change"] < 0).sum())
    text = f"{indicator_name}: места в двух неделях, {municipalities(len(moved))}. "
    text += f"Поднялись {number(up)}, опустились {number(down)}."
    if up:
        best = moved.sort_values(["rank_change", "rank"], ascending=[False, True]).iloc[0]
        places = f"место было {number(best['rank_before'])}, стало {number(best['rank'])}"
        text += f" Больше всех поднялся {best['municipality']}: {places}."
    return text
