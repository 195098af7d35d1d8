"""Rankings as pictures for slides, PNG and SVG, drawn without a browser: bars, shares, the region as a line.

Both come from one list of shapes, so they show the same. PNG letters are drawn with the font files given (TTF
or WOFF2; each letter by the first font that has it); SVG names the fonts and leaves the drawing to the viewer.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from sferum_core.model import Status
from sferum_core.palette import INK, status_colour
from sferum_core.wording import percent

WIDTH, LABELS, RIGHT = 1600, 520, 330
TITLE, ROW, BAR, SIZE, TITLE_SIZE = 120, 36, 22, 21, 32
MOST_ROWS = 120
LABEL_CHARACTERS = 42
FAMILY = "'Golos Text', 'PT Sans', 'Segoe UI', Arial, sans-serif"
_TEXT, _MUTED, _GRID = INK["light"].text, INK["light"].muted, INK["light"].grid


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True)
class _Word:
    x: float
    y: float  # of the middle
    text: str
    size: int
    colour: str
    anchor: Literal["start", "middle", "end"] = "start"


_Shape = _Box | _Word


@dataclass(frozen=True, eq=False)
class Ranking:
    """What to draw: `comparison` of `compare_municipalities`, best first; the region's share; words around it."""

    comparison: pd.DataFrame
    title: str
    subtitle: str
    region: float | None = None


def _clean(text: object, most: int) -> str:
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in str(text)).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _rows(ranking: Ranking) -> pd.DataFrame:
    known = ranking.comparison[ranking.comparison["share"].notna()]
    return known.head(MOST_ROWS)


def _height(ranking: Ranking) -> int:
    return TITLE + max(1, len(_rows(ranking))) * ROW + 70


def _shapes(ranking: Ranking) -> Iterator[_Shape]:
    rows = _rows(ranking)
    yield _Word(40, 42, _clean(ranking.title, 80), TITLE_SIZE, _TEXT)
    yield _Word(40, 84, _clean(ranking.subtitle, 120), SIZE, _MUTED)
    if rows.empty:
        yield _Word(40, TITLE + ROW, "Нет данных: сравнить нечего.", SIZE, _MUTED)
        return
    shares = rows["share"].astype("float64")
    most = max(float(shares.max()), ranking.region or 0.0) or 1.0
    room = WIDTH - LABELS - RIGHT
    judged = (rows["status"] != Status.NO_NORM.value).any()
    bottom = TITLE + len(rows) * ROW
    at = LABELS + room * (ranking.region or 0.0) / most
    words: list[_Word] = []
    yield _Box(LABELS, TITLE - 4, 1, bottom - TITLE + 8, _GRID)
    for place, (name, share, status) in enumerate(
        zip(rows["municipality"], shares, rows["status"], strict=True)
    ):
        top = TITLE + place * ROW
        colour = status_colour(str(status)).fill if judged else INK["light"].accent
        length = max(1.0, room * share / most)
        yield _Word(LABELS - 14, top + ROW / 2, _clean(name, LABEL_CHARACTERS), SIZE, _TEXT, "end")
        yield _Box(LABELS, top + (ROW - BAR) / 2, length, BAR, colour)
        told = f"{percent(share)} · {Status(status).label.lower()}" if judged else percent(share)
        words.append(_Word(LABELS + length + 10, top + ROW / 2, told, SIZE, _TEXT))
    if ranking.region is not None:
        yield _Box(at - 1, TITLE - 6, 2, bottom - TITLE + 12, _TEXT)
        anchor: Literal["start", "end"] = "end" if at > WIDTH - 320 else "start"
        yield _Word(at, bottom + 32, f"регион: {percent(ranking.region)}", SIZE, _TEXT, anchor)
    for word in words:  # over the line, on a ground of their own
        wide = len(word.text) * SIZE * 0.55
        yield _Box(word.x - 5, word.y - SIZE * 0.6, wide + 8, SIZE * 1.2, "#ffffff")
        yield word


def ranking_svg(ranking: Ranking) -> bytes:
    """The picture as SVG: text stays text, to be changed in a drawing program or a slide."""
    height = _height(ranking)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" font-family="{FAMILY}" role="img" lang="ru">',
        f"<title>{escape(_clean(ranking.title, 200))}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
    ]
    for shape in _shapes(ranking):
        if isinstance(shape, _Box):
            parts.append(
                f'<rect x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" '
                f'height="{shape.height:.1f}" fill={quoteattr(shape.colour)}/>'
            )
        else:
            parts.append(
                f'<text x="{shape.x:.1f}" y="{shape.y + shape.size * 0.35:.1f}" font-size="{shape.size}" '
                f'fill={quoteattr(shape.colour)} text-anchor="{shape.anchor}">{escape(shape.text)}</text>'
            )
    return ("".join(parts) + "</svg>\n").encode("utf-8")


def ranking_png(ranking: Ranking, fonts: Sequence[Path]) -> bytes:
    """The picture as PNG, 1600 pixels wide. `fonts` are files that have Russian letters between them."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only for pictures

    picture = Image.new("RGB", (WIDTH, _height(ranking)), "#ffffff")
    draw = ImageDraw.Draw(picture)
    for shape in _shapes(ranking):
        if isinstance(shape, _Box):
            draw.rectangle(
                (shape.x, shape.y, shape.x + shape.width, shape.y + shape.height), fill=shape.colour
            )
        else:
            _write(draw, shape, tuple(fonts))
    output = io.BytesIO()
    picture.quantize(64).save(output, "PNG", optimize=True)
    return output.getvalue()


@lru_cache(maxsize=64)
def _font(path: Path, size: int) -> Any:
    from PIL import ImageFont  # noqa: PLC0415

    return ImageFont.truetype(str(path), size)


@lru_cache(maxsize=4_000)
def _font_for(letter: str, fonts: tuple[Path, ...], size: int) -> Any:
    """The first font that has the letter: an absent one is drawn like a letter no font has."""
    for path in fonts:
        font = _font(path, size)
        if bytes(font.getmask(letter)) != bytes(font.getmask("\U0010fffd")) or letter.isspace():
            return font
    return _font(fonts[0], size)


def _write(draw: Any, word: _Word, fonts: tuple[Path, ...]) -> None:
    text = word.text.replace("\u202f", "\u00a0").replace("\u00a0", " ")
    runs: list[tuple[Any, str]] = []
    for letter in text:
        font = runs[-1][0] if runs and letter.isspace() else _font_for(letter, fonts, word.size)
        if runs and runs[-1][0] is font:
            runs[-1] = (font, runs[-1][1] + letter)
        else:
            runs.append((font, letter))
    whole = sum(font.getlength(part) for font, part in runs)
    x = word.x - {"start": 0.0, "middle": whole / 2, "end": whole}[word.anchor]
    for font, part in runs:
        draw.text((x, word.y), part, font=font, fill=word.colour, anchor="lm")
        x += font.getlength(part)
