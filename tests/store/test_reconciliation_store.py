"""The registry and the marks «ждёт деактивации» in the store: replaced, deleted, without people, taken back."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
import sqlalchemy as sa

from sferum_core.model import ColumnMatch, Export, ExportKind, Source
from sferum_core.waiting import Organization
from sferum_store import NotFound, NotSaved, PersonalData, Store
from sferum_store.schema import payloads

NOW = dt.datetime(2024, 4, 4, 12, tzinfo=dt.UTC)


def registry(names: list[str], kind: ExportKind = ExportKind.REGISTRY, **columns: list[str]) -> Export:
    table = pd.DataFrame({"organization": names, **columns}, dtype="str")
    return Export(
        kind=kind,
        table=table,
        period=None,
        columns=(
            ColumnMatch(number=0, header="Название", field="organization", confidence=1.0),
            ColumnMatch(
                number=1, header="Директор", field=None, confidence=0.0, samples=("Ёлкина Вера Тестовна",)
            ),
        ),
        findings=(),
        left_out=pd.DataFrame({"sheet": [], "row": [], "reason": [], "text": []}),
        source_rows=len(table),
        source=Source(filename="реестр.xlsx", sha256="0" * 64, format="xlsx"),
    )


def blobs(store: Store) -> int:
    with store.database.read() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(payloads)) or 0)


def test_a_registry_is_kept_and_a_new_one_takes_its_place(store: Store) -> None:
    first = store.registries.put("Область", registry(["СОШ № 1"]), by="отдел", now=NOW)
    assert (first.row_count, first.put_by, first.put_at) == (1, "отдел", NOW)
    second = store.registries.put("область", registry(["СОШ № 1", "СОШ № 2"]))
    assert second.id != first.id and blobs(store) == 1
    current = store.registries.current("ОБЛАСТЬ")
    assert current is not None and current.id == second.id
    assert store.registries.open(second.id)["organization"].tolist() == ["СОШ № 1", "СОШ № 2"]
    with pytest.raises(NotFound):
        store.registries.open(first.id)


def test_a_deleted_registry_leaves_nothing(store: Store) -> None:
    kept = store.registries.put("Область", registry(["СОШ № 1"]))
    assert store.registries.delete("Область") and not store.registries.delete("Область")
    assert store.registries.current("Область") is None and blobs(store) == 0
    with pytest.raises(NotFound):
        store.registries.open(kept.id)


def test_people_and_contacts_do_not_get_into_the_database(store: Store) -> None:
    kept = store.registries.put(
        "Область", registry(["СОШ № 1"], address=["г. Лесной, тел. 8 912 345-67-89"], phone=["89123456789"])
    )
    table = store.registries.open(kept.id)
    assert list(table.columns) == ["organization", "address"]
    assert "912" not in table["address"].iloc[0]
    with pytest.raises(PersonalData):
        store.registries.put("Область", registry(["СОШ № 1"], full_name=["Ёлкина Вера Тестовна"]))
    with pytest.raises(PersonalData):
        store.registries.put("Область", registry(["СОШ № 1"], kind=ExportKind.TEACHERS))
    with pytest.raises(PersonalData):
        store.registries.put("Область", registry(["Ёлкина Вера Тестовна", "Соснин Пётр Пробович"]))
    with pytest.raises(NotSaved):
        store.registries.put("Область", registry([]))
    current = store.registries.current("Область")
    assert current is not None and current.id == kept.id, "a refusal leaves the registry that was there"


def test_marks_are_kept_by_organization_and_taken_back(store: Store) -> None:
    one, two = Organization("01", "СОШ № 1", "г. Лесной"), Organization("", "СОШ № 2", "г. Лесной")
    assert store.waiting.mark("Область", [one, two, one], by="отдел", now=NOW) == 2
    assert store.waiting.mark("Область", [Organization("01", "Школа 1", "")]) == 0
    assert [(mark.organization.name, mark.made_by) for mark in store.waiting.find("область")] == [
        ("СОШ № 1", "отдел"),
        ("СОШ № 2", "отдел"),
    ]
    assert store.waiting.find("Другая область") == []
    assert store.waiting.unmark("Область", [one.key]) == 1 and store.waiting.unmark("Область", [one.key]) == 0
    assert [mark.key for mark in store.waiting.find("Область")] == [two.key]
    assert store.waiting.mark("Область", [one]) == 1


def test_answers_hold_their_date_and_person(store: Store) -> None:
    pair = {"platform_id": "01", "registry_name": "СОШ № 1"}
    store.decisions.record("Область", pair, False, by="отдел", now=NOW)
    (answer,) = store.decisions.answers("Область")
    assert (answer.accepted, answer.made_by, answer.made_at, answer.identity) == (False, "отдел", NOW, pair)
    store.decisions.undo("Область", pair)
    assert store.decisions.answers("Область") == []
