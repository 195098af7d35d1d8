"""The demo region: opens the newest week of assets/demo in one click, an earlier one, or another of its files."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import re
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sferum_core import read_export
from sferum_core.model import Export, ExportKind, Period
from sferum_ui.cache import Dataset, keep_export, lookup

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "demo"
DEMO_ID = "demo"
_reading = threading.Lock()  # a week that two ask for at once is read once
_asked_for = threading.Event()
_DATED = re.compile(r"demo_(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True)
class Demo:
    """One file of the demo: the newest that fits `pattern`, and the kinds of tables it is there for."""

    id: str
    pattern: str
    kinds: tuple[ExportKind, ...]


DEMOS = (
    # demo_2024-04-04.xlsx: the last day of the week
    Demo(
        DEMO_ID, "demo_2*.xlsx", (ExportKind.ORGANIZATIONS, ExportKind.MUNICIPALITIES, ExportKind.DOO_STAFF)
    ),
    Demo("demo-teachers", "demo_region_teachers_*.xlsx", (ExportKind.TEACHERS,)),
    Demo("demo-lessons", "demo_lessons_*.xlsx", (ExportKind.DISTANCE_LESSONS,)),
    Demo("demo-calls", "demo_calls_*.zip", (ExportKind.CALL_PARTICIPANTS,)),
)
_BY_ID = {one.id: one for one in DEMOS}


def week_files() -> list[Path]:
    """The files of the demo weeks, the newest first."""
    return sorted(_files(_BY_ID[DEMO_ID].pattern), reverse=True)


def _files(pattern: str) -> tuple[Path, ...]:
    try:
        return _found(FOLDER, pattern, FOLDER.stat().st_mtime_ns)
    except OSError:
        return ()


@lru_cache(maxsize=50)
def _found(folder: Path, pattern: str, changed: int) -> tuple[Path, ...]:
    """Files of a folder; `changed` is when it last changed. Every click asks for them several times."""
    return tuple(folder.glob(pattern))


def weeks() -> list[tuple[str, Period]]:
    """The ids and periods of all demo weeks, the newest first."""
    found = []
    for place, path in enumerate(week_files()):
        dated = _DATED.match(path.stem)
        if dated:
            end = dt.date.fromisoformat(dated[1])
            period = Period(start=end - dt.timedelta(days=6), end=end)
            found.append((DEMO_ID if place == 0 else f"{DEMO_ID}-{end}", period))
    return found


def newest_file(demo_id: str = DEMO_ID) -> Path | None:
    """The newest file of a demo (of the region's weeks unless asked), or that of one week; None without one."""
    found = _BY_ID.get(demo_id)
    if found is not None:
        return max(_files(found.pattern), default=None)
    return next((path for path in week_files() if path.stem == demo_id.replace("-", "_", 1)), None)


def is_available(demo_id: str = DEMO_ID) -> bool:
    """Whether there is such a demo to open."""
    return newest_file(demo_id) is not None


def for_kinds(kinds: Collection[ExportKind]) -> str | None:
    """The demo to open where a table of one of `kinds` is needed; the region's week when no kind is asked for."""
    fitting = (one for one in DEMOS if not kinds or set(kinds) & set(one.kinds))
    return next((one.id for one in fitting if is_available(one.id)), None)


def open_demo(demo_id: str = DEMO_ID) -> Dataset:
    """A demo dataset, the same for everyone; read when it is not open yet."""
    opened = lookup(demo_id)
    if opened is not None:
        return opened
    path = newest_file(demo_id)
    if path is None:
        raise FileNotFoundError(f"no demo data {demo_id} in {FOLDER}")
    with _reading:
        opened = lookup(demo_id)
        if opened is None:
            export = read_export(path.read_bytes(), path.name)
            opened = keep_export(export, is_demo=True, dataset_id=demo_id)
    if demo_id == DEMO_ID:
        _asked_for.set()
    return opened


def read_ahead(then: Callable[[Dataset], object]) -> None:
    """Read the earlier weeks as soon as the newest one has been asked for, and do `then` with each of all weeks.

    For a thread of the server: whoever opens the demo first then finds its weeks read, or waits for one of them.
    """
    _asked_for.wait()
    for demo_id, _ in weeks():
        try:
            then(open_demo(demo_id))
        except Exception:  # the page that needs the week says what is wrong
            logging.getLogger(__name__).exception("a week of the demo could not be read ahead")
            return


def is_demo_id(dataset_id: str) -> bool:
    """Whether an id is one of the demo's, without a look at its files."""
    return dataset_id == DEMO_ID or dataset_id.startswith(f"{DEMO_ID}-")


def is_demo_export(export: Export) -> bool:
    """Whether a table was read from a file of the demo: a link keeps it without saying so."""
    paths = [path for path in week_files() if path.name == export.source.filename]
    return any(_sha256(path) == export.source.sha256 for path in paths)


@lru_cache(maxsize=20)
def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
