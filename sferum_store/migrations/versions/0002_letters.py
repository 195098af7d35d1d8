"""Letters that were sent, who answered, the fields of a week's letter, case forms of names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Four tables."""
    op.create_table(
        "mailings",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("region_key", sa.String(length=200), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("week_end", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("outgoing", sa.Text(), server_default="", nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("enclosures", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), server_default="", nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailings")),
    )
    op.create_index("ix_mailings_week", "mailings", ["region_key", "week_end"], unique=False)
    op.create_table(
        "mailing_recipients",
        sa.Column("mailing_id", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("municipality", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("marked_by", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["mailing_id"], ["mailings.id"], name=op.f("fk_mailing_recipients_mailing_id_mailings")
        ),
        sa.PrimaryKeyConstraint("mailing_id", "place", name=op.f("pk_mailing_recipients")),
    )
    op.create_table(
        "letter_fields",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_letter_fields")),
    )
    op.create_table(
        "case_forms",
        sa.Column(
            "number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("case", sa.String(length=10), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), server_default="", nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_case_forms")),
    )
    op.create_index("ix_case_forms_key", "case_forms", ["key", "case"], unique=False)


def downgrade() -> None:
    """Without them."""
    op.drop_index("ix_case_forms_key", table_name="case_forms")
    op.drop_table("case_forms")
    op.drop_table("letter_fields")
    op.drop_table("mailing_recipients")
    op.drop_index("ix_mailings_week", table_name="mailings")
    op.drop_table("mailings")
