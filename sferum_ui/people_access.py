"""The one question whether names that were kept may be shown, and to whom: only to the signed-in editor of that office."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sferum_core import municipality_key
from sferum_core.access import Role
from sferum_ui import access


@dataclass(frozen=True)
class Editor:
    """A signed-in editor: the name for the journal, and the municipality; "" is the whole region."""

    name: str
    municipality: str = ""


def _editor_here() -> Editor | None:
    """People told apart by their own accounts only; an administrator looks after the app, not after people's data."""
    if not access.is_personal():
        return None
    person = access.who()
    if person.role is Role.REGION:
        return Editor(person.identity)
    if person.role is Role.MUNICIPALITY and person.municipality:
        return Editor(person.identity, person.municipality)
    return None


signed_in: Callable[[], Editor | None] = _editor_here
"""Who is signed in as an editor, or None."""


def editor() -> Editor | None:
    """The signed-in editor; None for viewers, for visitors without sign-in, and while there is none."""
    return signed_in()


def may_see_names(municipality: str) -> bool:
    """Whether kept names of an organization of this municipality ("" when unknown) may be shown now."""
    who = editor()
    if who is None:
        return False
    if not who.municipality:
        return True
    return bool(municipality) and municipality_key(municipality) == municipality_key(who.municipality)
