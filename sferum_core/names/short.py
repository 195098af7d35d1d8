"""Names of organizations for a narrow column: the legal form and the kind of school as their usual initials."""

from __future__ import annotations

import re

import pandas as pd

LONG = 44
"""Characters from which a name is shortened; a shorter one stays as the file has it."""

_ADJECTIVES = (
    "муниципальн", "государственн", "областн", "краев", "окружн", "республиканск", "федеральн", "городск", "районн",
    "частн", "негосударственн", "бюджетн", "каз[её]нн", "автономн", "некоммерческ", "дошкольн", "общеобразовательн",
    "образовательн", "профессиональн",
)  # fmt: skip
_FORM = re.compile(
    rf"^((?:(?:{'|'.join(_ADJECTIVES)})\w*\s+)+(?:учреждение|организация))(?=\W|$)", re.IGNORECASE
)
_PHRASES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"\b{phrase}\b", re.IGNORECASE), short)
    for phrase, short in (
        (r"дополнительного\s+профессионального\s+образования", "ДПО"),
        (r"дополнительного\s+образования", "ДО"),
        (r"средняя\s+общеобразовательная\s+школа", "СОШ"),
        (r"основная\s+общеобразовательная\s+школа", "ООШ"),
        (r"начальная\s+общеобразовательная\s+школа", "НОШ"),
        (r"центр\s+развития\s+реб[её]нка", "ЦРР"),
    )
)


def short_name(name: str) -> str:
    """«МБОУ «СОШ № 5»» for «Муниципальное бюджетное общеобразовательное учреждение «Средняя …»»; short names as they are."""
    if len(name) < LONG:
        return name
    text = _FORM.sub(lambda found: "".join(word[0].upper() for word in found[1].split()), name.strip())
    for pattern, short in _PHRASES:
        text = pattern.sub(short, text)
    return text


def short_names(names: pd.Series) -> pd.Series:
    """Each of `names` shortened, missing ones kept; same index."""
    known = {name: short_name(name) for name in names.dropna().unique()}
    return names.map(known).astype(names.dtype)
