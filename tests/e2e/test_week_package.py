"""The package of the demo region in Chromium: made with one click, every file in it opens."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

from tests.e2e.conftest import PATIENCE, Visit
from tests.e2e.screen import english_words, too_wide

pytestmark = pytest.mark.browser

TITLE = "Пакет недели"
TABS = ("Реквизиты письма", "Посмотреть письмо", "Названия в письме", "Текст для чата", "Свои бланки")
Start = Callable[[int], Visit]


def to_the_page(made: Visit) -> None:
    made.page.get_by_role("button", name="Посмотреть на демонстрационных данных").click()
    made.page.get_by_role("button", name="Открыть отчёты").wait_for(timeout=PATIENCE)
    made.settle()
    made.open(TITLE)


def test_the_package_of_the_demo_region_and_every_file_in_it(visit: Start, tmp_path: Path) -> None:
    made = visit(1400)
    to_the_page(made)
    page = made.page
    page.get_by_role("tab", name="Реквизиты письма").click()
    made.settle()
    page.get_by_label("Исходящий номер").fill("01-15/77")
    page.get_by_label("Срок исполнения").fill("19.04.2024")
    page.get_by_label("Срок исполнения").press("Enter")
    made.settle()
    page.get_by_role("tab", name="Состав").click()
    page.get_by_text("Письмо каждой отстающей организации").click()
    page.get_by_text(re.compile(r"В пакете \d{3}\sфайл")).wait_for(timeout=PATIENCE)
    page.get_by_role("button", name="Собрать пакет").click()
    download = page.get_by_role("button", name="Скачать архив")
    download.wait_for(timeout=4 * PATIENCE)
    with page.expect_download(timeout=PATIENCE) as waiting:
        download.click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.name == "Пакет недели. 2024-04-04.zip"
    archive = zipfile.ZipFile(path)
    names = archive.namelist()
    assert archive.testzip() is None and len(names) > 500
    for name in names:
        content = archive.read(name)
        if name.endswith(".xlsx"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # data bars are an extension openpyxl does not keep
                book = openpyxl.load_workbook(io.BytesIO(content))
            assert book.sheetnames[0] == "О файле"
        elif name.endswith(".docx"):
            docx.Document(io.BytesIO(content))
        elif name.endswith((".png", ".svg")):
            assert content.startswith((b"\x89PNG", b"<svg")) and len(content) > 3_000
        else:
            assert content.decode("utf-8-sig").startswith("Коллеги, добрый день!")
    letter = docx.Document(io.BytesIO(archive.read("Письма/Письмо руководителям. 2024-04-04.docx")))
    head = "\n".join(cell.text for row in letter.tables[0].rows for cell in row.cells)
    assert "№ 01-15/77" in head
    body = "\n".join(paragraph.text for paragraph in letter.paragraphs).replace("\u00a0", " ")
    assert "в срок до 19 апреля 2024 года" in body


@pytest.mark.parametrize("width", [1400, 390])
def test_every_tab_is_russian_and_fits(visit: Start, width: int) -> None:
    made = visit(width)
    to_the_page(made)
    for title in TABS:
        tab = made.page.get_by_role("tab", name=title)
        tab.scroll_into_view_if_needed()
        tab.click()
        made.settle()
        assert made.page.get_by_test_id("stException").count() == 0, title
        assert english_words(made.page) == set(), title
        assert too_wide(made.page) == 0, title
