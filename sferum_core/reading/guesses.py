"""What a column holds when its header doesn't say: told by the values alone."""

from __future__ import annotations

import re
from collections.abc import Callable

from sferum_core.names import organization_type
from sferum_core.reading.rawbook import TEXT, RawColumn
from sferum_core.reading.values import is_missing, parse_number, parse_type
from sferum_core.reading.wording import TOTAL_ROW, plain

_ORGANIZATION_WORDS = re.compile(
    r"школ|гимнази|лице[йя]|\bсад|колледж|техникум|институт|центр|учрежден|\b\w*(?:бдоу|боу|кдоу|коу|адоу|аоу|сош|оош|нош|бпоу|апоу)\b"
)
_MUNICIPALITY = re.compile(
    r"\b(?:район\w*|р-н|округ\w*|зато|м\.?\s?о\.?|мр|го|мо)(?=\W|$)|\bгородско\w+ окр|\bмуниципальн\w+ (?:ок|рай|образ)|^(?:г|гор|город|пгт|пос|п|рп)[. ]\s?[а-я]"
)
_PERSON = re.compile(r"[А-ЯЁ][а-яё-]+(?: [А-ЯЁ][а-яё.-]*){1,2}")
_TYPE_CELL = re.compile(
    r"^(?:доо|доу|оо|оу|спо|поо|дод|удо|дпо|сош|школа|детский сад|колледж|другое|(?:дошкольн|общеобразоват|профессион|дополнит)\w*.*)$"
)


def looks_like_municipality(text: str) -> bool:
    """Whether a text is a municipality's name by its form: «Озёрный район», «г. Орёл», «Копейский ГО»."""
    words = plain(text)
    return len(words) < 80 and bool(_MUNICIPALITY.search(words)) and not _ORGANIZATION_WORDS.search(words)


def looks_like_organization(text: str) -> bool:
    """Whether a text is an organization's name: its type can be told or it names a school, a kindergarten …."""
    return len(text) >= 4 and (
        organization_type(text) is not None or bool(_ORGANIZATION_WORDS.search(plain(text)))
    )


def _looks_like_type(text: str) -> bool:
    return bool(_TYPE_CELL.match(plain(text))) and len(text) < 60 and parse_type(text) is not None


def _looks_like_status(text: str) -> bool:
    return bool(re.fullmatch(r"(?:не ?)?активн[аоы]?|неактивн\w+", plain(text)))


def looks_like_person(text: str) -> bool:
    """Whether a text is a person's name by its form: two or three capitalized words."""
    return bool(_PERSON.fullmatch(" ".join(text.split()))) and not looks_like_organization(text)


# In this order: field, its test, the least share of values that pass.
_TESTS: tuple[tuple[str, Callable[[str], bool], float], ...] = (
    ("is_active", _looks_like_status, 0.9),
    ("organization_type", _looks_like_type, 0.9),
    ("municipality", looks_like_municipality, 0.8),
    ("organization", looks_like_organization, 0.7),
    ("full_name", looks_like_person, 0.9),
)


def content_guess(cells: RawColumn, taken: set[str]) -> str | None:
    """The field a column's values speak for; None when they say nothing, or `taken` has it already."""
    if not (cells.kinds == TEXT).any():
        return None
    used = {int(c) for c in cells.codes[cells.kinds == TEXT][:2000]}
    values = [
        text
        for code in sorted(used)[:150]
        if not is_missing(text := cells.texts[code])
        and parse_number(text) is None
        and not TOTAL_ROW.search(plain(text))
    ]
    if len(values) < 2:
        return None
    for field, test, least in _TESTS:
        if field in taken or (field == "full_name" and not taken & {"messages", "calls", "role"}):
            continue
        judged = values
        if field == "organization" and "municipality" not in taken:
            # in a pivot table municipalities stand over their organizations in the same column
            judged = [v for v in values if not looks_like_municipality(v)]
        if 2 * len(judged) >= len(values) and sum(test(v) for v in judged) >= least * len(judged):
            return field
    return None
