"""«Режим планёрки»: screens and their number in the address, tasks, the sheet, the way in and out, links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode

import pandas as pd
import pytest
from reports import HOSTILE, keep, plain, region_table, texts
from streamlit.testing.v1 import AppTest
from test_archive import APRIL_4, REGION, save

from sferum_core import Period
from sferum_core.mailings import LetterKind, Mailing, municipality_recipients
from sferum_core.model import ExportKind
from sferum_core.waiting import Organization
from sferum_store import Lifetime, TaskState
from sferum_store.waiting import WaitingMark
from sferum_ui import cache, library, navigation, reconciling, state
from sferum_ui.views import meeting, meeting_print, meeting_tasks
from tests.ui.conftest import make_export, typed

Start = Callable[..., AppTest]
PERIOD = Period(start=dt.date(2024, 3, 29), end=dt.date(2024, 4, 4))


def opened(app: Start, dataset_id: str = "demo", **query: str) -> AppTest:
    test = app("meeting", data=dataset_id, **query)
    assert not test.exception, test.exception
    return test


def button(test: AppTest, key: str):
    return next(one for one in test.button if one.key == key)


def at(test: AppTest) -> str:
    return next(part.body for part in test.get("html") if "sf-meet-at" in str(part.body))


def test_each_screen_is_one_message_and_stands_in_the_address(app: Start) -> None:
    test = opened(app)
    assert test.title[0].value == "Регион за неделю"
    assert "1 из 14" in at(test)
    button(test, "meet_next").click().run()
    assert not test.exception
    assert test.query_params["meet_step"] == "2"
    assert test.title[0].value == "Что изменилось"
    button(test, "meet_back").click().run()
    assert test.title[0].value == "Регион за неделю"
    button(test, "meet_go_14").click().run()
    assert test.title[0].value == meeting.ROOM
    assert button(test, "meet_next").disabled


def test_a_strange_number_in_the_address_shows_a_screen(app: Start) -> None:
    test = opened(app)
    for step in ("0", "-3", "999", "two", "²", "1" * 400):
        test.query_params["meet_step"] = step
        test.run()
        assert not test.exception, step
        assert test.title[0].value, step


def test_every_screen_of_the_demo_is_drawn_and_titled_on_its_own(app: Start) -> None:
    test = opened(app)
    seen = [test.title[0].value]
    while not button(test, "meet_next").disabled:
        button(test, "meet_next").click().run()
        assert not test.exception, test.exception
        seen.append(test.title[0].value)
    assert len(seen) == len(set(seen)) == 14


def test_the_filters_of_the_page_hold_in_the_meeting(app: Start) -> None:
    keep(make_export, ExportKind.ORGANIZATIONS, region_table())
    packed = urlencode({"org_municipality": "г. Лесной", "data": "other", "org_type": "нет такого"})
    test = opened(app, "small", meet_filters=packed, meet_from="organization_check")
    assert "отбор: г. Лесной" in at(test)
    assert "Из 6 организаций" in plain(texts(test))
    assert test.query_params["data"] == "small"


def test_names_of_a_file_are_words_not_markup(app: Start) -> None:
    table = region_table()
    table["municipality"] = HOSTILE
    keep(make_export, ExportKind.ORGANIZATIONS, table)
    for step in range(1, 9):
        test = opened(app, "small", meet_step=str(step))
        bodies = " ".join(
            str(part.body) for part in test.get("html") if "<script>(function" not in str(part.body)
        )
        assert "<script>alert" not in bodies


@pytest.mark.parametrize("kind", [ExportKind.MUNICIPALITIES, ExportKind.DOO_STAFF])
def test_published_tables_have_a_meeting_too(app: Start, kind: ExportKind) -> None:
    rows = {
        "municipality": ["Озёрный район", "г. Лесной", "Северный район"],
        "teachers_total": [40, 50, 60],
        "teachers_registered": [30, 40, 50],
        "teachers_active": [3, 40, 12],
    }
    table = typed(pd.DataFrame(rows))
    keep(make_export, kind, table if kind is ExportKind.DOO_STAFF else table.drop(columns="teachers_total"))
    test = opened(app, "small")
    assert "г. Лесной" in plain(texts(test))


def test_without_data_the_page_says_what_it_needs_and_keeps_the_menu(app: Start) -> None:
    test = app("meeting")
    assert not test.exception
    assert test.title[0].value == "Режим планёрки"
    assert "Пока нечего показывать" in test.subheader[0].value


def test_the_button_of_a_report_opens_the_meeting_and_the_way_out_leads_back(app: Start) -> None:
    test = app("organization_check", data="demo")
    assert any(one.key == "meet_open" for one in test.button)
    assert navigation.reports_for(ExportKind.ORGANIZATIONS)[0].name == "organization_check"
    assert all(entry.in_menu for entry in navigation.reports_for(ExportKind.ORGANIZATIONS))


# --- tasks ---------------------------------------------------------------------------------------------------


def add(test: AppTest, office: str, words: str) -> AppTest:
    box = next(one for one in test.selectbox if one.label == "Кому")
    box.set_value(office)
    next(one for one in test.text_area if one.label == "Что сделать").set_value(words)
    next(one for one in test.button if one.label == "Записать").click().run()
    assert not test.exception, test.exception
    return test


def tasks_step(app: Start, dataset_id: str = "demo") -> AppTest:
    return opened(app, dataset_id, meet_step="13")


def test_a_task_is_kept_shown_and_closed_by_a_click(app: Start) -> None:
    add(tasks_step(app), "г. Лугоборск", "Обзвонить <b>школы</b>")
    [task] = library.store().tasks.for_week(state.DEMO_REGION, PERIOD.end)
    assert (task.office, task.text, task.state) == ("г. Лугоборск", "Обзвонить <b>школы</b>", TaskState.OPEN)
    again = tasks_step(app)
    assert "Обзвонить &lt;b&gt;школы" in texts(again)
    pills = next(one for one in again.get("button_group") if "Состояние" in one.label)
    pills.set_value(TaskState.DONE).run()
    assert not again.exception, again.exception
    [task] = library.store().tasks.for_week(state.DEMO_REGION, PERIOD.end)
    assert task.state is TaskState.DONE
    assert "выполнено – 1" in plain(texts(again))


def test_a_task_without_words_is_refused_in_words(app: Start) -> None:
    test = add(tasks_step(app), "г. Лугоборск", " ")
    assert "не указано" in test.error[0].value
    assert library.store().tasks.for_week(state.DEMO_REGION, PERIOD.end) == []


def test_a_task_is_reworded_and_taken_back(app: Start) -> None:
    store = library.store()
    store.tasks.add(
        state.DEMO_REGION, office="г. Лугоборск", text="Обзвонить", period_end=PERIOD.end, due=APRIL_4
    )
    test = tasks_step(app)
    next(one for one in test.text_area if one.key.startswith("_meet_edit_text")).set_value("Обзвонить сады")
    next(one for one in test.date_input if one.key.startswith("_meet_edit_due")).set_value(PERIOD.start)
    next(one for one in test.button if one.key.startswith("meet_edit_save")).click().run()
    assert not test.exception, test.exception
    [task] = store.tasks.for_week(state.DEMO_REGION, PERIOD.end)
    assert (task.text, task.due, task.state) == ("Обзвонить сады", PERIOD.start, TaskState.OPEN)
    next(one for one in test.text_area if one.key.startswith("_meet_edit_text")).set_value(" ")
    next(one for one in test.button if one.key.startswith("meet_edit_save")).click().run()
    assert "не указано" in test.error[0].value
    [task] = store.tasks.for_week(state.DEMO_REGION, PERIOD.end)
    assert task.text == "Обзвонить сады"
    next(one for one in test.button if one.key.startswith("meet_edit_remove")).click().run()
    assert store.tasks.for_week(state.DEMO_REGION, PERIOD.end) == []


def test_tasks_of_earlier_weeks_come_along_and_late_ones_say_so(app: Start) -> None:
    saved = save(APRIL_4).week
    library.store().tasks.add(
        REGION, office="Озёрный район", text="Сверить список", period_end=APRIL_4 - dt.timedelta(days=7),
        due=dt.date(2024, 4, 1),
    )  # fmt: skip
    dataset = cache.lookup(saved.id)
    [task] = meeting_tasks.of_week(dataset)
    assert task.is_carried
    words = plain(meeting_tasks.meta(task, dt.date(2024, 4, 5)))
    assert "✕ просрочено: срок был 01.04.2024" in words
    assert "перенесено с недели по 28.03.2024" in words
    assert "просрочено" not in meeting_tasks.meta(task, dt.date(2024, 4, 1))


def test_without_a_region_it_says_where_to_name_it(app: Start) -> None:
    dataset = cache.keep_export(make_export())
    assert "«Управление»" in meeting_tasks.why_not(dataset)
    library.store().office.change({"region": "Озёрная область"})
    assert meeting_tasks.why_not(dataset) == ""
    assert state.whose(dataset) == "Озёрная область"


# --- the link and the sheet ----------------------------------------------------------------------------------


def test_the_link_for_the_room_opens_the_meeting_from_its_first_screen(app: Start) -> None:
    test = opened(app, meet_step="14")
    button(test, "meet_link").click().run()
    assert not test.exception, test.exception
    assert "sf-meet-qr" in texts(test)
    address = test.code[0].value
    link = library.store().links.open(address.rsplit("/", 1)[1])
    assert link.page == "meeting"
    assert link.lifetime is Lifetime.WEEK
    assert "meet_step" not in link.filters
    shared = app("meeting", link=address.rsplit("/", 1)[1])
    assert not shared.exception, shared.exception
    assert shared.title[0].value == "Регион за неделю"
    assert "1 из 14 " in at(shared).replace("</b>", " "), (
        "the demo's earlier weeks are known through a link too"
    )
    assert "по ссылке, как было" in at(shared)
    add(shared, "г. Лугоборск", "Обзвонить школы")
    assert len(library.store().tasks.for_week(state.DEMO_REGION, PERIOD.end)) == 1


def test_the_sheet_holds_the_answer_lists_and_tasks(app: Start) -> None:
    library.store().tasks.add(
        state.DEMO_REGION, office="г. Лугоборск", text="Обзвонить школы", period_end=PERIOD.end
    )
    test = opened(app)
    sheet = next(str(part.body) for part in test.get("html") if 'class="sf-print"' in str(part.body))
    for words in ("<h1>Планёрка", "<b>87 не активны</b>", "Чьё место изменилось", "Обзвонить школы"):
        assert words.replace(" ", " ") in plain(sheet), words
    assert "Ответы на письма" not in sheet and "деактивации" not in sheet


def test_the_sheet_names_late_answers_and_who_waits(app: Start) -> None:
    recipients = municipality_recipients(["г. Лугоборск", "Озёрный район"])
    library.store().mailings.record(
        state.DEMO_REGION,
        Mailing(LetterKind.REGION, dt.date(2024, 4, 5), recipients, "1151", dt.date(2024, 4, 19)),
        week_end=PERIOD.end,
    )
    one = Organization("00023562", "МКДОУ детский сад № 26 «Радуга»", "Озёрный район")
    test = opened(app)
    test.session_state[reconciling._DEMO_WAITING] = {one.key: WaitingMark(one, dt.datetime.now(dt.UTC), "")}
    test.run()
    sheet = next(str(part.body) for part in test.get("html") if 'class="sf-print"' in str(part.body))
    assert "На письмо в срок не ответили 2 адресата: г. Лугоборск, Озёрный район." in plain(sheet)
    assert "1 организация ждёт деактивации" in plain(sheet)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**5** из 7", "<b>5</b> из 7"),
        (r"\*\*нет\*\* \<b\>", "**нет** &lt;b&gt;"),
        ("a & b", "a &amp; b"),
        (r"R \& D", "R &amp; D"),
    ],
)
def test_sentences_on_the_sheet_are_letter_for_letter(markdown: str, html: str) -> None:
    assert meeting_print.words_html(markdown) == html
