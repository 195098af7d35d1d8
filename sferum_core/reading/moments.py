"""Moments and durations of calls, in whatever form a file writes them."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

import numpy as np
import pandas as pd

from sferum_core.reading.rawbook import DATE, NUMBER, TEXT, TIME, RawColumn
from sferum_core.reading.values import is_missing, parse_date
from sferum_core.reading.wording import plain

CLOCK_DAY = dt.date(1970, 1, 1)  # a time of day without a date stands on this day
_EPOCH_SECONDS = (1_200_000_000, 4_000_000_000)  # 2008 to 2096
_DAY = 86_400
_LONGEST = 400.0 * _DAY  # nobody stays in a call for a year
_TIME = re.compile(
    r"(?<![\d.:])(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?\s*(?P<half>am|pm)?(?![\d:])"
)
_ZONE = re.compile(r"(?:z|utc|gmt|мск|msk|[+-]\d{2}:?\d{2})\s*$")
_CLOCK_SPAN = re.compile(
    r"(?:(?P<d>\d+)\s*(?:дн\w*|д\.?|days?),?\s*)?(?P<a>\d+):(?P<b>\d{2})(?::(?P<c>\d{2}))?(?:[.,]\d+)?"
)
_WORD_SPAN = re.compile(
    r"(?:pt)?(?:(?P<h>\d+(?:[.,]\d+)?)\s*(?:ч(?:ас\w*)?\.?|h(?:ours?|rs?)?)\s*)?"
    r"(?:(?P<m>\d+(?:[.,]\d+)?)\s*(?:м(?:ин(?:ут\w*)?)?\.?|m(?:in(?:utes?|s)?)?)\s*)?"
    r"(?:(?P<s>\d+(?:[.,]\d+)?)\s*(?:с(?:ек(?:унд\w*)?)?\.?|s(?:ec(?:onds?|s)?)?)\s*)?"
)


@lru_cache(maxsize=100_000)
def parse_moment(text: str) -> dt.datetime | None:
    """«26.09.2023 10:00:05», «2023-09-26T10:00:05+05:00», «10:00», seconds since 1970; None without a time.

    The clock is the file's own: a time zone beside it is not applied. A bare time stands on `CLOCK_DAY`.
    """
    words = plain(text).replace("t", " ", 1) if re.match(r"\d{4}-\d{2}-\d{2}T", text.strip()) else plain(text)
    if re.fullmatch(r"\d{10}(?:\d{3})?(?:\.\d+)?", words):
        return from_epoch(float(words))
    words = _ZONE.sub("", words).strip() if len(words) > 10 else words
    match = _TIME.search(words)
    if match is None:
        return None
    hour, minute, second = int(match["h"]), int(match["m"]), int(match["s"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (match["half"] == "pm")
    if hour > 23 or minute > 59 or second > 59:
        return None
    rest = (words[: match.start()] + " " + words[match.end() :]).strip(" ,;-в")
    day: dt.date | None = CLOCK_DAY
    if rest:
        day = parse_date(rest)
    return dt.datetime.combine(day, dt.time(hour, minute, second)) if day else None


def from_epoch(value: float) -> dt.datetime | None:
    """A moment from seconds or milliseconds since 1970 (UTC); None outside 2008 to 2096."""
    seconds = value / 1000 if value > _EPOCH_SECONDS[1] else value
    if not _EPOCH_SECONDS[0] <= seconds <= _EPOCH_SECONDS[1]:
        return None
    return dt.datetime(1970, 1, 1) + dt.timedelta(seconds=int(seconds))


@lru_cache(maxsize=100_000)
def parse_duration(text: str) -> float | None:
    """Seconds of «00:39:05», «39:05» (minutes), «1 ч 2 мин», «PT5M3S»; None for a bare number or anything else."""
    words = plain(text)
    if match := _CLOCK_SPAN.fullmatch(words):
        first, second, third = int(match["a"]), int(match["b"]), match["c"]
        if second > 59 or (third and int(third) > 59):
            return None
        span = first * 3600 + second * 60 + int(third) if third else first * 60 + second
        return float(span + int(match["d"] or 0) * _DAY)
    match = _WORD_SPAN.fullmatch(words)
    if match is None or not any(match.groups()):
        return None
    parts = (float((match[name] or "0").replace(",", ".")) for name in "hms")
    return sum(part * size for part, size in zip(parts, (3600, 60, 1), strict=True))


def moments(column: RawColumn) -> tuple[pd.Series, np.ndarray]:
    """The column as `datetime64[s]`, and the cells that are neither a moment nor empty."""
    found: list[np.datetime64] = []
    for text in column.texts:
        moment = parse_moment(text)
        found.append(np.datetime64(moment, "s") if moment else np.datetime64("NaT", "s"))
    by_text = np.array([*found, np.datetime64("NaT", "s")], dtype="datetime64[s]")
    is_text = (column.kinds == TEXT) | (column.kinds == DATE)
    result = by_text[np.where(is_text, column.codes, -1)]
    is_time = column.kinds == TIME
    seconds = np.where(is_time, np.nan_to_num(column.numbers), 0).astype("int64")
    result = np.where(is_time, np.datetime64(CLOCK_DAY, "s") + seconds % _DAY, result)
    is_number = column.kinds == NUMBER
    for row in np.flatnonzero(is_number):
        moment = from_epoch(float(column.numbers[row]))
        result[row] = np.datetime64(moment, "s") if moment else np.datetime64("NaT", "s")
    return pd.Series(result.astype("datetime64[s]")), np.isnat(result) & ~_blank(column)


def durations(column: RawColumn, unit: float = 1.0) -> tuple[pd.Series, np.ndarray]:
    """The column as whole seconds (`Int64`), and the cells that are neither a duration nor empty.

    Bare numbers count `unit` seconds each.
    """
    by_text = np.array([_seconds(text, unit) for text in column.texts] + [np.nan])
    is_text = (column.kinds == TEXT) | (column.kinds == DATE)
    values = by_text[np.where(is_text, column.codes, -1)]
    values = np.where(column.kinds == TIME, column.numbers, values)
    values = np.where(column.kinds == NUMBER, column.numbers * unit, values)
    bad = (np.isnan(values) & ~_blank(column)) | (values < 0) | (values > _LONGEST)
    whole = np.where(np.isnan(values) | bad, 0, np.round(np.nan_to_num(values)))
    result = pd.Series(pd.array(whole.astype("int64"), dtype="Int64"))
    return result.mask(np.isnan(values) | bad), bad


def _seconds(text: str, unit: float) -> float:
    parsed = parse_duration(text)
    if parsed is not None:
        return parsed
    bare = text.strip().replace(",", ".").replace("\u00a0", "").replace(" ", "")
    return float(bare) * unit if re.fullmatch(r"\d+(?:\.\d+)?", bare) else np.nan


def _blank(column: RawColumn) -> np.ndarray:
    missing = np.array([is_missing(text) for text in column.texts] + [True])
    is_text = (column.kinds == TEXT) | (column.kinds == DATE)
    return (column.kinds == 0) | (is_text & missing[np.where(is_text, column.codes, -1)])
