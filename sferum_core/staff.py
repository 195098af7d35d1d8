"""ДОО staff by municipality: registered of the staff list, active of the registered (004)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sferum_core.exact import add_counts, divide, rank_descending
from sferum_core.grouping import UNKNOWN_KEY, display_names, group_keys, lists_organizations, type_column
from sferum_core.indicators import INDICATORS, count_of
from sferum_core.model import Finding, OrganizationType, Severity
from sferum_core.wording import NO_BREAK_SPACE, municipalities, number, percent, plural

STAFF_COLUMNS = (
    "municipality",
    "municipality_key",
    "organizations",
    "organizations_without_total",
    "organizations_without_active",
    "teachers_total",
    "teachers_registered",
    "teachers_active",
    "share_registered",
    "share_active",
    "rank_registered",
    "rank_active",
    "missing_to_full",
)
REGION_NAME = "Среднее значение по региону"
_PREFERRED = ("teachers_active", "teachers_10_messages")
_SUMS = (
    "teachers_total",
    "teachers_registered",
    "teachers_active",
    "_of_total",
    "_total",
    "_of_registered",
    "_registered",
)


@dataclass(frozen=True, eq=False)
class StaffReport:
    """ДОО staff. `indicator` is what «active» means here; `has_counts` whether head counts were there.

    `municipalities` has `STAFF_COLUMNS`, by share of registered; `region` the same without places and keys.
    Without head counts the published percentages are ranked and the region's figures are missing.
    """

    municipalities: pd.DataFrame
    region: pd.Series
    indicator: str
    findings: tuple[Finding, ...]
    has_counts: bool


def doo_staff(table: pd.DataFrame, indicator: str | None = None) -> StaffReport:
    """Both figures of the slide by municipality, from kind `organizations` (ДОО rows only) or `doo_staff`.

    Active is `indicator` when asked for, else `teachers_active` where the file has it, else
    `teachers_10_messages`. Shares are ratios of sums over rows that have both parts. `missing_to_full` is
    staff minus registered over rows that have both, never below 0. KeyError for an unknown indicator.
    """
    rows = _preschools(table).reset_index(drop=True)
    code = indicator or _active_indicator(rows)
    line = _lines(rows, code)
    grouped = line.groupby("municipality_key", sort=True)
    result = grouped[
        [*_SUMS, "organizations", "organizations_without_total", "organizations_without_active"]
    ].sum(min_count=1)
    result["share_registered"] = _share(result, "_of_total", "_total", _stated(rows, "registered"))
    result["share_active"] = _share(result, "_of_registered", "_registered", _stated(rows, code))
    result["missing_to_full"] = _missing(result)
    result = result.reset_index()
    result["municipality"] = result["municipality_key"].map(display_names(rows)).astype("str")
    known = result["municipality_key"] != UNKNOWN_KEY
    for name in ("registered", "active"):
        result[f"rank_{name}"] = rank_descending(result[f"share_{name}"].where(known))
    result = result.assign(_last=~known).sort_values(
        ["_last", "rank_registered", "municipality", "municipality_key"], na_position="last"
    )
    result = result.reset_index(drop=True)
    has_counts = bool(line["teachers_registered"].notna().any())
    return StaffReport(
        municipalities=result[list(STAFF_COLUMNS)],
        region=_region(result, has_counts),
        indicator=code,
        findings=tuple(_findings(rows, result, code)),
        has_counts=has_counts,
    )


def staff_changes(report: StaffReport, before: StaffReport) -> tuple[pd.DataFrame, pd.Series]:
    """How the two shares changed since an earlier report, as fractions: `change_registered`, `change_active`.

    A row a municipality as in `report.municipalities`, and the region; NA where either side is missing.
    """
    then = before.municipalities.drop_duplicates("municipality_key").set_index("municipality_key")
    keys, rows, region = report.municipalities["municipality_key"], {}, {}
    for name in ("registered", "active"):
        share = f"share_{name}"
        was = keys.map(then[share]).astype("Float64")
        rows[f"change_{name}"] = report.municipalities[share].astype("Float64") - was
        sides = report.region[share], before.region[share]
        known = not any(pd.isna(side) for side in sides)
        region[f"change_{name}"] = float(sides[0]) - float(sides[1]) if known else pd.NA
    return pd.DataFrame(rows, index=report.municipalities.index), pd.Series(region, dtype=object)


def _preschools(table: pd.DataFrame) -> pd.DataFrame:
    if "organization_type" not in table.columns:
        return table
    return table[type_column(table) == OrganizationType.PRESCHOOL.value]


def _active_indicator(rows: pd.DataFrame) -> str:
    for code in _PREFERRED:
        for column in (code, *INDICATORS[code].reported_columns):
            if column in rows.columns and bool(rows[column].notna().any()):
                return code
    return _PREFERRED[0]


def _lines(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    total, registered = count_of(rows, "teachers_total"), count_of(rows, "teachers_registered")
    item = INDICATORS[code]
    known = set(item.numerator) <= set(rows.columns)
    active = add_counts(rows, item.numerator) if known else pd.Series(pd.NA, index=rows.index, dtype="Int64")
    with_total = total.notna() & registered.notna()
    with_active = active.notna() & registered.notna()
    whole = lists_organizations(rows)
    one = pd.Series(1, index=rows.index, dtype="Int64")
    return pd.DataFrame(
        {
            "municipality_key": group_keys(rows),
            "organizations": one if whole else count_of(rows, "organizations"),
            "organizations_without_total": one.mask(with_total, 0),
            "organizations_without_active": one.mask(with_active, 0),
            "teachers_total": total,
            "teachers_registered": registered,
            "teachers_active": active,
            "_of_total": registered.where(with_total),
            "_total": total.where(with_total),
            "_of_registered": active.where(with_active),
            "_registered": registered.where(with_active),
        }
    )


def _reported_column(rows: pd.DataFrame, name: str) -> str | None:
    code = "teachers_registered" if name == "registered" else name
    return next((column for column in INDICATORS[code].reported_columns if column in rows.columns), None)


def _stated(rows: pd.DataFrame, name: str) -> pd.Series:
    """Published shares by key, only where one row makes the municipality: shares don't add up."""
    column = _reported_column(rows, name)
    if column is None:
        return pd.Series(dtype="Float64")
    keys = group_keys(rows)
    shares = pd.to_numeric(rows[column], errors="coerce").astype("Float64")
    single = ~keys.duplicated(keep=False)
    return pd.Series(shares[single].array, index=keys[single].to_numpy(), dtype="Float64")


def _share(result: pd.DataFrame, above: str, below: str, stated: pd.Series) -> pd.Series:
    share = divide(result[above], result[below])
    published = stated.reindex(result.index).astype("Float64")
    return share.mask((share.isna() & result[below].isna()).to_numpy(dtype=bool), published)


def _missing(result: pd.DataFrame) -> pd.Series:
    return (result["_total"] - result["_of_total"]).clip(lower=0)


def _region(result: pd.DataFrame, has_counts: bool) -> pd.Series:
    names = [name for name in STAFF_COLUMNS if name.startswith(("organizations", "teachers"))]
    total = result[[*names, *(name for name in _SUMS if name.startswith("_"))]].sum(min_count=1).to_frame().T
    total = total.astype("Int64")
    figures: dict[str, object] = {"municipality": REGION_NAME}
    figures |= {name: total[name].iloc[0] for name in names}
    figures["share_registered"] = divide(total["_of_total"], total["_total"]).iloc[0]
    figures["share_active"] = divide(total["_of_registered"], total["_registered"]).iloc[0]
    figures["missing_to_full"] = _missing(total).iloc[0]
    return pd.Series(figures, name=REGION_NAME, dtype=object)


def _findings(rows: pd.DataFrame, result: pd.DataFrame, code: str) -> list[Finding]:
    if not len(rows):
        return [
            Finding(
                code="no_preschools",
                severity=Severity.WARNING,
                message="В таблице нет ни одной ДОО.",
                advice="Загрузите выгрузку с дошкольными организациями или укажите тип организаций.",
            )
        ]
    return [
        *_over_findings(result),
        *_published_findings(rows, result, "registered", "share_registered", "зарегистрированных"),
        *_published_findings(rows, result, code, "share_active", "активных"),
    ]


def _over_findings(result: pd.DataFrame) -> list[Finding]:
    found = []
    for share, code, words, advice in (
        (
            "share_registered",
            "registered_over_total",
            "Зарегистрированных больше, чем педагогов по списку",
            "Проверьте численность по списку: возможно, она устарела или в неё не вошли филиалы.",
        ),
        (
            "share_active",
            "active_over_registered",
            "Активных больше, чем зарегистрированных",
            "Показано как есть. Возможная причина: педагог нескольких организаций учтён в последней из них.",
        ),
    ):
        over = (result[share] > 1).fillna(False).to_numpy(dtype=bool)
        count = int(over.sum())
        if count:
            shown = result[over].sort_values(share, ascending=False).head(3)
            names = "; ".join(
                f"{name} – {percent(value)}"
                for name, value in zip(shown["municipality"], shown[share], strict=True)
            )
            found.append(
                Finding(
                    code=code,
                    severity=Severity.NOTE,
                    message=f"{words}: {municipalities(count)}.",
                    advice=advice,
                    column=share,
                    value=names,
                    count=count,
                )
            )
    return found


def _published_findings(
    rows: pd.DataFrame, result: pd.DataFrame, name: str, share: str, words: str
) -> list[Finding]:
    """Published percentages that head counts don't give, beyond the rounding they are printed with."""
    published = _stated(rows, name)
    if not len(published):
        return []
    parts = ("_of_total", "_total") if share == "share_registered" else ("_of_registered", "_registered")
    table = result.set_index("municipality_key")
    computed = divide(table[parts[0]], table[parts[1]])
    stated = published.reindex(computed.index).astype("Float64")
    differ = ((computed - stated).abs() > _half_step(published)).fillna(False).to_numpy(dtype=bool)
    count = int(differ.sum())
    if not count:
        return []
    first = int(np.flatnonzero(differ)[0])
    example = (
        f"{table['municipality'].iloc[first]}: в файле {percent(stated.iloc[first])}, "
        f"по числам {percent(computed.iloc[first])}"
    )
    return [
        Finding(
            code="reported_share_differs",
            severity=Severity.WARNING,
            message=f"Процент {words} в файле не сходится с числами: {municipalities(count)}.",
            advice="Показан процент, посчитанный по числам. Проверьте, за какой день взяты числа и проценты.",
            column=_reported_column(rows, name),
            value=example,
            count=count,
        )
    ]


def _half_step(published: pd.Series) -> float:
    """Half of the last digit the percentages are printed with (0.0005 for one decimal), with a hair above."""
    values = published.dropna().to_numpy(dtype="float64") * 100
    digits = next(
        (digits for digits in range(4) if np.allclose(values, values.round(digits), atol=1e-9, rtol=0)), 4
    )
    return 0.5 * 10.0 ** -(digits + 2) + 1e-9


def staff_reading(report: StaffReport) -> str:
    """One Russian sentence on what the report rests on (head counts, or published percentages only)."""
    count = len(report.municipalities)
    if report.has_counts:
        people = report.region["teachers_registered"]
        noun = plural(int(people), "сотрудник", "сотрудника", "сотрудников")
        return f"По числам: {number(people)}{NO_BREAK_SPACE}{noun} в Сферуме, {municipalities(count)}."
    return (
        f"В файле только проценты ({municipalities(count)}): места расставлены по ним, чисел по региону нет."
    )
