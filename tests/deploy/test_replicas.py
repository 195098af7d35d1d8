"""nginx, two replicas and PostgreSQL for real: what is served and closed, and a replica killed while people read."""

from __future__ import annotations

import asyncio
import difflib
import random
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from scripts.demo_files import LAYOUTS, file_name, week_workbook
from scripts.demo_region import weeks
from sferum_store import open_store
from tests.conftest import Server
from tests.deploy.stand import NAMES, Stand, running_stand
from tests.e2e.conftest import ANOTHER_SEED, PATIENCE, Visit, is_error
from tests.load.viewers import Viewer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.replicas, pytest.mark.browser, pytest.mark.postgresql]

REGION = "Пробная область"
WITHIN_SECONDS = 30.0  # of a busy machine; an idle one takes 2 to 4
READERS = 4
WORDS = ", ".join(f"[data-testid={name}]" for name in ("stHeading", "stMarkdown", "stHtml", "stTable"))
PAGE = "Проверка организаций"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def get(stand: Stand, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers in small letters and body of a request through nginx."""
    request = urllib.request.Request(stand.url + path, headers=headers)
    try:
        with _OPENER.open(request, timeout=20) as answer:
            status, found, body = answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        status, found, body = error.code, error.headers, error.read()
    return status, {name.lower(): value for name, value in found.items()}, body


def lines_about(stand: Stand, words: str, count: int) -> list[str]:
    """At least `count` lines of the access log with these words; a line is written after its answer was read."""
    for _ in range(100):
        found = [line for line in stand.log() if words in line]
        if len(found) >= count:
            return found
        time.sleep(0.05)
    raise AssertionError(f"the log has too few lines with {words}: {found}")


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with running_stand(tmp_path_factory.mktemp("stand")) as running:
        yield running


def test_pages_carry_the_headers_of_safety(stand: Stand) -> None:
    for path in ("/", "/organization_check?link=x", "/s/nothing", "/_stcore/metrics", "/api/ready"):
        _, headers, _ = get(stand, path)
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "SAMEORIGIN", path
        assert headers["referrer-policy"] == "no-referrer", path
        assert "frame-ancestors 'self'" in headers["content-security-policy"], path
        assert "nginx/" not in headers["server"], path


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics", "/_stcore/metrics?families=session_events", "/_stcore/metrics/", "//_stcore/metrics",
        "/_stcore//metrics", "/_stcore/./metrics", "/x/../_stcore/metrics", "/%5Fstcore/metrics", "/_stcore/%6Detrics",
        "/_stcore/agent/interact", "/_stcore/script-health-check",
    ],
)  # fmt: skip
def test_what_is_for_the_administrator_stays_inside(stand: Stand, path: str) -> None:
    status, _, body = get(stand, path)
    assert status in (400, 404)
    assert b"cache_memory_bytes" not in body
    assert b"# EOF" not in body


def test_health_is_there(stand: Stand) -> None:
    assert get(stand, "/_stcore/health")[0] == 200
    status, headers, body = get(stand, "/api/ready")
    assert (status, b"ready" in body) == (200, True)
    assert "set-cookie" not in headers


def test_files_of_the_page_are_kept_and_the_page_itself_is_not(stand: Stand) -> None:
    _, headers, body = get(stand, "/", Accept="text/html")
    assert headers["cache-control"] == "no-cache"
    script = re.search(rb'src="(?:\./|/)?(static/js/[^"]+\.js)"', body)
    assert script is not None
    for path in ("/" + script[1].decode(), "/app/static/golos-text-latin.woff2"):
        for _ in range(2):
            status, headers, content = get(stand, path)
            assert (status, bool(content)) == (200, True)
            assert headers["cache-control"] == "public, max-age=31536000, immutable"
            assert "set-cookie" not in headers
        kept = lines_about(stand, path, 2)
        assert [line.rsplit('"', 2)[1] for line in kept[-2:]] == ["MISS", "HIT"]


def test_a_file_of_another_version_is_not_kept_as_a_page(stand: Stand) -> None:
    """The app answers with its start page for a file it doesn't have: kept, it would break the next version."""
    for _ in range(2):
        _, headers, _ = get(stand, "/static/js/index.OfAnotherVersion.js")
        assert headers["cache-control"] == "no-cache"
    assert not any('"HIT"' in line for line in lines_about(stand, "OfAnotherVersion", 2))


def test_addresses_of_links_are_not_in_the_log(stand: Stand) -> None:
    get(stand, "/s/AAAABBBBCCCCDDDDEEEEFF")
    get(stand, "/organization_check?link=GGGGHHHHIIIIJJJJKKKKLL")
    for known in ('"GET /s/..."', '"GET /organization_check"'):
        assert lines_about(stand, known, 1)
    text = "\n".join(stand.log())
    assert "AAAABBBB" not in text
    assert "GGGGHHHH" not in text


def test_browsers_behind_one_address_are_spread_over_both_replicas(stand: Stand) -> None:
    given = [get(stand, "/", Accept="text/html")[1]["set-cookie"] for _ in range(40)]
    replicas = [re.search(r"sferum_replica=(\w)", cookie)[1] for cookie in given]  # type: ignore[index]
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in given)
    assert set(replicas) == set(NAMES)
    for name in NAMES:
        for _ in range(5):
            _, headers, _ = get(stand, f"/stays-{name}", Accept="text/html", Cookie=f"sferum_replica={name}")
            assert "sferum_replica" not in headers.get("set-cookie", "")
        served = {re.findall(r'"([^"]*)"', line)[1] for line in lines_about(stand, f"/stays-{name}", 5)}
        assert served == {f"127.0.0.1:{stand.replicas[name].port}"}


def test_links_are_not_tried_by_the_thousand(stand: Stand) -> None:
    answers = [get(stand, f"/s/{number:022d}")[0] for number in range(120)]
    assert answers[:30] == [303] * 30, "a room of people opens a link at once"
    assert answers.count(429) >= 10
    time.sleep(1)
    assert get(stand, "/s/AAAABBBBCCCCDDDDEEEEFF")[0] == 303, "and is not kept out for long"


def visit(browser: Browser, stand: Stand) -> Visit:
    context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="ru-RU")
    page = context.new_page()
    process = stand.replicas["a"].process
    assert process is not None
    made = Visit(page, Server(stand.url, process, stand.folder / "nginx-error.log"), 1400)
    page.on("console", lambda message: made.errors.append(message.text) if is_error(message) else None)
    page.on("pageerror", lambda error: made.errors.append(str(error)))
    return made


def replica_of(made: Visit) -> str:
    """The replica that holds the browser's WebSocket."""
    cookies = {cookie["name"]: cookie for cookie in made.page.context.cookies()}
    assert cookies["sferum_replica"]["httpOnly"]
    return cookies["sferum_replica"]["value"]


def figures(made: Visit) -> list[str]:
    """The words and figures of the page without its charts, which are drawn when they come into sight."""
    made.settle()
    texts = made.page.get_by_test_id("stMain").locator(WORDS).all_inner_texts()
    return [" ".join(text.split()) for text in texts if text.strip()]


def same_page(made: Visit, before: list[str]) -> None:
    """Waits until the page shows what it showed before."""
    deadline = time.monotonic() + WITHIN_SECONDS
    while (now := figures(made)) != before:
        assert time.monotonic() < deadline, "\n".join(difflib.unified_diff(before, now, lineterm="", n=0))
        made.page.wait_for_timeout(100)


def save_week(made: Visit, file: Path) -> None:
    """Upload a file and save its week."""
    made.open("Загрузка")
    made.upload(file)
    made.page.get_by_text(file.name).first.wait_for(timeout=PATIENCE)
    made.page.get_by_role("button", name="Сохранить в архив").first.click(timeout=PATIENCE)
    made.page.get_by_label("Чьи это данные").fill(REGION)
    made.page.get_by_role("button", name="Сохранить неделю").click()
    made.page.get_by_text("В архиве с").wait_for(timeout=PATIENCE)
    made.settle()


def make_link(made: Visit) -> str:
    """The address of a link to the check of organizations."""
    made.open(PAGE)
    made.page.get_by_role("button", name="Поделиться").click()
    made.page.get_by_role("button", name="Сделать ссылку").click(timeout=PATIENCE)
    code = made.page.locator("[data-testid=stCode] code").first
    code.wait_for(timeout=PATIENCE)
    return code.inner_text().strip()


@dataclass
class Reader(Viewer):
    """A viewer who notes the words of the page."""

    words: set[str] = field(default_factory=set)

    def _see(self, message: ForwardMsg) -> None:
        super()._see(message)
        element = message.delta.new_element
        if element.WhichOneof("type") == "html" and "<script" not in element.html.body:
            self.words.add(element.html.body)
        elif element.WhichOneof("type") == "markdown":
            self.words.add(element.markdown.body)


async def _read(stand: Stand, token: str, name: str) -> list[Reader]:
    readers = [
        Reader(
            stand.url,
            "organization_check",
            f"link={token}",
            random.Random(number),
            cookies=f"sferum_replica={name}",
        )
        for number in range(READERS)
    ]
    await asyncio.gather(*(reader.open() for reader in readers))
    return readers


def other_than(name: str) -> str:
    return next(other for other in NAMES if other != name)


def test_a_replica_dies_while_people_read(browser: Browser, stand: Stand, tmp_path: Path) -> None:
    files = []
    for week in reversed(
        weeks(ANOTHER_SEED)[-3:]
    ):  # the newest is the linked one: else its page tells of newer data
        path = tmp_path / file_name(week).replace("demo", "Выгрузка")
        week_workbook(week, LAYOUTS[-1]).save(path)
        files.append(path)

    officer = visit(browser, stand)
    officer.page.goto(stand.url)
    officer.page.get_by_role("heading", name="Загрузка", exact=True).wait_for(timeout=PATIENCE)
    officer.settle()
    save_week(officer, files[0])
    link = make_link(officer)
    assert link.startswith(f"{stand.url}/s/")

    colleague = visit(browser, stand)
    colleague.page.goto(link)
    colleague.page.get_by_role("heading", name=PAGE, exact=True).wait_for(timeout=PATIENCE)
    before, doomed = figures(colleague), replica_of(colleague)
    assert len(before) > 5
    assert officer.figure("Всего") == colleague.figure("Всего") > 100
    left = other_than(doomed)
    token = parse_qs(urlsplit(colleague.page.url).query)["link"][0]

    async def readers_meet_the_death() -> float:
        readers = await _read(stand, token, doomed)
        save_week_in_store(stand, files[1])  # acknowledged the moment before
        stand.replicas[doomed].kill()
        died = time.monotonic()
        for reader in readers:
            with pytest.raises(Exception, match=r"close frame|closed|refused|reset"):
                await reader.touch()
        again = await _read(stand, token, doomed)
        took = time.monotonic() - died
        assert [reader.errors for reader in again] == [[]] * READERS
        for old, new in zip(readers, again, strict=True):
            assert len(old.words) > 5
            assert new.words == old.words, "the other replica draws the same page"
        await asyncio.gather(*(reader.close() for reader in again))
        return took

    died = time.monotonic()
    with ThreadPoolExecutor(1) as beside:  # Playwright's own loop runs in this thread
        websocket_seconds = beside.submit(lambda: asyncio.run(readers_meet_the_death())).result()
    while replica_of(colleague) != left:
        assert time.monotonic() - died < WITHIN_SECONDS, "the browser reconnects by itself"
        colleague.page.wait_for_timeout(50)
    app = colleague.page.locator("[data-testid=stApp][data-test-connection-state=CONNECTED]")
    app.wait_for(timeout=PATIENCE)
    reconnect_seconds = time.monotonic() - died
    same_page(colleague, before)
    settled_seconds = time.monotonic() - died
    print(
        f"\nfailover: WebSocket viewers {websocket_seconds:.1f} s, browser {reconnect_seconds:.1f} s, "
        f"page settled {settled_seconds:.1f} s"
    )
    assert max(websocket_seconds, settled_seconds) < WITHIN_SECONDS

    colleague.page.get_by_role("button", name=re.compile("^Показать: Не активны, ")).click()
    colleague.settle()
    assert colleague.page.get_by_test_id("stException").count() == 0
    fresh = visit(browser, stand)
    fresh.page.goto(link)
    fresh.page.get_by_role("heading", name=PAGE, exact=True).wait_for(timeout=PATIENCE)
    same_page(fresh, before)
    assert get(stand, "/api/ready")[0] == 200

    # The dead one is back: who moved to the other one stays there, so an upload finds its session.
    stand.replicas[doomed].start()
    stand.replicas[doomed].wait()
    time.sleep(6)  # nginx tries the replica again
    uploader = visit(browser, stand)
    uploader.page.context.add_cookies([{"name": "sferum_replica", "value": left, "url": stand.url}])
    uploader.page.goto(stand.url)
    uploader.page.get_by_role("heading", name="Загрузка", exact=True).wait_for(timeout=PATIENCE)
    uploader.settle()
    save_week(uploader, files[2])
    assert replica_of(uploader) == left

    store = open_store(stand.database_url)
    try:
        assert len(store.weeks.find()) == 3, "nothing acknowledged is lost"
        assert all(len(store.weeks.open(week.id).export.table) > 100 for week in store.weeks.find())
    finally:
        store.close()
    assert uploader.errors == []
    assert fresh.errors == [], "the policy of contents stops nothing of the app's own"
    for made in (officer, colleague, fresh, uploader):
        made.page.context.close()


def save_week_in_store(stand: Stand, file: Path) -> None:
    """Save another week beside the pages, as the other replica would."""
    from sferum_core import load_profile, read_export  # noqa: PLC0415 - beside the fixtures' imports

    store = open_store(stand.database_url)
    try:
        store.weeks.save(
            read_export(file.read_bytes(), file.name), region=REGION, profile=load_profile("chelyabinsk-2024")
        )
    finally:
        store.close()
