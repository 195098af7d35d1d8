"""A picture as PNG. Edges are smoothed by drawing areas and lines larger; letters come from font files."""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sferum_core.pictures.drawing import Picture
from sferum_core.pictures.rich_text import Letters, parts_of
from sferum_core.pictures.shapes import ANCHOR_PARTS, Area, Colour, Point, Run, Stroke, Words

SCALE = 2.0  # pixels of the file for a pixel of the page
MOST_PIXELS = 16_000_000  # of the file; a longer picture is drawn at a smaller scale
FINE = 2  # times as large, while areas and lines are drawn
FINE_MOST = 40_000_000


def png(picture: Picture, fonts: Sequence[Path]) -> bytes:
    """The picture as a file, twice as wide as on the page. `fonts` are files that have Russian letters between them."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only for pictures

    scale = min(SCALE, math.sqrt(MOST_PIXELS / (picture.width * picture.height)))
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    fine = FINE if size[0] * size[1] * FINE**2 <= FINE_MOST else 1
    ground = picture.ground
    canvas = Image.new("RGB", (size[0] * fine, size[1] * fine), (ground.red, ground.green, ground.blue))
    draw = ImageDraw.Draw(canvas, "RGBA")
    for shape in picture.shapes:
        if isinstance(shape, Area):
            draw.polygon(_scaled(shape.points, scale * fine), fill=_paint(shape.fill))
        elif isinstance(shape, Stroke):
            _line(draw, shape, scale * fine)
    if fine > 1:
        canvas = canvas.resize(size, Image.Resampling.BOX)
    draw = ImageDraw.Draw(canvas, "RGBA")
    letters = Letters(tuple(fonts))
    for shape in picture.shapes:
        if isinstance(shape, Words):
            _write(canvas, draw, shape, scale, letters)
    output = io.BytesIO()
    canvas.save(output, "PNG", dpi=(72 * scale, 72 * scale))  # fewer colours would hold up all other threads
    return output.getvalue()


def _scaled(points: Sequence[Point], scale: float) -> list[Point]:
    return [(x * scale, y * scale) for x, y in points]


def _paint(colour: Colour) -> tuple[int, int, int, int]:
    return colour.red, colour.green, colour.blue, round(colour.opacity * 255)


def _line(draw: Any, stroke: Stroke, scale: float) -> None:
    width = max(1, round(stroke.width * scale))
    for piece in _dashed(stroke.points, stroke.dash) if stroke.dash else [stroke.points]:
        draw.line(_scaled(piece, scale), fill=_paint(stroke.colour), width=width, joint="curve")


def _dashed(points: Sequence[Point], dash: tuple[float, ...]) -> Iterator[list[Point]]:
    """The drawn pieces of a broken line."""
    lengths = itertools.cycle(dash)
    left, drawn = next(lengths), True
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        whole = math.hypot(x1 - x0, y1 - y0)
        done = 0.0
        while whole - done > 1e-6:
            step = min(left, whole - done)
            ends = [done / whole, (done + step) / whole]
            if drawn:
                yield [(x0 + (x1 - x0) * part, y0 + (y1 - y0) * part) for part in ends]
            done, left = done + step, left - step
            if left <= 1e-6:
                left, drawn = next(lengths), not drawn


def _write(canvas: Any, draw: Any, words: Words, scale: float, letters: Letters) -> None:
    from PIL import Image, ImageDraw  # noqa: PLC0415

    runs = [Run(run.text, run.size * scale, run.colour, run.bold) for run in words.runs]
    whole = letters.width(runs)
    if not whole:
        return
    x, y = words.x * scale, words.y * scale
    if not words.turned:
        _runs(draw, runs, x - whole * ANCHOR_PARTS[words.anchor], y, letters)
        return
    high = max(run.size for run in runs) * 1.6
    strip = Image.new("RGBA", (math.ceil(whole) + 2, math.ceil(high)), (*canvas.getpixel((0, 0))[:3], 0))
    _runs(ImageDraw.Draw(strip), runs, 1, high / 2, letters)
    turned = strip.rotate(90, expand=True)
    top = y - whole * (1 - ANCHOR_PARTS[words.anchor])
    canvas.paste(turned, (round(x - high / 2), round(top)), turned)


def _runs(draw: Any, runs: Sequence[Run], x: float, y: float, letters: Letters) -> None:
    for run in runs:
        for font, part in parts_of(run.text, run.size, run.bold, letters.fonts):
            if font is None:
                for letter in part:
                    _arrow(draw, letter, x, y, run)
                    x += run.size
                continue
            draw.text((x, y), part, font=font, fill=_paint(run.colour), anchor="lm")
            x += font.getlength(part)


def _arrow(draw: Any, letter: str, x: float, y: float, run: Run) -> None:
    """«→» or «←» where no font has it."""
    width = max(1, round(run.size * (0.11 if run.bold else 0.08)))
    start, end = x + run.size * 0.1, x + run.size * 0.86
    tip, back = (end, -1) if letter == "→" else (start, 1)
    reach = run.size * 0.26
    paint = _paint(run.colour)
    draw.line([(start, y), (end, y)], fill=paint, width=width)
    draw.line(
        [(tip + back * reach, y - reach), (tip, y), (tip + back * reach, y + reach)], fill=paint, width=width
    )
