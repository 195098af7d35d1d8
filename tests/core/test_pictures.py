"""Rankings as pictures: the same figures in SVG and PNG, Russian letters in the app's own font, no browser."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import pandas as pd
import pytest
from PIL import Image

from sferum_core.model import Status
from sferum_core.municipalities import compare_municipalities
from sferum_core.palette import STATUS_COLOURS
from sferum_core.reports.pictures import MOST_ROWS, WIDTH, Ranking, _font_for, ranking_png, ranking_svg
from sferum_ui.views.week_package import FONTS
from tests.core.books import HOSTILE
from tests.core.test_letters import PROFILE, REGION


def ranking(table: pd.DataFrame = REGION, kind: str | None = "ОО") -> Ranking:
    comparison = compare_municipalities(table, PROFILE, PROFILE.main_indicator, kind)
    return Ranking(comparison, "Рейтинг: ОО", "Демонстрационная область", 0.32)


def words(content: bytes) -> list[str]:
    root = ElementTree.fromstring(content)
    return [node.text or "" for node in root.iter() if node.tag.endswith("}text")]


def test_the_figures_are_those_of_the_table() -> None:
    told = [text.replace("\u00a0", " ") for text in words(ranking_svg(ranking()))]
    assert "Озёрный район" in told and "32,0 % · цель достигнута" in told and "регион: 32,0 %" in told


def test_the_png_has_the_bars_colours_and_russian_letters() -> None:
    picture = Image.open(io.BytesIO(ranking_png(ranking(), FONTS))).convert("RGB")
    assert picture.width == WIDTH
    colours = {f"#{r:02x}{g:02x}{b:02x}" for _, (r, g, b) in picture.getcolors(1 << 20) or []}
    assert STATUS_COLOURS["light"][Status.TARGET_MET].fill in colours


@pytest.mark.parametrize("letter", list("ЁёЖщ№5%«–·г"))
def test_every_letter_of_a_ranking_is_in_the_fonts(letter: str) -> None:
    font = _font_for(letter, FONTS, 20)
    assert bytes(font.getmask(letter)) != bytes(font.getmask("\U0010fffd"))


def test_hostile_names_stay_text() -> None:
    names = [*HOSTILE, "<svg onload=alert(1)>&\"'"]
    table = pd.concat([REGION.iloc[[5]]] * len(names), ignore_index=True).assign(municipality=names)
    content = ranking_svg(ranking(table))
    root = ElementTree.fromstring(content)
    assert {re.sub(r".*}", "", node.tag) for node in root.iter()} == {"svg", "title", "rect", "text"}
    assert not any(key.startswith("on") for node in root.iter() for key in node.attrib)
    assert ranking_png(ranking(table), FONTS).startswith(b"\x89PNG")


def test_no_rows_and_many_rows() -> None:
    assert "Нет данных: сравнить нечего." in words(ranking_svg(ranking(REGION.iloc[:0])))
    letters = "абвгдежзиклмнопрстуфхцчшщэюя"
    names = [f"{first.upper()}{second}рский район" for first in letters for second in letters[:10]]
    table = pd.concat([REGION.iloc[[5]]] * len(names), ignore_index=True).assign(municipality=names)
    told = words(ranking_svg(ranking(table)))
    assert sum("%" in text for text in told) == MOST_ROWS + 1
