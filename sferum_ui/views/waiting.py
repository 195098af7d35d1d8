"""«Ждёт деактивации» on the page: marking organizations, who waits, taking marks back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.reconciliation_lists import Listing, Lists
from sferum_core.waiting import WORDS, Organization, organization_of
from sferum_store import WaitingMark
from sferum_ui import reconciling
from sferum_ui.cache import Dataset
from sferum_ui.components import table

MEANING = (
    "Организации, на которые отправлен запрос на деактивацию. Они остаются в выгрузке и во всех итогах региона и "
    "муниципалитетов, пока платформа их не удалит, но в приложениях, письмах и сообщениях стоят отдельно: действий от них "
    "не требуется. Отметка держится из недели в неделю по ID, а без ID – по названию в муниципалитете."
)
HERE, GONE = "есть в выгрузке", "в выгрузке больше нет"
_SAID = "_rec_waiting_said"


def told(lists: Lists, rows: Iterable[int]) -> Lists:
    """The lists with the mark of those that wait, in the column `waiting_words`."""
    waiting = set(rows)
    frames = dict(lists.frames)
    for which in (Listing.ONLY_PLATFORM,):
        frame = frames[which]
        words = [WORDS if row in waiting else pd.NA for row in frame["row"]]
        frames[which] = frame.assign(waiting_words=pd.Series(words, index=frame.index, dtype="str"))
    return replace(lists, frames=frames)


def choose(dataset: Dataset, rows: pd.DataFrame, key: str, *, fixed: bool) -> None:
    """Marking organizations of a list, some or all of them."""
    if fixed or rows.empty:
        return
    said = st.session_state.pop(_SAID, "")
    if said:
        st.success(f"✓ {said}")
    marked = {place for place, _ in reconciling.found_marks(dataset, reconciling.marks(dataset))}
    free = rows[~rows["row"].isin(marked)]
    st.markdown("**Запрос отправлен? Отметьте, что организации ждут деактивации**")
    if free.empty:
        st.caption("Все организации этого списка уже отмечены.")
        return
    labels = _labels(free)
    chosen = st.multiselect(
        "Организации",
        list(labels),
        key=f"_rec_wait_{key}",
        format_func=labels.__getitem__,
        placeholder="Выберите из списка",
        label_visibility="collapsed",
    )
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Отметить выбранные",
            key=f"rec_wait_some_{key}",
            disabled=not chosen,
            on_click=_mark,
            args=(dataset, tuple(chosen), f"_rec_wait_{key}"),
        )
        st.button(
            f"Отметить весь список ({wording.number(len(free))})",
            key=f"rec_wait_all_{key}",
            type="tertiary",
            on_click=_mark,
            args=(dataset, tuple(labels), f"_rec_wait_{key}"),
        )


def _labels(rows: pd.DataFrame) -> dict[int, str]:
    labels = {}
    for record in rows.to_dict("records"):
        one = organization_of({str(key): value for key, value in record.items()})
        identity = f"ID {one.organization_id}" if one.organization_id else "ID не указан"
        labels[int(record["row"])] = " · ".join(
            part for part in (one.name or "Название не указано", one.municipality, identity) if part
        )
    return labels


def _mark(dataset: Dataset, rows: tuple[int, ...], key: str) -> None:
    records = dataset.export.table.iloc[list(rows)].to_dict("records")
    asked = [organization_of({str(name): value for name, value in record.items()}) for record in records]
    new = reconciling.safely(lambda: reconciling.mark(dataset, asked))
    st.session_state[key] = []
    if new is not None:
        st.session_state[_SAID] = f"Отмечено: {wording.organizations(new)}."
        lost = sum(not one.has_identity for one in asked)
        if lost:
            st.session_state[_SAID] += f" Без ID и названия отметить нельзя: {wording.rows(lost)}."


def show(dataset: Dataset, *, fixed: bool) -> None:
    """Everybody who waits, whether still in the export, since when; taking marks back."""
    known = reconciling.marks(dataset)
    st.subheader("Ждут деактивации", anchor=False)
    st.write(MEANING)
    if not known:
        st.caption(
            "Пока никто не отмечен. Отметить можно в списках «Только на платформе» и «Записаны дважды» и в карточке "
            "организации."
        )
        return
    here = {key for _, key in reconciling.found_marks(dataset, known)}
    gone = [one for one in known if one.key not in here]
    st.markdown(
        f"Есть в этой выгрузке: **{wording.number(len(known) - len(gone))}**, "
        f"уже исчезли из неё: **{wording.number(len(gone))}**."
    )
    table(
        _frame(known, here),
        {
            "state": st.column_config.TextColumn("В этой выгрузке", width=150),
            "organization": st.column_config.TextColumn("Организация", width=300),
            "municipality": st.column_config.TextColumn("Муниципалитет", width=180),
            "since": st.column_config.TextColumn("Отмечено", width=100),
            "by": st.column_config.TextColumn("Кем", width=140),
            "id": st.column_config.TextColumn("ID", width=90),
        },
        key="_rec_waiting",
        alt=f"Ждут деактивации: {wording.organizations(len(known))}",
    )
    if fixed:
        return
    names = {one.key: _name(one.organization) for one in known}
    chosen = st.multiselect(
        "Снять отметку",
        list(names),
        key="_rec_unwait",
        format_func=names.__getitem__,
        placeholder="Выберите, у кого снять отметку",
    )
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Снять отметку у выбранных",
            key="rec_unwait",
            disabled=not chosen,
            on_click=_unmark,
            args=(dataset, tuple(chosen)),
        )
        if gone:
            st.button(
                f"Убрать исчезнувшие ({wording.number(len(gone))})",
                key="rec_unwait_gone",
                type="tertiary",
                on_click=_unmark,
                args=(dataset, tuple(one.key for one in gone)),
            )


def _frame(known: list[WaitingMark], here: set[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "state": [HERE if one.key in here else GONE for one in known],
            "organization": [one.organization.name or "название не указано" for one in known],
            "municipality": [one.organization.municipality for one in known],
            "since": [f"{one.made_at.astimezone():%d.%m.%Y}" for one in known],
            "by": [one.made_by for one in known],
            "id": [one.organization.organization_id for one in known],
        },
        dtype="str",
    )


def _name(one: Organization) -> str:
    identity = f"ID {one.organization_id}" if one.organization_id else ""
    return " · ".join(part for part in (one.name, one.municipality, identity) if part)


def _unmark(dataset: Dataset, keys: tuple[str, ...]) -> None:
    reconciling.safely(lambda: reconciling.unmark(dataset, keys))
    st.session_state["_rec_unwait"] = []


def card_mark(dataset: Dataset, place: int, *, waits: bool) -> None:
    """Under the card of an organization: whether it waits for deactivation, marking it and taking the mark back."""
    if reconciling.why_fixed(dataset) or (not dataset.is_demo and reconciling.region(dataset) is None):
        if waits:
            st.caption(f"Отметка: {WORDS}.")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if waits:
            keys = [
                key
                for row, key in reconciling.found_marks(dataset, reconciling.marks(dataset))
                if row == place
            ]
            st.caption("Ждёт деактивации: в приложениях и письмах стоит отдельно.", width="content")
            st.button(
                "Снять отметку",
                key="org_unwait",
                type="tertiary",
                on_click=_unmark,
                args=(dataset, tuple(keys)),
            )
        else:
            st.button(
                "Отметить: ждёт деактивации",
                key="org_wait",
                type="tertiary",
                on_click=_mark,
                args=(dataset, (place,), "_org_wait"),
                help="Когда запрос на деактивацию отправлен: организация закрыта или реорганизована.",
            )
