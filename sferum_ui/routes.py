"""Plain HTTP routes beside the pages: readiness, the start page's other address, the short address of a link."""

from __future__ import annotations

from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from sferum_store import GoneReason, LinkGone, StoreError, TooMany
from sferum_ui import library, links, sharing, signing

_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


async def ready(request: Request) -> Response:
    """Answer 200 once the server takes requests."""
    return JSONResponse({"status": "ready"})


async def start(request: Request) -> Response:
    """The start page by its own name: Streamlit serves a default page at the root only."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"./{query}", status_code=307, headers=_HEADERS)


async def shared(request: Request) -> Response:
    """On to the page of a link with its filters; a link that opens nothing goes to the start page, which says why."""
    try:
        target = await run_in_threadpool(_target, request)
    except TooMany as error:
        answer = signing.page(
            "Слишком много неверных ссылок", f"<p>{escape(error.message)} {escape(error.advice)}</p>", 429
        )
        answer.headers["Retry-After"] = str(error.seconds)
        return answer
    return RedirectResponse(f"../{target}", status_code=303, headers=_HEADERS)


def _target(request: Request) -> str:
    token = request.path_params["token"]
    try:
        store = library.whole_store()
        return sharing.path_of(sharing.looked_up(store, token, signing.address_of(request, store)), token)
    except TooMany:
        raise
    except LinkGone as error:
        return f"?{links.LINK}={'x' if error.reason is GoneReason.UNKNOWN else sharing.plain(token)}"
    except StoreError:
        return f"?{links.LINK}={sharing.plain(token)}"
