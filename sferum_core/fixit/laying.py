"""Answers laid over an export: what each corrected, which rows are right now, which are not, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import pandas as pd

from sferum_core.checks import CheckReport, title_of
from sferum_core.fixit.answers import AnswerBook, Answered
from sferum_core.fixit.cells import NoValue, is_answer, is_same, parsed, shown
from sferum_core.fixit.finding import Places
from sferum_core.fixit.mending import MendRow, ToMend
from sferum_core.model import Export, Finding, Severity
from sferum_core.wording import municipalities, number, plural, rows

ROW_COLUMNS = ("municipality", "name", "code", "state", "said", "comment", "book", "row")
CHANGE_COLUMNS = ("place", "field", "header", "name", "before", "after", "book")
APPLIED = "fixit_applied"


class RowState(StrEnum):
    """What became of a row that came back, or should have."""

    FIXED = "исправлено"
    LEFT = "осталось"
    NOT_FOUND = "не найдена в выгрузке"
    NOTHING_WRONG = "замечаний к строке нет"


@dataclass(frozen=True, eq=False)
class Outcome:
    """The corrected export with everything there is to say about it.

    `rows` (`ROW_COLUMNS`): a line for each row to mend of the municipalities that answered, for each row that was not
    found, and for each that had nothing to mend. `changes` (`CHANGE_COLUMNS`): a line for each value laid over.
    `waiting`: rows to mend of municipalities that have not answered, and how many municipalities these are.
    """

    export: Export
    rows: pd.DataFrame
    changes: pd.DataFrame
    notes: tuple[str, ...]
    waiting: tuple[int, int]

    def count(self, state: RowState) -> int:
        """How many rows there are in a state."""
        return int((self.rows["state"] == state.value).sum())

    @property
    def sentence(self) -> str:
        """«Исправлено 14 из 20; осталось 6; не найдены в выгрузке 2 строки.»"""
        fixed, left, lost = map(self.count, (RowState.FIXED, RowState.LEFT, RowState.NOT_FOUND))
        parts = [f"Исправлено {number(fixed)} из {number(fixed + left)}"]
        if left:
            parts.append(f"{plural(left, 'осталась', 'осталось', 'осталось')} {number(left)}")
        if lost:
            parts.append(f"{plural(lost, 'не найдена', 'не найдены', 'не найдены')} в выгрузке {rows(lost)}")
        told = "; ".join(parts) + "."
        if self.waiting[0]:
            told += f" Ещё не ответили: {municipalities(self.waiting[1])}, {rows(self.waiting[0])}."
        return told


@dataclass(frozen=True, eq=False)
class _Proposal:
    """A value that a book gives for a cell."""

    value: Any
    text: str
    answer: Answered


class _Told:
    """What is said of each row, by its place in the table."""

    def __init__(self) -> None:
        self.said: dict[int, list[str]] = {}
        self.comments: dict[int, list[str]] = {}
        self.answers: dict[int, Answered] = {}

    def say(self, place: int, words: str) -> None:
        lines = self.said.setdefault(place, [])
        if words not in lines:
            lines.append(words)


def lay_answers(
    wanted: ToMend,
    books: Sequence[AnswerBook],
    check: Callable[[Export], CheckReport],
    *,
    with_notes: bool = False,
) -> Outcome:
    """The answers laid over the export; `check` runs the checks again (`run_checks` with its arguments bound).

    A value is taken where the cell was open to it, the answers agree and it can stand in the column; everything else
    is said in `rows`, and nothing is left out. The export given is not changed.
    """
    places = Places(wanted)
    told, lost = _Told(), []
    proposals: dict[tuple[int, str], list[_Proposal]] = {}
    for book in books:
        for answer in book.rows:
            place = places.find(answer)
            if place is None:
                lost.append(answer)
                continue
            told.answers.setdefault(place, answer)
            if answer.comment:
                told.comments.setdefault(place, []).append(answer.comment)
            _take(wanted, place, answer, places.by_code(answer), told, proposals)
    accepted = _agreed(wanted, proposals, told)
    export, changes = _laid(wanted, accepted)
    return _outcome(wanted, export, changes, told, lost, books, check(export), with_notes)


def _take(
    wanted: ToMend,
    place: int,
    answer: Answered,
    by_code: bool,
    told: _Told,
    proposals: dict[tuple[int, str], list[_Proposal]],
) -> None:
    """Every cell of one row that came back otherwise than it was sent."""
    row = wanted.by_place.get(place)
    if not by_code:
        told.say(place, "код строки не тот: строка узнана по ID или названию")
    for column in wanted.columns:
        cell = answer.cells.get(column.field)
        if cell is None:
            continue
        old = wanted.export.table[column.field].iloc[place]
        if is_same(cell, old, column.field):
            continue
        if not is_answer(cell):
            told.say(place, f"«{column.header}»: ячейка очищена, прежнее значение оставлено")
            continue
        if row is None or column.field not in row.open:
            was, now = shown(old, column.field), _cut(cell.text)
            what = "ID изменён" if column.field == "organization_id" else f"«{column.header}» изменён"
            told.say(place, f"{what} (было «{was}», прислано «{now}»), но эта ячейка не отмечена: не принято")
            continue
        try:
            value = parsed(cell, column.field)
        except NoValue as error:
            told.say(place, f"«{column.header}»: {error}; прежнее значение оставлено")
            continue
        proposals.setdefault((place, column.field), []).append(_Proposal(value, cell.text, answer))


def _agreed(
    wanted: ToMend, proposals: Mapping[tuple[int, str], list[_Proposal]], told: _Told
) -> dict[tuple[int, str], _Proposal]:
    """The proposals that nobody contradicts."""
    headers = {column.field: column.header for column in wanted.columns}
    accepted = {}
    for (place, field), given in proposals.items():
        if len({str(one.value) for one in given}) == 1:
            accepted[place, field] = given[0]
            continue
        values = dict.fromkeys(f"«{shown(one.value, field)}» ({one.answer.book})" for one in given)
        told.say(place, f"«{headers[field]}»: ответы расходятся – {', '.join(values)}; ничего не принято")
    return accepted


def _laid(wanted: ToMend, accepted: Mapping[tuple[int, str], _Proposal]) -> tuple[Export, pd.DataFrame]:
    """The export with the accepted values, each told; the same rows in the same order."""
    table = wanted.export.table.reset_index(drop=True)
    headers = {column.field: column.header for column in wanted.columns}
    names = {row.place: row.name for row in wanted.rows}
    lines = []
    for (place, field), one in sorted(accepted.items()):
        old = table[field].iloc[place]
        lines.append(
            (
                place,
                field,
                headers[field],
                names[place],
                shown(old, field),
                shown(one.value, field),
                one.answer.book,
            )
        )
    new = {field: table[field].copy() for field in dict.fromkeys(field for _, field in accepted)}
    for (place, field), one in accepted.items():
        new[field].iloc[place] = one.value
    changes = pd.DataFrame(lines, columns=list(CHANGE_COLUMNS))
    if changes.empty:
        return wanted.export, changes
    findings = [_applied(str(field), group) for field, group in changes.groupby("field", sort=False)]
    export = replace(wanted.export, table=table.assign(**new), findings=(*wanted.export.findings, *findings))
    return export, changes


def _applied(field: str, changes: pd.DataFrame) -> Finding:
    first = changes.iloc[0]
    return Finding(
        code=APPLIED,
        severity=Severity.NOTE,
        message=f"«{first['header']}»: по исправлению муниципалитетов изменено {rows(len(changes))}.",
        advice="Исходная выгрузка не изменена. Попросите исправить эти значения и в самом источнике, "
        "иначе на следующей неделе они вернутся.",
        column=field,
        value="; ".join(
            f"{one['name']}: {one['before']} → {one['after']}" for _, one in changes.head(3).iterrows()
        ),
        count=len(changes),
    )


def _outcome(
    wanted: ToMend,
    export: Export,
    changes: pd.DataFrame,
    told: _Told,
    lost: list[Answered],
    books: Sequence[AnswerBook],
    after: CheckReport,
    with_notes: bool,
) -> Outcome:
    still, fresh = _standing(wanted, after, with_notes)
    answered_keys = {wanted.by_place[place].key for place in told.answers if place in wanted.by_place}
    changed = Counter(changes["place"])
    lines: list[tuple[Any, ...]] = []
    for row in wanted.rows:
        if row.key in answered_keys:
            lines.append(
                _line(row, told, still.get(row.place, []), fresh.get(row.place, []), changed[row.place])
            )
    for place, answer in told.answers.items():
        if place not in wanted.by_place:
            lines.append(_right_line(wanted, place, answer, told))
    lines += [
        (
            "",
            _name(answer),
            answer.code,
            RowState.NOT_FOUND.value,
            _why_lost(answer),
            answer.comment,
            answer.book,
            answer.row,
        )
        for answer in lost
    ]
    others = [row for row in wanted.rows if row.key not in answered_keys]
    frame = pd.DataFrame(lines, columns=list(ROW_COLUMNS))
    return Outcome(export, frame, changes, _notes(books), (len(others), len({row.key for row in others})))


def _standing(
    wanted: ToMend, after: CheckReport, with_notes: bool
) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """By row: codes that still fire, and codes that did not before."""
    found = after.rows
    if not with_notes:
        found = found[found["severity"] != Severity.NOTE.value]
    still: dict[int, list[str]] = {}
    fresh: dict[int, list[str]] = {}
    for place, code in zip(found["row"], found["code"], strict=True):
        row = wanted.by_place.get(int(place))
        if row is not None:
            home = still if code in row.codes else fresh
            lines = home.setdefault(int(place), [])
            if code not in lines:
                lines.append(str(code))
    return still, fresh


def _line(row: MendRow, told: _Told, still: list[str], fresh: list[str], changed: int) -> tuple[Any, ...]:
    answer = told.answers.get(row.place)
    said = list(told.said.get(row.place, []))
    if answer is None:
        said.append("строки нет в присланных книгах")
    elif still and not changed and not said:
        said.append("значения не изменены")
    for code in still:
        said.append(f"по-прежнему: {title_of(code)}" if changed else f"остаётся: {title_of(code)}")
    said += [f"появилось новое: {title_of(code)}" for code in fresh]
    if not still and not changed:
        said.append("замечание закрыто исправлением других строк")
    state = RowState.LEFT if still or fresh else RowState.FIXED
    return (
        row.municipality, row.name, row.code, state.value, "; ".join(said) or "замечаний больше нет",
        "; ".join(dict.fromkeys(told.comments.get(row.place, []))),
        answer.book if answer else "", answer.row if answer else pd.NA,
    )  # fmt: skip


def _right_line(wanted: ToMend, place: int, answer: Answered, told: _Told) -> tuple[Any, ...]:
    said = "; ".join(told.said.get(place, [])) or "исправлять здесь нечего"
    comment = "; ".join(dict.fromkeys(told.comments.get(place, [])))
    name = _name(answer)
    return (
        "",
        name,
        wanted.codes[place],
        RowState.NOTHING_WRONG.value,
        said,
        comment,
        answer.book,
        answer.row,
    )


def _name(answer: Answered) -> str:
    words = [answer.cells[field].text for field in ("organization", "municipality") if field in answer.cells]
    code = answer.cells.get("organization_id")
    named = next((text for text in words if text), "") or "строка без названия"
    return f"{_cut(named)} (ID {_cut(code.text)})" if code and code.text else _cut(named)


def _why_lost(answer: Answered) -> str:
    if not answer.code:
        return "код строки стёрт, а ID и название в выгрузке не найдены или повторяются"
    return "такого кода строки, ID и названия в открытой выгрузке нет: книга сделана по другой выгрузке?"


def _notes(books: Sequence[AnswerBook]) -> tuple[str, ...]:
    notes = []
    for book in books:
        if not book.rows:
            notes.append(f"«{book.name}»: в книге нет ни одной строки.")
        if book.unknown:
            listed = ", ".join(f"«{_cut(header)}»" for header in book.unknown[:5])
            notes.append(f"«{book.name}»: столбцов {listed} в выгрузке нет, они не читались.")
        if book.rows and book.lacking:
            listed = ", ".join(f"«{_cut(header)}»" for header in book.lacking[:5])
            notes.append(f"«{book.name}»: нет столбцов {listed}; их значения оставлены прежними.")
    return tuple(notes)


def _cut(text: str) -> str:
    return text if len(text) <= 90 else text[:90].rstrip() + "…"
