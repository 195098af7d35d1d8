"""Errors in the server's log without what they say: the message of an exception may quote a cell, and a cell may hold a name."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Iterator

from sferum_store import StoreError

_MOST_CAUSES = 10
_make_record = logging.getLogRecordFactory()


def told(error: BaseException) -> str:
    """Where an error came from, line by line, and of what kind it and its causes are; never their messages."""
    lines = []
    for one in _chain(error):
        lines += [
            f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
            for frame in traceback.extract_tb(one.__traceback__)
        ]
        lines.append(f"{type(one).__module__}.{type(one).__qualname__} (its message is left out)")
    return "\n".join(lines)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came of, the first cause first."""
    found: list[BaseException] = []
    now: BaseException | None = error
    while now is not None and now not in found and len(found) < _MOST_CAUSES:
        found.append(now)
        now = now.__cause__ or (None if now.__suppress_context__ else now.__context__)
    return reversed(found)


def keep_messages_out_of_logs() -> None:
    """From now on every line of every log tells errors by `told`, also those of Streamlit and of threads."""
    logging.setLogRecordFactory(_record)
    threading.excepthook = _of_thread


def _record(*given: object, **named: object) -> logging.LogRecord:
    record = _make_record(*given, **named)
    found: object = record.exc_info
    error = found[1] if isinstance(found, tuple) else None
    if isinstance(error, BaseException):
        record.exc_info, record.exc_text = None, told(error)
    if isinstance(record.msg, BaseException):
        record.msg, record.args = _kind(record.msg), ()
    if isinstance(record.args, tuple):
        record.args = tuple(map(_kind, record.args))
    return record


def _kind(said: object) -> object:
    """An error's kind in place of the error; those of the store speak of the database only."""
    return (
        type(said).__name__ if isinstance(said, BaseException) and not isinstance(said, StoreError) else said
    )


def _of_thread(failed: threading.ExceptHookArgs) -> None:
    thread = failed.thread.name if failed.thread else ""
    if failed.exc_value is not None:
        logging.getLogger(__name__).error("a thread failed: %s\n%s", thread, told(failed.exc_value))
