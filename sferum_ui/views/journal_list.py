"""Журнал: who did what, the latest first; by action, time and person; as a workbook too."""

from __future__ import annotations

import datetime as dt
import io
from functools import partial

import pandas as pd
import streamlit as st
from openpyxl import Workbook

from sferum_core import wording
from sferum_store import Action, Entry
from sferum_ui import library
from sferum_ui.components import download_xlsx, short_table
from sferum_ui.views.archive import about_words

SHOWN = 100
MOST = 20_000  # lines of a workbook
DAYS = {7: "за неделю", 31: "за месяц", 366: "за год", 0: "за всё время"}
HEADERS = ("Когда", "Что", "Кто", "О чём")


def show() -> None:
    """The list with its filters."""
    with st.container(horizontal=True):
        days = st.selectbox("Когда", list(DAYS), format_func=DAYS.__getitem__, index=1, key="jrn_days")
        action = st.selectbox(
            "Что",
            ["", *(one.value for one in Action)],
            format_func=lambda one: Action(one).label if one else "все действия",
            key="jrn_action",
        )
        person = st.text_input("Кто", key="jrn_who", placeholder="часть имени или адреса")
    asked = (int(days or 0), str(action or ""), str(person or ""))
    entries = chosen(*asked)
    if not entries:
        st.write("Записей пока нет.")
        return
    found = wording.counted(len(entries), "запись", "записи", "записей")
    st.caption(found if len(entries) <= SHOWN else f"{found}, показаны последние {SHOWN}.")
    short_table(pd.DataFrame(rows(entries[:SHOWN]), columns=list(HEADERS)), alt="Журнал действий")
    download_xlsx("Скачать журнал", partial(workbook, *asked), "Журнал действий.xlsx", "jrn_download")
    kept = library.store().settings.audit_days
    term = f"Записи хранятся {wording.counted(kept, 'день', 'дня', 'дней')}. " if kept else ""
    st.caption(f"{term}В журнале нет имён из файлов, содержимого таблиц и адресов ссылок.")


def chosen(days: int, action: str, person: str) -> list[Entry]:
    """Lines of the last `days` (0: all), of one action and of people whose name holds the text."""
    since = dt.datetime.now(dt.UTC) - dt.timedelta(days=days) if days else None
    found = library.store().audit.entries(since=since, action=Action(action) if action else None, limit=MOST)
    part = person.strip().casefold()
    return [entry for entry in found if part in entry.who.casefold()]


def rows(entries: list[Entry]) -> list[tuple[str, str, str, str]]:
    """Lines in Russian words."""
    return [
        (
            f"{entry.at.astimezone():%d.%m.%Y %H:%M}",
            entry.action.label,
            entry.who or "не указано",
            about_words(entry.about),
        )
        for entry in entries
    ]


def workbook(days: int, action: str, person: str) -> bytes:
    """The lines as xlsx; built on the click. Text stays text: nothing becomes a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Журнал")
    sheet.append(HEADERS)
    for line in rows(chosen(days, action, person)):
        sheet.append([_text(sheet, value) for value in line])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _text(sheet: object, value: str) -> object:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - heavy, needed on the click only

    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
