"""The status of every organization: shares, activity, verdict and what is missing to the norm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sferum_core.exact import as_ratio, divide, missing_to, rank_descending
from sferum_core.grouping import UNKNOWN_KEY, group_keys, type_column
from sferum_core.indicators import (
    INDICATORS,
    SHARE_INDICATORS,
    computable,
    count_of,
    indicator_counts,
    reported_share,
)
from sferum_core.model import Finding, Severity, Status
from sferum_core.next_steps import Step, Support, next_steps
from sferum_core.norms import ActivityRule, Level, NormProfile, judge
from sferum_core.wording import NO_BREAK_SPACE, organizations

CARD_COLUMNS = (
    "indicator",
    "name",
    "numerator",
    "denominator",
    "share",
    "status",
    "low",
    "high",
    "target",
    "missing",
    "place_municipality",
    "of_municipality",
    "place_region",
    "of_region",
)
_IDENTITY = ("organization_id", "organization", "organization_type", "municipality")
_STATED, _BY_RULE = "stated", "rule"
_DIFFERENCES = (
    (False, "stated_inactive_but_rule_active", "В файле стоит «Не активна», хотя правило профиля выполнено"),
    (True, "stated_active_but_rule_inactive", "В файле стоит «Активна», хотя правило профиля не выполнено"),
)


def assess_organizations(table: pd.DataFrame, profile: NormProfile) -> pd.DataFrame:
    """The table of kind `organizations` with the verdict beside each row: same rows, same order, same index.

    Added: `share_<indicator>` (what can be computed), `active`, `active_by` (`stated`, `rule`, missing),
    `active_computed` (what the rule alone says), `main_indicator`, `main_share`, `share_source`
    (`computed`, `reported`, missing), `over_100`, `missing_to_norm`, `missing_to_target`, `status`.
    A share the file only states is judged as stated; head counts are then not invented.
    """
    rows = table.reset_index(drop=True)
    added: dict[str, pd.Series] = {}
    for code in SHARE_INDICATORS:
        counts = indicator_counts(rows, code, profile.denominator)
        if counts is not None:
            added[f"share_{code}"] = divide(*counts)

    computed = rule_activity(rows, profile.activity_rule)
    stated = _stated_activity(rows)
    added["active"] = stated.where(stated.notna(), computed)
    added["active_by"] = _words((computed.notna(), _BY_RULE), (stated.notna(), _STATED))
    added["active_computed"] = computed

    added |= _main_figures(rows, profile, added["active"])
    base = rows.drop(columns=[name for name in added if name in rows.columns])
    return pd.concat([base, pd.DataFrame(added)], axis=1).set_axis(table.index)


def _words(*choices: tuple[pd.Series, str]) -> pd.Series:
    """Text by condition, the last that holds; missing where none does."""
    result = np.full(len(choices[0][0]), None, dtype=object)
    for condition, word in choices:
        result[condition.to_numpy(dtype=bool)] = word
    return pd.Series(result, dtype="str")


def _main_figures(table: pd.DataFrame, profile: NormProfile, active: pd.Series) -> dict[str, pd.Series]:
    code = profile.main_indicator
    nothing = pd.Series(pd.NA, index=table.index, dtype="Int64")
    counts = indicator_counts(table, code, profile.denominator) or (nothing, nothing)
    share = divide(*counts)
    above, below = counts
    source = _words((share.notna(), "computed"))
    stated = reported_share(table, code)
    if stated is not None:
        use = (stated.notna() & (above.isna() | below.isna())).to_numpy(dtype=bool)
        if use.any():
            ratio_above, ratio_below = as_ratio(stated)
            above, below = above.mask(use, ratio_above), below.mask(use, ratio_below)
            share = share.mask(use, stated)
            source = source.mask(use, "reported")

    status = np.full(len(table), Status.NO_DATA.value, dtype=object)
    to_norm, to_target = nothing.copy(), nothing.copy()
    types = type_column(table)
    for kind in pd.unique(types):
        rows = types == kind
        rule = profile.rule(Level.ORGANIZATION, kind or None, code)
        if rule is None and not kind:
            continue  # an unknown type: no data, not «no norm»
        status[rows] = judge(above[rows], below[rows], rule)
        if rule is None:
            continue
        part = counts[0][rows], counts[1][rows]
        if rule.exact_low is not None:
            to_norm[rows] = missing_to(*part, rule.exact_low, inclusive=True)
        if rule.exact_target is not None:
            to_target[rows] = missing_to(*part, rule.exact_target, inclusive=rule.target_inclusive)
    status[(~active).fillna(False).to_numpy(dtype=bool)] = Status.INACTIVE.value
    return {
        "main_indicator": pd.Series(code, index=table.index, dtype="str"),
        "main_share": share,
        "share_source": source,
        "over_100": (share > 1).fillna(False).astype("boolean"),
        "missing_to_norm": to_norm,
        "missing_to_target": to_target,
        "status": pd.Series(status, index=table.index, dtype="str"),
    }


def rule_activity(table: pd.DataFrame, rule: ActivityRule | str) -> pd.Series:
    """What a rule of activity says (`boolean`); NA where the counts it needs are missing and could decide.

    Known counts that already suffice decide alone: two registered teachers make «two users» whatever the
    number of administrators is.
    """
    needed, optional, least = {
        ActivityRule.TWO_USERS: (("admins_registered", "teachers_registered", "students_registered"), (), 2),
        ActivityRule.BEYOND_ADMIN: (
            ("teachers_registered", "students_registered"),
            ("parents_registered",),
            1,
        ),
        ActivityRule.THREE_TEACHERS: (("teachers_registered",), (), 3),
    }[ActivityRule(rule)]
    known = pd.Series(0, index=table.index, dtype="Int64")
    complete = np.ones(len(table), dtype=bool)
    for column in (*needed, *optional):
        count = count_of(table, column)
        known = known + count.fillna(0)
        if column in needed:
            complete &= count.notna().to_numpy(dtype=bool)
    enough = (known >= least).astype("boolean")
    return enough.mask(~complete & ~enough.to_numpy(dtype=bool))


_ACTIVITY_WORDS = {
    **dict.fromkeys(("true", "1", "1.0", "активна", "активен", "да"), True),
    **dict.fromkeys(("false", "0", "0.0", "не активна", "неактивна", "не активен", "нет"), False),
}


def _stated_activity(table: pd.DataFrame) -> pd.Series:
    """What the file states (`boolean`); words, 0 and 1 of a table not read by the reader count too."""
    if "is_active" not in table.columns:
        return pd.Series(pd.NA, index=table.index, dtype="boolean")
    stated = table["is_active"]
    if str(stated.dtype) in {"bool", "boolean"}:
        return stated.astype("boolean")
    return stated.astype("str").str.strip().str.lower().map(_ACTIVITY_WORDS).astype("boolean")


def status_counts(assessed: pd.DataFrame) -> pd.Series:
    """How many organizations have each status: every status is there, in the order of `Status` (`int64`)."""
    counts = assessed["status"].value_counts()
    order = [status.value for status in Status]
    return counts.reindex(order, fill_value=0).astype("int64").rename("organizations")


def assessment_findings(assessed: pd.DataFrame, profile: NormProfile) -> tuple[Finding, ...]:
    """What the assessment noticed: stated against computed activity, unknown activity, shares above 100 %."""
    findings = []
    stated = assessed["active"].where(assessed["active_by"] == _STATED)
    computed = assessed["active_computed"]
    label = profile.activity_rule.label
    for value, code, words in _DIFFERENCES:
        differ = ((stated == value) & (computed != value)).fillna(False).to_numpy(dtype=bool)
        number = int(differ.sum())
        if number:
            findings.append(
                Finding(
                    code=code,
                    severity=Severity.NOTE,
                    message=f"{words}: {organizations(number)}. Правило: {label}.",
                    advice="Решает то, что указано в файле. Проверьте эти организации при сверке.",
                    column="is_active",
                    value=_examples(assessed[differ]),
                    count=number,
                )
            )
    unknown = int(assessed["active"].isna().sum())
    if unknown:
        findings.append(
            Finding(
                code="activity_unknown",
                severity=Severity.NOTE,
                message=f"Активность неизвестна: {organizations(unknown)}. В файле нет ни статуса, ни чисел, "
                f"по которым её считает правило ({label}).",
                advice="Добавьте в выгрузку статус организации или число администраторов, педагогов "
                "и обучающихся.",
                count=unknown,
            )
        )
    over = assessed["over_100"].to_numpy(dtype=bool)
    number = int(over.sum())
    if number:
        findings.append(
            Finding(
                code="share_over_100",
                severity=Severity.NOTE,
                message=f"Доля больше 100{NO_BREAK_SPACE}%: {organizations(number)}. Показана как есть.",
                advice="Возможная причина: педагог нескольких организаций учтён в последней из них.",
                value=_examples(assessed[over]),
                count=number,
            )
        )
    reported = int((assessed["share_source"] == "reported").sum())
    if reported:
        findings.append(
            Finding(
                code="share_only_reported",
                severity=Severity.NOTE,
                message=f"Доля взята из файла как есть: {organizations(reported)}. Чисел для неё нет.",
                advice="Добавьте число педагогов, чтобы увидеть, скольких не хватает до нормы.",
                count=reported,
            )
        )
    return tuple(findings)


def _examples(rows: pd.DataFrame) -> str | None:
    for column in ("organization", "organization_id"):
        if column in rows.columns:
            names = rows[column].dropna().astype(str).head(3).tolist()
            if names:
                return "; ".join(names)
    return None


@dataclass(frozen=True, eq=False)
class OrganizationCard:
    """One organization: who it is, every indicator against its norm and place, what to do.

    `identity` has the text columns that are there; `indicators` the columns `CARD_COLUMNS`; places are among
    organizations of the same type that have the indicator, `of_…` is how many those are.
    """

    identity: dict[str, str]
    status: Status
    active: bool | None
    active_by: str | None
    indicators: pd.DataFrame
    steps: list[Step]


def organization_card(
    assessed: pd.DataFrame, position: int, profile: NormProfile, support: Support | None = None
) -> OrganizationCard:
    """The card of the organization in 0-based row `position`. IndexError outside the table."""
    if not 0 <= position < len(assessed):
        raise IndexError(f"no row {position} in a table of {len(assessed)}")
    row = {str(name): value for name, value in assessed.iloc[position].items()}
    types = type_column(assessed)
    kind = types[position]
    peers = np.flatnonzero(types == kind)
    here = int(np.searchsorted(peers, position))
    same_type = assessed.iloc[peers]
    keys = group_keys(same_type).to_numpy(dtype=object)
    neighbours = keys == keys[here] if keys[here] != UNKNOWN_KEY else np.zeros(len(keys), dtype=bool)
    lines = [
        _card_line(same_type, here, neighbours, kind=kind or None, code=code, profile=profile)
        for code in computable(assessed)
    ]
    active = row["active"]
    by = row["active_by"]
    return OrganizationCard(
        identity={name: str(row[name]) for name in _IDENTITY if name in row and not pd.isna(row[name])},
        status=Status(row["status"]),
        active=None if pd.isna(active) else bool(active),
        active_by=None if pd.isna(by) else str(by),
        indicators=pd.DataFrame(lines, columns=list(CARD_COLUMNS)).astype(_CARD_TYPES),
        steps=next_steps(row, row["status"], support),
    )


_CARD_TYPES = {
    **dict.fromkeys(("indicator", "name", "status"), "str"),
    **dict.fromkeys(("share", "low", "high", "target"), "Float64"),
    **dict.fromkeys(
        (
            "numerator",
            "denominator",
            "missing",
            "place_municipality",
            "of_municipality",
            "place_region",
            "of_region",
        ),
        "Int64",
    ),
}


def _card_line(
    peers: pd.DataFrame,
    here: int,
    neighbours: np.ndarray,
    *,
    kind: str | None,
    code: str,
    profile: NormProfile,
) -> tuple[object, ...]:
    counts = indicator_counts(peers, code, profile.denominator)
    assert counts is not None
    shares = divide(*counts)
    rule = profile.rule(Level.ORGANIZATION, kind, code)
    one = counts[0].iloc[here : here + 1], counts[1].iloc[here : here + 1]
    status = Status.NO_DATA.value if rule is None and kind is None else judge(*one, rule)[0]
    missing: object = pd.NA
    if rule is not None:
        mark = rule.exact_low if rule.exact_low is not None else rule.exact_target
        inclusive = rule.exact_low is not None or rule.target_inclusive
        if mark is not None:
            missing = missing_to(*one, mark, inclusive=inclusive).iloc[0]
    near = shares[neighbours]
    near_here = int(neighbours[:here].sum())
    return (
        code,
        INDICATORS[code].name,
        one[0].iloc[0],
        one[1].iloc[0],
        shares.iloc[here],
        status,
        rule.low if rule else None,
        rule.high if rule else None,
        rule.target if rule else None,
        missing,
        rank_descending(near).iloc[near_here] if len(near) else pd.NA,
        int(near.notna().sum()),
        rank_descending(shares).iloc[here],
        int(shares.notna().sum()),
    )
