"""The frame: the launcher, links, the store of opened data, caches, text of files, built-in texts."""

from __future__ import annotations

import ast
import contextlib
import json
import shutil
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import WARNING, FakeReader, make_export, teachers_export
from playwright.sync_api import Browser, sync_playwright
from streamlit.testing.v1 import AppTest

from sferum_core.model import ExportKind, Limits, Status
from sferum_core.norms import load_profile
from sferum_core.palette import STATUS_COLOURS, contrast
from sferum_ui import cache, profiles, theme, turns
from sferum_ui.cache import Dataset, MemoryStore
from sferum_ui.components.findings import examples
from sferum_ui.components.text import escape_markdown
from sferum_ui.navigation import ALL_PAGES, pages, reports_for

ROOT = Path(__file__).resolve().parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

Start = Callable[..., AppTest]


def words(test: AppTest) -> str:
    return "\n".join([element.proto.body for element in test.get("html")] + [e.value for e in test.subheader])


# --- links -------------------------------------------------------------------------------------------------


def test_a_copied_link_opens_the_same_data_in_another_session(app: Start) -> None:
    dataset = cache.keep_export(make_export(filename="region.xlsx"))
    test = app(data=dataset.id)
    assert not test.exception
    assert "region.xlsx" in words(test)


def test_a_link_to_data_that_is_gone_says_so_kindly(app: Start) -> None:
    test = app(data="A" * 22)
    assert not test.exception
    assert "на сервере уже нет" in test.info[0].value


def test_the_profile_of_a_link_is_chosen(app: Start) -> None:
    test = app(norms="tomsk-2024")
    assert test.selectbox(key="_norms").value == "tomsk-2024"


def test_an_unknown_profile_falls_back_to_the_default(app: Start) -> None:
    test = app(norms="own-00000000000000000000000000000000")
    assert not test.exception
    assert test.selectbox(key="_norms").value == profiles.DEFAULT_PROFILE


def test_choosing_a_profile_puts_it_into_the_link(app: Start) -> None:
    test = app()
    test.selectbox(key="_norms").select("max-2025").run()
    assert test.query_params["norms"] == "max-2025"


def test_an_own_profile_is_known_by_its_content() -> None:
    profile = load_profile("chelyabinsk-2024").model_copy(update={"title": "Своя"})
    key = profiles.keep(profile)
    assert profiles.keep(profile) == key
    assert profiles.profile_by_key(key) == profile
    assert profiles.content_key(profile.model_copy(update={"leader_min_count": 7})) != key


def test_a_page_without_its_table_offers_a_fitting_file_of_this_session(
    app: Start, reader: FakeReader
) -> None:
    reader.files.update(
        {"region.xlsx": make_export(filename="region.xlsx"), "teachers.xlsx": teachers_export()}
    )
    test = app()
    for name in ("teachers.xlsx", "region.xlsx"):
        test.file_uploader[0].set_value((name, b"x", "")).run()
    test.switch_page(str(ROOT / "pages" / "teachers.py")).run()
    assert not test.exception
    assert test.title[0].value == "Педагоги"
    assert "нет нужной таблицы" in words(test)
    [offer] = [button for button in test.button if button.label.startswith("Открыть teachers")]
    offer.click().run()
    assert not test.exception
    assert "нет нужной таблицы" not in words(test)


@pytest.mark.parametrize("name", ["organization_check", "municipality_comparison", "doo_staff"])
def test_a_report_without_data_says_what_it_needs(app: Start, name: str) -> None:
    test = app(name)
    assert not test.exception
    assert "Пока нечего показывать" in words(test)
    assert any("«Организации»" in element.value for element in test.markdown)


# --- the store ---------------------------------------------------------------------------------------------


def test_the_store_drops_the_least_recently_used() -> None:
    store = MemoryStore(limit=2)
    first, second, third = (Dataset(name, name, make_export()) for name in "abc")
    store.put(first)
    store.put(second)
    assert store.get("a") is first
    store.put(third)
    assert store.get("b") is None
    assert store.get("a") is first
    assert store.get("c") is third


def test_ids_are_long_and_never_repeat() -> None:
    ids = {cache.new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(one) * 6 >= 128 for one in ids), "six bits a letter"


@pytest.mark.parametrize("kind", [ExportKind.TEACHERS, ExportKind.CALL_PARTICIPANTS, ExportKind.UNKNOWN])
def test_tables_with_names_are_not_in_the_shared_store(kind: ExportKind) -> None:
    dataset = cache.keep_export(make_export(kind))
    assert dataset.is_personal
    assert cache._shared_store().get(dataset.id) is None


def test_tables_with_names_beside_a_shared_one_do_not_come_along() -> None:
    dataset = cache.keep_export(make_export(also=(teachers_export(),)))
    kept = cache._shared_store().get(dataset.id)
    assert kept is not None
    assert kept.export.also == ()
    assert cache._shared_store().get(f"{dataset.id}.0") is None


def test_a_link_to_a_table_with_names_opens_nothing_in_another_session(
    app: Start, reader: FakeReader
) -> None:
    reader.files["teachers.xlsx"] = teachers_export()
    owner = app()
    owner.file_uploader[0].set_value(("teachers.xlsx", b"x", "")).run()
    assert "teachers.xlsx" in words(owner)
    stranger = app(data=owner.query_params["data"])
    assert "teachers.xlsx" not in words(stranger)
    assert "Файл не открыт" in words(stranger)


# --- computing ---------------------------------------------------------------------------------------------

calls: list[tuple[str, str, object]] = []


def count_rows(dataset: Dataset, profile: object, word: str) -> int:
    calls.append((dataset.id, getattr(profile, "name", ""), word))
    return len(dataset.export.table)


def test_the_same_question_is_computed_once() -> None:
    calls.clear()
    dataset = cache.keep_export(make_export())
    for _ in range(3):
        assert cache.compute(count_rows, dataset.id, "chelyabinsk-2024", "a") == 6
    cache.compute(count_rows, dataset.id, "tomsk-2024", "a")
    cache.compute(count_rows, dataset.id, "tomsk-2024", "b")
    assert [call[1:] for call in calls] == [
        ("chelyabinsk-2024", "a"),
        ("tomsk-2024", "a"),
        ("tomsk-2024", "b"),
    ]


def test_columns_understood_anew_are_computed_anew() -> None:
    calls.clear()
    dataset = cache.keep_export(make_export())
    cache.compute(count_rows, dataset.id, "tomsk-2024", "a")
    again = cache.keep_export(make_export(), dataset_id=dataset.id)
    assert again.version == dataset.version + 1
    cache.compute(count_rows, dataset.id, "tomsk-2024", "a")
    assert len(calls) == 2


def test_a_dropped_dataset_cannot_be_computed() -> None:
    with pytest.raises(LookupError):
        cache.compute(count_rows, "gone", "tomsk-2024", "a")


# --- text --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["*a*", "[x](http://y)", "<b>", "$x$", ":red[x]", "# h", "`c`", "~~s~~", "1. a", "http://x.ru"]
)
def test_text_of_files_is_never_markup(text: str) -> None:
    escaped = escape_markdown(text)
    bare = escaped.replace("\\", "")
    assert bare.replace("\u2060", "") == text
    assert "://" not in bare  # a bare address would become a link
    for sign in "*[]<>$`~#:":
        assert escaped.count(sign) == escaped.count("\\" + sign)


def test_text_of_files_is_escaped_in_html() -> None:
    assert "<script>" not in theme.status_html("leader", "<script>alert(1)</script>")


def test_a_strange_status_is_shown_as_no_data() -> None:
    assert Status.NO_DATA.label in theme.status_html("whatever")


def test_examples_show_only_columns_that_say_something() -> None:
    without_column = WARNING.model_copy(update={"column": None})
    assert list(examples([without_column])) == ["Лист", "Строка", "Значение"]


# --- pages and settings ------------------------------------------------------------------------------------


def test_every_page_is_titled_and_addressed_once() -> None:
    assert len({entry.address for entry in ALL_PAGES}) == len(ALL_PAGES)
    assert pages()[0].name == "upload"


@pytest.mark.parametrize("kind", [ExportKind.ORGANIZATIONS, ExportKind.MUNICIPALITIES, ExportKind.DOO_STAFF])
def test_each_kind_of_region_table_leads_to_a_report(kind: ExportKind) -> None:
    assert reports_for(kind)


def test_the_upload_limit_is_that_of_the_reader() -> None:
    assert CONFIG["server"]["maxUploadSize"] * 2**20 == Limits().file_bytes


def test_nothing_leaves_the_server_and_nothing_technical_is_shown() -> None:
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert CONFIG["server"]["address"] == "127.0.0.1"
    urls = [face["url"] for face in CONFIG["theme"]["fontFaces"]]
    for url in urls:
        assert (ROOT / "sferum_ui" / "static" / url.removeprefix("app/static/")).is_file()


@pytest.mark.parametrize("name", ["light", "dark"])
def test_words_stand_out_from_both_themes(name: str) -> None:
    colours = CONFIG["theme"][name]
    grounds = [
        colours["backgroundColor"],
        colours["secondaryBackgroundColor"],
        colours["sidebar"]["backgroundColor"],
    ]
    inks = [
        value
        for key, value in colours.items()
        if key.endswith("TextColor") or key in ("textColor", "linkColor")
    ]
    inks += [colour.text for colour in STATUS_COLOURS[name].values()]  # type: ignore[index]
    for ground in grounds:
        for ink in inks:
            assert contrast(ink, ground) >= 4.5, (ink, ground)


# --- the server --------------------------------------------------------------------------------------------


@contextmanager
def running_app() -> Iterator[str]:
    """The app as it is really started, on a free port; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api/ready", timeout=2).close()
                break
            except OSError:
                time.sleep(0.5)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser: the system's Chromium where there is one, else Playwright's own."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_app() as address:
        yield address


def test_the_server_says_it_is_ready(server: str) -> None:
    with urllib.request.urlopen(f"{server}/api/ready", timeout=10) as answer:
        assert answer.status == 200
        assert json.load(answer) == {"status": "ready"}


@pytest.mark.browser
def test_the_first_request_to_a_deep_link_gets_the_whole_frame() -> None:
    """A fresh server whose first request names a page must not run that page without the frame."""
    with running_app() as address, chromium() as browser:
        page = browser.new_page(locale="ru-RU")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/help?norms=tomsk-2024")
        page.get_by_role("heading", name="Справка").wait_for(timeout=60_000)
        page.get_by_text("Файл не открыт").wait_for(timeout=60_000)
        assert page.title() == "Сферум-отчёты"
        assert page.evaluate("document.documentElement.lang") == "ru"
        page.get_by_role("link", name="Загрузка").click()
        page.get_by_role("heading", name="Загрузка").wait_for(timeout=60_000)
        page.wait_for_url("**/?norms=tomsk-2024", timeout=20_000)
        page.get_by_text("Выбрать файл").wait_for(timeout=20_000)
        outside = [url for url in asked if not url.startswith((address, "data:", "blob:"))]
        assert outside == []


@pytest.mark.parametrize("face", CONFIG["theme"]["fontFaces"], ids=lambda face: Path(face["url"]).stem)
def test_the_server_gives_the_fonts(server: str, face: dict[str, str]) -> None:
    with urllib.request.urlopen(f"{server}/{face['url']}", timeout=10) as answer:
        assert answer.read(4) == b"wOF2"


def test_one_thread_loads_what_pages_import() -> None:
    wanted = set()
    for page in (ROOT / "pages").glob("*.py"):
        for node in ast.walk(ast.parse(page.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                wanted |= {node.module} | {f"{node.module}.{item.name}" for item in node.names}
    views = {name for name in wanted if name.startswith("sferum_ui.views.")}
    assert views
    code = "from sferum_ui.loading import load_views; load_views(); import sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    files = {name for name in wanted if (ROOT / (name.replace(".", "/") + ".py")).exists()}
    assert files <= set(ran.stdout.split())


def test_a_page_waits_for_its_turn_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    with contextlib.ExitStack() as stack:
        for _ in range(turns.AT_ONCE + 1):
            stack.enter_context(turns.turn())
    with pytest.raises(KeyError), turns.turn():
        raise KeyError
    for _ in range(turns.AT_ONCE + 1):
        with turns.turn():
            assert turns._turns._value < turns.AT_ONCE
    assert turns._turns._value == turns.AT_ONCE
