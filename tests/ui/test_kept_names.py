"""Names that the office keeps are shown to the signed-in editor of that office and to nobody else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from cryptography.fernet import Fernet
from streamlit.testing.v1 import AppTest

from sferum_core.access import Role
from sferum_core.model import ExportKind
from sferum_store import KeptNames, open_store
from sferum_ui import cache, library, people_access
from sferum_ui.people_access import Editor, may_keep_names, may_see_names
from tests.ui.conftest import MAIN, ROOT, make_export
from tests.ui.reports import open_own

NAME = "Пробова Анна Львовна"
TABLE = pd.DataFrame(
    {
        "date": pd.to_datetime(["2024-04-04"] * 2),
        "full_name": pd.array([NAME, "Тестов Лев Фомич"], dtype="str"),
        "organization": pd.array(["СОШ № 1"] * 2, dtype="str"),
        "municipality": pd.array(["Лесной район"] * 2, dtype="str"),
        "messages": pd.array([1, 12], dtype="Int64"),
        "calls": pd.array([0, 1], dtype="Int64"),
    }
)


@pytest.fixture
def keeping_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = Fernet.generate_key().decode()
    store = open_store(f"sqlite:///{tmp_path}/a.sqlite", keep_names=True, names_key=key)
    store.office.change({"region": "Озёрная область"}, by="")
    monkeypatch.setattr(library.cache, "opened_store", lambda: store)


def sign_in(monkeypatch: pytest.MonkeyPatch, editor: Editor | None) -> None:
    monkeypatch.setattr(people_access, "signed_in", lambda: editor)


def teachers() -> AppTest:
    return open_own("teachers", make_export(ExportKind.TEACHERS, TABLE, filename="t.xlsx"))


def archive() -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=60).run()
    app.switch_page(str(ROOT / "pages" / "archive.py")).run()
    assert not app.exception, app.exception
    return app


def keys(app: AppTest) -> list[str]:
    return [str(button.key) for button in app.button]


def kept(municipality: str, keeper: str = "mun@example.ru") -> KeptNames:
    now = dt.datetime(2024, 4, 4, tzinfo=dt.UTC)
    return KeptNames("1", "Область", "СОШ № 1", municipality, "", now.date(), 2, now, keeper, now)


def test_who_may_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people_access, "region_kept", lambda keeper: keeper == "region@example.ru")
    assert not may_see_names(kept("Лесной район")) and not may_see_names(kept(""))
    sign_in(monkeypatch, Editor("mun@example.ru", "Лесной муниципальный район"))
    assert may_see_names(kept("Лесной район")) and may_see_names(kept("Лесной район", "region@example.ru"))
    assert not may_see_names(kept("г. Лесной")) and not may_see_names(kept(""))
    sign_in(monkeypatch, Editor("other@example.ru"))
    assert not may_see_names(kept("Лесной район")), "a municipal office keeps its own names"
    assert may_see_names(kept("Лесной район", "other@example.ru"))
    assert may_see_names(kept("Лесной район", "region@example.ru")) and may_see_names(kept(""))


def test_who_may_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not may_keep_names([])
    sign_in(monkeypatch, Editor("mun@example.ru", "Лесной район"))
    assert may_keep_names([]) and may_keep_names(["Лесной муниципальный район"])
    assert not may_keep_names(["Лесной район", "Горный район"])
    sign_in(monkeypatch, Editor("region@example.ru"))
    assert may_keep_names(["Лесной район", "Горный район"])


@pytest.mark.usefixtures("keeping_store")
def test_the_keeper_is_looked_up_in_the_list_of_people() -> None:
    people = library.whole_store().access
    people.put("region@example.ru", Role.REGION)
    people.put("mun@example.ru", Role.MUNICIPALITY, "Лесной район")
    found = [people_access.region_kept(f"{name}@example.ru") for name in ("region", "mun", "gone")]
    assert found == [True, False, False]


@pytest.mark.usefixtures("keeping_store")
def test_kept_opened_and_erased_by_the_editor_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "keep_names_own" not in keys(teachers())
    sign_in(monkeypatch, Editor("Чужой", "Горный район"))
    assert "keep_names_own" not in keys(teachers())
    sign_in(monkeypatch, Editor("Редактор", "Лесной район"))
    app = teachers()
    app.button(key="keep_names_own").click().run()
    assert not app.exception and any("Имена сохранены" in one.value for one in app.success)

    app = archive()
    assert not any(NAME in str(one.value) for one in app.markdown)
    app.button(key="names_open").click().run()
    opened = app.query_params["data"][0]
    assert cache.lookup(opened) is None  # in that session's memory only
    app.switch_page(str(ROOT / "pages" / "teachers.py")).run()
    app.toggle(key="_ped_names").set_value(True).run()
    assert not app.exception
    assert any(NAME in frame.value.to_string() for frame in app.dataframe)

    for editor in (None, Editor("Чужой", "Горный район")):
        sign_in(monkeypatch, editor)
        assert "names_open" not in keys(archive())
    sign_in(monkeypatch, Editor("Редактор", "Лесной район"))
    app = archive()
    app.button(key="names_erase").click().run()
    assert any("Стёрто" in one.value for one in app.success)
    said = [entry.action.value for entry in library.store().audit.entries()]
    assert said[:3] == ["names_erased", "names_opened", "names_kept"]
