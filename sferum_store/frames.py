"""Tables to bytes and back, exactly: Arrow IPC with zstd, the dtypes beside it. Never pickle."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.types import pandas_dtype

from sferum_store.errors import DamagedPayload

_META = b"sferum"
_OPTIONS = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
_UNPACKED = pa.ipc.IpcWriteOptions(use_threads=False)


def table_bytes(table: pd.DataFrame, *, in_passing: bool = False) -> bytes:
    """The table as bytes; equal tables give equal bytes. TypeError for a dtype a reader never makes.

    `in_passing` is for bytes that nobody keeps or compares: neither packed nor always equal, but made ten times sooner.
    """
    arrays, specs = [], []
    for position in range(table.shape[1]):
        array, spec = _encode(table.iloc[:, position], in_passing=in_passing)
        arrays.append(array)
        specs.append(spec)
    index = None
    if not _is_plain_range(table.index):
        array, index = _encode(pd.Series(table.index))
        arrays.append(array)
        index["name"] = _label(table.index.name)
    meta = {
        "rows": len(table),
        "columns": specs,
        "labels": [_label(name) for name in table.columns],
        "labels_dtype": None if isinstance(table.columns, pd.RangeIndex) else str(table.columns.dtype),
        "index": index,
    }
    schema = pa.schema(
        [pa.field(str(number), array.type) for number, array in enumerate(arrays)],
        metadata={_META: json.dumps(meta, sort_keys=True).encode()},
    )
    sink = io.BytesIO()
    with pa.ipc.new_file(sink, schema, options=_UNPACKED if in_passing else _OPTIONS) as writer:
        writer.write_batch(pa.record_batch(arrays, schema=schema))
    return sink.getvalue()


def table_of(content: bytes, *, doubted: bool = False) -> pd.DataFrame:
    """The table that `table_bytes` was given. DamagedPayload for what is no table.

    Arrow may end the process on changed bytes: check their sum first, as `payload` and `blobs` do, or say `doubted`,
    and every length, offset and text is looked at.
    """
    try:
        reader = pa.ipc.open_file(pa.BufferReader(content))
        meta = json.loads(reader.schema.metadata[_META])
        batch = reader.get_batch(0)
        if doubted:
            batch.validate(full=True)
        arrays = batch.columns
        columns = {number: _decode(arrays[number], spec) for number, spec in enumerate(meta["columns"])}
        index = pd.RangeIndex(meta["rows"])
        if meta["index"] is not None:
            values = _decode(arrays[-1], meta["index"])
            index = pd.Index(values, dtype=values.dtype, name=meta["index"]["name"])
        table = pd.DataFrame(
            {
                number: pd.Series(values, index=index, dtype=values.dtype)
                for number, values in columns.items()
            },
            index=index,
        )
        names, dtype = meta["labels"], meta["labels_dtype"]
        table.columns = pd.RangeIndex(len(names)) if dtype is None else pd.Index(names, dtype=dtype)
    except (pa.ArrowException, OSError, KeyError, ValueError, TypeError, IndexError) as error:
        raise DamagedPayload(
            "Сохранённая таблица повреждена.", "Восстановите базу из резервной копии."
        ) from error
    return table


def _is_plain_range(index: pd.Index) -> bool:
    return isinstance(index, pd.RangeIndex) and index.start == 0 and index.step == 1 and index.name is None


def _label(name: Any) -> Any:
    if name is None or isinstance(name, str):
        return name
    if isinstance(name, int | np.integer) and not isinstance(name, bool):
        return int(name)
    raise TypeError(f"a column label of type {type(name).__name__} is not stored")


def _encode(values: pd.Series, *, in_passing: bool = False) -> tuple[pa.Array, dict[str, Any]]:
    dtype = values.dtype
    if isinstance(dtype, pd.StringDtype):
        spec = {"as": "text", "storage": dtype.storage, "na": "NA" if dtype.na_value is pd.NA else "NaN"}
        if in_passing and dtype.storage == "pyarrow":
            held = pa.array(values.array, type=pa.large_string())
            return held.combine_chunks() if isinstance(held, pa.ChunkedArray) else held, spec
        return pa.array(_nones(values), type=pa.large_string()), spec
    data = values.array
    if hasattr(data, "_mask") and hasattr(data, "_data"):  # pandas' masked arrays keep the two apart
        known = np.where(data._mask, data._data.dtype.type(0), data._data)  # what lies under a mask is chance
        return pa.array(known, mask=data._mask, from_pandas=False), {"as": "masked", "dtype": str(dtype)}
    if isinstance(dtype, pd.DatetimeTZDtype):
        unit, zone = dtype.unit, str(dtype.tz)
        plain = values.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        return pa.array(plain.view("int64")), {"as": "zoned", "unit": unit, "zone": zone}
    if isinstance(dtype, np.dtype):
        if dtype.kind in "iufb":
            return pa.array(values.to_numpy(), from_pandas=False), {"as": "plain", "dtype": str(dtype)}
        if dtype.kind in "mM":
            return pa.array(values.to_numpy().view("int64")), {"as": "time", "dtype": str(dtype)}
        if dtype.kind == "O":
            cells = [json.dumps(_cell(value)) for value in values.tolist()]
            return pa.array(cells, type=pa.large_string()), {"as": "cells"}
    raise TypeError(f"a column of dtype {dtype} is not stored")


def _nones(values: pd.Series) -> list[str | None]:
    missing = values.isna().to_numpy()
    return [None if gone else text for text, gone in zip(values.tolist(), missing, strict=True)]


def _cell(value: Any) -> Any:
    """A cell of mixed content as JSON: plain values as they are, the rest with a tag."""
    if value is None or isinstance(value, bool | str):
        return value
    if value is pd.NA:
        return {"is": "NA"}
    if value is pd.NaT:
        return {"is": "NaT"}
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, pd.Timestamp):
        return {"is": "time", "value": value.isoformat()}
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return {"is": "float", "value": float(value).hex()}
    raise TypeError(f"a cell of type {type(value).__name__} is not stored")


def _uncell(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    match value["is"]:
        case "NA":
            return pd.NA
        case "NaT":
            return pd.NaT
        case "time":
            return pd.Timestamp(value["value"])
        case _:
            return float.fromhex(value["value"])


def _decode(array: pa.Array, spec: Mapping[str, Any]) -> Any:
    match spec["as"]:
        case "text":
            text: Any = pd.StringDtype(spec["storage"], na_value=np.nan if spec["na"] == "NaN" else pd.NA)
            if text.storage == "pyarrow":  # the texts stay where they are
                return text.construct_array_type()(array.cast(pa.large_string()), dtype=text)
            return pd.array(array.to_pylist(), dtype=text)
        case "masked":
            mask = array.is_null().to_numpy(zero_copy_only=False)
            filled = array.fill_null(False if pa.types.is_boolean(array.type) else 0)
            data = np.array(filled.to_numpy(zero_copy_only=False))
            dtype: Any = pandas_dtype(spec["dtype"])
            return dtype.construct_array_type()(data, mask)
        case "plain":
            return np.array(array.to_numpy(zero_copy_only=False)).astype(spec["dtype"], copy=False)
        case "time":
            return np.array(array.to_numpy()).view(spec["dtype"])
        case "zoned":
            plain = np.array(array.to_numpy()).view(f"datetime64[{spec['unit']}]")
            return pd.Series(plain).dt.tz_localize("UTC").dt.tz_convert(spec["zone"]).array
        case "cells":
            cells = np.empty(len(array), dtype=object)
            cells[:] = [_uncell(json.loads(cell)) for cell in array.to_pylist()]
            return cells
        case other:
            raise ValueError(other)
