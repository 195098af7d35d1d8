"""Every download of every page: of one row, of none left by the filters, and of every tab."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pytest
import streamlit as st

from sferum_core.model import ExportKind
from sferum_ui import cache, navigation
from tests.ui.conftest import make_export, organizations_table, typed

PAGES = [entry.name for entry in navigation.ALL_PAGES if ExportKind.ORGANIZATIONS in entry.kinds]
TABS = {
    "organization_check": ("org_tab", ("Список", "Что изменилось", "Приложения", "Сверка с реестром", "Отдельно")),
    "municipality_comparison": ("mun_tab", ("Рейтинг", "По неделям", "Все показатели", "Лидеры", "Случайность")),
    "week_package": ("pkg_tab", ("Состав", "Посмотреть письмо", "Текст для чата", "Отправлено и ответы")),
}  # fmt: skip
CASES = [
    (page, query)
    for page in PAGES
    for query in ([{TABS[page][0]: tab} for tab in TABS[page][1]] if page in TABS else [{}])
]


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """File names and builders of the downloads that a run offers."""
    found: list[tuple[str, Any]] = []
    before = st.download_button

    def button(label: str, data: Any, file_name: str, *given: Any, **named: Any) -> Any:
        found.append((file_name, data))
        return before(label, data, file_name, *given, **named)

    monkeypatch.setattr(st, "download_button", button)
    return found


def check(name: str, content: bytes | str) -> None:
    """The file is whole and is what its name says."""
    raw = content.encode() if isinstance(content, str) else content
    assert raw, name
    if name.endswith(".xlsx"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # data bars are an extension openpyxl does not keep
            book = openpyxl.load_workbook(io.BytesIO(raw))
        assert book.sheetnames[0] == "О файле"
        assert all(sheet.max_row >= 1 for sheet in book.worksheets)
    elif name.endswith(".docx"):
        assert docx.Document(io.BytesIO(raw)).paragraphs
    elif name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            assert archive.testzip() is None
            for inner in archive.namelist():
                check(inner, archive.read(inner))
    elif name.endswith(".png"):
        assert raw.startswith(b"\x89PNG")


def opened(rows: int) -> str:
    """The id of an export of so many organizations."""
    table = typed(organizations_table().iloc[:rows])
    return cache.keep_export(make_export(table=table)).id


@pytest.mark.parametrize(("page", "query"), CASES)
def test_one_organization_is_enough_for_every_download(
    page: str, query: dict[str, str], app: Callable[..., Any], offered: list[tuple[str, Any]]
) -> None:
    test = app(page, data=opened(1), **query)
    assert not test.exception
    for name, build in offered:
        check(name, build() if callable(build) else build)


@pytest.mark.parametrize("tab", ["Список", "Приложения"])
def test_what_the_filters_leave_may_be_nothing(
    tab: str, app: Callable[..., Any], offered: list[tuple[str, Any]]
) -> None:
    test = app("organization_check", data=opened(3), org_tab=tab, org_search="такой нет нигде")
    assert not test.exception
    assert offered
    for name, build in offered:
        check(name, build() if callable(build) else build)
