"""«Дистанционные уроки» of «Сетевой Город» (000): by organization, by municipality and in sum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sferum_core.exact import divide, rank_descending
from sferum_core.grouping import UNKNOWN_KEY, display_names, group_keys, municipality_column
from sferum_core.indicators import count_of
from sferum_core.model import Finding, Severity
from sferum_core.names.text import map_unique, unify
from sferum_core.wording import number, percent, rows

LESSON_COUNTS = (
    "children",
    "lessons_total",
    "lessons_distance",
    "participants_planned",
    "participants_actual",
)
LESSON_COLUMNS = (
    "organization_id",
    "organization",
    "municipality",
    *LESSON_COUNTS,
    "share_distance",
    "share_attended",
    "rank",
)
STATED = "reported_share_lessons_distance"
_PARTS = {
    "share_distance": ("lessons_distance", "lessons_total"),
    "share_attended": ("participants_actual", "participants_planned"),
}


@dataclass(frozen=True, eq=False)
class LessonReport:
    """Distance lessons. `organizations` and `municipalities` have `LESSON_COLUMNS` (those there are), by share;
    `total` the sums with both shares.

    `share_distance` is distance lessons over all lessons, `share_attended` participants who came over those
    planned; both are ratios of sums over rows that have both parts. `findings` tell what does not add up.
    """

    organizations: pd.DataFrame
    municipalities: pd.DataFrame
    total: pd.Series
    findings: tuple[Finding, ...]


def lesson_report(table: pd.DataFrame) -> LessonReport:
    """Sums of a table of `distance_lessons`: rows of one organization (classes, subjects) are added up.

    Children are the largest figure of an organization's rows, for each row counts the same school (000).
    Without a column of lessons the published share is shown for organizations of one row.
    """
    lines = table.reset_index(drop=True)
    keys = _keys(lines)
    organizations = _grouped(lines, keys, ("organization_id", "organization", "municipality"))
    municipalities = pd.DataFrame(columns=list(LESSON_COLUMNS))
    if municipality_column(lines).notna().any():
        whole = organizations.assign(_key=group_keys(organizations).to_numpy())
        municipalities = _sums(whole, whole["_key"], most=())
        shown = display_names(lines)
        municipalities["municipality"] = [shown.get(key, key) for key in municipalities.index]
        municipalities["organizations"] = whole.groupby("_key").size().astype("Int64")
        municipalities = _ordered(municipalities, known=municipalities.index != UNKNOWN_KEY)
    total = _sums(organizations, pd.Series("", index=organizations.index), most=())
    figures = total.iloc[0] if len(total) else pd.Series(dict.fromkeys((*LESSON_COUNTS, *_PARTS), pd.NA))
    figures["organizations"] = len(organizations) if _is_named(lines) else pd.NA
    return LessonReport(organizations, municipalities, figures, tuple(lesson_findings(table)))


def _is_named(lines: pd.DataFrame) -> bool:
    return any(name in lines and lines[name].notna().any() for name in ("organization_id", "organization"))


def _keys(lines: pd.DataFrame) -> pd.Series:
    if not _is_named(lines):
        return group_keys(lines)
    nothing = pd.Series(pd.NA, index=lines.index).astype("str")
    ids = lines["organization_id"].astype("str") if "organization_id" in lines else nothing
    names = map_unique(lines["organization"].astype("str"), unify) if "organization" in lines else nothing
    return ("#" + ids).where(ids.notna(), names.fillna("") + "@" + group_keys(lines)).astype("str")


def _grouped(lines: pd.DataFrame, keys: pd.Series, identity: tuple[str, ...]) -> pd.DataFrame:
    sums = _sums(lines, keys, most=("children",))
    first = lines[[name for name in identity if name in lines]].groupby(keys.to_numpy(), sort=False).first()
    for name in first.columns:
        sums[name] = first[name].reindex(sums.index).astype("str")
    if STATED in lines.columns:
        single = ~keys.duplicated(keep=False)
        stated = pd.Series(lines.loc[single, STATED].to_numpy(), index=keys[single].to_numpy())
        published = stated.reindex(sums.index).astype("Float64")
        sums["share_distance"] = sums["share_distance"].fillna(published)
    return _ordered(sums, known=np.ones(len(sums), dtype=bool))


def _sums(lines: pd.DataFrame, keys: pd.Series, most: tuple[str, ...]) -> pd.DataFrame:
    """Counts by key, summed (the largest for `most`), and both shares over rows that have both parts."""
    counts = pd.DataFrame({name: count_of(lines, name) for name in LESSON_COUNTS})
    for above, below in _PARTS.values():
        both = counts[above].notna() & counts[below].notna()
        counts[f"_{above}"], counts[f"_{below}"] = counts[above].where(both), counts[below].where(both)
    grouped = counts.groupby(keys.to_numpy(), sort=False)
    result = grouped.sum(min_count=1).astype("Int64")
    for name in most:
        result[name] = grouped[name].max().astype("Int64")
    for share, (above, below) in _PARTS.items():
        result[share] = divide(result[f"_{above}"], result[f"_{below}"])
    return result[[*LESSON_COUNTS, *_PARTS]]


def _ordered(frame: pd.DataFrame, known: np.ndarray) -> pd.DataFrame:
    frame = frame.assign(rank=rank_descending(frame["share_distance"].where(known)))
    names = [name for name in ("municipality", "organization") if name in frame]
    ordered = frame.sort_values(
        ["rank", "lessons_total", *names], ascending=[True, False, *[True] * len(names)], na_position="last"
    )
    kept = [name for name in (*LESSON_COLUMNS, "organizations") if name in ordered]
    kept = [name for name in kept if name not in LESSON_COUNTS or ordered[name].notna().any()]
    return ordered[kept].reset_index(drop=True)


def lesson_findings(table: pd.DataFrame) -> list[Finding]:
    """What does not add up: stated shares against counts, more distance lessons than lessons, more who came."""
    total, distance = count_of(table, "lessons_total"), count_of(table, "lessons_distance")
    planned, actual = count_of(table, "participants_planned"), count_of(table, "participants_actual")
    share = divide(distance, total)
    findings = []
    if STATED in table.columns:
        stated = table[STATED].astype("Float64")
        differ = ((share - stated).abs() > _half_step(stated)).fillna(False).to_numpy(dtype=bool)
        if differ.any():
            first = int(np.flatnonzero(differ)[0])
            findings.append(
                Finding(
                    code="lessons_share_differs",
                    severity=Severity.WARNING,
                    message=f"Доля дистанционных уроков в файле не сходится с числами: {rows(int(differ.sum()))}.",
                    advice="Показана доля, посчитанная по числам. Проверьте, за один ли период взяты столбцы.",
                    column=STATED,
                    value=f"в файле {percent(stated.iloc[first], 2)}, по числам {percent(share.iloc[first], 2)}",
                    count=int(differ.sum()),
                )
            )
    for code, above, below, message, advice in (
        (
            "distance_over_total",
            distance,
            total,
            "Дистанционных уроков больше, чем всего уроков",
            "Проверьте, не переставлены ли столбцы.",
        ),
        (
            "participants_over_planned",
            actual,
            planned,
            "Участников пришло больше, чем планировалось",
            "Показано как есть: ссылкой мог воспользоваться и тот, кого не ждали, или один ребёнок дважды.",
        ),
    ):
        over = (above > below).fillna(False).to_numpy(dtype=bool)
        if over.any():
            first = int(np.flatnonzero(over)[0])
            findings.append(
                Finding(
                    code=code,
                    severity=Severity.WARNING if code == "distance_over_total" else Severity.NOTE,
                    message=f"{message}: {rows(int(over.sum()))}.",
                    advice=advice,
                    value=f"{number(above.iloc[first])} и {number(below.iloc[first])}",
                    count=int(over.sum()),
                )
            )
    return findings


def _half_step(stated: pd.Series) -> float:
    """Half of the last digit the shares are printed with, as fractions (0.0005 for 0,002), with a hair above."""
    values = stated.dropna().to_numpy(dtype="float64")
    digits = next((d for d in range(1, 7) if np.allclose(values, values.round(d), atol=1e-9, rtol=0)), 7)
    return 0.5 * 10.0**-digits + 1e-9
