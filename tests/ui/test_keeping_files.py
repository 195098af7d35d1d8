"""What is kept of an upload beside its week: the file without people, the journal's lines, the settings' limits."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from conftest import ROOT, FakeReader, make_export, teachers_export
from streamlit.testing.v1 import AppTest

from sferum_core import load_profile
from sferum_core.model import Limits
from sferum_store import Action, Store, open_store, settings
from sferum_ui import intake, journal, library
from sferum_ui.housekeeping import Housekeeper

Start = Callable[..., AppTest]
DIRECTOR = "Ёлкина Вера Тестовна"
PROFILE = load_profile("chelyabinsk-2024")
REGION = "Пробная область"


def workbook(number: int = 1) -> bytes:
    made = openpyxl.Workbook()
    made.active.append(
        ["ID организации", "Организация", "Муниципалитет", "Численность педагогов", "Зарегистрировано педагогов",
         "Педагогов, написавших 10 сообщений", "Директор"]
    )  # fmt: skip
    for place in range(3):
        made.active.append(
            [f"{number}00{place}", f"Школа № {number}{place}", "Лесной район", 20, 18, 5, DIRECTOR]
        )
    output = io.BytesIO()
    made.save(output)
    return output.getvalue()


def upload(test: AppTest, *files: tuple[str, bytes]) -> AppTest:
    return test.file_uploader[0].set_value([(name, content, "") for name, content in files]).run()


def save(test: AppTest) -> None:
    """Press «Сохранить неделю» in the form of the open file."""
    named = test.query_params["data"]
    test.session_state[f"save_{named}"] = True
    test.run()
    next(box for box in test.text_input if box.label == "Чьи это данные").set_value(REGION)
    next(button for button in test.button if button.label == "Сохранить неделю").click().run()
    assert not test.exception


def actions() -> list[tuple[Action, str]]:
    return [(entry.action, entry.about) for entry in reversed(library.store().audit.entries())]


def test_the_saved_week_keeps_its_file_without_people(app: Start) -> None:
    test = upload(app(), ("Неделя 29.03-04.04.2024.xlsx", workbook()))
    save(test)
    (week,) = library.store().weeks.find()
    assert week.has_original
    content = journal.original(week, "")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "Ёлкина" not in text
    assert "Школа № 10" in text
    assert actions()[-1] == (Action.DOWNLOADED, f"{REGION}, organizations, 2024-04-04/7")
    test.switch_page(str(ROOT / "pages" / "archive.py")).run()
    test.session_state[f"arc_more_{week.id}"] = True
    test.run()
    assert not test.exception
    assert any("пусты" in caption.value for caption in test.caption)


def test_a_week_of_several_files_keeps_them_all(app: Start) -> None:
    files = [(f"Часть {number} 29.03-04.04.2024.xlsx", workbook(number)) for number in (1, 2)]
    test = upload(app(), *files)
    save(test)
    (week,) = library.store().weeks.find()
    name, content = library.store().weeks.original(week.id)
    assert name.endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == sorted(file for file, _ in files)


def test_no_original_when_the_settings_say_so(app: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SFERUM_KEEP_ORIGINALS", "0")
    settings.cache_clear()
    save(upload(app(), ("Неделя 29.03-04.04.2024.xlsx", workbook())))
    assert [week.has_original for week in library.store().weeks.find()] == [False]


def test_the_journal_tells_of_uploads_without_names_of_files(app: Start, reader: FakeReader) -> None:
    reader.files["Ёлкина.xlsx"] = teachers_export("Ёлкина.xlsx")
    upload(app(), ("Ёлкина.xlsx", b"x"))
    assert actions() == [(Action.UPLOADED, "teachers, 2024-04-04/7")]
    assert [entry.subject for entry in library.store().audit.entries()] == [""]


def test_opening_a_week_and_a_link_is_noted_once_a_session(app: Start) -> None:
    store = library.store()
    week = store.weeks.save(make_export(), region=REGION, profile=PROFILE).week
    link = store.links.make(maker="m" * 22, page="organization_check", profile=PROFILE, week_id=week.id)
    for query in ({"data": week.id}, {"link": str(link.token)}):
        test = app(**query)
        test.run()
        test.switch_page(str(ROOT / "pages" / "organization_check.py")).run()
    opened = [about for action, about in actions() if action in (Action.OPENED, Action.LINK_OPENED)]
    assert opened == [f"{REGION}, organizations, 2024-04-04/7", "organization_check"]


def test_limits_are_those_of_the_settings(app: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    assert intake.limits() == Limits(niceness=15), "the reader's own, but for giving way to pages"
    monkeypatch.setenv("SFERUM_LIMIT_FILE_BYTES", str(3 * 2**20))
    monkeypatch.setenv("SFERUM_LIMIT_ROWS", "2")
    settings.cache_clear()
    assert intake.most_megabytes() == 3
    program = "import app; from streamlit import config; print(config.get_option('server.maxUploadSize'))"
    served = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert served.stdout.split()[-1] == "3", "the server's own bound goes along"
    test = app()
    assert any("до 3 МБ каждый" in caption.value for caption in test.caption)
    upload(test, ("Неделя.xlsx", workbook()))
    assert any("Неделя" in error.value for error in test.error), "a sheet of four rows is refused"


def test_what_is_over_is_deleted_beside_the_viewers(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'own.sqlite'}")
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=100)
    draft = store.drafts.put(make_export(), now=long_ago)
    began = threading.active_count()
    keeper = Housekeeper(period=0.05)
    keeper.watch(store)
    keeper.watch(store)
    deadline = time.monotonic() + 10
    while not any(entry.action is Action.EXPIRED for entry in store.audit.entries()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert threading.active_count() == began + 1, "one thread a process"
    assert draft.id

    class Failing(Store):
        calls = 0

        def expire(self, now: dt.datetime | None = None):
            Failing.calls += 1
            raise RuntimeError

    failing = Failing(store.settings)
    keeper.watch(failing)
    while Failing.calls < 2:
        assert time.monotonic() < deadline, "a failure stops nothing"
        time.sleep(0.02)
    store.close()
