"""What stands where a visitor may not go on, and who is signed in."""

from __future__ import annotations

import time
from html import escape
from typing import Never
from urllib.parse import quote, urlsplit

import streamlit as st

from sferum_core.access import Act, Person, Role
from sferum_store import Action
from sferum_ui import access, library, links, signing
from sferum_ui.components.text import escape_markdown

_KEPT_AT, _NOTED = "_access_kept_at", "_access_noted"
KEEP_SECONDS = 300


def stop(act: Act) -> Never:
    """Says that this page is closed to the visitor, with the way in, and shows nothing else."""
    person = access.who()
    with st.container(border=True, key="sf-gate"):
        if person.role is Role.STRANGER:
            _way_in()
        else:
            st.title("Эта страница вам не открыта", anchor=False)
            st.write(f"Ваша роль – {person.role.label}. Чтобы {act.label}, нужна другая роль.")
            if person.role is Role.VIEWER:
                st.write("По ссылке открывается только отчёт, которым с вами поделились.")
                _sign_in_link()
    st.stop()


def _way_in() -> None:
    st.title("Войдите", anchor=False)
    how = access.mode()
    if how == "headers":
        st.write(
            "Вход делает сервер управления. Откройте приложение по его адресу или спросите администратора о роли."
        )
        return
    if how == "oidc" and st.user.to_dict().get("is_logged_in"):
        email = escape_markdown(str(st.user.to_dict().get("email") or "без адреса почты"))
        st.write(f"Вы вошли как {email}, но роли у вас нет. Попросите администратора назначить её.")
        if st.button("Войти под другим именем", key="gate_logout"):
            st.logout()
        return
    st.write(
        "Отчёты видны сотрудникам управления после входа. Ссылка, которую прислал коллега, открывается без него."
    )
    _sign_in_link()


def _sign_in_link() -> None:
    how = access.mode()
    if how == "oidc":
        if st.button("Войти", type="primary", key="gate_login"):
            st.login()
    elif how == "password":
        st.html(
            f'<p><a class="sf-way-in" href="{escape(sign_in_address())}" target="_self">Войти по паролю управления</a></p>'
        )


def sign_in_address() -> str:
    """The form, which comes back to this page."""
    here = urlsplit(links.address())
    after = here.path.rstrip("/").rpartition("/")[2] + (f"?{here.query}" if here.query else "")
    return f"{signing.SIGN_IN}?next={quote(after, safe='')}"


def signed_in() -> None:
    """Who is signed in, at the foot of the sidebar, with the way out; keeps the session of a used page."""
    person = access.who()
    if not person.identity:
        return
    _note(person)
    place = f", {person.municipality}" if person.municipality else ""
    st.caption(f"{escape_markdown(person.name)} – {person.role.label}{escape_markdown(place)}")
    how = access.mode()
    if how == "password":
        st.html(f'<a class="sf-way-out" href="{signing.SIGN_OUT}" target="_self">Выйти</a>')
        _keep()
    elif how == "oidc" and st.button("Выйти", key="sign_out", type="tertiary"):
        library.quietly(lambda store: store.audit.record(Action.SIGNED_OUT, who=person.identity))
        st.logout()


def _note(person: Person) -> None:
    """The first page of a session that somebody else signed in."""
    if access.mode() == "password" or st.session_state.get(_NOTED) == person.identity:
        return
    st.session_state[_NOTED] = person.identity
    library.quietly(lambda store: store.audit.record(Action.SIGNED_IN, who=person.identity))


def _keep() -> None:
    now = time.monotonic()
    before = st.session_state.setdefault(_KEPT_AT, now - KEEP_SECONDS)
    if now - before >= KEEP_SECONDS:
        st.session_state[_KEPT_AT] = before = now
    st.html(
        f'<script>/* {before} */ fetch("{signing.KEEP}", {{method: "POST", credentials: "same-origin"}});</script>',
        unsafe_allow_javascript=True,
    )
