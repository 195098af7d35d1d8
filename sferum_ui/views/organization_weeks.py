"""The weeks of one organization on its card: a small line, what it was, and the weeks as a table."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.change_words import points_step
from sferum_core.charts.trends import small_trend
from sferum_core.grouping import group_keys
from sferum_core.indicators import INDICATORS
from sferum_core.model import Period, Status
from sferum_core.norms import Level, NormProfile
from sferum_core.organization_history import judged_points, points_then, rows_then, subject_of
from sferum_core.palette import Theme
from sferum_core.trends import organization_trend
from sferum_ui import demo, history, library, state
from sferum_ui.cache import Dataset
from sferum_ui.components.charts import ReadyChart, ready
from sferum_ui.history import Earlier
from sferum_ui.views import data, grid
from sferum_ui.views.drawn import with_picture

SPAN = dt.timedelta(weeks=12)
ABSENT = "не было в списке"

Week = tuple[Period, pd.DataFrame]


@dataclass(frozen=True, eq=False)
class Weeks:
    """The trend of an organization's main indicator, and what it was the week before, in words."""

    trend: pd.DataFrame
    was: str


def show(dataset: Dataset, position: int, title: str) -> None:
    """The weeks of the organization in a row of the table; nothing without an earlier week.

    `title` stands over the picture.
    """
    weeks = history.earlier(dataset, SPAN)
    if not weeks:
        return
    params = (position, history.stamp(weeks))
    found: Weeks = data.computed(weeks_of, dataset, *params)
    st.markdown("**По неделям**")
    if found.was:
        st.caption(found.was)
    about = INDICATORS[state.profile().main_indicator].name
    with_picture(picture, dataset, *params, key="org_weeks", title=title, name="по неделям", about=about)
    with st.expander("Недели таблицей"):
        rows = week_rows(found.trend)
        grid.text_table(rows, rows.columns[1:4], caption="Организация по неделям")


def weeks_of(dataset: Dataset, profile: NormProfile, position: int, stamp: str) -> Weeks:
    """The last twelve weeks of one organization. `stamp` names the weeks there are."""
    table: pd.DataFrame = data.computed(data.assessed, dataset)
    period = dataset.export.period
    if period is None:
        raise LookupError("a file without a period has no weeks")
    own: Week = (period, table.iloc[[position]].reset_index(drop=True))
    before = history.earlier(dataset, SPAN)
    rows = (_demo_rows if dataset.is_demo else _stored_rows)(table, position, before, profile)
    return Weeks(organization_trend([own, *rows], profile), _was(rows))


def _demo_rows(table: pd.DataFrame, position: int, weeks: list[Earlier], profile: NormProfile) -> list[Week]:
    subject = subject_of(table, position)
    found = []
    for one in weeks:
        opened = demo.open_demo(one.id)
        rows = rows_then(opened.export.table, subject, profile) if subject else opened.export.table.iloc[:0]
        found.append((one.period, rows))
    return found


def _stored_rows(
    table: pd.DataFrame, position: int, weeks: list[Earlier], profile: NormProfile
) -> list[Week]:
    """From the points kept with each week; a week judged by other norms is judged anew."""
    row = table.iloc[position]
    key = str(group_keys(table.iloc[[position]]).iloc[0])
    code = row.get("organization_id")
    one = None if code is None or pd.isna(code) else str(code)
    ids = [week.id for week in weeks]
    points = library.quietly(lambda store: store.sums.points(ids, organization_id=one))
    if points is None:
        return []
    rows = judged_points(points_then(points, row, key), profile)
    parts = dict(list(rows.groupby("week_id", sort=False))) if len(rows) else {}
    return [(week.period, parts.get(week.id, rows.iloc[:0])) for week in weeks]


def _was(rows: list[Week]) -> str:
    """«Было на неделе 22.03–28.03: ▼ Ниже нормы», of the latest earlier week."""
    if not rows:
        return ""
    period, then = max(rows, key=lambda pair: pair[0].end)
    label = period.label
    if not len(then):
        return f"На неделе {label} {ABSENT}."
    if len(then) > 1:
        return f"На неделе {label} с этим ID было {wording.rows(len(then))}."
    return f"Было на неделе {label}: {_status(then['status'].iloc[0])}"


def _status(code: str) -> str:
    return f"{Status(code).sign} {Status(code).label}"


def picture(dataset: Dataset, profile: NormProfile, position: int, stamp: str, theme: Theme) -> ReadyChart:
    """The small line of weeks against the norm."""
    found: Weeks = data.computed(weeks_of, dataset, position, stamp)
    kind = data.computed(data.assessed, dataset).iloc[position].get("organization_type")
    rule = profile.rule(Level.ORGANIZATION, None if pd.isna(kind) else kind, profile.main_indicator)
    return ready(small_trend(found.trend, rule, INDICATORS[profile.main_indicator].name, theme=theme))


def week_rows(trend: pd.DataFrame) -> pd.DataFrame:
    """The weeks as text, the newest first: share, head counts, change, status, what is special."""
    rows = trend.iloc[::-1]
    known = rows["known"].fillna(False).to_numpy(dtype=bool)
    absent = rows["organizations"].isna().to_numpy(dtype=bool)
    status = [
        "недели нет" if not here else ABSENT if gone else "–" if pd.isna(code) else _status(str(code))
        for here, gone, code in zip(known, absent, rows["status"], strict=True)
    ]
    return pd.DataFrame(
        {
            "Неделя": rows["week"].tolist(),
            "Доля": ["–" if pd.isna(share) else wording.percent(share) for share in rows["share"]],
            "Числа": [
                "–" if pd.isna(above) or pd.isna(below) else grid.of_counts([above], [below])[0]
                for above, below in zip(rows["numerator"], rows["denominator"], strict=True)
            ],
            "За неделю": [
                points_step(None if pd.isna(change) else float(change)) or "–" for change in rows["change"]
            ],
            "Статус": status,
            "Особенность": rows["note"].fillna("").tolist(),
        }
    )
