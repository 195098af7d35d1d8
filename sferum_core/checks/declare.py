"""What a check is: declared once, with its words and its function, in one registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

import numpy as np

from sferum_core.checks.subject import Subject
from sferum_core.model import ExportKind, Severity


class Group(StrEnum):
    """What a check is about; the order is that of the catalogue."""

    FILE = "file"
    STRUCTURE = "structure"
    IDENTITY = "identity"
    LOGIC = "logic"
    PLAUSIBILITY = "plausibility"
    TIME = "time"
    STRANGERS = "strangers"
    PEOPLE = "people"

    @property
    def label(self) -> str:
        """Russian name for Справка."""
        return _GROUP_LABELS[self]


_GROUP_LABELS = {
    Group.FILE: "Файл",
    Group.STRUCTURE: "Состав таблицы",
    Group.IDENTITY: "Кто есть кто",
    Group.LOGIC: "Показатели между собой",
    Group.PLAUSIBILITY: "Правдоподобие",
    Group.TIME: "Период",
    Group.STRANGERS: "Посторонние в списке",
    Group.PEOPLE: "Педагоги поимённо",
}

ORGANIZATIONS = ExportKind.ORGANIZATIONS
TEACHERS = ExportKind.TEACHERS
MUNICIPALITIES = ExportKind.MUNICIPALITIES
DOO_STAFF = ExportKind.DOO_STAFF
REGISTRY = ExportKind.REGISTRY
ALL_KINDS = (ORGANIZATIONS, TEACHERS, MUNICIPALITIES, DOO_STAFF, REGISTRY)
LISTS = (ORGANIZATIONS, REGISTRY)
FIGURES = (ORGANIZATIONS, MUNICIPALITIES, DOO_STAFF)
PUBLISHED = (MUNICIPALITIES, DOO_STAFF)

PREVIOUS, TODAY, PERIOD = "previous", "today", "period"
ARGUMENTS = (PREVIOUS, TODAY, PERIOD)


@dataclass(frozen=True, eq=False)
class Hit:
    """One thing a check found: the rows it is about (0-based positions, or None) and words for its message.

    `details` gives the texts for some of the rows: the values that are wrong, beside the row's name. It is
    asked for those that are told: a finding shows three of 100,000.
    `column` is the field whose cell is to be mended. `count` replaces the number of rows.
    """

    rows: np.ndarray | None = None
    column: str | None = None
    words: Mapping[str, object] = field(default_factory=dict)
    details: Callable[[np.ndarray], tuple[str, ...]] | None = None
    examples: str | None = None
    count: int | None = None


@dataclass(frozen=True, eq=False)
class Check:
    """A check with everything about it.

    `message` is a template over the words of a hit and `{organizations}`, `{rows}`, `{municipalities}`,
    `{people}`, `{count}`. `needs` are columns with at least one value, or `previous`, `today`, `period`:
    without them the check does not apply. `depends_on` are codes of checks or of the reader: when one of
    these found something, the check is not run. `supersedes` are codes of the reader whose words this check
    says better, by row.
    """

    code: str
    group: Group
    severity: Severity
    title: str
    when: str
    message: str
    advice: str
    kinds: tuple[ExportKind, ...]
    run: Callable[[Subject], Iterable[Hit]]
    needs: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()

    def applies(self, subject: Subject) -> bool:
        """Whether the table has what the check needs."""
        return subject.kind in self.kinds and all(subject.offers(need) for need in self.needs)


CHECKS: dict[str, Check] = {}
"""Every check by its code, in the order of the catalogue."""


def check(
    code: str,
    severity: Severity,
    title: str,
    *,
    group: Group,
    when: str,
    message: str,
    advice: str,
    kinds: tuple[ExportKind, ...],
    needs: tuple[str, ...] = (),
    depends_on: tuple[str, ...] = (),
    supersedes: tuple[str, ...] = (),
) -> Callable[[Callable[[Subject], Iterable[Hit]]], Callable[[Subject], Iterable[Hit]]]:
    """Declares the function below it as a check. ValueError for a code that is taken."""

    def register(run: Callable[[Subject], Iterable[Hit]]) -> Callable[[Subject], Iterable[Hit]]:
        if code in CHECKS:
            raise ValueError(f"check {code} is declared twice")
        CHECKS[code] = Check(
            code, group, severity, title, when, message, advice, kinds, run, needs, depends_on, supersedes
        )
        return run

    return register


def rows_where(
    subject: Subject,
    mask: np.ndarray,
    column: str | None = None,
    *,
    show: tuple[str, ...] = (),
    details: Callable[[np.ndarray], tuple[str, ...]] | None = None,
    **words: object,
) -> list[Hit]:
    """A hit over the rows of `mask`, none when there are none; `show` names columns whose values stand beside."""
    rows = np.flatnonzero(mask)
    if not len(rows):
        return []
    told = details or (partial(subject.shown, columns=show) if show else None)
    return [Hit(rows=rows, column=column, words=words, details=told)]
