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
from tests.core.municipality_spellings import (
    MUNICIPALITIES,
    REGIONAL_GROUPS,
    REGIONS,
    SPELLINGS,
    region_groups,
)


@pytest.mark.parametrize("spellings", REGIONAL_GROUPS, ids=lambda spellings: spellings[0])
def test_regional_spellings_share_a_key(spellings: list[str]) -> None:
    assert {name: municipality_key(name) for name in spellings} == dict.fromkeys(
        spellings, municipality_key(spellings[0])
    )


@pytest.mark.parametrize("name", SPELLINGS)
def test_written_down_spellings_share_a_key(name: str) -> None:
    split = {
        (spellings[0], other): municipality_key(other)
        for spellings in SPELLINGS[name]
        for other in spellings
        if municipality_key(other) != municipality_key(spellings[0])
    }
    assert split == {}


@pytest.mark.parametrize("name", SPELLINGS)
def test_written_down_municipalities_differ(name: str) -> None:
    owners: dict[str, str] = {}
    for spellings in SPELLINGS[name]:
        for other in spellings:
            assert owners.setdefault(municipality_key(other), spellings[0]) == spellings[0], other


def test_regional_municipalities_differ() -> None:
    keys = {municipality_key(spellings[0]) for spellings in REGIONAL_GROUPS}
    assert len(keys) == len(REGIONAL_GROUPS)


@pytest.mark.parametrize("region", REGIONS)
def test_every_pair_of_a_region_differs_in_every_spelling(region: str) -> None:
    owners: dict[str, int] = {}
    for number, spellings in enumerate(region_groups(region)):
        assert {name: municipality_key(name) for name in spellings} == dict.fromkeys(
            spellings, municipality_key(spellings[0])
        )
        for name in spellings:
            assert owners.setdefault(municipality_key(name), number) == number, name


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


def test_a_first_part_without_its_hyphen_and_a_number_before_are_the_same_name() -> None:
    for one, two in (
        ("Усть Катавский ГО", "Усть-Катавский городской округ"),
        ("Усть Илимск", "г. Усть-Илимск"),
        ("Ханты Мансийский район", "Ханты-Мансийский муниципальный район"),
        ("№ 12 Сосновский район", "Сосновский район"),
    ):
        assert municipality_key(one) == municipality_key(two)
    assert municipality_key("Верх Исетский район") != municipality_key("Исетский район")


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
