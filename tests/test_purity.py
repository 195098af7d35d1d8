"""Imports run one way: sferum_core stands alone, sferum_store knows no screen, pages know no database."""

from __future__ import annotations

import ast
import json
import pkgutil
import subprocess
import sys

import pytest

import sferum_core
import sferum_store
from tests.conftest import ROOT

FOREIGN = ("streamlit", "sqlalchemy", "starlette", "sferum_ui", "sferum_store")
SCREEN = ("streamlit", "starlette", "sferum_ui")
DATABASE = {"sqlalchemy", "alembic", "psycopg", "sqlite3"}
MODULES = sorted(found.name for found in pkgutil.walk_packages(sferum_core.__path__, "sferum_core."))

STORE_MODULES = sorted(
    found.name
    for found in pkgutil.walk_packages(sferum_store.__path__, "sferum_store.")
    if not found.name.endswith(".env")  # alembic runs it, nobody imports it
)

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
    assert {"sferum_store.weeks", "sferum_store.migrate"} <= set(STORE_MODULES)


@pytest.mark.parametrize(
    ("modules", "foreign"), [(MODULES, FOREIGN), (STORE_MODULES, SCREEN)], ids=["core", "store"]
)
def test_no_module_brings_a_framework_along(modules: list[str], foreign: tuple[str, ...]) -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROBE, json.dumps(foreign), *modules],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {}


def imported_by(source: str) -> set[str]:
    """Top-level packages that a module imports anywhere in its text."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_pages_know_no_database() -> None:
    files = [*(ROOT / "pages").glob("*.py"), *(ROOT / "sferum_ui").rglob("*.py")]
    assert len(files) > 20
    reached = {path.name: imported_by(path.read_text("utf-8")) & DATABASE for path in files}
    assert {name: found for name, found in reached.items() if found} == {}
    assert imported_by("def f():\n    from sqlalchemy.orm import Session") == {"sqlalchemy"}


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
import importlib, runpy, sys
runpy.run_path("sferum_core/reading/launch.py", run_name="probe")["bare_packages"]()
importlib.import_module("sferum_core.reading.child")
print([name for name in ("pandas", "pyarrow", "numpy", "pydantic") if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "[]"
