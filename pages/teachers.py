"""Педагоги: one date of «По учителям», thresholds, who is close to one, organizations; names for the uploader."""

import streamlit as st

from sferum_core.model import ExportKind
from sferum_ui import state
from sferum_ui.components import answer, foot, page_head
from sferum_ui.views import data, kept_names
from sferum_ui.views import teachers as view
from sferum_ui.views import teachers_names as names

dataset = state.require(ExportKind.TEACHERS)
profile = state.profile()

actions = page_head("Педагоги", view.context(dataset))
date = view.ask_date(dataset)
report = data.computed(view.report, dataset, date)

answer(data.computed(view.answer_of, dataset, date))
view.apart_notes(report)
if not report.teachers:
    foot(dataset, profile)
    st.stop()

with actions:
    view.counts_download(dataset, profile, date, report.date)
view.strip(report)
view.pictures(dataset, report, date)
view.indicators(report, profile)
view.organizations(dataset, date)
names.by_name(dataset, profile, date)
kept_names.keeping(dataset)
foot(dataset, profile)
