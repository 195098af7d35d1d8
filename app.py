"""The launcher: serves sferum_ui/main.py, short addresses of links, and a readiness route."""

import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route
from streamlit import config

from sferum_ui import access, checking, demo, errors, faults, intake, routes, signing, uploads

# A thread that computes lets the others go on ten times sooner than Python's 5 ms: beside a viewer who uploads 100,000
# rows, half of the others' clicks are answered within 0.2 s rather than 0.26 s, the slowest twentieth in 4 s rather than 6.
sys.setswitchinterval(0.0005)

faults.keep_messages_out_of_logs()

# The server's own bound on uploads and its names are the settings', whatever .streamlit/config.toml says.
SERVER: dict[str, Any] = {
    "server.maxUploadSize": intake.most_megabytes(),
    "server.allowedHosts": access.hosts(),
    "logger.enableRich": False,  # it would write an error's message
}
for _option, _value in SERVER.items():
    config.set_option(_option, _value)

app = st.App(
    Path(__file__).parent / "sferum_ui" / "main.py",
    routes=[
        Route("/api/ready", routes.ready, methods=["GET"]),
        Route("/upload", routes.start, methods=["GET"]),
        Route("/s/{token}", routes.shared, methods=["GET"]),
        Route(f"/{signing.SIGN_IN}", signing.sign_in, methods=["GET", "POST"]),
        Route(f"/{signing.SIGN_OUT}", signing.sign_out, methods=["GET", "POST"]),
        Route(f"/{signing.KEEP}", signing.keep, methods=["POST"]),
    ],
    middleware=[Middleware(uploads.Gate, most_bytes=uploads.MOST_FILES * intake.most_megabytes() << 20)],
    on_script_error=errors.show,
)

# Weeks of the demo are ready when somebody compares them: reading and checking them took its first viewer seconds.
threading.Thread(
    target=access.of_the_server(partial(demo.read_ahead, checking.usually)), name="demo", daemon=True
).start()

if __name__ == "__main__":
    app.run(config=SERVER)
