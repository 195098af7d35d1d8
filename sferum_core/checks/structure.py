"""Checks of what a table holds: figures that a report cannot do without, totals among the rows, misplaced columns."""

from __future__ import annotations

import re

import numpy as np

from sferum_core.checks.declare import (
    FIGURES,
    LISTS,
    ORGANIZATIONS,
    PUBLISHED,
    REGISTRY,
    Group,
    Hit,
    check,
    rows_where,
)
from sferum_core.checks.subject import Subject
from sferum_core.indicators import INDICATORS, Denominator
from sferum_core.model import OrganizationType, Severity
from sferum_core.names import organization_type
from sferum_core.reading.fields import COUNT_TITLES, DENOMINATORS, FIELDS
from sferum_core.reading.wording import TOTAL_ROW, plain
from sferum_core.wording import percent

_FEW = 3


def _main_present(subject: Subject) -> bool:
    item = INDICATORS[subject.profile.main_indicator]
    below = item.denominator_columns(subject.profile.denominator)
    return subject.has(*item.numerator, *below) or any(subject.has(name) for name in item.reported_columns)


@check(
    "main_indicator_absent",
    Severity.WARNING,
    "Нет столбцов главного показателя",
    group=Group.STRUCTURE,
    when="В выгрузке нет ни чисел, ни доли для главного показателя профиля норм.",
    message="Главный показатель профиля «{profile}» – «{indicator}» – по этому файлу не посчитать: нет нужных столбцов.",
    advice="Укажите эти столбцы в разделе «Что мы поняли», возьмите более полную выгрузку или выберите другой профиль норм.",
    kinds=(ORGANIZATIONS,),
)
def main_indicator_absent(subject: Subject) -> list[Hit]:
    """Neither the counts nor the stated share of the main indicator."""
    if _main_present(subject):
        return []
    item = INDICATORS[subject.profile.main_indicator]
    columns = (*item.numerator, *item.denominator_columns(subject.profile.denominator))
    lacking = [FIELDS[name].title for name in columns if not subject.has(name)]
    words = {"profile": subject.profile.title, "indicator": item.name}
    return [Hit(words=words, column=item.numerator[0], examples="; ".join(lacking))]


def _main_unknown(subject: Subject) -> np.ndarray:
    above, below = subject.main
    unknown = np.isnan(above) | np.isnan(below)
    for name in INDICATORS[subject.profile.main_indicator].reported_columns:
        unknown &= np.isnan(subject.numbers(name))
    return unknown & (subject.active != 0)


@check(
    "main_figures_mostly_missing",
    Severity.WARNING,
    "Главный показатель почти нигде не указан",
    group=Group.STRUCTURE,
    when="У половины активных организаций и больше нет чисел главного показателя.",
    message="Нет чисел для показателя «{indicator}» у половины организаций или больше: {organizations}.",
    advice="Проверьте, полностью ли сформировалась выгрузка: эти организации останутся без оценки.",
    kinds=(ORGANIZATIONS,),
    depends_on=("main_indicator_absent",),
)
def main_figures_mostly_missing(subject: Subject) -> list[Hit]:
    """Most cells of the main indicator are empty."""
    unknown = _main_unknown(subject)
    if not len(subject) or unknown.mean() < 0.5:
        return []
    item = INDICATORS[subject.profile.main_indicator]
    return rows_where(subject, unknown, item.numerator[0], indicator=item.name)


@check(
    "main_figures_missing",
    Severity.NOTE,
    "У части организаций нет чисел главного показателя",
    group=Group.STRUCTURE,
    when="У активной организации пустая ячейка главного показателя.",
    message="Нет чисел для показателя «{indicator}»: {organizations}.",
    advice="Уточните числа в кабинете организации: пока она показана как «Нет данных».",
    kinds=(ORGANIZATIONS,),
    depends_on=("main_indicator_absent", "main_figures_mostly_missing"),
)
def main_figures_missing(subject: Subject) -> list[Hit]:
    """Some cells of the main indicator are empty."""
    item = INDICATORS[subject.profile.main_indicator]
    return rows_where(subject, _main_unknown(subject), item.numerator[0], indicator=item.name)


@check(
    "denominator_absent",
    Severity.WARNING,
    "Не с чем сравнивать числа",
    group=Group.STRUCTURE,
    when="Есть столбец с числом людей, но нет столбца, от которого считается доля, и нет самой доли.",
    message="Доли не посчитать: нет столбца «{title}», а числа, которым он нужен, есть (столбцов – {count}).",
    advice="Добавьте этот столбец в выгрузку или укажите его в разделе «Что мы поняли».",
    kinds=(ORGANIZATIONS,),
)
def denominator_absent(subject: Subject) -> list[Hit]:
    """A numerator whose denominator the table lacks."""
    lacking: dict[str, list[str]] = {}
    for above, below in DENOMINATORS.items():
        stated = any(subject.has(name) for name in INDICATORS[above].reported_columns)
        if not above.endswith("_registered") and subject.has(above) and not subject.has(below) and not stated:
            lacking.setdefault(below, []).append(COUNT_TITLES[above])
    return [
        Hit(
            column=below,
            count=len(titles),
            words={"title": COUNT_TITLES[below]},
            examples="; ".join(titles[:_FEW]),
        )
        for below, titles in lacking.items()
    ]


@check(
    "staff_list_absent",
    Severity.WARNING,
    "Нет численности по списку",
    group=Group.STRUCTURE,
    when="Профиль норм считает доли от численности по списку, а её в файле нет.",
    message="Профиль «{profile}» считает доли от численности педагогов по списку, а такого столбца в файле нет.",
    advice="Добавьте столбец с численностью педагогов или выберите профиль, в котором доли считаются от зарегистрированных.",
    kinds=(ORGANIZATIONS,),
)
def staff_list_absent(subject: Subject) -> list[Hit]:
    """A profile over the staff list, a file without one."""
    if subject.profile.denominator != Denominator.STAFF_LIST or subject.has("teachers_total"):
        return []
    return [Hit(column="teachers_total", words={"profile": subject.profile.title})]


@check(
    "activity_unknown",
    Severity.NOTE,
    "Активность организации неизвестна",
    group=Group.STRUCTURE,
    when="Нет ни статуса, ни чисел, по которым активность считает правило профиля.",
    message="Активность неизвестна: {organizations}. В файле нет ни статуса, ни чисел, по которым её считает правило ({rule}).",
    advice="Добавьте в выгрузку статус организации или число администраторов, педагогов и обучающихся.",
    kinds=(ORGANIZATIONS,),
)
def activity_unknown(subject: Subject) -> list[Hit]:
    """Neither stated nor computable."""
    unknown = np.isnan(subject.active) & np.isnan(subject.computed_activity)
    return rows_where(subject, unknown, "is_active", rule=subject.profile.activity_rule.label)


@check(
    "only_shares",
    Severity.NOTE,
    "В таблице только проценты",
    group=Group.STRUCTURE,
    when="Таблица муниципалитетов содержит доли без численностей.",
    message="В таблице только проценты, численностей нет: итог по региону не считается, недостающие люди не показаны.",
    advice="Если нужен итог по региону, загрузите таблицу с числом зарегистрированных и активных.",
    kinds=PUBLISHED,
)
def only_shares(subject: Subject) -> list[Hit]:
    """Published percentages without head counts."""
    shares = [
        name for name in subject.table.columns if name.startswith("reported_share_") and subject.has(name)
    ]
    people = [name for name in subject.counts if name in COUNT_TITLES]
    return [Hit(examples="; ".join(FIELDS[name].title for name in shares))] if shares and not people else []


def _looks_total(text: str) -> bool:
    return len(text) < 120 and bool(TOTAL_ROW.search(plain(text)))


@check(
    "total_by_name",
    Severity.ERROR,
    "Итог стоит среди строк",
    group=Group.STRUCTURE,
    when="Строка называется «Итого», «Всего», «Среднее …», но попала в таблицу как обычная.",
    message="Строки итогов попали в таблицу и удваивают суммы: {rows}.",
    advice="Удалите эти строки из файла и загрузите его снова.",
    kinds=(*FIGURES, REGISTRY),
)
def total_by_name(subject: Subject) -> list[Hit]:
    """Rows that call themselves a total."""
    mask = np.zeros(len(subject), dtype=bool)
    for column in ("organization", "municipality"):
        if subject.has(column) and (column == "organization" or not subject.has("organization")):
            mask |= subject.where_text(column, _looks_total)
    return rows_where(subject, mask)


@check(
    "total_hidden",
    Severity.ERROR,
    "Скрытый итог среди строк",
    group=Group.STRUCTURE,
    when="Два показателя строки и больше равны сумме всех остальных строк.",
    message="Строка похожа на итог: её числа равны сумме остальных ({rows}).",
    advice="Удалите строку итога из файла и загрузите его снова: пока суммы удвоены.",
    kinds=FIGURES,
)
def total_hidden(subject: Subject) -> list[Hit]:
    """A row whose figures are the sums of all others, under whatever name."""
    if len(subject) < 4 or len(subject.counts) < 2:
        return []
    matrix = np.array([np.nan_to_num(subject.numbers(name)) for name in subject.counts])
    sums = matrix.sum(axis=1, keepdims=True)
    equal = (matrix == sums - matrix) & (matrix > 0)
    told = ((matrix > 0).any(axis=1, keepdims=True) & (sums > 0)).sum()
    mask = (equal.sum(axis=0) >= 2) & (equal.sum(axis=0) >= 0.8 * told)
    return rows_where(subject, mask, show=(subject.counts[0],))


@check(
    "municipality_is_organization",
    Severity.WARNING,
    "В муниципалитете стоит организация",
    group=Group.STRUCTURE,
    when="В столбце «Муниципалитет» записано название школы или детского сада.",
    message="В столбце «Муниципалитет» стоит название организации: {rows}.",
    advice="Проверьте, не переставлены ли столбцы, и поправьте ячейки: эти строки попадут в лишний муниципалитет.",
    kinds=(*LISTS, *PUBLISHED),
    needs=("municipality",),
)
def municipality_is_organization(subject: Subject) -> list[Hit]:
    """A school's name where a territory's should be."""

    def school(text: str) -> bool:
        named = re.search(r"\d|[«\"]", text) is not None
        kind = organization_type(text) if named else None
        return kind is not None and kind is not OrganizationType.OTHER

    return rows_where(
        subject, subject.where_text("municipality", school), "municipality", show=("municipality",)
    )


@check(
    "type_other_many",
    Severity.NOTE,
    "Много организаций типа «другое»",
    group=Group.STRUCTURE,
    when="У десятой части организаций и больше (не меньше пяти) стоит тип «другое»: нормы для него нет.",
    message="Тип «другое»: {organizations} ({share} списка), норма к ним не применяется.",
    advice="Уточните тип в кабинете организации или в службе поддержки региона.",
    kinds=LISTS,
    needs=("organization_type",),
)
def type_other_many(subject: Subject) -> list[Hit]:
    """Too many without a real type."""
    other = subject.types == OrganizationType.OTHER.value
    if other.sum() < 5 or other.mean() < 0.1:
        return []
    return rows_where(subject, other, "organization_type", share=percent(float(other.mean())))


@check(
    "registry_without_ids",
    Severity.NOTE,
    "В реестре нет ни ID, ни ИНН",
    group=Group.STRUCTURE,
    when="В реестре нет ни ID платформы, ни ИНН, ни ОГРН.",
    message="В реестре нет ни ID, ни ИНН, ни ОГРН: сверка пойдёт только по названиям.",
    advice="Добавьте в реестр столбец с ИНН или с ID школы на платформе: сверка станет точнее.",
    kinds=(REGISTRY,),
)
def registry_without_ids(subject: Subject) -> list[Hit]:
    """Nothing to match by but names."""
    return [] if any(subject.has(name) for name in ("organization_id", "inn", "ogrn")) else [Hit()]


@check(
    "registry_without_staff",
    Severity.NOTE,
    "В реестре нет численности",
    group=Group.STRUCTURE,
    when="В реестре нет числа педагогов по списку.",
    message="В реестре нет численности педагогов: долю зарегистрированных по нему не посчитать.",
    advice="Добавьте столбец «Численность педагогов», если нужна доля от штата.",
    kinds=(REGISTRY,),
)
def registry_without_staff(subject: Subject) -> list[Hit]:
    """A registry that cannot serve as a staff list."""
    return [] if subject.has("teachers_total") else [Hit(column="teachers_total")]


@check(
    "no_preschools",
    Severity.WARNING,
    "В файле нет ДОО",
    group=Group.STRUCTURE,
    when="Файл назван или озаглавлен как выгрузка по ДОО, но ни у одной организации нет типа ДОО.",
    message="Файл назван как выгрузка по ДОО, но ни одной ДОО в нём нет.",
    advice="Проверьте, тот ли файл загружен, и столбец «Тип организации» в разделе «Что мы поняли».",
    kinds=(ORGANIZATIONS,),
    needs=("organization_type",),
)
def no_preschools(subject: Subject) -> list[Hit]:
    """A file about preschools without one."""
    said = " ".join([subject.export.source.filename, *subject.export.source.sheets]).lower()
    about = re.search(r"(?<![а-яa-z])(?:доо|доу|дошкольн|детск\w* сад)", said)
    present = (subject.types == OrganizationType.PRESCHOOL.value).any()
    return [Hit(column="organization_type")] if about and not present else []


@check(
    "share_only_reported",
    Severity.NOTE,
    "Доля взята из файла как есть",
    group=Group.STRUCTURE,
    when="Главный показатель есть только долей, чисел для него нет.",
    message="Доля «{indicator}» взята из файла как есть, чисел для неё нет: {organizations}.",
    advice="Добавьте число педагогов, чтобы увидеть, скольких не хватает до нормы.",
    kinds=(ORGANIZATIONS,),
    depends_on=("main_indicator_absent",),
)
def share_only_reported(subject: Subject) -> list[Hit]:
    """Rows judged by a stated share."""
    item = INDICATORS[subject.profile.main_indicator]
    above, below = subject.main
    for name in item.reported_columns:
        if subject.has(name):
            mask = ~np.isnan(subject.numbers(name)) & (np.isnan(above) | np.isnan(below))
            return rows_where(subject, mask, name, indicator=item.short_name)
    return []
