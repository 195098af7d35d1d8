"""What an agenda is made from and what it consists of: facts of a week, screens, figures, lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from sferum_core.changes import Changes
from sferum_core.grouping import UNKNOWN_KEY, group_keys
from sferum_core.norms import NormProfile
from sferum_core.staff import StaffReport

MOST_LINES = 8
MOST_BESIDE = 4  # lines beside a picture
MOST_MUNICIPALITIES = 3


class Part(StrEnum):
    """Where in the agenda a screen stands; the value is the word on the screen."""

    REGION = "Регион"
    MUNICIPALITIES = "Муниципалитеты"
    ORGANIZATIONS = "Организации"


class Picture(StrEnum):
    """Which chart a screen wants; the page draws it."""

    NONE = ""
    STATUSES = "statuses"
    BEHIND = "behind"
    RANKING = "ranking"
    FUNNEL = "funnel"
    SLOPE = "slope"
    STAFF = "staff"


@dataclass(frozen=True)
class AgendaFigure:
    """A figure ready to show: «90», «7,5 %» beside it, a status for its colour, what stands under it."""

    label: str
    value: str
    share: str = ""
    status: str = ""
    hint: str = ""


@dataclass(frozen=True)
class AgendaLine:
    """A line of a list: whom it is about, its value, a remark; `status` colours it. Plain text of the file."""

    name: str
    value: str = ""
    note: str = ""
    status: str = ""
    under: str = ""


@dataclass(frozen=True)
class Screen:
    """One message. `text` is Markdown, all else plain text.

    `keys` are the municipalities it is about, for the picture; `office` the municipality a task of this screen
    goes to, "" for none. `more` is how many lines did not fit.
    """

    key: str
    part: Part
    title: str
    text: str
    figures: tuple[AgendaFigure, ...] = ()
    picture: Picture = Picture.NONE
    lines: tuple[AgendaLine, ...] = ()
    more: int = 0
    keys: tuple[str, ...] = ()
    office: str = ""


@dataclass(frozen=True, eq=False)
class Facts:
    """What an agenda is made from; everything but the profile may be missing.

    `assessed`: `assess_organizations` with `with_filter_columns`. `comparison`, `region`: all municipalities by
    `indicator`; `places`: `municipality_changes` of the same against the earlier week, which `since` names;
    `changes`: the organizations' own. `streaks`: weeks in a row an organization has not been active, by the
    index of `assessed` (Int64), over `weeks_known` weeks. `municipalities` (as shown) and `types` the meeting
    is about, empty for all; `keys` of those municipalities are worked out from them. `about`: the type municipalities
    are compared by, "" for all together.
    """

    profile: NormProfile
    indicator: str
    assessed: pd.DataFrame | None = None
    comparison: pd.DataFrame | None = None
    region: pd.Series | None = None
    places: pd.DataFrame | None = None
    since: str = ""
    changes: Changes | None = None
    staff: StaffReport | None = None
    streaks: pd.Series | None = None
    weeks_known: int = 0
    about: str = ""
    municipalities: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()

    @property
    def about_words(self) -> str:
        """«, ДОО» after what is shown for one type."""
        return f", {self.about}" if self.about else ""

    @property
    def known(self) -> pd.DataFrame:
        """Municipalities with a place, in the order of places; those asked for."""
        if self.comparison is None:
            return pd.DataFrame()
        table = self.comparison
        here = (table["municipality_key"] != UNKNOWN_KEY) & table["rank"].notna()
        if self.keys:
            here &= table["municipality_key"].isin(self.keys)
        return table[here.to_numpy(dtype=bool)]

    def moved(self) -> pd.DataFrame:
        """Rows of `places` of the municipalities asked for that have a place in both weeks."""
        if self.places is None:
            return pd.DataFrame()
        here = self.places["rank_change"].notna() & (self.places["municipality_key"] != UNKNOWN_KEY)
        if self.keys:
            here &= self.places["municipality_key"].isin(self.keys)
        return self.places[here.to_numpy(dtype=bool)]

    def rows_of(self, key: str) -> pd.DataFrame:
        """Organizations of one municipality; none without organizations."""
        if self.assessed is None:
            return pd.DataFrame()
        return self.assessed[(group_keys(self.assessed) == key).to_numpy(dtype=bool)]


Maker = Callable[[Facts], Sequence[Screen]]


def first_lines(lines: Sequence[AgendaLine], most: int = MOST_LINES) -> tuple[tuple[AgendaLine, ...], int]:
    """The lines that fit a screen and how many do not."""
    return tuple(lines[:most]), max(0, len(lines) - most)
