"""This week's comparison against an earlier one: which week, what changed, why places moved."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sferum_core import wording
from sferum_core.norms import NormProfile
from sferum_core.rank_moves import rank_move, rank_move_sentence
from sferum_core.week_board import BoardChanges, board_changes
from sferum_ui import history
from sferum_ui.cache import Dataset
from sferum_ui.components import escape_markdown, one_of
from sferum_ui.history import Earlier
from sferum_ui.views import data

WITH = "mun_with"


def ask_week(weeks: Sequence[Earlier]) -> Earlier | None:
    """The selector itself; None when there is no earlier week."""
    if not weeks:
        return None
    return one_of("Сравнить с неделей", weeks, WITH, format_func=lambda week: week.label, width=290)


def over_words(told: str, before: Earlier | None) -> str:
    """«▲ +5 за неделю», «▼ −0,4 п. п. с недели 01.03–07.03»; "" where nothing is known."""
    return f"{told} {before.over}" if told and before is not None else ""


def week_of(dataset: Dataset, before_id: str) -> Earlier | None:
    """An earlier week by its id."""
    return next((one for one in history.earlier(dataset, history.RECENT) if one.id == before_id), None)


def changes_of_board(
    dataset: Dataset, profile: NormProfile, indicator: str, kind: str | None, before_id: str
) -> BoardChanges | None:
    """Municipalities and the region against an earlier week; None when that week is gone."""
    week = week_of(dataset, before_id)
    if week is None:
        return None
    return board_changes(
        data.computed(data.comparison, dataset, indicator, kind),
        data.computed(data.region, dataset, indicator, kind),
        history.board(week, profile, indicator, kind),
    )


def moves_text(municipalities: pd.DataFrame, indicator: str, most: int, *, skip: int = 0) -> str:
    """A line of Markdown for each of the greatest moves of place: what moved it, and whether it is chance.

    `municipalities` are `changes.MUNICIPALITY_COLUMNS`; the `skip` greatest are left out; "" when none is left.
    """
    moved = municipalities[municipalities["rank_change"].fillna(0).ne(0).to_numpy(dtype=bool)]
    order = moved["rank_change"].abs().sort_values(ascending=False, kind="stable").index
    lines = []
    if len(moved) <= skip:
        return ""
    for key in moved.loc[order, "municipality_key"].iloc[skip:most]:
        move = rank_move(municipalities, key)
        if move is not None:
            lines.append(
                f"- **{escape_markdown(move.municipality)}:** "
                f"{escape_markdown(rank_move_sentence(move, indicator))}"
            )
    if len(moved) > most:
        lines.append(f"\n:small[:gray[Показаны {most} самых заметных из {wording.number(len(moved))}.]]")
    return "\n".join(lines)
