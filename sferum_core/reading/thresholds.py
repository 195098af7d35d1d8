"""The number a header sets as a threshold: «не менее 10», «3+», «десять и более», told from dates, weeks and minutes."""

from __future__ import annotations

import re

from sferum_core.reading.wording import ACTIONS

_NUMBER_WORDS = {
    1: r"один|одним|одного|одно|одну|одной|одна|единожды|однократно|one",
    2: r"два|двумя|двух|две|дважды|two",
    3: r"три|тремя|трех|трижды|three",
    4: r"четыре|четырех",
    5: r"пять|пятью|пяти|five",
    6: r"шесть|шести",
    7: r"семь|семи",
    10: r"десять|десятью|десяти|ten",
    15: r"пятнадцат\w+",
    20: r"двадцат\w+",
}
_WORD_NUMBER = re.compile(
    "|".join(f"(?P<n{value}>\\b(?:{words})\\b)" for value, words in _NUMBER_WORDS.items())
)
_MONTH_STEMS = "январ|феврал|март|апрел|мая|май|июн|июл|август|сентябр|октябр|ноябр|декабр"
NOT_THRESHOLDS = re.compile(
    r"(?:за|в|на)?\s*(?:последни\w+\s+)?(?:7|8)(?:\s*-?\s*(?:ми|и|ти))?\s*(?:дн\w*\.?|календарн\w+ дн\w+|days?|d\b)"
    rf"|\b\d{{1,2}}(?:-?(?:го|е|ого))? (?:{_MONTH_STEMS})[а-я]*(?: \d{{4}})?"
    r"|\b\d{1,2}(?:\s*-?\s*(?:я|й|ая|ую|ой|ю))?\s*(?:(?:учебн|календарн|отчетн)\w+ )?(?:недел[яюей]+|нед\b|week)|\b(?:недел\w+|нед\.?|week|w)\s*(?:№\s*)?\d{1,2}\b(?![./]\d)"
    r"|\b(?:не менее |более |от |>=? ?|≥ ?)?\d+(?:-?х)?\s*(?:и более\s*)?мин(?:\.|ут\w*)?\b(?!\s*\d)"
    r"|\b(?:не менее |более |от |минимум )?\d+(?:-?х)?(?:\s*(?:и|или) (?:более|больше))?\s*участник\w*"
    r"|участник\w*\s*(?:-\s*)?(?:не менее |от |≥ ?|>=? ?)?\d+(?:-?х)?(?:\s*(?:и|или) (?:более|больше))?"
    r"|\b\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?\b|\b(?:19|20)\d{2}(?:\s*/\s*(?:20)?\d{2})?(?:-?\d{2,4})?\b\s*(?:г\w*\.?|год\w*|уч\w*)?"
    r"|\b1\s*(?:нед\w*|week)|\b\d+\s*(?:клас|кл\.)\w*|\bоо-1\b|\b85-к\b|\b(?:форм\w+)\s*\d+"
)
_THRESHOLD = re.compile(
    r"(?P<strict>\bболее|\bсвыше|\bбольше|(?<![<>])>(?!=))?\s*(?P<value>\d+)(?P<plus>\s*\+)?(?:\s*-?(?:ти|и|х|го))?\b"
    r"(?P<more>\s*(?:и|или)\s*(?:более|больше|выше|свыше)|\s*(?:и|или)\s*>)?"
)
NOT_LESS = re.compile(
    r"не (?:менее|меньше|ниже|реже)(?: чем)?|минимум|как минимум|хотя бы|по (?:меньшей|крайней) мере|от(?= \d)|>=|≥|⩾|=>"
)
_NOUNS = {"messages": ACTIONS["messages"], "calls": ACTIONS["calls"]}
THRESHOLD_FIELDS = {
    ("messages", 3): "3_messages",
    ("messages", 10): "10_messages",
    ("calls", 1): "1_call",
    ("calls", 3): "3_calls",
}


def threshold_of(text: str, action: str) -> tuple[int | None, bool, bool]:
    """The number that belongs to `action`'s noun: value, whether it was loosely strict, whether unclear."""
    text = _WORD_NUMBER.sub(lambda m: str(next(v for v in _NUMBER_WORDS if m.group(f"n{v}"))), text)
    text = NOT_LESS.sub("≥", NOT_THRESHOLDS.sub(" ", text))
    found: list[tuple[int, int, bool]] = []
    nouns = [m.start() for m in _NOUNS[action].finditer(text)]
    for match in _THRESHOLD.finditer(text):
        value = int(match["value"])
        strict = bool(match["strict"]) and not match["more"] and not match["plus"]
        distance = min((abs(match.start() - noun) for noun in nouns), default=0)
        found.append((distance, value, strict))
    if not found:
        return None, False, False
    found.sort(key=lambda item: item[0])
    values = {value for _, value, _ in found}
    _, value, strict = found[0]
    unclear = len(values) > 1 and found[1][0] - found[0][0] < 12
    if strict and (action, value + 1) in THRESHOLD_FIELDS:
        return value + 1, False, unclear
    return value, strict, unclear
