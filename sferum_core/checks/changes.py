"""Checks against the week before: what went, came, was copied, stood still or changed its name."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sferum_core.checks.declare import (
    FIGURES,
    LISTS,
    ORGANIZATIONS,
    PREVIOUS,
    PUBLISHED,
    Group,
    Hit,
    check,
    rows_where,
)
from sferum_core.checks.subject import Subject
from sferum_core.model import Export, Severity
from sferum_core.reading.fields import FIELDS
from sferum_core.wording import number, percent

_ENOUGH = 10
_WEEKLY = (
    "teachers_active", "teachers_3_messages", "teachers_10_messages", "teachers_1_call", "teachers_3_calls",
    "students_active", "parents_active",
)  # fmt: skip
_OTHER = ("another_region",)
STALE = ("another_region", "same_file_again", "figures_copied")


def before_of(subject: Subject) -> Subject:
    assert subject.before is not None
    return subject.before


@check(
    "another_region",
    Severity.WARNING,
    "Прежняя неделя – о других организациях",
    group=Group.PLAUSIBILITY,
    when="С прежней выгрузкой совпадает меньше половины строк.",
    message="С прежней выгрузкой совпадает {share} строк: сравнивать нечего.",
    advice="Выберите для сравнения выгрузку того же региона или проверьте, тот ли файл загружен.",
    kinds=(*FIGURES, *LISTS[1:]),
    needs=(PREVIOUS,),
)
def another_region(subject: Subject) -> list[Hit]:
    """Fewer than half of the rows in common."""
    least = min(len(subject), len(before_of(subject)))
    common = len(subject.pairs[0])
    if least < 5 or common >= 0.5 * least:
        return []
    return [Hit(words={"share": percent(common / least)}, count=common)]


@check(
    "same_file_again",
    Severity.WARNING,
    "Тот же файл ещё раз",
    group=Group.PLAUSIBILITY,
    when="Файл совпадает с прежним до последнего байта.",
    message="Это тот же файл, что и прежний («{name}»).",
    advice="Загрузите выгрузку за новую неделю.",
    kinds=(*FIGURES, *LISTS[1:]),
    needs=(PREVIOUS,),
)
def same_file_again(subject: Subject) -> list[Hit]:
    """The same bytes."""
    before: Export = before_of(subject).export
    if not before.source.sha256 or before.source.sha256 != subject.export.source.sha256:
        return []
    return [Hit(words={"name": before.source.filename}, examples=before.source.filename)]


def _weekly(subject: Subject) -> list[str]:
    """Counts of a week, that change from week to week, present in both."""
    return [name for name in _WEEKLY if subject.has(name) and before_of(subject).has(name)]


def _unmoved(subject: Subject, name: str) -> tuple[int, int]:
    """How many rows with a figure in both weeks there are, and in how many it is the same; zeros don't count."""
    now, then = subject.pairs
    values, old = subject.numbers(name)[now], before_of(subject).numbers(name)[then]
    known = ~np.isnan(values) & ~np.isnan(old) & ((values > 0) | (old > 0))
    return int(known.sum()), int((known & (values == old)).sum())


@check(
    "figures_copied",
    Severity.ERROR,
    "Числа прежней недели под новой датой",
    group=Group.PLAUSIBILITY,
    when="Все недельные показатели совпадают с прежней выгрузкой (95 % строк и больше), а период другой.",
    message="Недельные показатели совпадают с прежней выгрузкой: {share} чисел те же, а период другой.",
    advice="Сформируйте выгрузку заново: скорее всего, дата изменена, а данные остались прежние.",
    kinds=FIGURES,
    needs=(PREVIOUS,),
    depends_on=("another_region", "same_file_again"),
)
def figures_copied(subject: Subject) -> list[Hit]:
    """Last week's figures under a new date."""
    before = before_of(subject)
    if subject.period == before.period:
        return []
    told = np.array([_unmoved(subject, name) for name in _weekly(subject)]).reshape(-1, 2)
    known, same = told.sum(axis=0)
    if known < _ENOUGH or same < 0.95 * known:
        return []
    return [Hit(words={"share": percent(float(same / known))}, count=int(same))]


@check(
    "column_unchanged",
    Severity.WARNING,
    "Показатель не сдвинулся ни у кого",
    group=Group.PLAUSIBILITY,
    when="Недельный показатель у всех (не меньше десяти с числами больше 0) тот же, что в прежней выгрузке.",
    message="Столбец «{title}»: у всех то же число, что в прежней выгрузке ({rows}).",
    advice="Проверьте этот столбец в источнике: он, скорее всего, не обновился.",
    kinds=FIGURES,
    needs=(PREVIOUS,),
    depends_on=STALE,
)
def column_unchanged(subject: Subject) -> list[Hit]:
    """One column that stands still while others move."""
    if subject.period is not None and subject.period == before_of(subject).period:
        return []
    found = []
    for name in _weekly(subject):
        known, same = _unmoved(subject, name)
        if known >= _ENOUGH and known == same:
            found.append(Hit(column=name, count=known, words={"title": FIELDS[name].title}))
    return found


def _keys_of(subject: Subject) -> set[str]:
    return {str(key) for key in subject.keys if key}


@check(
    "municipality_gone",
    Severity.WARNING,
    "Пропал муниципалитет",
    group=Group.PLAUSIBILITY,
    when="Муниципалитет был в прежней выгрузке, а в этой его нет.",
    message="По сравнению с прежней выгрузкой пропали муниципалитеты: {count}.",
    advice="Сформируйте выгрузку по всему региону ещё раз или проверьте, не переименован ли муниципалитет.",
    kinds=(*LISTS, *PUBLISHED),
    needs=(PREVIOUS, "municipality"),
    depends_on=_OTHER,
)
def municipality_gone(subject: Subject) -> list[Hit]:
    """There before, not now."""
    before = before_of(subject)
    gone = sorted(_keys_of(before) - _keys_of(subject))
    if not gone:
        return []
    told = "; ".join(before.displayed.get(key, key) for key in gone[:3])
    return [Hit(column="municipality", count=len(gone), examples=told)]


@check(
    "municipality_new",
    Severity.NOTE,
    "Новый муниципалитет",
    group=Group.PLAUSIBILITY,
    when="Муниципалитета не было в прежней выгрузке.",
    message="Муниципалитеты, которых не было в прежней выгрузке: {count}.",
    advice="Проверьте, не другое ли это написание прежнего муниципалитета.",
    kinds=(*LISTS, *PUBLISHED),
    needs=(PREVIOUS, "municipality"),
    depends_on=_OTHER,
)
def municipality_new(subject: Subject) -> list[Hit]:
    """Here now, not before."""
    before = _keys_of(before_of(subject))
    if not before:
        return []
    new = sorted(_keys_of(subject) - before)
    rows = np.flatnonzero(pd.Series(subject.keys).isin(new).to_numpy())
    told = "; ".join(subject.displayed.get(key, key) for key in new[:3])
    return [Hit(rows=rows, column="municipality", count=len(new), examples=told)] if new else []


@check(
    "organizations_jump",
    Severity.WARNING,
    "Число организаций резко изменилось",
    group=Group.PLAUSIBILITY,
    when="Организаций стало больше или меньше на 10 % и не меньше чем на пять.",
    message="Число организаций изменилось с {then} до {now} ({change}).",
    advice="Проверьте, весь ли регион и все ли типы организаций попали в выгрузку.",
    kinds=LISTS,
    needs=(PREVIOUS,),
    depends_on=_OTHER,
)
def organizations_jump(subject: Subject) -> list[Hit]:
    """The number of rows by a tenth and more, without whole municipalities gone or new: they are told as such."""
    before = before_of(subject)
    lost, come = _keys_of(before) - _keys_of(subject), _keys_of(subject) - _keys_of(before)
    now, then = (
        int((~np.isin(subject.keys, list(come))).sum()),
        int((~np.isin(before.keys, list(lost))).sum()),
    )
    if abs(now - then) < 5 or abs(now - then) < 0.1 * then:
        return []
    sign = "+" if now > then else "−"
    words = {"now": number(now), "then": number(then), "change": sign + percent(abs(now - then) / then)}
    return [Hit(words=words, count=abs(now - then))]


def _told(subject: Subject, rows: np.ndarray) -> str:
    return "; ".join(str(name) for name in subject.labels[rows[:3]])


@check(
    "organizations_gone",
    Severity.NOTE,
    "Пропали организации",
    group=Group.PLAUSIBILITY,
    when="Организация была в прежней выгрузке, а в этой её нет.",
    message="Были в прежней выгрузке, а в этой нет: {organizations}.",
    advice="Проверьте при сверке: закрыты они или не попали в выгрузку.",
    kinds=LISTS,
    needs=(PREVIOUS,),
    depends_on=(*_OTHER, "organizations_jump"),
)
def organizations_gone(subject: Subject) -> list[Hit]:
    """Rows of the week before without a pair; those of a municipality that is gone are told with it."""
    before = before_of(subject)
    gone = np.setdiff1d(np.arange(len(before)), subject.pairs[1])
    lost = _keys_of(before) - _keys_of(subject)
    gone = gone[~np.isin(before.keys[gone], list(lost))]
    return [Hit(count=len(gone), examples=_told(before, gone))] if len(gone) else []


@check(
    "organizations_new",
    Severity.NOTE,
    "Новые организации",
    group=Group.PLAUSIBILITY,
    when="Организации не было в прежней выгрузке.",
    message="Не было в прежней выгрузке: {organizations}.",
    advice="Проверьте тип и муниципалитет новых организаций при сверке.",
    kinds=LISTS,
    needs=(PREVIOUS,),
    depends_on=(*_OTHER, "organizations_jump"),
)
def organizations_new(subject: Subject) -> list[Hit]:
    """Rows without a pair in the week before."""
    new = np.setdiff1d(np.arange(len(subject)), subject.pairs[0])
    return [Hit(rows=new)] if len(new) else []


def _changed(subject: Subject, column: str, now: np.ndarray, then: np.ndarray) -> list[Hit]:
    """Pairs whose value differs where both have one; shown as «было – стало»."""
    left, right = subject.pairs
    mask = np.zeros(len(subject), dtype=bool)
    old = np.full(len(subject), "", dtype=object)
    old[left] = then[right]
    mask[left] = (now[left] != then[right]) & (now[left] != "") & (then[right] != "")
    text = subject.text(column)
    was = np.full(len(subject), "", dtype=object)
    was[left] = before_of(subject).text(column).fillna("").to_numpy(dtype=object)[right]

    def details(rows: np.ndarray) -> tuple[str, ...]:
        return tuple(f"было «{was[row]}», стало «{text.iloc[row]}»" for row in rows)

    return rows_where(subject, mask, column, details=details)


@check(
    "type_changed",
    Severity.WARNING,
    "Сменился тип организации",
    group=Group.PLAUSIBILITY,
    when="У той же организации в прежней выгрузке был другой тип.",
    message="Тип не такой, как в прежней выгрузке: {organizations}.",
    advice="Проверьте, какой тип верен: от него зависит норма; неверный исправит служба поддержки региона.",
    kinds=LISTS,
    needs=(PREVIOUS, "organization_type"),
    depends_on=_OTHER,
)
def type_changed(subject: Subject) -> list[Hit]:
    """Another type than a week ago."""
    return _changed(subject, "organization_type", subject.types, before_of(subject).types)


@check(
    "municipality_changed",
    Severity.WARNING,
    "Сменился муниципалитет организации",
    group=Group.PLAUSIBILITY,
    when="Та же организация в прежней выгрузке стояла в другом муниципалитете.",
    message="Муниципалитет не такой, как в прежней выгрузке: {organizations}.",
    advice="Проверьте, какой верен; неверный исправит служба поддержки региона.",
    kinds=LISTS,
    needs=(PREVIOUS, "organization_id", "municipality"),
    depends_on=_OTHER,
)
def municipality_changed(subject: Subject) -> list[Hit]:
    """Another municipality than a week ago; another spelling of it is none."""
    return _changed(subject, "municipality", subject.keys, before_of(subject).keys)


@check(
    "name_changed",
    Severity.NOTE,
    "Сменилось название",
    group=Group.PLAUSIBILITY,
    when="С тем же ID в прежней выгрузке стояло другое название.",
    message="С тем же ID в прежней выгрузке стояло другое название: {organizations}.",
    advice="Проверьте, переименована ли организация или ID отдан другой.",
    kinds=LISTS,
    needs=(PREVIOUS, "organization_id", "organization"),
    depends_on=_OTHER,
)
def name_changed(subject: Subject) -> list[Hit]:
    """Another name under the same ID."""
    now = subject.names.fillna("").to_numpy(dtype=object)
    then = before_of(subject).names.fillna("").to_numpy(dtype=object)
    return _changed(subject, "organization", now, then)


@check(
    "became_inactive",
    Severity.NOTE,
    "Перестали быть активными",
    group=Group.PLAUSIBILITY,
    when="В прежней выгрузке статус был «Активна», теперь «Не активна».",
    message="В прежней выгрузке были активны, теперь нет: {organizations}.",
    advice="Узнайте в организации, что случилось: сменился администратор, закрыто сообщество, идёт реорганизация.",
    kinds=(ORGANIZATIONS,),
    needs=(PREVIOUS, "is_active"),
    depends_on=STALE,
)
def became_inactive(subject: Subject) -> list[Hit]:
    """Active a week ago."""
    left, right = subject.pairs
    mask = np.zeros(len(subject), dtype=bool)
    mask[left] = (subject.active[left] == 0) & (before_of(subject).active[right] == 1)
    return rows_where(subject, mask, "is_active")


@check(
    "columns_lost",
    Severity.WARNING,
    "Пропал столбец",
    group=Group.PLAUSIBILITY,
    when="Показатель был в прежней выгрузке, а в этой его столбца нет или он пуст.",
    message="В прежней выгрузке были столбцы, которых теперь нет: {count}.",
    advice="Проверьте раздел «Что мы поняли»: столбец мог сменить заголовок. Иначе выгрузите файл с теми же показателями.",
    kinds=(ORGANIZATIONS, *PUBLISHED),
    needs=(PREVIOUS,),
)
def columns_lost(subject: Subject) -> list[Hit]:
    """Counts of the week before that the file has no more."""
    lost = [name for name in before_of(subject).counts if not subject.has(name)]
    told = "; ".join(FIELDS[name].title for name in lost[:3])
    return [Hit(column=lost[0], count=len(lost), examples=told)] if lost else []
