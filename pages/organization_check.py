"""Проверка организаций: who is not active, who is below the norm, annexes to the letter."""

import streamlit as st

from sferum_core.answers import organizations_answer
from sferum_core.filtering import apart
from sferum_core.model import ExportKind
from sferum_ui import state
from sferum_ui.components import answer, findings_list, foot, page_head
from sferum_ui.views import data
from sferum_ui.views.annexes import list_download, show_annexes, show_apart
from sferum_ui.views.organization_filters import filters, strip
from sferum_ui.views.organization_list import apart_note, picture, show_list

LIST, ANNEXES, APART = "Список", "Приложения", "Отдельно"

dataset = state.require(ExportKind.ORGANIZATIONS)
profile = state.profile()
table = data.computed(data.assessed, dataset)

actions = page_head("Проверка организаций", state.context_line(dataset))
answer(organizations_answer(table))

tabs = st.tabs([LIST, ANNEXES, APART], key="org_tab", bind="query-params")
with tabs[0]:
    figures = st.container()
    selection = filters(table)
    if tabs[0].open:
        with figures:
            strip(table, selection, profile)
        picture(dataset, table, selection)
        show_list(dataset, selection)
        apart_note(apart(table).count)
if tabs[1].open:
    with tabs[1]:
        show_annexes(dataset, profile, table, selection)
if tabs[2].open:
    with tabs[2]:
        show_apart(table, profile)

with actions:
    list_download(dataset, profile, selection, "org_download")

found = data.computed(data.findings, dataset)
if found:
    with st.expander("Что заметили при оценке"):
        findings_list(found)
foot(dataset, profile)
