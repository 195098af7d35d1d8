"""The rules for workbooks over every workbook the product makes: with rows, without, with hostile text."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from sferum_core.changes import what_changed
from sferum_core.model import (
    ColumnMatch,
    Export,
    ExportKind,
    Finding,
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
from sferum_core.palette import STATUS_COLOURS, contrast
from sferum_core.reports import (
    ReportMeta,
    annex_workbook,
    changes_workbook,
    comparison_workbook,
    findings_workbook,
    organizations_workbook,
    staff_workbook,
)
from sferum_core.reports.package import Package, PlannedFile, plan
from sferum_core.staff import doo_staff

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
    return table.iloc[:0] if kind == "zero" else table


def staff_book(kind: str) -> bytes:
    table = organizations(kind)
    return staff_workbook(doo_staff(table), meta(len(table)))


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
    texts = [] if kind == "zero" else HOSTILE
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


def annex_book(kind: str, *, without_strangers: bool = False) -> bytes:
    table = organizations(kind)
    return annex_workbook(
        assess_organizations(table, PROFILE),
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
}
BOOKS |= {f"package {start}": partial(package_book, start=start) for start in IN_PACKAGE}
CASES = [
    (name, kind)
    for name in BOOKS
    for kind in ("plain", "hostile", "zero")
    if (name, kind) != ("package Муниципалитеты/", "zero")  # no municipality, no book
]
TITLE = "Проверка & сравнение: <отчёт>"


@cache
def made(name: str, kind: str) -> bytes:
    return BOOKS[name](kind)


def opened(name: str, kind: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(made(name, kind)))


def table_sheets(book: openpyxl.Workbook) -> list[Worksheet]:
    return book.worksheets[1:]


every_book = pytest.mark.parametrize(("name", "kind"), CASES)


@pytest.mark.parametrize("kind", ["plain", "hostile", "zero"])
def test_every_workbook_of_the_package_is_among_the_books_tested(kind: str) -> None:
    assert all(file.path.startswith(IN_PACKAGE) for file in planned(kind))
    found = {start for start in IN_PACKAGE if any(file.path.startswith(start) for file in planned(kind))}
    assert found == set(IN_PACKAGE) - ({"Муниципалитеты/"} if kind == "zero" else set())


@every_book
def test_rule_1_the_first_sheet_is_about_the_file(name: str, kind: str) -> None:
    book = opened(name, kind)
    about = book.worksheets[0]
    assert about.title == "О файле"
    assert about["A1"].value == (book.properties.title if name.startswith("package ") else TITLE)
    said = {row[0].value: row[1].value for row in about.iter_rows(min_row=2)}
    assert said["Отчётный период"] == "29.03–04.04.2024"
    assert said["Файл выгрузки"] == "=выгрузка.xlsx"
    assert said["Нормы"] == PROFILE.title
    assert said["Источник норм"] == PROFILE.source
    assert said["Сформировано"] == "05.04.2024 10:30"
    assert said["Строк не вошло"] == "2"
    links = [cell.hyperlink.location for row in about.iter_rows() for cell in row if cell.hyperlink]
    assert links == [f"'{sheet.title}'!A1" for sheet in table_sheets(book)]
    if name not in ("staff", "findings", "package Сотрудники ДОО", "package Замечания к выгрузке"):
        assert all(status.label in said for status in Status)


@every_book
def test_rule_2_and_4_one_table_a_sheet_with_nothing_merged_hidden_or_blank(name: str, kind: str) -> None:
    for sheet in table_sheets(opened(name, kind)):
        assert sheet["A1"].value and sheet["A2"].value.startswith("Источник: =выгрузка.xlsx · период: ")
        assert not sheet.merged_cells.ranges
        assert not any(row.hidden for row in sheet.row_dimensions.values())
        width = sum(1 for cell in sheet[3] if cell.value is not None)
        assert sheet.max_column == width
        rows = list(sheet.iter_rows(min_row=4, values_only=True))
        assert rows
        if sheet.tables:
            assert all(value not in (None, "") for row in rows for value in row), sheet.title
        else:
            assert [value for value in rows[0] if value is not None] == [rows[0][0]]
            assert rows[0][0].startswith("Строк нет") and len(rows) == 1


@every_book
def test_rule_3_real_tables_with_unique_headers(name: str, kind: str) -> None:
    book = opened(name, kind)
    tables = [table for sheet in table_sheets(book) for table in sheet.tables.values()]
    names = [table.displayName for table in tables]
    assert len({text.casefold() for text in names}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z_]\w*", text) for text in names)
    for sheet in table_sheets(book):
        headers = [cell.value for cell in sheet[3]]
        assert all(headers) and len({text.casefold() for text in headers}) == len(headers)
        for table in sheet.tables.values():
            assert [column.name for column in table.tableColumns] == headers
            assert table.ref.startswith("A3:") and table.ref.endswith(str(sheet.max_row))
            assert table.autoFilter is not None


@every_book
def test_rules_5_and_6_numbers_are_numbers_and_gaps_are_words(name: str, kind: str) -> None:
    for sheet in table_sheets(opened(name, kind)):
        headers = [cell.value for cell in sheet[3]]
        for row in sheet.iter_rows(min_row=4) if sheet.tables else ():
            for header, cell in zip(headers, row, strict=True):
                if cell.data_type == "n":
                    units = ("%", "чел.", "ед.", "орг.", "№", "мест", "процентных пунктов")
                    assert header.endswith(units) or "Место" in header, header
                    is_percent = header.endswith(("%", "процентных пунктов"))
                    assert ("%" in cell.number_format) == is_percent, header
                elif header.endswith(("%", "чел.", "ед.")):
                    assert cell.value in (
                        "нет данных",
                        "норма не задана",
                        "не с чем сравнить",
                        "в файле только проценты",
                        "не распознан",
                        "цель не задана",
                        "тип не определён",
                        "в файле только доля",
                    )
                if header == "ID организации" and cell.value != "ID не указан":
                    assert cell.data_type == "s" and re.fullmatch(r"\d{6}", cell.value)


@every_book
def test_rule_7_a_status_is_a_word_in_a_readable_colour(name: str, kind: str) -> None:
    words = {status.label: STATUS_COLOURS["light"][status].text for status in Status}
    for sheet in table_sheets(opened(name, kind)):
        places = [cell.column - 1 for cell in sheet[3] if cell.value == "Статус"]
        for row in sheet.iter_rows(min_row=4) if sheet.tables else ():
            for cell in (row[place] for place in places):
                assert cell.value in words
                colour = f"#{cell.font.color.rgb[2:].lower()}"
                assert colour == words[cell.value]
                assert contrast(colour, "#ffffff") >= 4.5


@every_book
def test_rule_8_widths_freeze_and_print(name: str, kind: str) -> None:
    for sheet in table_sheets(opened(name, kind)):
        for dimension in sheet.column_dimensions.values():
            assert 12 <= dimension.width <= 61, (sheet.title, dimension.index, dimension.width)
        assert sheet.freeze_panes and sheet.freeze_panes.endswith("4")
        assert sheet.page_setup.orientation == "landscape" and str(sheet.page_setup.paperSize) == "9"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in {(1, 0), (None, 0)}
        assert sheet.print_title_rows == "$3:$3"
        assert all(cell.alignment.wrap_text for cell in sheet[3])


@every_book
def test_rule_9_document_properties(name: str, kind: str) -> None:
    book = opened(name, kind)
    assert book.properties.title and (name.startswith("package ") or book.properties.title == TITLE)
    assert book.properties.language == "ru-RU"
    assert book.properties.creator == "Сферум-отчёты"
    assert book.properties.created == dt.datetime(2024, 4, 5, 10, 30)
    assert book.active.title == "О файле"
    assert book.active.sheet_view.selection[0].activeCell in (None, "A1")


@every_book
def test_rule_10_no_text_is_a_formula(name: str, kind: str) -> None:
    with zipfile.ZipFile(io.BytesIO(made(name, kind))) as archive:
        parts = [part for part in archive.namelist() if part.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in archive.read(part) or b"<f " in archive.read(part) for part in parts)
        assert not any("externalLink" in part or "vba" in part.lower() for part in archive.namelist())
    for sheet in opened(name, kind).worksheets:
        for row in sheet.iter_rows(min_row=4):
            for cell in row:
                assert cell.data_type != "f"
                if isinstance(cell.value, str):
                    assert len(cell.value) <= 32_767
                    assert not re.search(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]", cell.value)
                    if cell.value.startswith(("=", "+", "-", "@", "\t", "\n")):
                        assert cell.quotePrefix, (sheet.title, cell.coordinate, cell.value[:20])


@every_book
def test_the_same_table_gives_the_same_bytes(name: str, kind: str) -> None:
    assert BOOKS[name](kind) == made(name, kind)


@every_book
def test_sheet_names_are_legal(name: str, kind: str) -> None:
    titles = opened(name, kind).sheetnames
    assert len({title.casefold() for title in titles}) == len(titles)
    assert all(0 < len(title) <= 31 and not set(title) & set("[]:*?/\\") for title in titles)


@pytest.mark.office
def test_rule_12_every_workbook_opens_in_libreoffice(tmp_path: Path) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        message = "LibreOffice (soffice) не найден: открыть книги в нём нельзя"
        pytest.fail(message) if os.environ.get("CI", "").lower() == "true" else pytest.skip(message)
    files = []
    for name, kind in CASES:
        files.append(tmp_path / f"{name.rstrip('/')}_{kind}.xlsx")
        files[-1].write_bytes(made(name, kind))
    out = tmp_path / "back"
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [program, "--headless", profile, "--convert-to", "ods", "--outdir", str(out), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    for (name, kind), file in zip(CASES, files, strict=True):
        converted = out / f"{file.stem}.ods"
        assert converted.exists(), f"{name}, {kind}: LibreOffice не открыл книгу"
        sheets = pd.read_excel(converted, sheet_name=None, header=None, engine="calamine")
        assert list(sheets) == opened(name, kind).sheetnames
