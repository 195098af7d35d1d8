"""Every workbook the product can make, by name: with rows, with one, without any, with hostile text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial

import pandas as pd

from sferum_core.calls import call_report
from sferum_core.changes import what_changed
from sferum_core.checks import run_checks
from sferum_core.fixit import AnswerBook, Answered, lay_answers, read_answers, to_mend
from sferum_core.fixit.answers import Cell
from sferum_core.lessons import lesson_report
from sferum_core.mailings import LetterKind, Mailing, Recipient
from sferum_core.model import (
    ColumnMatch,
    Export,
    ExportKind,
    Finding,
    Limits,
    OrganizationType,
    Period,
    Severity,
    Source,
    Status,
)
from sferum_core.municipalities import (
    compare_municipalities,
    heat_table,
    municipality_leaders,
    organization_leaders,
    region_total,
)
from sferum_core.norms import load_profile
from sferum_core.organizations import assess_organizations
from sferum_core.reconciliation import reconcile
from sferum_core.reconciliation_lists import Listing, reconciliation_lists
from sferum_core.reports import (
    ReportMeta,
    annex_workbook,
    changes_workbook,
    comparison_workbook,
    findings_workbook,
    organizations_workbook,
    staff_workbook,
    trend_workbook,
)
from sferum_core.reports.fixit import fixit_workbook, outcome_workbook
from sferum_core.reports.lessons import calls_workbook, lessons_workbook
from sferum_core.reports.mailings import mailings_workbook
from sferum_core.reports.package import Package, PlannedFile, plan
from sferum_core.reports.reconciliation import reconciliation_workbook
from sferum_core.reports.teachers import people_workbook, teachers_workbook
from sferum_core.staff import doo_staff
from sferum_core.teachers import roll_up_detail, teacher_report
from sferum_core.trends import trend_table, week_sums
from sferum_core.waiting import with_waiting

PROFILE = load_profile("chelyabinsk-2024")
INDICATOR = PROFILE.main_indicator
HOSTILE = [
    "=cmd|'/c calc'!A1",
    "\t=1+1",
    "+7",
    "-1",
    "@SUM(A1)",
    "\r=2",
    "a\x00b\x1bc",
    "я" * 40_000,
    "http://x.ru",
    "<r><t>A & B</t></r>",
    "_x0041_ & <b>",
    " \u00a0с пробелами ",
]


def meta(rows: int) -> ReportMeta:
    return ReportMeta(
        title="Проверка & сравнение: <отчёт>",
        region="Демонстрационная область",
        period=Period(start=dt.date(2024, 3, 29), end=dt.date(2024, 4, 4)),
        source_name="=выгрузка.xlsx",
        source_sha="ab" * 32,
        profile_title=PROFILE.title,
        profile_source=PROFILE.source,
        generated=dt.datetime(2024, 4, 5, 10, 30),
        rows_read=rows,
        rows_left_out=2,
    )


def organizations(kind: str) -> pd.DataFrame:
    """A table of organizations: `plain` rows, `hostile` names, or `zero` rows."""
    names = HOSTILE if kind == "hostile" else [f"МБДОУ «Детский сад № {i}»" for i in range(12)]
    count = len(names)
    table = pd.DataFrame(
        {
            "organization_id": [f"{i:06d}" for i in range(count)],
            "organization": names,
            "organization_type": ["ДОО"] * (count - 2) + ["СПО", None],
            "municipality": [names[i % 3] if kind == "hostile" else f"Район {i % 3}" for i in range(count)],
        },
        dtype="str",
    )
    table["is_active"] = pd.array([i % 4 != 0 for i in range(count)], dtype="boolean")
    table["admins_registered"] = pd.array([1] * count, dtype="Int64")
    table["teachers_total"] = pd.array([12] * count, dtype="Int64")
    table["teachers_registered"] = pd.array([i + 1 for i in range(count)], dtype="Int64")
    table[INDICATOR] = pd.array([None if i == 1 else min(i, 3) for i in range(count)], dtype="Int64")
    table["teachers_active"] = pd.array(list(range(count)), dtype="Int64")
    return cut(table, kind)


def cut(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    """None of the rows for `zero`, the first for `one`, else all."""
    return table.iloc[: {"zero": 0, "one": 1}.get(kind, len(table))]


def staff_book(kind: str) -> bytes:
    table = organizations(kind)
    before = table.assign(teachers_registered=1).iloc[1:]
    return staff_workbook(doo_staff(table), meta(len(table)), doo_staff(before))


@cache
def trend_of(kind: str) -> pd.DataFrame:
    """Three weeks of four: one is not kept."""
    table, sums, periods = organizations(kind), [], []
    for back, share in ((3, 1), (1, 2), (0, 3)):
        end = dt.date(2024, 4, 4) - dt.timedelta(weeks=back)
        periods.append(Period(start=end - dt.timedelta(days=6), end=end))
        week = table.assign(**{INDICATOR: (table[INDICATOR] - (3 - share)).clip(lower=0)})
        sums.append(week_sums(week, PROFILE).assign(start=periods[-1].start, end=end))
    history = pd.concat(sums).astype({"start": "datetime64[us]", "end": "datetime64[us]"})
    return trend_table(history, PROFILE, INDICATOR, periods=periods)


def trend_book(kind: str) -> bytes:
    trend = trend_of(kind)
    keys = trend["municipality_key"].unique().tolist()[1:3]
    return trend_workbook(trend, PROFILE, INDICATOR, meta(len(trend)), keys)


def teachers(kind: str) -> pd.DataFrame:
    names = HOSTILE if kind == "hostile" else [f"Иванова Анна {i}" for i in range(12)]
    count = len(names)
    table = pd.DataFrame({"full_name": names, "organization": names, "municipality": names}, dtype="str")
    table["organization_id"] = pd.array([f"{i:06d}" for i in range(count)], dtype="str")
    table["linked"] = pd.array([None if i == 1 else i % 2 == 0 for i in range(count)], dtype="boolean")
    table["messages"] = pd.array([None if i == 2 else 3 * i for i in range(count)], dtype="Int64")
    table["calls"] = pd.array([i % 4 for i in range(count)], dtype="Int64")
    return cut(table, kind)


def teachers_book(kind: str) -> bytes:
    table = teachers(kind)
    return teachers_workbook(teacher_report(table), roll_up_detail(table), meta(len(table)))


def people_book(kind: str) -> bytes:
    table = teachers(kind)
    return people_workbook(teacher_report(table).people, meta(len(table)))


def lessons_book(kind: str) -> bytes:
    names = HOSTILE if kind == "hostile" else [f"СОШ № {i}" for i in range(12)]
    count = len(names)
    table = pd.DataFrame({"organization": names, "municipality": names}, dtype="str")
    table["organization_id"] = pd.array([f"{i:06d}" for i in range(count)], dtype="str")
    for place, key in enumerate(("children", "lessons_distance", "lessons_total", "participants_planned")):
        table[key] = pd.array([None if i == place else 10 * place + i for i in range(count)], dtype="Int64")
    table["participants_actual"] = pd.array([i % 5 for i in range(count)], dtype="Int64")
    table = cut(table, kind)
    return lessons_workbook(lesson_report(table), meta(len(table)))


def calls_book(kind: str, *, with_names: bool = False) -> bytes:
    names = HOSTILE if kind == "hostile" else [f"Участник {i}" for i in range(12)]
    count = len(names)
    table = pd.DataFrame({"participant": names, "participant_id": names}, dtype="str")
    joined = pd.to_datetime("2024-04-04 10:00") + pd.to_timedelta(list(range(count)), unit="min")
    table["joined_at"], table["left_at"] = joined, joined + pd.Timedelta(minutes=20)
    table = cut(table, kind)
    return calls_workbook(
        call_report(table, "call_1_participants.csv"), meta(len(table)), with_names=with_names
    )


def comparison_book(kind: str) -> bytes:
    table = organizations(kind)
    assessed = assess_organizations(table, PROFILE)
    comparison = compare_municipalities(table, PROFILE, INDICATOR)
    return comparison_workbook(
        comparison,
        region_total(table, PROFILE, INDICATOR),
        PROFILE,
        INDICATOR,
        meta(len(table)),
        municipality_leaders=municipality_leaders(comparison, PROFILE),
        organization_leaders=organization_leaders(assessed, PROFILE, INDICATOR),
        heat=heat_table(table, PROFILE),
    )


def findings_book(kind: str) -> bytes:
    table = organizations(kind)
    texts = HOSTILE[: {"zero": 0, "one": 1}.get(kind, len(HOSTILE))]
    findings = tuple(
        Finding(code="x", severity=Severity.WARNING, message=f"{text} в строке", value=text, row=place)
        for place, text in enumerate(texts)
    )
    left_out = pd.DataFrame(
        {"sheet": texts, "row": range(len(texts)), "reason": texts, "text": texts},
    )
    columns = tuple(
        ColumnMatch(number=i, header=text, field=None, confidence=0.0) for i, text in enumerate(texts)
    )
    source = Source(filename="x.xlsx", sha256="ab", format="xlsx")
    export = Export(
        ExportKind.ORGANIZATIONS, table, None, columns, findings, left_out, len(table) + len(texts), source
    )
    return findings_workbook(export, meta(len(table)))


def assessed_book(kind: str) -> bytes:
    table = organizations(kind)
    return organizations_workbook(assess_organizations(table, PROFILE), PROFILE, meta(len(table)))


def annex_book(kind: str, *, without_strangers: bool = False, waiting: bool = False) -> bytes:
    table = organizations(kind)
    assessed = assess_organizations(table, PROFILE)
    return annex_workbook(
        with_waiting(assessed, (0, 4)) if waiting else assessed,
        PROFILE,
        meta(len(table)),
        OrganizationType.PRESCHOOL,
        (Status.INACTIVE, Status.BELOW_NORM),
        without_strangers=without_strangers,
    )


def changes_book(kind: str) -> bytes:
    table = organizations(kind)
    before = table.iloc[1:].copy()  # one new, some renamed, one moved, other figures
    before[INDICATOR] = before[INDICATOR].iloc[::-1].array
    before["is_active"] = before["is_active"].iloc[::-1].array
    if len(before) > 3:
        before.iloc[0, before.columns.get_loc("organization")] += " прежний"
        before.iloc[1, before.columns.get_loc("municipality")] = "г. Новый"
        before.iloc[2, before.columns.get_loc("organization_type")] = "СПО"
        gone = before.iloc[[3, 3]].assign(organization_id=["900000", None], organization=["=Закрыта", None])
        before = pd.concat([before, gone])
    weeks = {
        "period": Period(start=dt.date(2024, 3, 29), end=dt.date(2024, 4, 4)),
        "before_period": Period(start=dt.date(2024, 3, 22), end=dt.date(2024, 3, 28)),
    }
    tables = (assess_organizations(one, PROFILE) for one in (table, before))
    return changes_workbook(what_changed(*tables, PROFILE, **weeks), PROFILE, meta(len(table)))


def reconciliation_book(kind: str, which: Listing | None = None) -> bytes:
    platform = organizations(kind)
    registry = platform[["organization", "organization_type", "municipality"]].iloc[2:].copy()
    registry["organization_type"] = registry["organization_type"].mask(
        registry["organization_type"] == "СПО", "ДОД"
    )
    registry = pd.concat([registry, registry.iloc[:1].assign(organization="=МБДОУ «Детский сад № 99»")])
    registry = registry.iloc[: 0 if kind == "zero" else len(registry)].reset_index(drop=True)
    lists = reconciliation_lists(platform, registry, reconcile(platform, registry))
    return reconciliation_workbook(lists, meta(len(platform)), which)


def fixit_export(kind: str) -> Export:
    """An export with something wrong in every row: more active than registered, hostile names."""
    table = organizations(kind)
    active = table["teachers_active"] + 1
    table = table.assign(teachers_active=active, teachers_10_messages=active, teachers_registered=0)
    source = Source(filename="x.xlsx", sha256="ab", format="xlsx")
    columns = tuple(
        ColumnMatch(number=number, header=header, field=field, confidence=1.0)
        for number, (header, field) in enumerate(
            [("=ID", "organization_id"), ("Код строки", "organization"), ("Учителей", "teachers_registered"),
             ("Учителей", "teachers_active")]
        )
    )  # fmt: skip
    left_out = pd.DataFrame({"sheet": [], "row": [], "reason": [], "text": []})
    return Export(ExportKind.ORGANIZATIONS, table, None, columns, (), left_out, len(table), source)


def fixit_book(kind: str) -> bytes:
    export = fixit_export(kind)
    wanted = to_mend(export, run_checks(export, PROFILE))
    assert bool(wanted.rows) == (kind != "zero")
    return fixit_workbook(wanted, meta(len(export.table)))


def outcome_book(kind: str) -> bytes:
    export = fixit_export(kind)
    wanted = to_mend(export, run_checks(export, PROFILE))
    limits = Limits()
    books = read_answers(fixit_book(kind), "=ответ.xlsx", wanted, limits)
    rows = tuple(
        replace(one, cells={**one.cells, "teachers_registered": Cell("50", 50.0)}, comment="=1+1")
        for one in books[0].rows
    )
    lost = [] if kind == "zero" else [Answered("+книга", "Л", 4, "ZZZZ", {"organization": Cell("-Школа")})]
    given = [AnswerBook("=ответ.xlsx", (*rows, *lost))]
    outcome = lay_answers(wanted, given, lambda one: run_checks(one, PROFILE))
    return outcome_workbook(outcome, meta(len(export.table)))


def mailings_book(kind: str) -> bytes:
    table = organizations(kind)
    days = [None, dt.date(2024, 4, 10), dt.date(2024, 4, 30)]
    people = [
        Recipient(str(place), str(name), answered_on=days[place % 3], note=str(name) if place % 2 else "")
        for place, name in enumerate(table["organization"])
    ]
    sent = dt.date(2024, 4, 5)
    known = [
        Mailing(
            LetterKind.REGION, sent, people, "=1", dt.date(2024, 4, 19), ("+Приложение", "б"), "@x", "-я"
        ),
        Mailing(LetterKind.SCHOOL, sent, people[:1]),
    ]
    return mailings_workbook(known if people else [], meta(len(table)), dt.date(2024, 4, 25))


def package(kind: str) -> Package:
    """The package of a week with every part."""
    table = organizations(kind)
    assessed = assess_organizations(table, PROFILE)
    source = Source(filename="x.xlsx", sha256="ab", format="xlsx")
    left_out = pd.DataFrame({"sheet": [], "row": [], "reason": [], "text": []})
    export = Export(ExportKind.ORGANIZATIONS, table, None, (), (), left_out, len(table), source)
    return Package(assessed, PROFILE, meta(len(table)), export=export)


@cache
def planned(kind: str) -> list[PlannedFile]:
    return [file for file in plan(package(kind)) if file.path.endswith(".xlsx")]


def package_book(kind: str, *, start: str) -> bytes:
    build = next(file for file in planned(kind) if file.path.startswith(start)).build
    assert build is not None
    return build()


IN_PACKAGE = (
    "Сводная книга",
    "Приложение 1",
    "Приложение 2",
    "Лидеры",
    "Сотрудники ДОО",
    "Замечания к выгрузке",
    "Муниципалитеты/",
)
BOOKS: dict[str, Callable[[str], bytes]] = {
    "organizations": assessed_book,
    "annex": annex_book,
    "annex_without_strangers": partial(annex_book, without_strangers=True),
    "comparison": comparison_book,
    "staff": staff_book,
    "findings": findings_book,
    "changes": changes_book,
    "trend": trend_book,
    "teachers": teachers_book,
    "people": people_book,
    "lessons": lessons_book,
    "calls": calls_book,
    "calls with names": partial(calls_book, with_names=True),
    "annex_waiting": partial(annex_book, waiting=True),
    "reconciliation": reconciliation_book,
    "reconciliation_list": partial(reconciliation_book, which=Listing.ONLY_PLATFORM),
    "fixit": fixit_book,
    "fixit_outcome": outcome_book,
    "mailings": mailings_book,
}
"""Makers by the name of the book; `test_workbook_rules` sees to it that none is missing."""
KINDS = ("plain", "hostile", "one", "zero")
BOOKS |= {f"package {start}": partial(package_book, start=start) for start in IN_PACKAGE}
