"""The agenda of a planning meeting: region → municipalities that stand out → organizations to discuss.

One message a screen: a title, one or two sentences with the figures in bold (Markdown), the figures, a short list,
and which picture belongs to it. What is not known (an earlier week, organizations, head counts) has no screen.
"""

from __future__ import annotations

from dataclasses import replace

from sferum_core.agenda_facts import AgendaFigure, AgendaLine, Facts, Maker, Part, Picture, Screen
from sferum_core.agenda_municipalities import MUNICIPALITY_SCREENS
from sferum_core.agenda_organizations import ORGANIZATION_SCREENS, REGION_SCREENS, inactive_streaks

__all__ = [
    "AgendaFigure",
    "AgendaLine",
    "Facts",
    "Part",
    "Picture",
    "Screen",
    "agenda",
    "inactive_streaks",
]

MOST_SCREENS = 12
# Dropped first when there are too many, in this order; the rest is never dropped.
_SPARE = ("almost", "leaders", "left", "staff")


def agenda(facts: Facts, most: int = MOST_SCREENS) -> tuple[Screen, ...]:
    """The screens, at most `most`, in the order they are spoken to. The same facts give the same screens."""
    makers: tuple[Maker, ...] = (*REGION_SCREENS, *MUNICIPALITY_SCREENS, *ORGANIZATION_SCREENS)
    here = narrowed(facts)
    screens = [screen for maker in makers for screen in maker(here)]
    for key in _SPARE:
        if len(screens) > most:
            screens = [screen for screen in screens if screen.key != key]
    return tuple(screens[:most])


def narrowed(facts: Facts) -> Facts:
    """The facts with changes of the municipalities asked for only."""
    if not facts.keys or facts.changes is None:
        return facts
    table = facts.changes.organizations
    here = table["municipality_key"].isin(facts.keys) | table["municipality_key_before"].isin(facts.keys)
    kept = table[here.to_numpy(dtype=bool)].reset_index(drop=True)
    return replace(facts, changes=replace(facts.changes, organizations=kept))
