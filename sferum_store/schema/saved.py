"""Tables of saved weeks and of what is shown from them: drafts, links, registries, profiles of norms."""

from __future__ import annotations

import sqlalchemy as sa

from sferum_store.schema.columns import (
    id_column,
    metadata,
    payload_column,
    region_columns,
    when_column,
    who_column,
)

payloads = sa.Table(
    "payloads",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),  # SHA-256 of `content`, hexadecimal
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    when_column("stored_at"),
)

weeks = sa.Table(
    "weeks",
    metadata,
    id_column(),
    *region_columns(),
    sa.Column("kind", sa.String(30), nullable=False),
    # its last day and its length; 7 and 8 days are one
    sa.Column("period_key", sa.String(20), nullable=False),
    sa.Column("period_start", sa.Date, nullable=False),
    sa.Column("period_end", sa.Date, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("replaces", sa.String(40), sa.ForeignKey("weeks.id"), nullable=True),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),  # of the file, or of several files' sums
    # of what was understood; tells a re-reading apart
    sa.Column("content_digest", sa.String(64), nullable=False),
    sa.Column("file_names", sa.JSON, nullable=False),
    sa.Column("verdict", sa.String(60), nullable=False),
    sa.Column("row_count", sa.Integer, nullable=False),
    sa.Column("finding_counts", sa.JSON, nullable=False),  # severity -> how many findings
    sa.Column("profile_key", sa.String(120), nullable=False),
    sa.Column("reader_version", sa.String(40), nullable=False),
    sa.Column("calculation_version", sa.String(40), nullable=False),
    when_column("saved_at"),
    who_column("saved_by"),
    when_column("deleted_at", optional=True),
    who_column("deleted_by"),
    payload_column("payload", optional=True),  # the export; empty once deleted
    payload_column("points", optional=True),  # a few columns of every organization, for its own history
    payload_column("original", optional=True),
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
    # names of the figures in `week_sums.counts`, in their order
    sa.Column("measures", sa.JSON, nullable=False),
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
    when_column("kept_at"),
    who_column("kept_by"),
)

drafts = sa.Table(
    "drafts",
    metadata,
    id_column(),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("kind", sa.String(30), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("is_demo", sa.Boolean, nullable=False),
    # kinds of tables beside it that may name people: not stored
    sa.Column("withheld", sa.JSON, nullable=False),
    when_column("made_at"),
    when_column("put_at"),
    when_column("expires_at", index=True),
    who_column("made_by"),
    payload_column("payload"),
)

links = sa.Table(
    "links",
    metadata,
    id_column(),
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
    when_column("made_at"),
    when_column("expires_at", optional=True),
    when_column("revoked_at", optional=True),
    payload_column("payload", optional=True),  # of a link to a draft: the data it was made from
    sa.Column("scope", sa.String(200), nullable=True),  # the only municipality whose organizations it shows
)

registries = sa.Table(
    "registries",
    metadata,
    id_column(),  # changes with every registry put, so that what was computed from one stays true
    sa.Column("region_key", sa.String(200), nullable=False, unique=True),
    sa.Column("region", sa.Text, nullable=False),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("row_count", sa.Integer, nullable=False),
    when_column("put_at"),
    who_column("put_by"),
    payload_column("payload"),
)
