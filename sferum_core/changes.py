"""What changed between two weeks: statuses, shares, places; organizations new, gone, renamed, moved, of another type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sferum_core.calendar import Holiday, holiday_of
from sferum_core.grouping import UNKNOWN_KEY
from sferum_core.indicators import INDICATORS, indicator_counts
from sferum_core.model import OrganizationType, Period, Status
from sferum_core.municipalities import compare_assessed
from sferum_core.norms import NormProfile
from sferum_core.organizations import assess_organizations
from sferum_core.pairing import Pairing, pair_organizations, text_of
from sferum_core.weeks import is_next_week, same_week, short_label, since_words, week_of, week_order
from sferum_core.wording import organizations, percent

BOTH, NEW, GONE, UNRESOLVED = "both", "new", "gone", "unresolved"
UP, DOWN, SAME, NOT_COMPARABLE = "up", "down", "same", "not_comparable"
BEHIND = (Status.INACTIVE, Status.BELOW_NORM, Status.TARGET_MISSED)
JUDGED = (*BEHIND, Status.WITHIN_NORM, Status.TARGET_MET, Status.LEADER)
_TEXTS = ("organization_id", "organization", "organization_type", "municipality")
_COMMON_LEAST = 0.5
ORGANIZATION_TYPES: dict[str, str] = {
    "presence": "str",
    "position": "Int64",
    "position_before": "Int64",
    "matched_by": "str",
    "reason": "str",
    **dict.fromkeys(_TEXTS, "str"),
    **{f"{name}_before": "str" for name in _TEXTS},
    "municipality_key": "str",
    "municipality_key_before": "str",
    "status": "str",
    "status_before": "str",
    "move": "str",
    "was_behind": "boolean",
    "is_behind": "boolean",
    "share": "Float64",
    "share_before": "Float64",
    "change": "Float64",
    "numerator": "Int64",
    "numerator_before": "Int64",
    "denominator": "Int64",
    "denominator_before": "Int64",
    "renamed": "boolean",
    "moved": "boolean",
    "type_changed": "boolean",
}
ORGANIZATION_COLUMNS = tuple(ORGANIZATION_TYPES)
_PLACE_FIGURES = {
    "numerator": "Int64",
    "denominator": "Int64",
    "share": "Float64",
    "rank": "Int64",
    "status": "str",
    "organizations": "Int64",
}
MUNICIPALITY_COLUMNS = (
    "municipality",
    "municipality_key",
    "presence",
    *(f"{name}{tail}" for name in _PLACE_FIGURES for tail in ("", "_before")),
    "change",
    "rank_change",
)


@dataclass(frozen=True, eq=False)
class Changes:
    """Everything that changed from one week to another.

    `organizations` (`ORGANIZATION_COLUMNS`): every row of both weeks once, this week's in its order, then
    those that only the other week has. `presence`: `both`, `new`, `gone`, `unresolved` (why: `reason`).
    `position` is the 0-based row of each week's table. Texts are this week's, of a gone one the earlier
    week's. `move`: `up`, `down`, `same`, or `not_comparable` where a side has no verdict; missing where there
    is one side only. `renamed`, `moved`, `type_changed` are missing where they can't be told.
    `municipalities` (`MUNICIPALITY_COLUMNS`): by this week's place; `rank_change` above 0 is a rise.
    `region`: numerator, denominator, share, status, each also `_before`, and `change`.
    `notes`: Russian sentences on what could not be compared.
    """

    organizations: pd.DataFrame
    municipalities: pd.DataFrame
    region: pd.Series
    indicator: str
    organization_type: str | None
    period: Period | None
    before_period: Period | None
    notes: tuple[str, ...] = field(default=())

    @property
    def is_week_before(self) -> bool:
        """Whether the other week is the one directly before: only then may one say «за неделю»."""
        return (
            self.period is not None
            and self.before_period is not None
            and is_next_week(self.before_period, self.period)
        )

    @property
    def since(self) -> str:
        """«С прошлой недели», «С недели 01.03–07.03»: the beginning of a sentence."""
        return since_words(self.period, self.before_period)

    def only(self, what: str) -> pd.DataFrame:
        """Organizations `up`, `down`, `left_behind`, `entered_behind`, `new`, `gone`, `unresolved`, `renamed`,
        `moved` or `type_changed`. KeyError for another word."""
        return self.organizations[self._masks()[what]]

    def counts(self) -> dict[str, int]:
        """How many organizations `only` gives for each of its words."""
        return {what: int(mask.sum()) for what, mask in self._masks().items()}

    def flow(self) -> pd.DataFrame:
        """Organizations of both weeks by status: `status_before`, `status`, `organizations` (Int64), worst first."""
        both = self.organizations[(self.organizations["presence"] == BOTH).to_numpy(dtype=bool)]
        table = both.groupby(["status_before", "status"]).size().rename("organizations").reset_index()
        order = {status.value: place for place, status in enumerate(Status)}
        table = table.sort_values(["status_before", "status"], key=lambda column: column.map(order))
        return table.astype({"organizations": "Int64"}).reset_index(drop=True)

    def _masks(self) -> dict[str, np.ndarray]:
        table = self.organizations
        was = table["was_behind"].fillna(False).to_numpy(dtype=bool)
        now = table["is_behind"].fillna(False).to_numpy(dtype=bool)
        known = table["move"].isin([UP, DOWN, SAME]).to_numpy(dtype=bool)
        masks = {word: (table["move"] == word).fillna(False).to_numpy(dtype=bool) for word in (UP, DOWN)}
        masks |= {"left_behind": known & was & ~now, "entered_behind": known & now & ~was}
        masks |= {word: (table["presence"] == word).to_numpy(dtype=bool) for word in (NEW, GONE, UNRESOLVED)}
        for word in ("renamed", "moved", "type_changed"):
            masks[word] = table[word].fillna(False).to_numpy(dtype=bool)
        return masks


def what_changed(
    now: pd.DataFrame,
    before: pd.DataFrame,
    profile: NormProfile,
    *,
    period: Period | None = None,
    before_period: Period | None = None,
    indicator: str | None = None,
    organization_type: OrganizationType | str | None = None,
    calendar: Sequence[Holiday] | None = None,
) -> Changes:
    """`Changes` from `before` to `now`, two assessed tables of organizations (others are assessed here).

    Both are judged by `profile`: a table assessed by another main indicator is assessed anew. Shares and
    verdicts of organizations are those of the main indicator; `indicator` and `organization_type` choose what
    municipalities are ranked by. `organization_type` also keeps organizations that have the type in either week.
    `calendar` is an office's own list of holidays, by default the declared one; a holiday in a week is a note.
    """
    code = indicator or profile.main_indicator
    _ = INDICATORS[code]
    left, right = (_assessed(table, profile) for table in (now, before))
    pairing = pair_organizations(left, right)
    table = _organizations(left, right, pairing, profile)
    wanted = None if organization_type is None else str(organization_type)
    if wanted is not None:
        here = (table["organization_type"] == wanted) | (table["organization_type_before"] == wanted)
        table = table[here.fillna(False).to_numpy(dtype=bool)].reset_index(drop=True)
    places, totals = zip(
        *(compare_assessed(one, profile, code, wanted) for one in (left, right)), strict=True
    )
    return Changes(
        organizations=table,
        municipalities=municipality_changes(*places),
        region=_region(*totals),
        indicator=code,
        organization_type=wanted,
        period=period,
        before_period=before_period,
        notes=(
            *_week_notes(period, before_period, calendar),
            *_notes(left, right, pairing, profile),
        ),
    )


def _assessed(table: pd.DataFrame, profile: NormProfile) -> pd.DataFrame:
    rows = table.reset_index(drop=True)
    if "status" in rows.columns and "main_share" in rows.columns and "main_indicator" in rows.columns:
        by = rows["main_indicator"].dropna().unique()
        if list(by) in ([], [profile.main_indicator]):
            return rows
    return assess_organizations(rows, profile)


def _organizations(
    left: pd.DataFrame, right: pd.DataFrame, pairing: Pairing, profile: NormProfile
) -> pd.DataFrame:
    lost = pairing.unresolved
    rows_now = np.arange(len(left))
    partner = pd.Series(pairing.pairs["before"].array, index=pairing.pairs["now"].array)
    matched = pd.Series(pairing.pairs["by"].array, index=pairing.pairs["now"].array)
    here = pd.DataFrame({"position": pd.Series(rows_now, dtype="Int64")})
    here["position_before"] = here["position"].map(partner).astype("Int64")
    here["matched_by"] = here["position"].map(matched).astype("str")
    reasons = lost[lost["side"] == "now"].set_index("row")["reason"]
    here["reason"] = here["position"].map(reasons).astype("str")
    paired = here["position_before"].notna()
    here["presence"] = np.where(paired, BOTH, np.where(here["reason"].notna(), UNRESOLVED, NEW))
    only_before = np.setdiff1d(np.arange(len(right)), pairing.pairs["before"].to_numpy())
    there = pd.DataFrame({"position_before": pd.Series(only_before, dtype="Int64")})
    reasons = lost[lost["side"] == "before"].set_index("row")["reason"]
    there["reason"] = there["position_before"].map(reasons).astype("str")
    there["presence"] = np.where(there["reason"].notna(), UNRESOLVED, GONE)
    table = pd.concat([here, there], ignore_index=True)
    table["position"] = table["position"].astype("Int64")
    for tail, rows, identity in (("", left, pairing.now), ("_before", right, pairing.before)):
        facts = _facts(rows, profile).assign(municipality_key=identity.municipalities)
        facts["_name"] = identity.names
        taken = facts.reindex(table[f"position{tail}"].astype("Float64").to_numpy("float64", na_value=-1.0))
        for column in taken.columns:
            table[f"{column}{tail}"] = taken[column].array
    return _compared(table)


def _facts(rows: pd.DataFrame, profile: NormProfile) -> pd.DataFrame:
    """What both weeks are compared by, one row each; columns a table lacks are missing."""
    facts = pd.DataFrame({name: text_of(rows, name) for name in _TEXTS}, index=rows.index)
    counts = indicator_counts(rows, profile.main_indicator, profile.denominator)
    nothing = pd.Series(pd.NA, index=rows.index, dtype="Int64")
    facts["numerator"], facts["denominator"] = counts or (nothing, nothing)
    facts["share"] = rows["main_share"].astype("Float64")
    facts["status"] = rows["status"].astype("str")
    return facts


def _compared(table: pd.DataFrame) -> pd.DataFrame:
    both = table["presence"] == BOTH
    order = {status.value: place for place, status in enumerate(JUDGED)}
    now, was = (table[name].map(order).astype("Float64") for name in ("status", "status_before"))
    step = (now - was).to_numpy("float64", na_value=np.nan)
    # Types without a norm are judged by activity alone: waking up is a rise, falling asleep a fall.
    silent, free = (
        [
            (table[name] == status.value).fillna(False).to_numpy(dtype=bool)
            for name in ("status", "status_before")
        ]
        for status in (Status.INACTIVE, Status.NO_NORM)
    )
    up, down = (step > 0) | (free[0] & silent[1]), (step < 0) | (silent[0] & free[1])
    move = np.select([up, down, step == 0], [UP, DOWN, SAME], NOT_COMPARABLE)
    table["move"] = pd.Series(move, index=table.index, dtype="str").where(both)
    behind = [status.value for status in BEHIND]
    for name, status in (("was_behind", "status_before"), ("is_behind", "status")):
        table[name] = table[status].isin(behind).astype("boolean").where(table[status].notna())
    table["change"] = table["share"] - table["share_before"]
    for name, column in (
        ("renamed", "_name"),
        ("moved", "municipality_key"),
        ("type_changed", "organization_type"),
    ):
        one, two = table[column], table[f"{column}_before"]
        known = both & one.notna() & two.notna() & (one != "") & (two != "")
        table[name] = (one != two).astype("boolean").where(known)
    gone = table["position"].isna()
    for column in (*_TEXTS, "municipality_key"):
        table[column] = table[column].where(~gone, table[f"{column}_before"])
    return table[list(ORGANIZATION_COLUMNS)].astype(ORGANIZATION_TYPES)


def municipality_changes(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """`MUNICIPALITY_COLUMNS` from two results of `compare_municipalities`, of whatever kind of table."""
    columns = ["municipality_key", "municipality", *_PLACE_FIGURES]
    both = now[columns].merge(before[columns], on="municipality_key", how="outer", suffixes=("", "_before"))
    is_new, is_gone = both["municipality_before"].isna(), both["municipality"].isna()
    both["presence"] = np.where(is_new, NEW, np.where(is_gone, GONE, BOTH))
    both["municipality"] = both["municipality"].fillna(both["municipality_before"])
    both["change"] = both["share"] - both["share_before"]
    both["rank_change"] = both["rank_before"] - both["rank"]
    both["_last"] = both["municipality_key"] == UNKNOWN_KEY
    order = ["_last", "rank", "rank_before", "municipality", "municipality_key"]
    both = both.sort_values(order, na_position="last", kind="stable").reset_index(drop=True)
    types = {f"{name}{tail}": kind for name, kind in _PLACE_FIGURES.items() for tail in ("", "_before")}
    types |= {"change": "Float64", "rank_change": "Int64"}
    types |= dict.fromkeys(("municipality", "municipality_key", "presence"), "str")
    return both[list(MUNICIPALITY_COLUMNS)].astype(types)


def _region(now: pd.Series, before: pd.Series) -> pd.Series:
    names = ("numerator", "denominator", "share", "status")
    figures = {f"{name}{tail}": one[name] for tail, one in (("", now), ("_before", before)) for name in names}
    known = not pd.isna(figures["share"]) and not pd.isna(figures["share_before"])
    figures["change"] = figures["share"] - figures["share_before"] if known else pd.NA
    return pd.Series(figures, dtype=object)


def _week_notes(
    period: Period | None, before: Period | None, calendar: Sequence[Holiday] | None
) -> list[str]:
    if period is None or before is None:
        return []
    notes = []
    if same_week(period, before):
        notes.append("Обе выгрузки за одну и ту же неделю: различия – это исправления, а не изменения.")
    elif week_order(before) > week_order(period):
        notes.append("Сравнение идёт с более поздней неделей: «было» относится к ней.")
    for one in dict.fromkeys((before, period)):
        holiday = holiday_of(week_of(one), calendar)
        if holiday is not None:
            notes.append(
                f"Неделя {short_label(one)} – {holiday.label}: сравнивать её с обычной надо осторожно."
            )
    return notes


def _notes(left: pd.DataFrame, right: pd.DataFrame, pairing: Pairing, profile: NormProfile) -> list[str]:
    notes = []
    least = min(len(left), len(right))
    if least and len(pairing.pairs) < _COMMON_LEAST * least:
        share = percent(len(pairing.pairs) / least)
        notes.append(f"Совпадает только {share} организаций: возможно, выгрузки о разных территориях.")
    item = INDICATORS[profile.main_indicator]
    for rows, which in ((left, "этой"), (right, "прежней")):
        if len(rows) and rows["main_share"].isna().all():
            notes.append(
                f"В {which} выгрузке нет чисел для показателя «{item.short_name}»: доли не сравнить."
            )
    lost = len(pairing.unresolved)
    if lost:
        reasons = "; ".join(pairing.unresolved["reason"].drop_duplicates())
        notes.append(f"Не удалось сопоставить с другой неделей строк: {lost}. Причины: {reasons}.")
    again = _same_name_other_id(pairing)
    if again:
        notes.append(
            f"Среди новых и исчезнувших есть пары с одним названием в одном муниципалитете и разными ID: "
            f"{organizations(again)}. Проверьте, не сменился ли ID."
        )
    return notes


def _same_name_other_id(pairing: Pairing) -> int:
    names = [
        set(side.name_keys(with_municipality=True)[rows].tolist()) - {""}
        for side, rows in ((pairing.now, pairing.new), (pairing.before, pairing.gone))
    ]
    return len(names[0] & names[1])
