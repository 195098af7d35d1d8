"""Checks of the file as a whole: cut or damaged names, empty columns, rows left out, further tables."""

from __future__ import annotations

import re

import numpy as np

from sferum_core.checks.declare import ALL_KINDS, LISTS, ORGANIZATIONS, Group, Hit, check, rows_where
from sferum_core.checks.subject import Subject
from sferum_core.model import ExportKind, Severity
from sferum_core.reading.fields import FIELDS, LONG_SHARES
from sferum_core.reading.row_marks import NOTE, REASONS
from sferum_core.wording import counted, percent, rows

_DAMAGED = re.compile(r"�|\?{3,}|(?:[ÐÑ][\x80-¿‚„…†‡€™\w]){2,}|(?:Р[°-ї‚„…†‡]|С[‚ѓЃЊ‹„…]){3,}")
_CUTS = (30, 32, 40, 48, 50, 60, 64, 80, 96, 100, 120, 127, 128, 150, 200, 250, 254, 255, 256)


@check(
    "text_damaged",
    Severity.ERROR,
    "Текст испорчен",
    group=Group.FILE,
    when="В названии, ФИО или муниципалитете стоят «???», «�» или буквы чужой кодировки.",
    message="Текст в названиях испорчен кодировкой: {rows}.",
    advice="Выгрузите файл заново и загрузите его как .xlsx, не открывая и не пересохраняя.",
    kinds=ALL_KINDS,
)
def text_damaged(subject: Subject) -> list[Hit]:
    """Characters that no Russian name has."""
    found = []
    for column in ("organization", "municipality", "full_name"):
        if subject.has(column):
            found += rows_where(subject, subject.where_found(column, _DAMAGED), column)
    return found


@check(
    "names_cut",
    Severity.WARNING,
    "Названия обрезаны",
    group=Group.FILE,
    when="Пять названий и больше кончаются ровно на одной длине (50, 100, 255 … знаков), часть – с незакрытой кавычкой.",
    message="Названия обрезаны на {length}-м знаке: {organizations}.",
    advice="Выгрузите файл заново из самой системы: по обрезанным названиям организации не сопоставить с реестром.",
    kinds=LISTS,
    needs=("organization",),
)
def names_cut(subject: Subject) -> list[Hit]:
    """Many names of one greatest length that break off."""
    names = subject.text("organization").fillna("")
    lengths = names.str.len().to_numpy(dtype=int)
    longest = int(lengths.max())
    at_end = lengths == longest
    if longest not in _CUTS or names[at_end].nunique() < 5:
        return []
    open_quotes = [name.count("«") > name.count("»") or name.count('"') % 2 == 1 for name in names[at_end]]
    return rows_where(subject, at_end, "organization", length=longest) if np.mean(open_quotes) > 0.3 else []


@check(
    "column_empty",
    Severity.WARNING,
    "Столбец пуст",
    group=Group.FILE,
    when="Столбец распознан, но ни в одной строке нет значения.",
    message="Столбец «{title}» пуст во всех строках.",
    advice="Проверьте, вся ли выгрузка сформировалась, и выгрузите файл ещё раз. Отчёты по столбцу будут «нет данных».",
    kinds=ALL_KINDS,
)
def column_empty(subject: Subject) -> list[Hit]:
    """Recognized columns without a value."""
    used = {match.field for match in subject.export.columns if match.field}
    return [
        Hit(column=name, words={"title": FIELDS[name].title}, examples=FIELDS[name].title)
        for name in subject.table.columns
        if len(subject)
        and name in FIELDS
        and not subject.has(name)
        and (name in used or LONG_SHARES.get(name) in used)
    ]


@check(
    "rows_left_out_many",
    Severity.WARNING,
    "Много строк не вошло в таблицу",
    group=Group.FILE,
    when="Больше десятой части строк под заголовком (и не меньше пяти) – не итоги и не заголовки, а строки без показателей.",
    message="Не вошло в таблицу строк без показателей: {rows} ({share} всех).",
    advice="Посмотрите их список в «Не вошедших строках». Если это организации, проверьте, в тех ли столбцах стоят числа.",
    kinds=ALL_KINDS,
)
def rows_left_out_many(subject: Subject) -> list[Hit]:
    """Rows without figures beyond a few notes."""
    left_out = subject.export.left_out
    noted = left_out[left_out["reason"].astype("str") == REASONS[NOTE]] if len(left_out) else left_out
    count, total = len(noted), max(subject.export.source_rows, 1)
    if count < 5 or count <= 0.1 * total:
        return []
    examples = "; ".join(str(text)[:80] for text in noted["text"].dropna().head(3))
    return [Hit(words={"share": percent(count / total)}, count=count, examples=examples or None)]


@check(
    "other_tables",
    Severity.NOTE,
    "В файле есть ещё таблицы",
    group=Group.FILE,
    when="Кроме открытой таблицы, в файле или архиве есть другие.",
    message="В файле есть ещё {tables}, открыта самая подходящая.",
    advice="Если нужна другая, оставьте в файле только её и загрузите ещё раз.",
    kinds=ALL_KINDS,
)
def other_tables(subject: Subject) -> list[Hit]:
    """Tables of other kinds or of other files of an archive."""
    others = [other for other in subject.export.also if len(other.table)]
    if not others:
        return []
    told = "; ".join(
        f"{other.kind.label} ({', '.join(other.source.sheets) or other.source.filename}): {rows(len(other.table))}"
        for other in others[:3]
    )
    tables = counted(len(others), "таблица", "таблицы", "таблиц")
    return [Hit(count=len(others), words={"tables": tables}, examples=told)]


@check(
    "same_kind_again",
    Severity.WARNING,
    "Вторая таблица того же вида",
    group=Group.FILE,
    when="В файле или архиве есть ещё одна таблица того же вида: её строки не вошли в отчёты.",
    message="Есть ещё {tables} того же вида ({kind}): в отчёты вошла одна.",
    advice="Если это разные муниципалитеты, сведите их на один лист; если разные недели – загрузите по одной.",
    kinds=ALL_KINDS,
)
def same_kind_again(subject: Subject) -> list[Hit]:
    """A further table that reports would need too."""
    same = [other for other in subject.export.also if other.kind is subject.kind and len(other.table)]
    if not same:
        return []
    told = "; ".join(f"{other.source.filename}: {rows(len(other.table))}" for other in same[:3])
    words = {
        "tables": counted(len(same), "таблица", "таблицы", "таблиц"),
        "kind": subject.kind.label.lower(),
    }
    return [Hit(count=len(same), words=words, examples=told)]


@check(
    "several_dates",
    Severity.NOTE,
    "В одной таблице несколько дат",
    group=Group.FILE,
    when="Организации стоят в файле за несколько дат («Общая» из кабинета).",
    message="В таблице организаций несколько дат ({dates}). Проверена и показана последняя, {latest}; даты не складываются.",
    advice="Другую дату выберите слева на странице отчёта. Чтобы сохранить неделю, загрузите строки за одну дату.",
    kinds=(ORGANIZATIONS,),
    needs=("date",),
)
def several_dates(subject: Subject) -> list[Hit]:
    """More than one date where rows should be organizations of one week."""
    dates = subject.dates.dropna().drop_duplicates().sort_values()
    if len(dates) < 2:
        return []
    repeated = (subject.text("organization_id") + subject.text("organization")).duplicated(keep=False)
    if not repeated.mean() > 0.3:
        return []
    told = f"{dates.iloc[0]:%d.%m.%Y} – {dates.iloc[-1]:%d.%m.%Y}"
    words = {"dates": len(dates), "latest": f"{dates.iloc[-1]:%d.%m.%Y}"}
    return [Hit(column="date", words=words, count=len(dates), examples=told)]


@check(
    "columns_taken_by_content",
    Severity.NOTE,
    "Столбец узнан не по заголовку",
    group=Group.FILE,
    when="Заголовок столбца пуст или ничего не говорит, поле выбрано по содержимому.",
    message="Столбцы узнаны по содержимому: {count}.",
    advice="Проверьте их в разделе «Что мы поняли»: в следующей выгрузке они могут стоять иначе.",
    kinds=ALL_KINDS,
)
def columns_taken_by_content(subject: Subject) -> list[Hit]:
    """Columns without a telling header."""
    guessed = [
        match
        for match in subject.export.columns
        if match.field in FIELDS and match.reason.startswith("узнано по содержимому")
    ]
    if not guessed or subject.kind is ExportKind.UNKNOWN:
        return []
    told = "; ".join(
        f"«{match.header or f'столбец {match.number + 1}'}» – {FIELDS[match.field].title}"
        for match in guessed[:3]
        if match.field
    )
    return [Hit(count=len(guessed), examples=told)]
