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
    port, log = free_port(), folder / "app.log"
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    environment["PYTHONPATH"] = str(ROOT)
    if organizations:
        region = folder / "region"
        region.mkdir()
        organizations_file(region / "demo_2024-04-04.xlsx", organizations)
        environment[REGION] = str(region)
    command = [sys.executable, "-m", "tests.load.served", str(port)]
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
