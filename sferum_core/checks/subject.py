"""What the checks look at: the table by columns, names brought to one spelling, the week before beside it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np
import pandas as pd

from sferum_core.grouping import display_names, group_keys
from sferum_core.indicators import INDICATORS
from sferum_core.model import Export, ExportKind, Period
from sferum_core.names import organization_types, strangers
from sferum_core.names.text import map_unique, unify
from sferum_core.norms import NormProfile
from sferum_core.organizations import rule_activity
from sferum_core.reading.fields import FIELDS, Content
from sferum_core.wording import number, percent

_ENOUGH_IN_COMMON = 0.5
_LABEL = 90
_WORDS = (Content.TEXT, Content.ID, Content.TYPE)


class Subject:
    """One export under check. Arrays have one element for a row of the table; missing numbers are NaN."""

    def __init__(
        self,
        export: Export,
        profile: NormProfile,
        previous: Export | None = None,
        today: dt.date | None = None,
    ) -> None:
        self.export = export
        self.profile = profile
        self.today = today
        self.table = export.table.reset_index(drop=True)
        comparable = previous is not None and previous.kind is export.kind and len(previous.table)
        self.before = Subject(previous, profile) if previous is not None and comparable else None
        self._filled: dict[str, bool] = {}
        self._numbers: dict[str, np.ndarray] = {}
        self._texts: dict[str, pd.Series] = {}

    def __len__(self) -> int:
        return len(self.table)

    @property
    def kind(self) -> ExportKind:
        """The kind of the table."""
        return self.export.kind

    @property
    def period(self) -> Period | None:
        """The reporting period, when the file names one."""
        return self.export.period

    def has(self, *columns: str) -> bool:
        """Whether every column is there with at least one value; blanks are none."""
        for name in columns:
            if name not in self._filled:
                words = name in FIELDS and FIELDS[name].content in _WORDS
                values = self.text(name) if words else self.table.get(name)
                self._filled[name] = values is not None and bool(values.notna().any())
        return all(self._filled[name] for name in columns)

    def offers(self, need: str) -> bool:
        """Whether a column with values, or the argument `previous`, `today` or `period`, is there."""
        if need == "previous":
            return self.before is not None
        if need == "today":
            return self.today is not None
        if need == "period":
            return self.period is not None
        return self.has(need)

    def numbers(self, column: str) -> np.ndarray:
        """A column of counts or shares as float64; all NaN when the table lacks it."""
        if column not in self._numbers:
            if column in self.table.columns:
                values = pd.to_numeric(self.table[column], errors="coerce")
                found = values.to_numpy(dtype="float64", na_value=np.nan)
            else:
                found = np.full(len(self), np.nan)
            self._numbers[column] = found
        return self._numbers[column]

    def text(self, column: str) -> pd.Series:
        """A column of words without blanks around; empty cells are missing."""
        if column not in self._texts:
            if column in self.table.columns:
                found = self.table[column].astype("str").str.strip()
                found = found.where(found != "").astype("str")
            else:
                found = pd.Series(pd.NA, index=self.table.index).astype("str")
            self._texts[column] = found
        return self._texts[column]

    def missing(self, column: str) -> np.ndarray:
        """Rows whose cell of a text column is empty."""
        return self.text(column).isna().to_numpy(dtype=bool)

    @cached_property
    def counts(self) -> list[str]:
        """Columns of counts that have values."""
        return [
            name
            for name in self.table.columns
            if name in FIELDS and FIELDS[name].content is Content.COUNT and self.has(name)
        ]

    @cached_property
    def keys(self) -> np.ndarray:
        """Key of each row's municipality; "" where it is not given."""
        return group_keys(self.table).to_numpy(dtype=object)

    @cached_property
    def displayed(self) -> dict[str, str]:
        """The spelling of each municipality's key to show."""
        return display_names(self.table)

    @cached_property
    def names(self) -> pd.Series:
        """Names of organizations in one spelling (case, ё, quotes, dashes)."""
        return map_unique(self.text("organization"), unify)

    @cached_property
    def people(self) -> pd.Series:
        """Names of people in one spelling."""
        return map_unique(self.text("full_name"), _unify_person)

    @cached_property
    def types(self) -> np.ndarray:
        """Types as the table has them; "" where it has none."""
        return self.text("organization_type").fillna("").to_numpy(dtype=object)

    @cached_property
    def types_by_name(self) -> np.ndarray:
        """Types that the names tell; "" where they tell none."""
        return organization_types(self.text("organization")).fillna("").to_numpy(dtype=object)

    @cached_property
    def strangers(self) -> np.ndarray:
        """Why each row is no organization of the region; "" for ordinary ones."""
        return strangers(self.text("organization")).fillna("").to_numpy(dtype=object)

    @cached_property
    def active(self) -> np.ndarray:
        """Stated activity: 1, 0, NaN."""
        if "is_active" not in self.table.columns:
            return np.full(len(self), np.nan)
        return self.table["is_active"].astype("boolean").to_numpy(dtype="float64", na_value=np.nan)

    @cached_property
    def computed_activity(self) -> np.ndarray:
        """What the profile's rule alone says: 1, 0, NaN."""
        computed = rule_activity(self.table, self.profile.activity_rule)
        return computed.to_numpy(dtype="float64", na_value=np.nan)

    @cached_property
    def identical(self) -> np.ndarray:
        """Rows that repeat an earlier row in every column."""
        return self.table.duplicated().to_numpy(dtype=bool)

    @cached_property
    def dates(self) -> pd.Series:
        """Dates of the rows as datetime64; all missing without the column."""
        if "date" not in self.table.columns:
            return pd.Series(pd.NaT, index=self.table.index)
        return pd.to_datetime(self.table["date"], errors="coerce").dt.normalize()

    @cached_property
    def main(self) -> tuple[np.ndarray, np.ndarray]:
        """Numerator and denominator of the profile's main indicator."""
        item = INDICATORS[self.profile.main_indicator]
        below = item.denominator_columns(self.profile.denominator)
        return self._sum(item.numerator), self._sum(below)

    def _sum(self, columns: tuple[str, ...]) -> np.ndarray:
        return np.sum([self.numbers(name) for name in columns], axis=0)

    @cached_property
    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """Positions of the same rows now and in the week before, told by ID, else by name, else by municipality."""
        nothing = np.zeros(0, dtype=int), np.zeros(0, dtype=int)
        if self.before is None:
            return nothing
        best = nothing
        for identity in (_by_id, _by_name, _by_municipality):
            now, then = identity(self), identity(self.before)
            if now is None or then is None:
                continue
            found = _common(now, then)
            if len(found[0]) >= _ENOUGH_IN_COMMON * min(len(self), len(self.before)):
                return found
            best = max(best, found, key=lambda pair: len(pair[0]))
        return best

    @cached_property
    def labels(self) -> Labels:
        """What each row is called: the organization with its ID, the person, or the municipality."""
        if self.kind is ExportKind.TEACHERS:
            return Labels([self.text("full_name")])
        return Labels([self.text(column) for column in ("organization", "organization_id", "municipality")])

    def shown(self, rows: np.ndarray, columns: tuple[str, ...]) -> tuple[str, ...]:
        """The values of some columns beside each row, as «12 и 10»."""
        texts = [_all_shown(self.table[name].iloc[rows], name) for name in columns]
        return tuple(" и ".join(values) for values in zip(*texts, strict=True))

    def where_found(self, column: str, pattern: re.Pattern[str]) -> np.ndarray:
        """Rows whose text has the pattern, which must not run over the end of a line."""
        values = self.text(column)
        found = _matching(values.dropna().unique().tolist(), pattern)
        return values.isin(found).to_numpy(dtype=bool) if found else np.zeros(len(self), dtype=bool)

    def where_text(self, column: str, test: Callable[[str], bool]) -> np.ndarray:
        """Rows whose text passes `test`, asked once for each distinct text."""
        values = self.text(column)
        answers = {value: test(value) for value in values.dropna().unique()}
        return values.map(answers).eq(True).fillna(False).to_numpy(dtype=bool)


class Labels:
    """What rows are called, worked out for those asked for: of 100,000 a finding tells three."""

    def __init__(self, texts: Sequence[pd.Series]) -> None:
        self._texts = texts

    @overload
    def __getitem__(self, rows: int | np.integer[Any]) -> str: ...
    @overload
    def __getitem__(self, rows: np.ndarray) -> np.ndarray: ...
    def __getitem__(self, rows: int | np.integer[Any] | np.ndarray) -> str | np.ndarray:
        """The label of a row, or an array of those of several, by position."""
        if not isinstance(rows, np.ndarray):
            return _label(int(rows), *(_text(column.iloc[int(rows)]) for column in self._texts))
        asked = [[_text(text) for text in column.iloc[rows]] for column in self._texts]
        labels = np.empty(len(rows), dtype=object)
        for place, (row, *texts) in enumerate(zip(rows, *asked, strict=True)):
            labels[place] = _label(int(row), *texts)
        return labels


def _text(value: object) -> str | None:
    return None if pd.isna(value) else str(value)  # type: ignore[call-overload]


def _label(row: int, name: str | None, code: str | None = None, place: str | None = None) -> str:
    name = " ".join(name.split()) if name else None
    if name and len(name) > _LABEL:
        name = name[:_LABEL].rstrip() + "…"
    if name and code:
        return f"{name} (ID {code})"
    if name:
        return f"{name} ({place})" if place else name
    if code:
        return f"ID {code}"
    return place or f"строка таблицы {row + 1}"


def _matching(texts: list[str], pattern: re.Pattern[str]) -> set[str]:
    """The texts in which a pattern is found, by one search over all of them at once."""
    lines = [text.replace("\n", " ") for text in texts]
    starts = np.cumsum([0, *(len(line) + 1 for line in lines)])
    hits = [match.start() for match in pattern.finditer("\n".join(lines))]
    return {texts[place] for place in np.unique(np.searchsorted(starts, hits, side="right") - 1)}


def _unify_person(name: str) -> str:
    return " ".join(name.lower().replace("ё", "е").replace(".", " ").split())


def _all_shown(values: pd.Series, column: str) -> list[str]:
    """`_shown` of every value; each distinct one is worked out once."""
    codes, distinct = pd.factorize(values)
    told = [*(_shown(value, column) for value in distinct), _shown(None, column)]
    return [told[code] for code in codes]  # a missing value has the code -1: the last


def _shown(value: object, column: str) -> str:
    if pd.isna(value):  # type: ignore[call-overload]
        return "нет данных"
    content = FIELDS[column].content if column in FIELDS else Content.TEXT
    if content is Content.SHARE:
        return percent(float(value))  # type: ignore[arg-type]
    if content is Content.COUNT:
        return number(int(value))  # type: ignore[call-overload]
    if content is Content.STATUS:
        return "Активна" if value else "Не активна"
    if isinstance(value, dt.datetime):
        return f"{value:%d.%m.%Y}"
    return str(value)


def _by_id(subject: Subject) -> pd.Series | None:
    return subject.text("organization_id") if subject.has("organization_id") else None


def _by_name(subject: Subject) -> pd.Series | None:
    if not subject.has("organization"):
        return None
    keys = pd.Series(subject.keys, index=subject.table.index, dtype="str")
    return subject.names + "@" + keys


def _by_municipality(subject: Subject) -> pd.Series | None:
    if subject.has("organization") or not subject.has("municipality"):
        return None
    keys = pd.Series(subject.keys, index=subject.table.index, dtype="str")
    return keys.where(keys != "")


def _common(now: pd.Series, then: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Positions of what stands once in both."""
    one, two = (values[values.notna() & ~values.duplicated(keep=False)] for values in (now, then))
    places = pd.Series(np.arange(len(then)), index=then.index)[two.index]
    lookup = dict(zip(two, places, strict=True))
    matched = one.map(lookup)
    found = matched.notna()
    return np.flatnonzero(now.index.isin(one.index[found])), matched[found].to_numpy(dtype=int)
