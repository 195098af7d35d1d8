"""Which organizations of an assessed table are shown: filters as data, each with its Russian phrase."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import pandas as pd

from sferum_core.grouping import UNKNOWN_MUNICIPALITY, display_names, group_keys
from sferum_core.indicators import indicator_counts
from sferum_core.model import OrganizationType, Status
from sferum_core.names import organization_types, strangers
from sferum_core.norms import NormProfile
from sferum_core.wording import counted

TYPE_UNKNOWN = "Тип не определён"


@dataclass(frozen=True)
class Selection:
    """What the viewer asked to see. An empty field means «no such filter»; values of one field add up."""

    municipalities: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
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
    keep: Callable[[pd.DataFrame, Selection], pd.Series]
    phrase: Callable[[Selection], str]


def _listed(one: str, many: str, values: Collection[str]) -> str:
    names = ", ".join(f"«{value}»" for value in values)
    return f"{one if len(values) == 1 else many} {names}"


def _phrase_municipalities(selection: Selection) -> str:
    chosen = selection.municipalities
    if len(chosen) > 5:
        return counted(len(chosen), "муниципалитет", "муниципалитета", "муниципалитетов")
    return _listed("муниципалитет", "муниципалитеты", chosen)


def _keep_search(table: pd.DataFrame, selection: Selection) -> pd.Series:
    kept = pd.Series(True, index=table.index)
    for word in re.findall(r"\w+", _folded(selection.search)):
        kept &= table["search_text"].str.contains(word, regex=False)
    return kept


def _folded(text: str) -> str:
    return text.lower().replace("ё", "е")


FILTERS: tuple[Filter, ...] = (
    Filter(
        "municipalities",
        lambda table, asked: table["municipality_shown"].isin(asked.municipalities),
        _phrase_municipalities,
    ),
    Filter(
        "types",
        lambda table, asked: table["type_shown"].isin(asked.types),
        lambda asked: _listed("тип", "типы", asked.types),
    ),
    Filter(
        "statuses",
        lambda table, asked: table["status"].isin(asked.statuses),
        lambda asked: _listed("статус", "статусы", [Status(status).label for status in asked.statuses]),
    ),
    Filter(
        "search",
        _keep_search,
        lambda asked: f"в названии, ID или муниципалитете есть «{asked.search.strip()}»",
    ),
    Filter(
        "without_strangers",
        lambda table, _asked: table["stranger"].eq(""),
        lambda _asked: "без тестовых организаций и органов управления",
    ),
)


def _text(table: pd.DataFrame, column: str) -> pd.Series:
    if column not in table.columns:
        return pd.Series("", index=table.index, dtype="str")
    return table[column].astype("str").fillna("")


def with_filter_columns(assessed: pd.DataFrame) -> pd.DataFrame:
    """`assessed` with what filters test, all text and never missing. Same rows, same order.

    `municipality_shown` is the most frequent spelling of the row's municipality, `type_shown` the type or
    «Тип не определён», `type_by_name` what the name says ("" when unsure), `stranger` why a row hardly
    belongs in the list ("" when it does), `search_text` what a search looks through.
    """
    names = _text(assessed, "organization")
    types = _text(assessed, "organization_type")
    search = names + " " + _text(assessed, "organization_id") + " " + _text(assessed, "municipality")
    return assessed.assign(
        municipality_shown=group_keys(assessed).map(display_names(assessed)).astype("str"),
        type_shown=types.where(types.ne(""), TYPE_UNKNOWN),
        type_by_name=organization_types(names).astype("str").fillna("") if len(names) else names,
        stranger=strangers(names).astype("str").fillna("") if len(names) else names,
        search_text=search.str.lower().str.replace("ё", "е", regex=False),
    )


def apply_filters(table: pd.DataFrame, selection: Selection, ignore: Collection[str] = ()) -> pd.DataFrame:
    """Rows of `table` (of `with_filter_columns`) that pass the filters of `selection`, save the ignored."""
    kept = pd.Series(True, index=table.index)
    for one in FILTERS:
        if getattr(selection, one.name) and one.name not in ignore:
            kept &= one.keep(table, selection).astype(bool)
    return table[kept]


def selection_in(selection: Selection, now: pd.DataFrame, then: pd.DataFrame) -> Selection:
    """The same choice in another week's table: municipalities by their key, as that week spells them.

    Both tables are of `with_filter_columns`. A municipality the other week lacks keeps its name and finds nothing.
    """
    if not selection.municipalities:
        return selection
    keys_now = dict(zip(now["municipality_shown"], group_keys(now), strict=True))
    names_then = dict(zip(group_keys(then), then["municipality_shown"], strict=True))
    names = tuple(str(names_then.get(keys_now.get(name), name)) for name in selection.municipalities)
    return replace(selection, municipalities=names)


def describe(selection: Selection) -> str:
    """«муниципалитет «Озёрный район»; статус «Не активна»»; «все организации» for an empty selection."""
    phrases = [one.phrase(selection) for one in FILTERS if getattr(selection, one.name)]
    return "; ".join(phrases) or "все организации"


@dataclass(frozen=True)
class StatusFigure:
    """One figure of the strip: how many rows have one of `statuses`, and their share of all."""

    statuses: tuple[Status, ...]
    title: str
    count: int
    share: float | None

    @property
    def main(self) -> Status:
        """The status whose sign and colour stand for the figure."""
        return self.statuses[0]


# what may share a figure when there are more than fit, least telling first
_MERGES: tuple[tuple[tuple[Status, ...], str], ...] = (
    ((Status.NO_NORM, Status.NO_DATA), "Без оценки"),
    ((Status.TARGET_MET, Status.LEADER), "Цель достигнута"),
    ((Status.BELOW_NORM, Status.TARGET_MISSED), "Ниже нормы или цели"),
)


def status_figures(table: pd.DataFrame, most: int = 5) -> list[StatusFigure]:
    """Figures of the strip, worst first: statuses that have rows, and «Не активна» even without any.

    Where there are more than `most`, near statuses share a figure. The counts always sum to the table.
    """
    counts = {status: int(table["status"].eq(str(status)).sum()) for status in Status}
    groups: list[tuple[tuple[Status, ...], str]] = [
        ((status,), status.label) for status in Status if counts[status] or status is Status.INACTIVE
    ]
    for merged, title in _MERGES:
        inside = [group for group in groups if set(group[0]) <= set(merged)]
        if len(groups) > most and len(inside) > 1:
            groups[groups.index(inside[0])] = (merged, title)
            groups = [group for group in groups if group not in inside[1:]]
    total = len(table)
    return [
        StatusFigure(statuses, title, count, count / total if total else None)
        for statuses, title in groups
        for count in [sum(counts[status] for status in statuses)]
    ]


def municipality_options(table: pd.DataFrame) -> list[str]:
    """Municipalities of the table as shown, in alphabetical order, rows without one last."""
    return sorted(
        set(table["municipality_shown"]), key=lambda name: (name == UNKNOWN_MUNICIPALITY, _folded(name))
    )


def type_options(table: pd.DataFrame) -> list[str]:
    """Types of the table in the catalogue's order, the undetermined last."""
    present = set(table["type_shown"])
    known = [str(one) for one in OrganizationType if str(one) in present]
    return known + sorted(present - set(known))


def status_options(table: pd.DataFrame) -> list[str]:
    """Statuses that have rows, worst first."""
    present = set(table["status"])
    return [str(status) for status in Status if str(status) in present]


@dataclass(frozen=True, eq=False)
class Apart:
    """Rows that stand apart: test organizations and offices; rows without a type or with one the name denies."""

    strangers: pd.DataFrame
    doubtful_type: pd.DataFrame

    @property
    def count(self) -> int:
        """How many rows in all; no row is in both tables."""
        return len(self.strangers) + len(self.doubtful_type)


def apart(table: pd.DataFrame) -> Apart:
    """What hardly belongs in lists for letters: shown apart, never dropped."""
    strange = table["stranger"].ne("")
    denied = table["type_by_name"].ne("") & table["type_by_name"].ne(table["type_shown"])
    doubtful = ~strange & (table["type_shown"].eq(TYPE_UNKNOWN) | denied)
    return Apart(table[strange], table[doubtful])


_WORST_FIRST = {str(status): place for place, status in enumerate(Status)}


def worst_first(assessed: pd.DataFrame, profile: NormProfile) -> pd.DataFrame:
    """The rows of `assess_organizations`, the worst first: by status; within one, by teachers missing to the
    norm (most first), share (least first), head count (largest first); equal ones as they came.
    """
    counts = indicator_counts(assessed, profile.main_indicator, profile.denominator)
    size = counts[1].astype("Float64").fillna(0.0).astype("float64") if counts else 0.0
    keys = pd.DataFrame(
        {
            "status": assessed["status"].map(_WORST_FIRST),
            "missing": -assessed["missing_to_norm"].astype("Float64").fillna(0.0).astype("float64"),
            "share": assessed["main_share"].astype("Float64").fillna(2.0).astype("float64"),
            "size": -size,
        },
        index=assessed.index,
    )
    order = (
        keys.reset_index(drop=True).sort_values(["status", "missing", "share", "size"], kind="stable").index
    )
    return assessed.iloc[order]
