"""What may be kept: tables that may name people are refused, contacts beside a table are masked."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from pandas.api.types import is_bool_dtype, is_float_dtype, is_integer_dtype

from sferum_core.model import ColumnMatch, Export, ExportKind, Finding
from sferum_core.people_text import HIDDEN, PEOPLE_HEADER, masked, without_contacts
from sferum_core.reading.fields import COUNT_TITLES
from sferum_store.errors import PersonalData

PERSONAL_KINDS = frozenset({ExportKind.TEACHERS, ExportKind.CALL_PARTICIPANTS, ExportKind.UNKNOWN})
"""Kinds of tables whose rows may be people."""

_IDENTITY = ("organization_id", "organization", "organization_type", "municipality")
_ALLOWED_COUNTS = frozenset({*COUNT_TITLES, "teachers", "messages", "calls", "participants"})


def storable_export(export: Export) -> tuple[Export, tuple[str, ...]]:
    """The export as it may be kept, and the kinds of the tables beside it that may not.

    Of columns that were not recognized, samples that look like contacts or people are taken out; so are they in the
    rows left out («Исполнитель: …, тел. …») and in findings. The table itself holds recognized columns only.
    Raises PersonalData for a kind that may name people, unless the table is counts per organization.
    """
    check(export)
    withheld = tuple(other.kind.value for other in export.also if not _is_allowed(other))
    also = tuple(storable_export(other)[0] for other in export.also if _is_allowed(other))
    personal = export.kind in PERSONAL_KINDS
    left_out = export.left_out
    if "text" in left_out.columns and len(left_out):
        texts = left_out["text"]
        cleaned = pd.Series(
            [
                HIDDEN if personal else masked(text) if isinstance(text, str) else text
                for text in texts.tolist()
            ],
            index=texts.index,
            dtype=texts.dtype,
        )
        left_out = left_out.assign(text=cleaned)
    kept = replace(
        export,
        columns=tuple(_column(column, personal) for column in export.columns),
        findings=tuple(_finding(finding, personal) for finding in export.findings),
        left_out=left_out,
        also=also,
    )
    return kept, withheld


def check(export: Export) -> None:
    """PersonalData when the export's own table may not be kept."""
    if not _is_allowed(export):
        raise PersonalData(
            f"Таблица «{export.kind.label}» может содержать имена людей, поэтому она не сохраняется.",
            "Сохранить можно только числа по организациям: без имён, одна строка на организацию.",
        )


def _is_allowed(export: Export) -> bool:
    if export.kind not in PERSONAL_KINDS:
        return "full_name" not in export.table.columns
    return export.kind is ExportKind.TEACHERS and _is_counts(export.table)


def _is_counts(table: pd.DataFrame) -> bool:
    """A row an organization (and date), known identity columns, and counts; nothing else."""
    identity = [name for name in table.columns if name in _IDENTITY]
    dates = [name for name in table.columns if name == "date"]
    others = [name for name in table.columns if name not in (*identity, *dates)]
    if not {"organization_id", "organization"} & set(identity):
        return False
    if any(name not in _ALLOWED_COUNTS or not _is_number(table[name]) for name in others):
        return False
    return not table.duplicated([*identity, *dates]).any()


def _is_number(values: pd.Series) -> bool:
    return (is_integer_dtype(values) or is_float_dtype(values)) and not is_bool_dtype(values)


def _column(column: ColumnMatch, personal: bool) -> ColumnMatch:
    people = PEOPLE_HEADER.search(column.header) or any(masked(text) != text for text in column.samples)
    if column.samples and (personal or (column.field is None and people)):
        return column.model_copy(update={"samples": ()})
    return column


def _finding(finding: Finding, personal: bool) -> Finding:
    changed: dict[str, str | None] = {
        name: without_contacts(text)
        for name in ("message", "value")
        if (text := getattr(finding, name)) and without_contacts(text) != text
    }
    if personal:
        changed["value"] = None
    return finding.model_copy(update=changed) if changed else finding
