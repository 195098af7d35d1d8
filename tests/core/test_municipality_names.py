"""Municipality names: spellings of one are one, a city and its district never are (domain.md)."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sferum_core.names import (
    municipality_display,
    municipality_group,
    municipality_key,
    municipality_keys,
    similar_municipalities,
)

# Every group is one municipality; no two groups are.
MUNICIPALITIES = [
    [
        "Асиновский МР",
        "Асиновский район",
        "Асиновский муниципальный район",
        "Асиновский р-н",
        "Асиновский муниципальный округ",
        "Асиновский МО",
        "Асиновский м.о.",
        "Асиновский м.р-н",
        "МР Асиновский",
        "район Асиновский",
        "Асиновский м.р.",
        "Асиновский муниц. район",
        "муниципальное образование «Асиновский район»",
        "Асиновский район Томской области",
        "АСИНОВСКИЙ РАЙОН",
        "Томская область, Асиновский район",
        "МО Асиновский район",
        "МО «Асиновский район»",
        "Управление образования Асиновского района",
        "Отдел образования администрации Асиновского муниципального района",
        "Асиновский",
        "Асиновский  муниципальный  округ (Томская область)",
        "1. Асиновский район",
        "Асиновского района",
        'муниципальный район "Асиновский район"',
        "Acиновский paйон",
    ],
    [
        "г.Кедровый",
        "г. Кедровый",
        "городской округ Кедровый",
        "ГО Кедровый",
        "МО город Кедровый",
        "город Кедровый",
        "г Кедровый",
        "г.о. Кедровый",
        'городской округ "Город Кедровый"',
        "Кедровый",
        'муниципальное образование "Город Кедровый"',
        "городской округ город Кедровый",
        "гор. Кедровый",
        "г.о. г. Кедровый",
        "Кедровый г.",
        'МО "Город Кедровый" Томской области',
        'Городской округ "Кедровый"',
        "Кедровый городской округ",
    ],
    [
        "Орловский муниципальный ок",
        "Орловский муниципальный округ",
        "Орловский МО",
        "Орловский муниципальный",
        "Орловский муниципальный о",
    ],
    [
        "Копейский городской округ",
        "Копейский ГО",
        "Копейский г.о.",
        "Копейский городской ок",
        "городской округ Копейский",
        "Управление образования Копейского городского округа",
    ],
    ["ЗАТО Северск", "ЗАТО г. Северск", "городской округ ЗАТО Северск", "ЗАТО город Северск", "г. Северск"],
    ["г.Орел", "г. Орёл", "Орёл", "город Орел", "г.Opeл"],
    ["Нижнесергинский район", "Нижнесергинский МР", "Нижнесергинский муниципальный район"],
    ["Усть-Катавский ГО", "Усть-Катавский городской округ", "Усть - Катавский городской округ"],
    ["город Нижний Тагил", "г. Нижний Тагил", "Нижний Тагил"],
    ["г.о. Самара", "городской округ Самара", "г. Самара", "Самара"],
    ["Кромской район", "Кромский район", "Управление образования Кромского района", "Кромской МО"],
    ["поселок Уральский", "МО поселок Уральский", "городской округ поселок Уральский", "п. Уральский"],
    [
        "Кировский район г. Самары",
        "Кировский район города Самары",
        "Кировский район г.о. Самара",
        "г. Самара, Кировский район",
    ],
    ["Кировский район"],
    ["Троицкий городской округ"],
    ["Троицкий район"],
    ["г. Ливны", "Ливны"],
    ["Ливенский район"],
    ["г. Мценск"],
    ["Мценский район"],
    ["Карабашский городской округ"],
    ["г. Карабаш"],
    ["г. Волжск"],
    ["г. Волжский", "Волжский городской округ"],
    ["г. Копейск", "Управление образования администрации города Копейска"],
    ["Ленинский район г. Самары"],
    ["Кировский район г. Казани"],
    ["район имени Лазо"],
    ["Ленинск-Кузнецкий район"],
    ["г. Ленинск-Кузнецкий"],
    ["Ханты-Мансийский район", "Ханты-Мансийский район Ханты-Мансийского автономного округа - Югры"],
    ["г. Ханты-Мансийск"],
    ["Залогощенский район"],
    ["Залегощенский район"],
    ["ЗАТО Озёрный"],
    ["Озёрский городской округ"],
    ["Намский улус", "Намский район"],
]


@pytest.mark.parametrize("spellings", MUNICIPALITIES, ids=lambda spellings: spellings[0])
def test_spellings_of_one_municipality_share_a_key(spellings: list[str]) -> None:
    assert {municipality_key(name) for name in spellings} == {municipality_key(spellings[0])} != {""}


def test_different_municipalities_have_different_keys() -> None:
    keys = [municipality_key(spellings[0]) for spellings in MUNICIPALITIES]
    clashes = [
        (one[0], two[0])
        for (one, first), (two, second) in itertools.combinations(zip(MUNICIPALITIES, keys, strict=True), 2)
        if first == second
    ]
    assert clashes == []


def test_the_eight_municipalities_of_the_documents_stay_eight() -> None:
    names = """г. Ливны|Ливенский район|г. Мценск|Мценский район|г. Орёл|Орловский муниципальный округ
Троицкий городской округ|Троицкий район"""
    assert len({municipality_key(name) for name in names.replace("\n", "|").split("|")}) == 8


@pytest.mark.parametrize(
    "change", [str.upper, str.lower, lambda name: f"  {name} ", lambda name: name.replace("о", "o")]
)
def test_case_spaces_and_look_alikes_change_nothing(change) -> None:
    for spellings in MUNICIPALITIES:
        for name in spellings:
            assert municipality_key(change(name)) == municipality_key(spellings[0]), change(name)


@pytest.mark.parametrize(
    ("office", "municipality"),
    [
        ("МКУ «Управление образования Мотыгинского района»", "Мотыгинский район"),
        ("Отдел образования администрации МО «Ленский район»", "Ленский район"),
        ("Управление образования Копейского городского округа", "Копейский ГО"),
        ("Комитет по образованию Кромского района", "Кромской район"),
    ],
)
def test_an_office_tells_its_municipality(office: str, municipality: str) -> None:
    assert municipality_key(office) == municipality_key(municipality)


def test_an_empty_name_has_an_empty_key() -> None:
    assert municipality_key("") == ""
    assert municipality_key(" – ") == ""


def test_series_keeps_index_and_missing() -> None:
    keys = municipality_keys(
        pd.Series(["Асиновский МР", None, "Асиновский район"], index=[7, 8, 9], dtype="str")
    )
    assert keys.dtype == "str"
    assert list(keys.index) == [7, 8, 9]
    assert keys[7] == keys[9]
    assert pd.isna(keys[8])


def test_the_most_frequent_spelling_is_shown() -> None:
    names = pd.Series(
        ["Асиновский МР", "Асиновский район", "Асиновский МР", "г. Кедровый", "городской округ Кедровый"]
    )
    shown = municipality_display(names)
    assert shown[municipality_key("Асиновский район")] == "Асиновский МР"
    assert shown[municipality_key("г. Кедровый")] == "городской округ Кедровый"  # a tie: the longer one
    assert municipality_display(names[::-1]) == shown


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("Карабашский городской округ", "городские округа"),
        ("г. Орёл", "городские округа"),
        ("ЗАТО Северск", "городские округа"),
        ("Агаповский район", "муниципальные районы и округа"),
        ("Орловский муниципальный ок", "муниципальные районы и округа"),
        ("Кировский район г. Самары", "внутригородские районы"),
        ("", "прочие"),
    ],
)
def test_annex_group(name: str, group: str) -> None:
    assert municipality_group(name) == group


def test_a_misprint_is_suggested_and_not_merged() -> None:
    names = ["Залогощенский район", "Залегощенский район", "г. Ливны", "Ливенский район", "Ленинский район"]
    assert [(one, two) for one, two, _ in similar_municipalities(names)] == [
        ("Залегощенский район", "Залогощенский район")
    ]
    assert municipality_key(names[0]) != municipality_key(names[1])


def test_opposite_prefixes_are_no_misprint() -> None:
    assert similar_municipalities(["Нижнесергинский район", "Верхнесергинский район"]) == []


@given(st.text(max_size=60))
def test_any_text_has_a_stable_key(text: str) -> None:
    assert municipality_key(text) == municipality_key(text.strip())
