"""`open_store`: the database brought up to date, and everything kept in it in one place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sferum_store.audit import Audit
from sferum_store.case_forms import CaseFormsKept
from sferum_store.corrections import Corrections
from sferum_store.decisions import Decisions
from sferum_store.drafts import Drafts
from sferum_store.engine import Database
from sferum_store.links import Links
from sferum_store.mailings import Mailings
from sferum_store.mappings import Mappings
from sferum_store.marks import Marks
from sferum_store.migrate import migrate
from sferum_store.office import Office
from sferum_store.profiles import Profiles
from sferum_store.settings import Settings, load_settings
from sferum_store.settings import settings as process_settings
from sferum_store.sums import Sums
from sferum_store.tasks import Tasks
from sferum_store.weeks import Weeks


@dataclass(frozen=True)
class Expired:
    """What `Store.expire` deleted."""

    drafts: int
    link_data: int


class Store:
    """Everything the app keeps. One for a process; its parts may be used from any thread."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(
            settings.url, pool=settings.database_pool, wait_seconds=settings.database_wait_seconds
        )
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
        self.office = Office(self.database, public_url=settings.public_url)
        self.profiles = Profiles(self.database)
        self.sums = Sums(self.database)
        self.tasks = Tasks(self.database)
        self.weeks = Weeks(self.database, keep_originals=settings.keep_originals)

    def expire(self, now: dt.datetime | None = None) -> Expired:
        """Delete drafts and data of links whose time is over. Safe at any time, from any process."""
        return Expired(self.drafts.expire(now), self.links.drop_expired_data(now))

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
