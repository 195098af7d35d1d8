"""Who may do what: people, sign-outs, the server's secret, counted attempts, the scope of a link."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Tables of access; a link made before shows what it always did."""
    op.create_table(
        "people",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("municipality", sa.Text(), server_default="", nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("email", name=op.f("pk_people")),
    )
    op.create_table(
        "signed_out",
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("session", name=op.f("pk_signed_out")),
    )
    op.create_table(
        "access_secrets",
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_access_secrets")),
    )
    op.create_table(
        "attempts",
        sa.Column(
            "number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_kind", "attempts", ["kind", "at"], unique=False)
    op.add_column("links", sa.Column("scope", sa.String(length=200), nullable=True))


def downgrade() -> None:
    """Without roles; links with a scope go, for they would show more than they were made for."""
    op.execute("DELETE FROM links WHERE scope IS NOT NULL")
    op.drop_column("links", "scope")
    op.drop_index("ix_attempts_kind", table_name="attempts")
    for table in ("attempts", "access_secrets", "signed_out", "people"):
        op.drop_table(table)
