"""The meeting on one sheet A4: title, answer, figures, the two lists that matter most, tasks. Seen in print only."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from html import escape

import streamlit as st

from sferum_core.agenda import AgendaFigure, AgendaLine, Screen
from sferum_core.answers import JOINER
from sferum_core.model import Status
from sferum_core.norms import NormProfile
from sferum_core.waiting import waiting_words
from sferum_core.wording import number
from sferum_store import Task
from sferum_ui import state
from sferum_ui.cache import Dataset
from sferum_ui.views.meeting_data import About

SAID = ("region", "changes", "ranking", "staff")  # the sentences of the sheet
LISTS = ("worst", "best", "moves", "inactive", "entered", "below")
MOST_SAID, MOST_FIGURES, MOST_LISTS, MOST_LINES, MOST_TASKS = 2, 6, 6, 5, 6
FEW_TASKS = 3  # with more of them lists are two lines shorter: all of it is on one sheet
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>()#+!|~$:&^=])")


def sheet(
    dataset: Dataset,
    profile: NormProfile,
    asked: About,
    screens: Sequence[Screen],
    tasks: Sequence[Task],
    overdue: str = "",
    waiting: int = 0,
) -> None:
    """Put the sheet on the page; the screen does not show it, the print shows nothing else.

    `overdue` says who has not answered a letter in time, `waiting` how many organizations wait for deactivation.
    """
    chosen = f" · отбор: {asked.words}" if asked.words else ""
    context = _cut(state.context_line(dataset) + chosen, 240)
    st.html(sheet_html(dataset, profile, context, screens, tasks, dt.date.today(), overdue, waiting))


def sheet_html(
    dataset: Dataset,
    profile: NormProfile,
    context: str,
    screens: Sequence[Screen],
    tasks: Sequence[Task],
    today: dt.date,
    overdue: str = "",
    waiting: int = 0,
) -> str:
    """The sheet as HTML; `context` is the line under the title, the rest as of `sheet`."""
    said = [screen for screen in screens if screen.key in SAID][:MOST_SAID] or list(screens[:1])
    figures = _strip([figure for screen in said for figure in screen.figures])
    most = MOST_LINES if len(tasks) <= FEW_TASKS else MOST_LINES - 2
    most -= bool(overdue)
    lists = [screen for key in LISTS for screen in screens if screen.key == key and screen.lines][:MOST_LISTS]
    if not lists:
        lists = [screen for screen in screens if screen.lines][:MOST_LISTS]
    parts = [
        "<h1>Планёрка: Сферум за неделю</h1>",
        f'<p class="sf-quiet">{escape(context)}</p>',
        *(
            f'<p class="sf-said"><span class="sf-three">{words_html(screen.text)}</span></p>'
            for screen in said
        ),
        f'<div class="sf-strip">{"".join(map(_figure, figures))}</div>' if figures else "",
        f'<div class="sf-pair">{"".join(_list(screen, most) for screen in lists)}</div>',
        _quiet(escape(f"{waiting_words(waiting)}: в списках тех, кому нужно действовать, их нет."))
        if waiting
        else "",
        f'<p class="sf-two"><b>Ответы на письма.</b> {escape(overdue)}</p>' if overdue else "",
        _tasks(tasks, today, MOST_TASKS - bool(overdue)),
        f'<p class="sf-quiet sf-end">Источник: {escape(_cut(dataset.filename, 90))}. Нормы: '
        f"{escape(_cut(profile.title, 90))}. Напечатано {today:%d.%m.%Y}.</p>",
    ]
    return f'<div class="sf-print" lang="ru">{"".join(parts)}</div>'


def words_html(markdown: str) -> str:
    """The sentences of a screen as HTML: bold figures, everything else letter for letter."""
    plain = _BOLD.sub(r"<b>\1</b>", _safe(markdown.replace(JOINER, "")))
    return _ESCAPED.sub(lambda found: found[1], plain)


def _safe(markdown: str) -> str:
    return escape(_ESCAPED.sub(lambda found: f"\\{found[1]}", markdown), quote=False)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _strip(figures: list[AgendaFigure]) -> list[AgendaFigure]:
    """At most six; the region's share is the last of the first screen's and stays."""
    shares = [figure for figure in figures if figure.value.endswith("%")][:1]
    rest = [figure for figure in figures if figure not in shares]
    return [*rest[: MOST_FIGURES - len(shares)], *shares]


def _figure(figure: AgendaFigure) -> str:
    sign = f"{Status(figure.status).sign} " if figure.status and figure.label[:1] not in "▲▼" else ""
    extra = " · ".join(part for part in (figure.share, figure.hint) if part)
    return f"<div><span>{escape(sign + figure.label)}</span><b>{escape(figure.value)}</b><span>{escape(extra)}</span></div>"


def _list(screen: Screen, most: int) -> str:
    rows = "".join(_row(line) for line in screen.lines[:most])
    more = screen.more + max(0, len(screen.lines) - most)
    rest = f'<p class="sf-quiet">и ещё {number(more)}</p>' if more else ""
    return f"<div><h2>{escape(screen.title)}</h2><table>{rows}</table>{rest}</div>"


def _row(line: AgendaLine) -> str:
    value = line.value or line.note
    return f'<tr><td class="sf-one">{escape(line.name)}</td><td class="sf-r">{escape(value)}</td></tr>'


def _tasks(tasks: Sequence[Task], today: dt.date, most: int) -> str:
    if not tasks:
        empty = "<tr><td>&nbsp;</td><td></td><td></td><td></td></tr>" * 4
        return f"<h2>Поручения</h2><table>{_TASK_HEAD}{empty}</table>"
    rows = "".join(
        f'<tr><td><span class="sf-two">{escape(task.office)}</span></td>'
        f'<td><span class="sf-two">{escape(task.text)}</span></td>'
        f"<td>{f'{task.due:%d.%m.%Y}' if task.due else '–'}</td><td>{_state(task, today)}</td></tr>"
        for task in tasks[:most]
    )
    more = len(tasks) - most
    rest = f'<p class="sf-quiet">и ещё {number(more)} – в «Режиме планёрки»</p>' if more > 0 else ""
    note = "↷ – перенесено с прошлых недель. " if any(task.is_carried for task in tasks) else ""
    return f"<h2>Поручения</h2><table>{_TASK_HEAD}{rows}</table>{rest or _quiet(note)}"


def _quiet(words: str) -> str:
    return f'<p class="sf-quiet">{words}</p>' if words else ""


_TASK_HEAD = (
    '<colgroup><col style="width:26%"><col><col style="width:20mm"><col style="width:36mm"></colgroup>'
    "<tr><th>Кому</th><th>Что сделать</th><th>Срок</th><th>Состояние</th></tr>"
)


def _state(task: Task, today: dt.date) -> str:
    late = "✕ просрочено, " if task.is_overdue(today) else ""
    carried = " ↷" if task.is_carried and not task.state.is_closed else ""
    return escape(f"{late}{task.state.label}{carried}")
