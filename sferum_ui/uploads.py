"""What the server itself holds for sessions: who may send it files and how many bytes, and letting go of them.

Streamlit takes a file of anyone who has a page open, whatever the page shows, and keeps it while the page is open.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from starlette.responses import PlainTextResponse
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send
    from streamlit.runtime.uploaded_file_manager import UploadedFile

MOST_FILES = 15  # of the largest size, held for one session: what one drop may bring
_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+")
_CLOSED = re.compile(r"/_stcore/(?:metrics|script-health-check|agent/.*)")
_MOST_KNOWN = 2_000
_lock = threading.Lock()
_allowed: set[str] = set()


def allow(*, may: bool) -> None:
    """Whether the session of this run may send files from now on."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return
    with _lock:
        (_allowed.add if may else _allowed.discard)(context.session_id)
        if len(_allowed) > _MOST_KNOWN and runtime.exists():
            server = runtime.get_instance()
            _allowed.intersection_update({one for one in _allowed if server.is_active_session(one)})


def is_allowed(session_id: str) -> bool:
    """Whether this session may send files."""
    with _lock:
        return session_id in _allowed


def held_bytes(session_id: str) -> int:
    """How many bytes of files the server holds for a session."""
    files = _storage().get(session_id, {})
    return sum(len(file.data) for file in list(files.values()))


def let_go(files: Iterable[UploadedFile]) -> None:
    """The server forgets the bytes of these files: they were read."""
    context = get_script_run_ctx(suppress_warning=True)
    remove = getattr(context.uploaded_file_mgr, "remove_file", None) if context is not None else None
    if context is not None and remove is not None:  # the stand-in of Streamlit's tests has none
        for file in files:
            remove(context.session_id, file.file_id)


def forget(session_id: str = "", *, made: bool = True) -> None:
    """The server forgets the files that a session (by default this one) sent; with `made` its downloads, too."""
    if not session_id:
        context = get_script_run_ctx(suppress_warning=True)
        session_id = context.session_id if context is not None else ""
    if not session_id or not runtime.exists():
        return
    server = runtime.get_instance()
    server.uploaded_file_mgr.remove_session_files(session_id)
    if not made:
        return
    server.media_file_mgr.clear_session_refs(session_id)
    for _ in range(2):  # a file that was made for a download is only marked at first
        server.media_file_mgr.remove_orphaned_files()


def _storage() -> dict[str, dict[str, Any]]:
    if not runtime.exists():
        return {}
    return getattr(runtime.get_instance().uploaded_file_mgr, "file_storage", {})


class Gate:
    """Before the server's own routes: files only of those who may upload and within bounds, its inner addresses closed."""

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        self.app = app
        self.most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass the request on."""
        answer = self._refusal(scope) if scope["type"] == "http" else None
        await (answer or self.app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        path = scope["path"]
        if _CLOSED.fullmatch(path):
            return PlainTextResponse("Адрес закрыт.", 404)
        if scope["method"] != "PUT":
            return None
        found = _UPLOAD.fullmatch(path)
        if found is None:
            return None
        session = found[1]
        if not is_allowed(session):
            return PlainTextResponse("Загружать файлы можно после входа.", 403)
        coming = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
        size = int(coming) if coming.isdigit() else self.most_bytes // MOST_FILES
        if held_bytes(session) + size > self.most_bytes:
            return PlainTextResponse("Слишком много файлов сразу.", 413)
        return None
