"""Names that the office keeps: keeping those of the open file, opening and erasing kept ones; for its editor only."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sferum_core import Export
from sferum_core.model import ExportKind, Source
from sferum_core.wording import counted
from sferum_store import KeptNames, StoreError
from sferum_ui import cache, library, people_access, state
from sferum_ui.cache import Dataset
from sferum_ui.components import escape_markdown
from sferum_ui.people_access import may_keep_names, may_see_names

_SAID, _CHOSEN = "_names_said", "_names_chosen"


def _is_on() -> bool:
    return bool(library.quietly(lambda store: store.names.is_on))


def keeping(dataset: Dataset) -> None:
    """Under the list with names: keep them, where the office chose that and this editor may."""
    if not dataset.is_personal or not _is_on():
        return
    if not _may_keep(dataset):
        st.caption(
            "Хранить имена может вошедший редактор управления, к которому относятся организации файла."
        )
        return
    days = library.store().settings.names_days
    st.button(
        f"Хранить имена {counted(days, 'день', 'дня', 'дней')}",
        key=f"keep_names_{dataset.id}",
        on_click=_keep,
        args=(dataset.id,),
        help="Имена хранятся зашифрованными, их видит только редактор этого управления; потом они стираются сами.",
    )
    _say()


def _may_keep(dataset: Dataset) -> bool:
    table = dataset.export.table
    named = table["municipality"].dropna().unique().tolist() if "municipality" in table.columns else []
    return may_keep_names(named)


def _keep(dataset_id: str) -> None:
    who, dataset = people_access.editor(), cache.lookup(dataset_id)
    if who is None or dataset is None or not _may_keep(dataset):
        return
    office = library.office()
    try:
        kept = library.store().names.keep(
            dataset.export.table,
            region=office.region if office else "",
            municipality=who.municipality,
            by=who.name,
        )
    except StoreError as error:
        st.session_state[_SAID] = (False, str(error))
        return
    people = sum(one.people for one in kept)
    st.session_state[_SAID] = (True, f"Имена сохранены: {counted(people, 'строка', 'строки', 'строк')}.")


def _say() -> None:
    said = st.session_state.pop(_SAID, None)
    if said is not None:
        done, words = said
        (st.success if done else st.error)(escape_markdown(words))


def visible() -> list[KeptNames]:
    """Kept sets that may be shown now, latest first."""
    if people_access.editor() is None:
        return []
    office = library.office()
    region = office.region if office else ""
    found = library.quietly(lambda store: store.names.find(region) if store.names.is_on and region else [])
    return [one for one in found or [] if may_see_names(one)]


def kept() -> None:
    """In the archive: what is kept, to open or to erase. Nothing for everybody else."""
    found = visible()
    _say()
    if not found:
        return
    st.subheader("Хранимые имена", anchor=False)
    st.caption("Зашифрованы; видите только вы, редактор управления. Каждое открытие отмечается в журнале.")
    by_words = {f"{label(one)} · {place + 1}": one for place, one in enumerate(found)}
    chosen = st.selectbox("Организация и дата", list(by_words), key=_CHOSEN)
    if chosen is None:
        return
    with st.container(horizontal=True):
        if st.button("Открыть имена", key="names_open"):
            _open(by_words[chosen])
        st.button("Стереть", key="names_erase", type="tertiary", on_click=_erase, args=(by_words[chosen],))


def label(one: KeptNames) -> str:
    """«СОШ № 1 · 04.04.2024 · 12 человек · до 01.08.2024»."""
    people = counted(one.people, "человек", "человека", "человек")
    until = f"до {one.expires_at.astimezone():%d.%m.%Y}"
    return f"{one.organization or 'одна организация'} · {one.date:%d.%m.%Y} · {people} · {until}"


def _open(one: KeptNames) -> None:
    who = people_access.editor()
    if who is None or not may_see_names(one):
        return
    try:
        table = library.store().names.open(one.id, by=who.name)
    except StoreError as error:
        st.error(escape_markdown(str(error)))
        return
    state.open_dataset(cache.keep_export(_export(table, f"Хранимые имена {one.date:%d.%m.%Y}")))
    st.rerun()


def _export(table: pd.DataFrame, name: str) -> Export:
    nothing = pd.DataFrame({column: pd.Series(dtype="str") for column in ("sheet", "row", "reason", "text")})
    return Export(
        kind=ExportKind.TEACHERS,
        table=table,
        period=None,
        columns=(),
        findings=(),
        left_out=nothing,
        source_rows=len(table),
        source=Source(filename=name, sha256="", format=""),
    )


def _erase(one: KeptNames) -> None:
    who = people_access.editor()
    if who is None or not may_see_names(one):
        return
    try:
        gone = library.store().names.erase_one(one.id, by=who.name)
    except StoreError as error:
        st.session_state[_SAID] = (False, str(error))
        return
    st.session_state[_SAID] = (True, f"Стёрто: {counted(gone, 'человек', 'человека', 'человек')}.")
