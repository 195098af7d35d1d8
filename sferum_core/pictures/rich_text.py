"""Labels as plotly takes them (`<b>`, `<br>`, `<span style>`), as lines of letters; how wide letters are."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from sferum_core.pictures.shapes import Anchor, Colour, Run, Words, colour_of

LINE = 1.28  # of the size, from one line to the next
BOLD = 600
MOST_LETTERS, MOST_LINES = 400, 4  # of a heading
GUESSED_WIDTH = 0.55  # of the size, where there is no font to ask
DRAWN_LETTERS = "→←"  # by hand in a PNG: fonts for Russian texts seldom have them
_TAG = re.compile(r"<(/?)(b|br|span|i|sup|sub)((?:\s[^<>]*)?)/?>", re.IGNORECASE)
_STYLE_SIZE = re.compile(r"font-size:\s*([\d.]+)px")
_STYLE_COLOUR = re.compile(r"(?<![-\w])color:\s*(#[0-9a-fA-F]{6}|rgba?\([^)]*\))")
Line = tuple[Run, ...]


def lines_of(text: object, size: float, colour: Colour) -> list[Line]:
    """The lines of a label, each of runs of one look; «» gives one empty line."""
    lines: list[list[Run]] = [[]]
    looks = [Run("", size, colour)]
    place = 0
    written = str(text)
    for found in [*_TAG.finditer(written), None]:
        piece = written[place : found.start() if found else len(written)]
        if piece:
            lines[-1].append(replace(looks[-1], text=_shown(piece)))
        if found is None:
            break
        place = found.end()
        name = found[2].lower()
        if name == "br":
            lines.append([])
        elif found[1]:
            looks = looks[:-1] or looks
        else:
            looks.append(_look(looks[-1], name, found[3]))
    return [tuple(line) for line in lines]


def _look(before: Run, name: str, attributes: str) -> Run:
    if name == "b":
        return replace(before, bold=True)
    size, colour = _STYLE_SIZE.search(attributes), _STYLE_COLOUR.search(attributes)
    return replace(
        before,
        size=float(size[1]) if size else before.size,
        colour=colour_of(colour[1], before.colour) if colour else before.colour,
    )


def _shown(piece: str, tags: bool = True) -> str:
    text = html.unescape(piece) if tags else piece
    return "".join(letter if letter.isprintable() or letter in "\u00a0\u202f" else " " for letter in text)


class Letters:
    """How wide texts are, asked of the font files given (TTF, OTF, WOFF2); guessed where there are none."""

    def __init__(self, fonts: Sequence[Path] = ()) -> None:
        self.fonts = tuple(fonts)

    def width(self, line: Sequence[Run]) -> float:
        """The width of a line in pixels."""
        return sum(self._of(run) for run in line)

    def _of(self, run: Run) -> float:
        if not self.fonts:
            return len(run.text) * run.size * GUESSED_WIDTH
        return sum(
            len(part) * run.size if font is None else font.getlength(part)
            for font, part in parts_of(run.text, run.size, run.bold, self.fonts)
        )

    def wrapped(self, text: str, size: float, colour: Colour, width: float, bold: bool = False) -> list[Line]:
        """Plain text broken between words so that lines are at most so wide; what is too long is cut with «…»."""
        lines: list[str] = [""]
        for word in _shown(text[:MOST_LETTERS], tags=False).split():
            longer = f"{lines[-1]} {word}".strip()
            if not lines[-1] or self.width([Run(longer, size, colour, bold)]) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        cut = len(text) > MOST_LETTERS or len(lines) > MOST_LINES
        lines = lines[:MOST_LINES]
        if cut:
            lines[-1] += "…"
        return [(Run(self._cut(line, size, colour, width, bold), size, colour, bold),) for line in lines]

    def _cut(self, line: str, size: float, colour: Colour, width: float, bold: bool) -> str:
        while len(line) > 2 and self.width([Run(line, size, colour, bold)]) > width:
            line = f"{line[:-2].rstrip()}…"
        return line


def stacked(
    lines: Sequence[Line], x: float, y: float, anchor: Anchor, inside: Anchor | None, letters: Letters
) -> list[Words]:
    """Lines under one another around the middle `y`; the block is anchored at `x`, its lines inside it as told."""
    heights = [max([run.size for run in line], default=12.0) * LINE for line in lines]
    top = y - sum(heights) / 2
    inside = inside or anchor
    widths = [letters.width(line) for line in lines]
    widest = max(widths, default=0.0)
    left = x - widest * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    place = left + widest * {"start": 0.0, "middle": 0.5, "end": 1.0}[inside]
    made = []
    for line, height in zip(lines, heights, strict=True):
        made.append(Words(place, top + height / 2, line, inside))
        top += height
    return made


def block_height(lines: Sequence[Line]) -> float:
    """The height of lines under one another."""
    return sum(max([run.size for run in line], default=12.0) * LINE for line in lines)


@lru_cache(maxsize=128)
def font_of(path: Path, size: float, bold: bool) -> Any:
    """A font file at a size in pixels, bold where the file can be."""
    from PIL import ImageFont  # noqa: PLC0415 - only for pictures

    font = ImageFont.truetype(str(path), size)
    if bold:
        try:
            font.set_variation_by_axes([BOLD])
        except OSError:
            return font  # a file of one weight
    return font


@lru_cache(maxsize=8_000)
def has_letter(path: Path, letter: str) -> bool:
    """Whether the file draws the letter: an absent one looks like a letter no font has."""
    font = font_of(path, 20, False)
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask("\U0010fffd"))


def parts_of(text: str, size: float, bold: bool, fonts: tuple[Path, ...]) -> list[tuple[Any, str]]:
    """The text cut where the font changes: each letter by the first file that has it, None for one drawn by hand."""
    parts: list[tuple[Any, str]] = []
    for letter in text.replace("\u202f", "\u00a0").replace("\u00a0", " "):
        path = next((path for path in fonts if has_letter(path, letter)), None)
        font: Any = None
        if path is None and letter in DRAWN_LETTERS:
            pass
        elif letter.isspace() and parts and parts[-1][0] is not None:
            font = parts[-1][0]
        else:
            font = font_of(path or fonts[0], size, bold)
        if parts and parts[-1][0] is font:
            parts[-1] = (font, parts[-1][1] + letter)
        else:
            parts.append((font, letter))
    return parts
