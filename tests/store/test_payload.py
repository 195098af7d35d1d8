"""What is put into bytes comes out equal: every layout of the demo, every dtype, every corner of a table."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import hypothesis.extra.numpy as hnp
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from sferum_core import read_export
from sferum_core.model import ColumnMatch, Export, ExportKind, Finding, Period, Severity, Source
from sferum_store.errors import DamagedPayload
from sferum_store.frames import table_bytes, table_of
from sferum_store.payload import content_digest, export_bytes, export_of
from tests.conftest import ROOT
from tests.store.samples import demo, week

FILES = sorted((ROOT / "assets" / "demo").glob("*.xlsx"))


def assert_equal_exports(left: Export, right: Export) -> None:
    assert (left.kind, left.period, left.columns, left.findings) == (
        right.kind, right.period, right.columns, right.findings,
    )  # fmt: skip
    assert (left.source_rows, left.source) == (right.source_rows, right.source)
    assert_frame_equal(left.table, right.table)
    assert_frame_equal(left.left_out, right.left_out)
    assert len(left.also) == len(right.also)
    for one, other in zip(left.also, right.also, strict=True):
        assert_equal_exports(one, other)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_demo_file_comes_back_equal(path) -> None:
    export = read_export(path.read_bytes(), path.name)
    again = export_of(export_bytes(export))
    assert_equal_exports(export, again)
    assert export_bytes(again) == export_bytes(export)


def test_tables_beside_the_main_one_come_back_in_order() -> None:
    export = replace(demo(), also=(week(1), replace(week(2), also=(week(3),))))
    assert_equal_exports(export_of(export_bytes(export)), export)


def test_everything_said_about_a_file_comes_back() -> None:
    finding = Finding(
        code="bad_value", severity=Severity.ERROR, message="Не «число»:\n12‰", advice="Исправьте", sheet="Лист 1",
        row=12, column="teachers_total", value="<b>12‰</b>\0\ud800", count=3,
    )  # fmt: skip
    column = ColumnMatch(
        number=0,
        header="ID\u00a0школы",
        field=None,
        confidence=1 / 3,
        samples=("1", "0002"),
        reason="по словам",
    )
    source = Source(
        filename="../../нед\u202eеля.xlsx",
        sha256="ab" * 32,
        format="zip",
        encoding="cp1251",
        sheets=("а", "б"),
    )
    one_day = Period(start=dt.date(2024, 4, 4), end=dt.date(2024, 4, 4))
    left_out = pd.DataFrame(
        {
            "sheet": ["Лист1"],
            "row": pd.array([None], dtype="Int64"),
            "reason": ["строка итога"],
            "text": ["Итого | 12"],
        }
    )
    export = replace(
        week(),
        findings=(finding,),
        columns=(column,),
        source=source,
        period=one_day,
        left_out=left_out,
        source_rows=13,
    )
    assert_equal_exports(export_of(export_bytes(export)), export)
    assert_equal_exports(export_of(export_bytes(replace(export, period=None))), replace(export, period=None))


def test_equal_exports_give_equal_bytes_and_other_ones_do_not() -> None:
    first, second = week(), week()
    assert export_bytes(first) == export_bytes(second)
    changed = first.table.copy()
    changed.loc[3, "teachers_total"] += 1
    assert export_bytes(replace(first, table=changed)) != export_bytes(first)


def test_what_lies_under_a_missing_value_does_not_matter() -> None:
    mask = np.array([True, False])
    first, second = (
        pd.DataFrame({"a": pd.arrays.IntegerArray(np.array([hidden, 5]), mask.copy())}) for hidden in (7, 8)
    )
    assert table_bytes(first) == table_bytes(second)


def test_content_digest_is_about_the_table_not_the_file() -> None:
    export = week()
    renamed = replace(
        export, source=export.source.model_copy(update={"filename": "другое.csv", "sha256": "f" * 64})
    )
    assert content_digest(renamed) == content_digest(export)
    changed = export.table.assign(organization=export.table["organization"] + " ")
    assert content_digest(replace(export, table=changed)) != content_digest(export)


@pytest.mark.parametrize("cut", [0, 5, 20, 200, -1])
def test_a_damaged_payload_says_so(cut: int) -> None:
    with pytest.raises(DamagedPayload):
        export_of(export_bytes(week())[:cut])


def test_flipped_bytes_never_give_another_exception() -> None:
    content = export_bytes(week())
    rng = np.random.default_rng(1)
    for place in rng.integers(0, len(content), 60):
        broken = bytearray(content)
        broken[place] ^= 0xFF
        try:
            export_of(bytes(broken))
        except DamagedPayload:
            continue


# -- single dtypes -----------------------------------------------------------------------------------------

MOSCOW = pd.DatetimeIndex(
    ["2024-04-04T10:00", None, "2024-10-27T02:30", "2024-01-01T00:00"], tz="UTC"
).tz_convert("Europe/Moscow")
COLUMNS = {
    "Int64": pd.array([1, None, 2**62, -5], dtype="Int64"),
    "UInt8": pd.array([1, None, 255, 0], dtype="UInt8"),
    "Float64 with NA and NaN": pd.arrays.FloatingArray(
        np.array([0.1, np.nan, np.inf, 1.0]), np.array([False, False, False, True])
    ),
    "boolean": pd.array([True, None, False, True], dtype="boolean"),
    "str": pd.array(["МБОУ «СОШ № 1»", None, "", " 007 "], dtype="str"),
    "string": pd.array(["а", None, "", "x"], dtype="string[python]"),
    "string[pyarrow]": pd.array(["а", None, "", "x"], dtype="string[pyarrow]"),
    "int64": np.array([1, 2, 3, -(2**63)], dtype="int64"),
    "float64": np.array([0.1 + 0.2, np.nan, -0.0, np.inf]),
    "bool": np.array([True, False, True, True]),
    "datetime64[s]": np.array(["2024-04-04", "NaT", "1700-01-01", "2024-01-01"], dtype="datetime64[s]"),
    "datetime64[ns]": np.array(["2024-04-04T10:11:12.123456789", "NaT", "1990", "2024"], dtype="datetime64[ns]"),
    "zoned": MOSCOW,
    "timedelta": pd.array(pd.to_timedelta(["1 days", None, "2 hours", "0 days"])),
    "object": np.array(["а", None, 1.5, pd.NA], dtype=object),
}  # fmt: skip


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize("rows", [4, 1, 0])
def test_a_column_keeps_its_dtype_and_values(name: str, rows: int) -> None:
    table = pd.DataFrame({"значение": pd.Series(COLUMNS[name])}).head(rows)
    again = table_of(table_bytes(table))
    assert_frame_equal(again, table)
    assert again.dtypes.tolist() == table.dtypes.tolist()


def test_missing_and_not_a_number_stay_apart() -> None:
    table = pd.DataFrame({"share": pd.Series(COLUMNS["Float64 with NA and NaN"])})
    again = table_of(table_bytes(table))["share"].array
    assert again._mask.tolist() == [False, False, False, True]
    assert np.isnan(again._data[1])


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame(),
        pd.DataFrame(index=range(3)),
        pd.DataFrame({"a": [1]}).iloc[:0],
        pd.DataFrame([[1, "x"], [2, "y"]], columns=["повтор", "повтор"]),
        pd.DataFrame({"": [1], " ": [2], "\n": [3]}),
        pd.DataFrame({"a": [1, 2, 3]}, index=[5, 7, 9]),
        pd.DataFrame({"a": [1, 2]}, index=pd.Index(["x", "y"], name="ключ")),
        pd.DataFrame({0: [1.5], 1: [2.5]}),
    ],
    ids=["empty", "rows only", "columns only", "repeated names", "blank names", "kept index", "named index", "numbers as names"],
)  # fmt: skip
def test_odd_tables_come_back_equal(table: pd.DataFrame) -> None:
    assert_frame_equal(table_of(table_bytes(table)), table)


@pytest.mark.parametrize("values", [pd.Categorical(["a"]), [1 + 2j], [object()], pd.arrays.SparseArray([1])])
def test_what_no_reader_makes_is_refused(values) -> None:
    with pytest.raises(TypeError):
        table_bytes(pd.DataFrame({"a": pd.Series(values)}))


_texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
_cells = {
    "Int64": st.none() | st.integers(-(2**63), 2**63 - 1),
    "Float64": st.none() | st.floats(allow_nan=False),
    "boolean": st.none() | st.booleans(),
    "str": st.none() | _texts,
    "datetime64[s]": st.none() | st.dates(dt.date(1800, 1, 1), dt.date(2200, 1, 1)).map(pd.Timestamp),
}  # fmt: skip


@st.composite
def tables(draw) -> pd.DataFrame:
    rows = draw(st.integers(0, 8))
    names = draw(st.lists(_texts, max_size=5, unique=True))
    data = {}
    for name in names:
        dtype = draw(st.sampled_from(sorted(_cells)))
        cells = draw(st.lists(_cells[dtype], min_size=rows, max_size=rows))
        data[name] = pd.Series(cells, dtype=dtype, index=range(rows))
    return pd.DataFrame(data, index=range(rows))


@settings(max_examples=60, deadline=None)
@given(tables(), hnp.arrays("float64", hnp.array_shapes(min_dims=2, max_dims=2, max_side=4)))
def test_any_table_comes_back_equal(table: pd.DataFrame, numbers: np.ndarray) -> None:
    export = Export(
        kind=ExportKind.REGISTRY, table=table, period=None, columns=(), findings=(), left_out=pd.DataFrame(numbers),
        source_rows=len(table), source=Source(filename="f", sha256="", format="csv"),
    )  # fmt: skip
    assert_equal_exports(export_of(export_bytes(export)), export)
