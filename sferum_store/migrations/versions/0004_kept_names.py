"""Names that an office keeps, sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """A table of sealed sets: an organization's teachers on a date."""
    op.create_table(
        "kept_names",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("region_key", sa.String(length=200), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("organization_key", sa.String(length=200), nullable=False),
        sa.Column("organization", sa.Text(), nullable=False),
        sa.Column("municipality_key", sa.String(length=200), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by", sa.Text(), server_default="", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_names")),
        sa.UniqueConstraint("region_key", "organization_key", "date", name=op.f("uq_kept_names_region_key")),
    )
    op.create_index(op.f("ix_kept_names_expires_at"), "kept_names", ["expires_at"], unique=False)


def downgrade() -> None:
    """Drop it, with every name in it."""
    op.drop_table("kept_names")
