"""Municipality names: one key for the spellings of one, never one for a city and its district."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from sferum_core.names.municipality_words import (
    ADJECTIVE,
    ADJECTIVE_ENDING,
    CITY_DISTRICT_PATTERNS,
    CITY_ENDING,
    DOUBLE_CITY,
    FLEETING,
    MARKS,
    MO,
    NUMBERING,
    OBLIQUE_CITY,
    OFFICE,
    OTHER_ENDING,
    SETTLEMENT_WORD,
    TWICE,
    USUAL,
    MunicipalityClass,
)
from sferum_core.names.regions import without_region
from sferum_core.names.text import map_unique, unify

CITY_GROUP = "городские округа"
DISTRICT_GROUP = "муниципальные районы и округа"
CITY_DISTRICT_GROUP = "внутригородские районы"
OTHER_GROUP = "прочие"
GROUP_ORDER = (CITY_GROUP, DISTRICT_GROUP, CITY_DISTRICT_GROUP, OTHER_GROUP)
_GROUPS = {
    MunicipalityClass.CITY: CITY_GROUP,
    MunicipalityClass.DISTRICT: DISTRICT_GROUP,
    MunicipalityClass.CITY_DISTRICT: CITY_DISTRICT_GROUP,
    MunicipalityClass.SETTLEMENT: OTHER_GROUP,
    MunicipalityClass.UNKNOWN: OTHER_GROUP,
}


@dataclass(frozen=True)
class Municipality:
    """A name taken apart: its class, its name proper, and the city for a district inside one."""

    kind: MunicipalityClass
    name: str
    city: str = ""

    @property
    def key(self) -> str:
        """«район:болховский», «город:кедровый», «внутригородской район:кировский@самар»; «» for nothing."""
        if not self.name:
            return ""
        return f"{self.kind}:{self.name}" + (f"@{self.city}" if self.city else "")


@lru_cache(maxsize=10_000)
def parse_municipality(name: str) -> Municipality:
    """A written name taken apart; an empty name gives class «неизвестно» with an empty name."""
    text = unify(name).replace("«", " ").replace("»", " ")
    text = re.sub(r"(?<=[а-я])\.(?=[а-я]{3,}|[а-я]{2}-)", ". ", text)
    text = NUMBERING.sub("", " ".join(text.split())).strip(" .,;-")
    if "- г" in text:
        text = TWICE.sub(r"\g<whole>", text)
    for written, usual in USUAL:
        text = written.sub(usual, text)
    text = re.sub(r"(?<![\w-])(го|округ|образование)\s*-\s*", r"\1 ", " ".join(text.split()))
    text = re.sub(r"(?<=\w)\s*-\s*(?=\w)", "-", text)
    office = OFFICE.match(text)
    in_office = bool(office) and len(text[office.end() :].strip()) > 2  # type: ignore[union-attr]
    if in_office and office:
        text = text[office.end() :].strip()
    text = without_region(text)
    text = re.sub(r"(?<![\w-])(городской округ|го|г\.о\.)\s*\((?:г\.|город)[^)]*\)$", r"\1", text)
    text = text.replace("федерального значения ", "")
    text = re.sub(
        r"^мо\s+(?=го\s|г\.|мр\s|район|город|зато|муницип|\S+\s+(?:район|р-н|муницип|городск))", "", text
    )
    text = re.sub(r"^муниципальн\w+ образовани\w+\s+(?=\S)", "", text)
    for pattern in CITY_DISTRICT_PATTERNS:
        match = pattern.match(text)
        if match:
            parts = match.groupdict()
            return Municipality(
                MunicipalityClass.CITY_DISTRICT,
                _canonical(parts["name"]),
                _city_stem(parts.get("city") or ""),
            )
    return _parse_plain(text, in_office)


def _parse_plain(text: str, oblique: bool) -> Municipality:
    found: list[MunicipalityClass] = []
    rest = text
    zato = False
    whole_okrug = text.startswith("округ ")
    for kind, pattern in MARKS:
        if not pattern.search(rest):
            continue
        whole_okrug = whole_okrug or (kind == MunicipalityClass.DISTRICT and "муниципальный округ" in rest)
        shorter = " ".join(pattern.sub(" ", rest).split()).strip(" ,.-")
        if not re.search(r"[а-я]{2}", shorter):
            continue
        zato = zato or "зато" in pattern.pattern
        rest = shorter
        if kind is not None:
            found.append(kind)
    rest = " ".join(MO.sub(" ", rest).split()).strip(" ,.-") or rest
    settlement = SETTLEMENT_WORD.search(rest)
    if settlement and len(rest) > len(settlement.group()):
        rest = SETTLEMENT_WORD.sub("", rest).strip()
        if not zato:
            rest = f"поселок {rest}"
    name = re.sub(r"[^\w\s-]", " ", rest)
    name = _canonical(" ".join(name.split()))
    if not name:
        return Municipality(MunicipalityClass.UNKNOWN, "")
    kind_found = _class_of(found, name)
    if whole_okrug and kind_found == MunicipalityClass.DISTRICT and _is_noun(name):
        kind_found = MunicipalityClass.CITY  # «муниципальный округ Анапа» is the city with its villages
    if kind_found == MunicipalityClass.CITY and oblique:
        name = OBLIQUE_CITY.sub("", name)
    return Municipality(kind_found, name)


def _is_noun(name: str) -> bool:
    return not name.startswith("имени ") and not name.endswith(("ий", "ый"))


def _class_of(found: list[MunicipalityClass], name: str) -> MunicipalityClass:
    if MunicipalityClass.SETTLEMENT in found:
        return MunicipalityClass.SETTLEMENT
    # «городской округ» stands before «округ» in the table, so the first class found is the territory's own.
    if found:
        return found[0]
    if name.startswith("поселок "):
        return MunicipalityClass.CITY
    if ADJECTIVE.search(name) and not DOUBLE_CITY.search(name):
        return MunicipalityClass.DISTRICT
    return MunicipalityClass.CITY


def _canonical(name: str) -> str:
    """Adjectives in one form: «кромской», «кромского» as «кромский», «целинного» as «целинный»."""
    words = (ADJECTIVE_ENDING.sub(r"\1ий", word) for word in name.split())
    return " ".join(OTHER_ENDING.sub("ый", word) for word in words)


def _city_stem(city: str) -> str:
    """«самара», «самары» as «самар», «орёл», «орла» as «орл»: enough to tell the cities of districts apart."""
    words = (CITY_ENDING.sub("", word) for word in re.split(r"[\s-]+", city) if word)
    return " ".join(FLEETING.sub("", word.replace("ь", "")) for word in words)


def municipality_key(name: str) -> str:
    """Equal for spellings of one municipality, different otherwise; «» for an empty name (domain.md).

    Район, муниципальный район and муниципальный округ of one adjective are one; a city and the district
    around it never are.
    """
    return parse_municipality(name).key if isinstance(name, str) else ""


def municipality_keys(names: pd.Series) -> pd.Series:
    """`municipality_key` of every name, in the same index; dtype `str`, missing stays missing."""
    return map_unique(names, lambda name: municipality_key(name) or None)


def municipality_display(names: pd.Series | Iterable[str]) -> dict[str, str]:
    """The most frequent spelling for every key; of equally frequent ones the longest, then by alphabet."""
    values = pd.Series(names).dropna().astype("str")
    spellings: dict[str, Counter[str]] = {}
    for name, count in values.value_counts().items():
        key = municipality_key(str(name))
        if key:
            shown = " ".join(str(name).split())
            spellings.setdefault(key, Counter())[shown] += int(count)
    return {
        key: min(counts, key=lambda text: (-counts[text], -len(text), text))
        for key, counts in spellings.items()
    }


def municipality_group(name: str) -> str:
    """The heading of an annex (000): one of `GROUP_ORDER`. Cities and ЗАТО stand with городские округа."""
    return _GROUPS[parse_municipality(name).kind] if isinstance(name, str) and name.strip() else OTHER_GROUP
