"""What «Режим планёрки» shows: the filters it was opened with, the agenda, pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from sferum_core.agenda import Facts, Picture, Screen, agenda, inactive_streaks
from sferum_core.changes import Changes, municipality_changes
from sferum_core.charts.base import Chart
from sferum_core.charts.comparison import ranked_bars
from sferum_core.charts.enlarge import enlarged
from sferum_core.charts.funnel import funnel_plot
from sferum_core.charts.moves import behind_moves, behind_table, rank_slope
from sferum_core.charts.organizations import status_bars, status_table
from sferum_core.charts.staff import staff_rankings
from sferum_core.filtering import Selection, apply_filters, municipality_options, type_options
from sferum_core.indicators import INDICATORS
from sferum_core.model import ExportKind
from sferum_core.norms import NormProfile
from sferum_core.palette import Theme
from sferum_core.waiting import with_waiting
from sferum_core.weeks import is_next_week, since_words
from sferum_ui import history, navigation
from sferum_ui.cache import Dataset, bulky
from sferum_ui.components.charts import ReadyChart, ReadyFigure
from sferum_ui.views import changes, data
from sferum_ui.views.comparison import ALL_TYPES, INDICATOR, TYPE, Asked, rule_of, types
from sferum_ui.views.organization_filters import MUNICIPALITY
from sferum_ui.views.organization_filters import TYPE as ORGANIZATION_TYPE

MOST_WEEKS = 5  # earlier weeks looked through for how long an organization has not been active
MOST_ROWS = 10  # municipalities in a picture: what a projector shows without scrolling


@dataclass(frozen=True)
class About:
    """What the meeting is about: the indicator and type municipalities are compared by, and the filters.

    `before` is the dataset of the week compared with, "" for none.
    """

    indicator: str
    kind: str | None
    municipalities: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    before: str = ""

    @property
    def words(self) -> str:
        """«г. Лесной; ОО»: the filters in words, "" for none."""
        return "; ".join(", ".join(part) for part in (self.municipalities, self.types) if part)


def about(dataset: Dataset) -> About:
    """What the address of this meeting asks for, as far as the data have it."""
    asked = navigation.meeting_filters()
    codes: list[str] = data.computed(data.indicators, dataset)
    return data.computed(
        _about,
        dataset,
        tuple(codes),
        tuple(asked.get(MUNICIPALITY, ())),
        tuple(asked.get(ORGANIZATION_TYPE, ())),
        next(iter(asked.get(INDICATOR, ())), ""),
        next(iter(asked.get(TYPE, ())), ""),
        next((week.id for week in history.earlier(dataset)), ""),
    )  # type: ignore[no-any-return]


def _about(
    dataset: Dataset,
    profile: NormProfile,
    codes: tuple[str, ...],
    municipalities: tuple[str, ...],
    kinds: tuple[str, ...],
    indicator: str,
    kind: str,
    before: str,
) -> About:
    main = profile.main_indicator
    code = indicator if indicator in codes else main if main in codes or not codes else codes[0]
    if dataset.export.kind is not ExportKind.ORGANIZATIONS:
        return About(code, None, before=before)
    table: pd.DataFrame = data.computed(data.assessed, dataset)
    present, default = data.computed(types, dataset)
    wanted = tuple(one for one in type_options(table) if one in kinds)
    if kind in (ALL_TYPES, *present):
        default = kind
    elif len(wanted) == 1 and wanted[0] in present:
        default = wanted[0]
    return About(
        code,
        None if default == ALL_TYPES else default,
        tuple(name for name in municipality_options(table) if name in municipalities),
        wanted,
        before,
    )


def screens(
    dataset: Dataset, profile: NormProfile, asked: About, waiting: tuple[int, ...] = ()
) -> tuple[Screen, ...]:
    """The agenda; `waiting` are 0-based rows that wait for deactivation, which stand apart."""
    whole = dataset.export.kind is ExportKind.ORGANIZATIONS
    has_staff = dataset.export.kind in (ExportKind.ORGANIZATIONS, ExportKind.DOO_STAFF)
    before = history.opened(asked.before) if asked.before else None
    facts = Facts(
        profile,
        asked.indicator,
        comparison=data.computed(data.comparison, dataset, asked.indicator, asked.kind),
        region=data.computed(data.region, dataset, asked.indicator, asked.kind),
        staff=data.computed(data.staff, dataset, None) if has_staff else None,
        about=asked.kind or "",
        municipalities=frozenset(asked.municipalities),
        types=frozenset(asked.types),
    )
    if whole:
        facts = replace(facts, assessed=with_waiting(data.computed(data.assessed, dataset), waiting))
    if before is not None:
        facts = replace(
            facts,
            places=data.computed(places, dataset, asked),
            since=since_words(dataset.export.period, before.export.period),
            changes=data.computed(changes.changes, dataset, asked.before) if whole else None,
        )
    if whole:
        streaks, known = data.computed(silent_weeks, dataset, tuple(_weeks_before(dataset)))
        facts = replace(facts, streaks=streaks if known > 1 else None, weeks_known=known)
    return agenda(facts)


def offices(dataset: Dataset, asked: About) -> list[str]:
    """Whom a task may go to: the municipalities of the meeting."""
    if asked.municipalities:
        return list(asked.municipalities)
    return data.computed(all_offices, dataset, asked)  # type: ignore[no-any-return]


def all_offices(dataset: Dataset, profile: NormProfile, asked: About) -> list[str]:
    """All municipalities of the table, by name."""
    table: pd.DataFrame = data.computed(data.comparison, dataset, asked.indicator, asked.kind)
    if dataset.export.kind is ExportKind.ORGANIZATIONS:
        return municipality_options(data.computed(data.assessed, dataset))
    return sorted(table["municipality"])


def places(dataset: Dataset, profile: NormProfile, asked: About) -> pd.DataFrame:
    """Places of municipalities against the earlier week."""
    before = history.opened(asked.before)
    if before is None:
        raise LookupError(asked.before)
    return municipality_changes(
        data.computed(data.comparison, dataset, asked.indicator, asked.kind),
        data.computed(data.comparison, before, asked.indicator, asked.kind),
    )


def _weeks_before(dataset: Dataset) -> list[str]:
    """Ids of the weeks directly before, the latest first, up to the first gap."""
    found, later = [], dataset.export.period
    for week in history.earlier(dataset)[:MOST_WEEKS]:
        if later is None or not is_next_week(week.period, later):
            break
        found.append(week.id)
        later = week.period
    return found


@bulky
def silent_weeks(dataset: Dataset, profile: NormProfile, ids: tuple[str, ...]) -> tuple[pd.Series, int]:
    """For how many weeks in a row each organization has not been active, and over how many weeks that was looked at."""
    opened = [found for found in map(history.opened, ids) if found is not None]
    tables = [data.computed(data.assessed, one) for one in opened]
    return inactive_streaks(data.computed(data.assessed, dataset), tables), 1 + len(tables)


def picture(
    dataset: Dataset,
    profile: NormProfile,
    asked: About,
    which: str,
    keys: tuple[str, ...],
    theme: Theme,
    enlargement: float,
) -> ReadyChart:
    """The picture of a screen, enlarged; `keys` are the municipalities it is about."""
    drawn = _DRAW[Picture(which)](dataset, profile, asked, keys, theme)
    return ReadyChart(ReadyFigure(enlarged(drawn.figure.to_dict(), enlargement)), drawn.alt)


def _statuses(
    dataset: Dataset, profile: NormProfile, asked: About, keys: tuple[str, ...], theme: Theme
) -> Chart:
    rows = apply_filters(data.computed(data.assessed, dataset), Selection(asked.municipalities, asked.types))
    names = status_table(rows)["municipality"].head(MOST_ROWS)
    return status_bars(rows[rows["municipality_shown"].isin(names)], theme=theme)


def _behind(
    dataset: Dataset, profile: NormProfile, asked: About, keys: tuple[str, ...], theme: Theme
) -> Chart:
    found: Changes = data.computed(changes.changes, dataset, asked.before)
    table = behind_table(found)
    kept = set(table["municipality_key"].head(MOST_ROWS // 2)) | set(
        table["municipality_key"].tail(MOST_ROWS // 2)
    )
    rows = found.organizations
    return behind_moves(
        replace(
            found,
            organizations=rows[rows["municipality_key"].isin(kept).to_numpy(dtype=bool)].reset_index(
                drop=True
            ),
        ),
        theme,
    )


def _ranking(
    dataset: Dataset, profile: NormProfile, asked: About, keys: tuple[str, ...], theme: Theme
) -> Chart:
    table: pd.DataFrame = data.computed(data.comparison, dataset, asked.indicator, asked.kind)
    table = table[table["municipality_key"].isin(keys)]
    if len(table) > MOST_ROWS:
        table = pd.concat([table.head(MOST_ROWS // 2), table.tail(MOST_ROWS // 2)])
    region = data.computed(data.region, dataset, asked.indicator, asked.kind)
    rule = rule_of(profile, Asked(asked.indicator, asked.kind))
    return ranked_bars(table, region, rule, INDICATORS[asked.indicator].name, theme=theme)


def _funnel(
    dataset: Dataset, profile: NormProfile, asked: About, keys: tuple[str, ...], theme: Theme
) -> Chart:
    limits, curve = data.computed(data.funnel, dataset, asked.indicator, asked.kind)
    item = INDICATORS[asked.indicator]
    return funnel_plot(limits, curve, item.name, unit=item.unit, theme=theme)


def _slope(
    dataset: Dataset, profile: NormProfile, asked: About, keys: tuple[str, ...], theme: Theme
) -> Chart:
    table: pd.DataFrame = data.computed(places, dataset, asked)
    before = history.opened(asked.before)
    table = table[table["municipality_key"].isin(keys)].reset_index(drop=True)
    found = Changes(
        pd.DataFrame(),
        table,
        pd.Series(dtype=object),
        asked.indicator,
        asked.kind,
        dataset.export.period,
        before.export.period if before else None,
    )
    return rank_slope(found, INDICATORS[asked.indicator].name, theme)


def _staff(
    dataset: Dataset, profile: NormProfile, asked: About, keys: tuple[str, ...], theme: Theme
) -> Chart:
    report = data.computed(data.staff, dataset, None)
    rows = report.municipalities.sort_values("rank_active", na_position="last", kind="stable")
    if len(rows) > MOST_ROWS:
        rows = pd.concat([rows.head(MOST_ROWS // 2), rows.tail(MOST_ROWS // 2)])
    return staff_rankings(replace(report, municipalities=rows), theme).active


_DRAW = {
    Picture.STATUSES: _statuses,
    Picture.BEHIND: _behind,
    Picture.RANKING: _ranking,
    Picture.FUNNEL: _funnel,
    Picture.SLOPE: _slope,
    Picture.STAFF: _staff,
}
