"""What all tests share: a server of their own, a browser, and the rule that CI skips nothing."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
DATA = tempfile.mkdtemp(prefix="sferum-tests-")  # never the office's own data
os.environ["SFERUM_DATA_DIR"] = DATA
CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
POSTGRESQL_FOLDERS = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt")


def find_initdb() -> str | None:
    """PostgreSQL's own program to make a cluster: on the path, else where packages put it (Debian: by version)."""
    found = shutil.which("initdb")
    if found:
        return found
    places = [path for folder in POSTGRESQL_FOLDERS for path in Path(folder).glob("*/bin/initdb")]
    return str(max(places)) if places else None


def _with_writer(name: str) -> str | None:
    """The program, when the part of LibreOffice that opens letters is beside it."""
    program = shutil.which(name)
    beside = Path(program).resolve().parent if program else None
    return program if beside is not None and any(beside.glob("*swlo.*")) else None


def find_nginx() -> str | None:
    """The web server nginx: on the path, else where Debian puts it."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


NEEDS: dict[str, tuple[Callable[[], str | None], str]] = {
    "writer": (
        lambda: next(filter(None, map(_with_writer, ("soffice", "libreoffice"))), None),
        "LibreOffice Writer is not installed: apt install libreoffice-writer",
    ),
    "browser": (
        lambda: next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None),
        "Chromium is not installed: apt install chromium",
    ),
    "office": (
        lambda: shutil.which("soffice") or shutil.which("libreoffice"),
        "LibreOffice is not installed: apt install libreoffice-calc",
    ),
    "postgresql": (find_initdb, "PostgreSQL is not installed: apt install postgresql"),
    "replicas": (find_nginx, "nginx is not installed: apt install nginx"),
}


def pytest_unconfigure() -> None:
    """A test run leaves no data behind."""
    shutil.rmtree(DATA, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Benchmarks run when asked for; browser and office tests need their programs."""
    if "benchmark" not in config.option.markexpr:
        benchmarks = [item for item in items if item.get_closest_marker("benchmark")]
        items[:] = [item for item in items if item not in benchmarks]
        config.hook.pytest_deselected(items=benchmarks)
    for item in items:
        for marker, (find, advice) in NEEDS.items():
            if not item.get_closest_marker(marker):
                continue
            item.add_marker(pytest.mark.xdist_group(marker))
            if not find():
                item.add_marker(pytest.mark.skip(reason=advice))


def _no_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"CI allows no skip: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Under CI a skipped test is a failed one."""
    report = yield
    _no_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """Under CI a module that skips itself fails too."""
    report = yield
    _no_skip(report)
    return report


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running app of one's own."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of a plain request."""
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return answer.status, answer.read().decode()


COMMANDS = {
    "streamlit": ("-m", "streamlit", "run", "app.py", "--server.headless", "true", "--server.port", "{port}"),
    "uvicorn": ("-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", "{port}"),
}


@contextlib.contextmanager
def running_app(folder: Path, by: str = "streamlit", cwd: Path = ROOT) -> Iterator[Server]:
    """Starts the app on a free port, waits until it is ready, stops it by its own PID."""
    port = free_port()
    command = [part.format(port=port) for part in COMMANDS[by]]
    with served(command, port, folder / f"{by}.log", {**os.environ}, cwd) as server:
        yield server


@contextlib.contextmanager
def served(
    command: Sequence[str],
    port: int,
    log: Path,
    environment: Mapping[str, str],
    cwd: Path = ROOT,
    host: str = "127.0.0.1",
) -> Iterator[Server]:
    """A Python command that serves a port, as a process of its own; waited for until ready, stopped by its own PID."""
    environment = {**environment, "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=cwd, stdout=sink, stderr=subprocess.STDOUT, env=environment
        )
        server = Server(f"http://{host}:{port}", process, log)
        try:
            wait_until_ready(server)
            yield server
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process, by force after ten seconds."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until_ready(server: Server, seconds: float = 60) -> None:
    """Wait for `/api/ready`. RuntimeError with the log when the app ends or is not ready in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        with contextlib.suppress(OSError):
            if server.get("/api/ready")[0] == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the app did not start:\n{server.log.read_text(errors='replace')}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window; a module's own, for an open Playwright lets no second one start."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - most tests need no browser

    path = NEEDS["browser"][0]()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()
