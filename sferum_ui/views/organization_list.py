"""The list of organizations: statuses by municipality as a picture, the table, a row opens its card."""

from __future__ import annotations

import streamlit as st

from sferum_core import wording
from sferum_core.filtering import Selection, describe
from sferum_core.indicators import INDICATORS, Indicator
from sferum_ui import state
from sferum_ui.cache import Dataset
from sferum_ui.components import bar_column, chart, escape_markdown, share_column, table
from sferum_ui.views import data, grid, organization_rows
from sferum_ui.views import waiting as waiting_view
from sferum_ui.views.drawn import picture_of
from sferum_ui.views.organization_card import show_card
from sferum_ui.views.organization_filters import on_picture_click, picture_key
from sferum_ui.views.organization_rows import Listed, Within

WORST = 8
CARD, SHOW_ALL = "org_card", "org_all"
_LAST_ROW = "_org_last_row"


def picture(dataset: Dataset, within: Within, selection: Selection) -> None:
    """Stacked bars of statuses, the worst municipalities first; all of them on request."""
    count = within.municipalities
    if count < 2:
        return
    show_all = count <= WORST
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader("Статусы по муниципалитетам", anchor=False, width="content")
        if not show_all:
            show_all = st.toggle(f"Все {wording.municipalities(count)}", key=SHOW_ALL, bind="query-params")
    drawn = data.computed(
        data.status_picture,
        dataset,
        selection.without("statuses"),
        None if show_all else WORST,
        data.theme(),
    )
    points = chart(drawn, key=picture_key(), selectable=True)
    words = "" if show_all else f"Показаны {WORST} муниципалитетов, где хуже всего. "
    st.caption(f"{words}Щелчок по части полосы оставит в списке этот муниципалитет и статус.")
    picture_of(
        data.status_picture,
        dataset,
        selection.without("statuses"),
        None if show_all else WORST,
        key="org_statuses",
        title="Статусы организаций по муниципалитетам",
        about=describe(selection.without("statuses")) if selection.without("statuses") != Selection() else "",
    )
    on_picture_click(points or [])


@st.fragment
def show_list(dataset: Dataset, selection: Selection, waiting: tuple[int, ...] = ()) -> None:
    """The table and, for a chosen row, the card under it. A click reruns only this part."""
    profile = state.profile()
    found: Listed = data.computed(organization_rows.listed, dataset, selection, waiting)
    if not found.places:
        st.info("Под выбранные условия ничего не подошло. Снимите часть отборов или нажмите «Сбросить».")
        return
    indicator = INDICATORS[profile.main_indicator]
    st.subheader("Организации", anchor=False)
    position = table(
        found.table,
        {
            "status_cell": grid.status_column(),
            "organization": st.column_config.TextColumn("Организация", width=290, help=grid.SHORTENED),
            "municipality": st.column_config.TextColumn("Муниципалитет", width=175),
            "type": st.column_config.TextColumn("Тип", width=52),
            "share": share_column("Доля", help_text=indicator.name, width=72),
            "bar": bar_column(
                top=found.top,
                help_text=f"Полная полоса – {wording.percent(found.top, 0)} и больше",
                width=56,
            ),
            "counts": st.column_config.TextColumn("Числа", width=76, help=_counts_help(indicator)),
            "missing": grid.more_column("До нормы", "Сколько педагогов не хватает до нормы"),
            "norm": st.column_config.TextColumn("Норма", width=210),
            "stranger": st.column_config.TextColumn("Особая запись", width=150),
            "id": st.column_config.TextColumn("ID", width=90),
        },
        key=f"_org_table_{abs(hash(selection))}",
        alt=f"Организации: {wording.organizations(len(found.places))}, сначала те, где хуже. "
        "Те же данные есть в файле «Скачать XLSX».",
        selectable=True,
    )
    chosen = _chosen_place(found, position)
    if chosen is not None:
        show_card(dataset, chosen)
        waiting_view.card_mark(dataset, chosen, waits=chosen in waiting)


def _counts_help(indicator: Indicator) -> str:
    return f"{indicator.short_name}: сколько из скольких"


def _chosen_place(found: Listed, position: int | None) -> int | None:
    """Place in the file of the organization to open: the row just clicked, else the one named under the table."""
    clicked = None if position is None else found.labels[position]
    if clicked != st.session_state.get(_LAST_ROW):
        st.session_state[_LAST_ROW] = clicked
        st.session_state[CARD] = clicked
    chosen = st.selectbox(
        "Карточка организации",
        found.labels,
        index=None,
        key=CARD,
        placeholder="Выберите строку в таблице или начните вводить название",
        bind="query-params",
    )
    return None if chosen is None else found.places[found.labels.index(chosen)]


def apart_note(count: int) -> None:
    """Say that some rows stand apart, and where."""
    if count:
        st.caption(
            f"Особых записей и организаций без типа: {wording.number(count)}. "
            f"Они остаются в списке и собраны на вкладке {escape_markdown('«Отдельно»')}."
        )
