"""Annexes to the letter (000): which there are, what is in each, its workbook in one click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.filtering import Selection, apart, apply_filters, describe, type_options, worst_first
from sferum_core.model import OrganizationType, Status
from sferum_core.names import municipality_group
from sferum_core.norms import Level, NormProfile
from sferum_core.organizations import assess_organizations
from sferum_core.reports.names import file_name
from sferum_core.reports.organizations import (
    GROUP_ORDER,
    annex_title,
    annex_workbook,
    organizations_workbook,
)
from sferum_core.waiting import acting, waiting_note, waiting_words, with_waiting
from sferum_ui import access, navigation
from sferum_ui.cache import Dataset
from sferum_ui.components import download_xlsx, escape_markdown, short_table
from sferum_ui.views import data

PREVIEW_ROWS = 10
INACTIVE = (Status.INACTIVE,)
BEHIND = (Status.BELOW_NORM, Status.TARGET_MISSED)
WITHOUT = "org_without"


@dataclass(frozen=True)
class Annex:
    """One annex: its number, the type of organizations and the statuses it lists."""

    number: int
    organization_type: OrganizationType
    statuses: tuple[Status, ...]

    @property
    def title(self) -> str:
        """«ДОО не активные»."""
        return annex_title(self.organization_type, self.statuses[:1])

    def selection(self, *, without_strangers: bool) -> Selection:
        """The filters that give the annex's rows."""
        return Selection(
            types=(str(self.organization_type),),
            statuses=tuple(str(status) for status in self.statuses),
            without_strangers=without_strangers,
        )


FIRST = (OrganizationType.PRESCHOOL, OrganizationType.SCHOOL)
"""Types the letter of 000 has annexes for; others follow when the file has them."""


def annexes(table: pd.DataFrame, profile: NormProfile) -> list[Annex]:
    """ДОО and ОО always, not active and then behind the norm; other types only where they have rows."""
    present = [OrganizationType(kind) for kind in type_options(table) if kind in set(OrganizationType)]
    others = [kind for kind in present if kind not in FIRST]
    wanted: list[tuple[OrganizationType, tuple[Status, ...]]] = []
    wanted += [(kind, INACTIVE) for kind in FIRST]
    wanted += [(kind, BEHIND) for kind in FIRST if _is_judged(profile, kind)]
    for kind in others:
        for statuses in (INACTIVE, BEHIND):
            rows = apply_filters(table, Selection(types=(str(kind),), statuses=tuple(map(str, statuses))))
            if len(rows):
                wanted.append((kind, statuses))
    return [Annex(number, kind, statuses) for number, (kind, statuses) in enumerate(wanted, start=1)]


def _is_judged(profile: NormProfile, kind: OrganizationType) -> bool:
    return profile.rule(Level.ORGANIZATION, kind, profile.main_indicator) is not None


def build_annex(
    dataset: Dataset,
    profile: NormProfile,
    annex: Annex,
    without_strangers: bool,
    waiting: tuple[int, ...] = (),
) -> bytes:
    """The workbook of an annex, from the file itself."""
    chosen_by = describe(annex.selection(without_strangers=without_strangers))
    meta = data.report_meta(dataset, profile, f"Приложение {annex.number}. {annex.title}", chosen_by)
    return annex_workbook(
        with_waiting(assess_organizations(dataset.export.table, profile), waiting),
        profile,
        meta,
        annex.organization_type,
        annex.statuses,
        number=annex.number,
        without_strangers=without_strangers,
    )


def build_list(
    dataset: Dataset, profile: NormProfile, selection: Selection, waiting: tuple[int, ...] = ()
) -> bytes:
    """The workbook of everything the list shows, in its order."""
    rows = worst_first(
        apply_filters(with_waiting(data.assessed(dataset, profile), waiting), selection), profile
    )
    rows = rows.drop(columns=["municipality_shown", "type_shown", "type_by_name", "stranger", "search_text"])
    meta = data.report_meta(dataset, profile, "Проверка организаций", describe(selection))
    return organizations_workbook(rows, profile, meta)


def list_download(
    dataset: Dataset,
    profile: NormProfile,
    selection: Selection,
    key: str,
    label: str = "Скачать XLSX",
    *,
    waiting: tuple[int, ...] = (),
) -> None:
    """The button for everything shown."""
    download_xlsx(
        label,
        partial(build_list, dataset, profile, selection, waiting),
        file_name("Проверка организаций", date=data.last_day(dataset)),
        key,
        primary=key == "org_download",
        help_text=f"В файле: {escape_markdown(describe(selection))}",
    )


def show_annexes(
    dataset: Dataset,
    profile: NormProfile,
    table: pd.DataFrame,
    selection: Selection,
    waiting: tuple[int, ...] = (),
) -> None:
    """A card for each annex: how many rows, a look inside, the workbook."""
    table = with_waiting(table, waiting)
    strange = len(apart(table).strangers)
    without = False
    if strange:
        without = st.toggle(
            f"Не включать особые записи ({wording.number(strange)}): тестовые, служебные, закрытые, "
            "органы управления",
            key=WITHOUT,
            bind="query-params",
            help="Какие именно, видно на вкладке «Отдельно». В файле будет сказано, кто не вошёл.",
        )
    st.caption("В приложениях – весь файл, без отборов вкладки «Список».")
    if waiting:
        st.caption(waiting_note(len(waiting)))
    found = annexes(table, profile)
    for start in range(0, len(found), 2):
        for column, annex in zip(st.columns(2), found[start : start + 2], strict=False):
            with column:
                _annex_card(dataset, profile, table, annex, without=without, waiting=waiting)
    if not any(annex.statuses == BEHIND for annex in found):
        st.caption(
            f"Списков «ниже нормы» нет: профиль «{escape_markdown(profile.title)}» не оценивает "
            "отдельные организации."
        )
    _package_link()
    with st.container(border=True):
        st.markdown("**Всё, что показано в списке**")
        rows = apply_filters(table, selection)
        st.markdown(f"{wording.organizations(len(rows))}: {escape_markdown(describe(selection))}.")
        list_download(dataset, profile, selection, "org_download_list", waiting=waiting)


def _package_link() -> None:
    """The way on: the letter, whose two annexes hold the same rows by type."""
    entry = next(entry for entry in navigation.pages() if entry.name == "week_package")
    if not access.may(entry.act):
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="sf-way-on"):
        st.caption(
            "К письму из «Пакета недели» эти списки идут двумя файлами, для ДОО и для ОО: не активные и ниже нормы вместе.",
            width="content",
        )
        navigation.link_to(entry, "Собрать письмо с приложениями")


def _annex_card(
    dataset: Dataset,
    profile: NormProfile,
    table: pd.DataFrame,
    annex: Annex,
    *,
    without: bool,
    waiting: tuple[int, ...],
) -> None:
    every = apply_filters(table, annex.selection(without_strangers=without))
    rows = acting(every)
    waits = len(every) - len(rows)
    with st.container(border=True, key=f"sf-annex-{annex.number}"):
        st.markdown(f"**Приложение {annex.number}. {annex.title}**")
        if rows.empty:
            st.markdown("Ни одной организации. Файл всё равно можно скачать: в нём так и будет сказано.")
        else:
            where = rows["municipality_shown"].nunique()
            st.markdown(f"{wording.organizations(len(rows))}, {wording.municipalities(where)}")
        if waits:
            st.caption(f"Отдельным листом: {waiting_words(waits)}.")
        with st.container(horizontal=True, vertical_alignment="center"):
            download_xlsx(
                "Скачать XLSX",
                partial(build_annex, dataset, profile, annex, without, waiting),
                file_name(f"Приложение {annex.number}", annex.title, date=data.last_day(dataset)),
                f"org_annex_{annex.number}",
            )
            if len(rows):
                with st.popover("Посмотреть", type="tertiary", width="content"):
                    _preview(rows)


def _letter_order(names: pd.Series) -> pd.Series:
    """As the letter groups them: городские округа first, then the others by name."""
    return names.map(lambda name: f"{municipality_group(name) != GROUP_ORDER[0]:d} {name.lower()}")


def _preview(rows: pd.DataFrame) -> None:
    ordered = rows.sort_values("municipality_shown", key=_letter_order, kind="stable").head(PREVIEW_ROWS)
    names = ordered["organization"] if "organization" in ordered else ordered["organization_id"]
    frame = pd.DataFrame({"Муниципалитет": ordered["municipality_shown"], "Организация": names})
    short_table(frame, alt="Первые строки приложения")
    if len(rows) > PREVIEW_ROWS:
        st.caption(f"И ещё {wording.number(len(rows) - PREVIEW_ROWS)}. Все – в файле.")


def show_apart(table: pd.DataFrame, profile: NormProfile) -> None:
    """Test organizations, offices, service accounts, and rows whose type nobody could tell."""
    sides = apart(table)
    st.subheader("Тестовые, служебные, закрытые организации и органы управления", anchor=False)
    st.write(
        "Мы узнаём их по названию. Они посчитаны вместе со всеми и остаются в списке; из приложений их можно "
        "убрать переключателем на вкладке «Приложения»."
    )
    _apart_table(sides.strangers, (("stranger", "Что это"),), "Таких записей в файле нет.")
    st.subheader("Тип не определён или сомнителен", anchor=False)
    st.write(
        "Тип не указан и по названию не ясен, либо в файле один тип, а название говорит о другом. Решает "
        "файл; без типа норму применить нельзя. О неверном типе сообщают в поддержку региона (000)."
    )
    types = (("type_shown", "Тип в файле"), ("type_by_name", "По названию"))
    _apart_table(sides.doubtful_type, types, "Тип ясен у всех организаций.")


def _apart_table(rows: pd.DataFrame, what: tuple[tuple[str, str], ...], nothing: str) -> None:
    if rows.empty:
        st.caption(nothing)
        return
    columns: Sequence[tuple[str, str]] = (
        *what,
        ("organization", "Организация"),
        ("municipality_shown", "Муниципалитет"),
        ("organization_id", "ID"),
    )
    frame = pd.DataFrame({title: rows[code] for code, title in columns if code in rows})
    frame = frame.replace("", "не ясно")
    frame["Статус"] = [f"{Status(code).sign} {Status(code).label}" for code in rows["status"]]
    st.caption(wording.organizations(len(frame)))
    short_table(frame.head(60), alt="Записи, которые стоят отдельно")
    if len(frame) > 60:
        st.caption(f"Показаны первые 60 из {wording.number(len(frame))}. Все – в файле «Скачать XLSX».")
