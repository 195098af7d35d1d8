"""Reports: the figures of the workbooks are those of the tables; names of files; the order of the letter."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sferum_core.model import Finding, OrganizationType, Severity, Status
from sferum_core.municipalities import compare_municipalities, region_total
from sferum_core.norms import load_profile
from sferum_core.organizations import assess_organizations
from sferum_core.reports import (
    Book,
    Column,
    ReportMeta,
    Sheet,
    annex_title,
    annex_workbook,
    comparison_workbook,
    file_name,
    organizations_workbook,
    staff_workbook,
    write_workbook,
)
from sferum_core.reports.cell_text import clean_text
from sferum_core.reports.findings import findings_frame
from sferum_core.reports.names import sheet_names
from sferum_core.staff import doo_staff

PROFILE = load_profile("chelyabinsk-2024")
INDICATOR = PROFILE.main_indicator
META = ReportMeta(
    title="Проверка",
    region="Демонстрационная область",
    period="29.03–04.04.2024",
    source_name="выгрузка.xlsx",
    source_sha="",
    profile_title=PROFILE.title,
    profile_source=PROFILE.source,
    generated=dt.datetime(2024, 4, 5, 10, 30),
    rows_read=6,
)


def organizations(rows: list[tuple[str, str, str, bool, int, int]]) -> pd.DataFrame:
    """Organizations from (name, type, municipality, is active, registered, wrote 10 messages)."""
    columns = [
        "organization",
        "organization_type",
        "municipality",
        "is_active",
        "teachers_registered",
        INDICATOR,
    ]
    table = pd.DataFrame(rows, columns=columns)
    texts = dict.fromkeys(columns[:3], "str")
    table = table.astype(texts | {"is_active": "boolean", "teachers_registered": "Int64", INDICATOR: "Int64"})
    table.insert(0, "organization_id", pd.Series([f"00{i}" for i in range(len(table))], dtype="str"))
    return table


TABLE = organizations(
    [
        ("Детский сад № 2", "ДОО", "Ясный район", False, 0, 0),
        ("Детский сад № 1", "ДОО", "Ёлкинский район", False, 3, 0),
        ("Детский сад № 3", "ДОО", "г. Верхний", False, 4, 1),
        ("Детский сад № 4", "ДОО", "г. Верхний", True, 50, 1),
        ("Средняя школа № 1", "ОО", "г. Верхний", False, 40, 1),
        ("тест ДС", "ДОО", "Ясный район", False, 1, 0),
    ]
)
ASSESSED = assess_organizations(TABLE, PROFILE)


def sheet(content: bytes, title: str) -> pd.DataFrame:
    return pd.read_excel(
        io.BytesIO(content), sheet_name=title, header=2, dtype={"ID организации": str}, engine="calamine"
    )


def about(content: bytes) -> str:
    first = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return "\n".join(str(cell.value) for row in first.iter_rows() for cell in row if cell.value)


# --- the annex (000) -------------------------------------------------------------------------------------


def test_annex_lists_inactive_preschools_cities_first_then_districts_by_name() -> None:
    listing = sheet(annex_workbook(ASSESSED, PROFILE, META), "Список")
    assert listing["Организация"].tolist() == [
        "Детский сад № 3",
        "Детский сад № 1",
        "Детский сад № 2",
        "тест ДС",
    ]
    assert listing["Муниципалитет"].tolist() == [
        "г. Верхний",
        "Ёлкинский район",
        "Ясный район",
        "Ясный район",
    ]
    assert set(listing["Статус"]) == {"Не активна"}
    assert listing["ID организации"].tolist() == ["002", "001", "000", "005"]
    assert listing["Что делать"].str.len().min() > 10


def test_annex_summary_adds_up_to_the_list() -> None:
    content = annex_workbook(ASSESSED, PROFILE, META)
    summary, listing = sheet(content, "Свод"), sheet(content, "Список")
    assert summary["В приложении, ед."].sum() == len(listing) == 4
    assert summary.set_index("Муниципалитет")["В приложении, ед."].to_dict() == {
        "г. Верхний": 1,
        "Ёлкинский район": 1,
        "Ясный район": 2,
    }
    assert summary["Организаций этого типа всего, ед."].tolist() == [2, 1, 2]


def test_strangers_stay_in_unless_left_out_on_request_and_then_they_are_counted() -> None:
    kept = annex_workbook(ASSESSED, PROFILE, META)
    assert "тест ДС" in sheet(kept, "Список")["Организация"].tolist()
    assert "Особая запись" in sheet(kept, "Список").columns
    without = annex_workbook(ASSESSED, PROFILE, META, without_strangers=True)
    assert "тест ДС" not in sheet(without, "Список")["Организация"].tolist()
    assert "не вошли по выбору пользователя: 1\u00a0организация: тест ДС" in about(without)


def test_annex_for_schools_and_for_two_statuses() -> None:
    content = annex_workbook(ASSESSED, PROFILE, META, OrganizationType.SCHOOL, ("inactive",), number=2)
    assert sheet(content, "Список")["Организация"].tolist() == ["Средняя школа № 1"]
    assert "Приложение 2. ОО не активные: список организаций" in about(content)
    both = annex_workbook(ASSESSED, PROFILE, META, OrganizationType.PRESCHOOL, ("inactive", "below_norm"))
    assert len(sheet(both, "Список")) == 5
    assert "«Ниже нормы», ед." in sheet(both, "Свод").columns
    assert annex_title(OrganizationType.PRESCHOOL, (Status.INACTIVE,)) == "ДОО не активные"


# --- figures read back -----------------------------------------------------------------------------------


def test_the_workbook_of_organizations_has_the_figures_of_the_table() -> None:
    content = organizations_workbook(ASSESSED, PROFILE, META)
    verdicts, numbers = sheet(content, "Организации"), sheet(content, "Числа")
    assert verdicts["Организация"].tolist() == ASSESSED["organization"].tolist()
    labels = [Status(status).label for status in ASSESSED["status"]]
    assert verdicts["Статус"].tolist() == labels
    assert numbers["Педагогов зарегистрировано, чел."].tolist() == ASSESSED["teachers_registered"].tolist()
    shares = sheet(content, "Доли")["Педагоги, написавшие не менее 10 сообщений, %"]
    known = ASSESSED["main_share"].notna()
    assert shares[known].astype(float).tolist() == ASSESSED["main_share"][known].tolist()
    assert shares[~known].tolist() == ["нет данных"] * int((~known).sum())
    counts = sheet(content, "По муниципалитетам")
    assert counts["Организаций всего, ед."].sum() == len(ASSESSED)


def test_the_comparison_has_the_figures_of_the_table() -> None:
    comparison = compare_municipalities(TABLE, PROFILE, INDICATOR, "ДОО")
    region = region_total(TABLE, PROFILE, INDICATOR, "ДОО")
    content = comparison_workbook(comparison, region, PROFILE, INDICATOR, META)
    back = sheet(content, "Муниципалитеты")
    for header, key in (
        ("Числитель, чел.", "numerator"),
        ("Знаменатель, чел.", "denominator"),
        ("Место", "rank"),
    ):
        known = comparison[key].notna()
        assert back[header][known].astype(int).tolist() == comparison[key][known].tolist()
    assert sheet(content, "Регион")["Числитель, чел."].tolist() == [region["numerator"]]


def test_rankings_of_staff_hold_the_regional_row_where_it_belongs() -> None:
    table = pd.DataFrame(
        {
            "municipality": pd.Series(["г. Верхний", "Ясный район"], dtype="str"),
            "teachers_total": pd.Series([10, 10], dtype="Int64"),
            "teachers_registered": pd.Series([10, 5], dtype="Int64"),
            "teachers_active": pd.Series([2, 5], dtype="Int64"),
        }
    )
    content = staff_workbook(doo_staff(table), META)
    ranking = sheet(content, "Рейтинг активности")
    assert ranking["Муниципалитет"].tolist() == ["Ясный район", "Среднее значение по региону", "г. Верхний"]
    assert ranking["Место по активности"].tolist() == [1, "регион", 2]
    assert ranking["Активность воспитателей, %"].tolist() == pytest.approx([1.0, 7 / 15, 0.2])
    whole = sheet(content, "Сотрудники ДОО")
    assert whole["Зарегистрировано воспитателей, чел."].sum() == 15
    assert whole["Не хватает до 100 %, чел."].tolist() == [0, 5]


# --- the writer ------------------------------------------------------------------------------------------


def written(frame: pd.DataFrame, *columns: Column) -> pd.DataFrame:
    content = write_workbook(Book(META, [Sheet("t", "Лист", "Лист", columns, frame)]))
    return pd.read_excel(
        io.BytesIO(content), sheet_name="Лист", header=2, dtype=object, keep_default_na=False
    )


def test_each_kind_of_column_reads_back() -> None:
    frame = pd.DataFrame(
        {
            "id": pd.Series(["0012", None], dtype="str"),
            "n": pd.Series([5, None], dtype="Int64"),
            "p": pd.Series([8.0, float("inf")], dtype="Float64"),
            "d": pd.Series([pd.Timestamp(2024, 4, 4), pd.NaT]),
            "s": pd.Series(["below_norm", "no_data"], dtype="str"),
            "why": pd.Series(["", "знаменатель равен нулю"], dtype="str"),
        }
    )
    back = written(
        frame,
        Column("id", "ID", "id", missing="ID не указан"),
        Column("n", "Число, ед.", "count"),
        Column("p", "Доля, %", "share", missing_key="why"),
        Column("d", "Дата", "date", missing="дата не указана"),
        Column("s", "Статус", "status"),
    )
    assert back.iloc[0].tolist() == ["0012", 5, 8, dt.datetime(2024, 4, 4), "Ниже нормы"]
    assert back.iloc[1].tolist() == [
        "ID не указан",
        "нет данных",
        "знаменатель равен нулю",
        "дата не указана",
        "Нет данных",
    ]


@pytest.mark.parametrize("headers", [("А", "а "), ("А", "")])
def test_headers_must_be_unique_and_not_empty(headers: tuple[str, str]) -> None:
    frame = pd.DataFrame({"x": [1]})
    with pytest.raises(ValueError, match="headers"):
        written(frame, *(Column("x", header) for header in headers))


def test_a_column_the_frame_lacks_is_an_error() -> None:
    with pytest.raises(ValueError, match="no column 'y'"):
        written(pd.DataFrame({"x": [1]}), Column("y", "Игрек"))


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=40))
def test_any_text_reads_back_as_text(text: str) -> None:
    back = written(pd.DataFrame({"x": pd.Series([text, "конец"], dtype=object)}), Column("x", "Икс"))
    assert back["Икс"].tolist() == [clean_text(text) or "нет данных", "конец"]


@given(st.sampled_from("яz🙂\n"), st.integers(16_000, 40_000), st.text(max_size=20))
def test_a_cell_holds_at_most_what_excel_holds(letter: str, count: int, tail: str) -> None:
    assert len(clean_text(letter * count + tail).encode("utf-16-le")) // 2 <= 32_767


# --- names -----------------------------------------------------------------------------------------------


def test_the_file_name_of_the_annex() -> None:
    name = file_name("Приложение 1", "ДОО не активные", date=dt.date(2024, 4, 4))
    assert name == "Приложение 1. ДОО не активные. 2024-04-04.xlsx"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("Отчёт: «всё» / <1>?",), "Отчёт «всё» 1.xlsx"),
        (("..", " "), "Отчёт.xlsx"),
        (("CON",), "Отчёт CON.xlsx"),
        (("сводка. ", "1 "), "сводка. 1.xlsx"),
    ],
)
def test_file_names_windows_accepts(parts: tuple[str, ...], expected: str) -> None:
    assert file_name(*parts) == expected


@given(st.lists(st.text(), max_size=4))
def test_any_file_name_is_safe(parts: list[str]) -> None:
    name = file_name(*parts, date=dt.date(2024, 4, 4))
    assert len(name) <= 150 and name.endswith("2024-04-04.xlsx")
    assert not set(name) & set('<>:"/\\|?*\x00\n')
    assert not name.startswith((".", " "))


@given(st.lists(st.text(), max_size=8))
def test_any_sheet_names_are_legal_and_unique(wanted: list[str]) -> None:
    names = sheet_names(wanted)
    assert len(names) == len(wanted)
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name.encode("utf-16-le", "replace")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\") and not name.startswith("'") and not name.endswith("'")


def test_a_figure_that_is_not_there_says_why() -> None:
    """A share without data is no «норма не задана»; a rule without a norm has none to be missed."""
    table = pd.DataFrame(
        {
            "organization": ["Колледж", "Детский сад № 1", "Школа", "Школа № 2"],
            "organization_type": ["СПО", "ДОО", None, "ОО"],
            "municipality": "г. Орёл",
            "is_active": True,
            "teachers_registered": [10, None, 10, None],
            INDICATOR: [None, 1, 2, None],
            f"reported_share_{INDICATOR}": [None, None, None, 0.3],
        }
    )
    content = organizations_workbook(assess_organizations(table, PROFILE), PROFILE, META)
    found = sheet(content, "Организации")
    shares = found["Педагоги, написавшие не менее 10 сообщений, %"].tolist()
    assert shares == ["нет данных", "нет данных", 0.2, 0.3]
    assert found["Не хватает до нормы, чел."].tolist() == [
        "норма не задана",
        "нет данных",
        "тип не определён",
        "в файле только доля",
    ]
    assert found["Не хватает до цели, чел."][0] == "цель не задана"


def test_tables_without_names_or_types_give_workbooks() -> None:
    table = pd.DataFrame({"organization_id": ["001", "002"], "is_active": [False, True]})
    assessed = assess_organizations(table, PROFILE)
    assert sheet(organizations_workbook(assessed, PROFILE, META), "Организации")["Организация"].tolist() == [
        "название не указано",
        "название не указано",
    ]
    listed = sheet(annex_workbook(assessed, PROFILE, META, None), "Список")
    assert listed["ID организации"].tolist() == ["001"]


def test_findings_name_columns_in_russian() -> None:
    finding = Finding(code="x", severity=Severity.NOTE, message="Мало.", column="teachers_active")
    own = Finding(code="y", severity=Severity.NOTE, message="Мало.", column="Примечание")
    frame = findings_frame([finding, own])
    assert frame["column"].tolist() == ["Педагогов активных", "Примечание"]


def test_shares_of_organizations_are_of_organizations_not_of_people() -> None:
    table = organizations([("Школа", "ОО", "г. Орёл", True, 10, 1), ("Сад", "ДОО", "г. Орёл", False, 9, 0)])
    code = "organizations_active"
    compared = compare_municipalities(table, PROFILE, code)
    content = comparison_workbook(compared, region_total(table, PROFILE, code), PROFILE, code, META)
    assert sheet(content, "Муниципалитеты")["Числитель, ед."].tolist() == compared["numerator"].tolist()


def test_one_block_of_cells_reads_back_whole() -> None:
    """Every kind of cell, missing ones too, by position; the same book gives the same bytes."""
    frame = pd.DataFrame(
        {
            "name": ["=1+1", None, " две\nстроки "],
            "count": [1, None, 3_000_000],
            "share": [0.125, float("nan"), 1 / 3],
            "day": pd.to_datetime(["2024-04-04", None, "2024-01-01"]),
        }
    )
    columns = [
        Column("name", "Название"),
        Column("count", "Число, ед.", "count"),
        Column("share", "Доля, %", "share"),
        Column("day", "Дата", "date"),
    ]
    book = Book(META, [Sheet("t", "Лист", "Таблица", columns, frame)])
    content = write_workbook(book)
    assert content == write_workbook(book)
    read = openpyxl.load_workbook(io.BytesIO(content))["Лист"]
    cells = [[cell.value for cell in row] for row in read.iter_rows(min_row=4, max_row=6)]
    assert cells == [
        ["=1+1", 1, 0.125, dt.datetime(2024, 4, 4)],
        ["нет данных"] * 4,
        [" две\nстроки ", 3_000_000, pytest.approx(1 / 3), dt.datetime(2024, 1, 1)],
    ]
    assert {cell.data_type for cell in read["A"]} == {"s"}
    assert read.row_dimensions[4].height is None and read.row_dimensions[6].height > 20
