"""An opened export, and the memory that holds several of them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import pandas as pd

from sferum_core.model import Export, ExportKind
from sferum_store import SavedWeek
from sferum_ui.memory import Bounded
from sferum_ui.weights import weight_of

MAX_DATASETS = 40  # a region's export takes a few MB; the least recently opened goes first


MAX_BYTES = 512 << 20  # of all of them; a region of 3,000 organizations takes 1 MB, 100,000 rows of it 33 MB


PERSONAL_KINDS = frozenset({ExportKind.TEACHERS, ExportKind.CALL_PARTICIPANTS, ExportKind.UNKNOWN})


_SCOPED = re.compile(r"@[0-9a-f]{16}$")  # root@scope: a dataset as an editor of a municipality sees it


@dataclass(frozen=True, eq=False)
class Dataset:
    """One opened export. `id` is unguessable; `version` grows when the columns are understood anew.

    `saved` is the week in the archive it comes from; `snapshot` when a link froze it; `owner` who uploaded it,
    where people sign in. For an editor of a municipality `export` holds its organizations only.
    """

    id: str
    filename: str
    export: Export
    is_demo: bool = False
    version: int = 1
    saved: SavedWeek | None = None
    snapshot: dt.datetime | None = None
    owner: str = ""
    region_table: pd.DataFrame | None = None

    @property
    def root(self) -> str:
        """The id without the viewer's scope: what addresses, links and the database know."""
        return root_id(self.id)

    @property
    def sums_table(self) -> pd.DataFrame:
        """What sums over municipalities and the region come from: every row, without the names where these are not for
        this viewer. Everything about single organizations comes from `export.table`."""
        return self.export.table if self.region_table is None else self.region_table

    @property
    def is_personal(self) -> bool:
        """Whether the table may name people; then it never leaves the session that opened it."""
        return self.export.kind in PERSONAL_KINDS and not self.is_demo  # people of the demo are invented


def root_id(dataset_id: str) -> str:
    """An id without the viewer's scope."""
    return _SCOPED.sub("", dataset_id)


def _weight(dataset: Dataset) -> int:
    return weight_of(dataset.export)


class MemoryStore:
    """Datasets in memory, at most `limit`, and at most `most` bytes together."""

    def __init__(self, limit: int = MAX_DATASETS, most: int = MAX_BYTES) -> None:
        self._datasets = Bounded[Dataset](limit, most, _weight)

    def __contains__(self, dataset_id: str) -> bool:
        """Whether the dataset is here; asking does not count as use."""
        return dataset_id in self._datasets

    def __len__(self) -> int:
        return len(self._datasets)

    def put(self, dataset: Dataset) -> None:
        """Keep the dataset, or replace the one with the same id."""
        self._datasets.keep(dataset.id, dataset)

    def get(self, dataset_id: str) -> Dataset | None:
        """The dataset, or None when it was never here or has been dropped."""
        return self._datasets.find(dataset_id)

    def drop(self, dataset_id: str) -> None:
        """Forget the dataset."""
        self._datasets.drop(dataset_id)
