"""«Поделиться», the note on a frozen page, and what a link says that opens nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import Never

import segno
import streamlit as st

from sferum_core.access import Act
from sferum_store import Lifetime, Link, LinkGone, StoreError
from sferum_ui import access, library, links, navigation, sharing, state
from sferum_ui.components.text import escape_markdown

_MADE = "_made_link"


def share_button() -> None:
    """«Поделиться»: a link to exactly this page, its filters and its data as they are now."""
    if not access.may(Act.SHARE):
        return
    with st.popover("Поделиться", type="tertiary", key="share", on_change="rerun") as popover:
        if not popover.open:
            return
        opened = state.current()
        if opened is None:
            st.write("Откройте выгрузку или демонстрационные данные: делиться пока нечем.")
            return
        if opened.is_personal:
            st.write(
                "В открытой таблице могут быть имена людей. Её видите только вы, ссылкой она не передаётся."
            )
            return
        st.write(
            "Коллега увидит эту страницу с теми же данными, нормами и отборами – такой, какая она сейчас."
        )
        lifetime = st.segmented_control(
            "Сколько действует",
            list(Lifetime),
            default=Lifetime.TERM,
            required=True,
            format_func=lambda one: one.label,
            key="share_lifetime",
        )
        if st.button("Сделать ссылку", type="primary", key="share_make"):
            _make(Lifetime(lifetime or Lifetime.TERM))
        _show_made()


def _make(lifetime: Lifetime) -> None:
    opened = state.current()
    if opened is None:
        return
    entry = navigation.current_entry()
    title = f"{entry.title} · {state.context_line(opened)}"
    try:
        link = sharing.make(opened, entry.address, title, state.profile(), lifetime)
    except StoreError as error:
        st.error(f"{escape_markdown(error.message)} {escape_markdown(error.advice)}")
        return
    st.session_state[_MADE] = (_shown_now(), link)


def _shown_now() -> tuple[str, ...]:
    """What the page shows now: a link made for something else is not offered for it."""
    opened = state.current()
    filters = sorted((name, *values) for name, values in links.filters().items())
    return (navigation.current_title(), opened.id if opened else "", state.profile_key(), str(filters))


def _show_made() -> None:
    shown_for, link = st.session_state.get(_MADE, (None, None))
    if link is None or shown_for != _shown_now():
        return
    link_to_copy(link)
    st.html(f'<img class="sf-qr" alt="QR-код ссылки" src="{qr(sharing.address(link))}">')


def link_to_copy(link: Link) -> None:
    """The address of a link made here, how long it opens, and whether it opens on another computer."""
    st.code(sharing.address(link), language=None, wrap_lines=True)
    st.caption(f"Действует {link.lifetime.label}. Отозвать её можно на странице «Архив».")
    if not sharing.opens_for_others():
        st.warning(
            "На другом компьютере эта ссылка не откроется: адрес приложения для коллег не задан. "
            "Укажите его на странице «Управление».",
            icon=":material/warning:",
        )


@lru_cache(maxsize=200)
def qr(address: str) -> str:
    """The QR code of an address as the source of a picture, dark on light in both themes."""
    code = segno.make(address, error="m", micro=False)
    return str(code.png_data_uri(scale=5, border=3, dark="#000", light="#fff"))


def frozen_note(shared: sharing.Shared) -> None:
    """«Как было 04.04.2024»: that the page is a snapshot, and the way to the newest data when there are any."""
    link = shared.link
    newer = newest(link, shared)
    with st.container(key="sf-frozen", horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**Страница по ссылке: данные и нормы – какими были {sharing.day(link.made_at)}.**"
            + (" С тех пор сохранена более новая неделя." if newer else "")
        )
        if newer and st.button("Открыть свежие данные", key="link_live"):
            sharing.leave()
            links.write(links.DATA, newer)
            st.rerun()


def newest(link: Link, shared: sharing.Shared) -> str | None:
    """The id of the newest saved week of the same region and kind when it is newer than the link's own."""
    saved = shared.dataset.saved
    if saved is None or not access.may(Act.ARCHIVE):
        return None
    question = ("weeks", saved.region, saved.kind)
    found = library.recalled(question, lambda store: store.weeks.find(saved.region, saved.kind))
    first = found[0] if found else None
    if first is None or first.id == saved.id or first.period.end < saved.period.end:
        return None
    return first.id


def gone(error: StoreError) -> Never:
    """A link that opens nothing says why, and nothing else is shown."""
    with st.container(border=True, key="sf-gone"):
        title = "Ссылка не открывается" if isinstance(error, LinkGone) else "Данные сейчас недоступны"
        st.title(title, anchor=False)
        st.write(escape_markdown(error.message))
        if error.advice:
            st.write(escape_markdown(error.advice))
        if st.button("На главную", key="gone_home"):
            sharing.leave()
            navigation.go_to("upload")
    st.stop()
