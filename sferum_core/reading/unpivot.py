"""A long table, a row for each organization and indicator («Показатель», «Значение»), made one with a column an indicator."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sferum_core.model import Finding, Severity
from sferum_core.reading.fields import FIELDS, Content
from sferum_core.reading.header_moments import moment_of
from sferum_core.reading.headers import read_header
from sferum_core.reading.rawbook import DATE, EMPTY, NUMBER, TEXT, RawColumn, RawSheet
from sferum_core.reading.tables import cell_text, row_texts
from sferum_core.reading.values import is_missing, parse_number, tidied
from sferum_core.reading.wording import ROLES, header_text
from sferum_core.wording import counted
from sferum_core.wording import rows as rows_word

HEADER_ZONE = 40
MOST_INDICATORS = 80
LEAST_FIELDS = 2
_INDICATOR = re.compile(
    r"^(?:наименовани\w+ |название )?(?:показател|индикатор|метрик|параметр|критери)"
    r"|^(?:indicator|metric|measure|kpi|parameter)s?(?: name)?$"
)
_VALUE = re.compile(
    r"^(?:значени|количеств|числ(?:о|енное)|результат|факт|сумма|итог|данные|величин|value|count|qty|result|total)\w*"
)
_UNIT = re.compile(r"^(?:ед\w*\W+изм|единиц\w* измер|измерени|unit|uom)")
MOVED = "показатель перенесён в строку той же организации"
REPEATED = "повтор показателя, взято первое значение"


@dataclass(frozen=True, eq=False)
class Unpivoted:
    """The wide sheet, the source's row index of each of its rows, the rows that moved into others with the reason."""

    sheet: RawSheet
    row_of: np.ndarray
    moved: pd.DataFrame  # sheet, row, reason, text
    finding: Finding


@dataclass(frozen=True)
class _Layout:
    header: int
    indicator: int
    values: list[int]
    labels: list[int]
    unit: int | None
    role: int | None


def unpivoted(sheet: RawSheet) -> Unpivoted | None:
    """The sheet with its indicators side by side; None when it isn't a long table.

    It is one when a column «Показатель» names two and more known indicators, beside it stand values, and other
    columns say whose they are. Each group of rows becomes one row, in the place of its first.
    """
    layout = _layout(sheet)
    if layout is None or not layout.labels:
        return None
    first = layout.header + 1
    rows = np.arange(first, sheet.n_rows)
    named = _texts(sheet, layout.indicator, rows)
    held = np.array([bool(text) and not is_missing(text) for text in named])
    if held.mean() < 0.8:
        return None
    names = _indicator_names(sheet, layout, rows, named)
    distinct = list(dict.fromkeys(name for name, is_held in zip(names, held, strict=True) if is_held))
    if len(distinct) > MOST_INDICATORS or len(distinct) < LEAST_FIELDS:
        return None
    fields = {read_header(name).field for name in distinct}
    if (
        len({f for f in fields if f in FIELDS and FIELDS[f].content in (Content.COUNT, Content.SHARE)})
        < LEAST_FIELDS
    ):
        return None
    labels = {c: _filled_down(_texts(sheet, c, rows)) for c in layout.labels}
    groups = _groups(labels, names, held)
    if groups is None:
        return None
    return _wide(sheet, layout, rows, names, held, distinct, labels, groups)


def _layout(sheet: RawSheet) -> _Layout | None:
    if sheet.n_rows < 4 or len(sheet.columns) < 3:
        return None
    for row in range(min(HEADER_ZONE, sheet.n_rows - 2)):
        texts = row_texts(sheet, row)
        words = [header_text(text) if text and len(text) < 80 else "" for text in texts]
        indicator = next((c for c, word in enumerate(words) if word and _INDICATOR.search(word)), None)
        if indicator is None:
            continue
        values = [
            c
            for c, word in enumerate(words)
            if c != indicator and word and _VALUE.search(word) and _figures(sheet, row, c)
        ] or [
            c
            for c in range(indicator + 1, len(texts))
            if texts[c] and moment_of((texts[c],)) and _figures(sheet, row, c)
        ]
        if not values:
            continue
        unit = next((c for c, word in enumerate(words) if word and _UNIT.search(word)), None)
        rest = [c for c, word in enumerate(words) if word and c not in (indicator, unit, *values)]
        rest = [c for c in rest if read_header(texts[c]).field != "row_number"]
        role = next((c for c in rest if _names_roles(sheet, row, c)), None)
        labels = [c for c in rest if c != role]
        return _Layout(row, indicator, values, labels, unit, role)
    return None


def _sample(sheet: RawSheet, header: int, column: int) -> list[str]:
    rows = range(header + 1, min(sheet.n_rows, header + 200))
    return [text for row in rows if (text := cell_text(sheet, row, column))]


def _figures(sheet: RawSheet, header: int, column: int) -> bool:
    found = [text for text in _sample(sheet, header, column) if not is_missing(text)]
    return bool(found) and sum(parse_number(text) is not None for text in found) >= 0.6 * len(found)


def _names_roles(sheet: RawSheet, header: int, column: int) -> bool:
    found = {header_text(text) for text in _sample(sheet, header, column)}
    stems = [ROLES[role] for role in ("teacher", "student", "parent")]
    return 1 < len(found) <= 6 and all(len(t) < 40 and any(stem.search(t) for stem in stems) for t in found)


def _texts(sheet: RawSheet, column: int, rows: np.ndarray) -> list[str]:
    cells = sheet.columns[column]
    tidy = [tidied(text) for text in cells.texts]
    return [
        tidy[cells.codes[row]] if cells.kinds[row] in (TEXT, DATE) else cell_text(sheet, int(row), column)
        for row in rows
    ]


def _indicator_names(sheet: RawSheet, layout: _Layout, rows: np.ndarray, named: list[str]) -> list[str]:
    """Each row's indicator, with its role and a percent from the columns beside it where they say more."""
    result = named
    if layout.role is not None:
        roles = _filled_down(_texts(sheet, layout.role, rows))
        result = [
            f"{role}: {name}" if role and name else name for role, name in zip(roles, result, strict=True)
        ]
    if layout.unit is not None:
        units = _texts(sheet, layout.unit, rows)
        result = [
            f"{name}, %" if "%" in unit or "процент" in unit.lower() else name
            for name, unit in zip(result, units, strict=True)
        ]
    return result


def _filled_down(values: list[str]) -> list[str]:
    """Labels of merged cells given to all their rows; a column with few gaps keeps them."""
    blank = sum(not value for value in values)
    if not values or not values[0] or blank < 0.3 * len(values):
        return values
    return pd.Series([value or None for value in values], dtype="str").ffill().fillna("").tolist()


def _groups(labels: dict[int, list[str]], names: list[str], held: np.ndarray) -> np.ndarray | None:
    """The number of the group each row belongs to: labels that the indicator alone determines don't count."""
    indicator = pd.Series(names)
    keys = []
    for values in labels.values():
        series = pd.Series(values)
        by_indicator = series.groupby(indicator).nunique()
        if series[held].nunique() > 1 and not (by_indicator <= 1).all():
            keys.append(pd.factorize(series)[0])
    if not keys:
        return np.zeros(len(names), dtype=int) if len(set(names)) == len(names) else None
    groups = (
        pd.DataFrame(dict(enumerate(keys))).groupby(list(range(len(keys))), sort=False).ngroup().to_numpy()
    )
    count = len(set(groups[held]))
    # a real long table has several rows for most of its organizations, hardly any of them twice
    return groups if held.sum() >= 1.5 * count else None


def _wide(
    sheet: RawSheet, layout: _Layout, rows: np.ndarray, names: list[str], held: np.ndarray,
    distinct: list[str], labels: dict[int, list[str]], groups: np.ndarray,
) -> Unpivoted:  # fmt: skip
    order, first_of = np.unique(groups, return_index=True)
    place_of = np.empty(int(groups.max()) + 1, dtype=int)
    by_row = np.argsort(first_of, kind="stable")
    place_of[order[by_row]] = np.arange(len(order))
    place = place_of[groups]
    starts = np.sort(first_of)
    column_of = {name: number for number, name in enumerate(distinct)}
    wide = np.array([column_of.get(name, -1) for name in names])
    known = held & (wide >= 0)
    cell = place * len(distinct) + wide
    repeated = known & pd.Series(np.where(known, cell, -1 - np.arange(len(cell)))).duplicated().to_numpy()
    taken = known & ~repeated
    several = len(layout.values) > 1
    heads = [cell_text(sheet, layout.header, c) for c in layout.labels]
    columns = [_label_column(labels[c], starts, head) for c, head in zip(layout.labels, heads, strict=True)]
    for number, name in enumerate(distinct):
        picked = np.flatnonzero(taken & (wide == number))
        for value in layout.values:
            head = f"{name}, {cell_text(sheet, layout.header, value)}" if several else name
            columns.append(
                _value_column(sheet.columns[value], rows[picked], place[picked], len(starts), head)
            )
    is_first = np.zeros(len(rows), dtype=bool)
    is_first[starts] = True
    moved = np.flatnonzero(~is_first & _not_blank(sheet, rows))
    left_out = pd.DataFrame(
        {
            "sheet": pd.array([sheet.name] * len(moved), dtype="str"),
            "row": pd.array(rows[moved] + 1, dtype="Int64"),
            "reason": pd.array([REPEATED if repeated[i] else MOVED for i in moved], dtype="str"),
            "text": pd.array([_line(sheet, layout, labels, names, rows, int(i)) for i in moved], dtype="str"),
        }
    )
    titles = [next((t for t in row_texts(sheet, row) if t), "") for row in range(layout.header)]
    titles = [title for title in titles if title]
    lifted = [_under(titles, column, place == 0) for place, column in enumerate(columns)]
    result = replace(sheet, n_rows=len(titles) + 1 + len(starts), columns=lifted, merged=[])
    row_of = np.concatenate([np.arange(len(titles) + 1), rows[starts]])
    return Unpivoted(
        result, row_of, left_out, _finding(sheet, len(rows), len(starts), len(distinct), int(repeated.sum()))
    )


def _line(
    sheet: RawSheet,
    layout: _Layout,
    labels: dict[int, list[str]],
    names: list[str],
    rows: np.ndarray,
    place: int,
) -> str:
    said = [labels[c][place] for c in layout.labels] + [names[place]]
    said += [cell_text(sheet, int(rows[place]), c) for c in layout.values]
    return " | ".join(text for text in said if text)


def _not_blank(sheet: RawSheet, rows: np.ndarray) -> np.ndarray:
    return np.any([column.kinds[rows] != EMPTY for column in sheet.columns], axis=0)


def _label_column(values: list[str], starts: np.ndarray, head: str) -> RawColumn:
    return _text_column([head, *(values[start] for start in starts)])


def _text_column(values: list[str]) -> RawColumn:
    texts = list(dict.fromkeys(value for value in values if value))
    places = {text: place for place, text in enumerate(texts)}
    kinds = np.array([TEXT if value else EMPTY for value in values], dtype=np.uint8)
    codes = np.array([places.get(value, -1) for value in values], dtype=np.int32)
    return RawColumn(kinds, np.full(len(values), np.nan), codes, texts)


def _value_column(cells: RawColumn, rows: np.ndarray, places: np.ndarray, count: int, head: str) -> RawColumn:
    kinds = np.full(count + 1, EMPTY, dtype=np.uint8)
    numbers = np.full(count + 1, np.nan)
    codes = np.full(count + 1, -1, dtype=np.int32)
    kinds[places + 1], numbers[places + 1], codes[places + 1] = (
        cells.kinds[rows],
        cells.numbers[rows],
        cells.codes[rows],
    )
    used = sorted({int(code) for code in codes[kinds != NUMBER] if code >= 0})
    again = {code: place for place, code in enumerate(used, 1)}
    codes = np.array([again.get(int(code), -1) for code in codes], dtype=np.int32)
    kinds[0], codes[0] = TEXT, 0
    return RawColumn(kinds, numbers, codes, [head, *(cells.texts[code] for code in used)])


def _under(titles: list[str], column: RawColumn, is_left: bool) -> RawColumn:
    """The column under the lines over the table; the lines themselves stand in the leftmost one."""
    if not titles:
        return column
    count = len(titles)
    codes = np.arange(count) + len(column.texts) if is_left else np.full(count, -1)
    kinds = np.full(count, TEXT if is_left else EMPTY, dtype=np.uint8)
    return RawColumn(
        np.concatenate([kinds, column.kinds]),
        np.concatenate([np.full(count, np.nan), column.numbers]),
        np.concatenate([codes.astype(np.int32), column.codes]),
        [*column.texts, *titles] if is_left else column.texts,
    )


def _finding(sheet: RawSheet, read: int, made: int, indicators: int, repeated: int) -> Finding:
    again = (
        f" Показатель повторяется у одной организации: {rows_word(repeated)}, взято первое значение."
        if repeated
        else ""
    )
    return Finding(
        code="long_table",
        severity=Severity.WARNING if repeated else Severity.NOTE,
        sheet=sheet.name,
        count=read,
        message=f"Показатели стояли в строках «показатель – значение»: {rows_word(read)} собраны в {rows_word(made)}, "
        f"{counted(indicators, 'показатель', 'показателя', 'показателей')}.{again}",
        advice="Уберите из файла повторы и загрузите его снова." if repeated else "",
    )
