"""What is wrong with a file: findings by severity, then by cause, with examples and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

import streamlit as st

from sferum_core import wording
from sferum_core.checks import NOT_CHECKED, Cause
from sferum_core.model import Finding, Severity
from sferum_core.reading.fields import FIELDS
from sferum_ui.components.tables import short_table, text_cells
from sferum_ui.components.text import escape_markdown

TITLES = {
    Severity.ERROR: "✕ Нужно исправить",
    Severity.WARNING: "▲ Обратите внимание",
    Severity.NOTE: "● К сведению",
}
MAX_EXAMPLES = 10


def main_causes(sentence: str, causes: Iterable[Cause]) -> None:
    """The few causes to mend first, in the words of the verdict; nothing when there is nothing to mend."""
    listed = list(causes)
    if not listed:
        return
    lines = [
        f"{place}. {escape_markdown(cause.title)} – {wording.number(cause.count)}"
        for place, cause in enumerate(listed, start=1)
    ]
    with st.container(key="sf-answer-causes"):
        st.markdown("\n".join([f"**{escape_markdown(sentence)}**", "", *lines]))


def findings_list(findings: Iterable[Finding]) -> None:
    """Findings grouped by severity and by cause (code and message), gravest first."""
    order = list(Severity)
    ordered = sorted(findings, key=lambda f: (order.index(f.severity), f.code, f.message))
    if not ordered:
        st.write("Замечаний нет.")
        return
    unchecked = [finding for finding in ordered if finding.code == NOT_CHECKED]
    ordered = [finding for finding in ordered if finding.code != NOT_CHECKED]
    for severity, same_severity in groupby(ordered, key=lambda f: f.severity):
        st.markdown(f"**{TITLES[severity]}**")
        for (_, message), group in groupby(same_severity, key=lambda f: (f.code, f.message)):
            cause_body(message, list(group))
    if unchecked:
        not_checked(unchecked)


def not_checked(unchecked: list[Finding]) -> None:
    """What could not be checked, in one list: the way out is the same for all."""
    many = wording.counted(
        len(unchecked), "проверка не выполнена", "проверки не выполнены", "проверок не выполнено"
    )
    st.markdown(f"**○ {many}**")
    st.markdown("\n".join(f"- {escape_markdown(finding.message)}" for finding in unchecked))
    st.caption(f"Что делать: {escape_markdown(unchecked[0].advice)}")


def cause_body(message: str, group: list[Finding], *, age: str = "", brief: bool = False) -> None:
    """One cause: what, how often, since when (`age`), what to do, where; `brief` leaves the last two out."""
    count = sum(finding.count for finding in group)
    is_told = re.search(rf"(?<!\d){re.escape(wording.number(count))}(?!\d)", message) is not None
    times = f" · {wording.counted(count, 'случай', 'случая', 'случаев')}" if count > 1 and not is_told else ""
    since = f" · :gray[{escape_markdown(age)}]" if age else ""
    said = message.removesuffix(".") if times or since else message
    st.markdown(f"{escape_markdown(said)}{times}{since}")
    if brief:
        return
    if group[0].advice:
        st.caption(f"Что делать: {escape_markdown(group[0].advice)}")
    places = [finding for finding in group if finding.row or finding.column or finding.value]
    if places:
        short_table(text_cells(examples(places)), alt=f"Примеры: {message}")
        if len(places) > MAX_EXAMPLES:
            st.caption(f"И ещё {wording.number(len(places) - MAX_EXAMPLES)} таких мест.")


def examples(places: list[Finding]) -> dict[str, list[str]]:
    """The first places of a cause: sheet, row, column and value, only those columns that say something."""
    first = places[:MAX_EXAMPLES]
    columns = {
        "Лист": [finding.sheet or "" for finding in first],
        "Строка": ["" if finding.row is None else str(finding.row) for finding in first],
        "Столбец": [
            FIELDS[finding.column].title if finding.column in FIELDS else finding.column or ""
            for finding in first
        ],
        "Значение": [finding.value or "" for finding in first],
    }
    return {title: cells for title, cells in columns.items() if any(cells)}
