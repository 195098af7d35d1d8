"""Сотрудники ДОО: the golden figures of 004 on the page, honest notes, anomalies, the workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from sferum_core.model import ExportKind
from sferum_core.norms import load_profile
from sferum_ui.cache import Dataset
from sferum_ui.views.staff import build_staff
from tests.ui.conftest import make_export
from tests.ui.reports import HOSTILE, keep, open_page, plain, region_table, texts

PAGE = "doo_staff"
ORYOL = Path(__file__).resolve().parents[1] / "data" / "oryol_doo_staff.csv"


@pytest.fixture(autouse=True)
def dataset(fresh_caches: None) -> Iterator[Dataset]:
    yield keep(make_export, ExportKind.ORGANIZATIONS, region_table())


def oryol(*columns: str) -> Dataset:
    table = pd.read_csv(ORYOL)
    table["reported_share_registered"] = (table["published_registered_percent"] / 100).astype("Float64")
    table["reported_share_active"] = (table["published_active_percent"] / 100).astype("Float64")
    counts = dict.fromkeys(["teachers_total", "teachers_registered", "teachers_active"], "Int64")
    table = table.astype({"municipality": "str"} | counts)
    return keep(make_export, ExportKind.DOO_STAFF, table[["municipality", *columns]])


COUNTS = ("teachers_total", "teachers_registered", "teachers_active")
SHARES = ("reported_share_registered", "reported_share_active")


def test_golden_figures_of_the_slide() -> None:
    oryol(*COUNTS, *SHARES)
    text = plain(texts(open_page(PAGE)))
    assert "90,2 % сотрудников ДОО (3 725 из 4 128)" in text
    assert "33,7 % (1 254 из 3 725)" in text
    assert "не хватает 403 сотрудников" in text


def test_the_region_is_the_first_row_and_most_missing_follow() -> None:
    oryol(*COUNTS)
    table = open_page(PAGE).dataframe[0].value
    assert table["municipality"].iloc[0] == "Среднее значение по региону"
    missing = table["missing_to_full"].dropna().tolist()
    assert missing[0] == 403
    assert missing[1:] == sorted(missing[1:], reverse=True)
    assert sum(missing[1:]) == 403


def test_only_those_who_miss_someone_by_link() -> None:
    oryol(*COUNTS)
    everyone = len(open_page(PAGE).dataframe[0].value)
    some = open_page(PAGE, doo_missing="true").dataframe[0].value
    assert 1 < len(some) < everyone
    assert some["missing_to_full"].notna().all()


def test_percentages_alone_are_ranked_and_the_page_says_what_is_not_known() -> None:
    oryol(*SHARES)
    app = open_page(PAGE)
    assert "Нет численностей" in app.info[0].value
    assert "неизвестно" in plain(texts(app))
    assert "не по чему" in texts(app)


def test_without_a_staff_list_the_registered_share_is_not_known() -> None:
    table = region_table().drop(columns="teachers_total")
    keep(make_export, ExportKind.ORGANIZATIONS, table)
    app = open_page(PAGE)
    assert "числа сотрудников по списку" in app.info[0].value
    assert "Загрузите" in app.info[0].value


def test_organizations_give_only_preschools() -> None:
    text = plain(texts(open_page(PAGE)))
    assert "90,5 % сотрудников ДОО (190 из 210)" in text


def test_more_active_than_registered_is_shown_and_explained() -> None:
    table = region_table()
    table.loc[3, "teachers_active"] = 160
    keep(make_export, ExportKind.ORGANIZATIONS, table)
    text = plain(texts(open_page(PAGE)))
    assert "Активных больше, чем зарегистрированных: 1 муниципалитет" in text.replace("\\", "")
    assert "учтён в последней" in text.replace("\\", "")


def test_what_active_means_can_be_chosen_by_link() -> None:
    app = open_page(PAGE, doo_indicator="Доля педагогов, написавших не менее 10 сообщений за неделю")
    assert app.selectbox(key="doo_indicator").value == "teachers_10_messages"
    assert "(13 из 190)" in plain(texts(app))


def test_a_file_without_preschools_says_what_to_upload() -> None:
    table = region_table()
    keep(make_export, ExportKind.ORGANIZATIONS, table[table["organization_type"].eq("ОО").fillna(False)])
    app = open_page(PAGE)
    assert "нет дошкольных организаций" in app.info[0].value
    assert not app.dataframe


def test_names_of_municipalities_are_shown_as_they_are() -> None:
    table = region_table()
    table.loc[:, "municipality"] = table["municipality"].replace("г. Лесной", HOSTILE)
    keep(make_export, ExportKind.ORGANIZATIONS, table)
    app = open_page(PAGE)
    assert HOSTILE in app.dataframe[0].value["municipality"].tolist()
    for html in app.get("html"):
        assert "<script>alert" not in html.body


def test_the_workbook_has_both_rankings(dataset: Dataset) -> None:
    book = openpyxl.load_workbook(io.BytesIO(build_staff(dataset, load_profile("chelyabinsk-2024"), None)))
    assert {"Рейтинг регистрации", "Рейтинг активности", "Регион"} <= set(book.sheetnames)
    cells = {cell for row in book["Сотрудники ДОО"].values for cell in row}
    assert {"г. Лесной", "Озёрный район", 100, 110} <= cells
