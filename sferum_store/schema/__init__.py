"""The tables. Changes go through `migrations/`; a test compares the two.

Times are UTC. Regions are compared by `region_key`, municipalities by the core's `municipality_key`. Large bytes are in
`payloads`, by their SHA-256, so that listings never touch them and equal contents are stored once.
"""

from sferum_store.schema.access import access_secrets, attempts, audit, people, signed_out
from sferum_store.schema.columns import metadata
from sferum_store.schema.office import (
    case_forms,
    corrections,
    decisions,
    kept_names,
    letter_fields,
    mailing_recipients,
    mailings,
    mappings,
    marks,
    office_settings,
    tasks,
    waiting,
)
from sferum_store.schema.saved import (
    drafts,
    links,
    payloads,
    profiles,
    registries,
    week_details,
    week_sums,
    weeks,
)

__all__ = (
    "access_secrets",
    "attempts",
    "audit",
    "case_forms",
    "corrections",
    "decisions",
    "drafts",
    "kept_names",
    "letter_fields",
    "links",
    "mailing_recipients",
    "mailings",
    "mappings",
    "marks",
    "metadata",
    "office_settings",
    "payloads",
    "people",
    "profiles",
    "registries",
    "signed_out",
    "tasks",
    "waiting",
    "week_details",
    "week_sums",
    "weeks",
)
