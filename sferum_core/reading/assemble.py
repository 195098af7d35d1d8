"""One table of a sheet to typed columns: labels filled down, shares to fractions, counts derived, totals checked."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sferum_core.model import ColumnMatch, ExportKind, Finding, Period, Severity
from sferum_core.reading import notes
from sferum_core.reading.call_columns import duration_unit
from sferum_core.reading.columns import DOUBTFUL, Column, match_columns, samples
from sferum_core.reading.derive import complete, share_parts
from sferum_core.reading.fields import FIELDS, KIND_FIELDS, Content
from sferum_core.reading.guesses import looks_like_municipality, looks_like_organization
from sferum_core.reading.headings import WITH_HEADINGS, name_alone
from sferum_core.reading.moments import durations, moments
from sferum_core.reading.periods import best_period, find_period
from sferum_core.reading.rawbook import RawColumn
from sferum_core.reading.row_marks import HEADING, Rows
from sferum_core.reading.rows import classify_rows, fill_down, left_out_frame
from sferum_core.reading.tables import Table
from sferum_core.reading.totals import check_totals
from sferum_core.reading.values import dates, flags, ids, numbers, parse_type, texts, tidied, whole_numbers

MOST_SHARE = 1e6  # 004 prints 800 %; nothing real comes near this
_NAMED_OVER = {"municipality": looks_like_municipality, "organization": looks_like_organization}
_BLOCKS = 0.2  # of the labels: where so few are missing, they are not left out of blocks
_STAY = ("joined_at", "left_at")


@dataclass(eq=False)
class Part:
    """What one table of one sheet gives; parts of one kind are joined into one export."""

    kind: ExportKind
    frame: pd.DataFrame
    rows: np.ndarray  # the spreadsheet's row number of each row of `frame`
    sheet: str
    columns: list[ColumnMatch]
    findings: list[Finding]
    left_out: pd.DataFrame
    source_rows: int
    period: Period | None = None
    titles: list[str] = field(default_factory=list)


def read_part(table: Table, filename: str, mapping=None) -> Part:
    """One table, read whole."""
    columns, kind, findings = match_columns(table, filename, mapping)
    rows = classify_rows(table, columns, kind)
    data = rows.data
    left_out = left_out_frame(table, columns, rows)
    frame, more = _frame(table, columns, kind, rows)
    findings += more
    row_numbers = table.first + np.flatnonzero(data) + 1
    frame, derived = complete(frame, kind, table.sheet.name)
    findings += derived
    findings += check_totals(table, columns, rows, kind)
    findings += _column_findings(table, columns, kind)
    period = _period(table, columns, filename)
    return Part(
        kind, frame.reset_index(drop=True), row_numbers, table.sheet.name, _matches(columns, kind), findings,
        left_out, int((~rows.blank).sum()), period, table.titles,
    )  # fmt: skip


def _matches(columns: list[Column], kind: ExportKind) -> list[ColumnMatch]:
    return [
        ColumnMatch(
            number=c.number,
            header=c.header,
            field=c.field if c.field in FIELDS else None,
            confidence=round(c.confidence, 2) if c.field or c.by_user else 0.0,
            samples=samples(c.cells),
            reason=c.reason.removeprefix("content:"),
        )
        for c in columns
    ]


def _period(table: Table, columns: list[Column], filename: str) -> Period | None:
    whole: list[Period] = []
    for column in columns:
        stated = [t for t in column.cells.texts if t not in column.path][:20]
        if column.field == "period":
            if period := best_period(stated):
                whole.append(period)
            days = dates(column.cells, table.sheet.date1904)[0].dropna()
            if not period and not days.empty:
                whole.append(Period(start=days.min().date(), end=days.max().date()))
    if whole:
        return Period(start=min(p.start for p in whole), end=max(p.end for p in whole))
    for column in columns:
        if column.field == "date":
            days = dates(column.cells, table.sheet.date1904)[0].dropna()
            if not days.empty:
                return Period(start=days.min().date(), end=days.max().date())
    for column in columns:
        if column.field == "joined_at":
            joined = moments(column.cells)[0].dropna()
            joined = joined[joined >= "1971-01-01"]
            if not joined.empty:
                return Period(start=joined.min().date(), end=joined.max().date())
    headers = [" ".join(c.path) for c in columns if c.field in FIELDS]
    return best_period(
        [*[h for h in headers if find_period(h)], *table.titles, table.sheet.name, *headers, filename]
    )


def _frame(
    table: Table, columns: list[Column], kind: ExportKind, rows: Rows
) -> tuple[pd.DataFrame, list[Finding]]:
    if kind is ExportKind.UNKNOWN:
        return _raw_frame(columns, rows), []
    findings: list[Finding] = []
    data = rows.data
    by_field = {c.field: c for c in columns if c.field}
    series: dict[str, pd.Series] = {}
    for name in KIND_FIELDS[kind]:
        if name not in by_field:
            continue
        column = by_field[name]
        values, bad = _typed(column, name, table, by_field, data)
        findings += notes.bad_values(table, column, name, bad & data)
        if FIELDS[name].fills_down:
            values, filled = fill_down(values, data & ~_on_its_own(table, column, kind, values, series))
            if filled:
                findings.append(notes.filled_down(table, name, column, filled))
        series[name] = values
    if "full_name" not in series and kind in (ExportKind.TEACHERS, ExportKind.CALL_PARTICIPANTS):
        names = _joined_name(by_field)
        if names is not None:
            series["full_name"] = names
    _from_headings(table, rows, kind, series, findings)
    order = [name for name in KIND_FIELDS[kind] if name in series]
    frame = (
        pd.DataFrame({name: series[name] for name in order})[data]
        if order
        else pd.DataFrame(index=range(int(data.sum())))
    )
    return frame, findings


def _on_its_own(
    table: Table, column: Column, kind: ExportKind, values: pd.Series, series: dict[str, pd.Series]
) -> np.ndarray:
    """Rows whose missing label must stay missing: it isn't that of the row above.

    Another ID than above is another organization; a single gap among municipalities is no block of one.
    """
    blank = values.isna()
    if column.field == "organization" and "organization_id" in series:
        ids = series["organization_id"]
        return (blank & ids.notna() & ids.ne(ids.ffill().shift())).to_numpy(dtype=bool)
    if column.field == "municipality" and kind in (ExportKind.MUNICIPALITIES, ExportKind.DOO_STAFF):
        merged = any(
            c0 <= column.number <= c1 and table.first <= r0 < r1 < table.end
            for r0, c0, r1, c1 in table.sheet.merged
        )
        if not merged and blank.sum() < _BLOCKS * values.notna().sum():
            return blank.to_numpy(dtype=bool)
    return np.zeros(len(values), dtype=bool)


def _joined_name(by_field: dict) -> pd.Series | None:
    parts = [texts(by_field[f].cells) for f in ("surname", "first_name", "patronymic") if f in by_field]
    if not parts:
        return None
    joined = parts[0].fillna("")
    for part in parts[1:]:
        joined = joined + " " + part.fillna("")
    joined = joined.str.strip()
    return joined.where(joined != "").astype("str")


def _typed(
    column: Column, name: str, table: Table, by_field: dict[str, Column], data: np.ndarray
) -> tuple[pd.Series, np.ndarray]:
    """The column as its field's type, and which cells could not be understood."""
    cells = column.cells
    content = FIELDS[name].content
    nothing = np.zeros(len(cells.kinds), dtype=bool)
    if content is Content.ID:
        return ids(cells), nothing
    if content is Content.TEXT:
        return texts(cells), nothing
    if content is Content.TYPE:
        stated = texts(cells)
        lookup = {text: parse_type(text) for text in stated.dropna().unique()}
        result = stated.map(lookup).astype("str")
        return result, (stated.notna() & result.isna()).to_numpy()
    if content in (Content.STATUS, Content.FLAG):
        return flags(cells)
    if content is Content.MOMENT:
        return moments(cells)
    if content is Content.DURATION:
        beside = (moments(by_field[name].cells)[0].to_numpy() if name in by_field else None for name in _STAY)
        return durations(cells, duration_unit(column, *beside))
    if content is Content.DATE:
        return dates(cells, table.sheet.date1904)
    found = numbers(cells)
    if content is Content.SHARE:
        scale = _share_scale(column, found, by_field, data)
        values = np.where(found.percent, found.values / 100, found.values * scale)
        senseless = (values < 0) | (values > MOST_SHARE)
        values = np.where(senseless, np.nan, values)
        return pd.Series(pd.array(values, dtype="Float64")).where(~np.isnan(values)), found.bad | senseless
    values = whole_numbers(cells)
    bad = np.isnan(values) & (found.bad | ~np.isnan(found.values))
    integers = pd.array(np.where(np.isnan(values), 0, values).astype("int64"), dtype="Int64")
    integers[np.isnan(values)] = pd.NA
    return pd.Series(integers), bad


def _share_scale(column: Column, found, by_field: dict[str, Column], data: np.ndarray) -> float:
    """0.01 for a column of percents, 1 for fractions: by the counts beside it, else by size and header."""
    values = found.values[data & ~found.percent]
    values = values[~np.isnan(values) & (values != 0)]
    if not len(values):
        return 0.01
    top_name, bottom_name = share_parts(column.field or "")
    if top_name in by_field and bottom_name in by_field:
        top, bottom = (numbers(by_field[n].cells).values for n in (top_name, bottom_name))
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = top / bottom
        known = data & np.isfinite(ratio) & ~np.isnan(found.values) & ~found.percent & (ratio > 0)
        if known.any():
            as_fraction = np.abs(found.values[known] - ratio[known]) < 0.02 + 0.02 * ratio[known]
            as_percent = np.abs(found.values[known] / 100 - ratio[known]) < 0.02 + 0.02 * ratio[known]
            if as_fraction.mean() != as_percent.mean():
                return 1.0 if as_fraction.mean() > as_percent.mean() else 0.01
            # both fit where shares are tiny (000: 0,002 beside 1 / 612): percents only where they come near
            wrong = [float(np.abs(found.values[known] * scale - ratio[known]).sum()) for scale in (1.0, 0.01)]
            return 0.01 if wrong[1] < min(wrong[0], 0.25 * float(ratio[known].sum())) else 1.0
    says_percent = "%" in column.header or "процент" in column.header.lower()
    if np.median(values) <= 1 and values.max() <= (1.0 if says_percent and len(values) < 5 else 8.5):
        return 1.0 if not (says_percent and values.max() == 1 and np.all(values == 1)) else 0.01
    return 0.01


def _raw_frame(columns: list[Column], rows: Rows) -> pd.DataFrame:
    """Cells as text under their own headers, for the user to say what they are."""
    names: list[str] = []
    result: dict[str, pd.Series] = {}
    for column in columns:
        name = column.header or f"Столбец {column.number + 1}"
        while name in result:
            name += " "
        names.append(name)
        result[name] = texts(column.cells, keep_missing_marks=True)
    return pd.DataFrame(result)[rows.data] if names else pd.DataFrame()


def _from_headings(
    table: Table, rows: Rows, kind: ExportKind, series: dict[str, pd.Series], findings: list[Finding]
) -> None:
    """What rows that head a block, the sheet's name or the title say of the municipality and the type."""
    if kind not in WITH_HEADINGS:
        return
    length = len(rows.reason)
    for name in ("municipality", "organization", "organization_type"):
        heads = {
            row: rows.labels[row]
            for row, what in rows.heading_of.items()
            if what == name and rows.reason[row] == HEADING
        }
        if not heads:
            continue
        words = pd.Series(pd.NA, index=range(length), dtype="object")
        for row, text in heads.items():
            words[row] = parse_type(text) if name == "organization_type" else tidied(text)
        if name in _NAMED_OVER and pd.isna(words.iloc[0]):
            # the first block's name may stand over the header
            looks_right = _NAMED_OVER[name]
            words.iloc[0] = next(
                (
                    name_alone(t)
                    for t in reversed(table.titles)
                    if len(t) < 150 and looks_right(name_alone(t))
                ),
                pd.NA,
            )
        laid = words.ffill().astype("str")
        known = series[name] if name in series else pd.Series(pd.NA, index=range(length)).astype("str")
        filled = known.isna() & laid.notna()
        series[name] = known.where(known.notna(), laid)
        if (filled & rows.data).any():
            findings.append(notes.from_headings(table, name, int((filled & rows.data).sum())))


def _column_findings(table: Table, columns: list[Column], kind: ExportKind) -> list[Finding]:
    findings = []
    for column in columns:
        if column.by_user:
            continue
        if column.reason.startswith("content:"):
            findings.append(notes.content_contradicts(table, column))
        elif (column.field in FIELDS and column.confidence < DOUBTFUL) or (
            column.field in FIELDS and "«более»" in column.reason
        ):
            findings.append(notes.doubtful(table, column))
    if kind is ExportKind.UNKNOWN:
        findings.append(notes.kind_unknown(table))
    else:
        unread = [
            c for c in columns if not c.field and not c.reason.startswith("content:") and c.filled and c.path
        ]
        if unread:
            findings.append(notes.unrecognized(table, unread))
        findings += notes.missing_fields(table, kind, {c.field for c in columns if c.field})
    return findings


__all__ = ["Part", "RawColumn", "Severity", "read_part"]
