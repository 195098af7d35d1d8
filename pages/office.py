"""Управление: what the office says about itself once, its corrections, staff list and confirmed columns."""

import streamlit as st

from sferum_core.access import Act
from sferum_ui import access, library
from sferum_ui.components import page_head
from sferum_ui.views import journal_list, people
from sferum_ui.views import office as view

SETTINGS, CORRECTIONS, STAFF, COLUMNS = "Настройки", "Исправления", "Численность", "Столбцы"
PEOPLE, JOURNAL = "Люди и роли", "Журнал"
SECTIONS = {
    SETTINGS: (Act.SETTINGS, view.settings),
    CORRECTIONS: (Act.CORRECT, view.corrections),
    STAFF: (Act.CORRECT, view.staff_list),
    COLUMNS: (Act.OFFICE, view.columns),
    PEOPLE: (Act.PEOPLE, people.show),
    JOURNAL: (Act.JOURNAL, journal_list.show),
}

page_head("Управление", view.context_line(), share=False)
problem = library.problem()
if problem is not None:
    st.error(f"{problem.message} {problem.advice}")
    st.stop()

shown = [title for title, (act, _) in SECTIONS.items() if access.may(act)]
tabs = st.tabs(shown, key="off_tab", bind="query-params")
for title, tab in zip(shown, tabs, strict=True):
    if tab.open:
        with tab:
            SECTIONS[title][1]()
