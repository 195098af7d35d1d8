"""Filters that live in the URL. A key is the name in the URL: prefix it by page («org_status»)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sferum_core import wording

T = TypeVar("T")
IN_URL: Final = "query-params"


def filter_row(key: str) -> DeltaGenerator:
    """One row for filters that wraps on a narrow screen: `with filter_row("org"): choice(…)`."""
    return st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"sf-filters-{key}")


def choice(
    label: str,
    options: Sequence[T],
    key: str,
    *,
    format_func: Callable[[T], str] = str,
    placeholder: str = "Все",
    width: int = 220,
) -> list[T]:
    """Several of `options`, none meaning all; kept in the URL under `key`."""
    return st.multiselect(
        label,
        options,
        key=key,
        format_func=format_func,
        placeholder=placeholder,
        bind=IN_URL,
        width=width,
        filter_mode="contains",
    )


def one_of(
    label: str,
    options: Sequence[T],
    key: str,
    *,
    default: T | None = None,
    format_func: Callable[[T], str] = str,
    width: int = 260,
) -> T:
    """Exactly one of `options` (the first, or `default`); kept in the URL under `key`."""
    index = list(options).index(default) if default is not None and default in options else 0
    chosen = st.selectbox(
        label, options, index=index, key=key, format_func=format_func, bind=IN_URL, width=width
    )
    return options[index] if chosen is None else chosen


def search(label: str, key: str, *, placeholder: str = "название или ID", width: int = 220) -> str:
    """The text being searched for, without outer spaces; kept in the URL under `key`."""
    return (st.text_input(label, key=key, placeholder=placeholder, bind=IN_URL, width=width) or "").strip()


text_search = search


def rows_left(
    left: int, total: int, keys: Sequence[str], *, noun: Callable[[int], str] = wording.rows
) -> None:
    """«Показано 12 организаций из 1 204», with «Сбросить» when a filter of `keys` is set."""
    is_set = any(st.session_state.get(key) for key in keys)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text = (
            f"Показаны все: {noun(total)}"
            if left == total
            else f"Показано {noun(left)} из {wording.number(total)}"
        )
        st.caption(text, width="content")
        if is_set:
            st.button(
                "Сбросить", key=f"_reset_{keys[0]}", type="tertiary", on_click=_reset, args=(tuple(keys),)
            )


def _reset(keys: tuple[str, ...]) -> None:
    for key in keys:
        value = st.session_state.get(key)
        st.session_state[key] = [] if isinstance(value, list) else "" if isinstance(value, str) else None
