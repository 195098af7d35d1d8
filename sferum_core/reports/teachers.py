"""Workbooks of «Педагоги»: indicators and organizations as counts; the list with names only on its own."""

from __future__ import annotations

import pandas as pd

from sferum_core.charts.people import bin_label
from sferum_core.reports.book import Book, Column, ReportMeta, Sheet
from sferum_core.reports.columns import COUNT_HEADERS, counts, plain, text
from sferum_core.reports.csv_text import csv_bytes
from sferum_core.reports.workbook import write_workbook
from sferum_core.teachers import THRESHOLDS, TeacherReport, is_near

NAMES_NOTE = "В файле имена людей: передавайте его только тем, кому они нужны по работе."
NOTE_SHARES = (
    "Доли – от педагогов, у которых показатель в файле есть; другие роли посчитаны отдельно. Даты не "
    "складываются: каждая – свои 7 дней."
)
NOTE_NEAR = "«Почти у порога» – тот, кто пишет и кому до порога не хватает от одного до трёх сообщений."
_BIN_UNITS = {"messages": "сообщений за 7 дней", "calls": "звонков за 7 дней"}


def teachers_workbook(report: TeacherReport, organizations: pd.DataFrame, meta: ReportMeta) -> bytes:
    """Counts only: indicators of the date, organizations (`roll_up_detail`), the distribution, other roles, dates."""
    thresholds = report.thresholds.assign(
        name=[
            _indicator_name(code, name)
            for code, name in zip(report.thresholds["indicator"], report.thresholds["name"], strict=True)
        ]
    )
    bins = report.distribution.assign(
        unit=report.distribution["column"].map(_BIN_UNITS),
        label=[
            bin_label(int(a), b)
            for a, b in zip(report.distribution["from"], report.distribution["to"], strict=True)
        ],
    )
    sheets = [
        Sheet(
            "indicators",
            "Показатели",
            "Педагоги: показатели за 7 дней",
            [
                text("name", "Показатель", 44),
                plain("count", "Педагогов, чел.", "count", width=14),
                plain("known", "Из скольких, чел.", "count", width=14),
                plain("share", "Доля, %", "share", width=12, bar=True),
                plain("near", "Почти у порога, чел.", "count", width=16, missing="не считается"),
            ],
            thresholds,
        ),
        Sheet(
            "organizations",
            "Организации",
            "Педагоги по организациям",
            _organization_columns(organizations),
            organizations,
        ),
        Sheet(
            "distribution",
            "Распределение",
            "Сколько педагогов сколько пишут и звонят",
            [
                text("unit", "Что считается", 26),
                text("label", "Сколько", 16),
                plain("people", "Педагогов, чел.", "count", width=14),
                plain("share", "Доля, %", "share", width=12, bar=True),
            ],
            bins,
        ),
        Sheet(
            "dates",
            "Даты",
            "Даты файла: взята одна, они не складываются",
            [plain("date", "Дата", "date", width=14), plain("rows", "Строк в файле, ед.", "count", width=16)],
            report.dates,
            empty="Строк нет: дат в файле нет.",
        ),
        Sheet(
            "others",
            "Другие роли",
            "Пользователи с другими ролями: в показатели не входят",
            [text("role", "Роль в файле", 36), plain("people", "Человек", "count", width=14)],
            report.others,
            empty="Строк нет: в файле только педагоги.",
        ),
    ]
    return write_workbook(Book(meta, sheets, (), [NOTE_SHARES, NOTE_NEAR]))


def _indicator_name(code: str, name: str) -> str:
    item = next((threshold for threshold in THRESHOLDS if threshold.indicator == code), None)
    words = {"messages": "Написали", "calls": "Совершили"}
    return f"{words[item.column]} {name}" if item else name[:1].upper() + name[1:]


def _organization_columns(frame: pd.DataFrame) -> list[Column]:
    identity = {
        "organization_id": plain("organization_id", "ID организации", "id", width=16, missing="не указан"),
        "organization": text("organization", "Организация", 48, "не указана"),
        "organization_type": text("organization_type", "Тип", 12, "не определён"),
        "municipality": text("municipality", "Муниципалитет", 32, "не указан"),
    }
    columns = [column for key, column in identity.items() if key in frame.columns]
    columns += counts(frame, list(COUNT_HEADERS))
    return [
        *columns,
        plain("share_10", "Написали от 10 сообщений, %", "share", width=16, bar=True),
        plain("share_3", "Написали от 3 сообщений, %", "share", width=16),
        plain("near_10", "Почти у порога 10, чел.", "count", width=14),
        plain("silent", "Не писали, чел.", "count", width=14),
    ]


def people_frame(people: pd.DataFrame) -> pd.DataFrame:
    """The teachers of a date for a list with names: words for yes and no, what is missing to ten messages."""
    frame = people.reset_index(drop=True)
    if "linked" in frame:
        linked = frame["linked"].astype("boolean")
        frame["linked_words"] = linked.map({True: "да", False: "нет"}).astype("str")
    if "messages" in frame:
        frame["standing"] = standing(frame)
    return frame


def standing(people: pd.DataFrame) -> pd.Series:
    """Where each teacher stands against ten messages, in words."""
    messages = people["messages"].astype("Int64")
    result = pd.Series("нет данных", index=people.index, dtype="str")
    result = result.mask((messages == 0).fillna(False), "не пишет")
    result = result.mask((messages > 0).fillna(False), "пишет меньше 10")
    result = result.mask(pd.Series(is_near(people, 10), index=people.index), "почти у порога")
    return result.mask((messages >= 10).fillna(False), "10 и больше")


_PEOPLE_COLUMNS: tuple[Column, ...] = (
    text("full_name", "ФИО", 36, "ФИО не указано"),
    text("organization", "Организация", 44, "не указана"),
    plain("organization_id", "ID организации", "id", width=16, missing="не указан"),
    text("municipality", "Муниципалитет", 28, "не указан"),
    text("role", "Роль", 16, "не указана"),
    text("linked_words", "Связь с ЭЖД", 12, "нет данных"),
    plain("messages", "Сообщений за 7 дней, ед.", "count", width=16),
    plain("calls", "Звонков за 7 дней, ед.", "count", width=14),
    plain("to_3_messages", "Не хватает до 3 сообщений, ед.", "count", width=16),
    plain("to_10_messages", "Не хватает до 10 сообщений, ед.", "count", width=16),
    text("standing", "Порог 10 сообщений", 20),
)


def people_columns(frame: pd.DataFrame) -> list[Column]:
    """Columns of a list with names that the frame has."""
    return [column for column in _PEOPLE_COLUMNS if column.key in frame.columns]


def people_workbook(people: pd.DataFrame, meta: ReportMeta) -> bytes:
    """The list with names, a row a teacher; `people` as `TeacherReport.people`."""
    frame = people_frame(people)
    sheet = Sheet("people", "Педагоги", "Педагоги поимённо", people_columns(frame), frame)
    return write_workbook(Book(meta, [sheet], (), [NAMES_NOTE, NOTE_SHARES, NOTE_NEAR]))


def people_csv(people: pd.DataFrame) -> bytes:
    """The same list as text: UTF-8 with a mark, semicolons, ready for Excel."""
    frame = people_frame(people)
    return csv_bytes(frame, people_columns(frame))
