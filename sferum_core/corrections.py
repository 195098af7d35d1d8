"""An office's own corrections laid over a week's table: type, municipality, name, staff list, accepted spellings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from sferum_core.model import ExportKind, Finding, OrganizationType, Severity
from sferum_core.reading.fields import KIND_FIELDS
from sferum_core.wording import organizations, plural, rows

_ORDER = {name: place for place, name in enumerate(KIND_FIELDS[ExportKind.ORGANIZATIONS])}


class CorrectedField(StrEnum):
    """What is corrected. All but the last name an organization by its ID; the last names a spelling."""

    TYPE = "organization_type"
    MUNICIPALITY = "municipality"
    NAME = "organization"
    TEACHERS_TOTAL = "teachers_total"
    STUDENTS_TOTAL = "students_total"
    SPELLING = "spelling"  # of a municipality; the value is the accepted one

    @property
    def label(self) -> str:
        """Russian name for the screen."""
        return _LABELS[self]

    @property
    def is_count(self) -> bool:
        """Whether the value is a head count."""
        return self in (CorrectedField.TEACHERS_TOTAL, CorrectedField.STUDENTS_TOTAL)


_LABELS = {
    CorrectedField.TYPE: "Тип организации",
    CorrectedField.MUNICIPALITY: "Муниципалитет",
    CorrectedField.NAME: "Название организации",
    CorrectedField.TEACHERS_TOTAL: "Численность педагогов",
    CorrectedField.STUDENTS_TOTAL: "Численность обучающихся",
    CorrectedField.SPELLING: "Написание муниципалитета",
}


@dataclass(frozen=True)
class Correction:
    """`field` of `subject` (an organization's ID; for a spelling, the spelling met) is `value`.

    A count's value is a whole number, a type's one of `OrganizationType`. ValueError otherwise.
    """

    field: CorrectedField
    subject: str
    value: str | int

    def __post_init__(self) -> None:
        if not self.subject.strip():
            raise ValueError("a correction without an organization")
        if self.field.is_count:
            if isinstance(self.value, bool) or not isinstance(self.value, int) or not 0 <= self.value < 2**53:
                raise ValueError(f"«{self.value}» – не численность")
        elif not isinstance(self.value, str) or not self.value.strip():
            raise ValueError("a correction without a value")
        elif self.field is CorrectedField.TYPE:
            OrganizationType(self.value)


def apply_corrections(
    table: pd.DataFrame, corrections: Iterable[Correction]
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """The table (same rows, same order, same index) with the corrections laid over it, and what that changed.

    Of several corrections of one thing the last holds. A column the file lacks is added where the contract has it. A
    correction the file agrees with changes nothing and is not counted. Findings (notes): `correction_applied` for each
    field, `correction_unused` for organizations that are not in the table. The table given is not changed.
    """
    by_field: dict[CorrectedField, dict[str, str | int]] = {}
    for correction in corrections:
        by_field.setdefault(correction.field, {})[correction.subject.strip()] = correction.value
    result, notes = table.copy(), []
    met, asked = set(), set()
    for field in CorrectedField:
        wanted = by_field.get(field)
        if not wanted:
            continue
        by_spelling = field is CorrectedField.SPELLING
        column = "municipality" if by_spelling else field.value
        subjects = _subjects(result, "municipality" if by_spelling else "organization_id")
        if not by_spelling:
            asked |= set(wanted)
            met |= set(wanted) & set(subjects.dropna())
        result, changed, example = _laid(result, column, subjects, wanted, field.is_count)
        if changed:
            notes.append(_applied(field, changed, example))
    missing = len(asked - met)
    if missing:
        notes.append(
            Finding(
                code="correction_unused",
                severity=Severity.NOTE,
                message=f"{organizations(missing)} из списка исправлений "
                f"{plural(missing, 'не встретилась', 'не встретились', 'не встретились')} в этой выгрузке.",
                advice="Если организация закрыта или сменила ID, отмените её исправление.",
                column="organization_id",
                count=missing,
            )
        )
    return result, tuple(notes)


def _subjects(table: pd.DataFrame, column: str) -> pd.Series:
    if column not in table.columns:
        return pd.Series(pd.NA, index=table.index, dtype="str")
    return table[column].astype("str").str.strip()


def _laid(
    table: pd.DataFrame, column: str, subjects: pd.Series, wanted: dict[str, str | int], is_count: bool
) -> tuple[pd.DataFrame, int, str]:
    """The table with one column corrected, how many cells that changed, and the first of them in words."""
    named = subjects.isin(list(wanted)).to_numpy(dtype=bool)
    if not named.any():
        return table, 0, ""
    dtype: Any = "Int64" if is_count else "str"
    old = (
        table[column].astype(dtype)
        if column in table.columns
        else pd.Series(pd.NA, index=table.index, dtype=dtype)
    )
    new = old.copy()
    new[named] = pd.Series(
        [wanted[subject] for subject in subjects[named]], index=new.index[named], dtype=dtype
    )
    changed = named & ~(new == old).fillna(False).to_numpy(dtype=bool)
    if not changed.any():
        return table, 0, ""
    first = int(changed.argmax())
    before = old.iloc[first]
    example = f"{'пусто' if pd.isna(before) else before} → {new.iloc[first]}"
    result = table.assign(**{column: new})
    if column not in table.columns:
        result = result[_in_order(list(table.columns), column)]
    return result, int(changed.sum()), example


def _in_order(columns: list[str], added: str) -> list[str]:
    """The new column before the first one that comes after it in the contract."""
    place = next(
        (i for i, name in enumerate(columns) if _ORDER.get(name, len(_ORDER)) > _ORDER[added]), len(columns)
    )
    return [*columns[:place], added, *columns[place:]]


def _applied(field: CorrectedField, count: int, example: str) -> Finding:
    return Finding(
        code="correction_applied",
        severity=Severity.NOTE,
        message=f"{field.label}: по исправлениям управления изменено {rows(count)}.",
        advice="Посмотреть и отменить исправления можно на странице «Управление».",
        column="municipality" if field is CorrectedField.SPELLING else field.value,
        value=example,
        count=count,
    )
