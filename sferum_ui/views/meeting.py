"""«Режим планёрки»: one message a screen, its bar with the way through the agenda, the link for the room."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from sferum_core.agenda import AgendaFigure, AgendaLine, Picture, Screen
from sferum_core.model import Status
from sferum_core.wording import number
from sferum_store import Lifetime, Link, StoreError
from sferum_ui import links, navigation, sharing, state, theme
from sferum_ui.cache import Dataset
from sferum_ui.components import chart, escape_markdown, unbroken
from sferum_ui.components.sharing import link_to_copy, qr
from sferum_ui.views import data, meeting_data, meeting_tasks
from sferum_ui.views.meeting_data import About

STEP = "meet_step"
TASKS, ROOM = "Поручения", "Ссылка для зала"
CLOSING = (TASKS, ROOM)
ENLARGED = 1.4
_LINK = "_meet_link"
_STATIC = Path(__file__).resolve().parent.parent / "static"


@cache
def _look() -> tuple[str, str]:
    css = (_STATIC / "meeting.css").read_text(encoding="utf-8")
    script = (_STATIC / "meeting.js").read_text(encoding="utf-8")
    return f"<style>{css}</style>", f"<script>({script})();</script>"


def dress() -> None:
    """The whole width, larger type, arrow keys."""
    style, script = _look()
    st.html(style)
    st.html(script, unsafe_allow_javascript=True)


def step(count: int) -> int:
    """The number of the screen, from 1, as the address says; the nearest one for a number that is not there."""
    asked = st.query_params.get(STEP, "1")
    return min(max(int(asked), 1), count) if asked.isdecimal() and len(asked) < 4 else 1


def go(number_: int) -> None:
    """Turn to a screen."""
    st.query_params[STEP] = str(number_)


def bar(dataset: Dataset, asked: About, titles: list[str], here: int, office: str) -> None:
    """Where we are, the way on and back, the agenda, a task (for `office`), print, the way out."""
    count = len(titles)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="sf-meet-bar"):
        st.html(_at(dataset, asked, here, count))
        st.button("←", key="meet_back", help="Предыдущий экран (клавиша ←)", disabled=here == 1,
                  on_click=go, args=(here - 1,))  # fmt: skip
        st.button(
            "Дальше →", key="meet_next", type="primary", disabled=here == count, on_click=go, args=(here + 1,)
        )  # fmt: skip - a hint under the resting pointer would lie over the title
        with st.popover(
            "Повестка", key=f"meet_agenda_{here}"
        ):  # a new one each screen: it closes after a jump
            for place, title in enumerate(titles, start=1):
                st.button(
                    f"{place}. {escape_markdown(title)}",
                    key=f"meet_go_{place}",
                    type="primary" if place == here else "tertiary",
                    on_click=go,
                    args=(place,),
                )
        meeting_tasks.box(dataset, meeting_data.offices(dataset, asked), office)
        st.button("Печать", key="meet_print", help="Итог планёрки на одном листе A4")
        if st.button("Выйти", key="meet_leave"):
            navigation.leave_meeting()


def _at(dataset: Dataset, asked: About, here: int, count: int) -> str:
    shared = sharing.current()
    parts = [state.context_line(dataset)]
    if asked.words:
        parts.append(f"отбор: {asked.words}")
    if shared is not None:
        parts.append(f"по ссылке, как было {sharing.day(shared.link.made_at)}")
    width = round(100 * here / count)
    return (
        f'<div class="sf-meet-at"><b>{here} из {count}</b> · {escape(" · ".join(parts))}'
        f'<div class="sf-meet-line"><span style="width:{width}%"></span></div></div>'
    )


def show(dataset: Dataset, asked: About, screen: Screen) -> None:
    """One screen: title, sentence, figures, picture and list; what is said stands beside what is shown."""
    st.title(escape_markdown(screen.title), anchor=False)
    has_picture, has_lines = screen.picture is not Picture.NONE, bool(screen.lines)
    if not has_picture and not has_lines:
        _say(screen)
        return
    said, shown = st.columns([2, 3], gap="large")
    with said:
        _say(screen)
        if has_picture and has_lines:
            st.html(lines_html(screen.lines, screen.more))
    with shown:
        if has_picture:
            params = (asked, screen.picture.value, screen.keys, data.theme(), enlargement())
            drawn = data.computed(meeting_data.picture, dataset, *params)
            with st.container(key="sf-meet-picture"):
                chart(drawn, key=f"meet_picture_{screen.picture.value}")
        else:
            st.html(lines_html(screen.lines, screen.more))


def enlargement() -> float:
    """How much larger charts are drawn: for a room, but not on a phone, whose width they would not leave room for."""
    return 1.0 if "Mobi" in (st.context.headers.get("User-Agent") or "") else ENLARGED


def _say(screen: Screen) -> None:
    with st.container(key="sf-answer-meeting"):
        st.markdown(unbroken(screen.text))
    if screen.figures:
        st.html(f'<div class="sf-meet-figures">{"".join(map(_figure, screen.figures))}</div>')


def head(title: str, text: str) -> None:
    """Title and sentence of a screen."""
    st.title(escape_markdown(title), anchor=False)
    if text:
        with st.container(key="sf-answer-meeting"):
            st.markdown(unbroken(text))


def _figure(figure: AgendaFigure) -> str:
    label = (
        theme.status_html(figure.status, figure.label.lstrip("▲▼ "))
        if figure.status
        else escape(figure.label)
    )
    share = f'<span class="sf-figure-share">{escape(figure.share)}</span>' if figure.share else ""
    hint = f'<span class="sf-figure-hint">{escape(figure.hint)}</span>' if figure.hint else ""
    return (
        f'<div class="sf-figure"><span class="sf-figure-label">{label}</span>'
        f'<span class="sf-figure-value">{escape(figure.value)}</span>{share}{hint}</div>'
    )


def lines_html(lines: tuple[AgendaLine, ...], more: int) -> str:
    """A list of a screen; where a line has no value, its remark stands there."""
    items = []
    for line in lines:
        value = escape(line.value) or _note(line)
        remark = _note(line) if line.value else ""
        below = f'<small>{escape(line.under)}</small><small class="sf-value">{remark}</small>'
        items.append(
            f'<li><span class="sf-name">{escape(line.name)}</span><span class="sf-value">{value}</span>'
            f"{below if line.under or remark else ''}</li>"
        )
    rest = (
        f'<p class="sf-meet-more">И ещё {number(more)} – все они есть в отчёте и в файле «Скачать XLSX».</p>'
        if more
        else ""
    )
    return f'<ul class="sf-meet-lines">{"".join(items)}</ul>{rest}'


def _note(line: AgendaLine) -> str:
    """The remark, in the colour of the status only where it is the status's own word."""
    known = line.status in set(Status)
    if known and line.note == Status(line.status).label:
        return theme.status_html(line.status)
    return escape(line.note)


def room(dataset: Dataset) -> None:
    """The short link and its QR code, large enough for a room."""
    head(
        ROOM, "По этой ссылке коллеги увидят эту же планёрку на своих экранах: те же данные, нормы и отборы."
    )
    if dataset.is_personal:
        st.write("В открытой таблице могут быть имена людей, ссылкой она не передаётся.")
        return
    link = _made(dataset)
    if link is None:
        lifetime = st.segmented_control(
            "Сколько действует", list(Lifetime), default=Lifetime.WEEK, required=True,
            format_func=lambda one: one.label, key="meet_lifetime",
        )  # fmt: skip
        if st.button("Сделать ссылку", type="primary", key="meet_link"):
            _make(dataset, Lifetime(lifetime or Lifetime.WEEK))
        return
    address = sharing.address(link)
    left, right = st.columns([2, 3], gap="large", vertical_alignment="center")
    with left:
        st.html(f'<img class="sf-meet-qr" alt="QR-код ссылки" src="{qr(address)}">')
    with right:
        st.html(f'<p class="sf-meet-address">{escape(address)}</p>')
        link_to_copy(link)


def _shown_for(dataset: Dataset) -> tuple[str, str, str]:
    filters = {name: values for name, values in links.filters().items() if name != STEP}
    return dataset.id, state.profile_key(), str(sorted(filters.items()))


def _made(dataset: Dataset) -> Link | None:
    shown_for, link = st.session_state.get(_LINK, (None, None))
    return link if shown_for == _shown_for(dataset) else None


def _make(dataset: Dataset, lifetime: Lifetime) -> None:
    title = f"Режим планёрки · {state.context_line(dataset)}"
    try:
        link = sharing.make(dataset, navigation.MEETING, title, state.profile(), lifetime, without=(STEP,))
    except StoreError as error:
        st.error(f"{escape_markdown(error.message)} {escape_markdown(error.advice)}")
        return
    st.session_state[_LINK] = (_shown_for(dataset), link)
    st.rerun()
