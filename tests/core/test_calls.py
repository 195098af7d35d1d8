"""Participants of a call: a header nobody has seen, people who come again, whether the call counts (000)."""

from __future__ import annotations

import datetime as dt
import time

import pandas as pd
import pytest

from sferum_core import read_export
from sferum_core.calls import CallReport, call_number, call_report, duration_words, verdict
from sferum_core.model import ExportKind
from sferum_core.reading.moments import parse_duration, parse_moment

FILE = "call_2000001652_participants.csv"


def calls_of(text: str, name: str = FILE) -> CallReport:
    export = read_export(text.encode(), name)
    assert export.kind is ExportKind.CALL_PARTICIPANTS, export.columns
    return call_report(export.table, export.source.filename)


# Headers nobody here has seen, none at all among them: two people, 10:00:05 to 10:40:05.
FORMS = {
    "russian": "Имя;Время входа;Время выхода;Длительность\nИвов Ив;26.09.2023 10:00:05;26.09.2023 10:40:05;00:40:00\n"
    "Елев Ель;26.09.2023 10:10:05;26.09.2023 10:40:05;00:30:00\n",
    "english": "display_name,joined_at,left_at,duration\nИвов Ив,2023-09-26T10:00:05+05:00,2023-09-26T10:40:05+05:00,2400\n"
    "Елев Ель,2023-09-26T10:10:05+05:00,2023-09-26T10:40:05+05:00,1800\n",
    "no header": "Ивов Ив;26.09.2023 10:00:05;26.09.2023 10:40:05\nЕлев Ель;26.09.2023 10:10:05;26.09.2023 10:40:05\n",
    "clock only": "Участник\tПришёл\tУшёл\nИвов Ив\t10:00:05\t10:40:05\nЕлев Ель\t10:10:05\t10:40:05\n",
    "epoch": "a,b,c,d\nИвов Ив,2400,1695722405,1695724805\nЕлев Ель,1800,1695723005,1695724805\n",
    "titles": "Звонок 2000001652;;\nКто;Подключение;Отключение\nИвов Ив;26.09.2023 10:00:05;26.09.2023 10:40:05\n"
    "Елев Ель;26.09.2023 10:10:05;26.09.2023 10:40:05\n",
    "leaving first": "Фамилия;Имя;Отключился;Подключился\nИвов;Ив;26.09.2023 10:40:05;26.09.2023 10:00:05\n"
    "Елев;Ель;26.09.2023 10:40:05;26.09.2023 10:10:05\n",
    "minutes": "Имя;Вход;Минут\nИвов Ив;26.09.2023 10:00:05;40\nЕлев Ель;26.09.2023 10:10:05;30\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_headers_nobody_has_seen(form: str) -> None:
    report = calls_of(FORMS[form])
    call = report.calls.iloc[0]
    assert call["call"] == "2000001652"
    assert (call["participants"], call["seconds"], bool(call["counts"])) == (2, 2400, True)
    assert call["together_seconds"] == 1800
    assert report.participants["participant"].tolist() == ["Ивов Ив", "Елев Ель"]
    assert report.participants["seconds"].tolist() == [2400, 1800]
    assert report.presence["people"].tolist() == [1, 2, 0]


def test_who_comes_again_is_one_participant() -> None:
    report = calls_of(
        "Имя;Вход;Выход\nИвов Ив;10:00;10:10\nЕлев Ель;10:00;10:30\nИвов  Ив;10:20;10:30\nивов ив;10:25;10:30\n"
    )
    one = report.participants.set_index("participant").loc["Ивов Ив"]
    assert report.calls["participants"].tolist() == [2]
    assert (one["entries"], one["seconds"], one["same_time"]) == (3, 1200, 2)  # two devices at 10:25
    assert report.clock_only


def test_equal_names_with_different_ids_are_two() -> None:
    report = calls_of("user_id;Имя;Длительность\n10000001;Ивов Ив;00:05:00\n10000002;Ивов Ив;00:04:00\n")
    assert report.calls["participants"].tolist() == [2]
    assert report.calls["seconds"].tolist() == [300]


def test_guests_are_as_many_as_are_there_at_once() -> None:
    report = calls_of(
        "Имя;Вход;Выход\nГость;10:00;10:10\nГость;10:05;10:10\nГость;10:20;10:30\nИвов Ив;10:00;10:30\n"
    )
    assert report.calls["participants"].tolist() == [3]
    assert report.presence["people"].max() == 3


def test_over_midnight() -> None:
    report = calls_of("Имя;Вход;Выход\nИвов Ив;23:50;00:20\nЕлев Ель;00:05;00:20\n")
    assert report.calls["seconds"].tolist() == [1800]
    assert report.calls["together_seconds"].tolist() == [900]


@pytest.mark.parametrize(
    ("participants", "seconds", "counts"),
    [(2, 180, True), (2, 179, False), (1, 3600, False), (2, pd.NA, None), (0, pd.NA, False)],
)
def test_three_minutes_and_two_participants(participants: int, seconds: object, counts: bool | None) -> None:
    found, reason = verdict(participants, seconds)
    assert (None if pd.isna(found) else found) is counts  # type: ignore[call-overload]
    assert reason


def test_two_who_never_met_are_said() -> None:
    report = calls_of("Имя;Вход;Выход\nИвов Ив;10:00;10:10\nЕлев Ель;10:20;10:30\n")
    assert "вместе только" in report.calls["reason"].iloc[0]


def test_names_alone_leave_the_length_open() -> None:
    report = calls_of("Участник\nИвов Ив\nЕлев Ель\n")
    assert report.calls["participants"].tolist() == [2]
    assert report.calls["counts"].isna().all()


def test_other_tables_of_people_are_no_call() -> None:
    text = "ФИО;Дата рождения;Дата приёма\nИвов Ив;01.02.1980;01.09.2010\nЕлев Ель;01.02.1981;01.09.2011\n"
    assert read_export(text.encode(), "staff.csv").kind is ExportKind.UNKNOWN
    text = "Дата;ФИО;Тип пользователя;Кол-во сообщений;Кол-во звонков\n04.04.2024;Ивов Ив;teacher;3;1\n"
    assert read_export(text.encode(), "call_1.csv").kind is ExportKind.TEACHERS


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("26.09.2023 10:00", dt.datetime(2023, 9, 26, 10)),
        ("2023-09-26T10:00:05.123Z", dt.datetime(2023, 9, 26, 10, 0, 5)),
        ("26 сентября 2023 г., 9:05", dt.datetime(2023, 9, 26, 9, 5)),
        ("12:05 PM", dt.datetime(1970, 1, 1, 12, 5)),
        ("1695722405", dt.datetime(2023, 9, 26, 10, 0, 5)),
        ("26.09.2023", None),
        ("25:00", None),
        ("Ивов", None),
    ],
)
def test_moments(text: str, moment: dt.datetime | None) -> None:
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:39:05", 2345), ("39:05", 2345), ("1 ч 2 мин", 3720), ("5 мин. 3 сек.", 303), ("PT5M3S", 303),
        ("1 day, 0:00:01", 86401), ("45 с", 45), ("45", None), ("", None), ("10:75", None),
    ],
)  # fmt: skip
def test_durations(text: str, seconds: float | None) -> None:
    assert parse_duration(text) == seconds


def test_words() -> None:
    assert call_number("call_2000001652_participants (1).csv") == "2000001652"
    assert call_number("участники.csv") == ""
    assert duration_words(3660).replace("\u00a0", " ") == "1 ч 01 мин"
    assert duration_words(90).replace("\u00a0", " ") == "1 мин 30 с"


def test_twenty_thousand_rows_in_seconds() -> None:
    frame = pd.DataFrame(
        {
            "full_name": pd.array([f"Имя {i % 7_000}" for i in range(20_000)], dtype="str"),
            "joined_at": pd.Timestamp("2023-09-26 10:00")
            + pd.to_timedelta([i % 900 for i in range(20_000)], "s"),
            "left_at": pd.Timestamp("2023-09-26 11:00"),
        }
    ).astype({"joined_at": "datetime64[s]", "left_at": "datetime64[s]"})
    started = time.process_time()
    assert call_report(frame).calls["participants"].tolist() == [7_000]
    assert time.process_time() - started < 5
