"""Who uploaded, saved, shared, opened, deleted: ids and periods only, no names of people and no contents."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from sferum_store.engine import Database, utc_now
from sferum_store.schema import audit
from sferum_store.texts import storable
from sferum_store.texts import who as whom


class Action(StrEnum):
    """What was done."""

    UPLOADED = "uploaded"
    SAVED = "saved"
    OPENED = "opened"
    DOWNLOADED = "downloaded"
    SHARED = "shared"
    REVOKED = "revoked"
    DELETED = "deleted"
    FORGOTTEN = "forgotten"
    EXPIRED = "expired"
    CORRECTED = "corrected"
    SETTINGS = "settings"
    RESTORED = "restored"
    LINK_OPENED = "link_opened"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    ROLE = "role"
    MARKED = "marked"
    TASK = "task"
    COLUMNS = "columns"
    NAMES_KEPT = "names_kept"
    NAMES_OPENED = "names_opened"
    NAMES_ERASED = "names_erased"

    @property
    def label(self) -> str:
        """Russian word for the list."""
        return _LABELS[self]


_LABELS = {
    Action.UPLOADED: "Загружено",
    Action.SAVED: "Сохранено",
    Action.OPENED: "Открыто",
    Action.DOWNLOADED: "Скачано",
    Action.SHARED: "Сделана ссылка",
    Action.REVOKED: "Ссылка отозвана",
    Action.DELETED: "Удалено",
    Action.FORGOTTEN: "Черновик забыт",
    Action.EXPIRED: "Черновики удалены по сроку",
    Action.CORRECTED: "Исправлено",
    Action.SETTINGS: "Изменены настройки",
    Action.RESTORED: "Восстановлено из копии",
    Action.LINK_OPENED: "Открыто по ссылке",
    Action.SIGNED_IN: "Вход",
    Action.SIGN_IN_FAILED: "Неудачный вход",
    Action.SIGNED_OUT: "Выход",
    Action.ROLE: "Изменена роль",
    Action.MARKED: "Отмечено просмотренным",
    Action.TASK: "Поручение",
    Action.COLUMNS: "Указаны столбцы",
    Action.NAMES_KEPT: "Сохранены имена",
    Action.NAMES_OPENED: "Открыты имена",
    Action.NAMES_ERASED: "Стёрты имена",
}


@dataclass(frozen=True)
class Entry:
    """One line of the list. `subject` is an id, `about` a region, kind and period."""

    at: dt.datetime
    action: Action
    who: str
    subject: str
    about: str


def record(
    connection: sa.Connection,
    action: Action,
    *,
    who: str = "",
    subject: str = "",
    about: str = "",
    now: dt.datetime | None = None,
) -> None:
    """Write a line within the caller's transaction."""
    values = {
        "at": now or utc_now(),
        "action": action.value,
        "who": whom(who),
        "subject": storable(subject)[:60],
        "about": storable(about)[:300],
    }
    connection.execute(audit.insert().values(values))


class Audit:
    """The list of what was done (`Store.audit`). The store writes its own changes; pages add uploads and openings."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def record(
        self,
        action: Action,
        *,
        who: str = "",
        subject: str = "",
        about: str = "",
        now: dt.datetime | None = None,
    ) -> None:
        """Write a line. Never give names of people or contents of files."""
        with self._db.write() as connection:
            record(connection, action, who=who, subject=subject, about=about, now=now)

    def entries(
        self,
        *,
        since: dt.datetime | None = None,
        action: Action | None = None,
        subject: str | None = None,
        limit: int = 500,
    ) -> list[Entry]:
        """Lines, the latest first."""
        query = sa.select(audit).order_by(audit.c.number.desc()).limit(limit)
        if since is not None:
            query = query.where(audit.c.at >= since)
        if action is not None:
            query = query.where(audit.c.action == action.value)
        if subject is not None:
            query = query.where(audit.c.subject == subject)
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return [Entry(row.at, Action(row.action), row.who, row.subject, row.about) for row in rows]

    def purge(self, before: dt.datetime) -> int:
        """Delete lines older than the term of keeping; how many went."""
        with self._db.write() as connection:
            return connection.execute(audit.delete().where(audit.c.at < before)).rowcount
