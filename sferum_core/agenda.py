"""The agenda of a planning meeting: region → municipalities that stand out → organizations to discuss.

One message a screen: a title, one or two sentences with the figures in bold (Markdown), the figures, a short list,
and which picture belongs to it. What is not known (an earlier week, organizations, head counts) has no screen.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sferum_core.agenda_facts import AgendaFigure, AgendaLine, Facts, Maker, Part, Picture, Screen
from sferum_core.agenda_municipalities import MUNICIPALITY_SCREENS
from sferum_core.agenda_organizations import ORGANIZATION_SCREENS, REGION_SCREENS, inactive_streaks
from sferum_core.grouping import group_keys
from sferum_core.model import OrganizationType

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

_NOTHING = Screen(
    "nothing",
    Part.REGION,
    "Повестки нет",
    "В открытой таблице нет ни организаций, ни показателя, по которому можно сравнить муниципалитеты.",
)


def agenda(facts: Facts, most: int = MOST_SCREENS) -> tuple[Screen, ...]:
    """The screens, at most `most`, in the order they are spoken to. The same facts give the same screens."""
    makers: tuple[Maker, ...] = (*REGION_SCREENS, *MUNICIPALITY_SCREENS, *ORGANIZATION_SCREENS)
    here = narrowed(facts)
    screens = [screen for maker in makers for screen in maker(here)]
    for key in _SPARE:
        if len(screens) > most:
            screens = [screen for screen in screens if screen.key != key]
    return tuple(screens[:most]) or (_NOTHING,)


def narrowed(facts: Facts) -> Facts:
    """The facts of the municipalities and types asked for; names that are not there are passed over."""
    facts = replace(facts, keys=_keys(facts))
    table, changes, staff = facts.assessed, facts.changes, facts.staff
    if table is not None:
        here = pd.Series(True, index=table.index)
        if facts.keys:
            here &= group_keys(table).isin(facts.keys)
        if facts.types:
            here &= table["type_shown"].isin(facts.types)
        table = table[here.to_numpy(dtype=bool)]
        if facts.keys or (facts.types and OrganizationType.PRESCHOOL.value not in facts.types):
            staff = None
    if changes is not None:
        changes = replace(changes, organizations=_narrowed_changes(facts, changes.organizations))
    return replace(facts, assessed=table, changes=changes, staff=staff)


def _keys(facts: Facts) -> frozenset[str]:
    for table, name in ((facts.assessed, "municipality_shown"), (facts.comparison, "municipality")):
        if table is not None and facts.municipalities:
            return frozenset(group_keys(table)[table[name].isin(facts.municipalities).to_numpy(dtype=bool)])
    return frozenset()


def _narrowed_changes(facts: Facts, table: pd.DataFrame) -> pd.DataFrame:
    here = pd.Series(True, index=table.index)
    for column, wanted in (("municipality_key", facts.keys), ("organization_type", facts.types)):
        if wanted:
            here &= table[column].isin(wanted) | table[f"{column}_before"].isin(wanted)
    return table[here.to_numpy(dtype=bool)].reset_index(drop=True)
