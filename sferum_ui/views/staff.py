"""«Сотрудники ДОО»: both rankings with the region's row, four quarters, who is missing how many."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from sferum_core import wording
from sferum_core.answers import staff_answer
from sferum_core.change_words import points_step
from sferum_core.charts.staff import quarters, staff_rankings, staff_scatter
from sferum_core.indicators import INDICATORS, computable, reported_share
from sferum_core.model import OrganizationType
from sferum_core.norms import NormProfile
from sferum_core.palette import Theme
from sferum_core.reports.names import file_name
from sferum_core.reports.staff import staff_workbook
from sferum_core.staff import StaffReport, doo_staff, staff_changes, staff_reading
from sferum_ui import history
from sferum_ui.cache import Dataset
from sferum_ui.components import (
    Figure,
    Origin,
    bar_column,
    download_xlsx,
    figures,
    filter_row,
    findings_list,
    one_of,
    share_cells,
    share_column,
    table,
    tables,
)
from sferum_ui.components.charts import ReadyChart, ready
from sferum_ui.views import data, grid
from sferum_ui.views.drawn import with_picture

INDICATOR, ONLY_MISSING = "doo_indicator", "doo_missing"
ACTIVE_WORDS = (
    "teachers_active",
    "teachers_10_messages",
    "teachers_3_messages",
    "teachers_1_call",
    "teachers_linked",
)
SOURCE = "004, «Активность сотрудников в ДОО»"


def ask(dataset: Dataset, profile: NormProfile) -> str | None:
    """What «active» means; None leaves the choice to the core (the file's own active ones first)."""
    codes: list[str] = data.computed(active_words, dataset)
    if len(codes) < 2:
        return codes[0] if codes else None
    with filter_row("doo"):
        return one_of(
            "Кого считать активным",
            codes,
            INDICATOR,
            format_func=lambda code: INDICATORS[code].name,
            width=470,
        )


def active_words(dataset: Dataset, profile: NormProfile) -> list[str]:
    """What «active» can mean in this file."""
    frame = dataset.sums_table
    if "organization_type" in frame:
        frame = frame[frame["organization_type"].eq(str(OrganizationType.PRESCHOOL)).fillna(False)]
    found = set(computable(frame, profile.denominator))
    return [code for code in ACTIVE_WORDS if code in found or reported_share(frame, code) is not None]


def answer_of(dataset: Dataset, profile: NormProfile, indicator: str | None) -> str:
    """The sentences the page begins with."""
    return staff_answer(data.computed(data.staff, dataset, indicator))


def before(
    dataset: Dataset, profile: NormProfile, indicator: str | None, before_id: str
) -> StaffReport | None:
    """The same figures of the week before; None when that week is gone or counts the active otherwise."""
    then = history.opened(before_id)
    if then is None:
        return None
    now: StaffReport = data.computed(data.staff, dataset, indicator)
    report = doo_staff(then.sums_table, now.indicator)
    return None if report.municipalities.empty else report


def previous(dataset: Dataset, indicator: str | None) -> StaffReport | None:
    """The report of the week before; None when it is not kept: an older one is not compared with here."""
    week = history.week_before(dataset)
    found: StaffReport | None = data.computed(before, dataset, indicator, week.id) if week else None
    return found


def _change(report: StaffReport, then: StaffReport | None, share: str) -> str:
    """«▲ +1,2 п. п. за неделю» of the region's share."""
    if then is None or pd.isna(report.region[share]) or pd.isna(then.region[share]):
        return ""
    return f"{points_step(float(report.region[share] - then.region[share]))} за неделю"


def figures_and_pictures(dataset: Dataset, indicator: str | None, before_id: str) -> None:
    """All between the answer and the table, which nothing on the page changes; `before_id` is the week before's or ""."""
    report: StaffReport = data.computed(data.staff, dataset, indicator)
    strip(report, data.computed(before, dataset, indicator, before_id) if before_id else None)
    honest_notes(report)
    rankings(dataset, report, indicator)
    scatter(dataset, report, indicator)


def strip(report: StaffReport, then: StaffReport | None = None) -> None:
    """The region's two shares, what is missing, municipalities with everyone and with nobody.

    `then` is the report of the week before.
    """
    region, rows = report.region, report.municipalities
    item = INDICATORS[report.indicator]
    missing = region["missing_to_full"]
    cards = [
        Figure(
            "registered",
            "Зарегистрировано",
            _share_words(region["share_registered"]),
            hint=_hint(region["teachers_registered"], region["teachers_total"]),
            change=_change(report, then, "share_registered"),
            origin=Origin(
                "Зарегистрированные сотрудники ДОО, делённые на всех по списку (штату): отношение сумм по "
                "организациям, у которых есть оба числа.",
                rows=_rows(region, "organizations_without_total"),
                source=SOURCE,
            ),
        ),
        Figure(
            "active",
            "Активны",
            _share_words(region["share_active"]),
            hint=_hint(region["teachers_active"], region["teachers_registered"]),
            change=_change(report, then, "share_active"),
            origin=Origin(
                f"{item.name}: от зарегистрированных, отношение сумм.",
                rows=_rows(region, "organizations_without_active"),
                source=f"{SOURCE}; {item.source}",
            ),
        ),
        Figure(
            "missing",
            "Не хватает",
            "неизвестно" if pd.isna(missing) else int(missing),
            hint="до 100 % регистрации",
            origin=Origin("Все по списку минус зарегистрированные, там, где есть оба числа.", source=SOURCE),
        ),
        Figure("all", "Муниципалитетов", len(rows)),
        Figure(
            "full",
            "Охват 100 %",
            int((rows["share_registered"] >= 1).fillna(False).sum()),
            hint="муниципалитетов",
        ),
        Figure(
            "silent",
            "Активность 0 %",
            int((rows["share_active"] == 0).fillna(False).sum()),
            hint="муниципалитетов",
        ),
    ]
    figures(cards, key="doo", clickable=False)


def _share_words(share: object) -> str:
    return "неизвестно" if pd.isna(share) else wording.percent(share)  # type: ignore[call-overload,arg-type]


def _hint(above: object, below: object) -> str:
    words = grid.of_counts([above], [below])[0]
    return "" if words == wording.NO_DATA else words


def _rows(region: pd.Series, without: str) -> str:
    if pd.isna(region["organizations"]):
        return ""
    words = wording.organizations(int(region["organizations"]))
    lacking = region[without]
    return words if pd.isna(lacking) or not lacking else f"{words}, без данных {wording.number(lacking)}"


def honest_notes(report: StaffReport) -> None:
    """What the file does not let one know, and what to upload for it."""
    if not report.has_counts:
        st.info(
            staff_reading(report) + " Нет численностей: сколько человек не хватает, посчитать нельзя. "
            "Загрузите файл, где есть число сотрудников по списку, зарегистрированных и активных."
        )
    elif report.municipalities["share_registered"].isna().all():
        st.info(
            "В файле нет числа сотрудников по списку, поэтому доля зарегистрированных неизвестна. "
            "Загрузите выгрузку со столбцом «всего педагогов» или таблицу по ДОО с численностью."
        )


PICTURE_TITLE = "Сотрудники ДОО"


def pictures(
    dataset: Dataset, profile: NormProfile, indicator: str | None, theme: Theme
) -> tuple[ReadyChart, ReadyChart, ReadyChart]:
    """The ranking by registered, the one by active, the scatter."""
    report = data.computed(data.staff, dataset, indicator)
    pair = staff_rankings(report, theme=theme)
    return ready(pair.registered), ready(pair.active), ready(staff_scatter(report, theme=theme))


def rankings(dataset: Dataset, report: StaffReport, indicator: str | None) -> None:
    """Both rankings of the slide side by side, the region's row in its place."""
    left, right = st.columns(2, gap="medium")
    with left:
        if report.municipalities["share_registered"].isna().all():
            st.subheader("Зарегистрированные воспитатели", anchor=False)
            st.caption("Доля неизвестна: в файле нет числа сотрудников по списку.")
        else:
            with_picture(
                pictures,
                dataset,
                indicator,
                key="doo_registered",
                title=PICTURE_TITLE,
                name="регистрация",
                place=0,
            )
    with right:
        if report.municipalities["share_active"].isna().all():
            st.subheader("Активность воспитателей", anchor=False)
            st.caption("Доля неизвестна: в файле нет числа активных.")
        else:
            with_picture(
                pictures,
                dataset,
                indicator,
                key="doo_active",
                title=PICTURE_TITLE,
                name="активность",
                place=1,
            )


def scatter(dataset: Dataset, report: StaffReport, indicator: str | None) -> None:
    """Registered against active in four named quarters."""
    rows, region = report.municipalities, report.region
    if rows["share_registered"].isna().all() or rows["share_active"].isna().all():
        return
    st.subheader("Регистрация и активность вместе", anchor=False)
    if pd.isna(region["share_registered"]) or pd.isna(region["share_active"]):
        st.caption("Показатели региона неизвестны, поэтому делить муниципалитеты на четверти не по чему.")
        return
    with_picture(
        pictures,
        dataset,
        indicator,
        key="doo_scatter",
        title=PICTURE_TITLE,
        name="регистрация и активность вместе",
        about="границы четвертей – показатели региона",
        place=2,
    )
    st.caption("Границы четвертей – показатели региона.")


@st.fragment
def staff_table(dataset: Dataset, report: StaffReport, indicator: str | None) -> None:
    """Who is missing how many; only those on request."""
    rows, only = report.municipalities, False
    st.subheader("Кому скольких не хватает", anchor=False)
    if rows["missing_to_full"].notna().any():
        only = st.toggle("Только там, где не хватает", key=ONLY_MISSING, bind="query-params")
    week = history.week_before(dataset)
    shown: Shown | None = data.computed(staff_shown, dataset, indicator, only, week.id if week else "")
    if shown is None:
        st.info(
            "Не хватает только там, где нет данных: во всех остальных муниципалитетах зарегистрированы все."
        )
        return
    top = shown.top
    table(
        shown.table,
        {
            "municipality": st.column_config.TextColumn("Муниципалитет", width=225),
            "organizations": grid.count_column("ДОО"),
            "teachers_total": grid.count_column("По списку"),
            "teachers_registered": grid.count_column("Зарегистр.", "Зарегистрировано сотрудников"),
            "share_registered": share_column("Доля зарегистр."),
            "bar_registered": bar_column(top=top["bar_registered"], width=60),
            "change_registered": _change_column("зарегистрированных"),
            "missing_to_full": grid.more_column("До 100 %", "Сколько сотрудников ещё не зарегистрировано"),
            "teachers_active": grid.count_column("Активны", INDICATORS[report.indicator].name),
            "share_active": share_column("Доля активных"),
            "bar_active": bar_column(top=top["bar_active"], width=60),
            "change_active": _change_column("активных"),
            "quarter": st.column_config.TextColumn("Четверть", width=215),
        },
        key=f"_doo_table_{len(shown.table)}",
        alt="Сотрудники ДОО по муниципалитетам и строка региона",
    )


def _change_column(whom: str) -> ColumnConfig:
    return st.column_config.TextColumn(
        "За неделю", alignment="right", width=120, help=f"Изменение доли {whom} к прошлой неделе"
    )


@dataclass(frozen=True, eq=False)
class Shown:
    """The table of the page ready to send, and what fills its bars."""

    table: pa.Table
    top: dict[str, float]


def staff_shown(
    dataset: Dataset, profile: NormProfile, indicator: str | None, only_missing: bool, before_id: str
) -> Shown | None:
    """The table of the page, with the changes since the week before ("" for none); None when nobody is missing."""
    report: StaffReport = data.computed(data.staff, dataset, indicator)
    rows = report.municipalities
    if only_missing:
        rows = rows[(rows["missing_to_full"] > 0).fillna(False)]
    then = data.computed(before, dataset, indicator, before_id) if before_id else None
    if rows.empty:
        return None
    changes = None if then is None else staff_changes(report, then)
    shown = staff_rows(rows, report.region, changes)
    bars = ("bar_registered", "bar_active")
    top = {name: float(max(0.01, shown[name].max())) if name in shown else 1.0 for name in bars}
    return Shown(tables.ready(shown), top)


def staff_rows(
    rows: pd.DataFrame, region: pd.Series, changes: tuple[pd.DataFrame, pd.Series] | None = None
) -> pd.DataFrame:
    """The table's rows, most missing first, the region's own first; columns without data stay out.

    `changes` are those of `staff_changes`.
    """
    ordered = rows.sort_values(
        ["missing_to_full", "share_active"], ascending=[False, True], na_position="last"
    )
    shown = pd.concat([region.to_frame().T.reindex(columns=rows.columns), ordered], ignore_index=True)
    shown = shown.astype(rows.dtypes.to_dict())
    if changes is not None:
        moved, of_region = changes
        moved = moved.loc[ordered.index]
        for name in ("change_registered", "change_active"):
            told = [of_region[name], *moved[name]]
            shown[name] = [points_step(None if pd.isna(value) else float(value)) or None for value in told]
    shown["missing_to_full"] = shown["missing_to_full"].mask((shown["missing_to_full"] <= 0).fillna(False))
    if not pd.isna(region["share_registered"]) and not pd.isna(region["share_active"]):
        middle = float(region["share_registered"]), float(region["share_active"])
        shown["quarter"] = quarters(shown, *middle)
        shown.loc[shown.index[0], "quarter"] = pd.NA
    for name in ("registered", "active"):
        shown[f"bar_{name}"] = shown[f"share_{name}"]
        shown[f"share_{name}"] = pd.Series(share_cells(shown[f"share_{name}"]), dtype="str")
    return shown.loc[:, [name for name in shown if not shown[name].isna().all()]]


def anomalies(dataset: Dataset, indicator: str | None) -> None:
    """Values over 100 % and percentages that don't add up, explained in place."""
    st.subheader("Что бросается в глаза", anchor=False)
    findings_list(data.computed(data.staff, dataset, indicator).findings)


def build_staff(
    dataset: Dataset, profile: NormProfile, indicator: str | None, then: StaffReport | None = None
) -> bytes:
    """The workbook of the page; `then` is the report of the week before."""
    report = data.staff(dataset, profile, indicator)
    about = f"активные: {INDICATORS[report.indicator].name}"
    return staff_workbook(report, data.report_meta(dataset, profile, "Сотрудники ДОО", about), then)


def staff_download(dataset: Dataset, profile: NormProfile, indicator: str | None) -> None:
    """The button in the head."""
    download_xlsx(
        "Скачать XLSX",
        partial(build_staff, dataset, profile, indicator, previous(dataset, indicator)),
        file_name("Сотрудники ДОО", date=data.last_day(dataset)),
        "doo_download",
        primary=True,
        help_text="Таблица, оба рейтинга, регион и замечания",
    )
