"""The strip of figures at the top of a report, and «откуда число» for each of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sferum_core import wording
from sferum_core.norms import NormProfile
from sferum_ui.cache import Dataset
from sferum_ui.components.text import escape_markdown
from sferum_ui.stills import own_still
from sferum_ui.theme import status_html

MAX_FIGURES = 6


@dataclass(frozen=True)
class Origin:
    """Where a figure comes from: the formula in words, its parts, the rows behind it, the document."""

    formula: str
    numerator: float | None = None
    denominator: float | None = None
    rows: str = ""
    source: str = ""


@dataclass(frozen=True)
class Figure:
    """One card of the strip. `share` is a fraction; `status` colours the label; `key` is what a click gives.

    `value` as text is shown as it is, as a number by `wording.number`. `change` says how it differs from an
    earlier week, with sign and arrow.
    """

    key: str
    label: str
    value: float | str | None
    share: float | None = None
    hint: str = ""
    status: str | None = None
    origin: Origin | None = None
    change: str = ""


def figures(
    items: Sequence[Figure],
    *,
    key: str = "figures",
    active: Collection[str] = (),
    on_click: Callable[[str], None] | None = None,
    clickable: bool = True,
) -> str | None:
    """Show at most six cards; return the key of the one just clicked, else None.

    `active` are the keys shown as chosen. `on_click(key)` runs before the page's next run, so it may set
    the session state of a filter that is drawn later.
    """
    if len(items) > MAX_FIGURES:
        raise ValueError(f"a strip holds at most {MAX_FIGURES} figures, got {len(items)}")
    clicked: str | None = None
    cards = [(item.key, _card_html(item, on=item.key in active)) for item in items]
    if clickable:
        with _strip(key):
            for item, (_, html) in zip(items, cards, strict=True):
                with _box(key, item.key):
                    st.html(html)
                    if st.button(
                        f"Показать: {item.label}, {_value_text(item)}",
                        key=f"_{key}_{item.key}",
                        on_click=on_click,
                        args=(item.key,) if on_click else None,
                    ):
                        clicked = item.key
    else:
        own_still(_plain_strip, key, tuple(cards))
    if any(item.origin for item in items):
        own_still(_origins, key, tuple(item for item in items if item.origin))
    return clicked


def _strip(key: str) -> DeltaGenerator:
    return st.container(horizontal=True, gap="small", key=f"sf-strip-{key}")


def _box(key: str, figure: str) -> DeltaGenerator:
    return st.container(border=True, key=f"sf-figure-{key}-{figure}", width="stretch", height="stretch")


def _plain_strip(key: str, cards: tuple[tuple[str, str], ...]) -> None:
    with _strip(key):
        for figure, html in cards:
            with _box(key, figure):
                st.html(html)


def _origins(key: str, items: tuple[Figure, ...]) -> None:
    with st.container(key=f"sf-origins-{key}"), st.popover("Откуда числа", type="tertiary"):
        parts = [
            f"**{escape_markdown(item.label)}: {escape_markdown(_value_text(item))}**\n\n"
            + _origin_text(item.origin)
            for item in items
            if item.origin
        ]
        st.markdown("\n\n".join(parts))


def _value_text(item: Figure) -> str:
    if isinstance(item.value, str):
        return item.value
    return wording.number(item.value)


def _card_html(item: Figure, *, on: bool) -> str:
    label = status_html(item.status, item.label) if item.status else escape(item.label)
    share = (
        "" if item.share is None else f'<span class="sf-figure-share">{wording.percent(item.share)}</span>'
    )
    hint = f'<span class="sf-figure-hint">{escape(item.hint)}</span>' if item.hint else ""
    change = f'<span class="sf-figure-change">{escape(item.change)}</span>' if item.change else ""
    mark = " sf-on" if on else ""
    return (
        f'<div class="sf-figure{mark}"><span class="sf-figure-label">{label}</span>'
        f'<span class="sf-figure-value">{escape(_value_text(item))}</span>{share}{hint}{change}</div>'
    )


def where_from(
    formula: str,
    numerator: float | None = None,
    denominator: float | None = None,
    rows: str = "",
    source: str = "",
    *,
    label: str = "Откуда число",
    dataset: Dataset | None = None,
    profile: NormProfile | None = None,
) -> None:
    """The popover «откуда число»: formula, its two parts, the rows, the clause of the document."""
    with st.popover(label, type="tertiary"):
        st.markdown(_origin_text(Origin(formula, numerator, denominator, rows, source)))
        if dataset is not None:
            st.caption(f"Файл: {escape_markdown(dataset.filename)}")
        if profile is not None:
            st.caption(f"Нормы: {escape_markdown(profile.title)}")


def _origin_text(origin: Origin) -> str:
    """One piece of Markdown: a message a line would cost a page more than the figures themselves."""
    lines = [escape_markdown(origin.formula)]
    if origin.numerator is not None and origin.denominator is not None:
        share = (
            wording.percent(origin.numerator / origin.denominator) if origin.denominator else wording.NO_DATA
        )
        lines.append(
            f"{wording.number(origin.numerator)} из {wording.number(origin.denominator)} = **{share}**"
        )
    if origin.rows:
        lines.append(f":small[:gray[Строки: {escape_markdown(origin.rows)}]]")
    if origin.source:
        lines.append(f":small[:gray[Источник: {escape_markdown(origin.source)}]]")
    return "\n\n".join(lines)
