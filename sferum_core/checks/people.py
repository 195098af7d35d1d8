"""Checks of files with people: dates, roles, service accounts, figures of one person."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from sferum_core.checks.declare import TEACHERS, Group, Hit, check, rows_where
from sferum_core.checks.subject import Subject
from sferum_core.model import Severity
from sferum_core.roles import is_teacher_role

_SERVICE = re.compile(
    r"\b(?:тест|тестов(?:ый|ая|ое)|test\d*|demo|демо|admin\w*|админ|администратор\w*|бот|bot|support|техподдержк\w*|сферум"
    r"|sferum|пользователь|user)\b"
    r"|@|\d[^\n]*\d[^\n]*\d",
    re.IGNORECASE,
)
_MANY_MESSAGES, _MANY_CALLS = 1_000, 200
_PEOPLE = (TEACHERS,)


def _days(subject: Subject) -> pd.Series:
    return subject.dates.fillna(pd.Timestamp(0))


def _latest(subject: Subject) -> np.ndarray:
    """Rows of the last date, the one the reports take; all rows without dates."""
    dates = subject.dates
    return (dates == dates.max()).to_numpy(dtype=bool) if dates.notna().any() else np.ones(len(subject), bool)


def _person(subject: Subject) -> pd.Series:
    home = subject.text("organization_id").fillna(subject.text("organization")).fillna("")
    return (subject.people + "@" + home).astype("str")


@check(
    "people_several_dates",
    Severity.NOTE,
    "В файле несколько дат",
    group=Group.PEOPLE,
    when="Педагоги стоят в файле за несколько дат, каждая – за свои 7 дней.",
    message="В файле несколько дат: {dates}. Берётся последняя, даты не складываются.",
    advice="Если нужна другая дата, выберите её на странице педагогов.",
    kinds=_PEOPLE,
    needs=("date",),
)
def people_several_dates(subject: Subject) -> list[Hit]:
    """Several rolling weeks in one file (004)."""
    dates = subject.dates.dropna().drop_duplicates().sort_values()
    if len(dates) < 2:
        return []
    told = ", ".join(f"{date:%d.%m.%Y}" for date in dates[-5:])
    return [Hit(column="date", words={"dates": len(dates)}, count=len(dates), examples=told)]


@check(
    "date_incomplete",
    Severity.WARNING,
    "Последняя дата неполная",
    group=Group.PEOPLE,
    when="За последнюю дату в файле меньше половины людей, чем за другую.",
    message="За последнюю дату ({date}) в файле {people}, а за другую – {most}.",
    advice="Выгрузите файл заново или выберите предыдущую дату: итоги по последней будут занижены.",
    kinds=_PEOPLE,
    needs=("date",),
)
def date_incomplete(subject: Subject) -> list[Hit]:
    """Few people on the last date."""
    sizes = subject.dates.value_counts()
    if len(sizes) < 2:
        return []
    last = subject.dates.max()
    if sizes[last] >= 0.5 * sizes.max():
        return []
    words = {"date": f"{last:%d.%m.%Y}", "most": int(sizes.max())}
    return [Hit(column="date", count=int(sizes[last]), words=words)]


@check(
    "date_missing",
    Severity.WARNING,
    "У строки нет даты",
    group=Group.PEOPLE,
    when="В файле с датами у части строк дата пуста.",
    message="Без даты: {rows}.",
    advice="Выгрузите файл заново: строки без даты не попадут ни в одну неделю.",
    kinds=_PEOPLE,
    needs=("date",),
)
def date_missing(subject: Subject) -> list[Hit]:
    """Empty dates."""
    return rows_where(subject, subject.dates.isna().to_numpy(dtype=bool), "date")


@check(
    "person_row_doubled",
    Severity.WARNING,
    "Строка педагога повторяется",
    group=Group.PEOPLE,
    when="Одна дата, одно ФИО и одинаковые ненулевые показатели стоят дважды.",
    message="Повторяются строки с теми же ФИО, датой и числами: {rows}.",
    advice="Удалите повторы: педагог учтён дважды.",
    kinds=_PEOPLE,
    needs=("full_name", "messages"),
)
def person_row_doubled(subject: Subject) -> list[Hit]:
    """The same person with the same figures on one date."""
    figures = subject.numbers("messages"), subject.numbers("calls")
    frame = pd.DataFrame(
        {"who": _person(subject), "day": _days(subject), "messages": figures[0], "calls": figures[1]}
    )
    wrote = np.nansum(figures, axis=0) > 0
    mask = frame.duplicated().to_numpy(dtype=bool) & wrote & ~subject.missing("full_name")
    return rows_where(subject, mask, show=("messages",))


@check(
    "person_twice",
    Severity.NOTE,
    "Одно ФИО дважды на одну дату",
    group=Group.PEOPLE,
    when="На одну дату в одной организации стоят две строки с одним ФИО и разными числами.",
    message="Одно ФИО стоит дважды на одну дату: {rows}.",
    advice="Проверьте, однофамильцы это или две учётные записи одного педагога; лишнюю удалите в кабинете.",
    kinds=_PEOPLE,
    needs=("full_name",),
)
def person_twice(subject: Subject) -> list[Hit]:
    """Two people may share a name: ФИО is no key (domain.md)."""
    frame = pd.DataFrame({"who": _person(subject), "day": _days(subject)})
    mask = frame.duplicated(keep=False).to_numpy(dtype=bool) & ~subject.missing("full_name")
    repeated = pd.concat([frame, subject.table[subject.counts]], axis=1).duplicated(keep=False)
    return rows_where(subject, mask & ~repeated.to_numpy(dtype=bool), "full_name")


@check(
    "person_several_organizations",
    Severity.NOTE,
    "Педагог в нескольких организациях",
    group=Group.PEOPLE,
    when="На одну дату ФИО стоит в двух организациях и больше.",
    message="ФИО стоит в нескольких организациях на одну дату: {rows}.",
    advice="Если это совместитель, платформа учтёт его в организации, к которой он присоединился последней.",
    kinds=_PEOPLE,
    needs=("full_name", "organization"),
)
def person_several_organizations(subject: Subject) -> list[Hit]:
    """One name in two organizations."""
    known = ~subject.missing("full_name") & ~subject.missing("organization")
    who = subject.people + "@" + _days(subject).astype("str")
    many = subject.names[known].groupby(who[known]).transform("nunique") > 1
    mask = np.zeros(len(subject), dtype=bool)
    mask[np.flatnonzero(known)] = many.to_numpy(dtype=bool)
    return rows_where(subject, mask, "organization", show=("organization",))


@check(
    "roles_other",
    Severity.NOTE,
    "Не только педагоги",
    group=Group.PEOPLE,
    when="В столбце «Тип пользователя» есть не только педагоги и сотрудники.",
    message="В файле не только педагоги: {people} с другой ролью.",
    advice="Отберите при выгрузке роль «Учитель»: иначе доли активных педагогов будут занижены.",
    kinds=_PEOPLE,
    needs=("role",),
)
def roles_other(subject: Subject) -> list[Hit]:
    """Students, parents and others."""
    mask = subject.where_text("role", lambda text: not is_teacher_role(text))
    return rows_where(subject, mask, "role", show=("role",))


@check(
    "service_accounts",
    Severity.WARNING,
    "Служебные учётные записи",
    group=Group.PEOPLE,
    when="Вместо ФИО – «Администратор», «тест», «бот», логин или почта.",
    message="Вместо ФИО служебная запись: {rows}.",
    advice="Исключите их из отчёта и удалите из организации, если ими никто не пользуется.",
    kinds=_PEOPLE,
    needs=("full_name",),
)
def service_accounts(subject: Subject) -> list[Hit]:
    """Accounts that are no person: service words, a post address, a login with three digits."""
    return rows_where(subject, subject.where_found("full_name", _SERVICE), "full_name")


@check(
    "full_name_missing",
    Severity.WARNING,
    "Нет ФИО",
    group=Group.PEOPLE,
    when="Строка с показателями есть, а ФИО пусто.",
    message="Без ФИО: {rows}.",
    advice="Выгрузите файл заново: таких людей не узнать, но в числах они учтены.",
    kinds=_PEOPLE,
    needs=("full_name",),
)
def full_name_missing(subject: Subject) -> list[Hit]:
    """Figures of nobody."""
    return rows_where(subject, subject.missing("full_name"), "full_name")


@check(
    "messages_too_many",
    Severity.WARNING,
    "Слишком много сообщений",
    group=Group.PEOPLE,
    when="Больше 1000 сообщений одного человека за 7 дней.",
    message="Больше 1\u202f000 сообщений за 7 дней: {people}.",
    advice="Проверьте, не рассылка ли это и за 7 ли дней взяты числа.",
    kinds=_PEOPLE,
    needs=("messages",),
)
def messages_too_many(subject: Subject) -> list[Hit]:
    """More than a person writes in a week."""
    return rows_where(subject, subject.numbers("messages") > _MANY_MESSAGES, "messages", show=("messages",))


@check(
    "calls_too_many",
    Severity.WARNING,
    "Слишком много звонков",
    group=Group.PEOPLE,
    when="Больше 200 звонков одного человека за 7 дней.",
    message="Больше 200 звонков за 7 дней: {people}.",
    advice="Проверьте, не переставлены ли столбцы сообщений и звонков и за 7 ли дней взяты числа.",
    kinds=_PEOPLE,
    needs=("calls",),
)
def calls_too_many(subject: Subject) -> list[Hit]:
    """More than a person calls in a week."""
    return rows_where(subject, subject.numbers("calls") > _MANY_CALLS, "calls", show=("calls",))


@check(
    "calls_without_messages",
    Severity.NOTE,
    "Звонят, но не пишут",
    group=Group.PEOPLE,
    when="Три звонка и больше за неделю и ни одного сообщения.",
    message="Звонков три и больше, сообщений нет: {people}.",
    advice="Проверьте, за одну ли неделю взяты столбцы; если верно, подскажите этим педагогам про чаты.",
    kinds=_PEOPLE,
    needs=("messages", "calls"),
)
def calls_without_messages(subject: Subject) -> list[Hit]:
    """Calls alone."""
    mask = (subject.numbers("calls") >= 3) & (subject.numbers("messages") == 0)
    return rows_where(subject, mask & _latest(subject), "messages", show=("calls",))


@check(
    "calls_over_messages",
    Severity.WARNING,
    "Звонков больше, чем сообщений",
    group=Group.PEOPLE,
    when="За последнюю дату звонков в сумме больше, чем сообщений.",
    message="Звонков в сумме больше, чем сообщений: {calls} и {messages}.",
    advice="Похоже, столбцы переставлены: поправьте их в разделе «Что мы поняли».",
    kinds=_PEOPLE,
    needs=("messages", "calls"),
)
def calls_over_messages(subject: Subject) -> list[Hit]:
    """Columns in each other's place."""
    here = _latest(subject)
    messages, calls = (int(np.nansum(subject.numbers(name)[here])) for name in ("messages", "calls"))
    if calls <= messages or calls < 10:
        return []
    return [Hit(column="calls", words={"calls": calls, "messages": messages})]


@check(
    "nobody_linked",
    Severity.WARNING,
    "Ни у кого нет связи с ЭЖД",
    group=Group.PEOPLE,
    when="За последнюю дату ни один человек (из десяти и больше) не связан с электронным журналом.",
    message="Связи с ЭЖД нет ни у одного: {people}.",
    advice="Проверьте, выгружен ли столбец «Связь с ЭЖД»; если верно, начните с учётной записи самой организации.",
    kinds=_PEOPLE,
    needs=("linked",),
)
def nobody_linked(subject: Subject) -> list[Hit]:
    """No link at all among ten and more."""
    linked = subject.table["linked"].astype("boolean").to_numpy(dtype="float64", na_value=np.nan)
    here = _latest(subject) & ~np.isnan(linked)
    count = int(here.sum())
    return [Hit(column="linked", count=count)] if count >= 10 and not linked[here].any() else []


@check(
    "nobody_wrote",
    Severity.WARNING,
    "За неделю никто не писал",
    group=Group.PEOPLE,
    when="За последнюю дату у всех (десяти и больше) 0 сообщений.",
    message="За последнюю дату ни одного сообщения: {people}.",
    advice="Проверьте, не каникулы ли это и полна ли выгрузка; при необходимости выберите другую дату.",
    kinds=_PEOPLE,
    needs=("messages",),
)
def nobody_wrote(subject: Subject) -> list[Hit]:
    """A week of silence."""
    messages = subject.numbers("messages")
    here = _latest(subject) & ~np.isnan(messages)
    count = int(here.sum())
    return [Hit(column="messages", count=count)] if count >= 10 and not messages[here].any() else []
