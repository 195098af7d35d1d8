"""How fast files are read and judged and workbooks written, as ratios to the bare libraries."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from sferum_core import assess_organizations, compare_municipalities, load_profile, read_export
from sferum_core.model import Export
from sferum_core.norms import NormProfile
from sferum_core.reports import (
    Book,
    Package,
    Part,
    ReportMeta,
    organizations_workbook,
    write_package,
    write_workbook,
)
from tests.benchmarks.files import organizations_file, teachers_file
from tests.benchmarks.measure import Report, ratio
from tests.conftest import ROOT

pytestmark = pytest.mark.benchmark

MEMORY = """
import gc, json, re, sys
from pathlib import Path
from sferum_core import read_export

def resident(name):
    return int(re.search(name + r":\\s+(\\d+) kB", Path("/proc/self/status").read_text()).group(1)) / 1024

small, large = map(Path, sys.argv[1:])
read_export(small.read_bytes(), small.name)
gc.collect()
before = resident("VmRSS")
Path("/proc/self/clear_refs").write_text("5")
export = read_export(large.read_bytes(), large.name)
assert len(export.table) == 100_000
gc.collect()
peak, held = resident("VmHWM") - before, resident("VmRSS") - before
del export
gc.collect()
after = resident("VmRSS") - before
again = []
for _ in range(4):
    read_export(large.read_bytes(), large.name)
    gc.collect()
    again.append(resident("VmRSS") - before)
print(json.dumps({"peak": peak, "held": held, "after": after, "after_five": again[-1]}))
"""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("benchmarks")


@pytest.fixture(scope="session")
def teachers(folder: Path) -> Path:
    return teachers_file(folder / "teachers.xlsx")


@pytest.fixture(scope="session")
def organizations(folder: Path) -> Path:
    return organizations_file(folder / "organizations.xlsx")


def bare(path: Path) -> int:
    return len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())


def test_a_hundred_thousand_teachers(teachers: Path, report: Report) -> None:
    content = teachers.read_bytes()
    assert len(read_export(content, teachers.name).table) == 100_000
    value, how = ratio(lambda: read_export(content, teachers.name), lambda: bare(teachers))
    report.add_ratio(
        "100,000 teachers (9 columns): typed table / bare calamine read", value, at_most=1.6, how=how
    )


def test_a_hundred_thousand_teachers_of_the_cabinet(folder: Path, report: Report) -> None:
    path = teachers_file(folder / "cabinet.xlsx", cabinet=True)
    content = path.read_bytes()
    value, how = ratio(lambda: read_export(content, path.name), lambda: bare(path))
    report.add_ratio(
        "100,000 teachers (6 columns): typed table / bare calamine read", value, at_most=1.6, how=how
    )


def test_a_hundred_thousand_teachers_against_pandas(teachers: Path, report: Report) -> None:
    content = teachers.read_bytes()

    def ours() -> int:
        table = read_export(content, teachers.name).table
        return len(table.groupby("organization_id")[["messages", "calls"]].sum())

    def pandas() -> int:
        table = pd.read_excel(teachers, engine="openpyxl", dtype={"ID школы": "str"})
        columns = ["Кол-во сообщений за 7 дней", "Кол-во звонков за 7 дней"]
        return len(table.groupby("ID школы")[columns].sum())

    assert ours() == pandas()
    value, how = ratio(pandas, ours, rounds=3)
    report.add_ratio("100,000 teachers: pandas with openpyxl + groupby / ours", value, at_least=8, how=how)


def test_three_thousand_organizations(organizations: Path, report: Report) -> None:
    content, profile = organizations.read_bytes(), load_profile("chelyabinsk-2024")

    def ours() -> int:
        assessed = assess_organizations(read_export(content, organizations.name).table, profile)
        return len(compare_municipalities(assessed, profile, profile.main_indicator))

    assert ours() == 40
    value, how = ratio(ours, lambda: bare(organizations), rounds=15)
    report.add_ratio(
        "3,000 organizations: read + assess + compare / bare calamine read", value, at_most=8, how=how
    )


def meta_of(title: str, export: Export, profile: NormProfile) -> ReportMeta:
    """What stands on the first sheet of a workbook of this export."""
    return ReportMeta(
        title=title,
        region="Демонстрационная область",
        period=export.period,
        source_name=export.source.filename,
        source_sha=export.source.sha256,
        profile_title=profile.title,
        profile_source=profile.source,
        generated=dt.datetime(2024, 4, 5, 9),
        rows_read=len(export.table),
    )


def test_a_workbook_of_three_thousand_organizations(organizations: Path, report: Report) -> None:
    profile = load_profile("chelyabinsk-2024")
    export = read_export(organizations.read_bytes(), organizations.name)
    assessed = assess_organizations(export.table, profile)
    meta = meta_of("Проверка организаций", export, profile)
    written = organizations_workbook(assessed, profile, meta)
    cells = cells_of(written)
    value, how = ratio(lambda: organizations_workbook(assessed, profile, meta), lambda: bare_dump(cells))
    report.add_ratio(
        "Workbook of 3,000 organizations / bare xlsxwriter dump of its cells", value, at_most=2, how=how
    )


def cells_of(written: bytes) -> dict[str, list[list[Any]]]:
    """The values of every sheet of a workbook by its name."""
    book = openpyxl.load_workbook(io.BytesIO(written), read_only=True)
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets
    }


def bare_dump(sheets: dict[str, list[list[Any]]]) -> None:
    """The same values cell by cell, without formats."""
    book = xlsxwriter.Workbook(io.BytesIO())
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()


WORKBOOKS = frozenset(
    {Part.SUMMARY, Part.ANNEXES, Part.MUNICIPALITIES, Part.LEADERS, Part.STAFF, Part.FINDINGS}
)


def test_a_package_of_43_municipalities(organizations: Path, report: Report) -> None:
    """Every workbook of the package against one workbook that holds the same sheets."""
    profile = load_profile("chelyabinsk-2024")
    export = read_export(organizations.read_bytes(), organizations.name)
    letters = "абвгдежзиклмнопрстуфхцчшщэюя"
    names = [f"{letters[i % 43 % 28].upper()}{letters[i % 43 // 28]}рский район" for i in range(3_000)]
    assessed = assess_organizations(export.table.assign(municipality=names), profile)
    meta = meta_of("Пакет недели", export, profile)

    def whole() -> list[str]:
        with tempfile.TemporaryFile() as target:
            package = Package(assessed, profile, meta, parts=WORKBOOKS, export=export)
            return write_package(package, target)

    books = recorded_books(whole)
    assert len(books) == len(whole()) == 49
    sheets = [
        replace(sheet, key=f"k{number}", name=f"s{number}")
        for number, sheet in enumerate(sheet for book in books for sheet in book.sheets)
    ]
    once = Book(meta, sheets)
    value, how = ratio(whole, lambda: write_workbook(once))
    report.add_ratio(
        "Package of 43 municipalities, 3,000 organizations / its sheets in one workbook",
        value,
        at_most=1.5,
        how=how,
    )
    cells = cells_of(write_workbook(once))
    value, how = ratio(whole, lambda: bare_dump(cells))
    report.add_ratio(
        "The same package / bare xlsxwriter dump of its cells into one workbook", value, at_most=1.5, how=how
    )


def recorded_books(make: Callable[[], object]) -> list[Book]:
    """What `make` gives to the writer of workbooks, which writes nothing meanwhile."""
    books: list[Book] = []

    def record(book: Book) -> bytes:
        books.append(book)
        return b""

    with pytest.MonkeyPatch.context() as patch:
        for name in ("organizations", "summary", "comparison", "findings", "staff"):
            patch.setattr(f"sferum_core.reports.{name}.write_workbook", record)
        make()
    return books


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="measures memory through /proc")
def test_memory_of_a_hundred_thousand_teachers(teachers: Path, organizations: Path, report: Report) -> None:
    run = subprocess.run(
        [sys.executable, "-c", MEMORY, str(organizations), str(teachers)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    grown = json.loads(run.stdout)
    how = "resident memory of a fresh process, a small file read before"
    report.add_memory("Growth while 100,000 teachers are taken in (peak)", grown["peak"], 200, how=how)
    report.add_memory("Growth while their table is held", grown["held"], 200, how=how)
    report.add_memory("Growth after the table is let go", grown["after"], 200, how=how)
    report.add_memory("Growth after five such files, one after another", grown["after_five"], 200, how=how)
