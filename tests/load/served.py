"""The app on a port of its own, over the demo region or over a made region of any size in its place."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.files import organizations_file
from tests.conftest import ROOT, Server, _wait_until_ready, free_port

REGION = "SFERUM_LOAD_REGION"


@contextlib.contextmanager
def app_with(folder: Path, organizations: int | None = None) -> Iterator[Server]:
    """Start the app; `organizations` rows stand in for the demo. Stops it by its own PID."""
    environment = {**os.environ, "SFERUM_DATA_DIR": str(folder / "data")}
    if organizations:
        region = folder / "region"
        region.mkdir()
        organizations_file(region / "demo_2024-04-04.xlsx", organizations)
        environment[REGION] = str(region)
    with running("tests.load.served", folder, environment) as server:
        yield server


@contextlib.contextmanager
def running(module: str, folder: Path, environment: dict[str, str], *arguments: str) -> Iterator[Server]:
    """A module that serves the port it is given, as a process of its own; stopped by its own PID."""
    port, log = free_port(), folder / f"{module}.log"
    environment = {**environment, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", module, str(port), *arguments]
    with log.open("wb") as sink:
        process = subprocess.Popen(command, cwd=ROOT, stdout=sink, stderr=subprocess.STDOUT, env=environment)
        server = Server(f"http://127.0.0.1:{port}", process, log)
        try:
            _wait_until_ready(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _serve() -> None:
    import uvicorn  # noqa: PLC0415 - only the started process serves

    import app  # noqa: PLC0415
    from sferum_ui import demo  # noqa: PLC0415

    if region := os.environ.get(REGION):
        demo.FOLDER = Path(region)
    uvicorn.run(app.app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")


if __name__ == "__main__":
    _serve()
