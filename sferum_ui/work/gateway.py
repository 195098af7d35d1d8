"""Which work goes to the working process, and what becomes of it when there is none."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from typing import Any

import sferum_core
from sferum_core import checks
from sferum_core.checks import CheckReport
from sferum_core.model import Export, Finding, Limits, UnreadableFile
from sferum_core.norms import NormProfile
from sferum_core.reading.guard import Guarded, inspect
from sferum_core.reading.open import in_turn
from sferum_core.reading.refusals import refuse
from sferum_store import SettingsError, privacy, settings
from sferum_ui.work.pool import NoWorker, WorkerDied, pool

# Below these, handing the work over takes longer than it spares: 10,000 people, or as many organizations.
LARGE_ROWS = 10_000
LARGE_BOOK = 4 << 20  # of a workbook's parts, unpacked: 3,000 organizations of 25 columns take 2.3 MiB
LARGE_FILE = 1 << 20  # of text, of an old workbook, of an archive with books in it
READING_FACTOR = (
    3  # the cells come within the wall clock; then the table is made of them, out of the pages' way
)
TABLE_SECONDS = 120.0
WAITING_SECONDS = 60.0
_log = logging.getLogger(__name__)


def read_export(
    content: bytes,
    filename: str,
    *,
    mapping: Mapping[str | int, str] | None = None,
    limits: Limits | None = None,
) -> Export:
    """`sferum_core.read_export`; what is large is read by the working process. Raises UnreadableFile."""
    limits = limits or Limits()
    if not is_large_file(content, limits):
        return sferum_core.read_export(content, filename, mapping=mapping, limits=limits)
    named: dict[str, Any] = {
        "mapping": dict(mapping) if mapping is not None else None,
        "limits": limits.model_copy(update={"niceness": 0}),  # the reader inherits it
    }
    try:
        with in_turn(limits):
            export: Export = pool.run(
                "read_export",
                content,
                filename,
                niceness=limits.niceness,
                seconds=READING_FACTOR * limits.wall_seconds,
                waiting=limits.wall_seconds,
                most=limits.memory_bytes,
                **named,
            )
            return export
    except NoWorker:
        return sferum_core.read_export(content, filename, mapping=mapping, limits=limits)
    except WorkerDied as died:
        _log.warning("the worker ended while it read a file: %s", died)
        raise refuse("too_slow" if died.slow else "reader_failed") from None


def check_export(
    export: Export,
    profile: NormProfile,
    *,
    previous: Export | None = None,
    today: dt.date | None = None,
) -> list[Finding]:
    """`sferum_core.checks.check_export`; a large table is checked by the working process."""
    found: list[Finding] = _checked(checks.check_export, export, profile, previous, today)
    return found


def run_checks(
    export: Export,
    profile: NormProfile,
    *,
    previous: Export | None = None,
    today: dt.date | None = None,
) -> CheckReport:
    """`sferum_core.checks.run_checks`; a large table is checked by the working process."""
    found: CheckReport = _checked(checks.run_checks, export, profile, previous, today)
    return found


def storable_export(export: Export) -> tuple[Export, tuple[str, ...]]:
    """`sferum_store.privacy.storable_export`; a large table is looked through by the working process."""
    kept, withheld = _of_table(privacy.storable_export, export)
    return privacy.known_storable(kept), withheld


def _checked(
    check: Callable[..., Any],
    export: Export,
    profile: NormProfile,
    previous: Export | None,
    today: dt.date | None,
) -> Any:
    return _of_table(check, export, profile, previous=previous, today=today)


def _of_table(work: Callable[..., Any], export: Export, *more: Any, **named: Any) -> Any:
    if len(export.table) >= LARGE_ROWS:
        limits = _limits()
        try:
            return pool.run(
                work.__name__,
                export,
                *more,
                niceness=limits.niceness,
                seconds=TABLE_SECONDS,
                waiting=WAITING_SECONDS,
                most=limits.memory_bytes,
                **named,
            )
        except NoWorker:
            pass
        except WorkerDied as died:
            _log.warning("the worker ended in the middle of %s: %s", work.__name__, died)
    return work(export, *more, **named)


def is_large_file(content: bytes, limits: Limits) -> bool:
    """Whether reading takes long, by the bytes alone. False for what will be refused: that takes no time."""
    try:
        guarded: Guarded = inspect(content, limits)
    except UnreadableFile:
        return False
    if guarded.directory is None or guarded.format == "zip":
        return len(content) >= LARGE_FILE
    return guarded.directory.unpacked_bytes >= LARGE_BOOK


def _limits() -> Limits:
    try:
        return settings().limits
    except SettingsError:
        return Limits()
