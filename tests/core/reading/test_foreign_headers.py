"""Headers and layouts of offices and programs nobody asked: moments, Latin letters, long tables, sheets of one organization."""

from __future__ import annotations

import pytest

from sferum_core import read_export
from sferum_core.model import Export, ExportKind
from sferum_core.reading.header_moments import moment_of, order
from sferum_core.reading.translit import from_latin
from tests.core.reading.layouts import csv, xlsx

NAMES = ["МБОУ СОШ № 1", "МБДОУ детский сад № 2", "МАОУ лицей № 3", "МБОУ ООШ с. Берёзовка"]
PLACES = ["Озёрский район", "Озёрский район", "Каменский район", "Каменский район"]
REGISTERED, ACTIVE, OLD = [48, 28, 70, 20], [30, 14, 41, 9], [27, 11, 38, 6]
PEOPLE = [["Иванова Мария Петровна", 18, 0], ["Петров Олег Ильич", 38, 2], ["Орлова Инна Юрьевна", 0, 0]]
PEOPLE_HEADER = ["ФИО", "Сообщений за 7 дней", "Звонков за 7 дней"]


def read(
    rows: list[list] | dict[str, list[list]], merges: list[str] | None = None, name: str = "f.xlsx"
) -> Export:
    sheets = rows if isinstance(rows, dict) else {"Лист1": rows}
    export = read_export(xlsx(sheets, {"Лист1": merges or []}), name)
    for one in (export, *export.also):
        assert len(one.table) + len(one.left_out) == one.source_rows
    return export


def codes(export: Export) -> set[str]:
    return {f.code for f in export.findings}


def organizations(*figures: tuple[str, list]) -> list[list]:
    header = ["Организация", "Муниципалитет", *(name for name, _ in figures)]
    return [header, *([NAMES[i], PLACES[i], *(values[i] for _, values in figures)] for i in range(4))]


# The earlier header, the later one; both orders are tried.
MOMENTS = [
    ("Активных педагогов на 01.09", "Активных педагогов на 01.10"),
    ("Активных педагогов на 01.09", "Активных педагогов"),
    ("Активных педагогов на 1 сентября 2023 г.", "Активных педагогов на 1 апреля 2024 г."),
    ("Активных педагогов (27.12)", "Активных педагогов (10.01)"),
    ("Активных педагогов, 22.03–28.03", "Активных педагогов, 29.03–04.04"),
    ("Активных педагогов (предыдущая неделя)", "Активных педагогов (текущая неделя)"),
    ("Активных педагогов, план", "Активных педагогов, факт"),
    ("Было активных педагогов", "Стало активных педагогов"),
    ("Активных педагогов 2023", "Активных педагогов 2024"),
    ("Активных педагогов 2022/2023", "Активных педагогов 2023/2024"),
    ("Активных педагогов, I квартал", "Активных педагогов, II квартал"),
    ("Активных педагогов, неделя 13", "Активных педагогов, неделя 14"),
    ("Активных педагогов (сент.)", "Активных педагогов (окт.)"),
    ("АППГ активных педагогов", "Активных педагогов"),
    ("Активных педагогов из числа молодых", "Активных педагогов всего"),
    ("Должно быть активных педагогов", "Активных педагогов"),
    ("teachers_active_prev", "teachers_active"),
]  # fmt: skip


@pytest.mark.parametrize("pair", MOMENTS, ids=lambda pair: pair[1])
@pytest.mark.parametrize("late_first", [False, True])
def test_of_several_moments_the_present_one_is_taken(pair: tuple[str, str], late_first: bool) -> None:
    figures = [(pair[0], OLD), (pair[1], ACTIVE)]
    export = read(
        organizations(("Зарегистрировано педагогов", REGISTERED), *figures[:: -1 if late_first else 1])
    )
    assert export.table["teachers_active"].tolist() == ACTIVE
    told = {c.header: c.reason for c in export.columns if c.field is None}
    assert told[pair[0]]


def test_a_column_of_another_moment_is_told() -> None:
    figures = (("Зарегистрировано педагогов", REGISTERED), ("Активных педагогов на 01.09", OLD))
    export = read(organizations(*figures))
    assert "other_moment" in codes(export)
    dated = read([["За период 29.03.2024–04.04.2024"], *organizations(*figures)])
    assert "other_moment" in codes(dated)
    assert "teachers_active" not in dated.table  # the week is known and this is not it
    same = [(f"{name.removesuffix(' на 01.09')} на 04.04", values) for name, values in figures]
    agreed = read([["За период 29.03.2024–04.04.2024"], *organizations(*same)])
    assert "other_moment" not in codes(agreed)
    assert agreed.table["teachers_active"].tolist() == OLD


def test_weeks_dates_and_thresholds_are_told_apart() -> None:
    assert moment_of(("Написали 10 и более сообщений за 1 неделю",)) is None
    assert moment_of(("Педагоги по маркам",)) is None
    found = [moment_of((text,)) for text in ("сентябрь", "январь", "май")]
    assert order(found) == [1, 2, 3]  # a school year runs over New Year


LATIN = {
    "Kolichestvo pedagogov": "количество педагогов",
    "pedagogi aktivnye": "педагоги активные",
    "munitsipalnoe obrazovanie": "муниципальное образование",
    "obuchayushchikhsya": "обучающихся",
    "soobshcheniya": "сообщения",
    "naimenovanie oo": "наименование оо",
    "svyaz s ezhd": "связь с эжд",
    "tip polzovatelya": "тип пользователя",
    "teachers active": "teachers active",
    "school id": "school id",
}


@pytest.mark.parametrize("latin", LATIN)
def test_russian_in_latin_letters(latin: str) -> None:
    assert from_latin(latin.lower()) == LATIN[latin]


@pytest.mark.parametrize(
    "header",
    [
        "naimenovanie_oo;mo;kol_vo_ped_zareg;kol_vo_ped_akt",
        "Organizatsiya;Munitsipalitet;Zaregistrirovano pedagogov;Aktivnye pedagogi",
        "shkola;rayon;uchitelya_zareg;uchitelya_akt",
        "ORG_NAME;MUN_NAME;TEACHER_CNT_REG;TEACHER_CNT_ACTIVE",
        "oo_name;territory;teachers_reg_cnt;teachers_act_cnt",
    ],
)
def test_headers_in_latin_letters(header: str) -> None:
    rows = [header.split(";"), *organizations(("", REGISTERED), ("", ACTIVE))[1:]]
    export = read_export(csv(rows), "f.csv")
    assert export.kind is ExportKind.ORGANIZATIONS
    assert export.table["municipality"].tolist() == PLACES
    assert export.table["teachers_registered"].tolist() == REGISTERED
    assert export.table["teachers_active"].tolist() == ACTIVE


def long(*, merged: bool = False, by_indicator: bool = False) -> list[list]:
    facts = [
        ("Зарегистрировано педагогов", REGISTERED),
        ("Активных педагогов", ACTIVE),
        ("Прочее", [1, 1, 1, 1]),
    ]
    pairs = (
        [(i, f) for f in facts for i in range(4)]
        if by_indicator
        else [(i, f) for i in range(4) for f in facts]
    )
    rows = []
    for i, (name, values) in pairs:
        named = not merged or name == facts[0][0]
        rows.append([NAMES[i] if named else None, PLACES[i] if named else None, name, values[i]])
    return [["Мониторинг"], ["Организация", "Муниципалитет", "Показатель", "Значение"], *rows]


@pytest.mark.parametrize("merged,by_indicator", [(False, False), (True, False), (False, True)])
def test_a_long_table_has_a_row_an_organization(merged: bool, by_indicator: bool) -> None:
    export = read(long(merged=merged, by_indicator=by_indicator))
    assert export.kind is ExportKind.ORGANIZATIONS
    assert export.table["organization"].tolist() == NAMES
    assert export.table["municipality"].tolist() == PLACES
    assert export.table["teachers_registered"].tolist() == REGISTERED
    assert export.table["teachers_active"].tolist() == ACTIVE
    assert export.source_rows == 12
    assert len(export.left_out) == 8
    assert "long_table" in codes(export)
    assert sorted(export.left_out["row"]) == sorted(
        set(range(3, 15)) - set(range(3, 7) if by_indicator else [3, 6, 9, 12])
    )


def test_a_repeated_indicator_of_a_long_table_is_told() -> None:
    export = read([*long(), [NAMES[0], PLACES[0], "Активных педагогов", 99]])
    assert export.table["teachers_active"].tolist() == ACTIVE
    assert next(f for f in export.findings if f.code == "long_table").severity == "warning"
    assert "повтор показателя, взято первое значение" in export.left_out["reason"].tolist()


def test_a_long_table_with_roles_units_and_dates() -> None:
    rows = [["№", "Муниципалитет", "Роль", "Показатель", "Ед. изм.", "28.03.2024", "04.04.2024"]]
    for i, place in enumerate(["Озёрский район", "Каменский район", "г. Светлый", "Лесной район"]):
        rows += [
            [3 * i + 1, place, "Педагоги", "Зарегистрировано", "чел.", 1, REGISTERED[i]],
            [3 * i + 2, place, "Педагоги", "Активны", "чел.", 1, ACTIVE[i]],
            [3 * i + 3, place, "Ученики", "Зарегистрировано", "чел.", 1, 100 + i],
        ]
    export = read(rows)
    assert export.kind is ExportKind.MUNICIPALITIES
    assert export.table["teachers_registered"].tolist() == REGISTERED
    assert export.table["teachers_active"].tolist() == ACTIVE
    assert export.table["students_registered"].tolist() == [100, 101, 102, 103]


SCHOOLS = ["МБОУ СОШ № 5", "МБДОУ ДС № 2", "МАОУ лицей № 3"]


def blocks(over: list[list], *, header_each: bool) -> list[list]:
    rows = [] if header_each else [PEOPLE_HEADER]
    for place, school in enumerate(SCHOOLS):
        rows += [[str(c).format(school=school, n=place + 1) for c in line] for line in over]
        rows += [PEOPLE_HEADER] if header_each else []
        rows += PEOPLE
    return rows


@pytest.mark.parametrize(
    "content",
    [
        {school: [PEOPLE_HEADER, *PEOPLE] for school in SCHOOLS},
        {f"Лист{i}": [[f"Организация: {s}"], [], PEOPLE_HEADER, *PEOPLE] for i, s in enumerate(SCHOOLS)},
        {
            f"Лист{i}": [[f"Педагоги {s} за 29.03–04.04.2024"], PEOPLE_HEADER, *PEOPLE]
            for i, s in enumerate(SCHOOLS)
        },
        blocks([["{school}"]], header_each=True),
        blocks([["{school}"]], header_each=False),
        blocks([["Школа: {school}"], ["Район: Озёрский район"]], header_each=True),
        blocks([["{n}. {school}"]], header_each=False),
    ],
    ids=["sheet", "line", "title", "blocks", "headings", "labelled", "numbered"],
)
def test_teachers_of_organizations_named_outside_the_table(
    content: list[list] | dict[str, list[list]],
) -> None:
    export = read(content)
    assert export.kind is ExportKind.TEACHERS
    assert export.table["organization"].tolist() == [school for school in SCHOOLS for _ in PEOPLE]
    assert export.table["messages"].tolist() == [18, 38, 0] * 3


def test_sheets_of_types_are_no_organizations() -> None:
    export = read({name: [PEOPLE_HEADER, *PEOPLE] for name in ("Школы", "ДОУ")})
    assert "organization" not in export.table


def test_organizations_beside_each_other() -> None:
    rows = [
        ["Показатель", *NAMES],
        ["Зарегистрировано педагогов", *REGISTERED],
        ["Активных педагогов", *ACTIVE],
    ]
    export = read([*rows, ["Учеников зарегистрировано", 1, 2, 3, 4]])
    assert export.table["organization"].tolist() == NAMES
    assert export.table["teachers_active"].tolist() == ACTIVE


@pytest.mark.parametrize(
    "yes,no", [("V", "X"), ("✓", "✗"), ("+", "–"), ("активна", "не активна"), ("1", "0"), ("Да", "Нет")]
)
def test_marks_for_yes_and_no(yes: str, no: str) -> None:
    rows = organizations(
        ("Статус организации", [yes, yes, no, yes]), ("Зарегистрировано педагогов", REGISTERED)
    )
    assert read(rows).table["is_active"].tolist() == [True, True, False, True]


@pytest.mark.parametrize(
    "written", ["20240404", "Чт, 04.04.2024", "«04» апреля 2024 года", "2024-04-04T10:00:00"]
)
def test_dates_in_many_forms(written: str) -> None:
    export = read([["Дата", *PEOPLE_HEADER], *([written, *person] for person in PEOPLE)])
    assert export.table["date"].dt.strftime("%d.%m.%Y").tolist() == ["04.04.2024"] * 3
