"""Сравнение муниципалитетов: ranking by one indicator, all indicators, leaders, limits of chance."""

import streamlit as st

from sferum_core.answers import comparison_answer
from sferum_core.model import ExportKind
from sferum_ui import state
from sferum_ui.components import answer, foot, page_head
from sferum_ui.views import comparison as view
from sferum_ui.views import data

RANKING, INDICATORS, LEADERS, CHANCE = "Рейтинг", "Все показатели", "Лидеры", "Случайность"

dataset = state.require(ExportKind.ORGANIZATIONS, ExportKind.MUNICIPALITIES)
profile = state.profile()

actions = page_head("Сравнение муниципалитетов", state.context_line(dataset))
asked = view.ask(dataset, profile)
if asked is None:
    st.info(
        "В файле нет показателя, который можно сравнить: для доли нужны два числа, например педагоги, "
        "написавшие 10 сообщений, и зарегистрированные педагоги. Если такие столбцы есть, укажите их "
        "на странице «Загрузка»."
    )
    foot(dataset, profile)
    st.stop()

params = (asked.indicator, asked.organization_type)
table = data.computed(data.comparison, dataset, *params)
region = data.computed(data.region, dataset, *params)
whole = dataset.export.kind is ExportKind.ORGANIZATIONS

with actions:
    view.comparison_download(dataset, profile, asked)
answer(comparison_answer(table, region, asked.indicator))
chosen = view.strip(table, region, profile, asked)

tabs = st.tabs([RANKING, INDICATORS, LEADERS, CHANCE], key="mun_tab", bind="query-params")
with tabs[0]:
    view.ranking(table, region, profile, asked, chosen)
if tabs[1].open:
    with tabs[1]:
        view.all_indicators(data.computed(data.heat, dataset, asked.organization_type))
if tabs[2].open:
    with tabs[2]:
        organizations = data.computed(data.leading_organizations, dataset, *params) if whole else None
        municipalities = data.computed(data.leading_municipalities, dataset, *params)
        view.leaders(municipalities, organizations, profile, asked)
if tabs[3].open:
    with tabs[3]:
        limits, curve = data.computed(data.funnel, dataset, *params)
        view.chance(limits, curve, asked)
foot(dataset, profile)
