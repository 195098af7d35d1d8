"""The page around every page: settings, styles, the sidebar with the open file, navigation."""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402 - the path comes first

from sferum_ui.loading import load_views  # noqa: E402

load_views()  # before anything else is imported

from sferum_core import wording  # noqa: E402
from sferum_core.access import Act  # noqa: E402
from sferum_core.model import ExportKind  # noqa: E402
from sferum_core.norms import profile_names  # noqa: E402
from sferum_store import StoreError  # noqa: E402
from sferum_ui import (  # noqa: E402
    access,
    cache,
    gate,
    journal,
    links,
    navigation,
    private,
    profiles,
    sharing,
    state,
    theme,
    turns,
    uploads,
    visitor,
)
from sferum_ui.components.sharing import gone  # noqa: E402
from sferum_ui.stills import own_still, still  # noqa: E402


def _boxed(html: str) -> None:
    with st.container(border=True):
        st.html(html)


def _card() -> None:
    opened = state.current()
    if opened is None:
        still(
            _boxed,
            '<div class="sf-card"><b>Файл не открыт</b><span class="sf-muted">Загрузите выгрузку '
            "или откройте демонстрационные данные.</span></div>",
        )
        return
    export = opened.export
    period = export.period.label if export.period else "период не указан"
    lines = [
        f"<b>{escape(state.region(opened))}</b>",
        escape(period),
        f'<span class="sf-muted">{escape(opened.filename)}</span>' if opened.is_demo or opened.saved else "",
        f'<span class="sf-muted">{escape(export.kind.label)}, {wording.rows(len(export.table))}</span>',
        theme.verdict_html(state.checked(opened).verdict),
    ]
    own_still(
        _boxed, '<div class="sf-card">' + "".join(f"<div>{line}</div>" for line in lines if line) + "</div>"
    )
    if opened.is_personal:
        what = "Таблица не разобрана" if export.kind is ExportKind.UNKNOWN else "Таблица с именами людей"
        st.caption(f"{what}: видна только вам и только до обновления страницы.")


def _choose_profile() -> None:
    links.write(links.NORMS, st.session_state["_norms"])


def _profile_selector() -> None:
    key = state.profile_key()
    options = list(profile_names())
    if key not in options:
        options.append(key)
    st.session_state["_norms"] = key
    st.selectbox(
        "Нормы",
        options,
        key="_norms",
        format_func=lambda name: profiles.profile_by_key(name).title,
        on_change=_choose_profile,
        help="По этим нормам ставятся статусы на всех страницах. Нормы и их источники – в «Справке», вкладка «Нормы»; там "
        "же можно завести свой профиль.",
    )


def main() -> None:
    """Draw the frame and run the chosen page."""
    cache.calm_collector()
    cache.new_run()
    private.touch()
    st.set_page_config(page_title="Сферум-отчёты", page_icon=ROOT / "assets" / "logo.svg", layout="wide")
    theme.apply()
    st.logo(ROOT / "assets" / "logo.svg", size="large")
    page = navigation.menu()
    links.restore()
    try:
        sharing.resolve()
    except StoreError as error:
        gone(error)
    uploads.allow(may=access.may(Act.UPLOAD))
    act = navigation.current_entry().act
    if not access.may(act):
        gate.stop(act)
    private.say_forgotten()
    shared = sharing.current()
    journal.opened(state.current(), shared.link if shared else None)
    with st.sidebar:
        _card()
        _profile_selector()
        remember = sharing.cookie_script() + visitor.script()
        if remember:
            st.html(remember, unsafe_allow_javascript=True)
        gate.signed_in()
    if page.title in navigation.quick_titles():
        with turns.turn():
            page.run()
    else:
        page.run()  # reading a file may take half a minute: it keeps nobody waiting


main()
