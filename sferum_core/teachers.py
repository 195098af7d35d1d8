"""«По учителям»: one date of a file of people, thresholds, who is close to one, and the same by organizations.

A file holds several dates, each a rolling 7 days (004): one is taken, they are never added up. A full name is
no key: two people may share it, so rows are counted, not names.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sferum_core.dates import at_date, file_dates
from sferum_core.exact import divide
from sferum_core.grouping import group_keys, municipality_column
from sferum_core.model import ExportKind
from sferum_core.names import organization_types
from sferum_core.names.text import map_unique, unify
from sferum_core.reading.fields import KIND_FIELDS
from sferum_core.roles import other_roles, teacher_rows

NEAR = 3  # «почти у порога»: that many messages short, or fewer


@dataclass(frozen=True)
class Threshold:
    """An indicator that one person's figure decides: `column` of the file at least `least`."""

    indicator: str
    column: str
    least: int
    name: str


THRESHOLDS: tuple[Threshold, ...] = (
    Threshold("teachers_3_messages", "messages", 3, "не менее 3 сообщений"),
    Threshold("teachers_10_messages", "messages", 10, "не менее 10 сообщений"),
    Threshold("teachers_1_call", "calls", 1, "не менее 1 звонка"),
    Threshold("teachers_3_calls", "calls", 3, "не менее 3 звонков"),
)
BINS: dict[str, tuple[int, ...]] = {
    "messages": (0, 1, 3, 7, 10, 20, 50, 100),
    "calls": (0, 1, 2, 3, 5, 10),
}
_LINKED = "teachers_linked"


@dataclass(frozen=True, eq=False)
class TeacherReport:
    """The teachers of one date.

    `dates` are all dates of the file with the number of rows of each, latest first. `people`: the teachers'
    rows with `to_3_messages`, `to_10_messages` (messages still missing, 0 when there). `thresholds`: a row an
    indicator: indicator, name, count, known, share, near. `distribution`: column, from, to (missing: no end),
    people, share. `others`: rows of other roles (role, people); `undated`: rows that belong to no date.
    """

    date: dt.date | None
    dates: pd.DataFrame
    people: pd.DataFrame
    thresholds: pd.DataFrame
    distribution: pd.DataFrame
    others: pd.DataFrame
    undated: int
    messages: int | None
    calls: int | None

    @property
    def teachers(self) -> int:
        """How many teachers the date has."""
        return len(self.people)

    def count(self, indicator: str) -> int | None:
        """The count of an indicator; None when the file cannot tell."""
        row = self.thresholds[self.thresholds["indicator"] == indicator]
        return None if row.empty or pd.isna(row["count"].iloc[0]) else int(row["count"].iloc[0])

    def share(self, indicator: str) -> float | None:
        """The share of an indicator over the teachers; None when the file cannot tell."""
        row = self.thresholds[self.thresholds["indicator"] == indicator]
        return None if row.empty or pd.isna(row["share"].iloc[0]) else float(row["share"].iloc[0])

    def near(self, indicator: str) -> int | None:
        """How many are one to three messages short of a threshold; None for calls or without data."""
        row = self.thresholds[self.thresholds["indicator"] == indicator]
        return None if row.empty or pd.isna(row["near"].iloc[0]) else int(row["near"].iloc[0])


def teacher_report(table: pd.DataFrame, date: dt.date | None = None) -> TeacherReport:
    """Everything the page «Педагоги» says about one date (the latest unless asked) of a table of `teachers`.

    Shares are over the teachers of that date whose figure is known; a missing figure is no zero.
    """
    dates = file_dates(table)
    chosen = date if date is not None else dates["date"].iloc[0].date() if len(dates) else None
    rows = at_date(table, chosen)
    people = rows[teacher_rows(rows)]
    people = people.assign(
        **{f"to_{least}_messages": short_of(people, least) for least in (3, 10) if "messages" in people}
    )
    return TeacherReport(
        date=chosen,
        dates=dates,
        people=people,
        thresholds=_thresholds(people),
        distribution=pd.concat([_bins(people, column) for column in BINS], ignore_index=True),
        others=other_roles(rows),
        undated=int(table["date"].isna().sum()) if len(dates) else 0,
        messages=_total(people, "messages"),
        calls=_total(people, "calls"),
    )


def short_of(people: pd.DataFrame, least: int, column: str = "messages") -> pd.Series:
    """How many are missing to a threshold, by person (`Int64`; 0 when there, NA without a figure)."""
    return (least - _figures(people, column)).clip(lower=0).astype("Int64")


def is_near(people: pd.DataFrame, least: int) -> np.ndarray:
    """Who writes already and is one to three messages short of a threshold."""
    messages = _figures(people, "messages")
    near = (messages < least) & (messages >= least - NEAR) & (messages > 0)
    return near.fillna(False).to_numpy(dtype=bool)


def _figures(people: pd.DataFrame, column: str) -> pd.Series:
    if column not in people.columns:
        return pd.Series(pd.NA, index=people.index, dtype="Int64")
    return people[column].astype("Int64")


def _total(people: pd.DataFrame, column: str) -> int | None:
    figures = _figures(people, column)
    return int(figures.sum()) if figures.notna().any() else None


def _thresholds(people: pd.DataFrame) -> pd.DataFrame:
    lines = []
    for item in THRESHOLDS:
        figures = _figures(people, item.column)
        known = int(figures.notna().sum())
        near = int(is_near(people, item.least).sum()) if item.column == "messages" and known else pd.NA
        count = int((figures >= item.least).sum()) if known else pd.NA
        lines.append((item.indicator, item.name, count, known, near))
    linked = (
        people["linked"].astype("boolean")
        if "linked" in people
        else pd.Series(pd.NA, index=people.index, dtype="boolean")
    )
    known = int(linked.notna().sum())
    lines.append((_LINKED, "связаны с ЭЖД", int(linked.sum()) if known else pd.NA, known, pd.NA))
    frame = pd.DataFrame(lines, columns=["indicator", "name", "count", "known", "near"])
    frame = frame.astype(
        {"indicator": "str", "name": "str", "count": "Int64", "known": "Int64", "near": "Int64"}
    )
    frame["share"] = divide(frame["count"], frame["known"])
    return frame


def _bins(people: pd.DataFrame, column: str) -> pd.DataFrame:
    """How many people have 0, 1–2, 3–6 … of a figure; thresholds always begin a bin."""
    starts = BINS[column]
    figures = _figures(people, column).dropna().to_numpy(dtype="int64")
    places = np.searchsorted(starts, figures, side="right") - 1
    counts = np.bincount(places, minlength=len(starts))
    ends = [start - 1 for start in starts[1:]]
    frame = pd.DataFrame(
        {
            "column": pd.array([column] * len(starts), dtype="str"),
            "from": pd.array(list(starts), dtype="Int64"),
            "to": pd.array([*ends, pd.NA], dtype="Int64"),
            "people": pd.array(counts, dtype="Int64"),
        }
    )
    known = pd.Series(len(figures), index=frame.index, dtype="Int64")
    frame["share"] = divide(frame["people"], known)
    return frame if len(figures) else frame.iloc[:0]


def rollup_kind(table: pd.DataFrame) -> ExportKind:
    """What a file of teachers adds up to: organizations, or municipalities where it names only those."""
    names = [
        name for name in ("organization_id", "organization") if name in table and table[name].notna().any()
    ]
    whole = names or "municipality" not in table or not table["municipality"].notna().any()
    return ExportKind.ORGANIZATIONS if whole else ExportKind.MUNICIPALITIES


def roll_up(
    table: pd.DataFrame, date: dt.date | None = None, *, organization: str | None = None
) -> pd.DataFrame:
    """A table of teachers as counts, a row an organization (or a municipality, see `rollup_kind`), at one date.

    Columns are those of the contract: identity, teachers_registered, teachers_linked, teachers_3_messages,
    teachers_10_messages, teachers_1_call, teachers_3_calls; no name of a person is left. Organizations are told
    apart by ID, without one by name within the municipality. `organization` names the one organization of a
    file that names none. A count is missing where every figure behind it is.
    """
    rows = at_date(table, date).reset_index(drop=True)
    kind = rollup_kind(table)
    keys = _organization_keys(rows) if kind is ExportKind.ORGANIZATIONS else group_keys(rows)
    codes, first_seen = pd.factorize(keys)
    size = len(first_seen)
    result = pd.DataFrame(index=range(size))
    for name in ("organization_id", "organization", "organization_type", "municipality"):
        if name in rows.columns and (kind is ExportKind.ORGANIZATIONS or name == "municipality"):
            result[name] = _most_frequent(rows[name], codes, size)
    if kind is ExportKind.ORGANIZATIONS and not {"organization", "organization_id"} & set(result):
        result["organization"] = pd.array([organization] * size, dtype="str")
    mine = teacher_rows(rows)
    if kind is ExportKind.MUNICIPALITIES:
        result["organizations"] = pd.array([pd.NA] * size, dtype="Int64")
    result["teachers_registered"] = pd.array(np.bincount(codes[mine], minlength=size), dtype="Int64")
    if "linked" in rows.columns:
        linked = rows["linked"].astype("boolean").astype("Int64")
        result[_LINKED] = _count_where(linked, 1, codes, mine, size)
    for item in THRESHOLDS:
        if item.column in rows.columns:
            result[item.indicator] = _count_where(rows[item.column], item.least, codes, mine, size)
    return _finished(result, kind)


DETAIL_COLUMNS = ("share_10", "share_3", "near_10", "silent")


def roll_up_detail(
    table: pd.DataFrame, date: dt.date | None = None, *, organization: str | None = None
) -> pd.DataFrame:
    """`roll_up` with what the page «Педагоги» shows beside: `share_10`, `share_3`, `near_10` (one to three
    messages short of ten), `silent` (not one message); the smallest share of ten messages first.
    """
    rows = at_date(table, date).reset_index(drop=True)
    result = roll_up(table, date, organization=organization)
    keys = _organization_keys(rows) if rollup_kind(table) is ExportKind.ORGANIZATIONS else group_keys(rows)
    codes, first_seen = pd.factorize(keys)
    mine, size = teacher_rows(rows), len(first_seen)
    messages = _figures(rows, "messages")
    known = np.bincount(codes[mine & messages.notna().to_numpy(dtype=bool)], minlength=size) > 0
    silent = messages.eq(0).fillna(False).to_numpy(dtype=bool)
    for name, chosen in (("near_10", is_near(rows, 10)), ("silent", silent)):
        counts = pd.Series(pd.array(np.bincount(codes[mine & chosen], minlength=size), dtype="Int64"))
        result[name] = counts.where(known)
    for name, indicator in (("share_10", "teachers_10_messages"), ("share_3", "teachers_3_messages")):
        above = result.get(indicator, pd.Series(pd.NA, index=result.index, dtype="Int64"))
        result[name] = divide(above, result["teachers_registered"])
    return result.sort_values(
        ["share_10", "teachers_registered"], ascending=[True, False], na_position="last", kind="stable"
    ).reset_index(drop=True)


def _finished(result: pd.DataFrame, kind: ExportKind) -> pd.DataFrame:
    """The roll-up in the contract's order, empty columns left out, types told from names where they are sure."""
    if kind is ExportKind.ORGANIZATIONS and "organization" in result and result["organization"].notna().any():
        by_name = organization_types(result["organization"]).astype("str").set_axis(result.index)
        stated = result.get("organization_type", pd.Series(pd.NA, index=result.index).astype("str"))
        result["organization_type"] = stated.where(stated.notna(), by_name).astype("str")
    kept = [
        name
        for name in KIND_FIELDS[kind]
        if name in result and (name == "teachers_registered" or result[name].notna().any())
    ]
    return result[kept].reset_index(drop=True)


def _organization_keys(rows: pd.DataFrame) -> pd.Series:
    """What tells organizations apart; a row without an ID joins the only ID its name has there."""
    nothing = pd.Series(pd.NA, index=rows.index).astype("str")
    ids = rows["organization_id"].astype("str").str.strip() if "organization_id" in rows else nothing
    ids = ids.where(ids != "")
    names = map_unique(rows["organization"].astype("str"), unify) if "organization" in rows else nothing
    # without an organization at all, the municipality keeps its rows together
    places = names.fillna("") + "@" + group_keys(rows)
    if ids.notna().any() and ids.isna().any():
        known = pd.DataFrame({"place": places, "id": ids})[names.notna() & ids.notna()].drop_duplicates()
        single = known[~known["place"].duplicated(keep=False)].set_index("place")["id"]
        ids = ids.where(ids.notna(), places.where(names.notna()).map(single))
    return ("#" + ids).where(ids.notna(), places).astype("str")


def _most_frequent(values: pd.Series, codes: np.ndarray, size: int) -> pd.Series:
    """The most frequent text of each group, the first written one among equals; NA where there is none."""
    texts = values.astype("str").str.strip()
    texts = texts.where(texts != "")
    found = pd.DataFrame({"code": codes, "text": texts}).dropna()
    result = pd.Series(pd.NA, index=range(size)).astype("str")
    if len(found):
        counts = found.groupby(["code", "text"], sort=False).size().reset_index(name="n")
        best = counts.sort_values(["code", "n"], ascending=[True, False], kind="stable").drop_duplicates(
            "code"
        )
        result[best["code"].to_numpy()] = best["text"].to_numpy()
    return result


def _count_where(values: pd.Series, least: int, codes: np.ndarray, mine: np.ndarray, size: int) -> pd.Series:
    figures = values.astype("Int64").to_numpy(dtype="float64", na_value=np.nan)
    known = np.bincount(codes[mine & ~np.isnan(figures)], minlength=size)
    counts = np.bincount(codes[mine & (figures >= least)], minlength=size)
    everyone = np.bincount(codes[mine], minlength=size)
    result = pd.Series(pd.array(counts, dtype="Int64"))
    return result.mask((known == 0) & (everyone > 0))


def unknown_place(table: pd.DataFrame) -> int:
    """How many rows name neither an organization nor a municipality."""
    missing = np.ones(len(table), dtype=bool)
    for name in ("organization_id", "organization"):
        if name in table:
            missing &= table[name].isna().to_numpy(dtype=bool)
    if "municipality" in table:
        missing &= municipality_column(table).isna().to_numpy(dtype=bool)
    return int(missing.sum())
