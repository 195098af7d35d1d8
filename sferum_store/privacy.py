"""What may be kept: tables that may name people are refused, contacts beside a table are masked."""

from __future__ import annotations

import re
import weakref
from dataclasses import replace

import pandas as pd
from pandas.api.types import is_bool_dtype, is_float_dtype, is_integer_dtype

from sferum_core.model import ColumnMatch, Export, ExportKind, Finding
from sferum_core.people_text import (
    HIDDEN,
    PEOPLE_HEADER,
    masked,
    may_be_a_name,
    thing_without_people,
)
from sferum_core.reading.fields import COUNT_TITLES
from sferum_store.errors import PersonalData

PERSONAL_KINDS = frozenset({ExportKind.TEACHERS, ExportKind.CALL_PARTICIPANTS, ExportKind.UNKNOWN})
"""Kinds of tables whose rows may be people."""

_IDENTITY = ("organization_id", "organization", "organization_type", "municipality")
_NAMED_THINGS = frozenset({"organization", "municipality", "address"})  # they bear names of people
_NAMED_COLUMN = re.compile(r"организац|наименован|назван|школ|учрежден|муниципал|\bмо\b|адрес", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\D*(?:\d[\s()-]*){10,12}")  # a phone, СНИЛС, a passport
_ALLOWED_COUNTS = frozenset({*COUNT_TITLES, "teachers", "messages", "calls", "participants"})

_STORABLE: weakref.WeakSet[Export] = weakref.WeakSet()  # what went through once; nobody changes an export


def storable_export(export: Export) -> tuple[Export, tuple[str, ...]]:
    """The export as it may be kept, and the kinds of the tables beside it that may not.

    Of columns that were not recognized, samples that look like contacts or people are taken out; so are they in the
    rows left out («Исполнитель: …, тел. …»), in findings, in the file's name, and contacts in names and addresses.
    Raises PersonalData for a kind that may name people, unless the table is counts per organization.
    """
    if export in _STORABLE:
        return export, ()
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
        table=_without_contacts(export.table),
        columns=tuple(_column(column, personal) for column in export.columns),
        findings=tuple(_finding(finding, personal) for finding in export.findings),
        left_out=left_out,
        also=also,
        source=export.source.model_copy(update={"filename": masked(export.source.filename)}),
    )
    _STORABLE.add(kept)
    return kept, withheld


def known_storable(export: Export) -> Export:
    """The export, known from now on to have come out of `storable_export` in another process."""
    _STORABLE.add(export)
    return export


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


def _without_contacts(table: pd.DataFrame) -> pd.DataFrame:
    """The table with phones and e-mails taken out of names and addresses; the same table when there are none."""
    changed: dict[str, pd.Series] = {}
    for name in _NAMED_THINGS & set(table.columns):
        values = table[name]
        texts = [text for text in values.unique() if isinstance(text, str)]
        clean = {text: thing_without_people(text) for text in texts}
        if any(text != shown for text, shown in clean.items()):
            said = [clean.get(text, text) if isinstance(text, str) else text for text in values.tolist()]
            changed[name] = pd.Series(said, index=values.index, dtype=values.dtype)
    return table.assign(**changed) if changed else table


def _column(column: ColumnMatch, personal: bool) -> ColumnMatch:
    if not column.samples:
        return column
    if column.field in _NAMED_THINGS and not personal:
        clean = tuple(map(thing_without_people, column.samples))
    else:
        clean = tuple(map(masked, column.samples))
        people = PEOPLE_HEADER.search(column.header) or clean != column.samples or _of_people(clean)
        if personal or (column.field is None and people):
            clean = ()
    return column.model_copy(update={"samples": clean})


def _of_people(samples: tuple[str, ...]) -> bool:
    return any(may_be_a_name(text) or _LONG_NUMBER.fullmatch(text) for text in samples)


def _finding(finding: Finding, personal: bool) -> Finding:
    clean = masked if finding.column and not _NAMED_COLUMN.search(finding.column) else thing_without_people
    changed: dict[str, str | None] = {
        name: clean(text)
        for name in ("message", "value")
        if (text := getattr(finding, name)) and clean(text) != text
    }
    if personal:
        changed["value"] = None
    return finding.model_copy(update=changed) if changed else finding
