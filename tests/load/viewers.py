"""Viewers of a running app, speaking Streamlit's own protobufs over WebSocket: many, bounded, on this computer only.

Each viewer opens a page as a browser does, answers with the hashes of the messages it keeps, and then changes
one filter at a time. Counted are the waits, the bytes, the messages and every error box.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

MOST_VIEWERS = 500
MOST_SECONDS = 3_600.0
PATIENCE = 60.0  # seconds one answer may take before the viewer gives up
KEPT_RUNS = 2  # the browser forgets a message that this many runs have not used (global.maxCachedMessageAge)
HOME = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Answer:
    """What one run of a page cost the viewer."""

    page: str
    seconds: float
    size: int
    messages: int
    first: bool


@dataclass
class Widget:
    """A filter as the page drew it: the values it can take, and whose part of the page it reruns."""

    kind: str
    options: list[object]
    fragment: str


@dataclass
class Viewer:
    """One open browser tab."""

    url: str
    page: str
    query: str
    rng: random.Random
    cookies: str = ""
    patience: float = PATIENCE
    whole: bool = False  # every change reruns the whole page, also one in a fragment
    errors: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    forgetful: bool = False  # keeps no message, so that each is sent whole
    heard: list[ForwardMsg] | None = None  # everything the server says, where somebody wants it
    _kept: dict[str, int] = field(default_factory=dict)
    _made: dict[str, tuple[str, Widget]] = field(default_factory=dict)
    _widgets: dict[str, Widget] = field(default_factory=dict)
    _set: dict[str, tuple[str, object]] = field(default_factory=dict)
    _script: str = ""
    _runs: int = 0
    _socket: ClientConnection | None = None

    async def open(self) -> None:
        """Connect and load the page."""
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket = await connect(
            address,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            origin=self.url,  # type: ignore[arg-type]
            additional_headers={"Cookie": self.cookies} if self.cookies else None,
            max_size=None,
            compression=None,
            open_timeout=PATIENCE,
            ping_interval=None,
            proxy=None,
        )
        await self.rerun()

    async def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            await self._socket.close()

    async def touch(self) -> None:
        """Change one filter, or only ask for the page again where it has none."""
        if not self._widgets:
            await self.rerun()
            return
        name = self.rng.choice(list(self._widgets))
        widget = self._widgets[name]
        value = self.rng.choice(widget.options)
        self._set[name] = (widget.kind, value)
        await self.rerun("" if self.whole else widget.fragment)

    async def rerun(self, fragment: str = "") -> Answer:
        """Ask for one run of the page and read it to its end."""
        assert self._socket is not None
        if not fragment:
            self._widgets.clear()
        began, size, messages, first = time.perf_counter(), 0, 0, not self._script
        await self._socket.send(self._request(fragment))
        while True:
            raw = await asyncio.wait_for(self._socket.recv(), self.patience)
            assert isinstance(raw, bytes)
            size, messages = size + len(raw), messages + 1
            message = ForwardMsg()
            message.ParseFromString(raw)
            if self.heard is not None:
                self.heard.append(message)
            if self._take(message):
                answer = Answer(self.page, time.perf_counter() - began, size, messages, first)
                self.answers.append(answer)
                self._runs += 1
                return answer

    def _request(self, fragment: str) -> bytes:
        back = BackMsg()
        run = back.rerun_script
        run.query_string, run.page_script_hash, run.fragment_id = self.query, self._script, fragment
        run.page_name = "" if self._script else self.page
        run.cached_message_hashes.extend(self._kept)
        run.context_info.timezone, run.context_info.locale = "Europe/Moscow", "ru-RU"
        run.context_info.url = f"{self.url}/{self.page}"
        for name, (kind, value) in self._set.items():
            state = run.widget_states.widgets.add()
            state.id = name
            if kind == "string_array_value":
                state.string_array_value.data.extend(value)  # type: ignore[arg-type]
                state.string_array_value.SetInParent()
            else:
                setattr(state, kind, value)
        self._fill(back)
        return bytes(back.SerializeToString())

    def _fill(self, back: BackMsg) -> None:
        """What else a request says; nothing by default."""

    def _take(self, message: ForwardMsg) -> bool:
        """Note what the message says; True when the run has ended."""
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            self._kept[message.ref_hash] = self._runs
            if made := self._made.get(message.ref_hash):
                self._widgets[made[0]] = made[1]
        elif message.metadata.cacheable and message.hash:
            self._kept[message.hash] = self._runs
        if kind == "new_session":
            self._script = message.new_session.page_script_hash
        elif kind == "navigation":
            self._script = message.navigation.page_script_hash
        elif kind == "delta":
            self._see(message)
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return False
            age = 0 if self.forgetful else KEPT_RUNS
            self._kept = {key: run for key, run in self._kept.items() if self._runs - run < age}
            return True
        return False

    def _see(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind, fragment = element.WhichOneof("type"), message.delta.fragment_id
        found: tuple[str, Widget] | None = None
        if kind == "exception":
            self.errors.append(element.exception.message)
        elif kind == "alert" and "произошла ошибка" in element.alert.body:
            self.errors.append(element.alert.body)
        elif kind == "selectbox" and len(element.selectbox.options) > 1:
            options: list[object] = list(element.selectbox.options)
            found = element.selectbox.id, Widget("string_value", options, fragment)
        elif kind == "multiselect":
            choices: list[object] = [*([option] for option in element.multiselect.options), []]
            found = element.multiselect.id, Widget("string_array_value", choices, fragment)
        elif kind == "checkbox":
            found = element.checkbox.id, Widget("bool_value", [True, False], fragment)
        elif kind == "text_input":
            found = element.text_input.id, Widget("string_value", ["", "сад", "район", "школа 1"], fragment)
        if found:
            self._widgets[found[0]] = found[1]
            if message.metadata.cacheable:
                self._made[message.hash] = found


class Troubling(Protocol):
    """A viewer who uploads while the others work (`tests.load.disturbing`)."""

    errors: list[str]
    uploads: list[Answer]

    async def open(self) -> None: ...
    async def trouble(self, stop: asyncio.Event) -> None: ...
    async def close(self) -> None: ...


@dataclass(frozen=True)
class Cost:
    """What a server process has used so far: CPU seconds and resident memory in MB."""

    cpu: float
    memory: float


def cost_of(pid: int) -> Cost:
    """The costs of a process of this computer (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return Cost(cpu, int(resident.split()[1]) / 1024)


def at(values: list[float], part: float) -> float:
    """The value that `part` of `values` do not exceed; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


@dataclass(frozen=True)
class Report:
    """A load in figures: the waits of loads and reruns, the server before, after the loads, and at the end."""

    answers: list[Answer]
    errors: list[str]
    before: Cost
    loaded: Cost
    after: Cost
    viewers: int
    uploads: dict[str, list[float]] = field(default_factory=dict)
    seen: list[float] = field(default_factory=list)

    def waits(self, *, first: bool) -> list[float]:
        """Seconds of the loads, or of the reruns."""
        return [answer.seconds for answer in self.answers if answer.first is first]

    def lines(self) -> list[str]:
        """The figures as text, a line a matter."""
        made = []
        for name, first, cpu in (
            ("load", True, self.loaded.cpu - self.before.cpu),
            ("rerun", False, self.after.cpu - self.loaded.cpu),
        ):
            chosen = [answer for answer in self.answers if answer.first is first]
            waits, count = self.waits(first=first), max(1, len(chosen))
            made.append(
                f"{name}: {len(chosen)}, p50 {at(waits, 0.5) * 1e3:.0f} ms, p95 {at(waits, 0.95) * 1e3:.0f} ms, "
                f"max {at(waits, 1.0) * 1e3:.0f} ms, {sum(a.size for a in chosen) / count / 1024:.0f} kB, "
                f"{sum(a.messages for a in chosen) / count:.0f} messages, CPU {cpu / count * 1e3:.0f} ms"
            )
        for name, waits in self.uploads.items():
            made.append(
                f"{name}: {len(waits)} files, p50 {at(waits, 0.5):.1f} s, max {at(waits, 1.0):.1f} s each"
            )
        if self.seen:
            made.append(f"memory by the minute, MB: {' '.join(f'{one:.0f}' for one in self.seen)}")
        grown = (self.after.memory - self.before.memory) / max(1, self.viewers)
        made.append(
            f"memory: {self.before.memory:.0f} -> {self.loaded.memory:.0f} -> {self.after.memory:.0f} MB, "
            f"{grown:.2f} MB a viewer; errors: {len(self.errors)} {self.errors[:2]}"
        )
        return made


async def run_load(
    url: str,
    pid: int,
    *,
    pages: list[str],
    query: str = "data=demo",
    viewers: int = 20,
    reruns: int = 3,
    think: float = 1.0,
    ramp: float = 2.0,
    seed: int = 1,
    whole: bool = False,
    troubling: Mapping[str, Troubling] | None = None,
    every: float = 0.0,
    gone: float = 0.0,
) -> Report:
    """Open `viewers` tabs over `pages` within `ramp` seconds, then `reruns` changes each, `think` s apart.

    `troubling` viewers work beside the reruns; their waits are told apart, and are no part of the others'. The
    server's memory is looked at `every` so many seconds, and `gone` seconds after all have left.

    Raises ValueError for an address outside this computer or a load beyond the bounds.
    """
    if urlsplit(url).hostname not in HOME:
        raise ValueError("only a server of this computer is loaded")
    if viewers > MOST_VIEWERS or ramp + reruns * think * 1.5 > MOST_SECONDS:
        raise ValueError("the load is beyond its bounds")
    tabs = [
        Viewer(url, pages[number % len(pages)], query, random.Random(seed * 10_000 + number), whole=whole)
        for number in range(viewers)
    ]
    failed: list[str] = []
    before = cost_of(pid)

    async def guarded(number: int, tab: Viewer, *, first: bool) -> None:
        try:
            if first:
                await asyncio.sleep(ramp * number / viewers)
                await tab.open()
                return
            for _ in range(reruns):
                await asyncio.sleep(tab.rng.uniform(0.5, 1.5) * think)
                await tab.touch()
        except Exception as error:
            failed.append(f"{tab.page}: {error!r}")

    await asyncio.gather(*(guarded(number, tab, first=True) for number, tab in enumerate(tabs)))
    loaded = cost_of(pid)
    stop, beside, seen = asyncio.Event(), [], [before.memory, loaded.memory]
    watching = asyncio.create_task(_watch(pid, every, seen))
    for one in (troubling or {}).values():
        await one.open()
        beside.append(asyncio.create_task(one.trouble(stop)))
    await asyncio.gather(*(guarded(number, tab, first=False) for number, tab in enumerate(tabs)))
    stop.set()
    watching.cancel()
    for ended in await asyncio.gather(*beside, return_exceptions=True):
        if isinstance(ended, BaseException):
            failed.append(f"troubling: {ended!r}")
    after = cost_of(pid)
    await asyncio.gather(*(tab.close() for tab in tabs), return_exceptions=True)
    answers = [answer for tab in tabs for answer in tab.answers]
    errors = failed + [f"{tab.page}: {error}" for tab in tabs for error in tab.errors]
    for name, one in (troubling or {}).items():
        await one.close()
        errors += [f"{name}: {error}" for error in one.errors]
    if gone:
        await asyncio.sleep(gone)
        seen.append(cost_of(pid).memory)
    uploads = {name: [upload.seconds for upload in one.uploads] for name, one in (troubling or {}).items()}
    return Report(answers, errors, before, loaded, after, viewers, uploads, seen if every else [])


async def _watch(pid: int, every: float, seen: list[float]) -> None:
    while every:
        await asyncio.sleep(every)
        seen.append(cost_of(pid).memory)
