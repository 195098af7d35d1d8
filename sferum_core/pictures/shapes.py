"""What a picture is made of: filled areas, lines and words, each with its place in pixels and its colour."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]
ANCHOR_PARTS: dict[Anchor, float] = {"start": 0.0, "middle": 0.5, "end": 1.0}
DASHES = {"dot": (1.5, 3.5), "dash": (6.0, 4.0), "dashdot": (6.0, 3.0, 1.5, 3.0)}
_RGB = re.compile(r"rgba?\(\s*([\d.]+)\s*,\s*([\d.]+)\s*,\s*([\d.]+)\s*(?:,\s*([\d.]+)\s*)?\)")


@dataclass(frozen=True)
class Colour:
    """Red, green, blue 0–255 and how much of it covers what is below, 0–1."""

    red: int
    green: int
    blue: int
    opacity: float = 1.0

    @property
    def hex(self) -> str:
        """«#rrggbb»."""
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    def faded(self, opacity: float) -> Colour:
        """The same, covering less."""
        return Colour(self.red, self.green, self.blue, self.opacity * opacity)


CLEAR = Colour(0, 0, 0, 0.0)


def colour_of(text: object, otherwise: Colour = CLEAR) -> Colour:
    """A colour written «#rrggbb», «rgb(…)» or «rgba(…)»; `otherwise` for anything else."""
    written = str(text).strip()
    if re.fullmatch(r"#[0-9a-fA-F]{6}", written):
        return Colour(int(written[1:3], 16), int(written[3:5], 16), int(written[5:7], 16))
    found = _RGB.fullmatch(written)
    if found is None:
        return otherwise
    red, green, blue = (min(255, round(float(found[place]))) for place in (1, 2, 3))
    return Colour(red, green, blue, min(1.0, float(found[4])) if found[4] else 1.0)


@dataclass(frozen=True)
class Area:
    """A filled polygon."""

    points: tuple[Point, ...]
    fill: Colour


@dataclass(frozen=True)
class Stroke:
    """A line through points; `dash` are lengths of strokes and gaps in turn, () for an unbroken one."""

    points: tuple[Point, ...]
    colour: Colour
    width: float
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Run:
    """Letters of one look."""

    text: str
    size: float
    colour: Colour
    bold: bool = False


@dataclass(frozen=True)
class Words:
    """One line of text; `y` is its middle, `turned` writes it from the bottom up around (x, y)."""

    x: float
    y: float
    runs: tuple[Run, ...]
    anchor: Anchor = "start"
    turned: bool = False


Shape = Area | Stroke | Words


def box(x0: float, y0: float, x1: float, y1: float, fill: Colour) -> Area:
    """A filled rectangle between two corners."""
    return Area(((x0, y0), (x1, y0), (x1, y1), (x0, y1)), fill)


def outline(points: Sequence[Point], colour: Colour, width: float, dash: tuple[float, ...] = ()) -> Stroke:
    """The edge of a polygon."""
    return Stroke((*points, points[0]), colour, width, dash)


def dash_of(name: object) -> tuple[float, ...]:
    """Lengths of a named dash; () for an unbroken line."""
    return DASHES.get(str(name), ())


_CORNERS: dict[str, tuple[Point, ...]] = {
    "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "diamond": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
    "triangle-up": ((0, -1.15), (1.15, 0.85), (-1.15, 0.85)),
    "triangle-down": ((0, 1.15), (1.15, -0.85), (-1.15, -0.85)),
    "x": (
        (-1, -0.5), (-0.5, -1), (0, -0.5), (0.5, -1), (1, -0.5), (0.5, 0),
        (1, 0.5), (0.5, 1), (0, 0.5), (-0.5, 1), (-1, 0.5), (-0.5, 0),
    ),
    "circle": tuple(
        (math.cos(math.tau * part / 32), math.sin(math.tau * part / 32)) for part in range(32)
    ),
}  # fmt: skip


def mark(symbol: str, x: float, y: float, size: float, colour: Colour) -> Shape:
    """A point of a scatter: `symbol` as plotly names it, `size` across; «…-open» is its edge alone."""
    name = symbol.removesuffix("-open")
    half = size / 2
    points = [(x + half * dx, y + half * dy) for dx, dy in _CORNERS.get(name, _CORNERS["circle"])]
    return outline(points, colour, 1.5) if symbol.endswith("-open") else Area(tuple(points), colour)
