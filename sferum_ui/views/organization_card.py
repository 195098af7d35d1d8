"""The card of one organization: who it is, indicators against norms, places, what to do, a letter."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from sferum_core import wording
from sferum_core.charts.organizations import bullet
from sferum_core.model import Status
from sferum_core.norms import Level, NormProfile
from sferum_core.organizations import OrganizationCard
from sferum_core.palette import Theme
from sferum_ui import corrections, history, state
from sferum_ui.cache import Dataset
from sferum_ui.components import escape_markdown, where_from
from sferum_ui.components.charts import ReadyChart, ready
from sferum_ui.theme import status_html
from sferum_ui.views import data, grid, organization_weeks
from sferum_ui.views.drawn import with_picture
from sferum_ui.views.letter import letter_text

_IDENTITY = (
    ("organization_id", "ID"),
    ("organization_type", "тип"),
    ("municipality", ""),
)
_ACTIVE_BY = {
    "stated": "так указано в файле платформы",
    "rule": "посчитано по правилу профиля",
}


def show_card(dataset: Dataset, position: int) -> None:
    """Draw the card of the organization in a row of the table."""
    weeks = history.stamp(history.earlier(dataset, organization_weeks.SPAN))
    data.drawn(_card, dataset, position, corrections.support_params(), weeks)


def _card(dataset: Dataset, position: int, support: corrections.SupportParams, weeks: str) -> None:
    profile = state.profile()
    card: OrganizationCard = data.computed(data.card, dataset, position, support)
    with st.container(border=True, key="sf-card-organization"):
        _head(card, profile)
        left, right = st.columns([3, 2], gap="large")
        with left:
            _indicators(dataset, card, profile, position)
            organization_weeks.show(dataset, position, picture_title(card))
        with right:
            _steps(card)
        if not card.indicators.empty:
            with st.expander("Показатели и места таблицей"):
                _table(card)
        _letter(dataset, card, profile)


def _head(card: OrganizationCard, profile: NormProfile) -> None:
    name = card.identity.get("organization", "Название не указано")
    facts = [
        f"{title} {card.identity[key]}".strip() if key in card.identity else f"{title} не указан".strip()
        for key, title in _IDENTITY
        if key in card.identity or title
    ]
    st.subheader(escape_markdown(name), anchor=False)
    st.html(
        f'<p class="sf-plain">{status_html(card.status)} &nbsp;·&nbsp; {escape(" · ".join(facts))}</p>'
        f'<p class="sf-plain sf-muted">{escape(activity_words(card, profile))}</p>'
    )


def activity_words(card: OrganizationCard, profile: NormProfile) -> str:
    """Whether the organization is active, and who says so."""
    if card.active is None:
        return "Активность неизвестна: в файле нет ни статуса, ни чисел, по которым её считает правило."
    word = "Активна" if card.active else "Не активна"
    by = _ACTIVE_BY.get(card.active_by or "", "")
    rule = f" ({profile.activity_rule.label})" if card.active_by == "rule" else ""
    return f"{word}: {by}{rule}." if by else f"{word}."


def picture_title(card: OrganizationCard) -> str:
    """The organization's name over a picture of its figures."""
    name = card.identity.get("organization")
    return f"{name}" if isinstance(name, str) and name.strip() else "Организация без названия"


def _indicators(dataset: Dataset, card: OrganizationCard, profile: NormProfile, position: int) -> None:
    st.markdown("**Показатели против норм**")
    frame = card.indicators
    if frame.empty:
        st.write("В файле нет чисел, из которых складываются показатели.")
        return
    judged, rest = _known(card, profile)
    if judged.empty and rest.empty:
        st.write("Показатели посчитать нельзя: нет числителя или знаменателя либо знаменатель равен нулю.")
    params = (position, corrections.support_params())
    if len(judged):
        with_picture(
            bullets, dataset, *params, True, key="org_bullet", title=picture_title(card), name="показатели"
        )
    if len(rest):
        st.caption("Без нормы – своя шкала" if len(judged) else "Норма для этих показателей не задана")
        with_picture(
            bullets,
            dataset,
            *params,
            False,
            key="org_bullet_rest",
            title=picture_title(card),
            name="показатели без нормы",
        )
    main = frame[frame["indicator"] == profile.main_indicator]
    if main.empty:
        return
    row = main.iloc[0]
    rule = profile.rule(Level.ORGANIZATION, card.identity.get("organization_type"), profile.main_indicator)
    where_from(
        f"{row['name']}: {profile.band_text(rule)}.",
        None if pd.isna(row["numerator"]) else int(row["numerator"]),
        None if pd.isna(row["denominator"]) else int(row["denominator"]),
        rows=f"строка организации «{card.identity.get('organization', '')}»",
        source=rule.source if rule else "",
        dataset=dataset,
        profile=profile,
    )


def _known(card: OrganizationCard, profile: NormProfile) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The indicators that have a share, the profile's main one first: those with a norm and the others."""
    known = card.indicators[card.indicators["share"].notna()]
    order = (known["indicator"] != profile.main_indicator).sort_values(kind="stable").index
    known = known.loc[order]
    bounds = [name for name in ("low", "high", "target") if name in known]
    has_norm = known[bounds].notna().any(axis=1)
    return known[has_norm].reset_index(drop=True), known[~has_norm].reset_index(drop=True)


def bullets(
    dataset: Dataset,
    profile: NormProfile,
    position: int,
    support: corrections.SupportParams,
    with_norm: bool,
    theme: Theme,
) -> ReadyChart:
    """The indicators of the organization in a row of the table, with a norm or without one."""
    card: OrganizationCard = data.computed(data.card, dataset, position, support)
    judged, rest = _known(card, profile)
    return ready(bullet(judged if with_norm else rest, theme=theme))


def _table(card: OrganizationCard) -> None:
    rows = indicator_rows(card.indicators)
    grid.text_table(rows, rows.columns[1:], caption="Показатели организации и её места")
    st.caption("Место – среди организаций того же типа, у которых показатель можно посчитать.")


def indicator_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """The indicators of a card as text: share, head counts, status, places, missing."""
    return pd.DataFrame(
        {
            "Показатель": frame["name"],
            "Доля": grid.percents(frame["share"]),
            "Числа": grid.of_counts(frame["numerator"], frame["denominator"]),
            "Статус": [f"{Status(code).sign} {Status(code).label}" for code in frame["status"]],
            "Не хватает": ["–" if pd.isna(count) else wording.number(count) for count in frame["missing"]],
            "В муниципалитете": _places(frame["place_municipality"], frame["of_municipality"]),
            "В регионе": _places(frame["place_region"], frame["of_region"]),
        }
    )


def _places(places: pd.Series, of: pd.Series) -> list[str]:
    return [
        "–" if pd.isna(place) else f"{wording.number(place)} из {wording.number(total)}"
        for place, total in zip(places, of, strict=True)
    ]


def _steps(card: OrganizationCard) -> None:
    st.markdown("**Что делать**")
    if not card.steps:
        st.write("Действий не требуется: показатели в порядке или норма не задана.")
        return
    items = "".join(
        f'<li>{escape(step.text)}<br><span class="sf-muted">{escape(step.source)}</span></li>'
        for step in card.steps
    )
    st.html(f'<ol class="sf-plain" style="padding-left:1.3rem;display:grid;gap:.55rem">{items}</ol>')


def _letter(dataset: Dataset, card: OrganizationCard, profile: NormProfile) -> None:
    with st.expander("Текст письма руководителю"):
        st.caption("Скопируйте кнопкой в углу или выделите текст и нажмите Ctrl + C.")
        period = dataset.export.period
        st.code(letter_text(card, profile, period.label if period else None), language=None, wrap_lines=True)
