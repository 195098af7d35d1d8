"""The list of organizations: statuses by municipality as a picture, the table, a row opens its card."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.filtering import Selection, apply_filters
from sferum_core.indicators import INDICATORS, Indicator, indicator_counts
from sferum_core.norms import Level, NormProfile
from sferum_ui.cache import Dataset
from sferum_ui.components import chart, escape_markdown, share_column
from sferum_ui.views import data, grid
from sferum_ui.views.organization_card import show_card
from sferum_ui.views.organization_filters import on_picture_click, picture_key

WORST = 8
CARD, SHOW_ALL = "org_card", "org_all"
_LAST_ROW = "_org_last_row"


def picture(dataset: Dataset, table: pd.DataFrame, selection: Selection) -> None:
    """Stacked bars of statuses, the worst municipalities first; all of them on request."""
    within = selection.without("statuses")
    count = apply_filters(table, within)["municipality_shown"].nunique()
    if count < 2:
        return
    show_all = count <= WORST
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader("Статусы по муниципалитетам", anchor=False, width="content")
        if not show_all:
            show_all = st.toggle(f"Все {wording.municipalities(count)}", key=SHOW_ALL, bind="query-params")
    drawn = data.computed(data.status_picture, dataset, within, None if show_all else WORST, data.theme())
    points = chart(drawn, key=picture_key(), selectable=True)
    words = "" if show_all else f"Показаны {WORST} муниципалитетов, где хуже всего. "
    st.caption(f"{words}Щелчок по части полосы оставит в списке этот муниципалитет и статус.")
    on_picture_click(points or [])


def list_columns(rows: pd.DataFrame, profile: NormProfile) -> pd.DataFrame:
    """The rows as the table shows them, under the codes that `show_list` names."""
    counts = indicator_counts(rows, profile.main_indicator, profile.denominator)
    norms = {
        kind: profile.band_text(profile.rule(Level.ORGANIZATION, kind, profile.main_indicator))
        for kind in rows["type_shown"].unique()
    }
    shown = pd.DataFrame(
        {
            "status_cell": grid.status_cells(rows["status"]),
            "organization": rows.get("organization", rows.get("organization_id")),
            "municipality": rows["municipality_shown"],
            "type": rows["type_shown"],
            "share": grid.shown_shares(rows["main_share"]),
            "counts": grid.of_counts(*counts) if counts else None,
            "norm": rows["type_shown"].map(norms),
            "missing": rows["missing_to_norm"].mask((rows["missing_to_norm"] <= 0).fillna(False)),
            "stranger": rows["stranger"],
            "id": rows.get("organization_id"),
        },
        index=rows.index,
    )
    empty = [name for name in ("counts", "id") if shown[name].isna().all()]
    if rows["stranger"].eq("").all():
        empty.append("stranger")
    if rows["share_source"].isna().all():
        empty += ["share", "missing"]
    if rows["missing_to_norm"].isna().all():
        empty += ["missing", "norm"]
    return shown.drop(columns=list(dict.fromkeys(empty)))


def card_labels(full: pd.DataFrame) -> pd.Series:
    """«МБОУ СОШ № 4 · 000123», one for each row of the whole table, never two alike."""
    name = full["organization"].fillna("Название не указано") if "organization" in full else "Организация"
    label = pd.Series(name, index=full.index, dtype="str")
    if "organization_id" in full:
        label = label + (" · " + full["organization_id"].astype("str")).fillna("")
    else:
        label = label + " · " + full["municipality_shown"]
    repeat = label.groupby(label).cumcount()
    return label.where(repeat == 0, label + " (" + (repeat + 1).astype("str") + ")")


@st.fragment
def show_list(dataset: Dataset, selection: Selection) -> None:
    """The table and, for a chosen row, the card under it. A click reruns only this part."""
    profile = _profile()
    full = data.computed(data.assessed, dataset)
    rows = apply_filters(full, selection)
    if rows.empty:
        st.info("Под выбранные условия ничего не подошло. Снимите часть отборов или нажмите «Сбросить».")
        return
    labels = card_labels(full)
    indicator = INDICATORS[profile.main_indicator]
    shown = list_columns(rows, profile)
    if len(selection.municipalities) == 1:
        shown = shown.drop(columns="municipality")
    top = full_bar(rows, profile)
    st.subheader("Организации", anchor=False)
    position = grid.show_grid(
        shown,
        {
            "status_cell": grid.status_column(),
            "organization": st.column_config.TextColumn("Организация", width=245),
            "municipality": st.column_config.TextColumn("Муниципалитет", width=150),
            "type": st.column_config.TextColumn("Тип", width=52),
            "share": share_column(
                "Доля",
                top=top,
                help_text=f"{indicator.name}. Полная полоса – {wording.percent(top, 0)} и больше",
            ),
            "counts": st.column_config.TextColumn("Числа", width=82, help=_counts_help(indicator)),
            "missing": grid.more_column("До нормы", "Сколько педагогов не хватает до нормы"),
            "norm": st.column_config.TextColumn("Норма", width=210),
            "stranger": st.column_config.TextColumn("Особая запись", width=150),
            "id": st.column_config.TextColumn("ID", width=90),
        },
        key=f"_org_table_{abs(hash(selection))}",
        alt=f"Организации: {wording.organizations(len(rows))}. Те же данные есть в файле «Скачать XLSX».",
        selectable=True,
    )
    chosen = _chosen_label(rows, labels, position)
    if chosen is not None:
        place = labels.tolist().index(chosen)
        show_card(dataset, data.computed(data.card, dataset, place), profile)


def _profile() -> NormProfile:
    from sferum_ui import state  # noqa: PLC0415 - read anew on every run of the fragment

    return state.profile()


def _counts_help(indicator: Indicator) -> str:
    return f"{indicator.short_name}: сколько из скольких"


def full_bar(rows: pd.DataFrame, profile: NormProfile) -> float:
    """The share that fills a bar of the list: twice the highest target in view, so that the norm is seen."""
    rules = [
        profile.rule(Level.ORGANIZATION, kind, profile.main_indicator) for kind in rows["type_shown"].unique()
    ]
    targets = [rule.target for rule in rules if rule is not None and rule.target is not None]
    return min(1.0, 2 * max(targets, default=0.5))


def _chosen_label(rows: pd.DataFrame, labels: pd.Series, position: int | None) -> str | None:
    """The organization to open: the row just clicked, else the one named in the list under the table."""
    options = labels[rows.index].tolist()
    clicked = None if position is None else options[position]
    if clicked != st.session_state.get(_LAST_ROW):
        st.session_state[_LAST_ROW] = clicked
        st.session_state[CARD] = clicked
    return st.selectbox(
        "Карточка организации",
        options,
        index=None,
        key=CARD,
        placeholder="Выберите строку в таблице или начните вводить название",
        bind="query-params",
    )


def apart_note(count: int) -> None:
    """Say that some rows stand apart, and where."""
    if count:
        st.caption(
            f"Особых записей и организаций без типа: {wording.number(count)}. "
            f"Они остаются в списке и собраны на вкладке {escape_markdown('«Отдельно»')}."
        )
