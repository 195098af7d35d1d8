"""Saved weeks: immutable, versioned, each with its sums; whole or absent whatever happens while saving."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from sferum_core.model import Export, ExportKind, Finding, Period, Source
from sferum_core.norms import NormProfile, make_profile
from sferum_core.people_text import masked
from sferum_core.versions import CALCULATION_VERSION, READER_VERSION
from sferum_core.week_sums import week_points, week_sums
from sferum_store.audit import Action, record
from sferum_store.blobs import drop_blobs, get_blob, put_blob
from sferum_store.engine import Database, utc_now
from sferum_store.errors import NotFound, NotSaved, PersonalData
from sferum_store.frames import table_bytes
from sferum_store.links import Link, link_of, unexpired
from sferum_store.payload import content_digest, export_bytes, export_of, without_companions
from sferum_store.privacy import PERSONAL_KINDS, storable_export
from sferum_store.records import OpenedWeek, SavedWeek, SaveOutcome, SaveResult
from sferum_store.schema import links, week_details, weeks
from sferum_store.schema import week_sums as sums_table
from sferum_store.sums import insert_sums, measures_of
from sferum_store.texts import named_region, storable, who
from sferum_store.week_rows import (
    chosen_weeks,
    is_current,
    is_short,
    joint_sha256,
    no_such_week,
    period_key,
    same_week,
    saved_elsewhere,
    saved_week,
    series_of,
    standing_row,
)

_NEAREST = 60  # earlier weeks looked through for one of like length


def new_id() -> str:
    """An id that can't be guessed (144 bits)."""
    return secrets.token_urlsafe(18)


class Weeks:
    """Saving, opening, listing and deleting weeks (`Store.weeks`)."""

    def __init__(self, database: Database, *, keep_originals: bool = True) -> None:
        self._db = database
        self._keep_originals = keep_originals

    def save(
        self,
        export: Export,
        *,
        region: str,
        profile: NormProfile,
        profile_key: str | None = None,
        verdict: str = "",
        saved_by: str = "",
        period: Period | None = None,
        sources: Sequence[Source] | None = None,
        original: bytes | None = None,
        original_name: str = "",
        extra: Mapping[str, Any] | None = None,
        anyway: bool = False,
        reader_version: str = READER_VERSION,
        calculation_version: str = CALCULATION_VERSION,
        now: dt.datetime | None = None,
    ) -> SaveResult:
        """Keep a week for good. When this returns, the week is on the disk, whole.

        The table of `export` is kept, not those in `also`: each is a week of its own. `period` goes before the
        file's own. `sources` names the files when several were joined into one table. `original` is one file's bytes
        with names, phones and e-mails blanked by the caller; it is not kept when settings say so. `extra` is plain
        JSON of the caller's. The same file read the same way under the same profile is not saved twice (`SAME`, with
        the week that was there) unless `anyway`; anything else for the same region, kind and period is a new version.
        Raises NotSaved (no region, no period, no rows) and PersonalData.
        """
        key, name = named_region(region)
        period = period or export.period
        if period is None:
            raise NotSaved(
                "В файле не указан период.", "Укажите, за какую неделю эта выгрузка, и сохраните снова."
            )
        if export.table.empty:
            raise NotSaved("В таблице нет строк.", "Проверьте файл: сохранять нечего.")
        kept, _ = storable_export(replace(without_companions(export), period=period))
        if original is not None and export.kind in PERSONAL_KINDS:
            raise PersonalData(
                "Исходный файл с именами людей не сохраняется.", "Сохраните только числа по организациям."
            )
        files = tuple(
            file.model_copy(update={"filename": masked(file.filename)})
            for file in (sources if sources is not None else (export.source,))
        )
        keeps_original = original is not None and self._keep_originals
        content, digest = export_bytes(kept), content_digest(kept)
        points = week_points(kept.table, kept.kind, profile)
        groups = week_sums(kept.table, kept.kind, profile)
        row: dict[str, Any] = {
            "id": new_id(),
            "region_key": key,
            "region": name,
            "kind": kept.kind.value,
            "period_key": period_key(period),
            "period_start": period.start,
            "period_end": period.end,
            "sha256": joint_sha256(files),
            "content_digest": digest,
            "file_names": [storable(file.filename) for file in files],
            "verdict": storable(verdict)[:60],
            "row_count": len(kept.table),
            "finding_counts": dict(Counter(finding.severity.value for finding in kept.findings)),
            "profile_key": profile_key or profile.name,
            "reader_version": reader_version,
            "calculation_version": calculation_version,
            "saved_at": now or utc_now(),
            "saved_by": who(saved_by),
            "original_name": storable(masked(original_name) or files[0].filename) if keeps_original else "",
        }
        details: dict[str, Any] = {
            "profile": profile.model_dump(mode="json"),
            "columns": [column.model_dump(mode="json") for column in kept.columns],
            "findings": [finding.model_dump(mode="json") for finding in kept.findings],
            "sources": [source.model_dump(mode="json") for source in files],
            "extra": dict(extra or {}),
            "measures": measures_of(groups),
        }
        with self._db.write() as connection:
            self._db.lock(connection, f"week/{key}/{row['kind']}/{row['period_key']}")
            series = series_of(connection, key, row["kind"], row["period_key"])
            elsewhere = saved_elsewhere(connection, row)
            standing = [found for found in series if found.deleted_at is None]
            if not anyway:
                same = same_week(connection, standing, row, details["profile"])
                if same is not None:
                    return SaveResult(
                        saved_week(same, is_current=standing[-1].id == same.id),
                        SaveOutcome.SAME,
                        None,
                        elsewhere,
                    )
            row["version"] = 1 + max((found.version for found in series), default=0)
            row["replaces"] = standing[-1].id if standing else None
            row["payload"] = put_blob(connection, content)
            row["points"] = None if points is None else put_blob(connection, table_bytes(points))
            row["original"] = (
                put_blob(connection, original) if keeps_original and original is not None else None
            )
            connection.execute(weeks.insert().values(row))
            connection.execute(week_details.insert().values(week_id=row["id"], **details))
            insert_sums(connection, row["id"], groups, details["measures"])
            about = f"{name}, {kept.kind.value}, {row['period_key']}"
            record(
                connection, Action.SAVED, who=saved_by, subject=row["id"], about=about, now=row["saved_at"]
            )
            saved = connection.execute(sa.select(weeks).where(weeks.c.id == row["id"])).one()
        replaced = saved_week(standing[-1], is_current=False) if standing else None
        outcome = SaveOutcome.NEW_VERSION if replaced else SaveOutcome.SAVED
        return SaveResult(saved_week(saved, is_current=True), outcome, replaced, elsewhere)

    def open(self, week_id: str) -> OpenedWeek:
        """A week with its table. NotFound for an unknown or deleted one."""
        with self._db.read() as connection:
            row = standing_row(connection, week_id)
            details = connection.execute(
                sa.select(week_details).where(week_details.c.week_id == week_id)
            ).one()
            content = get_blob(connection, row.payload)
            current = is_current(connection, row)
        return OpenedWeek(
            week=saved_week(row, is_current=current),
            export=export_of(content),
            profile=make_profile(details.profile),
            sources=tuple(Source.model_validate(source) for source in details.sources),
            extra=details.extra,
        )

    def get(self, week_id: str) -> SavedWeek:
        """A week without its table; a deleted one too, by name. NotFound for an unknown one."""
        with self._db.read() as connection:
            row = connection.execute(sa.select(weeks).where(weeks.c.id == week_id)).one_or_none()
            if row is None:
                raise no_such_week()
            return saved_week(row, is_current=is_current(connection, row))

    def find(
        self,
        region: str | None = None,
        kind: ExportKind | None = None,
        *,
        all_versions: bool = False,
        with_deleted: bool = False,
        since: dt.date | None = None,
        until: dt.date | None = None,
    ) -> list[SavedWeek]:
        """Weeks without their tables, the latest period first, then the latest version. By default current ones.

        `since` and `until` bound the period's last day, both included.
        """
        query = (
            sa.select(weeks)
            .where(*chosen_weeks(region, kind, since, until))
            .order_by(
                weeks.c.period_end.desc(),
                weeks.c.region_key,
                weeks.c.kind,
                weeks.c.period_key,
                weeks.c.version.desc(),
            )
        )
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        result, seen = [], set()
        for row in rows:
            series = (row.region_key, row.kind, row.period_key)
            current = row.deleted_at is None and series not in seen
            if row.deleted_at is None:
                seen.add(series)
            if current or (all_versions if row.deleted_at is None else with_deleted):
                result.append(saved_week(row, is_current=current))
        return result

    def regions(self, kind: ExportKind | None = None) -> list[str]:
        """Whose weeks are kept, each once."""
        query = sa.select(sa.func.max(weeks.c.region)).where(weeks.c.deleted_at.is_(None))
        if kind is not None:
            query = query.where(weeks.c.kind == kind.value)
        with self._db.read() as connection:
            return [str(row[0]) for row in connection.execute(query.group_by(weeks.c.region_key))]

    def extras(self, week_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """What the caller kept with each of these weeks (`extra` of `save`), without opening their tables."""
        query = sa.select(week_details.c.week_id, week_details.c.extra).where(
            week_details.c.week_id.in_(list(week_ids))
        )
        with self._db.read() as connection:
            return {row.week_id: dict(row.extra) for row in connection.execute(query)}

    def versions(self, week_id: str) -> list[SavedWeek]:
        """Every version of the week this one belongs to, deleted ones by name, the latest first."""
        with self._db.read() as connection:
            row = connection.execute(sa.select(weeks).where(weeks.c.id == week_id)).one_or_none()
            if row is None:
                raise no_such_week()
            series = series_of(connection, row.region_key, row.kind, row.period_key)
        current = max((found.version for found in series if found.deleted_at is None), default=0)
        return [saved_week(found, is_current=found.version == current) for found in reversed(series)]

    def previous(self, week_id: str) -> SavedWeek | None:
        """The current version of the nearest earlier week of the same region and kind, or None.

        A month is no predecessor of a week, nor a week of a month.
        `follows` says whether it is the very week before.
        """
        with self._db.read() as connection:
            row = standing_row(connection, week_id)
            query = (
                sa.select(weeks)
                .where(
                    weeks.c.region_key == row.region_key,
                    weeks.c.kind == row.kind,
                    weeks.c.period_end < row.period_end,
                    weeks.c.deleted_at.is_(None),
                )
                .order_by(weeks.c.period_end.desc(), weeks.c.period_key, weeks.c.version.desc())
                .limit(_NEAREST)
            )
            rows = connection.execute(query).all()
        alike = (found for found in rows if is_short(found) == is_short(row))
        found = next(alike, None)
        return None if found is None else saved_week(found, is_current=True)

    def findings(self, week_ids: Iterable[str]) -> dict[str, tuple[Finding, ...]]:
        """What was found in each of these weeks, without opening their tables; unknown ids are left out."""
        query = sa.select(week_details.c.week_id, week_details.c.findings).where(
            week_details.c.week_id.in_(list(week_ids))
        )
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return {row.week_id: tuple(Finding.model_validate(found) for found in row.findings) for row in rows}

    def original(self, week_id: str) -> tuple[str, bytes]:
        """Name and bytes of the file that was kept. NotFound when none was."""
        with self._db.read() as connection:
            row = standing_row(connection, week_id)
            if row.original is None:
                raise NotFound("Исходный файл этой недели не хранится.", "")
            return row.original_name, get_blob(connection, row.original)

    def links_broken_by(self, week_id: str, *, now: dt.datetime | None = None) -> list[Link]:
        """Links that open this week now and would open nothing once it is deleted."""
        query = sa.select(links).where(links.c.week_id == week_id, *unexpired(now or utc_now()))
        with self._db.read() as connection:
            return [link_of(row) for row in connection.execute(query.order_by(links.c.made_at))]

    def delete(self, week_id: str, *, by: str = "", now: dt.datetime | None = None) -> SavedWeek:
        """Delete a week's table, file, sums and findings; its name stays, links to it say that it was deleted.

        The version before becomes the current one again. NotFound for an unknown or deleted week.
        """
        at = now or utc_now()
        with self._db.write() as connection:
            row = standing_row(connection, week_id)
            blank = {
                "deleted_at": at, "deleted_by": who(by), "payload": None, "points": None, "original": None,
                "original_name": "", "file_names": [], "sha256": "", "content_digest": "",
            }  # fmt: skip
            changed = connection.execute(
                weeks.update().where(weeks.c.id == week_id, weeks.c.deleted_at.is_(None)).values(blank)
            )
            if not changed.rowcount:
                raise no_such_week()
            connection.execute(sums_table.delete().where(sums_table.c.week_id == week_id))
            connection.execute(week_details.delete().where(week_details.c.week_id == week_id))
            drop_blobs(connection, row.payload, row.points, row.original)
            about = f"{row.region}, {row.kind}, {row.period_key}"
            record(connection, Action.DELETED, who=by, subject=week_id, about=about, now=at)
            left = connection.execute(sa.select(weeks).where(weeks.c.id == week_id)).one()
        return saved_week(left, is_current=False)
