"""Words of Russian headers: normalization, and the stems that make up the meaning of a column."""

from __future__ import annotations

import re
from functools import lru_cache

from sferum_core.reading.translit import from_latin

_LOOKALIKES = str.maketrans("aceopxykmhtbr", "асеорхукмнтвг")
_LOOKALIKES_UPPER = str.maketrans("ABCEHKMOPTXYaceopxy", "АВСЕНКМОРТХУасеорху")
_MIXED_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009\u2007\ufeff\u200b]+")
_HYPHEN_BREAK = re.compile(r"(?<=[а-яё])[-\u00ad]\s*\n\s*(?=[а-яё])", re.IGNORECASE)
_SOFT_HYPHEN = re.compile(r"\u00ad\s*")
_DASHES = re.compile(r"[‐‑‒–—―−]")
_QUOTES = re.compile(r"[«»„“”\"'`]")

ABBREVIATIONS = (
    (re.compile(r"\bк(?:ол)?[\s.-]*(?:во|ва)\b\.?|\bкол\b\.?"), "количество"),
    (re.compile(r"\bколич\b\.?"), "количество"),
    (re.compile(r"\bчис(?:л|-?ть|ленн)\b\.?"), "численность"),
    (re.compile(r"\bсоо?бщ\b\.?"), "сообщений"),
    (re.compile(r"\bзв\b\.?"), "звонков"),
    (re.compile(r"\bпед\b\.?(?=\s*(?:раб|сотр|кол|колл|состав|\W|$))"), "педагог"),
    (re.compile(r"\bуч-(?:к|ся)(?:и|ов)?\b"), "учеников"),
    (re.compile(r"\bуч-л(?:ь|я|ей)\b"), "учителей"),
    (re.compile(r"\bвосп-(?:ль|ля|лей|ли)\b"), "воспитателей"),
    (re.compile(r"\bобуч(?:-ся|-хся)\b|\bобуч\b\.?"), "обучающихся"),
    (re.compile(r"\bсотр\b\.?"), "сотрудников"),
    (re.compile(r"\bучит\b\.?"), "учителей"),
    (re.compile(r"\bпрепод\b\.?"), "преподавателей"),
    (re.compile(r"\bрод(?:ит)?\b\.?"), "родителей"),
    (re.compile(r"\bучен\b\.?"), "учеников"),
    (re.compile(r"\bпедагог\s+раб\b\.?"), "педагогических работников"),
    (re.compile(r"\bорг(?:-и[ийяю]|-ций)?\b\.?"), "организация"),
    (re.compile(r"\bакт\b\.?"), "активных"),
    (re.compile(r"\bрег\b\.?(?!\s*(?:операт|центр|уров))"), "зарегистрировано"),
    (re.compile(r"\bнаим\b\.?"), "наименование"),
    (re.compile(r"\bназв\b\.?"), "название"),
    (re.compile(r"\bмун(?:иц)?\b\.?"), "муниципальн"),
    (re.compile(r"\bобр\b\.?"), "образован"),
    (re.compile(r"\bнед\b\.?"), "неделю"),
    (re.compile(r"\bмин\b\.?(?=\s*\d+\s*(?:соо?бщ|звон|чат))"), "минимум"),
    (re.compile(r"\bадм\b\.?|\bадмин\b\.?"), "администратор"),
    (re.compile(r"\bпр(?:ош|ед)?\b\.?(?=\s*(?:недел|период|отч))"), "прошлую"),
    (re.compile(r"\bфиз(?:ич\w*)?\b\.?\s*лиц\w*"), "человек"),
    (re.compile(r"\bв т\.?\s?ч\b\.?"), "в том числе"),
)
# Names of a program's fields: «teachersMsg10Plus», «teachers_ge10_messages», «messages_7d».
_MACHINE_NAME = re.compile(
    r"[A-Za-z][A-Za-z0-9]*(?:[_.-][A-Za-z0-9]+|(?<=[a-z0-9])[A-Z][A-Za-z0-9]*)*|[A-Za-z]+"
)
_MACHINE_WORDS = (
    (re.compile(r"(?<=[a-z])(?=[A-Z])"), " "),
    (re.compile(r"[_.-]"), " "),
    (re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])"), " "),
    (re.compile(r"(\d+) ?(?:plus|and more|or more)\b", re.IGNORECASE), r"\1+"),
    (re.compile(r"^t (?=reg|act|tot|cnt|msg|link)", re.IGNORECASE), "teachers "),
    (re.compile(r"^s (?=reg|act|tot|cnt|link)", re.IGNORECASE), "students "),
    (re.compile(r"^p (?=reg|act|tot|cnt)", re.IGNORECASE), "parents "),
    (re.compile(r"\b(?:ge|gte|min|at least|from) (?=\d)", re.IGNORECASE), "≥"),
)


def _unmix(match: re.Match[str]) -> str:
    """A word with both alphabets is Cyrillic typed with Latin look-alikes."""
    word = match.group()
    return word.translate(_LOOKALIKES_UPPER) if _CYRILLIC.search(word) else word


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Lower case, ё as е, one kind of space, dash and quote; mixed-alphabet words made Cyrillic."""
    text = _SOFT_HYPHEN.sub("", _HYPHEN_BREAK.sub("", text))
    text = _DASHES.sub("-", _QUOTES.sub(" ", text))
    text = _MIXED_WORD.sub(_unmix, text)
    return _SPACES.sub(" ", text.lower().replace("ё", "е")).strip()


# What programs leave in headers: line breaks of HTML, bullets, pivot tables' words, numbers of repeated names.
_TRACES = re.compile(
    r"<br ?/?>|^\s*[-–—•·*]\s*(?=[^\W\d])|^\s*(?:Сумма по полю|Sum of|Сумма)\s+(?=\w)|(?<=[^\W\d%])\.\d{1,2}$|(?<=%)\d{1,2}$|\*+\s*$",
    re.IGNORECASE,
)
# «5. Зарегистрировано», «гр. 3 Активных»: the number of the column, not a threshold.
_COLUMN_NUMBER = re.compile(
    r"^(?:гр(?:афа|\.)?\s*\d{1,2}\W+|\d{1,2}(?:\.\d{1,2})*[а-я]?[.)]\s*(?=[а-яa-z%№(]))"
)
# «(норма 10–25 %)» beside an indicator's name doesn't make the column a norm.
_NORM_ASIDE = re.compile(r"\((?:[^()]*\W)?(?:норм|цел[ьие]|целев|план|не ниже|порог)[^()]*\d[^()]*\)")


@lru_cache(maxsize=20_000)
def header_text(text: str) -> str:
    """A header made ready for the stems below: `plain`, underscores opened, abbreviations written out."""
    text = _TRACES.sub(" ", text)
    if _MACHINE_NAME.fullmatch(text.strip()):
        for pattern, opened in _MACHINE_WORDS:
            text = pattern.sub(opened, text)
    text = from_latin(_COLUMN_NUMBER.sub("", plain(text).replace("_", " ")))
    text = _NORM_ASIDE.sub(" ", text)
    if text == "mo":
        text = "мо"
    for pattern, full in ABBREVIATIONS:
        text = pattern.sub(full, text)
    return _SPACES.sub(" ", text).strip()


def stems(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


# Who is counted.
ROLES = {
    "teacher": stems(
        r"\bучител",
        r"\bпедагог",
        r"\bпедработ",
        r"\bпедсостав",
        r"\bсотрудник",
        r"\bвоспитател",
        r"\bпреподавател",
        r"\bработник",
        r"\bteacher",
        r"\bstaff\b",
        r"\bкадр",
    ),
    "student": stems(
        r"\bучени[кц]",
        r"\bобучающ",
        r"\bучащи",
        r"\bшкольник",
        r"\bвоспитанни",
        r"\bстудент",
        r"\bдет(?:и|ей|ям)\b",
        r"\bребен",
        r"\bstudent",
        r"\bpupil",
        r"\bконтингент",
    ),
    "parent": stems(r"\bродител", r"\bзаконн\w+ представ", r"\bparent"),
    "admin": stems(r"\bадмин(?!истрац)", r"\badmin"),
    "user": stems(r"\bпользовател", r"\bучастник", r"\busers?\b"),
    "organization": stems(
        r"\bорганизаци",
        r"\bшкол(?!ь)",
        r"\b[ди]?оо\b",
        r"\bдоу\b",
        r"\bоу\b",
        r"\bучрежден",
        r"\bмо\b",
        r"\bдетск\w+ сад",
        r"\borgani[sz]ations?\b|\borgs?\b",
        r"\bschools?\b",
        r"\bмуниципалитетов\b",
        r"\bсообществ",
    ),
}

# What they did.
ACTIONS = {
    "calls": stems(r"звон(?:ок|к|ит|ил|ивш)", r"\bcalls?\b", r"конференц"),
    "messages": stems(
        r"сообщени", r"\bmessages?\b", r"\bmsgs?\b", r"\bсмс\b", r"\b(?:на)?писа(?:л|вш)", r"\bсообщ(?![а-я])"
    ),
    "created_chat": stems(
        r"созда(?:л|вш|ют|ющ)\w*(?:\W+[\w≥>=+]+){0,6}?\W+чат",
        r"чат\w*(?:\W+\w+){0,3}\W+созда(?:л|вш)",
        r"\bcreated (?:a )?chat|\bchats? created\b",
        r"\bкотор\w+ создан\w*(?:\W+[\w≥>=+]+){0,4}?\W+чат",
    ),
    "linked": stems(
        r"\bсвяза",
        r"\bсвязк",
        r"\bсвязь\b",
        r"\bпривяз",
        r"\bэжд\b",
        r"электронн\w+ (?:журнал|дневник)",
        r"\blinked\b",
        r"\bсинхрониз",
        r"\bинтегрирова",
        r"\bсго\b",
        r"\bсетев\w+ город",
        r"(?<!с )\bэж\b|\bс эж\b",
    ),
    "active": stems(
        r"\bактив",
        r"\bпиш(?:ущ|ут\b)",
        r"\bчитающ",
        r"\bиспользующ",
        r"\bact(?:ive)?\b",
        r"\bвовлечен",
        r"\bwau\b",
    ),
    "registered": stems(
        r"\bзарег",
        r"\bрегистр",
        r"\bвступи(?:л|вш)",
        r"\bприсоедин",
        r"\bподключ(?:ен|ил|ивш)",
        r"\bregistered\b",
        r"\breg\b",
        r"\bдобавлен",
        r"\bв сообществ",
        r"\b(?:в|состо\w+ в) сообществ",
        r"\bимеющ\w+ (?:аккаунт|учетн|профил)",
        r"\bс аккаунт",
        r"\bс (?:учебн\w+ )?(?:профил|учетн)",
    ),
    "total": stems(
        r"\bчисленност",
        r"\bштат",
        r"\bсписочн",
        r"\bпо списку",
        r"\bвсего\b",
        r"\bобщее\b",
        r"\bобщ\w* (?:числ|колич|кол)",
        r"\btotal\b",
        r"\bheadcount\b",
        r"\bоо-1\b",
        r"\bв (?:оо|доо|доу|школе|школах|организации|организациях|учреждении)\b",
        r"\bфсн\b",
        r"\bпо данным (?:оо|доо|доу|спо|организац|учрежден|школ|статист|росстат|моуо|муницип|управлен|отчет|мониторинг)",
        r"\b85-к\b",
        r"\bфактическ\w+ числ",
        r"\bконтингент",
    ),
}

SHARE = stems(
    r"\bдол[яиюейь]+\b",
    r"%",
    r"\bпроцент",
    r"\bудельн",
    r"\bохват",
    r"\bpercent",
    r"\bpct\b",
    r"\brate\b",
    r"\bshare\b",
    r"\bуровень (?:активност|регистрац|вовлечен)",
)
COUNT = stems(
    r"\bколичеств",
    r"\bчисло\b",
    r"\bчисленност",
    r"\bвсего\b",
    r"\bчел\b",
    r"\bединиц",
    r"\bед\b",
    r"\bcount\b",
    r"\bcnt\b",
    r"\bqty\b",
)

TOTAL_ROW = re.compile(
    r"^(?:\W*)(?:общий\s+)?итог(?:о|и)?\b|\bитого?\W*$|^(?:\W*)всего\b|\bвсего\W*$|^в целом\b|^средн(?:ее|яя|ий)\W+(?:значени|по\b|показател|процент|арифм|итог)|^среднее$|\bсреднее значение\b"
    r"|^в среднем\b|^сумма\b|^по (?:региону|области|краю|республике|субъекту|муниципалитету|району|городу|округу)\b"
    r"|^(?:grand )?total\b|\btotal$|^школы мо$|^итого\b|^подытог|\(итого?\)|\bвсего по\b|\bитого по\b|^свод(?:но)?\b|^регион$"
    r"|^(?:областн|краев|региональн|республиканск|окружн)\w+ (?:показател|значени|средн|итог|уров)"
)
# A quick look before the pattern above, for columns of very many texts.
TOTAL_STARTS = frozenset(
    [
        "ито",
        "все",
        "в ц",
        "в с",
        "сре",
        "сум",
        "по ",
        "tot",
        "шко",
        "общ",
        "под",
        "сво",
        "рег",
        "gra",
        "обл",
        "кра",
        "рес",
        "окр",
    ]
)
TOTAL_ENDS = frozenset(["итого", "всего", "итог)", "того)", "итог:", "того:", "total", " итог"])
AVERAGE_ROW = re.compile(r"\bсредн|\bв среднем\b")
NOTE_ROW = re.compile(
    r"^\W*(?:\*|примечани|исп(?:олнитель)?\b|источник|данные (?:на|по|предостав|получ)|по данным|дата (?:форм|выгруз)|сформирован|отчет сформ|подпись|руководител|начальник|директор\b|тел\b)"
)

MISSING = frozenset(
    {
        "",
        "-",
        "--",
        "---",
        "н/д",
        "нд",
        "н.д.",
        "н.д",
        "нет",
        "нет данных",
        "нет свед",
        "нет сведений",
        "n/a",
        "na",
        "#н/д",
        "#n/a",
        "null",
        "none",
        "nan",
        "х",
        "x",
        "отсутствует",
        "отсутствуют",
        "не указано",
        "не указан",
        "не определено",
        ".",
        "…",
        "...",
        "?",
        "#дел/0!",
        "#div/0!",
        "#знач!",
        "#value!",
        "#ссылка!",
        "#ref!",
        "#имя?",
        "#name?",
        "#число!",
        "#num!",
        "#пусто!",
        "#null!",
        "inf",
        "-inf",
    }
)
