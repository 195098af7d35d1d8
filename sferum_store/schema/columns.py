"""What the tables share: their metadata, a time in UTC, and the columns that many of them have."""

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


def id_column() -> sa.Column[str]:
    return sa.Column("id", sa.String(40), primary_key=True)


def number_column() -> sa.Column[int]:
    """A number that grows with every row, for order."""
    return sa.Column(
        "number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    )


def who_column(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def when_column(name: str, *, optional: bool = False, index: bool = False) -> sa.Column[dt.datetime]:
    return sa.Column(name, UtcTime, nullable=optional, index=index)


def region_columns() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("region_key", sa.String(200), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
    )


def payload_column(name: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(64), sa.ForeignKey("payloads.digest"), nullable=optional, index=True)
