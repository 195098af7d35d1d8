"""Пакет недели: choose what goes in, fill in the letter, look at it, get one zip."""

from dataclasses import replace

import streamlit as st

from sferum_core.model import ExportKind
from sferum_ui import reconciling, state
from sferum_ui.components import answer, foot, page_head
from sferum_ui.views import data, letter_preview, mailings, own_templates, reconciliation
from sferum_ui.views import week_package as view

CONTENTS, FIELDS, LETTER, CASES, CHAT, OWN, SENT = (
    "Состав",
    "Реквизиты письма",
    "Посмотреть письмо",
    "Названия в письме",
    "Текст для чата",
    "Свои бланки",
    "Отправлено и ответы",
)

dataset = state.require(ExportKind.ORGANIZATIONS)
profile = state.profile()
waiting = reconciling.waiting_rows(dataset)
reconciled = reconciliation.package_extra(dataset, profile)
known = replace(data.computed(view.contents, dataset, waiting), reconciled=reconciled is not None)

page_head("Пакет недели", state.context_line(dataset))
head = st.container()
tabs = st.tabs([CONTENTS, FIELDS, LETTER, CASES, CHAT, OWN, SENT], key="pkg_tab", bind="query-params")
with tabs[0]:
    parts, without = view.choose_parts(known)
with tabs[1]:
    mailings.offer_earlier(dataset)
    fields = view.letter_fields(dataset)
forms = view.corrections()
package = view.package(
    dataset,
    profile,
    data.computed(view.words, dataset, waiting),
    parts,
    fields,
    forms,
    without,
    reconciled,
)
if tabs[2].open:
    with tabs[2]:
        letter_preview.show_letter(package)
if tabs[3].open:
    with tabs[3]:
        letter_preview.show_cases(package)
if tabs[4].open:
    with tabs[4]:
        letter_preview.show_chat(package)
if tabs[5].open:
    with tabs[5]:
        own_templates.show_templates()
if tabs[6].open:
    with tabs[6]:
        mailings.show(dataset, package)

with head:
    own = own_templates.templates()
    files = data.computed(
        view.number_of_files,
        dataset,
        tuple(sorted(parts)),
        without,
        own.letter is not None,
        waiting,
        reconciled is not None,
    )
    answer(view.answer_text(files, known, own))
    view.making(dataset, profile, parts, fields, without, own, forms, reconciled)
foot(dataset, profile)
