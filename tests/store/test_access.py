"""People, the secret and counted attempts, in both databases and from two processes' stores."""

from __future__ import annotations

import datetime as dt

import pytest

from sferum_core.access import Role
from sferum_store import Action, Bound, NotFound, NotSaved, Store, open_store
from tests.store.samples import NOW


def test_people_are_found_however_their_address_is_written(store: Store, url: str) -> None:
    other = open_store(url)
    store.access.put(" Editor@Example.RU", Role.MUNICIPALITY, "Озёрный  район", by="admin@example.ru")
    found = other.access.find("editor@example.ru")
    assert found is not None
    assert (found.role, found.municipality) == (Role.MUNICIPALITY, "Озёрный район")
    store.access.put("editor@example.ru", Role.REGION, "Озёрный район")
    assert [(one.role, one.municipality) for one in store.access.people()] == [(Role.REGION, "")]
    store.access.remove("EDITOR@example.ru")
    assert store.access.find("editor@example.ru") is None
    with pytest.raises(NotFound):
        store.access.remove("editor@example.ru")
    entries = store.audit.entries(action=Action.ROLE)
    assert len(entries) == 3
    assert not any("editor@" in entry.about + entry.subject for entry in entries)
    other.close()


@pytest.mark.parametrize(
    ("email", "role", "place"),
    [
        ("nobody", Role.REGION, ""),
        ("a b@example.ru", Role.REGION, ""),
        ("", Role.REGION, ""),
        ("a@example.ru", Role.MUNICIPALITY, " "),
        ("a@example.ru", Role.VIEWER, ""),
    ],
)
def test_what_is_no_role_of_a_person_is_not_kept(store: Store, email: str, role: Role, place: str) -> None:
    with pytest.raises(NotSaved):
        store.access.put(email, role, place)
    assert store.access.people() == []


def test_the_secret_is_one_for_all_processes(store: Store, url: str) -> None:
    other = open_store(url)
    assert store.access.secret() == other.access.secret()
    assert len(store.access.secret()) == 32
    other.close()


def test_failures_are_counted_for_all_processes(store: Store, url: str) -> None:
    other, bound = open_store(url), Bound("link", 2, 100, dt.timedelta(minutes=10))
    store.attempts.failed(bound, "10.0.0.1", NOW)
    assert other.attempts.wait_seconds(bound, "10.0.0.1", NOW) == 0
    other.attempts.failed(bound, "10.0.0.1", NOW + dt.timedelta(minutes=1))
    assert store.attempts.wait_seconds(bound, "10.0.0.1", NOW + dt.timedelta(minutes=1)) == 541
    other.attempts.succeeded(bound, "10.0.0.1")
    assert store.attempts.wait_seconds(bound, "10.0.0.1", NOW) == 0
    other.close()
