"""Colours of statuses and of quiet parts of charts, for the light and the dark theme and for workbooks.

Status colours keep a contrast of at least 4.5 : 1 against their background and stay apart for people who
don't tell red from green or blue from yellow (checked in tests/core/test_charts.py). Colour is never the only
signal: a status comes with its word and its sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from sferum_core.model import Status

Theme = Literal["light", "dark"]

BACKGROUND: dict[Theme, str] = {"light": "#ffffff", "dark": "#0e1117"}
SURFACE: dict[Theme, str] = {"light": "#f5f7fa", "dark": "#1a1f2b"}


@dataclass(frozen=True)
class StatusColour:
    """`text` is the word's colour on the page, `fill` the bar's, `on_fill` of figures on the bar."""

    text: str
    fill: str
    on_fill: str


@dataclass(frozen=True)
class Ink:
    """Colours of a chart that don't depend on a status."""

    text: str
    muted: str
    grid: str
    band: str
    accent: str
    neutral: str
    region: str
    heat_low: str
    heat_high: str


def _solid(colour: str, on_fill: str) -> StatusColour:
    return StatusColour(colour, colour, on_fill)


SERIES: dict[Theme, tuple[str, ...]] = {
    "light": ("#2563eb", "#0e7490", "#be185d", "#78450f", "#4d5a16"),
    "dark": ("#5f9dff", "#22c3dd", "#f472b6", "#dcae82", "#b9cc62"),
}
"""Colours of named lines; none of them is a status's word. A line is told by its label and its mark first."""

STATUS_COLOURS: MappingProxyType[Theme, MappingProxyType[Status, StatusColour]] = MappingProxyType(
    {
        "light": MappingProxyType(
            {
                Status.INACTIVE: _solid("#3b4757", "#ffffff"),
                Status.BELOW_NORM: _solid("#c2410c", "#ffffff"),
                Status.TARGET_MISSED: _solid("#8f5a00", "#ffffff"),
                Status.WITHIN_NORM: _solid("#2563eb", "#ffffff"),
                Status.TARGET_MET: _solid("#047857", "#ffffff"),
                Status.LEADER: _solid("#5b149c", "#ffffff"),
                Status.NO_NORM: StatusColour("#626b78", "#ccd3dc", "#2b3440"),
                Status.NO_DATA: StatusColour("#626b78", "#dfe3e9", "#2b3440"),
            }
        ),
        "dark": MappingProxyType(
            {
                Status.INACTIVE: _solid("#c3cfde", "#0e1117"),
                Status.BELOW_NORM: _solid("#fb8b3c", "#0e1117"),
                Status.TARGET_MISSED: _solid("#d9b23a", "#0e1117"),
                Status.WITHIN_NORM: _solid("#4a8df5", "#0e1117"),
                Status.TARGET_MET: _solid("#34d3a0", "#0e1117"),
                Status.LEADER: _solid("#f0a0ff", "#0e1117"),
                Status.NO_NORM: StatusColour("#98a2b1", "#48525f", "#ffffff"),
                Status.NO_DATA: StatusColour("#98a2b1", "#363e4a", "#ffffff"),
            }
        ),
    }
)

INK: MappingProxyType[Theme, Ink] = MappingProxyType(
    {
        "light": Ink(
            text="#1c2530",
            muted="#5b6573",
            grid="#e3e7ed",
            band="rgba(37, 99, 235, 0.10)",
            accent="#2563eb",
            neutral="#7088a8",
            region="#1c2530",
            heat_low="#f1f5fb",
            heat_high="#123f91",
        ),
        "dark": Ink(
            text="#e8edf4",
            muted="#9aa5b4",
            grid="#2b3340",
            band="rgba(95, 160, 251, 0.16)",
            accent="#4a8df5",
            neutral="#7c93b3",
            region="#e8edf4",
            heat_low="#1b2331",
            heat_high="#9cc4ff",
        ),
    }
)


def status_colour(status: str, theme: Theme = "light") -> StatusColour:
    """Colours of a status; an unknown word gets those of «Нет данных»."""
    colours = STATUS_COLOURS[theme]
    return colours[Status(status)] if status in set(Status) else colours[Status.NO_DATA]


def luminance(colour: str) -> float:
    """Relative luminance of «#rrggbb», 0–1 (WCAG 2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast of two «#rrggbb» colours, 1–21 (WCAG 2)."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
