"""Links open what they were made from, for as long as they were made for, and show nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from sferum_store import (
    Action,
    GoneReason,
    Lifetime,
    Link,
    LinkGone,
    NotFound,
    Store,
    open_store,
)
from sferum_store.backup import contents
from sferum_store.schema import links
from tests.store.samples import NOW, OTHER_PROFILE, PROFILE, REGION, week
from tests.store.test_payload import assert_equal_exports

DAY = dt.timedelta(days=1)


def saved(store: Store, number: int = 0) -> str:
    return store.weeks.save(week(number), region=REGION, profile=PROFILE, now=NOW).week.id


def make(store: Store, **given) -> Link:
    plain = {"maker": "ключ браузера", "page": "organization_check", "profile": PROFILE, "now": NOW}
    if "draft_id" not in given and "week_id" not in given:
        given["week_id"] = saved(store)
    return store.links.make(**{**plain, **given})


def reason(store: Store, token: str, now: dt.datetime = NOW) -> GoneReason:
    with pytest.raises(LinkGone) as gone:
        store.links.open(token, now)
    assert gone.value.message
    assert gone.value.advice
    return gone.value.reason


def test_a_link_opens_in_another_process_with_everything(url: str) -> None:
    filters = {"status": ["below_norm", "inactive"], "search": "СОШ №\u00a01 & «я»", "page": "2"}
    link = make(
        open_store(url), filters=filters, profile=OTHER_PROFILE, profile_key="own-1", title="Ниже нормы"
    )
    found = open_store(url).links.open(str(link.token), NOW)
    assert (found.week_id, found.page, found.filters, found.title) == (
        link.week_id, "organization_check", filters, "Ниже нормы",
    )  # fmt: skip
    assert (found.profile, found.profile_key, found.calculation_version) == (
        OTHER_PROFILE, "own-1", link.calculation_version,
    )  # fmt: skip
    assert found.token is None


def test_tokens_have_128_bits_and_are_not_in_the_database(store: Store) -> None:
    tokens = {str(make(store).token) for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) >= 22 for token in tokens)
    with store.database.read() as connection:
        everything = repr(connection.execute(sa.select(links)).all())
    assert not any(token in everything for token in tokens)
    assert "ключ браузера" not in everything


@pytest.mark.parametrize(
    "token", ["", "x", "../../etc/passwd", "'; DROP TABLE links; --", "я" * 10_000, "\0", "\ud800"]
)
def test_a_wrong_token_opens_nothing(store: Store, token: str) -> None:
    make(store)
    assert reason(store, token) is GoneReason.UNKNOWN


def test_a_token_is_taken_as_it_is(store: Store) -> None:
    token = str(make(store).token)
    for other in (token[:-1], token + " ", token.swapcase(), token[::-1]):
        assert reason(store, other) is GoneReason.UNKNOWN


@pytest.mark.parametrize(
    ("lifetime", "days"), [(Lifetime.WEEK, 7), (Lifetime.TERM, 120), (Lifetime.NEVER, None)]
)
def test_a_link_lives_as_long_as_its_maker_said(store: Store, lifetime: Lifetime, days: int | None) -> None:
    link = make(store, lifetime=lifetime)
    token = str(link.token)
    if days is None:
        assert link.expires_at is None
        assert store.links.open(token, NOW + 36_500 * DAY)
        return
    assert store.links.open(token, NOW + days * DAY - dt.timedelta(seconds=1))
    assert reason(store, token, NOW + days * DAY) is GoneReason.EXPIRED
    assert link.is_expired(NOW + days * DAY)


def test_lifetimes_are_settings(url: str) -> None:
    store = open_store(url, link_week_days=2, link_term_days=60)
    assert make(store, lifetime=Lifetime.WEEK).expires_at == NOW + 2 * DAY
    assert make(store, lifetime=Lifetime.TERM).expires_at == NOW + 60 * DAY


def test_a_revoked_link_opens_nothing_again(store: Store) -> None:
    link = make(store)
    assert store.links.revoke(link.id, now=NOW).is_revoked
    assert reason(store, str(link.token)) is GoneReason.REVOKED
    assert store.links.revoke(link.id, now=NOW + DAY).revoked_at == NOW


def test_only_the_maker_lists_copies_and_revokes(store: Store) -> None:
    first, second = make(store, title="первая"), make(store, title="вторая", now=NOW + DAY)
    other = make(store, maker="другой")
    mine = store.links.mine("ключ браузера")
    assert [(link.title, link.token) for link in mine] == [("вторая", second.token), ("первая", first.token)]
    assert [link.token for link in store.links.mine("другой")] == [other.token]
    assert store.links.mine("ключ") == []
    with pytest.raises(NotFound):
        store.links.revoke(first.id, maker="другой")
    assert store.links.revoke(first.id, maker="ключ браузера").is_revoked
    still = store.links.mine("ключ браузера", with_gone=False, now=NOW)
    assert [link.id for link in still] == [second.id]


def test_a_link_to_a_draft_keeps_its_data_whatever_becomes_of_the_draft(store: Store) -> None:
    draft = store.drafts.put(week(), now=NOW)
    link = make(store, draft_id=draft.id, lifetime=Lifetime.WEEK)
    store.drafts.replace(draft.id, week(1), now=NOW)
    store.drafts.forget(draft.id)
    store.expire(NOW + DAY)
    found = store.links.open(str(link.token), NOW + DAY)
    assert (found.has_own_data, found.week_id) == (True, None)
    assert_equal_exports(store.links.data(found), week())


def test_data_of_a_link_to_a_draft_goes_with_the_link(store: Store) -> None:
    first, second = (
        make(store, draft_id=store.drafts.put(week(number), now=NOW).id, lifetime=Lifetime.WEEK)
        for number in (0, 1)
    )
    store.drafts.expire(NOW + 20 * DAY)
    assert contents(store.database).payload_bytes > 0
    opened = store.links.open(str(first.token), NOW)
    store.links.revoke(first.id)
    with pytest.raises(LinkGone):
        store.links.data(opened)
    assert store.expire(NOW + 20 * DAY).link_data == 1
    assert contents(store.database).payload_bytes == 0
    assert reason(store, str(second.token), NOW + 20 * DAY) is GoneReason.EXPIRED


def test_there_is_no_link_to_what_is_gone(store: Store) -> None:
    week_id = saved(store)
    store.weeks.delete(week_id)
    draft = store.drafts.put(week(), now=NOW)
    for given in (
        {"week_id": week_id},
        {"week_id": "нет"},
        {"draft_id": "нет"},
        {"draft_id": draft.id, "now": NOW + 15 * DAY},
    ):
        with pytest.raises(NotFound):
            make(store, **given)
    assert contents(store.database).links == 0


def test_a_link_is_to_one_thing_and_of_somebody(store: Store) -> None:
    week_id, draft = saved(store), store.drafts.put(week(), now=NOW)
    for given in (
        {"week_id": None},
        {"week_id": week_id, "draft_id": draft.id},
        {"week_id": week_id, "maker": ""},
    ):
        with pytest.raises(ValueError, match="maker"):
            make(store, **given)


def test_a_frozen_link_stays_with_its_version(store: Store) -> None:
    link = make(store)
    newer = store.weeks.save(week(sha256="1" * 64), region=REGION, profile=PROFILE).week
    assert store.links.open(str(link.token), NOW).week_id != newer.id
    assert not store.weeks.get(str(link.week_id)).is_current


def test_sharing_and_revoking_are_in_the_list_of_deeds(store: Store) -> None:
    link = make(store, by="Отдел")
    store.links.revoke(link.id, by="Отдел")
    deeds = store.audit.entries(subject=link.id)
    assert [deed.action for deed in deeds] == [Action.REVOKED, Action.SHARED]
    assert str(link.token) not in repr(store.audit.entries())
