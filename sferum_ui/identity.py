"""Who a request comes from, by each way of signing in: cookies, the proxy's headers, the provider's claims.

Plain functions over a store, headers and cookies: pages and plain HTTP routes ask the same ones.
"""

from __future__ import annotations

import hmac
import ipaddress
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from sferum_core.access import GIVEN_ROLES, Person, Role, scope_of
from sferum_store import Settings, Store, normal_email
from sferum_ui import tickets
from sferum_ui.tickets import Ticket

STRANGER = Person(Role.STRANGER)
EVERYBODY = Person(Role.ADMINISTRATOR)
"""Without sign-in the app is on one's own computer: everything is allowed."""
SECRET_HEADER = "X-Sferum-Proxy-Secret"
LEAST_SECRET = 24
OFFICE = "пароль управления"


def password_hash(store: Store) -> str:
    """The hash of the office password: the setting's, else the kept one; "" for none."""
    return store.settings.password_hash or store.access.password_hash()


def ticket(store: Store, value: str, now: float | None = None) -> Ticket | None:
    """The signed-in session of a cookie; None when there is none."""
    known = password_hash(store)
    if not value or not known:
        return None
    settings = store.settings
    key = store.access.secret()
    found = tickets.read(
        value,
        key,
        now=time.time() if now is None else now,
        idle=settings.sign_in_idle_minutes * 60,
        life=settings.sign_in_hours * 3600,
        mark=tickets.mark_of(known, key),
    )
    return None if found is None or store.access.is_signed_out(found.session) else found


def by_password(store: Store, cookie: str) -> Person:
    """The office, when its cookie holds."""
    if ticket(store, cookie) is None:
        return STRANGER
    return Person(Role.ADMINISTRATOR, OFFICE, OFFICE)


def by_headers(store: Store, headers: Mapping[str, str], peer: str) -> Person:
    """The person the proxy names; a stranger when the peer is no known proxy or does not know the secret."""
    settings = store.settings
    secret = settings.header_secret
    if len(secret) < LEAST_SECRET or not is_peer(settings, peer):
        return STRANGER
    if not hmac.compare_digest(header(headers, SECRET_HEADER).encode(), secret.encode()):
        return STRANGER
    return by_email(store, header(headers, settings.header_user))


def by_claims(store: Store, claims: Mapping[str, object]) -> Person:
    """The person the provider names. An unverified e-mail or one of a foreign domain is a stranger's."""
    settings = store.settings
    email = normal_email(str(claims.get("email") or ""))
    if claims.get("email_verified") in (False, "false"):
        return STRANGER
    domains = {part.lower().lstrip("@") for part in _parts(settings.oidc_domains)}
    if not email or (domains and email.rpartition("@")[2] not in domains):
        return STRANGER
    name = str(claims.get("name") or "")[:100]
    listed = by_email(store, email, name)
    if listed.role is not Role.STRANGER or not settings.oidc_claim:
        return listed
    said = claims.get(settings.oidc_claim)
    values = {str(one) for one in said} if isinstance(said, list | tuple) else {str(said)}
    for value, (role, place) in claim_roles(settings).items():
        if value in values:
            return _person(role, email, name, place)
    return STRANGER


def claim_roles(settings: Settings) -> dict[str, tuple[Role, str]]:
    """Roles by the claim's value, the widest first; what is not understood gives no role."""
    found: dict[str, tuple[Role, str]] = {}
    for part in settings.oidc_claim_roles.split(";"):
        value, equals, said = part.partition("=")
        role, _, place = said.strip().partition(":")
        if equals and value.strip() and role in set(GIVEN_ROLES):
            found[value.strip()] = (Role(role), place.strip())
    return dict(sorted(found.items(), key=lambda one: -GIVEN_ROLES.index(one[1][0])))


def by_email(store: Store, email: str, name: str = "") -> Person:
    """The person in the list, or a first administrator of the settings; a stranger when in neither."""
    address = normal_email(email)
    if not address:
        return STRANGER
    if address in {normal_email(one) for one in _parts(store.settings.administrators)}:
        return Person(Role.ADMINISTRATOR, address, name or address)
    member = store.access.find(address)
    return STRANGER if member is None else _person(member.role, address, name, member.municipality)


def _person(role: Role, email: str, name: str, municipality: str) -> Person:
    if role is not Role.MUNICIPALITY:
        return Person(role, email, name or email)
    return Person(role, email, name or email, scope_of(municipality), municipality)


def is_peer(settings: Settings, peer: str) -> bool:
    """Whether the address is one of the proxies."""
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return False
    for part in _parts(settings.header_peers):
        try:
            if address in ipaddress.ip_network(part, strict=False):
                return True
        except ValueError:
            continue
    return False


def client_address(settings: Settings, peer: str, headers: Mapping[str, str]) -> str:
    """Where a request comes from: what a known proxy says last, else the peer itself."""
    said = header(headers, "X-Forwarded-For").rpartition(",")[2].strip()
    return said if said and is_peer(settings, peer) else peer


def allowed_hosts(settings: Settings) -> list[str]:
    """Names under which the app is served where people sign in: against a foreign name that leads to this server.

    Empty for any: without sign-in, or where the office's address is not known.
    """
    host = urlsplit(settings.public_url).hostname
    return [] if settings.sign_in == "none" or not host else [host, "localhost", "127.0.0.1"]


def header(headers: Mapping[str, str], name: str) -> str:
    """A header's only value, whatever the case of its name; "" for none and for several that differ."""
    found = {value for key, value in headers.items() if key.lower() == name.lower()}
    return found.pop() if len(found) == 1 else ""


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
