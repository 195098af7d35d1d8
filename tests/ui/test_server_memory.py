"""What the server itself takes and keeps: files of those who may upload, let go once read; no message of an error in a log."""

from __future__ import annotations

import asyncio
import logging
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from sferum_store import NotSaved
from sferum_ui import errors, faults, private, uploads

NAME = "Пробова Авдотья"


class Media:
    """Counts what is asked of Streamlit's store of downloads."""

    def __init__(self) -> None:
        self.cleared: list[str] = []

    def clear_session_refs(self, session: str) -> None:
        """The session's downloads are nobody's now."""
        self.cleared.append(session)

    def remove_orphaned_files(self) -> None:
        """Nothing to remove."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Any:
    files = MemoryUploadedFileManager("/_stcore/upload_file")
    running = SimpleNamespace(
        uploaded_file_mgr=files, media_file_mgr=Media(), is_active_session=lambda _: False
    )
    monkeypatch.setattr(uploads.runtime, "exists", lambda: True)
    monkeypatch.setattr(uploads.runtime, "get_instance", lambda: running)
    monkeypatch.setattr(uploads, "_allowed", set())
    return running


def session_of(monkeypatch: pytest.MonkeyPatch, server: Any, name: str) -> None:
    context = SimpleNamespace(session_id=name, uploaded_file_mgr=server.uploaded_file_mgr)
    for module in (uploads, private):
        monkeypatch.setattr(module, "get_script_run_ctx", lambda **_: context)


def status(path: str, method: str = "PUT", size: int = 10) -> int:
    """What a request ends with: 200 when the gate lets it through."""
    sent: list[dict[str, Any]] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http", "path": path, "method": method, "headers": [(b"content-length", b"%d" % size)],
    }  # fmt: skip
    asyncio.run(uploads.Gate(inner, most_bytes=100)(scope, receive, send))
    return int(sent[0]["status"])


def test_files_are_taken_of_those_who_may_upload(monkeypatch: pytest.MonkeyPatch, server: Any) -> None:
    path = "/_stcore/upload_file/one/file"
    assert status(path) == 403
    session_of(monkeypatch, server, "one")
    uploads.allow(may=True)
    assert status(path) == 200
    assert status("/_stcore/upload_file/other/file") == 403
    uploads.allow(may=False)  # signed out, or the role was taken away
    assert status(path) == 403
    assert status(path, method="DELETE") == 200


def test_files_of_one_session_are_bounded(monkeypatch: pytest.MonkeyPatch, server: Any) -> None:
    session_of(monkeypatch, server, "one")
    uploads.allow(may=True)
    server.uploaded_file_mgr.add_file("one", UploadedFileRec("f", "x.csv", "text/csv", b"x" * 60))
    assert status("/_stcore/upload_file/one/g", size=40) == 200
    assert status("/_stcore/upload_file/one/g", size=41) == 413


@pytest.mark.parametrize("path", ["metrics", "script-health-check", "agent/openapi.json", "agent/interact"])
def test_inner_addresses_are_closed(server: Any, path: str) -> None:
    assert status(f"/_stcore/{path}", method="GET") == 404
    assert status("/_stcore/health", method="GET") == status("/", method="GET") == 200


def test_sessions_that_ended_are_not_remembered(monkeypatch: pytest.MonkeyPatch, server: Any) -> None:
    monkeypatch.setattr(uploads, "_MOST_KNOWN", 3)
    for number in range(5):
        session_of(monkeypatch, server, str(number))
        uploads.allow(may=True)
    assert len(uploads._allowed) <= 3


def test_read_files_are_let_go(monkeypatch: pytest.MonkeyPatch, server: Any) -> None:
    session_of(monkeypatch, server, "one")
    kept = UploadedFileRec("f", "x.csv", "text/csv", b"x")
    server.uploaded_file_mgr.add_file("one", kept)
    uploads.let_go([SimpleNamespace(file_id="f")])  # type: ignore[list-item]
    assert uploads.held_bytes("one") == 0


def test_an_idle_session_leaves_nothing_at_the_server(monkeypatch: pytest.MonkeyPatch, server: Any) -> None:
    session_of(monkeypatch, server, "one")
    memory = private.SessionMemory()
    memory.thing("datasets", lambda: [NAME])
    server.uploaded_file_mgr.add_file("one", UploadedFileRec("f", "x.csv", "text/csv", NAME.encode()))
    memory.touched -= 100
    memory.forget_if_idle(60)
    assert uploads.held_bytes("one") == 0
    assert server.media_file_mgr.cleared == ["one"]


def test_downloads_of_figures_outlive_an_idle_session(monkeypatch: pytest.MonkeyPatch, server: Any) -> None:
    session_of(monkeypatch, server, "one")
    memory = private.SessionMemory()
    memory.thing("datasets", list)
    memory.touched -= 100
    memory.forget_if_idle(60)
    assert server.media_file_mgr.cleared == []


def failing() -> None:
    try:
        raise ValueError(f"could not read {NAME}")
    except ValueError as error:
        raise KeyError(NAME) from error


def test_logs_tell_where_an_error_came_from_without_its_message(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(errors.st, "error", lambda _: None)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    before = logging.getLogRecordFactory()
    log = logging.getLogger("streamlit.anything")
    try:
        faults.keep_messages_out_of_logs()
        try:
            failing()
        except KeyError as error:
            log.exception("reading failed")
            log.error("it was %s", error)
            log.warning(error)
            log.error("the store: %s", NotSaved("База занята.", "Подождите."))
            errors.show(error)
            threading.excepthook(
                threading.ExceptHookArgs((KeyError, error, None, threading.current_thread()))
            )
    finally:
        logging.setLogRecordFactory(before)
    said = caplog.text
    assert NAME not in said and "Пробова" not in said
    assert said.count("in failing") >= 3 and "ValueError" in said and "KeyError" in said
    assert "База занята." in said
