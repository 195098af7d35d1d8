"""`open_store`: the database brought up to date, and everything kept in it in one place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sferum_store.access import Access, Attempts
from sferum_store.audit import Audit
from sferum_store.case_forms import CaseFormsKept
from sferum_store.corrections import Corrections
from sferum_store.decisions import Decisions
from sferum_store.drafts import Drafts
from sferum_store.engine import Database, utc_now
from sferum_store.links import Links
from sferum_store.mailings import Mailings
from sferum_store.mappings import Mappings
from sferum_store.marks import Marks
from sferum_store.migrate import migrate
from sferum_store.names import Names
from sferum_store.office import Office
from sferum_store.profiles import Profiles
from sferum_store.registries import Registries
from sferum_store.settings import Settings, load_settings
from sferum_store.settings import settings as process_settings
from sferum_store.sums import Sums
from sferum_store.tasks import Tasks
from sferum_store.waiting import Waiting
from sferum_store.weeks import Weeks


@dataclass(frozen=True)
class Expired:
    """What `Store.expire` deleted."""

    drafts: int
    link_data: int
    names: int = 0


class Store:
    """Everything the app keeps. One for a process; its parts may be used from any thread."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(
            settings.url, pool=settings.database_pool, wait_seconds=settings.database_wait_seconds
        )
        self.access = Access(self.database)
        self.attempts = Attempts(self.database)
        self.audit = Audit(self.database)
        self.case_forms = CaseFormsKept(self.database)
        self.corrections = Corrections(self.database)
        self.decisions = Decisions(self.database)
        self.drafts = Drafts(self.database, life=settings.draft_life)
        self.links = Links(
            self.database, week_days=settings.link_week_days, term_days=settings.link_term_days
        )
        self.mailings = Mailings(self.database)
        self.mappings = Mappings(self.database)
        self.marks = Marks(self.database)
        self.names = Names(self.database, settings)
        self.office = Office(self.database, public_url=settings.public_url)
        self.profiles = Profiles(self.database)
        self.registries = Registries(self.database)
        self.sums = Sums(self.database)
        self.tasks = Tasks(self.database)
        self.waiting = Waiting(self.database)
        self.weeks = Weeks(self.database, keep_originals=settings.keep_originals)

    @property
    def writes(self) -> int:
        """How often this process has written: what was read at another count may be out of date."""
        return self.database.writes

    def expire(self, now: dt.datetime | None = None) -> Expired:
        """Delete drafts, data of links and names whose time is over. Safe at any time, from any process."""
        if self.settings.audit_days:
            self.audit.purge((now or utc_now()) - dt.timedelta(days=self.settings.audit_days))
        return Expired(self.drafts.expire(now), self.links.drop_expired_data(now), self.names.expire(now))

    def close(self) -> None:
        """Close idle connections; the store still works afterwards."""
        self.database.close()


def open_store(where: Settings | str | None = None, **given: Any) -> Store:
    """The store of these settings, of a database's address, or of the environment; its schema is up to date.

    `given` are further settings by name (`draft_days=3`). Raises SettingsError and StoreUnavailable.
    """
    if isinstance(where, Settings):
        chosen = where
    elif where is not None:
        chosen = load_settings(database_url=where, **given)
    else:
        chosen = load_settings(**given) if given else process_settings()
    store = Store(chosen)
    migrate(store.database)
    return store
