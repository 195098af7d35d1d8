"""«Ждёт деактивации»: found again in later weeks, in every total, in no list of those who must act."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd

from sferum_core.agenda import Facts, agenda
from sferum_core.filtering import with_filter_columns
from sferum_core.model import OrganizationType, Status
from sferum_core.organizations import assess_organizations
from sferum_core.reports import annex_workbook, organizations_workbook
from sferum_core.reports.letters import (
    LetterFields,
    chat_text,
    municipality_letter,
    plain_text,
    region_letter,
)
from sferum_core.reports.organizations import with_words
from sferum_core.reports.package import Package, Part, plan
from sferum_core.reports.templates import TableFilling, fill_xlsx
from sferum_core.reports.templates.table import TableHeader, _apart, _columns
from sferum_core.waiting import Organization, acting, waiting_places, with_waiting
from tests.core.books import PROFILE, meta, organizations
from tests.core.test_table_templates import form

FIELDS = LetterFields()


def table(*rows: tuple[str | None, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["organization_id", "organization", "municipality"], dtype="str")


def test_found_by_its_id_whatever_the_name_became() -> None:
    mark = Organization("0007", "Детский сад № 7", "г. Лесной")
    later = table(("0001", "Детский сад № 7", "г. Лесной"), ("0007", "ДС Семёрочка", "Лесной район"))
    assert waiting_places(later, [mark]) == {1: "id:0007"}


def test_another_id_is_another_organization_whatever_the_name() -> None:
    mark = Organization("0007", "Детский сад № 7", "г. Лесной")
    assert waiting_places(table(("0008", "Детский сад № 7", "г. Лесной")), [mark]) == {}


def test_without_an_id_the_name_decides_within_its_municipality() -> None:
    mark = Organization("", "Детский сад №7 «Ёлочка»", "г.Лесной")
    later = table(
        (None, 'детский сад № 7 "Елочка"', "г. Лесной"), (None, "Детский сад №7 «Ёлочка»", "Озёрный район")
    )
    assert list(waiting_places(later, [mark])) == [0]
    twice = pd.concat([later, later.iloc[:1]], ignore_index=True)
    assert waiting_places(twice, [mark]) == {}, "which of the two is meant nobody knows"


def test_a_file_without_ids_still_finds_a_mark_with_one() -> None:
    mark = Organization("0007", "Детский сад № 7", "г. Лесной")
    later = table(("x", "Детский сад № 7", "г. Лесной")).drop(columns="organization_id")
    assert list(waiting_places(later, [mark])) == [0]


def assessed() -> pd.DataFrame:
    """Twelve organizations, rows 0 and 4 not active and waiting."""
    return with_waiting(assess_organizations(organizations("plain"), PROFILE), (0, 4))


def rows_of(content: bytes, sheet: str) -> list[dict[str, object]]:
    cells = list(openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows(min_row=3, values_only=True))
    return [dict(zip(map(str, cells[0]), row, strict=True)) for row in cells[1:]]


def test_an_annex_lists_who_must_act_and_counts_who_waits() -> None:
    frame = assessed()
    preschool = frame["organization_type"].eq("ДОО").fillna(False)
    inactive = frame[preschool & frame["status"].eq(Status.INACTIVE.value)]
    assert {0, 4} <= set(inactive.index)
    content = annex_workbook(frame, PROFILE, meta(12), OrganizationType.PRESCHOOL, (Status.INACTIVE,))
    listed, waits = rows_of(content, "Список"), rows_of(content, "Ждут деактивации")
    assert len(listed) + len(waits) == len(inactive) and len(waits) == 2
    summary = rows_of(content, "Свод")
    assert sum(int(str(row["В приложении, ед."])) for row in summary) == len(listed)
    assert sum(int(str(row["Ждут деактивации, не в списке, ед."])) for row in summary) == 2
    assert sum(int(str(row["Организаций этого типа всего, ед."])) for row in summary) == int(preschool.sum())


def test_an_annex_of_waiting_organizations_only_still_adds_up() -> None:
    frame = assessed().iloc[[0, 4]]
    content = annex_workbook(frame, PROFILE, meta(2), OrganizationType.PRESCHOOL, (Status.INACTIVE,))
    assert [row["Муниципалитет"] for row in rows_of(content, "Ждут деактивации")] == ["Район 0", "Район 1"]
    assert {row["В приложении, ед."] for row in rows_of(content, "Свод")} == {0}


def test_the_list_of_all_keeps_them_marked_with_nothing_to_do() -> None:
    rows = rows_of(organizations_workbook(assessed(), PROFILE, meta(12)), "Организации")
    assert len(rows) == 12
    marked = [row for row in rows if row["Отметка"] == "ждёт деактивации"]
    assert len(marked) == 2
    assert all(str(row["Что делать"]).startswith("Действий не требуется") for row in marked)


def test_letters_and_chats_say_how_many_wait_and_add_up() -> None:
    words = with_words(assessed(), PROFILE)
    inactive = int((words["status"] == Status.INACTIVE.value).sum())
    whole = plain_text(region_letter(words, PROFILE, None, FIELDS)).replace("\u00a0", " ")
    assert "2 организации ждут деактивации" in whole
    one = words[words["municipality_shown"] == "Район 0"]
    letter = municipality_letter(one, "Район 0", PROFILE, None, FIELDS)
    text = plain_text(letter).replace("\u00a0", " ")
    assert f"{len(one)} организации" in text and "1 организация ждёт деактивации" in text
    assert "Детский сад № 0" not in text
    assert letter.facts["не_активны"] == str(int((acting(one)["status"] == "inactive").sum()))
    chat = chat_text(words, PROFILE, None, FIELDS).replace("\u00a0", " ")
    assert f"Всего {len(words)} организаций: не активны – {inactive - 2}" in chat
    assert "2 организации ждут деактивации" in chat and "Детский сад № 0" not in chat


def test_nobody_writes_to_an_organization_that_waits() -> None:
    made = Package(assessed(), PROFILE, meta(12), parts=frozenset({Part.SCHOOL_LETTERS}))
    paths = [file.path for file in plan(made)]
    assert paths and not any("№ 0" in path or "№ 4" in path for path in paths)


def test_a_letter_without_anybody_waiting_is_as_it_was() -> None:
    frame = assess_organizations(organizations("plain"), PROFILE)
    words = with_words(frame, PROFILE)
    assert "ждут деактивации" not in plain_text(region_letter(words, PROFILE, None, FIELDS))


def test_the_offices_own_form_has_them_last_and_marked() -> None:
    ordinary = with_words(assess_organizations(organizations("plain"), PROFILE), PROFILE)
    waits = ordinary.assign(waiting=[place in (0, 4) for place in range(len(ordinary))])
    letter = region_letter(waits, PROFILE, None, FIELDS)
    sheet = openpyxl.load_workbook(
        io.BytesIO(fill_xlsx(form(footer=False), [TableFilling(waits, letter)])[0])
    )["Форма 1"]
    rows = [[cell.value for cell in row[:6]] for row in sheet.iter_rows(min_row=5)]
    assert [row[0] for row in rows] == list(range(1, 13))
    assert [row[4] for row in rows[-2:]] == ["ждёт деактивации"] * 2
    assert [row[1] for row in rows[-2:]] == waits.loc[[0, 4], "organization"].tolist()
    assert "ждёт деактивации" not in [row[4] for row in rows[:-2]]
    silent = int((acting(waits)["status"] == Status.INACTIVE.value).sum())
    assert sum(row[4] == "Не активна" for row in rows) == silent == int(letter.facts["не_активны"])


def test_a_form_without_statuses_names_them_beside_the_organization() -> None:
    frame = with_words(assessed(), PROFILE)
    header = TableHeader("Форма 1", 0, {0: "organization_id", 2: "organization"})
    columns = _columns(_apart(frame), header)
    assert [str(value).endswith(" (ждёт деактивации)") for value in columns["2"]["values"]] == [
        False
    ] * 10 + [True] * 2
    assert not any("ждёт" in str(value) for value in columns["0"]["values"])


def test_the_meeting_says_how_many_wait_and_lists_none_of_them() -> None:
    frame = with_filter_columns(assessed())
    made = {screen.key: screen for screen in agenda(Facts(PROFILE, PROFILE.main_indicator, assessed=frame))}
    screen = made["inactive"]
    inactive = int((frame["status"] == Status.INACTIVE.value).sum())
    assert f" **{inactive - 2}\u00a0организаци" in screen.text
    assert "Ещё 2\u00a0организации ждут деактивации: в списке их нет." in screen.text
    assert screen.figures[0].value == str(inactive - 2)
    assert not {"Детский сад № 0", "Детский сад № 4"} & {line.name for line in screen.lines}
    everybody = agenda(Facts(PROFILE, PROFILE.main_indicator, assessed=frame.drop(columns="waiting")))
    assert not any("деактивации" in one.text for one in everybody)
