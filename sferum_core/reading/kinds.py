"""What kind of table it is, told by the fields it has, and which of them belong to that kind."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from sferum_core.model import ExportKind
from sferum_core.reading.column import Column
from sferum_core.reading.fields import COUNT_TITLES, DENOMINATORS, FIELDS, KIND_FIELDS, SHORT_SHARES
from sferum_core.reading.labels import IGNORED_FIELDS
from sferum_core.reading.rawbook import EMPTY
from sferum_core.reading.tables import Table
from sferum_core.reading.wording import header_text, plain

_LESSONS = {
    "lessons_distance",
    "reported_share_lessons_distance",
    "participants_planned",
    "participants_actual",
}
_CALL = {"joined_at", "left_at", "duration_seconds"}
_PERSON_FIELDS = {"messages", "calls", "linked", "role"}
_PRESCHOOL = re.compile(
    r"воспитател|\bдоо\b|\bдоу\b|дошкольн|детск\w+ сад|\bdoo\b|\bdou\b|\bpreschool|\bkindergarten"
)


def table_kind(table: Table, columns: list[Column], filename: str) -> ExportKind:
    """What a table holds, told by the fields it has."""
    fields = {c.field for c in columns if c.field}
    indicators = {
        f
        for f in fields
        if f in DENOMINATORS
        or f.startswith("reported_share_")
        or f in ("admins_registered", "parents_registered")
    }
    if len(fields & _LESSONS) >= 2 or ("lessons_total" in fields and fields & _LESSONS):
        return ExportKind.DISTANCE_LESSONS
    if fields & _CALL and fields & {"full_name", "surname", "participant_id"}:
        return ExportKind.CALL_PARTICIPANTS
    if (
        ("full_name" in fields and fields & _PERSON_FIELDS)
        or {"messages", "role"} <= fields
        or {"calls", "role"} <= fields
    ):
        return ExportKind.TEACHERS
    if "full_name" in fields:
        return ExportKind.UNKNOWN
    if fields & {"organization", "organization_id"}:
        if indicators or "is_active" in fields:
            return ExportKind.ORGANIZATIONS
        if (
            fields
            & {
                "inn",
                "ogrn",
                "address",
                "teachers_total",
                "students_total",
                "organization_type",
                "municipality",
            }
            or {"organization", "organization_id"} <= fields
        ):
            return ExportKind.REGISTRY
        return ExportKind.UNKNOWN
    if "municipality" in fields and (
        indicators or fields & {"organizations", "organizations_active", "teachers_total"}
    ):
        words = plain(
            " ".join(
                [*table.titles, table.sheet.name, filename.replace("_", " "), *(c.header for c in columns)]
            )
        )
        words += " " + " ".join(header_text(part) for column in columns for part in column.path)
        others = {
            f
            for f in fields - {"students_total"}
            if f.startswith(("students", "parents", "reported_share_students"))
        } | (fields & {"organization_type"})
        people = fields & {"teachers_total", "teachers_registered", "teachers_active"} or any(
            f.startswith("reported_share_teachers") for f in fields
        )
        if _PRESCHOOL.search(words) and people and not others:
            return ExportKind.DOO_STAFF
        return ExportKind.MUNICIPALITIES
    if indicators and _is_of_one_organization(columns):
        # «Общая» of the cabinet (004): one organization by dates, named nowhere in the table
        return ExportKind.ORGANIZATIONS
    return ExportKind.UNKNOWN


def _is_of_one_organization(columns: list[Column]) -> bool:
    """Whether a table without names has a row a date, or a single row of three and more head counts."""
    rows = max((column.filled for column in columns), default=0)
    dates = next((column.cells for column in columns if column.field == "date"), None)
    if dates is None:
        return rows == 1 and sum(column.field in COUNT_TITLES for column in columns) >= 3
    named = dates.kinds != EMPTY
    cells = np.stack([dates.codes[named], np.nan_to_num(dates.numbers[named])])
    return bool(named.any()) and np.unique(cells, axis=1).shape[1] == int(named.sum())


def fit_kind(columns: list[Column], kind: ExportKind) -> list[Column]:
    """The columns with the fields that a table of `kind` doesn't have set aside."""
    if kind is ExportKind.UNKNOWN:
        return columns
    wanted = KIND_FIELDS[kind]
    result = []
    for column in columns:
        field = column.field
        if field in SHORT_SHARES and kind in (ExportKind.MUNICIPALITIES, ExportKind.DOO_STAFF):
            column = replace(column, field=SHORT_SHARES[field])
        elif field in IGNORED_FIELDS:
            pass
        elif field and field not in wanted:
            column = replace(
                column,
                field=None,
                confidence=0.0,
                reason=f"«{FIELDS[field].title}» не относится к таблице «{kind.label}»",
            )
        result.append(column)
    return result
