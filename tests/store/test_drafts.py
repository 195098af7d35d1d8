"""Drafts: F5 and a closed tab lose nothing, names of people stay out, terms are kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from sferum_core.model import ColumnMatch, ExportKind, Finding, Severity
from sferum_store import Action, NotFound, PersonalData, Store, open_store
from sferum_store.backup import contents
from tests.store.samples import NOW, demo, demo_teachers, week
from tests.store.test_payload import assert_equal_exports

DAY = dt.timedelta(days=1)


def test_a_draft_comes_back_in_another_process(url: str) -> None:
    export = replace(demo(), also=(week(1),))
    draft = open_store(url).drafts.put(export, by="Отдел", now=NOW)
    again = open_store(url).drafts.open(draft.id, NOW)
    assert_equal_exports(again.export, export)
    assert (again.filename, again.version, again.is_demo, again.withheld) == (
        export.source.filename,
        1,
        False,
        (),
    )
    assert (again.made_at, again.made_by, again.expires_at) == (NOW, "Отдел", NOW + 14 * DAY)
    assert len(draft.id) >= 22


def test_it_can_stand_behind_a_store_of_datasets(store: Store) -> None:
    """`DatasetStore` of the pages: put a dataset with its id and version, get it back or nothing."""
    store.drafts.put(week(), draft_id="Zq3_-x.0", filename="часть.csv", version=7, is_demo=True, now=NOW)
    found = store.drafts.open("Zq3_-x.0", NOW)
    assert (found.id, found.filename, found.version, found.is_demo) == ("Zq3_-x.0", "часть.csv", 7, True)
    store.drafts.put(week(1), draft_id="Zq3_-x.0", version=8, now=NOW)
    assert store.drafts.open("Zq3_-x.0", NOW).export.period == week(1).period


def test_reading_a_file_anew_replaces_the_draft(store: Store) -> None:
    draft = store.drafts.put(week(), now=NOW)
    later = store.drafts.replace(draft.id, week(1), now=NOW + DAY)
    assert (later.version, later.filename, later.made_at, later.put_at) == (2, draft.filename, NOW, NOW + DAY)
    assert later.expires_at == NOW + 15 * DAY
    assert_equal_exports(store.drafts.open(draft.id, NOW).export, week(1))
    with pytest.raises(NotFound):
        store.drafts.replace("нет такого", week(), now=NOW)


def test_a_forgotten_draft_is_gone_with_its_data(store: Store) -> None:
    draft = store.drafts.put(week(), now=NOW)
    assert contents(store.database).payload_bytes > 0
    assert store.drafts.forget(draft.id, by="Отдел", now=NOW)
    assert contents(store.database).payload_bytes == 0
    assert not store.drafts.forget(draft.id)
    with pytest.raises(NotFound, match="уже нет"):
        store.drafts.open(draft.id, NOW)
    assert [deed.action for deed in store.audit.entries()] == [Action.FORGOTTEN]


def test_drafts_expire_by_the_setting(url: str) -> None:
    store = open_store(url, draft_days=3)
    old, fresh = store.drafts.put(week(), now=NOW), store.drafts.put(week(1), now=NOW + 2 * DAY)
    assert store.drafts.open(old.id, NOW + 3 * DAY - dt.timedelta(seconds=1))
    with pytest.raises(NotFound):
        store.drafts.open(old.id, NOW + 3 * DAY)
    assert store.expire(NOW + 3 * DAY).drafts == 1
    assert store.expire(NOW + 3 * DAY).drafts == 0
    assert store.drafts.open(fresh.id, NOW + 3 * DAY).id == fresh.id
    assert contents(store.database).drafts == 1


def test_equal_drafts_share_their_data_and_one_can_go(store: Store) -> None:
    first, second = store.drafts.put(week(), now=NOW), store.drafts.put(week(), now=NOW)
    size = contents(store.database).payload_bytes
    store.drafts.forget(first.id)
    assert contents(store.database).payload_bytes == size
    assert_equal_exports(store.drafts.open(second.id, NOW).export, week())


@pytest.mark.parametrize("kind", [ExportKind.TEACHERS, ExportKind.CALL_PARTICIPANTS, ExportKind.UNKNOWN])
def test_a_table_of_people_is_no_draft(store: Store, kind: ExportKind) -> None:
    with pytest.raises(PersonalData):
        store.drafts.put(replace(demo_teachers(), kind=kind), now=NOW)
    assert contents(store.database).drafts == 0


def test_a_table_of_people_beside_another_is_left_out_and_named(store: Store) -> None:
    draft = store.drafts.put(replace(week(), also=(demo_teachers(), week(1))), now=NOW)
    assert draft.withheld == (ExportKind.TEACHERS,)
    again = store.drafts.open(draft.id, NOW)
    assert [other.kind for other in again.export.also] == [ExportKind.ORGANIZATIONS]
    assert again.withheld == (ExportKind.TEACHERS,)


def test_contacts_beside_a_table_are_not_stored(store: Store) -> None:
    left_out = week().left_out
    row = {
        "sheet": "Лист1",
        "row": 41,
        "reason": "примечание",
        "text": "Исп. Петрова А. Б., тел. 8 (351) 263-40-62, a.b@edu.example.ru",
    }
    left_out = type(left_out)([row]).astype(left_out.dtypes)
    columns = (
        ColumnMatch(
            number=0, header="ID школы", field="organization_id", confidence=1, samples=("1001", "1002")
        ),
        ColumnMatch(number=1, header="Контактное лицо", field=None, confidence=0, samples=("Сидоров",)),
        ColumnMatch(
            number=2, header="Прочее", field=None, confidence=0, samples=("Петрова Анна Борисовна", "—")
        ),
        ColumnMatch(number=3, header="Район города", field=None, confidence=0, samples=("Советский",)),
    )
    finding = Finding(
        code="x", severity=Severity.NOTE, message="Пишите на a.b@edu.example.ru", value="+7 912 345-67-89"
    )
    export = replace(week(), left_out=left_out, columns=columns, findings=(finding,), source_rows=13)
    again = store.drafts.open(store.drafts.put(export, now=NOW).id, NOW).export
    text = again.left_out["text"].iloc[0]
    for secret in ("Петрова", "263-40", "@", "351"):
        assert secret not in text
    assert [column.samples for column in again.columns] == [("1001", "1002"), (), (), ("Советский",)]
    assert "@" not in again.findings[0].message
    assert again.findings[0].value == "[скрыто]"


@pytest.mark.parametrize(
    "text",
    [
        "Итого | 1 204 | 25 117 | 12 456 | 8,3 %",
        "МБОУ «СОШ № 12 им. А. С. Пушкина» | 74001 | 45",
        "МАОУ СОШ имени В. И. Ленина | 29.03.2024–04.04.2024",
        "Среднее значение по региону | 90,2 | 33,7 | 3725 4128 1254",
        "ИНН 7453040734 | ОГРН 1027403862672",
    ],
)
def test_figures_and_names_of_schools_are_no_contacts(text: str) -> None:
    from sferum_store.privacy import masked  # noqa: PLC0415

    assert masked(text) == text
