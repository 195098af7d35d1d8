"""Accepted and refused matches of сверка, remembered for the next one."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from sferum_store.engine import Database, utc_now
from sferum_store.schema import decisions
from sferum_store.texts import named_region, region_key, storable, who

IDENTITY = (
    "platform_id",
    "platform_name",
    "platform_municipality",
    "registry_id",
    "registry_inn",
    "registry_ogrn",
    "registry_name",
    "registry_municipality",
)
"""What names the two sides of a pair, as `sferum_core.reconcile` takes it."""


@dataclass(frozen=True)
class Answer:
    """One answer that holds: about which two entries, what, when and by whom."""

    identity: Mapping[str, str]
    accepted: bool
    made_at: dt.datetime
    made_by: str


class Decisions:
    """Remembered answers (`Store.decisions`)."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def record(
        self,
        region: str,
        identity: Mapping[str, str],
        accepted: bool,
        *,
        by: str = "",
        now: dt.datetime | None = None,
    ) -> None:
        """Remember an answer, in place of an earlier one about the same pair. KeyError for an unknown part."""
        unknown = set(identity) - set(IDENTITY)
        if unknown:
            raise KeyError(", ".join(sorted(unknown)))
        key, name = named_region(region)
        named = {part: storable(identity[part]) for part in IDENTITY if identity.get(part)}
        values = {
            "region_key": key,
            "region": name,
            "pair_key": _pair_key(named),
            "accepted": accepted,
            "identity": named,
            "made_at": now or utc_now(),
            "made_by": who(by),
        }
        with self._db.write() as connection:
            connection.execute(decisions.insert().values(values))

    def undo(
        self, region: str, identity: Mapping[str, str], *, by: str = "", now: dt.datetime | None = None
    ) -> bool:
        """Take the answer about a pair back; whether there was one."""
        named = {part: storable(identity[part]) for part in IDENTITY if identity.get(part)}
        with self._db.write() as connection:
            changed = connection.execute(
                decisions.update()
                .where(
                    decisions.c.region_key == region_key(region),
                    decisions.c.pair_key == _pair_key(named),
                    decisions.c.undone_at.is_(None),
                )
                .values(undone_at=now or utc_now(), undone_by=who(by))
            )
        return bool(changed.rowcount)

    def for_region(self, region: str) -> list[dict[str, Any]]:
        """Answers that hold, as `sferum_core.reconcile` takes them: `accepted` and the parts of the identity."""
        return [{"accepted": answer.accepted, **answer.identity} for answer in self.answers(region)]

    def answers(self, region: str) -> list[Answer]:
        """Answers that hold, in the order they were given."""
        query = (
            sa.select(decisions)
            .where(decisions.c.region_key == region_key(region), decisions.c.undone_at.is_(None))
            .order_by(decisions.c.number)
        )
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        latest = {row.pair_key: row for row in rows}
        return [Answer(row.identity, row.accepted, row.made_at, row.made_by) for row in latest.values()]


def _pair_key(identity: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()
