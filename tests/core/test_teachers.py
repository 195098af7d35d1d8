"""Files of teachers: the eleven rows of 004, dates that are never added up, roles, the roll-up to organizations."""

from __future__ import annotations

import datetime as dt
import time

import numpy as np
import pandas as pd
import pytest

from sferum_core import assess_organizations, compare_municipalities, load_profile, read_export
from sferum_core.model import ExportKind
from sferum_core.roles import is_teacher_role
from sferum_core.teachers import at_date, file_dates, is_near, roll_up, rollup_kind, teacher_report

# 004, «По учителям»: messages and calls of eleven rows; the names are made up.
MESSAGES = [18, 38, 0, 0, 65, 0, 0, 52, 10, 0, 8]
CALLS = [0, 0, 0, 0, 3, 0, 0, 3, 0, 0, 0]


def people(**columns: list[object]) -> pd.DataFrame:
    """A table of teachers in the dtypes of the contract."""
    kinds = {"date": "datetime64[s]", "linked": "boolean", "messages": "Int64", "calls": "Int64"}
    return pd.DataFrame(columns).astype({name: kinds.get(name, "str") for name in columns})


@pytest.fixture
def eleven() -> pd.DataFrame:
    return people(
        date=["2024-01-29"] * 11,
        full_name=["Тестов Тест"] * 11,
        role=["teacher"] * 11,
        linked=[False] * 11,
        messages=MESSAGES,
        calls=CALLS,
    )


def test_the_eleven_rows_of_the_slide(eleven: pd.DataFrame) -> None:
    report = teacher_report(eleven)
    assert (report.messages, report.calls) == (191, 6)
    counts = {code: report.count(code) for code in report.thresholds["indicator"]}
    assert counts == {
        "teachers_3_messages": 6,
        "teachers_10_messages": 5,
        "teachers_1_call": 2,
        "teachers_3_calls": 2,
        "teachers_linked": 0,
    }
    assert report.share("teachers_10_messages") == pytest.approx(5 / 11)
    assert report.near("teachers_10_messages") == 1  # the one with 8
    assert report.teachers == 11  # one name on all rows: a name is no key


def test_the_slides_own_header_is_read_to_the_same_figures() -> None:
    lines = ["Дата;ФИО;Тип пол;Связь с;Кол-во сообщений за 7 дней;Кол-во звонков за 7 дней"]
    lines += [f"29.01.2024;Тестов Тест;teacher;0;{m};{c}" for m, c in zip(MESSAGES, CALLS, strict=True)]
    export = read_export("\n".join(lines).encode("cp1251"), "teachers.csv")
    assert export.kind is ExportKind.TEACHERS
    assert teacher_report(export.table).count("teachers_10_messages") == 5


def test_the_latest_date_is_taken_and_dates_are_not_added(eleven: pd.DataFrame) -> None:
    earlier = eleven.assign(date=pd.Timestamp("2024-01-22"), messages=pd.array([50] * 11, dtype="Int64"))
    both = pd.concat([eleven, earlier], ignore_index=True)
    assert teacher_report(both).messages == 191
    assert teacher_report(both).date == dt.date(2024, 1, 29)
    assert teacher_report(both, dt.date(2024, 1, 22)).count("teachers_10_messages") == 11
    assert file_dates(both)["rows"].tolist() == [11, 11]
    assert len(at_date(both, dt.date(2024, 2, 1))) == 0
    assert roll_up(both)["teachers_registered"].tolist() == [11]


def test_rows_without_a_date_are_counted_apart(eleven: pd.DataFrame) -> None:
    eleven.loc[[0, 1], "date"] = pd.NaT
    report = teacher_report(eleven)
    assert (report.teachers, report.undated, report.messages) == (9, 2, 135)


def test_a_missing_figure_is_no_zero() -> None:
    table = people(messages=[10, None, 2], calls=[None, None, None])
    report = teacher_report(table)
    assert report.share("teachers_10_messages") == 0.5
    assert report.count("teachers_1_call") is None
    assert report.calls is None
    assert report.count("teachers_linked") is None
    assert roll_up(table)["teachers_registered"].tolist() == [3]
    assert "teachers_1_call" not in roll_up(table)


@pytest.mark.parametrize(
    "role",
    ["teacher", "Учитель", "СОТРУДНИК", "Педагог-организатор", "Учитель, родитель", "воспитатель", "staff"],
)
def test_wordings_of_teachers(role: str) -> None:
    assert is_teacher_role(role)


@pytest.mark.parametrize(
    "role",
    ["student", "Ученик", "Родитель", "Внешний участник", "Бывший сотрудник", "администратор", "", "гость"],
)
def test_wordings_of_others(role: str) -> None:
    assert not is_teacher_role(role)


def test_other_roles_are_counted_apart_and_not_in_the_shares() -> None:
    table = people(role=["teacher", "student", "parent", "student", None], messages=[10, 50, 50, 50, 50])
    report = teacher_report(table)
    assert (report.teachers, report.messages, report.share("teachers_10_messages")) == (1, 10, 1.0)
    assert dict(zip(report.others["role"], report.others["people"], strict=True)) == {
        "student": 2,
        "parent": 1,
        "роль не указана": 1,
    }


def test_near_are_those_who_write_and_miss_at_most_three() -> None:
    table = people(messages=[0, 1, 2, 3, 6, 7, 9, 10, 11])
    assert is_near(table, 10).tolist() == [False, False, False, False, False, True, True, False, False]
    assert is_near(table, 3).tolist() == [False, True, True, False, False, False, False, False, False]
    assert teacher_report(table).people["to_10_messages"].tolist() == [10, 9, 8, 7, 4, 3, 1, 0, 0]


def test_bins_of_the_distribution_hold_everyone_once() -> None:
    table = people(messages=[0, 1, 2, 3, 6, 7, 9, 10, 19, 20, 500], calls=[0] * 11)
    bins = teacher_report(table).distribution
    messages = bins[bins["column"] == "messages"]
    assert messages["people"].tolist() == [1, 2, 2, 2, 2, 1, 0, 1]
    assert int(bins.loc[bins["column"] == "calls", "people"].sum()) == 11


def test_roll_up_feeds_the_assessment_and_holds_no_name() -> None:
    table = people(
        date=["2024-04-04"] * 5,
        full_name=["Секретов Секрет"] * 5,
        role=["teacher"] * 4 + ["student"],
        linked=[True, False, True, None, True],
        messages=[12, 2, 10, 0, 99],
        calls=[3, 0, 1, 0, 9],
        organization_id=["01", "01", None, "02", "02"],
        organization=[
            "МБОУ СОШ № 1",
            "МБОУ СОШ №1",
            "МБОУ СОШ № 1",
            "МБДОУ Детский сад № 2",
            "МБДОУ Детский сад № 2",
        ],
        municipality=["Озёрный район"] * 5,
    )
    table.loc[1, "full_name"] = "Другов Друг"
    rolled = roll_up(table)
    assert rolled["organization_id"].tolist() == ["01", "02"]
    assert rolled["organization_type"].tolist() == ["ОО", "ДОО"]
    assert rolled["teachers_registered"].tolist() == [3, 1]
    assert rolled["teachers_linked"].tolist() == [2, pd.NA]
    assert rolled["teachers_10_messages"].tolist() == [2, 0]
    assert rolled["teachers_3_calls"].tolist() == [1, 0]
    assert "Секретов" not in rolled.to_csv()
    assert "full_name" not in rolled
    profile = load_profile("chelyabinsk-2024")
    assert assess_organizations(rolled, profile)["main_share"].tolist() == pytest.approx([2 / 3, 0.0])
    compared = compare_municipalities(rolled, profile, "teachers_10_messages")
    assert compared["numerator"].tolist() == [2]


def test_equal_names_in_two_municipalities_stay_apart() -> None:
    table = people(
        organization=["Детский сад № 1"] * 3,
        municipality=["г. Лесной", "Лесной район", "г.Лесной"],
        messages=[10, 10, 10],
    )
    assert roll_up(table)["teachers_registered"].tolist() == [2, 1]


def test_a_file_with_municipalities_alone_adds_up_to_municipalities() -> None:
    table = people(municipality=["Озёрный район", "Озёрный р-н", "г. Лесной"], messages=[10, 0, 10])
    assert rollup_kind(table) is ExportKind.MUNICIPALITIES
    rolled = roll_up(table)
    assert rolled["teachers_registered"].tolist() == [2, 1]
    compared = compare_municipalities(rolled, load_profile("chelyabinsk-2024"), "teachers_10_messages")
    assert dict(zip(compared["municipality"], compared["share"], strict=True))["г. Лесной"] == 1.0


def test_a_file_of_one_organization_takes_the_name_given() -> None:
    rolled = roll_up(people(messages=[10, 0]), organization="Гимназия № 7")
    assert rolled[["organization", "organization_type", "teachers_registered"]].values.tolist() == [
        ["Гимназия № 7", "ОО", 2]
    ]


@pytest.mark.parametrize("function", [teacher_report, roll_up])
def test_a_hundred_thousand_rows_in_seconds(function: object) -> None:
    size = 100_000
    rng = np.random.default_rng(4)
    places = rng.integers(0, 3_000, size)
    table = pd.DataFrame(
        {
            "date": pd.Timestamp("2024-04-04"),
            "full_name": pd.array([f"Тестов {i}" for i in range(size)], dtype="str"),
            "role": pd.array(["teacher"] * size, dtype="str"),
            "messages": pd.array(rng.integers(0, 40, size), dtype="Int64"),
            "calls": pd.array(rng.integers(0, 4, size), dtype="Int64"),
            "organization": pd.array([f"Школа № {i}" for i in places], dtype="str"),
            "municipality": pd.array([f"Тестовый {i % 40} район" for i in places], dtype="str"),
        }
    )
    started = time.process_time()
    function(table)  # type: ignore[operator]
    assert time.process_time() - started < 5
