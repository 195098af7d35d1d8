"""Earlier weeks of the open data: the archive's for a saved or a dropped file, the demo's own for the demo."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sferum_core.model import ExportKind, Period
from sferum_core.norms import NormProfile
from sferum_core.trend_sums import SUM_COLUMNS, history_of_sums, week_sums
from sferum_core.week_board import week_board
from sferum_core.weeks import (
    is_next_week,
    is_week,
    same_week,
    short_label,
    since_words,
    week_order,
)
from sferum_store import SavedWeek
from sferum_ui import cache, demo, library, sharing
from sferum_ui.cache import Dataset

RECENT = dt.timedelta(weeks=60)  # a school year and its holidays: weeks offered to compare with
_NEAR = dt.timedelta(days=75)  # summer without exports; the latest earlier week is looked for here first


@dataclass(frozen=True)
class Earlier:
    """A week to compare with: the id of its dataset, its period, and whether it is the one directly before.

    `since` begins a sentence («С прошлой недели»), `over` ends one («за неделю», «с недели 01.03–07.03»).
    """

    id: str
    period: Period
    is_before: bool
    since: str = ""
    over: str = ""

    @property
    def label(self) -> str:
        """«22.03–28.03.2024 (прошлая неделя)»."""
        return short_label(self.period, year=True) + (" (прошлая неделя)" if self.is_before else "")


def earlier(dataset: Dataset, within: dt.timedelta | None = None) -> list[Earlier]:
    """The weeks before the dataset's, the latest first; none when its period is not known.

    `within` bounds how long ago they may end, so that an archive of many years is not read for a page.
    """
    period = dataset.export.period
    if period is None:
        return []
    since = None if within is None else period.end - within
    if dataset.is_demo:
        weeks = [week for week in demo.weeks() if since is None or week[1].end >= since]
    else:
        weeks = [(week.id, week.period) for week in _stored(dataset, since)]
    found = [
        _earlier(one, other, period)
        for one, other in weeks
        if other.end < period.end and not same_week(other, period)
    ]
    return sorted(found, key=lambda one: week_order(one.period), reverse=True)


def _earlier(dataset_id: str, before: Period, now: Period) -> Earlier:
    since = since_words(now, before)
    over = "за неделю" if is_next_week(before, now) else since[0].lower() + since[1:]
    return Earlier(dataset_id, before, is_next_week(before, now), since, over)


def latest_before(dataset: Dataset) -> Earlier | None:
    """The week before, else the latest earlier one; reads the names of a few weeks, however many are kept.

    A month or a term is no week: a week is compared with weeks only, where there are any.
    """
    period = dataset.export.period
    if period is None:
        return None
    for within in (_NEAR, None):
        found = earlier(dataset, within)
        alike = [one for one in found if is_week(one.period) == is_week(period)]
        first = next((one for one in alike if one.is_before), next(iter(alike or found), None))
        if first is not None:
            return first
    return None


def week_before(dataset: Dataset) -> Earlier | None:
    """The week directly before the dataset's, None when it is not kept."""
    found = latest_before(dataset)
    return found if found is not None and found.is_before else None


def region_of(dataset: Dataset) -> str | None:
    """Whose data it is: the region it was saved for, else the office's, else the only one in the archive."""
    if dataset.saved is not None:
        return dataset.saved.region
    office = library.office()
    if office is not None and office.region:
        return office.region
    kind = dataset.export.kind
    regions = library.recalled(("regions", kind), lambda store: store.weeks.regions(kind)) or []
    return regions[0] if len(regions) == 1 else None


def _stored(dataset: Dataset, since: dt.date | None) -> list[SavedWeek]:
    if dataset.is_personal:
        return []
    region = region_of(dataset)
    period = dataset.export.period
    if region is None or period is None:
        return []
    shared = sharing.current()
    found = library.recalled(
        ("weeks", region, dataset.export.kind, since, period.end, shared is not None),
        lambda store: store.weeks.find(
            region, dataset.export.kind, since=since, until=period.end, all_versions=shared is not None
        ),
    )
    return (found or []) if shared is None else as_it_was(found or [], shared.link.made_at)


def as_it_was(versions: Sequence[SavedWeek], when: dt.datetime) -> list[SavedWeek]:
    """The weeks that were kept at a moment, each in the version of then: a frozen page compares with these."""
    newest: dict[Period, SavedWeek] = {}
    for week in sorted(versions, key=lambda one: one.version):
        if week.saved_at <= when:
            newest[week.period] = week
    return list(newest.values())


def stamp(weeks: Sequence[Earlier]) -> str:
    """A short text that tells one set of weeks from another: another week kept, another stamp."""
    joined = "\n".join(one.id for one in weeks)
    return hashlib.sha256(joined.encode()).hexdigest()[:20]


def sums(
    dataset: Dataset,
    profile: NormProfile,
    weeks: Sequence[Earlier] | None = None,
    *,
    indicator: str | None = None,
    organization_type: str | None = None,
) -> pd.DataFrame:
    """Sums of the dataset's week and of earlier ones, one under the other (`trend_sums.SUM_COLUMNS`, start, end).

    `weeks` are all earlier ones by default. Saved weeks come from their stored sums, never from their rows;
    `indicator` and `organization_type` keep what is not asked for unread.
    """
    period = dataset.export.period
    if period is None:
        return _no_sums()
    own = _dated(week_sums(dataset.sums_table, profile, only=indicator), period)
    found = earlier(dataset) if weeks is None else weeks
    parts = [part for part in (_sums_of(found, profile, indicator, organization_type)) if len(part)]
    return pd.concat([own, *parts], ignore_index=True)


def _sums_of(
    weeks: Sequence[Earlier], profile: NormProfile, indicator: str | None, organization_type: str | None
) -> list[pd.DataFrame]:
    parts = [_demo_sums(one.id, profile, indicator) for one in weeks if demo.is_demo_id(one.id)]
    ids = [one.id for one in weeks if not demo.is_demo_id(one.id)]
    if ids:
        read = library.quietly(
            lambda store: store.sums.read(
                week_ids=ids,
                denominator=profile.denominator,
                indicators=None if indicator is None else [indicator],
                organization_type=organization_type,
            )
        )
        if read is not None and len(read):
            parts.append(history_of_sums(read))
    return parts


def board(week: Earlier, profile: NormProfile, indicator: str, organization_type: str | None) -> pd.DataFrame:
    """`week_board` of an earlier week, from its sums."""
    parts = [part for part in _sums_of([week], profile, indicator, organization_type) if len(part)]
    return week_board(parts[0] if parts else _no_sums(), profile, indicator, organization_type)


def _demo_sums(dataset_id: str, profile: NormProfile, indicator: str | None) -> pd.DataFrame:
    found = opened(dataset_id)
    if found is None or found.export.period is None:
        return _no_sums()
    return _dated(week_sums(found.sums_table, profile, only=indicator), found.export.period)


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
