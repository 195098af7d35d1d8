"""The reporting period, found in a title, a cell, a sheet's name or a file's name."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from sferum_core.model import Period
from sferum_core.reading.values import make_date, month_number
from sferum_core.reading.wording import plain

_Y = r"(?P<y{n}>\d{{4}}|\d{{2}})"
_SEPARATOR = r"\s*(?:-|по|до|_+|\.\.+|to|и)\s*"
_MONTH = r"[а-я]{3,8}"
_YEAR_WORD = r"\s*(?:г(?:ода|од|\.)?)?"

_ISO_RANGE = re.compile(
    r"(?P<y1>\d{4})[._-](?P<m1>\d{2})[._-](?P<d1>\d{2})(?:\s*(?:-|—|_+|по|to)\s*)(?P<y2>\d{4})[._-](?P<m2>\d{2})[._-](?P<d2>\d{2})(?!\d)"
)
_NUMERIC_RANGE = re.compile(
    rf"(?<!\d)(?P<d1>\d{{1,2}})[./](?P<m1>\d{{1,2}})(?:[./]{_Y.format(n=1)})?{_YEAR_WORD}{_SEPARATOR}"
    rf"(?P<d2>\d{{1,2}})[./](?P<m2>\d{{1,2}})[./]{_Y.format(n=2)}(?!\d)"
)
_UNDERSCORED_RANGE = re.compile(
    rf"(?<!\d)(?P<d1>\d{{2}})[_-](?P<m1>\d{{2}})(?:[_-]{_Y.format(n=1)})?[\s_-]+(?P<d2>\d{{2}})[_-](?P<m2>\d{{2}})[_-]{_Y.format(n=2)}(?!\d)"
)
_DAYS_OF_MONTH = re.compile(
    rf"(?<![\d.])(?P<d1>\d{{1,2}}){_SEPARATOR}(?P<d2>\d{{1,2}})[./](?P<m2>\d{{1,2}})[./]{_Y.format(n=2)}(?!\d)"
)
_WORD_RANGE = re.compile(
    rf"(?<!\d)(?P<d1>\d{{1,2}})(?:\s*(?P<month1>{_MONTH}))?(?:\s*(?P<y1>\d{{4}}){_YEAR_WORD})?{_SEPARATOR}"
    rf"(?P<d2>\d{{1,2}})\s*(?P<month2>{_MONTH})\s*(?P<y2>\d{{4}})"
)
_COMPACT_RANGE = re.compile(
    r"(?<!\d)(?P<y1>20\d{2})(?P<m1>[01]\d)(?P<d1>[0-3]\d)\s*(?:-|_+|по|to)\s*(?P<y2>20\d{2})(?P<m2>[01]\d)(?P<d2>[0-3]\d)(?!\d)"
)
_WEEK = re.compile(
    r"\b(?:за\s+)?(?P<w1>\d{1,2})(?:\s*-?\s*(?:я|й|ую|ой|ю))?\s+недел\w*\W+(?P<y1>20\d{2})\b"
    r"|\bнедел\w*\W+(?:№\s*)?(?P<w2>\d{1,2})\W+(?P<y2>20\d{2})\b|\b(?P<y3>20\d{2})[\s_-]*w(?P<w3>\d{2})\b|\bw(?:eek)?\s*(?P<w4>\d{1,2})\W+(?P<y4>20\d{2})\b"
)
_CLOCK = re.compile(r"(?:\b|(?<=\d)t)\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?\b")
# Dates of other papers: «приказ № 12 от 05.02.2021».
_OF_A_PAPER = re.compile(
    r"(?:приказ|письм|распоряж|постановл|поручен|протокол|закон|№)[^;()\n]{0,60}?\bот\s+\d{1,2}[\s./][\wа-я]+[\s./]\d{2,4}"
)
_ISO_DATE = re.compile(r"(?<!\d)(?P<y>\d{4})[._-](?P<m>\d{2})[._-](?P<d>\d{2})(?!\d)")
_NUMERIC_DATE = re.compile(
    r"(?<![\d.])(?P<d>\d{1,2})(?P<sep>[./_-])(?P<m>\d{1,2})(?P=sep)(?P<y>20\d{2}|\d{2})(?![\d])"
)
_YEARLESS_RANGE = re.compile(
    rf"(?<![\d.])(?P<d1>\d{{1,2}})[./](?P<m1>\d{{1,2}}){_SEPARATOR}(?P<d2>\d{{1,2}})[./](?P<m2>\d{{1,2}})(?![./]?\d)"
)
_YEAR = re.compile(r"(?<!\d)20[1-9]\d(?!\d)")
_WORD_DATE = re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})\s*(?P<month>{_MONTH})\s*(?P<y>\d{{4}})")
_COMPACT_DATE = re.compile(r"(?<!\d)(?P<y>20\d{2})(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)")
_MONTH_YEAR = re.compile(rf"\b(?:за\s+)?(?P<month>{_MONTH})\s+(?P<y>20\d{{2}})\b")


def _year(text: str | None, default: int) -> int:
    if not text:
        return default
    return int(text) + 2000 if len(text) == 2 else int(text)


def _range(start: tuple[str | None, int | None, str], end: tuple[str, int | None, str]) -> Period | None:
    """A period from two (year, month, day); the first year may be left out and is then told from the second."""
    end_year, end_month, end_day = _year(end[0], 0), end[1], int(end[2])
    start_month = start[1] or end_month
    if not end_month or not start_month:
        return None
    if not start[1] and int(start[2]) > end_day:
        # «29–04.04»: the days run over the end of a month
        start_month = end_month - 1 or 12
        start = (start[0] or str(end_year - (end_month == 1)), start_month, start[2])
    last = make_date(end_year, end_month, end_day)
    first = make_date(_year(start[0], end_year), start_month, int(start[2]))
    if last and first and first > last and not start[0]:
        first = make_date(end_year - 1, start_month, int(start[2]))
    if not first or not last or first > last or (last - first).days > 400:
        return None
    return Period(start=first, end=last)


WEEK_BEFORE = re.compile(r"\b(?:прошл|предыдущ|прежн)\w+ (?:отчетн\w+ )?(?:недел|период|выгрузк)")
"""«Прошлая неделя» over a table, in a text as `plain` gives it."""


def find_period(text: str) -> Period | None:
    """The period a text names; one date gives a period of one day, a month its whole length.

    «с 29 марта по 4 апреля 2024 года», «29.03-04.04.2024», «27.12–02.01.2024», «2024-03-29_2024-04-04».
    """
    text = _OF_A_PAPER.sub(" ", _CLOCK.sub(" ", plain(text)))
    for pattern in (_ISO_RANGE, _NUMERIC_RANGE, _UNDERSCORED_RANGE, _COMPACT_RANGE):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            if period := _range(
                (groups["y1"], int(groups["m1"]), groups["d1"]),
                (groups["y2"], int(groups["m2"]), groups["d2"]),
            ):
                return period
    for match in _WORD_RANGE.finditer(text):
        month1 = month_number(match["month1"]) if match["month1"] else None
        if match["month1"] and not month1:
            continue
        if period := _range(
            (match["y1"], month1, match["d1"]), (match["y2"], month_number(match["month2"]), match["d2"])
        ):
            return period
    for match in _DAYS_OF_MONTH.finditer(text):
        if period := _range((None, None, match["d1"]), (match["y2"], int(match["m2"]), match["d2"])):
            return period
    return _week(text) or _single(text)


def _week(text: str) -> Period | None:
    """«14 неделя 2024 года», «2024-W14»: Monday to Sunday of that week of the calendar year."""
    for match in _WEEK.finditer(text):
        numbers = [int(g) for name, g in match.groupdict().items() if g and name.startswith("w")]
        years = [int(g) for name, g in match.groupdict().items() if g and name.startswith("y")]
        if "учебн" in text[match.start() :]:
            continue
        try:
            start = dt.date.fromisocalendar(years[0], numbers[0], 1)
        except ValueError:
            continue
        return Period(start=start, end=start + dt.timedelta(days=6))
    return None


def _single(text: str) -> Period | None:
    for pattern in (_ISO_DATE, _NUMERIC_DATE, _WORD_DATE, _COMPACT_DATE):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            month = month_number(groups["month"]) if "month" in groups else int(groups["m"])
            day = make_date(int(groups["y"]), month, int(groups["d"])) if month else None
            if day and 2015 <= day.year <= 2100:
                return Period(start=day, end=day)
    for match in _MONTH_YEAR.finditer(text):
        if month := month_number(match["month"]):
            year = int(match["y"])
            return Period(
                start=dt.date(year, month, 1), end=dt.date(year, month, calendar.monthrange(year, month)[1])
            )
    return None


def best_period(texts: list[str]) -> Period | None:
    """The first range among the texts, else the first single date; a range without a year takes it from them."""
    found = [period for text in texts if (period := find_period(text))]
    ranged = next((period for period in found if period.days > 1), None)
    return ranged or _two_ends(texts) or _yearless(texts) or (found[0] if found else None)


_STARTS = re.compile(r"\bначал|\bс\b|\bот\b|\bstart|\bfrom\b")
_ENDS = re.compile(r"\bокончан|\bконец|\bконц|\bпо\b|\bдо\b|\bзаверш|\bend|\bto\b")


def _two_ends(texts: list[str]) -> Period | None:
    """«Дата начала: 29.03.2024» in one cell and «Дата окончания: 04.04.2024» in another."""
    start = next((p for t in texts if _STARTS.search(plain(t)) and (p := find_period(t))), None)
    end = next((p for t in texts if _ENDS.search(plain(t)) and (p := find_period(t))), None)
    if start and end and start.days == end.days == 1 and start.start < end.end:
        return Period(start=start.start, end=end.end)
    return None


def _yearless(texts: list[str]) -> Period | None:
    year = next((match.group() for text in texts if (match := _YEAR.search(text))), None)
    for text in texts:
        for match in _YEARLESS_RANGE.finditer(plain(text)):
            if year and (
                period := _range((None, int(match["m1"]), match["d1"]), (year, int(match["m2"]), match["d2"]))
            ):
                return period
    return None
