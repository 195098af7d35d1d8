"""Tables of what an office decided and wrote: corrections, tasks, letters, words, names kept under seal."""

from __future__ import annotations

import sqlalchemy as sa

from sferum_store.schema.columns import (
    id_column,
    metadata,
    number_column,
    region_columns,
    when_column,
    who_column,
)

corrections = sa.Table(
    "corrections",
    metadata,
    number_column(),
    *region_columns(),
    sa.Column("field", sa.String(30), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),  # ID of an organization, or the spelling met
    sa.Column("value", sa.JSON, nullable=False),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    when_column("made_at"),
    who_column("made_by"),
    when_column("undone_at", optional=True),
    who_column("undone_by"),
    sa.Index("ix_corrections_subject", "region_key", "field", "subject"),
)

mappings = sa.Table(
    "mappings",
    metadata,
    sa.Column("fingerprint", sa.String(64), primary_key=True),
    sa.Column("headers", sa.JSON, nullable=False),
    # pairs of a header's text or a column's number, and a field
    sa.Column("choices", sa.JSON, nullable=False),
    when_column("confirmed_at"),
    who_column("confirmed_by"),
)

office_settings = sa.Table(
    "office_settings",
    metadata,
    number_column(),
    sa.Column("key", sa.String(60), nullable=False, index=True),
    sa.Column("value", sa.JSON, nullable=False),
    when_column("set_at"),
    who_column("set_by"),
)

marks = sa.Table(
    "marks",
    metadata,
    number_column(),
    *region_columns(),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("code", sa.String(60), nullable=False),
    sa.Column("organization", sa.Text, nullable=False, server_default=""),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    when_column("made_at"),
    who_column("made_by"),
    when_column("undone_at", optional=True),
    who_column("undone_by"),
    sa.Index("ix_marks_key", "region_key", "key"),
)

tasks = sa.Table(
    "tasks",
    metadata,
    id_column(),
    *region_columns(),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("due", sa.Date, nullable=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("since", sa.Date, nullable=False),  # last day of the week whose meeting set it
    sa.Column("closed_in", sa.Date, nullable=True),  # last day of the week whose meeting closed it
    sa.Column("week_id", sa.String(40), nullable=True),
    when_column("made_at"),
    who_column("made_by"),
    when_column("changed_at"),
    who_column("changed_by"),
    sa.Index("ix_tasks_region", "region_key", "since"),
)

decisions = sa.Table(
    "decisions",
    metadata,
    number_column(),
    *region_columns(),
    sa.Column("pair_key", sa.String(64), nullable=False),
    sa.Column("accepted", sa.Boolean, nullable=False),
    sa.Column("identity", sa.JSON, nullable=False),
    when_column("made_at"),
    who_column("made_by"),
    when_column("undone_at", optional=True),
    who_column("undone_by"),
    sa.Index("ix_decisions_pair", "region_key", "pair_key"),
)

mailings = sa.Table(
    "mailings",
    metadata,
    id_column(),
    *region_columns(),
    sa.Column("week_end", sa.Date, nullable=False),  # last day of the week the letter is about
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("sent_on", sa.Date, nullable=False),
    sa.Column("outgoing", sa.Text, nullable=False, server_default=""),
    sa.Column("deadline", sa.Date, nullable=True),
    sa.Column("enclosures", sa.JSON, nullable=False),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    when_column("made_at"),
    who_column("made_by"),
    when_column("removed_at", optional=True),
    who_column("removed_by"),
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
    when_column("marked_at", optional=True),
    who_column("marked_by"),
)

letter_fields = sa.Table(
    "letter_fields",
    metadata,
    # SHA-256 of the region and the week, or of a draft's id
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("fields", sa.JSON, nullable=False),
    when_column("changed_at"),
    who_column("changed_by"),
)

case_forms = sa.Table(
    "case_forms",
    metadata,
    number_column(),
    sa.Column("key", sa.String(64), nullable=False),  # SHA-256 of the name, spaces and case evened out
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("case", sa.String(10), nullable=False),
    sa.Column("form", sa.Text, nullable=False),
    when_column("made_at"),
    who_column("made_by"),
    when_column("undone_at", optional=True),
    who_column("undone_by"),
    sa.Index("ix_case_forms_key", "key", "case"),
)

waiting = sa.Table(
    "waiting",
    metadata,
    number_column(),
    *region_columns(),
    sa.Column("key", sa.String(220), nullable=False),
    sa.Column("organization_id", sa.Text, nullable=False, server_default=""),
    sa.Column("organization", sa.Text, nullable=False, server_default=""),
    sa.Column("municipality", sa.Text, nullable=False, server_default=""),
    when_column("made_at"),
    who_column("made_by"),
    when_column("undone_at", optional=True),
    who_column("undone_by"),
    sa.Index("ix_waiting_key", "region_key", "key"),
)

kept_names = sa.Table(
    "kept_names",
    metadata,
    id_column(),
    *region_columns(),
    # Keys are cut to 200 characters by `short_key`; an organization's is its ID, else its name, else "".
    sa.Column("organization_key", sa.String(200), nullable=False),
    sa.Column("organization", sa.Text, nullable=False),
    sa.Column("municipality_key", sa.String(200), nullable=False),
    sa.Column("municipality", sa.Text, nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("people", sa.Integer, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),  # a table of kind `teachers`, encrypted
    when_column("kept_at"),
    who_column("kept_by"),
    when_column("expires_at", index=True),
    sa.UniqueConstraint("region_key", "organization_key", "date"),
)
