"""Charts of teachers, distance lessons and calls: counts only, never a name of a person."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from sferum_core.answers_people import share_words
from sferum_core.calls import LEAST_PARTICIPANTS, moment_words
from sferum_core.charts.base import (
    Chart,
    count_ticks,
    empty_chart,
    floats,
    hover_lines,
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
from sferum_core.model import Status
from sferum_core.palette import INK, Theme, status_colour
from sferum_core.teachers import NEAR
from sferum_core.wording import counted, number, percent, teachers

HEIGHT = 330
ROW = 36
MOST_BARS = 30
_WORDS = {
    "messages": ("сообщений за 7 дней", (3, 10)),
    "calls": ("звонков за 7 дней", (1, 3)),
}


def bin_label(start: int, end: object) -> str:
    """«0», «1–2», «100 и больше»."""
    if pd.isna(end):  # type: ignore[call-overload]
        return f"{number(start)} и больше"
    return number(start) if start == end else f"{number(start)}–{number(end)}"  # type: ignore[arg-type]


def distribution_bars(bins: pd.DataFrame, column: str, theme: Theme = "light") -> Chart:
    """How many teachers wrote how much (`column`: messages or calls), the thresholds as lines between bars.

    `bins` is `TeacherReport.distribution`. Those one to three messages short of ten have a colour of their own.
    """
    frame = bins[bins["column"] == column].reset_index(drop=True)
    unit, marks = _WORDS[column]
    if frame.empty:
        return empty_chart(f"Числа {unit} в файле нет.", theme)
    labels = [bin_label(int(start), end) for start, end in zip(frame["from"], frame["to"], strict=True)]
    people = [int(value) for value in frame["people"]]
    top = max(1.0, float(max(people))) * 1.16
    colours = [_bin_colour(int(start), column, marks[-1], theme) for start in frame["from"]]
    figure = go.Figure(
        go.Bar(
            x=list(range(len(labels))),
            y=people,
            marker={"color": colours},
            text=[f"<b>{number(count)}</b>" for count in people],
            textposition="outside",
            cliponaxis=False,
            hovertext=[
                hover_lines(f"<b>{label} {unit}</b>", teachers(count), percent(share))
                for label, count, share in zip(labels, people, floats(frame["share"]), strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    starts = [int(start) for start in frame["from"]]
    lines = [_mark(starts.index(mark) - 0.5, theme) for mark in marks if mark in starts]
    notes = [_mark_label(starts.index(mark) - 0.5, mark, theme) for mark in marks if mark in starts]
    layout(
        figure,
        theme,
        HEIGHT,
        margin={"l": 4, "r": 8, "t": 40, "b": 58, "pad": 2},
        bargap=0.18,
        shapes=lines,
        annotations=notes,
        xaxis={
            "tickmode": "array",
            "tickvals": list(range(len(labels))),
            "ticktext": [label.replace(" и больше", "+") for label in labels],
            "range": [-0.6, len(labels) - 0.4],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "tickangle": 0,
            "tickfont": {"size": 12, "color": INK[theme].text},
            "title": {"text": unit, "font": {"size": 12, "color": INK[theme].muted}},
        },
        yaxis={"range": [0, top], "visible": False, "fixedrange": True},
    )
    return Chart(figure, _distribution_alt(labels, people, unit, marks, starts))


def _bin_colour(start: int, column: str, last_mark: int, theme: Theme) -> str:
    if start >= last_mark:
        return INK[theme].accent
    if column == "messages" and start >= last_mark - NEAR:
        return status_colour(Status.TARGET_MISSED, theme).fill
    return INK[theme].neutral


def _mark(place: float, theme: Theme) -> dict[str, object]:
    line = {"color": INK[theme].text, "width": 1.2, "dash": "dot"}
    return {"type": "line", "x0": place, "x1": place, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def _mark_label(place: float, mark: int, theme: Theme) -> dict[str, object]:
    return {
        "x": place,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "text": f"от {mark}",
        "showarrow": False,
        "font": {"size": 12, "color": INK[theme].text},
    }


def _distribution_alt(
    labels: list[str], people: list[int], unit: str, marks: tuple[int, ...], starts: list[int]
) -> str:
    total = sum(people)
    reached = ", ".join(
        f"не менее {mark} – {number(sum(people[starts.index(mark) :]))}" for mark in marks if mark in starts
    )
    most = max(range(len(people)), key=people.__getitem__)
    return f"{teachers(total)} по числу {unit}: {reached}. Больше всего в столбце «{labels[most]}»: {number(people[most])}."


def lesson_bars(frame: pd.DataFrame, name: str, total: float | None, theme: Theme = "light") -> Chart:
    """Share of distance lessons, ranked; the share of all together as a line. At most `MOST_BARS` bars.

    `frame` comes from `LessonReport`, `name` is the column of names.
    """
    rows = frame[frame["share_distance"].notna()].head(MOST_BARS).reset_index(drop=True)
    if rows.empty:
        return empty_chart("Долю дистанционных уроков посчитать не по чему.", theme)
    shares = floats(rows["share_distance"])
    end = top_of(shares, [total] if total is not None else [], least=0.001) * 1.05
    records = rows.to_dict("records")
    counts = [of_counts(row.get("lessons_distance"), row.get("lessons_total")) for row in records]
    words = [row[name] if isinstance(row[name], str) else "без названия" for row in records]
    small = f"<br><span style='font-size:11px;color:{INK[theme].muted}'>"
    labels = [
        f"<b>{share_words(share)}</b>{small}{count}</span>"
        for share, count in zip(shares, counts, strict=True)
    ]
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=list(range(len(rows))),
            x=[value or 0.0 for value in shares],
            marker={"color": INK[theme].neutral},
            hovertext=[
                hover_lines(f"<b>{safe(word)}</b>", share_words(share), count)
                for word, share, count in zip(words, shares, counts, strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    shapes, notes = [], right_labels(labels, theme, 96)
    if total is not None:
        line = {"color": INK[theme].region, "width": 1.5}
        shapes.append(
            {"type": "line", "x0": total, "x1": total, "yref": "paper", "y0": 0, "y1": 1, "line": line}
        )
        place = total / end
        notes.append(
            {
                "x": total,
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "xanchor": "left" if place < 0.25 else "right" if place > 0.75 else "center",
                "text": f"<b>Всего {share_words(total)}</b>",
                "showarrow": False,
                "font": {"size": 12, "color": INK[theme].region},
            }
        )
    layout(
        figure,
        theme,
        len(rows) * ROW + 70,
        margin={"l": 4, "r": 96, "t": 28, "b": 34, "pad": 4},
        shapes=shapes,
        annotations=notes,
        xaxis=value_axis(percent_ticks(end, 3), end, theme),
        yaxis=name_axis([short_label(word, 21) for word in words], theme),
    )
    first = words[0]
    alt = f"Доля дистанционных уроков, сначала где больше: {first} – {share_words(shares[0])}"
    return Chart(figure, alt + (f", всего {share_words(total)}." if total is not None else "."))


def presence_steps(presence: pd.DataFrame, clock_only: bool, theme: Theme = "light") -> Chart:
    """How many people were in a call from moment to moment; the line of two participants is marked (000)."""
    steps = presence.reset_index(drop=True)
    if len(steps) < 2:
        return empty_chart("Времени входа и выхода в файле нет.", theme)
    people = [int(value) for value in steps["people"]]
    most = max(people)
    ink = INK[theme]
    ticks = count_ticks(float(max(most, LEAST_PARTICIPANTS)), 4)
    moments = [moment.to_pydatetime() for moment in steps["moment"]]
    figure = go.Figure(
        go.Scatter(
            x=moments,
            y=people,
            mode="lines",
            line={"shape": "hv", "color": ink.accent, "width": 2},
            fill="tozeroy",
            fillcolor=ink.band,
            hovertext=[
                f"{moment:%H:%M:%S}<br>{counted(count, 'участник', 'участника', 'участников')}"
                for moment, count in zip(moments, people, strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    line = {"color": ink.muted, "width": 1, "dash": "dot"}
    two = LEAST_PARTICIPANTS
    layout(
        figure,
        theme,
        260,
        margin={"l": 34, "r": 10, "t": 16, "b": 40, "pad": 4},
        shapes=[{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": two, "y1": two, "line": line}],
        xaxis={
            "tickformat": "%H:%M",
            "nticks": 6,
            "gridcolor": ink.grid,
            "fixedrange": True,
            "tickangle": 0,
            "tickfont": {"size": 12, "color": ink.muted},
            "hoverformat": "%H:%M:%S",
        },
        yaxis={
            "range": [0, max(most, two) * 1.08],
            "tickmode": "array",
            "tickvals": list(ticks[0]),
            "ticktext": list(ticks[1]),
            "gridcolor": ink.grid,
            "fixedrange": True,
            "zeroline": True,
            "zerolinecolor": ink.muted,
            "tickfont": {"size": 12, "color": ink.muted},
        },
    )
    peak = moments[people.index(most)]
    day = moment_words(pd.Timestamp(peak), clock_only)
    return Chart(figure, f"Участников в звонке по времени: больше всего {number(most)}, {day}.")
