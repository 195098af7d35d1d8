"""The one question whether names that were kept may be shown, and to whom: only to the signed-in editor of that office."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sferum_core import municipality_key
from sferum_core.access import Role
from sferum_store import KeptNames
from sferum_ui import access, library


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


def may_keep_names(municipalities: Iterable[str]) -> bool:
    """Whether the names of organizations of these municipalities may be kept by the visitor: of their own office only.

    Organizations that a file places nowhere are taken for the office's own.
    """
    who = editor()
    if who is None:
        return False
    return not who.municipality or all(_is_one(one, who.municipality) for one in municipalities)


def may_see_names(kept: KeptNames) -> bool:
    """Whether a set of kept names may be shown now: to the office of its municipality, or to the region's that kept it.

    What is in no municipality is the region's.
    """
    who = editor()
    if who is None:
        return False
    if who.municipality:
        return _is_one(kept.municipality, who.municipality)
    return not kept.municipality or kept.kept_by == who.name or region_kept(kept.kept_by)


def _kept_by_region(keeper: str) -> bool:
    """Whether the keeper is an editor of the region, as the list of people says now."""
    member = library.quietly(lambda store: library.whole_store().access.find(keeper))
    return member is not None and member.role is Role.REGION


region_kept: Callable[[str], bool] = _kept_by_region
"""Whether names were kept by the region's office."""


def _is_one(municipality: str, own: str) -> bool:
    return bool(municipality) and municipality_key(municipality) == municipality_key(own)
