"""A picture for a room: the same chart with larger type, margins, rows and marks."""

from __future__ import annotations

import re
from typing import Any

_PIXELS = re.compile(r"font-size:\s*(\d+(?:\.\d+)?)px")
_FONTS = frozenset({"font", "tickfont", "textfont", "titlefont", "insidetextfont", "outsidetextfont"})
# What plotly takes in pixels, by the key it stands under.
_LENGTHS = frozenset({"height", "xshift", "yshift", "ticklabelstandoff", "standoff", "ax", "ay"})


def enlarged(figure: dict[str, Any], factor: float) -> dict[str, Any]:
    """A plotly figure (as of `to_dict`) whose pixels are `factor` times as many; its width is the page's.

    The figure given is not changed.
    """
    layout = _walk(figure["layout"], factor)
    return {**figure, "data": [_walk(trace, factor) for trace in figure["data"]], "layout": layout}


def _walk(value: Any, factor: float) -> Any:
    if isinstance(value, dict):
        return {key: _of_key(key, part, factor) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_walk(part, factor) for part in value]
    if isinstance(value, str) and "font-size" in value:
        return _PIXELS.sub(lambda found: f"font-size:{float(found[1]) * factor:.0f}px", value)
    return value


def _of_key(key: str, part: Any, factor: float) -> Any:
    if key in _FONTS and isinstance(part, dict):
        return _walk(part, factor) | _grown(part, ("size",), factor)
    if key == "margin" and isinstance(part, dict):
        return part | _grown(part, ("l", "r", "t", "b", "pad"), factor)
    if key in ("marker", "line") and isinstance(part, dict):
        return _walk(part, factor) | _grown(part, ("size", "width"), factor)
    if key in _LENGTHS and isinstance(part, int | float):
        return part * factor
    return _walk(part, factor)


def _grown(part: dict[str, Any], names: tuple[str, ...], factor: float) -> dict[str, Any]:
    found = {name: part[name] for name in names if name in part}
    return {
        name: [_times(one, factor) for one in size]
        if isinstance(size, list | tuple)
        else _times(size, factor)
        for name, size in found.items()
    }


def _times(value: Any, factor: float) -> Any:
    return value * factor if isinstance(value, int | float) else value
