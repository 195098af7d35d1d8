"""What the report pages compute, each once for a dataset, a profile and its parameters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from typing import Any

import pandas as pd
import streamlit as st

from sferum_core.chance import funnel_curve, funnel_limits
from sferum_core.charts.organizations import status_bars, status_table
from sferum_core.filtering import Selection, apply_filters, with_filter_columns
from sferum_core.indicators import GROUP_INDICATORS, computable, reported_share
from sferum_core.model import ExportKind
from sferum_core.municipalities import (
    compare_municipalities,
    heat_table,
    municipality_leaders,
    organization_leaders,
    region_total,
)
from sferum_core.norms import NormProfile
from sferum_core.organizations import (
    OrganizationCard,
    assess_organizations,
    assessment_findings,
    organization_card,
)
from sferum_core.palette import Theme
from sferum_core.reports.workbook import ReportMeta
from sferum_core.staff import StaffReport, doo_staff
from sferum_ui import cache, corrections, demo, state
from sferum_ui.cache import Dataset
from sferum_ui.components.charts import ReadyChart, ready


def computed(func: Callable[..., Any], dataset: Dataset, *params: Hashable) -> Any:
    """`func(dataset, profile, *params)` from the shared cache, under the chosen profile."""
    return cache.compute_of(func, dataset, state.profile_key(), *params)


def drawn(picture: Callable[..., object], dataset: Dataset, *params: Hashable) -> None:
    """Show `picture(dataset, *params)`, drawn once for the data, the profile, `params` and the theme, then sent again.

    The picture is a function of a module; it shows no widget and hangs on nothing else.
    """
    name = f"{picture.__module__}.{picture.__qualname__}"
    kept = cache.stills_of(dataset, state.profile_key(), name, *params)
    kept.draw(theme(), lambda: picture(dataset, *params))


def theme() -> Theme:
    """The theme the viewer sees; light until the browser has told."""
    return "dark" if st.context.theme.type == "dark" else "light"


@cache.bulky
def assessed(dataset: Dataset, profile: NormProfile) -> pd.DataFrame:
    """Every organization with its verdict and the columns that filters test."""
    return with_filter_columns(assess_organizations(dataset.export.table, profile))


def status_picture(
    dataset: Dataset, profile: NormProfile, selection: Selection, worst: int | None, theme_name: Theme
) -> ReadyChart:
    """Statuses by municipality within the filters but the status.

    `worst` keeps that many municipalities, the worst ones; None keeps all.
    """
    rows = apply_filters(computed(assessed, dataset), selection, ignore={"statuses"})
    if worst is not None:
        names = status_table(rows)["municipality"].head(worst)
        rows = rows[rows["municipality_shown"].isin(names)]
    return ready(status_bars(rows, theme=theme_name))


def findings(dataset: Dataset, profile: NormProfile) -> tuple[Any, ...]:
    """What the assessment noticed."""
    return assessment_findings(computed(assessed, dataset), profile)


def card(
    dataset: Dataset, profile: NormProfile, position: int, support: corrections.SupportParams
) -> OrganizationCard:
    """The card of the organization in a row of the table."""
    return organization_card(computed(assessed, dataset), position, profile, corrections.support(support))


def comparison(
    dataset: Dataset, profile: NormProfile, indicator: str, organization_type: str | None
) -> pd.DataFrame:
    """Municipalities by one indicator."""
    return compare_municipalities(dataset.sums_table, profile, indicator, organization_type)


def region(
    dataset: Dataset, profile: NormProfile, indicator: str, organization_type: str | None
) -> pd.Series:
    """The region by one indicator."""
    return region_total(dataset.sums_table, profile, indicator, organization_type)


def heat(dataset: Dataset, profile: NormProfile, organization_type: str | None) -> pd.DataFrame:
    """Municipalities by every indicator the file can give."""
    return heat_table(dataset.sums_table, profile, organization_type)


def leading_municipalities(
    dataset: Dataset, profile: NormProfile, indicator: str, organization_type: str | None
) -> pd.DataFrame:
    """The best municipalities (002)."""
    return municipality_leaders(comparison(dataset, profile, indicator, organization_type), profile)


def leading_organizations(
    dataset: Dataset, profile: NormProfile, indicator: str, organization_type: str | None
) -> pd.DataFrame:
    """The best organizations (002), of one type when it is asked for."""
    table = assessed(dataset, profile)
    if organization_type:
        table = table[table["type_shown"] == organization_type]
    table = table.assign(municipality=table["municipality_shown"])  # one spelling on the whole page
    return organization_leaders(table, profile, indicator)


def funnel(
    dataset: Dataset, profile: NormProfile, indicator: str, organization_type: str | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Limits of chance for every municipality, and the lines of the plot."""
    table = comparison(dataset, profile, indicator, organization_type)
    return funnel_limits(table), funnel_curve(table)


def staff(dataset: Dataset, profile: NormProfile, indicator: str | None) -> StaffReport:
    """Preschool staff by municipality; `indicator` is what «active» means, None for the file's own."""
    return doo_staff(dataset.sums_table, indicator)


def indicators(dataset: Dataset, profile: NormProfile) -> list[str]:
    """Indicators the file can compare municipalities by, in the catalogue's order."""
    table = dataset.sums_table
    known = set(computable(table, profile.denominator))
    stated = {
        code
        for code in GROUP_INDICATORS
        if code != "organizations_active" and reported_share(table, code) is not None
    }
    whole = {"organizations_active"} if dataset.export.kind is ExportKind.ORGANIZATIONS else set()
    return [code for code in GROUP_INDICATORS if code in known | stated | whole]


def report_meta(dataset: Dataset, profile: NormProfile, title: str, filters_text: str = "") -> ReportMeta:
    """What a workbook says about its origin; built on the click, so the clock is that of the click."""
    export = dataset.export
    return ReportMeta(
        title=title,
        region=dataset.saved.region if dataset.saved else state.DEMO_REGION if dataset.is_demo else "",
        period=export.period,
        source_name=dataset.filename,
        source_sha=export.source.sha256,
        profile_title=profile.title,
        profile_source=profile.source,
        generated=dt.datetime.now().astimezone().replace(microsecond=0),
        rows_read=len(export.table),
        rows_left_out=len(export.left_out),
        filters_text=filters_text,
    )


def last_day(dataset: Dataset) -> dt.date | None:
    """The date in the names of downloaded files: the last day of the period."""
    period = dataset.export.period
    return period.end if period else None


def of_kind(dataset: Dataset, kind: ExportKind) -> Dataset | None:
    """The dataset itself, a table of the same file or archive, or of the demo, that is of a kind; else None."""
    found = next((one for one in [dataset, *cache.companions(dataset)] if one.export.kind is kind), None)
    if found is None and dataset.is_demo and (other := demo.for_kinds([kind])):
        return demo.open_demo(other)
    return found
