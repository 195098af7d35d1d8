"""Checks of who is who: IDs, names, types and tax numbers that contradict one another."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sferum_core.checks.declare import (
    LISTS,
    ORGANIZATIONS,
    Group,
    Hit,
    check,
    rows_where,
)
from sferum_core.checks.numerals import inn_is_valid, ogrn_is_valid
from sferum_core.checks.subject import Subject
from sferum_core.model import Severity
from sferum_core.wording import counted

_FORM_SURE = 0.9


def doubled(values: pd.Series) -> np.ndarray:
    """Rows whose value stands on another row too; missing values are no pair."""
    return (values.notna() & values.duplicated(keep=False)).to_numpy(dtype=bool)


def differ_within(groups: pd.Series, values: pd.Series) -> np.ndarray:
    """Rows of groups in which `values` are more than one."""
    known = (groups.notna() & values.notna()).to_numpy(dtype=bool)
    homes, _ = pd.factorize(groups[known])
    kinds, _ = pd.factorize(values[known])
    pairs = pd.DataFrame({"home": homes, "kind": kinds}).drop_duplicates()
    many = np.bincount(pairs["home"], minlength=int(homes.max(initial=-1)) + 1) > 1
    result = np.zeros(len(groups), dtype=bool)
    result[np.flatnonzero(known)] = many[homes]
    return result


def key_series(subject: Subject) -> pd.Series:
    """Keys of municipalities, missing where none is given."""
    keys = pd.Series(subject.keys, index=subject.table.index, dtype="str")
    return keys.where(keys != "")


@check(
    "id_missing",
    Severity.WARNING,
    "Нет ID организации",
    group=Group.IDENTITY,
    when="Столбец с ID есть, но у организации он пуст.",
    message="Нет ID: {organizations}.",
    advice="Найдите ID в кабинете организации и впишите: без него организацию не узнать через неделю и не снять с учёта.",
    kinds=(ORGANIZATIONS,),
    needs=("organization_id",),
)
def id_missing(subject: Subject) -> list[Hit]:
    """Empty cells in the column of IDs."""
    return rows_where(subject, subject.missing("organization_id"), "organization_id")


@check(
    "name_missing",
    Severity.ERROR,
    "Нет названия организации",
    group=Group.IDENTITY,
    when="Строка с показателями есть, а название пустое.",
    message="Нет названия: {organizations}.",
    advice="Впишите название или удалите строку, если это остаток оформления.",
    kinds=LISTS,
    needs=("organization",),
)
def name_missing(subject: Subject) -> list[Hit]:
    """Empty names."""
    return rows_where(subject, subject.missing("organization"), "organization")


@check(
    "name_meaningless",
    Severity.WARNING,
    "Название ни о чём не говорит",
    group=Group.IDENTITY,
    when="В названии меньше трёх букв.",
    message="Вместо названия стоит номер или знак: {organizations}.",
    advice="Проверьте, тот ли столбец взят за название, и впишите название организации.",
    kinds=LISTS,
    needs=("organization",),
)
def name_meaningless(subject: Subject) -> list[Hit]:
    """Fewer than three letters."""
    mask = subject.where_text("organization", lambda text: sum(sign.isalpha() for sign in text) < 3)
    return rows_where(subject, mask, "organization")


@check(
    "type_missing",
    Severity.WARNING,
    "Не указан тип организации",
    group=Group.IDENTITY,
    when="Тип не указан, и по названию его не определить.",
    message="Тип не указан, и по названию его не определить: {organizations}.",
    advice="Впишите тип (ДОО, ОО, СПО, ДОД): без него норма к организации не применяется.",
    kinds=LISTS,
    needs=("organization_type",),
    supersedes=("type_unknown",),
)
def type_missing(subject: Subject) -> list[Hit]:
    """Types neither stated nor told by the name; offices and the like have none, so they are not asked for."""
    return rows_where(subject, (subject.types == "") & (subject.strangers == ""), "organization_type")


@check(
    "id_doubled",
    Severity.ERROR,
    "Один ID в двух строках",
    group=Group.IDENTITY,
    when="ID повторяется у строк с одним названием, а другие столбцы у них разные.",
    message="ID повторяется у строк с одним названием: {rows}.",
    advice="Оставьте одну строку на организацию: сейчас её люди учтены дважды.",
    kinds=LISTS,
    needs=("organization_id",),
    depends_on=("damaged_id", "several_dates"),
)
def id_doubled(subject: Subject) -> list[Hit]:
    """The same ID with the same name; rows that repeat whole or in two municipalities are told elsewhere."""
    fresh = ~subject.identical
    ids = subject.text("organization_id").where(fresh)
    mask = doubled(ids) & ~differ_within(ids, subject.names) & ~differ_within(ids, key_series(subject))
    return rows_where(subject, mask, "organization_id")


@check(
    "id_two_names",
    Severity.ERROR,
    "Один ID у двух организаций",
    group=Group.IDENTITY,
    when="С одним ID стоят разные названия.",
    message="Один ID у организаций с разными названиями: {rows}.",
    advice="Сверьте ID с кабинетом каждой организации и исправьте неверный.",
    kinds=LISTS,
    needs=("organization_id", "organization"),
    depends_on=("damaged_id",),
)
def id_two_names(subject: Subject) -> list[Hit]:
    """The same ID with different names."""
    mask = differ_within(subject.text("organization_id"), subject.names)
    return rows_where(subject, mask, "organization_id")


@check(
    "name_two_ids",
    Severity.WARNING,
    "Организация заведена дважды",
    group=Group.IDENTITY,
    when="В одном муниципалитете одно название стоит с разными ID.",
    message="Одно название с разными ID в одном муниципалитете: {rows}.",
    advice="Оставьте рабочий ID, а на лишний подайте заявку: письмо на info@sferum.ru с указанием ID.",
    kinds=LISTS,
    needs=("organization_id", "organization", "municipality"),
    depends_on=("damaged_id",),
)
def name_two_ids(subject: Subject) -> list[Hit]:
    """One name with two IDs in a municipality."""
    named = (subject.names + "@" + key_series(subject)).astype("str")
    return rows_where(subject, differ_within(named, subject.text("organization_id")), "organization_id")


@check(
    "name_doubled",
    Severity.WARNING,
    "Организация стоит дважды",
    group=Group.IDENTITY,
    when="В одном муниципалитете название стоит в двух строках, и хотя бы в одной из них нет ID.",
    message="Название повторяется в одном муниципалитете, а ID нет: {rows}.",
    advice="Если это одна организация, оставьте одну строку: сейчас её люди учтены дважды. Если разные, допишите ID или место.",
    kinds=LISTS,
    needs=("organization", "municipality"),
    depends_on=("several_dates",),
)
def name_doubled(subject: Subject) -> list[Hit]:
    """A name twice in a municipality without an ID to tell by; rows with IDs are told by the checks of IDs."""
    named = (subject.names + "@" + key_series(subject)).astype("str").where(~subject.identical)
    without_id = pd.Series(subject.missing("organization_id"), index=named.index)
    mask = doubled(named) & without_id.groupby(named).transform("any").fillna(False).to_numpy(dtype=bool)
    return rows_where(subject, mask & (subject.strangers == ""), "organization")


@check(
    "id_two_municipalities",
    Severity.ERROR,
    "Одна организация в двух муниципалитетах",
    group=Group.IDENTITY,
    when="Строки с одним ID и одним названием стоят в разных муниципалитетах.",
    message="Одна организация с одним ID стоит в разных муниципалитетах: {rows}.",
    advice="Оставьте одну строку: её люди учтены дважды. Муниципалитет на платформе исправит служба поддержки региона.",
    kinds=LISTS,
    needs=("organization_id", "municipality"),
    depends_on=("damaged_id",),
)
def id_two_municipalities(subject: Subject) -> list[Hit]:
    """One ID and one name under two municipalities; two names are told by `id_two_names`."""
    ids = subject.text("organization_id")
    mask = differ_within(ids, key_series(subject)) & ~differ_within(ids, subject.names)
    return rows_where(subject, mask, "municipality", show=("municipality",))


@check(
    "type_contradicts_name",
    Severity.WARNING,
    "Тип не сходится с названием",
    group=Group.IDENTITY,
    when="Указан один тип, а название однозначно говорит о другом.",
    message="Тип не сходится с названием: {organizations}.",
    advice="Если тип неверен, обратитесь в службу поддержки региона: от типа зависит норма.",
    kinds=LISTS,
    needs=("organization", "organization_type"),
)
def type_contradicts_name(subject: Subject) -> list[Hit]:
    """The stated type against what the name says; test entries and offices are told elsewhere."""
    stated, told = subject.types, subject.types_by_name
    mask = (stated != "") & (told != "") & (stated != told) & (subject.strangers == "")

    def details(rows: np.ndarray) -> tuple[str, ...]:
        return tuple(f"указано {stated[row]}, по названию {told[row]}" for row in rows)

    return rows_where(subject, mask, "organization_type", details=details)


def _id_forms(subject: Subject) -> tuple[pd.Series, np.ndarray, np.ndarray]:
    ids = subject.text("organization_id")
    known = ids.notna().to_numpy(dtype=bool)
    digits = ids.str.isdigit().fillna(False).to_numpy(dtype=bool)
    return ids, known, digits


@check(
    "id_length_odd",
    Severity.WARNING,
    "ID необычной длины",
    group=Group.IDENTITY,
    when="Почти все ID одной длины, а этот короче или длиннее.",
    message="ID другой длины, чем у остальных ({length}): {organizations}.",
    advice="Проверьте, не потеряны ли нули в начале (так бывает после Excel), и исправьте ID.",
    kinds=LISTS,
    needs=("organization_id",),
    depends_on=("damaged_id",),
)
def id_length_odd(subject: Subject) -> list[Hit]:
    """Shorter or longer than nine of ten others."""
    ids, known, _ = _id_forms(subject)
    if known.sum() < 10:
        return []
    lengths = ids.str.len().to_numpy(dtype="float64", na_value=np.nan)
    usual = float(pd.Series(lengths[known]).mode().iloc[0])
    if (lengths[known] == usual).mean() < _FORM_SURE:
        return []
    mask = known & (lengths != usual)
    return rows_where(subject, mask, "organization_id", length=counted(int(usual), "знак", "знака", "знаков"))


@check(
    "id_letters",
    Severity.WARNING,
    "В ID посторонние знаки",
    group=Group.IDENTITY,
    when="Почти все ID из одних цифр, а в этом есть буквы или знаки.",
    message="В ID есть буквы или знаки, у остальных только цифры: {organizations}.",
    advice="Исправьте ID по кабинету организации.",
    kinds=LISTS,
    needs=("organization_id",),
    depends_on=("damaged_id",),
)
def id_letters(subject: Subject) -> list[Hit]:
    """Something else than digits among numbers."""
    _, known, digits = _id_forms(subject)
    if known.sum() < 10 or digits[known].mean() < _FORM_SURE:
        return []
    return rows_where(subject, known & ~digits, "organization_id")


@check(
    "inn_invalid",
    Severity.WARNING,
    "ИНН с ошибкой",
    group=Group.IDENTITY,
    when="В ИНН не 10 и не 12 цифр, или не сходится контрольная цифра.",
    message="ИНН с ошибкой: {organizations}.",
    advice="Исправьте ИНН по выписке из ЕГРЮЛ: по неверному номеру организации не сопоставить.",
    kinds=LISTS,
    needs=("inn",),
)
def inn_invalid(subject: Subject) -> list[Hit]:
    """Wrong length or check digit."""
    mask = subject.where_text("inn", lambda text: not inn_is_valid(text))
    return rows_where(subject, mask, "inn", show=("inn",))


@check(
    "ogrn_invalid",
    Severity.WARNING,
    "ОГРН с ошибкой",
    group=Group.IDENTITY,
    when="В ОГРН не 13 и не 15 цифр, или не сходится контрольная цифра.",
    message="ОГРН с ошибкой: {organizations}.",
    advice="Исправьте ОГРН по выписке из ЕГРЮЛ.",
    kinds=LISTS,
    needs=("ogrn",),
)
def ogrn_invalid(subject: Subject) -> list[Hit]:
    """Wrong length or check digit."""
    mask = subject.where_text("ogrn", lambda text: not ogrn_is_valid(text))
    return rows_where(subject, mask, "ogrn", show=("ogrn",))


@check(
    "inn_two_municipalities",
    Severity.WARNING,
    "Один ИНН в двух муниципалитетах",
    group=Group.IDENTITY,
    when="Организации с одним ИНН стоят в разных муниципалитетах.",
    message="Один ИНН в разных муниципалитетах: {organizations}.",
    advice="Филиал пишется в муниципалитет головной организации? Проверьте и исправьте муниципалитет или ИНН.",
    kinds=LISTS,
    needs=("inn", "municipality"),
)
def inn_two_municipalities(subject: Subject) -> list[Hit]:
    """One legal person in two territories."""
    mask = differ_within(subject.text("inn"), key_series(subject))
    return rows_where(subject, mask, "municipality", show=("inn", "municipality"))
