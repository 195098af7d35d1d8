"""Tables of one file that are the same organizations in different weeks: kept apart, never added up."""

from __future__ import annotations

import datetime as dt

from sferum_core.model import ExportKind, Finding, Period, Severity
from sferum_core.reading.assemble import Part
from sferum_core.reading.joining import row_keys
from sferum_core.reading.periods import WEEK_BEFORE
from sferum_core.reading.wording import plain

_SHARED = 0.2  # of the shorter table: so many in both, and they are the same organizations
_KINDS = (
    ExportKind.ORGANIZATIONS,
    ExportKind.MUNICIPALITIES,
    ExportKind.DOO_STAFF,
)
_Week = tuple[bool, dt.date, dt.date]  # whether it is called by itself, end, start


def by_week(parts: list[Part]) -> list[list[Part]]:
    """Parts of one kind, the latest week first where the same organizations stand under several, else all together.

    A week is told by the period of each part or by «прошлая неделя» over it; parts without either go with the latest.
    """
    if len(parts) < 2 or parts[0].kind not in _KINDS:
        return [parts]
    weeks = [_week(part) for part in parts]
    named = sorted({week for week in weeks if week is not None}, reverse=True)
    latest = named[0] if named and not all(_is_before(part) for part in parts) else None
    groups: dict[_Week | None, list[Part]] = {week: [] for week in ([latest] if latest else []) + named}
    for part, week in zip(parts, weeks, strict=True):
        groups.setdefault(week if week is not None else _home(latest), []).append(part)
    found = [group for group in groups.values() if group]
    found.sort(key=lambda group: any(map(_is_before, group)))
    return found if len(found) > 1 and _same_rows(found) else [parts]


def told_apart(weeks: list[list[Part]]) -> Finding:
    """What was done with a file of several weeks."""
    periods = [part.period for group in weeks for part in group if part.period and not _is_before(part)]
    latest = max(periods, key=lambda period: period.end, default=None)
    return Finding(
        code="weeks_apart",
        severity=Severity.NOTE,
        count=len(weeks),
        message=f"В файле таблицы одних и тех же организаций за разные недели ({len(weeks)}): "
        f"взята {'последняя, ' + latest.label if latest else 'последняя'}, остальные стоят отдельно и не складываются.",
        advice="Другую неделю выберите в списке таблиц файла или загрузите отдельным файлом.",
    )


def _home(latest: _Week | None) -> _Week | None:
    return latest if latest is not None and latest[0] else None


def _week(part: Part) -> _Week | None:
    if _is_before(part):
        return (False, dt.date.min, dt.date.min)
    period: Period | None = part.period
    return (True, period.end, period.start) if period is not None else None


def _is_before(part: Part) -> bool:
    return any(WEEK_BEFORE.search(plain(text)) for text in [*part.titles[-2:], part.sheet])


def _same_rows(groups: list[list[Part]]) -> bool:
    """Whether two of the groups have a good part of their rows in common."""
    keys = [{key for part in group for key in row_keys(part.frame, part.kind).dropna()} for group in groups]
    return any(
        len(one & two) >= _SHARED * min(len(one), len(two)) > 0
        for place, one in enumerate(keys)
        for two in keys[:place]
    )
