"""Управление: what the office says about itself once, its corrections, staff list and confirmed columns."""

import streamlit as st

from sferum_ui import library
from sferum_ui.components import page_head
from sferum_ui.views import office as view

SETTINGS, CORRECTIONS, STAFF, COLUMNS = "Настройки", "Исправления", "Численность", "Столбцы"

page_head("Управление", view.context_line(), share=False)
problem = library.problem()
if problem is not None:
    st.error(f"{problem.message} {problem.advice}")
    st.stop()

tabs = st.tabs([SETTINGS, CORRECTIONS, STAFF, COLUMNS], key="off_tab", bind="query-params")
if tabs[0].open:
    with tabs[0]:
        view.settings()
if tabs[1].open:
    with tabs[1]:
        view.corrections()
if tabs[2].open:
    with tabs[2]:
        view.staff_list()
if tabs[3].open:
    with tabs[3]:
        view.columns()
