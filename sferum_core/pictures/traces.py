"""Bars, lines and points of a plotly figure as shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sferum_core.pictures.axes import Frame, number_of
from sferum_core.pictures.rich_text import Letters, lines_of, stacked
from sferum_core.pictures.shapes import (
    Anchor,
    Area,
    Colour,
    Point,
    Shape,
    Stroke,
    Words,
    box,
    colour_of,
    dash_of,
    mark,
)

_BARGAP, _SIZE, _BESIDE = 0.2, 12.0, 4.0


def trace_shapes(
    traces: Sequence[Mapping[str, Any]],
    layout: Mapping[str, Any],
    frame: Frame,
    letters: Letters,
    ink: Colour,
) -> list[Shape]:
    """All traces in their order, bars on one another where the figure says so. ValueError for another kind."""
    bars = [trace for trace in traces if trace.get("type") == "bar"]
    made: list[Shape] = list(_bars(bars, layout, frame, letters, ink)) if bars else []
    for trace in traces:
        kind = trace.get("type", "scatter")
        if kind == "scatter":
            made += _scatter(trace, frame, ink)
        elif kind != "bar":
            raise ValueError(f"a trace of kind {kind!r} cannot be drawn")
    return made


def _each(value: Any, count: int, otherwise: Any) -> list[Any]:
    """One value a point, from a list or from one for all."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return list(value)
    return [otherwise if value is None else value] * count


def _bars(
    traces: Sequence[Mapping[str, Any]],
    layout: Mapping[str, Any],
    frame: Frame,
    letters: Letters,
    ink: Colour,
) -> Iterator[Shape]:
    on_one_another = layout.get("barmode") in ("stack", "relative")
    wide = 1 - float(layout.get("bargap", _BARGAP))
    ends: dict[tuple[float, bool], float] = {}
    words: list[Words] = []
    for number, trace in enumerate(traces):
        lying = trace.get("orientation") == "h"
        places, values = (trace.get(key) or [] for key in (("y", "x") if lying else ("x", "y")))
        look = trace.get("marker") or {}
        colours = _each(look.get("color"), len(values), ink.hex)
        texts = _each(trace.get("text"), len(values), "")
        width = float(trace.get("width") or wide)
        shift = 0.0
        if not on_one_another and len(traces) > 1:
            width /= len(traces)
            shift = (number - (len(traces) - 1) / 2) * width
        for place, value, colour, text in zip(places, values, colours, texts, strict=False):
            at, long = number_of(place), number_of(value)
            if at is None or long is None:
                continue
            at += shift
            start = ends.get((at, long < 0), 0.0) if on_one_another else 0.0
            ends[(at, long < 0)] = start + long
            corners = _corners(frame, lying, at, width, start, start + long)
            yield box(*corners, colour_of(colour, ink))
            if text:
                words += _bar_words(trace, str(text), corners, lying, long < 0, letters, ink)
    yield from words


def _corners(
    frame: Frame, lying: bool, at: float, width: float, start: float, end: float
) -> tuple[float, float, float, float]:
    if lying:
        return frame.x.of(start), frame.y.of(at - width / 2), frame.x.of(end), frame.y.of(at + width / 2)
    return frame.x.of(at - width / 2), frame.y.of(start), frame.x.of(at + width / 2), frame.y.of(end)


def _bar_words(
    trace: Mapping[str, Any],
    text: str,
    corners: tuple[float, float, float, float],
    lying: bool,
    negative: bool,
    letters: Letters,
    ink: Colour,
) -> list[Words]:
    font = trace.get("textfont") or {}
    lines = lines_of(text, float(font.get("size", _SIZE)), colour_of(font.get("color"), ink))
    x0, y0, x1, y1 = corners
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    anchor: Anchor = "middle"
    if trace.get("textposition") == "outside":
        if lying:
            x = x1 - _BESIDE if negative else x1 + _BESIDE
            anchor = "end" if negative else "start"
        else:
            y = y1 + 10 if negative else y1 - 10
    return stacked(lines, x, y, anchor, None, letters)


def _scatter(trace: Mapping[str, Any], frame: Frame, ink: Colour) -> Iterator[Shape]:
    mode = str(trace.get("mode", "lines"))
    opacity = float(trace.get("opacity", 1.0))
    xs, ys = (list(trace.get(key) or ()) for key in ("x", "y"))
    pairs = [(number_of(x), number_of(y)) for x, y in zip(xs, ys, strict=False)]
    pixels = [None if x is None or y is None else (frame.x.of(x), frame.y.of(y)) for x, y in pairs]
    if "lines" in mode:
        line = trace.get("line") or {}
        for piece in _unbroken(pixels):
            path = _stepped(piece) if line.get("shape") == "hv" else piece
            if trace.get("fill") == "tozeroy" and len(path) > 1:
                ground = frame.y.of(0)
                under = (*path, (path[-1][0], ground), (path[0][0], ground))
                yield Area(tuple(under), colour_of(trace.get("fillcolor")).faded(opacity))
            if len(path) > 1:
                colour = colour_of(line.get("color"), ink).faded(opacity)
                yield Stroke(tuple(path), colour, float(line.get("width", 2)), dash_of(line.get("dash")))
    if "markers" in mode:
        look = trace.get("marker") or {}
        covering = opacity * float(look.get("opacity", 1.0))
        colours = _each(look.get("color"), len(pixels), ink.hex)
        symbols = _each(look.get("symbol"), len(pixels), "circle")
        sizes = _each(look.get("size"), len(pixels), 6)
        for point, colour, symbol, size in zip(pixels, colours, symbols, sizes, strict=False):
            if point is not None:
                yield mark(str(symbol), *point, float(size), colour_of(colour, ink).faded(covering))


def _unbroken(points: Sequence[Point | None]) -> Iterator[list[Point]]:
    """Pieces of a line between its gaps."""
    piece: list[Point] = []
    for point in points:
        if point is not None:
            piece.append(point)
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def _stepped(points: Sequence[Point]) -> list[Point]:
    """A line that keeps its height until the next point."""
    path = [points[0]]
    for x, y in points[1:]:
        path += [(x, path[-1][1]), (x, y)]
    return path
