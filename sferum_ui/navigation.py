"""The pages of the app, declared as data, and the way from one to another."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Never
from urllib.parse import parse_qs, urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sferum_core.access import Act
from sferum_core.model import ExportKind
from sferum_ui import access, links

FOLDER = Path(__file__).resolve().parent.parent / "pages"
MEETING, FROM, FILTERS = "meeting", "meet_from", "meet_filters"
MOST_FILTERS = 60
_FILTER = re.compile(r"(?!meet_)[a-z]{3}_[a-z_]{1,30}")
_TITLE = "_page_title"
_ORGANIZATIONS = ExportKind.ORGANIZATIONS


@dataclass(frozen=True)
class PageEntry:
    """One page: its file in pages/, title, address, group, the tables that feed it, and the act it is."""

    name: str
    title: str
    address: str
    group: str
    kinds: tuple[ExportKind, ...] = ()
    in_menu: bool = True
    act: Act = Act.READ

    @property
    def path(self) -> Path:
        """The page's file."""
        return FOLDER / f"{self.name}.py"

    def page(self) -> st.Page:
        """The page for `st.navigation`, `st.page_link` and `st.switch_page`."""
        is_visible = self.in_menu and access.may(self.act)
        if get_script_run_ctx(suppress_warning=True) is None:
            return _made.__wrapped__(self, is_visible)
        return copy(_made(self, is_visible))  # a run marks its own page as the one that may be run


@cache
def _made(entry: PageEntry, is_visible: bool) -> st.Page:
    """Made once: it looks for the file, and eleven of them took a rerun 2 ms."""
    return st.Page(
        entry.path,
        title=entry.title,
        url_path=entry.address,
        default=entry.name == "upload",
        visibility="visible" if is_visible else "hidden",
    )


ALL_PAGES = (
    PageEntry("upload", "Загрузка", "upload", "Данные", act=Act.UPLOAD),
    PageEntry("archive", "Архив", "archive", "Данные", act=Act.ARCHIVE),
    PageEntry("office", "Управление", "office", "Данные", act=Act.OFFICE),
    PageEntry(
        "organization_check", "Проверка организаций", "organization_check", "Отчёты", (_ORGANIZATIONS,)
    ),
    PageEntry(
        "municipality_comparison",
        "Сравнение муниципалитетов",
        "municipality_comparison",
        "Отчёты",
        (_ORGANIZATIONS, ExportKind.MUNICIPALITIES),
    ),
    PageEntry("doo_staff", "Сотрудники ДОО", "doo_staff", "Отчёты", (_ORGANIZATIONS, ExportKind.DOO_STAFF)),
    PageEntry("teachers", "Педагоги", "teachers", "Отчёты", (ExportKind.TEACHERS,)),
    PageEntry(
        "lessons_calls",
        "Уроки и звонки",
        "lessons_calls",
        "Отчёты",
        (ExportKind.DISTANCE_LESSONS, ExportKind.CALL_PARTICIPANTS),
    ),
    PageEntry("week_package", "Пакет недели", "week_package", "Отчёты", (_ORGANIZATIONS,), act=Act.PACKAGE),
    PageEntry(
        "meeting",
        "Режим планёрки",
        "meeting",
        "Отчёты",
        (_ORGANIZATIONS, ExportKind.MUNICIPALITIES, ExportKind.DOO_STAFF),
        in_menu=False,
    ),
    PageEntry("help", "Справка", "help", "Помощь"),
)

FEEDS = {ExportKind.TEACHERS: (_ORGANIZATIONS,)}
"""What a kind of table adds up to: «По учителям» as counts makes a table of organizations."""


@cache
def pages() -> tuple[PageEntry, ...]:
    """The pages that are there, in the order of the menu."""
    return tuple(entry for entry in ALL_PAGES if entry.path.exists())


def quick_titles() -> set[str]:
    """Titles of the pages that only show what is worked out already."""
    return {entry.title for entry in ALL_PAGES if entry.kinds}


def reports_for(kind: ExportKind) -> list[PageEntry]:
    """The reports a table of `kind` can feed, the main one first; then those fed by what it adds up to."""
    listed = [entry for entry in pages() if entry.in_menu and access.may(entry.act)]
    own = [entry for entry in listed if kind in entry.kinds]
    further = FEEDS.get(kind, ())
    return own + [entry for entry in listed if entry not in own and set(entry.kinds) & set(further)]


def menu() -> st.Page:
    """Declare the navigation in its groups; return the page asked for."""
    groups: dict[str, list[st.Page]] = {}
    for entry in pages():
        groups.setdefault(entry.group, []).append(entry.page())
    chosen = st.navigation(groups, expanded=True)
    st.session_state[_TITLE] = chosen.title
    return chosen


def current_title() -> str:
    """The title of the page being shown."""
    return st.session_state.get(_TITLE, "")


def current_entry() -> PageEntry:
    """The page being shown."""
    return next(entry for entry in ALL_PAGES if entry.title == current_title())


def go_to(name: str) -> Never:
    """Switch to a page by its name, keeping the open data and the norms."""
    entry = next(entry for entry in pages() if entry.name == name)
    st.switch_page(entry.page(), query_params=links.kept())


def open_meeting() -> Never:
    """The meeting about what this page shows: its data, norms and filters."""
    asked = {FROM: current_entry().name, FILTERS: urlencode(links.filters(), doseq=True)}
    entry = next(entry for entry in pages() if entry.name == MEETING)
    st.switch_page(
        entry.page(), query_params=links.kept() | {key: value for key, value in asked.items() if value}
    )


def meeting_filters() -> dict[str, list[str]]:
    """The filters of the page that the meeting was opened from; only names of filters, whatever the address says."""
    try:
        pairs = parse_qs(st.query_params.get(FILTERS, ""), max_num_fields=MOST_FILTERS)
    except ValueError:
        return {}
    return {name: values for name, values in pairs.items() if _FILTER.fullmatch(name)}


def leave_meeting() -> Never:
    """Back to the page the meeting was opened from, as it was; else to the first report of the data."""
    came_from = st.query_params.get(FROM, "")
    entry = next((one for one in pages() if one.name == came_from and one.kinds and one.in_menu), None)
    if entry is None:
        go_to("organization_check")
    st.switch_page(entry.page(), query_params={**links.kept(), **meeting_filters()})


def link_to(entry: PageEntry, label: str | None = None, **place: str) -> None:
    """A link to a page, keeping the open data and the norms; `place` is what else its address says, such as a tab."""
    st.page_link(entry.page(), label=label or entry.title, query_params={**links.kept(), **place})
