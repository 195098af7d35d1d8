"""«Сверка с реестром» in Chromium: a registry dropped, a doubtful pair accepted, the workbook downloaded and opened."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from scripts.demo_region import Week
from tests.conftest import Server, running_app
from tests.e2e.conftest import PATIENCE, Visit
from tests.e2e.screen import english_words, too_wide
from tests.e2e.test_journey import tables, take_in

pytestmark = pytest.mark.browser

Start = Callable[[int], Visit]
NICKNAME = re.compile(r"(№ ?\d+ )«[^«»]+»")
MISSING = "МБОУ «Гимназия № 987»"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app of its own: the region named here must not be that of other tests."""
    with running_app(tmp_path_factory.mktemp("reconciliation")) as server:
        yield server


def registry(week: Week, path: Path) -> tuple[str, str, int]:
    """The registry of one municipality, one kindergarten renamed, one organization that the platform lacks.

    The platform's and the registry's name of the renamed one, and how many organizations the registry has.
    """
    homes = [organization.home for organization, _ in week.rows]
    renamed = next(one for one, _ in week.rows if NICKNAME.search(one.name))
    own = [one for one, _ in week.rows if one.home is renamed.home]
    assert homes
    other = NICKNAME.sub(r"\1«Журавлиный клин»", renamed.name)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["№ п/п", "Наименование учреждения", "Муниципалитет", "Телефон"])
    names = [other if one is renamed else one.name for one in own] + [MISSING]
    for place, name in enumerate(names, 1):
        sheet.append([place, name, renamed.municipality, "8 900 000-00-00"])
    book.save(path)
    return renamed.name, other, len(names)


def test_a_registry_is_compared_a_pair_accepted_and_the_workbook_opens(
    visit: Start, week: Week, export_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "Реестр управления.xlsx"
    name, other, count = registry(week, file)
    made = visit(1400)
    page = made.page
    take_in(made, export_file)
    made.open("Проверка организаций")
    page.get_by_role("tab", name="Сверка с реестром").click()
    page.get_by_text("Загрузите свой список организаций").wait_for(timeout=PATIENCE)
    page.locator("input[type=file]").first.set_input_files(file)
    page.get_by_label("Чьи это данные").fill("Озёрная область")
    page.get_by_role("button", name="Сохранить реестр").click()
    page.get_by_text("Реестр: Реестр управления.xlsx").wait_for(timeout=PATIENCE)
    made.settle()
    assert made.figure("Только в реестре") == 1
    doubtful, matched = made.figure("Проверьте сами"), made.figure("Сошлись")
    assert doubtful >= 1 and matched + doubtful + 1 == count

    page.get_by_role("button", name=re.compile("^Показать: Проверьте сами")).click()
    made.settle()
    pair = page.locator("[class*=st-key-sf-rec-pair]").filter(has_text=other).first
    assert name in pair.inner_text(timeout=PATIENCE)
    pair.get_by_role("button", name="Одна организация").click()
    page.get_by_text("Ваши ответы · 1").wait_for(timeout=PATIENCE)
    made.settle()
    assert made.figure("Сошлись") == matched + 1
    assert page.get_by_test_id("stException").count() == 0
    assert english_words(page) == set() and too_wide(page) == 0

    button = page.get_by_role("button", name="Скачать всю сверку", exact=True)
    with page.expect_download(timeout=PATIENCE) as waiting:
        button.click(timeout=PATIENCE)
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.name.startswith("Сверка с реестром. ")
    book = tables(path)
    assert len(book["Сошлись"]) == matched + 1
    told = next(row for row in book["Сошлись"] if row["В реестре"] == other)
    assert (told["Организация"], told["Почему"]) == (name, "подтверждено ранее")
    assert [row["Организация"] for row in book["Только в реестре"]] == [MISSING]
