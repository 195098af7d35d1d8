"""Norm profiles: bands by level and organization type, rules of activity, each with its document."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from sferum_core.exact import exceeds
from sferum_core.indicators import GROUP_INDICATORS, SHARE_INDICATORS, Denominator
from sferum_core.model import OrganizationType, Status
from sferum_core.profile_errors import russian_error
from sferum_core.wording import NO_BREAK_SPACE

FOLDER = Path(__file__).parent / "norm_profiles"
BUILT_IN = ("chelyabinsk-2024", "tomsk-2024", "max-2025")
PROFILE_CHARACTERS = 64 * 1024


class ProfileError(ValueError):
    """A profile that can't be used. `message` is a Russian sentence or several, one a line."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message


class UnknownProfileError(ProfileError, KeyError):
    """No built-in profile has this name."""


class Level(StrEnum):
    """Whom a rule judges."""

    ORGANIZATION = "organization"
    MUNICIPALITY = "municipality"
    REGION = "region"

    @property
    def label(self) -> str:
        """Russian name for the screen."""
        return {"organization": "организация", "municipality": "муниципалитет", "region": "регион"}[
            self.value
        ]


class ActivityRule(StrEnum):
    """When an organization is active, if the file does not say."""

    TWO_USERS = "two_users"
    BEYOND_ADMIN = "beyond_admin"
    THREE_TEACHERS = "three_teachers"

    @property
    def label(self) -> str:
        """The rule in Russian words."""
        return _RULES[self][0]

    @property
    def source(self) -> str:
        """The document the rule comes from."""
        return _RULES[self][1]


_RULES = {
    ActivityRule.TWO_USERS: (
        "зарегистрировано не менее двух пользователей: администраторов, педагогов или обучающихся",
        "000, «Показатели статистики»",
    ),
    ActivityRule.BEYOND_ADMIN: (
        "зарегистрирован хотя бы один пользователь, кроме администратора",
        "000, письмо от 09.04.2024 № 1151",
    ),
    ActivityRule.THREE_TEACHERS: (
        "зарегистрировано не менее трёх педагогов (вход администратора и заполненные данные, о которых тоже "
        "говорит документ, в выгрузке не видны и не проверяются)",
        "003, «Алгоритм действий для учеников/родителей»",
    ),
}

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
Named = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=9, decimal_places=4)]


def _fraction(percent: Decimal | None) -> Fraction | None:
    return None if percent is None else Fraction(percent) / 100


def _share(percent: Decimal | None) -> float | None:
    return None if percent is None else float(Fraction(percent) / 100)


class Rule(BaseModel):
    """One rule: norm from `low` to `high` (both belong to the norm), target, leader's mark.

    The fields are percent, as the documents print them; `low`, `high`, `target`, `leader` are the same as
    fractions (float), for charts and tables. Verdicts come from `judge`, which compares exactly.
    The target is passed by more than its figure, or from its figure on when `target_inclusive`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    levels: tuple[Level, ...] = Field(min_length=1, max_length=3)
    types: tuple[OrganizationType, ...] = Field(default=(), max_length=6)
    indicator: str
    low_percent: Percent | None = None
    high_percent: Percent | None = None
    target_percent: Percent | None = None
    target_inclusive: bool = False
    leader_percent: Percent | None = None
    source: Text = ""

    @field_validator("indicator")
    @classmethod
    def _known_indicator(cls, value: str) -> str:
        if value not in GROUP_INDICATORS:
            raise ValueError(f"показателя «{value[:60]}» нет в каталоге")
        return value

    @model_validator(mode="after")
    def _sensible(self) -> Rule:
        low, high, target, leader = (
            self.low_percent,
            self.high_percent,
            self.target_percent,
            self.leader_percent,
        )
        if low is None and target is None:
            raise ValueError("укажите нижнюю границу нормы или цель")
        if high is not None and (low is None or target is None):
            raise ValueError("верхняя граница нормы имеет смысл только вместе с нижней и с целью")
        if low is not None and high is not None and high < low:
            raise ValueError("верхняя граница нормы меньше нижней")
        if low is not None and target is not None and target < (low if high is None else high):
            raise ValueError("цель меньше границы нормы")
        if leader is not None and (target is None or leader < target):
            raise ValueError("порог лидера задаётся вместе с целью и не может быть меньше неё")
        if target is not None and target == 100 and not self.target_inclusive:
            raise ValueError("больше 100 % недостижимо: укажите цель «100 % и более»")
        if self.indicator not in SHARE_INDICATORS and Level.ORGANIZATION in self.levels:
            raise ValueError("по этому показателю нельзя оценить отдельную организацию")
        return self

    @property
    def low(self) -> float | None:
        """Lower edge of the norm, a fraction."""
        return _share(self.low_percent)

    @property
    def high(self) -> float | None:
        """Upper edge of the norm, a fraction."""
        return _share(self.high_percent)

    @property
    def target(self) -> float | None:
        """The target, a fraction."""
        return _share(self.target_percent)

    @property
    def leader(self) -> float | None:
        """The leader's mark, a fraction."""
        return _share(self.leader_percent)

    @property
    def exact_low(self) -> Fraction | None:
        """Lower edge of the norm, exact."""
        return _fraction(self.low_percent)

    @property
    def exact_target(self) -> Fraction | None:
        """The target, exact."""
        return _fraction(self.target_percent)

    @property
    def exact_leader(self) -> Fraction | None:
        """The leader's mark, exact."""
        return _fraction(self.leader_percent)


class NormProfile(BaseModel):
    """A set of rules an office judges by. `types=()` in a rule means all types together."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(pattern=r"^[\w][\w. -]{0,79}$", strip_whitespace=True)]
    title: Named
    region: Text = ""
    source: Text = ""
    caution: Text = ""
    main_indicator: str
    activity_rule: ActivityRule
    activity_source: Text = ""
    denominator: Denominator = Denominator.REGISTERED
    leader_min_count: int = Field(default=5, ge=1, le=1000)
    rules: tuple[Rule, ...] = Field(default=(), max_length=100)

    @field_validator("main_indicator")
    @classmethod
    def _known_indicator(cls, value: str) -> str:
        if value not in SHARE_INDICATORS:
            raise ValueError(f"показателя «{value[:60]}» нет среди долей каталога")
        return value

    @model_validator(mode="after")
    def _one_rule_a_case(self) -> NormProfile:
        seen: set[tuple[str, str, str]] = set()
        for rule in self.rules:
            for level in rule.levels:
                for kind in rule.types or ("",):
                    case = (level.value, str(kind), rule.indicator)
                    if case in seen:
                        whom = str(kind) or "все типы"
                        raise ValueError(f"два правила об одном: {level.label}, {whom}, {rule.indicator}")
                    seen.add(case)
        return self

    def rule(
        self, level: Level | str, organization_type: OrganizationType | str | None, indicator: str
    ) -> Rule | None:
        """The rule for a level, a type (None: types mixed or unknown) and an indicator, or None.

        A rule that names the type goes before a rule for all types.
        """
        fitting = [rule for rule in self.rules if rule.indicator == indicator and level in rule.levels]
        for rule in fitting:
            if organization_type is not None and organization_type in rule.types:
                return rule
        return next((rule for rule in fitting if not rule.types), None)

    def band_text(self, rule: Rule | None) -> str:
        """The rule in Russian: «норма 2,5–5 %, цель – более 5 %»."""
        return band_text(rule)


def _figure(percent: Decimal) -> str:
    text = f"{percent:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def band_text(rule: Rule | None) -> str:
    """A rule in Russian: «норма 2,5–5 %, цель – более 5 %»; «норма не задана» for no rule."""
    if rule is None:
        return "норма не задана"
    sign = f"{NO_BREAK_SPACE}%"
    parts = []
    if rule.low_percent is not None and rule.high_percent is not None:
        parts.append(f"норма {_figure(rule.low_percent)}–{_figure(rule.high_percent)}{sign}")
    elif rule.low_percent is not None:
        parts.append(f"норма от {_figure(rule.low_percent)}{sign}")
    if rule.target_percent is not None:
        figure = _figure(rule.target_percent)
        parts.append(
            f"цель – {figure}{sign} и более" if rule.target_inclusive else f"цель – более {figure}{sign}"
        )
    if rule.leader_percent is not None:
        parts.append(f"лидер – более {_figure(rule.leader_percent)}{sign}")
    return ", ".join(parts)


def judge(numerator: pd.Series, denominator: pd.Series, rule: Rule | None) -> np.ndarray:
    """Statuses (strings) under one rule, on unrounded values; no rule: `no_norm`, no data: `no_data`."""
    size = len(numerator)
    if rule is None:
        return np.full(size, Status.NO_NORM.value, dtype=object)
    result = np.full(size, Status.NO_DATA.value, dtype=object)
    good = (numerator.notna() & denominator.notna() & (denominator > 0).fillna(False)).to_numpy(dtype=bool)
    above = numerator.to_numpy(dtype="int64", na_value=0)[good]
    below = denominator.to_numpy(dtype="int64", na_value=0)[good]
    low, target, leader = rule.exact_low, rule.exact_target, rule.exact_leader
    if low is None:
        found = np.full(len(above), Status.TARGET_MISSED.value, dtype=object)
    else:
        reached = exceeds(above, below, low, inclusive=True)
        found = np.where(reached, Status.WITHIN_NORM.value, Status.BELOW_NORM.value).astype(object)
    if target is not None:
        found[exceeds(above, below, target, inclusive=rule.target_inclusive)] = Status.TARGET_MET.value
    if leader is not None:
        found[exceeds(above, below, leader, inclusive=False)] = Status.LEADER.value
    result[good] = found
    return result


def profile_names() -> list[str]:
    """Names of the built-in profiles."""
    return list(BUILT_IN)


@cache
def load_profile(name: str) -> NormProfile:
    """A built-in profile by name. UnknownProfileError (a ProfileError and a KeyError) for any other name."""
    if name not in BUILT_IN:
        known = ", ".join(f"«{item}»" for item in BUILT_IN)
        raise UnknownProfileError(f"Профиля норм «{str(name)[:80]}» нет. Есть: {known}.")
    return parse_profile((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def parse_profile(text: str) -> NormProfile:
    """A profile from TOML text. ProfileError with Russian sentences when it can't be one."""
    if len(text) > PROFILE_CHARACTERS:
        raise ProfileError("Файл профиля слишком большой: в нём должны быть только нормы.")
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError, ArithmeticError) as error:
        where = re.search(r"line (\d+)", str(error))
        place = f" (строка {where.group(1)})" if where else ""
        raise ProfileError(f"Файл профиля не читается как TOML{place}.") from error
    return make_profile(data)


def make_profile(data: Mapping[str, Any]) -> NormProfile:
    """A profile from fields (an editor's form, a parsed file). ProfileError with Russian sentences."""
    try:
        return NormProfile.model_validate(dict(data))
    except ValidationError as error:
        lines = dict.fromkeys(russian_error(dict(item)) for item in error.errors(include_url=False))
        raise ProfileError("\n".join(lines)) from error


def dump_profile(profile: NormProfile) -> str:
    """TOML text that `parse_profile` reads back to an equal profile."""
    lines = [f"# Профиль норм «{_comment(profile.title)}»; пороги – в процентах.", *_pairs(profile)]
    for rule in profile.rules:
        lines += ["", "[[rules]]", *_pairs(rule)]
    return "\n".join(lines) + "\n"


def _pairs(model: BaseModel) -> list[str]:
    return [
        f"{name} = {_toml(value)}"
        for name, value in model
        if name != "rules" and value is not None
    ]  # fmt: skip


def _comment(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int):
        return str(value)
    return _quoted(str(value))


def _quoted(text: str) -> str:
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(escapes.get(letter) or _safe(letter) for letter in text) + '"'


def _safe(letter: str) -> str:
    code = ord(letter)
    return f"\\u{code:04X}" if code < 0x20 or 0x7F <= code < 0xA0 else letter
