"""Helpers of the tests of report pages: a small region with one organization of each kind of trouble."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
from streamlit.testing.v1 import AppTest

from sferum_core.model import Export, ExportKind
from sferum_ui import cache, private
from sferum_ui.cache import Dataset, keep_export

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "sferum_ui" / "main.py"
HOSTILE = "Сад <script>alert(1)</script> **bold** $x$ :red[x] [a](http://b)"

_ROWS = [
    # id, name, type, municipality, stated, admins, total, registered, active, 10 messages, students
    ("0001", "Детский сад № 1", "ДОО", "Озёрный район", False, 1, 10, 0, 0, 0, 0),
    ("0002", HOSTILE, "ДОО", "Озёрный район", True, 1, 100, 100, 40, 2, 0),
    ("0003", "Детский сад № 3", "ДОО", "г. Лесной", True, 1, 50, 40, 20, 1, 0),
    ("0004", "Детский сад № 4", "ДОО", "г. Лесной", True, 1, 50, 50, 60, 10, 0),
    ("0005", "СОШ № 5", "ОО", "Озёрный район", True, 1, 50, 50, 9, 2, 400),
    ("0006", "СОШ № 6", "ОО", "г. Лесной", True, 1, 40, 40, 12, 6, 300),
    ("0007", "Лицей № 7", "ОО", "г. Лесной", True, 1, 30, 30, 15, 12, 200),
    ("0008", "Техникум связи", "СПО", "г. Лесной", True, 1, 20, 20, 5, 5, 100),
    ("0009", "тест ДС", "ДОО", "г. Лесной", False, 1, 0, 0, 0, 0, 0),
    ("0010", "Росток", None, "Озёрный район", True, 1, 20, 20, 5, 5, 0),
]
_COLUMNS = [
    "organization_id",
    "organization",
    "organization_type",
    "municipality",
    "is_active",
    "admins_registered",
    "teachers_total",
    "teachers_registered",
    "teachers_active",
    "teachers_10_messages",
    "students_registered",
]


def region_table() -> pd.DataFrame:
    """Ten organizations of two municipalities, in the dtypes of the contract."""
    table = pd.DataFrame(_ROWS, columns=_COLUMNS)
    kinds = dict.fromkeys(_COLUMNS[:4], "str") | {"is_active": "boolean"}
    return table.astype(kinds | dict.fromkeys(_COLUMNS[5:], "Int64"))


Make = Callable[..., Export]


def keep(make_export: Make, kind: ExportKind, table: pd.DataFrame) -> Dataset:
    """Open a table of a kind under the id «small»."""
    return keep_export(make_export(kind, table), dataset_id="small")


def open_page(page: str, **query: str | list[str]) -> AppTest:
    """The page over the dataset «small», with the query of a link."""
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.query_params["data"] = "small"
    app.run()
    return _on(app, page, query)


def open_own(page: str, export: Export, **query: str) -> AppTest:
    """The page in a session that uploaded the file itself: its table is in this session's memory only."""
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.session_state[private.KEY] = memory = private.SessionMemory()
    memory.thing("datasets", cache.MemoryStore).put(Dataset("own", export.source.filename, export))
    app.query_params["data"] = "own"
    app.run()
    return _on(app, page, query)


def _on(app: AppTest, page: str, query: Mapping[str, str | list[str]]) -> AppTest:
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
    assert not app.exception, app.exception
    return app


def texts(app: AppTest) -> str:
    """Everything written on the page, markup included."""
    parts = [*app.markdown, *app.caption, *app.subheader, *app.info, *app.title]
    return "\n".join(str(part.value) for part in parts) + "\n".join(
        str(part.body) for part in app.get("html")
    )


def plain(text: str) -> str:
    """Text without bold marks and with ordinary spaces."""
    return re.sub(r"[\u00a0\u202f]", " ", text).replace("**", "")


def press(app: AppTest, label: str) -> AppTest:
    """Click the button whose label begins so."""
    (button,) = [button for button in app.button if button.label.startswith(label)]
    button.click().run()
    assert not app.exception, app.exception
    return app
