"""The two axes of a figure: where values stand, ticks, labels, titles, the margins these need."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sferum_core.pictures.rich_text import Letters, Line, block_height, lines_of, stacked
from sferum_core.pictures.shapes import Colour, Shape, Stroke, Words, colour_of

_MARGINS = {"l": 80.0, "r": 80.0, "t": 100.0, "b": 80.0, "pad": 0.0}
_SIZE, _GAP, _BETWEEN = 12, 4, 8
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400)


def number_of(value: Any) -> float | None:
    """A value of an axis as a number: moments as seconds; None for nothing."""
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=dt.UTC).timestamp()
    number = float(value)
    return None if math.isnan(number) else number


@dataclass(frozen=True)
class Axis:
    """`start` and `end` are the values at the two ends of the plot, `at` and `to` their pixels."""

    start: float
    end: float
    at: float
    to: float

    def of(self, value: Any) -> float:
        """The pixel of a value."""
        number = number_of(value) or 0.0
        return self.at + (number - self.start) / ((self.end - self.start) or 1.0) * (self.to - self.at)

    def of_paper(self, part: float) -> float:
        """The pixel of a part of the plot, 0 at its start."""
        return self.at + part * (self.to - self.at)


@dataclass(frozen=True)
class _Tick:
    value: float
    lines: list[Line]


@dataclass(frozen=True, eq=False)
class Frame:
    """The plot inside a figure of a size, with its axes as declared."""

    size: tuple[float, float]
    x: Axis
    y: Axis
    declared: Mapping[str, Mapping[str, Any]]
    ticks: Mapping[str, Sequence[_Tick]]
    pad: float
    letters: Letters
    ink: Colour

    def grid(self) -> Iterator[Stroke]:
        """Quiet lines at the ticks."""
        for name, axis in self.declared.items():
            colour = colour_of(axis.get("gridcolor"))
            if axis.get("visible") is False or axis.get("showgrid") is False or not colour.opacity:
                continue
            for tick in self.ticks[name]:
                yield self._across(name, tick.value, colour, 1.0)

    def zero_lines(self) -> Iterator[Stroke]:
        """The line bars start from."""
        for name, axis in self.declared.items():
            ends = (self.x, self.y)[name == "y"]
            low, high = sorted((ends.start, ends.end))
            if axis.get("visible") is not False and axis.get("zeroline") and low <= 0 <= high:
                colour = colour_of(axis.get("zerolinecolor"), self.ink)
                yield self._across(name, 0.0, colour, float(axis.get("zerolinewidth", 1)))

    def _across(self, name: str, value: float, colour: Colour, width: float) -> Stroke:
        if name == "x":
            place = self.x.of(value)
            return Stroke(((place, self.y.at), (place, self.y.to)), colour, width)
        place = self.y.of(value)
        return Stroke(((self.x.at, place), (self.x.to, place)), colour, width)

    def labels(self) -> Iterator[Shape]:
        """Words at the ticks and the names of the axes."""
        yield from self._of_x()
        yield from self._of_y()

    def _of_x(self) -> Iterator[Words]:
        axis = self.declared["x"]
        if axis.get("visible") is False:
            return
        top = self.y.at + self.pad + _GAP
        lowest = 0.0
        for tick in self.ticks["x"]:
            high = block_height(tick.lines)
            lowest = max(lowest, high)
            yield from stacked(
                tick.lines, self.x.of(tick.value), top + high / 2, "middle", None, self.letters
            )
        lines = _title_lines(axis, self.ink)
        middle = top + lowest + _BETWEEN + block_height(lines) / 2
        yield from stacked(lines, (self.x.at + self.x.to) / 2, middle, "middle", None, self.letters)

    def _of_y(self) -> Iterator[Words]:
        axis = self.declared["y"]
        if axis.get("visible") is False:
            return
        right = self.x.at - self.pad - _GAP - float(axis.get("ticklabelstandoff") or 0)
        for tick in self.ticks["y"]:
            yield from stacked(tick.lines, right, self.y.of(tick.value), "end", None, self.letters)
        for line in _title_lines(axis, self.ink):
            size = max((run.size for run in line), default=_SIZE)
            yield Words(size, (self.y.at + self.y.to) / 2, line, "middle", turned=True)


def frame_of(
    traces: Sequence[Mapping[str, Any]],
    layout: Mapping[str, Any],
    size: tuple[float, float],
    letters: Letters,
    ink: Colour,
) -> Frame:
    """The axes and margins of a figure."""
    margin = _MARGINS | {
        key: float(value) for key, value in (layout.get("margin") or {}).items() if key in _MARGINS
    }
    declared = {name: layout.get(f"{name}axis") or {} for name in ("x", "y")}
    ranges = {name: _range(declared[name], traces, name) for name in declared}
    ticks = {name: _ticks(axis, ranges[name], ink) for name, axis in declared.items()}
    left = margin["l"]
    if declared["y"].get("automargin") and declared["y"].get("visible") is not False:
        widest = max((letters.width(line) for tick in ticks["y"] for line in tick.lines), default=0.0)
        title = sum(_SIZE * 1.9 for _ in _title_lines(declared["y"], ink))
        stands = margin["pad"] + _GAP + float(declared["y"].get("ticklabelstandoff") or 0)
        left = max(left, widest + stands + title + 2)
    return Frame(
        size,
        Axis(*ranges["x"], left, size[0] - margin["r"]),
        Axis(*ranges["y"], size[1] - margin["b"], margin["t"]),
        declared,
        ticks,
        margin["pad"],
        letters,
        ink,
    )


def _title_lines(axis: Mapping[str, Any], ink: Colour) -> list[Line]:
    title = axis.get("title")
    if not isinstance(title, Mapping) or not title.get("text"):
        return []
    font = title.get("font") or {}
    return lines_of(title["text"], float(font.get("size", _SIZE)), colour_of(font.get("color"), ink))


def _range(axis: Mapping[str, Any], traces: Sequence[Mapping[str, Any]], name: str) -> tuple[float, float]:
    told = axis.get("range")
    if told:
        start, end = number_of(told[0]), number_of(told[1])
        if start is not None and end is not None:
            return start, end
    values = [number_of(value) for trace in traces for value in trace.get(name) or ()]
    known = [value for value in values if value is not None]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _ticks(axis: Mapping[str, Any], ends: tuple[float, float], ink: Colour) -> list[_Tick]:
    font = axis.get("tickfont") or {}
    size, colour = float(font.get("size", _SIZE)), colour_of(font.get("color"), ink)
    low, high = sorted(ends)
    if "tickvals" in axis:
        texts = axis.get("ticktext") or [str(value) for value in axis["tickvals"]]
        pairs = [(number_of(value), text) for value, text in zip(axis["tickvals"], texts, strict=False)]
    elif "%H" in str(axis.get("tickformat", "")):
        pairs = list(_moments(low, high, int(axis.get("nticks") or 6), str(axis["tickformat"])))
    else:
        pairs = []
    return [
        _Tick(value, lines_of(text, size, colour))
        for value, text in pairs
        if value is not None and low - 1e-9 <= value <= high + 1e-9
    ]


def _moments(low: float, high: float, most: int, written: str) -> Iterator[tuple[float, str]]:
    """Round moments of a day between two, at most so many."""
    step = next((step for step in _STEPS if (high - low) / step < most), _STEPS[-1])
    place = -(-low // step) * step
    while place <= high:
        yield place, f"{dt.datetime.fromtimestamp(place, dt.UTC):{written}}"
        place += step
