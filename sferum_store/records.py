"""What the store hands out of weeks: plain frozen records."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sferum_core.model import Export, ExportKind, Period, Severity, Source
from sferum_core.norms import NormProfile


@dataclass(frozen=True)
class SavedWeek:
    """A saved week without its table. `is_current`: no later version of the same week is there."""

    id: str
    region: str
    kind: ExportKind
    period: Period
    version: int
    replaces: str | None
    is_current: bool
    sha256: str
    file_names: tuple[str, ...]
    verdict: str
    row_count: int
    finding_counts: dict[Severity, int]
    profile_key: str
    reader_version: str
    calculation_version: str
    saved_at: dt.datetime
    saved_by: str
    original_name: str = ""
    deleted_at: dt.datetime | None = None
    deleted_by: str = ""

    @property
    def has_original(self) -> bool:
        """Whether the file itself can be downloaded."""
        return bool(self.original_name)

    @property
    def is_deleted(self) -> bool:
        """Whether only its name is left."""
        return self.deleted_at is not None


@dataclass(frozen=True, eq=False)
class OpenedWeek:
    """A saved week with everything: the export as it was read, the profile it was saved under."""

    week: SavedWeek
    export: Export
    profile: NormProfile
    sources: tuple[Source, ...]
    extra: dict[str, Any] = field(default_factory=dict)


class SaveOutcome(StrEnum):
    """What saving came to."""

    SAVED = "saved"  # the first of its week
    NEW_VERSION = "new_version"  # replaces the version before
    SAME = "same"  # the same file, understood the same way, was saved before; nothing was written


@dataclass(frozen=True)
class SaveResult:
    """`week` is the one to open. `replaced`: the version before. `elsewhere`: weeks of other periods, kinds or regions
    made from the very same file, a sign of a wrong period or region."""

    week: SavedWeek
    outcome: SaveOutcome
    replaced: SavedWeek | None = None
    elsewhere: tuple[SavedWeek, ...] = ()
