"""Names that an office keeps: off by default, sealed, with a term, erased by organization, date and person."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from cryptography.fernet import Fernet

from sferum_store import DamagedPayload, NotFound, NotSaved, SettingsError, Store, StoreError, open_store
from sferum_store.__main__ import main

NOW = dt.datetime(2024, 4, 5, 9, tzinfo=dt.UTC)
DAY = dt.date(2024, 4, 4)
ANNA = "Пробова Анна Львовна"
REGION = "Озёрная область"
KEY, NEWER = (Fernet.generate_key().decode() for _ in range(2))


def people() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "date": pd.to_datetime(["2024-04-04"] * 4 + ["2024-03-28"]),
            "full_name": pd.array([ANNA, "Тестов Лев", ANNA, pd.NA, "Тестов Лев"], dtype="str"),
            "organization_id": pd.array(["01", "01", "02", "02", "01"], dtype="str"),
            "organization": pd.array(["СОШ № 1", "СОШ № 1", "СОШ № 2", "СОШ № 2", "СОШ № 1"], dtype="str"),
            "municipality": pd.array(["г. Лесной"] * 2 + ["Лесной район"] * 2 + ["г. Лесной"], dtype="str"),
            "messages": pd.array([1, 2, 3, 4, 5], dtype="Int64"),
        }
    )  # fmt: skip


def opened(address: str, **given: object) -> Store:
    return open_store(address, **{"keep_names": True, "names_key": KEY, **given})


def test_it_is_off_unless_turned_on(empty_url: str) -> None:
    with pytest.raises(NotSaved):
        open_store(empty_url).names.keep(people(), region=REGION)
    with pytest.raises(SettingsError):
        opened(empty_url, names_key="").names.keep(people(), region=REGION)
    with pytest.raises(SettingsError):
        opened(empty_url, names_key="short").names.keep(people(), region=REGION)


def test_names_come_back_by_organization_and_no_name_lies_open(empty_url: str) -> None:
    store = opened(empty_url)
    kept = store.names.keep(people(), region=REGION, by="Отдел", now=NOW)
    assert [(one.organization, one.date, one.people) for one in kept] == [
        ("СОШ № 1", DAY, 2), ("СОШ № 2", DAY, 2), ("СОШ № 1", dt.date(2024, 3, 28), 1),
    ]  # fmt: skip
    table = store.names.open(kept[0].id, by="Редактор", now=NOW)
    pd.testing.assert_frame_equal(table, people().iloc[:2].reset_index(drop=True))
    assert len(store.names.find(REGION, municipality=kept[1].municipality_key, now=NOW)) == 1
    again = store.names.keep(people(), region=REGION, now=NOW)
    assert len(store.names.find(REGION, now=NOW)) == len(again) == 3
    with pytest.raises(NotFound):
        store.names.open(kept[0].id, now=NOW)
    if store.database.file is not None:
        content = b"".join(
            file.read_bytes() for file in store.database.file.parent.glob(store.database.file.name + "*")
        )
        assert "СОШ № 1".encode() in content
        for secret in ("Пробова", "Тестов"):
            assert secret.encode() not in content
    assert "Пробова" not in str(store.audit.entries())


def test_equal_names_in_two_municipalities_are_two_organizations(empty_url: str) -> None:
    store = opened(empty_url)
    table = pd.DataFrame(
        {
            "date": pd.to_datetime(["2024-04-04"] * 5),
            "full_name": pd.array([f"Пробова {letter}." for letter in "АБВГД"], dtype="str"),
            "organization": pd.array(["СОШ № 1"] * 4 + [None], dtype="str"),
            "municipality": pd.array(["Лесной район", "лесной  район", "г. Лесной", None, None], dtype="str"),
        }
    )
    store.names.keep(table, region="Область")
    found = {(one.organization, one.municipality): one.people for one in store.names.find()}
    assert found == {
        ("СОШ № 1", "Лесной район"): 2,
        ("СОШ № 1", "г. Лесной"): 1,
        ("СОШ № 1", ""): 1,
        ("", ""): 1,
    }
    store.names.keep(table.iloc[4:], region="Область", municipality="Горный район", by="mun@example.ru")
    own = [one for one in store.names.find() if one.municipality == "Горный район"]
    assert [(one.organization, one.people, one.kept_by) for one in own] == [("", 1, "mun@example.ru")]
    assert len(store.names.find()) == 5


def test_keys_are_changed_and_lost_ones_open_nothing(empty_url: str) -> None:
    kept = opened(empty_url).names.keep(people(), region=REGION, now=NOW)
    both = opened(empty_url, names_key=f"{NEWER}, {KEY}")
    assert len(both.names.open(kept[0].id, now=NOW)) == 2
    alone = opened(empty_url, names_key=NEWER)
    with pytest.raises(DamagedPayload):
        alone.names.open(kept[0].id, now=NOW)
    assert both.names.reseal() == 3
    assert len(alone.names.open(kept[0].id, now=NOW)) == 2
    with pytest.raises(DamagedPayload):
        opened(empty_url).names.open(kept[0].id, now=NOW)


def test_a_term(empty_url: str) -> None:
    store = opened(empty_url, names_days=10)
    kept = store.names.keep(people(), region=REGION, now=NOW)
    over = NOW + dt.timedelta(days=10)
    assert store.names.find(REGION, now=over) == []
    with pytest.raises(NotFound):
        store.names.open(kept[0].id, now=over)
    assert open_store(empty_url).expire(over - dt.timedelta(seconds=1)).names == 0
    assert open_store(empty_url).expire(over).names == 3  # although keeping is off now


def test_erasing(empty_url: str) -> None:
    store = opened(empty_url)
    store.names.keep(people(), region=REGION, now=NOW)
    with pytest.raises(StoreError):
        store.names.erase()
    assert store.names.erase(organization="сош № 2", region="Другая область").sets == 0
    gone = store.names.erase(person="пробова анна")
    assert (gone.sets, gone.shortened, gone.people) == (0, 2, 2)
    assert [one.people for one in store.names.find(now=NOW)] == [1, 1, 1]
    gone = store.names.erase(person="Тестов Лев", date=DAY)
    assert (gone.sets, gone.shortened, gone.people) == (1, 0, 1)
    gone = store.names.erase(organization="02")
    assert (gone.sets, gone.people) == (1, 1)
    assert store.names.erase(everything=True).sets == 1
    assert store.names.find(now=NOW) == []


def test_the_command_says_what_it_erased(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key_file = tmp_path / "key"
    key_file.write_text(KEY, encoding="ascii")
    store = open_store(
        f"sqlite:///{tmp_path}/a.sqlite", keep_names=True, names_key_file=key_file, names_days=1830
    )
    store.names.keep(people(), region=REGION)
    monkeypatch.setattr("sferum_store.__main__.open_store", lambda: store)
    assert main(["erase"]) == 1
    assert main(["erase", "--person", "Пробова Анна Львовна"]) == 0
    said = capsys.readouterr().out
    assert "Стёрто: 2\u00a0человека" in said and "копи" in said and "Пробова" not in said
    assert main(["reseal"]) == 0 and main(["names-key"]) == 0
    assert main(["erase", "--all"]) == 0
    assert "Осталось: 0\u00a0выгрузок" in capsys.readouterr().out
