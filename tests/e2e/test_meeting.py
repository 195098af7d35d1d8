"""«Режим планёрки» in Chromium: arrow keys, a task that survives a reload, one sheet A4, copying over plain HTTP."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sferum_core import load_profile
from sferum_core.agenda import AgendaFigure, AgendaLine, Part, Screen
from sferum_store import Task, TaskState
from sferum_ui.demo import open_demo
from sferum_ui.views.meeting_print import FEW_TASKS, LISTS, SAID, sheet_html
from tests.conftest import ROOT
from tests.e2e.conftest import PATIENCE, Visit
from tests.e2e.screen import english_words, too_wide

pytestmark = pytest.mark.browser

Start = Callable[[int], Visit]
OVER = """() => {
  const sheet = document.querySelector('.sf-print'), foot = document.querySelector('.sf-end');
  return Math.max(sheet.scrollHeight - sheet.clientHeight,
    foot.getBoundingClientRect().bottom - sheet.getBoundingClientRect().bottom);
}"""
NO_CLIPBOARD = (
    "Object.defineProperty(Navigator.prototype, 'clipboard', {value: undefined, configurable: true})"
)


def pages(path: Path) -> int:
    """How many pages a PDF of Chromium has."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", path.read_bytes()))


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
    made.page.get_by_role("button", name="Повестка").click()
    made.page.get_by_role("button", name=re.compile("Не активны: с кого начать")).click()
    title(made, "Не активны: с кого начать")
    made.page.get_by_test_id("stPopoverBody").wait_for(state="detached", timeout=PATIENCE)
    made.page.keyboard.press("ArrowRight")
    title(made, "Новые среди отстающих")
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
    assert pages(path) == 1
    text = made.page.locator(".sf-print").text_content() or ""
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


def test_the_fullest_sheet_is_still_one_page_with_its_foot(visit: Start, tmp_path: Path) -> None:
    """As many tasks as are named, each as long as its cell takes, and the longest names."""
    made = visit(1400)
    long = "Управление образования администрации муниципального района " * 3
    moment = dt.datetime(2024, 4, 4, tzinfo=dt.UTC)
    tasks = [
        Task(f"t{n}", "", long, long * 3, dt.date(2024, 4, 1), TaskState.IN_WORK, moment.date(), None, None,
             True, moment, "", moment, "")
        for n in range(9)
    ]  # fmt: skip
    lines = tuple(AgendaLine(long, "100,0 %") for _ in range(8))
    figures = tuple(
        AgendaFigure("Вышли из отстающих", "1 204", "100,0 %", hint="12 345 из 67 890") for _ in range(8)
    )
    screens = [Screen(key, Part.REGION, "Ниже нормы: где больше всего", long * 3, figures, lines=lines, more=99)
               for key in (*SAID, *LISTS)]  # fmt: skip
    dataset = open_demo()
    css = (ROOT / "sferum_ui" / "static" / "meeting.css").read_text(encoding="utf-8")
    made.page.set_viewport_size(
        {"width": 704, "height": 1000}
    )  # 182 mm between the margins, and the body's own
    made.page.emulate_media(media="print")
    for count in (9, FEW_TASKS, 0):
        sheet = sheet_html(
            dataset,
            load_profile("tomsk-2024"),
            "Область",
            screens,
            tasks[:count],
            dt.date(2024, 4, 5),
            f"На письма в срок не ответили 43 адресата: {', '.join([long] * 8)} и ещё 35.",
            12,
        )
        assert "не ответили 43" in sheet and "12\u00a0организаций ждут деактивации" in sheet
        made.page.set_content(f"<style>{css}</style><div class='stMain'>{sheet}</div>")
        assert made.page.evaluate(OVER) <= 1, count
        path = tmp_path / f"full-{count}.pdf"
        made.page.pdf(path=path, format="A4")
        assert pages(path) == 1, count
    made.page.goto(made.server.url)
    made.settle()
