"""«Справка»: the tables that explain, the three rules side by side, the profile editor."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from conftest import make_export, organizations_table
from streamlit.testing.v1 import AppTest

from sferum_core.checks import catalogue
from sferum_core.indicators import INDICATORS
from sferum_core.model import Status
from sferum_core.norms import ActivityRule, dump_profile, load_profile, parse_profile, profile_names
from sferum_core.reading.refusals import REFUSALS
from sferum_core.reports.templates import FIELDS, LISTS
from sferum_ui import cache, help_tables, profiles
from sferum_ui.profile_editor import changes, percent_text, percent_value

Start = Callable[..., AppTest]


def on_help(app: Start, **query: str) -> AppTest:
    test = app("help", **query)
    assert test.title[0].value == "Справка"
    assert not test.exception
    return test


def test_every_indicator_status_and_norm_is_explained(app: Start) -> None:
    assert len(help_tables.indicators_table()) == len(INDICATORS)
    assert set(help_tables.STATUS_MEANINGS) == set(Status)
    for name in profile_names():
        rules = help_tables.rules_table(load_profile(name))
        assert (rules["Источник"] != "").all()


def test_every_field_of_templates_is_on_the_page(app: Start) -> None:
    tables = [table.value.reset_index() for table in on_help(app).table]
    cells = {str(cell).replace("\\", "") for table in tables for cell in table.to_numpy().ravel()}
    assert {field.name for field in FIELDS} | {item.name for item in LISTS} <= cells
    for item in LISTS:
        assert any(all(f"{item.item}.{field.name}" in cell for field in item.fields) for cell in cells)


def test_every_reason_why_a_file_is_not_read_is_on_the_page(app: Start) -> None:
    test = on_help(app)
    cells = (str(cell) for table in test.table for cell in table.value.to_numpy().ravel())
    shown = "\n".join(cells).replace("\\", "")
    for code, refusal in REFUSALS.items():
        assert refusal.advice.split(":")[0].split("«")[0] in shown, code
    assert set(REFUSALS) == set(help_tables.refusals_table()["Код"])


def test_the_three_rules_judge_the_same_organizations_differently() -> None:
    table = help_tables.activity_table()
    two, beyond, three = (
        table[help_tables.RULE_TITLES[rule]].str.contains("✓").tolist() for rule in ActivityRule
    )
    assert two == [True, False, True], "000, table: at least two users"
    assert beyond == [False, True, True], "000, letter: somebody but the administrator"
    assert three == [False, False, True], "003: at least three teachers"


def test_every_check_stands_in_one_group_with_its_advice() -> None:
    tables = [help_tables.checks_table(group) for group in help_tables.check_groups()]
    assert sum(map(len, tables)) == len(catalogue())
    assert all((table[["Проверка", "Когда", "Что делать"]] != "").all(axis=None) for table in tables)


def test_the_page_shows_the_checks_of_a_chosen_group(app: Start) -> None:
    test = on_help(app)
    test.selectbox(key="help_checks").select("Посторонние в списке").run()
    assert not test.exception
    shown = next(table.value for table in test.table if "Проверка" in table.value)
    assert "Тестовые организации" in shown["Проверка"].tolist()


def test_the_page_renders_with_and_without_data(app: Start) -> None:
    on_help(app)
    dataset = cache.keep_export(make_export())
    on_help(app, data=dataset.id)


def test_the_preview_counts_organizations_that_change_status() -> None:
    before = load_profile("chelyabinsk-2024")
    rules = tuple(
        rule.model_copy(update={"low_percent": Decimal(3)}) if rule.low_percent == 10 else rule
        for rule in before.rules
    )
    moved = changes(organizations_table(), before, before.model_copy(update={"rules": rules}))
    assert moved.to_dict("records") == [{"was": "below_norm", "becomes": "within_norm", "count": 1}]
    assert changes(organizations_table(), before, before).empty


def test_an_edited_norm_is_applied_and_goes_into_the_link(app: Start) -> None:
    dataset = cache.keep_export(make_export())
    test = on_help(app, data=dataset.id)
    [low] = [field for field in test.text_input if field.label == "Норма от, %" and field.value == "10"]
    low.set_value("3,5").run()
    assert not test.exception
    assert any("изменится у **1" in element.value for element in test.markdown)
    test.button(key="profile_apply").click().run()
    assert not test.exception
    key = test.query_params["norms"]
    assert key.startswith(profiles.OWN_PREFIX)
    chosen = profiles.profile_by_key(key)
    assert {rule.low_percent for rule in chosen.rules} == {Decimal("2.5"), Decimal("3.5")}
    assert test.selectbox(key="_norms").value == key


@pytest.mark.parametrize("wrong", ["сто", "-5", "101", "1e999"])
def test_a_wrong_figure_is_explained_and_not_applied(app: Start, wrong: str) -> None:
    test = on_help(app)
    [low] = [field for field in test.text_input if field.label == "Норма от, %" and field.value == "10"]
    low.set_value(wrong).run()
    assert not test.exception
    assert "применить нельзя" in test.error[0].value
    assert "profile_apply" not in [button.key for button in test.button]


def test_rules_can_be_added_and_removed(app: Start) -> None:
    test = on_help(app)
    count = sum(button.label == "Убрать правило" for button in test.button)
    [add] = [button for button in test.button if button.label == "Добавить правило"]
    add.click().run()
    assert sum(button.label == "Убрать правило" for button in test.button) == count + 1
    [first, *_] = [button for button in test.button if button.label == "Убрать правило"]
    first.click().run()
    assert not test.exception
    assert sum(button.label == "Убрать правило" for button in test.button) == count


def test_a_profile_file_is_taken_in_and_a_bad_one_is_explained(app: Start) -> None:
    own = load_profile("tomsk-2024").model_copy(update={"name": "own", "title": "Наш округ"})
    test = on_help(app)
    test.file_uploader[0].set_value(("x.toml", b"not = [toml", "")).run()
    assert "не читается" in test.error[0].value
    test.file_uploader[0].set_value(("own.toml", dump_profile(own).encode(), "")).run()
    assert not test.exception
    assert profiles.profile_by_key(test.query_params["norms"]) == parse_profile(dump_profile(own))


@pytest.mark.parametrize(("value", "text"), [(Decimal("2.5"), "2,5"), (Decimal(10), "10"), (None, "")])
def test_percents_are_written_with_a_comma(value: Decimal | None, text: str) -> None:
    assert percent_text(value) == text


@pytest.mark.parametrize(("text", "value"), [("2,5 %", "2.5"), (" 10 ", "10"), ("", None), ("%", None)])
def test_percents_are_read_with_a_comma_and_a_sign(text: str, value: str | None) -> None:
    assert percent_value(text) == value
