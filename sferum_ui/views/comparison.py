"""«Сравнение муниципалитетов»: what to compare, the ranking, all indicators, leaders, limits of chance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.answers import comparison_answer
from sferum_core.chance import Verdict, funnel_reading
from sferum_core.change_words import points_step, step
from sferum_core.charts.funnel import funnel_plot
from sferum_core.filtering import TYPE_UNKNOWN, StatusFigure, status_figures, type_options
from sferum_core.grouping import UNKNOWN_KEY
from sferum_core.indicators import INDICATORS
from sferum_core.model import ExportKind, OrganizationType
from sferum_core.norms import Level, NormProfile, Rule
from sferum_core.palette import Theme
from sferum_core.reports.comparison import comparison_workbook
from sferum_core.reports.names import file_name
from sferum_core.week_board import BoardChanges, board_changes
from sferum_ui import history
from sferum_ui.cache import Dataset
from sferum_ui.components import (
    Figure,
    Origin,
    download_xlsx,
    figures,
    filter_row,
    one_of,
    short_table,
    where_from,
)
from sferum_ui.components.charts import ReadyChart, ready
from sferum_ui.history import Earlier
from sferum_ui.views import data, grid
from sferum_ui.views.compared_weeks import ask_week, changes_of_board, over_words
from sferum_ui.views.drawn import with_picture
from sferum_ui.views.organization_filters import status_key, status_title

INDICATOR, TYPE, STATUS = "mun_indicator", "mun_type", "mun_status"
ALL_TYPES = "Все типы"
ALL = "all"


@dataclass(frozen=True)
class Asked:
    """What is compared."""

    indicator: str
    organization_type: str | None
    before: Earlier | None = None

    @property
    def params(self) -> tuple[str, str | None]:
        """Indicator and type, as the computations take them."""
        return self.indicator, self.organization_type

    @property
    def before_id(self) -> str:
        """The earlier week it is held against; "" for none."""
        return self.before.id if self.before else ""

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
        before = ask_week(history.earlier(dataset, history.RECENT))
    return Asked(indicator, kind, before)


def _type_choice(dataset: Dataset, profile: NormProfile, indicator: str) -> str | None:
    if dataset.export.kind is not ExportKind.ORGANIZATIONS:
        return None
    present, default = data.computed(types, dataset)
    chosen = st.segmented_control(
        "Тип организаций",
        [ALL_TYPES, *present],
        default=default,
        key=TYPE,
        bind="query-params",
        required=True,
    )
    return None if chosen in (None, ALL_TYPES) else chosen


def types(dataset: Dataset, profile: NormProfile) -> tuple[list[str], str]:
    """Types of the file, and the one to begin with."""
    found: pd.DataFrame = data.computed(data.assessed, dataset)
    present = [kind for kind in type_options(found) if kind != TYPE_UNKNOWN]
    return present, default_type(found, profile, profile.main_indicator, present)


@dataclass(frozen=True, eq=False)
class Summary:
    """What stands over the tabs: the answer, how many municipalities, how they split by status."""

    answer: str
    municipalities: int
    figures: list[StatusFigure]


def summary(dataset: Dataset, profile: NormProfile, indicator: str, kind: str | None) -> Summary:
    """The summary of a comparison."""
    table: pd.DataFrame = data.computed(data.comparison, dataset, indicator, kind)
    known = table[table["municipality_key"] != UNKNOWN_KEY]
    region = data.computed(data.region, dataset, indicator, kind)
    return Summary(comparison_answer(table, region, indicator), len(known), status_figures(known, most=4))


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


def changes_asked(dataset: Dataset, asked: Asked) -> BoardChanges | None:
    """The comparison against the week that is asked for; None without one."""
    if asked.before is None:
        return None
    found: BoardChanges | None = data.computed(changes_of_board, dataset, *asked.params, asked.before_id)
    return found


def strip(
    known: Summary, region: pd.Series, profile: NormProfile, asked: Asked, changed: BoardChanges | None
) -> tuple[str, ...]:
    """The region and the municipalities by status; a click leaves that status. Returns the statuses asked."""
    item = INDICATORS[asked.indicator]
    rule = rule_of(profile, asked)
    source = item.source if rule is None else f"{item.source}; норма – {rule.source}"
    found = known.figures
    names = {status_key(figure.statuses): figure.statuses for figure in found if figure.count}
    chosen = tuple(st.session_state.get(STATUS) or ())
    hint = f"{wording.number(region['numerator'])} из {wording.number(region['denominator'])}"
    cards = [
        Figure(
            "region",
            "По региону",
            wording.percent(region["share"]),
            hint="" if pd.isna(region["numerator"]) else hint,
            change=over_words(points_step(changed.region_change if changed else None), asked.before),
            origin=Origin(
                f"{item.name}: отношение сумм по всем муниципалитетам, а не среднее их долей.",
                _int(region["numerator"]),
                _int(region["denominator"]),
                rows=_rows_words(region),
                source=source,
            ),
        ),
        Figure(ALL, "Муниципалитетов", known.municipalities),
    ]
    cards += [
        Figure(
            status_key(figure.statuses),
            status_title(figure),
            figure.count,
            share=figure.share,
            change=over_words(_count_step(changed, figure), asked.before),
            status=str(figure.main),
            origin=Origin(
                f"Муниципалитеты, чья доля получила этот статус: {profile.band_text(rule)}.",
                figure.count,
                known.municipalities,
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


def _count_step(changed: BoardChanges | None, figure: StatusFigure) -> str:
    """How many municipalities more have a status than then: «▲ +2»."""
    if changed is None or changed.municipalities["status_before"].isna().all():
        return ""
    rows = changed.municipalities[(changed.municipalities["municipality_key"] != UNKNOWN_KEY).to_numpy(bool)]
    wanted = [str(status) for status in figure.statuses]
    return step(int(rows["status"].isin(wanted).sum()) - int(rows["status_before"].isin(wanted).sum()))


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
        f"В лидеры попадает тот, у кого доля больше нуля и в знаменателе не меньше {profile.leader_min_count}: один из "
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
        st.caption("Лидеров нет: доли нулевые, людей слишком мало или нет данных.")
        return
    shown = rows.get(name, rows.get("organization_id", rows["municipality"])).fillna("Название не указано")
    frame = pd.DataFrame({"Место": grid.numbers(rows["place"]), title: shown})
    if name == "organization":
        frame["Муниципалитет"] = rows.get("municipality")
    frame["Доля"] = grid.percents(rows["share"])
    frame["Числа"] = grid.of_counts(rows["numerator"], rows["denominator"])
    grid.text_table(
        frame.fillna("–"),
        ("Место", "Доля", "Числа"),
        caption=f"Лидеры: {title.lower()}",
        under=("Муниципалитет", title) if name == "organization" else None,
    )


def funnel_picture(
    dataset: Dataset, profile: NormProfile, indicator: str, kind: str | None, theme: Theme
) -> ReadyChart:
    """The funnel plot."""
    limits, curve = data.computed(data.funnel, dataset, indicator, kind)
    item = INDICATORS[indicator]
    return ready(funnel_plot(limits, curve, item.name, unit=item.unit, theme=theme))


def chance(dataset: Dataset, asked: Asked) -> None:
    """The funnel plot, its one sentence, and who stands outside the limits."""
    limits, _ = data.computed(data.funnel, dataset, *asked.params)
    if limits["share"].notna().sum() < 2:
        st.info("Муниципалитет с долей здесь один: пределы случайного считаются, когда их хотя бы два.")
        return
    st.write(funnel_reading(limits))
    with_picture(
        funnel_picture,
        dataset,
        *asked.params,
        key="mun_funnel",
        title=asked.name,
        name="пределы случайного",
        about=f"тип: {asked.organization_type or 'все'}",
    )
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
    changed = None
    if asked.before is not None:
        board = history.board(asked.before, profile, *asked.params)
        changed = board_changes(data.comparison(*params), data.region(*params), board)
    return comparison_workbook(
        data.comparison(*params),
        data.region(*params),
        profile,
        asked.indicator,
        data.report_meta(dataset, profile, "Сравнение муниципалитетов", asked.about),
        municipality_leaders=data.leading_municipalities(*params),
        organization_leaders=data.leading_organizations(*params) if whole else None,
        heat=data.heat(dataset, profile, asked.organization_type),
        changes=changed,
        over="" if asked.before is None or asked.before.is_before else asked.before.over,
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
