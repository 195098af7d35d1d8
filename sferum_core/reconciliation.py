"""Сверка: which entries of the platform and of the office's own registry are one organization."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sferum_core.names.entries import Entries, duplicate_groups, entries, texts
from sferum_core.names.matching import State, match_across, match_names
from sferum_core.names.municipalities import municipality_key
from sferum_core.names.organization_types import organization_type
from sferum_core.names.parts import name_parts
from sferum_core.names.text import unify

_PAIR_COLUMNS = {"platform_row": "int64", "registry_row": "int64", "score": "Float64", "reason": "str"}
_CONFLICT_FIELDS = (
    "organization",
    "organization_type",
    "municipality",
    "inn",
    "ogrn",
    "teachers_total",
    "students_total",
)


@dataclass(frozen=True, eq=False)
class Reconciliation:
    """The result of `reconcile`. Rows are 0-based positions in the two frames given.

    `pairs`, `doubtful`: platform_row, registry_row, score (0–1), reason (Russian).
    `only_platform`, `only_registry`: row and the source's columns.
    `conflicts`: platform_row, registry_row, field, platform_value, registry_value, for `pairs`.
    `duplicates`: side («platform», «registry»), group, row.
    `unused_decisions`: answers that named no single row.
    Every row of a side is in exactly one of pairs, doubtful and only_….
    """

    pairs: pd.DataFrame
    doubtful: pd.DataFrame
    only_platform: pd.DataFrame
    only_registry: pd.DataFrame
    conflicts: pd.DataFrame
    duplicates: pd.DataFrame
    unused_decisions: tuple[Mapping[str, object], ...] = ()


def reconcile(
    platform: pd.DataFrame,
    registry: pd.DataFrame,
    decisions: Iterable[Mapping[str, object]] | pd.DataFrame | None = None,
) -> Reconciliation:
    """Compare the platform's organizations with the office's registry (000, «Провести сверку»).

    `platform` has the columns of kind `organizations`, `registry` those of kind `registry`; only
    `organization` is needed. In this order: earlier answers, ID, ОГРН, ИНН, then names within one
    municipality, where another number or type forbids a pair and every organization is used once.
    A pair across municipalities is never more than doubtful, and its reason says so.

    `decisions`: a user's earlier answers, as mappings or a frame with `accepted` (bool) and, for each
    side, an identity: `platform_id`, or `platform_name` with `platform_municipality`; `registry_id`,
    `registry_inn` or `registry_ogrn`, or `registry_name` with `registry_municipality`. The first identity
    given and found once is taken. An accepted pair is taken over, a rejected one is not offered again.
    """
    first, second = entries(platform), entries(registry)
    state = State(first, second, [], [], set(), set(range(len(first))), set(range(len(second))))
    unused = _apply_decisions(state, decisions)
    for label, left, right in (
        ("ID школы", first.ids, second.ids),
        ("ОГРН", first.ogrn, second.ogrn),
        ("ИНН", first.inn, second.inn),
    ):
        _match_codes(state, label, left, right)
    match_names(state)
    match_across(state)
    pairs = _pair_frame(state.pairs)
    return Reconciliation(
        pairs=pairs,
        doubtful=_pair_frame(state.doubtful),
        only_platform=_only(platform, state.free_platform),
        only_registry=_only(registry, state.free_registry),
        conflicts=_conflicts(platform, registry, pairs),
        duplicates=_duplicates(first, second),
        unused_decisions=tuple(unused),
    )


# -- earlier answers -------------------------------------------------------------------------------------


def _apply_decisions(
    state: State, decisions: Iterable[Mapping[str, object]] | pd.DataFrame | None
) -> list[Mapping[str, object]]:
    if decisions is None:
        return []
    records: list[Mapping[str, object]] = (
        decisions.to_dict("records") if isinstance(decisions, pd.DataFrame) else list(decisions)  # type: ignore[assignment]
    )
    finders = {"platform": _finder(state.platform), "registry": _finder(state.registry)}
    unused = []
    for record in records:
        left = _find(record, "platform", finders["platform"])
        right = _find(record, "registry", finders["registry"])
        if left is None or right is None:
            unused.append(record)
        elif not record.get("accepted"):
            state.forbidden.add((left, right))
        elif left in state.free_platform and right in state.free_registry:
            state.settle(left, right, 1.0, "подтверждено ранее", sure=True)
        else:
            unused.append(record)
    return unused


def _finder(side: Entries) -> dict[tuple[str, ...], list[int]]:
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row in range(len(side)):
        for kind, values in (("id", side.ids), ("inn", side.inn), ("ogrn", side.ogrn)):
            if values[row]:
                found[kind, values[row]].append(row)
        if side.names[row]:
            name = unify(side.names[row])
            found["name", name, side.places[row]].append(row)
            found["name", name].append(row)
    return found


def _find(record: Mapping[str, object], side: str, finder: dict[tuple[str, ...], list[int]]) -> int | None:
    def text(field: str) -> str:
        value = record.get(f"{side}_{field}")
        return "" if value is None or bool(pd.isna(value)) else " ".join(str(value).split())  # type: ignore[call-overload]

    for kind in ("id", "ogrn", "inn"):
        rows = finder.get((kind, text(kind)), []) if text(kind) else []
        if len(rows) == 1:
            return rows[0]
    if not text("name"):
        return None
    key: tuple[str, ...] = ("name", unify(text("name")))
    if text("municipality"):
        key = (*key, municipality_key(text("municipality")))
    rows = finder.get(key, [])
    return rows[0] if len(rows) == 1 else None


# -- codes -----------------------------------------------------------------------------------------------


def _match_codes(state: State, label: str, left: list[str], right: list[str]) -> None:
    where: dict[str, list[int]] = defaultdict(list)
    for row, code in enumerate(right):
        if code:
            where[code].append(row)
    times: dict[str, int] = defaultdict(int)
    for code in left:
        times[code] += 1
    for row, code in enumerate(left):
        others = where.get(code, [])
        # A code on several rows (branches share the ИНН) decides nothing by itself.
        if not code or times[code] > 1 or len(others) != 1 or row not in state.free_platform:
            continue
        other = others[0]
        if other not in state.free_registry or (row, other) in state.forbidden:
            continue
        doubt = _contradiction(state, row, other)
        score = 0.7 if doubt else 1.0
        state.settle(row, other, score, f"совпал {label}{doubt}", sure=not doubt)


def _contradiction(state: State, row: int, other: int) -> str:
    """What in the names speaks against a pair with one code; «» when nothing does."""
    first, second = state.platform.parts[row], state.registry.parts[other]
    if first.number and second.number and first.number != second.number:
        return f", но номера в названиях разные: {first.number} и {second.number}"
    if first.type and second.type and first.type != second.type:
        return f", но типы по названиям разные: {first.type} и {second.type}"
    return ""


# -- results ---------------------------------------------------------------------------------------------


def _pair_frame(rows: list[tuple[int, int, float, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(sorted(rows), columns=list(_PAIR_COLUMNS))
    return frame.astype(_PAIR_COLUMNS)


def _only(frame: pd.DataFrame, rows: set[int]) -> pd.DataFrame:
    order = sorted(rows)
    result = frame.iloc[order].reset_index(drop=True)
    result.insert(0, "row", np.array(order, dtype="int64"), allow_duplicates=True)
    return result


def _conflicts(platform: pd.DataFrame, registry: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    rows: list[tuple[int, int, str, str, str]] = []
    both = list(zip(pairs["platform_row"], pairs["registry_row"], strict=True))
    for field in _CONFLICT_FIELDS:
        if field not in platform or field not in registry:
            continue
        left, right = texts(platform, field), texts(registry, field)
        for row, other in both:
            one, two = left[row], right[other]
            if one and two and _differ(field, one, two):
                rows.append((int(row), int(other), field, one, two))
    columns = ["platform_row", "registry_row", "field", "platform_value", "registry_value"]
    frame = pd.DataFrame(rows, columns=columns).sort_values(columns[:3], ignore_index=True)
    return frame.astype(
        {"platform_row": "int64", "registry_row": "int64", **dict.fromkeys(columns[2:], "str")}
    )


def _differ(field: str, one: str, two: str) -> bool:
    if one == two:
        return False
    if field == "municipality":
        return municipality_key(one) != municipality_key(two)
    if field == "organization":
        return name_parts(one).core != name_parts(two).core
    if field == "organization_type":
        return (organization_type(one) or one) != (organization_type(two) or two)
    if field in ("teachers_total", "students_total"):
        try:
            return float(one) != float(two)
        except ValueError:
            return True
    return True


def _duplicates(platform: Entries, registry: Entries) -> pd.DataFrame:
    rows: list[tuple[str, int, int]] = []
    group = 0
    for label, side in (("platform", platform), ("registry", registry)):
        for members in duplicate_groups(side):
            rows.extend((label, group, row) for row in members)
            group += 1
    frame = pd.DataFrame(rows, columns=["side", "group", "row"])
    return frame.astype({"side": "str", "group": "int64", "row": "int64"})
