"""Уроки и звонки: distance lessons by organization; who was in a call and whether it counts."""

import streamlit as st

from sferum_core.model import ExportKind
from sferum_ui import state
from sferum_ui.components import foot, page_head
from sferum_ui.views import calls, lessons
from sferum_ui.views.data import of_kind

LESSONS, CALLS = "Дистанционные уроки", "Звонки"

dataset = state.require(ExportKind.DISTANCE_LESSONS, ExportKind.CALL_PARTICIPANTS)
profile = state.profile()
found = {
    LESSONS: of_kind(dataset, ExportKind.DISTANCE_LESSONS),
    CALLS: of_kind(dataset, ExportKind.CALL_PARTICIPANTS),
}
present = [title for title, one in found.items() if one is not None]

named = st.session_state.get("les_show") or st.query_params.get("les_show")
chosen = named if named in present else present[0]
shown = found[chosen] or dataset

actions = page_head("Уроки и звонки", state.context_line(shown))
if len(present) > 1:
    st.segmented_control(
        "Показать", present, default=present[0], key="les_show", bind="query-params", required=True
    )

if chosen == LESSONS:
    with actions:
        lessons.download(shown, profile)
    lessons.show(shown)
else:
    with actions:
        calls.download(shown, profile)
    calls.show(shown, profile)
foot(shown, profile)
