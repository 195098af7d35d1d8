"""The tables. Changes go through `migrations/`; a test compares the two.

Times are UTC. Regions are compared by `region_key`, municipalities by the core's `municipality_key`. Large bytes are in
`payloads`, by their SHA-256, so that listings never touch them and equal contents are stored once.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


class UtcTime(sa.types.TypeDecorator[dt.datetime]):
    """An aware time in UTC, whatever the database keeps."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone")
        utc = value.astimezone(dt.UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        if value is None:
            return None
        return value.astimezone(dt.UTC) if value.tzinfo else value.replace(tzinfo=dt.UTC)


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.String(40), primary_key=True)


def _number() -> sa.Column[int]:
    """A number that grows with every row, for order."""
    return sa.Column(
        "number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    )


def _who(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _when(name: str, *, optional: bool = False, index: bool = False) -> sa.Column[dt.datetime]:
    return sa.Column(name, UtcTime, nullable=optional, index=index)


def _region() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("region_key", sa.String(200), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
    )


def _payload(name: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(64), sa.ForeignKey("payloads.digest"), nullable=optional, index=True)


payloads = sa.Table(
    "payloads",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),  # SHA-256 of `content`, hexadecimal
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    _when("stored_at"),
)

weeks = sa.Table(
    "weeks",
    metadata,
    _id(),
    *_region(),
    sa.Column("kind", sa.String(30), nullable=False),
    sa.Column(
        "period_key", sa.String(20), nullable=False
    ),  # its last day and its length; 7 and 8 days are one
    sa.Column("period_start", sa.Date, nullable=False),
    sa.Column("period_end", sa.Date, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("replaces", sa.String(40), sa.ForeignKey("weeks.id"), nullable=True),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),  # of the file, or of several files' sums
    sa.Column(
        "content_digest", sa.String(64), nullable=False
    ),  # of what was understood; tells a re-reading apart
    sa.Column("file_names", sa.JSON, nullable=False),
    sa.Column("verdict", sa.String(60), nullable=False),
    sa.Column("row_count", sa.Integer, nullable=False),
    sa.Column("finding_counts", sa.JSON, nullable=False),  # severity -> how many findings
    sa.Column("profile_key", sa.String(120), nullable=False),
    sa.Column("reader_version", sa.String(40), nullable=False),
    sa.Column("calculation_version", sa.String(40), nullable=False),
    _when("saved_at"),
    _who("saved_by"),
    _when("deleted_at", optional=True),
    _who("deleted_by"),
    _payload("payload", optional=True),  # the export; empty once deleted
    _payload("points", optional=True),  # a few columns of every organization, for its own history
    _payload("original", optional=True),
    sa.Column("original_name", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("region_key", "kind", "period_key", "version"),
    sa.Index("ix_weeks_series", "region_key", "kind", "period_end"),
)

week_details = sa.Table(
    "week_details",
    metadata,
    sa.Column("week_id", sa.String(40), sa.ForeignKey("weeks.id"), primary_key=True),
    sa.Column("profile", sa.JSON, nullable=False),
    sa.Column("columns", sa.JSON, nullable=False),
    sa.Column("findings", sa.JSON, nullable=False),
    sa.Column("sources", sa.JSON, nullable=False),
    sa.Column("extra", sa.JSON, nullable=False),
    sa.Column(
        "measures", sa.JSON, nullable=False
    ),  # names of the figures in `week_sums.counts`, in their order
)

week_sums = sa.Table(
    "week_sums",
    metadata,
    sa.Column("week_id", sa.String(40), sa.ForeignKey("weeks.id"), primary_key=True),
    sa.Column("municipality_key", sa.String(200), primary_key=True),  # "" where the source names none
    sa.Column("organization_type", sa.String(20), primary_key=True),  # "" where it is unknown
    sa.Column("municipality", sa.Text, nullable=False),
    sa.Column("organizations", sa.BigInteger, nullable=True),
    *(
        sa.Column(status, sa.Integer, nullable=True)
        for status in (
            "inactive", "below_norm", "target_missed", "within_norm",
            "target_met", "leader", "no_norm", "no_data",
        )
    ),
    sa.Column("counts", sa.Text, nullable=False),  # JSON: by measure [numerator, denominator, rows with both] or null
    sqlite_with_rowid=False,
)  # fmt: skip

profiles = sa.Table(
    "profiles",
    metadata,
    sa.Column("key", sa.String(120), primary_key=True),
    sa.Column("content", sa.JSON, nullable=False),
    _when("kept_at"),
    _who("kept_by"),
)

drafts = sa.Table(
    "drafts",
    metadata,
    _id(),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("kind", sa.String(30), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("is_demo", sa.Boolean, nullable=False),
    sa.Column(
        "withheld", sa.JSON, nullable=False
    ),  # kinds of tables beside it that may name people: not stored
    _when("made_at"),
    _when("put_at"),
    _when("expires_at", index=True),
    _who("made_by"),
    _payload("payload"),
)

links = sa.Table(
    "links",
    metadata,
    _id(),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("maker_hash", sa.String(64), nullable=False, index=True),
    sa.Column("sealed_token", sa.Text, nullable=False),  # only the maker's key opens it
    sa.Column("week_id", sa.String(40), sa.ForeignKey("weeks.id"), nullable=True, index=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("page", sa.String(100), nullable=False),
    sa.Column("filters", sa.JSON, nullable=False),
    sa.Column("profile_key", sa.String(120), nullable=False),
    sa.Column("profile", sa.JSON, nullable=False),
    sa.Column("calculation_version", sa.String(40), nullable=False),
    sa.Column("lifetime", sa.String(10), nullable=False),
    _when("made_at"),
    _when("expires_at", optional=True),
    _when("revoked_at", optional=True),
    _payload("payload", optional=True),  # of a link to a draft: the data it was made from
    sa.Column("scope", sa.String(200), nullable=True),  # the only municipality whose organizations it shows
)

corrections = sa.Table(
    "corrections",
    metadata,
    _number(),
    *_region(),
    sa.Column("field", sa.String(30), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),  # ID of an organization, or the spelling met
    sa.Column("value", sa.JSON, nullable=False),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    _when("made_at"),
    _who("made_by"),
    _when("undone_at", optional=True),
    _who("undone_by"),
    sa.Index("ix_corrections_subject", "region_key", "field", "subject"),
)

mappings = sa.Table(
    "mappings",
    metadata,
    sa.Column("fingerprint", sa.String(64), primary_key=True),
    sa.Column("headers", sa.JSON, nullable=False),
    sa.Column(
        "choices", sa.JSON, nullable=False
    ),  # pairs of a header's text or a column's number, and a field
    _when("confirmed_at"),
    _who("confirmed_by"),
)

office_settings = sa.Table(
    "office_settings",
    metadata,
    _number(),
    sa.Column("key", sa.String(60), nullable=False, index=True),
    sa.Column("value", sa.JSON, nullable=False),
    _when("set_at"),
    _who("set_by"),
)

marks = sa.Table(
    "marks",
    metadata,
    _number(),
    *_region(),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("code", sa.String(60), nullable=False),
    sa.Column("organization", sa.Text, nullable=False, server_default=""),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    _when("made_at"),
    _who("made_by"),
    _when("undone_at", optional=True),
    _who("undone_by"),
    sa.Index("ix_marks_key", "region_key", "key"),
)

tasks = sa.Table(
    "tasks",
    metadata,
    _id(),
    *_region(),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("due", sa.Date, nullable=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("since", sa.Date, nullable=False),  # last day of the week whose meeting set it
    sa.Column("closed_in", sa.Date, nullable=True),  # last day of the week whose meeting closed it
    sa.Column("week_id", sa.String(40), nullable=True),
    _when("made_at"),
    _who("made_by"),
    _when("changed_at"),
    _who("changed_by"),
    sa.Index("ix_tasks_region", "region_key", "since"),
)

decisions = sa.Table(
    "decisions",
    metadata,
    _number(),
    *_region(),
    sa.Column("pair_key", sa.String(64), nullable=False),
    sa.Column("accepted", sa.Boolean, nullable=False),
    sa.Column("identity", sa.JSON, nullable=False),
    _when("made_at"),
    _who("made_by"),
    _when("undone_at", optional=True),
    _who("undone_by"),
    sa.Index("ix_decisions_pair", "region_key", "pair_key"),
)

mailings = sa.Table(
    "mailings",
    metadata,
    _id(),
    *_region(),
    sa.Column("week_end", sa.Date, nullable=False),  # last day of the week the letter is about
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("sent_on", sa.Date, nullable=False),
    sa.Column("outgoing", sa.Text, nullable=False, server_default=""),
    sa.Column("deadline", sa.Date, nullable=True),
    sa.Column("enclosures", sa.JSON, nullable=False),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    _when("made_at"),
    _who("made_by"),
    _when("removed_at", optional=True),
    _who("removed_by"),
    sa.Index("ix_mailings_week", "region_key", "week_end"),
)

mailing_recipients = sa.Table(
    "mailing_recipients",
    metadata,
    sa.Column("mailing_id", sa.String(40), sa.ForeignKey("mailings.id"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("municipality", sa.Text, nullable=False, server_default=""),
    sa.Column("answered_on", sa.Date, nullable=True),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    _when("marked_at", optional=True),
    _who("marked_by"),
)

letter_fields = sa.Table(
    "letter_fields",
    metadata,
    sa.Column(
        "key", sa.String(64), primary_key=True
    ),  # SHA-256 of the region and the week, or of a draft's id
    sa.Column("fields", sa.JSON, nullable=False),
    _when("changed_at"),
    _who("changed_by"),
)

case_forms = sa.Table(
    "case_forms",
    metadata,
    _number(),
    sa.Column("key", sa.String(64), nullable=False),  # SHA-256 of the name, spaces and case evened out
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("case", sa.String(10), nullable=False),
    sa.Column("form", sa.Text, nullable=False),
    _when("made_at"),
    _who("made_by"),
    _when("undone_at", optional=True),
    _who("undone_by"),
    sa.Index("ix_case_forms_key", "key", "case"),
)

registries = sa.Table(
    "registries",
    metadata,
    _id(),  # changes with every registry put, so that what was computed from one stays true
    sa.Column("region_key", sa.String(200), nullable=False, unique=True),
    sa.Column("region", sa.Text, nullable=False),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("row_count", sa.Integer, nullable=False),
    _when("put_at"),
    _who("put_by"),
    _payload("payload"),
)

waiting = sa.Table(
    "waiting",
    metadata,
    _number(),
    *_region(),
    sa.Column("key", sa.String(220), nullable=False),
    sa.Column("organization_id", sa.Text, nullable=False, server_default=""),
    sa.Column("organization", sa.Text, nullable=False, server_default=""),
    sa.Column("municipality", sa.Text, nullable=False, server_default=""),
    _when("made_at"),
    _who("made_by"),
    _when("undone_at", optional=True),
    _who("undone_by"),
    sa.Index("ix_waiting_key", "region_key", "key"),
)

kept_names = sa.Table(
    "kept_names",
    metadata,
    _id(),
    *_region(),
    # Keys are cut to 200 characters by `short_key`; an organization's is its ID, else its name, else "".
    sa.Column("organization_key", sa.String(200), nullable=False),
    sa.Column("organization", sa.Text, nullable=False),
    sa.Column("municipality_key", sa.String(200), nullable=False),
    sa.Column("municipality", sa.Text, nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("people", sa.Integer, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),  # a table of kind `teachers`, encrypted
    _when("kept_at"),
    _who("kept_by"),
    _when("expires_at", index=True),
    sa.UniqueConstraint("region_key", "organization_key", "date"),
)

audit = sa.Table(
    "audit",
    metadata,
    _number(),
    _when("at", index=True),
    sa.Column("action", sa.String(30), nullable=False),
    _who("who"),
    sa.Column(
        "subject", sa.String(60), nullable=False, server_default=""
    ),  # id of a week, draft or link; no contents
    sa.Column(
        "about", sa.Text, nullable=False, server_default=""
    ),  # region, kind and period, or a setting's name
)

people = sa.Table(
    "people",
    metadata,
    sa.Column("email", sa.String(254), primary_key=True),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("municipality", sa.Text, nullable=False, server_default=""),
    _when("added_at"),
    _who("added_by"),
)

signed_out = sa.Table(
    "signed_out",
    metadata,
    sa.Column("session", sa.String(64), primary_key=True),  # SHA-256 of the session in the cookie
    _when("until"),
)

access_secrets = sa.Table(
    "access_secrets",
    metadata,
    sa.Column("name", sa.String(30), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

attempts = sa.Table(
    "attempts",
    metadata,
    _number(),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),  # SHA-256 of the address it came from
    _when("at"),
    sa.Index("ix_attempts_kind", "kind", "at"),
)
