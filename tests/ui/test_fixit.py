"""«Что исправить» on «Загрузка»: books given out, answers taken back, the rest stays."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from conftest import make_export, organizations_table
from streamlit.testing.v1 import AppTest
from test_finding_weeks import plain

from sferum_core import Export, load_profile
from sferum_core.fixit import RowState
from sferum_ui import cache, checking, fixit, library
from sferum_ui.intake import File

Start = Callable[..., AppTest]
PROFILE = load_profile("chelyabinsk-2024")
KEY = "chelyabinsk-2024"
REGION = "Пробная область"


def broken() -> Export:
    """Two rows of six are wrong: more linked than registered, a type that contradicts the name."""
    table = organizations_table()
    table.loc[table.index[1], "organization_type"] = "ОО"
    table["teachers_linked"] = table["teachers_registered"].add(0)
    table.loc[table.index[3], "teachers_linked"] = 400
    return make_export(table=table)


def book(dataset: cache.Dataset, *changes: tuple[int, str, object]) -> bytes:
    """The region's book with cells changed: row to mend, header, value."""
    content = fixit.book(dataset, PROFILE, fixit.wanted(dataset))
    opened = openpyxl.load_workbook(io.BytesIO(content))
    sheet = opened.worksheets[1]
    columns = {str(cell.value): cell.column for cell in sheet[3]}
    for row, header, value in changes:
        sheet.cell(4 + row, columns[header]).value = value
    output = io.BytesIO()
    opened.save(output)
    return output.getvalue()


LINKED, TYPE = "Заголовок teachers_linked, чел.", "Заголовок organization_type"


def open_tab(app: Start, dataset: cache.Dataset) -> AppTest:
    test = app(data=dataset.id)
    title = next(tab.label for tab in test.tabs if tab.label.startswith("Что не так"))
    test.session_state[f"details_{dataset.id}"] = title
    test.run()
    assert not test.exception
    return test


def codes(dataset: cache.Dataset) -> set[str]:
    return {one.code for one in checking.of(dataset, KEY).findings}


def test_a_round_trip_through_the_main_uploader_closes_what_was_mended(app: Start) -> None:
    dataset = cache.keep_export(broken())
    assert {"linked_over_registered", "type_contradicts_name"} <= codes(dataset)
    test = app(data=dataset.id)
    content = book(dataset, (1, LINKED, 40))
    test.file_uploader[0].set_value([("Что исправить. ответ.xlsx", content, "")]).run()
    assert not test.exception
    named = test.query_params["data"]
    assert named != dataset.id
    text = plain(test)
    (warning,) = [one.value for one in test.warning if "Исправлено" in one.value]
    assert "Исправлено 1 из 2; осталась 1" in warning.replace("\\", "")
    assert "По исправлению изменено 1 значение" in text
    corrected = cache.lookup(named)
    assert corrected is not None
    assert "linked_over_registered" not in codes(corrected)
    assert {"type_contradicts_name", "fixit_applied"} <= codes(corrected)
    assert cache.lookup(dataset.id).export.table.equals(dataset.export.table)
    test.button(key=f"fixit_source_{named}").click().run()
    assert test.query_params["data"] == dataset.id


def test_the_tab_gives_books_out_and_takes_them_back(app: Start) -> None:
    dataset = cache.keep_export(broken())
    test = open_tab(app, dataset)
    assert "К исправлению 2 строки в 2 муниципалитетах" in plain(test)
    labels = [button.proto.label for button in test.get("download_button")]
    assert {"Книга каждому муниципалитету (архив)", "Одна книга на всех"} <= set(labels)
    second = next(one for one in test.file_uploader if "исправленные книги" in one.label)
    second.set_value(
        [("a.xlsx", book(dataset, (0, TYPE, "ДОО"), (1, LINKED, 40)), ""), ("б.xlsx", b"x", "")]
    ).run()
    assert not test.exception
    assert any("Исправлено 2 из 2." in one.value.replace("\\", "") for one in test.success)
    assert not codes(cache.lookup(test.query_params["data"])) & {
        "linked_over_registered",
        "type_contradicts_name",
    }


def test_an_answer_without_an_open_export_says_what_to_do(app: Start) -> None:
    content = book(cache.keep_export(broken()))
    test = app()
    test.file_uploader[0].set_value([("ответ.xlsx", content, "")]).run()
    assert not test.exception
    assert any("а не выгрузка" in one.value for one in test.error)
    assert "data" not in test.query_params or not test.query_params["data"]


def test_an_ordinary_file_among_the_answers_is_refused_by_name() -> None:
    dataset = cache.keep_export(broken())
    shown, refused = fixit.take(dataset, [File("чужой.csv", "ID школы;Организация\n1;Школа".encode())])
    assert shown is dataset
    assert [name for name, _, _ in refused] == ["чужой.csv"]


def test_a_type_may_be_remembered_for_later_weeks(app: Start) -> None:
    library.store().office.change({"region": REGION})
    dataset = cache.keep_export(broken())
    test = app(data=dataset.id)
    test.file_uploader[0].set_value([("a.xlsx", book(dataset, (0, TYPE, "ДОО")), "")]).run()
    test.button(key=f"fixit_keep_{test.query_params['data']}").click().run()
    assert not test.exception
    (kept,) = library.store().corrections.for_region(REGION)
    assert (kept.subject, kept.value) == ("0002", "ДОО")


def test_books_with_notes_come_back_with_notes() -> None:
    table = organizations_table()
    table.loc[table.index[3], "admins_registered"] = 0
    dataset = cache.keep_export(make_export(table=table))
    assert not fixit.wanted(dataset).rows
    mending = fixit.wanted(dataset, with_notes=True)
    assert [row.codes for row in mending.rows if row.place == 3] == [("admin_missing",)]
    opened = openpyxl.load_workbook(io.BytesIO(fixit.book(dataset, PROFILE, mending)))
    sheet = opened.worksheets[1]
    columns = {str(cell.value): cell.column for cell in sheet[3]}
    place = [row.place for row in mending.rows].index(3)
    sheet.cell(4 + place, columns["Заголовок admins_registered, чел."]).value = 2
    output = io.BytesIO()
    opened.save(output)
    shown, refused = fixit.take(dataset, [File("a.xlsx", output.getvalue())])
    assert not refused
    assert fixit.taken(shown).outcome.count(RowState.FIXED) == 1
    assert shown.export.table["admins_registered"].iloc[3] == 2


@pytest.mark.parametrize("demo", [True, False])
def test_the_corrected_table_stands_beside_its_source(app: Start, demo: bool) -> None:
    dataset = cache.keep_export(broken(), is_demo=demo)
    shown, _ = fixit.take(dataset, [File("a.xlsx", book(dataset, (1, LINKED, 40)))])
    assert shown.is_demo == demo
    assert shown.filename == "week.xlsx, с исправлениями"
    assert shown.export.source.sha256 == dataset.export.source.sha256
    again, _ = fixit.take(shown, [File("b.xlsx", book(shown, (0, TYPE, "ДОО")))])
    assert again.filename == "week.xlsx, с исправлениями"
    assert fixit.taken(again).outcome.sentence == "Исправлено 1 из 1."
    test = app(data=again.id)
    assert not test.exception
