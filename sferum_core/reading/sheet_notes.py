"""What a sheet says beside its values, as `scan` and `biff` count it; the names are those of answer.json.

Standard library only: the reading child imports it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class SheetNotes:
    """Counts of one sheet."""

    error_cells: int = 0
    formulas_without_value: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
