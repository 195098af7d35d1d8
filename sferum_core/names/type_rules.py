"""What words in a name say about an organization's type, declared as data, first match first."""
# ruff: noqa: E501 - a pattern stays on one line, so that a change shows as one

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from sferum_core.model import OrganizationType
from sferum_core.names.gates import Gated

PRESCHOOL = OrganizationType.PRESCHOOL
SCHOOL = OrganizationType.SCHOOL
VOCATIONAL = OrganizationType.VOCATIONAL
EXTRACURRICULAR = OrganizationType.EXTRACURRICULAR
TRAINING = OrganizationType.TRAINING
OTHER = OrganizationType.OTHER


class Weight(IntEnum):
    """How much a mark says, the most telling first."""

    SELF = 0  # what the organization calls itself: «детский сад», «СОШ», «колледж»
    PLAIN = 1  # calls itself so, but gives way to a telling legal form: «школа», «СШ», «центр образования»
    FORM = 2  # a legal form that names the type: «МБДОУ», «ГБПОУ», «МБУ ДО»
    HINT = 3  # used when nothing better is there
    GENERIC = 4  # a legal form of any educational organization: «МБОУ»


@dataclass(frozen=True, slots=True)
class Rule:
    """`pattern` in a unified name says `types`; two types mean a mixed organization, none a sign to ask."""

    types: frozenset[OrganizationType]
    weight: Weight
    pattern: Gated
    literals: tuple[str, ...]
    finditer: Callable[[str], Iterator[re.Match[str]]]


_BETWEEN = r"(?:[\s«»,()-]+(?!общеобраз|средн|основн|начальн)[\w-]+)"
_GAP = r"[\s«»()-]+"
_SCHOOL = r"школ(?:а|ы|е|у|ой)\b(?!\s*-?\s*(?:интернат|детск\w+ сад|сад\b))"
_FORM_LETTERS = "мгкфорсоялтчнабдв"
_FORM = rf"[{_FORM_LETTERS}]{{0,6}}у"

# Abbreviations as they are written, turned into words before anything is looked for.
SPELLINGS: tuple[tuple[Gated, str], ...] = tuple(
    (Gated(pattern), spelled)
    for pattern, spelled in (
        (r"(?<=[а-я])(?=\d)|(?<=\d)(?=[а-я]{2})", " "),
        (r"\bя\s*/\s*с\b|\bясли[\s/-]*сад", "детский сад"),
        (
            r"(?<![\w-])д\s*[./\\,|-]\s*с(?:ад(?:а|у|ом|ик)?)?\b\.?|(?<![\w-])д с(?=\s*(?:№|«|\d|$))",
            " детский сад ",
        ),
        (r"\bдс(?=\s*(?:№|\d))", " детский сад "),
        (r"\bдет(?:ск)?(?:ий)?[\s./-]*сад(?:а|у|ом|ик|ика)?\b", " детский сад "),
        (r"\bд\s*/\s*д\b", " детский дом "),
        (r"\b(?:шк|школа|ш)[.\s]*[-/][\s]*(?:инт|и)\b\.?", " школа-интернат "),
        (r"\bс\s*[./]\s*ш\b\.?|\bср\.?\s*шк\b\.?", " средняя школа "),
        (r"\bнач\w*\.\s*(?:шк\b\.?|школ)", " начальная школ"),
        (r"начальная школ(?=\s|$)", "начальная школа "),
        (r"\bосн\w*\.\s*(?:общ\w*\.?\s*)?(?:шк\b\.?|школа)", " основная школа "),
        (r"\b(?:спорт|спортив)\.?\s*(?=шк)", " спортивная "),
        (r"\bмуз\.?\s*(?=шк)", " музыкальная "),
        (r"\bхуд\.?\s*(?=шк)", " художественная "),
        (r"\bобщеобр\w*\.", " общеобразовательная "),
        (r"\bшк\b\.?", " школа "),
        (
            rf"\b([{_FORM_LETTERS}]{{0,5}}о[уо])(?=(?:[мвкс]?сош|оош|нош|сш|ош|нш|лицей|гимназия|школа|детск\w+|дс|црр|шк)\b)",
            r"\1 ",
        ),
        (r"\bдоп\.?\s*обр\w*\.?", " дополнительного образования "),
    )
)

# Words whose object is not the organization itself: blanked out.
ASIDE = Gated(
    r"\b(?:с|со|имеющ\w+|включая|в том числе)\s+(?:структурн\w+ подразделени\w+ )?(?:дошкольн\w+ |вечерн\w+ )"
    r"(?:разновозрастн\w+ )?(?:отделени|групп|подразделени|ступен|уровн)\w*"
    r"|\bс\s+дополнительн\w+ образовани\w+"
    r"|\bна базе\b.*|\bпри\s+(?!(?:поддержк|осуществ))[^-–,»]*"
    r"|(?<!общим )\bуправлени\w+\s+(?:дошкольн\w+ )?образовани\w+.*$"
    r"|\bоснов\w+ общеобразовательн\w+ программ\w*"
)

# A dedication: what stands in it does not name the organization.
DEDICATION = Gated(r"\b(?:им\.|им(?=\s)|имени|памяти)\s*[^«»(),№-]{0,80}")
PLACE = Gated(
    r"(?<![\w-])(?:(?:г|гор|с|п|пос|д|дер|х|хут|ст|ул|пер|р\.п|пгт|рп|мкр)\.|город|село|поселок|деревня|хутор|станица|улица)"
    r"\s*[\w-]+"
)
BRANCH = Gated(
    r"\b(?:структурн\w+\s+(?:образовательн\w+\s+)?подразделени\w+|обособленн\w+\s+\w*\s*подразделени\w+|дошкольн\w+\s+(?:отделени|подразделени|корпус)\w*|сп|филиал\w*)\b"
)
# A thing that is no school although its legal form would let it be one.
UNKNOWN_HEAD = Gated(
    r"\b(?:центр|дом|комплекс|комбинат|клуб|дворец|станци|лагер|управлени|институт|академи|общество|служб|бюро|увк|мук|упк|цппк)\w*"
)


def _rules() -> tuple[Rule, ...]:
    table: tuple[tuple[tuple[OrganizationType, ...], Weight, str], ...] = (
        # -- mixed ones ----------------------------------------------------------------------------------
        (
            (PRESCHOOL, SCHOOL),
            Weight.SELF,
            r"дошкольн\w*\s+и\s+(?:младш\w*|начальн\w*)\s+(?:школьн\w*|общ\w*)",
        ),
        (
            (PRESCHOOL, SCHOOL),
            Weight.SELF,
            r"\b[сон]*ш[\s/-]*дс\b|\bдс[\s/-]*[сон]*ш\b|школ\w*[\s-]+сад\b|\bшдс\b",
        ),
        # -- training ------------------------------------------------------------------------------------
        (
            (TRAINING,),
            Weight.FORM,
            r"дополнительн\w*\s+профессиональн\w*(?:\s*\(?педагогическ\w*\)?)?(?:\s+образовани\w*)?",
        ),
        ((TRAINING,), Weight.FORM, r"\b[а-я]{0,7}д(?:п)?по\b"),
        (
            (TRAINING,),
            Weight.SELF,
            r"институт\w*\s+(?:непрерывн\w*\s+)?(?:развити\w*|усовершенствовани\w*)\b(?:\s+\w+){0,2}",
        ),
        (
            (TRAINING,),
            Weight.SELF,
            r"повышени\w*\s+(?:профессиональн\w+\s+)?(?:квалификац|мастерств)\w*|переподготовк\w+",
        ),
        (
            (TRAINING,),
            Weight.SELF,
            r"\b(?:к?к?\s?ипк|[а-я]{0,3}ипк(?:ро|ппро|рнпо)|цнппм\w*)\b",
        ),
        ((TRAINING,), Weight.HINT, r"\b(?!миро|пиро|киро\b|широ|жиро)[а-я]{0,4}иро\b"),
        # -- other, by legal form ------------------------------------------------------------------------
        (
            (OTHER,),
            Weight.FORM,
            r"о[уо]\s+(?:во|впо)\b|оувп?о\b|\b[мгрк][бак]ук\b",
        ),
        ((OTHER,), Weight.FORM, r"высш\w*\s+(?:профессиональн\w*\s+)?образовани\w*"),
        # -- schools that look like colleges -------------------------------------------------------------
        (
            (SCHOOL,),
            Weight.SELF,
            r"(?:суворовск|нахимовск|президентск|кадетск|военно-музыкальн)\w*(?:[\s-]+[\w-]+){0,2}?\s+училищ\w*",
        ),
        ((OTHER,), Weight.SELF, r"высш\w*(?:\s+[\w-]+){0,4}\s+(?:училищ|школ)\w*"),
        # -- colleges ------------------------------------------------------------------------------------
        (
            (VOCATIONAL,),
            Weight.SELF,
            r"профессиональн\w*(?:[\s-]+(?!общеобр|образ)[а-я]+)?[\s-]+(?:лице|училищ|школ)\w*",
        ),
        (
            (VOCATIONAL,),
            Weight.SELF,
            r"(?:колледж|техникум|училищ)\w*(?:\s*-\s*интернат\w*)?|\bс?пту\b|\b[а-я]{0,4}уор\b",
        ),
        (
            (VOCATIONAL,),
            Weight.FORM,
            rf"\b[{_FORM_LETTERS}э]{{0,6}}по[уо]\b|\b[гко]{{0,2}}по[абк]у\b|\b(?:[{_FORM_LETTERS}]{{0,5}}у)?\s?спо\b|\b[{_FORM_LETTERS}]{{0,5}}оу\s?нпо\b",
        ),
        (
            (VOCATIONAL,),
            Weight.FORM,
            r"(?:средн|начальн)\w*(?:\s+и\s+(?:средн|начальн)\w*)?\s+профессиональн\w*\s+(?:образовани|учебн)\w*",
        ),
        (
            (VOCATIONAL,),
            Weight.FORM,
            r"профессиональн\w*\s+(?:(?:бюджетн|казенн|автономн|некоммерческ|частн|учебн)\w*\s+)*(?:образовательн|образовани|учебн|учрежд)\w*(?:\s+(?:учрежд|организ)\w*)?",
        ),
        # -- extracurricular, named ----------------------------------------------------------------------
        (
            (EXTRACURRICULAR,),
            Weight.SELF,
            r"\b[а-я]{0,5}(?:сшор|дюс?ш|дюсшор|дюшор)[а-я]{0,3}\b|\bксш\b|\bдюкфп\b|\bдюсц\b",
        ),
        (
            (EXTRACURRICULAR,),
            Weight.SELF,
            r"\b[а-я]{0,2}(?:дши|дмш|дхш|дтш|дхорш|дшт|ддмш|дхмш|ддши)[а-я]{0,2}\b",
        ),
        (
            (EXTRACURRICULAR,),
            Weight.SELF,
            rf"(?:\bспортивн|музыкальн|художественн|хореографическ|балетн|театральн|цирков|шахматн|\b[\w]+-спортивн|юношеск|танцевальн|\bхоров|эстрадн|изобразительн|ремесленн|конно|парусн|футбольн|хоккейн|гимнастическ|лыжн|горнолыжн|адаптивн)[\w-]*{_BETWEEN}{{0,3}}?{_GAP}{_SCHOOL}",
        ),
        (
            (EXTRACURRICULAR,),
            Weight.SELF,
            rf"\bдетск\w*(?:[\s,()-]+(?!сад|общеобраз|средн|основн|начальн)[\w-]+)?[\s()-]+{_SCHOOL}",
        ),
        (
            (EXTRACURRICULAR,),
            Weight.SELF,
            r"школ\w*[\s«»]+(?:\w+\s+)?(?:искусств|олимпийск\w+ резерв|высшего спортивн|эстетическ\w+ воспитан|ремес[ел])\w*"
            r"|школ\w*[\s«»]+(?:танц|хореограф|бокс|плавани|футбол|хокке|теннис|шахмат|единоборств|самбо|дзюдо|волейбол|баскетбол|программирован|робототехник|раннего развити|английск|иностранн|юных|спорта\b)\w*"
            r"|школ\w*\s+по\s+(?!ул|адрес|месту)[а-я]{3,}",
        ),
        (
            (EXTRACURRICULAR,),
            Weight.SELF,
            r"\b[рмгсок]?(?:ддт|дтд[а-я]{0,4}|ддют[а-я]{0,2}|дюц[а-я]{0,4}|дпш|дпиш|ддю|дют[а-я]{0,2}|дтю|цдт[а-я]{0,5}|цдют[а-я]{0,6}|цдодд?|цдо|црдо|црт[а-я]{0,5}|цтр[а-я]{0,5}|цвр|цтт|цтд[а-я]{0,2}|цртдю|сют[а-я]{0,3}|сюн|сюннат|дэбц|оэбц|эбц|дэц|дооц|цвпв|цдюттиэ|гцтт|цтдию|дюцэвс|црдт[а-я]{0,3}|цдив|ддит|ддим)\b",
        ),
        (
            (EXTRACURRICULAR,),
            Weight.SELF,
            r"(?:\bдом|дворец|центр|студи)\w*(?:[\s«»,-]+[\w-]+){0,5}?[\s«»]+творчеств\w*",
        ),
        (
            (EXTRACURRICULAR,),
            Weight.SELF,
            r"внешкольн\w*|\bдом\w*\s+(?:пионер|детств|школьник|юн|учащ|техник)\w*|станци\w*\s+(?:юн|детск)\w*",
        ),
        (
            (EXTRACURRICULAR,),
            Weight.SELF,
            r"\bюн\w*\s+(?:техник|натуралист|турист|моряк|краевед|исследовател|авиа)\w*|кванториум\w*|\bit[\s-]?(?:куб|cube)\w*",
        ),
        (
            (EXTRACURRICULAR,),
            Weight.SELF,
            r"(?:детск\w*[\s-]+(?:и\s+)?юношеск|детск\w*-\w*подростков|подростков)\w*(?:[\s-]+[\w-]+){0,3}?\s+(?:центр|клуб|дом|комплекс)\w*|детск\w*[\s(]+подростк\w*\)?\s+клуб\w*",
        ),
        (
            (EXTRACURRICULAR,),
            Weight.SELF,
            r"центр\w*(?:\s+[\w-]+){0,3}\s+(?:туризма|краеведени|технического)\w*|центр\w*\s+(?:детск|юношеск)\w*(?:\s+[\w-]+){0,3}",
        ),
        ((EXTRACURRICULAR,), Weight.FORM, rf"\b{_FORM}\s*«?\s*до(?:д|дт)?\b"),
        (
            (EXTRACURRICULAR,),
            Weight.FORM,
            rf"\b(?!чудо)[{_FORM_LETTERS}]{{0,6}}удод?\b|\b(?:[{_FORM_LETTERS}]{{0,4}}оу)?дод\b",
        ),
        ((EXTRACURRICULAR,), Weight.FORM, r"дополнительн\w*(?:\s+[\w-]+)?\s+образовани\w*"),
        ((OTHER,), Weight.SELF, r"\bдетск\w*\s+дом\w{0,2}\b(?!\s*(?:творч|культур|иск))"),
        (
            (OTHER,),
            Weight.SELF,
            r"психолого\W*\w*\W*(?:педагог|медик|медиц)\w*|\b(?:ц?ппмс\w*|ц?пмсс\w*|ц?пмпк\w*|[гц]ппр\w*|цдик|цпмсс)\b|диагностик\w*\s+и\s+консульт\w*",
        ),
        (
            (OTHER,),
            Weight.SELF,
            r"социальн\w*\s+(?:приют|реабилит|обслуж|помощ|защит)\w*|реабилитаци\w*|помощи\s+детям|семейн\w*\s+(?:воспитан|устройств)\w*|дом\w*-интернат\w*|психоневролог\w*",
        ),
        (
            (OTHER,),
            Weight.SELF,
            r"\bлагер[ья]\b|библиотек\w*|\bмузе[йя]\b|\bдом\w*\s+культуры|бухгалтери\w*|централизованн\w*|хозяйственно-\w+|обслуживани\w*",
        ),
        (
            (OTHER,),
            Weight.SELF,
            r"методическ\w*\s+(?:центр|кабинет|служб|объединен)\w*|\b[гр]?имц\b|\bрмк\b|оценк\w*\s+качества|центр\w*\s+развития\s+(?:\w+\s+)?образовани\w*|мониторинг\w*",
        ),
        # -- preschool -----------------------------------------------------------------------------------
        (
            (PRESCHOOL,),
            Weight.SELF,
            r"\bдетск\w*\s+(?:\w+\s+)?сад(?:а|у|ом|е|ы|ов|ик\w*)?\b|\bясл[ияе]\w*|\bсад-ясл\w*|\bдетсад\w*",
        ),
        (
            (PRESCHOOL,),
            Weight.SELF,
            r"дошкольн\w*\s+(?:отделени|корпус|подразделени|учебн|центр)\w*|центр\w*\s+дошкольн\w*(?:\s+(?:образован|воспитан|развит)\w*)?",
        ),
        ((PRESCHOOL, SCHOOL), Weight.SELF, r"дошкольн\w*(?:\s+\w+)?\s+групп\w*"),
        ((PRESCHOOL,), Weight.PLAIN, r"\bцрр\b|центр\w*\s+развити\w*\s+(?:и\s+\w+\s+)?ребенк\w*|\bдс\b"),
        (
            (PRESCHOOL,),
            Weight.FORM,
            rf"(?<![^\W{_FORM_LETTERS}])до[уо](?:црр|ц|дс|д|с)?\b|\b[мгчк]{{0,2}}до[абк]у\b|\bдошкольн\w*",
        ),
        # -- schools -------------------------------------------------------------------------------------
        ((SCHOOL,), Weight.SELF, r"\b[а-я]{0,3}(?:сош|оош|нош|зош)и?\b|\b[смогк]?к?ши(?:нт)?\b|\bск[шо]*и\b"),
        (
            (SCHOOL,),
            Weight.SELF,
            r"\b(?:общеобразоват|средн|основн|начальн|вечерн|сменн|коррекционн|открыт|санаторн|неполн)\w*\)?(?:[\s,()«»-]+[\w-]+){0,4}?[\s()«»-]+школ(?:а|ы|е|у|ой)\b(?:\s*-\s*интернат\w*)?",
        ),
        (
            (SCHOOL,),
            Weight.SELF,
            r"школ\w*\s*-?\s*интернат\w*|\bлице(?:й|я|ю|ем|е|и|ев)\b|гимнази\w*|\bкадет\w*(?:\s+(?:\w+\s+)?корпус\w*)?|мариинск\w*",
        ),
        (
            (SCHOOL,),
            Weight.PLAIN,
            r"\b(?:школ(?:а|ы|е|у|ой)|сш|ош|нш|осш|всш|ссш|цо|спецшкол\w+)\b|\b[а-я]{0,3}(?:сш|ош)\b(?=\s*№)|\bш\b(?=\s*№)",
        ),
        (
            (SCHOOL,),
            Weight.PLAIN,
            r"центр\w*\s+(?:\w+\s+)?образовани[яюе]\b|образовательн\w*\s+(?:\w+\s+)?(?:центр|комплекс)\w*|учебно-воспитательн\w*\s+учрежден\w*",
        ),
        ((OTHER,), Weight.HINT, r"университет\w*|консерватори\w*|\bинститут\w*"),
        (
            (EXTRACURRICULAR,),
            Weight.HINT,
            r"творчеств\w*|\bдворец\w*|детско-юношеск\w*|юношеск\w*|эколого-\w+|технопарк\w*|\bспортивн\w*\s+(?:клуб|центр|комплекс)\w*|\bдтю?\b|патриотическ\w*|эстетическ\w*\s+воспитан\w*|\bискусств\w*|\bдетск\w+\s+(?:морск|оздоровит|эколог)\w*|\bмдц\b",
        ),
        ((PRESCHOOL,), Weight.HINT, r"\bсад(?:ик)?\b"),
        ((SCHOOL,), Weight.HINT, r"коррекционн\w*|\bинтернат\w*"),
        # -- any educational organization ----------------------------------------------------------------
        (
            (SCHOOL,),
            Weight.GENERIC,
            rf"\b[{_FORM_LETTERS}]{{0,6}}оу\b|\bмо[бак]у\b|\bтмк\s?оу\b|\b[{_FORM_LETTERS}]{{0,3}}[ан]?ноо\b|\bчоо\b|\bано\s+оо\b|\bн?о?чу\s*оо\b",
        ),
        (
            (SCHOOL,),
            Weight.GENERIC,
            r"(?:обще)?образовательн\w*\s+(?:[\w-]+\s+){0,3}?(?:учрежд|организ)\w*|общеобразоват\w*|образовательн\w*",
        ),
    )
    return tuple(_rule(frozenset(types), weight, Gated(pattern)) for types, weight, pattern in table)


def _rule(types: frozenset[OrganizationType], weight: Weight, pattern: Gated) -> Rule:
    return Rule(types, weight, pattern, pattern.literals, pattern.pattern.finditer)


RULES = _rules()
