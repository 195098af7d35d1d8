"""The workbook of «Сравнение муниципалитетов»: ranking, region, leaders and all indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sferum_core.indicators import INDICATORS, Role
from sferum_core.model import Status
from sferum_core.reports.book import Book, Column, ReportMeta, Sheet
from sferum_core.reports.columns import (
    COUNT_HEADERS,
    STATUS_COUNT_HEADERS,
    STATUSES,
    indicator_header,
    plain,
    text,
)
from sferum_core.reports.workbook import write_workbook

if TYPE_CHECKING:
    from sferum_core.norms import NormProfile
    from sferum_core.week_board import BoardChanges


def ranking_columns(
    frame: pd.DataFrame, indicator: str, first: list[Column], over: str = "", *, brief: bool = False
) -> list[Column]:
    """Columns of a ranking that the frame has, after `first`; a `brief` one counts no statuses and prints larger."""
    unit = "ед." if INDICATORS[indicator].role is Role.ORGANIZATION else "чел."
    optional = [
        plain("place", "Место", "count", width=12),
        plain("rank", "Место", "count", width=12, missing="нет данных"),
        plain("share", indicator_header(indicator), "share", width=16, bar=True),
        plain("numerator", f"Числитель, {unit}", "count", width=14),
        plain("denominator", f"Знаменатель, {unit}", "count", width=14),
        plain("status", "Статус", "status", width=16),
        plain(
            "change",
            f"Изменение доли {over or 'за неделю'}, процентных пунктов",
            "change",
            width=18,
            missing="не с чем сравнить",
        ),
        plain(
            "rank_before",
            f"Место {over.replace('с недели', 'на неделе')}" if over else "Место неделей раньше",
            "count",
            width=14,
            missing="не с чем сравнить",
        ),
        plain("organizations", COUNT_HEADERS["organizations"], "count", width=14),
        plain("organizations_without_data", COUNT_HEADERS["organizations_without_data"], "count", width=16),
        *[
            plain(status.value, header, "count", width=12)
            for status, header in STATUS_COUNT_HEADERS.items()
            if not brief and status.value in frame.columns and (frame[status.value].fillna(0) > 0).any()
        ],
    ]
    return first + [column for column in optional if column.key in frame.columns]


def _leaders(key: str, name: str, title: str, frame: pd.DataFrame, indicator: str) -> Sheet:
    first = []
    if "organization" in frame.columns:
        first.append(text("organization", "Организация", 48, "название не указано"))
    first.append(text("municipality", "Муниципалитет", 36))
    share = "share" if "share" in frame.columns else f"share_{indicator}"
    columns = ranking_columns(frame, indicator, first)
    if share != "share" and share in frame.columns:
        columns.append(plain(share, indicator_header(indicator), "share", width=18, bar=True))
    empty = "Строк нет: до отметки лидера никто не дошёл или данных недостаточно."
    return Sheet(key, name, title, columns, frame, empty=empty)


def _wide(heat: pd.DataFrame) -> tuple[list[Column], pd.DataFrame]:
    """The long table municipality × indicator as one row a municipality."""
    order = heat.drop_duplicates("indicator")
    wide = heat.pivot_table(
        index="municipality", columns="indicator", values="share", sort=False, dropna=False
    )
    wide = wide.reindex(
        index=heat["municipality"].unique(), columns=order["indicator"].tolist()
    ).reset_index()
    columns = [text("municipality", "Муниципалитет", 36)]
    columns += [plain(code, indicator_header(code), "share", width=17) for code in order["indicator"]]
    return columns, wide


def _with_changes(
    comparison: pd.DataFrame, region: pd.Series, changes: BoardChanges
) -> tuple[pd.DataFrame, pd.Series]:
    """Both with `change`, the municipalities with `rank_before` too."""
    then = changes.municipalities.drop_duplicates("municipality_key").set_index("municipality_key")
    keys = comparison["municipality_key"]
    moved = comparison.assign(
        change=keys.map(then["change"]).astype("Float64"),
        rank_before=keys.map(then["rank_before"]).astype("Int64"),
    )
    of_region = pd.NA if changes.region_change is None else changes.region_change
    return moved, pd.concat([region, pd.Series({"change": of_region}, dtype=object)])


def comparison_workbook(
    comparison: pd.DataFrame,
    region: pd.Series,
    profile: NormProfile,
    indicator: str,
    meta: ReportMeta,
    *,
    municipality_leaders: pd.DataFrame | None = None,
    organization_leaders: pd.DataFrame | None = None,
    heat: pd.DataFrame | None = None,
    changes: BoardChanges | None = None,
    over: str = "",
    brief: bool = False,
) -> bytes:
    """Municipalities ranked by one indicator as on the page, with the region's own row on a sheet of its own.

    The leaders' tables and the long heat table (municipality × indicator) come in as the page shows them.
    `changes` adds what changed since an earlier week; `over` names that week («с недели 01.03–07.03») unless it
    is the one directly before. A `brief` one counts no statuses beside the places.
    """
    if changes is not None:
        comparison, region = _with_changes(comparison, region, changes)
    header = indicator_header(indicator).removesuffix(", %")
    first = [text("municipality", "Муниципалитет", 36)]
    region_frame = pd.DataFrame([region]).reset_index(drop=True)
    region_frame["municipality"] = meta.region or "Регион"
    sheets = [
        Sheet(
            "municipalities",
            "Муниципалитеты",
            f"{header}: сравнение муниципалитетов",
            ranking_columns(comparison, indicator, first, over, brief=brief),
            comparison,
            note="Доля – отношение сумм по организациям, а не среднее долей. Место – по неокруглённым долям; "
            "равные доли делят место.",
        ),
        Sheet(
            "region",
            "Регион",
            f"{header}: регион в целом",
            [
                column
                for column in ranking_columns(region_frame, indicator, first, over, brief=brief)
                if "rank" not in column.key
            ],
            region_frame,
        ),
    ]
    if municipality_leaders is not None:
        title = f"{header}: муниципалитеты-лидеры"
        sheets.append(
            _leaders("municipality_leaders", "Лидеры-муниципалитеты", title, municipality_leaders, indicator)
        )
    if organization_leaders is not None:
        title = f"{header}: организации-лидеры"
        sheets.append(
            _leaders("organization_leaders", "Лидеры-организации", title, organization_leaders, indicator)
        )
    if heat is not None:
        columns, wide = _wide(heat)
        sheets.append(
            Sheet("indicators", "Все показатели", "Муниципалитеты по всем показателям", columns, wide)
        )
    notes = [f"Сравнение ведётся по профилю «{profile.title}»."]
    if "status" in comparison.columns and (comparison["status"] == Status.NO_NORM.value).any():
        count = int((comparison["status"] == Status.NO_NORM.value).sum())
        notes.append(f"Муниципалитетов, для которых норма не задана: {count}.")
    return write_workbook(Book(meta, sheets, STATUSES, notes))
