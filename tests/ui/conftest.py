"""Small hand-made exports and the app under AppTest."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from sferum_core.access import Role
from sferum_core.model import (
    ColumnMatch,
    Export,
    ExportKind,
    Finding,
    Limits,
    Period,
    Severity,
    Source,
    UnreadableFile,
)
from sferum_store import open_store, settings
from sferum_store.settings import DATABASE_FILE
from sferum_ui import access, housekeeping, identity

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "sferum_ui" / "main.py"

TEXT = ["organization_id", "organization", "organization_type", "municipality", "full_name", "role"]
PEOPLE = {
    Role.MUNICIPALITY: "mun@example.ru",
    Role.REGION: "region@example.ru",
    Role.ADMINISTRATOR: "admin@example.ru",
}


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """The dtypes of the contract: str, Int64, boolean."""
    result = frame.copy()
    for column in result.columns:
        if column in TEXT:
            result[column] = result[column].astype("str")
        elif column in ("is_active", "linked"):
            result[column] = result[column].astype("boolean")
        elif column == "date":
            result[column] = pd.to_datetime(result[column])
        else:
            result[column] = result[column].astype("Int64")
    return result


def organizations_table() -> pd.DataFrame:
    """Six organizations of two municipalities: one of each status of chelyabinsk-2024 and one untyped."""
    return typed(
        pd.DataFrame(
            {
                "organization_id": ["0001", "0002", "0003", "0004", "0005", "0006"],
                "organization": [
                    "Детский сад № 1 «Ёлочка»",
                    "Детский сад № 2",
                    "СОШ № 3",
                    "СОШ № 4",
                    "Лицей № 5 [центр](http://x)",
                    "Техникум связи",
                ],
                "organization_type": ["ДОО", "ДОО", "ОО", "ОО", "ОО", "СПО"],
                "municipality": ["Озёрный район"] * 3 + ["г. Лесной"] * 3,
                "is_active": [False, True, True, True, True, True],
                "admins_registered": [1, 1, 1, 1, 1, 1],
                "teachers_total": [10, 20, 50, 40, 30, 20],
                "teachers_registered": [0, 20, 50, 40, 30, 20],
                "teachers_active": [0, 1, 2, 6, 12, 5],
                "teachers_10_messages": [0, 1, 2, 6, 12, 5],
                "students_registered": [0, 0, 400, 300, 200, 100],
            }
        )
    )


def make_export(
    kind: ExportKind = ExportKind.ORGANIZATIONS,
    table: pd.DataFrame | None = None,
    *,
    filename: str = "week.xlsx",
    findings: tuple[Finding, ...] = (),
    also: tuple[Export, ...] = (),
    columns: tuple[ColumnMatch, ...] | None = None,
    period: Period | None = None,
) -> Export:
    """An export as the reader would return it, with one total row left out."""
    table = organizations_table() if table is None else table
    left_out = pd.DataFrame(
        {"sheet": ["Лист1"], "row": [9], "reason": ["итоговая строка"], "text": ["Итого"]}
    )
    if columns is None:
        columns = tuple(
            ColumnMatch(
                number=number, header=f"Заголовок {name}", field=name, confidence=0.95, samples=("5", "7")
            )
            for number, name in enumerate(table.columns)
        )
    return Export(
        kind=kind,
        table=table,
        period=period or Period(start=dt.date(2024, 3, 29), end=dt.date(2024, 4, 4)),
        columns=columns,
        findings=findings,
        left_out=left_out,
        source_rows=len(table) + 1,
        source=Source(filename=filename, sha256="0" * 64, format="xlsx", sheets=("Лист1",)),
        also=also,
    )


def teachers_export(filename: str = "teachers.xlsx") -> Export:
    """A table with people's names (invented)."""
    table = typed(
        pd.DataFrame(
            {
                "date": ["2024-04-04"] * 2,
                "full_name": ["Ёлкина Вера Тестовна", "Соснин Пётр Пробович"],
                "role": ["teacher", "teacher"],
                "linked": [True, False],
                "messages": [18, 0],
                "calls": [0, 0],
            }
        )
    )
    return make_export(ExportKind.TEACHERS, table, filename=filename)


WARNING = Finding(
    code="share_mismatch",
    severity=Severity.WARNING,
    message="Доля в файле не сходится с числами",
    advice="Проверьте строку в исходной таблице.",
    sheet="Лист1",
    row=5,
    column="Доля",
    value="*12,5*",
)
ERROR = Finding(code="no_municipality", severity=Severity.ERROR, message="Нет столбца с муниципалитетом")


class FakeReader:
    """Stands in for the reader: what each file name gives."""

    def __init__(self) -> None:
        self.files: dict[str, Export | UnreadableFile | Exception] = {}
        self.mappings: list[Mapping[str | int, str] | None] = []

    def __call__(
        self,
        content: bytes,
        filename: str,
        mapping: Mapping[str | int, str] | None = None,
        limits: Limits | None = None,
    ) -> Export:
        self.mappings.append(mapping)
        outcome = self.files[filename]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> FakeReader:
    """The reader replaced; also the demo's."""
    fake = FakeReader()
    monkeypatch.setattr("sferum_ui.intake.read_export", fake)
    monkeypatch.setattr("sferum_ui.demo.read_export", fake)
    return fake


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database with nothing in it yet."""
    path = tmp_path_factory.mktemp("database") / DATABASE_FILE
    store = open_store(f"sqlite:///{path}")
    store.close()
    return path


@pytest.fixture(autouse=True)
def fresh_caches(new_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No dataset of another test is open or kept."""
    folder = tmp_path / "data"
    folder.mkdir()
    for part in new_database.parent.glob(f"{DATABASE_FILE}*"):
        shutil.copy(part, folder / part.name)
    monkeypatch.setenv("SFERUM_DATA_DIR", str(folder))
    settings.cache_clear()
    st.cache_resource.clear()
    st.cache_data.clear()
    monkeypatch.setattr(housekeeping.keeper, "watch", lambda store: None)  # its test starts one itself
    yield
    settings.cache_clear()


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Signs a browser in by the proxy's headers; "" is a stranger."""
    now = {"email": ""}
    monkeypatch.setenv("SFERUM_SIGN_IN", "headers")
    monkeypatch.setenv("SFERUM_ADMINISTRATORS", PEOPLE[Role.ADMINISTRATOR])
    settings.cache_clear()
    monkeypatch.setattr(access, "_of_request", lambda store: identity.by_email(store, now["email"]))
    monkeypatch.setattr(access, "_FRESH", 0.0)
    yield lambda email: now.update(email=email)


@pytest.fixture
def app() -> Callable[..., AppTest]:
    """Start the app, on a page and with a query if given."""

    def start(page: str | None = None, **query: str) -> AppTest:
        test = AppTest.from_file(str(MAIN), default_timeout=60)
        for name, value in query.items():
            test.query_params[name] = value
        test.run()
        if page is not None:
            test.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
        return test

    return start
