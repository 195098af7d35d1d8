"""What the app keeps: weeks, drafts, links, corrections, settings. SQLite by default, PostgreSQL by SFERUM_DATABASE_URL.

    from sferum_store import open_store
    store = open_store()                          # settings of the environment; schema brought up to date

One store for a process (`st.cache_resource`), safe between threads. Every method is one transaction. `now` is for
tests, `by` is who does it ("" while there is no sign-in). Every error is a `StoreError` with Russian `message` and
`advice`: `NotFound`, `NotSaved`, `PersonalData`, `LinkGone`, `StoreUnavailable`, `DamagedPayload`, `SettingsError`.

Weeks (immutable; what `save` returned is on the disk, whole)
    store.weeks.save(export, region=, profile=, profile_key=, verdict=, saved_by=, period=, sources=, original=,
                     original_name=, extra=, anyway=) -> SaveResult(week, outcome, replaced, elsewhere)
    store.weeks.open(id) -> OpenedWeek(week, export, profile, sources, extra)
    store.weeks.get(id) -> SavedWeek;  .find(region, kind, all_versions=, with_deleted=, since=, until=) -> [SavedWeek]
    store.weeks.versions(id);  .previous(id) -> SavedWeek | None;  follows(previous, week) -> bool
    store.weeks.regions(kind) -> [name];  .extras(ids) -> {id: extra}
    store.weeks.findings(ids) -> {id: findings};  .original(id) -> (name, bytes)
    store.weeks.links_broken_by(id) -> [Link];  .delete(id, by=)
    store.sums.read(region, kind, week_ids=, indicators=, denominator=, municipality_key=, organization_type=,
                    since=, until=) -> DataFrame of SUMS_COLUMNS (name a region or indicators, a country is large)
    store.sums.points(ids, organization_id=) -> DataFrame
Drafts (an upload until it is saved or forgotten)
    store.drafts.put(export, draft_id=, filename=, version=, is_demo=, by=) -> Draft(id, version, export, withheld, …)
    store.drafts.open(id);  .replace(id, export);  .forget(id);  store.expire(): call it at start and once a day
    Tables that may name people raise PersonalData; such tables beside another are left out and named in `withheld`.
Links (`maker` is a random key of the maker's browser, or the signed-in user's id)
    store.links.make(maker=, page=, profile=, week_id= | draft_id=, filters=, title=, lifetime=Lifetime.TERM) -> Link
    store.links.open(token) -> Link | LinkGone(reason);  .data(link) -> Export of a link to a draft
    store.links.mine(maker) -> [Link with tokens];  .revoke(link_id, maker=)
    opens_elsewhere(address): whether a link made under this address opens on another computer
What the office says once
    store.corrections.add(region, Correction(field, subject, value)), .add_many, .undo(number), .for_region, .history
        sferum_core.corrections.apply_corrections(table, store.corrections.for_region(region)) -> table, findings
    store.office.current() -> OfficeSettings;  .change({...}, by=);  .history(key);  .address()
    store.mappings.remember(headers_of(export), choices);  .find(headers) -> KeptMapping | None;  .all();  .forget
    store.profiles.keep(key, profile);  .find(key);  .all()
Work from week to week
    store.marks.mark(region, mark_key(code, organization, values), code=, note=, by=);  .unmark;  .find(region, keys)
    store.tasks.add(region, office=, text=, period_end=, due=);  .change(id, period_end=, state=);  .for_week(region, end)
    store.mailings.record(region, Mailing(...), week_end=);  .mark(id, keys, day);  .for_week(region, end);  .before;  .remove
        .counts(region, since, until, today);  .keep_fields(week_of_letters(region, end), {...});  .fields
    store.case_forms.correct(name, Case.DATIVE, form);  .undo(name, case);  .all();  .forms() -> CaseForms for letters
    store.decisions.record(region, identity, accepted);  .undo;  .for_region(region) -> decisions for `reconcile`
    store.decisions.answers(region) -> [Answer] with date and person
    store.registries.put(region, export, by=) -> KeptRegistry;  .current(region);  .open(id) -> table;  .delete(region)
    store.waiting.mark(region, [Organization], by=);  .unmark(region, keys);  .find(region) -> [WaitingMark]
    store.audit.record(Action.UPLOADED, who=, subject=);  .entries(since=, action=, subject=, limit=)
Names, when the office keeps them (`keep_names`, a key): sealed, with a term; ask first who may see them
    store.names.keep(table, region=, by=) -> [KeptNames];  .find(region, municipality=);  .open(id, by=) -> DataFrame
    store.names.erase(organization=, date=, person=, everything=) -> Erased;  .reseal()

`python -m sferum_store backup | restore | expire | check | migrate | erase | reseal | names-key` is the administrator's side.
"""

from sferum_core.corrections import CorrectedField, Correction, apply_corrections
from sferum_store.access import Attempts, Bound, Member, normal_email
from sferum_store.audit import Action, Entry
from sferum_store.corrections import CorrectionRecord
from sferum_store.decisions import Answer
from sferum_store.drafts import Draft
from sferum_store.errors import (
    DamagedPayload,
    Forbidden,
    GoneReason,
    LinkGone,
    NotFound,
    NotSaved,
    PersonalData,
    SettingsError,
    StoreError,
    StoreUnavailable,
    TooMany,
)
from sferum_store.links import Lifetime, Link
from sferum_store.mailings import week_of_letters
from sferum_store.mappings import KeptMapping, header_fingerprint, headers_of
from sferum_store.marks import Mark, mark_key
from sferum_store.names import Erased, KeptNames
from sferum_store.office import OfficeChange, OfficeSettings, opens_elsewhere
from sferum_store.privacy import PERSONAL_KINDS
from sferum_store.records import OpenedWeek, SavedWeek, SaveOutcome, SaveResult
from sferum_store.registries import KeptRegistry
from sferum_store.settings import Settings, load_settings, settings
from sferum_store.store import Expired, Store, open_store
from sferum_store.sums import SUMS_COLUMNS
from sferum_store.tasks import Task, TaskState
from sferum_store.waiting import WaitingMark
from sferum_store.week_rows import follows

__all__ = [
    "PERSONAL_KINDS",
    "SUMS_COLUMNS",
    "Action",
    "Answer",
    "Attempts",
    "Bound",
    "CorrectedField",
    "Correction",
    "CorrectionRecord",
    "DamagedPayload",
    "Draft",
    "Entry",
    "Erased",
    "Expired",
    "Forbidden",
    "GoneReason",
    "KeptMapping",
    "KeptNames",
    "KeptRegistry",
    "Lifetime",
    "Link",
    "LinkGone",
    "Mark",
    "Member",
    "NotFound",
    "NotSaved",
    "OfficeChange",
    "OfficeSettings",
    "OpenedWeek",
    "PersonalData",
    "SaveOutcome",
    "SaveResult",
    "SavedWeek",
    "Settings",
    "SettingsError",
    "Store",
    "StoreError",
    "StoreUnavailable",
    "Task",
    "TaskState",
    "TooMany",
    "WaitingMark",
    "apply_corrections",
    "follows",
    "header_fingerprint",
    "headers_of",
    "load_settings",
    "mark_key",
    "normal_email",
    "open_store",
    "opens_elsewhere",
    "settings",
    "week_of_letters",
]
