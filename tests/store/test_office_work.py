"""What an office says once and what it works on from week to week: settings, corrections, columns, marks, tasks."""

from __future__ import annotations

import datetime as dt

import pytest

from sferum_core import read_export, reconcile
from sferum_store import (
    Action,
    CorrectedField,
    Correction,
    NotFound,
    NotSaved,
    Store,
    TaskState,
    apply_corrections,
    header_fingerprint,
    headers_of,
    mark_key,
    open_store,
    opens_elsewhere,
)
from tests.store.samples import NOW, OTHER_PROFILE, PROFILE, REGION, week

TYPE = CorrectedField.TYPE
WEEK = dt.timedelta(weeks=1)
END = dt.date(2024, 4, 4)


# -- corrections -------------------------------------------------------------------------------------------


def test_a_correction_holds_for_later_weeks_until_it_is_undone(store: Store) -> None:
    first_id = week().table["organization_id"].iloc[0]
    correction = Correction(TYPE, first_id, "СПО")
    store.corrections.add(REGION, correction, note="Письмо № 5", by="Отдел", now=NOW)
    assert store.corrections.for_region(REGION.upper()) == [correction]
    assert store.corrections.for_region("Другая область") == []
    table, notes = apply_corrections(week().table, store.corrections.for_region(REGION))
    assert table["organization_type"].iloc[0] == "СПО"
    assert [note.code for note in notes] == ["correction_applied"]
    (record,) = store.corrections.history(REGION)
    assert (record.note, record.made_by, record.made_at, record.is_effective) == (
        "Письмо № 5",
        "Отдел",
        NOW,
        True,
    )
    store.corrections.undo(record.number, by="Начальник", now=NOW)
    assert store.corrections.for_region(REGION) == []
    (record,) = store.corrections.history(REGION, first_id)
    assert (record.undone_by, record.undone_at, record.is_effective) == ("Начальник", NOW, False)
    with pytest.raises(NotFound):
        store.corrections.undo(record.number)


def test_undoing_the_last_correction_brings_back_the_one_before(store: Store) -> None:
    for value in ("ДОО", "ОО"):
        store.corrections.add(REGION, Correction(TYPE, "1", value))
    assert store.corrections.for_region(REGION) == [Correction(TYPE, "1", "ОО")]
    store.corrections.undo(store.corrections.history(REGION)[0].number)
    assert store.corrections.for_region(REGION) == [Correction(TYPE, "1", "ДОО")]


def test_a_staff_list_is_written_once(store: Store) -> None:
    staff = [Correction(CorrectedField.TEACHERS_TOTAL, f"{number:05d}", number) for number in range(3000)]
    assert store.corrections.add_many(REGION, staff) == 3000
    assert store.corrections.add_many(REGION, staff) == 0
    changed = [Correction(CorrectedField.TEACHERS_TOTAL, "00007", 8)]
    assert store.corrections.add_many(REGION, changed) == 1
    found = {item.subject: item.value for item in store.corrections.for_region(REGION)}
    assert len(found) == 3000
    assert found["00007"] == 8


def test_many_corrections_are_made_all_or_none(store: Store) -> None:
    many = [Correction(CorrectedField.NAME, "1", "Школа"), Correction(CorrectedField.NAME, "2", "ш" * 2000)]
    with pytest.raises(NotSaved, match="слишком длинный"):
        store.corrections.add_many(REGION, many)
    assert store.corrections.history(REGION) == []


# -- columns -----------------------------------------------------------------------------------------------


def test_columns_are_offered_for_the_next_file_with_that_header(url: str) -> None:
    headers = ("Код", "Чьи-то показатели", "Столбец", "Столбец")
    choices: dict[str | int, str] = {"Чьи-то показатели": "teachers_total", 3: "teachers_active", "Код": ""}
    open_store(url).mappings.remember(headers, choices, by="Отдел", now=NOW)
    store = open_store(url)
    found = store.mappings.find([" код", "Чьи-то  показатели", "СТОЛБЕЦ", "столбец"])
    assert found is not None
    assert (found.choices, found.confirmed_by, found.headers) == (choices, "Отдел", headers)
    for other in (
        headers[:3],
        headers[::-1],
        (*headers, "ещё"),
        ("КодЧьи-то показатели", "Столбец", "Столбец"),
    ):
        assert store.mappings.find(other) is None
    store.mappings.remember(headers, {"Код": "organization_id"})
    assert [kept.choices for kept in store.mappings.all()] == [{"Код": "organization_id"}]
    assert store.mappings.forget(header_fingerprint(headers))
    assert not store.mappings.forget(header_fingerprint(headers))


def test_remembered_columns_are_what_the_reader_takes(store: Store) -> None:
    content = "ИД;Наим;Х1;Х2\n1;МБОУ СОШ № 1;20;5\n2;МБОУ СОШ № 2;30;6\n3;МБОУ СОШ № 3;10;2\n".encode()
    first = read_export(content, "a.csv")
    choices = {"Х1": "teachers_registered", "Х2": "teachers_10_messages"}
    store.mappings.remember(headers_of(first), choices)
    kept = store.mappings.find(headers_of(read_export(content.replace(b"20;5", b"21;6"), "b.csv")))
    assert kept is not None
    table = read_export(content, "b.csv", mapping=kept.choices).table
    assert table["teachers_registered"].tolist() == [20, 30, 10]


# -- office ------------------------------------------------------------------------------------------------


def test_settings_of_the_office_are_kept_with_their_history(url: str) -> None:
    store = open_store(url)
    assert store.office.current().support_platform == "info@sferum.ru"
    store.office.change({"name": "Управление", "next_steps": {"inactive": "Позвоните."}}, by="Отдел", now=NOW)
    store.office.change({"name": "Управление образования"}, now=NOW + WEEK)
    store.office.change({"name": " Управление образования "}, now=NOW + 2 * WEEK)
    current = open_store(url).office.current()
    assert (current.name, current.next_steps) == ("Управление образования", {"inactive": "Позвоните."})
    assert [change.value for change in store.office.history("name")] == [
        "Управление образования",
        "Управление",
    ]
    assert store.office.history("name")[1].set_by == "Отдел"
    assert store.audit.entries(action=Action.SETTINGS)[0].about == "name"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"public_address": "otchety"}, "http"),
        ({"name": "я" * 201}, "200 знаков"),
        ({"public_address": "http://"}, "http"),
    ],
)
def test_a_setting_that_cannot_be_says_why(store: Store, values: dict[str, str], words: str) -> None:
    with pytest.raises(NotSaved, match=words):
        store.office.change(values)
    assert store.office.current().name == ""


def test_an_unknown_setting_is_a_mistake_of_the_caller(store: Store) -> None:
    with pytest.raises(KeyError):
        store.office.change({"colour": "red"})


def test_the_environment_names_the_address_first(url: str) -> None:
    store = open_store(url, public_url="https://a.example.ru/")
    store.office.change({"public_address": "https://b.example.ru/app/"})
    assert store.office.address() == "https://a.example.ru"
    assert open_store(url).office.address() == "https://b.example.ru/app"


@pytest.mark.parametrize(
    ("address", "opens"),
    [
        ("", False),
        ("http://localhost:8501", False),
        ("http://LOCALHOST.:8501/x", False),
        ("http://app.localhost", False),
        ("http://127.0.0.1:8501", False),
        ("http://127.8.9.1", False),
        ("http://[::1]:8501", False),
        ("http://0.0.0.0:8501", False),
        ("http://[", False),
        ("http://192.168.1.5:8501", True),
        ("http://server:8501", True),
        ("https://отчёты.example.рф/app", True),
        ("http://localhost.example.ru", True),
    ],
)
def test_whether_a_link_opens_on_another_computer(address: str, opens: bool) -> None:
    assert opens_elsewhere(address) is opens


def test_a_profile_of_ones_own_is_found_after_a_restart(url: str) -> None:
    own = PROFILE.model_copy(update={"name": "svoj", "title": "Свой", "leader_min_count": 7})
    open_store(url).profiles.keep("own-1", own)
    store = open_store(url)
    store.profiles.keep("own-1", OTHER_PROFILE)
    assert store.profiles.find("own-1") == own
    assert store.profiles.find("own-2") is None
    assert store.profiles.all() == {"own-1": own}


# -- marks, tasks, decisions -------------------------------------------------------------------------------


def test_a_finding_that_was_looked_at_is_marked_until_its_values_change(store: Store) -> None:
    key = mark_key("more_active_than_registered", "00123", {"teachers_active": 12, "teachers_registered": 5})
    store.marks.mark(
        REGION,
        key,
        code="more_active_than_registered",
        organization="00123",
        note="Совместители",
        by="Отдел",
        now=NOW,
    )
    found = store.marks.find(REGION, [key, "другой"])[key]
    assert (found.note, found.made_by, found.made_at) == ("Совместители", "Отдел", NOW)
    assert store.marks.find("Другая область") == {}
    store.marks.mark(REGION, key, code="x", note="Проверено")
    assert store.marks.find(REGION)[key].note == "Проверено"
    assert store.marks.unmark(REGION, key)
    assert not store.marks.unmark(REGION, key)
    assert store.marks.find(REGION) == {}
    with pytest.raises(NotSaved):
        store.marks.mark(REGION, key, code="x", note="я" * 1001)


def test_keys_of_findings_tell_them_apart() -> None:
    same = mark_key("code", " 1 ", {"b": 2, "a": 1})
    assert same == mark_key("code", "1", {"a": "1", "b": "2"})
    others = {
        mark_key("code", "1", {"a": 1, "b": 3}),
        mark_key("code", "2", {"a": 1, "b": 2}),
        mark_key("code2", "1", {"a": 1, "b": 2}),
        mark_key("code", "1", ["a", "b"]),
        mark_key("code", "1"),
    }
    assert len(others | {same}) == 6


def test_tasks_are_carried_to_the_next_week_until_closed(store: Store) -> None:
    task = store.tasks.add(
        REGION,
        office="Отдел Озёрного района",
        text="Зарегистрировать ДОО № 3",
        period_end=END,
        due=END + WEEK,
        by="Отдел",
        now=NOW,
    )
    assert (task.state, task.is_carried) == (TaskState.OPEN, False)
    (carried,) = store.tasks.for_week(REGION, END + WEEK)
    assert carried.is_carried
    assert not carried.is_overdue(END + WEEK)
    assert carried.is_overdue(END + WEEK + dt.timedelta(days=1))
    store.tasks.change(task.id, period_end=END + WEEK, state=TaskState.DONE, by="Начальник")
    assert [item.state for item in store.tasks.for_week(REGION, END + WEEK)] == [TaskState.DONE]
    assert [item.state for item in store.tasks.for_week(REGION, END)] == [TaskState.OPEN]
    assert store.tasks.for_week(REGION, END + 2 * WEEK) == []
    assert store.tasks.for_week(REGION, END - WEEK) == []
    assert store.tasks.for_week("Другая область", END) == []
    store.tasks.change(task.id, period_end=END + WEEK, state=TaskState.IN_WORK, text="Другое", due=END)
    (again,) = store.tasks.for_week(REGION, END + 2 * WEEK)
    assert (again.state, again.text, again.due) == (TaskState.IN_WORK, "Другое", END)
    assert store.tasks.remove(task.id)
    assert not store.tasks.remove(task.id)


def test_a_task_needs_an_office_and_a_text(store: Store) -> None:
    for office, text in (("", "текст"), ("Отдел", " \n ")):
        with pytest.raises(NotSaved, match="не указано"):
            store.tasks.add(REGION, office=office, text=text, period_end=END)
    with pytest.raises(NotFound):
        store.tasks.change("нет", period_end=END, state=TaskState.DONE)


def test_answers_of_a_reconciliation_are_taken_the_next_time(store: Store) -> None:
    platform = week().table[["organization", "municipality"]].head(2)
    registry = platform.assign(organization=["Совсем другое название", platform["organization"].iloc[1]])
    identity = {"platform_name": platform["organization"].iloc[0], "registry_name": "Совсем другое название"}
    store.decisions.record(REGION, identity, accepted=False)
    store.decisions.record(REGION, identity, accepted=True, by="Отдел")
    decisions = store.decisions.for_region(REGION)
    assert decisions == [{"accepted": True, **identity}]
    pairs = reconcile(platform, registry, decisions).pairs
    assert sorted(zip(pairs["platform_row"], pairs["registry_row"], strict=True)) == [(0, 0), (1, 1)]
    assert store.decisions.undo(REGION, identity)
    assert store.decisions.for_region(REGION) == []
    assert not store.decisions.undo(REGION, identity)
    with pytest.raises(KeyError):
        store.decisions.record(REGION, {"name": "x"}, accepted=True)


def test_deeds_are_listed_latest_first(store: Store) -> None:
    for number, action in enumerate((Action.UPLOADED, Action.OPENED, Action.DOWNLOADED)):
        store.audit.record(action, who="Отдел", subject=str(number), now=NOW + number * WEEK)
    assert [deed.subject for deed in store.audit.entries()] == ["2", "1", "0"]
    assert [deed.subject for deed in store.audit.entries(since=NOW + WEEK)] == ["2", "1"]
    assert [deed.action for deed in store.audit.entries(action=Action.OPENED)] == [Action.OPENED]
    assert len(store.audit.entries(limit=2)) == 2
    assert all(action.label for action in Action)
