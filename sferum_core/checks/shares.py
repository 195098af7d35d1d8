"""Checks of shares that a file states: against its own counts, and above 100 %."""

from __future__ import annotations

import numpy as np

from sferum_core.checks.declare import FIGURES, Group, Hit, check, rows_where
from sferum_core.checks.logic import HAPPENS
from sferum_core.checks.subject import Subject
from sferum_core.model import Severity
from sferum_core.reading.derive import share_parts
from sferum_core.reading.fields import FIELDS
from sferum_core.wording import percent

_DECIMALS = (0, 1, 2, 3, 4)


def share_title(column: str) -> str:
    """What a stated share is about: «Педагогов активных»."""
    above, _ = share_parts(column)
    return FIELDS[above].title if above else FIELDS[column].title.removesuffix(", доля из файла")


def _printed_step(values: np.ndarray) -> float:
    """Half of the last digit the shares are printed with, with a hair above."""
    known = values[~np.isnan(values)] * 100
    digits = next((d for d in _DECIMALS if np.allclose(known, known.round(d), atol=1e-7, rtol=0)), 4)
    return 0.5 * 10.0 ** -(digits + 2) + 1e-9


@check(
    "reported_share_differs",
    Severity.WARNING,
    "Доля в файле не сходится с числами",
    group=Group.LOGIC,
    when="Доля из файла отличается от посчитанной по числам больше, чем на округление.",
    message="Доля в файле («{title}») не сходится с числами: {rows}.",
    advice="Показана доля, посчитанная по числам. Проверьте, за один ли день взяты числа и доли и от чего считалась доля.",
    kinds=FIGURES,
    depends_on=("column_doubtful",),
)
def reported_share_differs(subject: Subject) -> list[Hit]:
    """Stated shares against counts, beyond the rounding they are printed with."""
    found = []
    for name in subject.table.columns:
        above, below = share_parts(str(name)) if str(name).startswith("reported_share_") else ("", "")
        if not above or not subject.has(name, above, below):
            continue
        top, bottom, stated = (subject.numbers(column) for column in (above, below, name))
        share = np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)
        mask = np.abs(share - stated) > _printed_step(stated)

        def details(
            rows: np.ndarray, stated: np.ndarray = stated, share: np.ndarray = share
        ) -> tuple[str, ...]:
            return tuple(f"в файле {percent(stated[row])}, по числам {percent(share[row])}" for row in rows)

        found += rows_where(subject, mask, name, details=details, title=share_title(name))
    return found


@check(
    "reported_share_over_100",
    Severity.NOTE,
    "Доля в файле больше 100 %",
    group=Group.LOGIC,
    when="Доля, указанная в файле, больше 100 %.",
    message="Доля в файле («{title}») больше 100\u00a0%: {rows}.",
    advice=HAPPENS,
    kinds=FIGURES,
)
def reported_share_over_100(subject: Subject) -> list[Hit]:
    """Stated shares above one, shown as they are; where head counts say the same, they are told already."""
    found = []
    for name in subject.table.columns:
        if str(name).startswith("reported_share_"):
            above, below = share_parts(str(name))
            told = subject.numbers(above) > subject.numbers(below)
            mask = (subject.numbers(name) > 1 + 1e-9) & ~told
            found += rows_where(subject, mask, name, show=(name,), title=share_title(name))
    return found
