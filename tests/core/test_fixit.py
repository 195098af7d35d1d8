"""«Что исправить»: what is given out, what comes back, and that nothing of it is dropped in silence."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from sferum_core.checks import run_checks
from sferum_core.fixit import (
    NotAnAnswer,
    Outcome,
    RowState,
    ToMend,
    lay_answers,
    read_answers,
    same_headers,
    to_mend,
)
from sferum_core.model import ColumnMatch, Export
from sferum_core.norms import load_profile
from sferum_core.reading.fields import FIELDS
from sferum_core.reports.book import ReportMeta
from sferum_core.reports.fixit import fixit_archive, fixit_workbook
from tests.core.checks import exports

PROFILE = load_profile("chelyabinsk-2024")
check = partial(run_checks, profile=PROFILE)
Edit = Callable[[Worksheet, dict[str, int]], None]
REGISTERED, LINKED = "Учителей зарегистрировано, чел.", "Педагогов связано с ЭЖД, чел."


def meta() -> ReportMeta:
    return ReportMeta(
        "Что исправить", "Область", exports.WEEK, "week.xlsx", "ab", PROFILE.title, PROFILE.source,
        dt.datetime(2024, 4, 5), 40,
    )  # fmt: skip


def broken() -> Export:
    """Seven of forty rows are wrong, in two districts: IDs with zeros, more linked than registered, a type, a name."""
    export = exports.organizations()
    table = export.table.copy()
    table["organization_id"] = "00" + table["organization_id"]
    table["teachers_linked"] = table["teachers_linked"].mask(
        table.index < 3, table["teachers_registered"] + 5
    )
    table["teachers_10_messages"] = table["teachers_10_messages"].mask(table.index == 3, 900)
    table["reported_share_teachers_10_messages"] = pd.NA
    table.loc[9, "organization_type"] = "ДОД"
    table.loc[10, "organization_id"] = table.loc[11, "organization_id"]
    columns = tuple(
        ColumnMatch(number=number, header=header, field=str(field), confidence=1.0)
        for number, field in enumerate(table)
        for header in [
            "Учителей зарегистрировано" if field == "teachers_registered" else FIELDS[str(field)].title
        ]
    )
    return replace(export, table=table, columns=columns)


@pytest.fixture(scope="module")
def wanted() -> ToMend:
    export = broken()
    return to_mend(export, check(export))


def edited(content: bytes, edit: Edit) -> bytes:
    """The book after somebody worked in it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[1]
    edit(sheet, {str(cell.value): cell.column for cell in sheet[3]})
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def answered(wanted: ToMend, *edits: Edit, key: str | None = None, again: ToMend | None = None) -> Outcome:
    """The outcome of one book for each edit."""
    books = []
    for number, edit in enumerate(edits):
        content = edited(fixit_workbook(wanted, meta(), key), edit)
        books += read_answers(content, f"ответ {number + 1}.xlsx", again or wanted)
    return lay_answers(again or wanted, books, check)


def row_of(sheet: Worksheet, columns: dict[str, int], name: str) -> int:
    column = columns[FIELDS["organization"].title]
    return next(row for row in range(4, sheet.max_row + 1) if name in str(sheet.cell(row, column).value))


def put(name: str, header: str, value: object) -> Edit:
    def edit(sheet: Worksheet, columns: dict[str, int]) -> None:
        sheet.cell(row_of(sheet, columns, name), columns[header]).value = value

    return edit


def said(outcome: Outcome, name: str) -> str:
    found = outcome.rows[outcome.rows["name"].str.contains(name, regex=False)]
    return str(found["state"].iloc[0]) + ": " + str(found["said"].iloc[0])


def name_of(wanted: ToMend, place: int) -> str:
    return str(wanted.export.table["organization"].iloc[place])


def test_only_rows_to_mend_with_the_files_headers_and_the_cell_marked(wanted: ToMend) -> None:
    assert [row.place for row in wanted.rows] == [0, 1, 2, 3, 9, 10, 11]
    sheet = openpyxl.load_workbook(io.BytesIO(fixit_workbook(wanted, meta()))).worksheets[1]
    columns = {str(cell.value): cell.column for cell in sheet[3]}
    assert REGISTERED in columns  # as the file calls it, with the unit
    assert sheet.max_row == 3 + 7
    first = sheet.cell(4, columns[LINKED])
    assert first.fill.fgColor.rgb == "FFFFE8A3"
    assert "Связанных с ЭЖД педагогов больше" in first.comment.text
    assert LINKED in sheet.cell(4, columns["Отмеченные ячейки"]).value  # and in words
    assert sheet.cell(4, columns[REGISTERED]).comment is None
    code = sheet.cell(4, columns[FIELDS["organization_id"].title])
    assert code.value.startswith("00") and code.number_format == "@"


def test_every_municipality_has_its_book_and_one_is_of_the_region(wanted: ToMend) -> None:
    archive = zipfile.ZipFile(io.BytesIO(fixit_archive(wanted, meta())))
    assert archive.namelist() == [
        "Что исправить. весь регион. 2024-04-04.xlsx",
        "Что исправить. Озёрный район. 2024-04-04.xlsx",
        "Что исправить. Сосновский район. 2024-04-04.xlsx",
    ]
    key = next(iter(wanted.municipalities))
    books = read_answers(archive.read(archive.namelist()[1]), "a.xlsx", wanted)
    assert {one.code for one in books[0].rows} == {row.code for row in wanted.of(key)}
    everything = read_answers(fixit_archive(wanted, meta()), "a.zip", wanted)
    assert len(everything) == 3


def test_an_untouched_book_mends_nothing_and_says_so(wanted: ToMend) -> None:
    outcome = answered(wanted, lambda sheet, columns: None)
    assert outcome.changes.empty
    assert outcome.export is wanted.export
    assert outcome.sentence == "Исправлено 0 из 7; осталось 7."
    assert outcome.rows["said"].str.startswith("значения не изменены").all()


def test_mended_rows_close_and_the_rest_stays(wanted: ToMend) -> None:
    first, second = name_of(wanted, 0), name_of(wanted, 1)

    def edit(sheet: Worksheet, columns: dict[str, int]) -> None:
        put(first, LINKED, 3)(sheet, columns)
        put(second, REGISTERED, "1\u00a0000 чел.")(sheet, columns)  # the other side of the comparison
        put(name_of(wanted, 10), FIELDS["organization_id"].title, "00777777")(sheet, columns)
        put(name_of(wanted, 2), "Исправлено / комментарий", "так и есть")(sheet, columns)

    outcome = answered(wanted, edit)
    assert outcome.sentence == "Исправлено 4 из 7; осталось 3."
    table = outcome.export.table
    assert table["teachers_linked"].iloc[0] == 3
    assert table["teachers_registered"].iloc[1] == 1000
    assert table["organization_id"].iloc[10] == "00777777"
    assert said(outcome, name_of(wanted, 11)).endswith("замечание закрыто исправлением других строк")
    assert (
        outcome.rows.loc[outcome.rows["name"].str.contains(name_of(wanted, 2)), "comment"].item()
        == "так и есть"
    )
    assert wanted.export.table["teachers_linked"].iloc[0] != 3  # the source is as it was
    notes = {one.column: one for one in outcome.export.findings if one.code == "fixit_applied"}
    assert set(notes) == {"teachers_linked", "teachers_registered", "organization_id"}
    assert "по исправлению" in notes["teachers_linked"].message
    left = to_mend(outcome.export, check(outcome.export))
    assert [row.place for row in left.rows] == [2, 3, 9]
    assert {row.code for row in left.rows} <= {row.code for row in wanted.rows}


def test_one_municipality_answers_and_the_others_are_waited_for(wanted: ToMend) -> None:
    key = wanted.rows[0].key
    outcome = answered(wanted, put(name_of(wanted, 0), LINKED, 3), key=key)
    assert (
        outcome.sentence
        == "Исправлено 1 из 4; осталось 3. Ещё не ответили: 1\u00a0муниципалитет, 3\u00a0строки."
    )


def test_what_is_still_wrong_unreadable_or_cleared_is_said(wanted: ToMend) -> None:
    def edit(sheet: Worksheet, columns: dict[str, int]) -> None:
        put(name_of(wanted, 0), LINKED, 10_000)(sheet, columns)
        put(name_of(wanted, 1), LINKED, "сорок")(sheet, columns)
        put(name_of(wanted, 2), LINKED, None)(sheet, columns)
        put(name_of(wanted, 9), FIELDS["organization_type"].title, "не знаю")(sheet, columns)
        put(name_of(wanted, 3), "Педагогов, написавших 10 сообщений и более, чел.", -5)(sheet, columns)

    outcome = answered(wanted, edit)
    assert "осталось: по-прежнему: " in said(outcome, name_of(wanted, 0))
    assert "«сорок» – не целое число от 0" in said(outcome, name_of(wanted, 1))
    assert "ячейка очищена" in said(outcome, name_of(wanted, 2))
    assert "«не знаю» – не тип организации" in said(outcome, name_of(wanted, 9))
    assert "«-5» – не целое число от 0" in said(outcome, name_of(wanted, 3))
    assert len(outcome.changes) == 1


def test_a_cell_that_was_not_marked_and_a_changed_id_are_not_taken(wanted: ToMend) -> None:
    def edit(sheet: Worksheet, columns: dict[str, int]) -> None:
        put(name_of(wanted, 0), FIELDS["organization_id"].title, "123")(sheet, columns)
        put(name_of(wanted, 1), "Обучающихся активных, чел.", 1)(sheet, columns)

    outcome = answered(wanted, edit)
    assert outcome.changes.empty
    assert "ID изменён (было «00100000», прислано «123»)" in said(outcome, name_of(wanted, 0))
    assert "эта ячейка не отмечена: не принято" in said(outcome, name_of(wanted, 1))


def test_deleted_and_foreign_rows_are_told(wanted: ToMend) -> None:
    def edit(sheet: Worksheet, columns: dict[str, int]) -> None:
        sheet.delete_rows(row_of(sheet, columns, name_of(wanted, 0)))
        row = sheet.max_row + 1
        sheet.cell(row, columns["Код строки"]).value = "ABCABCABCA"
        sheet.cell(row, columns[FIELDS["organization"].title]).value = "Чужая школа"
        sheet.cell(row + 1, columns[FIELDS["organization"].title]).value = "Ещё одна"

    outcome = answered(wanted, edit)
    assert said(outcome, name_of(wanted, 0)).startswith("осталось: строки нет в присланных книгах")
    assert outcome.sentence.endswith("не найдены в выгрузке 2\u00a0строки.")
    assert set(outcome.rows.loc[outcome.rows["state"] == RowState.NOT_FOUND.value, "name"]) == {
        "Чужая школа",
        "Ещё одна",
    }


def test_two_answers_that_contradict_each_other_change_nothing(wanted: ToMend) -> None:
    name = name_of(wanted, 0)
    outcome = answered(wanted, put(name, LINKED, 3), put(name, LINKED, 4))
    assert outcome.changes.empty
    assert "ответы расходятся – «3» (ответ 1.xlsx), «4» (ответ 2.xlsx)" in said(outcome, name)
    agreed = answered(wanted, put(name, LINKED, 3), put(name, LINKED, "3"), lambda sheet, columns: None)
    assert agreed.count(RowState.FIXED) == 1


def test_zeros_lost_by_a_spreadsheet_are_no_change_and_a_lost_code_is_told(wanted: ToMend) -> None:
    name = name_of(wanted, 0)

    def edit(sheet: Worksheet, columns: dict[str, int]) -> None:
        put(name, FIELDS["organization_id"].title, 100_000)(sheet, columns)
        put(name, "Код строки", None)(sheet, columns)
        put(name, LINKED, 3)(sheet, columns)

    outcome = answered(wanted, edit)
    assert "ID изменён" not in said(outcome, name)
    assert said(outcome, name).startswith("исправлено: код строки не тот")


def test_answers_find_their_rows_in_the_same_week_exported_anew(wanted: ToMend) -> None:
    export = replace(wanted.export, source=wanted.export.source.model_copy(update={"sha256": "other"}))
    again = to_mend(export, check(export))
    outcome = answered(wanted, put(name_of(wanted, 0), LINKED, 3), again=again)
    assert outcome.count(RowState.FIXED) == 1
    assert outcome.count(RowState.NOT_FOUND) == 0 or "повторяются" in " ".join(outcome.rows["said"])


def test_columns_in_another_order_or_added_and_missing_ones(wanted: ToMend) -> None:
    def edit(sheet: Worksheet, columns: dict[str, int]) -> None:
        put(name_of(wanted, 0), LINKED, 3)(sheet, columns)
        sheet.delete_cols(columns["Администраторов зарегистрировано, чел."])
        sheet.insert_cols(1)
        sheet.cell(3, 1).value = "Моя пометка"

    outcome = answered(wanted, edit)
    assert outcome.count(RowState.FIXED) == 1
    assert any("«Моя пометка»" in note for note in outcome.notes)
    assert any("Администраторов зарегистрировано" in note for note in outcome.notes)


def test_a_second_round_starts_from_the_first(wanted: ToMend) -> None:
    first = answered(wanted, put(name_of(wanted, 0), LINKED, 3))
    again = to_mend(first.export, check(first.export))
    second = answered(wanted, put(name_of(wanted, 1), LINKED, 3), again=again)
    assert second.export.table["teachers_linked"].iloc[[0, 1]].tolist() == [3, 3]
    assert second.sentence.startswith("Исправлено 1 из 6; осталось 5")
    assert "было «3», прислано" in said(
        second, name_of(wanted, 0)
    )  # an old book does not undo the first answer


def test_an_ordinary_file_is_no_answer(wanted: ToMend) -> None:
    book = openpyxl.Workbook()
    book.active.append(["ID школы", "Организация"])
    output = io.BytesIO()
    book.save(output)
    with pytest.raises(NotAnAnswer):
        read_answers(output.getvalue(), "a.xlsx", wanted)
    assert not same_headers(["Код строки", "Организация"])


def test_people_are_never_given_out() -> None:
    export = exports.teachers()
    assert to_mend(export, check(export), with_notes=True).rows == ()
