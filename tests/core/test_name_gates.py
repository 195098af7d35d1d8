"""A pattern skipped for letters a text does not have would have found nothing there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sferum_core.names.gates import Gated, required_literals
from sferum_core.names.organization_types import spell_out
from sferum_core.names.text import unify
from sferum_core.names.type_rules import ASIDE, BRANCH, DEDICATION, PLACE, SPELLINGS, UNKNOWN_HEAD
from sferum_core.names.type_rules import RULES as TYPE_RULES
from tests.core.organization_names import FOUND, PUBLIC_LISTS, REGIONS, RULES

GATED = [
    *(rule.pattern for rule in TYPE_RULES),
    *(pattern for pattern, _ in SPELLINGS),
    *(ASIDE, BRANCH, DEDICATION, PLACE, UNKNOWN_HEAD),
]
ALL_NAMES = [name for _, name in RULES + PUBLIC_LISTS] + [name for _, _, name in FOUND + REGIONS]


@pytest.mark.parametrize("pattern", GATED, ids=lambda gated: gated.pattern.pattern[:40])
def test_a_skipped_pattern_would_have_found_nothing(pattern: Gated) -> None:
    assert pattern.literals
    for name in ALL_NAMES:
        for text in (unify(name), spell_out(unify(name))):
            assert pattern.may_match(text) or pattern.pattern.search(text) is None, text


@given(st.sampled_from(GATED), st.data())
def test_any_text_a_pattern_matches_passes_its_gate(pattern: Gated, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(pattern.pattern))
    assert pattern.may_match(text)


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (r"\bдетск\w*\s+сад", ("детск",)),
        (r"школ(?:а|ы)|лицей", ("школ", "лицей")),
        (r"д[оу]м?", ("до", "ду")),
        (r"(?<!не )закрыт\w*", ("закрыт",)),
        (r"\w+|сад", ("",)),
        (r"(?:сад)?", ("",)),
        (r"(?:сад)+", ("сад",)),
        (r"а{2,3}школа", ("школа",)),
    ],
)
def test_the_letters_a_pattern_needs(pattern: str, literals: tuple[str, ...]) -> None:
    assert set(required_literals(pattern)) == set(literals)
