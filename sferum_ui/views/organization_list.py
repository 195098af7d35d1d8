"""The list of organizations: statuses by municipality as a picture, the table, a row opens its card."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.charts.organizations import status_bars, status_table
from sferum_core.filtering import Selection, apply_filters
from sferum_core.indicators import INDICATORS, indicator_counts
from sferum_core.norms import Level, NormProfile
from sferum_ui.cache import Dataset
from sferum_ui.components import chart, escape_markdown, share_column, table
from sferum_ui.views import data, grid
from sferum_ui.views.organization_card import show_card
from sferum_ui.views.organization_filters import on_picture_click, picture_key

WORST = 8
CARD = "org_card"
_LAST_ROW = "_org_last_row"


def picture(rows: pd.DataFrame) -> None:
    """Stacked bars of statuses, the worst municipalities first; all of them on request."""
    ranked = status_table(rows)
    if len(ranked) < 2:
        return
    everything = len(ranked) <= WORST
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader("Статусы по муниципалитетам", anchor=False, width="content")
        if not everything:
            label = f"Все {wording.municipalities(len(ranked))}"
            everything = st.toggle(label, key="org_all", bind="query-params")
    shown = rows if everything else rows[rows["municipality_shown"].isin(ranked["municipality"].head(WORST))]
    points = chart(status_bars(shown, theme=data.theme()), key=picture_key(), selectable=True)
    words = "" if everything else f"Показаны {WORST} муниципалитетов, где хуже всего. "
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
            "registered": rows.get("teachers_registered"),
            "numerator": counts[0] if counts else None,
            "share": rows["main_share"],
            "norm": rows["type_shown"].map(norms),
            "missing": rows["missing_to_norm"].mask((rows["missing_to_norm"] <= 0).fillna(False)),
            "stranger": rows["stranger"],
            "id": rows.get("organization_id"),
        },
        index=rows.index,
    )
    empty = [name for name in ("registered", "numerator", "id") if shown[name].isna().all()]
    if rows["stranger"].eq("").all():
        empty.append("stranger")
    if rows["share_source"].isna().all():
        empty += ["share", "missing"]
    return shown.drop(columns=empty)


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
    st.subheader("Организации", anchor=False)
    position = table(
        shown,
        {
            "status_cell": grid.status_column(),
            "organization": st.column_config.TextColumn("Организация", width=290),
            "municipality": st.column_config.TextColumn("Муниципалитет", width=170),
            "type": st.column_config.TextColumn("Тип", width=60),
            "registered": grid.count_column("Педагогов", "Зарегистрировано педагогов"),
            "numerator": grid.count_column(indicator.short_name, indicator.name),
            "share": share_column("Доля", top=_top(shown), help_text=indicator.name),
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


def _top(shown: pd.DataFrame) -> float:
    if "share" not in shown:
        return 1.0
    return float(min(1.0, shown["share"].max())) if shown["share"].notna().any() else 1.0


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
