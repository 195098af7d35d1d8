"""Педагоги: the eleven rows of 004 on the page, dates, names for the uploader only, the way to the other reports."""

from __future__ import annotations

import io
from collections.abc import Iterator

import openpyxl
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from sferum_core.model import ExportKind
from sferum_core.norms import load_profile
from sferum_ui import cache, derived, navigation, private
from sferum_ui.cache import Dataset, keep_export
from sferum_ui.views import teachers_names
from sferum_ui.views.teachers import build_counts
from sferum_ui.views.teachers_names import build_people, build_people_csv
from tests.ui.conftest import make_export, typed
from tests.ui.reports import HOSTILE, MAIN, ROOT, open_own, plain, press, texts

PAGE = "teachers"
MESSAGES = [18, 38, 0, 0, 65, 0, 0, 52, 10, 0, 8]
CALLS = [0, 0, 0, 0, 3, 0, 0, 3, 0, 0, 0]
SECRET = "Скрытнова"


def rows(date: str = "2024-01-29", messages: list[int] | None = None, **more: list[str]) -> pd.DataFrame:
    return typed(
        pd.DataFrame(
            {
                "date": [date] * 11,
                "full_name": [f"{SECRET} {HOSTILE} {place}" for place in range(11)],
                "role": ["teacher"] * 11,
                "linked": [True] * 4 + [False] * 7,
                "messages": messages or MESSAGES,
                "calls": CALLS,
                **more,
            }
        )
    )


REGIONAL = {
    "organization_id": ["01"] * 6 + ["02"] * 5,
    "organization": ["МБОУ СОШ № 1"] * 6 + [f"МБДОУ детский сад № 2 {HOSTILE}"] * 5,
    "municipality": ["Озёрный район"] * 6 + ["г. Лесной"] * 5,
}


def start(table: pd.DataFrame, page: str = PAGE, **query: str) -> AppTest:
    """The page in a session that uploaded the table itself."""
    return open_own(page, make_export(ExportKind.TEACHERS, table, filename="teachers.xlsx"), **query)


def test_the_eleven_rows_of_the_slide() -> None:
    app = start(rows())
    text = plain(texts(app))
    assert "На 29.01.2024 в файле 11 педагогов" in text
    assert "написали 5 (45,5 %)" in text
    assert "не менее трёх – 6 (54,5 %)" in text
    assert "Всего сообщений – 191, звонков – 6" in text
    labels = {button.label.replace("\u202f", "") for button in app.button}
    assert {
        "Показать: От 10 сообщений, 5",
        "Показать: От 3 сообщений, 6",
        "Показать: Почти у порога, 1",
    } <= labels
    assert {"Показать: От 1 звонка, 2", "Показать: Связаны с ЭЖД, 4"} <= labels
    assert "от 3 звонков – 2" in text


def test_the_latest_date_first_and_another_by_link() -> None:
    both = pd.concat([rows("2024-01-22", [50] * 11), rows()], ignore_index=True)
    assert "написали 5 " in plain(texts(start(both)))
    app = start(both, ped_date="22.01.2024")
    assert "На 22.01.2024" in texts(app)
    assert "написали 11 " in plain(texts(app))


def test_names_are_not_on_the_page_before_they_are_asked_for() -> None:
    app = start(rows(**REGIONAL))
    assert SECRET not in texts(app)
    assert all(SECRET not in frame.value.to_csv() for frame in app.dataframe)


def test_a_click_on_a_figure_opens_the_list_of_those_people() -> None:
    app = press(start(rows()), "Показать: Почти у порога")
    table = app.dataframe[-1].value
    assert table["messages"].tolist() == [8]
    assert table["to_10_messages"].tolist() == [2]
    assert SECRET in table["full_name"].iloc[0]
    again = press(app, "Показать: Почти у порога")
    assert len(again.dataframe[-1].value) == 11


def test_the_search_for_a_name_stays_out_of_the_address() -> None:
    app = press(start(rows()), "Показать: Педагогов")
    app.text_input(key="_ped_search").input(f"{SECRET.upper()} {HOSTILE} 4").run()
    assert app.dataframe[-1].value["messages"].tolist() == [65]
    assert SECRET not in str(app.query_params)


def test_long_lists_come_page_by_page() -> None:
    many = pd.concat([rows()] * 30, ignore_index=True)
    app = press(start(many), "Показать: Педагогов")
    assert len(app.dataframe[-1].value) == 100
    app.number_input(key="_ped_page").set_value(4).run()
    assert len(app.dataframe[-1].value) == 30


def test_another_session_sees_nothing_of_it() -> None:
    start(rows())
    stranger = AppTest.from_file(str(MAIN), default_timeout=60)
    stranger.query_params["data"] = "own"
    stranger.run()
    stranger.switch_page(str(ROOT / "pages" / f"{PAGE}.py")).run()
    assert "на сервере уже нет" in texts(stranger)
    assert SECRET not in texts(stranger)


@pytest.mark.parametrize(
    "page", ["organization_check", "municipality_comparison", "doo_staff", "week_package"]
)
def test_the_file_feeds_the_other_reports_as_counts(page: str) -> None:
    app = start(rows(**REGIONAL), page)
    (shown,) = (
        [app.query_params["data"]] if isinstance(app.query_params["data"], str) else app.query_params["data"]
    )
    assert shown != "own"
    assert "итоги по организациям на 29.01.2024" in texts(app)
    opened = cache.lookup(shown)
    assert opened is not None
    assert not opened.is_personal
    assert SECRET not in opened.export.table.to_csv()
    assert opened.export.table["teachers_10_messages"].tolist() == [3, 2]
    assert opened.export.table["organization_type"].tolist() == ["ОО", "ДОО"]


def test_from_the_organizations_back_to_the_teachers() -> None:
    app = start(rows(**REGIONAL), "organization_check")
    app.switch_page(str(ROOT / "pages" / f"{PAGE}.py")).run()
    assert "в файле 11 педагогов" in plain(texts(app))


def test_the_chosen_date_goes_along_to_the_organizations() -> None:
    both = pd.concat([rows("2024-01-22", [50] * 11, **REGIONAL), rows(**REGIONAL)], ignore_index=True)
    app = start(both, ped_date="22.01.2024")
    app.button(key="ped_rolled").click().run()
    assert "итоги по организациям на 22.01.2024" in texts(app)


def test_other_roles_and_rows_without_a_date_are_told() -> None:
    table = rows()
    table.loc[0, "role"] = "student"
    table.loc[1, "date"] = pd.NaT
    text = plain(texts(start(table)))
    assert "С другими ролями: 1 (student – 1)" in text.replace("\\", "")
    assert "Без даты: 1 строка" in text


def test_a_file_without_teachers_says_so() -> None:
    table = rows()
    table["role"] = "student"
    assert "нет ни одного педагога" in texts(start(table.astype({"role": "str"})))


def test_the_upload_page_offers_the_reports_teachers_feed() -> None:
    names = [entry.name for entry in navigation.reports_for(ExportKind.TEACHERS)]
    assert names == ["teachers", "organization_check", "municipality_comparison", "doo_staff", "week_package"]


@pytest.fixture
def dataset() -> Iterator[Dataset]:
    yield Dataset(
        "own-teachers",
        "teachers.xlsx",
        make_export(ExportKind.TEACHERS, rows(**REGIONAL), filename="teachers.xlsx"),
    )


def test_the_workbook_of_the_page_holds_no_name(dataset: Dataset) -> None:
    book = openpyxl.load_workbook(io.BytesIO(build_counts(dataset, load_profile("chelyabinsk-2024"), None)))
    cells = {cell for sheet in book for row in sheet.values for cell in row}
    assert {"Показатели", "Организации", "Распределение"} <= set(book.sheetnames)
    assert {191, 5, 6} & cells == {5, 6}
    assert not any(SECRET in str(cell) for cell in cells)


def test_the_list_with_names_is_a_file_of_its_own(dataset: Dataset) -> None:
    profile = load_profile("chelyabinsk-2024")
    book = openpyxl.load_workbook(io.BytesIO(build_people(dataset, profile, None, "near", ())))
    listed = [row for row in book["Педагоги"].values if SECRET in str(row[0])]
    assert len(listed) == 1
    text = build_people_csv(dataset, profile, None, "all", ("г. Лесной",)).decode("utf-8-sig")
    assert text.count(SECRET) == 5


def test_a_table_of_several_dates_is_shown_for_the_latest_only() -> None:
    table = typed(
        pd.DataFrame(
            {
                "organization": ["СОШ № 1"] * 3,
                "organization_type": ["ОО"] * 3,
                "teachers_registered": [20, 21, 22],
                "date": ["2024-04-02", "2024-04-03", "2024-04-04"],
            }
        )
    )
    opened = keep_export(make_export(ExportKind.ORGANIZATIONS, table), dataset_id="dated")
    latest = derived.of_one_date(opened)
    assert latest.export.table["teachers_registered"].tolist() == [22]
    assert derived.of_one_date(opened) is latest
    assert cache.lookup(latest.id) is latest
    st.cache_resource.clear()


def test_beside_an_export_of_the_region_the_page_asks_which_to_take() -> None:
    app = start(rows(**REGIONAL))
    keep_export(make_export(filename="region.xlsx"), dataset_id="region")
    app.session_state["_own_datasets"] = ["region"]
    app.switch_page(str(ROOT / "pages" / "organization_check.py")).run()
    assert "нет нужной таблицы" in texts(app)
    assert any("region" in button.label for button in app.button)
    app = press(app, "Сложить из")
    assert "итоги по организациям" in texts(app)


def test_a_long_list_with_names_is_made_beside_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teachers_names, "LONG", 5)
    app = start(rows())
    app.toggle(key=teachers_names.NAMES_OPEN).set_value(True).run()
    press(app, "Подготовить XLSX с именами")
    memory = app.session_state[private.KEY]
    (job,) = memory.thing("jobs", dict).values()
    job.wait(60)
    app.run()
    labels = [button.label for button in app.get("download_button")]
    assert "Скачать с именами, XLSX" in labels
    sheet = openpyxl.load_workbook(io.BytesIO(job.content()))["Педагоги"]
    assert sum(SECRET in str(row[0].value) for row in sheet.iter_rows()) == 11
    memory.forget()
    assert not memory.thing("jobs", dict)  # the file goes with the names


@pytest.mark.parametrize("size", [0, 1])
def test_a_list_of_nobody_or_one_is_a_valid_file(size: int) -> None:
    found = teachers_names.teacher_report(rows().iloc[:size], None)
    people = teachers_names.select_people(found.people, "all", ())
    lines = teachers_names.people_csv(people).decode("utf-8-sig").splitlines()
    assert len(lines) == size + 1 and lines[0].startswith("ФИО;")
