"""sferum_core stands alone: no web framework and no database comes along with any of its modules."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys

import sferum_core
from tests.conftest import ROOT

FOREIGN = ("streamlit", "sqlalchemy", "starlette", "sferum_ui", "sferum_store")
MODULES = sorted(found.name for found in pkgutil.walk_packages(sferum_core.__path__, "sferum_core."))

# One fresh interpreter imports the modules in turn and says after which one something foreign was there.
PROBE = """
import importlib, json, sys
found = {}
for name in sys.argv[2:]:
    importlib.import_module(name)
    came = [foreign for foreign in json.loads(sys.argv[1]) if foreign in sys.modules]
    if came:
        found[name] = came
        break
print(json.dumps(found))
"""


def test_every_module_is_there_to_be_tested() -> None:
    assert "sferum_core.model" in MODULES
    assert len(MODULES) > 10


def test_no_module_of_sferum_core_brings_a_framework_along() -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROBE, json.dumps(FOREIGN), *MODULES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {}


def test_the_probe_notices_a_framework() -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROBE, json.dumps(["starlette"]), "json", "starlette.routing"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(run.stdout) == {"starlette.routing": ["starlette"]}


def test_the_readers_child_needs_no_pandas() -> None:
    """design.md: a child with pandas takes 850 ms to start, without it 25 ms."""
    code = """
import runpy, sys
runpy.run_path("sferum_core/reading/child.py", run_name="probe")
print([name for name in ("pandas", "pyarrow", "numpy") if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "[]"
