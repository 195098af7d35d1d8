"""Checks of figures against one another within a row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sferum_core.checks.declare import DOO_STAFF, FIGURES, ORGANIZATIONS, Group, Hit, check, rows_where
from sferum_core.checks.declare import MUNICIPALITIES as BY_MUNICIPALITY
from sferum_core.checks.subject import Subject
from sferum_core.model import ExportKind, OrganizationType, Severity
from sferum_core.reading.fields import FIELDS
from sferum_core.wording import number

_WRITTEN = ("teachers_active", "teachers_3_messages", "teachers_10_messages", "teachers_1_call", "teachers_3_calls")  # fmt: skip
HAPPENS = "Показано как есть. Возможная причина: педагог нескольких организаций учтён в той, к которой присоединился последней."
_SUPPORT = "Такого не бывает: проверьте, те ли столбцы выбраны в разделе «Что мы поняли», затем выгрузите файл заново."


@dataclass(frozen=True)
class Excess:
    """A count that should not be greater than another one."""

    code: str
    severity: Severity
    more: str
    less: str
    title: str
    message: str
    advice: str
    above_zero: bool = True  # rows with `less` at 0 are told by another check
    kinds: tuple[ExportKind, ...] = FIGURES
    after: tuple[str, ...] = ()  # rows where these exceed `less` too are told by a check before


_EXCESSES = (
    Excess("active_over_registered", Severity.NOTE, "teachers_active", "teachers_registered",
        "Активных больше, чем зарегистрированных", "Активных педагогов больше, чем зарегистрированных: {rows}.", HAPPENS),
    Excess("messages_over_registered", Severity.NOTE, "teachers_3_messages", "teachers_registered",
        "Пишущих больше, чем зарегистрированных", "Написавших 3 сообщения больше, чем зарегистрированных: {rows}.", HAPPENS,
        after=("teachers_active",)),
    Excess("messages_10_over_registered", Severity.NOTE, "teachers_10_messages", "teachers_registered",
        "Написавших 10 сообщений больше, чем зарегистрированных",
        "Написавших 10 сообщений больше, чем зарегистрированных: {rows}.", HAPPENS,
        after=("teachers_active", "teachers_3_messages")),
    Excess("calls_over_registered", Severity.NOTE, "teachers_1_call", "teachers_registered",
        "Звонивших больше, чем зарегистрированных", "Совершивших звонок больше, чем зарегистрированных: {rows}.", HAPPENS,
        after=("teachers_active", "teachers_3_messages", "teachers_10_messages")),
    Excess("messages_10_over_3", Severity.ERROR, "teachers_10_messages", "teachers_3_messages",
        "Десять сообщений написали больше, чем три",
        "Написавших 10 сообщений больше, чем написавших 3: {rows}.", _SUPPORT, False),
    Excess("calls_3_over_1", Severity.ERROR, "teachers_3_calls", "teachers_1_call",
        "Три звонка совершили больше, чем один", "Совершивших 3 звонка больше, чем совершивших 1: {rows}.", _SUPPORT, False),
    Excess("messages_10_over_active", Severity.NOTE, "teachers_10_messages", "teachers_active",
        "Написавших 10 сообщений больше, чем активных", "Написавших 10 сообщений больше, чем активных педагогов: {rows}.",
        "Проверьте, за одну ли неделю взяты столбцы: кто написал 10 сообщений, тот активен.", False),
    Excess("linked_over_registered", Severity.WARNING, "teachers_linked", "teachers_registered",
        "Связанных с ЭЖД педагогов больше, чем зарегистрированных",
        "Педагогов, связанных с ЭЖД, больше, чем зарегистрированных: {rows}.",
        "Сверьте оба числа в кабинете организации: связать учётную запись может только зарегистрированный."),
    Excess("students_linked_over_registered", Severity.WARNING, "students_linked", "students_registered",
        "Связанных с ЭЖД обучающихся больше, чем зарегистрированных",
        "Обучающихся, связанных с ЭЖД, больше, чем зарегистрированных: {rows}.",
        "Сверьте оба числа в кабинете организации: связать учётную запись может только зарегистрированный.", False),
    Excess("chat_over_registered", Severity.WARNING, "teachers_created_chat", "teachers_registered",
        "Создавших чат больше, чем зарегистрированных", "Педагогов, создавших чат, больше, чем зарегистрированных: {rows}.",
        "Проверьте, не количество ли чатов стоит вместо числа педагогов.",
        after=("teachers_active", "teachers_3_messages")),
    Excess("registered_over_total", Severity.NOTE, "teachers_registered", "teachers_total",
        "Зарегистрированных больше, чем педагогов по списку", "Зарегистрированных педагогов больше, чем по списку: {rows}.",
        "Обновите численность по списку (возможно, в неё не вошли филиалы) и исключите уволенных из сообщества."),
    Excess("students_registered_over_total", Severity.NOTE, "students_registered", "students_total",
        "Зарегистрированных обучающихся больше, чем по списку", "Зарегистрированных обучающихся больше, чем по списку: {rows}.",
        "Обновите численность и исключите выбывших из классов."),
    Excess("students_active_over_registered", Severity.NOTE, "students_active", "students_registered",
        "Активных обучающихся больше, чем зарегистрированных", "Активных обучающихся больше, чем зарегистрированных: {rows}.",
        "Проверьте, за одну ли неделю взяты столбцы.", False),
    Excess("parents_active_over_registered", Severity.NOTE, "parents_active", "parents_registered",
        "Активных родителей больше, чем зарегистрированных", "Активных родителей больше, чем зарегистрированных: {rows}.",
        "Проверьте, за одну ли неделю взяты столбцы.", False),
    Excess("organizations_active_over_all", Severity.WARNING, "organizations_active", "organizations",
        "Активных организаций больше, чем всего", "Активных организаций больше, чем всего: {rows}.",
        "Проверьте столбцы: активные организации – часть всех.", False, (BY_MUNICIPALITY,)),
)  # fmt: skip


def _over(subject: Subject, excess: Excess) -> list[Hit]:
    more, less = subject.numbers(excess.more), subject.numbers(excess.less)
    mask = (more > less) & ((less > 0) | (not excess.above_zero))
    for name in excess.after:
        mask &= ~(subject.numbers(name) > less)

    def details(rows: np.ndarray) -> tuple[str, ...]:
        return tuple(f"{number(more[row])} против {number(less[row])}" for row in rows)

    return rows_where(subject, mask, excess.more, details=details)


def _declare(excess: Excess) -> None:
    more, less = (FIELDS[name].title for name in (excess.more, excess.less))
    check(
        excess.code,
        excess.severity,
        excess.title,
        group=Group.LOGIC,
        when=f"«{more}» больше, чем «{less}».",
        message=excess.message,
        advice=excess.advice,
        kinds=excess.kinds,
        needs=(excess.more, excess.less),
    )(lambda subject: _over(subject, excess))


for _excess in _EXCESSES:
    _declare(_excess)


@check(
    "activity_without_teachers",
    Severity.WARNING,
    "Педагогов нет, а сообщения есть",
    group=Group.LOGIC,
    when="Зарегистрировано 0 педагогов, а активные, пишущие или звонившие есть.",
    message="Зарегистрировано 0 педагогов, а сообщения или звонки есть: {rows}.",
    advice="Проверьте роли в организации: пишут, скорее всего, пользователи без роли «Учитель».",
    kinds=FIGURES,
    needs=("teachers_registered",),
)
def activity_without_teachers(subject: Subject) -> list[Hit]:
    """Somebody writes where nobody is registered."""
    most = np.nan_to_num(np.array([subject.numbers(name) for name in _WRITTEN])).max(axis=0)
    return rows_where(
        subject, (subject.numbers("teachers_registered") == 0) & (most > 0), "teachers_registered"
    )


@check(
    "students_without_teachers",
    Severity.WARNING,
    "Ученики есть, педагогов нет",
    group=Group.LOGIC,
    when="В школе зарегистрированы ученики (10 и больше), но ни одного педагога.",
    message="Зарегистрированы ученики, но ни одного педагога: {organizations}.",
    advice="Проверьте роли: педагоги могли зарегистрироваться как ученики или родители.",
    kinds=(ORGANIZATIONS,),
    needs=("teachers_registered", "students_registered"),
)
def students_without_teachers(subject: Subject) -> list[Hit]:
    """Ten students and more with no teacher at all."""
    mask = (subject.numbers("teachers_registered") == 0) & (subject.numbers("students_registered") >= 10)
    return rows_where(subject, mask, "teachers_registered", show=("students_registered",))


@check(
    "students_in_preschool",
    Severity.WARNING,
    "Ученики в детском саду",
    group=Group.LOGIC,
    when="У ДОО есть зарегистрированные ученики.",
    message="У ДОО есть зарегистрированные ученики: {organizations}.",
    advice="Проверьте тип организации и роли: родителям даётся роль «Родитель», не «Ученик».",
    kinds=(ORGANIZATIONS,),
    needs=("organization_type", "students_registered"),
)
def students_in_preschool(subject: Subject) -> list[Hit]:
    """Kindergartens have no students."""
    mask = (subject.types == OrganizationType.PRESCHOOL.value) & (subject.numbers("students_registered") > 0)
    return rows_where(subject, mask, "students_registered", show=("students_registered",))


@check(
    "staff_zero",
    Severity.WARNING,
    "Численность 0 при зарегистрированных",
    group=Group.LOGIC,
    when="По списку 0 педагогов, а зарегистрированные есть.",
    message="По списку 0 педагогов, а зарегистрированные есть: {rows}.",
    advice="Впишите численность: сейчас доля зарегистрированных не считается.",
    kinds=FIGURES,
    needs=("teachers_total", "teachers_registered"),
)
def staff_zero(subject: Subject) -> list[Hit]:
    """An empty staff list with people on the platform."""
    mask = (subject.numbers("teachers_total") == 0) & (subject.numbers("teachers_registered") > 0)
    return rows_where(subject, mask, "teachers_total", show=("teachers_registered",))


@check(
    "admin_missing",
    Severity.NOTE,
    "У организации нет администратора",
    group=Group.LOGIC,
    when="Педагоги зарегистрированы, а администраторов 0.",
    message="Педагоги есть, администратора нет: {organizations}.",
    advice="Назначьте администратора: без него некому подтверждать участников и убирать уволенных.",
    kinds=(ORGANIZATIONS,),
    needs=("admins_registered", "teachers_registered"),
)
def admin_missing(subject: Subject) -> list[Hit]:
    """Teachers without an administrator."""
    mask = (subject.numbers("admins_registered") == 0) & (subject.numbers("teachers_registered") > 0)
    return rows_where(subject, mask, "admins_registered", show=("teachers_registered",))


def _nobody(subject: Subject) -> np.ndarray:
    """Rows with no registered user of any role; every role that the file has is told."""
    roles = [
        name
        for name in ("admins_registered", "teachers_registered", "students_registered", "parents_registered")
        if subject.has(name)
    ]
    if "teachers_registered" not in roles:
        return np.zeros(len(subject), dtype=bool)
    known = subject.numbers("teachers_registered") == 0
    return known & (np.nansum([subject.numbers(name) for name in roles], axis=0) == 0)


@check(
    "active_but_nobody",
    Severity.WARNING,
    "Активна, но никто не зарегистрирован",
    group=Group.LOGIC,
    when="Статус «Активна», а зарегистрированных пользователей нет.",
    message="Статус «Активна», а зарегистрированных нет: {organizations}.",
    advice="Проверьте статус и числа в кабинете организации: одно из них неверно.",
    kinds=(ORGANIZATIONS,),
    needs=("is_active", "teachers_registered"),
)
def active_but_nobody(subject: Subject) -> list[Hit]:
    """Stated active with nobody there."""
    return rows_where(subject, (subject.active == 1) & _nobody(subject), "is_active")


@check(
    "inactive_with_activity",
    Severity.WARNING,
    "Не активна, но сообщения есть",
    group=Group.LOGIC,
    when="Статус «Не активна», а педагоги за неделю писали или звонили, и по правилу профиля организация активна.",
    message="Статус «Не активна», а сообщения или звонки за неделю есть: {organizations}.",
    advice="Проверьте статус в кабинете организации: её могли ошибочно внести в список на удаление.",
    kinds=(ORGANIZATIONS,),
    needs=("is_active",),
)
def inactive_with_activity(subject: Subject) -> list[Hit]:
    """Stated inactive, with messages; where the rule says inactive too (one lone user writes) all is right."""
    return rows_where(subject, _inactive_but_writing(subject), "is_active")


def _inactive_but_writing(subject: Subject) -> np.ndarray:
    most = np.nan_to_num(np.array([subject.numbers(name) for name in _WRITTEN])).max(axis=0)
    return (subject.active == 0) & (most > 0) & (subject.computed_activity != 0)


def _rule_differs(subject: Subject, stated: int) -> list[Hit]:
    """Stated against computed; what `active_but_nobody` and `inactive_with_activity` say is not said again."""
    told = _nobody(subject) if stated else _inactive_but_writing(subject)
    mask = (subject.active == stated) & (subject.computed_activity == 1 - stated) & ~told
    return rows_where(subject, mask, "is_active", rule=subject.profile.activity_rule.label)


@check(
    "stated_inactive_but_rule_active",
    Severity.NOTE,
    "Не активна, хотя правило выполнено",
    group=Group.LOGIC,
    when="В файле «Не активна», а по правилу профиля организация активна.",
    message="В файле стоит «Не активна», хотя правило профиля выполнено: {organizations}. Правило: {rule}.",
    advice="Решает то, что указано в файле. Проверьте эти организации при сверке.",
    kinds=(ORGANIZATIONS,),
    needs=("is_active",),
)
def stated_inactive_but_rule_active(subject: Subject) -> list[Hit]:
    """Stated against computed activity."""
    return _rule_differs(subject, 0)


@check(
    "stated_active_but_rule_inactive",
    Severity.NOTE,
    "Активна, хотя правило не выполнено",
    group=Group.LOGIC,
    when="В файле «Активна», а по правилу профиля организация не активна.",
    message="В файле стоит «Активна», хотя правило профиля не выполнено: {organizations}. Правило: {rule}.",
    advice="Решает то, что указано в файле. Проверьте эти организации при сверке.",
    kinds=(ORGANIZATIONS,),
    needs=("is_active",),
)
def stated_active_but_rule_inactive(subject: Subject) -> list[Hit]:
    """Stated against computed activity."""
    return _rule_differs(subject, 1)


@check(
    "staff_and_students_swapped",
    Severity.WARNING,
    "Педагогов больше, чем учеников",
    group=Group.LOGIC,
    when="У большинства школ (не меньше десяти) педагогов по списку больше, чем учеников.",
    message="Педагогов по списку больше, чем учеников, у большинства школ: {organizations}.",
    advice="Похоже, столбцы переставлены: поправьте их в разделе «Что мы поняли».",
    kinds=(ORGANIZATIONS,),
    needs=("organization_type", "teachers_total", "students_total"),
)
def staff_and_students_swapped(subject: Subject) -> list[Hit]:
    """Columns of teachers and of students in each other's place."""
    staff, students = subject.numbers("teachers_total"), subject.numbers("students_total")
    schools = (subject.types == OrganizationType.SCHOOL.value) & (staff > 0) & (students > 0)
    more = schools & (staff > students)
    if more.sum() < 10 or more.sum() < 0.5 * schools.sum():
        return []
    return rows_where(subject, more, "teachers_total", show=("teachers_total", "students_total"))


@check(
    "registered_rate_uniform",
    Severity.NOTE,
    "Все зарегистрированы на 100 %",
    group=Group.LOGIC,
    when="Во всех строках (не меньше десяти) зарегистрированных ровно столько, сколько по списку.",
    message="Зарегистрированных ровно столько, сколько по списку, во всех строках: {rows}.",
    advice="Проверьте, не скопирована ли численность из числа зарегистрированных.",
    kinds=(ORGANIZATIONS, BY_MUNICIPALITY, DOO_STAFF),
    needs=("teachers_total", "teachers_registered"),
)
def registered_rate_uniform(subject: Subject) -> list[Hit]:
    """A staff list that is a copy of the registered."""
    staff, registered = subject.numbers("teachers_total"), subject.numbers("teachers_registered")
    known = (staff > 0) & ~np.isnan(registered)
    same = known & (staff == registered)
    return (
        rows_where(subject, same, "teachers_total") if same.sum() >= 10 and same.sum() == known.sum() else []
    )
