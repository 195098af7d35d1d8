"""Figures and names of a letter for an office's own template, by the fields of `templates.catalogue`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sferum_core.indicators import INDICATORS
from sferum_core.model import Period, Status
from sferum_core.names.cases import Case, CaseForms, in_case
from sferum_core.norms import NormProfile
from sferum_core.reports.letters.counts import BEHIND
from sferum_core.reports.letters.phrases import line, period_words, source_words
from sferum_core.waiting import acting
from sferum_core.wording import number, percent

ROWS_AT_MOST = 3_000


def week_facts(profile: NormProfile, period: Period | str | None) -> dict[str, Any]:
    """What every letter of a week shares."""
    return {
        "период": period.label if isinstance(period, Period) else line(period or "", 100),
        "период_словами": period_words(period),
        "показатель": INDICATORS[profile.main_indicator].name,
        "источник_норм": source_words(profile.source).removeprefix("Источник норм: ").rstrip("."),
    }


def municipality_facts(name: str, corrections: Mapping[str, str] | None) -> dict[str, Any]:
    """The name in the cases letters need; `corrections` are `CaseForms`, or genitives by name."""
    own = corrections if isinstance(corrections, CaseForms) else None
    return {
        "муниципалитет": line(name),
        "муниципалитет_родительный": in_case(name, Case.GENITIVE, corrections).text,
        "муниципалитет_дательный": in_case(name, Case.DATIVE, own).text,
        "муниципалитет_творительный": in_case(name, Case.INSTRUMENTAL, own).text,
        "муниципалитет_предложный": in_case(name, Case.PREPOSITIONAL, own).text,
    }


def table_facts(words: pd.DataFrame) -> dict[str, Any]:
    """Counts, and a row for each organization that is not active or behind."""
    behind = [status.value for status in BEHIND]
    total, words = len(words), acting(words)
    status = words["status"]
    rows = words[status.isin([Status.INACTIVE.value, *behind])].head(ROWS_AT_MOST)
    return {
        "организаций": number(total),
        "ждут_деактивации": number(total - len(words)),
        "не_активны": number(int((status == Status.INACTIVE.value).sum())),
        "ниже_нормы": number(int(status.isin(behind).sum())),
        "организации": [
            {"номер": str(place), **organization_facts(row)}
            for place, row in enumerate(rows.to_dict("records"), 1)
        ],
    }


def organization_facts(row: Mapping[Any, Any]) -> dict[str, str]:
    """One organization as a row of a list."""

    def text(key: str, missing: str) -> str:
        value = row.get(key)
        return missing if value is None or pd.isna(value) or value == "" else line(value, 300)

    share = row.get("main_share")
    lacking = row.get("missing_to_norm")
    if lacking is None or pd.isna(lacking):
        lacking = row.get("missing_to_target")
    return {
        "название": text("organization", "название не указано"),
        "id": text("organization_id", "не указан"),
        "тип": text("organization_type", "не указан"),
        "муниципалитет": text("municipality_shown", "не указан"),
        "статус": Status(row["status"]).label,
        "доля": percent(None if share is None or pd.isna(share) else float(share)),
        "не_хватает": "нет данных" if lacking is None or pd.isna(lacking) else number(int(lacking)),
        "что_делать": text("what_to_do", "действий не требуется"),
    }
