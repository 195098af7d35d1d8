"""«По неделям» of «Сравнение муниципалитетов»: the region and chosen municipalities over weeks, gaps as gaps."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.change_words import points_step
from sferum_core.charts.trends import NAMED_MOST, trend_lines
from sferum_core.grouping import UNKNOWN_KEY
from sferum_core.indicators import INDICATORS
from sferum_core.norms import NormProfile
from sferum_core.palette import Theme
from sferum_core.reports.names import file_name
from sferum_core.reports.trends import trend_workbook
from sferum_core.trend_sums import ALL_TYPES, NO_MUNICIPALITY_KEY, REGION_KEY
from sferum_core.trend_words import trend_answer
from sferum_core.trends import rule_of_series, trend_table
from sferum_ui import history, navigation
from sferum_ui.cache import Dataset
from sferum_ui.components import answer, download_xlsx, share_cells, share_column, table
from sferum_ui.components.charts import ReadyChart, ready
from sferum_ui.views import data
from sferum_ui.views.comparison import Asked
from sferum_ui.views.drawn import with_picture

LINES, SPAN = "mun_lines", "mun_span"
SPANS: dict[str, dt.timedelta | None] = {
    "12 недель": dt.timedelta(weeks=12),
    "Год": dt.timedelta(weeks=53),
    "Все недели": None,
}
MOST_FAINT = 2_000  # points of unnamed lines that a picture still carries
_ROWS_IN_VIEW = 12
_ANY = NO_MUNICIPALITY_KEY  # all municipalities have one rule


def show(dataset: Dataset, profile: NormProfile, asked: Asked) -> None:
    """The whole tab; without an earlier week, what to do to have one."""
    if history.latest_before(dataset) is None:
        _nothing(dataset)
        return
    names: dict[str, str] = data.computed(municipality_names, dataset, *asked.params)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="sf-filters-mun-weeks"):
        chosen = st.multiselect(
            "Муниципалитеты",
            list(names),
            key=LINES,
            placeholder=f"Выберите до {NAMED_MOST}: они будут подписаны",
            max_selections=NAMED_MOST,
            bind="query-params",
            width=470,
            filter_mode="contains",
        )
        span = st.segmented_control(
            "Период", list(SPANS), default="Год", key=SPAN, bind="query-params", required=True
        )
        actions = st.container()
    span = str(span or "Год")
    keys = tuple(names[name] for name in chosen)
    params = (*asked.params, span, history.stamp(history.earlier(dataset, SPANS[span])))
    with st.spinner("Складываем недели…"):
        trend: pd.DataFrame = data.computed(trend_of, dataset, *params)
    answer(trend_answer(trend, asked.indicator), about="weeks")
    with actions:
        _download(dataset, profile, asked, span, keys, trend)
    left, right = st.columns([4, 3], gap="small")
    with left:
        with_picture(
            picture,
            dataset,
            *params,
            keys,
            key="mun_weeks",
            title=asked.name,
            name="по неделям",
            about=f"тип: {asked.organization_type or 'все'}",
        )
    with right:
        _table(data.computed(weeks_shown, dataset, *params, keys), chosen, asked)
    st.caption(
        "Где недели в архиве нет, линия разорвана. Затенены каникулы и недели, в которые все были ниже обычного; "
        "цветная полоса – норма для муниципалитетов. Изменение показано только к неделе прямо перед этой."
    )


def _download(
    dataset: Dataset,
    profile: NormProfile,
    asked: Asked,
    span: str,
    keys: tuple[str, ...],
    trend: pd.DataFrame,
) -> None:
    download_xlsx(
        "Скачать недели, XLSX",
        partial(build_weeks, dataset, profile, asked, span, keys, trend),
        file_name(
            "Муниципалитеты по неделям", INDICATORS[asked.indicator].short_name, date=data.last_day(dataset)
        ),
        "mun_weeks_download",
        help_text="Недели таблицей и графиком Excel, все муниципалитеты – на отдельном листе",
    )


def build_weeks(
    dataset: Dataset,
    profile: NormProfile,
    asked: Asked,
    span: str,
    keys: tuple[str, ...],
    trend: pd.DataFrame,
) -> bytes:
    """The workbook of the tab: the weeks it shows, with a chart."""
    about = f"показатель: {asked.name}; период: {span.lower()}"
    meta = data.report_meta(dataset, profile, "Муниципалитеты по неделям", about)
    return trend_workbook(trend, profile, asked.indicator, meta, keys)


def _nothing(dataset: Dataset) -> None:
    if dataset.export.period is None:
        st.info("В файле не указан период, поэтому неясно, какие недели были раньше.")
        return
    st.info(
        "Пока есть только эта неделя. Сохраняйте каждую на странице «Загрузка» – здесь появятся линии региона "
        "и муниципалитетов."
    )
    if st.button("Открыть архив", key="mun_archive"):
        navigation.go_to("archive")


def municipality_names(
    dataset: Dataset, profile: NormProfile, indicator: str, kind: str | None
) -> dict[str, str]:
    """Keys of the municipalities by their names, in the order of the alphabet."""
    found: pd.DataFrame = data.computed(data.comparison, dataset, indicator, kind)
    known = found[(found["municipality_key"] != UNKNOWN_KEY).to_numpy(dtype=bool)]
    pairs = zip(known["municipality"], known["municipality_key"], strict=True)
    return {str(name): str(key) for name, key in sorted(pairs)}


def trend_of(
    dataset: Dataset, profile: NormProfile, indicator: str, kind: str | None, span: str, stamp: str
) -> pd.DataFrame:
    """The region and every municipality over the weeks of a span (`trends.TREND_COLUMNS`).

    `stamp` names the weeks there are, so that a week kept later is not missed.
    """
    weeks = history.earlier(dataset, SPANS[span])
    sums = history.sums(dataset, profile, weeks, indicator=indicator, organization_type=kind)
    periods = [one.period for one in weeks]
    if dataset.export.period is not None:
        periods.append(dataset.export.period)
    found = trend_table(sums, profile, indicator, kind or ALL_TYPES, periods=periods)
    return found[(found["municipality_key"] != NO_MUNICIPALITY_KEY).to_numpy(dtype=bool)]


def picture(
    dataset: Dataset,
    profile: NormProfile,
    indicator: str,
    kind: str | None,
    span: str,
    stamp: str,
    keys: tuple[str, ...],
    theme: Theme,
) -> ReadyChart:
    """The lines: the region and the chosen ones; without a choice all others faintly, where they can be told."""
    trend: pd.DataFrame = data.computed(trend_of, dataset, indicator, kind, span, stamp)
    if keys or len(trend) > MOST_FAINT:
        trend = trend[trend["municipality_key"].isin([REGION_KEY, *keys]).to_numpy(dtype=bool)]
    of_all = kind or ALL_TYPES
    rule = rule_of_series(profile, _ANY, indicator, of_all) or rule_of_series(
        profile, REGION_KEY, indicator, of_all
    )
    return ready(trend_lines(trend, rule, Asked(indicator, kind).name, named=keys, theme=theme))


def weeks_shown(
    dataset: Dataset,
    profile: NormProfile,
    indicator: str,
    kind: str | None,
    span: str,
    stamp: str,
    keys: tuple[str, ...],
) -> pd.DataFrame:
    """A row a week, the newest first: shares of the region and the chosen ones; the change of the last of them."""
    trend: pd.DataFrame = data.computed(trend_of, dataset, indicator, kind, span, stamp)
    series = dict(list(trend.groupby("municipality_key", sort=False)))
    whole = series[REGION_KEY]
    shown = pd.DataFrame({"week": whole["week"].tolist()})
    for place, key in enumerate((REGION_KEY, *keys)):
        if key in series:
            shown[f"share_{place}"] = share_cells(series[key]["share"])
    told = series.get(keys[0], whole) if len(keys) == 1 else whole
    if len(keys) <= 1:
        shown["change"] = [points_step(None if pd.isna(value) else value) or None for value in told["change"]]
    notes = whole["note"].fillna("").where(whole["known"].fillna(False), "недели нет")
    shown["note"] = [note or None for note in notes]
    if shown["note"].isna().all():
        shown = shown.drop(columns="note")
    return shown.iloc[::-1].reset_index(drop=True)


def _table(shown: pd.DataFrame, chosen: list[str], asked: Asked) -> None:
    columns = {"week": st.column_config.TextColumn("Неделя", width=104)}
    for place, name in enumerate(("Регион", *chosen)):
        about = asked.name if place == 0 else f"{name}: {asked.name}"
        columns[f"share_{place}"] = share_column(name, help_text=about, width=92 if place else 70)
    about = chosen[0] if len(chosen) == 1 else "Регион"
    columns["change"] = st.column_config.TextColumn(
        "За неделю", alignment="right", width=106, help=f"{about}: изменение доли к неделе прямо перед этой"
    )
    columns["note"] = st.column_config.TextColumn("Особенность", width=130)
    table(
        shown,
        columns,
        key=f"_mun_weeks_{len(shown)}_{len(chosen)}",
        alt=f"{asked.name} по неделям, сначала последняя: "
        f"{wording.counted(len(shown), 'неделя', 'недели', 'недель')}; {', '.join(('регион', *chosen))}",
        rows_in_view=_ROWS_IN_VIEW,
    )
