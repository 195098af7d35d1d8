"""The benchmark's report: printed at the end, written where `--benchmark-report` says."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.measure import Report


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make bench` names the page to write."""
    parser.addoption("--benchmark-report", default="", help="Markdown file for the measured ratios")


@pytest.fixture(scope="session")
def report(request: pytest.FixtureRequest) -> Iterator[Report]:
    """Where the benchmarks put their results."""
    gathered = Report()
    yield gathered
    print("\n\n" + gathered.table())
    target = request.config.getoption("--benchmark-report")
    if target:
        system = f"{platform.system()} {platform.machine()}"
        machine = f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}"
        gathered.write(Path(target), machine)
