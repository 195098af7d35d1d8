"""Режим планёрки: the report pages for a room – one message a screen, tasks, one sheet for the print."""

import streamlit as st

from sferum_core.model import ExportKind
from sferum_ui import reconciling, state
from sferum_ui.components import escape_markdown
from sferum_ui.views import data, mailings, meeting_data, meeting_print, meeting_tasks
from sferum_ui.views import meeting as view

dataset = state.require(ExportKind.ORGANIZATIONS, ExportKind.MUNICIPALITIES, ExportKind.DOO_STAFF)
profile = state.profile()

waiting = reconciling.waiting_rows(dataset) if dataset.export.kind is ExportKind.ORGANIZATIONS else ()

view.dress()
with st.spinner("Готовим повестку: сравниваем недели и муниципалитеты…"):
    asked = meeting_data.about(dataset)
    screens = data.computed(meeting_data.screens, dataset, asked, waiting)
tasks = meeting_tasks.of_week(dataset)
overdue = mailings.overdue_fact(dataset)
titles = [screen.title for screen in screens] + list(view.CLOSING)
here = view.step(len(titles))
screen = screens[here - 1] if here <= len(screens) else None

view.bar(dataset, asked, titles, here, screen.office if screen else "")
with st.container(key="sf-meet-screen"):
    if screen is not None:
        view.show(dataset, asked, screen)
    elif titles[here - 1] == view.TASKS:
        view.head(view.TASKS, meeting_tasks.said(dataset, tasks))
        if overdue:
            st.markdown(escape_markdown(overdue))
        meeting_tasks.listed(dataset, tasks)
    else:
        view.room(dataset)
    if screen is not None and screen.office:
        meeting_tasks.about(screen.office, tasks)
meeting_print.sheet(dataset, profile, asked, screens, tasks, overdue, len(waiting))
