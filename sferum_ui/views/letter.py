"""The text of a letter to the head of one organization, made of its card."""

from __future__ import annotations

import pandas as pd

from sferum_core import wording
from sferum_core.model import Status
from sferum_core.norms import Level, NormProfile
from sferum_core.organizations import OrganizationCard


def letter_text(card: OrganizationCard, profile: NormProfile, period: str | None) -> str:
    """Plain text: what the platform shows for the period, the norm, what is missing, numbered steps."""
    name = card.identity.get("organization", "без названия")
    number = card.identity.get("organization_id")
    about = f"{name} (ID {number})" if number else name
    when = f"за период {period}" if period else "за отчётный период"
    lines = [
        "Уважаемый руководитель!",
        "",
        f"По статистике платформы «Сферум» {when} у организации {about} – статус «{card.status.label}».",
        *_main_line(card, profile),
    ]
    if card.steps:
        lines += ["", "Просим:"]
        lines += [f"{place}. {step.text}" for place, step in enumerate(card.steps, start=1)]
    return "\n".join(lines)


def _main_line(card: OrganizationCard, profile: NormProfile) -> list[str]:
    found = card.indicators[card.indicators["indicator"] == profile.main_indicator]
    if found.empty or pd.isna(found.iloc[0]["share"]):
        return []
    row = found.iloc[0]
    rule = profile.rule(Level.ORGANIZATION, card.identity.get("organization_type"), profile.main_indicator)
    line = (
        f"{row['name']}: {wording.percent(row['share'])} "
        f"({wording.number(row['numerator'])} из {wording.number(row['denominator'])})"
    )
    line += f"; {profile.band_text(rule)}." if rule else "."
    missing = row["missing"]
    if card.status is not Status.INACTIVE and not pd.isna(missing) and missing > 0:
        goal = "нормы" if rule is not None and rule.low is not None else "цели"
        line += f" До {goal} не хватает: {wording.teachers(int(missing))}."
    return [line]
