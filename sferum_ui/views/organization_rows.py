"""What «Проверка организаций» shows for a choice of filters: worked out once, worst first, ready to send."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from sferum_core.answers import organizations_answer
from sferum_core.change_words import behind_answer
from sferum_core.filtering import (
    Selection,
    StatusFigure,
    apart,
    apply_filters,
    municipality_options,
    selection_in,
    status_figures,
    status_options,
    type_options,
    worst_first,
)
from sferum_core.indicators import indicator_counts
from sferum_core.model import Status
from sferum_core.names.short import short_names
from sferum_core.norms import Level, NormProfile
from sferum_core.waiting import WORDS, is_waiting, waiting_note, with_waiting
from sferum_core.wording import number
from sferum_ui.cache import Dataset, bulky
from sferum_ui.components.tables import ready, share_cells
from sferum_ui.views import changes, data, grid


@dataclass(frozen=True, eq=False)
class Overview:
    """What does not depend on filters: the answer, what can be chosen, how many rows stand apart."""

    answer: str
    municipalities: list[str]
    types: list[str]
    statuses: list[str]
    total: int
    apart: int


def overview(dataset: Dataset, profile: NormProfile, before_id: str) -> Overview:
    """The overview of a file under a profile; with an earlier week also who left and entered those behind."""
    table = assessed(dataset)
    moved = ""
    if before_id and changes.is_there(before_id):
        moved = behind_answer(data.computed(changes.changes, dataset, before_id), holiday=True)
    return Overview(
        f"{organizations_answer(table)} {moved}".strip(),
        municipality_options(table),
        type_options(table),
        status_options(table),
        len(table),
        apart(table).count,
    )


def assessed(dataset: Dataset) -> pd.DataFrame:
    """The assessed table from the cache, in the order of the file."""
    found: pd.DataFrame = data.computed(data.assessed, dataset)
    return found


@dataclass(frozen=True, eq=False)
class Within:
    """The rows within all filters but the status: how many, how they split by status, municipalities.

    `before` counts the rows of an earlier week by status within the same filters, None without one.
    """

    total: int
    figures: list[StatusFigure]
    municipalities: int
    before: dict[str, int] | None = None

    def change(self, statuses: Iterable[Status] = tuple(Status)) -> int | None:
        """How many rows more have one of these statuses than in the earlier week."""
        if self.before is None:
            return None
        now = sum(figure.count for figure in self.figures if set(figure.statuses) <= set(statuses))
        return now - sum(self.before.get(str(status), 0) for status in statuses)


def within(dataset: Dataset, profile: NormProfile, selection: Selection, before_id: str = "") -> Within:
    """Figures of the strip for a selection without statuses, with those of an earlier week ("" for none)."""
    table = assessed(dataset)
    rows = apply_filters(table, selection, ignore={"statuses"})
    before = None
    if before_id:
        before = _then(dataset, selection, before_id)
    return Within(len(rows), status_figures(rows), rows["municipality_shown"].nunique(), before)


def _then(dataset: Dataset, selection: Selection, before_id: str) -> dict[str, int] | None:
    """Rows of an earlier week by status for the same choice; None when that week is gone."""
    if not changes.is_there(before_id):
        return None
    if selection.is_empty:
        found = data.computed(changes.changes, dataset, before_id).organizations
        counts = found["status_before"].value_counts()
    else:
        then = changes.assessed_then(before_id)
        same = selection_in(selection, assessed(dataset), then)
        counts = apply_filters(then, same, ignore={"statuses"})["status"].value_counts()
    return {str(status): int(count) for status, count in counts.items()}


@dataclass(frozen=True, eq=False)
class Listed:
    """The list for a selection: the table to send, and for every row its label and its place in the file."""

    table: pa.Table
    labels: list[str]
    places: list[int]
    top: float


@bulky
def listed(
    dataset: Dataset, profile: NormProfile, selection: Selection, waiting: tuple[int, ...] = ()
) -> Listed:
    """The rows of a selection, worst first; `waiting` are rows of the file that wait for deactivation."""
    full = with_waiting(assessed(dataset), waiting)
    rows = worst_first(apply_filters(full, selection), profile)
    labels = data.computed(labels_of, dataset)
    shown = list_columns(rows, profile)
    if len(selection.municipalities) == 1:
        shown = shown.drop(columns="municipality")
    places = full.index.get_indexer(rows.index).tolist()
    return Listed(
        ready(shown.reset_index(drop=True)),
        [labels[place] for place in places],
        places,
        full_bar(rows, profile),
    )


@bulky
def labels_of(dataset: Dataset, profile: NormProfile) -> list[str]:
    """A label for each row of the file."""
    return card_labels(assessed(dataset)).tolist()


def list_columns(rows: pd.DataFrame, profile: NormProfile) -> pd.DataFrame:
    """The rows as the table shows them, under the codes that `show_list` names."""
    counts = indicator_counts(rows, profile.main_indicator, profile.denominator)
    norms = {
        kind: profile.band_text(profile.rule(Level.ORGANIZATION, kind, profile.main_indicator)).removeprefix(
            "норма "
        )
        for kind in rows["type_shown"].unique()
    }
    names = rows.get("organization", rows.get("organization_id"))
    shown = pd.DataFrame(
        {
            "status_cell": grid.status_cells(rows["status"]),
            "organization": None if names is None else short_names(names),
            "municipality": rows["municipality_shown"],
            "type": rows["type_shown"],
            "share": share_cells(rows["main_share"]),
            "bar": rows["main_share"],
            "counts": grid.of_counts(*counts) if counts else None,
            "norm": rows["type_shown"].map(norms),
            "missing": rows["missing_to_norm"].mask((rows["missing_to_norm"] <= 0).fillna(False)),
            "stranger": _apart_words(rows),
            "id": rows.get("organization_id"),
        },
        index=rows.index,
    )
    empty = [name for name in ("counts", "id") if shown[name].isna().all()]
    if shown["stranger"].eq("").all():
        empty.append("stranger")
    if rows["share_source"].isna().all():
        empty += ["share", "bar", "missing"]
    if rows["missing_to_norm"].isna().all():
        empty += ["missing", "norm"]
    return shown.drop(columns=list(dict.fromkeys(empty)))


def _apart_words(rows: pd.DataFrame) -> pd.Series:
    """Why a row stands apart: a special entry, or one that waits for deactivation; "" for most."""
    waits = is_waiting(rows)
    words = rows["stranger"].where(~waits, rows["stranger"] + "; " + WORDS)
    return words.str.removeprefix("; ")


def waiting_counts(dataset: Dataset, profile: NormProfile, waiting: tuple[int, ...]) -> str:
    """«Ждут деактивации 3 организации: не активна – 2, норма – 1» with what follows; "" for nobody."""
    if not waiting:
        return ""
    statuses = assessed(dataset)["status"].iloc[list(waiting)].value_counts()
    split = ", ".join(
        f"«{Status(str(code)).label}» – {number(int(count))}" for code, count in statuses.items()
    )
    return f"{waiting_note(len(waiting))} Их статусы: {split}."


def card_labels(full: pd.DataFrame) -> pd.Series:
    """«МБОУ СОШ № 4 · 000123», one for each row of the whole table, never two alike."""
    name = full["organization"].fillna("Название не указано") if "organization" in full else "Организация"
    label = pd.Series(name, index=full.index, dtype="str")
    if "organization_id" in full:
        label = label + (" · " + full["organization_id"].astype("str")).fillna("")
    else:
        label = label + " · " + full["municipality_shown"]
    repeat = label.groupby(label).cumcount()
    return label.where(repeat == 0, label + " (" + (repeat + 1).astype("str") + ")")


def full_bar(rows: pd.DataFrame, profile: NormProfile) -> float:
    """The share that fills a bar of the list: twice the highest target in view, so that the norm is seen."""
    rules = [
        profile.rule(Level.ORGANIZATION, kind, profile.main_indicator) for kind in rows["type_shown"].unique()
    ]
    targets = [rule.target for rule in rules if rule is not None and rule.target is not None]
    return min(1.0, 2 * max(targets, default=0.5))
