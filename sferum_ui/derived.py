"""Tables made from an opened file: teachers added up to organizations, the latest of several dates.

What is made holds counts only, so it may be shared; the table with names stays in its session.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from pathlib import PurePosixPath

import pandas as pd
import streamlit as st

from sferum_core.dates import at_date, file_dates
from sferum_core.model import ColumnMatch, Export, ExportKind, Period
from sferum_core.norms import NormProfile
from sferum_core.reading.fields import FIELDS
from sferum_core.teachers import roll_up, rollup_kind
from sferum_ui import cache, demo, intake
from sferum_ui.cache import Dataset

_MADE_FROM = "_derived_from"
_DATED = (ExportKind.ORGANIZATIONS, ExportKind.MUNICIPALITIES, ExportKind.DISTANCE_LESSONS)
WEEK = dt.timedelta(days=6)


def instead(opened: Dataset, kinds: Collection[ExportKind]) -> Dataset | None:
    """What to open where the open file has no table of `kinds`; None when nothing can be made.

    The demo's other files stand beside the open one; a table made from a file of teachers leads back to it.
    """
    if opened.is_demo:
        other = demo.for_kinds(kinds)
        if other is not None and other != opened.id:
            return demo.open_demo(other)
    source = cache.lookup(st.session_state.get(_MADE_FROM, {}).get(opened.id))
    if source is not None and source.export.kind in kinds:
        return source
    if any(one.export.kind in kinds for one in intake.own_datasets()):
        return None  # this session has a file of the kind: the page offers it
    teachers = teachers_for(opened, kinds)
    return None if teachers is None else rolled_up(teachers)


def teachers_for(opened: Dataset, kinds: Collection[ExportKind]) -> Dataset | None:
    """The file of teachers that is open and adds up to a table of `kinds`; None when there is none."""
    for one in [opened, *cache.companions(opened)]:
        if one.export.kind is ExportKind.TEACHERS and rollup_kind(one.export.table) in kinds:
            return one
    return None


def rolled_up(dataset: Dataset, date: dt.date | None = None) -> Dataset:
    """The organizations (or municipalities) a file of teachers adds up to at a date, the latest unless asked."""
    table = dataset.export.table
    dates = file_dates(table)
    day = date or (dates["date"].iloc[0].date() if len(dates) else None)
    kind = rollup_kind(table)
    name = f"{dataset.id}-rolled-{day or 'all'}-{dataset.version}"
    made = cache.lookup(name)
    if made is None:
        stem = PurePosixPath(dataset.filename).stem
        rolled = roll_up(table, day, organization=stem)
        about = "итоги по организациям" if kind is ExportKind.ORGANIZATIONS else "итоги по муниципалитетам"
        title = f"{dataset.filename}, {about}" + (f" на {day:%d.%m.%Y}" if day else "")
        made = _keep(dataset, kind, rolled, title, name, day)
    st.session_state.setdefault(_MADE_FROM, {})[made.id] = dataset.id
    return made


def dates_of(dataset: Dataset) -> list[dt.date]:
    """The dates a table of weeks holds, the latest first; none for a table of one date."""
    if dataset.export.kind not in _DATED:
        return []
    days = cache.compute_of(_days, dataset, "")
    return days if len(days) > 1 else []


def of_one_date(dataset: Dataset, day: dt.date | None = None) -> Dataset:
    """The dataset itself, or one date of a table that holds several, the latest unless asked: they are never added up."""
    days = dates_of(dataset)
    if not days:
        return dataset
    day = day if day in days else days[0]
    name = f"{dataset.id}-dated-{day}-{dataset.version}"
    made = cache.lookup(name)
    if made is not None:
        return made
    return cache.keep_export(
        export_at(dataset.export, day, len(days)), is_demo=dataset.is_demo, dataset_id=name
    )


def latest_only(dataset: Dataset) -> Dataset:
    """The same dataset with the table of its latest date, not kept anywhere; itself where there is one date."""
    days = dates_of(dataset)
    return replace(dataset, export=export_at(dataset.export, days[0], len(days))) if days else dataset


def export_at(export: Export, day: dt.date, dates: int) -> Export:
    """One date of an export, with the week that ends on it as its period."""
    title = f"{export.source.filename}, на {day:%d.%m.%Y} (всего дат: {dates})"
    table = at_date(export.table, day).reset_index(drop=True)
    return _made(export, export.kind, table, title, day, export.columns)


def _days(dataset: Dataset, profile: NormProfile) -> list[dt.date]:
    return [moment.date() for moment in file_dates(dataset.export.table)["date"]]


def _keep(
    dataset: Dataset,
    kind: ExportKind,
    table: pd.DataFrame,
    title: str,
    name: str,
    day: dt.date | None,
) -> Dataset:
    made = _made(dataset.export, kind, table, title, day, _columns(table))
    return cache.keep_export(made, is_demo=dataset.is_demo, dataset_id=name)


def _made(
    export: Export,
    kind: ExportKind,
    table: pd.DataFrame,
    title: str,
    day: dt.date | None,
    columns: tuple[ColumnMatch, ...],
) -> Export:
    return Export(
        kind=kind,
        table=table,
        period=Period(start=day - WEEK, end=day) if day else export.period,
        columns=columns,
        findings=(),
        left_out=export.left_out.iloc[:0],
        source_rows=len(table),
        source=export.source.model_copy(update={"filename": title}),
    )


def _columns(table: pd.DataFrame) -> tuple[ColumnMatch, ...]:
    return tuple(
        ColumnMatch(
            number=number,
            header=FIELDS[name].title if name in FIELDS else name,
            field=name,
            confidence=1.0,
            reason="сложено из строк педагогов",
        )
        for number, name in enumerate(table.columns)
    )
