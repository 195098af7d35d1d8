"""Workbooks of «Уроки и звонки»: distance lessons by organization; calls as counts, participants on their own."""

from __future__ import annotations

import pandas as pd

from sferum_core.calls import RULE, RULE_SOURCE, CallReport
from sferum_core.lessons import LessonReport
from sferum_core.reports.book import Book, Column, ReportMeta, Sheet
from sferum_core.reports.columns import plain, text
from sferum_core.reports.findings import findings_frame, findings_sheet
from sferum_core.reports.teachers import NAMES_NOTE
from sferum_core.reports.workbook import write_workbook

ALL_TOGETHER = "Все вместе"
NOTE_SHARE = "Доля дистанционных уроков – отношение сумм: дистанционные уроки, делённые на все уроки (000)."
NOTE_CHILDREN = "Количество детей – учившиеся в организации в выбранный период (000)."
_COUNTS = (
    plain("children", "Количество детей, чел.", "count", width=14),
    plain("lessons_total", "Уроков всего, ед.", "count", width=14),
    plain("lessons_distance", "Дистанционных уроков, ед.", "count", width=16),
    plain("share_distance", "Доля дистанционных уроков, %", "share", width=16, bar=True),
    plain("participants_planned", "Участников по плану, чел.", "count", width=16),
    plain("participants_actual", "Участников фактически, чел.", "count", width=16),
    plain("share_attended", "Пришло от плана, %", "share", width=14),
)


def _columns(frame: pd.DataFrame, identity: list[Column]) -> list[Column]:
    return [column for column in (*identity, *_COUNTS) if column.key in frame.columns]


def lessons_workbook(report: LessonReport, meta: ReportMeta) -> bytes:
    """Organizations, municipalities where the file names them, all together, and what does not add up."""
    place = plain("rank", "Место", "count", width=12, missing="доли нет")
    sheets = []
    organizations = report.organizations
    named = {"organization", "organization_id"} & set(organizations.columns)
    identity = [
        place,
        text("organization", "Организация", 48, "не указана"),
        plain("organization_id", "ID организации", "id", width=16, missing="не указан"),
        text("municipality", "Муниципалитет", 32, "не указан"),
    ]
    if named:
        sheets.append(
            Sheet(
                "organizations",
                "Организации",
                "Дистанционные уроки по организациям",
                _columns(organizations, identity),
                organizations,
            )
        )
    if len(report.municipalities):
        municipal = [
            place,
            text("municipality", "Муниципалитет", 36),
            plain("organizations", "Организаций, ед.", "count", width=14),
        ]
        sheets.append(
            Sheet(
                "municipalities",
                "Муниципалитеты",
                "Дистанционные уроки по муниципалитетам",
                _columns(report.municipalities, municipal),
                report.municipalities,
            )
        )
    total = pd.DataFrame([report.total]).assign(name=ALL_TOGETHER).reset_index(drop=True)
    sheets.append(
        Sheet(
            "total",
            "Всего",
            "Дистанционные уроки: все вместе",
            [text("name", "Строка", 24), *_columns(total, [])],
            total,
        )
    )
    findings = findings_frame(report.findings)
    if len(findings):
        sheets.append(findings_sheet(findings, "Что не так: замечания к данным об уроках"))
    return write_workbook(Book(meta, sheets, (), [NOTE_SHARE, NOTE_CHILDREN]))


def calls_workbook(report: CallReport, meta: ReportMeta, *, with_names: bool = False) -> bytes:
    """The calls and whether they count; with `with_names` also who was there."""
    calls = report.calls.assign(
        counts_words=report.calls["counts"].map({True: "да", False: "нет"}).astype("str"),
        started_words=_moments(report.calls["started"], report.clock_only),
        ended_words=_moments(report.calls["ended"], report.clock_only),
    )
    sheets = [
        Sheet(
            "calls",
            "Звонки",
            "Звонки: участники, длительность, засчитывается ли",
            [
                plain("call", "Звонок", "id", width=18, missing="номер не указан"),
                plain("participants", "Участников, чел.", "count", width=14),
                text("started_words", "Начало", 18, "нет данных"),
                text("ended_words", "Конец", 18, "нет данных"),
                plain("seconds", "Длительность, с", "count", width=14),
                plain("together_seconds", "Двое и больше вместе, с", "count", width=16),
                text("counts_words", "Засчитывается", 16, "неизвестно"),
                text("reason", "Почему", 52),
            ],
            calls,
        )
    ]
    notes = [f"Звонок засчитывается, если он {RULE} ({RULE_SOURCE})."]
    if with_names:
        people = report.participants.assign(
            joined_words=_moments(report.participants["first_joined"], report.clock_only),
            left_words=_moments(report.participants["last_left"], report.clock_only),
        )
        columns = [
            plain("call", "Звонок", "id", width=18, missing="номер не указан"),
            text("participant", "Участник", 40, "имя не указано"),
            plain("participant_id", "ID или почта", "id", width=24, missing="не указан"),
            text("role", "Роль", 16, "не указана"),
            text("joined_words", "Первый вход", 18, "нет данных"),
            text("left_words", "Последний выход", 18, "нет данных"),
            plain("seconds", "Был в звонке, с", "count", width=14),
            plain("entries", "Входов, ед.", "count", width=12),
        ]
        kept = [
            column
            for column in columns
            if column.key in ("call", "participant") or people[column.key].notna().any()
        ]
        sheets.append(Sheet("participants", "Участники", "Участники звонков", kept, people, frozen_columns=2))
        notes.append(NAMES_NOTE)
    return write_workbook(Book(meta, sheets, (), notes))


def _moments(values: pd.Series, clock_only: bool) -> pd.Series:
    form = "%H:%M:%S" if clock_only else "%d.%m.%Y %H:%M:%S"
    return pd.to_datetime(values).dt.strftime(form).astype("str")
