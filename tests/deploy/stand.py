"""The office's whole installation on loopback: nginx by deploy/nginx.conf, two replicas, a PostgreSQL of its own."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import COMMANDS, ROOT, Server, find_nginx, free_port, stop, wait_until_ready
from tests.postgres import running_cluster

SITE = ROOT / "deploy" / "nginx.conf"
NAMES = ("a", "b")
_MAIN = """\
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
worker_processes 1;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    {temporary}
    include {folder}/site.conf;
}}
"""
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass
class Replica:
    """One process of the app; may be killed and started again on its port."""

    name: str
    port: int
    folder: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; it is not ready yet."""
        command = [sys.executable, *(part.format(port=self.port) for part in COMMANDS["uvicorn"])]
        with (self.folder / f"replica-{self.name}.log").open("ab") as sink:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdout=sink, stderr=subprocess.STDOUT, env=self.environment
            )

    def wait(self) -> None:
        """Wait until it takes requests."""
        assert self.process is not None
        log = self.folder / f"replica-{self.name}.log"
        wait_until_ready(Server(f"http://127.0.0.1:{self.port}", self.process, log))

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End the process, if it runs."""
        if self.process is not None and self.process.poll() is None:
            stop(self.process)


@dataclass
class Stand:
    """What is running. `url` is nginx's; `database_url` the cluster's database with everything in it."""

    url: str
    database_url: str
    folder: Path
    replicas: dict[str, Replica]

    def log(self) -> list[str]:
        """Lines of nginx's access log."""
        return (self.folder / "sferum.log").read_text(encoding="utf-8").splitlines()


def site_text(folder: Path, port: int, replicas: dict[str, int]) -> str:
    """The site's configuration with the ports and folders of this stand."""
    text = SITE.read_text(encoding="utf-8")
    for place, changed in (
        ("listen 80 default_server;", f"listen 127.0.0.1:{port} default_server;"),
        ("listen [::]:80 default_server;", ""),
        ("/var/log/nginx/", f"{folder}/"),
        ("/var/cache/sferum-nginx", f"{folder}/cache"),
        ("127.0.0.1:8501", f"127.0.0.1:{replicas['a']}"),
        ("127.0.0.1:8502", f"127.0.0.1:{replicas['b']}"),
        ('"~:8501$"', f'"~:{replicas["a"]}$"'),
        ('"~:8502$"', f'"~:{replicas["b"]}$"'),
    ):
        assert place in text, f"{place} is no longer in {SITE.name}"
        text = text.replace(place, changed)
    assert not re.search(r"\b850[12]\b", text)
    return text


@contextlib.contextmanager
def running_nginx(folder: Path, port: int, replicas: dict[str, int]) -> Iterator[None]:
    """nginx with the site on a port of 127.0.0.1, stopped by its own PID."""
    program = find_nginx()
    assert program is not None
    (folder / "site.conf").write_text(site_text(folder, port, replicas), encoding="utf-8")
    temporary = "\n    ".join(f"{name}_temp_path {folder}/temp-{name};" for name in _TEMPORARY)
    user = "user root;" if os.getuid() == 0 else ""  # the folder of the test is closed to others
    main = folder / "nginx.conf"
    main.write_text(_MAIN.format(folder=folder, temporary=temporary, user=user), encoding="utf-8")
    command = [program, "-p", str(folder), "-c", str(main), "-e", str(folder / "nginx-error.log")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        while not (folder / "nginx.pid").exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((folder / "nginx-error.log").read_text(errors="replace"))
            time.sleep(0.02)
        yield
    finally:
        stop(process)


@contextlib.contextmanager
def running_stand(folder: Path) -> Iterator[Stand]:
    """Starts everything, and stops everything by its own PIDs."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running_cluster() as cluster:
        database_url = cluster.new_database()
        environment = {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "SFERUM_DATABASE_URL": database_url,
            "SFERUM_PUBLIC_URL": url,
            "SFERUM_LINK_FAILURES": "1000",  # the limit of nginx is tried here, all from one address
        }
        replicas = {
            name: Replica(name, free_port(), folder, {**environment, "SFERUM_DATA_DIR": str(folder / name)})
            for name in NAMES
        }
        try:
            for replica in replicas.values():
                replica.start()
            for replica in replicas.values():
                replica.wait()
            with running_nginx(folder, port, {name: replica.port for name, replica in replicas.items()}):
                yield Stand(url, database_url, folder, replicas)
        finally:
            for replica in replicas.values():
                replica.stop()
