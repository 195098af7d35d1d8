"""Люди и роли: who may do what in this office, for the administrator."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sferum_core.access import ALLOWED, GIVEN_ROLES, Act, Role
from sferum_core.names.municipalities import municipality_display
from sferum_store import StoreError
from sferum_ui import access, library, state
from sferum_ui.components import escape_markdown, short_table

_SAID = "_people_said"
HOW = {
    "none": "Сейчас вход не нужен: приложение открыто тому, кто сидит за этим компьютером, и разрешено всё. "
    "Как включить вход, сказано в README, раздел «Кто что может».",
    "password": "Сейчас вход по одному паролю управления: вошедший может всё. Роли людей понадобятся при входе через "
    "учётные записи организации или прокси.",
}


def show() -> None:
    """The list, a form to add or change, a button to remove."""
    note = HOW.get(access.mode())
    if note:
        st.info(note)
    said = st.session_state.pop(_SAID, "")
    if said:
        st.success(said)
    known = library.store().access.people()
    if known:
        short_table(
            pd.DataFrame(
                {
                    "Почта": [one.email for one in known],
                    "Роль": [one.role.label for one in known],
                    "Муниципалитет": [one.municipality or "все" for one in known],
                    "Назначено": [f"{one.added_at.astimezone():%d.%m.%Y}" for one in known],
                }
            ),
            alt="Люди и роли",
        )
    else:
        st.write(
            "Пока никому роль не назначена. Первых администраторов называет настройка SFERUM_ADMINISTRATORS."
        )
    _form()
    if known:
        _removal([one.email for one in known])


def _form() -> None:
    with st.form("people_form"):
        st.markdown("**Назначить или изменить роль**")
        email = st.text_input("Электронная почта", key="people_email", max_chars=254)
        role = st.selectbox("Роль", GIVEN_ROLES, format_func=lambda one: one.label, key="people_role")
        place = st.selectbox(
            "Муниципалитет (для редактора муниципалитета)",
            municipalities(),
            index=None,
            accept_new_options=True,
            placeholder="Выберите или напишите",
            key="people_place",
        )
        if st.form_submit_button("Сохранить", type="primary"):
            _put(email, Role(role or Role.MUNICIPALITY), place or "")


def municipalities() -> list[str]:
    """Municipalities of the open data, to choose from."""
    opened = state.current()
    if opened is None or "municipality" not in opened.sums_table:
        return []
    return sorted(municipality_display(opened.sums_table["municipality"]).values())


def _put(email: str, role: Role, place: str) -> None:
    try:
        member = library.store().access.put(email, role, place)
    except StoreError as error:
        st.error(f"{escape_markdown(error.message)} {error.advice}")
        return
    st.session_state[_SAID] = f"{escape_markdown(member.email)}: {member.role.label}."
    st.rerun()


def _removal(emails: list[str]) -> None:
    with st.form("people_removal"):
        st.markdown("**Убрать роль**")
        email = st.selectbox("Чью", emails, key="people_gone")
        if st.form_submit_button("Убрать") and email:
            try:
                library.store().access.remove(email)
            except StoreError as error:
                st.error(f"{error.message} {error.advice}")
                return
            st.session_state[_SAID] = f"{escape_markdown(email)}: роль убрана."
            st.rerun()


def permissions() -> None:
    """«Кто что может» for Справка."""
    roles = (Role.VIEWER, *GIVEN_ROLES)
    short_table(
        pd.DataFrame(
            [
                {
                    "Действие": act.label,
                    **{role.label: "да" if act in ALLOWED[role] else "–" for role in roles},
                }
                for act in Act
            ]
        ),
        alt="Кто что может: действия по ролям",
    )
