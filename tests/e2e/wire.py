"""Whether the app has answered everything a browser page asked of it, read from the page's own WebSocket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

if TYPE_CHECKING:
    from playwright.sync_api import Page, WebSocket

ENDED = {
    ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY,
    ForwardMsg.ScriptFinishedStatus.FINISHED_WITH_COMPILE_ERROR,
    ForwardMsg.ScriptFinishedStatus.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
}


class Wire:
    """A page's connections: a run that was asked for must begin and end after it was asked for.

    A page that connects anew asks only when it was owed an answer.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked, self.begun = True, False
        page.on("websocket", self._opened)

    def _opened(self, socket: WebSocket) -> None:
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, payload: str | bytes) -> None:
        if isinstance(payload, bytes) and BackMsg.FromString(payload).WhichOneof("type") == "rerun_script":
            self.asked, self.begun = True, False

    def _received(self, payload: str | bytes) -> None:
        if not isinstance(payload, bytes):
            return
        message = ForwardMsg.FromString(payload)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.begun = True
        elif kind == "script_finished" and self.begun and message.script_finished in ENDED:
            self.asked = self.begun = False

    def rest(self, timeout: float) -> None:
        """Returns once nothing asked for is unanswered; after `timeout` milliseconds it is a failure."""
        waited = 0.0
        self.page.wait_for_timeout(20)  # what a click sends is sent a moment after it
        while self.asked:
            assert waited < timeout, "the app still owes the page an answer"
            self.page.wait_for_timeout(50)
            waited += 50
