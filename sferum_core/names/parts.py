"""Takes an organization's name apart (number, kind, nickname, place, dedication) and compares two names."""
# ruff: noqa: E501 - a pattern stays on one line, so that a change shows as one

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from sferum_core.names.organization_types import organization_type, spell_out
from sferum_core.names.text import unify


@dataclass(frozen=True)
class NameParts:
    """What tells one organization from another; an empty part is not in the name."""

    type: str
    kind: str
    number: str
    nickname: str
    places: tuple[str, ...]
    dedication: str
    branch: bool

    @property
    def core(self) -> tuple[str, ...]:
        """Equal for two spellings of one name."""
        return (
            self.type,
            self.kind,
            self.number,
            self.nickname,
            *sorted(self.places),
            self.dedication,
            "филиал" if self.branch else "",
        )

    @property
    def distinctive(self) -> bool:
        """Whether the name says more than a kind and a number."""
        return bool(self.nickname or self.places or self.dedication)


_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("интернат", r"школ\w*\s*-?\s*интернат\w*|\b[смогк]?к?ши\b"),
        (
            "вечерняя школа",
            r"\b(?:вечерн|сменн|открыт)\w*\)?[\s()\w,-]*?школ\w*|\bв(?:\(с\))?(?:о|с)?ош\b|\bосош\b",
        ),
        ("коррекционная школа", r"коррекцион\w*[\s()\w,-]*?школ\w*|\bскош\w*\b"),
        ("начальная школа", r"\bнош\b|\bнш\b|начальн\w*\s+(?:общеобразовательн\w*\s+)?школ\w*"),
        ("основная школа", r"\bоош\b|\bош\b|основн\w*\s+(?:общеобразовательн\w*\s+)?школ\w*"),
        (
            "ДЮСШ",
            r"\w*дюсш\w*|детско-юношеск\w*\s+спортивн\w*\s+школ\w*|\w*сшор\b|спортивн\w*\s+школ\w*(?:\s+олимпийского резерва)?",
        ),
        ("ДМШ", r"\bдмш\b|(?:детск\w*\s+)?музыкальн\w*\s+школ\w*"),
        ("ДХШ", r"\bдхш\b|(?:детск\w*\s+)?художественн\w*\s+школ\w*"),
        ("ДШИ", r"\bдши\b|(?:детск\w*\s+)?школ\w*\s+искусств"),
        ("средняя школа", r"\b\w{0,2}сош\b|средн\w*\s+(?:\w+\s+)?(?:общеобразовательн\w*\s+)?школ\w*"),
        ("прогимназия", r"прогимнази\w*"),
        ("гимназия", r"гимнази\w*"),
        ("лицей", r"\bлице(?:й|я|е|ю)\b"),
        ("центр образования", r"центр\w* образования|\bцо\b|образовательн\w* (?:центр|комплекс)\w*"),
        (
            "детский сад",
            r"(?:центр\w* развити\w* ребенк\w*\s*-?\s*)?детск\w*\s+сад\w*|\bцрр\b(?:\s*-?\s*детск\w*\s+сад\w*)?|\bясл\w*|\bдс\b|центр\w* развити\w* ребенк\w*",
        ),
        ("колледж", r"\w*колледж\w*"),
        ("техникум", r"\w*техникум\w*"),
        ("училище", r"\w*училищ\w*|\bпту?\b"),
        ("ДДТ", r"\bддт\b|дом\w* детск\w* творчеств\w*"),
        ("ЦДТ", r"\bцдт\b|центр\w* детск\w* творчеств\w*"),
        ("ЦВР", r"\bцвр\b|центр\w* внешкольн\w* работ\w*"),
        ("СЮТ", r"\bсют\b|станци\w* юн\w* техник\w*"),
        ("СЮН", r"\bсюн\b|станци\w* юн\w* натуралист\w*"),
        ("школа", r"\bсш\b|\bшкол(?:а|ы|е|у|ой)\b"),
    )
)
_LOOSE_KINDS = {
    "школа": {
        "средняя школа",
        "основная школа",
        "начальная школа",
        "ДЮСШ",
        "интернат",
        "коррекционная школа",
        "вечерняя школа",
    }
}
_FORMS = re.compile(
    r"\b(?:муниципальн|государственн|областн|краев|республиканск|федеральн|бюджетн|казенн|автономн|частн|негосударственн"
    r"|некоммерческ|дошкольн|общеобразовательн|образовательн|профессиональн|дополнительн|учрежден|организаци|общеразвивающ"
    r"|комбинированн|компенсирующ|присмотр|оздоровлен|образовани|общего|среднего|основного|начального|вид|структурн|подразделен"
    r"|филиал|корпус|отделени)\w*\b"
    r"|\b[мгкфорсоялтчнабдв]{0,6}(?:[уо]до?д?|оу|доу|доо|поу|поо|дпо|спо|бу|ау|ку)(?:\s+(?:до|дод|спо|дпо)\b)?(?!\w)|\bмо[бак]у\b|\bано\b|\bфил\b\.?|\bсп\b|\bи\b"
)
_ASIDE = re.compile(
    r"\bс\s+(?:углубленн|приоритетн|дошкольн|этнокультурн|кадетск|русским)\w*[^«»№]*?(?=[«»№]|\bг\.|\bс\.|\bп\.|\bим|$)"
    r"|\bкадетск\w+ класс\w*"
)
_NUMBER = re.compile(r"№\s*(\d+(?:/\d+)?)(?:-?([абвгд])\b(?!\.))?")
_KIND_NUMBER = re.compile(
    r"(?:школ\w*(?:-интернат)?|сад\w*|лицей|гимнази\w*|[сон]ош|сш|дюсш|дмш|дши|дхш|пту?|училищ\w*|[оа]у|дс|образования)\s*«?\s*-?\s*(\d{1,4})"
    r"(?!\s*-?\s*(?:летия|лет\b|й|ой|го|я\b|мая|октября|января))"
)
_DEDICATION = re.compile(r"\b(?:имени|им\.?|памяти)\s+([^«»(),№-]+)")
_INITIALS = re.compile(r"[^.]*\b[а-я]\.\s?[а-я]\.")
_HONOURS = re.compile(
    r"\b(?:дважды|трижды|геро\w*|советск\w+|союза|росси\w*|федерации|социалистического|труда|маршала|генерала|академика|писателя|поэта"
    r"|полного|кавалера|ордена|орденов|славы|гвардии|лейтенанта|капитана|майора|полковника|народн\w+|заслуженн\w+|учител\w+|[а-я]\.?)(?=\s|$|\.)"
)
_TERRITORY = re.compile(
    r"[\w-]+\s+(?:муниципальн\w+\s+|городск\w+\s+)?(?:район|округ|р-н|област|обл\b|кра[йя]|мр\b|го\b|мо\b)\w*\.?"
    r"|(?:городск\w+ округ\w*|муниципальн\w+ (?:район|округ|образовани)\w*|республик\w+|г\.\s?о\.)\s*«?[\w-]+»?"
)
_PLACE = re.compile(
    r"(?<![\w-])(?:(?:с|п|пос|д|дер|х|хут|ст|ст-ца|пгт|р\.п|рп|г|гор|аул|ж/д\s*ст|стан)\.|села?|поселк?а?|поселок|деревн[яи]|хутора?|станиц[аы]"
    r"|аула?|города?|г|пгт|рп|рабоч\w+ поселк?а?)\s+([\w-]{3,}(?:\s+[\w-]{4,}(?=\s*(?:$|[»,)])))?)"
)
_ADJECTIVE = re.compile(r"^[\w-]+(?:ская|ский|ское|ской|ского|цкая|цкий|цкое)$")
_ENDING = re.compile(
    r"(?:ского|ская|ский|ское|ской|цкая|цкий|цкое|ское|ово|ево|ова|ева|овка|евка|овки|евки|ка|ки|ое|ая|ий|ый|ой|а|о|е|ы|и|у|ь|я)$"
)


@lru_cache(maxsize=50_000)
def name_parts(name: str) -> NameParts:
    """The parts of a written name; territory words and legal forms are left out."""
    text = spell_out(unify(name)).replace("ё", "е")
    organization = organization_type(name) or ""
    text = _ASIDE.sub(" ", text)
    dedication, text = _cut_dedication(text)
    text = _TERRITORY.sub(" ", text)
    number, text = _cut_number(text)
    branch = bool(re.search(r"\bфилиал\w*|\bструктурн\w+ подразделени|\bсп\b|\bкорпус\b", text))
    kind = ""
    for label, pattern in _KINDS:
        if pattern.search(text):
            kind = kind or label
            text = pattern.sub(" ", text)
    text = _FORMS.sub(" ", text)
    places = [_stem(match.group(1)) for match in _PLACE.finditer(text)]
    text = _PLACE.sub(" ", text)
    words = [word.strip("-") for word in re.findall(r"[\w-]+", text)]
    nickname = []
    for word in words:
        if len(word) < 2:
            continue
        if _ADJECTIVE.match(word) and len(word) > 6:
            places.append(_stem(word))
        else:
            nickname.append(word)
    if not (kind or number or nickname or places or dedication):
        nickname = [unify(name)]
    return NameParts(
        organization, kind, number, " ".join(nickname), tuple(sorted(set(places))), dedication, branch
    )


def _cut_dedication(text: str) -> tuple[str, str]:
    match = _DEDICATION.search(text)
    if match is None:
        return "", text
    told = (
        re.sub(r"\b[а-я]\.(?:\s?[а-я]\.)?(?=\s?[а-я]{4})", " ", match.group(1))
        if _INITIALS.match(match.group(1))
        else match.group(1)
    )
    body = _PLACE.sub(" ", " " + told)
    body = _HONOURS.sub(" ", _TERRITORY.sub(" ", body))
    words = re.findall(r"[\w-]{3,}", body)
    places = " ".join(found.group() for found in _PLACE.finditer(" " + told))
    return (words[-1] if words else ""), f"{text[: match.start()]} {places} {text[match.end() :]}"


def _cut_number(text: str) -> tuple[str, str]:
    match = _NUMBER.search(text)
    if match is not None:
        number = match.group(1).lstrip("0") + (match.group(2) or "")
        return number, text[: match.start()] + " " + text[match.end() :]
    match = _KIND_NUMBER.search(text)
    if match is None:
        return "", text
    return match.group(1).lstrip("0"), text[: match.start(1)] + " " + text[match.end(1) :]


def _stem(word: str) -> str:
    stem = _ENDING.sub("", word)
    stem = _ENDING.sub("", stem) if len(stem) > 6 and stem.endswith(("ов", "ев", "ин")) is False else stem
    return re.sub(r"(?:ов|ев|ин|н|к)$", "", stem) if len(stem) > 5 else stem


@dataclass(frozen=True)
class Likeness:
    """How alike two names are: 0–1, and why, in Russian words."""

    score: float
    reason: str


_NOTHING = Likeness(0.0, "")


def compare_names(first: NameParts, second: NameParts) -> Likeness:
    """Likeness of two names within one municipality; 0 where number or type forbids a pair."""
    if first.number and second.number and first.number != second.number:
        return _NOTHING
    if first.type and second.type and first.type != second.type:
        return _NOTHING
    if first.core == second.core:
        return Likeness(1.0, "название совпадает")
    score = 0.5
    same: list[str] = []
    different: list[str] = []
    evidence = 0
    if first.number and second.number:
        score += 0.5
        evidence += 1
        same.append("номер")
    elif first.number or second.number:
        score -= 0.25
        different.append("номер есть только у одной")
    cap = 0.99
    if first.branch != second.branch:
        cap = 0.7
        different.append("одна из них филиал или подразделение")
    if first.kind and second.kind:
        if first.kind == second.kind:
            score += 0.1
            same.append("вид")
        elif _loose(first.kind, second.kind):
            score += 0.05
        else:
            cap = min(cap, 0.7)
            different.append(f"разный вид: {first.kind} и {second.kind}")
    if first.nickname and second.nickname:
        alike = max(
            fuzz.ratio(first.nickname, second.nickname),
            fuzz.token_sort_ratio(first.nickname, second.nickname),
        )
        if alike >= 60:
            score += 0.45 * alike / 100
            evidence += 1
            same.append("название в кавычках" if alike == 100 else "похожее название в кавычках")
            if not first.number and not _near(first.nickname, second.nickname):
                cap = min(cap, 0.82)
        else:
            score -= 0.15 if first.number and second.number else 0.4
            different.append("разные названия в кавычках")
            cap = min(cap, 0.8)
    elif first.nickname or second.nickname:
        score -= 0.05
    if first.places and second.places:
        alike_place = max(_place_likeness(one, two) for one in first.places for two in second.places)
        if alike_place >= 0.8:
            score += 0.4 * alike_place
            evidence += 1
            same.append("населённый пункт")
        else:
            score -= 0.4
            cap = min(cap, 0.7)
            different.append("разные населённые пункты")
    elif first.places or second.places:
        score -= 0.08
    if first.dedication and second.dedication:
        alike = fuzz.ratio(first.dedication, second.dedication)
        if alike >= 80:
            score += 0.3
            evidence += 1
            same.append("имя")
        else:
            score -= 0.2
            different.append("носят разные имена")
    if not evidence:
        return _NOTHING
    reason = ("совпали: " + ", ".join(same)) if same else ""
    if different:
        reason += ("; " if reason else "") + "; ".join(different)
    return Likeness(round(max(0.0, min(cap, score * 0.9)), 3), reason)


def _near(one: str, two: str) -> bool:
    if Levenshtein.distance(one, two, score_cutoff=1) <= 1 and min(len(one), len(two)) >= 7:
        return True
    return max(fuzz.ratio(one, two), fuzz.token_sort_ratio(one, two)) >= 92


def _loose(one: str, two: str) -> bool:
    return two in _LOOSE_KINDS.get(one, ()) or one in _LOOSE_KINDS.get(two, ())


def _place_likeness(one: str, two: str) -> float:
    if one == two:
        return 1.0
    shorter = min(len(one), len(two))
    if shorter >= 4 and (one.startswith(two) or two.startswith(one)):
        return 0.9
    return fuzz.ratio(one, two) / 100
