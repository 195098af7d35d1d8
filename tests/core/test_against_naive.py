"""The judgement against a naive reading of the documents in plain Python and exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from sferum_core.grouping import UNKNOWN_KEY
from sferum_core.model import Status
from sferum_core.municipalities import compare_municipalities, region_total
from sferum_core.names import municipality_key
from sferum_core.norms import NormProfile, Rule, load_profile, make_profile, profile_names
from sferum_core.organizations import assess_organizations
from sferum_core.staff import doo_staff

Row = dict[str, Any]
COUNTS = ("admins_registered", "teachers_total", "teachers_registered", "teachers_active",
          "teachers_10_messages", "students_registered")  # fmt: skip
PLACES = ("Асиновский МР", "Асиновский район", "г. Ливны", "Ливенский район", "г.Кедровый", None)
EDGES = ("0", "2.5", "5", "10", "25", "33.3333", "75", "100")


@st.composite
def rules(draw: st.DrawFn, types: tuple[str, ...], indicator: str) -> dict[str, Any]:
    """A rule of any shape: norm with a target, norm only, target with a leader's mark, low = high."""
    low, high, target, leader = sorted((draw(st.sampled_from(EDGES)) for _ in range(4)), key=float)
    shape = draw(
        st.sampled_from(
            (
                {"low_percent": low, "high_percent": high, "target_percent": target},
                {"low_percent": low},
                {"target_percent": target, "leader_percent": leader},
                {"low_percent": low, "high_percent": low, "target_percent": low},
            )
        )
    )
    inclusive = shape.get("target_percent") == "100" or draw(st.booleans())
    levels = ["organization", "municipality", "region"]
    return {
        "levels": levels,
        "types": types,
        "indicator": indicator,
        **shape,
        "target_inclusive": inclusive,
    }


@st.composite
def profiles(draw: st.DrawFn) -> NormProfile:
    """One of the built-in profiles, or an office's own with up to three rules."""
    if draw(st.booleans()):
        return load_profile(draw(st.sampled_from(profile_names())))
    main = draw(st.sampled_from(("teachers_active", "teachers_10_messages")))
    made = [draw(rules(types, main)) for types in (("ДОО",), ("ОО", "СПО"), ()) if draw(st.booleans())]
    activity = draw(st.sampled_from(("two_users", "beyond_admin", "three_teachers")))
    return make_profile(
        {
            "name": "own",
            "title": "Своя",
            "main_indicator": main,
            "activity_rule": activity,
            "denominator": draw(st.sampled_from(("registered", "staff_list"))),
            "rules": made,
        }
    )


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "organization_type": st.sampled_from(("ДОО", "ОО", "СПО", None)),
            "municipality": st.sampled_from(PLACES),
            "is_active": st.sampled_from((True, False, None, None)),
            **{name: st.none() | st.sampled_from((0, 1, 2, 4, 40)) | st.integers(0, 60) for name in COUNTS},
        }
    ),
    min_size=1,
    max_size=8,
)
FORMS = st.sampled_from(("object", "nullable", "plain", "categories"))


def framed(rows: Sequence[Row], form: str) -> pd.DataFrame:
    """The rows as a table of one or another set of types, with an index of its own."""
    table = pd.DataFrame(list(rows), index=[7] * len(rows))
    if form == "object":
        return table.astype(object)
    if form == "nullable":
        return table.convert_dtypes()
    return table.astype({"municipality": "category"}) if form == "categories" else table


def counts(row: Row, profile: NormProfile, indicator: str) -> tuple[int | None, int | None]:
    below = "teachers_total" if profile.denominator == "staff_list" else "teachers_registered"
    return row[indicator], row[below]


def rule_of(profile: NormProfile, level: str, kind: str | None, indicator: str) -> Rule | None:
    fitting = [rule for rule in profile.rules if level in rule.levels and rule.indicator == indicator]
    own = [rule for rule in fitting if kind is not None and kind in [str(one) for one in rule.types]]
    return next(iter([*own, *(rule for rule in fitting if not rule.types)]), None)


def mark(percent: Any) -> Fraction:
    return Fraction(str(percent)) / 100


def verdict(share: Fraction, rule: Rule) -> str:
    if rule.leader_percent is not None and share > mark(rule.leader_percent):
        return "leader"
    if rule.target_percent is not None:
        target = mark(rule.target_percent)
        if share > target or (rule.target_inclusive and share == target):
            return "target_met"
    if rule.low_percent is None:
        return "target_missed"
    return "within_norm" if share >= mark(rule.low_percent) else "below_norm"


def active(row: Row, profile: NormProfile) -> bool | None:
    if row["is_active"] is not None:
        return bool(row["is_active"])
    parts, least = {
        "two_users": (("admins_registered", "teachers_registered", "students_registered"), 2),
        "beyond_admin": (("teachers_registered", "students_registered"), 1),
        "three_teachers": (("teachers_registered",), 3),
    }[profile.activity_rule.value]
    if sum(row[part] or 0 for part in parts) >= least:
        return True
    return None if any(row[part] is None for part in parts) else False


def steps_to(above: int, below: int, percent: Any, *, inclusive: bool) -> int:
    """By trial: one teacher more and one more until the mark is passed."""
    more = 0
    while Fraction(above + more, below) < mark(percent) or (
        not inclusive and Fraction(above + more, below) == mark(percent)
    ):
        more += 1
    return more


@dataclass(frozen=True)
class Judged:
    active: bool | None
    share: Fraction | None
    to_norm: int | None
    to_target: int | None
    status: str


def judged(row: Row, profile: NormProfile) -> Judged:
    is_active = active(row, profile)
    above, below = counts(row, profile, profile.main_indicator)
    rule = rule_of(profile, "organization", row["organization_type"], profile.main_indicator)
    share = Fraction(above, below) if above is not None and below else None
    to_norm = to_target = None
    if rule is not None and share is not None:
        assert above is not None and below
        if rule.low_percent is not None:
            to_norm = steps_to(above, below, rule.low_percent, inclusive=True)
        if rule.target_percent is not None:
            to_target = steps_to(above, below, rule.target_percent, inclusive=rule.target_inclusive)
    if is_active is False:
        status = "inactive"
    elif rule is None:
        status = "no_norm" if row["organization_type"] else "no_data"
    else:
        status = "no_data" if share is None else verdict(share, rule)
    return Judged(is_active, share, to_norm, to_target, status)


def same(expected: Any, value: Any) -> bool:
    if expected is None or pd.isna(value):
        return expected is None and bool(pd.isna(value))
    return float(expected) == float(value) if isinstance(expected, Fraction) else bool(expected == value)


@settings(max_examples=40, deadline=None)
@given(ROWS, profiles(), FORMS)
def test_every_organization_is_judged_as_by_hand(rows: list[Row], profile: NormProfile, form: str) -> None:
    table = framed(rows, form)
    result = assess_organizations(table, profile)
    assert result.index.equals(table.index)
    for row, (_, got) in zip(rows, result.iterrows(), strict=True):
        one = judged(row, profile)
        assert got["status"] == one.status
        assert same(one.active, got["active"])
        assert same(one.share, got["main_share"])
        assert same(one.to_norm, got["missing_to_norm"])
        assert same(one.to_target, got["missing_to_target"])


def grouped(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        key = municipality_key(row["municipality"]) if row["municipality"] else UNKNOWN_KEY
        found.setdefault(key, []).append(row)
    return found


def ratio(pairs: list[tuple[int | None, int | None]]) -> tuple[int | None, int | None, Fraction | None]:
    both = [(above, below) for above, below in pairs if above is not None and below is not None]
    above, below = sum(one for one, _ in both), sum(other for _, other in both)
    return (above, below, Fraction(above, below) if below else None) if both else (None, None, None)


def place(share: Fraction | None, others: list[Fraction | None]) -> int | None:
    return None if share is None else 1 + sum(other is not None and other > share for other in others)


@settings(max_examples=25, deadline=None)
@given(ROWS, profiles(), FORMS, st.sampled_from((None, "ДОО", "ОО")))
def test_municipalities_are_compared_as_by_hand(
    rows: list[Row], profile: NormProfile, form: str, kind: str | None
) -> None:
    indicator = profile.main_indicator
    table = framed(rows, form)
    result = compare_municipalities(table, profile, indicator, kind).set_index("municipality_key")
    region = region_total(table, profile, indicator, kind)
    kept = [row for row in rows if kind is None or row["organization_type"] == kind]
    groups = grouped(kept)
    kinds = {row["organization_type"] for row in kept}
    judged_kind = kind or (kinds.pop() if len(kinds) == 1 else None)
    figures = {
        key: ratio([counts(row, profile, indicator) for row in inside]) for key, inside in groups.items()
    }
    shares = [share for key, (_, _, share) in figures.items() if key != UNKNOWN_KEY]
    assert set(result.index) == set(groups)
    for key, inside in groups.items():
        got = result.loc[key]
        above, below, share = figures[key]
        assert got["organizations"] == len(inside)
        assert got["organizations_without_data"] == sum(
            None in counts(row, profile, indicator) for row in inside
        )
        assert same(above, got["numerator"]) and same(below, got["denominator"])
        assert same(share, got["share"])
        assert same(None if key == UNKNOWN_KEY else place(share, shares), got["rank"])
        for status in Status:
            assert got[status.value] == sum(judged(row, profile).status == status for row in inside)
        rule = rule_of(profile, "municipality", judged_kind, indicator)
        if key != UNKNOWN_KEY:
            expected = "no_norm" if rule is None else "no_data" if share is None else verdict(share, rule)
            assert got["status"] == expected
    above, below, share = ratio([counts(row, profile, indicator) for row in kept])
    assert same(above, region["numerator"]) and same(below, region["denominator"])
    assert same(share, region["share"])


@settings(max_examples=20, deadline=None)
@given(ROWS, FORMS)
def test_preschool_staff_is_counted_as_by_hand(rows: list[Row], form: str) -> None:
    report = doo_staff(framed(rows, form), "teachers_active")
    preschools = [row for row in rows if row["organization_type"] == "ДОО"]
    groups = grouped(preschools)
    result = report.municipalities.set_index("municipality_key")
    assert set(result.index) == set(groups)
    for key, inside in [*groups.items(), ("region", preschools)]:
        got = report.region if key == "region" else result.loc[key]
        registered = ratio([(row["teachers_registered"], row["teachers_total"]) for row in inside])
        wrote = ratio([(row["teachers_active"], row["teachers_registered"]) for row in inside])
        assert same(registered[2], got["share_registered"])
        assert same(wrote[2], got["share_active"])
        missing = None if registered[0] is None else max(0, (registered[1] or 0) - registered[0])
        assert same(missing, got["missing_to_full"])
