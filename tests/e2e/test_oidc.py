"""Signing in at a real OpenID provider on loopback, in a real browser: with a role, without one, and out again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import oidc_provider_mock
import pytest

from sferum_core.access import Role
from sferum_store import open_store
from tests.conftest import COMMANDS, Server, free_port, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
ADMIN, EDITOR, NOBODY = "admin@example.ru", "editor@example.ru", "nobody@example.ru"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with sign-in by a provider that knows three people."""
    folder = tmp_path_factory.mktemp("oidc")
    port = free_port()
    with oidc_provider_mock.run_server_in_thread() as provider:
        issuer = f"http://localhost:{provider.server_port}"
        for email in (ADMIN, EDITOR, NOBODY):
            httpx.put(
                f"{issuer}/users/{email}", json={"email": email, "email_verified": True}
            ).raise_for_status()
        secrets = folder / "secrets.toml"
        secrets.write_text(
            f'[auth]\nredirect_uri = "http://localhost:{port}/oauth2callback"\ncookie_secret = "{"c" * 40}"\n'
            f'client_id = "sferum"\nclient_secret = "secret-of-this-test"\n'
            f'server_metadata_url = "{issuer}/.well-known/openid-configuration"\n',
            encoding="utf-8",
        )
        store = open_store(f"sqlite:///{folder / 'sferum.sqlite'}")
        store.access.put(EDITOR, Role.MUNICIPALITY, "Озёрный район")
        store.close()
        environment = {
            **os.environ,
            "SFERUM_DATA_DIR": str(folder),
            "SFERUM_SIGN_IN": "oidc",
            "SFERUM_ADMINISTRATORS": ADMIN,
            "SFERUM_OIDC_DOMAINS": "example.ru",
        }
        command = [
            *(part.format(port=port) for part in COMMANDS["streamlit"]),
            "--secrets.files",
            str(secrets),
        ]
        with served(command, port, folder / "log", environment, host="localhost") as server:
            yield server


def signed_in(browser: Browser, office: Server, email: str) -> Page:
    """A browser of its own, signed in at the provider."""
    page = browser.new_context(locale="ru-RU").new_page()
    page.goto(f"{office.url}/organization_check?data=demo")
    page.get_by_text("Войдите", exact=True).wait_for()
    assert "Ниже нормы" not in page.content()
    page.get_by_role("button", name="Войти").click()
    page.locator("input[name=sub]").fill(email)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(f"{office.url}/**")
    return page


def test_a_person_of_the_list_signs_in_and_out(office: Server, browser: Browser) -> None:
    page = signed_in(browser, office, EDITOR)
    page.get_by_text("редактор муниципалитета, Озёрный район").wait_for()
    page.goto(f"{office.url}/organization_check?data=demo")
    page.get_by_text("Из 62").first.wait_for()
    page.goto(f"{office.url}/office")
    page.get_by_text("Эта страница вам не открыта").wait_for()
    page.goto(f"{office.url}/help")
    page.get_by_role("button", name="Выйти").click()
    page.wait_for_url("**/oauth2/end_session**")  # the provider asks, too
    page.goto(f"{office.url}/organization_check?data=demo")
    page.get_by_text("Войдите", exact=True).wait_for()
    page.context.close()


def test_the_first_administrator_gives_roles(office: Server, browser: Browser) -> None:
    page = signed_in(browser, office, ADMIN)
    page.get_by_text("администратор", exact=False).first.wait_for()
    page.goto(f"{office.url}/office?off_tab=Люди и роли")
    page.get_by_text("editor@").first.wait_for()
    page.context.close()


def test_who_has_no_role_sees_nothing(office: Server, browser: Browser) -> None:
    page = signed_in(browser, office, NOBODY)
    page.get_by_text("но роли у вас нет").wait_for()
    assert page.locator("section[data-testid=stSidebar] a").count() == 0
    page.context.close()
