"""Проверка организаций: the answer, the strip, filters in the URL, the card, annexes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import openpyxl
import pytest

from sferum_core.filtering import Selection
from sferum_core.model import ExportKind, Status
from sferum_core.norms import load_profile
from sferum_ui.cache import Dataset
from sferum_ui.views.annexes import annexes, build_annex, build_list
from sferum_ui.views.data import assessed
from sferum_ui.views.organization_filters import clicked_pair
from sferum_ui.views.organization_rows import card_labels
from tests.ui.conftest import make_export
from tests.ui.reports import HOSTILE, keep, open_page, plain, press, region_table, texts

PAGE = "organization_check"


@pytest.fixture(autouse=True)
def dataset(fresh_caches: None) -> Iterator[Dataset]:
    yield keep(make_export, ExportKind.ORGANIZATIONS, region_table())


def shown(app) -> list[str]:  # type: ignore[no-untyped-def]
    """Names in the table of the list."""
    return app.dataframe[0].value["organization"].tolist()


def test_the_answer_comes_first() -> None:
    answer = plain(texts(open_page(PAGE)))
    assert "Из 10 организаций 2 не активны, 2 работают ниже нормы" in answer


def test_the_list_shows_every_organization_the_worst_first() -> None:
    table = open_page(PAGE).dataframe[0].value
    assert sorted(table["organization"]) == sorted(region_table()["organization"])
    words = [cell.split(" ", 1)[1] for cell in table["status_cell"]]
    order = [status.label for status in Status]
    assert [order.index(word) for word in words] == sorted(order.index(word) for word in words)
    assert shown(open_page(PAGE))[2:4] == ["СОШ № 5", HOSTILE]  # below the norm: 3 missing, then 1


def test_the_workbook_of_the_list_has_its_order(dataset: Dataset) -> None:
    content = build_list(dataset, load_profile("chelyabinsk-2024"), Selection())
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Организации"]
    cells = [str(cell) for row in sheet.values for cell in row if cell is not None]
    names = set(region_table()["organization"])
    assert [cell for cell in cells if cell in names] == shown(open_page(PAGE))


def test_shares_read_the_same_in_every_browser_and_sort_as_text() -> None:
    table = open_page(PAGE).dataframe[0].value
    cells = table.set_index("organization")["share"]
    assert cells["СОШ № 5"].strip() == "4,0\u00a0%"
    known = table[table["share"].notna()]
    in_order = known.sort_values("share")["bar"].astype(float)
    assert in_order.is_monotonic_increasing


def test_a_click_on_a_figure_narrows_the_list_and_a_second_click_undoes_it() -> None:
    app = press(open_page(PAGE), "Показать: Ниже нормы")
    assert shown(app) == ["СОШ № 5", HOSTILE]
    assert app.query_params["org_status"] in ("Ниже нормы", ["Ниже нормы"])
    assert "Показано 2 организации из 10" in plain(texts(app))
    assert len(shown(press(app, "Показать: Ниже нормы"))) == 10


def test_a_link_opens_the_same_filters() -> None:
    app = open_page(
        PAGE, org_status=["Норма", "Цель достигнута"], org_type="ОО", org_municipality="г. Лесной"
    )
    assert shown(app) == ["СОШ № 6", "Лицей № 7"]


def test_a_link_with_nonsense_shows_everything() -> None:
    assert len(shown(open_page(PAGE, org_status="Бред", org_municipality="Нет такого"))) == 10


def test_search_and_reset() -> None:
    app = open_page(PAGE)
    app.text_input(key="org_search").input("сош").run()
    assert shown(app) == ["СОШ № 5", "СОШ № 6"]
    assert len(shown(press(app, "Сбросить"))) == 10


def test_nothing_found_says_what_to_do() -> None:
    app = open_page(PAGE)
    app.text_input(key="org_search").input("нет такой школы").run()
    assert not app.dataframe
    assert "Сбросить" in app.info[0].value


def test_figures_count_within_the_other_filters() -> None:
    app = open_page(PAGE, org_municipality="г. Лесной")
    labels = [plain(button.label) for button in app.button if button.label.startswith("Показать:")]
    assert "Показать: Всего, 6" in labels
    assert "Показать: Не активны, 1" in labels


def test_the_list_says_how_many_are_missing_to_the_norm() -> None:
    table = open_page(PAGE).dataframe[0].value.set_index("organization")
    assert table.loc["СОШ № 5", "missing"] == 3  # 5 of 50 is the norm's 10 %
    assert table.loc[HOSTILE, "missing"] == 1  # 3 of 100 is above 2.5 %
    assert table["missing"].isna()["СОШ № 6"]


def test_the_card_of_an_organization_opens_by_link() -> None:
    app = open_page(PAGE, org_card="СОШ № 5 · 0005")
    text = plain(texts(app))
    assert "Показатели против норм" in text
    assert "Что делать" in text
    assert "Переведите рабочие чаты педагогов на платформу" in text
    letter = plain(app.code[-1].value)
    assert "СОШ № 5 (ID 0005) – статус «Ниже нормы»" in letter
    assert "До нормы не хватает: 3 педагога" in letter


def test_names_from_the_file_are_shown_as_they_are() -> None:
    app = open_page(PAGE, org_card=f"{HOSTILE} · 0002")
    heading = next(item.value for item in app.subheader if "script" in item.value)
    assert not re.search(r"(?<!\\)[<*$\[:]", heading)
    for html in app.get("html"):
        assert "<script>alert" not in html.body


def test_every_row_has_a_label_of_its_own() -> None:
    table = region_table()
    table.loc[:, "organization"] = "СОШ"
    table = table.drop(columns="organization_id").assign(municipality_shown="г. Лесной")
    assert card_labels(table).is_unique


def test_annexes_count_what_their_workbooks_hold(dataset: Dataset) -> None:
    profile = load_profile("chelyabinsk-2024")
    app = open_page(PAGE, org_tab="Приложения")
    text = plain(texts(app))
    assert "Приложение 1. ДОО не активные" in text
    assert "2 организации, 2 муниципалитета" in text
    first = annexes(assessed(dataset, profile), profile)[0]
    for without, expected in ((False, ["Детский сад № 1", "тест ДС"]), (True, ["Детский сад № 1"])):
        book = openpyxl.load_workbook(io.BytesIO(build_annex(dataset, profile, first, without)))
        cells = {str(cell) for row in book["Список"].values for cell in row}
        assert {name for name in ("Детский сад № 1", "тест ДС", "СОШ № 5") if name in cells} == set(expected)


def test_annexes_of_other_types_come_only_when_they_have_rows(dataset: Dataset) -> None:
    profile = load_profile("chelyabinsk-2024")
    titles = [annex.title for annex in annexes(assessed(dataset, profile), profile)]
    assert titles == ["ДОО не активные", "ОО не активные", "ДОО ниже нормы", "ОО ниже нормы"]


def test_a_profile_that_judges_no_organizations_has_no_lists_below_the_norm(dataset: Dataset) -> None:
    profile = load_profile("tomsk-2024")
    titles = [annex.title for annex in annexes(assessed(dataset, profile), profile)]
    assert titles == ["ДОО не активные", "ОО не активные"]
    app = open_page(PAGE, org_tab="Приложения", norms="tomsk-2024")
    assert "не оценивает отдельные организации" in plain(texts(app))


def test_the_workbook_of_the_list_holds_what_is_shown(dataset: Dataset) -> None:
    content = build_list(dataset, load_profile("chelyabinsk-2024"), Selection(statuses=("below_norm",)))
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Организации"]
    cells = {str(cell) for row in sheet.values for cell in row}
    assert {HOSTILE, "СОШ № 5", "0005"} <= cells
    assert "СОШ № 6" not in cells


def test_test_organizations_and_unknown_types_stand_apart() -> None:
    app = open_page(PAGE, org_tab="Отдельно")
    cells = [str(cell) for table in app.table for cell in table.value.to_numpy().ravel()]
    assert "тест ДС" in cells
    assert "Росток" in cells
    assert "Тестовая организация" in cells


def test_without_a_file_the_page_says_what_it_needs() -> None:
    app = open_page(PAGE, data="gone")
    assert "«Организации»" in texts(app)


def test_a_table_of_another_kind_is_named() -> None:
    table = region_table()[["municipality", "teachers_registered", "teachers_active"]]
    keep(make_export, ExportKind.MUNICIPALITIES, table)
    assert "нет нужной таблицы" in texts(open_page(PAGE))


@pytest.mark.parametrize(
    ("points", "pair"),
    [
        ([], None),
        ([{"x": 1}], None),
        ([{"customdata": ["Озёрный район", "inactive"]}], ("Озёрный район", "inactive")),
        ([{"customdata": "Озёрный район"}], None),
    ],
)
def test_a_click_on_the_picture_names_municipality_and_status(points, pair) -> None:  # type: ignore[no-untyped-def]
    assert clicked_pair(points) == pair
