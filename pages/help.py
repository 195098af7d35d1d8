"""Справка: what indicators, statuses and norms mean, where exports come from, the profile editor."""

import streamlit as st

from sferum_core.access import Act
from sferum_core.norms import load_profile, profile_names
from sferum_ui import access, help_tables, help_texts, profile_editor, state
from sferum_ui.components import escape_markdown, page_head, short_table
from sferum_ui.views import own_templates, people
from sferum_ui.where_to_get import WHERE_TO_GET

page_head("Справка", f"Нормы сейчас: {state.profile().title}", share=False)
meanings, norms, own, files, checks, letters, work, who = st.tabs(
    [
        "Показатели и статусы",
        "Нормы",
        "Свой профиль",
        "Файлы",
        "Проверки",
        "Бланки писем",
        "Как работать",
        "Кто что может",
    ],
    key="help_tab",
)

with meanings:
    st.subheader("Показатели", anchor=False)
    short_table(
        help_tables.shown(help_tables.indicators_table),
        alt="Показатели: что считается, от чего и по какому документу",
    )
    st.markdown(help_texts.SHARES)
    st.subheader("Статусы", anchor=False)
    short_table(help_tables.shown(help_tables.statuses_table), alt="Статусы и что они значат")

with norms:
    for name in profile_names():
        profile = load_profile(name)
        st.subheader(profile.title, anchor=False)
        st.caption(f"Источник: {escape_markdown(profile.source)}")
        if profile.caution:
            st.caption(escape_markdown(profile.caution))
        short_table(
            help_tables.shown(help_tables.rules_table, profile), alt=f"Нормы профиля «{profile.title}»"
        )
    st.write("Сравнение с нормой идёт по неокруглённым значениям: ровно на границе – норма.")
    st.subheader("Когда организация активна", anchor=False)
    st.markdown(help_texts.ACTIVITY)
    short_table(
        help_tables.shown(help_tables.activity_table), alt="Три организации под каждым правилом активности"
    )
    short_table(help_tables.shown(help_tables.activity_sources), alt="Правила активности и их источники")

with own:
    st.markdown(help_texts.OWN_PROFILE)
    if access.may(Act.PROFILE):
        profile_editor.editor()

with files:
    st.subheader("Где взять выгрузку?", anchor=False)
    st.markdown(WHERE_TO_GET)
    st.subheader("Что читается", anchor=False)
    st.markdown(help_texts.READING)
    short_table(help_tables.shown(help_tables.kinds_table), alt="Виды таблиц")
    with st.expander("Почему файл не прочитан: все причины"):
        st.write(
            "Если файл не читается, на странице «Загрузка» стоит одна из этих причин и что с ней делать."
        )
        short_table(
            help_tables.shown(help_tables.refusals_table),
            alt="Причины, по которым файл не читается, и что сделать",
        )
    st.subheader("О данных", anchor=False)
    st.markdown(help_texts.PRIVACY)


@st.fragment
def checks_about() -> None:
    """The checks of a chosen group."""
    about = st.selectbox("О чём", help_tables.check_groups(), key="help_checks")
    short_table(help_tables.shown(help_tables.checks_table, about), alt=f"Проверки: {about}")


with checks:
    st.markdown(help_texts.CHECKS)
    checks_about()
with letters:
    st.subheader("Поля в бланке письма и в форме таблицы", anchor=False)
    own_templates.fields_help()
    st.subheader("Отправлено и ответы", anchor=False)
    st.markdown(help_texts.SENT)

with work:
    st.markdown(help_texts.WORK)

with who:
    st.markdown(help_texts.WHO)
    people.permissions()
