"""From what a chart declares (a plotly figure or an altair specification, as the page is sent it) to shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sferum_core.palette import BACKGROUND, INK, Theme
from sferum_core.pictures.cells import cell_map
from sferum_core.pictures.plot import plot
from sferum_core.pictures.rich_text import LINE, Letters, Line
from sferum_core.pictures.shapes import Area, Colour, Shape, Stroke, Words, colour_of

WIDTH = 900
SIDE, ABOVE, BELOW, BETWEEN = 20, 18, 16, 10
TITLE_SIZE, WORDS_SIZE = 20, 13


@dataclass(frozen=True)
class Heading:
    """What stands over a picture: a page says it beside the chart, a picture goes without the page."""

    title: str
    words: str = ""


@dataclass(frozen=True)
class Picture:
    """Shapes in pixels from the upper left corner, in the order they are drawn; words over all else."""

    width: float
    height: float
    shapes: tuple[Shape, ...] = field(repr=False)
    ground: Colour
    title: str = ""
    alt: str = ""


def picture_of(
    figure: Mapping[str, Any],
    heading: Heading,
    *,
    alt: str = "",
    width: int = WIDTH,
    theme: Theme = "light",
    fonts: Sequence[Path] = (),
) -> Picture:
    """The picture of a chart with its heading.

    `figure` is `to_dict()` of a plotly figure or of an altair chart: the same figures, labels and colours as on
    the page. ValueError for a kind of chart that cannot be drawn. `fonts` are asked how wide letters are.
    """
    letters = Letters(fonts)
    inside = width - 2 * SIDE
    if "data" in figure and "layout" in figure:
        shapes, size = plot(figure, inside, letters)
    else:
        shapes, size = cell_map(figure, letters)
        width = max(width, round(size[0]) + 2 * SIDE)
    above, top = _headed(heading, width - 2 * SIDE, letters, theme)
    moved = [_moved(shape, SIDE, top) for shape in shapes]
    ground = colour_of(BACKGROUND[theme])
    return Picture(width, top + size[1] + BELOW, (*above, *moved), ground, heading.title, alt)


def _headed(heading: Heading, width: float, letters: Letters, theme: Theme) -> tuple[list[Shape], float]:
    """The lines over the chart, and where the chart begins."""
    ink = INK[theme]
    lines: list[Line] = []
    if heading.title:
        lines += letters.wrapped(heading.title, TITLE_SIZE, colour_of(ink.text), width, bold=True)
    if heading.words:
        lines += letters.wrapped(heading.words, WORDS_SIZE, colour_of(ink.muted), width)
    shapes: list[Shape] = []
    y = float(ABOVE)
    for line in lines:
        high = line[0].size * LINE
        shapes.append(Words(SIDE, y + high / 2, line))
        y += high
    return shapes, y + (BETWEEN if lines else 0)


def _moved(shape: Shape, right: float, down: float) -> Shape:
    if isinstance(shape, Words):
        return Words(shape.x + right, shape.y + down, shape.runs, shape.anchor, shape.turned)
    points = tuple((x + right, y + down) for x, y in shape.points)
    if isinstance(shape, Area):
        return Area(points, shape.fill)
    return Stroke(points, shape.colour, shape.width, shape.dash)
