"""Which field each column of a table holds: by its words, by its content, by its neighbours, by the user's word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sferum_core.model import ExportKind, Finding
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
from sferum_core.reading.guesses import looks_like_municipality, looks_like_person
from sferum_core.reading.kinds import fit_kind, table_kind
from sferum_core.reading.labels import IGNORED_FIELDS
from sferum_core.reading.one_field import one_for_each
from sferum_core.reading.periods import best_period
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
    if field == "organization" and is_text and _are_people(column):
        return replace(column, field="full_name", confidence=0.85, reason="в столбце имена людей")
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


def _are_people(column: Column) -> bool:
    words = said(column.cells)
    return len(words) > 1 and sum(map(looks_like_person, words)) >= 0.9 * len(words)


def _all_flags(column: Column) -> bool:
    """Whether every distinct text of the column is a yes or a no."""
    words = said(column.cells)
    return bool(words) and all(parse_flag(t) is not None for t in words)


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
    columns, findings = one_for_each(columns, best_period([*table.titles, table.sheet.name, filename]))
    kind = table_kind(table, columns, filename)
    columns, kind = call_columns(columns, kind, table.titles, filename)
    return fit_kind(columns, kind), kind, findings


__all__ = ["DOUBTFUL", "Column", "match_columns", "samples"]
