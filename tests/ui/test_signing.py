"""Signing in by password: cookies, forging, throttling, the way out; links refused after many wrong ones."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from sferum_core import load_profile
from sferum_core.access import Role
from sferum_store import Action, Bound, Settings, Store, load_settings, passwords, settings
from sferum_ui import identity, library, routes, signing, tickets
from tests.ui.conftest import make_export

PASSWORD = "зелёный чайник у окна"
KEY = b"k" * 32
NOW = 1_700_000_000


def ticket(**changed: Any) -> tickets.Ticket:
    """A session begun an hour ago and used a minute ago."""
    return tickets.Ticket(**{"session": "s", "started": NOW - 3600, "seen": NOW - 60, "mark": "m", **changed})


def read(value: str, **given: Any) -> tickets.Ticket | None:
    """Read as the app does."""
    return tickets.read(value, **{"key": KEY, "now": NOW, "idle": 600, "life": 7200, "mark": "m", **given})


def test_a_cookie_is_read_back() -> None:
    assert read(tickets.sign(ticket(), KEY)) == ticket()


@pytest.mark.parametrize(
    "changed",
    [{"seen": NOW - 601}, {"started": NOW - 7201}, {"seen": NOW + 1000}, {"mark": "other"}],
)
def test_a_cookie_ends(changed: dict[str, Any]) -> None:
    assert read(tickets.sign(ticket(**changed), KEY)) is None


def test_no_cookie_can_be_forged() -> None:
    good = tickets.sign(ticket(), KEY)
    version, body, seal = good.split(".")
    other = tickets.sign(ticket(seen=NOW), b"x" * 32).split(".")
    for forged in (
        "", ".", "..", "1..", good[:-1], good + "0", f"2.{body}.{seal}", f"{version}.{other[1]}.{seal}",
        f"{version}.{body}.{other[2]}", good.upper(), good + "я", "1." + "A" * 5000 + "." + seal, ".".join(other),
        f"{version}.{body}=.{seal}",
    ):  # fmt: skip
        assert read(forged) is None, forged


def test_a_password_is_kept_as_a_hash_only() -> None:
    known = passwords.hash_of(PASSWORD)
    assert known.startswith("$argon2id$")
    assert PASSWORD not in known
    assert passwords.matches(PASSWORD, known)
    for wrong in (PASSWORD + "!", "", PASSWORD.upper(), PASSWORD + "a" * 500):
        assert not passwords.matches(wrong, known)
    assert not passwords.matches("", "")
    assert not passwords.matches(PASSWORD, "no hash at all")


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with the office password set and sign-in on."""
    monkeypatch.setenv("SFERUM_SIGN_IN", "password")
    monkeypatch.setenv("SFERUM_SIGN_IN_FAILURES", "3")
    monkeypatch.setenv("SFERUM_LINK_FAILURES", "3")
    settings.cache_clear()
    opened = library.whole_store()
    opened.access.set_password_hash(passwords.hash_of(PASSWORD))
    return opened


class Browser:
    """The plain routes behind a browser with cookies."""

    def __init__(self, address: str = "10.0.0.7") -> None:
        app = Starlette(
            routes=[
                Route("/s/{token}", routes.shared, methods=["GET"]),
                Route("/sign-in", signing.sign_in, methods=["GET", "POST"]),
                Route("/sign-out", signing.sign_out, methods=["GET", "POST"]),
                Route("/sign-keep", signing.keep, methods=["POST"]),
            ]
        )
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app, client=(address, 1234)), base_url="http://office.example"
        )

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        """One request."""
        return asyncio.run(self.client.request(method, path, **given))

    def sign_in(self, password: str, after: str = "", path: str = "/sign-in") -> httpx.Response:
        """Opens the form and sends it."""
        shown = self.ask("GET", path, params={"next": after}).text
        found = re.search(r'name="form" value="(\w+)"', shown)
        assert found is not None
        return self.ask("POST", path, data={"password": password, "form": found[1], "next": after})


@pytest.fixture
def browser(store: Store) -> Iterator[Browser]:
    """A browser that nobody signed in with."""
    return Browser()


def person(store: Store, browser: Browser) -> Role:
    """Who the pages would take this browser for."""
    return identity.by_password(store, browser.client.cookies.get(tickets.COOKIE, "")).role


def test_the_password_opens_and_comes_back_to_the_page(store: Store, browser: Browser) -> None:
    answer = browser.sign_in(PASSWORD, "organization_check?data=abc&org_type=%D0%9E%D0%9E")
    assert answer.status_code == 303
    assert answer.headers["location"] == "./organization_check?data=abc&org_type=%D0%9E%D0%9E"
    given = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(tickets.COOKIE))
    assert "HttpOnly" in given
    assert "SameSite=lax" in given
    assert "Secure" not in given, "plain http of the office's network"
    assert person(store, browser) is Role.ADMINISTRATOR
    assert next(entry.action for entry in store.audit.entries()) is Action.SIGNED_IN


@pytest.mark.parametrize(
    "after", ["//evil.example", "https://evil.example", "/\\evil", "a/b", "x?<script>", ".."]
)
def test_signing_in_leads_nowhere_else(after: str, browser: Browser) -> None:
    assert browser.sign_in(PASSWORD, after).headers["location"] == "./"


def test_a_wrong_password_is_refused_in_words_and_counted(store: Store, browser: Browser) -> None:
    for _ in range(3):
        answer = browser.sign_in("не тот пароль совсем")
        assert answer.status_code == 403
        assert "не подошёл" in answer.text
    refused = browser.sign_in(PASSWORD)
    assert refused.status_code == 429
    assert "Слишком много" in refused.text
    assert int(refused.headers["retry-after"]) > 0
    assert person(store, browser) is Role.STRANGER
    assert Browser("10.0.0.8").sign_in(PASSWORD).status_code == 303, "another address is not locked out"
    kept = store.audit.entries(action=Action.SIGN_IN_FAILED)
    assert len(kept) == 3
    assert not any("пароль" in entry.about for entry in kept)


def test_a_form_from_elsewhere_is_refused(store: Store, browser: Browser) -> None:
    assert browser.ask("POST", "/sign-in", data={"password": PASSWORD}).status_code == 400
    assert browser.ask("POST", "/sign-in", data={"password": PASSWORD, "form": "0" * 64}).status_code == 400
    shown = browser.ask("GET", "/sign-in").text
    form = re.search(r'name="form" value="(\w+)"', shown)
    assert form is not None
    stolen = Browser().ask("POST", "/sign-in", data={"password": PASSWORD, "form": form[1]})
    assert stolen.status_code == 400, "the form of another browser"
    cross = browser.ask(
        "POST",
        "/sign-in",
        data={"password": PASSWORD, "form": form[1]},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert cross.status_code == 400
    assert browser.ask("POST", "/sign-in", content=b"a" * 100_000).status_code == 400
    assert person(store, browser) is Role.STRANGER


def test_signing_out_ends_a_copied_cookie_too(store: Store, browser: Browser) -> None:
    browser.sign_in(PASSWORD)
    copied = browser.client.cookies[tickets.COOKIE]
    form = re.search(r'name="form" value="(\w+)"', browser.ask("GET", "/sign-out").text)
    assert form is not None
    assert identity.by_password(store, copied).role is Role.ADMINISTRATOR, "asking is not leaving"
    assert browser.ask("POST", "/sign-out", data={"form": form[1]}).status_code == 303
    assert identity.by_password(store, copied).role is Role.STRANGER


def test_a_new_password_signs_everybody_out(store: Store, browser: Browser) -> None:
    browser.sign_in(PASSWORD)
    store.access.set_password_hash(passwords.hash_of("совсем другой пароль"))
    assert person(store, browser) is Role.STRANGER


def test_a_used_page_keeps_its_session(store: Store, browser: Browser) -> None:
    assert browser.ask("POST", "/sign-keep").status_code == 401
    browser.sign_in(PASSWORD)
    before = browser.client.cookies[tickets.COOKIE]
    time.sleep(1.1)
    assert browser.ask("POST", "/sign-keep").status_code == 204
    assert browser.client.cookies[tickets.COOKIE] != before
    assert person(store, browser) is Role.ADMINISTRATOR
    idle = time.time() + store.settings.sign_in_idle_minutes * 60 + 5
    assert identity.ticket(store, browser.client.cookies[tickets.COOKIE], now=idle) is None


def test_pages_of_signing_in_run_no_script_and_are_not_framed(browser: Browser) -> None:
    headers = browser.ask("GET", "/sign-in").headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


def test_https_makes_the_cookie_secure(store: Store) -> None:
    browser = Browser("127.0.0.1")
    browser.client.headers["x-forwarded-proto"] = "https"
    browser.client.base_url = httpx.URL("https://office.example")
    given = browser.sign_in(PASSWORD).headers.get_list("set-cookie")
    assert all("Secure" in one for one in given)


def test_many_wrong_links_are_refused_in_words(store: Store, browser: Browser) -> None:
    saved = store.weeks.save(make_export(), region="Область", profile=load_profile("chelyabinsk-2024"))
    link = store.links.make(
        maker="m", page="organization_check", profile=load_profile("chelyabinsk-2024"), week_id=saved.week.id
    )
    for number in range(3):
        wrong = browser.ask("GET", f"/s/{'A' * 22}{number}")
        assert wrong.headers["location"] == "../?link=x"
    refused = browser.ask("GET", f"/s/{link.token}")
    assert refused.status_code == 429
    assert "Слишком много неверных ссылок" in refused.text
    assert str(link.token) not in refused.text
    other = Browser("10.0.0.9").ask("GET", f"/s/{link.token}")
    assert other.status_code == 303


def test_attempts_are_borne_by_address_and_overall(store: Store) -> None:
    bound = Bound("link", 3, 5, dt.timedelta(minutes=10))
    at = dt.datetime(2024, 4, 4, 12, tzinfo=dt.UTC)
    for number in range(5):
        store.attempts.failed(bound, f"10.0.0.{number}", at)
    assert store.attempts.wait_seconds(bound, "10.0.0.1", at) == 601
    assert store.attempts.wait_seconds(bound, "10.0.1.1", at) == 0, "who never failed is not locked out"
    assert store.attempts.wait_seconds(bound, "10.0.0.1", at + dt.timedelta(minutes=11)) == 0
    assert store.attempts.wait_seconds(Bound("password", 1, 1, bound.window), "10.0.0.1", at) == 0


SECRET = "s" * 32


def proxied(**given: Any) -> Settings:
    """Settings of an app behind a proxy."""
    return load_settings(**{"header_secret": SECRET, "administrators": "a@example.ru", **given})


@pytest.mark.parametrize(
    ("changed", "headers", "peer", "role"),
    [
        ({}, {}, "127.0.0.1", Role.ADMINISTRATOR),
        ({}, {}, "10.1.1.1", Role.STRANGER),
        ({"header_peers": "10.1.0.0/16"}, {}, "10.1.1.1", Role.ADMINISTRATOR),
        ({"header_peers": "not an address"}, {}, "10.1.1.1", Role.STRANGER),
        ({"header_secret": ""}, {}, "127.0.0.1", Role.STRANGER),
        ({"header_secret": "short"}, {"x-sferum-proxy-secret": "short"}, "127.0.0.1", Role.STRANGER),
        ({}, {"x-sferum-proxy-secret": SECRET + "x"}, "127.0.0.1", Role.STRANGER),
        ({}, {"x-sferum-proxy-secret": ""}, "127.0.0.1", Role.STRANGER),
        ({}, {"X-REMOTE-USER": "b@example.ru"}, "127.0.0.1", Role.STRANGER),
        ({}, {"x-remote-user": "nobody@example.ru"}, "127.0.0.1", Role.STRANGER),
        ({}, {"x-remote-user": " A@Example.RU "}, "127.0.0.1", Role.ADMINISTRATOR),
    ],
)
def test_headers_are_believed_from_the_proxy_only(
    changed: dict[str, Any],
    headers: dict[str, str],
    peer: str,
    role: Role,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store, "settings", proxied(**changed))
    sent = {"x-remote-user": "a@example.ru", "x-sferum-proxy-secret": SECRET, **headers}
    assert identity.by_headers(store, sent, peer).role is role


@pytest.mark.parametrize(
    ("claims", "role", "scope"),
    [
        ({"email": "a@example.ru"}, Role.ADMINISTRATOR, None),
        ({"email": "a@example.ru", "email_verified": False}, Role.STRANGER, None),
        ({"email": "a@example.ru", "email_verified": "false"}, Role.STRANGER, None),
        ({"email": "c@example.ru"}, Role.STRANGER, None),
        ({"email": "c@evil.example", "groups": ["боссы"]}, Role.STRANGER, None),
        ({"email": "c@example.ru.evil.example", "groups": ["боссы"]}, Role.STRANGER, None),
        ({"email": "c@example.ru", "groups": ["боссы", "район"]}, Role.REGION, None),
        ({"email": "c@example.ru", "groups": "район"}, Role.MUNICIPALITY, "озёрный"),
        ({"email": "c@example.ru", "groups": ["чужие"]}, Role.STRANGER, None),
        ({"email": "c@example.ru", "groups": None}, Role.STRANGER, None),
        ({"groups": ["боссы"]}, Role.STRANGER, None),
    ],
)
def test_claims_give_roles(
    claims: dict[str, Any], role: Role, scope: str | None, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = proxied(
        oidc_domains="example.ru",
        oidc_claim="groups",
        oidc_claim_roles="район=municipality:Озёрный район; боссы=region; чужие=king",
    )
    monkeypatch.setattr(store, "settings", given)
    found = identity.by_claims(store, claims)
    assert found.role is role
    assert (found.scope is None) == (scope is None)
