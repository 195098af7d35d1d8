"""Пакет недели: the answer, the parts, the letter's fields kept in the session, the zip made beside the page."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import IO

import docx
import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from sferum_core.model import ExportKind
from sferum_core.reports.package import Part
from sferum_core.reports.templates import sample_template
from sferum_ui.cache import Dataset
from sferum_ui.jobs import Job
from tests.ui.conftest import make_export
from tests.ui.reports import HOSTILE, keep, open_page, plain, region_table, texts

OFFERED = [part for part in Part if part is not Part.RECONCILIATION]  # without a registry it is not
PAGE = "week_package"


@pytest.fixture(autouse=True)
def dataset(fresh_caches: None) -> Iterator[Dataset]:
    yield keep(make_export, ExportKind.ORGANIZATIONS, region_table())


def made(app: AppTest) -> zipfile.ZipFile:
    """Press the button, wait for the work beside the page, run the page again."""
    app.button(key="pkg_make").click().run()
    job: Job = app.session_state["_package_job"]
    job.wait(60)
    app.run()
    assert not app.exception and job.is_ready
    return zipfile.ZipFile(io.BytesIO(job.content()))


def opened(**query: str) -> AppTest:
    return open_page(PAGE, **query)


def test_the_answer_counts_the_files_of_the_archive() -> None:
    app = opened()
    answer = plain(texts(app))
    archive = made(app)
    assert f"В пакете {len(archive.namelist())} файлов одним архивом" in answer
    assert "по 10 организациям и 2 муниципалитетам" in answer


def test_parts_are_chosen_and_kept_on_the_way_to_another_page() -> None:
    app = opened()
    for part in OFFERED:
        app.checkbox(key=f"pkg_{part}").set_value(part is Part.ANNEXES)
    app.run()
    names = made(app).namelist()
    assert len(names) == 2 and all(name.startswith("Приложение") for name in names)
    kept = app.session_state["_package_parts"]
    assert {part.value: kept[part.value] for part in OFFERED} == {
        part.value: part is Part.ANNEXES for part in OFFERED
    }


def test_nothing_chosen_makes_nothing() -> None:
    app = opened()
    for part in OFFERED:
        app.checkbox(key=f"pkg_{part}").set_value(False)
    app.run()
    assert app.button(key="pkg_make").disabled
    assert "В пакет пока ничего не выбрано" in plain(texts(app))


def test_the_fields_stand_in_the_letter_and_a_wrong_date_is_told() -> None:
    app = opened(pkg_tab="Реквизиты письма")
    app.text_input(key="pkg_field_number").set_value("01-15/77")
    app.text_input(key="pkg_field_date").set_value("09.04.2024")
    app.text_input(key="pkg_field_deadline").set_value("когда-нибудь")
    app.run()
    assert any("Это не дата" in caption.value for caption in app.caption)
    archive = made(app)
    letter = docx.Document(io.BytesIO(archive.read("Письма/Письмо руководителям. 2024-04-04.docx")))
    head = "\n".join(cell.text for row in letter.tables[0].rows for cell in row.cells)
    assert "09.04.2024 № 01-15/77" in head
    assert any("в срок до ______________" in paragraph.text for paragraph in letter.paragraphs)


def test_a_change_after_the_making_asks_for_another() -> None:
    app = opened()
    made(app)
    app.checkbox(key="pkg_leaders").set_value(False).run()
    assert any("Соберите пакет заново" in caption.value for caption in app.caption)


def test_the_letter_is_shown_as_text_only() -> None:
    app = opened(pkg_tab="Посмотреть письмо")
    app.segmented_control(key="pkg_letter").set_value("Одной организации").run()
    app.selectbox(key="pkg_letter_school").select_index(1).run()
    (shown,) = (
        element.proto.body
        for element in app.get("html")
        if element.proto.body.startswith('<div class="sf-paper"')
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown and "<script>" not in shown
    assert not app.exception


def test_a_correction_of_a_name_goes_into_the_letter() -> None:
    app = opened(pkg_tab="Названия в письме")
    app.selectbox(key="pkg_case_other").set_value("Озёрный район").run()
    app.text_input(key="pkg_case_Озёрный район").set_value("Озёрного муниципального округа").run()
    archive = made(app)
    letter = docx.Document(io.BytesIO(archive.read("Письма/Муниципалитетам/Озёрный район. 2024-04-04.docx")))
    assert "Озёрного муниципального округа" in letter.tables[0].rows[0].cells[1].text


def test_the_text_for_the_chat_is_ready_to_copy() -> None:
    app = opened(pkg_tab="Текст для чата")
    (text,) = (code.value for code in app.code if code.value.startswith("Коллеги, добрый день!"))
    assert "Статистика платформы «Сферум», г. Лесной: 29.03–04.04.2024." in text
    app.selectbox(key="pkg_chat_municipality").set_value("Озёрный район").run()
    assert any(HOSTILE in code.value for code in app.code)


def test_the_offices_own_letterhead_and_form(monkeypatch: pytest.MonkeyPatch) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Организация", "Муниципалитет", "Статус"])
    form = io.BytesIO()
    book.save(form)
    app = opened()
    app.session_state["_own_docx"] = ("Бланк.docx", sample_template(), "принят")
    app.session_state["_own_xlsx"] = ("Форма.xlsx", form.getvalue(), "принята")
    app.run()
    archive = made(app)
    names = archive.namelist()
    assert "По форме учреждения/Озёрный район. 2024-04-04.xlsx" in names
    assert f"В пакете {len(names)} файл" in plain(texts(app))
    letter = docx.Document(io.BytesIO(archive.read("Письма/Муниципалитетам/Озёрный район. 2024-04-04.docx")))
    assert any("По статистике платформы" in paragraph.text for paragraph in letter.paragraphs)


def test_a_failure_is_told_and_the_page_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(package: object, target: IO[bytes], report: object) -> None:
        raise RuntimeError("disk")

    monkeypatch.setattr("sferum_ui.views.week_package.write_package", fail)
    app = opened()
    app.button(key="pkg_make").click().run()
    app.session_state["_package_job"].wait(30)
    app.run()
    assert "Пакет собрать не удалось" in app.error[0].value
    assert not app.exception and not app.button(key="pkg_make").disabled


def test_one_job_at_a_time_and_the_next_waits() -> None:
    import threading  # noqa: PLC0415

    go, started = threading.Event(), threading.Event()

    def slow(target: IO[bytes], report: object) -> None:
        started.set()
        go.wait(30)
        target.write(b"one")

    first = Job("a", slow)
    assert started.wait(10)
    second = Job("b", lambda target, report: target.write(b"two"))
    assert second.waiting and second.is_running and not first.waiting
    go.set()
    first.wait(10)
    second.wait(10)
    assert (first.content(), second.content()) == (b"one", b"two")


def test_zero_rows_still_make_a_package() -> None:
    keep(make_export, ExportKind.ORGANIZATIONS, region_table().iloc[:0])
    app = opened()
    assert not app.exception
    assert len(made(app).namelist()) >= 6
