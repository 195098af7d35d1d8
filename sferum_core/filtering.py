"""Which organizations of an assessed table are shown: filters as data, each with its Russian phrase."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import pandas as pd

from sferum_core.model import OrganizationType, Status
from sferum_core.names import municipality_display, municipality_key, municipality_keys, strangers

TYPE_UNKNOWN = "Тип не определён"
NO_MUNICIPALITY = "Без муниципалитета"


@dataclass(frozen=True)
class Selection:
    """What the viewer asked to see. None and "" mean «no such filter»."""

    municipality: str | None = None
    organization_type: str | None = None
    status: str | None = None
    search: str = ""
    without_strangers: bool = False

    @property
    def is_empty(self) -> bool:
        """True when nothing narrows the table."""
        return self == Selection()

    def without(self, *names: str) -> Selection:
        """The same selection with the named filters taken off."""
        empty = Selection()
        return replace(self, **{name: getattr(empty, name) for name in names})


@dataclass(frozen=True)
class Filter:
    """One filter: the field of `Selection` it serves, how it tests rows, how it reads in Russian."""

    name: str
    keep: Callable[[pd.DataFrame, str], pd.Series]
    phrase: Callable[[str], str]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower().replace("ё", "е"))


def _keep_search(table: pd.DataFrame, text: str) -> pd.Series:
    kept = pd.Series(True, index=table.index)
    for word in _words(text):
        kept &= table["search_text"].str.contains(word, regex=False, na=False)
    return kept


FILTERS: tuple[Filter, ...] = (
    Filter(
        "municipality",
        lambda table, value: table["municipality_key"].eq(_key(value)),
        lambda value: f"муниципалитет «{value}»",
    ),
    Filter(
        "organization_type",
        lambda table, value: table["type_shown"].eq(value),
        lambda value: "тип не определён" if value == TYPE_UNKNOWN else f"тип «{value}»",
    ),
    Filter(
        "status",
        lambda table, value: table["status"].eq(value),
        lambda value: f"статус «{Status(value).label}»",
    ),
    Filter("search", _keep_search, lambda value: f"в названии, ID или муниципалитете есть «{value.strip()}»"),
    Filter(
        "without_strangers",
        lambda table, _value: table["stranger"].eq(""),
        lambda _value: "без тестовых организаций и органов управления",
    ),
)


def _key(shown: str) -> str:
    return "" if shown == NO_MUNICIPALITY else municipality_key(shown)


def _text(table: pd.DataFrame, column: str) -> pd.Series:
    if column not in table:
        return pd.Series("", index=table.index, dtype="str")
    return table[column].astype("str").fillna("")


def with_filter_columns(assessed: pd.DataFrame) -> pd.DataFrame:
    """`assessed` with what filters test, all text and never missing. Same rows, same order.

    `municipality_key` is equal for spellings of one municipality, `municipality_shown` is its most
    frequent spelling, `type_shown` the type or «Тип не определён», `stranger` why a row hardly belongs
    in the list ("" when it does), `search_text` what a search looks through.
    """
    written = _text(assessed, "municipality")
    keys = municipality_keys(written).astype("str").fillna("")
    shown = keys.map(municipality_display(written)).astype("str").fillna("")
    names = _text(assessed, "organization")
    types = _text(assessed, "organization_type")
    search = names + " " + _text(assessed, "organization_id") + " " + written
    return assessed.assign(
        municipality_key=keys,
        municipality_shown=shown.where(shown.ne(""), NO_MUNICIPALITY),
        type_shown=types.where(types.ne(""), TYPE_UNKNOWN),
        stranger=strangers(names).astype("str").fillna(""),
        search_text=search.str.lower().str.replace("ё", "е", regex=False),
    )


def apply_filters(table: pd.DataFrame, selection: Selection, ignore: Collection[str] = ()) -> pd.DataFrame:
    """Rows of `table` (of `with_filter_columns`) that pass the filters of `selection`, save the ignored."""
    kept = pd.Series(True, index=table.index)
    for one in FILTERS:
        value = getattr(selection, one.name)
        if value and one.name not in ignore:
            kept &= one.keep(table, value).astype(bool)
    return table[kept]


def describe(selection: Selection) -> str:
    """«муниципалитет «Озёрный район», статус «Не активна»»; «все организации» for an empty selection."""
    phrases = [one.phrase(value) for one in FILTERS if (value := getattr(selection, one.name))]
    return ", ".join(phrases) or "все организации"


@dataclass(frozen=True)
class Figure:
    """One figure of the strip: how many rows a status has and their share of all."""

    status: Status
    count: int
    share: float | None


def status_figures(table: pd.DataFrame) -> list[Figure]:
    """Figures of the strip, worst first: statuses that have rows, and «Не активна» even without any."""
    counts = table["status"].value_counts()
    total = len(table)
    figures = []
    for status in Status:
        count = int(counts.get(str(status), 0))
        if count or status is Status.INACTIVE:
            figures.append(Figure(status, count, count / total if total else None))
    return figures


def municipality_options(table: pd.DataFrame) -> list[str]:
    """Municipalities of the table as shown, in alphabetical order, rows without one last."""
    shown = sorted(set(table["municipality_shown"]), key=lambda name: (name == NO_MUNICIPALITY, name.lower()))
    return shown


def type_options(table: pd.DataFrame) -> list[str]:
    """Types of the table in the catalogue's order, the undetermined last."""
    present = set(table["type_shown"])
    known = [str(one) for one in OrganizationType if str(one) in present]
    return known + sorted(present - set(known))


def status_options(table: pd.DataFrame) -> list[Status]:
    """Statuses that have rows, worst first."""
    return [figure.status for figure in status_figures(table) if figure.count]


@dataclass(frozen=True)
class Apart:
    """Rows that stand apart: test organizations, offices, and rows whose type nobody could tell."""

    strangers: pd.DataFrame
    doubtful_type: pd.DataFrame

    @property
    def count(self) -> int:
        """How many rows in all; no row is in both tables."""
        return len(self.strangers) + len(self.doubtful_type)


def apart(table: pd.DataFrame) -> Apart:
    """What hardly belongs in lists for letters: shown apart, never dropped."""
    strange = table["stranger"].ne("")
    doubtful = ~strange & table["type_shown"].eq(TYPE_UNKNOWN)
    return Apart(table[strange], table[doubtful])
