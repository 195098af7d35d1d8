"""Checks of the reporting period, alone, against today and against the week before."""

from __future__ import annotations

import datetime as dt

from sferum_core.checks.declare import FIGURES, ORGANIZATIONS, PUBLISHED, TEACHERS, Group, Hit, check
from sferum_core.checks.subject import Subject
from sferum_core.model import Severity
from sferum_core.wording import counted

_DATED = (ORGANIZATIONS, TEACHERS, *PUBLISHED)
_WEEK = (1, 7, 8)
_OLD = 60
_OPENED = dt.date(2020, 1, 1)


def _days(count: int) -> str:
    return counted(count, "день", "дня", "дней")


@check(
    "period_missing",
    Severity.NOTE,
    "Период не указан",
    group=Group.TIME,
    when="Ни в заголовке, ни в столбцах, ни в имени файла нет отчётного периода.",
    message="За какой период выгрузка, в файле не сказано.",
    advice="Впишите период в первую строку или в имя файла («29.03–04.04.2024»): без него недели не сравнить.",
    kinds=_DATED,
)
def period_missing(subject: Subject) -> list[Hit]:
    """No period anywhere."""
    return [] if subject.period else [Hit()]


@check(
    "period_length",
    Severity.WARNING,
    "Период – не неделя",
    group=Group.TIME,
    when="В периоде не 7 дат (и не 8, когда указаны оба конца) и не одна дата.",
    message="Период {period} – {days}, а нормы – за неделю.",
    advice="Выгрузите ровно одну отчётную неделю: за другой срок сообщения и звонки с нормой не сравнить.",
    kinds=FIGURES,
    needs=("period",),
)
def period_length(subject: Subject) -> list[Hit]:
    """Neither seven nor eight dates, nor one."""
    if subject.period is None or subject.period.days in _WEEK:
        return []
    return [
        Hit(
            words={"period": subject.period.label, "days": _days(subject.period.days)},
            examples=subject.period.label,
        )
    ]


@check(
    "period_future",
    Severity.ERROR,
    "Период ещё не кончился",
    group=Group.TIME,
    when="Последний день периода позже сегодняшнего.",
    message="Период {period} кончается позже сегодняшнего дня ({today}).",
    advice="Проверьте даты в заголовке и имени файла: возможно, перепутаны день и месяц или год.",
    kinds=_DATED,
    needs=("today", "period"),
)
def period_future(subject: Subject) -> list[Hit]:
    """A week that is not over."""
    if subject.period is None or subject.today is None or subject.period.end <= subject.today:
        return []
    words = {"period": subject.period.label, "today": f"{subject.today:%d.%m.%Y}"}
    return [Hit(words=words, examples=subject.period.label)]


@check(
    "period_old",
    Severity.NOTE,
    "Выгрузка старая",
    group=Group.TIME,
    when="С конца периода прошло больше 60 дней.",
    message="Период {period} кончился {days} назад.",
    advice="Проверьте, тот ли файл загружен; за текущую неделю сформируйте новую выгрузку.",
    kinds=_DATED,
    needs=("today", "period"),
)
def period_old(subject: Subject) -> list[Hit]:
    """Older than sixty days."""
    if subject.period is None or subject.today is None:
        return []
    age = (subject.today - subject.period.end).days
    if age <= _OLD:
        return []
    return [Hit(words={"period": subject.period.label, "days": _days(age)}, examples=subject.period.label)]


@check(
    "period_impossible",
    Severity.ERROR,
    "Такого периода быть не может",
    group=Group.TIME,
    when="Период раньше 2020 года, когда Сферума ещё не было.",
    message="Период {period} – раньше, чем появился Сферум.",
    advice="Проверьте год в заголовке и имени файла.",
    kinds=_DATED,
    needs=("period",),
)
def period_impossible(subject: Subject) -> list[Hit]:
    """Before the platform was opened."""
    if subject.period is None or subject.period.end >= _OPENED:
        return []
    return [Hit(words={"period": subject.period.label}, examples=subject.period.label)]


def _both(subject: Subject) -> tuple[dt.date, dt.date, dt.date, dt.date] | None:
    """Start and end now, start and end before; None when a period is missing."""
    if subject.period is None or subject.before is None or subject.before.period is None:
        return None
    now, then = subject.period, subject.before.period
    return now.start, now.end, then.start, then.end


def _words(subject: Subject, **more: object) -> Hit:
    assert subject.period is not None and subject.before is not None and subject.before.period is not None
    now, then = subject.period.label, subject.before.period.label
    return Hit(words={"period": now, "previous": then, **more}, examples=f"{then} и {now}")


@check(
    "period_repeated",
    Severity.NOTE,
    "Та же неделя ещё раз",
    group=Group.TIME,
    when="Период тот же, что у прежней выгрузки, а числа другие.",
    message="Период {period} тот же, что у прежней выгрузки, а числа другие.",
    advice="Решите, какая из двух выгрузок верна, и удалите другую: в динамике у недели должно быть одно значение.",
    kinds=_DATED,
    needs=("previous", "period"),
    depends_on=("same_file_again",),
)
def period_repeated(subject: Subject) -> list[Hit]:
    """Two exports of one week."""
    both = _both(subject)
    if both is None or both[:2] != both[2:]:
        return []
    assert subject.before is not None
    same = subject.table.astype(object).equals(subject.before.table.astype(object))
    return [] if same else [_words(subject)]


@check(
    "period_earlier",
    Severity.WARNING,
    "Прежняя неделя позже этой",
    group=Group.TIME,
    when="Выгрузка, взятая для сравнения, за более позднюю неделю.",
    message="Сравнение идёт с более поздней неделей: {previous} после {period}.",
    advice="Выберите для сравнения неделю до этой.",
    kinds=_DATED,
    needs=("previous", "period"),
)
def period_earlier(subject: Subject) -> list[Hit]:
    """The week before comes after."""
    both = _both(subject)
    return [_words(subject)] if both and both[3] > both[1] else []


@check(
    "period_overlap",
    Severity.WARNING,
    "Недели перекрываются",
    group=Group.TIME,
    when="Период начинается раньше, чем кончился прежний: часть дней посчитана дважды.",
    message="Периоды {previous} и {period} перекрываются: общих дат – {days}.",
    advice="Выгружайте недели встык, иначе дни попадут в обе; выгрузите одну из недель заново.",
    kinds=_DATED,
    needs=("previous", "period"),
    depends_on=("period_earlier",),
)
def period_overlap(subject: Subject) -> list[Hit]:
    """Dates in both; the shared edge of two periods shown with both ends is none."""
    both = _both(subject)
    if both is None or both[:2] == both[2:]:
        return []
    start, end, before_start, before_end = both
    common = (min(end, before_end) - max(start, before_start)).days + 1
    shared_edge = (end - start).days == 7 and common == 1
    return [_words(subject, days=common)] if common > 0 and not shared_edge else []


@check(
    "period_gap",
    Severity.NOTE,
    "Между неделями пропуск",
    group=Group.TIME,
    when="Между концом прежнего периода и началом этого есть дни без выгрузки.",
    message="Пропуск между {previous} и {period}: {days}.",
    advice="Загрузите пропущенные недели: изменения «за неделю» сейчас накоплены за больший срок.",
    kinds=FIGURES,
    needs=("previous", "period"),
)
def period_gap(subject: Subject) -> list[Hit]:
    """Days between two weeks; a single date stands for the seven days that end on it."""
    both = _both(subject)
    if both is None:
        return []
    start, end, _, before_end = both
    if start == end:
        start -= dt.timedelta(days=6)
    missing = (start - before_end).days - 1
    return [_words(subject, days=_days(missing))] if missing > 0 else []
