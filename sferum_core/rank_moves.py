"""Why a municipality's place moved: its own active teachers, its own head count, the others; and is it chance."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sferum_core.change_chance import ChangeVerdict, chance_sentence, change_verdicts
from sferum_core.change_words import places
from sferum_core.exact import divide
from sferum_core.grouping import UNKNOWN_KEY
from sferum_core.indicators import INDICATORS, Role
from sferum_core.wording import counted, municipalities, number, percent, plural, points

RANK_MOVE_COLUMNS = (
    "municipality_key",
    "municipality",
    "rank_before",
    "rank",
    "rank_change",
    "by_numerator",
    "by_denominator",
    "by_others",
    "numerator_change",
    "denominator_change",
    "change",
    "overtook",
    "overtaken_by",
    "chance",
    "verdict",
)
_NOUNS: dict[Role, tuple[tuple[str, str, str], tuple[str, str, str]]] = {
    Role.TEACHER: (
        ("активный педагог", "активных педагога", "активных педагогов"),
        ("педагог", "педагога", "педагогов"),
    ),
    Role.STUDENT: (
        ("обучающийся", "обучающихся", "обучающихся"),
        ("обучающийся", "обучающихся", "обучающихся"),
    ),
    Role.PARENT: (
        ("активный родитель", "активных родителя", "активных родителей"),
        ("родитель", "родителя", "родителей"),
    ),
    Role.USER: (
        ("пользователь", "пользователя", "пользователей"),
        ("пользователь", "пользователя", "пользователей"),
    ),
    Role.ORGANIZATION: (
        ("активная организация", "активные организации", "активных организаций"),
        ("организация", "организации", "организаций"),
    ),
}


@dataclass(frozen=True, eq=False)
class RankMove:
    """One municipality's way from one place to another.

    `by_numerator`, `by_denominator`, `by_others` are places won (above 0) or lost and add up to
    `rank_before − rank`: first the new numerator over the old denominator among the others' old shares, then
    the new denominator, then the others as they are now. `overtook` and `overtaken_by` are names.
    `chance` is missing and `verdict` «сравнить нельзя» where counts are.
    """

    municipality: str
    rank_before: int
    rank: int
    share_before: float
    share: float
    numerator_change: int | None
    denominator_change: int | None
    by_numerator: int
    by_denominator: int
    by_others: int
    overtook: tuple[str, ...]
    overtaken_by: tuple[str, ...]
    chance: float | None
    verdict: ChangeVerdict


def rank_move(table: pd.DataFrame, municipality_key: str) -> RankMove | None:
    """The move of one municipality; None without a place in both weeks.

    `table` is `Changes.municipalities`. KeyError for a key it lacks. A share that a file only states is one
    step: all of its own change is then told as the numerator's.
    """
    rows = table[table["municipality_key"] != UNKNOWN_KEY]
    here = rows["municipality_key"] == municipality_key
    if not bool(here.any()):
        raise KeyError(municipality_key)
    row = rows[here].iloc[0]
    if pd.isna(row["rank"]) or pd.isna(row["rank_before"]):
        return None
    others = rows[~here.to_numpy(dtype=bool)]
    old, new = others["share_before"].dropna(), others["share"].dropna()
    counted_ = not any(
        pd.isna(row[f"{name}{tail}"]) for name in ("numerator", "denominator") for tail in ("", "_before")
    )
    middle = _share(row["numerator"], row["denominator_before"]) if counted_ else float(row["share"])
    start = _place(old, float(row["share_before"]))
    first = _place(old, middle)
    second = _place(old, float(row["share"]))
    end = _place(new, float(row["share"]))
    both = others[(others["rank"].notna() & others["rank_before"].notna()).to_numpy(dtype=bool)]
    ahead_before, ahead = both["share_before"] > row["share_before"], both["share"] > row["share"]
    found = change_verdicts(rows[here]).iloc[0]
    return RankMove(
        municipality=str(row["municipality"]),
        rank_before=start,
        rank=end,
        share_before=float(row["share_before"]),
        share=float(row["share"]),
        numerator_change=int(row["numerator"] - row["numerator_before"]) if counted_ else None,
        denominator_change=int(row["denominator"] - row["denominator_before"]) if counted_ else None,
        by_numerator=start - first,
        by_denominator=first - second,
        by_others=second - end,
        overtook=tuple(both.loc[(ahead_before & ~ahead).to_numpy(dtype=bool), "municipality"]),
        overtaken_by=tuple(both.loc[(~ahead_before & ahead).to_numpy(dtype=bool), "municipality"]),
        chance=None if pd.isna(found["chance"]) else float(found["chance"]),
        verdict=ChangeVerdict(found["verdict"]),
    )


def rank_moves(table: pd.DataFrame) -> pd.DataFrame:
    """The moves of all municipalities with a place in both weeks (`RANK_MOVE_COLUMNS`), by this week's place.

    `overtook` and `overtaken_by` are numbers here.
    """
    lines = []
    for row in table[table["rank"].notna() & table["rank_before"].notna()].to_dict("records"):
        move = rank_move(table, row["municipality_key"])
        if move is None:
            continue
        lines.append(
            (
                row["municipality_key"],
                move.municipality,
                move.rank_before,
                move.rank,
                move.rank_before - move.rank,
                move.by_numerator,
                move.by_denominator,
                move.by_others,
                move.numerator_change,
                move.denominator_change,
                move.share - move.share_before,
                len(move.overtook),
                len(move.overtaken_by),
                move.chance,
                move.verdict.value,
            )
        )
    frame = pd.DataFrame(lines, columns=list(RANK_MOVE_COLUMNS))
    types = dict.fromkeys(RANK_MOVE_COLUMNS, "Int64")
    types |= dict.fromkeys(("municipality_key", "municipality", "verdict"), "str")
    return frame.astype(types | {"change": "Float64", "chance": "Float64"})


def _share(numerator: object, denominator: object) -> float:
    one = pd.Series([numerator], dtype="Int64"), pd.Series([denominator], dtype="Int64")
    return float(divide(*one).iloc[0])


def _place(others: pd.Series, share: float) -> int:
    """The place 1-2-2-4 of a share among the others'."""
    return 1 + int((others > share).sum())


def rank_move_sentence(move: RankMove, indicator: str) -> str:
    """«+2 активных педагога → с 14-го на 9-е место», what of it the others did, and whether it is chance."""
    head = f"{_own_words(move, indicator)} → {places(move.rank_before, move.rank)}"
    share = f"доля {percent(move.share)}, было {percent(move.share_before)}, {points(move.share - move.share_before)}"
    return " ".join(
        part
        for part in (f"{head} ({share}).", _reasons(move), chance_sentence(move.chance, move.verdict))
        if part
    )


def _signed(count: int, forms: tuple[str, str, str]) -> str:
    sign = "+" if count > 0 else "−"
    return f"{sign}{counted(abs(count), *forms)}"


def _own_words(move: RankMove, indicator: str) -> str:
    if move.numerator_change is None or move.denominator_change is None:
        return "Чисел в файле нет"
    above, below = _NOUNS[INDICATORS[indicator].role]
    parts = []
    if move.numerator_change:
        parts.append(_signed(move.numerator_change, above))
    if move.denominator_change:
        changed = _signed(move.denominator_change, below)
        parts.append(f"{changed} всего" if parts else f"{changed} всего, активных столько же")
    return ", ".join(parts) if parts else "Свои числа прежние"


def _reasons(move: RankMove) -> str:
    own, others = move.by_numerator + move.by_denominator, move.by_others
    sentences = []
    if own and others:
        sentences.append(f"Само по себе это {_won(own)}, остальное – соседи: {_won(others)}.")
    elif others:
        sentences.append(f"Место изменили соседи: {_won(others)}.")
    if move.by_numerator and move.by_denominator:
        sentences.append(
            f"Из своих изменений числитель {_won(move.by_numerator)}, знаменатель {_won(move.by_denominator)}."
        )
    passed, passed_by = len(move.overtook), len(move.overtaken_by)
    if passed or passed_by:
        told = [
            f"обошёл {municipalities(passed)}" if passed else "",
            f"пропустил вперёд {number(passed_by)}" if passed_by else "",
        ]
        text = ", ".join(part for part in told if part)
        sentences.append(f"{text[0].upper()}{text[1:]}.")
    return " ".join(sentences)


def _won(count: int) -> str:
    """«5 мест вверх», «1 место вниз»."""
    size = abs(count)
    return f"{number(size)} {plural(size, 'место', 'места', 'мест')} {'вверх' if count > 0 else 'вниз'}"
