"""Проверка организаций: who is not active, who is below the norm, annexes to the letter."""

import streamlit as st

from sferum_core.model import ExportKind
from sferum_ui import history, reconciling, state
from sferum_ui.components import answer, findings_list, foot, page_head
from sferum_ui.views import changes, data, organization_rows, reconciliation
from sferum_ui.views.annexes import list_download, show_annexes, show_apart
from sferum_ui.views.organization_filters import filters, strip
from sferum_ui.views.organization_list import apart_note, picture, show_list

LIST, CHANGES, ANNEXES, RECONCILIATION, APART = (
    "Список",
    "Что изменилось",
    "Приложения",
    "Сверка с реестром",
    "Отдельно",
)

dataset = state.require(ExportKind.ORGANIZATIONS)
profile = state.profile()
before = history.latest_before(dataset)
before_id = before.id if before else ""
waiting = reconciling.waiting_rows(dataset)
known = data.computed(organization_rows.overview, dataset, before_id)

actions = page_head("Проверка организаций", state.context_line(dataset))
answer(known.answer + (f" Ждут деактивации: **{len(waiting)}**." if waiting else ""))

tabs = st.tabs([LIST, CHANGES, ANNEXES, RECONCILIATION, APART], key="org_tab", bind="query-params")
with tabs[0]:
    figures = st.container()
    selection = filters(dataset, known, waiting)
    if tabs[0].open:
        within = data.computed(organization_rows.within, dataset, selection.without("statuses"), before_id)
        with figures:
            strip(within, selection, profile, before)
        picture(dataset, within, selection)
        note = data.computed(organization_rows.waiting_counts, dataset, waiting)
        if note:
            st.caption(note)
        show_list(dataset, selection, waiting)
        apart_note(known.apart)
if tabs[1].open:
    with tabs[1]:
        changes.show(dataset, profile, said=before_id)
if tabs[2].open:
    with tabs[2]:
        show_annexes(dataset, profile, data.computed(data.assessed, dataset), selection, waiting)
if tabs[3].open:
    with tabs[3]:
        reconciliation.show(dataset, profile)
if tabs[4].open:
    with tabs[4]:
        show_apart(data.computed(data.assessed, dataset), profile)

with actions:
    list_download(dataset, profile, selection, "org_download", waiting=waiting)

found = data.computed(data.findings, dataset)
if found:
    box = st.expander("Что заметили при оценке", key="_org_found", on_change="rerun")
    if box.open:
        with box:
            findings_list(found)
foot(dataset, profile)
