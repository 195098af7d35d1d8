"""The catalogue of indicators: complete, consistent, and its counts row by row."""

import pandas as pd
import pytest

from sferum_core.indicators import (
    GROUP_INDICATORS,
    INDICATORS,
    SHARE_INDICATORS,
    computable,
    indicator_counts,
    reported_share,
)

NAMED_IN_DOMAIN = [
    "teachers_registered",
    "students_registered",
    "organizations_registered",
    "organizations_active",
    "teachers_active",
    "teachers_linked",
    "students_linked",
    "users_linked",
    "teachers_created_chat",
    "teachers_3_messages",
    "teachers_10_messages",
    "teachers_1_call",
    "teachers_3_calls",
    "students_active",
    "parents_registered",
    "parents_active",
]


def table(**columns: list[int | None]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.array(values, dtype="Int64") for name, values in columns.items()})


def test_every_indicator_of_the_documents_is_there() -> None:
    assert set(INDICATORS) == set(NAMED_IN_DOMAIN)


@pytest.mark.parametrize("code", NAMED_IN_DOMAIN)
def test_an_indicator_says_what_it_is(code: str) -> None:
    item = INDICATORS[code]
    assert item.code == code
    assert all((item.name, item.short_name, item.unit, item.description, item.source))
    assert len(item.short_name) <= 32


def test_names_tell_indicators_apart() -> None:
    for field in ("name", "short_name"):
        assert len({getattr(item, field) for item in INDICATORS.values()}) == len(INDICATORS)


def test_which_have_a_share() -> None:
    without = {"organizations_registered", "organizations_active", "parents_registered"}
    assert set(SHARE_INDICATORS) == set(NAMED_IN_DOMAIN) - without
    assert set(GROUP_INDICATORS) == {*SHARE_INDICATORS, "organizations_active"}


def test_shares_are_over_the_registered_of_the_same_role() -> None:
    """004: 1254 / 3725 = 33.7; the share of registered is over the staff list, 3725 / 4128."""
    assert INDICATORS["teachers_active"].denominator == ("teachers_registered",)
    assert INDICATORS["students_active"].denominator == ("students_registered",)
    assert INDICATORS["parents_active"].denominator == ("parents_registered",)
    assert INDICATORS["teachers_registered"].denominator == ("teachers_total",)


def test_linked_users_are_teachers_and_students_together() -> None:
    rows = table(
        teachers_linked=[1, 1],
        students_linked=[2, None],
        teachers_registered=[4, 4],
        students_registered=[6, 6],
    )
    above, below = indicator_counts(rows, "users_linked")
    assert above.tolist() == [3, pd.NA]
    assert below.tolist() == [10, 10]


def test_a_profile_may_put_teachers_over_the_staff_list() -> None:
    rows = table(
        teachers_active=[1],
        teachers_registered=[2],
        teachers_total=[4],
        students_active=[1],
        students_registered=[3],
    )
    assert indicator_counts(rows, "teachers_active", "staff_list")[1].tolist() == [4]
    assert indicator_counts(rows, "students_active", "staff_list")[1].tolist() == [3]


def test_a_missing_column_gives_no_counts() -> None:
    rows = table(teachers_active=[1])
    assert indicator_counts(rows, "teachers_active") is None
    assert computable(rows) == []


def test_only_what_has_data_is_computable() -> None:
    rows = table(teachers_active=[None, 1], teachers_registered=[3, None], teachers_3_calls=[0, 0])
    assert computable(rows) == ["teachers_3_calls"]


def test_stated_shares_are_found_under_both_names() -> None:
    short = pd.DataFrame({"reported_share_active": pd.array([0.5], dtype="Float64")})
    full = short.rename(columns={"reported_share_active": "reported_share_teachers_active"})
    for rows in (short, full):
        assert reported_share(rows, "teachers_active").tolist() == [0.5]
        assert reported_share(rows, "teachers_3_calls") is None


def test_an_unknown_code_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        indicator_counts(table(a=[1]), "reposts")
