"""Russian headers in Latin letters: «Kolichestvo pedagogov», «uchitelya_zareg», «munitsipalitet»."""

from __future__ import annotations

import re
from functools import lru_cache

# Words of English headers; any other Latin word is Russian in Latin letters.
_ENGLISH_WORDS = """
    teacher teachers staff student students pupil pupils parent parents admin admins user users people person
    employee employees children child kid kids head director contact organization organizations organisation
    organisations org orgs school schools kindergarten kindergartens preschool preschools college colleges
    institution institutions oo ou doo mo spo dod call calls message messages msg msgs chat chats group groups class
    classes channel channels bot bots community created create made make sent send received wrote written posted
    linked link joined connected active act activity registered registration reg enrolled total all count cnt qty
    number num no amount sum percent pct rate share ratio fraction name title short full first last middle surname
    patronymic id uid uuid guid code type kind category status state flag is has municipality municipal mun district
    districts area region territory okrug raion rayon city town address phone email mail site url website inn ogrn
    kpp date day days week weeks weekly month monthly months year years yearly quarter period start end from to plan
    planned target goal norm fact actual rank place score prev previous prior past this current now latest today
    yesterday daily delta change diff difference growth dynamics trend new old deleted blocked inactive unregistered
    unlinked not non without with in of on at for per by the a an and or more than least most plus min max minimum
    maximum avg average mean median ejd journal diary electronic role login seen logged visit index row value values
    indicator metric measure unit units lesson lessons remote online distance duration join leave left time times
    minutes minute seconds second hour hours participant participants attendee attendees host ii iii iv vi vii viii
    ix xi xii dt ts report snapshot stat stats statistics summary comment comments note notes responsible manager
    mau wau dau ytd mtd ge gte gt lt lte d w m y h n t column unnamed teaching pedagogical workers worker platform
    sferum vk max ever increase decrease as average one two three five ten any only both none null true false yes
    grand updated deputy headcount telegram whatsapp viber zoom
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
# Words of both languages: Russian where another word of the header is.
_EITHER_WORDS = """
    oo ou doo mo spo dod plan okrug raion rayon n a i v s k na za do po iz ot u
"""
_EITHER = frozenset(_EITHER_WORDS.split())
_LATIN_WORD = re.compile(r"[a-z]+(?:['’][a-z]*)*")
_GROUPS = (
    ("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("tc", "ц"), ("ch", "ч"), ("sh", "ш"),
    ("yu", "ю"), ("ju", "ю"), ("iu", "ю"), ("ya", "я"), ("ja", "я"), ("ia", "я"), ("yo", "е"), ("jo", "е"),
    ("je", "е"), ("yy", "ый"), ("yj", "ый"), ("yi", "ый"),
)  # fmt: skip
_LETTERS = dict(
    zip("abvgdezijklmnoprstufhcwq", "абвгдезийклмнопрстуфхцвк", strict=True),
    x="кс",
)
_VOWELS = "аеиоуыэюя"
# What one Latin writing can't tell apart, mended in the words that headers use.
_MENDED = tuple(
    (re.compile(pattern), usual)
    for pattern, usual in (
        (r"^(?:ежд|ейд|эзд)$", "эжд"),
        (r"соо?б[шщ]", "сообщ"),
        (r"ющ|юш(?=[аеи])", "ющ"),
        (r"(?<=[аеу])аш(?=и(?:х|м|е))", "ащ"),
        (r"^учаш", "учащ"),
        (r"(?<=[аи])лн", "льн"),
        (r"(?<=те)лн", "льн"),
        (r"школн", "школьн"),
        (r"(?<=п)олз", "ольз"),
        (r"(?:(?<=тел)|(?<=ност)|(?<=вост)|(?<=связ))$", "ь"),
        (r"^рол$", "роль"),
        (r"^ежене", "ежене"),
        (r"^етап", "этап"),
        (r"^електрон", "электрон"),
        (r"^(?:муниципалн|мунисипальн|муниципальн)", "муниципальн"),
        (r"муни[сц]ипал(?!ь)", "муниципал"),
        (r"организа[сц]и", "организаци"),
        (r"про[сц]ент", "процент"),
        (r"доля?$", "доля"),
        (r"недел(?:у|ю|иу)$", "неделю"),
        (r"учител(?:а|я)$", "учителя"),
        (r"^зарег(?:истр\w*)?и?ровано$", "зарегистрировано"),
    )
)


@lru_cache(maxsize=20_000)
def from_latin(text: str) -> str:
    """`text` (lower case) with Russian words in Latin letters as Cyrillic; a header in English stays as it is."""
    if not any("a" <= letter <= "z" for letter in text):
        return text
    words = _LATIN_WORD.findall(text)
    if all(word in _ENGLISH or word in _EITHER for word in words):
        return text
    return _LATIN_WORD.sub(_word, text)


def _word(match: re.Match[str]) -> str:
    word = match.group()
    return word if word in _ENGLISH and word not in _EITHER else _cyrillic(word)


def _cyrillic(word: str) -> str:
    word = re.sub(r"['’]", "", word)
    out: list[str] = []
    place = 0
    while place < len(word):
        group = next((g for g in _GROUPS if word.startswith(g[0], place)), None)
        before = out[-1][-1] if out else ""
        if group and group[0] in ("ia", "iu") and not before:
            group = None
        if group:
            out.append(group[1])
            place += len(group[0])
            continue
        letter = word[place]
        if letter == "y":
            # ы after a consonant («aktivnyh», «aktivnye»), й after a vowel («vospitateley»); a part of «ye» else
            ending = place == len(word) - 2 and word[-1] == "e"
            if word.startswith("ye", place) and not (ending and before not in _VOWELS):
                place += 1
                out.append("е")
            else:
                out.append("ы" if before and before not in _VOWELS else "й")
        else:
            out.append(_LETTERS.get(letter, letter))
        place += 1
    result = "".join(out)
    for pattern, usual in _MENDED:
        result = pattern.sub(usual, result)
    return result
