"""One app for the browser tests, and pages that note what a user must never meet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.demo_files import LAYOUTS, file_name, week_workbook
from scripts.demo_region import Week, weeks
from tests.conftest import Server, running_app
from tests.e2e.wire import Wire

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Locator, Page

ANOTHER_SEED = 77
PATIENCE = 30_000  # ms; a busy machine is slow, not wrong


@dataclass
class Visit:
    """A browser page with its width, and the errors and foreign requests seen in it."""

    page: Page
    server: Server
    width: int
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    wire: Wire = field(init=False)

    def __post_init__(self) -> None:
        self.wire = Wire(self.page)

    def settle(self) -> None:
        """Waits until the app has answered what the page asked and the page has drawn it."""
        self.wire.rest(PATIENCE)
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=PATIENCE)
        self.page.locator("[data-testid=stSpinner], [data-stale=true]").first.wait_for(
            state="detached", timeout=PATIENCE
        )

    def open(self, title: str) -> None:
        """Goes to a page by its link in the menu, as a user does."""
        if self.width < 800:
            opener = self.page.get_by_test_id("stExpandSidebarButton")
            if opener.is_visible():
                opener.click()
        self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
        self.page.get_by_role("heading", name=title, exact=True).first.wait_for(timeout=PATIENCE)
        if self.width < 800:
            closer = self.page.get_by_test_id("stSidebarCollapseButton").get_by_role("button")
            if closer.is_visible():
                closer.click()
        self.settle()

    def upload(self, *files: Path) -> None:
        """Drops files on the upload page."""
        self.page.locator("input[type=file]").first.set_input_files(list(files))

    def figure(self, label: str) -> int:
        """The number on a card of the strip, from the name of its button."""
        button = self.page.get_by_role("button", name=re.compile(rf"^Показать: {label}, "))
        words = button.first.inner_text(timeout=PATIENCE)
        return int(re.sub(r"\D", "", words.rsplit(",", 1)[1]))

    def download(self, folder: Path, place: Locator | None = None) -> Path:
        """Clicks the first «Скачать XLSX» there; where the file was saved, under the name it was given."""
        button = (place or self.page).get_by_role("button", name="Скачать XLSX", exact=True).first
        with self.page.expect_download(timeout=PATIENCE) as waiting:
            button.click(timeout=PATIENCE)
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path


def is_error(message: ConsoleMessage) -> bool:
    """Errors on the console, but for Streamlit's own search of its base path on a deep link."""
    address = str(message.location.get("url", ""))
    return message.type == "error" and not re.search(r"/\w+/_stcore/(health|host-config)$", address)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app on a free port of its own."""
    with running_app(tmp_path_factory.mktemp("app")) as server:
        yield server


@pytest.fixture(scope="session")
def week() -> Week:
    """The newest week of another invented region than the demo's."""
    return weeks(ANOTHER_SEED)[-1]


@pytest.fixture(scope="session")
def export_file(week: Week, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That week as the region would send it."""
    path = tmp_path_factory.mktemp("export") / file_name(week).replace("demo", "Выгрузка региона")
    week_workbook(week, LAYOUTS[-1]).save(path)
    return path


@pytest.fixture
def visit(app: Server, browser: Browser) -> Iterator[Callable[[int], Visit]]:
    """Opens the start page at a width; at the end no error and no request to elsewhere may have been seen."""
    opened: list[Visit] = []

    def start(width: int = 1400) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="ru-RU", accept_downloads=True
        )
        page = context.new_page()
        made = Visit(page, app, width)
        own = (app.url, app.url.replace("http", "ws"), "data:", "blob:")
        page.on("console", lambda message: made.errors.append(message.text) if is_error(message) else None)
        page.on("pageerror", lambda error: made.errors.append(str(error)))
        page.on("request", lambda r: made.foreign.append(r.url) if not r.url.startswith(own) else None)
        page.goto(app.url)
        page.get_by_role("heading", name="Загрузка", exact=True).wait_for(timeout=PATIENCE)
        made.settle()
        opened.append(made)
        return made

    yield start
    for made in opened:
        made.page.context.close()
        assert made.errors == []
        assert made.foreign == []
