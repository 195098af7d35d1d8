"""The tables of «Справка»: indicators, statuses, norms and the activity rules on three organizations."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache, lru_cache

import pandas as pd
import pyarrow as pa

from sferum_core.checks import catalogue as checks_catalogue
from sferum_core.indicators import INDICATORS
from sferum_core.model import ExportKind, Limits, Status
from sferum_core.norms import ActivityRule, NormProfile, band_text, load_profile, profile_names
from sferum_core.organizations import rule_activity
from sferum_core.reading.fields import FIELDS
from sferum_core.reading.refusals import catalogue
from sferum_ui.components.tables import text_cells
from sferum_ui.theme import status_text

STATUS_MEANINGS = {
    Status.INACTIVE: "Так указано в файле, а если не указано – так решило правило активности профиля.",
    Status.BELOW_NORM: "Доля меньше нижней границы нормы.",
    Status.TARGET_MISSED: "Доля не достигла цели. Так говорится, когда задана только цель, без нормы.",
    Status.WITHIN_NORM: "Доля между границами нормы, обе границы – норма.",
    Status.TARGET_MET: "Доля больше цели.",
    Status.LEADER: "Доля больше отметки лидера.",
    Status.NO_NORM: "Для этого типа организаций документы нормы не дают.",
    Status.NO_DATA: "Нет числителя или знаменателя, знаменатель равен нулю или тип организации не известен.",
}

EXAMPLES = pd.DataFrame(
    {
        "organization": [
            "Два администратора, педагогов нет",
            "Один педагог, администратора нет",
            "Администратор и три педагога",
        ],
        "admins_registered": [2, 0, 1],
        "teachers_registered": [0, 1, 3],
        "students_registered": [0, 0, 0],
    }
)


@lru_cache(maxsize=100)
def shown(made: Callable[..., pd.DataFrame], *of: Hashable) -> pa.Table:
    """One of these tables ready for `short_table`, made once: the page shows them all on every click."""
    table = made(*of)
    return text_cells({name: table[name] for name in table.columns})


def indicators_table() -> pd.DataFrame:
    """A row an indicator: name, numerator, denominator, what is counted, source."""
    return pd.DataFrame(
        [
            {
                "Показатель": item.name,
                "Что считается": item.description,
                "От чего": " + ".join(_title(code) for code in item.denominator) or "число, без доли",
                "Источник": item.source,
            }
            for item in INDICATORS.values()
        ]
    )


def _title(code: str) -> str:
    if code == "organizations_registered":
        return "все организации"
    return FIELDS[code].title.lower() if code in FIELDS else code


def statuses_table() -> pd.DataFrame:
    """A row a status: sign with word, meaning."""
    return pd.DataFrame(
        [
            {"Статус": status_text(status), "Что значит": meaning}
            for status, meaning in STATUS_MEANINGS.items()
        ]
    )


def rules_table(profile: NormProfile) -> pd.DataFrame:
    """A row a rule of the profile: whom, which indicator, the band, the source."""
    return pd.DataFrame(
        [
            {
                "Кого": ", ".join(level.label for level in rule.levels),
                "Тип": ", ".join(rule.types) or "все",
                "Показатель": INDICATORS[rule.indicator].short_name,
                "Норма и цель": band_text(rule),
                "Источник": rule.source,
            }
            for rule in profile.rules
        ]
    )


def activity_table() -> pd.DataFrame:
    """The same three organizations under each rule of activity."""
    counts = EXAMPLES.drop(columns="organization").astype("Int64")
    result = pd.DataFrame({"Организация": EXAMPLES["organization"]})
    for rule in ActivityRule:
        active = rule_activity(counts, rule)
        result[RULE_TITLES[rule]] = ["✓ активна" if value else "⏻ не активна" for value in active]
    return result


RULE_TITLES = {
    ActivityRule.TWO_USERS: "Два пользователя",
    ActivityRule.BEYOND_ADMIN: "Кто-то, кроме администратора",
    ActivityRule.THREE_TEACHERS: "Три педагога",
}


def activity_sources() -> pd.DataFrame:
    """Each rule in words, its document, and the profiles that use it."""
    profiles = [load_profile(name) for name in profile_names()]
    return pd.DataFrame(
        [
            {
                "Правило": RULE_TITLES[rule],
                "Организация активна, если": rule.label,
                "Источник": rule.source,
                "Профили": ", ".join(p.title for p in profiles if p.activity_rule == rule) or "–",
            }
            for rule in ActivityRule
        ]
    )


def refusals_table() -> pd.DataFrame:
    """A row a reason why a file isn't read: sentence, advice, code."""
    return pd.DataFrame(catalogue(Limits()), columns=["Код", "Что написано", "Что сделать"])[
        ["Что написано", "Что сделать", "Код"]
    ]


def kinds_table() -> pd.DataFrame:
    """What kinds of tables the reader tells apart."""
    seen = {
        ExportKind.ORGANIZATIONS: "Строка – организация: ID, название, тип, муниципалитет и числа по ней.",
        ExportKind.MUNICIPALITIES: "Строка – муниципалитет: участники, активные, доля.",
        ExportKind.DOO_STAFF: "Строка – муниципалитет: зарегистрированные и активные сотрудники ДОО.",
        ExportKind.TEACHERS: "Строка – педагог за 7 дней: сообщения, звонки, связь с ЭЖД. Складывается "
        "в показатели организаций.",
        ExportKind.DISTANCE_LESSONS: "«Дистанционные уроки» из «Сетевого Города»: дети, уроки, дистанционные "
        "уроки, участники.",
        ExportKind.CALL_PARTICIPANTS: "Строка – вход участника в звонок: имя, время входа и выхода или длительность.",
        ExportKind.REGISTRY: "Свой список организаций: названия, ИНН, адреса, численность.",
    }
    return pd.DataFrame([{"Таблица": kind.label, "Что в ней": text} for kind, text in seen.items()])


@cache
def _catalogue() -> pd.DataFrame:
    return checks_catalogue()


def check_groups() -> list[str]:
    """What the checks are about, in the catalogue's order."""
    return list(dict.fromkeys(_catalogue()["group"]))


def checks_table(group: str) -> pd.DataFrame:
    """A row a check of the group: how grave, what it is, when it speaks, what to do then."""
    known = _catalogue()
    titles = {"title": "Проверка", "severity": "Важность", "when": "Когда", "advice": "Что делать"}
    rows = known.loc[known["group"].eq(group), list(titles)]
    return rows.set_axis(list(titles.values()), axis="columns").reset_index(drop=True)
