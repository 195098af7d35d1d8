"""Every test of the store runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sferum_store import Store, open_store
from tests.postgres import Cluster, running_cluster

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL cluster of this run."""
    with running_cluster() as running:
        yield running


@pytest.fixture(scope="session")
def migrated(cluster: Cluster) -> str:
    """Name of a database with the schema, to copy."""
    url = cluster.new_database()
    open_store(url).close()
    return url.split("@/")[1].split("?")[0]


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which nothing has been made yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'sferum.sqlite'}"
        return
    running: Cluster = request.getfixturevalue("cluster")
    url = running.new_database()
    yield url
    running.drop_database(url)


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with the schema."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'sferum.sqlite'}"
        open_store(address).close()
        yield address
        return
    running: Cluster = request.getfixturevalue("cluster")
    address = running.new_database(request.getfixturevalue("migrated"))
    yield address
    running.drop_database(address)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open store of one's own."""
    opened = open_store(url)
    yield opened
    opened.close()
