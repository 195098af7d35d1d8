"""Which field each column of a table holds: by its words, by its content, by its neighbours, by the user's word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sferum_core.model import ExportKind, Finding, Severity
from sferum_core.reading.call_columns import call_columns
from sferum_core.reading.column import DOUBTFUL, Column, said, samples, start_columns
from sferum_core.reading.context import (
    bare_roles,
    by_person,
    content_only,
    guessed_roles,
    lesson_words,
    neighbour_shares,
    roles_of_neighbours,
)
from sferum_core.reading.fields import DENOMINATORS, FIELDS, Content
from sferum_core.reading.guesses import looks_like_municipality
from sferum_core.reading.kinds import fit_kind, table_kind
from sferum_core.reading.labels import IGNORED_FIELDS
from sferum_core.reading.periods import best_period
from sferum_core.reading.rawbook import RawColumn
from sferum_core.reading.tables import Table
from sferum_core.reading.values import numbers, parse_flag
from sferum_core.reading.wording import TOTAL_ROW, plain

_NAME_SAID = re.compile(r"\bнаименован|\bназван|\bname\b")


def _content_refuses(column: Column) -> Column:
    """Content beats wording: numbers under «МО» are a count, words under a count are no count."""
    field = column.field
    if field is None or field in IGNORED_FIELDS or not column.filled:
        return column
    is_text = column.numeric < 0.5 and bool(said(column.cells))
    wanted = FIELDS[field].content
    if (
        field in ("municipality", "organization")
        and column.numeric > 0.9
        and column.whole
        and not _NAME_SAID.search(plain(column.header))
    ):
        return replace(
            column,
            field="organizations",
            confidence=0.85,
            reason="в столбце числа: это количество организаций",
        )
    if (
        field in ("organizations", "teachers_registered", "full_name")
        and is_text
        and column.reading.role == "organization"
    ):
        return replace(column, field="organization", confidence=0.8, reason="в столбце названия")
    if field == "organization" and is_text and _are_municipalities(column):
        return replace(column, field="municipality", confidence=0.85, reason="в столбце муниципалитеты")
    if wanted is Content.COUNT and field in DENOMINATORS and column.numeric > 0.5:
        found = numbers(column.cells)
        given = ~np.isnan(found.values)
        if given.any() and found.percent[given].mean() > 0.5:
            return replace(
                column, field=f"reported_share_{field}", confidence=0.9, reason="в столбце проценты"
            )
        if given.any() and (found.values[given] % 1 != 0).mean() > 0.5:
            return replace(
                column, field=f"reported_share_{field}", confidence=0.72, reason="в столбце дробные числа"
            )
    if wanted is Content.COUNT and is_text:
        if column.reading.action == "linked" and _all_flags(column):
            return replace(column, field="linked", confidence=0.9, reason="")
        if field in ("teachers_active", "organizations_active") and _all_flags(column):
            return replace(column, field="is_active", confidence=0.85, reason="в столбце статусы")
    if wanted in (Content.COUNT, Content.SHARE) and is_text and column.filled > 1:
        return replace(column, field=None, confidence=0.0, reason="content:в столбце текст, а не числа")
    if field == "is_active" and column.numeric > 0.9 and column.binary < 0.7:
        return replace(column, field=None, confidence=0.0, reason="content:в столбце числа, а не статус")
    if wanted is Content.TEXT and field == "full_name" and column.numeric > 0.9:
        return replace(column, field=None, confidence=0.0, reason="content:в столбце числа, а не имена")
    return column


def _are_municipalities(column: Column) -> bool:
    words = said(column.cells)
    alike = sum(looks_like_municipality(text) and not TOTAL_ROW.search(plain(text)) for text in words)
    return len(words) > 1 and alike >= 0.8 * sum(not TOTAL_ROW.search(plain(text)) for text in words)


def _all_flags(column: Column) -> bool:
    """Whether every distinct text of the column is a yes or a no."""
    words = said(column.cells)
    return bool(words) and all(parse_flag(t) is not None for t in words)


def _same_values(a: Column, b: Column) -> bool:
    if a.numeric > 0.5 and b.numeric > 0.5:
        return bool(np.array_equal(numbers(a.cells).values, numbers(b.cells).values, equal_nan=True))
    rows = range(min(len(a.cells.kinds), 300))
    sheet = [[_text(c.cells, r) for r in rows] for c in (a, b)]
    return sheet[0] == sheet[1]


def _text(cells: RawColumn, row: int) -> str:
    return cells.texts[cells.codes[row]].strip() if cells.codes[row] >= 0 else str(cells.numbers[row])


_NAME_FORM = re.compile(r"\b(?:кратк|полн|сокращ|официальн|юридич)")


_SOME_YEAR = 2024  # headers without a year are only compared with each other


def _week(column: Column) -> int:
    """The last day of the week a column's header names; 0 when it names none."""
    words = " ".join(column.path)
    period = best_period([words]) or best_period([words, str(_SOME_YEAR)])
    return period.end.toordinal() if period else 0


def _one_for_each(columns: list[Column]) -> tuple[list[Column], list[Finding]]:
    findings: list[Finding] = []
    chosen: dict[str, Column] = {}
    order = sorted(
        (c for c in columns if c.field and c.field not in IGNORED_FIELDS),
        key=lambda c: (not c.by_user, -_week(c), -c.confidence, -c.filled, c.number),
    )
    losers: dict[int, str] = {}
    for column in order:
        assert column.field
        if column.field not in chosen:
            chosen[column.field] = column
            continue
        winner = chosen[column.field]
        title = FIELDS[column.field].title
        if _week(winner) > _week(column):
            losers[column.number] = "другая неделя, взята последняя"
            findings.append(
                Finding(
                    code="earlier_week",
                    severity=Severity.NOTE,
                    column=column.header,
                    message=f"Столбец «{column.header}» – за другую неделю, взята последняя.",
                    advice="Чтобы посмотреть другую неделю, выберите её столбцы в разделе «Что мы поняли».",
                )
            )
        elif column.field == "organization" and _NAME_FORM.search(plain(winner.header + " " + column.header)):
            losers[column.number] = f"второе название, взято «{winner.header}»"
        elif _same_values(winner, column):
            losers[column.number] = f"повторяет столбец «{winner.header}»"
            findings.append(
                Finding(
                    code="repeated_column",
                    severity=Severity.NOTE,
                    column=column.header,
                    message=f"Столбец «{column.header}» повторяет столбец «{winner.header}», взят один.",
                    advice="Ничего делать не нужно.",
                )
            )
        else:
            losers[column.number] = f"то же поле уже взято из столбца «{winner.header}»"
            findings.append(
                Finding(
                    code="duplicate_field",
                    severity=Severity.WARNING,
                    column=column.header,
                    count=2,
                    message=f"Два столбца подходят под «{title}»: «{winner.header}» и «{column.header}». Взят первый.",
                    advice="Проверьте выбор в разделе «Что мы поняли».",
                )
            )
    return [
        replace(c, field=None, confidence=0.0, reason=losers[c.number]) if c.number in losers else c
        for c in columns
    ], findings


def _apply_mapping(columns: list[Column], mapping: Mapping[str | int, str]) -> list[Column]:
    def wish(column: Column) -> str | None:
        if column.number in mapping:
            return mapping[column.number]
        for name in (column.header, column.path[-1] if column.path else ""):
            for key, field in mapping.items():
                if isinstance(key, str) and name and plain(key) == plain(name):
                    return field
        return None

    result = []
    for column in columns:
        field = wish(column)
        if field == "":
            column = replace(
                column, field=None, confidence=1.0, reason="не берётся: так указано вами", by_user=True
            )
        elif field in FIELDS:
            column = replace(column, field=field, confidence=1.0, reason="указано вами", by_user=True)
        result.append(column)
    return result


def match_columns(
    table: Table, filename: str, mapping: Mapping[str | int, str] | None = None
) -> tuple[list[Column], ExportKind, list[Finding]]:
    """The columns of a table with their fields, the kind of the table, and what was doubtful about it."""
    columns = [_content_refuses(c) for c in start_columns(table)]
    columns = by_person(columns)
    columns = roles_of_neighbours(columns)
    columns = content_only(columns)
    columns = lesson_words(bare_roles(columns))
    columns = neighbour_shares(columns)
    columns = guessed_roles(columns)
    if mapping:
        columns = _apply_mapping(columns, mapping)
    columns, findings = _one_for_each(columns)
    kind = table_kind(table, columns, filename)
    columns, kind = call_columns(columns, kind, table.titles, filename)
    return fit_kind(columns, kind), kind, findings


__all__ = ["DOUBTFUL", "Column", "match_columns", "samples"]
