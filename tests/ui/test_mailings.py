"""«Отправлено и ответы»: a sending written down, answers marked, a list pasted, kept beyond the session."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import docx
import pytest
from streamlit.testing.v1 import AppTest

from sferum_core import load_profile
from sferum_core.mailings import LetterKind, Mailing, municipality_recipients
from sferum_core.model import ExportKind, Period
from sferum_core.names.cases import Case
from sferum_ui import library
from sferum_ui.jobs import Job
from tests.ui.conftest import make_export
from tests.ui.reports import keep, open_page, plain, press, region_table, texts

REGION = "Пробная область"
PANEL = "Отправлено и ответы"
END = dt.date(2024, 4, 4)


@pytest.fixture(autouse=True)
def dataset(fresh_caches: None):
    library.store().office.change({"region": REGION, "name": "Управление"})
    return keep(make_export, ExportKind.ORGANIZATIONS, region_table())


def panel() -> AppTest:
    return open_page("week_package", pkg_tab=PANEL)


def said(app: AppTest) -> str:
    shown = [*app.success, *app.error]
    return plain(texts(app) + "\n".join(str(one.value) for one in shown)).replace("\\", "")


def record(due: dt.date | None = None, week_end: dt.date = END) -> Mailing:
    people = municipality_recipients(["г. Лесной", "Озёрный район"])
    letter = Mailing(LetterKind.REGION, dt.date(2024, 4, 5), people, "15", due)
    return library.store().mailings.record(REGION, letter, week_end=week_end)


def test_a_sending_is_written_down_and_answers_are_marked_one_and_all() -> None:
    app = panel()
    app.text_input(key="sent_number_0_region").set_value("01-15/77")
    app.date_input(key="sent_on_0_region").set_value(dt.date(2024, 4, 9))
    app.date_input(key="sent_due_0_region").set_value(dt.date(2024, 4, 19))
    press(app, "Записать")
    assert "Записано: письмо всем руководителям, 2 адресата." in said(app)
    assert "Письмо всем руководителям от 09.04.2024 № 01-15/77" in said(app)
    assert "Ответили 0 из 2, срок прошёл у 2." in said(app)
    (kept,) = library.store().mailings.for_week(REGION, END)
    app.pills(key=f"sent_mark_{kept.id}_2").set_value([kept.recipients[0].key]).run()
    press(app, "Отметить ответы")
    assert "Ответил 1 из 2, срок прошёл у 1." in said(app)
    press(app, "Ответили все")
    assert "Ответили 2 из 2" in said(panel()), "another session sees it"
    assert "Кто ответил" not in [one.label for one in app.pills]


def test_a_pasted_list_marks_those_it_names_and_tells_the_rest() -> None:
    kept = record()
    app = panel()
    app.text_area(key=f"sent_list_{kept.id}_0").set_value("1. Озерный МР\nг. Лесново\nг. Орёл").run()
    press(app, "Отметить по списку")
    assert "Отмечено ответов: 1. Не узнаны: «г. Лесново» (может быть, г. Лесной?), «г. Орёл»." in said(app)
    assert library.store().mailings.get(kept.id).answered == 1


def test_a_sending_without_sense_is_explained() -> None:
    app = panel()
    app.date_input(key="sent_due_0_region").set_value(dt.date(2020, 1, 1))
    press(app, "Записать")
    assert "срок ответа раньше даты письма" in said(app)
    assert library.store().mailings.for_week(REGION, END) == []


def test_fields_survive_a_new_session_and_lasting_ones_go_to_the_office() -> None:
    app = open_page("week_package")
    app.text_input(key="pkg_field_number").set_value("01-15/77")
    app.text_input(key="pkg_field_deadline").set_value("19.04.2024")
    app.text_input(key="pkg_field_executor").set_value("Исполнитель И. И.")
    app.run()
    office = library.store().office.current()
    assert (office.executor, office.letterhead, office.name) == ("Исполнитель И. И.", "", "Управление")
    again = open_page("week_package")
    values = {one.key: one.value for one in [*again.text_input, *again.text_area]}
    assert values["pkg_field_number"] == "01-15/77"
    assert values["pkg_field_deadline"] == "19.04.2024"
    assert values["pkg_field_executor"] == "Исполнитель И. И."
    assert values["pkg_field_office"] == "Управление"


def test_the_next_letter_continues_the_earlier_one_and_names_who_did_not_answer() -> None:
    kept = record(dt.date(2024, 4, 3) + dt.timedelta(days=9), END - dt.timedelta(weeks=1))
    library.store().mailings.mark(kept.id, [kept.recipients[0].key], dt.date(2024, 4, 8))
    app = open_page("week_package")
    assert "Прежнее письмо – от 05.04.2024 № 15: ответил 1 из 2, срок прошёл у 1." in said(app)
    press(app, "В продолжение этого письма")
    assert app.text_input(key="pkg_field_earlier_number").value == "15"
    app.checkbox(key="pkg_name_unanswered").check().run()
    app.button(key="pkg_make").click().run()
    job: Job = app.session_state["_package_job"]
    job.wait(60)
    archive = zipfile.ZipFile(io.BytesIO(job.content()))
    letter = docx.Document(io.BytesIO(archive.read("Письма/Письмо руководителям. 2024-04-04.docx")))
    text = plain("\n".join(paragraph.text for paragraph in letter.paragraphs))
    assert "В продолжение письма от 5 апреля 2024 года № 15" in text
    assert "ответ на указанное письмо не поступил от муниципалитета: Озёрный район." in text


def test_a_correction_of_a_case_holds_for_later_sessions_and_is_taken_back() -> None:
    app = open_page("week_package", pkg_tab="Названия в письме")
    app.segmented_control(key="pkg_case").set_value(Case.DATIVE).run()
    app.selectbox(key="pkg_case_other").set_value("Озёрный район").run()
    app.text_input(key="pkg_case_datv_Озёрный район").set_value("Озёрному округу").run()
    (kept,) = library.store().case_forms.all()
    assert (kept.name, kept.case, kept.form) == ("Озёрный район", "datv", "Озёрному округу")
    again = open_page("week_package", pkg_tab="Названия в письме")
    again.segmented_control(key="pkg_case").set_value(Case.DATIVE).run()
    assert again.text_input(key="pkg_case_datv_Озёрный район").value == "Озёрному округу"
    press(again, "Вернуть по словарю")
    assert library.store().case_forms.all() == []


def test_the_archive_and_the_meeting_tell_who_is_late() -> None:
    record(dt.date(2024, 4, 12))
    export = make_export(table=region_table(), period=Period(start=dt.date(2024, 3, 29), end=END))
    library.store().weeks.save(
        export, region=REGION, profile=load_profile("chelyabinsk-2024"), verdict="Можно работать"
    )
    assert "письма: ответили 0 из 2, срок прошёл у 2" in said(open_page("archive"))
    app = open_page("meeting", meet_step="99")
    for _ in range(20):
        if app.title[0].value == "Поручения":
            break
        app.button(key="meet_back").click().run()
    assert "На письмо в срок не ответили 2 адресата: г. Лесной, Озёрный район." in said(app)
