"""Charts: figures of the tables, safe labels, colours that everybody can read."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sferum_core import charts
from sferum_core.chance import funnel_curve, funnel_limits
from sferum_core.charts.base import percent_ticks, safe, short_label
from sferum_core.charts.staff import QUARTERS
from sferum_core.model import Status
from sferum_core.municipalities import compare_municipalities, heat_table, region_total
from sferum_core.norms import load_profile
from sferum_core.organizations import assess_organizations, organization_card
from sferum_core.palette import BACKGROUND, INK, STATUS_COLOURS, SURFACE, Theme, contrast
from sferum_core.staff import doo_staff

INDICATOR = "teachers_10_messages"
THEMES: tuple[Theme, Theme] = ("light", "dark")
PROFILE = load_profile("chelyabinsk-2024")
HOSTILE = "Район <b>жирный</b> <script>x</script> & Ко"


def organizations(rows: list[tuple[str, str, int | None, int | None]]) -> pd.DataFrame:
    """Organizations from (municipality, type, registered, wrote 10 messages)."""
    table = pd.DataFrame(
        rows, columns=["municipality", "organization_type", "teachers_registered", INDICATOR]
    )
    table = table.astype(
        {
            "municipality": "str",
            "organization_type": "str",
            "teachers_registered": "Int64",
            INDICATOR: "Int64",
        }
    )
    table.insert(0, "organization", pd.Series([f"Организация {i}" for i in range(len(table))], dtype="str"))
    table.insert(0, "organization_id", pd.Series([f"{i:06d}" for i in range(len(table))], dtype="str"))
    table["admins_registered"] = pd.Series([1] * len(table), dtype="Int64")
    return table


TABLE = organizations(
    [
        ("Озёрный район", "ДОО", 40, 1),
        ("Озёрный район", "ДОО", 40, 2),
        ("Озёрный муниципальный район", "ДОО", 0, 0),
        ("г. Верхний", "ДОО", 20, 4),
        ("г. Верхний", "ДОО", 20, 1),
        (HOSTILE, "ДОО", 10, 8),
        ("Тихий район", "ДОО", 30, None),
    ]
)
ASSESSED = assess_organizations(TABLE, PROFILE)
COMPARISON = compare_municipalities(TABLE, PROFILE, INDICATOR, "ДОО")
REGION = region_total(TABLE, PROFILE, INDICATOR, "ДОО")
RULE = PROFILE.rule("municipality", "ДОО", INDICATOR)
STAFF = doo_staff(
    pd.DataFrame(
        {
            "municipality": pd.Series(["г. Верхний", "Озёрный район", "Тихий район", HOSTILE], dtype="str"),
            "teachers_total": pd.Series([100, 100, 100, 100], dtype="Int64"),
            "teachers_registered": pd.Series([100, 90, 50, 40], dtype="Int64"),
            "teachers_active": pd.Series([60, 9, 40, 2], dtype="Int64"),
        }
    )
)


def all_charts(theme: Theme) -> dict[str, charts.Chart]:
    rankings = charts.staff_rankings(STAFF, theme)
    limits, curve = funnel_limits(COMPARISON), funnel_curve(COMPARISON)
    card = organization_card(ASSESSED, 3, PROFILE)
    return {
        "status": charts.status_bars(ASSESSED, theme),
        "status counts": charts.status_bars(ASSESSED, theme, "count"),
        "ranked": charts.ranked_bars(COMPARISON, REGION, RULE, "Доля", theme=theme),
        "ranked counts": charts.ranked_bars(COMPARISON, REGION, RULE, "Доля", theme=theme, mode="count"),
        "funnel": charts.funnel_plot(limits, curve, "Доля", theme=theme),
        "registered": rankings.registered,
        "active": rankings.active,
        "scatter": charts.staff_scatter(STAFF, theme),
        "bullet": charts.bullet(card.indicators, theme),
    }


# --- colours ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("status", list(Status))
def test_a_status_word_has_contrast_of_four_and_a_half(theme: Theme, status: Status) -> None:
    colour = STATUS_COLOURS[theme][status]
    for ground in (BACKGROUND[theme], SURFACE[theme]):
        assert contrast(colour.text, ground) >= 4.5
    assert contrast(colour.on_fill, colour.fill) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_texts_and_marks_of_charts_have_contrast(theme: Theme) -> None:
    ink = INK[theme]
    assert min(contrast(colour, BACKGROUND[theme]) for colour in (ink.text, ink.muted)) >= 4.5
    assert min(contrast(colour, BACKGROUND[theme]) for colour in (ink.accent, ink.neutral, ink.region)) >= 3


def test_contrast_as_the_standard_defines_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


# Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB.
BLINDNESS = {
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
JUDGED = (Status.INACTIVE, Status.BELOW_NORM, Status.WITHIN_NORM, Status.TARGET_MET, Status.LEADER)


def lab(colour: str, matrix: np.ndarray) -> np.ndarray:
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(matrix @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ seen / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", ["nobody", *BLINDNESS])
def test_statuses_that_stand_in_one_bar_look_different(theme: Theme, kind: str) -> None:
    matrix = np.array(BLINDNESS[kind]) if kind in BLINDNESS else np.eye(3)
    for one, other in itertools.combinations(JUDGED, 2):
        fills = [STATUS_COLOURS[theme][status].fill for status in (one, other)]
        distance = float(np.linalg.norm(lab(fills[0], matrix) - lab(fills[1], matrix)))
        assert distance >= 11, (one, other, distance)


# --- what every chart has --------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", THEMES)
def test_every_chart_is_russian_transparent_and_told_in_words(theme: Theme) -> None:
    for name, chart in all_charts(theme).items():
        layout = chart.figure.layout
        assert layout.separators == ", ", name
        assert layout.font.family == "Golos Text, sans-serif", name
        assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)", name
        assert layout.autosize and layout.width is None, name
        assert layout.font.color == INK[theme].text, name
        assert chart.alt.endswith("."), name
        assert "nan" not in chart.alt.lower() and "NA" not in chart.alt, name


@pytest.mark.parametrize("theme", THEMES)
def test_names_from_a_file_never_become_markup(theme: Theme) -> None:
    for name, chart in all_charts(theme).items():
        data = json.loads(chart.figure.to_json())
        for trace in data["data"]:
            trace.pop("customdata", None)  # data for the page, never drawn
        drawn = json.dumps(data, ensure_ascii=False)
        assert "<script" not in drawn, name
        assert "<b>жирный" not in drawn, name


@given(st.text())
def test_safe_leaves_no_bracket(text: str) -> None:
    assert not set(safe(text)) & set("<>")


@given(st.text(), st.integers(5, 30))
def test_a_short_label_is_short(text: str, characters: int) -> None:
    lines = short_label(text, characters).split("<br>")
    assert len(lines) <= 2
    plain = [line.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for line in lines]
    assert all(len(line) <= characters + 1 for line in plain)


def test_a_short_label_breaks_between_words_and_after_a_hyphen() -> None:
    assert short_label("Озёрный район") == "Озёрный район"
    assert short_label("Приозёрный муниципальный округ") == "Приозёрный<br>муниципальный округ"
    assert short_label("Александровско-Заводский муниципальный округ") == "Александровско-<br>Заводский…"


@given(st.floats(0.001, 50))
def test_percent_ticks_start_at_zero_and_are_few(top: float) -> None:
    places, labels = percent_ticks(top)
    assert places[0] == 0 and labels[0].startswith("0")
    assert 1 <= len(places) <= 7
    assert len(set(labels)) == len(labels)
    assert places[-1] <= top + 1e-9


# --- single charts ---------------------------------------------------------------------------------------


def test_status_table_counts_every_organization_once_and_joins_spellings() -> None:
    table = charts.status_table(ASSESSED)
    assert table["total"].sum() == len(TABLE)
    assert len(table) == 4
    lake = table.set_index("municipality").loc["Озёрный район"]
    assert lake["total"] == 3


def test_status_bars_are_ordered_by_the_part_in_trouble() -> None:
    table = charts.status_table(ASSESSED)
    assert table["trouble"].is_monotonic_decreasing
    figure = charts.status_bars(ASSESSED).figure
    sums = np.sum([trace.x for trace in figure.data], axis=0)
    assert sums == pytest.approx([1.0] * 4)
    counts = np.sum([trace.x for trace in charts.status_bars(ASSESSED, mode="count").figure.data], axis=0)
    assert counts.tolist() == table["total"].tolist()


def test_status_bars_carry_municipality_and_status_for_a_click() -> None:
    trace = charts.status_bars(ASSESSED).figure.data[0]
    names = charts.status_table(ASSESSED)["municipality"].tolist()
    assert [list(point) for point in trace.customdata] == [[name, trace.customdata[0][1]] for name in names]


def test_ranked_bars_show_the_shares_of_the_table_from_zero() -> None:
    figure = charts.ranked_bars(COMPARISON, REGION, RULE, "Доля").figure
    ranked = COMPARISON.sort_values("rank", na_position="last")
    assert list(figure.data[0].x) == pytest.approx(ranked["share"].fillna(0).astype(float).tolist())
    assert figure.layout.xaxis.range[0] == 0
    texts = [note.text for note in figure.layout.annotations]
    assert "<b>80,0\u00a0%</b>" in texts[0] and "8\u00a0из\u00a010" in texts[0]
    assert any(text.startswith("<b>Регион ") for text in texts)
    assert "нет данных" in texts[3]


def test_the_norm_is_shaded_and_the_target_is_a_line() -> None:
    shapes = charts.ranked_bars(COMPARISON, REGION, RULE, "Доля").figure.layout.shapes
    band = next(shape for shape in shapes if shape.type == "rect")
    assert (band.x0, band.x1) == pytest.approx((0.025, 0.05))
    lines = sorted(shape.x0 for shape in shapes if shape.type == "line")
    assert lines == pytest.approx(sorted([0.05, float(REGION["share"])]))


def test_a_share_above_one_is_drawn_whole() -> None:
    table = organizations([("Озёрный район", "ДОО", 1, 8), ("г. Верхний", "ДОО", 10, 5)])
    comparison = compare_municipalities(table, PROFILE, INDICATOR, "ДОО")
    region = region_total(table, PROFILE, INDICATOR, "ДОО")
    figure = charts.ranked_bars(comparison, region, RULE, "Доля").figure
    assert figure.data[0].x[0] == 8.0
    assert figure.layout.xaxis.range[1] >= 8.0


def test_ranked_bars_without_a_rule_have_neither_band_nor_verdict_colour() -> None:
    figure = charts.ranked_bars(COMPARISON.assign(status="no_norm"), REGION, None, "Доля").figure
    assert not [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert set(figure.data[0].marker.color) == {INK["light"].neutral}


def test_the_ranking_of_staff_has_the_region_in_its_place() -> None:
    figure = charts.staff_rankings(STAFF).active.figure
    labels = list(figure.layout.yaxis.ticktext)
    place = next(number for number, label in enumerate(labels) if "Среднее" in label)
    assert figure.data[0].x[place] == pytest.approx(111 / 280)
    assert list(figure.data[0].x) == sorted(figure.data[0].x, reverse=True)


def test_every_municipality_is_in_one_quarter() -> None:
    figure = charts.staff_scatter(STAFF).figure
    assert [trace.name for trace in figure.data] == list(QUARTERS.values())
    assert sum(len(trace.x) for trace in figure.data) == 4
    words = charts.quarters(STAFF.municipalities, 0.7, 0.4).tolist()
    by_name = dict(zip(STAFF.municipalities["municipality"], words, strict=True))
    assert by_name["г. Верхний"] == "зарегистрированы и активны"
    assert by_name["Озёрный район"] == "зарегистрированы, но молчат"
    assert by_name["Тихий район"] == "мало, но активны"
    assert by_name[HOSTILE] == "мало и молчат"


def test_a_share_equal_to_the_regions_counts_as_high() -> None:
    frame = pd.DataFrame({"share_registered": [0.7], "share_active": [0.4]}, dtype="Float64")
    assert charts.quarters(frame, 0.7, 0.4).tolist() == ["зарегистрированы и активны"]


def test_the_funnel_names_only_those_far_beyond_chance() -> None:
    limits = funnel_limits(COMPARISON)
    figure = charts.funnel_plot(limits, funnel_curve(COMPARISON), "Доля").figure
    named = {note.text for note in figure.layout.annotations if not note.text.startswith("<b>Регион")}
    far = limits[limits["verdict"].str.startswith("намного")]["municipality"]
    assert len(named) <= len(far)
    assert "Озёрный район" not in named or "Озёрный район" in set(far)
    drawn = [
        name for trace in figure.data for name in (trace.customdata if trace.customdata is not None else ())
    ]
    assert sorted(drawn) == sorted(limits[limits["share"].notna()]["municipality"])


def test_the_bullet_shows_the_norm_of_the_main_indicator() -> None:
    card = organization_card(ASSESSED, 3, PROFILE)
    figure = charts.bullet(card.indicators).figure
    place = card.indicators["indicator"].tolist().index(INDICATOR)
    assert figure.data[0].x[place] == pytest.approx(0.2)
    band = next(shape for shape in figure.layout.shapes if shape.type == "rect")
    assert (band.x0, band.x1) == pytest.approx((0.025, 0.05))
    assert band.y0 < place < band.y1


def test_the_heat_map_prints_the_percent_of_the_table() -> None:
    heat = heat_table(TABLE, PROFILE, "ДОО")
    chart = charts.heat_map(heat)
    data = chart.figure.to_dict()
    cells = next(iter(data["datasets"].values()))
    assert len(cells) == len(heat)
    by_name = {(cell["name"], cell["full"]): cell for cell in cells}
    name = heat.loc[heat["indicator"] == INDICATOR, "indicator_name"].iloc[0]
    assert by_name["г. Верхний", name]["value"] == "13\u00a0%"
    assert by_name["Озёрный район", name]["value"] == "3,8\u00a0%"
    assert by_name["Тихий район", name]["value"] == "н/д"
    assert by_name["г. Верхний", name]["counts"] == "5\u00a0из\u00a040"
    assert chart.alt


def test_nothing_to_draw_is_said_in_words() -> None:
    empty = ASSESSED.iloc[:0]
    nothing = [
        charts.status_bars(empty),
        charts.ranked_bars(COMPARISON.iloc[:0], REGION, RULE, "Доля"),
        charts.funnel_plot(funnel_limits(COMPARISON).iloc[:0], funnel_curve(COMPARISON), "Доля"),
        charts.bullet(organization_card(ASSESSED, 0, PROFILE).indicators.iloc[:0]),
    ]
    for chart in nothing:
        assert chart.figure.layout.annotations[0].text
        assert chart.alt
    assert charts.heat_map(heat_table(TABLE, PROFILE).iloc[:0]).alt
