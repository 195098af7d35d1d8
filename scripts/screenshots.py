"""Takes the README's pictures of the running app with the demo data in Chromium (`make shots`)."""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "images"
PAGES = ("organization_check", "municipality_comparison", "doo_staff", "help")
WIDTHS = (1400, 390)
PATIENCE = 60_000  # ms


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/api/ready", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the app did not start")


def _shoot(browser: Browser, url: str, width: int, folder: Path, theme: str, suffix: str) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
        locale="ru-RU",
    )
    for name in ("upload", *PAGES):  # the start page has no address of its own
        page.goto(f"{url}/{name if name in PAGES else ''}?data=demo")
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=PATIENCE)
        page.get_by_role("heading").first.wait_for(timeout=PATIENCE)
        page.locator("[data-stale=true]").first.wait_for(state="detached", timeout=PATIENCE)
        page.wait_for_timeout(2500)  # charts draw themselves after the page is there
        path = folder / f"{name}{suffix}.png"
        page.screenshot(path=path)
        Image.open(path).quantize(128).save(path, optimize=True)
    page.close()


def main() -> None:
    """Command line: `python -m scripts.screenshots [--out FOLDER] [--all]`; `--all` adds 390 px and dark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--all", action="store_true")
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    server = subprocess.Popen([*command, "--server.headless", "true"], cwd=ROOT)
    try:
        _wait(url)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
                args=["--no-sandbox"],
            )
            _shoot(browser, url, WIDTHS[0], chosen.out, "light", "")
            if chosen.all:
                _shoot(browser, url, WIDTHS[1], chosen.out, "light", "-390")
                _shoot(browser, url, WIDTHS[0], chosen.out, "dark", "-dark")
            browser.close()
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
