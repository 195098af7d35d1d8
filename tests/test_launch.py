"""Starting the app: set-up script, both ways to serve, and a first request to a deep link."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts import run
from tests.conftest import ROOT, free_port, running_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The first is asked of a server that has just started: there `pages/x.py` would run without its frame.
DEEP_LINKS = ("organization_check", "doo_staff", "help", "no_such_page")


@pytest.mark.browser
@pytest.mark.parametrize("by", ["streamlit", "uvicorn"])
def test_first_request_to_a_deep_link_goes_through_the_frame(
    by: str, browser: Browser, tmp_path: Path
) -> None:
    """design.md: beside the entry script, `pages/` runs a page without navigation, settings and styles."""
    with running_app(tmp_path, by) as server:
        assert json.loads(server.get("/api/ready")[1]) == {"status": "ready"}
        for link in DEEP_LINKS:
            page = browser.new_page()
            page.goto(f"{server.url}/{link}")
            page.get_by_text("Файл не открыт").first.wait_for(timeout=30_000)
            page.get_by_role("link", name="Справка").first.wait_for()
            assert "Сферум-отчёты" in page.title(), link
            assert page.locator("[data-testid=stException]").count() == 0, link
            page.close()
        page = browser.new_page()
        page.goto(f"{server.url}/upload?norms=tomsk-2024")
        page.get_by_role("heading", name="Загрузка").wait_for(timeout=30_000)
        assert page.get_by_role("dialog").count() == 0  # «Такой страницы нет»
        assert "norms=tomsk-2024" in page.url
        page.close()


def test_pages_lie_apart_from_the_script_that_streamlit_serves() -> None:
    """The automatic pages of Streamlit come from `pages/` beside the main script."""
    assert not (ROOT / "sferum_ui" / "pages").exists()
    assert (ROOT / "pages").is_dir()


@pytest.fixture
def listener() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_taken_port_that_was_asked_for_is_told(listener: int) -> None:
    with pytest.raises(run.Stop, match=f"Порт {listener} .* занят"):
        run.choose_port("127.0.0.1", str(listener))


def test_the_usual_port_taken_means_the_next(listener: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "DEFAULT_PORT", listener)
    assert run.choose_port("127.0.0.1", "") > listener


def test_a_port_that_is_asked_for_is_taken() -> None:
    port = free_port()
    assert run.choose_port("127.0.0.1", str(port)) == port


@pytest.mark.parametrize("wrong", ["порт", "0", "65536", "-1", "80.5"])
def test_a_wrong_port_is_told(wrong: str) -> None:
    with pytest.raises(run.Stop, match="SFERUM_PORT"):
        run.choose_port("127.0.0.1", wrong)


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 8, 10), (3, 10, 14)])
def test_an_old_python_gets_a_sentence(version: tuple[int, ...]) -> None:
    with pytest.raises(run.Stop, match=r"Нужен Python 3\.11 или новее"):
        run.check_python(version)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 13, 1), (4, 0, 0)])
def test_a_new_python_is_fine(version: tuple[int, ...]) -> None:
    run.check_python(version)


def test_requirements_are_installed_again_only_when_they_change(tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text("a==1\n")
    first = run.requirements_digest([file])
    assert run.requirements_digest([file]) == first
    file.write_text("a==2\n")
    assert run.requirements_digest([file]) != first


def test_the_address_is_one_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SFERUM_ADDRESS", raising=False)
    assert run.configured_address() == "127.0.0.1"
    monkeypatch.setenv("SFERUM_ADDRESS", "0.0.0.0 ")  # as `set A=b && run.bat` leaves it
    assert run.configured_address() == "0.0.0.0"


def test_the_greeting_names_a_usable_address() -> None:
    lines = "\n".join(run.greeting("0.0.0.0", 8502))
    assert "http://127.0.0.1:8502" in lines
    assert "http://0.0.0.0" not in lines


def test_without_venv_and_pip_a_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_quietly", lambda command: False)
    with pytest.raises(run.Stop, match="python3-venv"):
        run.make_venv(tmp_path / "venv")


def test_an_environment_of_another_computer_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "venv" / "bin" / "python"
    broken.parent.mkdir(parents=True)
    broken.write_text("#!/nowhere/python3\n")
    broken.chmod(0o755)
    run.make_venv(tmp_path / "venv")
    assert run.pip_command(run.venv_python(tmp_path / "venv")) is not None
    shutil.rmtree(tmp_path / "venv")


def test_windows_and_make_call_the_same_script() -> None:
    assert b"scripts\\run.py" in (ROOT / "run.bat").read_bytes()
    assert b"\r\n" in (ROOT / "run.bat").read_bytes()
    assert "scripts/run.py" in (ROOT / "Makefile").read_text("utf-8")
