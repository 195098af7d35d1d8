"""Counts that follow from a stated share and its denominator in the same row; types that follow from names."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sferum_core.model import ExportKind, Finding, Severity
from sferum_core.names import organization_types
from sferum_core.reading.fields import DENOMINATORS, FIELDS, KIND_FIELDS, LONG_SHARES
from sferum_core.reading.values import MOST
from sferum_core.wording import rows as rows_word

_DECIMALS = (1, 0, 2, 3, 4)


def share_parts(field: str) -> tuple[str, str]:
    """Numerator and denominator of a stated share's column; empty strings when it has none."""
    top = LONG_SHARES.get(field, field).removeprefix("reported_share_")
    if top == "lessons_distance":
        return top, "lessons_total"
    return (top, DENOMINATORS[top]) if top in DENOMINATORS else ("", "")


def _count_from_share(share: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """The whole number whose share rounds to the stated one; NaN when none or when it is not the only one."""
    count = np.floor(share * denominator + 0.5)
    with np.errstate(divide="ignore", invalid="ignore"):
        back = count / denominator
        fits = np.zeros(len(share), dtype=bool)
        for digits in _DECIMALS:
            step = 10.0 ** -(digits + 2)
            printed = np.abs(share / step - np.round(share / step)) < 1e-6
            unique = denominator * step < 1.0
            near = np.abs(back - share) <= step / 2 * (1 + 1e-6)
            fits |= printed & unique & near
        fits |= np.abs(share * denominator - count) < 1e-6 * np.maximum(1, denominator)
    return np.where(fits & (denominator > 0) & (count <= MOST), count, np.nan)


def complete(frame: pd.DataFrame, kind: ExportKind, sheet: str) -> tuple[pd.DataFrame, list[Finding]]:
    """The table with what follows surely from what it has, and a finding for each thing that was derived."""
    findings: list[Finding] = []
    for name in [c for c in frame.columns if c.startswith("reported_share_")]:
        top, bottom = share_parts(name)
        if not top or bottom not in frame.columns:
            continue
        share = frame[name].to_numpy(dtype="float64", na_value=np.nan)
        denominator = frame[bottom].to_numpy(dtype="float64", na_value=np.nan)
        had = (
            frame[top]
            if top in frame.columns
            else pd.Series(pd.array([pd.NA] * len(frame), dtype="Int64"), index=frame.index)
        )
        open_cells = had.isna().to_numpy() & ~np.isnan(share) & (denominator > 0)
        if not open_cells.any():
            continue
        found = np.where(open_cells, _count_from_share(share, denominator), np.nan)
        derived = ~np.isnan(found)
        if derived.any():
            values = had.copy()
            values[derived] = found[derived].astype("int64")
            frame[top] = values
            findings.append(
                Finding(code="derived", severity=Severity.NOTE, sheet=sheet, column=top, count=int(derived.sum()),
                    message=f"«{FIELDS[top].title}»: в файле есть только доля, число получено из доли и столбца «{FIELDS[bottom].title}» ({rows_word(int(derived.sum()))}).",
                    advice="Если в выгрузке есть сами числа, загрузите её вместе с ними: они точнее."))  # fmt: skip
        undecided = int((open_cells & ~derived).sum())
        if undecided:
            findings.append(
                Finding(code="not_derived", severity=Severity.NOTE, sheet=sheet, column=top, count=undecided,
                    message=f"«{FIELDS[top].title}»: по округлённой доле число людей однозначно не восстановить ({rows_word(undecided)}).",
                    advice="Загрузите выгрузку, в которой есть сами числа."))  # fmt: skip
    if (
        kind in (ExportKind.ORGANIZATIONS, ExportKind.REGISTRY, ExportKind.DISTANCE_LESSONS)
        and "organization" in frame.columns
    ):
        frame, more = _types(frame, sheet)
        findings += more
    order = [c for c in KIND_FIELDS.get(kind, ()) if c in frame.columns]
    return (frame[order] if order else frame), findings


def _types(frame: pd.DataFrame, sheet: str) -> tuple[pd.DataFrame, list[Finding]]:
    """Types from names where the file has no type column, or leaves the cell empty."""
    stated = frame["organization_type"] if "organization_type" in frame.columns else None
    empty = stated.isna() if stated is not None else pd.Series(True, index=frame.index)
    if not empty.any():
        return frame, []
    by_name = organization_types(frame.loc[empty, "organization"]).astype("str")
    by_name.index = frame.index[empty.to_numpy()]
    result = stated.copy() if stated is not None else pd.Series(pd.NA, index=frame.index).astype("str")
    result[empty] = by_name
    frame["organization_type"] = result.astype("str")
    told, unsure = int(by_name.notna().sum()), int(by_name.isna().sum())
    findings = []
    if told:
        findings.append(Finding(code="type_from_name", severity=Severity.NOTE, sheet=sheet, column="organization_type", count=told,
            message=f"Тип организации определён по названию: {rows_word(told)}.", advice="Проверьте типы в таблице организаций."))  # fmt: skip
    if unsure:
        findings.append(Finding(code="type_unknown", severity=Severity.WARNING, sheet=sheet, column="organization_type", count=unsure,
            message=f"Тип организации по названию не определить: {rows_word(unsure)}.",
            advice="Добавьте в выгрузку столбец «Тип организации»: без типа норма не применяется."))  # fmt: skip
    return frame, findings
