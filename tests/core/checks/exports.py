"""Clean exports of every kind, made without a file, and ways to spoil one."""
# ruff: noqa: E501 - lists of names and columns

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from sferum_core.model import ColumnMatch, Export, ExportKind, Finding, Period, Severity, Source
from sferum_core.reading.fields import FIELDS, Content

TODAY = dt.date(2024, 4, 8)
WEEK = Period(start=dt.date(2024, 3, 29), end=dt.date(2024, 4, 4))
WEEK_BEFORE = Period(start=dt.date(2024, 3, 22), end=dt.date(2024, 3, 28))
DISTRICTS = ("Сосновский район", "Озёрный район", "Луговской район", "Северский район", "Приреченский район")
PLACES = ("Ольховка", "Берёзово", "Каменка", "Лужки", "Заречье", "Родники", "Ключи", "Дубрава")
SURNAMES = ("Ветрова", "Лугова", "Озеров", "Полева", "Речкина", "Снегова", "Туманов", "Холмова", "Цветкова", "Ясенева")  # fmt: skip
LEFT_OUT = pd.DataFrame({name: pd.Series(dtype="str") for name in ("sheet", "row", "reason", "text")})


def inn(serial: int) -> str:
    """A ten-digit ИНН with its check digit, by the published weights."""
    body = f"74{serial:07d}"
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    return body + str(sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11 % 10)


def ogrn(serial: int) -> str:
    """A thirteen-digit ОГРН with its check digit."""
    body = f"10274{serial:07d}"
    return body + str(int(body) % 11 % 10)


def typed(data: Mapping[str, object]) -> pd.DataFrame:
    """A frame with the contract's dtypes."""
    frame = pd.DataFrame(data)
    for name in frame.columns:
        content = FIELDS[str(name)].content
        dtype = {
            Content.COUNT: "Int64",
            Content.SHARE: "Float64",
            Content.STATUS: "boolean",
            Content.FLAG: "boolean",
            Content.DATE: "datetime64[ns]",
        }.get(content, "str")
        frame[name] = frame[name].astype(dtype)
    return frame


def export(kind: ExportKind, table: pd.DataFrame, period: Period | None = WEEK, **changes: object) -> Export:
    """An export around a table, as the reader would give it for a file without troubles."""
    columns = tuple(
        ColumnMatch(number=i, header=FIELDS[str(name)].title, field=str(name), confidence=1.0)
        for i, name in enumerate(table.columns)
    )
    made = Export(
        kind=kind,
        table=table.reset_index(drop=True),
        period=period,
        columns=columns,
        findings=(),
        left_out=LEFT_OUT,
        source_rows=len(table),
        source=Source(filename="week.xlsx", sha256=str(period), format="xlsx", sheets=("Лист1",)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def organizations(week: int = 1, count: int = 40) -> Export:
    """Forty organizations of five districts in order; `week` 0 is the week before."""
    rng = np.random.default_rng(7)
    types = ["ДОО" if i % 8 in (1, 4) else "СПО" if i % 8 == 7 else "ОО" for i in range(count)]
    words = {"ДОО": "МБДОУ «Детский сад № {}» с. {}", "ОО": "МБОУ «СОШ № {}» с. {}", "СПО": "ГБПОУ «Колледж № {}» с. {}"}  # fmt: skip
    names = [words[kind].format(i + 1, PLACES[i % 8]) for i, kind in enumerate(types)]
    total = rng.integers(23, 71, count)
    registered = np.minimum(total - 1, (total * rng.uniform(0.7, 0.95, count)).astype(int)) - (1 - week)
    draw = np.random.default_rng(week + 1)
    active = (registered * draw.uniform(0.5, 0.7, count)).astype(int)
    three = (active * draw.uniform(0.7, 0.95, count)).astype(int)
    ten = np.maximum((three * draw.uniform(0.4, 0.8, count)).astype(int), 1)
    one_call = np.maximum((three * draw.uniform(0.3, 0.6, count)).astype(int), 1)
    students = np.where(np.array(types) == "ДОО", 0, rng.integers(150, 900, count))
    student_people = (students * 0.8).astype(int)
    table = typed(
        {
            "organization_id": [f"{100_000 + 37 * i}" for i in range(count)],
            "organization": names,
            "organization_type": types,
            "municipality": [DISTRICTS[i // 8 % 5] for i in range(count)],
            "is_active": [True] * count,
            "admins_registered": 1 + np.arange(count) % 2,
            "teachers_total": total,
            "teachers_registered": registered,
            "teachers_active": active,
            "teachers_linked": (registered * rng.uniform(0.5, 0.9, count)).astype(int),
            "teachers_created_chat": (active * draw.uniform(0.2, 0.5, count)).astype(int),
            "teachers_3_messages": three,
            "teachers_10_messages": ten,
            "teachers_1_call": one_call,
            "teachers_3_calls": (one_call * 0.6).astype(int),
            "students_total": students,
            "students_registered": student_people,
            "students_linked": (student_people * rng.uniform(0.4, 0.8, count)).astype(int),
            "students_active": (student_people * draw.uniform(0.3, 0.6, count)).astype(int),
            "parents_registered": (students * 0.37).astype(int) + 3,
            "parents_active": (students * draw.uniform(0.1, 0.3, count)).astype(int) + 1,
            "reported_share_teachers_10_messages": np.round(ten / registered, 3),
            "inn": [inn(i + 1) for i in range(count)],
            "ogrn": [ogrn(i + 1) for i in range(count)],
        }
    )
    return export(ExportKind.ORGANIZATIONS, table, WEEK if week else WEEK_BEFORE)


def registry() -> Export:
    """The office's own list of the same organizations."""
    table = organizations().table[
        ["organization_id", "organization", "organization_type", "municipality", "inn", "ogrn", "teachers_total", "students_total"]
    ]  # fmt: skip
    return export(ExportKind.REGISTRY, table)


def municipalities(week: int = 1) -> Export:
    """Twelve municipalities with counts and the published share."""
    rng, draw = np.random.default_rng(5), np.random.default_rng(week + 20)
    names = [*DISTRICTS, "г. Ясногорск", "Боровский район", "Каменский район", "Заозёрный район", "г. Светлый", "Полевской район", "Хвойнинский район"]  # fmt: skip
    registered = rng.integers(203, 997, 12) + week
    active = (registered * draw.uniform(0.55, 0.65, 12)).astype(int)
    table = typed(
        {
            "municipality": names,
            "organizations": rng.integers(9, 40, 12),
            "teachers_registered": registered,
            "teachers_active": active,
            "reported_share_active": np.round(active / registered, 3),
            "organizations_active": rng.integers(3, 9, 12),
        }
    )
    return export(ExportKind.MUNICIPALITIES, table, WEEK if week else WEEK_BEFORE)


def doo_staff(week: int = 1) -> Export:
    """The same municipalities with staff lists of preschools."""
    base = municipalities(week).table
    registered, active = base["teachers_registered"], base["teachers_active"]
    total = (registered * 1.17).astype("int64")
    table = typed(
        {
            "municipality": base["municipality"],
            "teachers_total": total,
            "teachers_registered": registered,
            "teachers_active": active,
            "reported_share_registered": np.round(registered.astype(float) / total, 3),
            "reported_share_active": np.round(active.astype(float) / registered.astype(float), 3),
        }
    )
    return export(ExportKind.DOO_STAFF, table, WEEK if week else WEEK_BEFORE)


def teachers() -> Export:
    """Twenty-four teachers of two schools on one date."""
    rng = np.random.default_rng(3)
    count = 24
    table = typed(
        {
            "date": [pd.Timestamp(2024, 4, 4)] * count,
            "full_name": [f"{SURNAMES[i % 10]} {'АБВ'[i // 10]}. {'ИКЛ'[i % 3]}." for i in range(count)],
            "role": ["teacher"] * count,
            "linked": [i % 3 != 0 for i in range(count)],
            "messages": rng.integers(4, 80, count),
            "calls": rng.integers(0, 4, count),
            "organization_id": [f"{200_000 + i % 2}" for i in range(count)],
            "organization": [f"МБОУ «СОШ № {1 + i % 2}»" for i in range(count)],
            "municipality": [DISTRICTS[0]] * count,
        }
    )
    day = Period(start=dt.date(2024, 4, 4), end=dt.date(2024, 4, 4))
    return export(ExportKind.TEACHERS, table, day)


CLEAN = {
    ExportKind.ORGANIZATIONS: organizations,
    ExportKind.REGISTRY: registry,
    ExportKind.MUNICIPALITIES: municipalities,
    ExportKind.DOO_STAFF: doo_staff,
    ExportKind.TEACHERS: teachers,
}


def clean_before(kind: ExportKind) -> Export:
    """The clean export of the week before."""
    if kind is ExportKind.ORGANIZATIONS:
        return organizations(0)
    if kind is ExportKind.MUNICIPALITIES:
        return municipalities(0)
    if kind is ExportKind.DOO_STAFF:
        return doo_staff(0)
    made = CLEAN[kind]()
    earlier = Period(start=dt.date(2024, 3, 28), end=dt.date(2024, 3, 28))
    source = made.source.model_copy(update={"sha256": "before"})
    return replace(made, period=earlier if kind is ExportKind.TEACHERS else WEEK_BEFORE, source=source)


def with_cells(made: Export, column: str, values: Mapping[int, object]) -> Export:
    """The export with some cells of a column replaced; the column keeps its dtype."""
    table = made.table.copy()
    for row, value in values.items():
        table.loc[row, column] = value
    return replace(made, table=table)


def with_column(made: Export, column: str, values: object) -> Export:
    """The export with a whole column replaced or added."""
    table = made.table.assign(**{column: values})
    return replace(made, table=typed({name: table[name] for name in table.columns}))


def without(made: Export, *columns: str) -> Export:
    """The export without some columns."""
    table = made.table.drop(columns=list(columns))
    kept = tuple(match for match in made.columns if match.field not in columns)
    return replace(made, table=table, columns=kept)


def with_rows(made: Export, rows: pd.DataFrame) -> Export:
    """The export with further rows."""
    table = pd.concat([made.table, rows], ignore_index=True)
    return replace(made, table=typed({name: table[name] for name in made.table.columns}))


def first_rows(made: Export, count: int) -> Export:
    """The export with only its first rows."""
    return replace(made, table=made.table.head(count).reset_index(drop=True))


def told(code: str) -> Finding:
    """A finding of the reader."""
    return Finding(code=code, severity=Severity.WARNING, message=code)
