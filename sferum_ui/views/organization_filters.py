"""Filters of «Проверка организаций»: the strip of figures, the row of filters, a click on the picture."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sferum_core import wording
from sferum_core.change_words import step
from sferum_core.filtering import (
    Selection,
    StatusFigure,
)
from sferum_core.indicators import INDICATORS
from sferum_core.model import Status
from sferum_core.norms import NormProfile
from sferum_core.reports.columns import STATUS_MEANINGS
from sferum_ui.cache import Dataset
from sferum_ui.components import Figure, Origin, choice, figures, filter_row, rows_left, search
from sferum_ui.history import Earlier
from sferum_ui.views import data, organization_rows
from sferum_ui.views.compared_weeks import over_words
from sferum_ui.views.organization_rows import Overview, Within

MUNICIPALITY, TYPE, STATUS, SEARCH = KEYS = ("org_municipality", "org_type", "org_status", "org_search")
ALL = "all"
_CLICKED = "_org_clicked"


def filters(dataset: Dataset, known: Overview, waiting: tuple[int, ...] = ()) -> Selection:
    """Draw the row of filters and how many rows are left; return what is asked."""
    _apply_click()
    with filter_row("org"):
        municipalities = choice("Муниципалитет", known.municipalities, MUNICIPALITY, width=280)
        types = choice("Тип", known.types, TYPE, width=170)
        statuses = choice(
            "Статус", known.statuses, STATUS, format_func=lambda code: Status(code).label, width=230
        )
        text = search("Поиск", SEARCH, width=240)
    selection = Selection(tuple(municipalities), tuple(types), tuple(statuses), text)
    left = len(data.computed(organization_rows.listed, dataset, selection, waiting).places)
    rows_left(left, known.total, KEYS, noun=wording.organizations)
    return selection


def strip(within: Within, selection: Selection, profile: NormProfile, before: Earlier | None = None) -> None:
    """Figures by status within the other filters; a click narrows the page to one, a second undoes it.

    `before` is the earlier week that `within` counts beside this one.
    """
    found = within.figures
    names = {status_key(figure.statuses): figure.statuses for figure in found}
    chosen = status_key([Status(status) for status in selection.statuses]) if selection.statuses else ALL
    total = within.total
    cards = [
        Figure(
            ALL,
            "Всего",
            total,
            change=over_words(step(within.change()), before),
            origin=Origin(
                "Организации файла, которые прошли отбор по муниципалитету, типу и поиску.",
                rows=wording.rows(total),
            ),
        )
    ]
    for figure in found:
        meaning = " ".join(STATUS_MEANINGS[status] for status in figure.statuses)
        cards.append(
            Figure(
                status_key(figure.statuses),
                status_title(figure),
                figure.count,
                share=figure.share,
                change=over_words(step(within.change(figure.statuses)), before),
                status=str(figure.main),
                origin=Origin(
                    meaning,
                    figure.count,
                    total,
                    rows=f"организации со статусом «{figure.title}»",
                    source=_source(figure.statuses, profile),
                ),
            )
        )

    def click(key: str) -> None:
        statuses = names.get(key, ())
        again = [str(status) for status in statuses] == list(st.session_state.get(STATUS) or ())
        st.session_state[STATUS] = [] if again else [str(status) for status in statuses]

    figures(cards, key="org", active={chosen}, on_click=click)


def status_key(statuses: Sequence[Status]) -> str:
    """Key of a figure of the strip."""
    return "-".join(status.value for status in statuses)


_TITLES = {Status.INACTIVE: "Не активны", Status.TARGET_MET: "Цель", Status.LEADER: "Лидеры"}


def status_title(figure: StatusFigure) -> str:
    """The words over a figure: «Не активны» for many."""
    if len(figure.statuses) > 1:
        return "Цель" if figure.main is Status.TARGET_MET else figure.title
    return _TITLES.get(figure.main, figure.title)


def _source(statuses: Sequence[Status], profile: NormProfile) -> str:
    if Status.INACTIVE in statuses:
        rule = profile.activity_rule
        return f"статус в файле, а без него – правило профиля: {rule.label} ({rule.source})"
    name = INDICATORS[profile.main_indicator].name
    return f"{name}; нормы: {profile.title}. {profile.source}"


def on_picture_click(points: Sequence[dict[str, object]]) -> None:
    """Take a click on a bar of statuses by municipality over into the filters."""
    pair = clicked_pair(points)
    if pair is None:
        return
    st.session_state[_CLICKED] = pair
    st.session_state["_org_picture"] = st.session_state.get("_org_picture", 0) + 1
    st.rerun()


def clicked_pair(points: Sequence[dict[str, object]]) -> tuple[str, str] | None:
    """Municipality and status of the bar that was clicked, None for no click."""
    if not points:
        return None
    data = points[0].get("customdata")
    if not isinstance(data, list | tuple) or len(data) != 2:
        return None
    return str(data[0]), str(data[1])


def picture_key() -> str:
    """Key of the picture; it changes with every click, so that a click never stays pressed."""
    return f"org_bars_{st.session_state.get('_org_picture', 0)}"


def _apply_click() -> None:
    pair = st.session_state.pop(_CLICKED, None)
    if pair:
        st.session_state[MUNICIPALITY], st.session_state[STATUS] = [pair[0]], [pair[1]]
