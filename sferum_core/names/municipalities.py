"""Municipality names: one key for the spellings of one, never one for a city and its district."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import pandas as pd
from rapidfuzz.distance import Levenshtein

from sferum_core.names.gates import Gated
from sferum_core.names.regions import without_region
from sferum_core.names.text import map_unique, unify


class MunicipalityClass(StrEnum):
    """What kind of territory a name tells; cities (with ЗАТО) and districts are never one."""

    CITY = "город"
    DISTRICT = "район"
    CITY_DISTRICT = "внутригородской район"
    SETTLEMENT = "поселение"
    UNKNOWN = "неизвестно"


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


_NUMBERING = re.compile(r"^(?:(?:№\s*)?\d+\s*[.)]\s*|№\s*\d+\s+(?=[^\W\d]))")
_OFFICE = re.compile(
    r"^(?:(?:мку|мбу|му|мк|мказу|муниципальное (?:казенное |бюджетное )?учреждение|отраслевой \S+"
    r"|финансовое)\s+)*"
    r"(?:(?:районное|районный|городское|городской|муниципальное|муниципальный|территориальное)\s+)?"
    r"(?:управлени[ея]|отдел|комитет|департамент|администраци[яи]|уо|руо|гуо|роо)\b"
    r"(?:\s+(?:по|и|в сфере|сфере|общего|дошкольного|общим|вопросам|делам|образовани[яюем]\w*|образования"
    r"|науки|культуры|культуре|спорта"
    r"|спорту|молодежной|молодежи|молодежью|политики|политике|социальной|социальным|туризма|туризму"
    r"|физической|физкультуры|развития"
    r"|администраци[яию]|мо)(?![\w-]))*\s*"
)
_CITY_MARK = (
    r"(?:городской округ|городского округа|внутригородского округа|г\.о\.|го\b|г\.|гор\.|город(?:а|е)?\b|г(?=\s))"
    r"(?:\s*(?:город(?:а|е)?\b|г\.))?\s*"
)
_DISTRICT = r"(?:(?:(?:внутригородской|городской|муниципальный|административный|территориальный)\s+)?(?:район|р-н|округ)а?|ао)"
_OWN = r"(?P<name>(?!(?:городск|муниципальн|внутригородск|административн)\w*\b)[\w-]+)"
_NO_CITY = r"муниципальн|городск|сельск|област|кра[йя]|республик|автономн|округ|район|имени|улус"
_CITY_DISTRICT_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^{_OWN}\s+{_DISTRICT}\s*[,(]?\s*(?:в\s+)?{_CITY_MARK}(?P<city>[\w\s-]+)\)?$",
        rf"^{_OWN}\s+{_DISTRICT}\s+(?P<city>[\w-]+ского)\s+городского округа$",
        rf"^{_CITY_MARK}(?P<city>[\w\s-]+?)\s*[,(]\s*{_OWN}\s+{_DISTRICT}\)?$",
        rf"^(?P<city>[\w-]+(?:\s(?!г\b)[\w-]+)?)(?:\s+г\.?)?\s*[,(]\s*{_OWN}(?<=[иыо]й)\s+{_DISTRICT}\)?$",
        rf"^{_OWN}(?<=[иыо]й)\s+{_DISTRICT}\s+(?P<city>[\w-]{{3,}}(?:\s[\w-]{{4,}})?)\s+г\.?$",
        rf"^{_OWN}(?<=[иыо]й)\s+(?:район|р-н)а?\s+(?P<city>(?!{_NO_CITY})(?:[а-я]{{3,}}(?:ого|его|ых|их|ой)\s)?[а-я-]{{2,}}[аыиья](?<!ская)(?<!цкая))$",
        r"^(?P<name>[\w-]+)\s+внутригородской\s+(?:район|р-н)$",
        r"^внутригородской\s+(?:район|р-н)\s+(?P<name>[\w-]+)$",
    )
)

# What a territory calls itself; «муниципальный ок», «городской окр» are words cut short.
_CUT_OKRUG = r"(?:о|ок|окр|окру|округ|округа|округе|округу|окр\.)"
_CUT_RAYON = r"(?:р|ра|рай|райо|район|района|районе|району|р-он|р-н|р-на|рн|р\.)"
_MARKS: tuple[tuple[MunicipalityClass | None, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])"))
    for kind, pattern in (
        (None, r"муниципальн\w+ образовани\w+|мун\.\s?обр\w*\.?|внутригородское"),
        (
            MunicipalityClass.SETTLEMENT,
            r"сельск\w+ поселени\w+|городск\w+ поселени\w+|межселенн\w+ территори\w+|сельсовет\w*|с/с"
            r"|с\.\s?п\.|г\.\s?п\.|[сг]п",
        ),
        (
            MunicipalityClass.DISTRICT,
            rf"муниципальн\w*\.?\s+(?:{_CUT_OKRUG}|{_CUT_RAYON})|муниц?\.?\s+(?:{_CUT_OKRUG}|{_CUT_RAYON})"
            rf"|м(?:ун)?\.?\s?(?:окр|р-н|район)\w*\.?",
        ),
        (
            MunicipalityClass.CITY,
            rf"городск\w+\s+{_CUT_OKRUG}|гор\.?\s*(?:окр\.|округ)|г\.\s?о\.?|го\b\.?|г/о",
        ),
        (MunicipalityClass.CITY, r"зато|закрыт\w+ административно-территориальн\w+ образовани\w+"),
        (MunicipalityClass.DISTRICT, r"м\.\s?р-н|м\s?р-н|м\.\s?р\.?|м/р|мр|м\.\s?о\.?|м/о|рмо|районн\w+"),
        (
            MunicipalityClass.DISTRICT,
            r"районе?|района|району|районный|р-он|р-на?|рн\.?|р/н|улус\w*|кожуун\w*|аймак\w*",
        ),
        (MunicipalityClass.CITY, r"город[ае]?|гор\.|г\.|г(?=\s)|(?<=\s)г$"),
        (MunicipalityClass.DISTRICT, r"округа?|муниципальн\w*|муниц\.?|муницип\w*"),
        (MunicipalityClass.CITY, r"городск\w*"),
    )
)
_MO = re.compile(r"(?<![\w-])мо(?![\w-])\.?")
_SETTLEMENT_WORD = re.compile(
    r"(?<![\w-])(?:пгт|р\.?\s?п\.?|рабоч\w+ поселок|поселок|пос\.|п\.|поселка)(?![\w-])\s*"
)
_ADJECTIVE = re.compile(r"(?:ск|цк)(?:ий|ой|ого|ая|ом|ому)$")
_ADJECTIVE_ENDING = re.compile(r"(ск|цк)(?:ий|ой|ого|ому|ом)$")
_OTHER_ENDING = re.compile(r"(?<=\w[нв])(?:ой|ого|ому)$")
_DOUBLE_CITY = re.compile(r"(?:ск|вль|юрьев)-[а-я]+$")  # «Каменск-Уральский»: a city, then its adjective
_CITY_ENDING = re.compile(
    r"(?<=\w\w)(?:ого|его|ому|ий|ый|ой|ая|ые|ие|ых|их|(?:ов|ев)(?:а|о|е|у|ом)?|[аяоеыиуюьй])$"
)
_FLEETING = re.compile(r"(?<=[^аеиоуыэюя])е(?=[лц]$)")
_OBLIQUE_CITY = re.compile(r"(?<=ск|цк)а$")


# «Н. Новгород», «В.Пышма»: the whole first word, its letter, the beginnings of the second words.
SHORTENED = (
    ("нижний", "н", "новгород|тагил|ломов"),
    ("нижняя", "н", "тур|салд"),
    ("великий", "в", "новгород|устюг"),
    ("великие", "в", "лук"),
    ("верхняя", "в", "пышм|тур|салд"),
    ("верхний", "в", "уфале|тагил"),
    ("большой", "б", "камен"),
    ("старый", "ст", "оскол"),
    ("набережные", "наб", "челн"),
    ("минеральные", "мин", "вод"),
)

# Ways of writing brought to the usual one, in this order.
_USUAL = tuple(
    (Gated(pattern), usual)
    for pattern, usual in (
        # «Усть Катавский», «Ханты Мансийский»: the first part never stands alone
        (r"^((?:г\.|гор\.|город)\s*)?усть\s+(?=[а-я]{3,}\b)", r"\1усть-"),
        (
            r"(?<![\w-])(усть|верх|северо|южно|западно|восточно|ханты|нижне|верхне)\s+(?=[а-я]{3,}(?:ск|цк|н)(?:ий|ой|ого|ая|ом)\b)",
            r"\1-",
        ),
        (r"\s*,\s*город-(?:курорт|герой)$", ""),
        (r"(?<=\w)\s*[-,]?\s*наукоград\w*(?:\s+рф|\s+российской федерации)?$", ""),
        (r"(?<![\w-])(?:город-(?:курорт|герой)\w*|г\.?-[кг]\.?(?=\s)|(?:город-?\s*)?наукоград\w*)", "город"),
        (r"\(?поселок городского типа\)?", " пгт "),
        (r"(?<![\w-])им\.?\s+", "имени "),
        (r"(?<![\w-])мого(?=\s)", "городской округ"),
        (r"(?<![\w-])момр(?=\s)", "мр"),
        (r"(?<![\w-])г\.\s?о\.\s?г\.", "городской округ "),
        (r"(?<![иыо]й )муниципальн\w*\s+округ\w*\s+(?:города?\s+|г\.\s*|гор\.\s*)", "городской округ "),
        (r"\(?(?<![\w-])(?:национальн(?:ый|ого|ому|ом)|нац(?:\.|(?=\s)))\)?", " "),
        (r"(?<=ск)ое(?=(?:\s+\w+)?\s+муниципальн\w+ образовани)", "ий"),
        (r"^(?:муниципальн\w+ образовани\w+|мо)\s+([а-я]+[сц]к)ое$|^([а-я]+[сц]к)ое\s+мо$", r"\1\2ий район"),
        (r"муниципальн\w+ образовани\w+\s*,", " "),
        (r"((?:район|района|р-н)) (?=санкт-петербург|москв|севастопол|спб)", r"\1 г. "),
        (r"\s*\((?:фт|[а-я]+(?<!ий)(?<!зато)(?<!район)(?<!округ))\)$", ""),
        (r"\s+с (?:подведомственн\w+ территори\w+|внутригородск\w+ делени\w+)", ""),
        (r"(?<=[иыо]й)\s+мо\.?$", " муниципальный округ"),
        (r"^о\.\s*(?=[а-я])", "округ "),
        (r"(?<=[иыо]й район) города$", ""),
        (r"(?<![\w-])(?:спб|с\.?\s?-\s?(?=петербург))", "санкт-петербург "),
        *(
            (rf"(?<![\w-]){short}\.?\s*(?=(?:{cities})[а-я]{{0,2}}(?![\w-]))", f"{whole} ")
            for whole, short, cities in SHORTENED
        ),
    )
)
_TWICE = re.compile(r"^(?P<whole>.*?(?P<name>[а-я][\w-]*(?: [\w-]+)?))\s*-\s*(?:г\.|город)\s*(?P=name)$")


@lru_cache(maxsize=10_000)
def parse_municipality(name: str) -> Municipality:
    """A written name taken apart; an empty name gives class «неизвестно» with an empty name."""
    text = unify(name).replace("«", " ").replace("»", " ")
    text = re.sub(r"(?<=[а-я])\.(?=[а-я]{3,}|[а-я]{2}-)", ". ", text)
    text = _NUMBERING.sub("", " ".join(text.split())).strip(" .,;-")
    if "- г" in text:
        text = _TWICE.sub(r"\g<whole>", text)
    for written, usual in _USUAL:
        text = written.sub(usual, text)
    text = re.sub(r"(?<![\w-])(го|округ|образование)\s*-\s*", r"\1 ", " ".join(text.split()))
    text = re.sub(r"(?<=\w)\s*-\s*(?=\w)", "-", text)
    office = _OFFICE.match(text)
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
    for pattern in _CITY_DISTRICT_PATTERNS:
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
    for kind, pattern in _MARKS:
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
    rest = " ".join(_MO.sub(" ", rest).split()).strip(" ,.-") or rest
    settlement = _SETTLEMENT_WORD.search(rest)
    if settlement and len(rest) > len(settlement.group()):
        rest = _SETTLEMENT_WORD.sub("", rest).strip()
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
        name = _OBLIQUE_CITY.sub("", name)
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
    if _ADJECTIVE.search(name) and not _DOUBLE_CITY.search(name):
        return MunicipalityClass.DISTRICT
    return MunicipalityClass.CITY


def _canonical(name: str) -> str:
    """Adjectives in one form: «кромской», «кромского» as «кромский», «целинного» as «целинный»."""
    words = (_ADJECTIVE_ENDING.sub(r"\1ий", word) for word in name.split())
    return " ".join(_OTHER_ENDING.sub("ый", word) for word in words)


def _city_stem(city: str) -> str:
    """«самара», «самары» as «самар», «орёл», «орла» as «орл»: enough to tell the cities of districts apart."""
    words = (_CITY_ENDING.sub("", word) for word in re.split(r"[\s-]+", city) if word)
    return " ".join(_FLEETING.sub("", word.replace("ь", "")) for word in words)


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


_PREFIXES = (
    "верхне",
    "нижне",
    "средне",
    "северо",
    "южно",
    "ново",
    "старо",
    "мало",
    "больше",
    "усть-",
    "красно",
)


def similar_municipalities(names: pd.Series | Iterable[str]) -> list[tuple[str, str, float]]:
    """Pairs of names that look like a misprint of one another, with a score 0–1, the most alike first.

    Only suggested, never merged: «Залогощенский» and «Залегощенский» (004). A city and a
    district are no pair.
    """
    shown = municipality_display(names)
    parsed = {key: parse_municipality(text) for key, text in shown.items()}
    keys = sorted(parsed)
    pairs = []
    for place, first in enumerate(keys):
        for second in keys[place + 1 :]:
            score = _likeness(parsed[first], parsed[second])
            if score:
                pairs.append((shown[first], shown[second], score))
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))


@lru_cache(maxsize=10_000)
def _taken_apart(key: str) -> Municipality:
    kind, _, name = key.partition(":")
    name, _, city = name.partition("@")
    return (
        Municipality(MunicipalityClass(kind), name, city)
        if name
        else Municipality(MunicipalityClass.UNKNOWN, "")
    )


def city_of(key: str) -> str:
    """The name of the city a key stands for; «» for a district and for no city at all."""
    parsed = _taken_apart(key)
    return parsed.name if parsed.kind == MunicipalityClass.CITY else ""


def similar_keys(one: str, two: str) -> bool:
    """Whether two different keys may be one municipality written otherwise: a misprint, «Копейский ГО»."""
    return _likeness(_taken_apart(one), _taken_apart(two)) > 0


def same_word(one: str, two: str) -> bool:
    """Whether two keys have one name proper, whatever territory each calls itself: «Ачитский ГО», «Ачитский район».

    It is no proof: a city and the district around it share the word. What is listed under both must decide.
    """
    first, second = _taken_apart(one), _taken_apart(two)
    return bool(first.name) and _stem(first.name) == _stem(second.name)


def _likeness(first: Municipality, second: Municipality) -> float:
    if first.kind != second.kind or first.city != second.city:
        return 0.0
    one, two = first.name, second.name
    if _prefix(one) != _prefix(two):
        return 0.0
    distance = Levenshtein.distance(one, two, score_cutoff=2)
    shorter = min(len(one), len(two))
    if (distance == 1 and shorter >= 6) or (distance == 2 and shorter >= 11):
        return round(1 - distance / max(len(one), len(two)), 3)
    if first.kind == MunicipalityClass.CITY and _stem(one) == _stem(two):
        return 0.8  # «Копейский городской округ» and «г. Копейск»
    return 0.0


def _prefix(name: str) -> str:
    return next((prefix for prefix in _PREFIXES if name.startswith(prefix)), "")


def _stem(name: str) -> str:
    return name[:-2] if name.endswith(("ий", "ый", "ой")) else name
