"""Exports from regions nobody here has seen: odd rows, odd headers, odd values, each read whole or told about."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from sferum_core import read_export
from sferum_core.model import Export, ExportKind, UnreadableFile
from tests.core.reading.layouts import csv, xlsx

HEAD = ["ID ОО", "Наименование ОО", "МО", "Зарегистрировано педагогов", "Написали 10+ сообщений"]
ROWS: list[list] = [
    ["000011", "МБОУ «СОШ № 1»", "Озёрный район", 20, 5],
    ["000012", "МБДОУ «Детский сад № 2»", "Озёрный район", 30, 1],
    ["000013", "МАОУ «Лицей № 3»", "г. Светлый", 40, 12],
    ["000014", "МБОУ «СОШ № 4»", "г. Светлый", 50, 10],
]
NAMES = [row[1] for row in ROWS]
PLACES = [row[2] for row in ROWS]
WITHOUT_PLACE = [row[:2] + row[3:] for row in [HEAD, *ROWS]]


def read(rows: list[list] | dict[str, list[list]], name: str = "x.xlsx", **kwargs) -> Export:
    export = read_export(xlsx(rows), name, **kwargs)
    for each in (export, *export.also):
        assert len(each.table) + len(each.left_out) == each.source_rows
    return export


def values(export: Export, name: str) -> list:
    return [None if pd.isna(v) else v for v in export.table[name]]


def assert_four(export: Export) -> None:
    assert export.kind is ExportKind.ORGANIZATIONS
    assert values(export, "organization") == NAMES
    assert values(export, "teachers_registered") == [20, 30, 40, 50]
    assert values(export, "teachers_10_messages") == [5, 1, 12, 10]


@pytest.mark.parametrize(
    "below",
    [
        [["Начальник отдела", None, None, "подпись"]],
        [["Исп.:", "отдел мониторинга"]],
        [["05.04.2024"]],
        [["Данные выгружены автоматически"]],
        [[None, "Данные выгружены автоматически из системы"]],
        [["Итого", None, None, 140, 28]],
        [[None, None, "Челябинская область, итого", 140, 28]],
        [[None, "Среднее по области", None, 35, 7]],
        [[None, None, None, 140, 28]],
    ],
)
def test_what_stands_under_the_table_is_no_organization(below: list[list]) -> None:
    export = read([HEAD, *ROWS, [], *below])
    assert_four(export)
    assert len(export.left_out) == len(below)


@pytest.mark.parametrize(
    "numbering",
    [
        ["1", "2", "3", "4", "5"],
        ["А", "Б", "В", "1", "2"],
        [1, 2, 3, 4, "5=4/3"],
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
    ],
)
def test_a_row_that_numbers_the_columns(numbering: list) -> None:
    export = read([HEAD, numbering, *ROWS])
    assert_four(export)
    assert export.left_out["reason"].tolist() == ["номера столбцов"]


def test_pages_with_the_header_printed_again() -> None:
    assert_four(read([HEAD, *ROWS[:2], [], ["Страница 2"], HEAD, *ROWS[2:]]))


@pytest.mark.parametrize(
    "names",
    [
        ("Озёрный район", "г. Светлый"),
        ("1. Озёрный район", "2. г. Светлый"),
        ("Муниципалитет: Озёрный район", "Муниципалитет: г. Светлый"),
    ],
)
@pytest.mark.parametrize("way", ["heading", "first column", "sheet", "header again"])
def test_a_municipality_over_its_block(names: tuple[str, str], way: str) -> None:
    head, *rows = WITHOUT_PLACE
    if way == "heading":
        export = read([head, [names[0]], *rows[:2], [names[1]], *rows[2:]])
    elif way == "first column":
        numbered = [[i, *row] for i, row in enumerate(rows, 1)]
        export = read([["№", *head], [names[0]], *numbered[:2], [names[1]], *numbered[2:]])
    elif way == "sheet":
        export = read(
            {name.replace(":", " -"): [head, *rows[i : i + 2]] for name, i in zip(names, (0, 2), strict=True)}
        )
    else:
        export = read([[names[0]], head, *rows[:2], [], [names[1]], head, *rows[2:]])
    assert_four(export)
    assert values(export, "municipality") == PLACES


def test_bare_names_over_blocks() -> None:
    head, *rows = WITHOUT_PLACE
    export = read([head, ["Озёрск"], *rows[:2], ["Светлый"], *rows[2:]])
    assert values(export, "municipality") == ["Озёрск", "Озёрск", "Светлый", "Светлый"]


def test_a_header_far_down() -> None:
    assert_four(read([["Пояснительная записка"], *[[f"Пункт {i}."] for i in range(79)], HEAD, *ROWS]))


def test_plan_and_fact_under_one_indicator() -> None:
    top = [*HEAD[:3], HEAD[3], None, HEAD[4], None]
    low = [None, None, None, "План", "Факт", "План", "Факт"]
    rows = [[*row[:3], 99, row[3], 98, row[4]] for row in ROWS]
    assert_four(read([top, low, *rows]))
    assert_four(read({"Лист1": [top, low, *rows]}))


def test_groups_in_three_rows_not_merged() -> None:
    rows = [
        ["ОО", "МО", "Педагоги", None, None, "Обучающиеся", None],
        [None, None, "зарег.", "Сообщения", None, "активные", None],
        [None, None, None, "≥3", "≥10", "чел.", "%"],
        *[[row[1], row[2], row[3], row[4] + 2, row[4], 50, 12.5] for row in ROWS],
    ]
    export = read(rows)
    assert_four(export)
    assert values(export, "teachers_3_messages") == [7, 3, 14, 12]
    assert values(export, "students_active") == [50] * 4
    assert values(export, "reported_share_students_active") == [0.125] * 4
    assert "teachers_active" not in export.table


def test_depth_of_a_header_is_told_by_its_merged_cells() -> None:
    rows = [
        ["ОО", "Педагоги", None, None],
        [None, "зарегистрировано", "Написали сообщений", "Совершили звонков"],
        [None, None, "10", "3"],
        ["Озёрный район"],
        *[[row[1], row[3], row[4], 2] for row in ROWS],
    ]
    content = xlsx({"Лист1": rows}, {"Лист1": ["A1:A3", "B1:D1", "B2:B3", "A4:D4"]})
    export = read_export(content, "x.xlsx")
    assert_four(export)
    assert values(export, "teachers_3_calls") == [2] * 4
    assert values(export, "municipality") == ["Озёрный район"] * 4


def test_of_them_is_about_those_counted_to_the_left() -> None:
    head = ["ОО", "МО", "Зарегистрировано учеников", "из них активных", "Зарегистрировано учителей", "из них активных", "Зарегистрировано родителей", "в т.ч. активных"]  # fmt: skip
    export = read([head, *[[row[1], row[2], 200, 50, row[3], 10, 300, 7] for row in ROWS]])
    assert values(export, "students_active") == [50] * 4
    assert values(export, "teachers_active") == [10] * 4
    assert values(export, "parents_active") == [7] * 4


@pytest.mark.parametrize(
    "low", [["всего", "учителя", "ученики", "родители"], ["итого", "педагоги", "обучающиеся", "родители"]]
)
def test_everybody_beside_the_roles_is_not_the_teachers(low: list[str]) -> None:
    rows = [["ОО", "МО", "Зарегистрировано", None, None, None], [None, None, *low]]
    export = read([*rows, *[[row[1], row[2], 520, row[3], 200, 300] for row in ROWS]])
    assert values(export, "teachers_registered") == [20, 30, 40, 50]
    assert values(export, "students_registered") == [200] * 4


def test_roles_that_split_a_column_of_everybody() -> None:
    head = ["ОО", "МО", "Всего активных", "Учителей", "Учеников"]
    export = read([head, *[[row[1], row[2], 520, row[3], 200] for row in ROWS]])
    assert values(export, "teachers_active") == [20, 30, 40, 50]
    assert values(export, "students_active") == [200] * 4


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("Активная", "Неактивная"), ("Статус: активная", "Статус: неактивная"), ("есть активность", "нет активности"),
        ("акт.", "неакт."), ("активный", "пассивный"), ("работает", "не работает"), ("+", "-"), (1, 0), ("Y", "N"), ("✓", "✗"),
        ("Активна (с 01.09.2023)", "Не активна (нет пользователей)"), ("Зарегистрирована, активна", "Зарегистрирована, не активна"),
    ],
)  # fmt: skip
def test_statuses(yes: object, no: object) -> None:
    export = read([[*HEAD, "Статус"], *[[*row, no if i % 2 else yes] for i, row in enumerate(ROWS)]])
    assert values(export, "is_active") == [True, False, True, False]


@pytest.mark.parametrize("written", ["'{}", '="{}"', "\u00a0{}"])
def test_ids_under_the_marks_of_a_spreadsheet(written: str) -> None:
    rows = [HEAD, *[[written.format(row[0]), *row[1:]] for row in ROWS]]
    assert values(read_export(csv(rows), "x.csv"), "organization_id") == [row[0] for row in ROWS]
    if not written.startswith("="):  # a workbook would take it for a formula
        assert values(read(rows), "organization_id") == [row[0] for row in ROWS]


def test_shares_under_the_name_of_a_count() -> None:
    """The table of leaders in 002: «Активных педагогов», and percents under it."""
    head = ["№", "Муниципалитет", "Образовательные организации", "Активных педагогов"]
    for shown in ("85%", 85.5, 0.855):
        export = read(
            [
                head,
                [1, "г. Светлый", "МБОУ «СОШ № 1»", shown],
                [2, "Озёрный район", "МАОУ «Лицей № 3»", shown],
            ]
        )
        assert values(export, "reported_share_teachers_active")[0] == pytest.approx(0.855, abs=0.006)
        assert "teachers_active" not in export.table


def test_indicators_of_others_do_not_break_the_file() -> None:
    head = [*HEAD, "Ученики, написавшие 10+ сообщений", "Родители: 3+ сообщения", "Сайт организации"]
    export = read([head, *[[*row, 1, 2, "сайт"] for row in ROWS]])
    assert_four(export)
    assert [c.field for c in export.columns][5:] == [None, None, None]


@pytest.mark.parametrize("huge", [1e300, -5, 2.0**60])
def test_senseless_figures_are_told_and_not_counted(huge: float) -> None:
    rows = [[*row] for row in ROWS]
    rows[1][4] = huge
    export = read([[*HEAD, "Доля активных педагогов"], *[[*row, huge if i == 1 else 0.5] for i, row in enumerate(rows)], ["Итого", None, None, huge, huge]])  # fmt: skip
    assert values(export, "teachers_10_messages") == [5, None, 12, 10]
    assert "bad_value" in {f.code for f in export.findings}


WEEK = (dt.date(2024, 3, 29), dt.date(2024, 4, 4))


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("за 14 неделю 2024 года", (dt.date(2024, 4, 1), dt.date(2024, 4, 7))),
        ("с 29.03.2024 00:00 по 04.04.2024 23:59", WEEK),
        ("29–04.04.2024", WEEK),
        ("сформировано 05.04.2024 10:15, период: 29.03.2024-04.04.2024", WEEK),
        ("Приказ № 12 от 05.02.2021", None),
        ("Приказ от 05.02.2021 № 12, данные за 29.03–04.04.2024", WEEK),
        ("по состоянию на 04.04.2024", (WEEK[1], WEEK[1])),
    ],
)
def test_periods_in_titles(title: str, period: tuple[dt.date, dt.date] | None) -> None:
    found = read([[title], HEAD, *ROWS]).period
    assert (found and (found.start, found.end)) == period


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("export_20240329_20240404.xlsx", WEEK),
        ("stat-2024-W14.xlsx", (dt.date(2024, 4, 1), dt.date(2024, 4, 7))),
        ("выгрузка (1).xlsx", None),
    ],
)
def test_periods_in_names_of_files(name: str, period: tuple[dt.date, dt.date] | None) -> None:
    found = read([HEAD, *ROWS], name).period
    assert (found and (found.start, found.end)) == period


def test_a_period_in_two_cells_or_two_columns() -> None:
    above = read([["Дата начала", "29.03.2024"], ["Дата окончания", "04.04.2024"], [], HEAD, *ROWS])
    beside = read(
        [["Начало периода", "Конец периода", *HEAD], *[["29.03.2024", "04.04.2024", *row] for row in ROWS]]
    )
    for export in (above, beside):
        assert export.period is not None
        assert (export.period.start, export.period.end) == WEEK


@pytest.mark.parametrize(
    "total", ["Челябинская область", "Областной показатель", "Итого по всем МО", "Регион"]
)
@pytest.mark.parametrize("on_top", [True, False])
def test_the_row_of_the_region_among_municipalities(total: str, on_top: bool) -> None:
    rows = [["Озёрный район", "12,5%"], ["г. Светлый", "40%"], ["Горный МО", "8%"]]
    rows.insert(0 if on_top else 3, [total, "20%"])
    export = read([["Муниципалитет", "Доля активных педагогов"], *rows])
    assert values(export, "municipality") == ["Озёрный район", "г. Светлый", "Горный МО"]


def test_two_tables_of_two_kinds_on_one_sheet() -> None:
    municipal = [["МО", *HEAD[3:]], ["Озёрный район", 50, 6], ["г. Светлый", 90, 22]]
    export = read([HEAD, *ROWS, [], *municipal])
    assert_four(export)
    assert [each.kind for each in export.also] == [ExportKind.MUNICIPALITIES]


def test_only_totals_are_no_table() -> None:
    with pytest.raises(UnreadableFile):
        read([HEAD, [None, "Итого", None, 140, 28]])


@pytest.mark.parametrize("shown", ["{}*", "{} из 90", "{} (12,5 %)", "'{}"])
def test_counts_as_people_write_them(shown: str) -> None:
    assert_four(read([HEAD, *[[*row[:4], shown.format(row[4])] for row in ROWS]]))


def test_a_pivot_table_with_municipalities_over_their_organizations() -> None:
    head = [
        "Названия строк",
        "Сумма по полю Зарегистрировано педагогов",
        "Сумма по полю 10+ сообщений (педагоги)",
    ]
    rows = [[row[1], *row[3:]] for row in ROWS]
    export = read([head, ["Озёрный район", 50, 6], *rows[:2], ["г. Светлый", 90, 22], *rows[2:], ["Общий итог", 140, 28]])  # fmt: skip
    assert_four(export)
    assert values(export, "municipality") == PLACES


def test_a_row_for_each_role_is_not_taken_for_teachers() -> None:
    rows = [[row[1], row[2], role, 20, 5] for row in ROWS for role in ("Учитель", "Ученик")]
    export = read([["ОО", "МО", "Роль", "Зарегистрировано", "Активных"], *rows])
    assert not {"teachers_registered", "teachers_active"} & set(export.table.columns)


def test_people_among_users() -> None:
    head = ["ОО", "МО", "Всего пользователей", "в том числе педагогов", "в том числе учеников"]
    export = read([head, *[[row[1], row[2], 520, row[3], 200] for row in ROWS]])
    assert values(export, "teachers_registered") == [20, 30, 40, 50]
    assert "teachers_total" not in export.table


@pytest.mark.parametrize(("schools", "wrong"), [(110, False), (111, True)])
def test_totals_of_a_type_are_checked(schools: int, wrong: bool) -> None:
    below = [
        [None, "Итого ДОО", None, 30, 1],
        [None, "Итого ОО", None, schools, 27],
        [None, "Всего", None, 140, 28],
    ]
    export = read([HEAD, *ROWS, *below])
    assert_four(export)
    assert ("total_mismatch" in {f.code for f in export.findings}) is wrong


def test_headers_of_two_weeks_without_a_year() -> None:
    rows = [["ОО", "МО", "22.03-28.03", None, "29.03-04.04", None], [None, None, *HEAD[3:], *HEAD[3:]]]
    assert_four(read([*rows, *[[row[1], row[2], row[3] + 9, row[4] + 9, *row[3:]] for row in ROWS]]))


def test_headers_written_by_a_data_frame() -> None:
    rows = [["ОО", "МО", "Педагоги", "Педагоги.1"], ["Unnamed: 0_level_1", "Unnamed: 1_level_1", "зарегистрировано", "10+ сообщений"]]  # fmt: skip
    assert_four(read([*rows, *[row[1:] for row in ROWS]]))


def test_organizations_over_their_teachers() -> None:
    rows = [["ФИО", "Сообщений за неделю"], [NAMES[0]], ["Орлова Анна", 3], ["Сомов Пётр", 12], [NAMES[3]], ["Зимина Вера", 5]]  # fmt: skip
    export = read(rows)
    assert export.kind is ExportKind.TEACHERS
    assert values(export, "organization") == [NAMES[0], NAMES[0], NAMES[3]]


def test_organizations_without_figures_and_with_odd_names_are_kept() -> None:
    odd = [["000015", "Ромашка", "г. Светлый", None, None], [None, "Берёзка", "г. Светлый", None, None]]
    assert values(read([HEAD, *ROWS, *odd]), "organization") == [*NAMES, "Ромашка", "Берёзка"]
