"""Сравнение муниципалитетов: what is compared first, the strip, tabs, the workbook, other kinds of files."""

from __future__ import annotations

import io
from collections.abc import Iterator

import openpyxl
import pandas as pd
import pytest

from sferum_core.model import ExportKind
from sferum_core.norms import load_profile
from sferum_ui.cache import Dataset
from sferum_ui.views.comparison import Asked, build_comparison, default_type
from sferum_ui.views.data import assessed
from tests.ui.conftest import make_export
from tests.ui.reports import HOSTILE, keep, open_page, plain, press, region_table, texts

PAGE = "municipality_comparison"
TWO = {
    "municipality": ["г. Ливны", "Ливенский район", HOSTILE],
    "organizations": [1, 1, 1],
    "teachers_registered": [11, 40, 0],
    "teachers_active": [9, 50, 0],
}


@pytest.fixture(autouse=True)
def dataset(fresh_caches: None) -> Iterator[Dataset]:
    yield keep(make_export, ExportKind.ORGANIZATIONS, region_table())


def municipalities_file() -> Dataset:
    table = pd.DataFrame(TWO).astype({"municipality": "str"} | dict.fromkeys(list(TWO)[1:], "Int64"))
    return keep(make_export, ExportKind.MUNICIPALITIES, table)


def ranked(app) -> list[str]:  # type: ignore[no-untyped-def]
    """Municipalities of the table under the picture."""
    return app.dataframe[0].value["municipality"].tolist()


def test_the_main_indicator_and_a_judged_type_come_first() -> None:
    app = open_page(PAGE)
    assert app.selectbox(key="mun_indicator").value == "teachers_10_messages"
    assert app.button_group(key="mun_type").value == "ДОО"
    assert "По региону 6,8 % (13 из 190)" in plain(texts(app))


def test_the_region_is_first_and_the_ranking_follows() -> None:
    table = open_page(PAGE).dataframe[0].value
    assert table["municipality"].tolist() == ["Регион", "г. Лесной", "Озёрный район"]
    assert table["numerator"].tolist() == [13, 11, 2]
    assert table["rank"].tolist()[1:] == [1, 2]


def test_a_link_names_indicator_type_and_mode() -> None:
    app = open_page(PAGE, mun_indicator="Доля активных педагогов", mun_type="Все типы", mun_mode="Числа")
    assert app.selectbox(key="mun_indicator").value == "teachers_active"
    assert "Норма для такого сравнения" not in texts(app)
    assert ranked(app) == ["Регион", "г. Лесной", "Озёрный район"]


def test_a_click_on_a_figure_leaves_that_status() -> None:
    app = press(open_page(PAGE), "Показать: Ниже нормы")
    assert ranked(app) == ["Регион", "Озёрный район"]
    assert ranked(press(app, "Показать: Муниципалитетов")) == ["Регион", "г. Лесной", "Озёрный район"]


def test_all_types_together_have_no_norm_in_the_letter(dataset: Dataset) -> None:
    table = assessed(dataset, load_profile("chelyabinsk-2024"))
    present = ["ДОО", "ОО", "СПО"]
    chosen = default_type(table, load_profile("chelyabinsk-2024"), "teachers_10_messages", present)
    assert chosen == "ДОО"
    assert default_type(table, load_profile("tomsk-2024"), "teachers_active", present) == "Все типы"


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("Все показатели", "Чем сильнее закрашена клетка"),
        ("Лидеры", "В лидеры попадает тот"),
        ("Случайность", "одинаково активны"),
    ],
)
def test_every_tab_opens_by_link(tab: str, words: str) -> None:
    assert words in plain(texts(open_page(PAGE, mun_tab=tab)))


def test_leaders_leave_out_the_inactive_and_the_tiny() -> None:
    tables = [html.body for html in open_page(PAGE, mun_tab="Лидеры").get("html") if "<table" in html.body]
    assert "Детский сад № 4" in tables[1].split("</tr>")[1]
    assert "Детский сад № 1" not in tables[1]


def test_a_file_of_municipalities_is_compared_without_organizations() -> None:
    municipalities_file()
    app = open_page(PAGE, mun_tab="Лидеры", norms="tomsk-2024")
    text = plain(texts(app))
    assert "По региону 115,7 % (59 из 51)" in text
    assert "нет строк по организациям" in text
    assert not app.get("button_group") or all(item.key != "mun_type" for item in app.button_group)


def test_names_of_municipalities_are_shown_as_they_are() -> None:
    municipalities_file()
    assert HOSTILE in ranked(open_page(PAGE, norms="tomsk-2024"))


def test_names_of_leaders_are_shown_as_they_are() -> None:
    app = open_page(PAGE, mun_tab="Лидеры")
    assert any("&lt;script&gt;alert" in html.body for html in app.get("html"))
    for html in app.get("html"):
        assert "<script>alert" not in html.body


def test_a_file_with_nothing_to_compare_says_so() -> None:
    table = region_table()[["municipality"]].assign(teachers_registered=pd.array([1] * 10, dtype="Int64"))
    keep(make_export, ExportKind.MUNICIPALITIES, table)
    assert "нет показателя, который можно сравнить" in texts(open_page(PAGE))


def test_a_table_of_another_kind_is_named() -> None:
    keep(make_export, ExportKind.DOO_STAFF, region_table()[["municipality", "teachers_total"]])
    assert "нет нужной таблицы" in texts(open_page(PAGE))


def test_the_workbook_has_the_figures_of_the_page(dataset: Dataset) -> None:
    content = build_comparison(
        dataset, load_profile("chelyabinsk-2024"), Asked("teachers_10_messages", "ДОО")
    )
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for row in book["Муниципалитеты"].values for cell in row]
    assert {"г. Лесной", "Озёрный район", 11, 90, 2, 100} <= set(cells)
    assert "Лидеры-организации" in book.sheetnames
