"""Tasks of the planning meeting: for an office, by a date; carried to the next weeks until they are closed."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from sferum_store.audit import Action, record
from sferum_store.engine import Database, utc_now
from sferum_store.errors import NotFound, NotSaved
from sferum_store.schema import tasks
from sferum_store.texts import line, named_region, passage, region_key, who


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    IN_WORK = "in_work"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        """Russian word for the screen."""
        return {"open": "поставлена", "in_work": "в работе", "done": "выполнена", "dropped": "снята"}[
            self.value
        ]

    @property
    def is_closed(self) -> bool:
        """Whether it is not carried to the next week."""
        return self in (TaskState.DONE, TaskState.DROPPED)


@dataclass(frozen=True)
class Task:
    """A task as it stood at the meeting of a week. `since`: last day of the week whose meeting set it.

    `is_carried`: it was set at an earlier meeting than the one asked about.
    """

    id: str
    region: str
    office: str
    text: str
    due: dt.date | None
    state: TaskState
    since: dt.date
    closed_in: dt.date | None
    week_id: str | None
    is_carried: bool
    made_at: dt.datetime
    made_by: str
    changed_at: dt.datetime
    changed_by: str

    def is_overdue(self, today: dt.date) -> bool:
        """Whether its date has passed and it is still open."""
        return self.due is not None and self.due < today and not self.state.is_closed


class Tasks:
    """Setting and closing tasks (`Store.tasks`)."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(
        self,
        region: str,
        *,
        office: str,
        text: str,
        period_end: dt.date,
        due: dt.date | None = None,
        week_id: str | None = None,
        by: str = "",
        now: dt.datetime | None = None,
    ) -> Task:
        """Set a task at the meeting about the week that ends on `period_end`. NotSaved without office or text."""
        key, name = named_region(region)
        at = now or utc_now()
        values: dict[str, Any] = {
            "id": secrets.token_urlsafe(12),
            "region_key": key,
            "region": name,
            "office": line(office, 300, "Кому"),
            "text": passage(text, 2000, "Задача"),
            "due": due,
            "state": TaskState.OPEN.value,
            "since": period_end,
            "week_id": week_id,
            "made_at": at,
            "made_by": who(by),
            "changed_at": at,
            "changed_by": who(by),
        }
        if not values["office"] or not values["text"]:
            raise NotSaved(
                "Задача не записана: не указано, кому она или в чём состоит.", "Заполните оба поля."
            )
        with self._db.write() as connection:
            row = connection.execute(tasks.insert().values(values).returning(tasks)).one()
            record(connection, Action.TASK, who=by, subject=row.id, about=row.region, now=now)
        return _task(row, period_end)

    def change(
        self,
        task_id: str,
        *,
        period_end: dt.date,
        state: TaskState | None = None,
        office: str | None = None,
        text: str | None = None,
        due: dt.date | None = None,
        by: str = "",
        now: dt.datetime | None = None,
    ) -> Task:
        """Change what is given, at the meeting about the week that ends on `period_end`. NotFound for an unknown task.

        A closed task shows as closed from that week on; earlier weeks show it as it was, open.
        """
        values: dict[str, Any] = {"changed_at": now or utc_now(), "changed_by": who(by)}
        if state is not None:
            values |= {"state": state.value, "closed_in": period_end if state.is_closed else None}
        if office is not None:
            values["office"] = line(office, 300, "Кому")
        if text is not None:
            values["text"] = passage(text, 2000, "Задача")
        if due is not None:
            values["due"] = due
        if "" in (values.get("office"), values.get("text")):
            raise NotSaved(
                "Задача не изменена: не указано, кому она или в чём состоит.", "Заполните оба поля."
            )
        with self._db.write() as connection:
            row = connection.execute(
                tasks.update().where(tasks.c.id == task_id).values(values).returning(tasks)
            ).one_or_none()
            if row is not None:
                record(connection, Action.TASK, who=by, subject=row.id, about=row.region, now=now)
        if row is None:
            raise NotFound("Такой задачи нет.", "Обновите список задач.")
        return _task(row, period_end)

    def for_week(self, region: str, period_end: dt.date) -> list[Task]:
        """Tasks at the meeting about this week: its own, those carried from earlier ones, those it closed."""
        query = (
            sa.select(tasks)
            .where(
                tasks.c.region_key == region_key(region),
                tasks.c.since <= period_end,
                sa.or_(tasks.c.closed_in.is_(None), tasks.c.closed_in >= period_end),
            )
            .order_by(tasks.c.since, tasks.c.made_at, tasks.c.id)
        )
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return [_task(row, period_end) for row in rows]

    def remove(self, task_id: str, *, by: str = "") -> bool:
        """Delete a task that was set by mistake; whether there was one."""
        with self._db.write() as connection:
            gone = bool(connection.execute(tasks.delete().where(tasks.c.id == task_id)).rowcount)
            if gone:
                record(connection, Action.DELETED, who=by, subject=task_id, about=Action.TASK.value)
        return gone


def _task(row: sa.Row[Any], period_end: dt.date) -> Task:
    state = TaskState(row.state)
    if state.is_closed and row.closed_in > period_end:
        state = TaskState.OPEN
    return Task(
        id=row.id,
        region=row.region,
        office=row.office,
        text=row.text,
        due=row.due,
        state=state,
        since=row.since,
        closed_in=row.closed_in if row.closed_in and row.closed_in <= period_end else None,
        week_id=row.week_id,
        is_carried=row.since < period_end,
        made_at=row.made_at,
        made_by=row.made_by,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )
