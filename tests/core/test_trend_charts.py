"""Charts over weeks and between two weeks: gaps stay gaps, figures are the tables', words are safe."""

from __future__ import annotations

import datetime as dt
import itertools
import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sferum_core import charts
from sferum_core.changes import Changes, what_changed
from sferum_core.charts.base import spread
from sferum_core.charts.trends import NAMED_MOST
from sferum_core.model import Period
from sferum_core.norms import load_profile
from sferum_core.organizations import assess_organizations
from sferum_core.palette import BACKGROUND, SERIES, STATUS_COLOURS, SURFACE, Theme, contrast
from sferum_core.trends import REGION_KEY, organization_trend, rule_of_series, trend_table, week_sums

PROFILE = load_profile("chelyabinsk-2024")
MAIN = PROFILE.main_indicator
THEMES: tuple[Theme, Theme] = ("light", "dark")
HOSTILE = "Район <b>жирный</b> <script>x</script> & Ко"
PLACES = [
    "г. Верхний",
    "Озёрный район",
    HOSTILE,
    "Тихий район",
    "А-ский район",
    "Б-ский район",
    "В-ский район",
]
RULE = rule_of_series(PROFILE, "x", MAIN, "ДОО")
STORED = (0, 1, 3, 4, 5)


def week(number: int) -> Period:
    start = dt.date(2024, 2, 23) + dt.timedelta(days=7 * number)
    return Period(start=start, end=start + dt.timedelta(days=6))


def table(number: int) -> pd.DataFrame:
    """Three kindergartens a municipality; the week of the spring holidays (4) is low for everybody."""
    rows = [
        (f"{place}{one}", f"ДОУ {one}", name, "ДОО", 40, 0 if number == 4 else (place + one * number) % 4)
        for place, name in enumerate(PLACES)
        for one in range(3)
    ]
    columns = [
        "organization_id",
        "organization",
        "municipality",
        "organization_type",
        "teachers_registered",
        MAIN,
    ]
    frame = pd.DataFrame(rows, columns=columns)
    types = dict.fromkeys(columns, "str") | {"teachers_registered": "Int64", MAIN: "Int64"}
    return frame.astype(types).assign(admins_registered=pd.Series([2] * len(rows), dtype="Int64"))


HISTORY = pd.concat(
    [week_sums(table(n), PROFILE).assign(start=week(n).start, end=week(n).end) for n in STORED],
    ignore_index=True,
)
TREND = trend_table(HISTORY, PROFILE, MAIN, "ДОО")
ASSESSED = {n: assess_organizations(table(n), PROFILE) for n in STORED}
ONE = organization_trend(
    [(week(n), rows[rows["organization_id"] == "11"]) for n, rows in ASSESSED.items()], PROFILE
)


def changes(now: int = 1, before: int = 0) -> Changes:
    return what_changed(
        ASSESSED[now],
        ASSESSED[before],
        PROFILE,
        period=week(now),
        before_period=week(before),
        organization_type="ДОО",
    )


def all_charts(theme: Theme) -> dict[str, charts.Chart]:
    return {
        "trend_lines": charts.trend_lines(TREND, RULE, "Доля", theme=theme),
        "small_trend": charts.small_trend(ONE, RULE, "Доля", theme=theme),
        "status_flow": charts.status_flow(changes(), theme),
        "behind_moves": charts.behind_moves(changes(), theme),
        "rank_slope": charts.rank_slope(changes(), "Доля", theme),
    }


CHARTS = {theme: all_charts(theme) for theme in THEMES}
every_chart = pytest.mark.parametrize(
    ("theme", "name"), [(theme, name) for theme in THEMES for name in CHARTS[theme]]
)


def strings(part: object) -> list[str]:
    """Every text of a figure but the custom data, which is never drawn."""
    if isinstance(part, dict):
        return [text for key, value in part.items() if key != "customdata" for text in strings(value)]
    if isinstance(part, list):
        return [text for value in part for text in strings(value)]
    return [part] if isinstance(part, str) else []


@every_chart
def test_a_figure_is_json_with_an_alternative_in_words(theme: Theme, name: str) -> None:
    chart = CHARTS[theme][name]
    figure = json.loads(chart.figure.to_json())
    assert figure["layout"]["height"] >= 120
    assert chart.alt.endswith(".") and len(chart.alt) > 30 and "nan" not in chart.alt.lower()
    assert "<" not in chart.alt.replace(HOSTILE, "")


@every_chart
def test_names_from_files_are_harmless(theme: Theme, name: str) -> None:
    figure = json.loads(CHARTS[theme][name].figure.to_json())
    texts = (
        strings(figure["data"])
        + strings(figure["layout"].get("annotations", []))
        + strings(figure["layout"].get("yaxis", {}))
    )
    assert texts
    assert not any("<script" in text or "<b>жирный" in text for text in texts)


def test_a_missing_week_breaks_every_line_and_is_shaded() -> None:
    figure = CHARTS["light"]["trend_lines"].figure
    for trace in figure.data:
        assert trace.connectgaps is False
        assert trace.y[2] is None and trace.y[3] is not None
        assert list(trace.x) == [0, 1, 2, 3, 4, 5]
    boxes = {
        (shape.x0, shape.x1)
        for shape in figure.layout.shapes
        if shape.type == "rect" and shape.xref != "paper"
    }
    assert boxes == {(1.5, 2.5), (3.5, 4.5)}
    words = [note.text.replace("<br>", " ") for note in figure.layout.annotations]
    assert "нет недели" in words and "весенние каникулы (примерно)" in words
    assert "Пропущено: 1\u00a0неделя" in CHARTS["light"]["trend_lines"].alt


def test_the_lines_are_the_tables_figures() -> None:
    figure = CHARTS["light"]["trend_lines"].figure
    drawn = {
        trace.customdata[0][0]: [None if y is None else round(y, 12) for y in trace.y]
        for trace in figure.data
    }
    for key, rows in TREND.groupby("municipality_key"):
        assert drawn[key] == [None if pd.isna(value) else round(float(value), 12) for value in rows["share"]]
    assert {trace.customdata[0][1] for trace in figure.data} == {"2024-02-29"}


def test_the_region_is_thick_and_five_others_are_named() -> None:
    figure = CHARTS["light"]["trend_lines"].figure
    widths = {trace.customdata[0][0]: trace.line.width for trace in figure.data}
    assert widths[REGION_KEY] == max(widths.values())
    assert sum(width > 1 for width in widths.values()) == NAMED_MOST + 1
    chosen = charts.trend_lines(TREND, RULE, "Доля", named=["район:озерный"]).figure
    named = [note.text for note in chosen.layout.annotations if note.xref == "paper" and note.x == 1]
    assert len(named) == 2 and any("Озёрный район" in text for text in named)


def test_the_norm_stands_behind_the_lines() -> None:
    shapes = CHARTS["light"]["trend_lines"].figure.layout.shapes
    assert any((shape.y0, shape.y1) == (0.025, 0.05) and shape.layer == "below" for shape in shapes)
    assert "норма 2,5–5" in " ".join(
        note.text for note in CHARTS["light"]["trend_lines"].figure.layout.annotations
    )
    without = charts.trend_lines(TREND, None, "Доля").figure.layout.shapes
    assert all(shape.yref == "paper" for shape in without)


def test_no_figures_no_axes() -> None:
    nothing = TREND.assign(share=pd.Series([None] * len(TREND), dtype="Float64"))
    for empty in (nothing, TREND.iloc[:0]):
        assert "Показать динамику нельзя" in charts.trend_lines(empty, RULE, "Доля").alt
        assert charts.small_trend(empty, RULE, "Доля").alt == "Прежних недель с этим показателем нет."


def test_a_small_trend_has_the_newest_value_and_the_statuses_colours() -> None:
    figure = CHARTS["light"]["small_trend"].figure
    assert figure.data[0].y[2] is None and figure.data[0].connectgaps is False
    fills = {colour.fill for colour in STATUS_COLOURS["light"].values()}
    known = [
        colour
        for colour, y in zip(figure.data[0].marker.color, figure.data[0].y, strict=True)
        if y is not None
    ]
    assert set(known) <= fills
    assert f"<b>{ONE['share'].iloc[-1] * 100:.1f}".replace(".", ",") in figure.layout.annotations[0].text


def test_years_stand_on_the_axis_only_where_they_differ() -> None:
    later = HISTORY.assign(
        start=lambda rows: rows["start"] + dt.timedelta(days=7 * 42),
        end=lambda rows: rows["end"] + dt.timedelta(days=7 * 42),
    )
    figure = charts.trend_lines(trend_table(later, PROFILE, MAIN), None, "Доля").figure
    texts = " ".join(figure.layout.xaxis.ticktext)
    assert "2024" in texts and "2025" in texts
    assert "2024" not in " ".join(CHARTS["light"]["trend_lines"].figure.layout.xaxis.ticktext)


@given(st.lists(st.floats(0, 1), max_size=8), st.floats(0.01, 0.3))
def test_labels_are_moved_apart_in_their_order_and_stay_inside(wanted: list[float], gap: float) -> None:
    placed = spread(wanted, gap, 0.0, 1.0)
    assert len(placed) == len(wanted)
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in placed)
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    least = min(gap, 1 / max(1, len(wanted) - 1))
    for one, two in itertools.pairwise([placed[place] for place in order]):
        assert two - one >= least - 1e-9
    apart = sorted(wanted)
    if all(two - one >= gap for one, two in itertools.pairwise(apart)):
        assert placed == pytest.approx(wanted)


def test_line_colours_can_be_read_and_are_no_status_words() -> None:
    for theme in THEMES:
        assert len(set(SERIES[theme])) == NAMED_MOST
        for colour in SERIES[theme]:
            assert contrast(colour, BACKGROUND[theme]) >= 4.5
            assert contrast(colour, SURFACE[theme]) >= 4.5


def test_streams_add_up_to_the_organizations_of_both_weeks() -> None:
    found = changes()
    sankey = CHARTS["light"]["status_flow"].figure.data[0]
    assert sum(sankey.link.value) == 21
    drawn = {
        tuple(pair): value for pair, value in zip(sankey.link.customdata, sankey.link.value, strict=True)
    }
    assert drawn == {
        (row["status_before"], row["status"]): row["organizations"] for row in found.flow().to_dict("records")
    }
    words = list(sankey.node.label)
    for source, target, (before, now) in zip(
        sankey.link.source, sankey.link.target, sankey.link.customdata, strict=True
    ):
        assert source < target
        assert before and now and words[source] and words[target]


def test_who_left_and_entered_adds_up() -> None:
    found = changes()
    counted = charts.behind_table(found)
    numbers = found.counts()
    assert (counted["left"].sum(), counted["entered"].sum()) == (
        numbers["left_behind"],
        numbers["entered_behind"],
    )
    assert ((counted["left"] + counted["entered"]) > 0).all()
    assert counted["net"].is_monotonic_decreasing
    left, entered = CHARTS["light"]["behind_moves"].figure.data
    assert list(left.x) == counted["left"].tolist()
    assert [-value for value in entered.x] == counted["entered"].tolist()
    assert charts.behind_moves(changes(0, 0)).alt == "Состав отстающих не изменился."


def test_a_slope_has_a_line_for_each_municipality_with_two_places() -> None:
    found = changes()
    figure = CHARTS["light"]["rank_slope"].figure
    both = found.municipalities[found.municipalities["rank_change"].notna()]
    assert sorted(trace.customdata[0] for trace in figure.data) == sorted(both["municipality"])
    for side in (0, 1):
        heights = [trace.y[side] for trace in figure.data]
        assert len(set(heights)) == len(heights), "equal places stand apart"
    new_table = table(1)
    new_table.loc[new_table["municipality"] == "Тихий район", "municipality"] = "Новый район"
    moved = what_changed(assess_organizations(new_table, PROFILE), ASSESSED[0], PROFILE)
    drawn = charts.rank_slope(moved, "Доля").figure
    assert len(drawn.data) == len(PLACES) - 1
    assert any("Новый район новый" in note.text for note in drawn.layout.annotations)
    assert any("Тихий район" in note.text for note in drawn.layout.annotations)


def test_nothing_in_common_is_said() -> None:
    other = ASSESSED[0].assign(organization_id=[f"x{n}" for n in range(21)])
    assert "нет общих организаций" in charts.status_flow(what_changed(other, ASSESSED[1], PROFILE)).alt
    empty = what_changed(ASSESSED[0].iloc[:0], ASSESSED[0].iloc[:0], PROFILE)
    assert "Мест нет" in charts.rank_slope(empty, "Доля").alt
