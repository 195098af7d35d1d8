"""Checks of how much figures changed since the week before: people gone, doubled, jumps beyond chance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sferum_core.checks.changes import STALE, before_of
from sferum_core.checks.declare import (
    FIGURES,
    ORGANIZATIONS,
    PREVIOUS,
    PUBLISHED,
    Group,
    Hit,
    check,
    rows_where,
)
from sferum_core.checks.subject import Subject
from sferum_core.indicators import INDICATORS
from sferum_core.model import Severity
from sferum_core.wording import number, percent

_SURE, _MARKED, _REGION = 4.0, 0.15, 0.1
_LEAP, _LEAST_SIZE, _SILENT = 0.5, 20, 10


def _two_weeks(subject: Subject, name: str) -> tuple[np.ndarray, np.ndarray]:
    """A column now and a week ago, by the rows of the table; NaN without a pair."""
    left, right = subject.pairs
    then = np.full(len(subject), np.nan)
    then[left] = before_of(subject).numbers(name)[right]
    return subject.numbers(name), then


def _was(then: np.ndarray, now: np.ndarray, rows: np.ndarray) -> tuple[str, ...]:
    return tuple(f"было {number(then[row])}, стало {number(now[row])}" for row in rows)


@check(
    "registered_dropped",
    Severity.WARNING,
    "Зарегистрированные пропали",
    group=Group.PLAUSIBILITY,
    when="Зарегистрированных педагогов было десять и больше, стало меньше половины прежнего.",
    message="Зарегистрированных педагогов стало меньше половины прежнего: {rows}.",
    advice="Проверьте в кабинете: возможно, участников удалили из сообщества или строка попала не на своё место.",
    kinds=FIGURES,
    needs=(PREVIOUS, "teachers_registered"),
    depends_on=STALE,
)
def registered_dropped(subject: Subject) -> list[Hit]:
    """Registered teachers stay as a rule."""
    now, then = _two_weeks(subject, "teachers_registered")
    mask = (then >= 10) & (now < 0.5 * then)
    return rows_where(subject, mask, "teachers_registered", details=lambda rows: _was(then, now, rows))


@check(
    "registered_jumped",
    Severity.WARNING,
    "Зарегистрированных стало вдвое больше",
    group=Group.PLAUSIBILITY,
    when="Зарегистрированных педагогов было десять и больше, стало вдвое больше прежнего.",
    message="Зарегистрированных педагогов стало вдвое больше прежнего: {rows}.",
    advice="Проверьте, не зарегистрированы ли как педагоги ученики или родители.",
    kinds=FIGURES,
    needs=(PREVIOUS, "teachers_registered"),
    depends_on=STALE,
)
def registered_jumped(subject: Subject) -> list[Hit]:
    """Twice as many within a week."""
    now, then = _two_weeks(subject, "teachers_registered")
    mask = (then >= 10) & (now >= 2 * then)
    return rows_where(subject, mask, "teachers_registered", details=lambda rows: _was(then, now, rows))


@check(
    "staff_list_jumped",
    Severity.WARNING,
    "Численность по списку резко изменилась",
    group=Group.PLAUSIBILITY,
    when="Численность педагогов с прежней выгрузки изменилась в полтора раза и не меньше чем на десять.",
    message="Численность по списку изменилась в полтора раза и больше: {rows}.",
    advice="Сверьте численность со штатным расписанием: без слияния организаций так не бывает.",
    kinds=(ORGANIZATIONS, *PUBLISHED),
    needs=(PREVIOUS, "teachers_total"),
    depends_on=STALE,
)
def staff_list_jumped(subject: Subject) -> list[Hit]:
    """A staff list half as large again, or two thirds."""
    now, then = _two_weeks(subject, "teachers_total")
    mask = (np.abs(now - then) >= 10) & ((now >= 1.5 * then) | (1.5 * now <= then))
    return rows_where(subject, mask, "teachers_total", details=lambda rows: _was(then, now, rows))


def _sums(subject: Subject) -> pd.DataFrame:
    """Main indicator by municipality: `above`, `below`, over rows that have both."""
    above, below = subject.main
    frame = pd.DataFrame({"key": subject.keys, "above": above, "below": below}).dropna()
    return frame[(frame["below"] > 0) & (frame["key"] != "")].groupby("key")[["above", "below"]].sum()


def _scores(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Change of the share and how many standard errors it is, for two samples of head counts."""
    both = now.join(then.add_suffix("_then"), how="inner")
    share, was = both["above"] / both["below"], both["above_then"] / both["below_then"]
    pooled = ((both["above"] + both["above_then"]) / (both["below"] + both["below_then"])).clip(0, 1)
    error = np.sqrt(pooled * (1 - pooled) * (1 / both["below"] + 1 / both["below_then"]))
    change = share - was
    score = np.where(error > 0, change.abs() / error.where(error > 0, 1), 0.0)
    return pd.DataFrame(
        {"share": share, "was": was, "change": change, "score": score, "below": both["below"]}
    )


@check(
    "jump_region",
    Severity.WARNING,
    "Весь регион резко изменился",
    group=Group.PLAUSIBILITY,
    when="Доля региона с прежней выгрузки изменилась больше чем на 10 процентных пунктов и больше, чем бывает случайно.",
    message="«{indicator}» по региону: было {was}, стало {now}. Случайно так не бывает.",
    advice="Если это не каникулы и не праздники, сформируйте выгрузку ещё раз и проверьте период.",
    kinds=FIGURES,
    needs=(PREVIOUS, "municipality"),
    depends_on=STALE,
)
def jump_region(subject: Subject) -> list[Hit]:
    """The region's own share beyond chance and beyond ten points."""
    now, then = (_sums(one).sum().to_frame().T for one in (subject, before_of(subject)))
    if not now["below"].iloc[0] or not then["below"].iloc[0]:
        return []
    found = _scores(now, then).iloc[0]
    if found["score"] <= _SURE or abs(found["change"]) <= _REGION:
        return []
    item = INDICATORS[subject.profile.main_indicator]
    words = {"indicator": item.short_name, "was": percent(found["was"]), "now": percent(found["share"])}
    return [Hit(column=item.numerator[0], words=words)]


@check(
    "jump_municipality",
    Severity.WARNING,
    "Муниципалитет резко изменился",
    group=Group.PLAUSIBILITY,
    when="Доля муниципалитета изменилась с прежней выгрузки больше чем на 15 процентных пунктов и больше, чем бывает случайно.",
    message="Показатель «{indicator}» изменился больше, чем бывает случайно: {municipalities}.",
    advice="Узнайте в муниципалитете причину; если её нет, проверьте его строки в выгрузке.",
    kinds=FIGURES,
    needs=(PREVIOUS, "municipality"),
    depends_on=(*STALE, "jump_region"),
)
def jump_municipality(subject: Subject) -> list[Hit]:
    """Beyond four standard errors and fifteen points, among thirty people and more.

    Four errors, not two: teachers of one school follow each other, so real weeks differ by more than chance.
    """
    scores = _scores(_sums(subject), _sums(before_of(subject)))
    far = scores[(scores["score"] > _SURE) & (scores["change"].abs() > _MARKED) & (scores["below"] >= 30)]
    if far.empty:
        return []
    far = far.sort_values("score", ascending=False)
    told = "; ".join(
        f"{subject.displayed.get(str(key), str(key))}: было {percent(line['was'])}, стало {percent(line['share'])}"
        for key, line in far.head(3).iterrows()
    )
    item = INDICATORS[subject.profile.main_indicator]
    words = {"indicator": item.short_name}
    return [Hit(column=item.numerator[0], count=len(far), words=words, examples=told)]


@check(
    "jump_organization",
    Severity.NOTE,
    "Организация резко изменилась",
    group=Group.PLAUSIBILITY,
    when="Доля организации, где педагогов 20 и больше, изменилась с прежней выгрузки больше чем на 50 процентных пунктов.",
    message="Показатель «{indicator}» изменился больше чем на 50 процентных пунктов: {organizations}.",
    advice="Узнайте в организации причину; если её нет, проверьте её строку в выгрузке.",
    kinds=(ORGANIZATIONS,),
    needs=(PREVIOUS,),
    depends_on=(*STALE, "half_region_zero", "jump_region"),
)
def jump_organization(subject: Subject) -> list[Hit]:
    """Beyond four standard errors and half of all, among twenty people and more; `fell_silent` tells zeros."""
    left, right = subject.pairs
    now, then = (
        pd.DataFrame(dict(zip(("above", "below"), one.main, strict=True))).iloc[rows].reset_index(drop=True)
        for one, rows in ((subject, left), (before_of(subject), right))
    )
    scores = _scores(now, then)
    size = np.minimum(now["below"], then["below"])
    far = (scores["score"] > _SURE) & (scores["change"].abs() > _LEAP) & (size >= _LEAST_SIZE)
    mask = np.zeros(len(subject), dtype=bool)
    mask[left[(far & ~((then["above"] >= _SILENT) & (now["above"] == 0))).to_numpy(dtype=bool)]] = True
    share, was = (np.full(len(subject), np.nan) for _ in range(2))
    share[left], was[left] = scores["share"], scores["was"]
    item = INDICATORS[subject.profile.main_indicator]

    def details(rows: np.ndarray) -> tuple[str, ...]:
        return tuple(f"было {percent(was[row])}, стало {percent(share[row])}" for row in rows)

    return rows_where(subject, mask, item.numerator[0], details=details, indicator=item.short_name)


@check(
    "fell_silent",
    Severity.NOTE,
    "Замолчали",
    group=Group.PLAUSIBILITY,
    when="В прежней выгрузке главный показатель был десять человек и больше, теперь 0.",
    message="В прежней выгрузке по главному показателю было десять человек и больше, теперь 0: {rows}.",
    advice="Узнайте в организации причину: каникулы, сбой или переход в другой чат.",
    kinds=FIGURES,
    needs=(PREVIOUS,),
    depends_on=(*STALE, "half_region_zero", "municipality_all_zero", "jump_region"),
)
def fell_silent(subject: Subject) -> list[Hit]:
    """Ten people and more, then nobody."""
    column = INDICATORS[subject.profile.main_indicator].numerator[0]
    now, then = _two_weeks(subject, column)
    return rows_where(
        subject, (then >= _SILENT) & (now == 0), column, details=lambda rows: _was(then, now, rows)
    )
