"""Workbooks, text files, charts and sentences of teachers, lessons and calls."""

from __future__ import annotations

import csv
import datetime as dt
import io

import openpyxl
import pandas as pd
import pytest

from sferum_core import read_export
from sferum_core.answers_people import calls_answer, lessons_answer, teachers_answer
from sferum_core.calls import call_report
from sferum_core.charts.people import distribution_bars, lesson_bars, presence_steps
from sferum_core.lessons import lesson_report
from sferum_core.people_groups import GROUPS, search_people, select_people
from sferum_core.reports.book import ReportMeta
from sferum_core.reports.lessons import calls_workbook, lessons_workbook
from sferum_core.reports.teachers import people_csv, people_workbook, teachers_workbook
from sferum_core.teachers import roll_up_detail, teacher_report

RISKY = "=HYPERLINK(1)"
META = ReportMeta("Проба", "", None, "file.csv", "0" * 64, "нормы", "письмо", dt.datetime(2024, 4, 5), 5)
NOBODY = pd.DataFrame({"full_name": [], "messages": [], "calls": []}).astype(
    {"full_name": "str", "messages": "Int64", "calls": "Int64"}
)


def people() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "full_name": [RISKY, "Ёлкин Ёж", "Соснин Сыч", None],
            "linked": [True, False, None, None],
            "messages": [12, 9, 0, None],
            "calls": [0, 3, 0, 0],
            "organization": ["СОШ № 1", "СОШ № 1", "Детский сад «Ёж»", "СОШ № 1"],
            "municipality": ["Озёрный район", "Озёрный район", "г. Лесной", "Озёрный район"],
        }
    ).astype(
        {
            "full_name": "str",
            "linked": "boolean",
            "messages": "Int64",
            "calls": "Int64",
            "organization": "str",
            "municipality": "str",
        }
    )


def book_of(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def rows_of(book: openpyxl.Workbook, sheet: str) -> list[dict[str, object]]:
    values = list(book[sheet].values)
    return [dict(zip(map(str, values[2]), row, strict=True)) for row in values[3:]]


def test_figures_of_the_workbook_are_those_of_the_report() -> None:
    report = teacher_report(people())
    book = book_of(teachers_workbook(report, roll_up_detail(people()), META))
    lines = {row["Показатель"]: row for row in rows_of(book, "Показатели")}
    assert lines["Написали не менее 10 сообщений"]["Педагогов, чел."] == 1
    assert lines["Написали не менее 10 сообщений"]["Из скольких, чел."] == 3
    assert lines["Написали не менее 10 сообщений"]["Почти у порога, чел."] == 1
    assert lines["Связаны с ЭЖД"]["Доля, %"] == 0.5
    organizations = {row["Организация"]: row for row in rows_of(book, "Организации")}
    assert organizations["СОШ № 1"]["Педагогов зарегистрировано, чел."] == 3
    assert organizations["СОШ № 1"]["Почти у порога 10, чел."] == 1
    assert organizations["Детский сад «Ёж»"]["Не писали, чел."] == 1
    assert not any(RISKY in str(cell) for sheet in book for row in sheet.values for cell in row)


def test_names_are_text_and_never_a_formula() -> None:
    report = teacher_report(people())
    sheet = book_of(people_workbook(report.people, META))["Педагоги"]
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == RISKY]
    assert cell.data_type == "s"
    text = people_csv(report.people).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert lines[0]["ФИО"] == f"'{RISKY}"
    assert [line["Порог 10 сообщений"] for line in lines] == [
        "10 и больше",
        "почти у порога",
        "не пишет",
        "нет данных",
    ]
    assert lines[3]["ФИО"] == "ФИО не указано"
    assert lines[1]["Связь с ЭЖД"] == "нет"


def test_nobody_still_gives_valid_files() -> None:
    report = teacher_report(NOBODY)
    assert "Строк нет" in str(
        list(book_of(teachers_workbook(report, roll_up_detail(NOBODY), META))["Организации"].values)
    )
    assert len(people_csv(report.people).splitlines()) == 1
    assert "нет ни одного педагога" in teachers_answer(report)


def test_groups_and_the_search() -> None:
    found = teacher_report(people()).people
    sizes = {code: len(select_people(found, code)) for code in GROUPS}
    assert sizes == {
        "all": 4,
        "near": 1,
        "silent": 1,
        "three": 2,
        "ten": 1,
        "call": 1,
        "linked": 1,
        "unlinked": 1,
    }
    assert len(select_people(found, "all", ("г. Лесной",))) == 1
    assert search_people(found, " елкин ")["full_name"].tolist() == ["Ёлкин Ёж"]
    assert search_people(found, "сад «еж")["full_name"].tolist() == ["Соснин Сыч"]
    assert len(search_people(found, "=HYPERLINK(")) == 1
    assert len(search_people(found, "")) == 4


@pytest.mark.parametrize("column", ["messages", "calls"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_distribution_counts_people_and_names_nobody(column: str, theme: str) -> None:
    report = teacher_report(people())
    picture = distribution_bars(report.distribution, column, theme)  # type: ignore[arg-type]
    drawn = picture.figure.to_dict()
    assert sum(drawn["data"][0]["y"]) == {"messages": 3, "calls": 4}[column]
    assert RISKY not in str(drawn)
    assert len(drawn["layout"]["shapes"]) == 2
    assert picture.alt


LESSONS = "Школа;Количество детей;Уроков;Дистанционных уроков\n<b>СОШ</b> № 1;62;612;1\nСОШ № 2;60;100;9\n"


def test_lessons_in_words_chart_and_workbook() -> None:
    report = lesson_report(read_export(LESSONS.encode(), "l.csv").table)
    text = lessons_answer(report).replace("\u00a0", " ")
    assert text.startswith("Из 712 уроков дистанционно проведено **10** (**1,4 %**).")
    assert "СОШ № 2: **9,0 %**" in text
    picture = lesson_bars(report.organizations, "organization", float(report.total["share_distance"]))
    assert "<b>СОШ</b> №" not in str(picture.figure.to_dict()["data"])
    (total,) = rows_of(book_of(lessons_workbook(report, META)), "Всего")
    assert total["Доля дистанционных уроков, %"] == pytest.approx(10 / 712)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "Имя;Вход;Выход\nА Б;10:00;10:10\nВ Г;10:00;10:10\n",
            "Звонок 2000001652: **2 участника**, длился **10 мин**, **засчитывается**.",
        ),
        ("Имя;Вход;Выход\nА Б;10:00;10:10\n", "**не засчитывается**. 1 участник, а нужно не меньше двух."),
        ("Имя;Вход;Выход\nА Б;10:00;10:01\nВ Г;10:00;10:01\n", "Длился 1 мин, а нужно не меньше 3 минут."),
        ("Участник\nА Б\nВ Г\n", "**засчитывается ли, неизвестно**. Времени в файле нет"),
        (
            "Имя;Вход;Выход\nА Б;10:00;10:10\nВ Г;10:20;10:30\n",
            "Двое и больше были вместе только 0 с, проверьте.",
        ),
    ],
)
def test_a_call_in_one_sentence(text: str, sentence: str) -> None:
    export = read_export(text.encode(), "call_2000001652_participants.csv")
    assert sentence in calls_answer(call_report(export.table, export.source.filename)).replace("\u00a0", " ")


def test_the_picture_of_a_call_names_nobody_and_the_workbook_only_when_asked() -> None:
    export = read_export(
        "Имя;Вход;Выход\nТайнов Т;10:00;10:10\nВ Г;10:05;10:10\n".encode(), "call_1000001_x.csv"
    )
    report = call_report(export.table, export.source.filename)
    picture = presence_steps(report.presence, report.clock_only)
    assert "Тайнов" not in str(picture.figure.to_dict())
    assert "2" in picture.alt
    assert "Участники" not in book_of(calls_workbook(report, META)).sheetnames
    listed = rows_of(book_of(calls_workbook(report, META, with_names=True)), "Участники")
    assert [row["Участник"] for row in listed] == ["Тайнов Т", "В Г"]
    assert listed[0]["Первый вход"] == "10:00:00"
