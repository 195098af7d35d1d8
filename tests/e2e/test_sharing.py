"""Two browsers: one saves weeks and shares a page, the other sees it as it was, until the link is taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from scripts.demo_files import LAYOUTS, file_name, week_workbook
from scripts.demo_region import weeks
from tests.e2e.conftest import ANOTHER_SEED, PATIENCE, Visit
from tests.e2e.screen import english_words, too_wide
from tests.e2e.test_journey import take_in

pytestmark = pytest.mark.browser
Start = Callable[[int], Visit]
REGION = "Область двух браузеров"


@pytest.fixture(scope="module")
def two_weeks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The last two weeks of an invented region, the earlier first."""
    folder = tmp_path_factory.mktemp("weeks")
    paths = []
    for week in weeks(ANOTHER_SEED)[-2:]:
        path = folder / file_name(week).replace("demo", "Неделя")
        week_workbook(week, LAYOUTS[0]).save(path)
        paths.append(path)
    return paths


def save(made: Visit, path: Path) -> None:
    """Drop a file and keep it as a week of the archive."""
    take_in(made, path)
    made.page.get_by_text("Сохранить в архив").click()
    made.page.get_by_label("Чьи это данные").fill(REGION)
    made.page.get_by_label("Кто сохраняет").fill("Отдел мониторинга")
    made.page.get_by_role("button", name="Сохранить неделю").click()
    made.page.get_by_text("В архиве с", exact=False).first.wait_for(timeout=PATIENCE)
    made.settle()


def share(made: Visit) -> str:
    """Make a link to the page and read its address."""
    made.page.get_by_role("button", name="Поделиться").click()
    made.page.get_by_role("button", name="Сделать ссылку").click()
    code = made.page.get_by_test_id("stCode").locator("code").first
    code.wait_for(timeout=PATIENCE)
    made.page.locator("img.sf-qr").wait_for(timeout=PATIENCE)
    address = code.inner_text().strip()
    made.page.keyboard.press("Escape")
    made.settle()
    return address


def main_text(made: Visit) -> str:
    return " ".join(made.page.get_by_test_id("stMain").inner_text().split())


def test_a_shared_week_stays_as_it_was_and_leads_to_the_newest(visit: Start, two_weeks: list[Path]) -> None:
    maker = visit(1400)
    save(maker, two_weeks[0])
    maker.open("Проверка организаций")
    maker.page.get_by_role("button", name="Показать: Не активны", exact=False).first.click()
    maker.settle()
    shown = (maker.figure("Всего"), maker.figure("Не активны"))
    address = share(maker)
    assert address.startswith(f"{maker.server.url}/s/")

    maker.open("Загрузка")
    save(maker, two_weeks[1])
    maker.open("Архив")
    text = main_text(maker)
    assert "2 недели в архиве" in text or REGION in text
    assert english_words(maker.page) == set()
    assert too_wide(maker.page) == 0
    maker.open("Проверка организаций")
    maker.page.get_by_role("tab", name="Что изменилось").click()
    maker.page.get_by_text("С прошлой недели", exact=False).first.wait_for(timeout=PATIENCE)

    colleague = visit(1400)
    colleague.page.goto(address)
    colleague.page.get_by_text("Страница по ссылке", exact=False).wait_for(timeout=PATIENCE)
    colleague.settle()
    assert (colleague.figure("Всего"), colleague.figure("Не активны")) == shown
    assert "data=" not in colleague.page.url
    assert "org_status" in colleague.page.url, "the filter came along"
    colleague.page.get_by_role("button", name="Открыть свежие данные").click()
    expect(colleague.page.get_by_text("Страница по ссылке", exact=False)).to_have_count(0, timeout=PATIENCE)
    colleague.settle()
    assert "link=" not in colleague.page.url

    maker.open("Архив")
    maker.page.get_by_role("tab", name="Мои ссылки").click()
    maker.page.get_by_role("button", name="Отозвать").first.click()
    maker.page.get_by_text("отозвана", exact=False).first.wait_for(timeout=PATIENCE)
    colleague.page.goto(address)
    colleague.page.get_by_role("heading", name="Ссылка не открывается").wait_for(timeout=PATIENCE)
    assert REGION not in colleague.page.get_by_test_id("stApp").inner_text()


def test_a_reload_loses_nothing(visit: Start, two_weeks: list[Path]) -> None:
    made = visit(1400)
    take_in(made, two_weeks[0])
    made.page.reload()
    made.page.get_by_role("heading", name=two_weeks[0].name, exact=True).first.wait_for(timeout=PATIENCE)
    made.page.get_by_role("button", name="Открыть отчёты").wait_for(timeout=PATIENCE)


@pytest.mark.parametrize("width", [1400, 390])
def test_archive_and_office_are_russian_and_fit(visit: Start, width: int) -> None:
    made = visit(width)
    for title in ("Архив", "Управление"):
        made.open(title)
        assert made.page.get_by_test_id("stException").count() == 0
        assert english_words(made.page) == set(), title
        assert too_wide(made.page) == 0, title
