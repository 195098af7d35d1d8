"""«Сравнение муниципалитетов»: what to compare, the ranking, all indicators, leaders, limits of chance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.chance import Verdict, funnel_reading
from sferum_core.charts.comparison import ranked_bars
from sferum_core.charts.funnel import funnel_plot
from sferum_core.charts.heat import heat_map
from sferum_core.filtering import TYPE_UNKNOWN, status_figures, type_options
from sferum_core.grouping import UNKNOWN_KEY
from sferum_core.indicators import INDICATORS
from sferum_core.model import ExportKind, OrganizationType, Status
from sferum_core.norms import Level, NormProfile, Rule
from sferum_core.reports.comparison import comparison_workbook
from sferum_core.reports.names import file_name
from sferum_ui.cache import Dataset
from sferum_ui.components import (
    Figure,
    Origin,
    chart,
    download_xlsx,
    figures,
    filter_row,
    one_of,
    share_column,
    short_table,
    where_from,
)
from sferum_ui.views import data, grid
from sferum_ui.views.organization_filters import status_key, status_title

INDICATOR, TYPE, STATUS, MODE = "mun_indicator", "mun_type", "mun_status", "mun_mode"
ALL_TYPES = "Все типы"
SHARES, COUNTS = "Доли", "Числа"
ALL = "all"


@dataclass(frozen=True)
class Asked:
    """What is compared."""

    indicator: str
    organization_type: str | None

    @property
    def name(self) -> str:
        """The indicator's Russian name."""
        return INDICATORS[self.indicator].name

    @property
    def about(self) -> str:
        """What a workbook says it was chosen by."""
        return f"показатель «{self.name}»; тип: {self.organization_type or 'все'}"


def ask(dataset: Dataset, profile: NormProfile) -> Asked | None:
    """The two first choices: indicator and type. None when the file has nothing to compare by."""
    codes: list[str] = data.computed(data.indicators, dataset)
    if not codes:
        return None
    default = profile.main_indicator if profile.main_indicator in codes else codes[0]
    with filter_row("mun"):
        indicator = one_of(
            "Показатель",
            codes,
            INDICATOR,
            default=default,
            format_func=lambda code: INDICATORS[code].name,
            width=470,
        )
        kind = _type_choice(dataset, profile, indicator)
    return Asked(indicator, kind)


def _type_choice(dataset: Dataset, profile: NormProfile, indicator: str) -> str | None:
    if dataset.export.kind is not ExportKind.ORGANIZATIONS:
        return None
    found = data.computed(data.assessed, dataset)
    present = [kind for kind in type_options(found) if kind != TYPE_UNKNOWN]
    chosen = st.segmented_control(
        "Тип организаций",
        [ALL_TYPES, *present],
        default=default_type(found, profile, profile.main_indicator, present),
        key=TYPE,
        bind="query-params",
        required=True,
    )
    return None if chosen in (None, ALL_TYPES) else chosen


def default_type(found: pd.DataFrame, profile: NormProfile, indicator: str, present: list[str]) -> str:
    """All types together where the profile judges them so; else the judged type with most organizations."""
    if profile.rule(Level.MUNICIPALITY, None, indicator) is not None:
        return ALL_TYPES
    judged = [
        kind
        for kind in present
        if profile.rule(Level.MUNICIPALITY, OrganizationType(kind), indicator) is not None
    ]
    sizes = found["type_shown"].value_counts()
    return max(judged, key=lambda kind: int(sizes[kind]), default=ALL_TYPES)


def rule_of(profile: NormProfile, asked: Asked) -> Rule | None:
    """The rule that judges municipalities here."""
    kind = OrganizationType(asked.organization_type) if asked.organization_type else None
    return profile.rule(Level.MUNICIPALITY, kind, asked.indicator)


def strip(comparison: pd.DataFrame, region: pd.Series, profile: NormProfile, asked: Asked) -> tuple[str, ...]:
    """The region and the municipalities by status; a click leaves that status. Returns the statuses asked."""
    item = INDICATORS[asked.indicator]
    rule = rule_of(profile, asked)
    source = item.source if rule is None else f"{item.source}; норма – {rule.source}"
    known = comparison[comparison["municipality_key"] != UNKNOWN_KEY]
    found = status_figures(known, most=4)
    names = {status_key(figure.statuses): figure.statuses for figure in found if figure.count}
    chosen = tuple(st.session_state.get(STATUS) or ())
    hint = f"{wording.number(region['numerator'])} из {wording.number(region['denominator'])}"
    cards = [
        Figure(
            "region",
            "По региону",
            wording.percent(region["share"]),
            hint="" if pd.isna(region["numerator"]) else hint,
            origin=Origin(
                f"{item.name}: отношение сумм по всем муниципалитетам, а не среднее их долей.",
                _int(region["numerator"]),
                _int(region["denominator"]),
                rows=_rows_words(region),
                source=source,
            ),
        ),
        Figure(ALL, "Муниципалитетов", len(known)),
    ]
    cards += [
        Figure(
            status_key(figure.statuses),
            status_title(figure),
            figure.count,
            share=figure.share,
            status=str(figure.main),
            origin=Origin(
                f"Муниципалитеты, чья доля получила этот статус: {profile.band_text(rule)}.",
                figure.count,
                len(known),
                source=source,
            ),
        )
        for figure in found
        if figure.count
    ]

    def click(key: str) -> None:
        statuses = [str(status) for status in names.get(key, ())]
        st.session_state[STATUS] = [] if statuses == list(st.session_state.get(STATUS) or ()) else statuses

    active = {key for key, statuses in names.items() if chosen and chosen == tuple(map(str, statuses))}
    figures(cards, key="mun", active=active or {ALL}, on_click=click)
    return chosen


def _rows_words(region: pd.Series) -> str:
    if pd.isna(region["organizations"]):
        return ""
    words = wording.organizations(int(region["organizations"]))
    without = region["organizations_without_data"]
    return (
        words if pd.isna(without) or not without else f"{words}, из них без данных {wording.number(without)}"
    )


def _int(value: object) -> int | None:
    return None if pd.isna(value) else int(value)  # type: ignore[call-overload]


def status_choice(comparison: pd.DataFrame) -> tuple[str, ...]:
    """The filter by status that the strip sets; kept in the URL."""
    if comparison["status"].nunique() < 2:
        return ()
    present = [str(status) for status in Status if (comparison["status"] == str(status)).any()]
    return tuple(
        st.pills(
            "Статус муниципалитета",
            present,
            selection_mode="multi",
            key=STATUS,
            format_func=lambda code: Status(code).label,
            bind="query-params",
        )
    )


@st.fragment
def ranking(
    comparison: pd.DataFrame, region: pd.Series, profile: NormProfile, asked: Asked, chosen: tuple[str, ...]
) -> None:
    """The ranked bars and the table under them, the same rows in the same order.

    `chosen` are the statuses the strip shows as chosen; another choice here redraws the page.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="sf-mun-show"):
        mode = st.segmented_control(
            "Показать", [SHARES, COUNTS], default=SHARES, key=MODE, bind="query-params", required=True
        )
        statuses = status_choice(comparison)
    if statuses != chosen:
        st.rerun()
    shown = comparison[comparison["status"].isin(statuses)] if statuses else comparison
    if shown.empty:
        st.info("Муниципалитетов с таким статусом нет.")
        return
    rule = rule_of(profile, asked)
    by_count = mode == COUNTS
    picture = ranked_bars(
        shown, region, rule, asked.name, theme=data.theme(), mode="count" if by_count else "share"
    )
    chart(picture, key="mun_ranked")
    if not by_count:
        st.caption(legend_words(rule))
    ordered = shown.sort_values("numerator", ascending=False, kind="stable") if by_count else shown
    _table(ordered, region, asked)


def legend_words(rule: Rule | None) -> str:
    """What the shading and the lines of the picture mean."""
    if rule is None:
        return "Сплошная линия – показатель региона. Норма для такого сравнения в профиле не задана."
    parts = ["сплошная линия – показатель региона"]
    if rule.low is not None:
        parts.append("заливка – границы нормы")
    if rule.target is not None:
        parts.append("пунктир – цель")
    return f"{', '.join(parts).capitalize()}."


def comparison_rows(comparison: pd.DataFrame, region: pd.Series) -> pd.DataFrame:
    """The rows of the table, the region's own first."""
    whole = pd.concat(
        [region.to_frame().T.reindex(columns=comparison.columns), comparison], ignore_index=True
    )
    shown = pd.DataFrame(
        {
            "rank": whole["rank"].astype("Int64"),
            "municipality": whole["municipality"],
            "share": grid.shown_shares(whole["share"]),
            "numerator": whole["numerator"].astype("Int64"),
            "denominator": whole["denominator"].astype("Int64"),
            "status_cell": grid.status_cells(whole["status"]),
            "organizations": whole["organizations"].astype("Int64"),
            "without": whole["organizations_without_data"].astype("Int64"),
        }
    )
    for status in Status:
        counts = whole[str(status)].astype("Int64")
        if counts.fillna(0).gt(0).any():
            shown[str(status)] = counts
    if shown["without"].fillna(0).eq(0).all():
        shown = shown.drop(columns="without")
    return shown.loc[:, [name for name in shown if name == "rank" or not shown[name].isna().all()]]


def _table(comparison: pd.DataFrame, region: pd.Series, asked: Asked) -> None:
    shown = comparison_rows(comparison, region)
    top = 1.0 if "share" not in shown else float(max(0.01, shown["share"].max()))
    columns = {
        "rank": grid.count_column("Место", "Равные доли делят место; без данных места нет"),
        "municipality": st.column_config.TextColumn("Муниципалитет", width=265),
        "share": share_column("Доля", top=top, help_text=asked.name),
        "numerator": grid.count_column("Числитель", "Сколько человек вошло в показатель"),
        "denominator": grid.count_column("Знаменатель", "От скольких посчитана доля"),
        "status_cell": grid.status_column(),
        "organizations": grid.count_column("Организаций"),
        "without": grid.count_column("Без данных", "Организации, у которых показатель посчитать нельзя"),
    }
    columns |= {
        str(status): grid.count_column(f"{status.sign} {status.label}", f"Организаций «{status.label}»")
        for status in Status
    }
    grid.show_grid(
        shown,
        columns,
        key=f"_mun_table_{len(shown)}",
        alt=f"{asked.name}: {wording.municipalities(len(comparison))} и строка региона",
        rows_in_view=16,
    )
    st.caption("Статусы организаций – по главному показателю профиля. Первая строка – регион в целом.")


def all_indicators(heat: pd.DataFrame) -> None:
    """The heat map and the same figures as a table."""
    if heat.empty:
        st.info("Показателей, которые можно посчитать по муниципалитетам, в файле нет.")
        return
    st.caption("Чем темнее клетка, тем ближе муниципалитет к лучшему по этому показателю.")
    with st.container(key="sf-heat"):
        chart(heat_map(heat, theme=data.theme()), key="mun_heat")
    with st.expander("То же таблицей"):
        order = heat.drop_duplicates("indicator")
        wide = heat.drop_duplicates(["municipality", "indicator"]).pivot(
            index="municipality", columns="indicator", values="share"
        )
        wide = wide[order["indicator"].tolist()].apply(grid.shown_shares).reset_index()
        columns = {"municipality": st.column_config.TextColumn("Муниципалитет", width=230)}
        columns |= {
            code: st.column_config.NumberColumn(name, format="percent")
            for code, name in zip(order["indicator"], order["indicator_name"], strict=True)
        }
        grid.show_grid(wide, columns, key="_mun_heat_table", alt="Муниципалитеты по всем показателям, доли")


def leaders(
    municipalities: pd.DataFrame, organizations: pd.DataFrame | None, profile: NormProfile, asked: Asked
) -> None:
    """The two tables of 002: leaders among municipalities and among organizations."""
    left, right = st.columns([4, 5], gap="medium")
    with left:
        st.subheader("Муниципалитеты", anchor=False)
        _leaders_table(municipalities, "municipality", "Муниципалитет")
    with right:
        st.subheader("Организации", anchor=False)
        if organizations is None:
            st.caption("В открытом файле нет строк по организациям.")
        else:
            _leaders_table(organizations, "organization", "Организация")
    st.caption(
        f"В лидеры попадает тот, у кого в знаменателе не меньше {profile.leader_min_count}: один из "
        "трёх – ещё не лидер. Неактивные организации не участвуют. Равные доли делят место, выше стоит "
        "тот, кто больше."
    )
    where_from(
        f"{asked.name}, по убыванию неокруглённой доли.",
        source=INDICATORS[asked.indicator].source + "; вид таблиц – 002, «Лидеры»",
        profile=profile,
    )


def _leaders_table(rows: pd.DataFrame, name: str, title: str) -> None:
    if rows.empty:
        st.caption("Лидеров нет: никто не набрал наименьшего числа или данных недостаточно.")
        return
    shown = rows.get(name, rows.get("organization_id", rows["municipality"])).fillna("Название не указано")
    frame = pd.DataFrame({"Место": grid.numbers(rows["place"]), title: shown})
    if name == "organization":
        frame["Муниципалитет"] = rows.get("municipality")
    frame["Доля"] = grid.percents(rows["share"])
    frame["Числа"] = grid.of_counts(rows["numerator"], rows["denominator"])
    grid.text_table(frame.fillna("–"), ("Место", "Доля", "Числа"), caption=f"Лидеры: {title.lower()}")


def chance(limits: pd.DataFrame, curve: pd.DataFrame, asked: Asked) -> None:
    """The funnel plot, its one sentence, and who stands outside the limits."""
    st.write(funnel_reading(limits))
    picture = funnel_plot(
        limits, curve, asked.name, unit=INDICATORS[asked.indicator].unit, theme=data.theme()
    )
    chart(picture, key="mun_funnel")
    beyond = {Verdict.FAR_ABOVE, Verdict.ABOVE, Verdict.BELOW, Verdict.FAR_BELOW, Verdict.OVER_100}
    outside = limits[limits["verdict"].isin([str(word) for word in beyond])]
    if outside.empty:
        st.caption("И за узкие пределы (95 %) никто не вышел.")
        return
    st.subheader("За узкими пределами (95 %)", anchor=False)
    st.caption(
        "За узкие пределы случайно выходит один муниципалитет из двадцати: это повод присмотреться, а не вывод."
    )
    frame = pd.DataFrame(
        {
            "Муниципалитет": outside["municipality"],
            "Доля": grid.percents(outside["share"]),
            "Числа": grid.of_counts(outside["numerator"], outside["denominator"]),
            "Ожидалось (95 %)": [
                wording.NO_DATA if pd.isna(low) else f"{wording.percent(low)} – {wording.percent(high)}"
                for low, high in zip(outside["low95"], outside["high95"], strict=True)
            ],
            "Вывод": outside["verdict"],
        }
    )
    short_table(frame, alt="Муниципалитеты за пределами случайного")


def build_comparison(dataset: Dataset, profile: NormProfile, asked: Asked) -> bytes:
    """The workbook of the page."""
    params = (dataset, profile, asked.indicator, asked.organization_type)
    whole = dataset.export.kind is ExportKind.ORGANIZATIONS
    return comparison_workbook(
        data.comparison(*params),
        data.region(*params),
        profile,
        asked.indicator,
        data.report_meta(dataset, profile, "Сравнение муниципалитетов", asked.about),
        municipality_leaders=data.leading_municipalities(*params),
        organization_leaders=data.leading_organizations(*params) if whole else None,
        heat=data.heat(dataset, profile, asked.organization_type),
    )


def comparison_download(dataset: Dataset, profile: NormProfile, asked: Asked) -> None:
    """The button in the head."""
    short = INDICATORS[asked.indicator].short_name
    download_xlsx(
        "Скачать XLSX",
        partial(build_comparison, dataset, profile, asked),
        file_name("Сравнение муниципалитетов", short, date=data.last_day(dataset)),
        "mun_download",
        primary=True,
        help_text="Рейтинг, регион, лидеры и все показатели – по листу на каждый",
    )
