"""A PostgreSQL cluster of a test run's own: on a Unix socket in a temporary folder, gone at the end."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.conftest import find_initdb

_ACCOUNTS = ("postgres", "nobody")  # PostgreSQL refuses to run as root
_QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "logging_collector": "off",
}


@dataclass
class Cluster:
    """A running cluster; `new_database` gives the address of an empty database."""

    socket: Path
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def url(self, database: str) -> str:
        """The address of a database as a setting gives it."""
        return f"postgresql://postgres@/{database}?host={self.socket}"

    def new_database(self, template: str | None = None) -> str:
        """The address of a new database, empty or a copy of `template`."""
        name = f"t{next(self._numbers)}"
        self.run(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Drop a database, whoever is connected to it."""
        name = url.split("@/")[1].split("?", maxsplit=1)[0]
        self.run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def run(self, statement: str) -> None:
        """Run a statement outside of any database of the tests."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextlib.contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Starts a cluster and stops it by its own PID."""
    initdb = find_initdb()
    assert initdb is not None
    programs = Path(initdb).resolve().parent
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="sferum-pg-"))
    try:
        if account:
            shutil.chown(folder, account)
        data = folder / "data"
        make = [
            initdb,
            "-D",
            str(data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]
        subprocess.run(make, check=True, capture_output=True, cwd=folder, user=account)
        options = [part for name, value in _QUICK.items() for part in ("-c", f"{name}={value}")]
        command = [str(programs / "postgres"), "-D", str(data), "-k", str(folder), *options]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=folder, user=account, start_new_session=True
            )
        try:
            cluster = Cluster(folder)
            _wait(cluster, server, folder / "log")
            yield cluster
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> str | None:
    if os.getuid() != 0:
        return None
    import pwd  # noqa: PLC0415 - Windows has none

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _ACCOUNTS if name in known)


def _wait(cluster: Cluster, server: subprocess.Popen[bytes], log: Path, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            cluster.run("SELECT 1")
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
