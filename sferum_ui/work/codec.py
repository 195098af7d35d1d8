"""Arguments and results on their way between two processes: JSON and, beside it, tables as Arrow. Never pickle.

A value is two files: `NAME.json` describes it, `NAME.bin` holds its tables and bytes one after the other. What comes
back is believed only after lengths, types and texts were checked.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import pandas as pd
from pydantic import ValidationError

from sferum_core.checks import CheckReport
from sferum_core.model import ColumnMatch, Export, ExportKind, Finding, Limits, Period, Source
from sferum_core.norms import NormProfile
from sferum_store.errors import DamagedPayload
from sferum_store.frames import table_bytes, table_of

JSON_BYTES = 64 << 20  # 100,000 findings take 50 MiB; a file has some hundreds
_PLAIN = (bool, int, float, str, type(None))


class NotUnderstoodError(ValueError):
    """The files are no value that `write` left."""


def write(folder: Path, name: str, value: Any) -> None:
    """Leave a value in `folder`. TypeError for a type that is not declared below, OSError without room."""
    with (folder / f"{name}.bin").open("wb") as out:
        described = _Writer(out).describe(value)
    (folder / f"{name}.json").write_text(json.dumps(described, separators=(",", ":")), encoding="ascii")


def read(folder: Path, name: str, most: int) -> Any:
    """The value that `write` left. NotUnderstoodError for anything else and for more than `most` bytes of tables."""
    described, content = folder / f"{name}.json", folder / f"{name}.bin"
    try:
        if described.stat().st_size > JSON_BYTES or content.stat().st_size > most:
            raise NotUnderstoodError("too long")
        with content.open("rb") as blobs:
            return _Reader(blobs, content.stat().st_size).restore(json.loads(described.read_bytes()))
    except (
        OSError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
        ValidationError,
        DamagedPayload,
    ) as error:
        raise NotUnderstoodError(type(error).__name__) from error


class _Writer:
    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def describe(self, value: Any) -> Any:
        if type(value) in _PLAIN:
            return value
        name = type(value).__name__
        kind = _KINDS.get(name)
        if kind is None or kind.type is not type(value):
            raise TypeError(f"a value of type {name} is not handed over")
        return {"is": name, "of": kind.describe(self, value)}

    def blob(self, content: bytes) -> int:
        self._out.write(content)
        return len(content)


class _Reader:
    def __init__(self, blobs: IO[bytes], left: int) -> None:
        self._blobs, self._left = blobs, left

    def restore(self, described: Any) -> Any:
        if type(described) in _PLAIN:
            return described
        return _KINDS[described["is"]].restore(self, described["of"])

    def blob(self, size: Any) -> bytes:
        """The next `size` bytes, as memory of their own: what is let go of later is free at once."""
        if type(size) is not int or not 0 <= size <= self._left:
            raise NotUnderstoodError("a length out of bounds")
        self._left -= size
        return self._blobs.read(size)


class _Kind:
    """How values of one type travel."""

    def __init__(
        self,
        of: type,
        describe: Callable[[_Writer, Any], Any],
        restore: Callable[[_Reader, Any], Any],
    ) -> None:
        self.type, self.describe, self.restore = of, describe, restore


def _model(of: type[Any]) -> _Kind:
    return _Kind(of, lambda _, value: value.model_dump(mode="json"), lambda _, told: of.model_validate(told))


def _table(writer: _Writer, table: pd.DataFrame) -> Any:
    """Text columns apart from the others: only they keep the bytes they came in."""
    is_text = [isinstance(dtype, pd.StringDtype) for dtype in table.dtypes]
    places = [[place for place, text in enumerate(is_text) if text is wanted] for wanted in (True, False)]
    return [[mine, writer.blob(table_bytes(table.iloc[:, mine], in_passing=True))] for mine in places]


def _restored_table(reader: _Reader, told: Any) -> pd.DataFrame:
    (texts, text_bytes), (others, other_bytes) = told
    if sorted([*texts, *others]) != list(range(len(texts) + len(others))):
        raise NotUnderstoodError("columns that don't match")
    parts = [table_of(reader.blob(size), doubted=True) for size in (text_bytes, other_bytes)]
    if not (texts and others):
        return parts[0] if texts else parts[1]
    both = pd.concat(parts, axis=1)
    order = sorted(range(len(both.columns)), key=[*texts, *others].__getitem__)
    return both.iloc[:, order]


_EXPORT_PARTS = ("table", "period", "columns", "findings", "left_out", "source_rows", "source", "also")


def _export(writer: _Writer, export: Export) -> Any:
    return [export.kind.value, *(writer.describe(getattr(export, part)) for part in _EXPORT_PARTS)]


def _restored_export(reader: _Reader, told: Any) -> Export:
    kind, *parts = told
    restored = [reader.restore(part) for part in parts]
    return Export(ExportKind(kind), **dict(zip(_EXPORT_PARTS, restored, strict=True)))


_KINDS: Mapping[str, _Kind] = {
    kind.type.__name__: kind
    for kind in (
        _Kind(
            tuple,
            lambda writer, value: [writer.describe(one) for one in value],
            lambda reader, told: tuple(reader.restore(one) for one in told),
        ),
        _Kind(
            list,
            lambda writer, value: [writer.describe(one) for one in value],
            lambda reader, told: [reader.restore(one) for one in told],
        ),
        _Kind(
            dict,
            lambda writer, value: [
                [writer.describe(key), writer.describe(one)] for key, one in value.items()
            ],
            lambda reader, told: {reader.restore(key): reader.restore(one) for key, one in told},
        ),
        _Kind(bytes, _Writer.blob, _Reader.blob),
        _Kind(dt.date, lambda _, value: value.isoformat(), lambda _, told: dt.date.fromisoformat(told)),
        _Kind(pd.DataFrame, _table, _restored_table),
        _Kind(Export, _export, _restored_export),
        _Kind(
            CheckReport,
            lambda writer, value: [writer.describe(value.findings), writer.describe(value.rows)],
            lambda reader, told: CheckReport(*map(reader.restore, told)),
        ),
        *(_model(of) for of in (Period, Finding, ColumnMatch, Source, Limits, NormProfile)),
    )
}
"""Every type that travels, by its name."""
