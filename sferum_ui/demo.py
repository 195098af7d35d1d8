"""The demo region: opens the newest week of assets/demo in one click."""

from __future__ import annotations

from pathlib import Path

from sferum_core import read_export
from sferum_ui.cache import Dataset, keep_export, lookup

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "demo"
PATTERN = "demo_2*.xlsx"  # demo_2024-04-04.xlsx: the last day of the week
DEMO_ID = "demo"


def newest_file() -> Path | None:
    """The file of the newest demo week; None when no demo data is there."""
    return max(FOLDER.glob(PATTERN), default=None)


def is_available() -> bool:
    """Whether there is a demo to open."""
    return newest_file() is not None


def open_demo() -> Dataset:
    """The demo dataset, the same for everyone; read when it is not open yet."""
    opened = lookup(DEMO_ID)
    if opened is not None:
        return opened
    path = newest_file()
    if path is None:
        raise FileNotFoundError(f"no demo data in {FOLDER}")
    return keep_export(read_export(path.read_bytes(), path.name), is_demo=True, dataset_id=DEMO_ID)
