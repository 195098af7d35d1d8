"""Which field each column of a table holds: by its words, by its content, by its neighbours, by the user's word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sferum_core.model import ExportKind, Finding, Severity
from sferum_core.reading.fields import DENOMINATORS, FIELDS, KIND_FIELDS, SHORT_SHARES, Content
from sferum_core.reading.guesses import content_guess
from sferum_core.reading.headers import Reading, read_path
from sferum_core.reading.rawbook import BOOL, DATE, EMPTY, NUMBER, TEXT, RawColumn
from sferum_core.reading.tables import Table, cell_text
from sferum_core.reading.values import is_missing, numbers, parse_flag, parse_number
from sferum_core.reading.wording import IGNORED_FIELDS, plain

DOUBTFUL = 0.75  # below this the page asks
_SAMPLE = 400
_PRESCHOOL = re.compile(r"воспитател|\bдоо\b|\bдоу\b|дошкольн|детск\w+ сад|\bdoo\b")
_PERSON_FIELDS = {"messages", "calls", "linked", "role"}


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a table with what it was recognized as. `cells` hold the rows under the header only."""

    number: int
    path: tuple[str, ...]
    cells: RawColumn
    reading: Reading
    numeric: float  # share of the filled cells that are numbers
    filled: int
    biggest: float
    whole: bool
    field: str | None
    confidence: float
    reason: str
    by_user: bool = False

    @property
    def header(self) -> str:
        """The header as shown: the groups it stands under, then its own words."""
        return " / ".join(self.path)


def slice_column(column: RawColumn, first: int, end: int) -> RawColumn:
    """The rows `first` to `end` of a column."""
    return RawColumn(
        column.kinds[first:end], column.numbers[first:end], column.codes[first:end], column.texts
    )


def _profile(cells: RawColumn) -> tuple[float, int, float, bool]:
    filled = np.flatnonzero(cells.kinds != EMPTY)
    if not len(filled):
        return 0.0, 0, 0.0, True
    sample = (
        filled if len(filled) <= _SAMPLE else filled[np.linspace(0, len(filled) - 1, _SAMPLE).astype(int)]
    )
    values: list[float] = []
    count = 0
    for row in sample:
        if cells.kinds[row] == TEXT:
            text = cells.texts[cells.codes[row]]
            if is_missing(text):
                continue
            parsed = parse_number(text)
            if parsed:
                values.append(parsed[0])
        elif cells.kinds[row] in (NUMBER, BOOL):
            values.append(float(cells.numbers[row]))
        count += 1
    whole = all(v.is_integer() for v in values)
    return (len(values) / count if count else 0.0), len(filled), max(values, default=0.0), whole


def samples(cells: RawColumn, sheet_column: RawColumn | None = None, count: int = 4) -> tuple[str, ...]:
    """A few different values of a column, as a person sees them."""
    found: list[str] = []
    for row in np.flatnonzero(cells.kinds != EMPTY)[:200]:
        kind = cells.kinds[row]
        text = (
            cells.texts[cells.codes[row]]
            if kind in (TEXT, DATE)
            else f"{cells.numbers[row]:g}".replace(".", ",")
        )
        text = " ".join(text.split())[:80]
        if text and text not in found:
            found.append(text)
        if len(found) == count:
            break
    return tuple(found)


def _start(table: Table) -> list[Column]:
    columns = []
    for number, path in zip(table.positions, table.paths, strict=True):
        cells = slice_column(table.sheet.columns[number], table.first, table.end)
        numeric, filled, biggest, whole = _profile(cells)
        reading = read_path(path)
        columns.append(
            Column(
                number,
                path,
                cells,
                reading,
                numeric,
                filled,
                biggest,
                whole,
                reading.field,
                reading.confidence,
                reading.reason,
            )
        )
    return columns


def _content_refuses(column: Column) -> Column:
    """Content beats wording: numbers under «МО» are a count, words under a count are no count."""
    field = column.field
    if field is None or field in IGNORED_FIELDS or not column.filled:
        return column
    is_text = column.numeric < 0.5
    wanted = FIELDS[field].content
    if field in ("municipality", "organization") and column.numeric > 0.9 and column.whole:
        return replace(
            column,
            field="organizations",
            confidence=0.85,
            reason="в столбце числа: это количество организаций",
        )
    if (
        field in ("organizations", "teachers_registered", "full_name")
        and is_text
        and column.reading.role == "organization"
    ):
        return replace(column, field="organization", confidence=0.8, reason="в столбце названия")
    if wanted is Content.COUNT and is_text:
        flags = [parse_flag(t) for t in column.cells.texts[:50] if not is_missing(t)]
        if field in ("teachers_active", "organizations_active") and flags and None not in flags[1:]:
            return replace(column, field="is_active", confidence=0.85, reason="в столбце статусы")
    if wanted in (Content.COUNT, Content.SHARE) and is_text and column.filled > 1:
        return replace(column, field=None, confidence=0.0, reason="content:в столбце текст, а не числа")
    if field == "is_active" and column.numeric > 0.9 and column.biggest > 1:
        return replace(column, field=None, confidence=0.0, reason="content:в столбце числа, а не статус")
    if wanted is Content.TEXT and field == "full_name" and column.numeric > 0.9:
        return replace(column, field=None, confidence=0.0, reason="content:в столбце числа, а не имена")
    return column


def _by_person(columns: list[Column]) -> list[Column]:
    """In a table of people «связь с ЭЖД» and the like are about one person."""
    fields = {c.field for c in columns}
    if "full_name" not in fields and not ({"messages", "calls"} & fields and "role" in fields):
        return columns
    result = []
    for column in columns:
        flags = (
            column.numeric > 0.9
            and column.biggest <= 1
            or any(parse_flag(t) is not None for t in column.cells.texts[:5])
        )
        if column.field in ("teachers_linked", "is_active") and flags and column.reading.action == "linked":
            column = replace(column, field="linked", confidence=0.93, reason="")
        elif (
            column.field is None
            and column.reading.role == "teacher"
            and not column.reading.action
            and column.numeric < 0.1
        ):
            column = replace(column, field="full_name" if "full_name" not in fields else None, confidence=0.8)
        result.append(column)
    return result


def _bare_roles(columns: list[Column]) -> list[Column]:
    """«Педагоги» without a verb: the registered ones, or the staff list where registered ones stand beside."""
    fields = {c.field for c in columns}
    result = []
    for column in columns:
        role = column.reading.role
        prefix = {"teacher": "teachers", "student": "students", "parent": "parents"}.get(role or "")
        bare = column.field is None and prefix and not column.reading.action and not column.reading.is_share
        if bare and column.numeric > 0.5 and column.reason.startswith("не сказано"):
            registered, total = f"{prefix}_registered", f"{prefix}_total"
            own_list = (
                bool({"inn", "ogrn", "address"} & fields)
                and not {"is_active", "teachers_registered"} & fields
            )
            field = total if registered in fields or own_list else registered
            if field in FIELDS and field not in fields:
                fields.add(field)
                word = "численность" if field == total else "зарегистрированные"
                column = replace(
                    column, field=field, confidence=0.7, reason=f"в заголовке только роль, принято: {word}"
                )
        result.append(column)
    return result


def _matches_share(numerator: Column, denominator: Column | None, share: Column) -> bool:
    if denominator is None:
        return False
    top, bottom, stated = (numbers(c.cells).values for c in (numerator, denominator, share))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(bottom > 0, top / bottom, np.nan)
    known = ~np.isnan(ratio) & ~np.isnan(stated)
    if not known.any():
        return False
    near = [np.mean(np.abs(ratio[known] * scale - stated[known]) < 0.006 * scale) for scale in (1, 100)]
    return max(near) > 0.8


def _neighbour_shares(columns: list[Column]) -> list[Column]:
    """A bare «%» is the share of the count to its left; figures that agree make it sure."""
    by_field = {c.field: c for c in columns if c.field}
    result = list(columns)
    for i, column in enumerate(result):
        bare = (
            column.field is None
            and column.reading.is_share
            and not column.reading.action
            and column.reading.role in (None, "teacher", "student")
        )
        if not bare or column.numeric < 0.5:
            continue
        left = next((c for c in reversed(result[:i]) if c.field in DENOMINATORS), None)
        if left is None or not left.field or f"reported_share_{left.field}" in by_field:
            continue
        sure = _matches_share(left, by_field.get(DENOMINATORS[left.field]), column)
        result[i] = replace(
            column,
            field=f"reported_share_{left.field}",
            confidence=0.9 if sure else 0.65,
            reason=f"доля столбца слева («{left.header}»)",
        )
    return result


def _guessed_roles(columns: list[Column]) -> list[Column]:
    """«Активные» without a role stays surer where no other role is in the table, or the figures agree."""
    roles = {c.reading.role for c in columns if c.reading.role in ("student", "parent")}
    by_field = {c.field: c for c in columns if c.field}
    result = []
    for column in columns:
        if column.reading.role_is_guess and column.field:
            if not roles:
                column = replace(column, confidence=max(column.confidence, 0.8))
            base = column.field.removeprefix("reported_share_")
            if (
                base != column.field
                and base in by_field
                and _matches_share(by_field[base], by_field.get(DENOMINATORS.get(base, "")), column)
            ):
                column = replace(column, confidence=0.93, reason="совпадает с числами таблицы")
        result.append(column)
    return result


def _content_only(table: Table, columns: list[Column]) -> list[Column]:
    """A column whose words say nothing may still hold what nothing else in the table holds."""
    fields = {c.field for c in columns if c.field}
    result = []
    for column in columns:
        unsaid = (
            column.field is None and not column.reason.startswith("content:") and not column.reading.action
        )
        if unsaid and column.filled:
            guess = content_guess(column.cells, fields)
            if guess:
                fields.add(guess)
                column = replace(column, field=guess, confidence=0.72, reason="узнано по содержимому столбца")
        result.append(column)
    return result


def _same_values(a: Column, b: Column) -> bool:
    if a.numeric > 0.5 and b.numeric > 0.5:
        return bool(np.array_equal(numbers(a.cells).values, numbers(b.cells).values, equal_nan=True))
    rows = range(min(len(a.cells.kinds), 300))
    sheet = [[_text(c.cells, r) for r in rows] for c in (a, b)]
    return sheet[0] == sheet[1]


def _text(cells: RawColumn, row: int) -> str:
    return cells.texts[cells.codes[row]].strip() if cells.codes[row] >= 0 else str(cells.numbers[row])


def _one_for_each(columns: list[Column]) -> tuple[list[Column], list[Finding]]:
    findings: list[Finding] = []
    chosen: dict[str, Column] = {}
    order = sorted(
        (c for c in columns if c.field and c.field not in IGNORED_FIELDS),
        key=lambda c: (not c.by_user, -c.confidence, -c.filled, c.number),
    )
    losers: dict[int, str] = {}
    for column in order:
        assert column.field
        if column.field not in chosen:
            chosen[column.field] = column
            continue
        winner = chosen[column.field]
        title = FIELDS[column.field].title
        if _same_values(winner, column):
            losers[column.number] = f"повторяет столбец «{winner.header}»"
            findings.append(
                Finding(
                    code="repeated_column",
                    severity=Severity.NOTE,
                    column=column.header,
                    message=f"Столбец «{column.header}» повторяет столбец «{winner.header}», взят один.",
                    advice="Ничего делать не нужно.",
                )
            )
        else:
            losers[column.number] = f"то же поле уже взято из столбца «{winner.header}»"
            findings.append(
                Finding(
                    code="duplicate_field",
                    severity=Severity.WARNING,
                    column=column.header,
                    count=2,
                    message=f"Два столбца подходят под «{title}»: «{winner.header}» и «{column.header}». Взят первый.",
                    advice="Проверьте выбор в разделе «Что мы поняли».",
                )
            )
    return [
        replace(c, field=None, confidence=0.0, reason=losers[c.number]) if c.number in losers else c
        for c in columns
    ], findings


def table_kind(table: Table, columns: list[Column], filename: str) -> ExportKind:
    """What a table holds, told by the fields it has."""
    fields = {c.field for c in columns if c.field}
    indicators = {
        f
        for f in fields
        if f in DENOMINATORS
        or f.startswith("reported_share_")
        or f in ("admins_registered", "parents_registered")
    }
    if (
        "full_name" in fields
        and fields & _PERSON_FIELDS
        or {"messages", "role"} <= fields
        or {"calls", "role"} <= fields
    ):
        return ExportKind.TEACHERS
    if "full_name" in fields:
        return ExportKind.UNKNOWN
    if fields & {"organization", "organization_id"}:
        if indicators or "is_active" in fields:
            return ExportKind.ORGANIZATIONS
        if (
            fields
            & {
                "inn",
                "ogrn",
                "address",
                "teachers_total",
                "students_total",
                "organization_type",
                "municipality",
            }
            or {"organization", "organization_id"} <= fields
        ):
            return ExportKind.REGISTRY
        return ExportKind.UNKNOWN
    if "municipality" in fields and (
        indicators or fields & {"organizations", "organizations_active", "teachers_total"}
    ):
        words = plain(
            " ".join(
                [*table.titles, table.sheet.name, filename.replace("_", " "), *(c.header for c in columns)]
            )
        )
        others = {f for f in fields if f.startswith(("students", "parents", "reported_share_students"))} | (
            fields & {"organization_type"}
        )
        people = fields & {"teachers_total", "teachers_registered", "teachers_active"} or any(
            f.startswith("reported_share_teachers") for f in fields
        )
        if _PRESCHOOL.search(words) and people and not others:
            return ExportKind.DOO_STAFF
        return ExportKind.MUNICIPALITIES
    return ExportKind.UNKNOWN


def _apply_mapping(columns: list[Column], mapping: Mapping[str | int, str]) -> list[Column]:
    def wish(column: Column) -> str | None:
        if column.number in mapping:
            return mapping[column.number]
        for name in (column.header, column.path[-1] if column.path else ""):
            for key, field in mapping.items():
                if isinstance(key, str) and name and plain(key) == plain(name):
                    return field
        return None

    result = []
    for column in columns:
        field = wish(column)
        if field == "":
            column = replace(
                column, field=None, confidence=1.0, reason="не берётся: так указано вами", by_user=True
            )
        elif field in FIELDS:
            column = replace(column, field=field, confidence=1.0, reason="указано вами", by_user=True)
        result.append(column)
    return result


def match_columns(
    table: Table, filename: str, mapping: Mapping[str | int, str] | None = None
) -> tuple[list[Column], ExportKind, list[Finding]]:
    """The columns of a table with their fields, the kind of the table, and what was doubtful about it."""
    columns = [_content_refuses(c) for c in _start(table)]
    columns = _by_person(columns)
    columns = _content_only(table, columns)
    columns = _bare_roles(columns)
    columns = _neighbour_shares(columns)
    columns = _guessed_roles(columns)
    if mapping:
        columns = _apply_mapping(columns, mapping)
    columns, findings = _one_for_each(columns)
    kind = table_kind(table, columns, filename)
    return _fit_kind(columns, kind), kind, findings


def _fit_kind(columns: list[Column], kind: ExportKind) -> list[Column]:
    if kind is ExportKind.UNKNOWN:
        return columns
    wanted = KIND_FIELDS[kind]
    result = []
    for column in columns:
        field = column.field
        if field in SHORT_SHARES and kind in (ExportKind.MUNICIPALITIES, ExportKind.DOO_STAFF):
            column = replace(column, field=SHORT_SHARES[field])
        elif field in IGNORED_FIELDS:
            pass
        elif field and field not in wanted:
            column = replace(
                column,
                field=None,
                confidence=0.0,
                reason=f"«{FIELDS[field].title}» не относится к таблице «{kind.label}»",
            )
        result.append(column)
    return result


__all__ = ["Column", "cell_text", "match_columns", "samples", "slice_column"]
