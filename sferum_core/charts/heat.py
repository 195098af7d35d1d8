"""The heat map municipality × indicator, in altair."""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd

from sferum_core.charts.base import FONT, Chart, is_missing, of_counts, status_words
from sferum_core.palette import INK, Theme, contrast
from sferum_core.wording import municipalities, number, percent

STEP, ROW, LINE = 96, 26, 13
HEADING_CHARACTERS = 13
_SHORT_NAMES = (
    "replace(replace(replace(datum.label, 'муниципальный округ', 'мун. округ'), "
    "'муниципальный район', 'мун. район'), 'городской округ', 'гор. округ')"
)  # on the axis only; the hint of a cell has the whole name
_TEXT: dict[Theme, tuple[str, str]] = {"light": ("#1c2530", "#ffffff"), "dark": ("#e8edf4", "#0e1117")}


def heat_map(heat_table: pd.DataFrame, theme: Theme = "light", step: int = STEP) -> Chart:
    """Percent in every cell; a cell is the stronger the nearer it comes to the best of its column.

    `heat_table` is long: municipality, indicator, indicator_name, numerator, denominator, share, status.
    `step` is the width of a column in px: the map keeps its width, and the page lets it scroll on a phone.
    """
    frame = _cells(heat_table, theme)
    colours = INK[theme]
    on_low, on_high = _TEXT[theme]
    extra_lines = max((text.count("|") for text in frame["heading"]), default=0)
    heading = alt.Axis(
        orient="top",
        labelAngle=0,
        title=None,
        labelExpr="split(datum.label, '|')",
        labelPadding=6 + LINE * extra_lines,
        labelLimit=200,
        labelLineHeight=LINE,
        labelFontSize=11,
        domain=False,
        ticks=False,
        aria=False,
    )
    names = alt.Axis(
        title=None,
        labelExpr=_SHORT_NAMES,
        labelLimit=180,
        labelPadding=8,
        domain=False,
        ticks=False,
        aria=False,
    )
    x = alt.X("heading:N", sort=frame["heading"].unique().tolist(), axis=heading)
    y = alt.Y("name:N", sort=frame["name"].unique().tolist(), axis=names)
    tooltip = [
        alt.Tooltip("name:N", title="Муниципалитет"),
        alt.Tooltip("full:N", title="Показатель"),
        alt.Tooltip("value:N", title="Доля"),
        alt.Tooltip("counts:N", title="Сколько"),
        alt.Tooltip("verdict:N", title="Статус"),
    ]
    base = alt.Chart(frame).encode(x=x, y=y, tooltip=tooltip)
    scale = alt.Scale(domain=[0, 1], range=[colours.heat_low, colours.heat_high], interpolate="rgb")
    boxes = base.transform_filter("datum.ink != 'none'").mark_rect(cornerRadius=3, aria=False)
    boxes = boxes.encode(color=alt.Color("relative:Q", scale=scale, legend=None))
    inks = alt.Scale(domain=["low", "high", "none"], range=[on_low, on_high, colours.muted])
    texts = base.mark_text(fontSize=12, font=FONT, aria=False).encode(
        text="value:N", color=alt.Color("ink:N", scale=inks, legend=None)
    )
    figure = (
        alt.layer(boxes, texts)
        .resolve_scale(color="independent")
        .properties(width=alt.Step(step), height=alt.Step(ROW), background="transparent")
        .configure_view(stroke=None)
        .configure_scale(bandPaddingInner=0.05)
        .configure_axis(labelFont=FONT, labelFontSize=12, labelColor=colours.text, grid=False)
    )
    return Chart(figure, _alt(heat_table))


def _cells(heat_table: pd.DataFrame, theme: Theme) -> pd.DataFrame:
    """One row a cell with everything written out; `relative` sets the colour, 1 for the best of a column."""
    frame = heat_table.reset_index(drop=True)
    share = frame["share"].astype("Float64")
    best = share.groupby(frame["indicator"]).transform("max")
    relative = ((share / best.where(best > 0)) ** 2).fillna(0.0).astype("float64")
    rows = frame.to_dict("records")
    cells = pd.DataFrame(
        {
            "name": [" ".join(str(row["municipality"]).split()) for row in rows],
            "heading": [_heading(row) for row in rows],
            "full": [row["indicator_name"] for row in rows],
            "value": ["н/д" if is_missing(row["share"]) else percent(row["share"], 0) for row in rows],
            "counts": [of_counts(row["numerator"], row["denominator"]) or "нет данных" for row in rows],
            "verdict": [status_words(row["status"]) for row in rows],
            "relative": relative,
        }
    )
    small = (share < 0.1).fillna(False).to_numpy(dtype=bool)
    cells.loc[small, "value"] = [percent(value) for value in share[small]]
    cells["ink"] = [_ink(float(value), theme) for value in relative]
    cells.loc[share.isna().to_numpy(), "ink"] = "none"
    return cells


def _ink(relative: float, theme: Theme) -> str:
    """Which of the two text colours reads better on a cell of this strength."""
    ends = [
        [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
        for colour in (INK[theme].heat_low, INK[theme].heat_high)
    ]
    mixed = [round(low + (high - low) * relative) for low, high in zip(*ends, strict=True)]
    cell = "#" + "".join(f"{channel:02x}" for channel in mixed)
    on_low, on_high = _TEXT[theme]
    return "high" if contrast(cell, on_high) > contrast(cell, on_low) else "low"


def _heading(row: dict[object, object]) -> str:
    """The indicator's name in up to four short lines."""
    name = str(row.get("indicator_short_name") or row["indicator_name"]).replace("|", "/")
    lines = textwrap.wrap(
        name, HEADING_CHARACTERS, max_lines=4, placeholder="…", break_on_hyphens=False, break_long_words=False
    )
    return "|".join(lines)


def _alt(heat_table: pd.DataFrame) -> str:
    count = heat_table["municipality"].nunique()
    best = (
        heat_table[heat_table["share"].notna()]
        .sort_values("share", kind="stable")
        .groupby("indicator")
        .tail(1)
    )
    leaders = [f"{row['indicator_name']} – {row['municipality']}" for row in best.to_dict("records")]
    indicators = number(heat_table["indicator"].nunique())
    sentence = f"Доли по показателям: {municipalities(count)}, показателей {indicators}."
    return sentence + (f" Лучшие: {'; '.join(leaders)}." if leaders else " Данных нет.")
