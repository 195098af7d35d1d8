"""The legend of a figure: a row of named colours, broken where the picture ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sferum_core.pictures.axes import Frame
from sferum_core.pictures.rich_text import Letters, lines_of
from sferum_core.pictures.shapes import Colour, Shape, Words, box, colour_of, mark

_SWATCH, _GAP, _APART, _ROW = 12.0, 6.0, 18.0, 22.0


def legend_shapes(
    traces: Sequence[Mapping[str, Any]],
    layout: Mapping[str, Any],
    frame: Frame,
    letters: Letters,
    ink: Colour,
) -> Iterator[Shape]:
    """The named traces along the upper edge."""
    font = (layout.get("legend") or {}).get("font") or {}
    size, x, y = float(font.get("size", 12)), 0.0, _ROW / 2
    for trace in traces:
        if not trace.get("name") or trace.get("showlegend") is False:
            continue
        line = lines_of(trace["name"], size, colour_of(font.get("color"), ink))[0]
        wide = _SWATCH + _GAP + letters.width(line)
        if x and x + wide > frame.size[0]:
            x, y = 0.0, y + _ROW
        look = trace.get("marker") or {}
        colour = colour_of(look.get("color"), ink)
        if trace.get("type") == "bar":
            yield box(x, y - _SWATCH / 2, x + _SWATCH, y + _SWATCH / 2, colour)
        else:
            yield mark(str(look.get("symbol", "circle")), x + _SWATCH / 2, y, _SWATCH * 0.8, colour)
        yield Words(x + _SWATCH + _GAP, y, line)
        x += wide + _APART
