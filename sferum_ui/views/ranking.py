"""«Рейтинг» of «Сравнение муниципалитетов»: the ranked bars and their table, the same rows in one order."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import streamlit as st

from sferum_core import wording
from sferum_core.change_chance import CAUTION
from sferum_core.change_words import points_step, step
from sferum_core.charts.comparison import ranked_bars
from sferum_core.model import Status
from sferum_core.norms import NormProfile, Rule
from sferum_core.palette import Theme
from sferum_core.week_board import BoardChanges
from sferum_ui import history, state
from sferum_ui.cache import Dataset
from sferum_ui.components import bar_column, escape_markdown, share_cells, share_column, table, tables
from sferum_ui.components.charts import ReadyChart, ready
from sferum_ui.views import data, grid
from sferum_ui.views.compared_weeks import changes_of_board, moves_text
from sferum_ui.views.comparison import STATUS, Asked, rule_of
from sferum_ui.views.drawn import with_picture

MODE = "mun_mode"
SHARES, COUNTS = "Доли", "Числа"
MOST_MOVES = 5
_SAME = 1e-12


def statuses_of(dataset: Dataset, profile: NormProfile, indicator: str, kind: str | None) -> list[str]:
    """Statuses that municipalities have, worst first."""
    found = set(data.computed(data.comparison, dataset, indicator, kind)["status"])
    return [str(status) for status in Status if str(status) in found]


def status_choice(present: list[str]) -> tuple[str, ...]:
    """The filter by status that the strip sets; kept in the URL."""
    if len(present) < 2:
        return ()
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
def ranking(dataset: Dataset, asked: Asked, chosen: tuple[str, ...]) -> None:
    """The ranked bars and the table under them, the same rows in the same order.

    `chosen` are the statuses the strip shows as chosen; another choice here redraws the page.
    """
    present: list[str] = data.computed(statuses_of, dataset, *asked.params)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="sf-mun-show"):
        mode = st.segmented_control(
            "Показать", [SHARES, COUNTS], default=SHARES, key=MODE, bind="query-params", required=True
        )
        statuses = status_choice(present)
    if statuses != chosen:
        st.rerun()
    by_count = mode == COUNTS
    found: Ranked = data.computed(ranked, dataset, *asked.params, statuses, by_count, asked.before_id)
    if not found.municipalities:
        st.info("Муниципалитетов с таким статусом нет.")
        return
    with_picture(
        ranked_picture,
        dataset,
        *asked.params,
        statuses,
        by_count,
        key="mun_ranked",
        title=asked.name,
        name=asked.organization_type or "",
        about=picture_words(asked, statuses),
    )
    if not by_count:
        st.caption(legend_words(rule_of(state.profile(), asked)))
    if found.at_edge:
        st.caption(edge_words(found.at_edge))
    _table(dataset, found, asked)
    if found.moves:
        st.subheader(
            f"Почему изменились места {escape_markdown(asked.before.over)}" if asked.before else "",
            anchor=False,
        )
        st.markdown(found.moves)
        st.caption(escape_markdown(CAUTION))


@dataclass(frozen=True, eq=False)
class Ranked:
    """The table of the ranking, the region's row first; what fills its bar; how many municipalities; those that round to an edge.

    `moves`: why places moved since the week asked for, in Markdown.
    """

    table: pa.Table
    top: float
    municipalities: int
    at_edge: list[tuple[str, float, str]]
    moves: str = ""


def _ordered(
    dataset: Dataset, indicator: str, kind: str | None, statuses: tuple[str, ...], by_count: bool
) -> pd.DataFrame:
    found: pd.DataFrame = data.computed(data.comparison, dataset, indicator, kind)
    if statuses:
        found = found[found["status"].isin(statuses)]
    return found.sort_values("numerator", ascending=False, kind="stable") if by_count else found


def ranked(
    dataset: Dataset,
    profile: NormProfile,
    indicator: str,
    kind: str | None,
    statuses: tuple[str, ...],
    by_count: bool,
    before_id: str,
) -> Ranked:
    """The rows of the ranking for a choice of statuses, held against an earlier week ("" for none)."""
    rows = _ordered(dataset, indicator, kind, statuses, by_count)
    region = data.computed(data.region, dataset, indicator, kind)
    edge = at_edge(rows, rule_of(profile, Asked(indicator, kind)))
    changed: BoardChanges | None = None
    if before_id:
        changed = data.computed(changes_of_board, dataset, indicator, kind, before_id)
    moves = moves_text(changed.municipalities, indicator, MOST_MOVES) if changed and not by_count else ""
    shown = comparison_rows(rows, region, changed)
    top = 1.0 if "bar" not in shown else float(max(0.01, shown["bar"].max()))
    return Ranked(tables.ready(shown), top, len(rows), edge, moves)


def ranked_picture(
    dataset: Dataset,
    profile: NormProfile,
    indicator: str,
    kind: str | None,
    statuses: tuple[str, ...],
    by_count: bool,
    theme: Theme,
) -> ReadyChart:
    """The ranked bars."""
    asked = Asked(indicator, kind)
    drawn = ranked_bars(
        _ordered(dataset, indicator, kind, statuses, by_count),
        data.computed(data.region, dataset, indicator, kind),
        rule_of(profile, asked),
        asked.name,
        theme=theme,
        mode="count" if by_count else "share",
    )
    return ready(drawn)


def picture_words(asked: Asked, statuses: tuple[str, ...] = ()) -> str:
    """What the picture was chosen by, for whoever sees it without the page."""
    chosen = ", ".join(f"«{Status(status).label}»" for status in statuses)
    return f"тип: {asked.organization_type or 'все'}" + (f" · статус: {chosen}" if chosen else "")


def at_edge(rows: pd.DataFrame, rule: Rule | None) -> list[tuple[str, float, str]]:
    """Municipalities whose rounded share equals an edge of the rule while the exact one doesn't: name, share, status."""
    if rule is None:
        return []
    edges = [edge for edge in (rule.low, rule.high, rule.target, rule.leader) if edge is not None]
    shown = {wording.percent(edge): edge for edge in edges}
    return [
        (str(name), float(share), str(status))
        for name, share, status in zip(rows["municipality"], rows["share"], rows["status"], strict=True)
        if not pd.isna(share)
        and wording.percent(share) in shown
        and abs(float(share) - shown[wording.percent(share)]) > _SAME
    ]


def edge_words(found: list[tuple[str, float, str]]) -> str:
    """«Статус решает неокруглённая доля: г. Лесной – 2,478 %, ниже нормы»."""
    named = "; ".join(
        f"{escape_markdown(name)} – {wording.percent(share, 3)}, «{Status(status).label}»"
        for name, share, status in found[:3]
    )
    more = f" и ещё {wording.number(len(found) - 3)}" if len(found) > 3 else ""
    return f"Статус решает неокруглённая доля: {named}{more}."


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


def comparison_rows(
    comparison: pd.DataFrame, region: pd.Series, changed: BoardChanges | None = None
) -> pd.DataFrame:
    """The rows of the table, the region's own first; with `changed` what moved since an earlier week."""
    whole = pd.concat(
        [region.to_frame().T.reindex(columns=comparison.columns), comparison], ignore_index=True
    )
    shown = pd.DataFrame(
        {
            "rank": whole["rank"].astype("Int64"),
            "municipality": whole["municipality"],
            "share": share_cells(whole["share"]),
            "bar": whole["share"].astype("Float64"),
            "numerator": whole["numerator"].astype("Int64"),
            "denominator": whole["denominator"].astype("Int64"),
            **_moved(whole, changed),
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


def _moved(whole: pd.DataFrame, changed: BoardChanges | None) -> dict[str, list[str | None]]:
    """The two columns of change; the first row is the region, which has no place."""
    if changed is None:
        return {}
    then = changed.municipalities.drop_duplicates("municipality_key").set_index("municipality_key")
    keys = whole["municipality_key"].iloc[1:]
    shares = [changed.region_change, *keys.map(then["change"])]
    places = [None, *keys.map(then["rank_change"])]
    return {
        "change": [points_step(None if pd.isna(value) else float(value)) or None for value in shares],
        "rank_change": [step(None if pd.isna(value) else int(value)) or None for value in places],
    }


def _table(dataset: Dataset, found: Ranked, asked: Asked) -> None:
    shown = found.table
    columns = {
        "rank": grid.count_column("Место", "Равные доли делят место; без данных места нет"),
        "municipality": st.column_config.TextColumn("Муниципалитет", width=235),
        "share": share_column("Доля", help_text=asked.name, width=72),
        "bar": bar_column(top=found.top, help_text="Полная полоса – наибольшая доля таблицы", width=80),
        "numerator": grid.count_column("Числитель", "Сколько человек вошло в показатель"),
        "denominator": grid.count_column("Знаменатель", "От скольких посчитана доля"),
        "change": st.column_config.TextColumn(
            "Доля: сдвиг",
            alignment="right",
            width=110,
            help=_since_words(asked, "на сколько изменилась доля"),
        ),
        "rank_change": st.column_config.TextColumn(
            "Место: сдвиг",
            alignment="right",
            width=110,
            help=_since_words(asked, "на сколько мест поднялся (▲) или опустился (▼)"),
        ),
        "status_cell": grid.status_column(),
        "organizations": grid.count_column("Организаций"),
        "without": grid.count_column("Без данных", "Организации, у которых показатель посчитать нельзя"),
    }
    columns |= {
        str(status): grid.count_column(f"{status.sign} {status.label}", f"Организаций «{status.label}»")
        for status in Status
    }
    table(
        shown,
        columns,
        key=f"_mun_table_{len(shown)}",
        alt=f"{asked.name}: {wording.municipalities(found.municipalities)} и строка региона",
        rows_in_view=16,
    )
    if asked.before is not None and not asked.before.is_before:
        lost = history.week_before(dataset) is None
        st.caption(
            f"{'Прошлой недели нет, изменения' if lost else 'Изменения'} показаны "
            f"{escape_markdown(asked.before.over)}."
        )
    st.caption("Статусы организаций – по главному показателю профиля. Первая строка – регион в целом.")


def _since_words(asked: Asked, what: str) -> str:
    """«За неделю: на сколько изменилась доля»."""
    over = asked.before.over if asked.before else ""
    return f"{over[:1].upper()}{over[1:]}: {what}"
