"""Every call of the store has its act, a role without it is refused, and every act is written in the journal."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from sferum_core.access import ALLOWED, GIVEN_ROLES, Role
from sferum_store import Action, Forbidden
from sferum_ui import access, library
from tests.ui.conftest import ROOT


def test_every_call_of_the_store_has_its_act() -> None:
    store = library.whole_store()
    for part, calls in access.CALLS.items():
        assert all(hasattr(getattr(store, part), name) for name in calls), part
    kept_inside = {"expire", "drop_expired_data"}
    of_commands = {"access", "attempts", "audit", "database", "names", "settings"}
    for part in {name for name in vars(store) if not name.startswith("_")} - of_commands:
        public = {name for name in dir(getattr(store, part)) if not name.startswith("_")}
        assert public - kept_inside == set(access.CALLS[part]), part


@pytest.mark.parametrize("role", [Role.STRANGER, *GIVEN_ROLES])
def test_the_store_refuses_what_a_role_may_not(
    role: Role, signed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "who", lambda: access.Person(role))
    guarded = library.store()
    for part, calls in access.CALLS.items():
        for name, act in calls.items():
            if act is None or act in ALLOWED[role]:
                continue
            with pytest.raises(Forbidden):
                getattr(getattr(guarded, part), name)("anything")
    for closed in ("database", "attempts", "close", "expire"):
        with pytest.raises(Forbidden):
            getattr(guarded, closed)
    with pytest.raises(Forbidden):
        guarded.audit.purge(dt.datetime.now(dt.UTC))


def test_no_page_makes_a_download_by_itself() -> None:
    found = [
        path.name
        for folder in ("sferum_ui", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if "st.download_button(" in path.read_text(encoding="utf-8")
    ]
    assert found == ["downloads.py"]


def test_every_action_of_the_journal_is_written_somewhere() -> None:
    written = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("sferum_ui", "sferum_store")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "audit.py"
    )
    assert [action for action in Action if f"Action.{action.name}" not in written] == []
    assert all(action.label for action in Action)
