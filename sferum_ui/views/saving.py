"""Keeping the open file: save it as a week of the archive, or forget it."""

from __future__ import annotations

import datetime as dt
import logging

import streamlit as st

from sferum_core.access import Act
from sferum_core.model import Period, UnreadableFile
from sferum_core.reading.blanking import KeptFile
from sferum_core.wording import counted
from sferum_store import SaveOutcome, SaveResult, StoreError
from sferum_ui import access, cache, finding_weeks, intake, journal, library, state, visitor
from sferum_ui.cache import Dataset
from sferum_ui.components.text import escape_markdown

_SAID = "_saved_now"


def keeping(dataset: Dataset) -> None:
    """What is kept of the open file and until when, with the buttons to save and to forget it."""
    if dataset.saved is not None:
        _saved(dataset)
        return
    problem = library.problem()
    if problem is not None:
        st.warning(
            f"Архив недоступен: {escape_markdown(problem.message)} {escape_markdown(problem.advice)} "
            "Отчёты работают, но файл останется только до закрытия страницы.",
            icon=":material/warning:",
        )
        return
    with st.container(horizontal=True, vertical_alignment="center", key="sf-keeping"):
        if dataset.is_personal:
            st.caption(
                "Таблица может содержать имена людей, поэтому она не сохраняется: её видите только вы и только "
                "до обновления страницы."
            )
        elif access.may(Act.SAVE):
            with st.popover("Сохранить в архив", key=f"save_{dataset.id}", on_change="rerun") as popover:
                if popover.open:
                    _form(dataset)
        if not dataset.is_demo:
            st.button(
                "Забыть файл",
                type="tertiary",
                key=f"forget_{dataset.id}",
                on_click=_forget,
                args=(dataset.id,),
            )
            if not dataset.is_personal:
                days = library.store().settings.draft_days
                kept = counted(days, "день", "дня", "дней")
                st.caption(f"Не сохранён в архив: без этого файл хранится {kept}.")


def _saved(dataset: Dataset) -> None:
    week = dataset.saved
    assert week is not None
    said = st.session_state.pop(_SAID, "")
    if said:
        st.success(escape_markdown(said), icon=":material/check:")
    by = f", {escape_markdown(week.saved_by)}" if week.saved_by else ""
    version = f" · версия {week.version}" if week.version > 1 else ""
    st.caption(
        f"В архиве с {week.saved_at.astimezone():%d.%m.%Y %H:%M}{by} · {escape_markdown(week.region)}{version}"
    )


def _form(dataset: Dataset) -> None:
    period = dataset.export.period
    office = library.office()
    region = state.DEMO_REGION if dataset.is_demo else office.region if office else ""
    with st.form(f"save_form_{dataset.id}", border=False):
        named = st.text_input(
            "Чьи это данные", value=region, placeholder="Регион или управление", max_chars=200
        )
        start = end = None
        if period is None:
            st.caption("В файле не указан период. За какую неделю эта выгрузка?")
            start = st.date_input("С какого дня", value=None, format="DD.MM.YYYY")
            end = st.date_input("По какой день", value=None, format="DD.MM.YYYY")
        by = st.text_input(
            "Кто сохраняет", value=visitor.name(), placeholder="Имя или отдел, не обязательно", max_chars=100
        )
        if st.form_submit_button("Сохранить неделю", type="primary"):
            _save(dataset, named, by, period or _period(start, end))


def _period(start: dt.date | None, end: dt.date | None) -> Period | None:
    return Period(start=min(start, end), end=max(start, end)) if start and end else None


def _save(dataset: Dataset, region: str, by: str, period: Period | None) -> None:
    visitor.remember(by)
    try:
        with st.spinner("Сохраняем неделю…"):
            kept, why_not = _original(dataset)
            result = library.store().weeks.save(
                dataset.export,
                region=region,
                profile=state.profile(),
                profile_key=state.profile_key(),
                verdict=state.checked(dataset).verdict,
                saved_by=by,
                period=period,
                extra=finding_weeks.extra(state.checked(dataset).findings),
                original=kept.content if kept else None,
                original_name=kept.name if kept else "",
            )
            opened = library.store().weeks.open(result.week.id)
    except StoreError as error:
        st.error(f"{escape_markdown(error.message)} {escape_markdown(error.advice)}")
        return
    journal.seen(result.week)
    saved = library.week_dataset(opened.week, opened.export)
    cache.keep_in_memory(saved)
    if not dataset.is_demo:
        intake.forget(dataset.id)
    st.session_state[_SAID] = words(result) + why_not
    state.open_dataset(saved)
    st.rerun()


def _original(dataset: Dataset) -> tuple[KeptFile | None, str]:
    """The file as it may be kept beside its week, and a sentence where it should be and can't."""
    if not library.store().settings.keep_originals:
        return None, ""
    try:
        return intake.original(dataset), ""
    except UnreadableFile as error:
        logging.getLogger(__name__).warning("an original is not kept: %s", error.code)
        return None, (
            f" Сам файл в архив не положен, только его таблица. {error.message} Таблицу такого размера не проверить "
            "на имена и телефоны людей, поэтому храните файл у себя."
            if error.code == "too_many_cells"
            else " Сам файл в архив не положен, только его таблица: его не удалось проверить на имена и телефоны "
            "людей. Храните файл у себя."
        )


def words(result: SaveResult) -> str:
    """What saving came to: saved, a new version, or the same file once more; and where else the file stands."""
    week = result.week
    said = {
        SaveOutcome.SAVED: f"Неделя {week.period.label} сохранена.",
        SaveOutcome.NEW_VERSION: f"Неделя {week.period.label} сохранена как версия {week.version}. "
        "Прежняя версия осталась в архиве.",
        SaveOutcome.SAME: f"Этот файл уже сохранён {week.saved_at.astimezone():%d.%m.%Y}: второй раз не нужно.",
    }[result.outcome]
    if result.elsewhere:
        where = ", ".join(f"{other.region}, {other.period.label}" for other in result.elsewhere[:3])
        said += f" Тот же файл сохранён и здесь: {where}. Проверьте, верен ли период."
    return said


def _forget(dataset_id: str) -> None:
    intake.forget(dataset_id)
    state.close()
