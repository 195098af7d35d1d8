"""For every check of time and of the week before: an export that makes it fire, and one that keeps it quiet."""
# ruff: noqa: E501 - a case a line reads best as a table

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from sferum_core.model import Export, Period
from tests.core.checks.cases_own import Case
from tests.core.checks.exports import (
    DISTRICTS,
    WEEK,
    WEEK_BEFORE,
    first_rows,
    organizations,
    with_cells,
    with_column,
    with_rows,
    without,
)

_WEEKLY = ("teachers_active", "teachers_3_messages", "teachers_10_messages", "teachers_1_call", "teachers_3_calls", "students_active", "parents_active")  # fmt: skip


def before() -> Export:
    """The clean week before."""
    return organizations(0)


def during(start: dt.date, end: dt.date, week: int = 1) -> Export:
    """The clean export under another period."""
    return replace(organizations(week), period=Period(start=start, end=end))


def copied(moved: int) -> Export:
    """Last week's figures under this week's date, but for some rows."""
    made = organizations()
    for name in _WEEKLY:
        values = organizations(0).table[name].copy()
        values[:moved] = values[:moved] + 1
        made = with_column(made, name, values)
    return without(made, "reported_share_teachers_10_messages")


def _moved(column: str, values: pd.Series, changed: int = 0) -> Export:
    values = values.copy()
    values[:changed] = values[:changed] - 1
    return with_column(organizations(), column, values)


def _cell(week: int, column: str, row: int) -> int:
    return int(organizations(week).table[column].iloc[row])


def _foreign(own: int) -> Export:
    made = organizations(0)
    ids = [text if row < own else f"9{text}" for row, text in enumerate(made.table["organization_id"])]
    names = [text if row < own else f"{text} другая" for row, text in enumerate(made.table["organization"])]
    return with_column(with_column(made, "organization_id", ids), "organization", names)


def _silent(rows: range) -> Export:
    made = without(organizations(), "reported_share_teachers_10_messages")
    return with_cells(made, "teachers_10_messages", dict.fromkeys(rows, 0))


def _loud_before(row: int) -> Export:
    return with_cells(organizations(0), "teachers_10_messages", {row: 10})


def _share(share: float, rows: range, week: int = 1) -> Export:
    made = without(organizations(week), "reported_share_teachers_10_messages")
    ten = {row: round(int(made.table["teachers_registered"].iloc[row]) * share) for row in rows}
    return with_cells(made, "teachers_10_messages", ten)


def _new_rows(count: int) -> Export:
    made = organizations()
    rows = made.table.head(count).assign(
        organization_id=[f"30{i:04d}" for i in range(count)],
        organization=[f"МБОУ «СОШ № {i + 300}»" for i in range(count)],
    )
    return with_rows(made, rows)


_REGISTERED = _cell(0, "teachers_registered", 6)
_TOTAL = _cell(0, "teachers_total", 6)
_NO_PERIOD = replace(organizations(), period=None)

TIME = {
    "period_missing": Case(lambda: _NO_PERIOD),
    "period_length": Case(lambda: during(dt.date(2024, 3, 27), dt.date(2024, 4, 4)), lambda: during(dt.date(2024, 3, 28), dt.date(2024, 4, 4))),
    "period_future": Case(organizations, organizations, today=dt.date(2024, 4, 3)),
    "period_old": Case(organizations, today=WEEK.end + dt.timedelta(days=61)),
    "period_impossible": Case(lambda: during(dt.date(2014, 3, 29), dt.date(2014, 4, 4))),
    "period_repeated": Case(lambda: replace(organizations(), period=WEEK_BEFORE), before=before, before_quiet=before),
    "period_earlier": Case(lambda: replace(organizations(0), period=WEEK_BEFORE), organizations,
                           before=organizations, before_quiet=before),
    "period_overlap": Case(lambda: during(dt.date(2024, 3, 28), dt.date(2024, 4, 3)), lambda: during(dt.date(2024, 3, 28), dt.date(2024, 4, 4)),
                           before=before, before_quiet=before),
    "period_gap": Case(lambda: during(dt.date(2024, 3, 30), dt.date(2024, 4, 5)), before=before, before_quiet=before),
}  # fmt: skip
CHANGES = {
    "another_region": Case(organizations, before=lambda: _foreign(19), before_quiet=lambda: _foreign(20), count=19),
    "same_file_again": Case(organizations, before=organizations, before_quiet=before),
    "figures_copied": Case(lambda: copied(1), lambda: copied(3), before=before, before_quiet=before),
    "column_unchanged": Case(lambda: _moved("teachers_active", organizations(0).table["teachers_active"]),
                             lambda: _moved("teachers_active", organizations(0).table["teachers_active"], 1),
                             before=before, before_quiet=before, count=40),
    "municipality_gone": Case(lambda: first_rows(organizations(), 32), lambda: first_rows(organizations(), 33),
                              before=before, before_quiet=before, count=1, says=DISTRICTS[4]),
    "municipality_new": Case(lambda: with_cells(organizations(), "municipality", {3: "г. Новый"}),
                             lambda: with_cells(organizations(), "municipality", {3: "Сосновский МР"}),
                             before=before, before_quiet=before, count=1, says="г. Новый"),
    "organizations_jump": Case(lambda: first_rows(organizations(), 35), lambda: first_rows(organizations(), 36),
                               before=before, before_quiet=before, count=5),
    "organizations_gone": Case(lambda: first_rows(organizations(), 38), before=before, before_quiet=before, count=2, says="101443"),
    "organizations_new": Case(lambda: _new_rows(2), before=before, before_quiet=before, count=2, says="300000"),
    "type_changed": Case(lambda: with_cells(organizations(), "organization_type", {3: "СПО"}),
                         lambda: with_cells(organizations(), "organization_type", {3: pd.NA}),
                         before=before, before_quiet=before, count=1, says="было «ОО», стало «СПО»"),
    "municipality_changed": Case(lambda: with_cells(organizations(), "municipality", {3: DISTRICTS[2]}),
                                 lambda: with_cells(organizations(), "municipality", {3: "Сосновский МР"}),
                                 before=before, before_quiet=before, count=1),
    "name_changed": Case(lambda: with_cells(organizations(), "organization", {3: "МБОУ «Новая школа»"}),
                         lambda: with_cells(organizations(), "organization", {3: "МБОУ \"СОШ  №4\" с. Лужки"}),
                         before=before, before_quiet=before, count=1),
    "columns_lost": Case(lambda: without(organizations(), "teachers_linked"), before=before, before_quiet=before, count=1, says="ЭЖД"),
    "became_inactive": Case(lambda: with_cells(organizations(), "is_active", {3: False}), before=before, before_quiet=before, count=1),
}  # fmt: skip
JUMPS = {
    "registered_dropped": Case(lambda: with_cells(organizations(), "teachers_registered", {6: (_REGISTERED - 1) // 2}),
                               lambda: with_cells(organizations(), "teachers_registered", {6: (_REGISTERED + 1) // 2}),
                               before=before, before_quiet=before, count=1, says="было"),
    "registered_jumped": Case(lambda: with_cells(organizations(), "teachers_registered", {6: 2 * _REGISTERED}),
                              lambda: with_cells(organizations(), "teachers_registered", {6: 2 * _REGISTERED - 1}),
                              before=before, before_quiet=before, count=1),
    "staff_list_jumped": Case(lambda: with_cells(organizations(), "teachers_total", {6: -(-_TOTAL * 3 // 2)}),
                              lambda: with_cells(organizations(), "teachers_total", {6: _TOTAL * 3 // 2 - 1}),
                              before=before, before_quiet=before, count=1),
    "jump_region": Case(lambda: _share(0.6, range(40)), lambda: _share(0.29, range(40)),
                        before=lambda: _share(0.2, range(40), 0), before_quiet=lambda: _share(0.2, range(40), 0)),
    "jump_municipality": Case(lambda: _share(0.5, range(8)), lambda: _share(0.2, range(8)),
                              before=lambda: _share(0.2, range(8), 0), before_quiet=lambda: _share(0.2, range(8), 0),
                              count=1, says=DISTRICTS[0]),
    "jump_organization": Case(lambda: _share(0.8, range(6, 7)), lambda: _share(0.69, range(6, 7)),
                              before=lambda: _share(0.2, range(6, 7), 0), before_quiet=lambda: _share(0.2, range(6, 7), 0),
                              count=1, says="было 20"),
    "fell_silent": Case(lambda: _silent(range(6, 7)), lambda: _share(0.05, range(6, 7)),
                        before=lambda: _loud_before(6), before_quiet=lambda: _loud_before(6), count=1, says="было 10, стало 0"),
}  # fmt: skip
WEEK_CASES: dict[str, Case] = {**TIME, **CHANGES, **JUMPS}
QUIET_TODAY = {"period_future": WEEK.end, "period_old": WEEK.end + dt.timedelta(days=60)}
