"""Which moment the figures of a column are of, told by its header: «на 01.09», «сентябрь», «2023/2024», «неделя 2», «стало»."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sferum_core.model import Period
from sferum_core.reading.periods import best_period
from sferum_core.reading.translit import from_latin
from sferum_core.reading.values import month_number
from sferum_core.reading.wording import plain

_SOME_YEAR = 2024  # a range without a year is only compared with others
_MONTHS = (
    r"янв(?:ар[ьея])?|фев(?:рал[ьея]|р)?|март?[ае]?|апр(?:ел[ьея])?|ма[йяе]|июн[ьея]?|июл[ьея]?|авг(?:уст[ае]?)?"
    r"|сен(?:т|тябр[ьея])?|окт(?:ябр[ьея])?|ноя(?:б|бр[ьея])?|дек(?:абр[ьея])?"
)
_DAY = re.compile(r"(?<![\d.,/])(?P<d>\d{1,2})[./](?P<m>0[1-9]|1[0-2])(?![./]?\d)")
_DAY_WORD = re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})(?:-?го)? (?P<month>{_MONTHS})\b\.?")
_MONTH = re.compile(rf"(?<![а-я-])(?P<month>{_MONTHS})(?![а-я])\.?(?: (?P<y>20\d\d))?")
_SCHOOL_YEAR = re.compile(r"(?<!\d)20\d\d\s*[/-]\s*(?P<end>(?:20)?\d\d)(?!\d)")
_YEAR = re.compile(r"(?<![\d.])(?P<y>20[12]\d)(?![\d.]\d|\d)")
_QUARTER = re.compile(
    r"(?<![\w])(?P<a>[1-4]|i{1,3}|iv)(?:-?[ыи]?й)?\s*кв(?:артал\w*)?(?![а-я])|\bквартал\w*\s*(?P<b>[1-4]|i{1,3}|iv)(?!\w)|\bq(?P<c>[1-4])\b"
)
_WEEK = re.compile(
    r"\bнед(?:\.|ел\w*)?\s*(?:№\s*)?(?P<a>\d{1,2})(?!\d|[./]\d)"
    r"|(?<!\sза )(?<!\sв )(?<!\d[./])\b(?P<b>\d{1,2})(?:-?(?:я|й|ая|ую|ю|ой))?\s*нед(?:\.|ел\w+|\b)"
    r"|\bw(?:eek)? ?(?P<c>\d{1,2})\b"
)
_NOW = re.compile(
    r"\bтекущ|\bсейчас\b|\bстало\b|\bна (?:конец|сегодня)\b|\b(?:this|current) (?:week|period)\b"
    r"|\b(?:эт[ау]|последн\w+) недел|\bотчетн\w+ (?:недел|период)|\bфакт\b|\bфактическ"
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True)
class Moment:
    """What a header says of time. `scale`: week, day, month, quarter, year or number (of a week without a year).

    `year` is 0 where none is said; then `month` and `day` are only compared with others around the year.
    """

    scale: str
    year: int
    month: int
    day: int
    words: str

    @property
    def is_week(self) -> bool:
        """Whether these are the bounds of one week: figures of a week are told so."""
        return self.scale == "week"


def _of(scale: str, year: int, month: int, day: int | None, words: str) -> Moment | None:
    last = calendar.monthrange(year or _SOME_YEAR, month)[1]
    if day is not None and not 1 <= day <= last:
        return None
    return Moment(scale, year, month, day or last, words.strip(" .,;()"))


@lru_cache(maxsize=10_000)
def moment_of(path: tuple[str, ...]) -> Moment | None:
    """The moment a header names; None when it names none."""
    text = " ".join(from_latin(plain(part).replace("_", " ")) for part in path)
    if not any(letter.isdigit() for letter in text) and not _MONTH.search(text) and "кв" not in text:
        return None
    if period := best_period([text]):
        end = period.end
        if period.days <= 9:
            scale = "day" if period.days == 1 else "week"
        else:
            scale = "month" if period.days < 40 else "quarter" if period.days < 120 else "year"
        return Moment(scale, end.year, end.month, end.day, period.label)
    if ranged := best_period([text, str(_SOME_YEAR)]):
        return Moment(
            "week" if 1 < ranged.days <= 9 else "day", 0, ranged.end.month, ranged.end.day, ranged.label[:11]
        )
    for dated in _DAY.finditer(text):
        if moment := _of("day", 0, int(dated["m"]), int(dated["d"]), dated.group()):
            return moment
    year = next((int(found["y"]) for found in _YEAR.finditer(text)), 0)
    if match := _DAY_WORD.search(text):
        month = month_number(match["month"]) or _short_month(match["month"])
        if month and (moment := _of("day", year, month, int(match["d"]), match.group())):
            return moment
    if match := _QUARTER.search(text):
        number = match["a"] or match["b"] or match["c"]
        quarter = _ROMAN.get(number) or int(number)
        return _of("quarter", year, 3 * quarter, None, match.group())
    if match := _MONTH.search(text):
        month = month_number(match["month"]) or _short_month(match["month"])
        return _of("month", year, month, None, match.group()) if month else None
    if match := _WEEK.search(text):
        number = match["a"] or match["b"] or match["c"]
        return Moment("number", year, 0, int(number), match.group().strip())
    if match := _SCHOOL_YEAR.search(text):
        return Moment("year", int(match["end"]) % 100 + 2000, 8, 31, match.group())
    return Moment("year", year, 12, 31, str(year)) if year else None


def _short_month(word: str) -> int | None:
    stems = ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
    return next((number for number, stem in enumerate(stems, 1) if word.startswith(stem)), None)


def says_now(path: tuple[str, ...]) -> bool:
    """Whether a header says its figures are the present ones: «стало», «текущая неделя», «факт»."""
    return bool(_NOW.search(" ".join(from_latin(plain(part).replace("_", " ")) for part in path)))


def order(moments: Sequence[Moment | None]) -> list[int]:
    """The place of each moment in time, from 1; 0 for none. Equal moments have equal places.

    Without years the year is taken as a circle: three and more that run one way round it start with their first
    (сентябрь, январь, май), others start after the longest gap (28.12 is before 04.01).
    """
    known = [moment for moment in moments if moment]
    years = {moment.year for moment in known}
    if 0 in years and len(years) > 1:
        known_year = max(years)
        keys = [(m.year or known_year, m.month, m.day) if m else None for m in moments]
    elif years == {0} and all(moment.month and moment.scale != "quarter" for moment in known):
        start = _first_of_circle(list(dict.fromkeys(map(_day_of_year, known))))
        keys = [((_day_of_year(m) - start) % 366, 0, 0) if m else None for m in moments]
    else:
        keys = [(m.year, m.month, m.day) if m else None for m in moments]
    places = {key: place for place, key in enumerate(sorted({k for k in keys if k is not None}), 1)}
    return [places[key] if key is not None else 0 for key in keys]


def _day_of_year(moment: Moment) -> int:
    return dt.date(_SOME_YEAR, moment.month, moment.day).timetuple().tm_yday


def _first_of_circle(days: list[int]) -> int:
    """The day of the year that comes first; `days` are different, in the order of the columns."""
    if len(days) > 2:
        for first, way in ((days[0], days), (days[-1], days[::-1])):
            round_it = [(day - first) % 366 for day in way]
            if round_it == sorted(round_it):
                return first
    days = sorted(days)
    gaps = [(days[(i + 1) % len(days)] - day) % 366 or 366 for i, day in enumerate(days)]
    widest = max(range(len(days)), key=lambda i: (gaps[i], i))
    return days[(widest + 1) % len(days)]


def is_within(moment: Moment, period: Period) -> bool:
    """Whether a moment is that of the period: inside it, on the day before, or within a week after it."""
    if moment.scale == "number":
        return True
    if moment.scale in ("month", "quarter", "year"):
        months = {"month": 1, "quarter": 3, "year": 12}[moment.scale]
        for year in [moment.year] if moment.year else [period.end.year - 1, period.end.year]:
            last = dt.date(year, moment.month, moment.day)
            if last >= period.start and (last - period.end).days <= 31 * months:
                return True
        return False
    first, last = period.start - dt.timedelta(days=1), period.end + dt.timedelta(days=7)
    for year in [moment.year] if moment.year else [first.year, last.year]:
        try:
            if first <= dt.date(year, moment.month, moment.day) <= last:
                return True
        except ValueError:  # 29 February of another year
            continue
    return False
