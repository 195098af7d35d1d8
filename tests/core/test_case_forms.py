"""Case forms over all kinds of names of municipalities: expected forms were written down before the code was tried."""

from __future__ import annotations

import csv

import pytest

from sferum_core.names.cases import Case, CaseForms, in_case
from sferum_core.reports.letters import addressed
from tests.conftest import ROOT

ROWS = list(
    csv.DictReader(
        (ROOT / "tests" / "core" / "data" / "case_forms.csv").read_text(encoding="utf-8").splitlines(),
        delimiter=";",
    )
)
COLUMNS = (("genitive", Case.GENITIVE), ("dative", Case.DATIVE), ("prepositional", Case.PREPOSITIONAL))


def test_a_form_is_right_or_says_that_it_is_a_guess() -> None:
    forms = [(in_case(row["name"], case), row[column]) for row in ROWS for column, case in COLUMNS]
    wrong = [
        (form.name, form.text, expected) for form, expected in forms if form.sure and form.text != expected
    ]
    assert wrong == []
    assert len(forms) == 315
    assert sum(form.text == expected for form, expected in forms) >= 303
    assert sum(form.sure for form, _ in forms) >= 294


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Кизильский район", "Кизильского района"),
        ("Пушкино", "(муниципалитет: Пушкино)"),
        ("Ωмега", "(муниципалитет: Ωмега)"),
        ("", "(муниципалитет: )"),
    ],
)
def test_a_guess_never_stands_in_an_address(name: str, shown: str) -> None:
    assert addressed(name) == shown


def test_the_offices_own_form_is_no_guess() -> None:
    own = CaseForms({("Пушкино", Case.GENITIVE): "города Пушкино", ("Сатка", Case.DATIVE): "городу Сатка"})
    assert addressed("ПУШКИНО ", own) == "города Пушкино"
    assert in_case("Сатка", Case.DATIVE, own).text == "городу Сатка"
    assert in_case("Сатка", Case.GENITIVE, own).text == "Сатки"
    assert bool(CaseForms({("Сатка", Case.DATIVE): "x"})) and not CaseForms()
