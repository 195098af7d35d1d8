"""Checks of municipalities: missing, doubled, misspelt, or another one than the name says."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from sferum_core.checks.declare import (
    LISTS,
    MUNICIPALITIES,
    PUBLISHED,
    TEACHERS,
    Group,
    Hit,
    check,
    rows_where,
)
from sferum_core.checks.identity import differ_within, doubled, key_series
from sferum_core.checks.subject import Subject
from sferum_core.model import Severity
from sferum_core.names import municipality_key, similar_municipalities
from sferum_core.wording import counted

_MOST_MUNICIPALITIES = 600  # the largest regions have some seventy; every pair of names is compared
_OWN_TERRITORY = re.compile(r"\b(?:район\w*|округ\w*|г\.|город\w*)")  # villages share names, these do not
_NAMED_DISTRICT = re.compile(
    r"\b([а-я-]{3,}ого)\s+(?:района|муниципального района|муниципального округа)(?!\s+(?:г\.|города?\b))"
)  # «Кировского района города …» is a part of a city


@check(
    "municipality_missing",
    Severity.WARNING,
    "Не указан муниципалитет",
    group=Group.IDENTITY,
    when="Столбец с муниципалитетом есть, но в строке он пуст.",
    message="Не указан муниципалитет: {rows}.",
    advice="Впишите муниципалитет: эти строки не войдут ни в один и выпадут из сравнения и писем.",
    kinds=(*LISTS, *PUBLISHED),
    needs=("municipality",),
)
def municipality_missing(subject: Subject) -> list[Hit]:
    """Empty municipalities."""
    return rows_where(subject, subject.missing("municipality"), "municipality")


@check(
    "name_two_municipalities",
    Severity.WARNING,
    "Одно название в двух муниципалитетах",
    group=Group.IDENTITY,
    when="Название, в котором сказан город или район, стоит с разными ID в разных муниципалитетах.",
    message="Одно и то же название с городом или районом стоит в разных муниципалитетах: {rows}.",
    advice="Проверьте, в каком муниципалитете организация на самом деле, лишнюю запись подайте на удаление.",
    kinds=LISTS,
    needs=("organization", "municipality"),
)
def name_two_municipalities(subject: Subject) -> list[Hit]:
    """A name that says its own place, under two municipalities; «Детский сад № 1» is everywhere and is no sign."""
    names, ids = subject.names, subject.text("organization_id")
    own = names.where(names.str.contains(_OWN_TERRITORY).fillna(False))
    mask = differ_within(own, key_series(subject)) & ~differ_within(ids, key_series(subject))
    return rows_where(subject, mask, "municipality", show=("municipality",))


@check(
    "name_names_other_municipality",
    Severity.WARNING,
    "В названии другой муниципалитет",
    group=Group.IDENTITY,
    when="В названии назван район из этого же списка, а строка стоит в другом муниципалитете.",
    message="В названии назван другой муниципалитет: {organizations}.",
    advice="Проверьте муниципалитет и при ошибке обратитесь в службу поддержки региона.",
    kinds=LISTS,
    needs=("organization", "municipality"),
)
def name_names_other_municipality(subject: Subject) -> list[Hit]:
    """«… Озёрного района» in another municipality of the same list."""
    known = set(subject.keys)
    said = subject.names.str.extract(_NAMED_DISTRICT, expand=False).astype("str")
    lookup = {word: _nominative_keys(word) & known for word in said.dropna().unique()}
    mask = np.zeros(len(subject), dtype=bool)
    for row in np.flatnonzero(said.notna()):
        keys = lookup[said.iloc[row]]
        mask[row] = bool(keys) and subject.keys[row] not in {"", *keys}
    return rows_where(subject, mask, "municipality", show=("municipality",))


def _nominative_keys(genitive: str) -> set[str]:
    """Keys that «озерного» may have: озерный, лесной, нижний район."""
    return {municipality_key(f"{genitive[:-3]}{ending} район") for ending in ("ый", "ой", "ий")}


@check(
    "municipality_spellings",
    Severity.NOTE,
    "Муниципалитет написан по-разному",
    group=Group.IDENTITY,
    when="Один муниципалитет стоит в файле в нескольких написаниях.",
    message="Муниципалитеты, написанные по-разному: {count}. В отчётах каждый – один, в самом частом написании.",
    advice="Проверьте, что объединено верно; чтобы не гадать, пишите название одинаково.",
    kinds=(*LISTS, *PUBLISHED, TEACHERS),
    needs=("municipality",),
)
def municipality_spellings(subject: Subject) -> list[Hit]:
    """Spellings that were taken for one municipality."""
    pairs = (
        pd.DataFrame({"key": subject.keys, "text": subject.text("municipality")}).dropna().drop_duplicates()
    )
    pairs = pairs.assign(text=pairs["text"].str.split().str.join(" ")).drop_duplicates()
    many = pairs[pairs["key"].duplicated(keep=False)].groupby("key", sort=True)["text"].apply(list)
    if not len(many):
        return []
    told = "; ".join(" = ".join(texts[:3]) for texts in many.head(3))
    return [Hit(column="municipality", count=len(many), examples=told)]


@check(
    "municipalities_too_many",
    Severity.WARNING,
    "Слишком много муниципалитетов",
    group=Group.IDENTITY,
    when="Разных муниципалитетов больше шестисот: столько нет ни в одном регионе.",
    message="В столбце «Муниципалитет» {count} разных названий: столько муниципалитетов нет ни в одном регионе.",
    advice="Проверьте столбец в разделе «Что мы поняли»: похоже, в нём адреса, населённые пункты или названия организаций.",
    kinds=(*LISTS, *PUBLISHED),
    needs=("municipality",),
    depends_on=("municipality_is_organization",),
)
def municipalities_too_many(subject: Subject) -> list[Hit]:
    """Addresses or names in place of municipalities."""
    many = len(set(subject.keys) - {""})
    if many <= _MOST_MUNICIPALITIES:
        return []
    told = "; ".join(subject.text("municipality").dropna().unique()[:3])
    return [Hit(column="municipality", count=many, examples=told)]


@check(
    "municipality_similar",
    Severity.WARNING,
    "Похоже на опечатку в муниципалитете",
    group=Group.IDENTITY,
    when="Два названия различаются одной-двумя буквами.",
    message="Названия муниципалитетов похожи, возможна опечатка: {pairs}.",
    advice="Если это один муниципалитет, исправьте название в файле: сейчас он стоит в сравнении двумя строками.",
    kinds=(*LISTS, *PUBLISHED),
    needs=("municipality",),
    depends_on=("municipality_is_organization", "municipalities_too_many"),
)
def municipality_similar(subject: Subject) -> list[Hit]:
    """Pairs that differ by a letter or two."""
    pairs = similar_municipalities(subject.text("municipality").dropna().unique())
    if not pairs:
        return []
    told = "; ".join(f"{first} – {second}" for first, second, _ in pairs[:3])
    words = {"pairs": counted(len(pairs), "пара", "пары", "пар")}
    return [Hit(column="municipality", count=len(pairs), words=words, examples=told)]


@check(
    "municipality_doubled",
    Severity.ERROR,
    "Муниципалитет стоит дважды",
    group=Group.IDENTITY,
    when="В таблице муниципалитетов один муниципалитет занимает две строки.",
    message="Муниципалитет стоит в таблице дважды: {rows}.",
    advice="Оставьте одну строку на муниципалитет: сейчас он посчитан дважды.",
    kinds=PUBLISHED,
    needs=("municipality",),
)
def municipality_doubled(subject: Subject) -> list[Hit]:
    """A key on two rows; tables by type have a municipality once for each type."""
    keys = key_series(subject)
    if subject.kind is MUNICIPALITIES and subject.has("organization_type"):
        keys = keys + "@" + subject.text("organization_type").fillna("")
    return rows_where(subject, doubled(keys) & ~subject.identical, "municipality")
