"""Workbooks of a сверка: one list, or all of them in one book."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sferum_core.model import OrganizationType
from sferum_core.reconciliation_lists import ABOUT, Listing, Lists
from sferum_core.reports.book import Book, Column, ReportMeta, Sheet
from sferum_core.reports.columns import plain, text
from sferum_core.reports.workbook import write_workbook
from sferum_core.wording import organizations

_ID = plain("organization_id", "ID организации", "id", width=14, missing="ID не указан")
_NAME = text("organization", "Организация", 44, "название не указано")
_WHERE = text("municipality", "Муниципалитет", 28)
_TYPE = text("organization_type", "Тип", 12, "тип не определён")
_INN = plain("inn", "ИНН", "id", width=14, missing="ИНН не указан")
_OGRN = plain("ogrn", "ОГРН", "id", width=18, missing="ОГРН не указан")
_SCORE = plain("score", "Уверенность, %", "share", width=14)
_REASON = text("reason", "Почему", 40)
_DO = text("what_to_do", "Что делать", 60)
_SOURCE = text("source", "Документ", 30)
_IN_REGISTRY = text("registry_organization", "В реестре", 44, "название не указано")
_REGISTRY_WHERE = text("registry_municipality", "Муниципалитет в реестре", 28)
_REGISTRY_TYPE = text("registry_type", "Тип в реестре", 14, "тип не определён")

COLUMNS: dict[Listing, Sequence[Column]] = {
    Listing.DOUBTFUL: (_ID, _NAME, _IN_REGISTRY, _WHERE, _REGISTRY_WHERE, _SCORE, _REASON),
    Listing.ONLY_PLATFORM: (
        _ID,
        _NAME,
        _WHERE,
        _TYPE,
        text("stranger", "Особая запись", 20, "нет"),
        text("waiting_words", "Отметка", 18, "нет"),
        _DO,
        _SOURCE,
    ),
    Listing.ONLY_REGISTRY: (_NAME, _WHERE, _TYPE, _INN, _OGRN, _DO, _SOURCE),
    Listing.DUPLICATES: (
        plain("group", "Номер повтора", "count", width=12),
        text("side", "Где", 14),
        _ID,
        _NAME,
        _WHERE,
        _TYPE,
    ),
    Listing.TYPES: (_ID, _NAME, _WHERE, _TYPE, _REGISTRY_TYPE, _IN_REGISTRY, _REASON, _DO, _SOURCE),
    Listing.MUNICIPALITIES: (_ID, _NAME, _WHERE, _REGISTRY_WHERE, _IN_REGISTRY, _REASON, _DO, _SOURCE),
    Listing.BRANCHES: (
        text("head", "Головная организация", 44, "по названию не определена"),
        plain("head_id", "ID головной организации", "id", width=16, missing="ID не указан"),
        _ID,
        text("organization", "Филиал или подразделение", 44, "название не указано"),
        _WHERE,
        text("in_registry", "В реестре", 14),
    ),
    Listing.MATCHED: (_ID, _NAME, _IN_REGISTRY, _WHERE, _REGISTRY_WHERE, _SCORE, _REASON),
    Listing.OUTSIDE: (_ID, _NAME, _WHERE, _TYPE),
}
_TYPES_NOTE = "Типы: " + ", ".join(str(kind) for kind in OrganizationType) + "."


def reconciliation_workbook(lists: Lists, meta: ReportMeta, which: Listing | None = None) -> bytes:
    """The workbook of one list, or of all when `which` is None. Zero rows give a sheet that says so."""
    wanted = list(Listing) if which is None else [which]
    sheets = [_sheet(lists, one) for one in wanted]
    return write_workbook(Book(meta, sheets, notes=_notes(lists)))


def _sheet(lists: Lists, which: Listing) -> Sheet:
    about = ABOUT[which]
    frame = lists.frames[which]
    keys = {column.key for column in COLUMNS[which]}
    told = {
        "what_to_do": about.meaning,
        "source": about.source,
        "waiting_words": pd.NA,
        "stranger": pd.NA,
    }
    frame = frame.assign(
        **{
            key: pd.Series(words, index=frame.index, dtype="str")
            for key, words in told.items()
            if key in keys and key not in frame.columns
        }
    )
    source = f" Документ: {about.source}." if about.source else ""
    return Sheet(
        which.value,
        about.title,
        f"Сверка с реестром. {about.title}: {organizations(len(frame))}"
        if which is not Listing.DUPLICATES
        else f"Сверка с реестром. {about.title}",
        COLUMNS[which],
        frame,
        note=about.meaning + source,
        empty=f"Строк нет: {about.empty[:1].lower()}{about.empty[1:]}",
        frozen_columns=2,
    )


def _notes(lists: Lists) -> list[str]:
    parts = [
        (Listing.MATCHED, "сошлись"),
        (Listing.DOUBTFUL, "проверьте сами"),
        (Listing.ONLY_PLATFORM, "только на платформе"),
        (Listing.OUTSIDE, "вне реестра"),
    ]
    told = ", ".join(f"{words} – {lists.count(one)}" for one, words in parts)
    rest = ", ".join(
        f"{words} – {lists.count(one)}"
        for one, words in [
            (Listing.MATCHED, "сошлись"),
            (Listing.DOUBTFUL, "проверьте сами"),
            (Listing.ONLY_REGISTRY, "только в реестре"),
        ]
    )
    return [
        f"Каждая организация платформы – в одном из списков: {told}; всего {lists.platform_rows}.",
        f"Каждая организация реестра – в одном из списков: {rest}; всего {lists.registry_rows}.",
        "Порядок сверки: ваши ответы, ID, ОГРН, ИНН, затем название внутри муниципалитета; другой номер или тип "
        "запрещает пару. Между муниципалитетами пара бывает только сомнительной.",
        "Повторы, другой тип, другой муниципалитет и филиалы – выборки из тех же организаций, а не добавка к ним.",
        _TYPES_NOTE,
    ]
