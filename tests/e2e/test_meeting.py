"""«Режим планёрки» in Chromium: arrow keys, a task that survives a reload, one sheet A4, copying over plain HTTP."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import PATIENCE, Visit
from tests.e2e.screen import english_words, too_wide

pytestmark = pytest.mark.browser

Start = Callable[[int], Visit]
NO_CLIPBOARD = (
    "Object.defineProperty(Navigator.prototype, 'clipboard', {value: undefined, configurable: true})"
)


def title(made: Visit, words: str) -> None:
    made.page.get_by_role("heading", name=words, exact=True).first.wait_for(timeout=PATIENCE)
    made.settle()


def meeting(made: Visit, step: int = 1) -> None:
    made.page.goto(f"{made.server.url}/meeting?data=demo&meet_step={step}")
    made.page.locator(".sf-meet-at").wait_for(timeout=PATIENCE)
    made.settle()


def test_from_a_report_through_the_agenda_by_arrow_keys_and_back(visit: Start) -> None:
    made = visit(1400)
    made.page.goto(f"{made.server.url}/organization_check?data=demo&org_type=ОО")
    title(made, "Проверка организаций")
    made.page.get_by_role("button", name="Режим планёрки").click()
    title(made, "Регион за неделю")
    assert "отбор: ОО" in made.page.locator(".sf-meet-at").inner_text()
    assert not made.page.get_by_test_id("stSidebar").is_visible()
    made.page.keyboard.press("ArrowRight")
    title(made, "Что изменилось")
    assert "meet_step=2" in made.page.url
    made.page.keyboard.press("PageDown")
    made.page.locator(".sf-meet-at", has_text=re.compile("^3 из")).wait_for(timeout=PATIENCE)
    made.settle()
    made.page.keyboard.press("ArrowLeft")
    title(made, "Что изменилось")
    made.page.get_by_role("button", name="Поручение").click()
    field = made.page.get_by_label("Что сделать")
    field.fill("а б")
    field.press("ArrowLeft")
    made.page.wait_for_timeout(700)
    assert made.page.locator(".sf-meet-at").inner_text().startswith("2 из"), "arrows belong to the field"
    made.page.keyboard.press("Escape")
    made.page.get_by_role("button", name="Выйти").click()
    title(made, "Проверка организаций")
    assert made.page.url.count("org_type") == 1


def test_a_task_survives_a_reload_and_is_on_the_sheet_of_one_page(visit: Start, tmp_path: Path) -> None:
    made = visit(1400)
    meeting(made, 13)
    made.page.get_by_role("button", name="Поручение").click()
    made.page.get_by_label("Кому").fill("Отдел образования")
    made.page.get_by_label("Кому").press("Enter")
    made.page.get_by_label("Что сделать").fill("Обзвонить школы без активных педагогов")
    made.page.get_by_role("button", name="Записать").click()
    made.page.get_by_text("Записано: Отдел образования").wait_for(timeout=PATIENCE)
    made.page.reload()
    made.page.locator(".sf-task", has_text="Обзвонить школы").wait_for(timeout=PATIENCE)
    made.settle()
    path = tmp_path / "sheet.pdf"
    made.page.pdf(path=path, format="A4")
    about = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Pages:\s+1$", about, re.MULTILINE)
    text = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    for words in ("Планёрка", "Отдел образования", "Обзвонить школы", "Источник: demo_", "Напечатано"):
        assert words in text, words
    made.page.evaluate("window.print = () => { window.printed = true }")
    made.page.get_by_role("button", name="Печать").click()
    made.page.wait_for_function("window.printed === true", timeout=PATIENCE)


@pytest.mark.parametrize("width", [1920, 390])
def test_screens_fit_their_width_in_russian(visit: Start, width: int) -> None:
    made = visit(width)
    for step in (1, 3, 6, 7, 13, 14):
        meeting(made, step)
        assert too_wide(made.page) == 0, step
        assert english_words(made.page) == set(), step


def test_a_link_is_copied_where_the_browser_has_no_clipboard(visit: Start) -> None:
    made = visit(1400)
    made.page.add_init_script(NO_CLIPBOARD)
    meeting(made, 14)
    made.page.get_by_role("button", name="Сделать ссылку").click()
    address = made.page.locator(".sf-meet-address").inner_text(timeout=PATIENCE)
    made.settle()
    made.page.evaluate(
        "document.addEventListener('copy', () => { window.copied = document.activeElement.value })"
    )
    made.page.get_by_test_id("stCode").hover()
    made.page.get_by_test_id("stCode").get_by_role("button", name="Скопировать").click()
    made.page.wait_for_function("window.copied !== undefined", timeout=PATIENCE)
    assert made.page.evaluate("window.copied") == address
    made.page.get_by_role("button", name="Скопировано").wait_for(timeout=PATIENCE)
