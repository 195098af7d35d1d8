"""Cells of one column to typed values: work is done once for each distinct text, then spread over the rows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from sferum_core.model import OrganizationType
from sferum_core.names import organization_type
from sferum_core.reading.rawbook import BOOL, DATE, EMPTY, NUMBER, TEXT, TIME, RawColumn
from sferum_core.reading.wording import MISSING, plain

_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d+)?")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:e[+-]?\d+)?")
_COMMA_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d+")
_UNITS = re.compile(
    r"\s*(?:чел(?:овек[а]?|\.)?|ед\.?|шт\.?|педагог(?:ов|а)?|учител(?:ей|я|ь)|сообщени[йея]|звонк[аов]+)$"
)
_GAPS = re.compile(r"[\s\u00a0\u202f\u2009\u2007\u2008]+")
_MISSING_STARTS = frozenset("-–—―−‒nNнНxXхХoоОO#.…?iI \u00a0\u202f\u2009")
_UNTIDY = (
    "\0 ",
    " \0",
    "  ",
    "\t",
    "\n",
    "\r",
    "\u00a0",
    "\u202f",
    "\u2009",
    "\u2007",
    "\u2008",
    "\x0b",
    "\x0c",
)
_LONGEST_MARK = max(map(len, MISSING))
EXCEL_DAYS = (20_000, 80_000)  # 1954 to 2119
_EPOCH = dt.date(1899, 12, 30)
_SHIFT_1904 = 1462


@dataclass(frozen=True, eq=False)
class Numbers:
    """A column as numbers: `values` (NaN for none), and which cells were percents, nothing, or unreadable."""

    values: np.ndarray
    percent: np.ndarray
    missing: np.ndarray
    bad: np.ndarray


@lru_cache(maxsize=100_000)
def parse_number(text: str) -> tuple[float, bool] | None:
    """A number and whether it is a percent; None when the text isn't one. «1 204», «12,5 %», «5 чел.»."""
    text = _GAPS.sub(" ", text.replace("−", "-").replace("–", "-")).strip().lower().removeprefix("'")
    if text.startswith('="'):
        text = text[2:].rstrip('"')
    text = text.strip('"«»').rstrip("*¹²³⁴")
    is_percent = text.endswith("%")
    text = text[:-1].rstrip() if is_percent else _UNITS.sub("", text)
    if _THOUSANDS.fullmatch(text):
        text = re.sub(r"[ '’]", "", text)
    elif _COMMA_THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    elif not _PLAIN_NUMBER.fullmatch(text):
        return None
    value = float(text.replace(",", "."))
    return (value, is_percent) if np.isfinite(value) else None


@lru_cache(maxsize=100_000)
def is_missing(text: str) -> bool:
    """Whether a cell's text stands for nothing: «—», «н/д», «нет», an error of a spreadsheet."""
    if text[:1] not in _MISSING_STARTS:
        return not text.strip()
    return len(text) <= 2 * _LONGEST_MARK and plain(text) in MISSING


def _spread(
    column: RawColumn, function: Callable[[str], object], default: object, dtype: object
) -> np.ndarray:
    """`function` of every distinct text, laid over the rows that hold it."""
    lookup = np.array([function(text) for text in column.texts] + [default], dtype=dtype)  # type: ignore[call-overload]
    return lookup[column.codes]


def numbers(column: RawColumn) -> Numbers:
    """The column as numbers."""
    values = column.numbers.copy()
    kinds = column.kinds
    values[(kinds != NUMBER) & (kinds != BOOL)] = np.nan
    percent = np.zeros(len(kinds), dtype=bool)
    missing = kinds == EMPTY
    bad = (kinds == DATE) | (kinds == TIME)
    is_text = kinds == TEXT
    if is_text.any():
        parsed = [parse_number(text) for text in column.texts]
        value_of = np.array([p[0] if p else np.nan for p in parsed] + [np.nan])
        percent_of = np.array([bool(p and p[1]) for p in parsed] + [False])
        missing_of = np.array([is_missing(text) for text in column.texts] + [True])
        codes = np.where(is_text, column.codes, -1)
        values = np.where(is_text, value_of[codes], values)
        percent = percent_of[codes] & is_text
        missing |= missing_of[codes] & is_text
        bad |= is_text & np.isnan(value_of[codes]) & ~missing_of[codes]
    return Numbers(values, percent, missing, bad)


_OF_ALL = re.compile(r"\s*(\d+)\s*(?:из\s*\d+|\(\s*\d+(?:[.,]\d+)?\s*%\s*\))\s*")


@lru_cache(maxsize=50_000)
def parse_count(text: str) -> float:
    """A count as a person writes it: «5», «12 из 30», «5 (25 %)»; NaN when it is none."""
    parsed = parse_number(text)
    if parsed:
        return parsed[0]
    match = _OF_ALL.fullmatch(text)
    return float(match[1]) if match else np.nan


MOST = 2.0**53  # beyond it a float is no exact whole number


def whole_numbers(column: RawColumn) -> np.ndarray:
    """The column as counts: NaN where a cell is no whole number from 0 to `MOST`, or is a percent."""
    found = numbers(column)
    values = found.values
    if found.bad.any():
        is_text = found.bad & (column.kinds == TEXT)
        spoken = np.array([parse_count(text) for text in column.texts] + [np.nan])
        values = np.where(is_text, spoken[np.where(is_text, column.codes, -1)], values)
    with np.errstate(invalid="ignore"):
        good = (values == np.floor(values)) & ~found.percent & (values >= 0) & (values <= MOST)
    return np.where(good, values, np.nan)


def number_text(value: float) -> str:
    """A number cell as the text a person sees: 123.0 is «123»."""
    return (
        str(int(value))
        if float(value).is_integer() and abs(value) < 2**63
        else repr(float(value)).replace(".", ",")
    )


# Controls, and marks that turn the direction of what follows: nobody sees them, and «exe.xlsx» reads otherwise with them.
_UNSEEN = re.compile("[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def tidied(text: str) -> str:
    """The text as a person sees it: single spaces, no controls and no marks of direction."""
    return " ".join(_UNSEEN.sub("", text).split())


def _are_tidy(strings: list[str]) -> bool:
    """Whether no text needs its spaces mended: one look over all of them."""
    joined = "\0".join(["", *strings, ""])
    return not any(gap in joined for gap in _UNTIDY) and not _UNSEEN.search(joined)


def texts(column: RawColumn, *, keep_missing_marks: bool = False) -> pd.Series:
    """The column as pandas `str`, spaces tidied; numbers as people see them; nothing is NA."""
    tidy = column.texts if _are_tidy(column.texts) else [tidied(text) for text in column.texts]
    marked: list[str | None]
    if keep_missing_marks:
        marked = [t or None for t in tidy]
    else:
        marked = [
            None if not t or (len(t) <= _LONGEST_MARK and t[:1] in _MISSING_STARTS and is_missing(t)) else t
            for t in tidy
        ]
    lookup = pd.array([*marked, None], dtype="str")  # type: ignore[call-overload]
    codes = np.where((column.kinds == TEXT) | (column.kinds == DATE), column.codes, len(tidy))
    result = pd.Series(lookup.take(codes))
    number_like = (column.kinds == NUMBER) | (column.kinds == TIME) | (column.kinds == BOOL)
    if number_like.any():
        unique, inverse = np.unique(column.numbers[number_like], return_inverse=True)
        words = np.array([number_text(v) for v in unique], dtype=object)
        result = result.astype(object)
        result[np.flatnonzero(number_like)] = words[inverse]
        result = result.astype("str")
    return result


_TEXT_MARKS = ("'", "’", "`", '="')  # what a spreadsheet puts before a number kept as text
_IN_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\s\d{3})+")
_DAMAGED_FLOAT = re.compile(r"\d+\.0+")
DAMAGED_ID = re.compile(r"\d[.,]\d+e\+?\d+", re.IGNORECASE)


def ids(column: RawColumn) -> pd.Series:
    """The column as identifiers: text with its leading zeros; «123.0» and «10 123» of careless tools are 123 and 10123."""
    result = texts(column)
    result = result.where(~result.str.startswith(_TEXT_MARKS, na=False), result.str.strip("=\"'’`"))
    result = result.where(
        ~result.str.fullmatch(_DAMAGED_FLOAT.pattern, na=False), result.str.replace(r"\.0+$", "", regex=True)
    )
    grouped = result.str.fullmatch(_IN_THOUSANDS.pattern, na=False)
    return result.where(~grouped, result.str.replace(r"\s", "", regex=True)) if grouped.any() else result


_TRUE_WORDS = """
    да есть активна активен активно активная активный active yes true истина 1 + связан связана связано
    привязан привязана подключен y t on 1.0 1,0 v √ ✓ ✔ ☑
"""
_TRUE = frozenset(_TRUE_WORDS.split())
_TICKS = frozenset(["v", "√", "✓", "✔", "☑"])
_FALSE_WORDS = """
    n f off 0.0 0,0 ✗ ✘ ☐ нет неактивна неактивен неактивно неактивная inactive no false ложь 0 не
"""
_FALSE = frozenset(_FALSE_WORDS.split())


@lru_cache(maxsize=10_000)
def parse_flag(text: str) -> bool | None:
    """Yes or no from a cell: «Не активна», «да», «1», «+»; None when it is neither."""
    words = re.sub(r"^(?:статус|состояние)\W+", "", plain(text).strip(" .!()"))
    if words in _TRUE:
        return True
    if words in _FALSE:
        return False
    if re.match(
        r"пассивн|.*\bне\s?-?активн|не\s?-?\s?(?:акт|связ|привяз|подключ|зарегистр|использ|работа|действ|функц|явля)|отсутств|нет\W+\w|inactive|not\b",
        words,
    ):
        return False
    if re.match(
        r"да\W|есть\W|акт(?:ив|$)|связ|привяз|подключен|зарегистр|действу|функционир|работает|active\b|yes\W",
        words,
    ):
        return True
    return None


def flags(column: RawColumn) -> tuple[pd.Series, np.ndarray]:
    """The column as yes/no, and the cells that are neither nor empty."""
    marks = {plain(text) for text in column.texts}
    crosses = {"-"} if "+" in marks else {"x", "х", "-"} if marks & _TICKS else set()
    lookup = [False if plain(text) in crosses else parse_flag(text) for text in column.texts]
    as_int = np.array([-1 if f is None else int(f) for f in lookup] + [-1], dtype=np.int8)
    result = as_int[np.where(column.kinds == TEXT, column.codes, -1)]
    number_like = (column.kinds == NUMBER) | (column.kinds == BOOL)
    result = np.where(number_like & (column.numbers == 1), 1, result)
    result = np.where(number_like & (column.numbers == 0), 0, result)
    blank = column.kinds == EMPTY
    blank |= np.append(
        [is_missing(t) and f is None for t, f in zip(column.texts, lookup, strict=True)], False
    )[np.where(column.kinds == TEXT, column.codes, -1)].astype(bool)
    series = pd.Series(pd.array(np.where(result < 0, 0, result).astype(bool), dtype="boolean"))
    series[result < 0] = pd.NA
    return series, (result < 0) & ~blank


_TYPE_WORDS: tuple[tuple[OrganizationType | None, re.Pattern[str]], ...] = (
    (OrganizationType.TRAINING, re.compile(r"\bдпо\b|дополнительн\w+ профессиональн")),
    (
        OrganizationType.EXTRACURRICULAR,
        re.compile(r"\b(?:дод|удо|уддо|одо)\b|дополнительн\w+ образован|внешкольн"),
    ),
    (
        OrganizationType.PRESCHOOL,
        re.compile(r"\b(?:доо|доу|дс|дду)\b|дошкольн|детск\w+ сад|\bсад(?:ик)?\b|д/с"),
    ),
    (OrganizationType.VOCATIONAL, re.compile(r"\b(?:спо|поо|поу|нпо)\b|профессиональн|колледж|техникум")),
    (
        OrganizationType.SCHOOL,
        re.compile(
            r"\b(?:оо|оу|сош|оош|нош|сш|ош)\b|общеобразоват|общее образован|\bшкол|гимнази|лицей|кадетск|коррекцион|средн\w+ общ|основн\w+ общ|начальн\w+ общ|интернат"
        ),
    ),
    (
        OrganizationType.OTHER,
        re.compile(r"\bдруг(?:ое|ая|ой)|\bпроч|\bиное\b|\bвуз\b|высш\w+|\bуправлени|\bдетск\w+ дом|\bцентр"),
    ),
)


@lru_cache(maxsize=10_000)
def parse_type(text: str) -> str | None:
    """The organization type a «тип» cell states, as the tables hold it; None when unsure."""
    words = plain(text)
    if words in {t.value.lower() for t in OrganizationType}:
        return next(t.value for t in OrganizationType if t.value.lower() == words)
    found = [kind for kind, pattern in _TYPE_WORDS if pattern.search(words)]
    if OrganizationType.PRESCHOOL in found and OrganizationType.SCHOOL in found and "начальн" in words:
        return None
    if found and found[0] is not None:
        if found[0] is OrganizationType.VOCATIONAL and "непрофессион" in words:
            return None
        return found[0].value
    by_name = organization_type(text)
    return by_name.value if by_name else None


_MONTHS = (
    "январ",
    "феврал",
    "март",
    "апрел",
    "ма",
    "июн",
    "июл",
    "август",
    "сентябр",
    "октябр",
    "ноябр",
    "декабр",
)
_DATE_TEXT = re.compile(r"(?P<d>\d{1,2})[./-](?P<m>\d{1,2})[./-](?P<y>\d{4}|\d{2})(?!\d)")
_ISO_TEXT = re.compile(r"(?P<y>\d{4})[./_-](?P<m>\d{1,2})[./_-](?P<d>\d{1,2})(?!\d)")
_COMPACT_TEXT = re.compile(r"(?P<y>20\d{2})(?P<m>[01]\d)(?P<d>[0-3]\d)")
_WEEKDAY = re.compile(
    r"^(?:пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)\b\W*"
)
_WORD_DATE = re.compile(r"(?P<d>\d{1,2})\s*(?P<month>[а-я]{3,8})\w*\.?\s*(?P<y>\d{4})")


def month_number(word: str) -> int | None:
    """1 for «января», 5 for «мая»; None for no month."""
    if re.fullmatch(r"ма[йяеюи]\w?", word):
        return 5
    return next((i + 1 for i, stem in enumerate(_MONTHS) if i != 4 and word.startswith(stem[:3])), None)


def make_date(year: int, month: int, day: int) -> dt.date | None:
    """A date, two-digit years in this century; None when there is no such day."""
    try:
        return dt.date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=50_000)
def parse_date(text: str) -> dt.date | None:
    """«29.01.2024», «2024-01-29», «29 января 2024», with or without a time after it."""
    words = _WEEKDAY.sub("", plain(text))
    if match := _COMPACT_TEXT.fullmatch(words):
        return make_date(int(match["y"]), int(match["m"]), int(match["d"]))
    if match := _ISO_TEXT.match(words) or _DATE_TEXT.match(words):
        return make_date(int(match["y"]), int(match["m"]), int(match["d"]))
    if (match := _WORD_DATE.match(words)) and (month := month_number(match["month"])):
        return make_date(int(match["y"]), month, int(match["d"]))
    number = parse_number(text)
    return serial_date(number[0], False) if number else None


def serial_date(value: float, date1904: bool) -> dt.date | None:
    """The date of a spreadsheet's day number in the 1900 or the 1904 system."""
    value += _SHIFT_1904 if date1904 else 0
    return _EPOCH + dt.timedelta(days=int(value)) if EXCEL_DAYS[0] <= value <= EXCEL_DAYS[1] else None


def dates(column: RawColumn, date1904: bool) -> tuple[pd.Series, np.ndarray]:
    """The column as dates, and the cells that are neither a date nor empty."""
    by_text = np.array([parse_date(t) or "NaT" for t in column.texts] + ["NaT"], dtype="datetime64[D]")
    is_text = (column.kinds == TEXT) | (column.kinds == DATE)
    result = by_text[np.where(is_text, column.codes, -1)]
    is_number = column.kinds == NUMBER
    if is_number.any():
        days = column.numbers + (_SHIFT_1904 if date1904 else 0)
        usable = is_number & (days >= EXCEL_DAYS[0]) & (days <= EXCEL_DAYS[1])
        serials = np.datetime64(_EPOCH, "D") + np.where(usable, days, 0).astype("timedelta64[D]")
        result = np.where(usable, serials, result)
        for row in np.flatnonzero(is_number & (column.numbers > 20_000_000) & (column.numbers < 21_000_000)):
            written = parse_date(str(int(column.numbers[row])))  # 20240404
            result[row] = np.datetime64(written, "D") if written else result[row]
    missing_of = np.array([is_missing(t) for t in column.texts] + [True])
    blank = (column.kinds == EMPTY) | (is_text & missing_of[np.where(is_text, column.codes, -1)])
    return pd.Series(result.astype("datetime64[s]")), np.isnat(result) & ~blank
