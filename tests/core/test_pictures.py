"""Any chart as a picture: the same figures, words and colours in SVG and PNG, in the app's own letters, no browser."""

from __future__ import annotations

import datetime as dt
import html
import io
import re
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
from PIL import Image

from sferum_core import charts
from sferum_core.charts.people import distribution_bars, lesson_bars, presence_steps
from sferum_core.charts.slide import MOST_ROWS
from sferum_core.model import Status
from sferum_core.municipalities import compare_municipalities, heat_table
from sferum_core.palette import STATUS_COLOURS
from sferum_core.pictures import Heading, picture_of, png, svg
from sferum_core.pictures.png import MOST_PIXELS
from sferum_core.pictures.rich_text import DRAWN_LETTERS, Letters, has_letter, lines_of
from sferum_core.pictures.shapes import Area, Colour, Run, Words, colour_of
from sferum_ui.components.pictures import FONTS
from tests.core import test_charts, test_trend_charts
from tests.core.books import HOSTILE
from tests.core.test_letters import PROFILE, REGION

HEADING = Heading("Рейтинг: ОО", "Демонстрационная область · 29.03–04.04.2024")


def heat() -> charts.Chart:
    table = heat_table(test_charts.TABLE, test_charts.PROFILE, "ДОО")
    return charts.heat_map(table)


def people() -> dict[str, charts.Chart]:
    starts = [0, 1, 3, 7, 10]
    bins = pd.DataFrame(
        {
            "column": ["messages"] * 5,
            "from": starts,
            "to": pd.array([0, 2, 6, 9, None], dtype="Int64"),
            "people": [5, 3, 2, 1, 4],
            "share": [value / 15 for value in (5, 3, 2, 1, 4)],
        }
    )
    lessons = pd.DataFrame(
        {
            "organization": ["МБОУ «СОШ № 1»", "Лицей <b>2</b>"],
            "share_distance": [0.25, 1 / 612],
            "lessons_distance": [4, 1],
            "lessons_total": [16, 612],
        }
    )
    moment = dt.datetime(2024, 4, 4, 9, 0)
    presence = pd.DataFrame(
        {"moment": [moment + dt.timedelta(minutes=step) for step in (0, 7, 30, 41)], "people": [1, 4, 2, 0]}
    ).astype({"moment": "datetime64[us]"})
    return {
        "distribution": distribution_bars(bins, "messages"),
        "lessons": lesson_bars(lessons, "organization", 0.02),
        "presence": presence_steps(presence, clock_only=False),
    }


def slide(table: pd.DataFrame = REGION, kind: str | None = "ОО") -> charts.Chart:
    return charts.slide_ranking(compare_municipalities(table, PROFILE, PROFILE.main_indicator, kind), 0.32)


CHARTS = {
    **test_charts.all_charts("light"),
    **test_trend_charts.CHARTS["light"],
    **people(),
    "heat": heat(),
    "slide": slide(),
    "empty": charts.status_bars(test_charts.ASSESSED.iloc[:0]),
}
every_chart = pytest.mark.parametrize("name", list(CHARTS))


def drawn(chart: charts.Chart, heading: Heading = HEADING) -> Any:
    return picture_of(chart.figure.to_dict(), heading, alt=chart.alt, fonts=FONTS)


def words(content: bytes) -> list[str]:
    root = ElementTree.fromstring(content)
    return ["".join(node.itertext()) for node in root.iter() if node.tag.endswith("}text")]


def plain(texts: Any) -> set[str]:
    """Lines of labels as they are read, without tags."""
    lines = [line for text in texts if text for line in re.split(r"<br\s*/?>|\|", str(text))]
    return {html.unescape(re.sub(r"</?(?:b|span)\b[^>]*>", "", line)) for line in lines} - {""}


def declared(figure: dict[str, Any]) -> set[str]:
    """Every word the page shows of a plotly figure."""
    layout = figure["layout"]
    texts: list[Any] = [note["text"] for note in layout.get("annotations") or ()]
    for axis in ("xaxis", "yaxis"):
        shown = layout.get(axis) or {}
        if shown.get("visible") is not False:
            low, high = sorted(shown.get("range") or (0, 0))
            ticks = zip(shown.get("tickvals") or (), shown.get("ticktext") or (), strict=True)
            texts += [text for value, text in ticks if low <= value <= high]
            texts.append((shown.get("title") or {}).get("text"))
    for trace in figure["data"]:
        if trace["type"] == "bar":
            texts += trace.get("text") or ()
        if trace["type"] == "sankey":
            texts += trace["node"]["label"]
        if layout.get("showlegend"):
            texts.append(trace.get("name"))
    return plain(texts)


@every_chart
def test_a_picture_says_what_its_chart_declares(name: str) -> None:
    chart = CHARTS[name]
    told = set(words(svg(drawn(chart))))
    figure = chart.figure.to_dict()
    if "layout" in figure:
        assert declared(figure) <= told
    else:
        rows = next(iter(figure["datasets"].values()))
        assert plain(row[key] for row in rows for key in ("name", "heading", "value")) <= told | plain(told)
    assert {HEADING.title, HEADING.words} <= told


@every_chart
def test_both_forms_open_and_nothing_leaves_the_picture(name: str) -> None:
    picture = drawn(CHARTS[name])
    image = Image.open(io.BytesIO(png(picture, FONTS)))
    assert abs(image.width - 2 * picture.width) <= 1 and abs(image.height - 2 * picture.height) <= 1
    assert ElementTree.fromstring(svg(picture)).get("width") == f"{round(picture.width)}"
    letters = Letters(FONTS)
    for shape in picture.shapes:
        if isinstance(shape, Words) and not shape.turned:
            width = letters.width(shape.runs)
            left = shape.x - width * {"start": 0, "middle": 0.5, "end": 1}[shape.anchor]
            assert left >= -1 and left + width <= picture.width + 1, shape
            assert 0 <= shape.y <= picture.height


@every_chart
def test_every_letter_of_a_chart_is_in_the_fonts(name: str) -> None:
    for text in words(svg(drawn(CHARTS[name]))):
        for letter in set(text) - set(DRAWN_LETTERS):
            assert any(has_letter(path, letter) for path in FONTS), letter


def test_lengths_and_colours_of_bars_are_the_tables() -> None:
    chart = CHARTS["ranked"]
    bar = chart.figure.to_dict()["data"][0]
    areas = [shape for shape in drawn(chart).shapes if isinstance(shape, Area) and shape.fill.opacity == 1]
    assert [area.fill.hex for area in areas] == list(bar["marker"]["color"])
    lengths = [max(x for x, _ in area.points) - min(x for x, _ in area.points) for area in areas]
    longest = max(bar["x"])
    assert lengths == pytest.approx([value / longest * max(lengths) for value in bar["x"]])


def test_streams_keep_their_numbers() -> None:
    chart = CHARTS["status_flow"]
    link = chart.figure.to_dict()["data"][0]["link"]
    faint = [s for s in drawn(chart).shapes if isinstance(s, Area) and s.fill.opacity < 1]
    heights = [area.points[-1][1] - area.points[0][1] for area in faint]
    one = heights[0] / link["value"][0]
    assert heights == pytest.approx([value * one for value in link["value"]])


def test_a_map_of_cells_has_the_pages_colours() -> None:
    spec = heat().figure.to_dict()
    low, high = spec["layer"][0]["encoding"]["color"]["scale"]["range"]
    fills = {shape.fill.hex for shape in drawn(heat()).shapes if isinstance(shape, Area)}
    assert high in fills and low not in ("", high)


def test_the_png_has_the_bars_colours() -> None:
    image = Image.open(io.BytesIO(png(drawn(slide()), FONTS))).convert("RGB")
    colours = {f"#{r:02x}{g:02x}{b:02x}" for _, (r, g, b) in image.getcolors(1 << 20) or []}
    assert STATUS_COLOURS["light"][Status.TARGET_MET].fill in colours


def test_the_ranking_for_a_slide_says_its_figures_in_words() -> None:
    told = [text.replace("\u00a0", " ") for text in words(svg(drawn(slide())))]
    assert "Озёрный район" in told and "32,0 % · цель достигнута" in told and "регион: 32,0 %" in told


def test_hostile_names_stay_text() -> None:
    names = [*HOSTILE, "<svg onload=alert(1)>&\"'", "<b>жирный</b>"]
    table = pd.concat([REGION.iloc[[5]]] * len(names), ignore_index=True).assign(municipality=names)
    picture = drawn(slide(table), Heading("<b>Заголовок</b> & Ко", "я" * 40_000))
    root = ElementTree.fromstring(svg(picture))
    tags = {re.sub(r".*}", "", node.tag) for node in root.iter()}
    assert tags == {"svg", "title", "desc", "rect", "polygon", "polyline", "text", "tspan"}
    assert not any(key.startswith("on") or "href" in key for node in root.iter() for key in node.attrib)
    told = words(svg(picture))
    assert "<b>жирный</b>" in told
    assert png(picture, FONTS).startswith(b"\x89PNG")


def test_no_rows_and_many_rows() -> None:
    assert "Нет данных: сравнить нечего." in words(svg(drawn(slide(REGION.iloc[:0]))))
    letters = "абвгдежзиклмнопрстуфхцчшщэюя"
    names = [f"{first.upper()}{second}рский район" for first in letters for second in letters[:10]]
    table = pd.concat([REGION.iloc[[5]]] * len(names), ignore_index=True).assign(municipality=names)
    told = words(svg(drawn(slide(table))))
    assert sum("%" in text for text in told) == MOST_ROWS + 1
    assert f"показаны первые {MOST_ROWS} из {len(names)}" in told


def test_a_very_long_chart_is_drawn_smaller() -> None:
    many = pd.concat([test_charts.TABLE] * 22, ignore_index=True)
    many["municipality"] = [f"Район {number}" for number in range(len(many))]
    assessed = test_charts.assess_organizations(many, test_charts.PROFILE)
    image = Image.open(io.BytesIO(png(drawn(charts.status_bars(assessed)), FONTS)))
    assert image.width * image.height <= MOST_PIXELS * 1.01


def test_another_kind_of_chart_is_refused() -> None:
    with pytest.raises(ValueError, match="pie"):
        picture_of({"data": [{"type": "pie"}], "layout": {}}, HEADING)
    with pytest.raises(ValueError, match="map of cells"):
        picture_of({"mark": "bar"}, HEADING)


def test_labels_keep_bold_sizes_and_colours() -> None:
    ink = Colour(1, 2, 3)
    lines = lines_of(
        "<b>8,3&nbsp;%</b><br><span style='font-size:11px;color:#5b6573'>5 &lt; 60</span>!", 12, ink
    )
    small = colour_of("#5b6573")
    assert lines == [
        (Run("8,3\u00a0%", 12, ink, bold=True),),
        (Run("5 < 60", 11.0, small), Run("!", 12, ink)),
    ]
