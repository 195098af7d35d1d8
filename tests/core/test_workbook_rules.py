"""The rules for workbooks over every workbook the product makes: with rows, without, with hostile text."""

from __future__ import annotations

import ast
import datetime as dt
import importlib
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from sferum_core.model import Status
from sferum_core.palette import STATUS_COLOURS, contrast
from sferum_core.reports import Book, write_workbook
from tests.conftest import ROOT
from tests.core.books import BOOKS, IN_PACKAGE, KINDS, PROFILE, planned

CASES = [
    (name, kind)
    for name in BOOKS
    for kind in KINDS
    if (name, kind) != ("package Муниципалитеты/", "zero")  # no municipality, no book
]
WITHOUT_STATUSES = (
    "staff",
    "findings",
    "package Сотрудники ДОО",
    "package Замечания к выгрузке",
    "teachers",
    "people",
    "lessons",
    "calls",
    "calls with names",
    "reconciliation",
    "reconciliation_list",
    "fixit",
    "fixit_outcome",
    "mailings",
)
TITLE = "Проверка & сравнение: <отчёт>"


@cache
def made(name: str, kind: str) -> bytes:
    return BOOKS[name](kind)


@cache
def opened(name: str, kind: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(made(name, kind)))


def table_sheets(book: openpyxl.Workbook) -> list[Worksheet]:
    return book.worksheets[1:]


every_book = pytest.mark.parametrize(("name", "kind"), CASES)


def test_no_maker_of_a_workbook_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever calls the writer anywhere in the product has made one of the books here."""
    makers = set()
    for folder in ("sferum_core", "sferum_ui", "sferum_store", "pages"):
        for file in (ROOT / folder).rglob("*.py"):
            for part in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(part, ast.FunctionDef):
                    called = (one.func for one in ast.walk(part) if isinstance(one, ast.Call))
                    if any(isinstance(name, ast.Name) and name.id == "write_workbook" for name in called):
                        makers.add((file, part.name))
    seen = set()
    for file, _ in makers:
        module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))

        def watched(book: Book) -> bytes:
            code = sys._getframe(1).f_code
            seen.add((Path(code.co_filename), code.co_name))
            return write_workbook(book)

        monkeypatch.setattr(module, "write_workbook", watched)
    made.cache_clear()
    for name in BOOKS:
        made(name, "plain")
    assert makers and seen == makers


@pytest.mark.parametrize("kind", KINDS)
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
    if name not in WITHOUT_STATUSES:
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
                    units = ("%", "чел.", "ед.", "орг.", "№", "мест", "процентных пунктов", ", с")
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
                        "просрочки нет",
                        "в файле только доля",
                        "недели нет",
                        "не считается",
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
