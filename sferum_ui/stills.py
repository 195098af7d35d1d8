"""Pieces of a page that show no widget, kept as the messages they were sent as and sent again.

Making an element costs the server three times what sending it does. What hangs on nothing but immutable things is drawn once
and from then on only sent. The way in leans on Streamlit's inner parts, so it is open for the versions it was tested with
only; with any other one every piece is drawn anew, through the public functions.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from sferum_ui import private
from sferum_ui.memory import Bounded

TESTED = ("1.67.",)
_STILL = frozenset(
    {"html", "markdown", "heading", "alert", "plotly_chart", "vega_lite_chart", "dataframe", "table", "code"}
)
_STATEFUL = ("popover", "expandable", "tab_container", "dialog", "form")
_log = logging.getLogger(__name__)

try:
    from streamlit.delta_generator_singletons import get_dg_singleton_instance
    from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState, get_script_run_ctx

    _is_open = st.__version__.startswith(TESTED)
except ImportError:  # another version: everything is drawn anew
    _is_open = False


@dataclass(frozen=True)
class Piece:
    """The messages of a piece with their places relative to where it began."""

    messages: tuple[tuple[tuple[int, ...], ForwardMsg], ...]
    length: int  # elements and containers side by side
    size: int  # bytes


class Stills:
    """Kept pieces, at most `limit` of them and `most` bytes; the least recently sent goes."""

    def __init__(self, limit: int = 4, most: int = 4_000_000) -> None:
        self._kept = Bounded[Piece](limit, most, lambda piece: piece.size)

    def draw(self, key: Hashable, picture: Callable[[], object], *, aside: bool = False) -> None:
        """Show what `picture` draws in the place where the page is now; `key` names everything that it hangs on.

        A picture with a widget is drawn each time. `aside` is for styles, which Streamlit puts beside the page.
        """
        place = _Place.here(aside=aside) if _is_open else None
        if place is None:
            picture()
            return
        key = (key, place.fragment, place.script)
        found = self._kept.find(key)
        if found is not None:
            place.send(found)
            return
        found = place.recorded(picture)
        if found is not None:
            self._kept.keep(key, found)


@dataclass(frozen=True)
class _Place:
    """Where the next element of the page goes."""

    context: Any
    cursor: Any
    fragment: str
    script: str

    @classmethod
    def here(cls, *, aside: bool) -> _Place | None:
        """The place, None where nothing can be sent as it was."""
        context = get_script_run_ctx(suppress_warning=True)
        if context is None:
            return None
        roots = get_dg_singleton_instance()
        active = roots.event_dg if aside else roots.main_dg._active_dg
        cursor, thread = active._cursor, ThreadState.get()
        if cursor is None or cursor.is_locked or thread.is_parallel_worker:
            return None
        fragment = thread.fragment_id or ""
        inside = tuple(thread.delta_path or ())
        if fragment and (not inside or tuple(cursor.delta_path)[: len(inside)] != inside):
            return None  # a fragment writes outside of itself: Streamlit makes room for that
        return cls(context, cursor, fragment, thread.active_script_hash)

    def recorded(self, picture: Callable[[], object]) -> Piece | None:
        """Draw the picture; what was sent, None when it can't be sent again."""
        sent: list[ForwardMsg] = []
        base, length = tuple(self.cursor.delta_path), self.cursor.index
        outer = vars(self.context).get("enqueue")  # a piece within a piece
        send = self.context.enqueue

        def note(message: ForwardMsg) -> None:
            send(message)
            copy = ForwardMsg()
            copy.CopyFrom(message)
            sent.append(copy)

        self.context.enqueue = note
        try:
            picture()
        finally:
            if outer is None:
                del self.context.enqueue
            else:
                self.context.enqueue = outer
        if not sent or not all(_is_still(message, base[:-1]) for message in sent):
            return None
        depth = len(base) - 1
        placed = []
        for message in sent:
            first, *further = tuple(message.metadata.delta_path)[depth:]
            placed.append(((first - base[-1], *further), message))
        size = sum(1_000 + message.ByteSize() for message in sent)
        return Piece(tuple(placed), self.cursor.index - length, size)

    def send(self, piece: Piece) -> None:
        """Send what was kept, at this place."""
        *above, first = self.cursor.delta_path
        is_recorded = "enqueue" in vars(self.context)
        known = () if is_recorded else self.context.cached_message_hashes
        for (offset, *further), kept in piece.messages:
            message = ForwardMsg()
            if kept.metadata.cacheable and kept.hash in known:
                message.ref_hash = kept.hash
                message.metadata.CopyFrom(kept.metadata)
                message.metadata.cacheable = False
            else:
                message.CopyFrom(kept)
            message.metadata.delta_path[:] = [*above, first + offset, *further]
            self.context.enqueue(message)
        for _ in range(piece.length):
            self.cursor.lock_element()


def _is_still(message: ForwardMsg, above: tuple[int, ...]) -> bool:
    """Whether a message draws something below a place, without a state of its own."""
    if message.WhichOneof("type") != "delta" or not message.hash:
        return False
    if tuple(message.metadata.delta_path)[: len(above)] != above:
        return False
    match message.delta.WhichOneof("type"):
        case "new_element":
            element = message.delta.new_element
            kind = element.WhichOneof("type") or ""
            return (
                kind in _STILL
                and not element.has_one_shot_effect
                and not getattr(getattr(element, kind), "selection_mode", None)
            )
        case "add_block":
            block = message.delta.add_block
            box = block.WhichOneof("type") or ""
            return box not in _STATEFUL or not getattr(getattr(block, box), "id", "")
    return False


_shared = Stills(500, 4_000_000)
OWN_PIECES, OWN_BYTES = 40, 200_000


def still(picture: Callable[..., object], *given: Hashable, aside: bool = False) -> None:
    """Show `picture(*given)`, a function of a module, kept for all sessions: nothing that comes from a file.

    It must show no widget and hang on nothing but what it is given.
    """
    _shared.draw((picture, given), lambda: picture(*given), aside=aside)


def own_still(picture: Callable[..., object], *given: Hashable) -> None:
    """`still` for what may come from a file: kept in this session's own memory, and forgotten with it."""
    kept = private.memory().thing("stills", lambda: Stills(OWN_PIECES, OWN_BYTES))
    kept.draw((picture, given), lambda: picture(*given))
