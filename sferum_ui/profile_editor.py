"""The editor of a user's own norm profile: a draft, its check, what it changes in the open file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.indicators import GROUP_INDICATORS, INDICATORS, SHARE_INDICATORS, Denominator
from sferum_core.model import ExportKind, OrganizationType
from sferum_core.norms import (
    ActivityRule,
    Level,
    NormProfile,
    ProfileError,
    dump_profile,
    make_profile,
    parse_profile,
)
from sferum_core.organizations import assess_organizations
from sferum_ui import cache, links, profiles, state
from sferum_ui.components import download_file, escape_markdown, short_table
from sferum_ui.theme import status_text

DRAFT = "_profile_draft"
GENERATION = "_profile_generation"
MAX_RULES = 30
MAX_CHARACTERS = 20
PERCENTS = {
    "low_percent": "Норма от, %",
    "high_percent": "до, %",
    "target_percent": "Цель, %",
    "leader_percent": "Лидер, %",
}


@st.fragment
def editor() -> None:
    """Fields of the chosen profile, live preview, «Применить», a file to keep and to bring back.

    Some thirty fields: an edit draws them anew, and not the rest of «Справка».
    """
    base = state.profile()
    draft = _draft(base)
    generation: int = st.session_state[GENERATION]
    fields = _head_fields(draft, generation)
    fields["rules"] = _rules(draft, generation)
    try:
        edited = make_profile(fields)
    except ProfileError as error:
        st.error(
            "Так профиль применить нельзя:  \n" + "  \n".join(map(escape_markdown, error.message.split("\n")))
        )
        _upload()
        return
    _preview(base, edited)
    with st.container(horizontal=True):
        if st.button("Применить", type="primary", key="profile_apply"):
            _apply(edited)
            st.rerun()
        download_file(
            "Скачать профиль",
            dump_profile(edited),
            "профиль_норм.toml",
            "application/toml",
            "profile_download",
        )
        st.button("Вернуть как было", key="profile_reset", on_click=_forget)
    _upload()


def _draft(base: NormProfile) -> dict[str, Any]:
    """The draft being edited, begun anew when another profile is chosen."""
    key = state.profile_key()
    kept = st.session_state.get(DRAFT)
    if kept is None or kept["key"] != key:
        st.session_state[GENERATION] = st.session_state.get(GENERATION, 0) + 1
        rules = [{"id": number, **rule.model_dump()} for number, rule in enumerate(base.rules)]
        kept = {"key": key, "rules": rules, "next": len(rules), "profile": base}
        st.session_state[DRAFT] = kept
    return kept


def _head_fields(draft: dict[str, Any], generation: int) -> dict[str, Any]:
    base: NormProfile = draft["profile"]
    is_own = draft["key"].startswith(profiles.OWN_PREFIX)
    left, right = st.columns(2)
    with left:
        title = st.text_input(
            "Название",
            base.title if is_own else f"{base.title}, свой вариант",
            key=f"p{generation}_title",
            max_chars=200,
        )
        main = st.selectbox(
            "Главный показатель",
            SHARE_INDICATORS,
            index=SHARE_INDICATORS.index(base.main_indicator),
            format_func=lambda code: INDICATORS[code].name,
            key=f"p{generation}_main",
        )
        least = st.number_input(
            "Наименьшее число педагогов у лидера", 1, 1000, base.leader_min_count, key=f"p{generation}_least"
        )
    with right:
        rule = st.selectbox(
            "Организация активна (если в файле не сказано)",
            list(ActivityRule),
            index=list(ActivityRule).index(base.activity_rule),
            format_func=lambda item: item.label,
            key=f"p{generation}_activity",
        )
        denominator = st.selectbox(
            "Доли педагогов считать от",
            list(Denominator),
            index=list(Denominator).index(base.denominator),
            format_func=lambda item: item.label,
            key=f"p{generation}_denominator",
        )
        source = st.text_input("Источник норм", base.source, key=f"p{generation}_source", max_chars=1000)
    return {
        "name": base.name if is_own else f"own-{base.name}",
        "title": title,
        "region": base.region,
        "source": source,
        "caution": base.caution,
        "main_indicator": main,
        "activity_rule": rule,
        "activity_source": base.activity_source if rule == base.activity_rule else "",
        "denominator": denominator,
        "leader_min_count": least,
    }


def _rules(draft: dict[str, Any], generation: int) -> list[dict[str, Any]]:
    edited = []
    for number, rule in enumerate(draft["rules"], start=1):
        with st.container(border=True):
            edited.append(_rule(rule, f"p{generation}_r{rule['id']}", number))
            st.button(
                "Убрать правило",
                key=f"p{generation}_remove_{rule['id']}",
                type="tertiary",
                on_click=_remove_rule,
                args=(rule["id"],),
            )
    if len(draft["rules"]) < MAX_RULES:
        st.button("Добавить правило", key=f"p{generation}_add", on_click=_add_rule)
    return edited


def _rule(rule: dict[str, Any], key: str, number: int) -> dict[str, Any]:
    whom, what = st.columns(2)
    with whom:
        levels = st.multiselect(
            f"Правило {number}: кого",
            list(Level),
            rule["levels"],
            format_func=lambda level: level.label,
            key=f"{key}_levels",
            placeholder="Выберите",
        )
    with what:
        indicator = st.selectbox(
            "Показатель",
            GROUP_INDICATORS,
            index=GROUP_INDICATORS.index(rule["indicator"]),
            format_func=lambda code: INDICATORS[code].name,
            key=f"{key}_indicator",
        )
    types = st.multiselect(
        "Типы организаций",
        list(OrganizationType),
        rule["types"],
        format_func=lambda item: item.label,
        key=f"{key}_types",
        placeholder="Все типы вместе",
    )
    values: dict[str, Any] = {}
    for column, (name, label) in zip(st.columns(len(PERCENTS)), PERCENTS.items(), strict=True):
        with column:
            text = st.text_input(label, percent_text(rule[name]), key=f"{key}_{name}", placeholder="нет")
            values[name] = percent_value(text)
    inclusive = st.toggle(
        "Цель достигнута и ровно на этом значении", rule["target_inclusive"], key=f"{key}_inclusive"
    )
    return {
        "levels": tuple(levels),
        "types": tuple(types),
        "indicator": indicator,
        "target_inclusive": inclusive,
        "source": rule["source"],
        **values,
    }


def percent_text(value: Decimal | None) -> str:
    """«2,5» from Decimal("2.5"); "" for none."""
    return "" if value is None else f"{value.normalize():f}".replace(".", ",")


def percent_value(text: str) -> str | None:
    """What the user wrote as a number for the profile's check; None for an empty field."""
    return text[:MAX_CHARACTERS].strip().removesuffix("%").strip().replace(",", ".") or None


def _add_rule() -> None:
    draft = st.session_state[DRAFT]
    draft["rules"].append(
        {
            "id": draft["next"],
            "levels": (Level.ORGANIZATION, Level.MUNICIPALITY),
            "types": (),
            "indicator": "teachers_active",
            "low_percent": None,
            "high_percent": None,
            "target_percent": Decimal(25),
            "target_inclusive": False,
            "leader_percent": None,
            "source": "",
        }
    )
    draft["next"] += 1


def _remove_rule(rule_id: int) -> None:
    draft = st.session_state[DRAFT]
    draft["rules"] = [rule for rule in draft["rules"] if rule["id"] != rule_id]


def _forget() -> None:
    st.session_state.pop(DRAFT, None)


def _apply(edited: NormProfile) -> None:
    links.write(links.NORMS, profiles.keep(edited))
    _forget()


def changes(table: pd.DataFrame, before: NormProfile, after: NormProfile) -> pd.DataFrame:
    """How many organizations go from one status to another: columns was, becomes, count, most first."""
    pairs = pd.DataFrame(
        {
            "was": assess_organizations(table, before)["status"].to_numpy(),
            "becomes": assess_organizations(table, after)["status"].to_numpy(),
        }
    )
    moved = pairs[pairs["was"] != pairs["becomes"]]
    return moved.value_counts().rename("count").reset_index()


def _changes_of(dataset: cache.Dataset, before: NormProfile, after: str) -> pd.DataFrame:
    return changes(dataset.export.table, before, parse_profile(after))


def _preview(before: NormProfile, after: NormProfile) -> None:
    opened = state.current()
    found = [opened, *cache.companions(opened)] if opened else []
    fitting = [dataset for dataset in found if dataset.export.kind is ExportKind.ORGANIZATIONS]
    if not fitting:
        st.caption(
            "Откройте выгрузку по организациям, и здесь будет видно, у скольких из них изменится статус."
        )
        return
    moved = cache.compute(_changes_of, fitting[0].id, state.profile_key(), dump_profile(after))
    total = int(moved["count"].sum()) if len(moved) else 0
    if not total:
        st.write("В открытом файле статусы организаций не изменятся.")
        return
    st.write(f"В открытом файле статус изменится у **{wording.counted(total, *IN_GENITIVE)}**:")
    rows = [
        {
            "Было": status_text(was),
            "Станет": status_text(becomes),
            "Организаций": wording.number(count),
        }
        for was, becomes, count in moved.itertuples(index=False)
    ]
    short_table(pd.DataFrame(rows), alt="Как изменятся статусы организаций")


IN_GENITIVE = ("организации", "организаций", "организаций")


def _upload() -> None:
    generation: int = st.session_state[GENERATION]
    with st.container(key="sf-profile-file"):
        file = st.file_uploader(
            "Загрузить профиль из файла .toml",
            type=["toml"],
            key=f"profile_file_{generation}",
            max_upload_size=1,
        )
    if file is None:
        return
    try:
        profile = parse_profile(file.getvalue().decode("utf-8", errors="replace"))
    except ProfileError as error:
        st.error("  \n".join(escape_markdown(line) for line in error.message.split("\n")))
        return
    _apply(profile)
    st.rerun()
