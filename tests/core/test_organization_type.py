"""Organization types from names: the rules of domain.md and names as real lists write them."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sferum_core.model import OrganizationType
from sferum_core.names import organization_type, organization_types
from tests.core.organization_names import FOUND, PUBLIC_LISTS, REGIONS, RULES


def _told(name: str) -> str:
    return organization_type(name) or ""


@pytest.mark.parametrize(("expected", "name"), RULES)
def test_name_tells_its_type(expected: str, name: str) -> None:
    assert _told(name) == expected


def test_names_of_public_lists_are_told_right_or_left_open() -> None:
    told = {name: _told(name) for _, name in PUBLIC_LISTS}
    wrong = [
        (expected, told[name], name) for expected, name in PUBLIC_LISTS if told[name] not in (expected, "")
    ]
    left_open = [name for expected, name in PUBLIC_LISTS if expected and not told[name]]
    assert wrong == []
    assert len(left_open) <= 0.08 * len(PUBLIC_LISTS), left_open


@pytest.mark.parametrize("half", ["mended", "frozen", "unseen"])
def test_names_of_many_regions_are_told_right_or_left_open(half: str) -> None:
    rows = [(expected, name) for part, expected, name in FOUND if part == half]
    rows += [(expected, name) for part, expected, name in REGIONS if part == half]
    assert len(rows) > 300
    told = {name: _told(name) for _, name in rows}
    answered = [(expected, name) for expected, name in rows if told[name]]
    wrong = [(expected, told[name], name) for expected, name in answered if told[name] != expected]
    left_open = [name for expected, name in rows if expected and not told[name]]
    assert len(wrong) <= 0.01 * len(answered), wrong
    assert len(left_open) <= 0.02 * len(rows), left_open


@pytest.mark.parametrize("expected_and_name", RULES[::7])
def test_case_quotes_and_look_alikes_change_nothing(expected_and_name: tuple[str, str]) -> None:
    expected, name = expected_and_name
    latin = name.translate(str.maketrans("АВСЕНКМОРТХаеорсх", "ABCEHKMOPTXaeopcx"))
    assert _told(name.upper()) == expected
    assert _told(name.replace("«", '"').replace("»", '"')) == expected
    assert _told(f"  {name}  ") == expected
    assert _told(latin) == expected


def test_part_of_a_word_tells_nothing() -> None:
    assert organization_type("Спортивная") is None
    assert organization_type("Садовая улица, 5") is None
    assert organization_type("Школьниково") is None
    assert organization_type("") is None


def test_a_legal_form_gives_way_to_what_the_organization_calls_itself() -> None:
    assert organization_type("МБДОУ Ивановская средняя школа") == OrganizationType.SCHOOL
    assert organization_type("МБОУ Ивановский детский сад") == OrganizationType.PRESCHOOL


def test_a_dedication_and_a_nickname_decide_nothing() -> None:
    assert (
        organization_type("МБОУ «СОШ № 5 имени выпускника военного училища Иванова»")
        == OrganizationType.SCHOOL
    )
    assert organization_type("МБДОУ «Детский сад «Колледж»") == OrganizationType.PRESCHOOL
    assert organization_type("МБОУ «Гимназия «Академия»") == OrganizationType.SCHOOL


def test_series_keeps_index_and_dtype() -> None:
    names = pd.Series(["СОШ № 1", None, "ДС2", "ДО", "СОШ № 1"], index=[5, 4, 3, 2, 1], dtype="str")
    types = organization_types(names)
    assert types.dtype == "str"
    assert list(types.index) == [5, 4, 3, 2, 1]
    assert types.fillna("?").tolist() == ["ОО", "?", "ДОО", "?", "ОО"]
    assert organization_types(pd.Series([], dtype="str")).dtype == "str"


@given(st.text(max_size=80))
def test_any_text_has_an_answer_or_none(text: str) -> None:
    assert organization_type(text) in {None, *OrganizationType}
