"""An altair map of cells (rectangles and words over two axes of names) as shapes."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

from sferum_core.pictures.rich_text import Letters, block_height, lines_of, stacked
from sferum_core.pictures.shapes import Colour, Shape, box, colour_of

_TEXT = Colour(28, 37, 48)


def cell_map(spec: Mapping[str, Any], letters: Letters) -> tuple[list[Shape], tuple[float, float]]:
    """Shapes of the map and the size it takes. ValueError for a specification of another kind."""
    layers = {_mark_of(layer): layer for layer in spec.get("layer") or ()}
    if set(layers) != {"rect", "text"}:
        raise ValueError("a specification other than a map of cells cannot be drawn")
    boxes, words = layers["rect"], layers["text"]
    rows = _rows(spec, words)
    across, down = (words["encoding"][axis] for axis in ("x", "y"))
    columns, names = _order(across, rows), _order(down, rows)
    looks = (spec.get("config") or {}).get("axis") or {}
    ink = colour_of(looks.get("labelColor"), _TEXT)
    step, row = float(spec["width"]["step"]), float(spec["height"]["step"])
    gap = float(((spec.get("config") or {}).get("scale") or {}).get("bandPaddingInner", 0))
    axis = across.get("axis") or {}
    headings = [
        lines_of(_plain(name).replace("|", "<br>"), float(axis.get("labelFontSize", 11)), ink)
        for name in columns
    ]
    labels = [lines_of(_plain(name), float(looks.get("labelFontSize", 12)), ink) for name in names]
    left = max((letters.width(line) for label in labels for line in label), default=0.0) + 12
    top = max((block_height(heading) for heading in headings), default=0.0) + 8
    shapes: list[Shape] = []
    for place, heading in enumerate(headings):
        y = top - 8 - block_height(heading) / 2
        shapes += stacked(heading, left + (place + 0.5) * step, y, "middle", None, letters)
    for place, label in enumerate(labels):
        shapes += stacked(label, left - 10, top + (place + 0.5) * row, "end", None, letters)
    size = float(words["mark"].get("fontSize", 12))
    inks = _named(words["encoding"]["color"]["scale"])
    ends = boxes["encoding"]["color"]["scale"]
    drawn = _tested(boxes)
    for cell in rows:
        x = left + columns.index(cell[across["field"]]) * step
        y = top + names.index(cell[down["field"]]) * row
        if drawn(cell):
            fill = _between(ends, float(cell[boxes["encoding"]["color"]["field"]]))
            shapes.append(
                box(
                    x + gap * step / 2,
                    y + gap * row / 2,
                    x + step * (1 - gap / 2),
                    y + row * (1 - gap / 2),
                    fill,
                )
            )
        colour = inks.get(str(cell[words["encoding"]["color"]["field"]]), ink)
        text = lines_of(_plain(cell[words["encoding"]["text"]["field"]]), size, colour)
        shapes += stacked(text, x + step / 2, y + row / 2, "middle", None, letters)
    return shapes, (left + len(columns) * step, top + len(names) * row)


def _plain(text: object) -> str:
    """Words as they are: unlike plotly, altair reads no tags in them."""
    return html.escape(str(text), quote=False)


def _mark_of(layer: Mapping[str, Any]) -> str:
    mark = layer.get("mark")
    return str(mark.get("type") if isinstance(mark, Mapping) else mark)


def _rows(spec: Mapping[str, Any], layer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    data = spec.get("data") or layer.get("data") or {}
    rows = data.get("values")
    return list((spec.get("datasets") or {}).get(data.get("name"), ()) if rows is None else rows)


def _order(channel: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    told = channel.get("sort")
    return (
        list(told)
        if isinstance(told, Sequence)
        else list(dict.fromkeys(row[channel["field"]] for row in rows))
    )


def _named(scale: Mapping[str, Any]) -> dict[str, Colour]:
    return {
        str(name): colour_of(colour, _TEXT)
        for name, colour in zip(scale["domain"], scale["range"], strict=True)
    }


def _between(scale: Mapping[str, Any], value: float) -> Colour:
    """The colour of a value between the two ends of a scale."""
    low, high = (float(end) for end in scale["domain"])
    part = min(1.0, max(0.0, (value - low) / ((high - low) or 1.0)))
    one, other = (colour_of(colour, _TEXT) for colour in scale["range"])
    return Colour(
        round(one.red + (other.red - one.red) * part),
        round(one.green + (other.green - one.green) * part),
        round(one.blue + (other.blue - one.blue) * part),
    )


def _tested(layer: Mapping[str, Any]) -> Any:
    """Whether a cell has a rectangle: what the layer filters out by «datum.field != 'value'» has none."""
    bans = []
    for step in layer.get("transform") or ():
        field, _, value = str(step.get("filter", "")).partition(" != ")
        bans.append((field.removeprefix("datum.").strip("() "), value.strip("'\"() ")))
    return lambda cell: all(str(cell.get(field)) != value for field, value in bans)
