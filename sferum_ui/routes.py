"""Plain HTTP routes beside the pages: readiness, the start page's other address, the short address of a link."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from sferum_store import StoreError
from sferum_ui import library, links, sharing

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
    target = await run_in_threadpool(_target, request.path_params["token"])
    return RedirectResponse(f"../{target}", status_code=303, headers=_HEADERS)


def _target(token: str) -> str:
    try:
        return sharing.path_of(library.store().links.open(token), token)
    except StoreError:
        return f"?{links.LINK}={sharing.plain(token)}"
