"""The figures of a letter, counted once: by type of organization, by status, by municipality."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sferum_core.model import OrganizationType, Status
from sferum_core.names import GROUP_ORDER
from sferum_core.norms import Level, NormProfile, Rule
from sferum_core.reports.letters.phrases import line
from sferum_core.wording import NO_BREAK_SPACE

BEHIND = (Status.BELOW_NORM, Status.TARGET_MISSED)
TYPE_ORDER = (*(str(kind) for kind in OrganizationType), "")


_COLUMNS = (
    "organization_id",
    "organization",
    "organization_type",
    "municipality_shown",
    "group",
    "status",
    "active_by",
    "main_share",
    "missing_to_norm",
    "missing_to_target",
    "why_no_norm",
    "why_no_target",
    "what_to_do",
    "waiting",
)


def for_letters(words: pd.DataFrame) -> pd.DataFrame:
    """The columns letters speak of, as objects: rows of one block are picked ten times as fast."""
    return words[[name for name in _COLUMNS if name in words.columns]].astype(object)


@dataclass(frozen=True, eq=False)
class TypeCounts:
    """Organizations of one type: how many, how many with each status, and the rule that judges them."""

    organization_type: str
    rule: Rule | None
    rows: pd.DataFrame

    def count(self, *statuses: Status) -> int:
        """How many have one of the statuses."""
        return sum(self.numbers.get(status.value, 0) for status in statuses)

    @cached_property
    def numbers(self) -> Counter[str]:
        """How many rows each status has."""
        return Counter(self.rows["status"].tolist())

    def with_status(self, *statuses: Status) -> pd.DataFrame:
        """Rows with one of the statuses."""
        return self.rows[self.rows["status"].isin([status.value for status in statuses])]

    @property
    def total(self) -> int:
        """Organizations of the type."""
        return len(self.rows)


def by_type(words: pd.DataFrame, profile: NormProfile) -> list[TypeCounts]:
    """ДОО, ОО and so on, those that are there; an unknown type last. `words` comes from `with_words`."""
    words = for_letters(words)
    types = types_of(words)
    found = []
    for kind in dict.fromkeys([*TYPE_ORDER, *sorted(set(types))]):
        rows = words[(types == kind).to_numpy(dtype=bool)]
        if len(rows):
            rule = profile.rule(Level.ORGANIZATION, kind, profile.main_indicator) if kind else None
            found.append(TypeCounts(kind, rule, rows))
    return found


def types_of(words: pd.DataFrame) -> pd.Series:
    """The type of each row as text, "" for none."""
    if "organization_type" not in words.columns:
        return pd.Series("", index=words.index, dtype="str")
    return words["organization_type"].astype(object).where(words["organization_type"].notna(), "")


def municipality_counts(rows: pd.DataFrame) -> list[tuple[str, list[tuple[str, int]]]]:
    """How many rows in each municipality, grouped and ordered as the letter does (000): cities, then districts."""
    counts = Counter(zip(rows["group"].tolist(), rows["municipality_shown"].tolist(), strict=True))
    result = []
    for group in GROUP_ORDER:
        names = [(line(name), size) for (own, name), size in counts.items() if own == group]
        if names:
            result.append((group, sorted(names, key=lambda pair: pair[0].casefold().replace("ё", "е"))))
    return result


def municipality_list(rows: pd.DataFrame) -> str:
    """«городские округа: г. Лесной – 3, Озёрский городской округ – 2; …»: full names, in the nominative."""
    groups = municipality_counts(rows)
    parts = []
    for group, names in groups:
        listed = ", ".join(f"{name}{NO_BREAK_SPACE}–{NO_BREAK_SPACE}{count}" for name, count in names)
        parts.append(f"{group}: {listed}" if len(groups) > 1 else listed)
    return "; ".join(parts)
