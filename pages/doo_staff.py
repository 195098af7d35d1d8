"""Сотрудники ДОО: registered and active preschool staff, both rankings, who is missing how many."""

import streamlit as st

from sferum_core.model import ExportKind
from sferum_ui import history, state
from sferum_ui.components import answer, foot, page_head
from sferum_ui.views import data
from sferum_ui.views import staff as view

dataset = state.require(ExportKind.DOO_STAFF, ExportKind.ORGANIZATIONS)
profile = state.profile()

actions = page_head("Сотрудники ДОО", state.context_line(dataset))
indicator = view.ask(dataset, profile)
report = data.computed(data.staff, dataset, indicator)

answer(data.computed(view.answer_of, dataset, indicator))
if report.municipalities.empty:
    st.info(
        "В открытом файле нет дошкольных организаций. Нужна выгрузка, где есть ДОО (столбец с типом или "
        "названия, по которым тип ясен), или таблица по сотрудникам ДОО: муниципалитет, всего, "
        "зарегистрировано, активны."
    )
    foot(dataset, profile)
    st.stop()

with actions:
    view.staff_download(dataset, profile, indicator)
week = history.week_before(dataset)
data.drawn(view.figures_and_pictures, dataset, indicator, week.id if week else "")
view.staff_table(dataset, report, indicator)
if report.findings:
    data.drawn(view.anomalies, dataset, indicator)
foot(dataset, profile)
