"""Why a municipality's place moved: its own active teachers, its own head count, the others; and is it chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sferum_core.change_chance import COUNT_COLUMNS, ChangeVerdict, chance_of, chance_sentence, verdict_of
from sferum_core.change_words import places
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
_TEACHER = ("педагог", "педагога", "педагогов")
_STUDENT = ("обучающийся", "обучающихся", "обучающихся")
_PARENT = ("родитель", "родителя", "родителей")
_USER = ("пользователь", "пользователя", "пользователей")
_ORGANIZATION = ("организация", "организации", "организаций")
_HEADS: dict[Role, tuple[str, str, str]] = {
    Role.TEACHER: _TEACHER,
    Role.STUDENT: _STUDENT,
    Role.PARENT: _PARENT,
    Role.USER: _USER,
    Role.ORGANIZATION: _ORGANIZATION,
}
_BEFORE: dict[str, tuple[str, str, str]] = {
    "active": ("активный", "активных", "активных"),
    "registered": ("зарегистрированный", "зарегистрированных", "зарегистрированных"),
}
_AFTER: dict[str, str] = {
    "linked": "со связкой с ЭЖД",
    "created_chat": "со своим чатом",
    "1_call": "со звонком",
    "3_calls": "с 3 звонками",
}


def counted_forms(indicator: str) -> tuple[str, str, str]:
    """Whom the numerator counts, for 1, 2 and 5: «активный педагог», «активных педагога», «активных педагогов»."""
    heads = _HEADS[INDICATORS[indicator].role]
    if indicator == "organizations_active":
        return "активная организация", "активные организации", "активных организаций"
    what = indicator.split("_", 1)[1]
    if what in _AFTER:
        one, few, many = (f"{form} {_AFTER[what]}" for form in heads)
        return one, few, many
    words = _BEFORE.get(what, _BEFORE["active"])  # those who wrote 3 or 10 messages are the active ones (002)
    one, few, many = (f"{word} {form}" for word, form in zip(words, heads, strict=True))
    return one, few, many


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
    board = _Board(table)
    places_of = np.flatnonzero(board.keys == municipality_key)
    if not len(places_of):
        raise KeyError(municipality_key)
    return board.move(int(places_of[0]))


class _Board:
    """The table as arrays; missing shares are NaN, which is never above anything."""

    def __init__(self, table: pd.DataFrame) -> None:
        rows = table[(table["municipality_key"] != UNKNOWN_KEY).to_numpy(dtype=bool)]
        self.keys = rows["municipality_key"].to_numpy(dtype=object)
        self.names = rows["municipality"].to_numpy(dtype=object)
        self.now, self.was = (
            rows[name].to_numpy("float64", na_value=np.nan) for name in ("share", "share_before")
        )
        self.ranked = (rows["rank"].notna() & rows["rank_before"].notna()).to_numpy(dtype=bool)
        self.counts = list(zip(*(rows[name].astype(object) for name in COUNT_COLUMNS), strict=True))

    def move(self, place: int) -> RankMove | None:
        if not self.ranked[place]:
            return None
        other = np.arange(len(self.keys)) != place
        line = self.counts[place]
        known = not any(pd.isna(value) for value in line)
        numerator, denominator, numerator_before, denominator_before = line
        middle = _share(numerator, denominator_before) if known else self.now[place]
        start = 1 + int((self.was[other] > self.was[place]).sum())
        first = 1 + int((self.was[other] > middle).sum())
        second = 1 + int((self.was[other] > self.now[place]).sum())
        end = 1 + int((self.now[other] > self.now[place]).sum())
        both = other & self.ranked
        ahead_before, ahead = self.was > self.was[place], self.now > self.now[place]
        chance = chance_of(line)
        return RankMove(
            municipality=str(self.names[place]),
            rank_before=start,
            rank=end,
            share_before=float(self.was[place]),
            share=float(self.now[place]),
            numerator_change=int(numerator - numerator_before) if known else None,
            denominator_change=int(denominator - denominator_before) if known else None,
            by_numerator=start - first,
            by_denominator=first - second,
            by_others=second - end,
            overtook=tuple(map(str, self.names[both & ahead_before & ~ahead])),
            overtaken_by=tuple(map(str, self.names[both & ~ahead_before & ahead])),
            chance=chance,
            verdict=verdict_of(chance, line),
        )


def rank_moves(table: pd.DataFrame) -> pd.DataFrame:
    """The moves of all municipalities with a place in both weeks (`RANK_MOVE_COLUMNS`), by this week's place.

    `overtook` and `overtaken_by` are numbers here.
    """
    board = _Board(table)
    lines = []
    for place, key in enumerate(board.keys):
        move = board.move(place)
        if move is None:
            continue
        lines.append(
            (
                key,
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


def _share(numerator: int, denominator: int) -> float:
    return numerator / denominator if denominator > 0 else float("nan")


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
    above, below = counted_forms(indicator), _HEADS[INDICATORS[indicator].role]
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
            f"Из этого: числитель доли – {_won(move.by_numerator)}, знаменатель – {_won(move.by_denominator)}."
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
