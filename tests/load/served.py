"""The app on a port of its own, over the demo region or over a made region of any size in its place."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.files import organizations_file
from tests.conftest import ROOT, Server, free_port, served

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
    port = free_port()
    command = ["-m", module, str(port), *arguments]
    with served(command, port, folder / f"{module}.log", {**environment, "PYTHONPATH": str(ROOT)}) as server:
        yield server


def _serve() -> None:
    import uvicorn  # noqa: PLC0415 - only the started process serves

    import app  # noqa: PLC0415
    from sferum_ui import demo  # noqa: PLC0415

    if region := os.environ.get(REGION):
        demo.FOLDER = Path(region)
    uvicorn.run(app.app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")


if __name__ == "__main__":
    _serve()
