"""Viewers who trouble the others: one uploads a large file again and again, one is fed hostile files."""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from tests.load.viewers import Answer, Viewer

READING = 120.0  # seconds one file may take


@dataclass(frozen=True)
class File:
    """A file to upload, and whether the app must refuse it."""

    name: str
    content: bytes


@dataclass
class Uploader(Viewer):
    """A viewer of «Загрузка» who uploads one of `files` after another until `stop`."""

    files: Sequence[File] = ()
    pause: float = 1.0
    uploads: list[Answer] = field(default_factory=list)
    refusals: int = 0
    patience: float = READING
    _uploader: str = ""
    _session: str = ""

    async def trouble(self, stop: asyncio.Event) -> None:
        """Upload until told to stop; what was begun is waited for."""
        for file in cycle(self.files):
            if stop.is_set():
                return
            self.uploads.append(await self.upload(file))
            await asyncio.sleep(self.pause)

    async def upload(self, file: File) -> Answer:
        """Send one file as the browser does, and wait for the page that tells what became of it."""
        assert self._socket is not None
        await self._socket.send(self._asking(file))
        where = await asyncio.wait_for(self._address(), self.patience)
        await asyncio.to_thread(self._put, where, file)
        state = self._files[self._uploader] = [(file, where)]
        try:
            return await self.rerun()
        finally:
            state.clear()
            self._files.clear()

    _files: dict[str, list[tuple[File, FileURLs]]] = field(default_factory=dict)

    def _asking(self, file: File) -> bytes:
        back = BackMsg()
        back.file_urls_request.request_id = "1"
        back.file_urls_request.file_names.append(file.name)
        back.file_urls_request.session_id = self._session
        return bytes(back.SerializeToString())

    async def _address(self) -> FileURLs:
        assert self._socket is not None
        while True:
            raw = await self._socket.recv()
            assert isinstance(raw, bytes)
            message = ForwardMsg()
            message.ParseFromString(raw)
            if message.WhichOneof("type") == "file_urls_response":
                return message.file_urls_response.file_urls[0]

    def _put(self, where: FileURLs, file: File) -> None:
        border, token = "sferum-load", generate_xsrf_token_string()
        head = (
            f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = head.encode() + file.content + f"\r\n--{border}--\r\n".encode()
        request = urllib.request.Request(
            f"{self.url}{where.upload_url}",
            data=body,
            method="PUT",
            headers={
                "Content-Type": f"multipart/form-data; boundary={border}",
                "X-Xsrftoken": token,
                "Cookie": f"_streamlit_xsrf={token}",
            },
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=self.patience) as answer:
            assert answer.status < 300

    def _fill(self, back: BackMsg) -> None:
        for name, listed in self._files.items():
            state = back.rerun_script.widget_states.widgets.add()
            state.id = name
            for file, where in listed:
                info = state.file_uploader_state_value.uploaded_file_info.add()
                info.name, info.size, info.file_id = file.name, len(file.content), where.file_id
                info.file_urls.CopyFrom(where)

    def _take(self, message: ForwardMsg) -> bool:
        if message.WhichOneof("type") == "new_session":
            self._session = message.new_session.initialize.session_id or self._session
        return super()._take(message)

    def _see(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        if element.WhichOneof("type") == "file_uploader":
            self._uploader = element.file_uploader.id
        elif element.WhichOneof("type") == "alert" and "ошибка" not in element.alert.body:
            self.refusals += 1
        super()._see(message)
