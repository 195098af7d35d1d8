"""«Управление»: settings that hold everywhere, corrections for later files, head counts, confirmed columns."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import FakeReader, make_export, organizations_table
from streamlit.testing.v1 import AppTest
from test_archive import text_of

from sferum_core.model import ColumnMatch, ExportKind
from sferum_store import CorrectedField, Correction
from sferum_ui import cache, corrections, intake, library
from sferum_ui.views.office import staff_counts

Start = Callable[..., AppTest]
REGION = "Пробная область"


def set_office(**values: object) -> None:
    library.store().office.change({"region": REGION, **values})


def test_settings_are_saved_and_hold(app: Start) -> None:
    test = app("office")
    assert not test.exception
    named = {field.label: field for field in test.text_input}
    named["Название управления"].set_value("Отдел образования")
    named["Регион"].set_value(REGION)
    named["Адрес приложения для коллег"].set_value("http://192.168.1.10:8501")
    next(button for button in test.button if button.label == "Сохранить").click().run()
    assert not test.exception
    assert test.success[0].value == "Настройки сохранены."
    kept = library.store().office.current()
    assert (kept.name, kept.region) == ("Отдел образования", REGION)
    assert library.store().office.address() == "http://192.168.1.10:8501"


def test_a_wrong_address_gets_its_sentence(app: Start) -> None:
    test = app("office")
    next(field for field in test.text_input if field.label.startswith("Адрес")).set_value("192.168.1.10")
    next(button for button in test.button if button.label == "Сохранить").click().run()
    assert "начинается с http" in test.error[0].value


def test_corrections_need_a_region_first(app: Start) -> None:
    test = app("office", off_tab="Исправления")
    assert not test.exception
    assert "Сначала укажите регион" in test.info[0].value


def test_a_correction_holds_for_the_next_file_and_is_told(app: Start, reader: FakeReader) -> None:
    set_office()
    library.store().corrections.add(REGION, Correction(CorrectedField.TYPE, "0006", "ДПО"))
    library.store().corrections.add(REGION, Correction(CorrectedField.TEACHERS_TOTAL, "0001", 99))
    reader.files["week.xlsx"] = make_export()
    test = app()
    test.file_uploader[0].set_value([("week.xlsx", b"x", "")]).run()
    assert not test.exception
    table = cache.lookup(test.query_params["data"]).export.table.set_index("organization_id")
    assert table.loc["0006", "organization_type"] == "ДПО"
    assert table.loc["0001", "teachers_total"] == 99
    assert "по исправлениям управления изменено 1" in text_of(test).replace("\\", "")


def test_an_undone_correction_no_longer_holds(app: Start) -> None:
    set_office()
    store = library.store()
    store.corrections.add(REGION, Correction(CorrectedField.NAME, "0001", "Другое имя"), by="Отдел")
    (record,) = store.corrections.history(REGION)
    test = app("office", off_tab="Исправления")
    assert "Другое имя" in text_of(test)
    test.button(key=f"off_undo_{record.number}").click().run()
    assert not test.exception
    assert "Другое имя" not in text_of(test)
    assert corrections.corrected(make_export()).table.equals(organizations_table())


def test_a_correction_is_made_on_the_page(app: Start) -> None:
    set_office()
    dataset = cache.keep_export(make_export())
    test = app("office", off_tab="Исправления", data=dataset.id)
    test.selectbox(key="off_field").select(CorrectedField.NAME).run()
    next(one for one in test.selectbox if one.label == "Организация").select_index(2)
    next(
        field for field in test.text_input if field.label == "Как правильно" and not field.placeholder
    ).set_value("Школа № 3")
    next(button for button in test.button if button.label == "Исправить").click().run()
    assert not test.exception
    (made,) = library.store().corrections.for_region(REGION)
    assert (made.subject, made.value) == ("0003", "Школа № 3")


def test_head_counts_of_a_registry() -> None:
    found = staff_counts(organizations_table().drop(columns="students_registered"))
    assert len(found) == 6
    assert found[0] == Correction(CorrectedField.TEACHERS_TOTAL, "0001", 10)
    assert staff_counts(organizations_table().drop(columns="organization_id")) == []


def columns(*fields: str | None) -> tuple[ColumnMatch, ...]:
    return tuple(
        ColumnMatch(number=number, header=f"Столбец {number}", field=field, confidence=0.9)
        for number, field in enumerate(fields)
    )


def test_columns_confirmed_once_are_used_for_the_next_file(reader: FakeReader) -> None:
    export = make_export(columns=columns("organization_id", None))
    corrections.remember_mapping(export, {"Столбец 1": "teachers_active"}, "Отдел")
    reader.files["next.xlsx"] = export
    again = intake.read(intake.File("next.xlsx", b"x"))
    assert reader.mappings[-1] == {"Столбец 1": "teachers_active"}
    assert again.findings[-1].code == "mapping_remembered"
    reader.files["same.xlsx"] = make_export(columns=columns("organization_id", "teachers_active"))
    reader.mappings.clear()
    intake.read(intake.File("same.xlsx", b"x"))
    assert reader.mappings == [None], "nothing to change: the file is read once"


def test_confirmed_columns_are_listed_and_forgotten(app: Start) -> None:
    corrections.remember_mapping(make_export(columns=columns("organization_id", None)), {"Столбец 1": ""}, "")
    (kept,) = library.store().mappings.all()
    test = app("office", off_tab="Столбцы")
    assert not test.exception
    assert test.table[0].value["Что это"].tolist() == ["не используется"]
    test.button(key=f"off_forget_{kept.fingerprint[:12]}").click().run()
    assert library.store().mappings.all() == []


@pytest.mark.parametrize("kind", [ExportKind.MUNICIPALITIES, ExportKind.TEACHERS])
def test_other_tables_are_left_alone(kind: ExportKind) -> None:
    set_office()
    library.store().corrections.add(REGION, Correction(CorrectedField.NAME, "0001", "Другое имя"))
    export = make_export(kind)
    assert corrections.corrected(export).table is export.table


def test_the_offices_words_stand_in_the_steps(app: Start) -> None:
    set_office(next_steps={"closed": "Пишите нам: {region}."}, support_region="отдел сверки")
    dataset = cache.keep_export(make_export())
    card = "Детский сад № 1 «Ёлочка» · 0001"
    test = app("organization_check", data=dataset.id, org_card=card)
    assert not test.exception
    assert "Пишите нам: отдел сверки" in text_of(test).replace("\\", "")
