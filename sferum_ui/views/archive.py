"""The archive: weeks of a school year with their verdicts and gaps, links of this browser, the journal."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import partial
from html import escape

import streamlit as st

from sferum_core import wording
from sferum_core.access import GIVEN_ROLES, Act
from sferum_core.model import ExportKind, Period
from sferum_core.weeks import missing_weeks
from sferum_store import Lifetime, Link, OfficeSettings, SavedWeek, StoreError
from sferum_ui import access, cache, journal, library, navigation, sharing, state, theme, visitor
from sferum_ui.components import download_file, escape_markdown
from sferum_ui.views import mailings

MONTHS = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
SCHOOL_YEAR_STARTS = 9
LOG_ROWS = 200


@dataclass(frozen=True)
class Row:
    """A week of the list, or a gap between two weeks."""

    period: Period
    week: SavedWeek | None


def school_year(day: dt.date) -> int:
    """The year a school year begins in: September to August."""
    return day.year if day.month >= SCHOOL_YEAR_STARTS else day.year - 1


def year_title(year: int) -> str:
    """«2023/24 учебный год»."""
    return f"{year}/{(year + 1) % 100:02} учебный год"


def with_gaps(weeks: list[SavedWeek]) -> list[Row]:
    """The weeks of one region and kind, the latest first, with a row for each week missing between two of them."""
    rows: list[Row] = []
    for week in weeks:
        if rows:
            lost = missing_weeks(week.period, rows[-1].period)
            rows += [Row(period, None) for period in reversed(lost)]
        rows.append(Row(week.period, week))
    return rows


def context_line() -> str:
    """How much is kept, in words."""
    found = library.quietly(lambda store: store.weeks.find()) or []
    if not found:
        return "Здесь хранятся сохранённые недели"
    return f"{wording.counted(len(found), 'неделя', 'недели', 'недель')} в архиве"


def weeks() -> None:
    """Choice of region, kind and school year; then the list by months."""
    found = library.store().weeks.find()
    if not found:
        _nothing()
        return
    regions = list(dict.fromkeys(week.region for week in found))
    kinds = list(dict.fromkeys(week.kind for week in found))
    with st.container(horizontal=True, key="sf-filters-archive"):
        region = st.selectbox("Чьи данные", regions, key="arc_region", bind="query-params")
        kind = ExportKind(
            st.selectbox(
                "Таблица",
                kinds,
                key="arc_kind",
                format_func=lambda one: ExportKind(one).label,
                bind="query-params",
            )
        )
        mine = [week for week in found if week.region == region and week.kind is kind]
        years = sorted({school_year(week.period.end) for week in mine}, reverse=True)
        year = st.selectbox("Учебный год", years, key="arc_year", format_func=year_title) if years else None
    if year is None:
        st.write("Таких недель в архиве нет: выберите другую таблицу.")
        return
    rows = [row for row in with_gaps(mine) if school_year(row.period.end) == year]
    gaps = sum(row.week is None for row in rows)
    st.caption(
        f"{wording.counted(len(rows) - gaps, 'неделя', 'недели', 'недель')}"
        + (f", пропущено: {wording.number(gaps)}" if gaps else ", пропусков нет")
    )
    sent = _sent(region, kind, rows)
    month = None
    for row in rows:
        if (row.period.end.year, row.period.end.month) != month:
            month = (row.period.end.year, row.period.end.month)
            st.markdown(f"**{MONTHS[month[1] - 1].capitalize()} {month[0]}**")
        if row.week is None:
            _gap(row.period)
        else:
            _week(row.week, mailings.archive_words(sent.get(row.period.end)))


def _sent(region: str, kind: ExportKind, rows: list[Row]) -> dict[dt.date, tuple[int, int, int]]:
    """By week: recipients of its letters, answers, those overdue; letters are about organizations."""
    if kind is not ExportKind.ORGANIZATIONS or not rows:
        return {}
    ends = [row.period.end for row in rows]
    return (
        library.quietly(lambda store: store.mailings.counts(region, min(ends), max(ends), dt.date.today()))
        or {}
    )


def _nothing() -> None:
    with st.container(border=True):
        st.subheader("Архив пуст", anchor=False)
        st.write(
            "Загрузите выгрузку и нажмите «Сохранить в архив»: недели останутся здесь, их можно будет открыть, "
            "сравнить и показать по ссылке."
        )
        if st.button("Загрузить выгрузку", type="primary", key="arc_upload"):
            navigation.go_to("upload")


def _gap(period: Period) -> None:
    st.html(f'<div class="sf-gap">{escape(period.label)} – недели нет</div>')


def _week(week: SavedWeek, answers: str = "") -> None:
    opened = state.current()
    is_open = opened is not None and opened.id == week.id
    with st.container(horizontal=True, vertical_alignment="center", key=f"sf-week-{week.id}"):
        st.html(week_html(week, answers))
        st.button(
            "Открыта" if is_open else "Открыть",
            key=f"arc_open_{week.id}",
            disabled=is_open,
            on_click=_open,
            args=(week.id,),
        )
        with st.popover("Ещё", key=f"arc_more_{week.id}", on_change="rerun") as popover:
            if popover.open:
                _more(week)


def week_html(week: SavedWeek, answers: str = "") -> str:
    """«29.03–04.04.2024 ✓ Можно работать · 1 204 строки · сохранена 05.04.2024, отдел мониторинга»."""
    version = f" · версия {week.version}" if week.version > 1 else ""
    by = f", {week.saved_by}" if week.saved_by else ""
    facts = (
        f"{wording.rows(week.row_count)} · сохранена {week.saved_at.astimezone():%d.%m.%Y}{by}{version} · "
        f"{', '.join(week.file_names)}{f' · письма: {answers}' if answers else ''}"
    )
    verdict = theme.verdict_html(week.verdict) if week.verdict in theme.VERDICT_STATUS else ""
    return (
        f'<div class="sf-week"><b>{escape(week.period.label)}</b> {verdict}'
        f'<span class="sf-muted">{escape(facts)}</span></div>'
    )


def _open(week_id: str) -> None:
    dataset = cache.lookup(week_id)
    if dataset is not None:
        state.open_dataset(dataset)


def _more(week: SavedWeek) -> None:
    store = library.store()
    versions = store.weeks.versions(week.id)
    if len(versions) > 1:
        st.markdown("**Версии этой недели**")
        for other in versions:
            gone = " – удалена" if other.is_deleted else " – действует" if other.is_current else ""
            st.markdown(
                f"- версия {other.version}, {other.saved_at.astimezone():%d.%m.%Y %H:%M}"
                f"{', ' + escape_markdown(other.saved_by) if other.saved_by else ''}{gone}"
            )
            if not other.is_deleted and other.id != week.id:
                st.button(
                    f"Открыть версию {other.version}",
                    key=f"arc_open_{other.id}",
                    on_click=_open,
                    args=(other.id,),
                )
    if week.has_original:
        download_file(
            "Скачать исходный файл",
            partial(journal.original, week, visitor.name()),
            week.original_name,
            "application/octet-stream",
            f"arc_file_{week.id}",
            act=Act.ORIGINAL,
        )
        st.caption("Столбцы с именами, телефонами и почтой в нём пусты.")
    else:
        st.caption("Исходный файл этой недели не хранится.")
    if not access.may(Act.DELETE):
        return
    st.divider()
    broken = store.weeks.links_broken_by(week.id)
    if broken:
        stop = wording.plural(len(broken), "перестанет", "перестанут", "перестанут")
        links = wording.counted(len(broken), "ссылка", "ссылки", "ссылок")
        st.write(f"С удалением {stop} открываться {links} на эту неделю.")
    sure = st.checkbox("Удалить безвозвратно", key=f"arc_sure_{week.id}")
    st.button(
        "Удалить неделю", key=f"arc_delete_{week.id}", disabled=not sure, on_click=_delete, args=(week.id,)
    )


def _delete(week_id: str) -> None:
    try:
        library.store().weeks.delete(week_id, by=visitor.name())
    except StoreError as error:
        st.toast(f"{error.message} {error.advice}")
        return
    opened = state.current()
    if opened is not None and opened.root == week_id:
        state.close()
    cache.drop_from_memory(week_id)


def links_made_here() -> None:
    """The links made in this browser, with a button to take each back."""
    found = library.store().links.mine(sharing.maker())
    if not found and access.is_personal():
        st.write("Ссылок вы ещё не делали. Кнопка «Поделиться» есть на каждой странице отчёта.")
        return
    if not found:
        st.write("В этом браузере ссылок ещё не делали. Кнопка «Поделиться» есть на каждой странице отчёта.")
        return
    where = "только вам" if access.is_personal() else "только в том браузере, где их сделали"
    st.caption(f"Ссылки видны {where}. Отозванная ссылка больше не открывается.")
    now = dt.datetime.now(dt.UTC)
    for link in found:
        with st.container(border=True, key=f"sf-link-{link.id}"):
            st.markdown(f"**{escape_markdown(link.title or link.page)}**")
            st.caption(link_words(link, now))
            if not link.is_revoked and not link.is_expired(now):
                st.code(sharing.address(link), language=None, wrap_lines=True)
                st.button("Отозвать", key=f"revoke_{link.id}", on_click=_revoke, args=(link.id,))


def link_words(link: Link, now: dt.datetime) -> str:
    """When it was made and until when it opens."""
    made = f"Сделана {link.made_at.astimezone():%d.%m.%Y %H:%M}"
    if link.is_revoked:
        return f"{made} · отозвана"
    if link.is_expired(now):
        return f"{made} · срок закончился"
    until = f"до {link.expires_at.astimezone():%d.%m.%Y}" if link.expires_at else "без срока"
    return f"{made} · действует {until}"


def _revoke(link_id: str) -> None:
    library.quietly(lambda store: store.links.revoke(link_id, maker=sharing.maker(), by=visitor.name()))


_WORDS = {
    **{kind.value: f"«{kind.label}»" for kind in ExportKind},
    **{lifetime.value: lifetime.label for lifetime in Lifetime},
    **{role.value: role.label for role in GIVEN_ROLES},
    "password": "пароль управления",
    "removed": "роль убрана",
    "undone": "отменено",
    "task": "поручение",
}


def about_words(about: str) -> str:
    """What an entry of the journal is about, codes and dates in Russian."""
    titles = {entry.address: f"«{entry.title}»" for entry in navigation.ALL_PAGES}
    settings = {name: f"«{field.title}»" for name, field in OfficeSettings.model_fields.items()}
    known = {**_WORDS, **titles, **settings}
    dated = re.sub(r"(\d{4})-(\d\d)-(\d\d)/\d+", r"неделя по \3.\2.\1", about)
    return ", ".join(known.get(part, part) for part in dated.split(", "))
