"""Several files of one week brought together: ДОО and ОО apart, a file for each municipality, columns in two files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sferum_core.grouping import group_keys
from sferum_core.model import ColumnMatch, Export, ExportKind, Finding, Severity, Source
from sferum_core.names.text import unify
from sferum_core.reading.fields import KIND_FIELDS
from sferum_core.wording import counted, number
from sferum_core.wording import rows as rows_word

JOINED_KINDS = (
    ExportKind.ORGANIZATIONS,
    ExportKind.TEACHERS,
    ExportKind.MUNICIPALITIES,
    ExportKind.DOO_STAFF,
    ExportKind.REGISTRY,
)
_LISTS = (ExportKind.ORGANIZATIONS, ExportKind.REGISTRY)
_IDENTITY = ("organization_id", "organization", "organization_type", "municipality")
_EXAMPLES = 5
# Two weeks without a period in them look like one week with other figures in most rows.
_ANOTHER_WEEK = 0.2


def join_files(exports: Sequence[Export]) -> list[Export]:
    """The exports of one drop, those of one kind and one week as a single export; the others as they were.

    A row that stands in two files (the same ID; without IDs the same name in the same municipality; the same
    municipality in tables of municipalities) is counted once: what the first file lacks is taken from the
    second, a cell that differs keeps the first file's value and is told as `join_conflict`. The second row
    goes to `left_out` with its reason, so that rows read + rows left out stay the rows of the sources.
    Where most rows of two files contradict each other, the files are taken for two weeks and not joined.
    Order: as the first file of each came.
    """
    return [export for export, _ in _joined(exports)]


def join_drop(exports: Sequence[Export]) -> list[tuple[Export, tuple[int, ...]]]:
    """`join_files` for whole files: the tables that came beside (`also`: an archive's files) join in too.

    With each result the positions of the exports it was made of.
    """
    found = _joined([_with_companions(export) for export in exports])
    return [(_with_companions(export), places) for export, places in found]


def _with_companions(export: Export) -> Export:
    main, *others = join_files([replace(export, also=()), *export.also])
    return replace(main, also=(*main.also, *others))


def _joined(exports: Sequence[Export]) -> list[tuple[Export, tuple[int, ...]]]:
    groups: list[list[int]] = []
    for place, export in enumerate(exports):
        home = next((group for group in groups if _fits([exports[p] for p in group], export)), None)
        if home is None:
            groups.append([place])
        else:
            home.append(place)
    result: list[tuple[Export, tuple[int, ...]]] = []
    for group in groups:
        joined = _join([exports[place] for place in group]) if len(group) > 1 else None
        if joined is not None:
            result.append((joined, tuple(group)))
        else:
            result += [(exports[place], (place,)) for place in group]
    return result


def _fits(group: Sequence[Export], export: Export) -> bool:
    if export.kind not in JOINED_KINDS or group[0].kind is not export.kind:
        return False
    known = {other.period for other in (*group, export) if other.period is not None}
    return len(known) <= 1


def _identity(export: Export) -> tuple[str, int]:
    """The same for the same file under any name; the files of an archive share its hash, so rows count too."""
    return export.source.sha256, int(pd.util.hash_pandas_object(export.table, index=False).sum())


@dataclass(frozen=True, eq=False)
class _Overlap:
    """Rows of later files that stand in an earlier one: their positions, the earlier row of each."""

    later: np.ndarray
    earlier: np.ndarray


def _join(group: list[Export]) -> Export | None:
    kind = group[0].kind
    identities = [_identity(export) for export in group]
    is_first = [identity not in identities[:place] for place, identity in enumerate(identities)]
    kept = [export for export, first in zip(group, is_first, strict=True) if first]
    again = [export for export, first in zip(group, is_first, strict=True) if not first]
    table, origin = _stacked([export.table for export in kept], kind)
    overlap = _overlap(table, origin, kind)
    differs = _differences(table, overlap)
    if len(overlap.later) and differs.any(axis=1).mean() > _ANOTHER_WEEK:
        return None
    names = [export.source.filename for export in kept]
    findings = [_told(finding, export) for export in kept for finding in export.findings]
    findings += [_repeated_note(export) for export in again]
    if len(kept) > 1:
        findings.append(_joined_note(names, len(overlap.later)))
    if differs.any(axis=None):
        findings.append(_conflict(table, overlap, differs))
    left_out = [_placed(export) for export in group]
    left_out.append(_overlapping_rows(table, overlap, origin, names))
    left_out += [_repeated_rows(export) for export in again]
    rest = np.ones(len(table), dtype=bool)
    rest[overlap.later] = False
    return Export(
        kind=kind,
        table=_completed(table, overlap)[rest].reset_index(drop=True),
        period=next((export.period for export in group if export.period is not None), None),
        columns=_columns(kept),
        findings=tuple(findings),
        left_out=pd.concat([part for part in left_out if len(part)] or left_out[:1], ignore_index=True),
        source_rows=sum(export.source_rows for export in group),
        source=_source(kept),
        also=tuple(other for export in kept for other in export.also),
    )


def _stacked(tables: list[pd.DataFrame], kind: ExportKind) -> tuple[pd.DataFrame, np.ndarray]:
    """One table with the columns of all, and for each row the number of its file."""
    types = {str(name): table[name].dtype for table in reversed(tables) for name in table}
    order = [name for name in KIND_FIELDS[kind] if name in types]
    order += [name for name in types if name not in order]
    whole = [
        pd.DataFrame(
            {
                name: table[name] if name in table else pd.Series(pd.NA, index=table.index, dtype=types[name])
                for name in order
            },
            index=table.index,
        )
        for table in tables
    ]
    origin = np.repeat(np.arange(len(tables)), [len(table) for table in tables])
    return pd.concat(whole, ignore_index=True), origin


def row_keys(table: pd.DataFrame, kind: ExportKind) -> pd.Series:
    """What makes two rows the same thing; missing where nothing does."""
    missing = pd.Series(pd.NA, index=table.index, dtype="str")
    if kind is ExportKind.TEACHERS:  # ФИО is no key
        return missing
    if kind not in _LISTS:
        keys = group_keys(table)
        kinds = table["organization_type"].fillna("") if "organization_type" in table else ""
        return (keys + "|" + kinds).where(keys != "")
    names = missing
    if "organization" in table:
        written = table["organization"].astype("str")
        names = written.map(unify, na_action="ignore") + "|" + group_keys(table)
    if "organization_id" not in table:
        return names
    ids = table["organization_id"].astype("str")
    return ("id " + ids).where(ids.notna() & ids.ne(""), names)


def _overlap(table: pd.DataFrame, origin: np.ndarray, kind: ExportKind) -> _Overlap:
    keys = row_keys(table, kind)
    known = keys.notna().to_numpy()
    rows = np.flatnonzero(known)
    codes, _ = pd.factorize(keys[known])
    first = np.full(codes.max(initial=-1) + 1, -1)
    first[codes[::-1]] = rows[::-1]
    earlier = first[codes]
    later = origin[rows] > origin[earlier]
    return _Overlap(rows[later], earlier[later])


def _differences(table: pd.DataFrame, overlap: _Overlap) -> pd.DataFrame:
    """For each overlapping pair and column, whether both have a value and the values differ."""
    one = table.iloc[overlap.earlier].reset_index(drop=True)
    two = table.iloc[overlap.later].reset_index(drop=True)
    figures = [str(name) for name in table if name not in _IDENTITY]
    return pd.DataFrame(
        {
            name: (one[name].notna() & two[name].notna() & one[name].ne(two[name]).fillna(False)).astype(bool)
            for name in figures
        },
        index=one.index,
    )


def _completed(table: pd.DataFrame, overlap: _Overlap) -> pd.DataFrame:
    """The earlier rows with what only the later ones have."""
    result = table.copy()
    for name in table:
        values = table[name]
        fill = values.iloc[overlap.earlier].isna().to_numpy() & values.iloc[overlap.later].notna().to_numpy()
        if fill.any():
            # backwards, so that the first file that has a value wins
            result.loc[overlap.earlier[fill][::-1], name] = values.iloc[overlap.later[fill][::-1]].array
    return result


def _labels(table: pd.DataFrame) -> pd.Series:
    for name in ("organization", "municipality"):
        if name in table:
            return table[name].astype("str").fillna("")
    return pd.Series("", index=table.index, dtype="str")


def _left_out(sheets: list[str], reasons: list[str], texts: pd.Series) -> pd.DataFrame:
    rows = pd.array([pd.NA] * len(sheets), dtype="Int64")
    return pd.DataFrame({"sheet": sheets, "row": rows, "reason": reasons, "text": texts.to_list()})


def _overlapping_rows(
    table: pd.DataFrame, overlap: _Overlap, origin: np.ndarray, names: list[str]
) -> pd.DataFrame:
    return _left_out(
        [names[number] for number in origin[overlap.later]],
        [f"уже есть в файле «{names[number]}»" for number in origin[overlap.earlier]],
        _labels(table).iloc[overlap.later],
    )


def _repeated_rows(export: Export) -> pd.DataFrame:
    count = len(export.table)
    return _left_out(
        [export.source.filename] * count, ["тот же файл загружен дважды"] * count, _labels(export.table)
    )


def _placed(export: Export) -> pd.DataFrame:
    """The rows a file left out, with the file's name before the sheet's."""
    name = export.source.filename
    sheets = export.left_out["sheet"].fillna("").astype(str)
    return export.left_out.assign(sheet=[f"{name}: {sheet}" if sheet else name for sheet in sheets])


def _told(finding: Finding, export: Export) -> Finding:
    sheet = export.source.filename + (f": {finding.sheet}" if finding.sheet else "")
    return finding.model_copy(update={"sheet": sheet})


def _repeated_note(export: Export) -> Finding:
    return Finding(
        code="file_repeated",
        severity=Severity.NOTE,
        message=f"Файл «{export.source.filename}» загружен дважды и учтён один раз.",
        value=export.source.filename,
    )


def _joined_note(names: list[str], overlapping: int) -> Finding:
    listed = ", ".join(f"«{name}»" for name in names[:_EXAMPLES])
    more = f" и ещё {number(len(names) - _EXAMPLES)}" if len(names) > _EXAMPLES else ""
    again = f" В нескольких файлах сразу – {rows_word(overlapping)}: учтены один раз." if overlapping else ""
    return Finding(
        code="files_joined",
        severity=Severity.NOTE,
        message=f"Неделя собрана из {counted(len(names), 'файла', 'файлов', 'файлов')}: {listed}{more}.{again}",
        advice="Если это разные недели, загрузите файлы по одному.",
        count=len(names),
    )


def _conflict(table: pd.DataFrame, overlap: _Overlap, differs: pd.DataFrame) -> Finding:
    wrong = differs.any(axis=1).to_numpy()
    count = int(wrong.sum())
    shown = _labels(table).iloc[overlap.later[wrong]].head(_EXAMPLES).to_list()
    return Finding(
        code="join_conflict",
        severity=Severity.WARNING,
        message=f"В разных файлах у одной строки разные числа: {rows_word(count)}. "
        "Взяты из файла, который стоит раньше.",
        advice="Сверьте эти строки и загрузите один файл, которому доверяете.",
        column=next(str(name) for name in differs if differs[name].any()),
        value="; ".join(shown),
        count=count,
    )


def _columns(kept: list[Export]) -> tuple[ColumnMatch, ...]:
    """The columns of the first file, then those of the others that it has not, numbered through."""
    found: dict[tuple[str, str | None], ColumnMatch] = {}
    for export in kept:
        for column in export.columns:
            found.setdefault((column.header, column.field), column)
    return tuple(column.model_copy(update={"number": n}) for n, column in enumerate(found.values()))


def _source(kept: list[Export]) -> Source:
    """One source for all: the name says how many files, the hash is that of their sorted hashes."""
    if len(kept) == 1:
        return kept[0].source
    hashes = sorted({export.source.sha256 for export in kept})
    formats = list(dict.fromkeys(export.source.format for export in kept))
    encodings = list(dict.fromkeys(e.source.encoding for e in kept if e.source.encoding))
    more = counted(len(kept) - 1, "файл", "файла", "файлов")
    return Source(
        filename=f"{kept[0].source.filename} и ещё {more}",
        sha256=hashes[0] if len(hashes) == 1 else hashlib.sha256("\n".join(hashes).encode()).hexdigest(),
        format=", ".join(formats),
        encoding=", ".join(encodings) or None,
        sheets=tuple(
            f"{export.source.filename}: {sheet}" if sheet else export.source.filename
            for export in kept
            for sheet in export.source.sheets or ("",)
        ),
    )
