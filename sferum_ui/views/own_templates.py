"""The office's own files: a letterhead with fields and a form to fill, checked as soon as they come."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.model import UnreadableFile
from sferum_core.reports.templates import (
    FIELDS,
    HOW_TO,
    LISTS,
    check_docx_template,
    inspect_xlsx_template,
    sample_template,
)
from sferum_ui import uploads
from sferum_ui.components import download_file, escape_markdown, short_table
from sferum_ui.views.week_package import Templates

_DOCX, _XLSX = "_own_docx", "_own_xlsx"
_ROUND = "_own_round"
_REFUSED = "_own_refused"
MEGABYTES = 5
DOCX_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def templates() -> Templates:
    """What was taken in this session."""
    letter, table = st.session_state.get(_DOCX), st.session_state.get(_XLSX)
    return Templates(letter[1] if letter else None, table[1] if table else None)


def show_templates() -> None:
    """Both files, then the list of fields."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Бланк письма, docx**")
        st.caption("Все письма пакета будут на нём. В шаблоне – ваш бланк и поля в двойных скобках.")
        _file(_DOCX, "docx", "Бланк письма")
        download_file(
            "Скачать образец бланка",
            sample_template,
            "Образец бланка.docx",
            DOCX_MIME,
            "pkg_sample",
            kind="tertiary",
        )
    with right:
        st.markdown("**Форма таблицы, xlsx**")
        st.caption(
            "Заполним её по региону и по каждому муниципалитету: строки – под знакомым заголовком, поля – в "
            "ячейках с именами полей или со скобками."
        )
        _file(_XLSX, "xlsx", "Форма таблицы")
    with st.expander("Какие поля есть"):
        fields_help()


def _file(key: str, ending: str, title: str) -> None:
    kept = st.session_state.get(key)
    if kept is not None:
        name, _, told = kept
        st.success(f"{escape_markdown(name)}: {escape_markdown(told)}")
        st.button("Убрать", key=f"pkg_remove_{ending}", on_click=st.session_state.pop, args=(key, None))
        return
    number = st.session_state.setdefault(_ROUND, 0)
    file = st.file_uploader(
        title,
        type=[ending],
        key=f"pkg_file_{ending}_{number}",
        max_upload_size=MEGABYTES,
        label_visibility="collapsed",
    )
    refused = st.session_state.get(_REFUSED, {}).get(ending)
    if refused and file is None:
        st.error(f"**{escape_markdown(refused[0])}** {escape_markdown(refused[1])}")
    if file is None:
        return
    with st.spinner("Проверяем файл…"):
        _take(key, ending, file.name, file.getvalue())
    uploads.let_go([file])
    st.session_state[_ROUND] += 1
    st.rerun()


def _take(key: str, ending: str, name: str, content: bytes) -> None:
    refused: dict[str, tuple[str, str]] = st.session_state.setdefault(_REFUSED, {})
    refused.pop(ending, None)
    try:
        told = _docx_told(content) if ending == "docx" else _xlsx_told(content)
    except UnreadableFile as error:
        refused[ending] = (error.message, error.advice)
    else:
        st.session_state[key] = (name, content, told)


def _docx_told(content: bytes) -> str:
    used = check_docx_template(content)
    return f"принят, полей: {wording.number(len(used))} ({', '.join(used)})"


def _xlsx_told(content: bytes) -> str:
    found = inspect_xlsx_template(content)
    parts = []
    if found.header is not None:
        columns = wording.counted(len(found.header.columns), "столбец", "столбца", "столбцов")
        parts.append(f"таблица на листе «{found.header.sheet}», знакомых столбцов – {columns}")
    if found.fields:
        parts.append(f"поля: {', '.join(found.fields)}")
    return "принята; " + "; ".join(parts)


def fields_help() -> None:
    """Every field a template may have, for the page and for Справка."""
    st.write(HOW_TO.replace("{", "\\{").replace("}", "\\}"))
    short_table(
        pd.DataFrame(
            {
                "Поле": [field.name for field in FIELDS],
                "Что подставится": [field.meaning for field in FIELDS],
                "Например": [field.example for field in FIELDS],
            }
        ),
        alt="Поля шаблонов",
    )
    rows = [
        (item.name, f"{item.meaning}", ", ".join(f"{item.item}.{field.name}" for field in item.fields))
        for item in LISTS
    ]
    frame = pd.DataFrame(rows, columns=["Список", "Что в нём", "Поля строки"])
    frame["Поля строки"] = frame["Поля строки"].replace("", "сама строка – текст")
    short_table(frame, alt="Списки для шаблонов")
