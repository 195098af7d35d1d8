"""Takes an organization's name apart: number, kind, nickname, places, dedication, branch."""
# ruff: noqa: E501 - a pattern stays on one line, so that a change shows as one

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from rapidfuzz.distance import OSA

from sferum_core.names.gates import Gated
from sferum_core.names.kinds import BY_TYPE, KEYWORDS, KINDS
from sferum_core.names.municipalities import parse_municipality
from sferum_core.names.organization_types import organization_type, spell_out
from sferum_core.names.places import Place, place_of, same_place
from sferum_core.names.text import unify


@dataclass(frozen=True)
class NameParts:
    """What tells one organization from another; an empty part is not in the name."""

    type: str
    kind: str
    number: str
    nickname: str
    places: tuple[Place, ...]
    dedication: tuple[str, ...]
    branch: bool
    parent: str = ""  # the number of the school a branch belongs to
    acronym: str = ""  # first letters of the words it calls itself by
    central: bool = False  # names the municipality's own town, so that another place is another organization

    @cached_property
    def core(self) -> tuple[str, ...]:
        """Equal for two spellings of one name."""
        return (
            self.type,
            self.kind,
            self.number,
            self.nickname,
            *sorted(f"{place.first[:1]} {place.noun or place.stem + '-'}" for place in self.places),
            "им. " + " ".join(self.dedication),
            "филиал" if self.branch else "",
            self.parent,
        )

    @property
    def distinctive(self) -> bool:
        """Whether the name says more than a kind and a number."""
        return bool(self.nickname or self.places or self.dedication)


_SHORT_FORM = Gated(r"\(\s*(?:[а-я]{1,6}оу|[а-я]{1,4}у до|[а-я]{2,6}удо)\b[^()]*\)?")
_TERRITORIES = tuple(
    Gated(pattern)
    for pattern in (
        r"(?<![\w-])(?<!пгт )(?<!пос\. )(?<!п\. )(?<!с\. )(?<!т\. )(?<!рп )(?<!села )(?<!поселок )(?<!поселка )(?!муниципальн|городск|внутригородск)[\w-]+(?:ого|ий|ый|ой|ом)\s+(?:(?:немецк|национальн|муниципальн|городск|внутригородск|административн)\w+\s+)*(?:район|округ|р-н|улус|кожуун)\w*\.?(?:\s+(?:в\s+)?(?=(?:г\.|город)\s*[\w-])|\s+(?!имени|школ|детск)[а-я-]+[аыи](?=[\s»]*$)|\s+спб\b)?",
        r"[\w-]+(?:ск|цк)(?:ой|ая)\s+(?:области|область|обл\b\.?|республик\w+)|[\w-]+(?:ск|цк)(?:ого|ий)\s+кра[йя]\b|республик\w+\s+[\w-]+(?:\s+эл\b|\s*\(\w+\))?",
        r"[\w-]+(?:ск|цк)(?:ого|ий)\s+автономн\w+\s+(?:округ\w*|област\w*)(?:\s*-?\s*югр\w*)?",
        r"(?:муниципальн\w+ (?:район|округ|образовани)|городск\w+ округ|внутригородск\w+ район)\w*\s*-?\s*«?(?:(?:город\w*|г\.)\s*)?(?!(?:средн|основн|начальн|детск|школ|гимнази|лице|центр|дом\b|колледж|техник))[\w-]+»?(?:\s+район\w*)?",
        r"(?<![\w-])(?:г\.\s?о\.|м\.\s?р\.|м\.\s?о\.)\s*(?:г\.\s*)?[\w-]*",
        r"(?<![\w-])(?:мо|го|мр)\s+(?:«?(?:город|г\.)\s*«?[\w-]+»?|«?[\w-]+ский район»?)",
        r"(?<![\w-])[а-я]{1,3}(?:мр|го|мо)(?:\s+(?:рт|рб|мо|ро|ск|рк|рд|чр|ур|ло|по))?(?=[\s»]*$)",
    )
)
_NOISE = re.compile(
    r"\b(?:муниципальн|государственн|областн|краев|республиканск|федеральн|бюджетн|казенн|автономн|частн|негосударственн"
    r"|некоммерческ|дошкольн|общеобразовательн|образовательн|профессиональн|дополнительн|учрежден|организаци|общеразвивающ"
    r"|комбинированн|компенсирующ|присмотр|оздоровлен|образовани|общего|среднего|основного|начального|вид|структурн|подразделен"
    r"|филиал|корпус|отделени|обособленн|районн|городск|закрыт|полного)\w*\b"
    r"|\b[мгкфорсоялтчнабдвэ]{0,6}(?:[уо]до?д?|оу|доу|доо|поу|поо|дпо|спо|бу|ау|ку)(?:\s+(?:до|дод|спо|дпо)\b)?(?!\w)|\bмо[бак]у\b|\b[мгкоч]?[бак]?п?о[бак]у\b|\bано\b|\bфил\b\.?|\bсп\b|\b[ивкх]\b"
    r"|\b[ivх]+\s+вида\b|\b(?:дод|до|ов|оо|зз|уиоп|уиая|рф|ссср|мо|го|мр|рт|рб|рк|рд|рм|чр|ур|пгт)\b"
)
_LEGAL = re.compile(
    r"\b(?:муниципальн|государственн|бюджетн|казенн|автономн|общеобразовательн|образовательн|дошкольн|учрежден|дополнительн|образовани|профессиональн|организаци)\w*"
    r"|\b[а-я]{0,6}(?:оу|[оу]до?д?|оо)\b|\b[мг][бак]у\b"
)
_ASIDE = Gated(
    r"\b[сc]\s+(?:углубленн|приоритетн|дошкольн|этнокультурн|кадетск|русск|татарск|башкирск|родн|национальн|художественн|эстетическ)\w*[^«»№(]*?(?=[«»№(,]|\bг\.|\bгород|\bс\.|\bсела|\bп\.|\bим|$)"
    r"|\bкадетск\w+ класс\w*|\b[сc] (?:уиоп|уиая|уим|уо)\b|\bдля\s+(?:обучающ|воспитан|дет|слаб|глух|умствен|неслыш)\w*[^«»№(]*?(?=[«»№(,]|\bг\.|\bс\.|\bп\.|\bим|$)"
    r"|\bреализующ\w+[^«»№]*|\bосуществляющ\w+[^«»№]*|\bсо структурн\w+[^»№]*|\(полн\w+\)"
)
_NUMBER = Gated(r"№\s*(\d+(?:/\d+)?)(?:-?([абвгд])(?![\w.])|\s+([абвгд])(?=\s*(?:[«»,(]|$)))?")
_KIND_NUMBER = Gated(
    r"(?:школ\w*(?:\s*-?\s*интернат\w*)?|сад\w*|лице\w+|гимнази\w*|[сон]ош|сш|дюсш|сшор|дмш|дши|дхш|пту?|училищ\w*|[оа]у|дс|ши|цо|цдт|образования)\s*«?\s*-?\s*(\d{1,4})"
    r"(?!\s*-?\s*(?:летия|лет\b|й\b|ой\b|го\b|я\b|мая|октября|января|\w*ской|\w*ская))(?!\d)"
)
_INITIALS_NAME = Gated(
    r"(?<![\w.])(?!р\.\s?п\.|п\.\s?г)(?:[а-я]\.\s?){2}([а-я-]*(?:[оеи]в[аы]|[иы]на|[оеи]вой|[иы]ной|ского|цкого|ского|ской|[еоя]го|енко|чука|юка))\b"
)
_DEDICATION = Gated(r"\b(?:имени\s|им\.|им(?=\s)|памяти\s)\s*")
_TOKEN = re.compile(r"[а-я]{1,3}\.|[\w-]+|[«»(),№;]")
_HONOURS = re.compile(
    r"^(?:дважды|трижды|геро\w*|советск\w+|союза|ссср|рф|росси\w*|федераци\w*|социалистическ\w+|труда|маршала|генерала|генерал-\w+|адмирала|академика|профессора|писател\w+|поэта"
    r"|полного|кавалера|ордена|орденов|мужества|славы|гвардии|лейтенанта|капитана|майора|полковника|подполковника|сержанта|рядового|народн\w+|заслуженн\w+|учител\w+|ветеран\w*|вов|летчик\w*|космонавт\w*|воина|святител\w+|святого|преподобн\w+)$"
)
_PLACE_MARK = r"(?:с|п|пос|д|дер|х|хут|ст|ст-ца|пгт|п\.\s?г\.\s?т|н\.\s?п|р\.\s?п|рп|г|гор|аул|а|ж/д\s*ст|стан|мкр|сл)\."
_PLACE_WORD = r"(?:сел[оае]|поселк[аеу]|поселок|деревн[яиею]|хутор[ае]?|станиц[аые]|аул[ае]?|город[ае]?|рабоч\w+ поселк[ае]|слобод[аы]|пгт|рп|г|п|с|д|ст|х)"
_PLACE = Gated(
    rf"(?<![\w-])(?:{_PLACE_MARK}\s*|{_PLACE_WORD}\s+)((?:[а-я]{{1,3}}\.\s*)?(?:\d-\w+\s+)?[а-я][\w-]{{2,}}(?:\s+(?!имени|им\b|муницип|городск|район|обл|края|республ)[\w-]{{4,}}(?=\s*(?:$|[»,)(«])))?)"
)
_CITY_MARK = re.compile(r"^(?:г\.|гор\.|г\s|город)")
_ADJECTIVE = re.compile(
    r"^(?!детск|городск|сельск|российск|советск|морск|женск|мужск|русск|татарск|башкирск|немецк|юношеск|кадетск|казач|гражданск|славянск|медицинск|олимпийск|еврейск|армянск|английск|французск|финно)"
    r"[\d\w-]+(?<!че)(?:ск|цк)(?:ая|ий|ое|ой|ого)$"
)
_BRANCH = Gated(
    r"\bфилиал\w*|\bструктурн\w+ подразделени\w*|\bсп\b|\bкорпус\b|\bдошкольн\w+ (?:отделени|подразделени|корпус)\w*"
)
_BROKEN_HYPHEN = re.compile(r"(?<=[а-я][ое])(?:\s+-\s*|-\s+)(?=[а-я]+(?:ск|цк)(?:ая|ий|ое|ой|ого)\b)")
_GARDEN = re.compile(r"детск\w*\s+сад\w*")
_PARENT = re.compile(
    r"\b(?:[мгк]{1,2}[бак]?оу|(?:муниципальн|государственн)\w+\s[^«»]*?учреждени\w+)\b.*?(?=\s-\s|$)|\b[сон]ош\b.*?(?=\s-\s|$)"
)


@lru_cache(maxsize=50_000)
def name_parts(name: str) -> NameParts:
    """The parts of a written name; territories and legal forms are left out."""
    text = _SHORT_FORM.sub(" ", spell_out(_BROKEN_HYPHEN.sub("-", unify(name))))
    text = " ".join(_mended(word) for word in text.split())
    organization = organization_type(name) or ""
    branch = _BRANCH.search(text) is not None
    text, parent = _own_part(text) if branch else (text, "")
    text = _ASIDE.sub(" ", text)
    for territory in _TERRITORIES:
        text = territory.sub(" ", text)
    dedication, text = _cut_dedication(text)
    number, text = _cut_number(text)
    acronym = "".join(word[0] for word in re.findall(r"[а-я]{3,}", _LEGAL.sub(" ", _PLACE.sub(" ", text))))
    kind, text = _cut_kind(text)
    kind = BY_TYPE.get((organization, kind), kind)
    places = [place_of(match.group(1), noun=True, city=_is_city(match)) for match in _PLACE.finditer(text)]
    text = _NOISE.sub(" ", _PLACE.sub(" ", text))
    nickname = []
    for word in re.findall(r"[\w-]+", text):
        word = word.strip("-_")
        if _ADJECTIVE.match(word) and len(word) > 6:
            places.append(place_of(word, noun=False, city=False))
        elif (len(word) > 2 or word.isdigit()) and not _is_noise(word):
            nickname.append(word)
    if not (kind or number or nickname or places or dedication):
        nickname = [unify(name)]
    return NameParts(
        organization,
        kind,
        number,
        " ".join(nickname),
        tuple(sorted(set(places))),
        dedication,
        branch,
        parent,
        acronym if len(acronym) > 2 else "",
    )


@lru_cache(maxsize=50_000)
def localized(parts: NameParts, municipality: str) -> NameParts:
    """`parts` in a municipality (as written): its own name among the places says only «central»."""
    own = parse_municipality(municipality).name if municipality else ""
    if not own or not (parts.places or parts.nickname):
        return parts
    centre = place_of(own, noun=False, city=False)
    words = parts.nickname.split()
    territory = re.compile(rf"{own[0]}[а-я]?(?:го|мо|мр)")  # «МКОУ АГО «Ачитская СОШ»
    told = [word for word in words if not territory.fullmatch(word)]
    told = [word for word in told if place_of(word, noun=False, city=False).stem != centre.stem] or words
    others = tuple(
        place for place in parts.places if same_place(place, centre) < (0.8 if place.city else 0.9)
    )
    if len(others) == len(parts.places) and told == words:
        return parts
    central = parts.central or (bool(parts.places) and not others)
    return replace(parts, places=others, nickname=" ".join(told), central=central)


def _own_part(text: str) -> tuple[str, str]:
    """What a branch calls itself, and the number of the school it belongs to."""
    garden = _GARDEN.search(text)
    if garden is not None:
        parent = _PARENT.search(text, garden.end()) or _PARENT.search(text[: garden.start()])
        if parent is None:
            return text, ""
        own = text[: parent.start()] + " " + text[parent.end() :]
        return own, _cut_number(parent.group())[0]
    mark = _BRANCH.search(text)
    if mark is None:
        return text, ""
    before, after = text[: mark.start()], text[mark.end() :]
    legal = re.search(r"\b[мгк]{1,2}[бак]?оу\b|учреждени", before)
    inside = re.search(r"\sв\s(?=(?:с|п|д|х|г|пос|дер)\.|сел|посел|дерев|хутор)", after)
    if legal and re.search(r"\w{3,}", after) and not re.search(r"\b[мгк]{1,2}[бак]?оу\b", after):
        own, parent_text = after, before
    elif not legal and re.search(r"\w{4,}", before):
        own, parent_text = before, after
    elif inside:
        own, parent_text = after[inside.end() :], after[: inside.start()]
    else:
        return text, ""
    return f"{own} {mark.group()}", _cut_number(parent_text)[0]


def _cut_dedication(text: str) -> tuple[tuple[str, ...], str]:
    match = _DEDICATION.search(text)
    if match is None:
        named = _INITIALS_NAME.search(text)
        if named is None:
            return (), text
        return (named.group(1),), text[: named.start()] + " " + text[named.end() :]
    words: list[str] = []
    end = len(text)
    tokens = list(_TOKEN.finditer(text, match.end()))
    for place, token in enumerate(tokens):
        told = token.group()
        if told in "«»(),№;" or (words and told == "-"):
            if told == "«" and not words:
                continue
            end = token.start()
            break
        if told.endswith("."):
            following = tokens[place + 1].group() if place + 1 < len(tokens) else ""
            initial = place > 0 and re.fullmatch(r"[а-я]\.", tokens[place - 1].group())
            if words and not initial and len(following) > 2 and not following.endswith("."):
                end = token.start()
                break
            continue
        if words and re.fullmatch(_PLACE_WORD, told) and len(told) > 2:
            end = token.start()
            break
        if words and re.fullmatch(r"(?:муниципальн|городск)\w+|[\w-]+(?:ского|цкого)", told):
            end = token.start()
            break
        if len(told) > 2 and told not in ("имени", "им", "памяти") and not _HONOURS.match(told):
            words.append(told)
    return tuple(words), f"{text[: match.start()]} {text[end:]}"


def _cut_number(text: str) -> tuple[str, str]:
    match = _NUMBER.search(text)
    if match is not None:
        number = (match.group(1).lstrip("0") or "0") + (match.group(2) or match.group(3) or "")
        return number, text[: match.start()] + " " + text[match.end() :]
    match = _KIND_NUMBER.search(text)
    if match is None:
        return "", text
    return match.group(1).lstrip("0") or "0", text[: match.start(1)] + " " + text[match.end(1) :]


def _cut_kind(text: str) -> tuple[str, str]:
    kind = ""
    for label, pattern in KINDS:
        if pattern.may_match(text):
            shorter = pattern.pattern.sub(" ", text)
            if shorter != text:
                kind, text = kind or label, shorter
    return kind, text


def _is_city(match: re.Match[str]) -> bool:
    return _CITY_MARK.match(match.group()) is not None


@lru_cache(maxsize=20_000)
def _mended(word: str) -> str:
    """«десткий» as «детский»: a word one slip away from one that names a kind."""
    if len(word) < 6 or word in KEYWORDS or not word.isalpha():
        return word
    return next((known for known in KEYWORDS if _one_slip(word, known)), word)


def _one_slip(word: str, known: str) -> bool:
    """One letter off inside the word; its ending may be another case and is no slip."""
    return word[-2:] == known[-2:] and OSA.distance(word, known, score_cutoff=1) <= 1


_BOILERPLATE = [
    "муниципальное",
    "бюджетное",
    "казенное",
    "автономное",
    "государственное",
    "общеобразовательное",
    "образовательное",
    "дошкольное",
    "учреждение",
    "профессиональное",
    "дополнительного",
    "образования",
    "комбинированного",
    "общеразвивающего",
    "компенсирующего",
    "организация",
]


@lru_cache(maxsize=20_000)
def _is_noise(word: str) -> bool:
    """A legal form misspelled: «мунициальное», «общеобразоватльное»."""
    slips = 2 if len(word) > 8 else 1
    return len(word) > 6 and any(
        OSA.distance(word, known, score_cutoff=slips) <= slips for known in _BOILERPLATE
    )
