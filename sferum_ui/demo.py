"""The demo region: opens the newest week of assets/demo in one click; its earlier weeks to compare with."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from sferum_core import read_export
from sferum_core.model import Export, Period
from sferum_ui.cache import Dataset, keep_export, lookup

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "demo"
PATTERN = "demo_2*.xlsx"  # demo_2024-04-04.xlsx: the last day of the week
DEMO_ID = "demo"
_DATED = re.compile(r"demo_(\d{4}-\d\d-\d\d)")


def files() -> list[Path]:
    """The files of the demo weeks, the newest first."""
    return sorted(FOLDER.glob(PATTERN), reverse=True)


def newest_file() -> Path | None:
    """The file of the newest demo week; None when no demo data is there."""
    return next(iter(files()), None)


def is_available() -> bool:
    """Whether there is a demo to open."""
    return newest_file() is not None


def weeks() -> list[tuple[str, Period]]:
    """The ids and periods of all demo weeks, the newest first."""
    found = []
    for place, path in enumerate(files()):
        dated = _DATED.match(path.stem)
        if dated:
            end = dt.date.fromisoformat(dated[1])
            period = Period(start=end - dt.timedelta(days=6), end=end)
            found.append((DEMO_ID if place == 0 else f"{DEMO_ID}-{end}", period))
    return found


def open_demo(dataset_id: str = DEMO_ID) -> Dataset:
    """A demo week (the newest one), the same for everyone; read when it is not open yet."""
    opened = lookup(dataset_id)
    if opened is not None:
        return opened
    path = _file_of(dataset_id)
    if path is None:
        raise FileNotFoundError(f"no demo data in {FOLDER}")
    return keep_export(read_export(path.read_bytes(), path.name), is_demo=True, dataset_id=dataset_id)


def _file_of(dataset_id: str) -> Path | None:
    if dataset_id == DEMO_ID:
        return newest_file()
    return next((path for path in files() if path.stem == dataset_id.replace("-", "_", 1)), None)


def is_demo_id(dataset_id: str) -> bool:
    """Whether an id names a demo week that is there."""
    is_one = dataset_id == DEMO_ID or dataset_id.startswith(f"{DEMO_ID}-")
    return is_one and _file_of(dataset_id) is not None


def is_demo_export(export: Export) -> bool:
    """Whether a table was read from a file of the demo: a link keeps it without saying so."""
    paths = [path for path in files() if path.name == export.source.filename]
    return any(_sha256(path) == export.source.sha256 for path in paths)


@lru_cache(maxsize=20)
def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
