"""What a signed cookie says: which session, since when, when last active. Pure: the key and the clock are arguments."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass

COOKIE = "sferum_session"
_VERSION = "1"
_AHEAD = 120  # seconds by which another server's clock may be ahead
MOST = 1_000


@dataclass(frozen=True)
class Ticket:
    """A signed-in session; times are seconds since 1970. `mark` ties it to the password it was made with."""

    session: str
    started: int
    seen: int
    mark: str


def sign(ticket: Ticket, key: bytes) -> str:
    """The cookie's value."""
    said = json.dumps([ticket.session, ticket.started, ticket.seen, ticket.mark]).encode()
    body = base64.urlsafe_b64encode(said).decode().rstrip("=")
    return f"{_VERSION}.{body}.{_seal(body, key)}"


def read(value: str, key: bytes, *, now: float, idle: float, life: float, mark: str) -> Ticket | None:
    """The session of a cookie; None when it is forged, for another password, idle too long or over."""
    parts = value[:MOST].split(".")
    if len(parts) != 3 or parts[0] != _VERSION or not value.isascii():
        return None
    if not hmac.compare_digest(parts[2].encode(), _seal(parts[1], key).encode()):
        return None
    try:
        said = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        ticket = Ticket(str(said[0]), int(said[1]), int(said[2]), str(said[3]))
    except (ValueError, binascii.Error, TypeError, IndexError):
        return None
    if not hmac.compare_digest(ticket.mark.encode(), mark.encode()):
        return None
    if ticket.seen > now + _AHEAD or now - ticket.seen > idle or now - ticket.started > life:
        return None
    return ticket


def mark_of(password_hash: str, key: bytes) -> str:
    """What changes with the password."""
    return _seal("mark " + password_hash, key)[:16]


def _seal(text: str, key: bytes) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
