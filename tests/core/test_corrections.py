"""Corrections change what they name, tell what they changed, and nothing else."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from sferum_core.corrections import CorrectedField, Correction, apply_corrections
from sferum_core.reading.fields import KIND_FIELDS, ExportKind
from tests.core.checks.exports import organizations

TABLE = organizations(1, 8).table
IDS = TABLE["organization_id"].tolist()


def correction(field: CorrectedField, subject: str, value: str | int) -> Correction:
    return Correction(field, subject, value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (CorrectedField.TYPE, "СПО"),
        (CorrectedField.MUNICIPALITY, "г. Другой"),
        (CorrectedField.NAME, "Новое название"),
        (CorrectedField.TEACHERS_TOTAL, 777),
        (CorrectedField.STUDENTS_TOTAL, 0),
    ],
)
def test_one_cell_is_corrected_and_told(field: CorrectedField, value: str | int) -> None:
    result, notes = apply_corrections(TABLE, [correction(field, IDS[2], value)])
    assert result[field.value].iloc[2] == value
    expected = TABLE.copy()
    expected.loc[2, field.value] = value
    assert_frame_equal(result, expected)
    (note,) = notes
    assert (note.code, note.count, note.column) == ("correction_applied", 1, field.value)
    assert note.value == f"{TABLE[field.value].iloc[2]} → {value}"


def test_the_table_given_stays_as_it_is() -> None:
    before = TABLE.copy(deep=True)
    apply_corrections(TABLE, [correction(CorrectedField.TYPE, IDS[0], "ДПО")])
    assert_frame_equal(TABLE, before)


def test_without_corrections_nothing_changes() -> None:
    result, notes = apply_corrections(TABLE, [])
    assert_frame_equal(result, TABLE)
    assert notes == ()


def test_the_last_correction_of_a_thing_holds() -> None:
    both = [
        correction(CorrectedField.TYPE, IDS[0], "ДПО"),
        correction(CorrectedField.TYPE, f" {IDS[0]} ", "ДОД"),
    ]
    assert apply_corrections(TABLE, both)[0]["organization_type"].iloc[0] == "ДОД"


def test_a_staff_list_makes_the_column_the_file_lacks() -> None:
    bare = TABLE.drop(columns="teachers_total")
    staff = [
        correction(CorrectedField.TEACHERS_TOTAL, name, 10 + place) for place, name in enumerate(IDS[:3])
    ]
    result, notes = apply_corrections(bare, staff)
    assert result["teachers_total"].tolist()[:3] == [10, 11, 12]
    assert result["teachers_total"].isna().sum() == 5
    assert str(result["teachers_total"].dtype) == "Int64"
    order = [name for name in KIND_FIELDS[ExportKind.ORGANIZATIONS] if name in result.columns]
    assert list(result.columns) == order
    assert notes[0].count == 3
    assert notes[0].value == "пусто → 10"


def test_agreement_with_the_file_is_no_change() -> None:
    same = [correction(CorrectedField.TEACHERS_TOTAL, IDS[0], int(TABLE["teachers_total"].iloc[0]))]
    result, notes = apply_corrections(TABLE, same)
    assert_frame_equal(result, TABLE)
    assert notes == ()


def test_organizations_that_are_not_there_are_told() -> None:
    many = [correction(CorrectedField.TYPE, name, "ОО") for name in ("1", "2")]
    many.append(correction(CorrectedField.NAME, "1", "x"))
    _, notes = apply_corrections(TABLE, many)
    assert [(note.code, note.count) for note in notes] == [("correction_unused", 2)]
    assert "2\u00a0организации" in notes[0].message
    no_ids = TABLE.drop(columns="organization_id")
    assert [note.code for note in apply_corrections(no_ids, many)[1]] == ["correction_unused"]


def test_an_id_met_twice_is_corrected_twice_and_zeros_matter() -> None:
    table = TABLE.assign(organization_id=["007", "7", "007 ", *IDS[3:]])
    result, notes = apply_corrections(table, [correction(CorrectedField.NAME, "007", "x")])
    assert (result["organization"] == "x").tolist()[:4] == [True, False, True, False]
    assert notes[0].count == 2


def test_an_accepted_spelling_is_laid_over_the_one_met() -> None:
    table = TABLE.assign(municipality=["Залогощенский район", "Залегощенский район", None, *["г. Орёл"] * 5])
    spelling = correction(CorrectedField.SPELLING, "Залогощенский район", "Залегощенский район")
    result, notes = apply_corrections(table, [spelling])
    assert result["municipality"].tolist()[:2] == ["Залегощенский район"] * 2
    assert pd.isna(result["municipality"].iloc[2])
    assert notes[0].column == "municipality"


def test_a_municipality_is_set_before_its_spelling_is_looked_at() -> None:
    many = [
        correction(CorrectedField.SPELLING, "Залогощенский", "Залегощенский район"),
        correction(CorrectedField.MUNICIPALITY, IDS[0], "Залогощенский"),
    ]
    assert apply_corrections(TABLE, many)[0]["municipality"].iloc[0] == "Залегощенский район"


def test_the_index_stays() -> None:
    part = TABLE.iloc[[5, 1]]
    result, _ = apply_corrections(part, [correction(CorrectedField.TEACHERS_TOTAL, IDS[1], 3)])
    assert result.index.tolist() == [5, 1]
    assert result["teachers_total"].loc[1] == 3


@pytest.mark.parametrize(
    ("field", "subject", "value"),
    [
        (CorrectedField.TYPE, "1", "школа"),
        (CorrectedField.TYPE, " ", "ОО"),
        (CorrectedField.NAME, "1", " "),
        (CorrectedField.NAME, "1", 5),
        (CorrectedField.TEACHERS_TOTAL, "1", -1),
        (CorrectedField.TEACHERS_TOTAL, "1", "5"),
        (CorrectedField.TEACHERS_TOTAL, "1", True),
        (CorrectedField.TEACHERS_TOTAL, "1", 2**60),
    ],
)
def test_what_is_no_correction_is_refused(field: CorrectedField, subject: str, value: str | int) -> None:
    with pytest.raises(ValueError):
        Correction(field, subject, value)
