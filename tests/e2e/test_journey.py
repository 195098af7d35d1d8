"""An officer's way through the app in Chromium: file in, every page, workbooks out."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from scripts.demo_region import Week
from sferum_core import assess_organizations, doo_staff, load_profile, read_export
from sferum_core.filtering import worst_first
from tests.e2e.conftest import PATIENCE, Visit
from tests.e2e.screen import english_words, too_wide

pytestmark = pytest.mark.browser

REPORTS = ("Проверка организаций", "Сравнение муниципалитетов", "Сотрудники ДОО")
PAGES = ("Загрузка", *REPORTS, "Справка")
Start = Callable[[int], Visit]


def tables(path: Path) -> dict[str, list[dict[str, object]]]:
    """Sheet title -> rows of its table by header; the header is the third row (spreadsheets.md)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # data bars are an extension openpyxl does not keep
        book = openpyxl.load_workbook(path)
    found = {}
    for sheet in book.worksheets[1:]:
        rows = list(sheet.iter_rows(values_only=True))
        found[sheet.title] = [dict(zip(map(str, rows[2]), row, strict=True)) for row in rows[3:]]
    return found


def share_on_screen(made: Visit) -> float:
    """The region's share, from the sentence at the head of the comparison."""
    found = re.search(r"По региону\s+([\d,]+)\s*%", made.page.get_by_test_id("stMain").inner_text())
    assert found is not None
    return float(found.group(1).replace(",", ".")) / 100


def region_shares(book: dict[str, list[dict[str, object]]]) -> list[float]:
    """Every share in the rows of the workbook that speak of the whole region."""
    rows = [
        row for sheet in book.values() for row in sheet if "регион" in str(next(iter(row.values()))).lower()
    ]
    return [value for row in rows for value in row.values() if isinstance(value, float)]


def take_in(made: Visit, file: Path) -> None:
    made.upload(file)
    made.page.get_by_role("heading", name=file.name, exact=True).first.wait_for(timeout=PATIENCE)
    made.page.get_by_role("button", name="Открыть отчёты").wait_for(timeout=PATIENCE)
    made.settle()


def test_from_the_file_to_the_workbooks(visit: Start, export_file: Path, week: Week, tmp_path: Path) -> None:
    export = read_export(export_file.read_bytes(), export_file.name)
    profile = load_profile("chelyabinsk-2024")
    assessed = assess_organizations(export.table, profile)
    expected = Counter(assessed["status"])
    made = visit(1400)
    take_in(made, export_file)
    made.page.get_by_role("button", name="Открыть отчёты").click()
    made.page.get_by_role("heading", name=REPORTS[0], exact=True).wait_for(timeout=PATIENCE)
    made.settle()

    assert made.figure("Всего") == len(week.rows)
    shown = {label: made.figure(label) for label in ("Не активны", "Ниже нормы", "Норма", "Цель")}
    assert list(shown.values()) == [
        expected[status] for status in ("inactive", "below_norm", "within_norm", "target_met")
    ]
    workbook = tables(made.download(tmp_path))
    statuses = Counter(str(row["Статус"]) for row in workbook["Организации"])
    assert len(workbook["Организации"]) == len(week.rows)
    assert statuses["Не активна"] == shown["Не активны"]
    assert statuses["Ниже нормы"] == shown["Ниже нормы"]
    ids = [row["ID организации"] for row in workbook["Организации"]]
    assert ids == worst_first(assessed, profile)["organization_id"].tolist()

    made.open(REPORTS[1])
    comparison = tables(made.download(tmp_path))
    assert any(len(rows) >= made.figure("Муниципалитетов") for rows in comparison.values())
    region = share_on_screen(made)
    assert any(abs(share - region) < 0.0005 for share in region_shares(comparison))

    made.open(REPORTS[2])
    staff = doo_staff(export.table)
    missing = int(
        (staff.municipalities["teachers_total"] - staff.municipalities["teachers_registered"]).sum()
    )
    assert f"{missing:,}".replace(",", "\u202f") in made.page.get_by_test_id("stMain").inner_text()
    book = tables(made.download(tmp_path))
    assert any(len(rows) >= len(staff.municipalities) for rows in book.values())


def test_the_first_annex_is_the_letters_list(visit: Start, export_file: Path, tmp_path: Path) -> None:
    """000, Приложение 1: the ДОО that are not active."""
    export = read_export(export_file.read_bytes(), export_file.name)
    table = export.table
    expected = set(table.loc[(table["organization_type"] == "ДОО") & ~table["is_active"], "organization_id"])
    made = visit(1400)
    take_in(made, export_file)
    made.open(REPORTS[0])
    made.page.get_by_role("tab", name="Приложения").click()
    made.settle()
    path = made.download(tmp_path, made.page.get_by_role("tabpanel").filter(visible=True))
    assert path.name == "Приложение 1. ДОО не активные. 2024-04-04.xlsx"
    listed = next(rows for rows in tables(path).values() if rows and "ID организации" in rows[0])
    assert {row["ID организации"] for row in listed} == expected


def test_a_bad_file_after_a_good_one_leaves_the_good_one_open(
    visit: Start, export_file: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "Сломанная выгрузка.xlsx"
    bad.write_bytes(export_file.read_bytes()[:5_000])
    made = visit(1400)
    take_in(made, export_file)
    made.upload(bad)
    made.page.get_by_text("Сломанная выгрузка.xlsx").first.wait_for(timeout=PATIENCE)
    made.settle()
    assert made.page.get_by_test_id("stException").count() == 0
    assert made.page.get_by_text(export_file.name).first.is_visible()
    made.open(REPORTS[0])
    assert made.figure("Всего") > 1_000


@pytest.mark.parametrize("width", [1400, 390])
def test_the_demo_in_one_click_and_every_page_in_russian(visit: Start, width: int) -> None:
    made = visit(width)
    assert english_words(made.page) == set()
    made.page.get_by_role("button", name="Посмотреть на демонстрационных данных").click()
    made.page.get_by_role("button", name="Открыть отчёты").wait_for(timeout=PATIENCE)
    made.settle()
    for title in PAGES:
        made.open(title)
        assert made.page.get_by_test_id("stException").count() == 0, title
        assert english_words(made.page) == set(), title
        assert too_wide(made.page) == 0, title


def test_a_link_shows_a_colleague_the_same_page(visit: Start, export_file: Path) -> None:
    made = visit(1400)
    take_in(made, export_file)
    made.open(REPORTS[0])
    total, inactive = made.figure("Всего"), made.figure("Не активны")
    colleague = visit(1400)
    colleague.page.goto(made.page.url)
    colleague.page.get_by_role("heading", name=REPORTS[0], exact=True).wait_for(timeout=PATIENCE)
    colleague.settle()
    assert (colleague.figure("Всего"), colleague.figure("Не активны")) == (total, inactive)


@pytest.mark.parametrize("title", REPORTS, ids=["organizations", "municipalities", "doo_staff"])
def test_without_a_file_a_report_offers_the_demo(visit: Start, title: str) -> None:
    made = visit(1400)
    made.open(title)
    made.page.get_by_role("button", name="Открыть демонстрационные данные").click()
    made.page.get_by_role("button", name="Скачать XLSX").first.wait_for(timeout=PATIENCE)
    assert made.page.get_by_test_id("stException").count() == 0
