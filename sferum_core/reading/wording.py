"""Words of Russian headers: normalization, and the stems that make up the meaning of a column."""

from __future__ import annotations

import re
from functools import lru_cache

_LOOKALIKES = str.maketrans("aceopxykmhtbr", "асеорхукмнтвг")
_LOOKALIKES_UPPER = str.maketrans("ABCEHKMOPTXYaceopxy", "АВСЕНКМОРТХУасеорху")
_MIXED_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009\u2007\ufeff\u200b]+")
_HYPHEN_BREAK = re.compile(r"(?<=[а-яё])[-\u00ad]\s*\n\s*(?=[а-яё])", re.IGNORECASE)
_DASHES = re.compile(r"[‐‑‒–—―−]")
_QUOTES = re.compile(r"[«»„“”\"'`]")

ABBREVIATIONS = (
    (re.compile(r"\bкол[\s.-]*(?:во|ва)\b\.?"), "количество"),
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
    (re.compile(r"\bрод\b\.?"), "родителей"),
    (re.compile(r"\bорг(?:-и[ийяю]|-ций)?\b\.?"), "организация"),
    (re.compile(r"\bнаим\b\.?"), "наименование"),
    (re.compile(r"\bназв\b\.?"), "название"),
    (re.compile(r"\bмун\b\.?"), "муниципальн"),
    (re.compile(r"\bобр\b\.?"), "образован"),
    (re.compile(r"\bнед\b\.?"), "неделю"),
    (re.compile(r"\bмин\b\.?(?=\s*\d+\s*(?:соо?бщ|звон|чат))"), "минимум"),
    (re.compile(r"\bадм\b\.?|\bадмин\b\.?"), "администратор"),
)


def _unmix(match: re.Match[str]) -> str:
    """A word with both alphabets is Cyrillic typed with Latin look-alikes."""
    word = match.group()
    return word.translate(_LOOKALIKES_UPPER) if _CYRILLIC.search(word) else word


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Lower case, ё as е, one kind of space, dash and quote; mixed-alphabet words made Cyrillic."""
    text = _HYPHEN_BREAK.sub("", text)
    text = _DASHES.sub("-", _QUOTES.sub(" ", text))
    text = _MIXED_WORD.sub(_unmix, text)
    return _SPACES.sub(" ", text.lower().replace("ё", "е")).strip()


# «5. Зарегистрировано», «гр. 3 Активных»: the number of the column, not a threshold.
_COLUMN_NUMBER = re.compile(
    r"^(?:гр(?:афа|\.)?\s*\d{1,2}\W+|\d{1,2}(?:\.\d{1,2})*[а-я]?[.)]\s*(?=[а-яa-z%№(]))"
)
# «(норма 10–25 %)» beside an indicator's name doesn't make the column a norm.
_NORM_ASIDE = re.compile(r"\((?:[^()]*\W)?(?:норм|цел[ьие]|целев|план|не ниже|порог)[^()]*\)")


@lru_cache(maxsize=20_000)
def header_text(text: str) -> str:
    """A header made ready for the stems below: `plain`, underscores opened, abbreviations written out."""
    text = _COLUMN_NUMBER.sub("", plain(text).replace("_", " "))
    text = _NORM_ASIDE.sub(" ", text)
    if text == "mo":
        text = "мо"
    for pattern, full in ABBREVIATIONS:
        text = pattern.sub(full, text)
    return _SPACES.sub(" ", text).strip()


def _stems(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


# Who is counted.
ROLES = {
    "teacher": _stems(
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
    "student": _stems(
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
    ),
    "parent": _stems(r"\bродител", r"\bзаконн\w+ представ", r"\bparent"),
    "admin": _stems(r"\bадминистратор", r"\badmin"),
    "user": _stems(r"\bпользовател", r"\bучастник", r"\busers?\b"),
    "organization": _stems(
        r"\bорганизаци",
        r"\bшкол(?!ь)",
        r"\b[ди]?оо\b",
        r"\bдоу\b",
        r"\bоу\b",
        r"\bучрежден",
        r"\bмо\b",
        r"\bдетск\w+ сад",
        r"\borgani[sz]ations?\b",
        r"\bschools?\b",
        r"\bмуниципалитетов\b",
        r"\bсообществ",
    ),
}

# What they did.
ACTIONS = {
    "calls": _stems(r"звон(?:ок|к|ит|ил|ивш)", r"\bcalls?\b", r"конференц"),
    "messages": _stems(r"сообщени", r"\bmessages?\b", r"\bmsgs?\b", r"\bсмс\b"),
    "created_chat": _stems(
        r"созда\w*(?:\W+[\w≥>=+]+){0,6}?\W+чат",
        r"чат\w*(?:\W+\w+){0,3}\W+создан",
        r"\bcreated chat",
    ),
    "linked": _stems(
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
    ),
    "active": _stems(r"\bактив", r"\bпишущ", r"\bчитающ", r"\bиспользующ", r"\bactive\b", r"\bвовлечен"),
    "registered": _stems(
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
    ),
    "total": _stems(
        r"\bчисленност",
        r"\bштат",
        r"\bсписочн",
        r"\bпо списку",
        r"\bвсего\b",
        r"\bобщее\b",
        r"\bобщ\w* (?:числ|колич)",
        r"\btotal\b",
        r"\bоо-1\b",
        r"\b85-к\b",
        r"\bфактическ\w+ числ",
        r"\bконтингент",
    ),
}

SHARE = _stems(
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
COUNT = _stems(
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

# A column that says one of these is not the week's indicator itself.
DISQUALIFIERS = (
    (
        "изменение, а не показатель",
        _stems(
            r"\bдинамик",
            r"\bприрост",
            r"\bизменени",
            r"\bотклонени",
            r"\bразниц",
            r"\bроста?\b",
            r"[+-]/[+-]|±|\bдельта",
        ),
    ),
    (
        "норма или план, а не показатель",
        _stems(
            r"\bнорм(?:а|ы|атив\w*)\b",
            r"\bцелев",
            r"\bплан(?:овое|овый|ов|)\b",
            r"\bнедоста",
            r"\bне хватает",
        ),
    ),
    ("место в рейтинге", _stems(r"\bрейтинг", r"\bместо\b", r"\bранг", r"\bбалл")),
    (
        "другой период",
        _stems(
            r"\bпрошл\w+ (?:недел|год|период|месяц)",
            r"\bпредыдущ",
            r"\bза (?:\w+ )?(?:месяц|год|день|сутки|квартал|полугоди)",
            r"\bс начала\b",
            r"\bв день\b",
            r"\bв месяц\b",
            r"\bежемесячн",
            r"\bежедневн",
        ),
    ),
    (
        "обратный показатель",
        _stems(
            r"\bне ?(?:актив|зарег|регистр|связ|привяз|подключ|писавш|написавш|создавш|созда|вступ|пишущ|соверш|использ|участв)",
            r"\bни одн",
            r"\bотсутств",
            r"\bбез (?:связ|привяз|регистр|актив|сообщ|звон|чат)",
            r"\bотклон",
            r"\bудален",
            r"\bзаблокирован",
        ),
    ),
    (
        "порог сверху",
        _stems(
            r"(?<!не )\bмен(?:ее|ьше)\b",
            r"\bот \w+ до \w+",
            r"\b\d+\s*-\s*\d+\s*(?:соо?бщ|звон)",
            r"(?<!\w)[<≤](?!\w*>)",
            r"\bдо \d+ (?:соо?бщ|звон)",
        ),
    ),
    (
        "доля не от зарегистрированных",
        _stems(r"\bсредн\w+ (?:количеств|числ|значен)", r"\bв среднем\b", r"\bна одного\b", r"\bна 1\b"),
    ),
)

# Text columns, told by the whole wording.
_ORG_WORD = (
    r"(?:обр\w*\s+)?(?:организаци\w*|учреждени\w*|школ[аыу]|оо|оу|доо|доу|спо|детск\w+ сад\w*|юр\w*\s+лиц\w*)"
)
TEXT_HEADERS: tuple[tuple[str, float, re.Pattern[str]], ...] = tuple(
    (field, confidence, re.compile(pattern))
    for field, confidence, pattern in (
        (
            "contact",
            0.96,
            r"(?:фио|ф\.?\s?и\.?\s?о\.?|имя|фамилия).*(?:руковод|директор|заведующ|ответствен|администратор|контакт|куратор|исполнител)|^(?:руководитель|директор|заведующ\w+|ответственн\w+|контактн\w+ лицо|куратор)\b",
        ),
        ("inn", 0.98, r"\bинн\b|\binn\b"),
        ("ogrn", 0.98, r"\bогрн\b|\bogrn\b"),
        ("address", 0.95, r"\bадрес(?!\w*\s*(?:эл|почт))|\bместонахожден|\baddress\b|\bместо нахожден"),
        (
            "is_active",
            0.95,
            r"^статус\b(?!.*(?:пользоват|педагог|учител))|\bстатус (?:активност|организац|оо|школ|на платформе)|^активност\w* (?:организац|оо|школ|доо)\w*$|^активна(?:я)?\b|^is active$|^состояние\b|^активн\w* ?(?:/ ?не ?активн\w*|да/нет)|\bорганизация активна",
        ),
        (
            "organization_id",
            0.97,
            rf"^id$|\bid\W+(?:{_ORG_WORD}|school|org\w*)|(?:{_ORG_WORD}|school|organi[sz]ation)\W*\(?id\)?\b|^ид(?:ентификатор)?\b(?!.*(?:пользоват|учител|педагог|муницип|регион|звон|чат))|\bидентификационный (?:номер|код)|^(?:уникальн\w+ )?(?:код|номер) {_ORG_WORD}$|^id (?:в|на) (?:сферум\w*|платформ\w*)|^сферум id$|^sferum id$",
        ),
        (
            "organization_type",
            0.95,
            rf"^(?:тип|вид|категори\w+|уровень)\W+(?:{_ORG_WORD}|образован\w*)|^тип$|^вид$|^уровень образования|^organi[sz]ation type$|^{_ORG_WORD}\W+\(?тип\)?$|^категория$|^тип\W*/?\W*вид",
        ),
        (
            "municipality",
            0.97,
            r"муниципал\w+(?!\w*\s*(?:бюджет|казен|служ|программ))(?:\s+(?:образован\w*|район\w*|округ\w*|территори\w*))?|^мо\b(?!.*актив)|\bмоуо\b|\bомсу\b|\bмсу\b|^район\b|^район\W+город|^городско\w+ округ|^территори|^ате$|^мр\b|^мр\W*го$|^го\W+мр$|^округ\b|^municipality(?: name)?$|^город\W*(?:/|,|и|или)?\W*район|^орган\w* (?:местного самоуправления|управлен\w+ образован)|^управлени\w+ образован|^district(?: name)?$|^районный отдел|^местность$|^населенный пункт и район|^учредитель$",
        ),
        (
            "organization",
            0.96,
            rf"\b(?:наименовани\w*|название|имя)\W+(?:[\w.]+\s+){{0,2}}?{_ORG_WORD}|^(?:полное |краткое |сокращенное |официальное )?(?:наименовани\w*|название)(?: (?:по уставу|в сферум\w*|на платформе))?$|^{_ORG_WORD}$|^образовательн\w+ (?:организаци\w*|учрежден\w*)|^организация\b(?!.*(?:id|тип|статус|актив))|^organi[sz]ation$|^organi[sz]ation name$|^school(?: name)?$|^(?:краткое|полное|сокращенное) наименовани\w*|^школа\b|^{_ORG_WORD}\W+\(?(?:наименовани\w*|название)\)?|^name$",
        ),
        (
            "role",
            0.95,
            r"^тип пол|^тип (?:пользовател|участник|учетн)|^роль\b|^role$|^user type$|^статус пользовател|^категория (?:пользовател|участник|сотрудник)",
        ),
        (
            "full_name",
            0.97,
            r"^ф\.?\s?и\.?\s?о\b|\bфио\b|^фамилия\b.*имя|^full name$|^фамилия и\.?\s?о|^(?:учитель|педагог|сотрудник|пользователь|участник|преподаватель|воспитатель)(?:\W+\(?фио\)?)?$|^имя (?:пользователя|педагога|учителя|сотрудника|участника)",
        ),
        ("surname", 0.95, r"^фамилия$"),
        ("first_name", 0.95, r"^имя$"),
        ("patronymic", 0.95, r"^отчество$"),
        (
            "date",
            0.95,
            r"^дата\b(?!.*(?:рожд|регистр|создан|вход|ликвид|приказ))|\bотчетная дата|^date$|^на дату|^дата среза|^день$|^актуальн\w+ на|^по состоянию на$",
        ),
        ("period", 0.95, r"^период|^отчетн\w+ (?:период|недел)|^недел[яи]$|^period$|^week$"),
        ("region", 0.95, r"^субъект|^регион\b|^область$|^region$"),
        (
            "row_number",
            0.98,
            r"^№(?:\s*п\W*п\W*)?$|^n(?:\s*п/п)?$|^п\W?п$|^#$|^номер(?: п\W?п| строки| по порядку)?$|^№№(?: п/п)?$|^no$|^№ ?строки$|^порядковый номер$",
        ),
        ("phone", 0.95, r"\bтелефон|\bphone\b|\bмоб\b"),
        ("email", 0.95, r"\be-?mail|\bэлектронн\w+ (?:почт|адрес)|\bадрес эл|\bпочта\b"),
    )
)

# Recognized so that they are not taken for something else; not part of any table.
IGNORED_FIELDS = {
    "row_number": "номер строки",
    "region": "регион",
    "period": "период отчёта",
    "surname": "вошло в ФИО",
    "first_name": "вошло в ФИО",
    "patronymic": "вошло в ФИО",
    "contact": "имя ответственного, в таблицу не берётся",
    "phone": "телефон, в таблицу не берётся",
    "email": "электронная почта, в таблицу не берётся",
}

TOTAL_ROW = re.compile(
    r"^(?:\W*)(?:общий\s+)?итог(?:о|и)?\b|\bитого?\W*$|^(?:\W*)всего\b|\bвсего\W*$|^в целом\b|^средн(?:ее|яя|ий)\W+(?:значени|по\b|показател|процент|арифм|итог)|^среднее$|\bсреднее значение\b"
    r"|^в среднем\b|^сумма\b|^по (?:региону|области|краю|республике|субъекту|муниципалитету|району|городу|округу)\b"
    r"|^(?:grand )?total\b|\btotal$|^школы мо$|^итого\b|^подытог|\(итого?\)|\bвсего по\b|\bитого по\b|^свод(?:но)?\b|^регион$"
)
# A quick look before the pattern above, for columns of very many texts.
TOTAL_STARTS = frozenset(
    ["ито", "все", "в ц", "в с", "сре", "сум", "по ", "tot", "шко", "общ", "под", "сво", "рег", "gra"]
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
