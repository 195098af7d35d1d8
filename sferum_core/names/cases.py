"""Names of municipalities in the cases of Russian grammar: «Болховского района», «г. Орлу».

The morphological dictionary (pymorphy3) is loaded on the first call, not with the module. Where the dictionary
does not know a name, the form is a guess and says so: an office looks at `preview` and gives its corrections.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from threading import Lock
from typing import Any

NAME_CHARACTERS = 300


class Case(StrEnum):
    """A case but the nominative, by the name the dictionary gives it."""

    GENITIVE = "gent"
    DATIVE = "datv"
    ACCUSATIVE = "accs"
    INSTRUMENTAL = "ablt"
    PREPOSITIONAL = "loct"

    @property
    def label(self) -> str:
        """The Russian name of the case with its question."""
        return _LABELS[self]


_LABELS = {
    Case.GENITIVE: "родительный (кого? чего?)",
    Case.DATIVE: "дательный (кому? чему?)",
    Case.ACCUSATIVE: "винительный (кого? что?)",
    Case.INSTRUMENTAL: "творительный (кем? чем?)",
    Case.PREPOSITIONAL: "предложный (о ком? о чём?)",
}


@dataclass(frozen=True)
class Form:
    """A name in a case. `sure` is False for a guess; `corrected` says the office gave the form itself."""

    name: str
    text: str
    sure: bool
    corrected: bool = False


class CaseForms(Mapping[str, str]):
    """An office's own forms by name and case. As a mapping by name alone it gives the genitives."""

    def __init__(self, forms: Mapping[tuple[str, Case], str] | None = None) -> None:
        self._forms = {(_even(name), case): form for (name, case), form in (forms or {}).items()}
        self._names = [name for name, case in (forms or {}) if case is Case.GENITIVE]

    def find(self, name: str, case: Case) -> str | None:
        """The office's form, None where it gave none. Spaces, capitals and «ё» make no difference."""
        return self._forms.get((_even(name), case))

    def items_by_case(self) -> tuple[tuple[str, str, str], ...]:
        """(name, case, form), sorted: what tells one set of forms from another."""
        return tuple(sorted((name, case.value, form) for (name, case), form in self._forms.items()))

    def __getitem__(self, name: str) -> str:
        found = self.find(name, Case.GENITIVE)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __bool__(self) -> bool:
        return bool(self._forms)


def _even(name: str) -> str:
    return _one_line(name).casefold().replace("ё", "е")


# Words that tell what a territory is. Everything after the first of them is an apposition and stays as it is
# («городского округа город Бор»), but a name right after «город» agrees with it.
_HEADS = frozenset(
    (
        *("район", "округ", "город", "область", "край", "республика", "улус", "кожуун", "аймак"),
        *("образование", "поселение", "посёлок", "поселок", "село", "деревня", "станица", "территория"),
        *("сельсовет", "управление", "комитет", "отдел", "департамент"),
    )
)
_AGREEING = frozenset({"город"})
_BEFORE_A_NAME = frozenset({"г.", "гор.", "г"})
_KEPT_WITH_NAME = re.compile(
    r"(?i)^(?:зато|мо|го|мр|сп|гп|пгт|рп|р\.п\.|г\.о\.|м\.о\.|м\.р\.|п\.|пос\.|с\.|д\.|ст\.|х\.)$"
)
_SHORT_DISTRICT = re.compile(r"(?i)^(р-н)$")
_DISTRICT_ENDINGS = {
    Case.GENITIVE: "а",
    Case.DATIVE: "у",
    Case.ACCUSATIVE: "",
    Case.INSTRUMENTAL: "ом",
    Case.PREPOSITIONAL: "е",
}
_SHORTENED = re.compile(r"(?i)^(?:мр|мо|го|м/р|м/о|г/о|м\.\s?р\.?|м\.\s?о\.?|г\.\s?о\.?|окр\.?|обл\.?)$")
_TOKENS = re.compile(
    r"(?i:\b(?:г|гор)\.)(?=\w)|«[^»]*»?|\"[^\"]*\"?|„[^“]*“?|“[^”]*”?|\([^)]*\)?|[^\s«\"„“(]+"
)
_ADJECTIVE = re.compile(
    r"(?i)(?:ский|цкий|ской|цкой|[нвмлртш]ый|[нхкгчш]ий|[нвстмлр]ой|ская|цкая|ная|ское|цкое|ное|ые|ие)$"
)
_MAIN = re.compile(r"^[\w-]+")


_lock = Lock()


@cache
def _dictionary() -> Any:
    import pymorphy3  # noqa: PLC0415 - a tenth of a second and 15 MB, only for letters

    return pymorphy3.MorphAnalyzer()


def _parses(word: str) -> list[Any]:
    with _lock:  # the analyzer keeps state of its own while it works
        return list(_dictionary().parse(word))


def in_case(name: str, case: Case, corrections: Mapping[str, str] | None = None) -> Form:
    """`name` of a municipality in `case`. `corrections` are the office's own forms and go first: `CaseForms`, or forms
    of this very case by name.

    A name that cannot be declined at all comes back as it is, with `sure` False.
    """
    clean = _one_line(name)
    if isinstance(corrections, CaseForms):
        own = _one_line(corrections.find(name, case) or "")
        if own:
            return Form(name, own, sure=True, corrected=True)
    elif corrections:
        own = _one_line(corrections.get(name) or corrections.get(clean) or "")
        if own:
            return Form(name, own, sure=True, corrected=True)
    text, sure = _declined(clean, case)
    return Form(name, text, sure)


def preview(names: Iterable[str], case: Case, corrections: Mapping[str, str] | None = None) -> list[Form]:
    """`in_case` of every different name, those to look at first: guesses, then the others by alphabet."""
    forms = [in_case(name, case, corrections) for name in dict.fromkeys(names)]
    return sorted(forms, key=lambda form: (form.sure, form.name.casefold()))


def _one_line(text: str) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in str(text))
    return " ".join(printable.split())[:NAME_CHARACTERS]


@lru_cache(maxsize=5_000)
def _declined(name: str, case: Case) -> tuple[str, bool]:
    pieces = _TOKENS.findall(name)
    if not pieces:
        return name, False
    words = [_bare(piece) for piece in pieces]
    head = next((place for place, word in enumerate(words) if word.lower() in _HEADS), None)
    short = next(
        (
            place
            for place, piece in enumerate(pieces)
            if place and (_SHORT_DISTRICT.match(piece) or _SHORTENED.match(piece))
        ),
        None,
    )
    if head is not None and not (short is not None and short < head):
        forms, sure = _with_head(pieces, words, head, case)
    elif short is not None:
        forms, sure = _with_short(pieces, words, short, case)
    elif pieces[0].lower() in _BEFORE_A_NAME and len(pieces) > 1:
        names, sure = _proper(pieces[1:], words[1:], case, after_generic=True)
        forms = [pieces[0], *names]
    elif _KEPT_WITH_NAME.match(pieces[0]):
        forms, sure = pieces, len(pieces) > 1
    else:
        forms, sure = _proper(pieces, words, case, after_generic=False)
    return _joined(name, pieces, forms), sure


def _bare(piece: str) -> str:
    found = _MAIN.match(piece)
    return found.group() if found else ""


def _joined(name: str, pieces: list[str], forms: list[str]) -> str:
    """The forms in the places of the pieces, with the spaces between them as they were."""
    result, place = "", 0
    for piece, form in zip(pieces, forms, strict=True):
        found = name.index(piece, place)
        result += name[place:found] + form
        place = found + len(piece)
    return result + name[place:]


_ENDINGS = {
    Case.GENITIVE: "ого",
    Case.DATIVE: "ому",
    Case.INSTRUMENTAL: "им",
    Case.PREPOSITIONAL: "ом",
}
_LIKE_DISTRICT = re.compile(r"(?i)^(?P<stem>[а-яё-]+(?:ск|цк))(?:ий|ой)$")
_REGULAR_CITY = re.compile(r"(?i)(?:[сц]к|град|бург)$")


def _by_rule(word: str, noun: Any, case: Case) -> str | None:
    """«Верхнелуговской», which no dictionary has, beside a masculine noun; None for other words."""
    found = _LIKE_DISTRICT.match(word)
    if found is None or noun.tag.gender != "masc" or noun.tag.number != "sing":
        return None
    return word if case is Case.ACCUSATIVE else found["stem"] + _ENDINGS[case]


def _with_head(pieces: list[str], words: list[str], head: int, case: Case) -> tuple[list[str], bool]:
    noun = _noun_parse(words[head].lower())
    if noun is None:
        return pieces, False
    forms, sure = list(pieces), True
    forms[head] = _put(pieces[head], words[head], _inflected(noun, case))
    named = False
    for place in range(head):
        if words[place].lower() == "имени":
            named = True
        if named or not words[place]:
            continue
        form = _agreeing(words[place], noun, case)
        if form is None:
            sure = False
        else:
            forms[place] = _put(pieces[place], words[place], form)
    after = head + 1
    for place in range(after, len(pieces)):  # «улус (район)»: the same thing said twice
        inside = _bare(pieces[place].strip("()"))
        twin = _noun_parse(inside.lower()) if inside.lower() in _HEADS and pieces[place][0] == "(" else None
        if twin is not None and pieces[place] == f"({inside})":
            forms[place] = f"({_put(inside, inside, _inflected(twin, case))})"
    if head == 0 and noun.tag.gender == "neut" and after == len(pieces) - 1:  # «село Октябрьское»
        adjective = _adjective_parse(words[after], noun) if _ADJECTIVE.search(words[after]) else None
        if adjective is not None:
            forms[after] = _put(pieces[after], words[after], _inflected(adjective, case))
    if head == 0 and words[head].lower() in _AGREEING and after < len(pieces):
        names, sure = _proper(pieces[after:], words[after:], case, after_generic=True)
        forms[after:] = names
    return forms, sure


def _with_short(pieces: list[str], words: list[str], short: int, case: Case) -> tuple[list[str], bool]:
    """«Асиновский МР», «Кромской р-н»: the adjectives before a shortened word."""
    noun = _noun_parse("район")
    forms, sure = list(pieces), True
    for place in range(short):
        form = _agreeing(words[place], noun, case) if words[place] else None
        if form is None:
            sure = False
        else:
            forms[place] = _put(pieces[place], words[place], form)
    if _SHORT_DISTRICT.match(pieces[short]):
        forms[short] = pieces[short] + _DISTRICT_ENDINGS[case]
    return forms, sure


def _proper(
    pieces: list[str], words: list[str], case: Case, *, after_generic: bool
) -> tuple[list[str], bool]:
    """A city's name: one noun, an adjective as a name, or adjectives that agree with a noun."""
    size = next((place for place, word in enumerate(words) if not word or pieces[place] != word), len(words))
    if size < len(words) and words[size] and pieces[size].rstrip(",") == words[size]:
        size += 1  # the name ends with a comma, what follows is no part of it
    if size == 0:
        return pieces, False
    forms = list(pieces)
    if size == 1:
        form, sure = _single(words[0], case, after_generic=after_generic)
        forms[0] = _put(pieces[0], words[0], form)
        return forms, sure
    last = size - 1
    if _ADJECTIVE.search(words[last]) and all(_ADJECTIVE.search(word) for word in words[:size]):
        noun = _noun_parse("район")
        found = [_adjective_parse(word, noun) for word in words[:size]]
        if all(found):
            for place, adjective in enumerate(found):
                forms[place] = _put(pieces[place], words[place], _inflected(adjective, case))
            return forms, False
    candidates = sorted(_nouns(words[last]), key=lambda parse: "Geox" not in parse.tag)
    for noun in candidates:
        found = [_adjective_parse(word, noun) for word in words[:last]]
        if all(found):
            for place, parse in enumerate([*found, noun]):
                forms[place] = _put(pieces[place], words[place], _inflected(parse, case))
            return forms, all(parse.is_known for parse in [*found, noun])
    return pieces, False


def _single(word: str, case: Case, *, after_generic: bool) -> tuple[str, bool]:
    if "-" in word:
        first, rest = word.split("-", 1)
        if "-" not in rest and _ADJECTIVE.search(rest):  # «Каменска-Уральского»
            noun = _noun_parse(first)
            adjective = _adjective_parse(rest, noun) if noun is not None else None
            if noun is not None and adjective is not None and not _ADJECTIVE.search(first):
                return f"{_inflected(noun, case)}-{_inflected(adjective, case)}", True
    if word.lower().endswith("о"):  # «города Кемерово»: with the word «город» such names don't change
        return word, after_generic
    nouns = _nouns(word)
    places = [parse for parse in nouns if "Geox" in parse.tag]
    if places:
        known = bool(places[0].is_known) and not word.lower().endswith("чье")
        return _inflected(places[0], case), known or bool(_REGULAR_CITY.search(word))
    if _ADJECTIVE.search(word) or word.lower().endswith("чье"):
        adjective = next((parse for parse in _parses(word) if _is_nominative_adjective(parse)), None)
        if adjective is not None:
            return _inflected(adjective, case), True
    if nouns:
        return _inflected(nouns[0], case), bool(_REGULAR_CITY.search(word))
    return word, False


def _nouns(word: str) -> list[Any]:
    found = [
        parse
        for parse in _parses(word)
        if "NOUN" in parse.tag and "nomn" in parse.tag and "Abbr" not in parse.tag
    ]
    people = {"Surn", "Name", "Patr"}
    return sorted(found, key=lambda parse: (bool(people & set(parse.tag.grammemes)), "anim" in parse.tag))


def _noun_parse(word: str) -> Any:
    return next(iter(_nouns(word)), None)


def _is_nominative_adjective(parse: Any) -> bool:
    return ("ADJF" in parse.tag or "PRTF" in parse.tag) and "nomn" in parse.tag


def _adjective_parse(word: str, noun: Any) -> Any:
    """The word as an adjective in the nominative that agrees with `noun`, or None."""
    number, gender = noun.tag.number, noun.tag.gender
    for parse in _parses(word):
        agrees = parse.tag.number == number and (number == "plur" or parse.tag.gender == gender)
        if _is_nominative_adjective(parse) and agrees:
            return parse
    return None


def _agreeing(word: str, noun: Any, case: Case) -> str | None:
    """The adjective `word` in `case`, as it agrees with `noun`; None when it is no adjective."""
    adjective = _adjective_parse(word, noun)
    return _by_rule(word, noun, case) if adjective is None else _inflected(adjective, case)


def _inflected(parse: Any, case: Case) -> str:
    if case is Case.ACCUSATIVE and "NOUN" in parse.tag and {"masc", "plur"} & set(parse.tag.grammemes):
        return str(parse.word)  # a place is never animate: «в Гусь-Хрустальный»
    wanted = {case.value}
    if "ADJF" in parse.tag or "PRTF" in parse.tag:
        wanted |= {parse.tag.number} if parse.tag.number == "plur" else {"sing", parse.tag.gender}
        if case is Case.ACCUSATIVE:
            wanted.add("inan")
    elif parse.tag.number:
        wanted.add(parse.tag.number)
    with _lock:
        found = parse.inflect(wanted) or (parse.inflect(wanted - {"inan"}) if "inan" in wanted else None)
    return str(found.word if found is not None else parse.word)


def _put(piece: str, word: str, form: str) -> str:
    """`form` in place of `word` within `piece`, capitals as they were."""
    if word.isupper() and len(word) > 1:
        return piece.replace(word, form.upper(), 1)
    before, after = word.split("-"), form.split("-")
    if len(before) == len(after):
        after = [
            part[:1].upper() + part[1:] if old[:1].isupper() else part
            for old, part in zip(before, after, strict=True)
        ]
        form = "-".join(after)
    elif word[:1].isupper():
        form = form[:1].upper() + form[1:]
    return piece.replace(word, form, 1)
