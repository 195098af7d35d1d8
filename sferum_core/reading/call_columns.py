"""Participants of a call (`call_<number>_participants.csv`, 000): columns told by content, for no document shows the header."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import permutations

import numpy as np

from sferum_core.model import ExportKind
from sferum_core.reading.column import Column
from sferum_core.reading.moments import durations, moments
from sferum_core.reading.rawbook import EMPTY, NUMBER, TEXT, TIME
from sferum_core.reading.values import is_missing
from sferum_core.reading.wording import plain

_CALL_FILE = re.compile(
    r"(?:^|[^a-z])call[\W_]*\d+|call\w*[\W_]+participants?|participants?[\W_]+(?:of[\W_]+)?call"
    r"|\bзвон(?:ок|ка|ку)\b|участник\w*\W+(?:\w+\W+)?звон|звон\w*\W+(?:\w+\W+)?участник|список\W+участников"
)
_NUMBER = re.compile(r"call[\W_]*(\d{3,})|(?<!\d)(\d{6,})(?!\d)", re.IGNORECASE)
_LEAVE = re.compile(
    r"выход|вышел|вышла|\bотключ|покин|заверш|оконч|конец|ушел|\bleav|\bleft\b|\bexit|\bend|disconnect|\blast\b|^(?:по|до)$"
)
_ENTER = re.compile(
    r"вход|вошел|вошла|зашел|зашла|подключ|присоедин|начал|пришел|\bjoin|\benter|\bstart|connect|\bfirst seen|^(?:с|от)$"
)
_DURATION = re.compile(
    r"длит|продолж|durat|\bвремя (?:в|на|участ|присут|нахожд|разгов)|\btime (?:in|spent)|минут|секунд|\blength"
    r"|\btotal time|проведен\w* врем|сколько|пробыл|\bmins?\b|\bsecs?\b"
)
_MINUTES = re.compile(r"\bмин|\bmin")
_SECONDS = re.compile(r"\bсек|\bsec|, с$|\(с\)$")
_NAME = re.compile(
    r"\bимя\b|\bфио\b|ф\. ?и\. ?о|участник|пользовател|\bname\b|\buser ?name|particip|\bnick|display|\bник\b|\buser$|псевдоним"
)
_FIRST = re.compile(r"^(?:имя|first ?name|given ?name)$")
_LAST = re.compile(r"^(?:фамилия|last ?name|sur ?name|family ?name)$")
_CALL_ID = re.compile(
    r"\b(?:id|ид|номер|код)\b.*(?:звон|call|встреч|meeting|конф)|(?:звон\w*|call|meeting)\W*(?:id|ид)\b|^(?:звонок|call)$"
)
_PERSON_ID = re.compile(
    r"\bid\b|^ид\b|идентиф|e-?mail|\bпочт|логин|\blogin|телефон|\bphone|ссылк|\burl\b|профил"
)
_ROLE = re.compile(r"\bроль\b|\brole\b|тип (?:участн|польз)|статус")
_ID_TEXT = re.compile(r"\S*@\S+|https?://\S+|\+?\d[\d\-() ]{6,}|id\d+|[0-9a-f-]{20,}")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_ENOUGH = 0.8
_BEFORE = (ExportKind.UNKNOWN, ExportKind.TEACHERS, ExportKind.REGISTRY)
_TAKEN = {"messages", "linked", "organization_id"}


def call_number(filename: str) -> str:
    """The number in `call_2000001652_participants.csv`; "" when the name holds none."""
    match = _NUMBER.search(filename)
    return (match[1] or match[2]) if match else ""


def call_columns(
    columns: list[Column], kind: ExportKind, titles: list[str], filename: str
) -> tuple[list[Column], ExportKind]:
    """The columns as those of a call's participants, with the kind, where that is what the table holds."""
    if any(c.by_user and c.field for c in columns):
        return columns, kind
    fields = {c.field for c in columns if c.field}
    named_call = any(_CALL_FILE.search(plain(text)) for text in (filename, *titles))
    if not named_call and (kind not in _BEFORE or fields & _TAKEN):
        return columns, kind
    found = _assign(columns)
    names = {"full_name", "surname", "first_name", "participant_id"} & set(found.values())
    spans = {"joined_at", "left_at", "duration_seconds"} & set(found.values())
    whole = len(spans) >= 2 or ("duration_seconds" in spans and named_call)
    if not names or not (whole or (named_call and not fields & _TAKEN)):
        return columns, kind
    return [
        _told(column, found.get(column.number), found) for column in columns
    ], ExportKind.CALL_PARTICIPANTS


def _told(column: Column, field: str | None, found: dict[int, str]) -> Column:
    if field is None:
        if column.field in ("row_number", "phone", "email"):
            return column
        return replace(column, field=None, confidence=0.0, reason="для участников звонка не нужен")
    sure = bool(_words_of(field) and _words_of(field).search(_own(column)))  # type: ignore[union-attr]
    confidence = 0.95 if sure else 0.8
    reason = "" if sure else "узнано по содержимому столбца"
    if field == "duration_seconds" and _is_bare_number(column) and not _unit_told(column, found):
        confidence, reason = 0.6, "единица не названа, приняты секунды"
    return replace(column, field=field, confidence=confidence, reason=reason)


def _unit_told(column: Column, found: dict[int, str]) -> bool:
    own = _own(column)
    both = {"joined_at", "left_at"} <= set(found.values())
    return both or bool(_MINUTES.search(own) or _SECONDS.search(own))


def _words_of(field: str) -> re.Pattern[str] | None:
    return {
        "joined_at": _ENTER, "left_at": _LEAVE, "duration_seconds": _DURATION, "full_name": _NAME,
        "participant_id": _PERSON_ID, "call_id": _CALL_ID, "role": _ROLE, "first_name": _FIRST, "surname": _LAST,
    }.get(field)  # fmt: skip


def _own(column: Column) -> str:
    return plain(column.path[-1]).replace("_", " ") if column.path else ""


def _is_bare_number(column: Column) -> bool:
    return column.numeric > _ENOUGH and not (column.cells.kinds == TIME).any()


def _assign(columns: list[Column]) -> dict[int, str]:
    """Column number to field: times by their words, else by what fits; then durations, IDs, names."""
    found = _times(columns)
    for column in columns:
        if column.number in found or not column.filled:
            continue
        own = _own(column)
        if _CALL_ID.search(own) and "call_id" not in found.values():
            found[column.number] = "call_id"
        elif "participant_id" not in found.values() and _is_person_id(column, own):
            found[column.number] = "participant_id"
        elif _ROLE.search(own) and "role" not in found.values() and column.numeric < 0.2:
            found[column.number] = "role"
    found |= _names([c for c in columns if c.number not in found and c.filled])
    return found


def _is_person_id(column: Column, own: str) -> bool:
    texts = _texts(column)
    if _PERSON_ID.search(own) and not _NAME.fullmatch(own):
        return bool(texts) or column.numeric > _ENOUGH
    return bool(texts) and sum(
        bool(_ID_TEXT.fullmatch(text.strip().lower())) for text in texts
    ) >= _ENOUGH * len(texts)


def _texts(column: Column, most: int = 400) -> list[str]:
    cells = column.cells
    rows = np.flatnonzero(cells.kinds == TEXT)[:most]
    return [text for row in rows if not is_missing(text := cells.texts[cells.codes[row]])]


def _names(columns: list[Column]) -> dict[int, str]:
    """The column of names: by its words, else the text column with most different texts made of letters."""
    first = next((c for c in columns if _FIRST.search(_own(c))), None)
    last = next((c for c in columns if _LAST.search(_own(c))), None)
    if last is not None:
        result = {last.number: "surname"}
        return result | {first.number: "first_name"} if first is not None else result
    scored = []
    for column in columns:
        texts = _texts(column)
        named = bool(_NAME.search(_own(column)))
        if not texts or column.numeric > 0.5:
            continue
        lettered = sum(bool(_LETTERS.search(text)) for text in texts) / len(texts)
        if lettered >= 0.6 or named:
            scored.append((named, len(set(texts)) / len(texts) * lettered, -column.number, column))
    return {max(scored, key=lambda item: item[:3])[3].number: "full_name"} if scored else {}


def _times(columns: list[Column]) -> dict[int, str]:
    """Columns of entering, leaving and duration."""
    clocks, spans = {}, {}
    for column in columns:
        if not column.filled:
            continue
        values, _ = moments(column.cells)
        filled = int((column.cells.kinds != EMPTY).sum())
        if values.notna().sum() >= _ENOUGH * max(1, filled):
            clocks[column.number] = (column, values.to_numpy(dtype="datetime64[s]"))
        seconds, _ = durations(column.cells)
        if seconds.notna().sum() >= _ENOUGH * filled:
            spans[column.number] = (column, seconds.to_numpy(dtype="float64", na_value=np.nan))
    found: dict[int, str] = {}
    for number in dict.fromkeys([*clocks, *spans]):
        column = (clocks.get(number) or spans[number])[0]
        own = _own(column)
        if _DURATION.search(own) and number in spans:
            field = "duration_seconds"
        elif _LEAVE.search(own) and number in clocks:
            field = "left_at"
        elif _ENTER.search(own) and number in clocks:
            field = "joined_at"
        else:
            continue
        if field not in found.values():
            found[number] = field
    return found if _settled(found) else _by_content(clocks, spans, found)


def _settled(found: dict[int, str]) -> bool:
    return {"joined_at", "left_at"} <= set(found.values()) or len(found) >= 3


def _by_content(clocks: dict, spans: dict, found: dict[int, str]) -> dict[int, str]:
    """Two columns of moments, the earlier one first; a third that is their difference is the duration."""
    taken = set(found)
    free = [n for n in clocks if n not in taken]
    dated = [n for n in free if _has_days(clocks[n][1])] or free
    wanted = [f for f in ("joined_at", "left_at") if f not in found.values()]
    result = dict(found)
    if len(wanted) == 2 and len(dated) >= 2:
        pair = max(
            permutations(dated[:6], 2), key=lambda p: (_in_order(clocks[p[0]][1], clocks[p[1]][1]), -p[0])
        )
        if _in_order(clocks[pair[0]][1], clocks[pair[1]][1]) >= 0.9:
            result |= dict(zip(pair, wanted, strict=True))
    elif len(wanted) == 1 and dated:
        result[dated[0]] = wanted[0]
    if len(wanted) == 2 and "joined_at" not in result.values() and dated:
        lone = next((n for n in dated if _has_days(clocks[n][1])), None)
        if lone is not None:
            result[lone] = "joined_at"
    if "duration_seconds" not in result.values():
        rest = [n for n in spans if n not in result and not _looks_like_id(spans[n][0])]
        chosen = _matching_span(rest, spans, clocks, result)
        if chosen is None:
            chosen = next(
                (n for n in rest if (spans[n][0].cells.kinds != NUMBER).any() and spans[n][0].numeric < 0.5),
                None,
            )
        if chosen is not None:
            result[chosen] = "duration_seconds"
    return result


def _looks_like_id(column: Column) -> bool:
    return bool(_PERSON_ID.search(_own(column)) or _CALL_ID.search(_own(column)))


def _has_days(values: np.ndarray) -> bool:
    known = values[~np.isnat(values)]
    return bool(len(known)) and bool((known >= np.datetime64("1971-01-01")).mean() > 0.5)


def _in_order(first: np.ndarray, second: np.ndarray) -> float:
    known = ~np.isnat(first) & ~np.isnat(second)
    return float((first[known] <= second[known]).mean()) if known.any() else 0.0


def _matching_span(rest: list[int], spans: dict, clocks: dict, found: dict[int, str]) -> int | None:
    places = {field: number for number, field in found.items()}
    if not {"joined_at", "left_at"} <= set(places):
        return None
    stay = (clocks[places["left_at"]][1] - clocks[places["joined_at"]][1]).astype("float64")
    for number in rest:
        seconds = spans[number][1]
        known = (
            ~np.isnan(seconds)
            & ~np.isnat(clocks[places["left_at"]][1])
            & ~np.isnat(clocks[places["joined_at"]][1])
        )
        for unit in (1, 60):
            if (
                known.any()
                and (np.abs(seconds[known] * unit - stay[known]) <= max(2, unit)).mean() >= _ENOUGH
            ):
                return number
    return None


def duration_unit(column: Column, joined: np.ndarray | None, left: np.ndarray | None) -> float:
    """How many seconds a bare number of the column is: told by its words, else by the times beside it; else 1."""
    own = _own(column)
    if _MINUTES.search(own):
        return 60.0
    if _SECONDS.search(own) or joined is None or left is None:
        return 1.0
    seconds = durations(column.cells)[0].to_numpy(dtype="float64", na_value=np.nan)
    stay = (left - joined).astype("float64")
    known = ~np.isnan(seconds) & ~np.isnat(joined) & ~np.isnat(left)
    if not known.any():
        return 1.0
    wrong = {unit: float(np.median(np.abs(seconds[known] * unit - stay[known]))) for unit in (1.0, 60.0)}
    return min(wrong, key=lambda unit: wrong[unit])
