"""Letters an office has sent about a week, and who has answered; the fields of the week's letter."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from sferum_core.mailings import LetterKind, Mailing, Recipient
from sferum_store.engine import Database, utc_now
from sferum_store.errors import NotFound, NotSaved
from sferum_store.schema import letter_fields, mailing_recipients, mailings
from sferum_store.texts import line, named_region, passage, region_key, storable, who

RECIPIENTS_AT_MOST = 20_000


class Mailings:
    """Recording what was sent and marking answers (`Store.mailings`)."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def record(
        self,
        region: str,
        mailing: Mailing,
        *,
        week_end: dt.date,
        by: str = "",
        now: dt.datetime | None = None,
    ) -> Mailing:
        """Write down a sending about the week that ends on `week_end`. NotSaved without recipients, or due before sent."""
        key, name = named_region(region)
        if not mailing.recipients:
            raise NotSaved(
                "Отправка не записана: в ней нет ни одного адресата.", "Отметьте, кому ушло письмо."
            )
        if len(mailing.recipients) > RECIPIENTS_AT_MOST:
            raise NotSaved("Отправка не записана: слишком много адресатов.", "Запишите её по частям.")
        if mailing.deadline is not None and mailing.deadline < mailing.sent_on:
            raise NotSaved(
                "Отправка не записана: срок ответа раньше даты письма.", "Поправьте дату или срок."
            )
        values: dict[str, Any] = {
            "id": secrets.token_urlsafe(12),
            "region_key": key,
            "region": name,
            "week_end": week_end,
            "kind": mailing.kind.value,
            "sent_on": mailing.sent_on,
            "outgoing": line(mailing.number, 200, "Исходящий номер"),
            "deadline": mailing.deadline,
            "enclosures": [line(text, 300, "Приложение") for text in mailing.enclosures],
            "note": passage(mailing.note, 1000, "Примечание"),
            "made_at": now or utc_now(),
            "made_by": who(by),
        }
        rows = [
            {
                "mailing_id": values["id"],
                "place": place,
                "key": storable(one.key)[:600],
                "name": storable(one.name)[:600],
                "municipality": storable(one.municipality)[:300],
            }
            for place, one in enumerate({one.key: one for one in mailing.recipients}.values())
        ]
        with self._db.write() as connection:
            connection.execute(mailings.insert().values(values))
            connection.execute(mailing_recipients.insert(), rows)
        return self.get(values["id"])

    def get(self, mailing_id: str) -> Mailing:
        """One sending. NotFound for one that is not there or was removed."""
        found = self._find(mailings.c.id == mailing_id)
        if not found:
            raise NotFound("Такой отправки нет.", "Обновите страницу.")
        return found[0]

    def for_week(self, region: str, week_end: dt.date) -> list[Mailing]:
        """What was sent about a week, the first sent first."""
        return self._find(mailings.c.region_key == region_key(region), mailings.c.week_end == week_end)

    def before(self, region: str, week_end: dt.date, kind: LetterKind | None = None) -> Mailing | None:
        """The latest sending about an earlier week; of one kind if asked."""
        given = [mailings.c.region_key == region_key(region), mailings.c.week_end < week_end]
        if kind is not None:
            given.append(mailings.c.kind == kind.value)
        latest = (
            sa.select(mailings.c.id)
            .where(*given, mailings.c.removed_at.is_(None))
            .order_by(mailings.c.week_end.desc(), mailings.c.sent_on.desc(), mailings.c.made_at.desc())
            .limit(1)
        )
        with self._db.read() as connection:
            found = connection.execute(latest).scalar_one_or_none()
        return None if found is None else self.get(found)

    def counts(
        self, region: str, since: dt.date, until: dt.date, today: dt.date
    ) -> dict[dt.date, tuple[int, int, int]]:
        """By week: recipients, answers, those overdue on `today`; for lists of weeks, without reading names."""
        late = sa.and_(mailing_recipients.c.answered_on.is_(None), mailings.c.deadline < today)
        query = (
            sa.select(
                mailings.c.week_end,
                sa.func.count(),
                sa.func.count(mailing_recipients.c.answered_on),
                sa.func.sum(sa.case((late, 1), else_=0)),
            )
            .join(mailing_recipients, mailing_recipients.c.mailing_id == mailings.c.id)
            .where(
                mailings.c.region_key == region_key(region),
                mailings.c.week_end.between(since, until),
                mailings.c.removed_at.is_(None),
                mailings.c.kind != LetterKind.REMINDER.value,
            )
            .group_by(mailings.c.week_end)
        )
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return {row[0]: (int(row[1]), int(row[2]), int(row[3] or 0)) for row in rows}

    def mark(
        self,
        mailing_id: str,
        keys: Iterable[str],
        answered_on: dt.date | None,
        *,
        note: str | None = None,
        by: str = "",
        now: dt.datetime | None = None,
    ) -> int:
        """Note answers of these recipients on a day, or take them back with None; how many changed.

        A recipient who has answered already keeps that day: a second mark says nothing new.
        """
        wanted = set(keys)
        values: dict[str, Any] = {
            "answered_on": answered_on, "marked_at": now or utc_now(), "marked_by": who(by)
        }  # fmt: skip
        if note is not None:
            values["note"] = passage(note, 1000, "Примечание")
        with self._db.write() as connection:
            self._db.lock(connection, f"mailings/{mailing_id}")
            there = connection.execute(
                sa.select(
                    mailing_recipients.c.place, mailing_recipients.c.key, mailing_recipients.c.answered_on
                )
                .join(mailings, mailings.c.id == mailing_recipients.c.mailing_id)
                .where(mailings.c.id == mailing_id, mailings.c.removed_at.is_(None))
            ).all()
            if not there:
                raise NotFound("Такой отправки нет.", "Обновите страницу.")
            places = [
                row.place
                for row in there
                if row.key in wanted
                and ((row.answered_on is None) != (answered_on is None) or note is not None)
            ]
            for start in range(0, len(places), 500):
                connection.execute(
                    mailing_recipients.update()
                    .where(
                        mailing_recipients.c.mailing_id == mailing_id,
                        mailing_recipients.c.place.in_(places[start : start + 500]),
                    )
                    .values(values)
                )
        return len(places)

    def remove(self, mailing_id: str, *, by: str = "", now: dt.datetime | None = None) -> bool:
        """Take back a sending written down by mistake; whether there was one."""
        with self._db.write() as connection:
            changed = connection.execute(
                mailings.update()
                .where(mailings.c.id == mailing_id, mailings.c.removed_at.is_(None))
                .values(removed_at=now or utc_now(), removed_by=who(by))
            )
        return bool(changed.rowcount)

    def keep_fields(
        self, about: str, fields: Mapping[str, str], *, by: str = "", now: dt.datetime | None = None
    ) -> None:
        """Keep the fields of the letter being written; `about` is `week_of_letters` or a draft's id."""
        values = {
            "fields": {storable(str(key))[:60]: storable(str(value))[:2000] for key, value in fields.items()},
            "changed_at": now or utc_now(),
            "changed_by": who(by),
        }
        key = _digest(about)
        with self._db.write() as connection:
            self._db.lock(connection, f"letter_fields/{key}")
            mine = letter_fields.c.key == key
            if not connection.execute(letter_fields.update().where(mine).values(values)).rowcount:
                connection.execute(letter_fields.insert().values(key=key, **values))

    def fields(self, about: str) -> dict[str, str] | None:
        """The kept fields; None when none were."""
        with self._db.read() as connection:
            found = connection.execute(
                sa.select(letter_fields.c.fields).where(letter_fields.c.key == _digest(about))
            ).scalar_one_or_none()
        return None if found is None else {str(key): str(value) for key, value in found.items()}

    def _find(self, *given: sa.ColumnElement[bool]) -> list[Mailing]:
        query = sa.select(mailings).where(*given, mailings.c.removed_at.is_(None))
        with self._db.read() as connection:
            heads = connection.execute(query.order_by(mailings.c.sent_on, mailings.c.made_at)).all()
            rows = connection.execute(
                sa.select(mailing_recipients)
                .where(mailing_recipients.c.mailing_id.in_([head.id for head in heads]))
                .order_by(mailing_recipients.c.mailing_id, mailing_recipients.c.place)
            ).all()
        people: dict[str, list[Recipient]] = {}
        for row in rows:
            people.setdefault(row.mailing_id, []).append(
                Recipient(row.key, row.name, row.municipality, row.answered_on, row.note, row.marked_by)
            )
        return [
            Mailing(
                LetterKind(head.kind), head.sent_on, tuple(people.get(head.id, ())), head.outgoing, head.deadline,
                tuple(head.enclosures), head.note, head.made_by, head.id, head.week_end,
            )
            for head in heads
        ]  # fmt: skip


def week_of_letters(region: str, week_end: dt.date) -> str:
    """What the fields of a week's letter are kept under."""
    return f"{region_key(region)}\n{week_end.isoformat()}"


def _digest(about: str) -> str:
    return hashlib.sha256(storable(about).encode()).hexdigest()
