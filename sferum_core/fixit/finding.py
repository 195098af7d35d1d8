"""Which row of the export an answer is about: by its code, else by its ID, else by name within a municipality."""

from __future__ import annotations

import pandas as pd

from sferum_core.fixit.answers import Answered
from sferum_core.fixit.mending import ToMend
from sferum_core.grouping import group_keys
from sferum_core.names import municipality_key
from sferum_core.names.text import unify


class Places:
    """Rows of an export by what an answer names them with; what is not unique names nobody."""

    def __init__(self, wanted: ToMend) -> None:
        table = wanted.export.table.reset_index(drop=True)
        self._codes = {code: place for place, code in enumerate(wanted.codes)}
        self._ids = _unique([_id(text) for text in _texts(table, "organization_id")])
        keys = group_keys(table).tolist()
        names = [unify(text) if text else "" for text in _texts(table, "organization")]
        self._names = _unique(
            [f"{key}|{name}" if name else "" for key, name in zip(keys, names, strict=True)]
        )
        self._municipalities = _unique(keys) if "organization" not in table.columns else {}

    def by_code(self, answer: Answered) -> bool:
        """Whether the answer's own code names a row."""
        return answer.code in self._codes

    def find(self, answer: Answered) -> int | None:
        """The row's place in the table; None where nothing of the answer names exactly one."""
        if answer.code in self._codes:
            return self._codes[answer.code]
        texts = {field: cell.text.strip() for field, cell in answer.cells.items()}
        given = _id(texts.get("organization_id", ""))
        if given and given in self._ids:
            return self._ids[given]
        place = municipality_key(texts["municipality"]) if texts.get("municipality") else ""
        if texts.get("organization"):
            return self._names.get(f"{place}|{unify(texts['organization'])}")
        return self._municipalities.get(place) if place else None


def _id(text: str) -> str:
    return text.strip().lstrip("0")


def _texts(table: pd.DataFrame, column: str) -> list[str]:
    if column not in table.columns:
        return [""] * len(table)
    return [str(text) for text in table[column].astype("str").fillna("")]


def _unique(keys: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    repeated = set()
    for place, key in enumerate(keys):
        if key in found:
            repeated.add(key)
        elif key:
            found[key] = place
    return {key: place for key, place in found.items() if key not in repeated}
