"""Signing in with the office password: plain HTTP beside the pages, so that no script ever reads the session's cookie."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets
import threading
import time
from html import escape
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sferum_store import Action, Bound, Store, StoreError, passwords
from sferum_ui import access, identity, library, tickets
from sferum_ui.tickets import Ticket

SIGN_IN, SIGN_OUT, KEEP = "sign-in", "sign-out", "sign-keep"
_FORM_COOKIE = "sferum_form"
_NEXT = re.compile(r"[a-z_]{0,40}(\?[^\s\\<>\"']{0,1500})?")
_MOST_BODY = 8_000
WINDOW = dt.timedelta(minutes=15)
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
}
_one_at_a_time = threading.Lock()  # a hash takes 64 MiB and a tenth of a second

_PAGE = """<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – Сферум-отчёты</title>
<style>
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f5f7fa; color: #1c2530;
  font: 16px/1.5 'Golos Text', 'Segoe UI', 'PT Sans', sans-serif }}
main {{ box-sizing: border-box; width: min(26rem, 92vw); padding: 2rem; background: #fff; border: 1px solid #d9dfe7;
  border-radius: 8px }}
.app {{ margin: 0 0 .75rem; color: #4a5563; font-weight: 600 }}
h1 {{ margin: 0 0 .5rem; font-size: 1.4rem }}
label {{ display: block; margin: 1rem 0 .25rem }}
input {{ box-sizing: border-box; width: 100%; padding: .6rem; font: inherit; border: 1px solid #8a94a3; border-radius: 8px;
  background: #fff; color: inherit }}
button {{ margin-top: 1rem; width: 100%; padding: .65rem; font: inherit; font-weight: 600; color: #fff; background: #1f5fd0;
  border: 0; border-radius: 8px; cursor: pointer }}
.wrong {{ padding: .6rem .8rem; background: #fdeee6; color: #8a2f08; border-radius: 8px }}
a {{ color: #1f5fd0 }}
@media (prefers-color-scheme: dark) {{
  body {{ background: #0e1117; color: #e8edf4 }} main {{ background: #1a1f2b; border-color: #343d4b }}
  input {{ background: #0e1117; border-color: #98a2b1 }} .wrong {{ background: #40210f; color: #fca05e }}
  .app {{ color: #b3bdca }} a {{ color: #86b8fc }} }}
</style></head><body><main><p class="app">Сферум-отчёты</p><h1>{title}</h1>{body}</main></body></html>"""


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """A plain page in the app's look, which no script runs on and nobody may frame."""
    return HTMLResponse(_PAGE.format(title=escape(title), body=body), status_code=status, headers=HEADERS)


async def sign_in(request: Request) -> Response:
    """The form, and what it sends."""
    if access.mode() != "password":
        return page("Вход по паролю не включён", '<p><a href="./">На главную</a></p>', 404)
    try:
        store = await run_in_threadpool(library.whole_store)
        if request.method != "POST":
            return await run_in_threadpool(_form, request, store, request.query_params.get("next", ""))
        fields = await _fields(request)
        return await run_in_threadpool(_checked, request, store, fields)
    except StoreError as error:
        return page("Данные сейчас недоступны", f"<p>{escape(str(error))}</p>", 503)


async def sign_out(request: Request) -> Response:
    """Asks on GET, signs out on POST."""
    store = await run_in_threadpool(library.whole_store)
    if request.method != "POST":
        return await run_in_threadpool(_leave_form, request, store)
    fields = await _fields(request)
    return await run_in_threadpool(_left, request, store, fields)


async def keep(request: Request) -> Response:
    """A used page says so: the cookie's time without use starts anew."""
    if access.mode() != "password" or not _same_site(request):
        return Response(status_code=404, headers=HEADERS)
    return await run_in_threadpool(_kept, request)


def _kept(request: Request) -> Response:
    store = library.whole_store()
    ticket = identity.ticket(store, request.cookies.get(tickets.COOKIE, ""))
    if ticket is None:
        return Response(status_code=401, headers=HEADERS)
    answer = Response(status_code=204, headers=HEADERS)
    _give(request, answer, store, Ticket(ticket.session, ticket.started, int(time.time()), ticket.mark))
    return answer


def bound(store: Store) -> Bound:
    """How many wrong passwords are borne."""
    return Bound("password", store.settings.sign_in_failures, store.settings.sign_in_failures * 20, WINDOW)


def _checked(request: Request, store: Store, fields: dict[str, str]) -> Response:
    after = fields.get("next", "")
    if not _is_ours(request, store, fields):
        return _form(request, store, after, "Форма устарела. Введите пароль ещё раз.", 400)
    address = address_of(request, store)
    with _one_at_a_time:
        wait = store.attempts.wait_seconds(bound(store), address)
        if wait:
            minutes = max(1, -(-wait // 60))
            answer = _form(
                request, store, after, f"Слишком много неверных паролей. Повторите через {minutes} мин.", 429
            )
            answer.headers["Retry-After"] = str(wait)
            return answer
        store.attempts.failed(bound(store), address)  # first, so that a broken-off request counts too
        known = identity.password_hash(store)
        right = passwords.matches(fields.get("password", ""), known)
        if right:
            store.attempts.succeeded(bound(store), address)
    if not right:
        store.audit.record(Action.SIGN_IN_FAILED)
        return _form(
            request,
            store,
            after,
            "Пароль не подошёл. Проверьте язык и Caps Lock; забытый пароль меняет администратор сервера.",
            403,
        )
    now = int(time.time())
    key = store.access.secret()
    store.audit.record(Action.SIGNED_IN, who=identity.OFFICE)
    answer = RedirectResponse(f"./{safe_next(after)}", status_code=303, headers=HEADERS)
    _give(request, answer, store, Ticket(secrets.token_urlsafe(18), now, now, tickets.mark_of(known, key)))
    return answer


def _left(request: Request, store: Store, fields: dict[str, str]) -> Response:
    if not _is_ours(request, store, fields):
        return _leave_form(request, store)
    ticket = identity.ticket(store, request.cookies.get(tickets.COOKIE, ""))
    if ticket is not None:
        until = dt.datetime.fromtimestamp(ticket.started, dt.UTC) + dt.timedelta(
            hours=store.settings.sign_in_hours
        )
        store.access.sign_out(ticket.session, until)
        store.audit.record(Action.SIGNED_OUT, who=identity.OFFICE)
    answer = RedirectResponse("./", status_code=303, headers=HEADERS)
    answer.delete_cookie(
        tickets.COOKIE, path="/", httponly=True, samesite="lax", secure=_is_secure(request, store)
    )
    return answer


def _form(request: Request, store: Store, after: str, wrong: str = "", status: int = 200) -> Response:
    token, fresh = _form_token(request, store)
    note = f'<p class="wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
    if not identity.password_hash(store):
        note += (
            '<p class="wrong">Пароль управления ещё не задан. Администратор задаёт его командой '
            "<code>python -m sferum_store password</code>.</p>"
        )
    answer = page(
        "Вход",
        f"<p>Пароль управления нужен, чтобы загружать выгрузки и менять данные. Ссылки коллег открываются без него.</p>"
        f'{note}<form method="post" action="{SIGN_IN}"><label for="password">Пароль управления</label>'
        f'<input id="password" name="password" type="password" autocomplete="current-password" required autofocus '
        f'maxlength="{passwords.MOST_CHARACTERS}"><input type="hidden" name="form" value="{token}">'
        f'<input type="hidden" name="next" value="{escape(safe_next(after))}"><button>Войти</button></form>',
        status,
    )
    return _with_form_cookie(request, answer, store, fresh)


def _leave_form(request: Request, store: Store) -> Response:
    token, fresh = _form_token(request, store)
    answer = page(
        "Выйти?",
        f'<p>Чтобы снова загружать выгрузки и менять данные, понадобится пароль.</p><form method="post" '
        f'action="{SIGN_OUT}"><input type="hidden" name="form" value="{token}"><button>Выйти</button></form>'
        f'<p><a href="./">Остаться</a></p>',
    )
    return _with_form_cookie(request, answer, store, fresh)


def _form_token(request: Request, store: Store) -> tuple[str, str]:
    known = request.cookies.get(_FORM_COOKIE, "")[:100]
    value = known or secrets.token_urlsafe(18)
    return _token_of(value, store), "" if known else value


def _token_of(value: str, store: Store) -> str:
    return hmac.new(store.access.secret(), f"form {value}".encode(), hashlib.sha256).hexdigest()


def _is_ours(request: Request, store: Store, fields: dict[str, str]) -> bool:
    known = request.cookies.get(_FORM_COOKIE, "")[:100]
    sent = fields.get("form", "")
    return (
        bool(known)
        and _same_site(request)
        and hmac.compare_digest(sent.encode(), _token_of(known, store).encode())
    )


def _same_site(request: Request) -> bool:
    return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def _with_form_cookie(request: Request, answer: Response, store: Store, fresh: str) -> Response:
    if fresh:
        answer.set_cookie(
            _FORM_COOKIE, fresh, path="/", httponly=True, samesite="strict", secure=_is_secure(request, store)
        )
    return answer


def _give(request: Request, answer: Response, store: Store, ticket: Ticket) -> None:
    answer.set_cookie(
        tickets.COOKIE,
        tickets.sign(ticket, store.access.secret()),
        max_age=store.settings.sign_in_hours * 3600,
        path="/",
        httponly=True,
        samesite="lax",
        secure=_is_secure(request, store),
    )


def _is_secure(request: Request, store: Store) -> bool:
    said = (
        request.headers.get("x-forwarded-proto", "")
        if identity.is_peer(store.settings, peer_of(request))
        else ""
    )
    return "https" in (request.url.scheme, said)


def peer_of(request: Request) -> str:
    """The address the request comes from, as the server knows it."""
    return request.client.host if request.client else ""


def address_of(request: Request, store: Store) -> str:
    """The visitor's address, behind a known proxy too."""
    return identity.client_address(store.settings, peer_of(request), request.headers)


def safe_next(after: str) -> str:
    """A page of this app with its filters; anything else is the start page."""
    return after if _NEXT.fullmatch(after) else ""


async def _fields(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BODY:
            return {}
    try:
        found = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}
