"""Streams between two columns of nodes (plotly's sankey) as shapes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sferum_core.pictures.axes import Frame
from sferum_core.pictures.rich_text import Letters, lines_of, stacked
from sferum_core.pictures.shapes import Area, Colour, Point, Shape, box, colour_of

_STEPS = 24
_BESIDE = 6.0


def streams(trace: Mapping[str, Any], frame: Frame, letters: Letters, ink: Colour) -> Iterator[Shape]:
    """Nodes where the figure puts them, as high as what flows through them, and the streams between."""
    node, link = trace["node"], trace["link"]
    count = len(node["label"])
    flows = list(zip(link["source"], link["target"], map(float, link["value"]), strict=True))
    through = [
        max(
            sum(value for source, _, value in flows if source == place),
            sum(value for _, target, value in flows if target == place),
        )
        for place in range(count)
    ]
    left, right = frame.x.at, frame.x.to
    top, bottom = frame.y.to, frame.y.at
    thick, pad = float(node.get("thickness", 20)), float(node.get("pad", 20))
    scale = _scale(node["x"], through, pad, bottom - top)
    boxes = []
    for place in range(count):
        x = left + float(node["x"][place]) * (right - left - thick)
        high = through[place] * scale
        middle = top + float(node["y"][place]) * (bottom - top)
        y = min(max(middle - high / 2, top), bottom - high)
        boxes.append((x, y, x + thick, y + high))
    boxes = _apart(boxes, pad, bottom)
    yield from _bands(flows, link["color"], boxes, scale, ink)
    font = trace.get("textfont") or {}
    size, colour = float(font.get("size", 12)), colour_of(font.get("color"), ink)
    colours = node["color"]
    for place, (x0, y0, x1, y1) in enumerate(boxes):
        yield box(x0, y0, x1, max(y1, y0 + 1), colour_of(colours[place], ink))
        on_left = float(node["x"][place]) < 0.5
        x = x1 + _BESIDE if on_left else x0 - _BESIDE
        lines = lines_of(node["label"][place], size, colour)
        yield from stacked(lines, x, (y0 + y1) / 2, "start" if on_left else "end", None, letters)


Box = tuple[float, float, float, float]


def _scale(xs: Sequence[float], through: Sequence[float], pad: float, room: float) -> float:
    """Pixels for one of what flows, so that the fullest column fits."""
    scales = []
    for x in set(xs):
        column = [value for value, at in zip(through, xs, strict=True) if at == x]
        scales.append((room - pad * (len(column) - 1)) / (sum(column) or 1.0))
    return max(0.0, min(scales, default=0.0))


def _apart(boxes: Sequence[Box], pad: float, bottom: float) -> list[Box]:
    """The same boxes moved so that those of a column do not overlap and none leaves the plot."""
    made = list(boxes)
    for x in {box_[0] for box_ in boxes}:
        column = sorted(
            (place for place in range(len(made)) if made[place][0] == x), key=lambda p: made[p][1]
        )
        for above, place in itertools.pairwise(column):
            made[place] = _down_to(made[place], max(made[place][1], made[above][3] + pad))
        floor = bottom
        for place in reversed(column):
            high = made[place][3] - made[place][1]
            made[place] = _down_to(made[place], min(made[place][1], floor - high))
            floor = made[place][1] - pad
    return made


def _down_to(one: Box, y: float) -> Box:
    return one[0], y, one[2], y + one[3] - one[1]


def _bands(
    flows: Sequence[tuple[int, int, float]],
    colours: Any,
    boxes: Sequence[Box],
    scale: float,
    ink: Colour,
) -> Iterator[Area]:
    """Streams leave and reach a node in the order of the nodes at their other end."""
    painted = [colours] * len(flows) if isinstance(colours, str) else list(colours)
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    out = [0.0] * len(flows)
    into = [0.0] * len(flows)
    for place in sorted(range(len(flows)), key=lambda place: boxes[flows[place][1]][1]):
        source, _, value = flows[place]
        out[place] = starts.get(source, boxes[source][1])
        starts[source] = out[place] + value * scale
    for place in sorted(range(len(flows)), key=lambda place: boxes[flows[place][0]][1]):
        _, target, value = flows[place]
        into[place] = ends.get(target, boxes[target][1])
        ends[target] = into[place] + value * scale
    for place, (source, target, value) in enumerate(flows):
        x0, x1, high = boxes[source][2], boxes[target][0], value * scale
        upper = _curve(x0, out[place], x1, into[place])
        lower = _curve(x0, out[place] + high, x1, into[place] + high)
        yield Area((*upper, *reversed(lower)), colour_of(painted[place], ink))


def _curve(x0: float, y0: float, x1: float, y1: float) -> list[Point]:
    """A soft S from one point to another."""
    middle = (x0 + x1) / 2
    points = []
    for step in range(_STEPS + 1):
        t = step / _STEPS
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
        points.append((a * x0 + (b + c) * middle + d * x1, (a + b) * y0 + (c + d) * y1))
    return points
