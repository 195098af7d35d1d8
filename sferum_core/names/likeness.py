"""How alike two names of organizations in one municipality are, and why, in Russian words."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Levenshtein

from sferum_core.names.kinds import RARE_KINDS, loosely_alike
from sferum_core.names.parts import NameParts
from sferum_core.names.places import same_place


@dataclass(frozen=True)
class Likeness:
    """How alike two names are: 0–1, and why, in Russian words."""

    score: float
    reason: str
    telling: bool = False  # whether more than a number or a kind agrees


_NOTHING = Likeness(0.0, "")
_ONE_SIGN = 0.93  # the score of one sign that agrees and nothing against it
_MORE = 0.04  # every further sign that agrees
_DOUBTFUL = 0.8  # what contradicts itself is never more
_PLACE_SIGN, _INITIALS_SIGN = "населённый пункт", "начальные буквы названия"
_WEAK = 0.7
_UNLIKELY = 0.5  # below what is shown at all


class _Weighing:
    """What agrees and what speaks against, as it is found."""

    def __init__(self) -> None:
        self.signs: list[str] = []
        self.alike: list[str] = []
        self.against: list[str] = []
        self.cost = 0.0
        self.limit = 0.99

    def agrees(self, sign: str, word: str = "") -> None:
        self.signs.append(sign)
        self.alike.append(word or sign)

    def doubt(self, limit: float, words: str) -> None:
        self.limit = min(self.limit, limit)
        self.against.append(words)

    def result(self) -> Likeness:
        score = _ONE_SIGN + _MORE * (len(self.signs) - 1) - self.cost
        reason = "совпали: " + ", ".join(self.alike) if self.alike else ""
        if self.against:
            reason += ("; " if reason else "") + "; ".join(self.against)
        telling = any(sign not in ("номер", "вид") for sign in self.signs)
        return Likeness(round(max(0.0, min(self.limit, score)), 3), reason, telling)


def compare_names(first: NameParts, second: NameParts) -> Likeness:
    """Likeness of two names within one municipality; 0 where number or type forbids a pair."""
    if first.number != second.number and first.number and second.number:
        return _NOTHING
    if first.type != second.type and first.type and second.type:
        return _NOTHING
    if first.parent != second.parent and first.parent and second.parent:
        return _NOTHING
    if first.core == second.core and first.central == second.central:
        return Likeness(1.0, "название совпадает", first.distinctive)
    weighing = _Weighing()
    if first.number and second.number:
        weighing.agrees("номер")
    _weigh_nicknames(weighing, first, second)
    _weigh_dedications(weighing, first, second)
    _weigh_places(weighing, first, second)
    if not weighing.signs and not _one_of_a_kind(weighing, first, second):
        return _NOTHING
    if bool(first.number) != bool(second.number):
        weighing.cost += 0.07
        weighing.against.append("номер есть только у одной")
    if first.branch != second.branch:
        weighing.doubt(_WEAK, "одна из них филиал или подразделение")
    _weigh_kinds(weighing, first, second)
    return weighing.result()


def _weigh_kinds(weighing: _Weighing, first: NameParts, second: NameParts) -> None:
    if first.kind and second.kind:
        if first.kind == second.kind:
            if "вид" not in weighing.alike:
                weighing.alike.append("вид")
        elif loosely_alike(first.kind, second.kind):
            weighing.cost += 0.02
        else:
            weighing.doubt(_WEAK, f"разный вид: {first.kind} и {second.kind}")
    elif first.kind or second.kind:
        weighing.cost += 0.02
    if bool(first.type) != bool(second.type):
        weighing.cost += 0.02


def _weigh_nicknames(weighing: _Weighing, first: NameParts, second: NameParts) -> None:
    if first.nickname and second.nickname:
        alike = max(
            fuzz.ratio(first.nickname, second.nickname),
            fuzz.token_sort_ratio(first.nickname, second.nickname),
        )
        if alike == 100:
            weighing.agrees("название в кавычках")
        elif alike >= 92 or _near(first.nickname, second.nickname):
            weighing.agrees("похожее название в кавычках")
            weighing.cost += 0.03
        elif _initials(first, second):
            weighing.agrees(_INITIALS_SIGN)
            weighing.cost += 0.03
        elif alike >= 60 and "номер" in weighing.signs:
            weighing.alike.append("похожее название в кавычках")
            weighing.cost += 0.06
        elif alike >= 75 or _contained(first.nickname, second.nickname):
            weighing.agrees("похожее название в кавычках")
            weighing.doubt(_DOUBTFUL, "названия в кавычках не одинаковы")
        else:
            weighing.cost += 0.1
            weighing.doubt(_DOUBTFUL, "разные названия в кавычках")
    elif _initials(first, second):
        weighing.agrees(_INITIALS_SIGN)
    elif _misprinted_place(first, second):
        weighing.agrees(_PLACE_SIGN, "похожий населённый пункт")
        weighing.cost += 0.06
    elif first.nickname or second.nickname:
        weighing.cost += 0.02 if "номер" in weighing.signs else 0.04


def _weigh_dedications(weighing: _Weighing, first: NameParts, second: NameParts) -> None:
    if first.dedication and second.dedication:
        alike = max(fuzz.ratio(one, two) for one in first.dedication for two in second.dedication)
        if alike >= 80:
            weighing.agrees("имя")
        else:
            weighing.cost += 0.08
            weighing.doubt(_DOUBTFUL, "носят разные имена")
    elif first.dedication or second.dedication:
        weighing.cost += 0.01


def _weigh_places(weighing: _Weighing, first: NameParts, second: NameParts) -> None:
    if first.places and second.places:
        alike = max(same_place(one, two) for one in first.places for two in second.places)
        if alike >= 0.9:
            weighing.agrees(_PLACE_SIGN)
            weighing.cost += (1 - alike) / 2
        elif alike:
            weighing.agrees(_PLACE_SIGN, "похожий населённый пункт")
            weighing.cost += 0.1
        else:
            told = {"название в кавычках", "имя"} & set(weighing.signs)
            weighing.doubt(_WEAK if told else _UNLIKELY, "разные населённые пункты")
    elif (first.places and second.central) or (second.places and first.central):
        weighing.doubt(_UNLIKELY, "разные населённые пункты")
    elif first.central and second.central:
        if bool(first.number) == bool(second.number):
            weighing.agrees(_PLACE_SIGN)
    elif (first.places or second.places) and not {_PLACE_SIGN, _INITIALS_SIGN} & set(weighing.signs):
        city = all(place.city for place in first.places + second.places)
        weighing.cost += 0.02 if city else 0.05


def _one_of_a_kind(weighing: _Weighing, first: NameParts, second: NameParts) -> bool:
    """«ДДТ» and «Районный дом детского творчества»: the kind itself is the sign."""
    if first.kind != second.kind or first.kind not in RARE_KINDS or first.number or second.number:
        return False
    weighing.agrees("вид")
    return True


def _initials(first: NameParts, second: NameParts) -> bool:
    """«НГПЛ» is «Новосибирский городской педагогический лицей»."""
    for one, two in ((first, second), (second, first)):
        word = one.nickname.replace(" ", "")
        if 3 <= len(word) <= 8 and " " not in one.nickname and word == two.acronym:
            return True
    return False


def _misprinted_place(first: NameParts, second: NameParts) -> bool:
    """«Покровкая СОШ»: the slip hides that the word is a settlement."""
    for one, two in ((first, second), (second, first)):
        if len(one.nickname) < 8 or one.places or not two.places:
            continue
        if any(OSA.distance(one.nickname, place.written, score_cutoff=1) <= 1 for place in two.places):
            return True
    return False


def _contained(one: str, two: str) -> bool:
    shorter, longer = sorted((set(one.split()), set(two.split())), key=len)
    return bool(shorter) and shorter <= longer


def _near(one: str, two: str) -> bool:
    return Levenshtein.distance(one, two, score_cutoff=1) <= 1 and min(len(one), len(two)) >= 7
