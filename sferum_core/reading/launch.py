"""Starts a limited process: `python -I launch.py MODULE FOLDER` runs MODULE's `main(FOLDER)`.

With -I nothing of the product is on the path, and the packages' own `__init__` would bring pandas along. Bare packages
stand in for them, so that the modules of a child import each other by the names they have everywhere else.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

_ROOT = Path(__file__).resolve().parents[2]
_PACKAGES = ("sferum_core", "sferum_core.reading", "sferum_core.reports", "sferum_core.reports.templates")


def bare_packages() -> None:
    """Let modules of the product be imported without the code of their packages."""
    for name in _PACKAGES:
        package = ModuleType(name)
        package.__path__ = [str(_ROOT.joinpath(*name.split(".")))]
        sys.modules[name] = package


if __name__ == "__main__":
    bare_packages()
    importlib.import_module(sys.argv[1]).main(Path(sys.argv[2]))
