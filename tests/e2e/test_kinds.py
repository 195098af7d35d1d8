"""Every kind of file goes through the app in Chromium: upload, its page, the workbook opened."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.demo_more import (
    call_files,
    chosen_rows,
    lessons_book,
    region_teachers,
    registry_book,
    summary_text,
    teachers_book,
)
from scripts.demo_region import weeks
from tests.e2e.conftest import ANOTHER_SEED, PATIENCE, Visit
from tests.e2e.screen import english_words, too_wide
from tests.e2e.test_journey import tables, take_in

pytestmark = pytest.mark.browser

Start = Callable[[int], Visit]


def main_text(made: Visit) -> str:
    """The words of the page with ordinary spaces."""
    return re.sub(r"[\u00a0\u202f\u2007]", " ", made.page.get_by_test_id("stMain").inner_text())


def no_trouble(made: Visit) -> None:
    """No error box, no English, nothing wider than the page."""
    assert made.page.get_by_test_id("stException").count() == 0
    assert english_words(made.page) == set()
    assert too_wide(made.page) == 0


@pytest.fixture
def teachers_file(tmp_path: Path) -> Path:
    path = tmp_path / "По учителям региона.xlsx"
    teachers_book(ANOTHER_SEED).save(path)
    return path


@pytest.mark.parametrize("width", [1400, 390])
def test_teachers(visit: Start, teachers_file: Path, tmp_path: Path, width: int) -> None:
    rows = region_teachers(ANOTHER_SEED)
    newest = max(row[0] for row in rows)  # type: ignore[type-var]
    last = [row for row in rows if row[0] == newest and row[5] == "teacher"]
    made = visit(width)
    take_in(made, teachers_file)
    made.page.get_by_role("button", name="Открыть отчёты").click()
    made.page.get_by_role("heading", name="Педагоги", exact=True).wait_for(timeout=PATIENCE)
    made.settle()
    no_trouble(made)
    assert made.figure("Педагогов") == len(last)
    assert made.figure("От 10 сообщений") == sum(int(str(row[7])) >= 10 for row in last)
    book = tables(made.download(tmp_path))
    assert len(book["Организации"]) == len(chosen_rows(weeks(ANOTHER_SEED)[-1]))
    assert sum(int(str(row["Педагогов зарегистрировано, чел."])) for row in book["Организации"]) == len(last)
    names = {str(row[4]) for row in last}
    assert not names & {str(cell) for sheet in book.values() for row in sheet for cell in row.values()}

    made.page.get_by_role("button", name=re.compile("^Показать: Почти у порога")).click()
    made.page.get_by_role("button", name="Скачать с именами, XLSX").wait_for(timeout=PATIENCE)
    made.settle()
    near = [row for row in last if 7 <= int(str(row[7])) <= 9]
    assert f"Показано {len(near)} педагог" in main_text(made)
    with made.page.expect_download(timeout=PATIENCE) as waiting:
        made.page.get_by_role("button", name="Скачать с именами, XLSX").click()
    listed = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(listed)
    assert "содержит имена" in listed.name
    assert sorted(str(row["ФИО"]) for row in tables(listed)["Педагоги"]) == sorted(
        str(row[4]) for row in near
    )
    with made.page.expect_download(timeout=PATIENCE) as waiting:
        made.page.get_by_role("button", name="Скачать с именами, CSV").click()
    text = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(text)
    assert len(list(csv.reader(text.read_text("utf-8-sig").splitlines(), delimiter=";"))) == len(near) + 1


def test_teachers_feed_the_check_of_organizations_and_names_do_not_travel(
    visit: Start, teachers_file: Path, tmp_path: Path
) -> None:
    rows = region_teachers(ANOTHER_SEED)
    made = visit(1400)
    take_in(made, teachers_file)
    made.open("Проверка организаций")
    assert made.figure("Всего") == len(chosen_rows(weeks(ANOTHER_SEED)[-1]))
    book = tables(made.download(tmp_path))
    names = {str(row[4]) for row in rows}
    assert not names & {str(cell) for sheet in book.values() for row in sheet for cell in row.values()}
    total = made.figure("Всего")
    colleague = visit(1400)
    colleague.page.goto(made.page.url)
    colleague.page.get_by_role("heading", name="Проверка организаций", exact=True).wait_for(timeout=PATIENCE)
    colleague.settle()
    assert colleague.figure("Всего") == total
    colleague.open("Педагоги")
    assert "нет нужной таблицы" in main_text(colleague)
    made.open("Педагоги")
    assert "педагог" in main_text(made)
    assert made.page.get_by_role("button", name=re.compile("^Показать: От 10 сообщений")).count() == 1


def test_distance_lessons(visit: Start, tmp_path: Path) -> None:
    path = tmp_path / "Дистанционные уроки.xlsx"
    lessons_book(ANOTHER_SEED).save(path)
    made = visit(1400)
    take_in(made, path)
    made.page.get_by_role("button", name="Открыть отчёты").click()
    made.page.get_by_role("heading", name="Уроки и звонки", exact=True).wait_for(timeout=PATIENCE)
    made.settle()
    no_trouble(made)
    (total,) = tables(made.download(tmp_path))["Всего"]
    lessons, distance = int(str(total["Уроков всего, ед."])), int(str(total["Дистанционных уроков, ед."]))
    text = main_text(made)
    assert f"Из {lessons:,}".replace(",", " ") in text
    assert total["Доля дистанционных уроков, %"] == pytest.approx(distance / lessons)


def test_participants_of_calls(visit: Start, tmp_path: Path) -> None:
    files = []
    for name, text in call_files(ANOTHER_SEED).items():
        files.append(tmp_path / name)
        files[-1].write_text(text, encoding="utf-8")
    made = visit(390)
    take_in(made, files[0])
    made.page.get_by_role("button", name="Открыть отчёты").click()
    made.page.get_by_role("heading", name="Уроки и звонки", exact=True).wait_for(timeout=PATIENCE)
    made.settle()
    no_trouble(made)
    people = {line.split(";")[0] for line in files[0].read_text("utf-8").splitlines()[1:]}
    assert made.page.get_by_text(f"{len(people)} участник").first.is_visible()
    (call,) = tables(made.download(tmp_path))["Звонки"]
    assert call["Участников, чел."] == len(people)
    assert call["Засчитывается"] == "да"
    assert str(call["Звонок"]) in files[0].name
    assert not any(name in main_text(made) for name in people)
    made.page.get_by_test_id("stCheckbox").get_by_text("Показать имена").click()
    made.page.get_by_role("button", name="Скачать с именами, XLSX").wait_for(timeout=PATIENCE)
    made.settle()
    with made.page.expect_download(timeout=PATIENCE) as waiting:
        made.page.get_by_role("button", name="Скачать с именами, XLSX").click()
    listed = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(listed)
    assert {str(row["Участник"]) for row in tables(listed)["Участники"]} == people


def test_the_cabinets_summary_of_one_organization(visit: Start, tmp_path: Path) -> None:
    path = tmp_path / "Общая.csv"
    path.write_text(summary_text(ANOTHER_SEED), encoding="utf-8")
    name = re.search(r"Организация: ([^;]+)", path.read_text("utf-8"))
    assert name is not None
    made = visit(1400)
    take_in(made, path)
    made.open("Проверка организаций")
    assert made.figure("Всего") == 1  # seven dates are not seven organizations
    (row,) = tables(made.download(tmp_path))["Организации"]
    assert row["Организация"] == name[1]


def test_an_offices_registry_is_read_and_named(visit: Start, tmp_path: Path) -> None:
    path = tmp_path / "Перечень.xlsx"
    registry_book(ANOTHER_SEED).save(path)
    made = visit(1400)
    made.upload(path)
    made.page.get_by_text("Реестр организаций").first.wait_for(timeout=PATIENCE)
    made.settle()
    no_trouble(made)


def test_published_percentages_alone(visit: Start, tmp_path: Path) -> None:
    path = tmp_path / "Активность.csv"
    path.write_text(
        "Муниципалитет;% Активности\nОзёрный район;12,5\nг. Лесной;40,0\nГорный район;200,0\nТихий район;0,0\n",
        encoding="utf-8",
    )
    made = visit(1400)
    take_in(made, path)
    made.open("Сравнение муниципалитетов")
    no_trouble(made)
    text = main_text(made)
    assert "200,0 %" in text
    assert "По региону нет данных" in " ".join(text.split())
    rows = next(rows for rows in tables(made.download(tmp_path)).values() if len(rows) == 4)
    assert [row["Муниципалитет"] for row in rows] == [
        "Горный район",
        "г. Лесной",
        "Озёрный район",
        "Тихий район",
    ]
    path = tmp_path / "ДОО.csv"
    path.write_text(
        "№;мо;% Зарегистрированных воспитателей;% Активности воспитателей\n1;Озёрный район;90,2;33,7\n2;г. Лесной;100,0;0,0\n",
        encoding="utf-8",
    )
    made.open("Загрузка")
    take_in(made, path)
    made.open("Сотрудники ДОО")
    no_trouble(made)
    assert "Нет численностей" in main_text(made)
    book = tables(made.download(tmp_path))
    assert len(book["Сотрудники ДОО"]) == 2


@pytest.mark.parametrize("width", [1400, 390])
def test_the_demo_has_a_file_for_both_pages(visit: Start, width: int) -> None:
    made = visit(width)
    made.page.get_by_role("button", name="Посмотреть на демонстрационных данных").click()
    made.page.get_by_role("button", name="Открыть отчёты").wait_for(timeout=PATIENCE)
    made.settle()
    made.open("Педагоги")
    made.page.get_by_role("button", name=re.compile("^Показать: От 10 сообщений")).wait_for(timeout=PATIENCE)
    no_trouble(made)
    made.open("Уроки и звонки")
    made.page.get_by_text("Доля дистанционных", exact=False).first.wait_for(timeout=PATIENCE)
    no_trouble(made)
    made.page.get_by_test_id("stButtonGroup").get_by_text("Звонки", exact=True).click()
    made.page.get_by_text("Сколько участников было в звонке").wait_for(timeout=PATIENCE)
    no_trouble(made)
    made.open("Проверка организаций")
    assert made.figure("Всего") > 1_000  # the demo region again, not what the teachers add up to
