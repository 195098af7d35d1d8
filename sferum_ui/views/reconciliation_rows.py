"""The lists of a сверка on the page: pairs to decide, tables, requests to copy, answers given."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.next_steps import PLATFORM_SUPPORT, REGION_SUPPORT
from sferum_core.reconciliation_lists import ABOUT, Listing, Lists
from sferum_core.reconciliation_request import (
    Request,
    correction_request,
    deactivation_request,
    registration_note,
)
from sferum_core.reports.reconciliation import COLUMNS
from sferum_store import Answer
from sferum_ui import library, reconciling
from sferum_ui.cache import Dataset
from sferum_ui.components import escape_markdown, share_cells, share_column, table
from sferum_ui.views import waiting

AT_ONCE = 10
_PAGE = "_rec_page"
NOTHING = "не указано"


def show_list(dataset: Dataset, lists: Lists, which: Listing, *, fixed: bool) -> None:
    """One list: what it means, its rows, what can be done with them."""
    about = ABOUT[which]
    rows = lists.frames[which]
    st.subheader(about.title, anchor=False)
    st.write(about.meaning)
    if about.source:
        st.caption(f"Документ: {about.source}")
    if rows.empty:
        st.success(f"✓ {about.empty}")
        return
    if which is Listing.DOUBTFUL:
        _doubtful(dataset, rows, fixed=fixed)
        return
    shown = waiting.told(lists, reconciling.waiting_rows(dataset)).frames[which]
    _table(shown, which)
    if which in (Listing.ONLY_PLATFORM, Listing.DUPLICATES):
        own = rows if which is Listing.ONLY_PLATFORM else rows[rows["side"] == "на платформе"]
        waiting.choose(dataset, own, which.value, fixed=fixed)
    _request(lists, which)


def _table(rows: pd.DataFrame, which: Listing) -> None:
    shown = (
        rows.assign(score=pd.Series(share_cells(rows["score"]), index=rows.index, dtype="str"))
        if "score" in rows
        else rows
    )
    columns: dict[str, Any] = {}
    for column in COLUMNS[which]:
        if column.key in ("what_to_do", "source") or column.key not in shown:
            continue
        if shown[column.key].isna().all() and column.key not in ("organization", "municipality"):
            continue
        title = column.header.removesuffix(", %")
        if column.key == "score":
            columns[column.key] = share_column(title, width=110)
        else:
            columns[column.key] = st.column_config.TextColumn(title, width=_width(column.key))
    table(
        shown,
        columns,
        key=f"_rec_table_{which.value}",
        alt=f"{which.label}: {wording.rows(len(rows))}. Те же строки есть в файле «Скачать этот список».",
    )


def _width(key: str) -> int:
    if key in ("organization", "registry_organization", "head", "reason"):
        return 280
    return 90 if key.endswith("_id") or key in ("organization_type", "registry_type", "group") else 180


def _doubtful(dataset: Dataset, rows: pd.DataFrame, *, fixed: bool) -> None:
    """Pairs as cards with two buttons, ten at a time, the likeliest first."""
    ordered = rows.sort_values("score", ascending=False, kind="stable")
    pages = -(-len(ordered) // AT_ONCE)
    page = min(int(st.session_state.get(_PAGE, 0)), pages - 1)
    part = ordered.iloc[page * AT_ONCE : (page + 1) * AT_ONCE]
    for record in part.to_dict("records"):
        row = {str(key): value for key, value in record.items()}
        place = f"{row['platform_row']}_{row['registry_row']}"
        with st.container(border=True, key=f"sf-rec-pair-{place}"):
            st.html(_pair_html(row))
            if not fixed:
                named = reconciling.identity(row)
                with st.container(horizontal=True, gap="small"):
                    for accepted, label in ((True, "Одна организация"), (False, "Разные")):
                        st.button(
                            label,
                            key=f"rec_{'yes' if accepted else 'no'}_{place}",
                            type="primary" if accepted else "secondary",
                            on_click=_decide,
                            args=(dataset, (named,), accepted),
                        )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if not fixed and len(part) > 1:
            st.button(
                f"Принять все показанные ({len(part)})",
                key="rec_yes_all",
                type="tertiary",
                on_click=_decide,
                args=(dataset, tuple(map(_identity, part.to_dict("records"))), True),
            )
        if pages > 1:
            st.button("Назад", key="rec_back", disabled=page == 0, on_click=_turn, args=(page - 1,))
            st.caption(f"Страница {page + 1} из {wording.number(pages)}", width="content")
            st.button("Дальше", key="rec_next", disabled=page == pages - 1, on_click=_turn, args=(page + 1,))


def _pair_html(row: Mapping[str, Any]) -> str:
    def side(title: str, name: str, where: str, kind: str, identity: str) -> str:
        facts = [
            _cell(row, where),
            _cell(row, kind),
            f"ID {_cell(row, identity)}" if _cell(row, identity) else "",
        ]
        told = " · ".join(escape(fact) for fact in facts if fact)
        return (
            f'<p class="sf-plain"><span class="sf-muted">{title}:</span> '
            f"<b>{escape(_cell(row, name) or 'название не указано')}</b><br>"
            f'<span class="sf-muted">{told}</span></p>'
        )

    score = wording.percent(float(row["score"]), 0)
    return (
        side("На платформе", "organization", "municipality", "organization_type", "organization_id")
        + side("В реестре", "registry_organization", "registry_municipality", "registry_type", "registry_id")
        + f'<p class="sf-plain sf-muted">Сходство {score}: {escape(_cell(row, "reason"))}</p>'
    )


def _cell(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    return "" if value is None or pd.isna(value) else str(value)


def _identity(row: Mapping[Any, Any]) -> dict[str, str]:
    return reconciling.identity({str(key): value for key, value in row.items()})


def _turn(page: int) -> None:
    st.session_state[_PAGE] = page


def _decide(dataset: Dataset, named: tuple[Mapping[str, str], ...], accepted: bool) -> None:
    for one in named:
        reconciling.safely(partial(reconciling.decide, dataset, one, accepted))


def _request(lists: Lists, which: Listing) -> None:
    """The text to copy that the list asks for."""
    office = library.office()
    name = office.name if office else ""
    platform = office.support_platform if office and office.support_platform else PLATFORM_SUPPORT
    desk = office.support_region if office and office.support_region else REGION_SUPPORT
    rows = lists.frames[which]
    request: Request | None = None
    note = ""
    if which is Listing.ONLY_PLATFORM:
        own = rows[rows["stranger"].isna()] if rows["stranger"].notna().any() else rows
        request = deactivation_request(own if len(own) else rows, platform, name)
        note = "Перед отправкой оставьте в письме только те организации, которые действительно закрыты или реорганизованы."
        if 0 < len(own) < len(rows):
            note += f" Особые записи (тестовые, служебные) в письмо не вошли: {wording.number(len(rows) - len(own))}."
    elif which in (Listing.TYPES, Listing.MUNICIPALITIES):
        request = correction_request(
            lists.frames[Listing.TYPES], lists.frames[Listing.MUNICIPALITIES], desk, name
        )
        note = "В письме сразу и неверные типы, и неверная территория. Уберите то, что верно на платформе."
    elif which is Listing.ONLY_REGISTRY:
        request = registration_note(rows, platform, name)
    if request is not None:
        with st.expander("Текст письма, готовый к отправке", key=f"rec_request_{which.value}"):
            st.caption(f"Скопируйте кнопкой в углу или выделите текст и нажмите Ctrl + C. {note}".strip())
            st.code(request.whole, language=None, wrap_lines=True)


def show_answers(dataset: Dataset, *, fixed: bool) -> None:
    """Every answer given, with date and person; each can be taken back."""
    known = reconciling.answers(dataset)
    if not known:
        return
    with st.expander(f"Ваши ответы · {wording.number(len(known))}", key="rec_answers"):
        st.caption("Ответы действуют и в следующие недели, пока их не отменят.")
        for place, one in enumerate(reversed(known)):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(answer_words(one), width="stretch")
                if not fixed:
                    st.button(
                        "Отменить",
                        key=f"rec_undo_{len(known) - place}",
                        type="tertiary",
                        on_click=_take_back,
                        args=(dataset, dict(one.identity)),
                    )


def answer_words(one: Answer) -> str:
    """«СОШ № 5 и СОШ 5 – одна организация (04.04.2024, отдел)»."""
    left = one.identity.get("platform_name") or one.identity.get("platform_id") or NOTHING
    right = one.identity.get("registry_name") or one.identity.get("registry_id") or NOTHING
    verdict = "одна организация" if one.accepted else "разные организации"
    by = f", {one.made_by}" if one.made_by else ""
    when = f"{one.made_at.astimezone():%d.%m.%Y}"
    return f"«{escape_markdown(left)}» и «{escape_markdown(right)}» – **{verdict}** ({when}{escape_markdown(by)})"


def _take_back(dataset: Dataset, named: Mapping[str, str]) -> None:
    reconciling.safely(lambda: reconciling.take_back(dataset, named))
