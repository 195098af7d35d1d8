"""«Загрузка»: good files, bad files, the demo, the choice of columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from conftest import ERROR, WARNING, FakeReader, make_export, organizations_table, teachers_export
from streamlit.testing.v1 import AppTest

from sferum_core.model import ColumnMatch, ExportKind, UnreadableFile
from sferum_ui import demo
from sferum_ui.upload_view import changed_mapping

Start = Callable[..., AppTest]
REFUSED = UnreadableFile(
    "html", "Это веб-страница с именем .xls.", "Откройте её в Excel и сохраните как .xlsx."
)


def upload(test: AppTest, *names: str) -> AppTest:
    """Drop files on the page."""
    test.file_uploader[0].set_value([(name, b"bytes", "application/octet-stream") for name in names]).run()
    return test


def page_text(test: AppTest) -> str:
    """All the words of the page and the sidebar."""
    parts = [
        element.value
        for kind in ("markdown", "caption", "subheader", "error", "info", "title")
        for element in getattr(test, kind)
    ]
    parts += [element.proto.body for element in test.get("html")]
    return "\n".join(str(part) for part in parts)


def test_nothing_open_says_what_to_do(app: Start) -> None:
    test = app()
    assert not test.exception
    assert test.title[0].value == "Загрузка"
    assert "Файл не открыт" in page_text(test)


def test_a_good_file_gets_its_card_and_stands_in_the_url(app: Start, reader: FakeReader) -> None:
    reader.files["week.xlsx"] = make_export(findings=(WARNING,))
    test = upload(app(), "week.xlsx")
    assert not test.exception
    text = page_text(test)
    assert "Организации · 29.03–04.04.2024 · 6\u00a0строк" in text
    assert "Можно работать, но…" in text
    shown = [value for table in test.table for value in table.value.get("Значение", [])]
    assert r"\*12,5\*" in shown, "cells are shown letter for letter"
    assert len(test.query_params["data"]) == 22


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [((), "Можно работать"), ((WARNING,), "Можно работать, но…"), ((WARNING, ERROR), "Нужно исправить")],
)
def test_the_verdict_is_that_of_the_gravest_finding(
    app: Start, reader: FakeReader, findings: tuple, verdict: str
) -> None:
    reader.files["week.xlsx"] = make_export(findings=findings)
    test = upload(app(), "week.xlsx")
    assert f" {verdict}</span>" in page_text(test)


def test_the_checks_speak_beside_the_reader_and_the_main_causes_come_first(
    app: Start, reader: FakeReader
) -> None:
    table = organizations_table()
    table.loc[table.index[0], "organization"] = "тест ДС"
    reader.files["week.xlsx"] = make_export(table=table, findings=(WARNING,))
    text = page_text(upload(app(), "week.xlsx"))
    assert "Исправьте эти 2 причины – и всё исчезнет" in text
    assert "1. Тестовые организации – 1" in text or "2. Тестовые организации – 1" in text
    assert "Что делать: Исключите их из отчёта" in text


def test_columns_known_but_not_taken_count_as_understood_and_doubtful_ones_come_first(
    app: Start, reader: FakeReader
) -> None:
    def column(
        number: int, header: str, field: str | None, confidence: float, reason: str = ""
    ) -> ColumnMatch:
        return ColumnMatch(
            number=number,
            header=header,
            field=field,
            confidence=confidence,
            reason=reason,
            samples=("<b>7</b>",),
        )

    reader.files["week.xlsx"] = make_export(
        columns=(
            column(0, "№ п/п", None, 0.98, "номер строки"),
            column(1, "Организация", "organization", 0.97, "не показывается"),
            column(2, "Прочее", None, 0.0, "слова заголовка не подходят ни к одному показателю"),
            column(3, "Учителя", "teachers_total", 0.6, "в заголовке только роль"),
        )
    )
    test = upload(app(), "week.xlsx")
    assert "Распознано 3 столбца из 4. Проверьте выделенный." in page_text(test).replace("\u00a0", " ")
    html = next(item.body for item in test.get("html") if "Мы поняли" in item.body)
    order = [html.index(header) for header in ("Учителя", "№ п/п", ">Организация<", "Прочее")]
    assert order == sorted(order)
    assert html.count('class="sf-doubt"') == 1
    for reason in ("номер строки", "слова заголовка не подходят", "в заголовке только роль"):
        assert f"<small>{reason}" in html
    assert "не показывается" not in html
    assert "&lt;b&gt;7" in html
    assert "<b>7" not in html


def test_a_bad_file_after_a_good_one_leaves_the_good_one_open(app: Start, reader: FakeReader) -> None:
    reader.files.update({"week.xlsx": make_export(), "bad.xls": REFUSED})
    test = upload(app(), "week.xlsx")
    opened = test.query_params["data"]
    upload(test, "bad.xls")
    assert not test.exception
    assert "Откройте её в Excel" in test.error[0].value
    assert test.query_params["data"] == opened
    assert "week" in test.subheader[0].value


def test_a_failure_of_the_reader_is_a_sentence_and_not_a_crash(app: Start, reader: FakeReader) -> None:
    reader.files["odd.xlsx"] = RuntimeError("C:\\secret\\path")
    test = upload(app(), "odd.xlsx")
    assert not test.exception
    assert "не удалось прочитать" in test.error[0].value
    assert "secret" not in page_text(test)


def test_one_bad_file_among_several(app: Start, reader: FakeReader) -> None:
    reader.files.update({"a.xlsx": make_export(filename="a.xlsx"), "bad.xls": REFUSED})
    test = upload(app(), "bad.xls", "a.xlsx")
    assert len(test.error) == 1
    assert test.query_params["data"]


def test_an_upload_replaces_the_demo(
    app: Start, reader: FakeReader, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "demo_2024-03-28.xlsx").write_bytes(b"")
    (tmp_path / "demo_2024-04-04.xlsx").write_bytes(b"")
    (tmp_path / "demo_teachers_2024-04-04.xlsx").write_bytes(b"")
    monkeypatch.setattr(demo, "FOLDER", tmp_path)
    reader.files.update(
        {
            "demo_2024-03-28.xlsx": make_export(filename="demo_2024-03-28.xlsx"),
            "demo_2024-04-04.xlsx": make_export(filename="demo_2024-04-04.xlsx"),
            "week.xlsx": make_export(filename="week.xlsx"),
        }
    )
    test = app()
    test.button(key="demo").click().run()
    assert not test.exception
    assert test.query_params["data"] == "demo"
    assert "Демонстрационная область" in page_text(test)
    upload(test, "week.xlsx")
    assert test.query_params["data"] != "demo"
    assert "Демонстрационная область" not in page_text(test)


def test_the_most_useful_of_several_tables_is_opened(app: Start, reader: FakeReader) -> None:
    reader.files.update({"teachers.xlsx": teachers_export(), "week.xlsx": make_export()})
    test = upload(app(), "teachers.xlsx", "week.xlsx")
    assert test.subheader[0].value.startswith("week")
    others = [button for button in test.button if button.label == "Открыть"]
    others[0].click().run()
    assert test.subheader[0].value.startswith("teachers")


def test_tables_beside_the_main_one_are_offered(app: Start, reader: FakeReader) -> None:
    reader.files["week.xlsx"] = make_export(also=(teachers_export("week.xlsx"),))
    test = upload(app(), "week.xlsx")
    [button] = [button for button in test.button if button.label.startswith("Педагоги")]
    button.click().run()
    assert not test.exception
    assert "только вы" in page_text(test) or "видна только вам" in page_text(test)


def test_columns_chosen_by_the_user_go_to_the_reader(app: Start, reader: FakeReader) -> None:
    columns = (
        ColumnMatch(number=0, header="Школа", field="organization", confidence=0.9),
        ColumnMatch(number=1, header="Учителей", field=None, confidence=0.0, samples=("5", "7")),
    )
    reader.files["week.xlsx"] = make_export(columns=columns)
    test = upload(app(), "week.xlsx")
    before = test.query_params["data"]
    test.selectbox(key="column_1").select("teachers_registered")
    [apply] = [button for button in test.button if button.label == "Применить"]
    apply.click().run()
    assert not test.exception
    assert reader.mappings[-1] == {"Учителей": "teachers_registered"}
    assert test.query_params["data"] == before, "the link stays the same"


def test_repeating_headers_are_named_by_number() -> None:
    columns = (
        ColumnMatch(number=0, header="Всего", field="teachers_total", confidence=0.6),
        ColumnMatch(number=1, header="Всего", field="students_total", confidence=0.6),
        ColumnMatch(number=2, header="ID", field="organization_id", confidence=0.9),
    )
    export = make_export(columns=columns)
    chosen = {0: "teachers_registered", 1: "students_total", 2: ""}
    assert changed_mapping(export, chosen) == {0: "teachers_registered", "ID": ""}


def test_an_unknown_table_asks_for_its_columns(app: Start, reader: FakeReader) -> None:
    columns = (ColumnMatch(number=0, header="А", field=None, confidence=0.0),)
    reader.files["odd.xlsx"] = make_export(
        ExportKind.UNKNOWN, organizations_table(), columns=columns, filename="odd.xlsx"
    )
    test = upload(app(), "odd.xlsx")
    assert "Нужно исправить" in page_text(test)
    assert (
        "organization" in test.selectbox(key="column_0").options
        or len(test.selectbox(key="column_0").options) > 20
    )


def test_files_of_one_week_open_as_one(app: Start, reader: FakeReader) -> None:
    table = organizations_table()
    for name, kind in (("ДОО.xlsx", "ДОО"), ("ОО.xlsx", "ОО")):
        part = table[table["organization_type"] == kind].reset_index(drop=True)
        export = make_export(table=part, filename=name)
        source = export.source.model_copy(update={"sha256": kind})
        reader.files[name] = replace(export, source=source)
    test = upload(app(), "ДОО.xlsx", "ОО.xlsx")
    assert not test.exception
    text = page_text(test)
    assert "Организации · 29.03–04.04.2024 · 5\u00a0строк" in text
    assert "Неделя собрана из 2\u00a0файлов" in text
    assert "Другие загруженные файлы" not in text
