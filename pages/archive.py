"""Архив: the saved weeks with their verdicts and gaps, the links made in this browser."""

import streamlit as st

from sferum_core.access import Act
from sferum_ui import access, library
from sferum_ui.components import page_head
from sferum_ui.views import archive as view
from sferum_ui.views import journal_list, kept_names

WEEKS, LINKS, LOG = "Недели", "Мои ссылки", "Журнал"

page_head("Архив", view.context_line(), share=False)
problem = library.problem()
if problem is not None:
    st.error(f"{problem.message} {problem.advice}")
    st.stop()

shown = [WEEKS, LINKS, *([LOG] if access.may(Act.JOURNAL) else [])]
tabs = st.tabs(shown, key="arc_tab", bind="query-params")
if tabs[0].open:
    with tabs[0]:
        view.weeks()
        kept_names.kept()
if tabs[1].open:
    with tabs[1]:
        view.links_made_here()
if LOG in shown and tabs[2].open:
    with tabs[2]:
        journal_list.show()
