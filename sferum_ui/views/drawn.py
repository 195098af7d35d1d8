"""A chart on a page with its picture to download: the same computation, on the page in the viewer's theme."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from sferum_ui import state
from sferum_ui.cache import Dataset
from sferum_ui.components import chart, picture_downloads
from sferum_ui.components.charts import ReadyChart
from sferum_ui.views import data


def with_picture(
    func: Callable[..., Any],
    dataset: Dataset,
    *params: Hashable,
    key: str,
    title: str,
    name: str = "",
    about: str = "",
    place: int | None = None,
) -> None:
    """The chart `func(dataset, profile, *params, theme)` gives (the one at `place` of several), its picture under it.

    `title` stands over the picture; `about` is what it was chosen by; `name` tells files of one title apart.
    """
    shown = data.computed(func, dataset, *params, data.theme())
    chart(shown if place is None else shown[place], key=key)
    picture_of(func, dataset, *params, key=key, title=title, name=name, about=about, place=place)


def picture_of(
    func: Callable[..., Any],
    dataset: Dataset,
    *params: Hashable,
    key: str,
    title: str,
    name: str = "",
    about: str = "",
    place: int | None = None,
) -> None:
    """The buttons alone, as of `with_picture`: pictures are light, on a dark page too."""
    light: Any = data.computed(func, dataset, *params, "light")
    of_one: ReadyChart = light if place is None else light[place]
    words = " · ".join(part for part in (state.context_line(dataset), about) if part)
    picture_downloads(of_one, title, words, key=key, date=data.last_day(dataset), name=name)
