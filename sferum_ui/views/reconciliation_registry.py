"""The office's registry on «Сверка с реестром»: dropping it, choosing columns, what was understood, replacing, deleting."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

import streamlit as st

from sferum_core import Export, UnreadableFile, wording
from sferum_core.model import ColumnMatch, ExportKind
from sferum_core.reading.fields import fields_of
from sferum_store import StoreError
from sferum_ui import corrections, intake, library, reconciling, uploads, visitor
from sferum_ui.cache import Dataset
from sferum_ui.components import escape_markdown, findings_list
from sferum_ui.reconciling import Registry
from sferum_ui.upload_view import IGNORE, SURE, changed_mapping, columns_html, field_title, is_unused

_ROUND, _PENDING, _REFUSED, _TAKEN = "_rec_round", "_rec_pending", "_rec_refused", "_rec_taken"
_NEEDED = ("organization", "organization_id", "municipality", "organization_type", "inn", "ogrn")


@dataclass(frozen=True)
class Pending:
    """A file that was read and waits for the choice of columns, or for the name of the region."""

    file: intake.File
    export: Export
    number: int = field(default=0)


def drop(dataset: Dataset) -> None:
    """The place to drop a registry, why the last one was refused, the columns to choose."""
    number = st.session_state.setdefault(_ROUND, 0)
    file = st.file_uploader(
        "Реестр организаций управления",
        key=f"_rec_file_{number}",
        max_upload_size=intake.most_megabytes(),
        label_visibility="collapsed",
    )
    st.caption(
        "Свой список организаций в любом виде: Excel, LibreOffice, csv. Нужны названия; лучше, если есть муниципалитет, "
        "тип, ID, ИНН или ОГРН. Столбцы с людьми и контактами не сохраняются."
    )
    refused = st.session_state.get(_REFUSED)
    if refused:
        kept = " Прежний реестр остался на месте." if reconciling.registry(dataset) is not None else ""
        st.error(
            f"**{escape_markdown(refused[0])}.** {escape_markdown(refused[1])}  \n"
            f"{escape_markdown(refused[2])}{kept}"
        )
    if file is not None:
        st.session_state.pop(_REFUSED, None)
        st.session_state.pop(_PENDING, None)
        with st.spinner("Читаем реестр…"):
            _read(dataset, intake.File(file.name, file.getvalue()), number)
        uploads.let_go([file])
        st.session_state[_ROUND] = number + 1
        st.rerun()
    pending: Pending | None = st.session_state.get(_PENDING)
    if pending is not None:
        _columns_form(dataset, pending)


def _read(dataset: Dataset, file: intake.File, number: int) -> None:
    try:
        export = intake.read(file)
    except UnreadableFile as error:
        st.session_state[_REFUSED] = (file.name, error.message, error.advice)
        return
    except Exception:
        logging.getLogger(__name__).exception("reading failed")
        st.session_state[_REFUSED] = (
            file.name,
            "Файл не удалось прочитать: внутри что-то, чего мы не ждали.",
            "Откройте его в Excel, сохраните как .xlsx и загрузите ещё раз.",
        )
        return
    found = reconciling.usable(export)
    if found is None and export.kind not in (ExportKind.UNKNOWN, ExportKind.TEACHERS):
        st.session_state[_REFUSED] = (
            file.name,
            f"Это «{export.kind.label}», а для сверки нужен список организаций.",
            "Загрузите реестр, где в каждой строке одна организация с названием.",
        )
        return
    if found is None or _doubtful(found) or not _can_keep(dataset):
        st.session_state[_PENDING] = Pending(file, found or export, number)
        return
    _take(dataset, reconciling.region(dataset) or "", found, file.name)


def _can_keep(dataset: Dataset) -> bool:
    return reconciling.region(dataset) is not None


def _doubtful(export: Export) -> list[ColumnMatch]:
    """Columns that matter for matching and that the reader is not sure of."""
    return [column for column in export.columns if column.field in _NEEDED and column.confidence < SURE]


def _take(dataset: Dataset, whose: str, export: Export, name: str) -> bool:
    try:
        reconciling.keep_registry(whose, export, visitor.name())
    except StoreError as error:
        st.session_state[_REFUSED] = (name, error.message, error.advice)
        return False
    st.session_state.pop(_PENDING, None)
    st.session_state.pop(_REFUSED, None)
    st.session_state[_TAKEN] = export
    return True


def _columns_form(dataset: Dataset, pending: Pending) -> None:
    export = pending.export
    options = [IGNORE, *(field.code for field in fields_of(ExportKind.REGISTRY))]
    with st.container(border=True, key="sf-rec-columns"):
        st.markdown(f"**{escape_markdown(pending.file.name)}: проверьте перед сохранением**")
        whose = reconciling.region(dataset) or ""
        with st.form(f"rec_columns_{pending.number}", border=False):
            named = whose
            if not whose:
                st.caption(
                    "Назовите регион или управление: под этим названием хранятся реестр, ваши ответы и недели. "
                    "Изменить его можно на странице «Управление»."
                )
                named = st.text_input("Чьи это данные", placeholder="Регион или управление", max_chars=200)
            asked = [column for column in export.columns if not is_unused(column)]
            unsure = reconciling.usable(export) is None or bool(_doubtful(export))
            chosen = {column.number: _choice(column, options) for column in asked} if unsure else {}
            by = st.text_input(
                "Кто загружает",
                value=visitor.name(),
                placeholder="Имя или отдел, не обязательно",
                max_chars=100,
            )
            left, right = st.columns(2)
            with left:
                sent = st.form_submit_button("Сохранить реестр", type="primary")
            with right:
                dropped = st.form_submit_button("Отменить", type="tertiary")
    if dropped:
        st.session_state.pop(_PENDING, None)
        st.rerun()
    if sent:
        visitor.remember(by)
        _submit(dataset, pending, named.strip(), chosen)
        st.rerun()


def _choice(column: ColumnMatch, options: list[str]) -> str:
    header = escape_markdown(column.header or f"столбец {column.number + 1}")
    samples = escape_markdown("; ".join(column.samples[:3]))
    current = column.field if column.field in options else IGNORE
    return st.selectbox(
        f"{header}  \n:gray[{samples}]" if samples else header,
        options,
        index=options.index(current or IGNORE),
        format_func=field_title,
        key=f"_rec_column_{column.number}",
    )


def _submit(dataset: Dataset, pending: Pending, named: str, chosen: dict[int, str]) -> None:
    name = pending.file.name
    if not named:
        st.session_state[_REFUSED] = (
            name,
            "Не указано, чьи это данные.",
            "Назовите регион или управление и сохраните снова.",
        )
        return
    export = pending.export
    mapping = changed_mapping(export, chosen)
    try:
        if mapping:
            whole = {
                column.header or column.number: chosen.get(column.number, column.field or IGNORE)
                for column in export.columns
                if column.number in chosen
            }
            export = intake.read_export(pending.file.content, name, mapping=whole, limits=intake.limits())
            corrections.remember_mapping(export, mapping, visitor.name())
    except UnreadableFile as error:
        st.session_state[_REFUSED] = (name, error.message, error.advice)
        return
    found = reconciling.usable(export)
    if found is None:
        st.session_state[_REFUSED] = (
            name,
            "Среди столбцов нет названий организаций.",
            "Укажите, в каком столбце стоит название, и сохраните снова.",
        )
        return
    if reconciling.region(dataset) is None:
        try:
            library.store().office.change({"region": named}, by=visitor.name())
        except StoreError as error:
            st.session_state[_REFUSED] = (name, error.message, error.advice)
            return
    _take(dataset, reconciling.region(dataset) or named, found, name)


def about(dataset: Dataset, registry: Registry, *, fixed: bool) -> None:
    """Which registry it is, what was understood of it; replacing and deleting."""
    rows = wording.organizations(registry.row_count)
    parts = [f"Реестр: {escape_markdown(registry.filename)}", rows]
    if registry.put_at is not None:
        by = f", {escape_markdown(registry.put_by)}" if registry.put_by else ""
        parts.append(f"загружен {registry.put_at.astimezone():%d.%m.%Y}{by}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="sf-rec-registry"):
        st.caption(" · ".join(parts), width="content")
        if not fixed and not dataset.is_demo:
            with st.popover("Заменить или удалить", type="tertiary", key="rec_replace"):
                drop(dataset)
                st.divider()
                st.caption("Удаляются сам реестр и его данные. Ваши ответы о парах остаются.")
                st.button(
                    "Удалить реестр", key="rec_delete", on_click=_delete, args=(reconciling.region(dataset),)
                )
    if st.session_state.get(_REFUSED) or st.session_state.get(_PENDING):
        st.caption("Новый реестр пока не принят: откройте «Заменить или удалить».")
    taken: Export | None = st.session_state.get(_TAKEN)
    if taken is not None and not dataset.is_demo:
        _understood(taken)


def _delete(whose: str | None) -> None:
    if whose:
        reconciling.safely(lambda: library.store().registries.delete(whose, by=visitor.name()))
        for key in (_TAKEN, _PENDING, _REFUSED):
            st.session_state.pop(key, None)


def _understood(export: Export) -> None:
    """What was read of the registry just dropped; only in this session, only for the one who dropped it."""
    left_out = len(export.left_out)
    title = "Что мы поняли в реестре" + (f" · не вошло {wording.rows(left_out)}" if left_out else "")
    with st.expander(title, key="rec_understood"):
        st.html(columns_html(export.columns, samples=True))
        if left_out:
            for reason, count in export.left_out["reason"].value_counts().items():
                st.markdown(f"- {escape_markdown(str(reason))}: {wording.number(int(count))}")
        if export.findings:
            findings_list(export.findings)
