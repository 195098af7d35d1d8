"""The office's own xlsx: named cells and a known header are filled, formats, totals and what stands below stay."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from sferum_core.model import UnreadableFile
from sferum_core.reports.letters import municipality_letter, region_letter
from sferum_core.reports.templates import TableFilling, fill_xlsx, inspect_xlsx_template
from sferum_core.reports.templates.table import column_key
from tests.core.books import organizations
from tests.core.test_letters import FIELDS, PROFILE, WEEK, words

HEADER = (
    "№ п/п",
    "Наименование организации",
    "ID школы",
    "Муниципалитет",
    "Статус",
    "Доля",
    "Не хватает, чел.",
    "Примечание",
    "Зарегистрировано учителей",
)


def form(*, footer: bool = True, table: bool = False, gap: int = 0) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Форма 1"
    sheet["A1"] = "Сведения {{ период_словами }}"
    sheet["A2"] = "дата"
    sheet["B2"] = None
    sheet.merge_cells("A1:I1")
    book.defined_names["дата"] = DefinedName("дата", attr_text="'Форма 1'!$B$2")
    book.defined_names["не_активны"] = DefinedName("не_активны", attr_text="'Форма 1'!$D$2")
    sheet.append([])
    for place, text in enumerate(HEADER, 1):
        sheet.cell(4, place, text).font = Font(bold=True)
    for place in range(1, 10):
        cell = sheet.cell(5, place)
        cell.fill = PatternFill("solid", fgColor="FFFFEECC")
        cell.number_format = "0.00%" if place == 6 else "General"
    sheet["H5"] = "=I5*2"
    sheet.row_dimensions[5].height = 31
    if footer:
        row = 6 + gap
        sheet.cell(row, 1, "Итого")
        sheet.cell(row, 9, f"=SUM(I5:I{row - 1})")
        sheet.merge_cells(start_row=row + 2, start_column=1, end_row=row + 2, end_column=4)
        sheet.cell(row + 2, 1, "Руководитель {{ подпись }}")
        sheet.row_dimensions[row + 2].height = 44
    if table:
        sheet.add_table(Table(displayName="Данные", ref="A4:I5"))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def filling(own=None) -> TableFilling:  # type: ignore[no-untyped-def]
    own = words() if own is None else own
    return TableFilling(own, region_letter(own, PROFILE, WEEK, FIELDS))


def opened(content: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(content))["Форма 1"]


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Организация", "organization"),
        ("Наименование ОО", "organization"),
        ("МО", "municipality_shown"),
        ("Статус", "status"),
        ("Не хватает до нормы, чел.", "missing_to_norm"),
        ("Что делать", "what_to_do"),
        ("Педагоги, написавшие от 10 сообщений, %", "share_teachers_10_messages"),
        ("Подпись директора", None),
    ],
)
def test_headers_are_known_by_our_words_and_by_the_readers(header: str, key: str | None) -> None:
    assert column_key(header) == key


def test_what_a_template_has_for_us_is_told() -> None:
    found = inspect_xlsx_template(form())
    assert set(found.fields) == {"дата", "не_активны", "период_словами", "подпись"}
    assert found.header is not None and (found.header.sheet, found.header.row) == ("Форма 1", 3)
    assert set(found.header.columns) == {0, 1, 2, 3, 4, 5, 6, 8}


def test_rows_fields_formats_totals_and_the_signature() -> None:
    sheet = opened(fill_xlsx(form(), [filling()])[0])
    assert sheet["A1"].value.replace("\u00a0", " ") == "Сведения за период с 29 марта по 4 апреля 2024 года"
    assert (sheet["B2"].value, sheet["D2"].value) == ("09.04.2024", 2)
    names = [sheet.cell(row, 2).value for row in range(5, 12)]
    assert names == words()["organization"].tolist()
    assert [sheet.cell(row, 3).value for row in (5, 6)] == ["000000", "000001"]
    assert sheet["E9"].value == "Ниже нормы" and sheet["F9"].value == 0.04 and sheet["G9"].value == 3
    assert sheet["F9"].number_format == "0.00%"
    assert all(sheet.cell(row, 2).fill.fgColor.rgb == "FFFFEECC" for row in range(5, 12))
    assert [sheet.row_dimensions[row].height for row in (5, 11)] == [31, 31]
    assert sheet["H11"].value == "=I11*2"
    assert (sheet["A12"].value, sheet["I12"].value) == ("Итого", "=SUM(I5:I11)")
    assert sheet["A14"].value == "Руководитель И. О. Фамилия" and sheet.row_dimensions[14].height == 44
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:I1", "A14:D14"}


def test_empty_rows_of_the_form_are_used_before_anything_moves() -> None:
    sheet = opened(fill_xlsx(form(gap=9), [filling()])[0])
    assert (sheet["A15"].value, sheet["I15"].value) == ("Итого", "=SUM(I5:I14)")


def test_an_excel_table_grows() -> None:
    sheet = opened(fill_xlsx(form(footer=False, table=True), [filling()])[0])
    assert sheet.tables["Данные"].ref == "A4:I11"


def test_zero_rows_say_so() -> None:
    sheet = opened(fill_xlsx(form(), [filling(words().iloc[:0])])[0])
    assert sheet["A5"].value == "Строк нет: организаций не найдено." and sheet["A6"].value == "Итого"


def test_a_workbook_for_each_filling() -> None:
    own = words()
    fillings = []
    for name in ("Озёрный район", "г. Лесной"):
        rows = own[own["municipality_shown"] == name]
        fillings.append(TableFilling(rows, municipality_letter(rows, name, PROFILE, WEEK, FIELDS)))
    sheets = [opened(content) for content in fill_xlsx(form(), fillings)]
    assert [sheet["A8"].value for sheet in sheets] == ["Итого", 4]


def test_hostile_text_never_becomes_a_formula() -> None:
    content = fill_xlsx(form(), [filling(words(organizations("hostile")))])[0]
    sheet = opened(content)
    assert sheet["B5"].data_type == "s" and sheet["B5"].value.startswith("=cmd") and sheet["B5"].quotePrefix
    formulas = [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert all(text.startswith(("=I", "=SUM(I")) for text in formulas)


def refused(content: bytes) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        inspect_xlsx_template(content)
    return caught.value


def test_a_wrong_field_in_brackets_is_named() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "{{ перид }}"
    target = io.BytesIO()
    book.save(target)
    error = refused(target.getvalue())
    assert "«перид»" in error.message and "«период»" in error.advice


def test_nothing_to_fill_and_foreign_files_are_refused() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "просто текст"
    target = io.BytesIO()
    book.save(target)
    assert refused(target.getvalue()).code == "template_nothing_to_fill"
    empty = io.BytesIO()
    openpyxl.Workbook().save(empty)
    assert refused(empty.getvalue()).code == "template_nothing_to_fill"
    assert refused(b"PK\x03\x04123").code == "template_broken"
    assert refused(b"text").code == "template_not_xlsx"
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w") as archive:
        archive.writestr("[Content_Types].xml", "wordprocessingml.document.main+xml")
    assert refused(document.getvalue()).code == "template_not_xlsx"


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("xl/externalLinks/externalLink1.xml", "external"),
        ("xl/connections.xml", "external"),
        ("xl/embeddings/oleObject1.bin", "embedded"),
        ("xl/activeX/activeX1.xml", "embedded"),
        ("xl/vbaProject.bin", "macros"),
    ],
)
def test_a_form_with_dde_foreign_data_or_programs_is_refused(part: str, code: str) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "{{ период }}"
    target = io.BytesIO()
    book.save(target)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(part, "<externalLink><ddeLink ddeService='cmd' ddeTopic='/c calc'/></externalLink>")
    error = refused(target.getvalue())
    assert error.code == f"template_{code}" and error.advice.endswith(".")
