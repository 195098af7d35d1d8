"""Earlier weeks of the open data: the archive's for a saved or a dropped file, the demo's own for the demo."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sferum_core.model import ExportKind, Period
from sferum_core.norms import NormProfile
from sferum_core.trend_sums import SUM_COLUMNS, history_of_sums, week_sums
from sferum_core.weeks import is_next_week, same_week, short_label, week_order
from sferum_store import SavedWeek
from sferum_ui import cache, demo, library
from sferum_ui.cache import Dataset


@dataclass(frozen=True)
class Earlier:
    """A week to compare with: the id of its dataset, its period, and whether it is the one directly before."""

    id: str
    period: Period
    is_before: bool

    @property
    def label(self) -> str:
        """«22.03–28.03.2024 (прошлая неделя)»."""
        return short_label(self.period, year=True) + (" (прошлая неделя)" if self.is_before else "")


def earlier(dataset: Dataset) -> list[Earlier]:
    """The weeks before the dataset's, the latest first; none when its period is not known."""
    period = dataset.export.period
    if period is None:
        return []
    weeks = demo.weeks() if dataset.is_demo else [(week.id, week.period) for week in _stored(dataset)]
    found = [
        Earlier(one, other, is_next_week(other, period))
        for one, other in weeks
        if other.end < period.end and not same_week(other, period)
    ]
    return sorted(found, key=lambda one: week_order(one.period), reverse=True)


def region_of(dataset: Dataset) -> str | None:
    """Whose data it is: the region it was saved for, else the office's, else the only one in the archive."""
    if dataset.saved is not None:
        return dataset.saved.region
    office = library.quietly(lambda store: store.office.current())
    if office is not None and office.region:
        return office.region
    weeks = library.quietly(lambda store: store.weeks.find(kind=dataset.export.kind)) or []
    regions = {week.region for week in weeks}
    return regions.pop() if len(regions) == 1 else None


def _stored(dataset: Dataset) -> list[SavedWeek]:
    region = region_of(dataset)
    if region is None:
        return []
    return library.quietly(lambda store: store.weeks.find(region, dataset.export.kind)) or []


def sums(dataset: Dataset, profile: NormProfile) -> pd.DataFrame:
    """Sums of every week up to the dataset's own, one under the other (`trend_sums.SUM_COLUMNS`, start, end).

    Saved weeks come from their stored sums, never from their rows.
    """
    period = dataset.export.period
    if period is None:
        return _no_sums()
    own = _dated(week_sums(dataset.export.table, profile), period)
    if dataset.is_demo:
        parts = [_demo_sums(one.id, profile) for one in earlier(dataset)]
    else:
        ids = [one.id for one in earlier(dataset)]
        read = library.quietly(lambda store: store.sums.read(week_ids=ids, denominator=profile.denominator))
        parts = [history_of_sums(read)] if read is not None and len(read) else []
    return pd.concat([own, *parts], ignore_index=True)


def _demo_sums(dataset_id: str, profile: NormProfile) -> pd.DataFrame:
    found = opened(dataset_id)
    if found is None or found.export.period is None:
        return _no_sums()
    return _dated(week_sums(found.export.table, profile), found.export.period)


def opened(dataset_id: str) -> Dataset | None:
    """The dataset of an earlier week; None when it is gone."""
    return demo.open_demo(dataset_id) if demo.is_available(dataset_id) else cache.lookup(dataset_id)


def _dated(frame: pd.DataFrame, period: Period) -> pd.DataFrame:
    return frame.assign(start=pd.Timestamp(period.start), end=pd.Timestamp(period.end))


def _no_sums() -> pd.DataFrame:
    return pd.DataFrame(columns=[*SUM_COLUMNS, "start", "end"])


def has_weeks(dataset: Dataset) -> bool:
    """Whether the table is one whose weeks are compared."""
    return dataset.export.kind is ExportKind.ORGANIZATIONS
