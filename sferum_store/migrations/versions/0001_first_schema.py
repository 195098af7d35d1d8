"""The first schema: weeks, drafts, links, corrections, settings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Everything of the first version."""
    op.create_table(
        "audit",
        sa.Column(
            "number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("who", sa.Text(), server_default="", nullable=False),
        sa.Column("subject", sa.String(length=60), server_default="", nullable=False),
        sa.Column("about", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_table(
        "corrections",
        sa.Column(
            "number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("region_key", sa.String(length=200), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), server_default="", nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_corrections")),
    )
    op.create_index("ix_corrections_subject", "corrections", ["region_key", "field", "subject"], unique=False)
    op.create_table(
        "decisions",
        sa.Column(
            "number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("region_key", sa.String(length=200), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("pair_key", sa.String(length=64), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("identity", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), server_default="", nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_decisions")),
    )
    op.create_index("ix_decisions_pair", "decisions", ["region_key", "pair_key"], unique=False)
    op.create_table(
        "mappings",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_mappings")),
    )
    op.create_table(
        "marks",
        sa.Column(
            "number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("region_key", sa.String(length=200), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("organization", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), server_default="", nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_marks")),
    )
    op.create_index("ix_marks_key", "marks", ["region_key", "key"], unique=False)
    op.create_table(
        "office_settings",
        sa.Column(
            "number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_office_settings")),
    )
    op.create_index(op.f("ix_office_settings_key"), "office_settings", ["key"], unique=False)
    op.create_table(
        "payloads",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_payloads")),
    )
    op.create_table(
        "profiles",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_profiles")),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("region_key", sa.String(length=200), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("closed_in", sa.Date(), nullable=True),
        sa.Column("week_id", sa.String(length=40), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), server_default="", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index("ix_tasks_region", "tasks", ["region_key", "since"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("withheld", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), server_default="", nullable=False),
        sa.Column("payload", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["payload"], ["payloads.digest"], name=op.f("fk_drafts_payload")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_expires_at"), "drafts", ["expires_at"], unique=False)
    op.create_index(op.f("ix_drafts_payload"), "drafts", ["payload"], unique=False)
    op.create_table(
        "weeks",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("region_key", sa.String(length=200), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("period_key", sa.String(length=20), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("replaces", sa.String(length=40), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("file_names", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.String(length=60), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("finding_counts", sa.JSON(), nullable=False),
        sa.Column("profile_key", sa.String(length=120), nullable=False),
        sa.Column("reader_version", sa.String(length=40), nullable=False),
        sa.Column("calculation_version", sa.String(length=40), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Text(), server_default="", nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.Text(), server_default="", nullable=False),
        sa.Column("payload", sa.String(length=64), nullable=True),
        sa.Column("points", sa.String(length=64), nullable=True),
        sa.Column("original", sa.String(length=64), nullable=True),
        sa.Column("original_name", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["original"], ["payloads.digest"], name=op.f("fk_weeks_original")),
        sa.ForeignKeyConstraint(["payload"], ["payloads.digest"], name=op.f("fk_weeks_payload")),
        sa.ForeignKeyConstraint(["points"], ["payloads.digest"], name=op.f("fk_weeks_points")),
        sa.ForeignKeyConstraint(["replaces"], ["weeks.id"], name=op.f("fk_weeks_replaces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weeks")),
        sa.UniqueConstraint("region_key", "kind", "period_key", "version", name=op.f("uq_weeks_region_key")),
    )
    op.create_index(op.f("ix_weeks_original"), "weeks", ["original"], unique=False)
    op.create_index(op.f("ix_weeks_payload"), "weeks", ["payload"], unique=False)
    op.create_index(op.f("ix_weeks_points"), "weeks", ["points"], unique=False)
    op.create_index("ix_weeks_series", "weeks", ["region_key", "kind", "period_end"], unique=False)
    op.create_index(op.f("ix_weeks_sha256"), "weeks", ["sha256"], unique=False)
    op.create_table(
        "links",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("maker_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_token", sa.Text(), nullable=False),
        sa.Column("week_id", sa.String(length=40), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("page", sa.String(length=100), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("profile_key", sa.String(length=120), nullable=False),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.Column("calculation_version", sa.String(length=40), nullable=False),
        sa.Column("lifetime", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payload", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["payload"], ["payloads.digest"], name=op.f("fk_links_payload")),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name=op.f("fk_links_week_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_links_token_hash")),
    )
    op.create_index(op.f("ix_links_maker_hash"), "links", ["maker_hash"], unique=False)
    op.create_index(op.f("ix_links_payload"), "links", ["payload"], unique=False)
    op.create_index(op.f("ix_links_week_id"), "links", ["week_id"], unique=False)
    op.create_table(
        "week_details",
        sa.Column("week_id", sa.String(length=40), nullable=False),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name=op.f("fk_week_details_week_id")),
        sa.PrimaryKeyConstraint("week_id", name=op.f("pk_week_details")),
    )
    op.create_table(
        "week_sums",
        sa.Column("week_id", sa.String(length=40), nullable=False),
        sa.Column("municipality_key", sa.String(length=200), nullable=False),
        sa.Column("organization_type", sa.String(length=20), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("organizations", sa.BigInteger(), nullable=True),
        sa.Column("inactive", sa.Integer(), nullable=True),
        sa.Column("below_norm", sa.Integer(), nullable=True),
        sa.Column("target_missed", sa.Integer(), nullable=True),
        sa.Column("within_norm", sa.Integer(), nullable=True),
        sa.Column("target_met", sa.Integer(), nullable=True),
        sa.Column("leader", sa.Integer(), nullable=True),
        sa.Column("no_norm", sa.Integer(), nullable=True),
        sa.Column("no_data", sa.Integer(), nullable=True),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name=op.f("fk_week_sums_week_id")),
        sa.PrimaryKeyConstraint(
            "week_id", "municipality_key", "organization_type", name=op.f("pk_week_sums")
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Back to nothing."""
    op.drop_table("week_sums")
    op.drop_table("week_details")
    op.drop_index(op.f("ix_links_week_id"), table_name="links")
    op.drop_index(op.f("ix_links_payload"), table_name="links")
    op.drop_index(op.f("ix_links_maker_hash"), table_name="links")
    op.drop_table("links")
    op.drop_index(op.f("ix_weeks_sha256"), table_name="weeks")
    op.drop_index("ix_weeks_series", table_name="weeks")
    op.drop_index(op.f("ix_weeks_points"), table_name="weeks")
    op.drop_index(op.f("ix_weeks_payload"), table_name="weeks")
    op.drop_index(op.f("ix_weeks_original"), table_name="weeks")
    op.drop_table("weeks")
    op.drop_index(op.f("ix_drafts_payload"), table_name="drafts")
    op.drop_index(op.f("ix_drafts_expires_at"), table_name="drafts")
    op.drop_table("drafts")
    op.drop_index("ix_tasks_region", table_name="tasks")
    op.drop_table("tasks")
    op.drop_table("profiles")
    op.drop_table("payloads")
    op.drop_index(op.f("ix_office_settings_key"), table_name="office_settings")
    op.drop_table("office_settings")
    op.drop_index("ix_marks_key", table_name="marks")
    op.drop_table("marks")
    op.drop_table("mappings")
    op.drop_index("ix_decisions_pair", table_name="decisions")
    op.drop_table("decisions")
    op.drop_index("ix_corrections_subject", table_name="corrections")
    op.drop_table("corrections")
    op.drop_index(op.f("ix_audit_at"), table_name="audit")
    op.drop_table("audit")
