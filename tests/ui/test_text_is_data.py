"""Text of a file is text on every page: no link, picture, icon, colour, formula or turned direction comes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sferum_core import read_export
from sferum_core.answers import escape_markdown as escape_in_core
from sferum_ui import cache, navigation
from sferum_ui.components import escape_markdown
from tests.ui.conftest import MAIN

EVIL = (
    "=cmd|' /C calc'!A0", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", ":material/home:",
    ":red[зло] $x^2$ `код` **ж**", "{{ 7*7 }}", "..\\..\\x\u202egpj.exe",
    "http://evil.example/x www.evil.example a@evil.example", "<b>жир</b><a href='http://evil.example'>а</a>",
    "я" * 2000, "&lt;img&gt;", "@SUM(1)", "# заг", "| a | b |", "![p](http://evil.example/p.png)", "%s {0} {name}",
)  # fmt: skip
HEADERS = (
    "ID школы", "Наименование организации", "Тип", "Муниципалитет", "Зарегистрировано учителей", "Учителей всего",
    "<b>[x](javascript:1) :red[h] $x^2$</b>",
)  # fmt: skip
LIVE = re.compile(
    r"(?<!\\)\]\(|(?<!\\):material/|(?<!\\):red\[|(?<!\\)\$x|(?<!\\)`код|(?<!\\)\*\*ж|https?(?:\\?:)//evil|www\\?\.evil|a@evil"
)
RAW = re.compile(r"<img src=x|<b>жир|<a href='http|[\u202a-\u202e]")
# Kinds of elements whose words Streamlit shows as Markdown.
MARKDOWN = (
    "markdown", "alert", "heading", "expander", "button", "metric", "checkbox", "toggle", "tab", "exception", "popover",
)  # fmt: skip


def export_bytes() -> bytes:
    rows = [HEADERS]
    for number in range(48):
        evil, other = EVIL[number % len(EVIL)], EVIL[(number * 7 + 3) % len(EVIL)][:150]
        kind = ("ДОО", "ОО", "СПО")[number % 3]
        rows.append(
            (
                str(100 + number),
                f"МБОУ СОШ {evil}" if number % 2 else evil,
                kind,
                other,
                str(number % 9),
                "20",
                evil,
            )
        )
    quoted = [";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    return "\r\n".join(quoted).encode()


def elements(block: Any) -> Iterator[tuple[str, Any]]:
    for child in getattr(block, "children", {}).values():
        if getattr(child, "proto", None) is not None:
            yield child.type, child.proto
        yield from elements(child)


def strings(message: Any) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.type == field.TYPE_STRING:
            yield from (
                [value] if isinstance(value, str) else [text for text in value if isinstance(text, str)]
            )
        elif field.type == field.TYPE_MESSAGE:
            for inner in [value] if hasattr(value, "ListFields") else list(value):
                if hasattr(inner, "ListFields"):
                    yield from strings(inner)


@pytest.fixture(scope="module")
def dataset_id() -> str:
    export = read_export(
        export_bytes(), "=1 [x](javascript:1) :red[ф] http://evil.example $x^2$ <img src=x>.csv"
    )
    assert len(export.table) == 48
    return cache.keep_export(export).id


@pytest.mark.parametrize("page", [entry.name for entry in navigation.ALL_PAGES])
def test_every_page_shows_it_as_text(page: str, dataset_id: str) -> None:
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.query_params["data"] = dataset_id
    app.run()
    app.switch_page(str(next(entry.path for entry in navigation.ALL_PAGES if entry.name == page))).run()
    assert not app.exception
    found = list(elements(app._tree))
    assert len(found) > 5
    for kind, proto in found:
        for text in strings(proto):
            if kind == "html":
                assert not RAW.search(text), text[:300]
            elif kind in MARKDOWN or kind.startswith(MARKDOWN):
                hit = LIVE.search(text)
                assert not hit, text[max(0, hit.start() - 100) : hit.end() + 50]


@pytest.mark.parametrize("escape", [escape_markdown, escape_in_core])
def test_addresses_and_entities_stay_text(escape: Any) -> None:
    said = escape("http://a.ru HTTPS://a.ru www.a.ru a@a.ru &lt;b&gt;")
    assert "://" not in said and "www\\." not in said and "www.a" not in said and "@a" not in said
    assert "\\&" in said
    assert (
        said.replace("\\", "").replace("\u2060", "") == "http://a.ru HTTPS://a.ru www.a.ru a@a.ru &lt;b&gt;"
    )
