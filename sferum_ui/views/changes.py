"""«Что изменилось»: this week against an earlier one – who left those behind, who entered, places, lists."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.change_words import changes_answer
from sferum_core.changes import Changes, what_changed
from sferum_core.charts.moves import behind_moves, status_flow
from sferum_core.indicators import INDICATORS
from sferum_core.names.short import short_names
from sferum_core.norms import NormProfile
from sferum_core.palette import Theme
from sferum_core.reports.changes import changes_workbook
from sferum_core.reports.names import file_name
from sferum_ui import cache, history, navigation, state
from sferum_ui.cache import Dataset, bulky
from sferum_ui.components import (
    Figure,
    answer,
    download_xlsx,
    figures,
    one_of,
    share_cells,
    share_column,
    table,
)
from sferum_ui.components.charts import ReadyChart, ready
from sferum_ui.history import Earlier
from sferum_ui.theme import status_text
from sferum_ui.views import data, grid
from sferum_ui.views.compared_weeks import moves_text
from sferum_ui.views.drawn import with_picture

WEEK, WHAT, PICTURE = "chg_with", "chg_what", "chg_picture"
FLOW, BEHIND = "Статусы", "Отстающие по муниципалитетам"
FIRST_MOVES, MOST_MOVES = 5, 12
LISTS = {
    "left_behind": "Вышли из отстающих",
    "entered_behind": "Вошли в отстающие",
    "up": "Статус выше",
    "down": "Статус ниже",
    "new": "Новые",
    "gone": "Исчезли",
    "renamed": "Переименованы",
    "moved": "Другой муниципалитет",
    "type_changed": "Другой тип",
    "unresolved": "Не сопоставлены",
}
STRIP = ("left_behind", "entered_behind", "up", "down", "new", "gone")
SIGNS = {"left_behind": "▲", "entered_behind": "▼", "up": "▲", "down": "▼", "new": "＋", "gone": "－"}


@bulky
def changes(dataset: Dataset, profile: NormProfile, before_id: str) -> Changes:
    """What changed since another week."""
    before = history.opened(before_id)
    if before is None:
        raise LookupError(before_id)
    return what_changed(
        data.computed(data.assessed, dataset),
        before.export.table,
        profile,
        period=dataset.export.period,
        before_period=before.export.period,
    )


def is_there(before_id: str) -> bool:
    """Whether an earlier week can still be opened."""
    return history.opened(before_id) is not None


def assessed_then(before_id: str) -> pd.DataFrame:
    """An earlier week's assessed table. LookupError when that week is gone."""
    before = history.opened(before_id)
    if before is None:
        raise LookupError(before_id)
    found: pd.DataFrame = data.computed(data.assessed, before)
    return found


def show(dataset: Dataset, profile: NormProfile, said: str = "") -> None:
    """The whole section; without an earlier week, what to do to have one.

    `said`: the id of the week about which the page has told already who left and entered those behind.
    """
    weeks = history.earlier(dataset)
    if not weeks:
        _nothing(dataset)
        return
    chosen = one_of("Сравнить с неделей", weeks, WEEK, format_func=lambda week: week.label, width=300)
    with st.spinner("Сравниваем недели…"):
        found: Changes = data.computed(changes, dataset, chosen.id)
    answer(changes_answer(found, behind=chosen.id != said), about="changes")
    _strip(found)
    _pictures(dataset, chosen)
    _list(found, _choice(found))
    _moves(found)
    download_xlsx(
        "Скачать изменения",
        partial(workbook, dataset, profile, state.profile_key(), chosen.id),
        file_name("Что изменилось", date=data.last_day(dataset)),
        "chg_download",
    )


def picture(dataset: Dataset, profile: NormProfile, before_id: str, which: str, theme: Theme) -> ReadyChart:
    """Streams of statuses, or who left and entered those behind by municipality."""
    found: Changes = data.computed(changes, dataset, before_id)
    return ready(status_flow(found, theme) if which == FLOW else behind_moves(found, theme))


def _pictures(dataset: Dataset, before: Earlier) -> None:
    which = st.segmented_control(
        "Картина", [FLOW, BEHIND], default=FLOW, key=PICTURE, bind="query-params", required=True
    )
    with_picture(
        picture,
        dataset,
        before.id,
        which or FLOW,
        key=f"chg_picture_{which}",
        title="Что изменилось",
        name=which or FLOW,
        about=f"с недели {before.label}",
    )


def _nothing(dataset: Dataset) -> None:
    if dataset.export.period is None:
        st.info("В файле не указан период, поэтому непонятно, с какой неделей сравнивать.")
        return
    st.info(
        "Сравнивать пока не с чем: в архиве нет более ранней недели этого региона. Сохраняйте каждую неделю "
        "на странице «Загрузка» – здесь появится, кто вышел из отстающих и кто в них вошёл."
    )
    if st.button("Открыть архив", key="chg_archive"):
        navigation.go_to("archive")


def _choose(what: str) -> None:
    st.session_state[WHAT] = what


def _strip(found: Changes) -> None:
    counts = found.counts()
    figures(
        [Figure(word, f"{SIGNS[word]} {LISTS[word]}", counts[word]) for word in STRIP],
        key="chg",
        active={str(st.session_state.get(WHAT, ""))},
        on_click=_choose,
    )


def _choice(found: Changes) -> str:
    """Which list is shown: chosen here or by a click on a figure."""
    counts = found.counts()
    present = [word for word in LISTS if counts[word]]
    if not present:
        st.write("Ни у одной организации статус, название, тип и муниципалитет не изменились.")
        return ""
    if st.session_state.get(WHAT) not in present:
        st.session_state[WHAT] = present[0]
    chosen = st.pills(
        "Показать список",
        present,
        key=WHAT,
        format_func=lambda word: f"{LISTS[word]} · {wording.number(counts[word])}",
        bind="query-params",
        required=True,
    )
    return str(chosen)


def list_rows(found: Changes, what: str) -> pd.DataFrame:
    """The organizations of one list, as the table shows them."""
    rows = found.only(what)
    words = {
        status: status_text(status) for status in {*rows["status"].dropna(), *rows["status_before"].dropna()}
    }
    shown = pd.DataFrame(
        {
            "organization": short_names(rows["organization"].fillna(rows["organization_id"])),
            "municipality": rows["municipality"],
            "type": rows["organization_type"],
            "was": rows["status_before"].map(words),
            "now": rows["status"].map(words),
            "share_before": share_cells(rows["share_before"]),
            "share": share_cells(rows["share"]),
            "change": [points(value) for value in rows["change"]],
            "earlier": _earlier_value(rows, what),
            "id": rows["organization_id"],
        }
    )
    return shown.dropna(axis="columns", how="all").reset_index(drop=True)


def _earlier_value(rows: pd.DataFrame, what: str) -> pd.Series:
    column = {
        "renamed": "organization_before",
        "moved": "municipality_before",
        "type_changed": "organization_type_before",
        "unresolved": "reason",
    }.get(what)
    return rows[column] if column else pd.Series(pd.NA, index=rows.index, dtype="str")


def points(change: float | None) -> str | None:
    """A change of a share in percentage points: «+2,5 п. п.»; None where it is not known."""
    return None if change is None or pd.isna(change) else wording.points(change)


def _list(found: Changes, what: str) -> None:
    if not what:
        return
    rows = list_rows(found, what)
    st.subheader(LISTS[what], anchor=False)
    table(
        rows,
        {
            "organization": st.column_config.TextColumn("Организация", width=250, help=grid.SHORTENED),
            "municipality": st.column_config.TextColumn("Муниципалитет", width=175),
            "type": st.column_config.TextColumn("Тип", width=52),
            "was": st.column_config.TextColumn("Было", width=140),
            "now": st.column_config.TextColumn("Стало", width=140),
            "share_before": share_column("Доля была", width=84),
            "share": share_column("Доля", help_text=INDICATORS[found.indicator].name, width=72),
            "change": st.column_config.TextColumn("Изменение", alignment="right", width=100),
            "earlier": st.column_config.TextColumn(
                "Почему" if what == "unresolved" else "Было раньше", width=220
            ),
            "id": st.column_config.TextColumn("ID", width=90),
        },
        key=f"_chg_table_{what}",
        alt=f"{LISTS[what]}: {wording.organizations(len(rows))}. Те же строки есть в файле «Скачать изменения».",
    )


def _moves(found: Changes) -> None:
    """Why places of municipalities moved, the greatest moves first."""
    st.subheader("Почему изменились места муниципалитетов", anchor=False)
    text = moves_text(found.municipalities, found.indicator, FIRST_MOVES)
    st.markdown(text or "Места муниципалитетов не изменились.")
    further = moves_text(found.municipalities, found.indicator, MOST_MOVES, skip=FIRST_MOVES)
    if further:
        with st.expander("Следующие по величине сдвига"):
            st.markdown(further)


def workbook(dataset: Dataset, profile: NormProfile, profile_key: str, before_id: str) -> bytes:
    """The workbook «Что изменилось»; runs without a session."""
    found: Changes = cache.compute_of(changes, dataset, profile_key, before_id)
    meta = data.report_meta(dataset, profile, "Что изменилось")
    return changes_workbook(found, profile, meta)
