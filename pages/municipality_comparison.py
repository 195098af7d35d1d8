"""Сравнение муниципалитетов: ranking by one indicator, all indicators, leaders, limits of chance."""

import streamlit as st

from sferum_core.model import ExportKind
from sferum_ui import state
from sferum_ui.components import answer, foot, page_head
from sferum_ui.views import by_weeks, data, heat, ranking
from sferum_ui.views import comparison as view

RANKING, WEEKS, INDICATORS, LEADERS, CHANCE = (
    "Рейтинг",
    "По неделям",
    "Все показатели",
    "Лидеры",
    "Случайность",
)

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

known = data.computed(view.summary, dataset, *asked.params)
region = data.computed(data.region, dataset, *asked.params)
whole = dataset.export.kind is ExportKind.ORGANIZATIONS

with actions:
    view.comparison_download(dataset, profile, asked)
answer(known.answer)
chosen = view.strip(known, region, profile, asked, view.changes_asked(dataset, asked))

tabs = st.tabs([RANKING, WEEKS, INDICATORS, LEADERS, CHANCE], key="mun_tab", bind="query-params")
with tabs[0]:
    ranking.ranking(dataset, asked, chosen)
if tabs[1].open:
    with tabs[1]:
        by_weeks.show(dataset, profile, asked)
if tabs[2].open:
    with tabs[2]:
        heat.all_indicators(dataset, asked.organization_type)
if tabs[3].open:
    with tabs[3]:
        organizations = data.computed(data.leading_organizations, dataset, *asked.params) if whole else None
        municipalities = data.computed(data.leading_municipalities, dataset, *asked.params)
        view.leaders(municipalities, organizations, profile, asked)
if tabs[4].open:
    with tabs[4]:
        view.chance(dataset, asked)
foot(dataset, profile)
