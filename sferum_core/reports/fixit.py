"""The workbooks «Что исправить»: only the rows to mend, the wrong cells marked, why and what to do beside them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from sferum_core.fixit import (
    ADVICE,
    CODE,
    COMMENT,
    COMMENT_BLANK,
    MARKED,
    REASON,
    FixColumn,
    MendRow,
    Outcome,
    ToMend,
)
from sferum_core.fixit.cells import ACTIVE_WORDS
from sferum_core.fixit.mending import IDENTITY
from sferum_core.reading.fields import Content
from sferum_core.reports.book import Book, Column, Kind, ReportMeta, Sheet
from sferum_core.reports.columns import plain, text
from sferum_core.reports.names import file_name, unique_path
from sferum_core.reports.workbook import write_workbook
from sferum_core.wording import rows as rows_word

TITLE = "Что исправить"
FOLDER = "Что исправить"
NOTES = (
    "Исправьте отмеченные ячейки прямо в этой книге: они закрашены, их столбцы названы в графе «Отмеченные ячейки».",
    "Если значение верно, оставьте его и напишите почему в графе «Исправлено / комментарий».",
    "Графу «Код строки» не меняйте и строки не удаляйте: по коду строка находит своё место в выгрузке. ID школы – "
    "текст, нули в начале важны.",
    "Готовую книгу пришлите тому, кто её прислал. Исходная выгрузка не меняется: исправленные значения ложатся поверх "
    "неё и показаны как исправления.",
    "В книге столбцы выгрузки, которые нужны отчётам, под заголовками из файла; к числам в заголовке добавлена единица.",
)
_KINDS: dict[Content, Kind] = {
    Content.COUNT: "count",
    Content.SHARE: "share",
    Content.DATE: "date",
    Content.ID: "id",
}
_WIDTHS: dict[str, float] = {"organization": 40, "municipality": 26, "organization_id": 16, "address": 34}


def fixit_workbook(wanted: ToMend, meta: ReportMeta, key: str | None = None) -> bytes:
    """The book of one municipality by its key, or of the whole region; a valid book that says so without rows."""
    chosen = wanted.rows if key is None else wanted.of(key)
    name = None if key is None else wanted.municipalities.get(key, key)
    title = TITLE if name is None else f"{TITLE}: {name}"
    filters = "только строки с ошибками и предупреждениями" + (f", {name}" if name else "")
    about = replace(meta, title=title if not meta.title else meta.title, filters_text=filters)
    sheet = Sheet(
        "fixit",
        TITLE,
        title,
        _columns(wanted.columns),
        _frame(wanted, chosen),
        note="Каждая строка – одна строка выгрузки; всё, что в ней не так, перечислено рядом.",
        empty="Строк нет: исправлять в этой выгрузке нечего.",
        frozen_columns=1,
    )
    return write_workbook(Book(about, [sheet], notes=NOTES))


def fixit_archive(wanted: ToMend, meta: ReportMeta) -> bytes:
    """A zip with the book of every municipality and one of the whole region. The same rows give the same bytes."""
    date = getattr(meta.period, "end", None)
    made = meta.generated
    stamp = (max(made.year, 1980), made.month, made.day, made.hour, made.minute, made.second)
    taken: set[str] = set()
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for key, name in [(None, "весь регион"), *wanted.municipalities.items()]:
            path = unique_path(file_name(TITLE, name, date=date), taken)
            archive.writestr(
                zipfile.ZipInfo(path, stamp), fixit_workbook(wanted, meta, key), zipfile.ZIP_STORED
            )
    return output.getvalue()


def outcome_workbook(outcome: Outcome, meta: ReportMeta) -> bytes:
    """What the answers came to: every row with its word, and every value that was laid over."""
    rows = Sheet(
        "fixit_rows",
        "Построчно",
        "Что стало со строками",
        [
            text("municipality", "Муниципалитет", 26, "не определён"),
            text("name", "Строка выгрузки", 40),
            text("state", "Итог", 20),
            text("said", "Пояснение", 60, "без пояснения"),
            text("comment", "Комментарий муниципалитета", 40, "нет комментария"),
            text("book", "Книга", 32, "не прислана"),
            plain("row", "Строка книги, №", "count", width=12, missing="строки нет"),
            text("code", CODE, 16, "код стёрт"),
        ],
        outcome.rows,
        empty="Строк нет: в присланных книгах не было ни одной строки.",
    )
    changes = Sheet(
        "fixit_changes",
        "По исправлению",
        "Значения по исправлению",
        [
            text("name", "Строка выгрузки", 40),
            text("header", "Столбец", 34),
            text("before", "Было в выгрузке", 22),
            text("after", "Стало по исправлению", 22),
            text("book", "Книга", 32),
        ],
        outcome.changes,
        empty="Строк нет: ни одно значение не изменено.",
    )
    notes = (outcome.sentence, *outcome.notes)
    return write_workbook(Book(meta, [rows, changes], notes=notes))


def _columns(columns: Sequence[FixColumn]) -> list[Column]:
    """The row's identity, then what is wrong with it, then its figures, then the free column."""
    own = [_column(column) for column in columns if column.field in IDENTITY]
    rest = [_column(column) for column in columns if column.field not in IDENTITY]
    words = [
        text("fix_marked", MARKED, 28),
        text("fix_reason", REASON, 44),
        text("fix_advice", ADVICE, 44),
    ]
    return [text("fix_code", CODE, 16), *own, *words, *rest, text("fix_comment", COMMENT, 36)]


def _column(column: FixColumn) -> Column:
    kind = _KINDS.get(column.content, "text")
    width = _WIDTHS.get(column.field, 14 if kind in ("count", "share") else None)
    return Column(column.field, column.header, kind, width, marked_key=f"fix_note {column.field}")


def _frame(wanted: ToMend, chosen: Sequence[MendRow]) -> pd.DataFrame:
    table = (
        wanted.export.table.reset_index(drop=True).iloc[[row.place for row in chosen]].reset_index(drop=True)
    )
    headers = {column.field: column.header for column in wanted.columns}
    made: dict[str, pd.Series] = {"fix_code": pd.Series([row.code for row in chosen], dtype="str")}
    for column in wanted.columns:
        values = table[column.field]
        if column.content in (Content.STATUS, Content.FLAG):
            words = ACTIVE_WORDS if column.content is Content.STATUS else {True: "да", False: "нет"}
            values = values.astype("boolean").map(words).astype("str")
        made[column.field] = values
        notes = [_note(row) if column.field in row.marked else None for row in chosen]
        made[f"fix_note {column.field}"] = pd.Series(notes, dtype="str")
    told = {
        "fix_marked": [
            "; ".join(headers[field] for field in row.marked if field in headers) for row in chosen
        ],
        "fix_reason": [_numbered(row.reasons) for row in chosen],
        "fix_advice": [_numbered(row.advice) for row in chosen],
        "fix_comment": [COMMENT_BLANK for _ in chosen],
    }
    made |= {name: pd.Series(values, dtype="str") for name, values in told.items()}
    return pd.DataFrame(made)


def _numbered(lines: Sequence[str]) -> str:
    if len(lines) == 1:
        return lines[0]
    return "\n".join(f"{place}) {line}" for place, line in enumerate(lines, 1))


def _note(row: MendRow) -> str:
    return f"{_numbered(row.reasons)}\n{_numbered(row.advice)}"


def about_rows(wanted: ToMend) -> str:
    """«20 строк» to mend."""
    return rows_word(len(wanted.rows))
