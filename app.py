"""The launcher: serves sferum_ui/main.py, short addresses of links, and a readiness route."""

import threading
from pathlib import Path

import streamlit as st
from starlette.routing import Route
from streamlit import config

from sferum_ui import checking, demo, errors, intake, routes

# The server's own bound on uploads is the setting's, whatever .streamlit/config.toml says.
UPLOADS = {"server.maxUploadSize": intake.most_megabytes()}
for _option, _value in UPLOADS.items():
    config.set_option(_option, _value)

app = st.App(
    Path(__file__).parent / "sferum_ui" / "main.py",
    routes=[
        Route("/api/ready", routes.ready, methods=["GET"]),
        Route("/upload", routes.start, methods=["GET"]),
        Route("/s/{token}", routes.shared, methods=["GET"]),
    ],
    on_script_error=errors.show,
)

# Weeks of the demo are ready when somebody compares them: reading and checking them took its first viewer seconds.
threading.Thread(target=demo.read_ahead, args=(checking.usually,), name="demo", daemon=True).start()

if __name__ == "__main__":
    app.run(config=UPLOADS)
