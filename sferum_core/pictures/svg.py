"""A picture as SVG: text stays text, to be changed in a drawing program or a slide."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from sferum_core.pictures.drawing import Picture
from sferum_core.pictures.shapes import Area, Colour, Point, Stroke, Words

FAMILY = "'Golos Text', 'PT Sans', 'Segoe UI', Arial, sans-serif"


def svg(picture: Picture) -> bytes:
    """The picture as a file; nothing in it runs or is loaded from elsewhere."""
    width, height = round(picture.width), round(picture.height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="{FAMILY}" role="img" lang="ru">',
        f"<title>{escape(_clean(picture.title))}</title>",
        f"<desc>{escape(_clean(picture.alt))}</desc>" if picture.alt else "",
        f'<rect width="{width}" height="{height}" fill="{picture.ground.hex}"/>',
    ]
    for shape in picture.shapes:
        if isinstance(shape, Area):
            parts.append(f'<polygon points="{_points(shape.points)}" {_paint("fill", shape.fill)}/>')
        elif isinstance(shape, Stroke):
            dash = ",".join(f"{length:g}" for length in shape.dash)
            broken = f' stroke-dasharray="{dash}"' if dash else ""
            parts.append(
                f'<polyline points="{_points(shape.points)}" fill="none" stroke-width="{shape.width:g}" '
                f"{_paint('stroke', shape.colour)}{broken}/>"
            )
        else:
            parts.append(_text(shape))
    return ("".join(parts) + "</svg>\n").encode("utf-8")


def _text(words: Words) -> str:
    if not any(run.text.strip() for run in words.runs):
        return ""
    size = max(run.size for run in words.runs)
    place = f'x="{words.x:.1f}" y="{words.y + size * 0.35:.1f}"'
    turn = f' transform="rotate(-90 {words.x:.1f} {words.y:.1f})"' if words.turned else ""
    weights = {True: ' font-weight="600"', False: ""}
    runs = "".join(
        f'<tspan font-size="{run.size:g}" {_paint("fill", run.colour)}{weights[run.bold]}>{escape(run.text)}</tspan>'
        for run in words.runs
        if run.text
    )
    return f'<text {place} text-anchor="{words.anchor}" xml:space="preserve"{turn}>{runs}</text>'


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _paint(name: str, colour: Colour) -> str:
    covering = "" if colour.opacity >= 1 else f' {name}-opacity="{colour.opacity:.3g}"'
    return f"{name}={quoteattr(colour.hex)}{covering}"


def _clean(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
