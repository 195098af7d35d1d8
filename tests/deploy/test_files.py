"""The administrator's files name what is really there."""

from __future__ import annotations

import re
import tomllib

import pytest

from sferum_store import Settings, load_settings
from sferum_store.settings import PREFIX
from sferum_ui.identity import SECRET_HEADER, allowed_hosts
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
PORTS = {"8501", "8502"}


def test_the_image_holds_every_part_of_the_app() -> None:
    copied = {
        name
        for line in (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
        if line.startswith("COPY ")
        for name in line.split()[1:-1]
    }
    packages = {path.name for path in ROOT.iterdir() if path.name.startswith("sferum_")}
    assert {"app.py", "requirements.txt", ".streamlit", "assets", "pages", *packages} <= copied
    assert all((ROOT / name).exists() for name in copied)
    let_through = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    assert copied == let_through


@pytest.mark.parametrize("name", ["sferum.env.example", "compose.yaml", "sferum@.service", "Dockerfile"])
def test_settings_are_those_of_the_app(name: str) -> None:
    named = set(re.findall(rf"\b{PREFIX}([A-Z_]+)", (DEPLOY / name).read_text(encoding="utf-8")))
    assert {one.lower() for one in named} <= set(Settings.model_fields)
    assert named


def test_the_replicas_have_the_same_ports_everywhere() -> None:
    site, compose = ((DEPLOY / name).read_text(encoding="utf-8") for name in ("nginx.conf", "compose.yaml"))
    assert set(re.findall(r"\b127\.0\.0\.1:(\d+)", site)) == PORTS
    assert set(re.findall(r'"~:(\d+)\$"', site)) == PORTS, "the cookie is told by the port"
    assert set(re.findall(r'PORT: "(\d+)"', compose)) == PORTS
    assert set(re.findall(r"sferum@(\d+)", (DEPLOY / "sferum@.service").read_text(encoding="utf-8"))) == PORTS


def test_an_upload_that_the_app_takes_passes_the_proxy() -> None:
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    size = re.search(r"client_max_body_size (\d+)m;", site)
    assert size is not None
    assert int(size[1]) * 2**20 > Settings.model_fields["limit_file_bytes"].default + 2**20


def test_nobody_outside_says_who_signed_in() -> None:
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    set_headers = re.findall(r'^ +proxy_set_header (\S+) "";', site, re.MULTILINE)
    assert {Settings.model_fields["header_user"].default, SECRET_HEADER} <= set(set_headers)
    assert "location ^~ /_stcore/ {\n        return 404;" in site
    assert "location = /_stcore/health {" in site
    assert "Referrer-Policy no-referrer" in site


def test_the_server_refuses_requests_from_other_sites() -> None:
    with (ROOT / ".streamlit" / "config.toml").open("rb") as file:
        server = tomllib.load(file)["server"]
    assert server["enableXsrfProtection"] is True
    assert server["enableCORS"] is True
    assert server["address"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("given", "hosts"),
    [
        ({}, []),
        ({"public_url": "https://otchety.example.ru"}, []),
        (
            {"public_url": "https://otchety.example.ru:8443", "sign_in": "password"},
            ["otchety.example.ru", "localhost", "127.0.0.1"],
        ),
        ({"sign_in": "password"}, []),
    ],
)
def test_with_sign_in_only_the_known_host_is_served(given: dict[str, str], hosts: list[str]) -> None:
    assert allowed_hosts(load_settings(**given)) == hosts
