"""Names of municipalities in cases: adjectives and nouns agree, appositions stay, corrections go first."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sferum_core.names.cases import Case, in_case, preview
from tests.conftest import ROOT

GENITIVES = [
    ("Болховский район", "Болховского района"),
    ("Орловский муниципальный округ", "Орловского муниципального округа"),
    ("Копейский городской округ", "Копейского городского округа"),
    ("Каменск-Уральский городской округ", "Каменск-Уральского городского округа"),
    ("Усть-Таркский район", "Усть-Таркского района"),
    ("Лесной городской округ", "Лесного городского округа"),
    ("г. Орёл", "г. Орла"),
    ("г.Кедровый", "г.Кедрового"),
    ("г. Ливны", "г. Ливен"),
    ("г. Великие Луки", "г. Великих Лук"),
    ("г. Кемерово", "г. Кемерово"),
    ("г. Сочи", "г. Сочи"),
    ("город Мценск", "города Мценска"),
    ("Нижний Новгород", "Нижнего Новгорода"),
    ("Каменск-Уральский", "Каменска-Уральского"),
    ("Ростов-на-Дону", "Ростова-на-Дону"),
    ("городской округ город Бор", "городского округа город Бор"),
    ("городской округ Кедровый", "городского округа Кедровый"),
    ("муниципальное образование «Город Обнинск»", "муниципального образования «Город Обнинск»"),
    ("Район имени Лазо", "Района имени Лазо"),
    ("Кировский район г. Самары", "Кировского района г. Самары"),
    ("ЗАТО Озёрный", "ЗАТО Озёрный"),
    ("Асиновский МР", "Асиновского МР"),
    ("Верхнелуговской район", "Верхнелуговского района"),
    ("г. Соснопольск", "г. Соснопольска"),
    ("Кромской р-н", "Кромского р-на"),
    ("ТРОИЦКИЙ ГОРОДСКОЙ ОКРУГ", "ТРОИЦКОГО ГОРОДСКОГО ОКРУГА"),
]


@pytest.mark.parametrize(("name", "genitive"), GENITIVES)
def test_genitive(name: str, genitive: str) -> None:
    form = in_case(name, Case.GENITIVE)
    assert (form.text, form.sure, form.corrected) == (genitive, True, False)


@pytest.mark.parametrize(
    ("case", "district", "city"),
    [
        (Case.DATIVE, "Озёрному району", "г. Орлу"),
        (Case.ACCUSATIVE, "Озёрный район", "г. Орёл"),
        (Case.INSTRUMENTAL, "Озёрным районом", "г. Орлом"),
        (Case.PREPOSITIONAL, "Озёрном районе", "г. Орле"),
    ],
)
def test_the_other_cases(case: Case, district: str, city: str) -> None:
    assert in_case("Озёрный район", case).text == district
    assert in_case("г. Орёл", case).text == city


@pytest.mark.parametrize("name", ["Магас", "Шали", "Орловский муниципальный ок", "=cmd|calc", "", "123"])
def test_what_the_dictionary_does_not_know_is_a_guess(name: str) -> None:
    assert not in_case(name, Case.GENITIVE).sure


def test_a_correction_of_the_office_goes_first() -> None:
    form = in_case("Магас", Case.GENITIVE, {"Магас": " города\n Магаса "})
    assert (form.text, form.sure, form.corrected) == ("города Магаса", True, True)
    assert in_case("Магас", Case.GENITIVE, {"Магас": "  "}).corrected is False


def test_the_preview_shows_guesses_first_and_each_name_once() -> None:
    forms = preview(["Озёрный район", "Магас", "Озёрный район"], Case.GENITIVE)
    assert [form.name for form in forms] == ["Магас", "Озёрный район"]


def test_control_characters_never_get_through() -> None:
    assert in_case("Озёрный\x00\n\u202eрайон", Case.GENITIVE).text == "Озёрного района"
    assert len(in_case("я" * 100_000, Case.GENITIVE).text) <= 310


def test_the_dictionary_is_loaded_only_when_it_is_needed() -> None:
    code = "import sys, sferum_core.reports.package; print('pymorphy3' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
