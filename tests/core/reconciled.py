"""Lists to reconcile and what came of them, in plain Python."""

from __future__ import annotations

import pandas as pd

from sferum_core.reconciliation import Reconciliation


def listed(names: list[str], municipality: str) -> pd.DataFrame:
    """Organizations of one municipality."""
    return pd.DataFrame({"organization": names, "municipality": [municipality] * len(names)}, dtype="str")


def pairs(frame: pd.DataFrame) -> set[tuple[int, int]]:
    """Rows of the platform and of the registry that stand together, 0-based."""
    return set(zip(frame["platform_row"].tolist(), frame["registry_row"].tolist(), strict=True))


def each_row_once(result: Reconciliation, platform: pd.DataFrame, registry: pd.DataFrame) -> bool:
    """Whether every row of both lists stands in exactly one of the four tables."""
    matched = pd.concat([result.pairs, result.doubtful])
    left = sorted([*matched["platform_row"], *result.only_platform["row"]])
    right = sorted([*matched["registry_row"], *result.only_registry["row"]])
    return left == list(range(len(platform))) and right == list(range(len(registry)))
