"""Norm profiles: the rules as the documents word them, edges, and a user's own profile."""

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sferum_core.indicators import GROUP_INDICATORS, SHARE_INDICATORS
from sferum_core.model import OrganizationType, Status
from sferum_core.norms import (
    ActivityRule,
    Level,
    NormProfile,
    ProfileError,
    Rule,
    band_text,
    dump_profile,
    judge,
    load_profile,
    make_profile,
    parse_profile,
    profile_names,
)

MINIMAL = {
    "name": "our-office",
    "title": "Наш район",
    "main_indicator": "teachers_active",
    "activity_rule": "three_teachers",
}


def counts(*values: int | None) -> pd.Series:
    return pd.Series(values, dtype="Int64")


def verdicts(rule: Rule | None, *pairs: tuple[int | None, int | None]) -> list[str]:
    return judge(counts(*(a for a, _ in pairs)), counts(*(b for _, b in pairs)), rule).tolist()


def test_three_profiles_come_with_the_product() -> None:
    assert profile_names() == ["chelyabinsk-2024", "tomsk-2024", "max-2025"]
    for name in profile_names():
        profile = load_profile(name)
        assert profile.name == name
        assert profile.source
        assert profile.leader_min_count == 5
        assert all(rule.source for rule in profile.rules)


def test_main_indicators_and_activity_rules() -> None:
    found = {
        name: (load_profile(name).main_indicator, load_profile(name).activity_rule)
        for name in profile_names()
    }
    assert found == {
        "chelyabinsk-2024": ("teachers_10_messages", ActivityRule.TWO_USERS),
        "tomsk-2024": ("teachers_active", ActivityRule.THREE_TEACHERS),
        "max-2025": ("teachers_active", ActivityRule.THREE_TEACHERS),
    }


def test_max_says_it_rests_on_one_press_source() -> None:
    assert "одного сообщения прессы" in load_profile("max-2025").caution


@pytest.mark.parametrize("level", ["organization", "municipality"])
@pytest.mark.parametrize(
    ("kind", "numerator", "status"),
    [
        ("ДОО", 0, Status.BELOW_NORM),
        ("ДОО", 249, Status.BELOW_NORM),
        ("ДОО", 250, Status.WITHIN_NORM),
        ("ДОО", 500, Status.WITHIN_NORM),
        ("ДОО", 501, Status.TARGET_MET),
        ("ОО", 999, Status.BELOW_NORM),
        ("ОО", 1000, Status.WITHIN_NORM),
        ("ОО", 2500, Status.WITHIN_NORM),
        ("ОО", 2501, Status.TARGET_MET),
        ("ОО", 20000, Status.TARGET_MET),
    ],
)
def test_edges_of_the_letter(level: str, kind: str, numerator: int, status: Status) -> None:
    """000: «от 2,5% – 5%», «более 5%»; «от 10% – 25%», «более 25%»."""
    rule = load_profile("chelyabinsk-2024").rule(level, kind, "teachers_10_messages")
    assert verdicts(rule, (numerator, 10_000)) == [status]


@pytest.mark.parametrize("denominator", [40, 80, 200, 360, 1000, 99_960])
def test_exactly_the_norm_is_the_norm_at_any_size(denominator: int) -> None:
    rule = load_profile("chelyabinsk-2024").rule("organization", "ДОО", "teachers_10_messages")
    assert verdicts(rule, (denominator // 40, denominator)) == [Status.WITHIN_NORM]
    assert verdicts(rule, (denominator // 40 - 1, denominator)) == [Status.BELOW_NORM]


@pytest.mark.parametrize("kind", ["СПО", "ДОД", "ДПО", "другое", None])
def test_other_types_have_no_norm_in_the_letter(kind: str | None) -> None:
    profile = load_profile("chelyabinsk-2024")
    assert all(profile.rule(level, kind, "teachers_10_messages") is None for level in Level)


def test_the_letter_has_no_rule_for_a_region() -> None:
    profile = load_profile("chelyabinsk-2024")
    assert all(
        profile.rule("region", kind, "teachers_10_messages") is None for kind in (None, *OrganizationType)
    )


@pytest.mark.parametrize(
    ("indicator", "numerator", "status"),
    [
        ("teachers_active", 250, Status.TARGET_MISSED),
        ("teachers_active", 251, Status.TARGET_MET),
        ("teachers_active", 350, Status.TARGET_MET),
        ("teachers_active", 351, Status.LEADER),
        ("students_active", 250, Status.TARGET_MISSED),
        ("students_active", 351, Status.LEADER),
        ("users_linked", 800, Status.TARGET_MISSED),
        ("users_linked", 801, Status.TARGET_MET),
        ("users_linked", 1000, Status.TARGET_MET),
    ],
)
def test_edges_of_the_goals_of_002(indicator: str, numerator: int, status: Status) -> None:
    """002: «> 25%», «> 35%», «> 80%»."""
    for level in ("municipality", "region"):
        for kind in (None, "ДОО", "СПО"):
            rule = load_profile("tomsk-2024").rule(level, kind, indicator)
            assert verdicts(rule, (numerator, 1000)) == [status]


@pytest.mark.parametrize(
    ("indicator", "at", "below"),
    [("teachers_active", 750, 749), ("students_active", 300, 299), ("parents_active", 300, 299)],
)
def test_max_goals_count_from_their_figure(indicator: str, at: int, below: int) -> None:
    rule = load_profile("max-2025").rule("municipality", None, indicator)
    assert verdicts(rule, (at, 1000), (below, 1000)) == [Status.TARGET_MET, Status.TARGET_MISSED]


@pytest.mark.parametrize("name", ["tomsk-2024", "max-2025"])
def test_yearly_goals_do_not_judge_single_organizations(name: str) -> None:
    profile = load_profile(name)
    assert all(
        profile.rule("organization", kind, code) is None
        for kind in OrganizationType
        for code in SHARE_INDICATORS
    )


def test_the_published_figures_of_tomsk() -> None:
    """002: 59.1, 24.8 and 26.5 percent against the goals."""
    profile = load_profile("tomsk-2024")
    found = [
        verdicts(profile.rule("region", None, code), (numerator, 1000))[0]
        for code, numerator in (("teachers_active", 591), ("students_active", 248), ("users_linked", 265))
    ]
    assert found == [Status.LEADER, Status.TARGET_MISSED, Status.TARGET_MISSED]


def test_no_rule_and_no_data() -> None:
    rule = load_profile("tomsk-2024").rule("region", None, "teachers_active")
    assert verdicts(None, (1, 2)) == [Status.NO_NORM]
    assert verdicts(rule, (None, 2), (1, None), (0, 0), (1, 0)) == [Status.NO_DATA] * 4


def test_a_rule_for_the_type_goes_before_a_rule_for_all() -> None:
    common = {"levels": ["organization"], "indicator": "teachers_active"}
    profile = make_profile(
        {**MINIMAL, "rules": [{**common, "low_percent": 10}, {**common, "types": ["СПО"], "low_percent": 50}]}
    )
    assert [profile.rule("organization", kind, "teachers_active").low for kind in ("СПО", "ОО", None)] == [
        0.5,
        0.1,
        0.1,
    ]


def test_bands_in_words() -> None:
    letter, tomsk, press = (load_profile(name) for name in profile_names())
    assert letter.band_text(letter.rules[0]) == "норма 2,5–5\u00a0%, цель – более 5\u00a0%"
    assert band_text(tomsk.rules[0]) == "цель – более 25\u00a0%, лидер – более 35\u00a0%"
    assert band_text(press.rules[0]) == "цель – 75\u00a0% и более"
    assert (
        band_text(Rule(levels=("region",), indicator="teachers_active", low_percent="10"))
        == "норма от 10\u00a0%"
    )
    assert band_text(None) == "норма не задана"


def test_an_unknown_profile_is_refused_in_russian() -> None:
    with pytest.raises(ProfileError, match="Профиля норм «moscow» нет") as caught:
        load_profile("moscow")
    assert isinstance(caught.value, KeyError)
    assert str(caught.value) == caught.value.message


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "chelyabinsk-2024.toml"])
def test_a_name_is_no_path(name: str) -> None:
    with pytest.raises(ProfileError):
        load_profile(name)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({}, "укажите нижнюю границу нормы или цель"),
        ({"low_percent": 10, "high_percent": 5, "target_percent": 20}, "верхняя граница нормы меньше нижней"),
        ({"low_percent": 10, "high_percent": 20}, "вместе с нижней и с целью"),
        ({"low_percent": 10, "target_percent": 5}, "цель меньше границы нормы"),
        ({"target_percent": 20, "leader_percent": 10}, "порог лидера"),
        ({"low_percent": 5, "leader_percent": 10}, "порог лидера"),
        ({"target_percent": 100}, "больше 100 % недостижимо"),
        ({"target_percent": 101}, "слишком большое число"),
        ({"low_percent": -1}, "слишком маленькое число"),
        ({"low_percent": "десять"}, "должно быть число"),
        ({"low_percent": float("nan")}, "должно быть число"),
        ({"low_percent": "2.123456"}, "не больше четырёх знаков"),
        ({"low_percent": 5, "indicator": "reposts"}, "нет в каталоге"),
        ({"low_percent": 5, "levels": []}, "выберите хотя бы одно значение"),
        ({"low_percent": 5, "levels": ["planet"]}, "недопустимое значение"),
        ({"low_percent": 5, "types": ["детсад"]}, "недопустимое значение"),
        ({"low_percent": 5, "indicator": "organizations_active"}, "нельзя оценить отдельную организацию"),
        ({"low_percent": 5, "colour": "red"}, "такого поля нет"),
    ],
)
def test_a_wrong_rule_is_named_in_russian(rule: dict[str, object], words: str) -> None:
    data = {**MINIMAL, "rules": [{"levels": ["organization"], "indicator": "teachers_active", **rule}]}
    with pytest.raises(ProfileError) as caught:
        make_profile(data)
    assert words in caught.value.message
    assert caught.value.message.startswith("Правило 1")


def test_two_rules_about_one_thing_are_refused() -> None:
    rule = {"levels": ["region"], "types": ["ОО"], "indicator": "teachers_active", "target_percent": 10}
    with pytest.raises(ProfileError, match="Два правила об одном: регион, ОО, teachers_active"):
        make_profile({**MINIMAL, "rules": [rule, {**rule, "types": ["ДОО", "ОО"], "target_percent": 20}]})


@pytest.mark.parametrize("text", ["name = ", "[[[[" * 5000, "name = 1979-05-27", "\x00", "a" * 70_000, ""])
def test_broken_text_is_refused_in_russian(text: str) -> None:
    with pytest.raises(ProfileError) as caught:
        parse_profile(text)
    assert any("а" <= letter <= "я" for letter in caught.value.message)


percents = st.decimals(0, 99, places=2) | st.integers(0, 99).map(Decimal)


@st.composite
def rules(draw: st.DrawFn) -> list[dict[str, object]]:
    codes = draw(st.lists(st.sampled_from(GROUP_INDICATORS), unique=True, max_size=5))
    found = []
    for code in codes:
        marks = sorted(draw(st.tuples(percents, percents, percents, percents)))
        shape = draw(st.sampled_from(["norm", "low", "target", "leader"]))
        rule: dict[str, object] = {
            "levels": draw(st.lists(st.sampled_from(["municipality", "region"]), min_size=1, unique=True)),
            "types": draw(st.lists(st.sampled_from([str(kind) for kind in OrganizationType]), unique=True)),
            "indicator": code,
            "source": draw(st.text(max_size=40)),
            "target_inclusive": draw(st.booleans()),
        }
        if shape in {"norm", "low"}:
            rule["low_percent"] = marks[0]
        if shape == "norm":
            rule |= {"high_percent": marks[1], "target_percent": marks[2], "leader_percent": marks[3]}
        if shape in {"target", "leader"}:
            rule["target_percent"] = marks[2]
        if shape == "leader":
            rule["leader_percent"] = marks[3]
        found.append(rule)
    return found


@settings(deadline=None, max_examples=40)
@given(
    title=st.text(min_size=1, max_size=60).filter(str.strip),
    caution=st.text(max_size=200),
    rules=rules(),
    least=st.integers(1, 1000),
    denominator=st.sampled_from(["registered", "staff_list"]),
)
def test_a_profile_survives_its_file(
    title: str, caution: str, rules: list[dict[str, object]], least: int, denominator: str
) -> None:
    profile = make_profile(
        {
            **MINIMAL,
            "title": title,
            "caution": caution,
            "rules": rules,
            "leader_min_count": least,
            "denominator": denominator,
        }
    )
    again = parse_profile(dump_profile(profile))
    assert again == profile
    assert isinstance(again, NormProfile)


@settings(deadline=None, max_examples=40)
@given(numerator=st.integers(0, 10**6), denominator=st.integers(1, 10**6), percent=percents)
def test_comparison_is_exact(numerator: int, denominator: int, percent: Decimal) -> None:
    rule = Rule(levels=(Level.REGION,), indicator="teachers_active", target_percent=percent)
    truly_more = Fraction(numerator, denominator) > Fraction(percent) / 100
    assert verdicts(rule, (numerator, denominator)) == [
        Status.TARGET_MET if truly_more else Status.TARGET_MISSED
    ]
