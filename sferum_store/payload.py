"""An export to bytes and back: every table exactly, findings, columns, rows left out, and the tables beside it."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import replace
from typing import Any

import pyarrow as pa
from pydantic import ValidationError

from sferum_core.model import ColumnMatch, Export, ExportKind, Finding, Period, Source
from sferum_store.errors import DamagedPayload
from sferum_store.frames import table_bytes, table_of

_MAGIC = b"SFERUM1\n"
_BODY = len(_MAGIC) + hashlib.sha256().digest_size
_SIZES = struct.Struct(">II")  # length of the packed description, length of the plain one


def digest_of(content: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def export_bytes(export: Export) -> bytes:
    """The export as bytes; equal exports give equal bytes."""
    tables: list[bytes] = []
    described = json.dumps(_describe(export, tables), sort_keys=True, separators=(",", ":")).encode()
    packed = pa.compress(described, codec="zstd", asbytes=True)
    body = b"".join([_SIZES.pack(len(packed), len(described)), packed, *tables])
    return b"".join([_MAGIC, hashlib.sha256(body).digest(), body])


def export_of(content: bytes) -> Export:
    """The export that `export_bytes` was given. DamagedPayload for anything else.

    The sum is checked before anything is taken apart: Arrow may end the process on changed bytes.
    """
    body = memoryview(content)[_BODY:]
    try:
        if content[:_BODY] != _MAGIC + hashlib.sha256(body).digest():
            raise ValueError("not an export, or changed")
        packed, plain = _SIZES.unpack(body[: _SIZES.size])
        tables = _SIZES.size + packed
        text = pa.decompress(bytes(body[_SIZES.size : tables]), plain, codec="zstd", asbytes=True)
        return _restore(json.loads(text), body[tables:])
    except (
        ValueError,
        KeyError,
        TypeError,
        struct.error,
        OSError,
        pa.ArrowException,
        ValidationError,
    ) as error:
        raise DamagedPayload(
            "Сохранённые данные повреждены.", "Восстановите базу из резервной копии."
        ) from error


def content_digest(export: Export) -> str:
    """What was understood of a file, apart from its name: differs when columns or corrections changed the table."""
    plain = replace(
        export,
        columns=(),
        findings=(),
        also=(),
        source=Source(filename="", sha256="", format=""),
    )
    return digest_of(export_bytes(plain))


def without_companions(export: Export) -> Export:
    """The export alone, without the tables beside it."""
    return replace(export, also=())


def _describe(export: Export, tables: list[bytes]) -> dict[str, Any]:
    places = []
    for table in (export.table, export.left_out):
        content = table_bytes(table)
        places.append([sum(map(len, tables)), len(content)])
        tables.append(content)
    return {
        "kind": export.kind.value,
        "period": export.period.model_dump(mode="json") if export.period else None,
        "columns": [column.model_dump(mode="json") for column in export.columns],
        "findings": [finding.model_dump(mode="json") for finding in export.findings],
        "source_rows": export.source_rows,
        "source": export.source.model_dump(mode="json"),
        "tables": places,
        "also": [_describe(other, tables) for other in export.also],
    }


def _restore(described: dict[str, Any], tables: memoryview) -> Export:
    table, left_out = (
        table_of(bytes(tables[start : start + length])) for start, length in described["tables"]
    )
    return Export(
        kind=ExportKind(described["kind"]),
        table=table,
        period=Period.model_validate(described["period"]) if described["period"] else None,
        columns=tuple(ColumnMatch.model_validate(column) for column in described["columns"]),
        findings=tuple(Finding.model_validate(finding) for finding in described["findings"]),
        left_out=left_out,
        source_rows=described["source_rows"],
        source=Source.model_validate(described["source"]),
        also=tuple(_restore(other, tables) for other in described["also"]),
    )
