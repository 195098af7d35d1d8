"""Уроки и звонки: the example of 000, rankings, calls that count and those that don't, names on request."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
from streamlit.testing.v1 import AppTest

from sferum_core.model import ExportKind
from sferum_core.norms import load_profile
from sferum_ui.cache import Dataset
from sferum_ui.views import calls, lessons
from tests.ui.conftest import make_export, typed
from tests.ui.reports import HOSTILE, MAIN, ROOT, keep, open_own, open_page, plain, press, texts

PAGE = "lessons_calls"
SECRET = "Скрытнова"


def lesson_table() -> pd.DataFrame:
    return typed(
        pd.DataFrame(
            {
                "organization": [HOSTILE, "СОШ № 2", "СОШ № 3"],
                "municipality": ["Озёрный район", "Озёрный район", "г. Лесной"],
                "children": [62, 300, 200],
                "lessons_total": [612, 1000, 600],
                "lessons_distance": [1, 50, 90],
                "participants_planned": [2, 500, 30],
                "participants_actual": [0, 400, 60],
            }
        )
    )


def call_table() -> pd.DataFrame:
    moments = pd.to_datetime(
        ["2024-04-03 10:00", "2024-04-03 10:00", "2024-04-03 10:21", "2024-04-03 12:00"]
    ).astype("datetime64[s]")
    return pd.DataFrame(
        {
            "call_id": pd.array(["100001", "100001", "100001", "100002"], dtype="str"),
            "full_name": pd.array(
                [f"{SECRET} А", f"{SECRET} {HOSTILE}", f"{SECRET} А", f"{SECRET} В"], dtype="str"
            ),
            "joined_at": moments,
            "left_at": moments + pd.Timedelta(minutes=20),
        }
    )


def start_calls(table: pd.DataFrame) -> AppTest:
    return open_own(PAGE, make_export(ExportKind.CALL_PARTICIPANTS, table, filename="calls.zip"))


def test_the_example_of_the_document() -> None:
    keep(
        make_export,
        ExportKind.DISTANCE_LESSONS,
        lesson_table().iloc[:1].drop(columns=["organization", "municipality"]),
    )
    text = plain(texts(open_page(PAGE)))
    assert "Из 612 уроков дистанционно проведён 1 (0,16 %)" in text
    assert "Планировалось участников: 2, пришло 0 (0,0 %)" in text


def test_organizations_are_ranked_and_municipalities_too() -> None:
    keep(make_export, ExportKind.DISTANCE_LESSONS, lesson_table())
    app = open_page(PAGE)
    table = app.dataframe[0].value
    assert table["organization"].tolist() == ["СОШ № 3", "СОШ № 2", HOSTILE]
    assert [cell.strip("\u2007") for cell in table["shown"]] == ["15,0\u00a0%", "5,0\u00a0%", "0,16\u00a0%"]
    app = open_page(PAGE, les_by="Муниципалитеты")
    table = app.dataframe[0].value
    assert table["municipality"].tolist() == ["г. Лесной", "Озёрный район"]
    assert table["lessons_distance"].tolist() == [90, 51]
    assert "<script>alert" not in "".join(str(part.body) for part in app.get("html"))


def test_what_does_not_add_up_is_said() -> None:
    keep(make_export, ExportKind.DISTANCE_LESSONS, lesson_table())
    assert "пришло больше, чем планировалось: 1 строка" in plain(texts(open_page(PAGE))).replace("\\", "")


def test_calls_that_count_and_those_that_do_not() -> None:
    app = start_calls(call_table())
    text = plain(texts(app))
    assert "Из 2 звонков засчитывается 1" in text
    assert "Меньше двух участников – 1" in text
    table = app.dataframe[0].value
    assert table["participants"].tolist() == [2, 1]
    assert table["counts"].tolist() == ["да", "нет"]
    assert table["length"].str.replace("\u00a0", " ").tolist() == ["41 мин", "20 мин"]


def test_names_of_participants_are_shown_on_request_only() -> None:
    app = start_calls(call_table())
    assert SECRET not in texts(app)
    assert all(SECRET not in frame.value.to_csv() for frame in app.dataframe)
    app.toggle(key="_call_names").set_value(True).run()
    table = app.dataframe[-1].value
    assert table["participant"].tolist() == [f"{SECRET} А", f"{SECRET} {HOSTILE}"]
    assert table["entries"].tolist() == [2, 1]


def test_one_call_without_times_says_what_is_not_known() -> None:
    text = plain(texts(start_calls(call_table()[["full_name"]])))
    assert "засчитывается ли, неизвестно" in text
    assert "Времени в файле нет" in text


def test_a_call_is_closed_to_other_sessions() -> None:
    start_calls(call_table())
    stranger = AppTest.from_file(str(MAIN), default_timeout=60)
    stranger.query_params["data"] = "own"
    stranger.run()
    stranger.switch_page(str(ROOT / "pages" / f"{PAGE}.py")).run()
    assert SECRET not in texts(stranger)
    assert "на сервере уже нет" in texts(stranger)


def test_the_page_without_a_file_offers_the_demo() -> None:
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.run()
    app.switch_page(str(ROOT / "pages" / f"{PAGE}.py")).run()
    app = press(app, "Открыть демонстрационные данные")
    assert "уроков дистанционно проведено" in plain(texts(app))
    assert app.query_params["data"] in ("demo-lessons", ["demo-lessons"])


def test_workbooks() -> None:
    profile = load_profile("chelyabinsk-2024")
    dataset = Dataset("small", "lessons.xlsx", make_export(ExportKind.DISTANCE_LESSONS, lesson_table()))
    book = openpyxl.load_workbook(io.BytesIO(lessons.build(dataset, profile)))
    assert book.sheetnames == ["О файле", "Организации", "Муниципалитеты", "Всего", "Что не так"]
    total = list(book["Всего"].values)[3]
    assert total[:4] == ("Все вместе", 562, 2212, 141)
    dataset = Dataset("small", "calls.zip", make_export(ExportKind.CALL_PARTICIPANTS, call_table()))
    book = openpyxl.load_workbook(io.BytesIO(calls.build(dataset, profile)))
    assert not any(SECRET in str(cell) for sheet in book for row in sheet.values for cell in row)
    book = openpyxl.load_workbook(io.BytesIO(calls.build(dataset, profile, with_names=True)))
    assert sum(SECRET in str(row[1]) for row in book["Участники"].values) == 3
