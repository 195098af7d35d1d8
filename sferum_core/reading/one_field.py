"""One column for each field: of several the latest or the present one; figures of another moment are told."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from sferum_core.model import Finding, Period, Severity
from sferum_core.reading.column import Column
from sferum_core.reading.fields import DENOMINATORS, FIELDS
from sferum_core.reading.header_moments import Moment, is_within, moment_of, order, says_now
from sferum_core.reading.headers import unexplained
from sferum_core.reading.labels import IGNORED_FIELDS
from sferum_core.reading.rawbook import RawColumn
from sferum_core.reading.values import numbers
from sferum_core.reading.wording import plain

_CHOOSE = "Проверьте выбор в разделе «Что мы поняли»."


def _same_values(a: Column, b: Column) -> bool:
    if a.numeric > 0.5 and b.numeric > 0.5:
        return bool(np.array_equal(numbers(a.cells).values, numbers(b.cells).values, equal_nan=True))
    rows = range(min(len(a.cells.kinds), 300))
    sheet = [[_text(c.cells, r) for r in rows] for c in (a, b)]
    return sheet[0] == sheet[1]


def _text(cells: RawColumn, row: int) -> str:
    return cells.texts[cells.codes[row]].strip() if cells.codes[row] >= 0 else str(cells.numbers[row])


_NAME_FORM = re.compile(r"\b(?:кратк|полн|сокращ|официальн|юридич)")
# What people did in a week; the other counts grow, and an older one is only an older one.
_GROWING = frozenset(
    code
    for code in (*DENOMINATORS, "parents_registered", "admins_registered")
    if code.endswith(("_registered", "_linked"))
)
_DATED = frozenset((*DENOMINATORS, "parents_registered", "messages", "calls"))
_LONG = ("month", "quarter", "year")


def one_for_each(columns: list[Column], period: Period | None) -> tuple[list[Column], list[Finding]]:
    """The columns with one for each field, and what was decided; `period` is what titles and names state.

    Of several columns of a field the user's own choice wins, then one that says «стало», «текущая неделя» or gives
    the latest moment; an unmarked column beats a snapshot of a day, a month or a year.
    """
    groups: dict[str, list[Column]] = {}
    for column in columns:
        if column.field and column.field not in IGNORED_FIELDS:
            groups.setdefault(column.field, []).append(column)
    losers: dict[int, str] = {}
    findings: list[Finding] = []
    winners: list[Column] = []
    for group in groups.values():
        winner, *others = _ranked(group, period)
        winners.append(winner[0])
        for column, rank in others:
            losers[column.number], said = _why_not(winner[0], column, rank < winner[1])
            findings += said
    doubts = _other_moments(winners, period)
    result = []
    for column in columns:
        if column.number in losers:
            column = replace(column, field=None, confidence=0.0, reason=losers[column.number])
        elif column.number in doubts:
            column, finding = _told(column, *doubts[column.number])
            findings.append(finding)
        result.append(column)
    return result, findings


def _ranked(group: list[Column], period: Period | None) -> list[tuple[Column, tuple[int, int]]]:
    """The columns of one field, best first, each with how present it is."""
    if len(group) == 1:
        return [(group[0], (0, 0))]
    moments = [moment_of(column.path) for column in group]
    ranks = []
    for column, moment, place in zip(group, moments, order(moments), strict=True):
        present = moment is None or moment.is_week or (period is not None and is_within(moment, period))
        ranks.append((2 if says_now(column.path) else int(present), place))
    return sorted(
        zip(group, ranks, strict=True),
        key=lambda pair: (
            not pair[0].by_user, -pair[1][0], -pair[1][1], -pair[0].confidence,
            unexplained(pair[0].path), -pair[0].filled, pair[0].number,
        ),
    )  # fmt: skip


def _why_not(winner: Column, column: Column, is_older: bool) -> tuple[str, list[Finding]]:
    assert winner.field
    if is_older and not winner.by_user:
        of = _words(moment_of(winner.path))
        taken = f"взят «{winner.header}»" + (f" ({of})" if of and of not in plain(winner.header) else "")
        week = all(m is not None and m.is_week for m in (moment_of(winner.path), moment_of(column.path)))
        reason = "другая неделя, взята последняя" if week else f"другой момент, {taken}"
        message = (
            f"Столбец «{column.header}» – за другую неделю, взята последняя."
            if week
            else f"Столбец «{column.header}» – на другой момент: {taken}, он последний или текущий."
        )
        advice = "Чтобы посмотреть другую неделю, выберите её столбцы в разделе «Что мы поняли»."
        return reason, [_finding(column, message, advice, code="earlier_week", severity=Severity.NOTE)]
    if column.field == "organization" and _NAME_FORM.search(plain(winner.header + " " + column.header)):
        return f"второе название, взято «{winner.header}»", []
    if _same_values(winner, column):
        message = f"Столбец «{column.header}» повторяет столбец «{winner.header}», взят один."
        return f"повторяет столбец «{winner.header}»", [
            _finding(
                column, message, "Ничего делать не нужно.", code="repeated_column", severity=Severity.NOTE
            )
        ]
    title = FIELDS[winner.field].title
    message = (
        f"Два столбца подходят под «{title}»: «{winner.header}» и «{column.header}». Взят «{winner.header}»."
    )
    return f"то же поле уже взято из столбца «{winner.header}»", [
        _finding(column, message, _CHOOSE, code="duplicate_field", severity=Severity.WARNING, count=2)
    ]


def _finding(
    column: Column, message: str, advice: str, *, code: str, severity: Severity, count: int = 1
) -> Finding:
    return Finding(
        code=code, severity=severity, column=column.header, message=message, advice=advice, count=count
    )


def _words(moment: Moment | None) -> str:
    return moment.words if moment else ""


def _base(column: Column) -> str:
    return (column.field or "").removeprefix("reported_share_")


def _other_moments(winners: list[Column], period: Period | None) -> dict[int, tuple[Moment, str, bool]]:
    """Columns whose figures are of another moment than the file's: the moment, of what it differs, whether to leave out."""
    dated = [c for c in winners if _base(c) in _DATED and not c.by_user]
    moments = [moment_of(c.path) for c in dated]
    places = order(moments)
    week = period if period is not None and 1 < period.days <= 9 else None
    result: dict[int, tuple[Moment, str, bool]] = {}
    for column, moment, place in zip(dated, moments, places, strict=True):
        if moment is None or moment.is_week:
            continue
        grows = _base(column) in _GROWING
        if period is not None and moment.scale not in _LONG:
            if not is_within(moment, period):
                result[column.number] = (
                    moment,
                    f"период файла – {period.label}",
                    week is not None and not grows,
                )
            continue
        later = max(places) > place
        beside_week = any(other is None for other in moments)
        if moment.scale in _LONG and not grows:
            result[column.number] = (moment, "нужен показатель за неделю", False)
        elif later or (beside_week and moment.scale in ("day", "month", "quarter")):
            what = "в соседних столбцах дата позже" if later else "у соседних столбцов даты нет"
            result[column.number] = (moment, what, False)
    return result


def _told(column: Column, moment: Moment, beside: str, leave_out: bool) -> tuple[Column, Finding]:
    words = moment.words
    if leave_out:
        message = f"Столбец «{column.header}» – на {words}, а {beside}: он не использован."
        advice = "Если это всё же показатель отчётной недели, выберите его поле в разделе «Что мы поняли»."
        reason = f"другой момент: {words}, {beside}"
        changed = replace(column, field=None, confidence=0.0, reason=reason)
    else:
        message = (
            f"Столбец «{column.header}» относится к другому моменту ({words}; {beside}), "
            "но другого такого столбца нет: взят он."
        )
        advice = (
            "Если показатель устарел, загрузите выгрузку за отчётную неделю "
            "или уберите столбец в разделе «Что мы поняли»."
        )
        reason = f"другой момент: {words}"
        changed = replace(column, confidence=min(column.confidence, 0.74), reason=reason)
    return changed, _finding(column, message, advice, code="other_moment", severity=Severity.WARNING)
