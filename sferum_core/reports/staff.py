"""The workbook of «Сотрудники ДОО»: both rankings, the region's row and who is missing how many (004)."""

from __future__ import annotations

import pandas as pd

from sferum_core.reports.book import Book, Column, ReportMeta, Sheet
from sferum_core.reports.columns import COUNT_HEADERS, plain, text
from sferum_core.reports.findings import findings_frame, findings_sheet
from sferum_core.reports.workbook import write_workbook
from sferum_core.staff import StaffReport, staff_changes

NO_COUNTS = "в файле только проценты"
REGION_ROW = "Среднее значение по региону"


def _present(frame: pd.DataFrame, columns: list[Column]) -> list[Column]:
    return [column for column in columns if column.key in frame.columns]


def _counts() -> list[Column]:
    registered = "Зарегистрировано воспитателей, чел."
    return [
        plain("organizations", COUNT_HEADERS["organizations"], "count", width=14),
        plain("teachers_total", "Воспитателей всего, чел.", "count", width=14, missing=NO_COUNTS),
        plain("teachers_registered", registered, "count", width=18, missing=NO_COUNTS),
        plain("teachers_active", "Активных воспитателей, чел.", "count", width=16, missing=NO_COUNTS),
    ]


_SHARE_REGISTERED = plain("share_registered", "Зарегистрировано воспитателей, %", "share", width=17, bar=True)
_SHARE_ACTIVE = plain("share_active", "Активность воспитателей, %", "share", width=15, bar=True)
_NOTHING_BEFORE = "не с чем сравнить"
_CHANGE_REGISTERED = plain(
    "change_registered",
    "Регистрация: изменение за неделю, процентных пунктов",
    "change",
    width=15,
    missing=_NOTHING_BEFORE,
)
_CHANGE_ACTIVE = plain(
    "change_active",
    "Активность: изменение за неделю, процентных пунктов",
    "change",
    width=15,
    missing=_NOTHING_BEFORE,
)
_RANK_REGISTERED = plain("rank_registered", "Место по регистрации", "count", width=14, missing_key="place")
_RANK_ACTIVE = plain("rank_active", "Место по активности", "count", width=14, missing_key="place")


def _ranking(report: StaffReport, rank: Column, share: Column) -> tuple[list[Column], pd.DataFrame]:
    """Municipalities from the first place down with the region's row where its share belongs (004)."""
    kept = ["municipality", rank.key, share.key]
    region = pd.DataFrame([report.region]).assign(municipality=REGION_ROW).reindex(columns=kept)
    both = pd.concat([report.municipalities[kept].astype({share.key: "Float64"}), region], ignore_index=True)
    both[share.key], both[rank.key] = both[share.key].astype("Float64"), both[rank.key].astype("Int64")
    both["place"] = both["municipality"].where(both["municipality"] == REGION_ROW).map({REGION_ROW: "регион"})
    order = [share.key, "municipality"]
    both = both.sort_values(order, ascending=[False, True], na_position="last", kind="stable")
    return [rank, text("municipality", "Муниципалитет", 36), share], both


def staff_workbook(report: StaffReport, meta: ReportMeta, before: StaffReport | None = None) -> bytes:
    """The two rankings as on the slide of 004, the whole table, the region and what looks odd.

    With `before`, the report of the week before, the table has the changes of both shares.
    """
    frame = report.municipalities.assign(place="")
    of_region = report.region
    if before is not None:
        changes, region_changes = staff_changes(report, before)
        frame, of_region = frame.assign(**changes), pd.concat([of_region, region_changes])
    region = pd.DataFrame([of_region]).reset_index(drop=True)
    region["municipality"] = REGION_ROW
    name = text("municipality", "Муниципалитет", 36)
    missing = [
        plain("missing_to_full", "Не хватает до 100 %, чел.", "count", width=14, missing=NO_COUNTS),
        plain("missing_to_target", "Не хватает до цели, чел.", "count", width=16, missing=NO_COUNTS),
    ]
    everything = _present(
        frame,
        [
            name,
            *_counts(),
            _SHARE_REGISTERED,
            _CHANGE_REGISTERED,
            _RANK_REGISTERED,
            _SHARE_ACTIVE,
            _CHANGE_ACTIVE,
            _RANK_ACTIVE,
            *missing,
        ],
    )
    by_registered, registered = _ranking(report, _RANK_REGISTERED, _SHARE_REGISTERED)
    by_active, active = _ranking(report, _RANK_ACTIVE, _SHARE_ACTIVE)
    shares = [_SHARE_REGISTERED, _CHANGE_REGISTERED, _SHARE_ACTIVE, _CHANGE_ACTIVE]
    region_columns = _present(region, [name, *_counts(), *shares, *missing])
    findings = findings_frame(report.findings)
    sheets = [
        Sheet("staff", "Сотрудники ДОО", "Сотрудники ДОО по муниципалитетам", everything, frame),
        Sheet(
            "registered",
            "Рейтинг регистрации",
            "Зарегистрированные воспитатели: рейтинг",
            by_registered,
            registered,
        ),
        Sheet("active", "Рейтинг активности", "Активность воспитателей: рейтинг", by_active, active),
        Sheet("region", "Регион", f"{REGION_ROW}: отношение сумм", region_columns, region),
    ]
    if len(findings):
        sheets.append(findings_sheet(findings, "Что не так: замечания к данным ДОО"))
    notes = [
        "Доля активных – от зарегистрированных. Значение больше 100 % показано как есть: возможная причина – "
        "воспитатель числится в нескольких организациях, а считается в той, куда вступил последней (000)."
    ]
    return write_workbook(Book(meta, sheets, (), notes))
