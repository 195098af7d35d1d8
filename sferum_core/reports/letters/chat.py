"""The short text for the directors' chat: who is behind this week and what is asked for, ready to copy."""

from __future__ import annotations

import pandas as pd

from sferum_core.indicators import INDICATORS
from sferum_core.model import Period, Status
from sferum_core.norms import NormProfile
from sferum_core.reports.letters.counts import BEHIND, for_letters
from sferum_core.reports.letters.fields import LetterFields
from sferum_core.reports.letters.phrases import date_words, line
from sferum_core.waiting import acting, waiting_words
from sferum_core.wording import number, organizations

NAMES_AT_MOST = 15
NAME_CHARACTERS = 90


def chat_text(
    words: pd.DataFrame,
    profile: NormProfile,
    period: Period | str | None,
    fields: LetterFields,
    municipality: str = "",
) -> str:
    """A message under 4,000 letters. `words` is the assessed table after `with_words`, of one municipality or all.

    Names of organizations are listed up to 15 a list, the others counted. A blank deadline is left out: a chat
    has no line to write on.
    """
    when = period.label if isinstance(period, Period) else line(period or "отчётный период", 60)
    where = f", {line(municipality, 80)}" if municipality else ""
    parts = [f"Коллеги, добрый день! Статистика платформы «Сферум»{where}: {when}."]
    words = for_letters(words)
    total = len(words)
    if not total:
        return parts[0] + "\n\nОрганизаций в выгрузке нет."
    words = acting(words)
    inactive = words[words["status"] == Status.INACTIVE.value]
    behind = words[words["status"].isin([status.value for status in BEHIND])]
    mark = (
        "ниже нормы"
        if (behind["status"] == Status.BELOW_NORM.value).any() or behind.empty
        else "цель не достигнута"
    )
    indicator = INDICATORS[profile.main_indicator].short_name.lower()
    parts.append(
        f"Всего {organizations(total)}: "
        f"не активны – {number(len(inactive))}, {mark} (показатель «{indicator}») – {number(len(behind))}."
    )
    if total > len(words):
        parts.append(f"{waiting_words(total - len(words))}: в списках ниже их нет.")
    if len(inactive):
        parts.append("Не активны:\n" + _listed(inactive, with_missing=False))
    if len(behind):
        parts.append(
            f"{mark.capitalize()} (в скобках – скольких педагогов не хватает):\n"
            + _listed(behind, with_missing=True)
        )
    if len(inactive) or len(behind):
        until = f" до {date_words(fields.deadline)}" if fields.deadline else ""
        parts.append(
            f"Просим{until}: не активным – зарегистрировать педагогов по алгоритму из письма; "
            "остальным – перевести рабочие чаты на платформу. Спасибо!"
        )
    else:
        parts.append("Спасибо всем: отстающих нет!")
    return "\n\n".join(parts)


def _listed(rows: pd.DataFrame, *, with_missing: bool) -> str:
    lines = []
    for row in rows.head(NAMES_AT_MOST).to_dict("records"):
        name = row.get("organization")
        shown = "название не указано" if name is None or pd.isna(name) else line(name, NAME_CHARACTERS)
        lacking = row.get("missing_to_norm")
        lacking = row.get("missing_to_target") if lacking is None or pd.isna(lacking) else lacking
        if with_missing and lacking is not None and not pd.isna(lacking):
            shown += f" ({number(int(lacking))})"
        lines.append(f"– {shown}")
    rest = len(rows) - NAMES_AT_MOST
    if rest > 0:
        lines.append(f"– и ещё {number(rest)}")
    return "\n".join(lines)
