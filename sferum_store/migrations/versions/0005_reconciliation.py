"""Сверка: the office's registry, organizations that wait for deactivation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Two tables more."""
    op.create_table(
        "registries",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("region_key", sa.String(length=200), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_by", sa.Text(), server_default="", nullable=False),
        sa.Column("payload", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["payload"], ["payloads.digest"], name=op.f("fk_registries_payload_payloads")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registries")),
        sa.UniqueConstraint("region_key", name=op.f("uq_registries_region_key")),
    )
    op.create_index(op.f("ix_registries_payload"), "registries", ["payload"], unique=False)
    op.create_table(
        "waiting",
        sa.Column(
            "number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("region_key", sa.String(length=200), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=220), nullable=False),
        sa.Column("organization_id", sa.Text(), server_default="", nullable=False),
        sa.Column("organization", sa.Text(), server_default="", nullable=False),
        sa.Column("municipality", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), server_default="", nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_waiting")),
    )
    op.create_index("ix_waiting_key", "waiting", ["region_key", "key"], unique=False)


def downgrade() -> None:
    """Without them."""
    op.drop_table("waiting")
    op.drop_table("registries")
