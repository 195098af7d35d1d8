"""What the worker can be asked for: pure functions by name, each its arguments in, its result out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sferum_core import read_export
from sferum_core.checks import check_export, run_checks
from sferum_store.privacy import storable_export

TASKS: Mapping[str, Callable[..., Any]] = {
    function.__name__: function for function in (read_export, check_export, run_checks, storable_export)
}
