"""The launcher: serves sferum_ui/main.py, plus a readiness route for scripts and monitoring."""

from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sferum_ui import errors


async def ready(request: Request) -> JSONResponse:
    """Answer 200 once the server takes requests."""
    return JSONResponse({"status": "ready"})


app = st.App(
    Path(__file__).parent / "sferum_ui" / "main.py",
    routes=[Route("/api/ready", ready, methods=["GET"])],
    on_script_error=errors.show,
)

if __name__ == "__main__":
    app.run()
