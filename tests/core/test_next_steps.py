"""Next steps: chosen by the state of an organization, each with its document."""

from typing import Any

import pandas as pd
import pytest

from sferum_core.next_steps import Support, next_steps

NOBODY = {"admins_registered": 0, "teachers_registered": 0, "students_registered": 0}


def text(row: dict[str, Any], status: str, support: Support | None = None) -> str:
    return "\n".join(step.text for step in next_steps(row, status, support))


@pytest.mark.parametrize(
    ("row", "status", "words", "absent"),
    [
        (
            NOBODY,
            "inactive",
            ["info@sferum.ru", "анкет", "Создайте классы", "деактивацию"],
            ["чаты педагогов"],
        ),
        (
            {**NOBODY, "admins_registered": 1},
            "inactive",
            ["Заполните информацию", "закрытым способом"],
            ["анкет"],
        ),
        (
            {"teachers_registered": 20, "teachers_10_messages": 0},
            "below_norm",
            ["Переведите рабочие чаты", "планёрках"],
            ["анкет", "деактивацию"],
        ),
        ({"teachers_registered": 20, "teachers_10_messages": 0}, "no_norm", ["Переведите рабочие чаты"], []),
        (
            {"teachers_registered": 20, "teachers_10_messages": 9, "teachers_linked": 3},
            "within_norm",
            ["электронным журналом"],
            ["рабочие чаты"],
        ),
        ({"teachers_registered": 20, "teachers_linked": 20}, "within_norm", [], ["журналом"]),
        ({"teachers_registered": 20, "teachers_total": 30}, "below_norm", ["зарегистрировано 20 из 30"], []),
        ({"teachers_registered": 20}, "leader", ["Поделитесь опытом"], ["чаты"]),
        (
            {"teachers_registered": 20, "organization_type": pd.NA},
            "no_data",
            ["служба поддержки региона"],
            [],
        ),
        ({}, "inactive", ["анкет", "деактивацию", "служба поддержки региона"], []),
    ],
)
def test_steps_by_state(row: dict[str, Any], status: str, words: list[str], absent: list[str]) -> None:
    found = text(row, status)
    assert [word for word in words if word not in found] == []
    assert [word for word in absent if word in found] == []


def test_every_step_has_a_source_and_no_unfilled_place() -> None:
    for status in ("inactive", "below_norm", "leader", "no_data"):
        for step in next_steps(NOBODY, status):
            assert step.source.startswith(("000", "001", "002", "003"))
            assert "{" not in step.text
            assert step.text.endswith(".")


def test_a_request_for_deactivation_states_the_id() -> None:
    """000: «обязательно указав ID школы»."""
    assert "(000123)" in text({**NOBODY, "organization_id": "000123"}, "inactive")


def test_an_id_with_braces_is_just_text() -> None:
    assert "({platform})" in text({**NOBODY, "organization_id": "{platform}"}, "inactive")


def test_an_office_names_its_own_desks() -> None:
    found = text(NOBODY, "inactive", Support(platform="help@example.org", region="desk@example.org"))
    assert "info@sferum.ru" not in found
    assert "help@example.org" in found
    assert "desk@example.org" in found
