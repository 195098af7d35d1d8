"""What all charts share: theme, fonts, axes in percent, labels that are safe and short."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from sferum_core.model import Status
from sferum_core.palette import INK, Ink, Theme, status_colour
from sferum_core.wording import NO_BREAK_SPACE, number, percent

FONT = "Golos Text, sans-serif"
FONT_SIZE = 13
ROW_HEIGHT = 34
LABEL_CHARACTERS = 19
NO_MUNICIPALITY = "Муниципалитет не указан"
LINE_BREAK = "<br>"


@dataclass(frozen=True)
class Chart:
    """A figure and its text alternative: one Russian sentence or two with the main message."""

    figure: Any
    alt: str


def safe(value: object) -> str:
    """Text from a file, harmless in plotly, which reads some HTML tags in labels and hover texts."""
    return html.escape(" ".join(str(value).split()), quote=False)


def _pieces(text: str) -> list[str]:
    """Words, and parts of words that end with a hyphen: where a line may break."""
    return [piece for word in text.split(" ") for piece in re.findall(r"[^-]+-?|-", word + " ")]


def short_label(value: object, characters: int = LABEL_CHARACTERS, lines: int = 2) -> str:
    """A name in at most two short lines with «…» where it was cut; safe for plotly."""
    text = " ".join(str(value).replace(NO_BREAK_SPACE, "\0").split()).replace("\0", NO_BREAK_SPACE)
    made, rest = [""], _pieces(text)
    while rest:
        piece = rest.pop(0)
        if not made[-1] or len((made[-1] + piece).rstrip()) <= characters:
            made[-1] += piece
        elif len(made) < lines:
            made.append(piece)
        else:
            made[-1] = made[-1].rstrip() + "…"
            break
    cut = [line.rstrip() for line in made]
    cut = [line if len(line) <= characters + 1 else f"{line[: characters - 1].rstrip(' …')}…" for line in cut]
    return LINE_BREAK.join(html.escape(line, quote=False) for line in cut)


def one_line(value: object, characters: int) -> str:
    """A name cut to one line; safe for plotly."""
    text = " ".join(str(value).split())
    cut = text if len(text) <= characters else f"{text[: characters - 1].rstrip(' -')}…"
    return html.escape(cut, quote=False)


def of_counts(numerator: object, denominator: object) -> str:
    """«5 из 11», "" where either is missing."""
    if is_missing(numerator) or is_missing(denominator):
        return ""
    return f"{number(numerator)}{NO_BREAK_SPACE}из{NO_BREAK_SPACE}{number(denominator)}"  # type: ignore[arg-type]


def is_missing(value: object) -> bool:
    """Whether a cell holds nothing."""
    return value is None or bool(pd.isna(value))  # type: ignore[call-overload]


def floats(values: pd.Series) -> list[float | None]:
    """Numbers as plotly takes them, None where missing."""
    return [None if is_missing(value) else float(value) for value in values]


def hover_lines(*lines: str) -> str:
    """Lines of a hover text; those that are empty stay out."""
    return LINE_BREAK.join(line for line in lines if line)


def status_words(status: object) -> str:
    """«Ниже нормы»; the sign stays out: not every font of a chart has it."""
    if is_missing(status) or str(status) not in set(Status):
        return ""
    return Status(str(status)).label


def bar_colours(statuses: Iterable[object], theme: Theme) -> list[str]:
    """Colours of bars: the status's, a neutral one where no norm is set."""
    plain = {Status.NO_NORM.value, ""}
    return [
        INK[theme].neutral
        if is_missing(status) or str(status) in plain
        else status_colour(str(status), theme).fill
        for status in statuses
    ]


_STEPS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0)


def percent_ticks(top: float, most: int = 5) -> tuple[list[float], list[str]]:
    """Round positions from 0 to at least `top` (a fraction) and their labels «25 %»."""
    step = next((step for step in _STEPS if top / step <= most), None) or max(1.0, top // most + 1)
    places = [round(step * place, 6) for place in range(int(top / step) + 1)]
    return places, [percent(place, 1 if step < 0.01 else 0) for place in places]


def count_ticks(top: float, most: int = 5) -> tuple[list[float], list[str]]:
    """Round whole positions from 0 to at most `top` and their labels."""
    step = 1
    while top / step > most:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    places = [float(place) for place in range(0, int(top) + 1, step)]
    return places, [number(place) for place in places]


def top_of(*groups: Iterable[float | None], least: float = 0.0) -> float:
    """The largest of the values given, for the end of an axis."""
    values = [value for group in groups for value in group if value is not None]
    return max([least, *values])


def ink(theme: Theme) -> Ink:
    """Colours of a theme."""
    return INK[theme]


def layout(figure: go.Figure, theme: Theme, height: int, **options: Any) -> go.Figure:
    """The quiet look of every chart: transparent, sized by its container, no tool bar clutter."""
    colours = INK[theme]
    base: dict[str, Any] = {
        "autosize": True,
        "height": height,
        "separators": ", ",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": FONT_SIZE, "color": colours.text},
        "margin": {"l": 4, "r": 12, "t": 28, "b": 32, "pad": 4},
        "showlegend": False,
        "dragmode": False,
        "bargap": 0.28,
        "hoverlabel": {
            "font": {"family": FONT, "size": FONT_SIZE, "color": colours.text},
            "bgcolor": "#ffffff" if theme == "light" else "#1a1f2b",
            "bordercolor": colours.grid,
            "align": "left",
        },
    }
    figure.layout = base | options  # update_layout does the same ten times slower
    return figure


def value_axis(ticks: tuple[Sequence[float], Sequence[str]], end: float, theme: Theme) -> dict[str, Any]:
    """A horizontal axis from zero with the ticks given."""
    colours = INK[theme]
    return {
        "range": [0, end],
        "tickmode": "array",
        "tickvals": list(ticks[0]),
        "ticktext": list(ticks[1]),
        "gridcolor": colours.grid,
        "zeroline": True,
        "zerolinecolor": colours.muted,
        "zerolinewidth": 1,
        "tickfont": {"color": colours.muted, "size": 12},
        "fixedrange": True,
        "showline": False,
        "tickangle": 0,
    }


def name_axis(labels: Sequence[str], theme: Theme) -> dict[str, Any]:
    """A vertical axis of names, the first one on top. Rows stand at 0, 1, 2 …, so equal names stay apart."""
    return {
        "tickmode": "array",
        "tickvals": list(range(len(labels))),
        "ticktext": list(labels),
        "range": [len(labels) - 0.5, -0.5],
        "automargin": True,
        "tickfont": {"size": 12, "color": INK[theme].text},
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "ticklabelstandoff": 4,
    }


def right_labels(texts: Sequence[str], theme: Theme, margin: int) -> list[dict[str, Any]]:
    """A right-aligned column of values in the right `margin` (px), one for each row."""
    return [
        {
            "x": 1,
            "xref": "paper",
            "xanchor": "right",
            "xshift": margin - 4,
            "y": place,
            "yref": "y",
            "yanchor": "middle",
            "text": text,
            "showarrow": False,
            "align": "right",
            "font": {"size": 12, "color": INK[theme].text},
        }
        for place, text in enumerate(texts)
    ]


def empty_chart(message: str, theme: Theme) -> Chart:
    """A figure that says why there is nothing to draw."""
    figure = layout(go.Figure(), theme, 120)
    figure.update_xaxes(visible=False).update_yaxes(visible=False)
    figure.add_annotation(
        text=safe(message),
        x=0.5,
        y=0.5,
        xref="paper",
        yref="paper",
        showarrow=False,
        font={"color": INK[theme].muted},
    )
    return Chart(figure, message)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places as near to `wanted` as they can be with `gap` between neighbours, in the same order, within bounds.

    Where all don't fit between `low` and `high` the gap gives way.
    """
    if not wanted:
        return []
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    gap = min(gap, (high - low) / max(1, len(wanted) - 1)) if len(wanted) > 1 else gap
    placed: list[float] = []
    for place in order:
        floor = placed[-1] + gap if placed else low
        placed.append(max(floor, min(wanted[place], high)))
    ceiling = high
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = min(placed[place], ceiling)
        ceiling = placed[place] - gap
    result = [0.0] * len(wanted)
    for rank, place in enumerate(order):
        result[place] = placed[rank]
    return result
