"""`read_export`: bytes of a file to typed tables with everything there is to say about the reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

import numpy as np
import pandas as pd

from sferum_core.model import (
    ColumnMatch,
    Export,
    ExportKind,
    Finding,
    Limits,
    Period,
    Severity,
    Source,
    UnreadableFile,
)
from sferum_core.names import municipality_keys
from sferum_core.reading.assemble import Part, read_part
from sferum_core.reading.call_columns import call_number
from sferum_core.reading.fields import KIND_FIELDS
from sferum_core.reading.open import open_file
from sferum_core.reading.periods import find_period
from sferum_core.reading.rawbook import OpenedFile, RawBook
from sferum_core.reading.refusals import refuse
from sferum_core.reading.sheet_labels import label_from_names, organization_from_names
from sferum_core.reading.tables import find_tables
from sferum_core.reading.turned import turned
from sferum_core.reading.unpivot import Unpivoted, unpivoted
from sferum_core.reading.week_parts import by_week, told_apart
from sferum_core.wording import counted, rows

# The table a file is about comes first.
_PRIORITY = (
    ExportKind.ORGANIZATIONS,
    ExportKind.TEACHERS,
    ExportKind.DOO_STAFF,
    ExportKind.MUNICIPALITIES,
    ExportKind.DISTANCE_LESSONS,
    ExportKind.CALL_PARTICIPANTS,
    ExportKind.REGISTRY,
    ExportKind.UNKNOWN,
)
_LEFT_OUT = ("sheet", "row", "reason", "text")


def read_export(
    content: bytes,
    filename: str,
    *,
    mapping: Mapping[str | int, str] | None = None,
    limits: Limits | None = None,
) -> Export:
    """The main table of a file; other tables of the file or archive come along in `also`.

    `mapping` overrides recognition: a header's text, or a 0-based column number, to a field of
    `reading.fields.FIELDS`, or to "" to leave the column out.
    Raises UnreadableFile, and nothing else, when the file gives no table at all.
    """
    filename = filename.encode("utf-8", "replace").decode("utf-8")  # a lone half of a pair is no text
    opened = open_file(content, filename, limits or Limits())
    try:
        exports = _exports(opened, filename, mapping or {})
    except UnreadableFile:
        raise
    except Exception as error:  # whatever a layout does to the reading, the caller gets one kind of error
        raise refuse("unexpected_layout") from error
    if not exports:
        raise refuse("no_table")
    exports.sort(key=lambda e: (_PRIORITY.index(e.kind), -len(e.table)))
    main, *others = exports
    findings = (*main.findings, *_refused_members(opened))
    beside = [*main.also, *(one for other in others for one in (replace(other, also=()), *other.also))]
    return replace(main, findings=findings, also=tuple(beside))


def _refused_members(opened: OpenedFile) -> list[Finding]:
    return [
        Finding(
            code="member_refused",
            severity=Severity.ERROR,
            message=f"Файл «{name}» из архива не прочитан: {error.message}",
            advice=error.advice,
            value=name,
        )
        for name, error in opened.refused
    ]


def _exports(opened: OpenedFile, filename: str, mapping: Mapping[str | int, str]) -> list[Export]:
    result: list[Export] = []
    for book in opened.books:
        name = filename if opened.format != "zip" else book.filename
        exports = _book_exports(book, name, opened, mapping)
        if not exports and opened.format == "zip":
            opened.refused.append((name, refuse("no_table")))
        result += exports
    return _calls_together(result, filename)


def _calls_together(exports: list[Export], filename: str) -> list[Export]:
    """The calls of an archive as one table, each under the number in its file's name."""
    calls = [e for e in exports if e.kind is ExportKind.CALL_PARTICIPANTS]
    if len(calls) < 2:
        return exports
    tables = []
    for export in calls:
        name = PurePosixPath(export.source.filename)
        number = call_number(name.name) or name.stem
        table = export.table if "call_id" in export.table else export.table.assign(call_id=number)
        tables.append(table.assign(call_id=table["call_id"].astype("str").fillna(number).astype("str")))
    table = pd.concat(tables, ignore_index=True)
    days = [e.period for e in calls if e.period]
    joined = replace(
        calls[0],
        table=table[[c for c in KIND_FIELDS[ExportKind.CALL_PARTICIPANTS] if c in table.columns]],
        period=Period(start=min(p.start for p in days), end=max(p.end for p in days)) if days else None,
        findings=tuple(f for e in calls for f in e.findings),
        left_out=pd.concat([e.left_out for e in calls], ignore_index=True),
        source_rows=sum(e.source_rows for e in calls),
        source=calls[0].source.model_copy(update={"filename": filename}),
    )
    return [joined, *(e for e in exports if e.kind is not ExportKind.CALL_PARTICIPANTS)]


def _book_exports(
    book: RawBook, filename: str, opened: OpenedFile, mapping: Mapping[str | int, str]
) -> list[Export]:
    parts: list[Part] = []
    skipped: list[str] = []
    for sheet in book.sheets:
        long = unpivoted(sheet)
        tables = find_tables(long.sheet if long else turned(sheet, filename) or sheet)
        if not tables:
            if sheet.n_rows:
                skipped.append(sheet.name)
            continue
        for table in tables:
            part = read_part(table, filename, mapping)
            if long:
                _count_long_rows(part, long, table is tables[0])
            if part.source_rows or part.kind is not ExportKind.UNKNOWN:
                parts.append(part)
    known = [p for p in parts if p.kind is not ExportKind.UNKNOWN]
    # A reference or cover sheet beside real tables is named, not offered as a table.
    if any(len(p.frame) for p in known):
        skipped += [p.sheet for p in parts if p.kind is ExportKind.UNKNOWN]
        parts = known
    label_from_names(parts, filename)
    organization_from_names(parts, filename)
    notes = [*book.findings, *_sheet_notes(book, skipped)]
    exports = []
    for kind in dict.fromkeys(p.kind for p in parts):
        weeks = by_week([p for p in parts if p.kind is kind])
        latest, *before = [_join(kind, week, book, filename, opened) for week in weeks]
        if before:
            latest = replace(
                latest,
                findings=(told_apart(weeks), *latest.findings),
                also=tuple(_of_its_own_week(one, latest) for one in before),
            )
        exports.append(latest)
    exports = [e for e in exports if e.source_rows and (len(e.table) or e.kind is not ExportKind.UNKNOWN)]
    exports = [
        e for e in exports if len(e.table) and (e.kind is not ExportKind.UNKNOWN or len(e.columns) > 1)
    ]
    if exports:
        exports.sort(key=lambda e: (_PRIORITY.index(e.kind), -len(e.table)))
        exports[0] = replace(exports[0], findings=(*notes, *exports[0].findings))
    elif parts and opened.format != "zip":
        raise refuse("header_only")
    return exports


def _of_its_own_week(export: Export, latest: Export) -> Export:
    """A table of a week before, without the period when that is the latest one's, taken from the file's name."""
    return replace(export, period=None) if export.period == latest.period else export


def _count_long_rows(part: Part, long: Unpivoted, with_moved: bool) -> None:
    """The rows of a long table by the source's numbers, those that moved into others among the left-out ones."""

    def own(rows: np.ndarray) -> np.ndarray:
        return np.asarray(long.row_of[np.asarray(rows, dtype=int) - 1] + 1)

    part.rows = own(part.rows)
    part.findings = [
        f if f.row is None else f.model_copy(update={"row": int(own(np.array([f.row]))[0])})
        for f in part.findings
    ]
    if len(part.left_out):
        part.left_out = part.left_out.assign(
            row=pd.array(own(part.left_out["row"].to_numpy()), dtype="Int64")
        )
    if with_moved:
        part.left_out = pd.concat([part.left_out, long.moved], ignore_index=True)
        part.source_rows += len(long.moved)
        part.findings.insert(0, long.finding)


def _sheet_notes(book: RawBook, skipped: list[str]) -> list[Finding]:
    result = []
    for name in dict.fromkeys(skipped):
        result.append(
            Finding(
                code="sheet_skipped",
                severity=Severity.NOTE,
                sheet=name,
                message=f"Лист «{name}» не содержит таблицы с показателями и не прочитан.",
                advice="Если данные на нём нужны, загрузите их отдельным файлом.",
            )
        )
    for sheet in book.sheets:
        quirks = (
            ("hidden_sheet", sheet.hidden, 1, f"Лист «{sheet.name}» скрыт, но прочитан."),
            ("hidden_rows", sheet.hidden_rows > 0, sheet.hidden_rows,
             f"На листе «{sheet.name}» есть скрытые строки ({rows(sheet.hidden_rows)}), они прочитаны."),
            ("hidden_columns", sheet.hidden_columns > 0, sheet.hidden_columns,
             f"На листе «{sheet.name}» есть скрытые столбцы, они прочитаны."),
            ("error_cells", sheet.error_cells > 0, sheet.error_cells,
             f"На листе «{sheet.name}» {counted(sheet.error_cells, 'ячейка', 'ячейки', 'ячеек')} с ошибкой формулы: считаются пустыми."),
            ("formulas_without_value", sheet.formulas_without_value > 0, sheet.formulas_without_value,
             f"На листе «{sheet.name}» {counted(sheet.formulas_without_value, 'формула', 'формулы', 'формул')} без сохранённого значения: считаются пустыми."),
            ("ragged_rows", sheet.ragged_rows > 0, sheet.ragged_rows,
             f"В файле {rows(sheet.ragged_rows)} с другим числом столбцов, чем в заголовке."),
        )  # fmt: skip
        for code, present, count, message in quirks:
            if present:
                note = code in ("hidden_sheet", "hidden_rows", "hidden_columns")
                result.append(
                    Finding(
                        code=code,
                        severity=Severity.NOTE if note else Severity.WARNING,
                        sheet=sheet.name,
                        message=message,
                        advice=""
                        if note
                        else "Откройте файл в Excel, пересчитайте и сохраните его, затем загрузите снова.",
                        count=count,
                    )
                )
    return result


def _join(kind: ExportKind, parts: list[Part], book: RawBook, filename: str, opened: OpenedFile) -> Export:
    """Parts of one kind as one table."""
    columns = _columns(parts)
    left_out = pd.concat([p.left_out for p in parts], ignore_index=True)[list(_LEFT_OUT)]
    if len(parts) > 1 and kind in (ExportKind.MUNICIPALITIES, ExportKind.DOO_STAFF) and _complementary(parts):
        table, moved = _merge(parts)
        left_out = pd.concat([left_out, moved], ignore_index=True)
    elif kind is ExportKind.UNKNOWN:
        best = max(parts, key=lambda p: len(p.frame))
        parts, columns, left_out, table = [best], best.columns, best.left_out, best.frame
    else:
        table = pd.concat([p.frame for p in parts], ignore_index=True) if len(parts) > 1 else parts[0].frame
        order = [c for c in KIND_FIELDS[kind] if c in table.columns]
        table = table[order]
    findings = [f for p in parts for f in p.findings]
    findings = [
        f for f in findings
        if not (f.code == "field_missing" and f.column in table.columns and table[f.column].notna().any())
        and not (f.code.startswith("type_") and f.column == "organization_type" and f.code == "type_unknown"
                 and "organization_type" in table.columns and table["organization_type"].notna().all())
    ]  # fmt: skip
    period = next((p.period for p in parts if p.period and p.period.days > 1), None) or next(
        (p.period for p in parts if p.period), None
    )
    source = Source(
        filename=filename,
        sha256=opened.sha256,
        format=book.format,
        encoding=book.encoding,
        sheets=tuple(dict.fromkeys(p.sheet for p in parts)),
    )
    return Export(
        kind=kind,
        table=table.reset_index(drop=True),
        period=period or find_period(filename),
        columns=tuple(columns),
        findings=tuple(findings),
        left_out=left_out,
        source_rows=sum(p.source_rows for p in parts),
        source=source,
    )


def _columns(parts: list[Part]) -> list[ColumnMatch]:
    """The columns of the first part, and those of others that it doesn't have."""
    result = list(parts[0].columns)
    known = {(c.header, c.field) for c in result}
    for part in parts[1:]:
        for column in part.columns:
            if (column.header, column.field) not in known:
                known.add((column.header, column.field))
                result.append(column)
    return result


def _complementary(parts: list[Part]) -> bool:
    """Whether tables show different figures of the same municipalities, as the two rankings of 004 do."""
    figures = [{c for c in p.frame.columns if c != "municipality"} for p in parts]
    if any(figures[i] & figures[j] for i in range(len(parts)) for j in range(i)):
        return False
    keys = [set(municipality_keys(p.frame["municipality"]).dropna()) for p in parts]
    first = keys[0]
    return all(len(first & other) > 0.5 * max(len(first), 1) for other in keys[1:])


def _merge(parts: list[Part]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Figures of several tables laid beside each other by municipality; the rows that moved are told."""
    kind = parts[0].kind
    base = parts[0].frame.assign(_key=municipality_keys(parts[0].frame["municipality"]).to_numpy())
    moved = []
    for part in parts[1:]:
        frame = part.frame.assign(_key=municipality_keys(part.frame["municipality"]).to_numpy())
        extra = ~frame["_key"].isin(base["_key"]).to_numpy()
        repeated = frame["_key"].duplicated().to_numpy() & ~extra
        joined = frame[~extra & ~repeated].drop(columns="municipality")
        base = base.merge(joined, on="_key", how="left")
        base = pd.concat([base, frame[extra]], ignore_index=True)
        gone = np.flatnonzero(~extra)
        moved.append(
            pd.DataFrame(
                {
                    "sheet": pd.array([part.sheet] * len(gone), dtype="str"),
                    "row": pd.array(part.rows[gone], dtype="Int64"),
                    "reason": pd.array(
                        [
                            "повтор муниципалитета"
                            if repeated[i]
                            else "показатели перенесены в строку того же муниципалитета"
                            for i in gone
                        ],
                        dtype="str",
                    ),
                    "text": frame["municipality"].iloc[gone].astype("str").array,
                }
            )
        )
    table = base.drop(columns="_key")
    return table[[c for c in KIND_FIELDS[kind] if c in table.columns]], pd.concat(moved, ignore_index=True)
