"""A plotly figure as shapes: axes, bars, lines, points, streams, shapes and notes as this app's charts declare them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sferum_core.pictures.axes import Axis, Frame, frame_of
from sferum_core.pictures.legend import legend_shapes
from sferum_core.pictures.rich_text import Letters, block_height, lines_of, stacked
from sferum_core.pictures.sankey import streams
from sferum_core.pictures.shapes import (
    ANCHOR_PARTS,
    Anchor,
    Colour,
    Point,
    Shape,
    Stroke,
    Words,
    box,
    colour_of,
    dash_of,
    outline,
)
from sferum_core.pictures.traces import trace_shapes

_ACROSS: dict[str, Anchor] = {"left": "start", "center": "middle", "right": "end"}
_TITLE_SIZE, _SIZE = 17, 13


def plot(
    figure: Mapping[str, Any], width: float, letters: Letters
) -> tuple[list[Shape], tuple[float, float]]:
    """Shapes of a figure drawn so wide, and the size it takes. ValueError for a trace of another kind."""
    traces: Sequence[Mapping[str, Any]] = figure["data"]
    layout: Mapping[str, Any] = figure["layout"]
    height = float(layout.get("height") or 450)
    font = layout.get("font") or {}
    ink = colour_of(font.get("color"), Colour(28, 37, 48))
    frame = frame_of(traces, layout, (width, height), letters, ink)
    below = [shape for shape in layout.get("shapes") or () if shape.get("layer") == "below"]
    above = [shape for shape in layout.get("shapes") or () if shape.get("layer") != "below"]
    made: list[Shape] = [*frame.grid(), *_declared(below, frame)]
    if any(trace.get("type") == "sankey" for trace in traces):
        made += [shape for trace in traces for shape in streams(trace, frame, letters, ink)]
    else:
        made += trace_shapes(traces, layout, frame, letters, ink)
    made += [*frame.zero_lines(), *_declared(above, frame), *frame.labels()]
    for note in layout.get("annotations") or ():
        made += _note(note, frame, letters, ink)
    if layout.get("showlegend"):
        made += legend_shapes(traces, layout, frame, letters, ink)
    made += _title(layout.get("title"), letters, ink)
    return made, (width, height)


def _place(value: Any, axis: Axis, whole: str | None) -> float:
    return axis.of_paper(float(value)) if whole == "paper" else axis.of(value)


def _declared(shapes: Sequence[Mapping[str, Any]], frame: Frame) -> Iterator[Shape]:
    for shape in shapes:
        xs = [_place(shape[key], frame.x, shape.get("xref")) for key in ("x0", "x1")]
        ys = [_place(shape[key], frame.y, shape.get("yref")) for key in ("y0", "y1")]
        opacity = float(shape.get("opacity", 1.0))
        line = shape.get("line") or {}
        edge = colour_of(line.get("color")).faded(opacity)
        width = float(line.get("width", 2))
        if shape.get("type") == "line":
            yield Stroke(((xs[0], ys[0]), (xs[1], ys[1])), edge, width, dash_of(line.get("dash")))
            continue
        yield box(xs[0], ys[0], xs[1], ys[1], colour_of(shape.get("fillcolor")).faded(opacity))
        if width and edge.opacity:
            corners: list[Point] = [(xs[0], ys[0]), (xs[1], ys[0]), (xs[1], ys[1]), (xs[0], ys[1])]
            yield outline(corners, edge, width, dash_of(line.get("dash")))


def _note(note: Mapping[str, Any], frame: Frame, letters: Letters, ink: Colour) -> list[Shape]:
    font = note.get("font") or {}
    lines = lines_of(note.get("text", ""), float(font.get("size", _SIZE)), colour_of(font.get("color"), ink))
    x = _place(note.get("x", 0.5), frame.x, note.get("xref")) + float(note.get("xshift", 0))
    y = _place(note.get("y", 0.5), frame.y, note.get("yref")) - float(note.get("yshift", 0))
    across = _ACROSS.get(_side(note, "xanchor", "x"), "middle")
    half = block_height(lines) / 2
    stands = _side(note, "yanchor", "y")
    y += {"bottom": -half, "top": half}.get(stands, 0.0)
    inside = _ACROSS.get(str(note.get("align", "center")), "middle")
    words = stacked(lines, x, y, across, inside, letters)
    ground = colour_of(note.get("bgcolor"))
    if not ground.opacity or not words:
        return [*words]
    wide = max(letters.width(line) for line in lines)
    left = x - wide * ANCHOR_PARTS[across]
    return [box(left - 3, y - half, left + wide + 3, y + half, ground), *words]


def _side(note: Mapping[str, Any], key: str, axis: str) -> str:
    """Where the note stands at its point; plotly's «auto» follows the third of the paper it is in."""
    told = str(note.get(key, "auto"))
    if told != "auto":
        return told
    if note.get(f"{axis}ref") != "paper":
        return "center" if axis == "x" else "middle"
    value = float(note.get(axis, 0.5))
    ends = ("left", "right") if axis == "x" else ("bottom", "top")
    return ends[0] if value < 1 / 3 else ends[1] if value > 2 / 3 else "center"


def _title(title: Any, letters: Letters, ink: Colour) -> list[Words]:
    if not isinstance(title, Mapping) or not title.get("text"):
        return []
    font = title.get("font") or {}
    lines = lines_of(title["text"], float(font.get("size", _TITLE_SIZE)), colour_of(font.get("color"), ink))
    pad = title.get("pad") or {}
    return stacked(
        lines,
        float(pad.get("l", 0)),
        float(pad.get("t", 0)) + block_height(lines) / 2,
        "start",
        None,
        letters,
    )
