"""What a row of a table may be beside data, and the words by which rows are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sferum_core.reading.columns import Column
from sferum_core.reading.rawbook import TEXT
from sferum_core.reading.wording import TOTAL_ROW, plain

TOTAL, AVERAGE, HEADING, NOTE, REPEATED, NUMBERING = (
    "total",
    "average",
    "heading",
    "note",
    "repeated",
    "numbering",
)
REASONS = {
    TOTAL: "строка итога",
    AVERAGE: "строка среднего значения",
    HEADING: "заголовок группы строк",
    NOTE: "примечание или пустая по показателям строка",
    REPEATED: "повтор заголовка таблицы",
    NUMBERING: "номера столбцов",
}
_MANY_TEXTS = 5_000


@dataclass(eq=False)
class Rows:
    """Rows of a table by their part in it; every array has one element for a row under the header."""

    reason: np.ndarray  # object: "" for data, a key of REASONS else
    blank: np.ndarray
    heading_of: dict[int, str] = field(
        default_factory=dict
    )  # row -> «municipality» or «organization_type» it names
    labels: dict[int, str] = field(default_factory=dict)  # row -> the words of a total or a heading

    @property
    def data(self) -> np.ndarray:
        """Which rows go into the table."""
        return (self.reason == "") & ~self.blank


def mark_texts(
    column: Column,
    test: Callable[[str], bool],
    where: np.ndarray | None = None,
    hint: Callable[[str], bool] | None = None,
) -> np.ndarray:
    """Rows (of `where`) whose text in the column passes `test`, asked once for each distinct text.

    In a column of very many distinct texts only those that pass the cheaper `hint` are asked.
    """
    cells = column.cells
    is_text = cells.kinds == TEXT
    if where is not None:
        is_text &= where
    if not is_text.any():
        return np.zeros(len(cells.kinds), dtype=bool)
    used = np.flatnonzero(np.bincount(cells.codes[is_text], minlength=len(cells.texts)))
    if hint is not None and len(used) > _MANY_TEXTS:
        possible = np.zeros(len(cells.texts), dtype=bool)
        possible[[code for code, text in enumerate(cells.texts) if hint(text)]] = True
        used = used[possible[used]]
    hit = np.zeros(len(cells.texts) + 1, dtype=bool)
    hit[used] = [bool(test(cells.texts[code])) for code in used]
    return hit[np.where(is_text, cells.codes, -1)] & is_text


def is_total(text: str) -> bool:
    """Whether a label is that of a total row: «Итого по району», «ВСЕГО»."""
    return len(text) < 120 and bool(TOTAL_ROW.search(plain(text)))
