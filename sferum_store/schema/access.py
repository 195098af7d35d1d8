"""Tables of who may do what and who did: roles, sign-ins, secrets, the log."""

from __future__ import annotations

import sqlalchemy as sa

from sferum_store.schema.columns import metadata, number_column, when_column, who_column

audit = sa.Table(
    "audit",
    metadata,
    number_column(),
    when_column("at", index=True),
    sa.Column("action", sa.String(30), nullable=False),
    who_column("who"),
    # id of a week, draft or link; no contents
    sa.Column("subject", sa.String(60), nullable=False, server_default=""),
    # region, kind and period, or a setting's name
    sa.Column("about", sa.Text, nullable=False, server_default=""),
)

people = sa.Table(
    "people",
    metadata,
    sa.Column("email", sa.String(254), primary_key=True),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("municipality", sa.Text, nullable=False, server_default=""),
    when_column("added_at"),
    who_column("added_by"),
)

signed_out = sa.Table(
    "signed_out",
    metadata,
    sa.Column("session", sa.String(64), primary_key=True),  # SHA-256 of the session in the cookie
    when_column("until"),
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
    number_column(),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),  # SHA-256 of the address it came from
    when_column("at"),
    sa.Index("ix_attempts_kind", "kind", "at"),
)
