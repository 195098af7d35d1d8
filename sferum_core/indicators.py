"""The catalogue of indicators, declared as data: what is counted, over what, and which document says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from sferum_core.exact import add_counts, to_counts


class Role(StrEnum):
    """Whom an indicator counts."""

    TEACHER = "teacher"
    STUDENT = "student"
    PARENT = "parent"
    USER = "user"
    ORGANIZATION = "organization"


class Denominator(StrEnum):
    """What the shares of teachers are over; a profile chooses (domain.md, «Indicators»)."""

    REGISTERED = "registered"
    STAFF_LIST = "staff_list"

    @property
    def label(self) -> str:
        """Russian name for the screen."""
        return _DENOMINATOR_LABELS[self]


_DENOMINATOR_LABELS = {
    Denominator.REGISTERED: "зарегистрированные педагоги",
    Denominator.STAFF_LIST: "все педагоги по списку (штату)",
}


@dataclass(frozen=True)
class Indicator:
    """One indicator. Counts are sums of the columns named; an empty `denominator` means there is no share.

    `types` names the organization types it is about; empty means all of them.
    `unit` is the genitive plural that goes after a number («из 11 педагогов»).
    """

    code: str
    name: str
    short_name: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    role: Role
    unit: str
    description: str
    source: str
    types: tuple[str, ...] = ()

    @property
    def has_share(self) -> bool:
        """Whether a share of single organizations can be had."""
        return bool(self.denominator) and self.role is not Role.ORGANIZATION

    def denominator_columns(self, denominator: Denominator | str = Denominator.REGISTERED) -> tuple[str, ...]:
        """Columns below the line: a staff list replaces registered teachers, in shares of teachers only."""
        if (
            denominator == Denominator.STAFF_LIST
            and self.role is Role.TEACHER
            and self.denominator == ("teachers_registered",)
        ):
            return ("teachers_total",)
        return self.denominator

    @property
    def reported_columns(self) -> tuple[str, ...]:
        """Columns in which a file may state this share itself."""
        short = {"teachers_active": ("active",), "teachers_registered": ("registered",)}.get(self.code, ())
        return tuple(f"reported_share_{name}" for name in (self.code, *short))


def _teachers(code: str, name: str, short_name: str, description: str, source: str) -> Indicator:
    return Indicator(
        code,
        name,
        short_name,
        (code,),
        ("teachers_registered",),
        Role.TEACHER,
        "педагогов",
        description,
        source,
    )


_CATALOGUE = (
    Indicator(
        "organizations_registered",
        "Зарегистрированные организации",
        "Организации",
        ("organizations_registered",),
        (),
        Role.ORGANIZATION,
        "организаций",
        "Организации на платформе, филиалы считаются отдельно.",
        "000, «Показатели статистики»",
    ),
    Indicator(
        "organizations_active",
        "Доля активных организаций",
        "Активные организации",
        ("organizations_active",),
        ("organizations_registered",),
        Role.ORGANIZATION,
        "организаций",
        "Организация активна, если так указано в файле, а если не указано – по правилу профиля норм.",
        "000, «Показатели статистики»; 003, «Алгоритм действий для учеников/родителей»",
    ),
    Indicator(
        "teachers_registered",
        "Доля зарегистрированных педагогов",
        "Зарегистрировано педагогов",
        ("teachers_registered",),
        ("teachers_total",),
        Role.TEACHER,
        "педагогов",
        "Педагоги, которые вступили в сообщество организации или связали учебный профиль с электронным "
        "журналом, от числа педагогов по списку.",
        "000, «Показатели статистики»; 004, «Активность сотрудников в ДОО»",
    ),
    _teachers(
        "teachers_active",
        "Доля активных педагогов",
        "Активные педагоги",
        "Активные («пишущие») педагоги, как их посчитал сам файл; порог ни один документ не называет.",
        "002, «Показатели по внедрению Сферума»; 004, «Активность сотрудников в ДОО»",
    ),
    _teachers(
        "teachers_10_messages",
        "Доля педагогов, написавших не менее 10 сообщений за неделю",
        "10 сообщений за неделю",
        "Педагоги, которые за отчётную неделю написали не менее 10 сообщений. Таблица 000 считает групповые "
        "чаты и личные сообщения, письмо 000 – групповые чаты.",
        "000, «Показатели статистики» и письмо от 09.04.2024 № 1151; 001",
    ),
    _teachers(
        "teachers_3_messages",
        "Доля педагогов, написавших не менее 3 сообщений за неделю",
        "3 сообщения за неделю",
        "Педагоги, которые за отчётную неделю написали не менее трёх сообщений.",
        "001, «Установленные показатели», п. 3",
    ),
    _teachers(
        "teachers_created_chat",
        "Доля педагогов, создавших хотя бы один чат",
        "Создали чат",
        "Считаются чаты, которые создал пользователь с ролью «Учитель»; чат администратора без этой роли "
        "не считается.",
        "001, «Установленные показатели», п. 2",
    ),
    _teachers(
        "teachers_1_call",
        "Доля педагогов, совершивших не менее 1 звонка за неделю",
        "1 звонок за неделю",
        "Звонок длится не менее 3 минут, участников двое или больше (000).",
        "000, «Показатели статистики»; 001, п. 4",
    ),
    _teachers(
        "teachers_3_calls",
        "Доля педагогов, совершивших не менее 3 звонков за неделю",
        "3 звонка за неделю",
        "Педагоги, которые за отчётную неделю создали и провели не менее трёх звонков.",
        "001, «Установленные показатели», п. 5",
    ),
    _teachers(
        "teachers_linked",
        "Доля педагогов, связавших учётную запись с ЭЖД",
        "Связка с ЭЖД: педагоги",
        "Педагоги, которые связали учебный профиль с электронным журналом и дневником.",
        "000, «Показатели статистики»",
    ),
    Indicator(
        "students_registered",
        "Доля зарегистрированных обучающихся",
        "Зарегистрировано обучающихся",
        ("students_registered",),
        ("students_total",),
        Role.STUDENT,
        "обучающихся",
        "Обучающиеся, которые вступили в сообщество организации или связали учебный профиль с электронным "
        "журналом, от числа обучающихся по списку.",
        "000, «Показатели статистики»",
    ),
    Indicator(
        "students_active",
        "Доля активных обучающихся",
        "Активные обучающиеся",
        ("students_active",),
        ("students_registered",),
        Role.STUDENT,
        "обучающихся",
        "Активные («читающие») обучающиеся, как их посчитал сам файл.",
        "002, «Показатели по внедрению Сферума»",
    ),
    Indicator(
        "students_linked",
        "Доля обучающихся, связавших учётную запись с ЭЖД",
        "Связка с ЭЖД: обучающиеся",
        ("students_linked",),
        ("students_registered",),
        Role.STUDENT,
        "обучающихся",
        "Обучающиеся, которые связали учебный профиль с электронным журналом и дневником.",
        "000, «Показатели статистики»",
    ),
    Indicator(
        "users_linked",
        "Доля педагогов и обучающихся, связавших учётные записи с ЭЖД",
        "Связка с ЭЖД: все",
        ("teachers_linked", "students_linked"),
        ("teachers_registered", "students_registered"),
        Role.USER,
        "пользователей",
        "Педагоги и обучающиеся вместе, от зарегистрированных педагогов и обучающихся вместе.",
        "002, «Показатели по внедрению Сферума»",
    ),
    Indicator(
        "parents_registered",
        "Зарегистрированные родители",
        "Родители",
        ("parents_registered",),
        (),
        Role.PARENT,
        "родителей",
        "Есть в выгрузках после перехода на MAX (2025).",
        "сообщение прессы, 2025",
    ),
    Indicator(
        "parents_active",
        "Доля активных родителей",
        "Активные родители",
        ("parents_active",),
        ("parents_registered",),
        Role.PARENT,
        "родителей",
        "Активные родители, как их посчитал сам файл. Есть в выгрузках после перехода на MAX (2025).",
        "сообщение прессы, 2025",
    ),
)

INDICATORS: dict[str, Indicator] = {indicator.code: indicator for indicator in _CATALOGUE}
"""Every indicator by its code, in the order of the screen."""

SHARE_INDICATORS: tuple[str, ...] = tuple(code for code, item in INDICATORS.items() if item.has_share)
"""Codes that have a share of a single organization."""

GROUP_INDICATORS: tuple[str, ...] = ("organizations_active", *SHARE_INDICATORS)
"""Codes that have a share of a municipality or of the region."""


def indicator_counts(
    table: pd.DataFrame, code: str, denominator: Denominator | str = Denominator.REGISTERED
) -> tuple[pd.Series, pd.Series] | None:
    """Numerator and denominator of an indicator, row by row (`Int64`; NA where any part is missing).

    None when the table lacks a column the indicator needs. KeyError for an unknown code.
    """
    indicator = INDICATORS[code]
    below = indicator.denominator_columns(denominator)
    if not indicator.has_share or not {*indicator.numerator, *below} <= set(table.columns):
        return None
    return add_counts(table, indicator.numerator), add_counts(table, below)


def reported_share(table: pd.DataFrame, code: str) -> pd.Series | None:
    """The share the file itself states (`Float64` fractions), or None without such a column."""
    for column in INDICATORS[code].reported_columns:
        if column in table.columns:
            return pd.to_numeric(table[column], errors="coerce").astype("Float64")
    return None


def computable(table: pd.DataFrame, denominator: Denominator | str = Denominator.REGISTERED) -> list[str]:
    """Codes of share indicators the table has any numerator and denominator for, in the catalogue's order."""
    found = []
    for code in SHARE_INDICATORS:
        counts = indicator_counts(table, code, denominator)
        if counts is not None and bool((counts[0].notna() & counts[1].notna()).any()):
            found.append(code)
    return found


def count_of(table: pd.DataFrame, column: str) -> pd.Series:
    """A count column as `Int64`, all NA when the table has no such column."""
    if column not in table.columns:
        return pd.Series(pd.NA, index=table.index, dtype="Int64")
    return to_counts(table[column])
