"""Checks of a table alone against what is likely: repeats, zeros, constants, round numbers, sizes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sferum_core.checks.declare import (
    DOO_STAFF,
    FIGURES,
    LISTS,
    MUNICIPALITIES,
    ORGANIZATIONS,
    TEACHERS,
    Group,
    Hit,
    check,
    rows_where,
)
from sferum_core.checks.shares import share_title
from sferum_core.checks.subject import Subject
from sferum_core.indicators import INDICATORS
from sferum_core.model import Severity
from sferum_core.reading.fields import FIELDS
from sferum_core.wording import percent

_ENOUGH = 10
_RARE = 0.001
_MOST = {
    "teachers_registered": 1_000,
    "teachers_total": 1_000,
    "students_registered": 10_000,
    "students_total": 10_000,
}
_MAY_STAND = ("organizations", "organizations_active", "admins_registered")


@check(
    "rows_doubled",
    Severity.ERROR,
    "Строки повторяются целиком",
    group=Group.PLAUSIBILITY,
    when="Строка повторяет другую во всех столбцах.",
    message="Строки повторяются целиком: {rows}.",
    advice="Удалите повторы из файла и загрузите его снова: сейчас люди учтены дважды.",
    kinds=(*FIGURES, *LISTS[1:]),
)
def rows_doubled(subject: Subject) -> list[Hit]:
    """Whole rows twice; rows that nothing names are no sign."""
    named = np.zeros(len(subject), dtype=bool)
    for column in ("organization_id", "organization", "municipality"):
        named |= ~subject.missing(column)
    return rows_where(subject, subject.identical & named)


@check(
    "half_region_zero",
    Severity.WARNING,
    "Половина региона с нулём",
    group=Group.PLAUSIBILITY,
    when="У половины организаций, где есть зарегистрированные педагоги, главный показатель равен 0.",
    message="Показатель «{indicator}» равен 0 у {share} организаций, где есть зарегистрированные: {organizations}.",
    advice="Проверьте, полна ли выгрузка и не каникулы ли это; если неделя обычная, сформируйте выгрузку ещё раз.",
    kinds=(ORGANIZATIONS,),
    depends_on=("main_indicator_absent",),
)
def half_region_zero(subject: Subject) -> list[Hit]:
    """The main indicator at zero for half the region."""
    above, below = subject.main
    sized = (below > 0) & ~np.isnan(above)
    zero = sized & (above == 0)
    if sized.sum() < _ENOUGH or zero.sum() < 0.5 * sized.sum():
        return []
    item = INDICATORS[subject.profile.main_indicator]
    share = percent(float(zero.sum() / sized.sum()))
    return rows_where(subject, zero, item.numerator[0], indicator=item.short_name, share=share)


@check(
    "municipality_all_zero",
    Severity.WARNING,
    "Весь муниципалитет с нулём",
    group=Group.PLAUSIBILITY,
    when="У всех организаций муниципалитета (не меньше трёх и 30 педагогов) главный показатель равен 0, и случайностью "
    "при доле нулей в остальном регионе это не объяснить (меньше одного случая из тысячи).",
    message="Показатель «{indicator}» равен 0 во всех организациях муниципалитета: {municipalities}.",
    advice="Уточните в муниципалитете: скорее всего, его данные не выгрузились.",
    kinds=(ORGANIZATIONS,),
    needs=("municipality",),
    depends_on=("main_indicator_absent", "half_region_zero"),
)
def municipality_all_zero(subject: Subject) -> list[Hit]:
    """A municipality whose figures are all zero."""
    above, below = subject.main
    frame = pd.DataFrame({"key": subject.keys, "above": above, "below": below}).dropna()
    sums = frame[(frame["below"] > 0) & (frame["key"] != "")].groupby("key").agg(
        above=("above", "sum"), below=("below", "sum"), many=("above", "size")
    )  # fmt: skip
    zero = sums[(sums["above"] == 0) & (sums["many"] >= 3) & (sums["below"] >= 30)]
    zero = zero[_chance_of_zero(frame, zero) < _RARE]
    names = [str(key) for key in zero.index]
    if not names:
        return []
    item = INDICATORS[subject.profile.main_indicator]
    told = "; ".join(subject.displayed.get(key, key) for key in names[:3])
    rows = np.flatnonzero(pd.Series(subject.keys).isin(names).to_numpy())
    words = {"indicator": item.short_name}
    return [Hit(rows=rows, column=item.numerator[0], count=len(names), words=words, examples=told)]


def _chance_of_zero(frame: pd.DataFrame, places: pd.DataFrame) -> np.ndarray:
    """How likely all are zero by chance: organizations of the other municipalities say how often one is.

    Organizations are counted, not teachers: those of one school write or keep silent together.
    """
    elsewhere = frame[(frame["below"] > 0) & ~frame["key"].isin(places.index)]
    often = float((elsewhere["above"] == 0).mean()) if len(elsewhere) else 0.0
    return often ** places["many"].to_numpy(dtype="float64")


@check(
    "column_constant",
    Severity.WARNING,
    "В столбце одно и то же число",
    group=Group.PLAUSIBILITY,
    when="В столбце чисел во всех строках (не меньше десяти) стоит одно и то же число, не 0.",
    message="Столбец «{title}»: во всех строках стоит {value} ({rows}).",
    advice="Проверьте столбец в источнике: число, скорее всего, протянуто на все строки.",
    kinds=(*FIGURES, TEACHERS),
)
def column_constant(subject: Subject) -> list[Hit]:
    """One positive number everywhere."""
    found = []
    for name in subject.counts:
        values = subject.numbers(name)
        known = values[~np.isnan(values)]
        if name in _MAY_STAND or len(known) < _ENOUGH or known[0] == 0 or (known != known[0]).any():
            continue
        words = {"title": FIELDS[name].title, "value": int(known[0])}
        found.append(Hit(column=name, count=len(known), words=words, examples=str(int(known[0]))))
    return found


@check(
    "column_all_zero",
    Severity.NOTE,
    "В столбце одни нули",
    group=Group.PLAUSIBILITY,
    when="В столбце чисел во всех строках (не меньше десяти) стоит 0.",
    message="Столбец «{title}»: во всех строках 0 ({rows}).",
    advice="Если показатель должен быть, сформируйте выгрузку ещё раз; если его нет, не берите столбец.",
    kinds=FIGURES,
)
def column_all_zero(subject: Subject) -> list[Hit]:
    """Zero everywhere."""
    found = []
    for name in subject.counts:
        values = subject.numbers(name)
        known = values[~np.isnan(values)]
        if len(known) >= _ENOUGH and not known.any():
            found.append(
                Hit(column=name, count=len(known), words={"title": FIELDS[name].title}, examples="0")
            )
    return found


@check(
    "columns_equal",
    Severity.WARNING,
    "Два столбца совпадают",
    group=Group.PLAUSIBILITY,
    when="Два разных показателя совпадают во всех строках (не меньше десяти с числами больше 0).",
    message="Столбцы «{title}» и «{other}» совпадают во всех строках ({rows}).",
    advice="Проверьте, не взят ли один и тот же столбец дважды, в разделе «Что мы поняли».",
    kinds=FIGURES,
)
def columns_equal(subject: Subject) -> list[Hit]:
    """The same figures under two names; staff and registered are told by `registered_rate_uniform`."""
    found = []
    excused = {frozenset(("teachers_total", "teachers_registered"))}
    arrays = {
        name: subject.numbers(name) for name in subject.counts if (subject.numbers(name) > 0).sum() >= _ENOUGH
    }
    names = list(arrays)
    for place, first in enumerate(names):
        for second in names[place + 1 :]:
            if {first, second} in excused or not np.array_equal(
                arrays[first], arrays[second], equal_nan=True
            ):
                continue
            if len(np.unique(arrays[first][~np.isnan(arrays[first])])) == 1:
                continue
            words = {"title": FIELDS[first].title, "other": FIELDS[second].title}
            found.append(Hit(column=second, count=len(subject), words=words))
    return found


@check(
    "round_numbers",
    Severity.WARNING,
    "Только круглые числа",
    group=Group.PLAUSIBILITY,
    when="В столбце чисел все значения больше 0 (не меньше двадцати) кратны 5.",
    message="Столбец «{title}»: все числа круглые ({rows}).",
    advice="Проверьте, не вписаны ли числа на глаз; возьмите их из выгрузки.",
    kinds=FIGURES,
)
def round_numbers(subject: Subject) -> list[Hit]:
    """Multiples of five only, by chance one in 10**14."""
    found = []
    for name in subject.counts:
        values = subject.numbers(name)
        known = values[values > 0]
        if len(known) < 20 or len(np.unique(known)) == 1 or (known % 5).any():
            continue
        told = ", ".join(str(int(value)) for value in known[:5])
        found.append(Hit(column=name, count=len(known), words={"title": FIELDS[name].title}, examples=told))
    return found


@check(
    "size_implausible",
    Severity.WARNING,
    "Слишком большая организация",
    group=Group.PLAUSIBILITY,
    when="В одной организации больше 1000 педагогов или 10 000 обучающихся.",
    message="Столбец «{title}»: неправдоподобно много для одной организации ({organizations}).",
    advice="Проверьте число: возможно, это строка муниципалитета или слиплись две ячейки.",
    kinds=LISTS,
)
def size_implausible(subject: Subject) -> list[Hit]:
    """More people than one organization has."""
    found = []
    for name, most in _MOST.items():
        mask = subject.numbers(name) > most
        if mask.any():
            found += rows_where(subject, mask, name, show=(name,), title=FIELDS[name].title)
    return found


@check(
    "mean_of_shares",
    Severity.NOTE,
    "Доли круглые при любых числах",
    group=Group.PLAUSIBILITY,
    when="Доли в файле – только 0 %, 50 % и 100 %, хотя людей в организациях много.",
    message="Доля («{title}») бывает только 0, 50 и 100\u00a0%: {rows}.",
    advice="Проверьте, доля ли это людей, а не признак «да/нет»: возьмите столбец с числами.",
    kinds=FIGURES,
)
def mean_of_shares(subject: Subject) -> list[Hit]:
    """A yes-or-no column in the place of a share."""
    found = []
    for name in subject.table.columns:
        if not str(name).startswith("reported_share_"):
            continue
        values = subject.numbers(name)
        known = values[~np.isnan(values)]
        some = len(known) >= 20 and np.isin(known, (0.0, 0.5, 1.0)).all() and len(np.unique(known)) > 1
        people = subject.numbers("teachers_registered")
        if some and np.nan_to_num(people).mean() > 5:
            found.append(Hit(column=name, count=len(known), words={"title": share_title(name)}))
    return found


@check(
    "municipality_outweighs",
    Severity.NOTE,
    "Один муниципалитет больше половины региона",
    group=Group.PLAUSIBILITY,
    when="В одном муниципалитете из пяти и больше – больше 70 % всех зарегистрированных педагогов.",
    message="На один муниципалитет приходится {share} зарегистрированных педагогов.",
    advice="Проверьте, не стоят ли в нём организации других муниципалитетов или общая строка.",
    kinds=(ORGANIZATIONS, MUNICIPALITIES, DOO_STAFF),
    needs=("municipality", "teachers_registered"),
    depends_on=("total_hidden", "total_by_name"),
)
def municipality_outweighs(subject: Subject) -> list[Hit]:
    """Nearly everybody in one municipality."""
    sums = pd.Series(np.nan_to_num(subject.numbers("teachers_registered"))).groupby(subject.keys).sum()
    sums = sums[sums.index != ""]
    if len(sums) < 5 or sums.sum() < 100 or sums.max() <= 0.7 * sums.sum():
        return []
    share = percent(float(sums.max() / sums.sum()))
    return [
        Hit(column="municipality", words={"share": share}, examples=subject.displayed.get(str(sums.idxmax())))
    ]
