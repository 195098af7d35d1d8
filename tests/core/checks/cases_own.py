"""For every check of one file alone: an export that makes it fire, and one at the edge that keeps it quiet."""
# ruff: noqa: E501 - a case a line reads best as a table

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd

from sferum_core.model import Export
from tests.core.checks.exports import (
    DISTRICTS,
    TODAY,
    doo_staff,
    municipalities,
    organizations,
    registry,
    teachers,
    with_cells,
    with_column,
    with_rows,
    without,
)


@dataclass(frozen=True)
class Case:
    """`fire` gives the finding with `count` and names `says` in it; `quiet` (else the clean export) does not."""

    fire: Callable[[], Export]
    quiet: Callable[[], Export] | None = None
    count: int | None = None
    says: str = ""
    before: Callable[[], Export] | None = None
    before_quiet: Callable[[], Export] | None = None
    today: dt.date | None = TODAY
    profile: dict[str, object] = field(default_factory=dict)


def _cells(
    column: str, values: dict[int, object], kind: Callable[[], Export] = organizations
) -> Callable[[], Export]:
    return lambda: with_cells(kind(), column, values)


def _column(column: str, values: object, kind: Callable[[], Export] = organizations) -> Callable[[], Export]:
    return lambda: with_column(kind(), column, values)


def _cell(made: Export, column: str, row: int) -> int:
    return int(made.table[column].iloc[row])


def _over(
    more: str, less: str, kind: Callable[[], Export] = organizations, row: int = 2
) -> tuple[Callable[[], Export], Callable[[], Export]]:
    """One above the other column, and exactly as many."""
    base = kind()
    edge = _cell(base, less, row)
    return _cells(more, {row: edge + 1}, kind), _cells(more, {row: edge}, kind)


def _notes(count: int) -> Export:
    made = organizations()
    left = pd.DataFrame({"sheet": ["Лист1"] * count, "row": range(50, 50 + count), "reason": ["примечание или пустая по показателям строка"] * count, "text": ["строка"] * count})  # fmt: skip
    return replace(made, left_out=left, source_rows=len(made.table) + count)


def _cut_names(length: int) -> Export:
    made = organizations()
    long = [f"МБОУ «Средняя школа имени героя номер {i:02d} посёлка Дальний Берег" for i in range(6)]
    return with_cells(
        made, "organization", {i: (name + " и окрестностей" * 9)[:length] for i, name in enumerate(long)}
    )


def _dated(days: int) -> Export:
    made = organizations()
    halves = pd.concat([made.table.head(20)] * 2, ignore_index=True)
    dates = [pd.Timestamp(2024, 4, 4)] * 20 + [pd.Timestamp(2024, 4, 4 - days)] * 20
    return replace(made, table=halves.assign(date=dates))


def _total_row(factor: int) -> Export:
    made = organizations()
    counts = [name for name in made.table.columns if str(made.table[name].dtype) == "Int64"]
    sums = {name: int(made.table[name].sum()) * factor // 10 for name in counts}
    row = {"organization": "По региону", "organization_id": "105550", "municipality": DISTRICTS[0], **sums}
    return with_rows(made, pd.DataFrame([row]))


def _share_only(rows: int) -> Export:
    made = organizations()
    return with_cells(made, "teachers_10_messages", dict.fromkeys(range(rows), pd.NA))


def _no_main(rows: int) -> Export:
    return without(_share_only(rows), "reported_share_teachers_10_messages")


def _people_row(made: Export, **changes: object) -> Export:
    row = made.table.head(1).assign(**changes)
    return with_rows(made, row)


def _zeros(rows: list[int]) -> Export:
    made = with_cells(organizations(), "teachers_10_messages", dict.fromkeys(rows, 0))
    return without(made, "reported_share_teachers_10_messages")


def _named(name: str, row: int = 2) -> Callable[[], Export]:
    return _cells("organization", {row: name})


def _heavy_test(people: int) -> Export:
    made = with_cells(organizations(), "organization", {0: "Тестовая школа"})
    return with_cells(with_cells(made, "teachers_registered", {0: people}), "teachers_total", {0: people + 3})


_ORG = organizations()
_INACTIVE = {5: False}


def _inactive_empty() -> Export:
    made = with_cells(organizations(), "is_active", _INACTIVE)
    for name in made.table.columns:
        if str(made.table[name].dtype) == "Int64" and name not in ("teachers_total", "students_total"):
            made = with_cells(made, name, {5: 0})
    return made


def _active_empty() -> Export:
    return with_cells(_inactive_empty(), "is_active", {5: True})


def _silent_inactive() -> Export:
    made = with_cells(organizations(), "is_active", _INACTIVE)
    for name in (
        "teachers_active",
        "teachers_3_messages",
        "teachers_10_messages",
        "teachers_1_call",
        "teachers_3_calls",
    ):
        made = with_cells(made, name, {5: 0})
    return made


def _one_admin_only() -> Export:
    made = _inactive_empty()
    return with_cells(with_cells(made, "is_active", {5: True}), "admins_registered", {5: 1})


def _two_admins_only() -> Export:
    return with_cells(_one_admin_only(), "admins_registered", {5: 2})


def _also(made: Export, other: Export) -> Export:
    return replace(made, also=(other,))


def _guessed_column() -> Export:
    made = organizations()
    first, *rest = made.columns
    return replace(
        made, columns=(first.model_copy(update={"reason": "узнано по содержимому столбца"}), *rest)
    )


def _file_named(name: str) -> Callable[[], Export]:
    def make() -> Export:
        made = organizations()
        schools = made.table[made.table["organization_type"] != "ДОО"].reset_index(drop=True)
        return replace(made, table=schools, source=made.source.model_copy(update={"filename": name}))

    return make


def _swapped(rows: int) -> Export:
    made = organizations()
    schools = [i for i, kind in enumerate(made.table["organization_type"]) if kind == "ОО"][:rows]
    return with_cells(made, "students_total", dict.fromkeys(schools, 5))


def _outweighed(people: int) -> Export:
    made = municipalities()
    return with_cells(made, "teachers_registered", {0: people})


def _two_dates(few: int) -> Export:
    made = teachers()
    return with_cells(made, "date", dict.fromkeys(range(few, 24), pd.Timestamp(2024, 4, 2)))


def _other_of(made: Export, row: int, **changes: object) -> Export:
    return with_rows(made, made.table.iloc[[row]].assign(**changes))


FILE = {
    "text_damaged": Case(_named("МБОУ ???? № 5"), _named("МБОУ «Почему?» № 5"), 1, "????"),
    "names_cut": Case(lambda: _cut_names(100), lambda: _cut_names(101), 6),
    "column_empty": Case(_column("teachers_linked", pd.NA), count=1, says="ЭЖД"),
    "rows_left_out_many": Case(lambda: _notes(5), lambda: _notes(4), 5),
    "other_tables": Case(lambda: _also(organizations(), municipalities()), says="Муниципалитеты"),
    "same_kind_again": Case(
        lambda: _also(organizations(), organizations(0)), lambda: _also(organizations(), municipalities())
    ),
    "several_dates": Case(lambda: _dated(2), lambda: _dated(0), 2),
    "columns_taken_by_content": Case(_guessed_column, count=1),
}
STRUCTURE = {
    "main_indicator_absent": Case(lambda: without(organizations(), "teachers_10_messages", "reported_share_teachers_10_messages"),
                                  lambda: without(organizations(), "teachers_10_messages")),
    "main_figures_mostly_missing": Case(lambda: _no_main(20), lambda: _no_main(19), 20),
    "main_figures_missing": Case(lambda: _no_main(3), lambda: _share_only(3), 3),
    "denominator_absent": Case(lambda: without(organizations(), "teachers_registered", "reported_share_teachers_10_messages"), count=7),
    "staff_list_absent": Case(lambda: without(organizations(), "teachers_total"), profile={"denominator": "staff_list"}),
    "activity_unknown": Case(lambda: without(organizations(), "is_active", "students_registered", "teachers_registered"),
                             lambda: without(organizations(), "is_active"), 20),
    "only_shares": Case(lambda: without(doo_staff(), "teachers_total", "teachers_registered", "teachers_active"), doo_staff),
    "total_by_name": Case(_named("Итого по району"), _named("МБОУ «Итоговая школа № 3»"), 1, "Итого"),
    "total_hidden": Case(lambda: _total_row(10), lambda: _total_row(9), 1, "По региону"),
    "municipality_is_organization": Case(_cells("municipality", {3: "МБОУ «СОШ № 4»"}), count=1),
    "type_other_many": Case(_cells("organization_type", dict.fromkeys(range(5), "другое")),
                            _cells("organization_type", dict.fromkeys(range(4), "другое")), 5),
    "registry_without_ids": Case(lambda: without(registry(), "organization_id", "inn", "ogrn"), lambda: without(registry(), "organization_id", "inn")),
    "registry_without_staff": Case(lambda: without(registry(), "teachers_total"), registry),
    "no_preschools": Case(_file_named("ДОО за неделю.xlsx"), _file_named("Школы.xlsx")),
    "share_only_reported": Case(lambda: _share_only(2), count=2),
}  # fmt: skip
IDENTITY = {
    "id_missing": Case(_cells("organization_id", {4: pd.NA, 9: " "}), count=2),
    "name_missing": Case(_cells("organization", {4: pd.NA}), count=1, says="100148"),
    "name_meaningless": Case(_named("17 б"), _named("Лад"), 1),
    "municipality_missing": Case(_cells("municipality", {4: pd.NA}), count=1),
    "type_missing": Case(_cells("organization_type", {4: pd.NA}), count=1),
    "id_doubled": Case(lambda: _other_of(organizations(), 2, teachers_active=1), lambda: _other_of(organizations(), 2), 2, "100074"),
    "id_two_names": Case(_cells("organization_id", {3: "100074"}), count=2, says="100074"),
    "name_two_ids": Case(lambda: _other_of(organizations(), 2, organization_id="109999"),
                         lambda: _other_of(organizations(), 2, organization_id="109999", municipality=DISTRICTS[3]), 2),
    "name_doubled": Case(lambda: without(_other_of(organizations(), 2, teachers_active=1), "organization_id"),
                         lambda: without(_other_of(organizations(), 2, municipality=DISTRICTS[3]), "organization_id"), 2),
    "id_two_municipalities": Case(lambda: _other_of(organizations(), 2, municipality=DISTRICTS[3]),
                                  lambda: _other_of(organizations(), 2, municipality="Сосновский муниципальный округ"), 2),
    "name_two_municipalities": Case(
        _cells("organization", dict.fromkeys((1, 9), "МБДОУ «Детский сад № 2» г. Ясногорска")),
        _cells("organization", dict.fromkeys((1, 9), "МБДОУ «Детский сад «Солнышко»")), 2),
    "name_names_other_municipality": Case(_named("МБОУ «СОШ № 3» Озёрного района"), _named("МБОУ «СОШ № 3» Сосновского района"), 1, "Сосновский"),
    "type_contradicts_name": Case(_cells("organization_type", {2: "ДОО"}), count=1, says="по названию ОО"),
    "id_length_odd": Case(_cells("organization_id", {4: "10148"}), count=1, says="10148"),
    "id_letters": Case(_cells("organization_id", {4: "10O148"}), count=1),
    "municipality_spellings": Case(_cells("municipality", {3: "Сосновский МР"}), count=1, says="Сосновский район = Сосновский МР"),
    "municipalities_too_many": Case(lambda: with_column(organizations(count=700), "municipality", [f"Участок {i} район" for i in range(700)]),
                                    lambda: organizations(count=700), 700, "Участок 0 район"),
    "municipality_similar": Case(_cells("municipality", {3: "Сосноваский район"}), _cells("municipality", {3: "Лесной район"}), 1),
    "inn_invalid": Case(_cells("inn", {4: "7400000051"}), count=1),
    "ogrn_invalid": Case(_cells("ogrn", {4: "102740000005"}), count=1),
    "inn_two_municipalities": Case(_cells("inn", {8: _ORG.table["inn"].iloc[0]}), _cells("inn", {1: _ORG.table["inn"].iloc[0]}), 2),
    "municipality_doubled": Case(lambda: _other_of(municipalities(), 0, municipality="Сосновский МР", teachers_active=1),
                                 municipalities, 2),
}  # fmt: skip
_EXCESS = {
    "active_over_registered": ("teachers_active", "teachers_registered"),
    "messages_over_registered": ("teachers_3_messages", "teachers_registered"),
    "messages_10_over_registered": ("teachers_10_messages", "teachers_registered"),
    "calls_over_registered": ("teachers_1_call", "teachers_registered"),
    "messages_10_over_3": ("teachers_10_messages", "teachers_3_messages"),
    "calls_3_over_1": ("teachers_3_calls", "teachers_1_call"),
    "messages_10_over_active": ("teachers_10_messages", "teachers_active"),
    "linked_over_registered": ("teachers_linked", "teachers_registered"),
    "students_linked_over_registered": ("students_linked", "students_registered"),
    "chat_over_registered": ("teachers_created_chat", "teachers_registered"),
    "registered_over_total": ("teachers_registered", "teachers_total"),
    "students_registered_over_total": ("students_registered", "students_total"),
    "students_active_over_registered": ("students_active", "students_registered"),
    "parents_active_over_registered": ("parents_active", "parents_registered"),
}
LOGIC = {
    **{code: Case(*_over(*columns), count=1) for code, columns in _EXCESS.items()},
    "organizations_active_over_all": Case(*_over("organizations_active", "organizations", municipalities), count=1),
    "activity_without_teachers": Case(_cells("teachers_registered", {4: 0}), count=1),
    "students_without_teachers": Case(_cells("teachers_registered", {3: 0}), _cells("teachers_registered", {1: 0}), 1),
    "students_in_preschool": Case(_cells("students_registered", {1: 1}), _cells("students_registered", {1: 0}), 1),
    "staff_zero": Case(_cells("teachers_total", {4: 0}), count=1),
    "admin_missing": Case(_cells("admins_registered", {4: 0}), _cells("admins_registered", {4: pd.NA}), 1),
    "reported_share_differs": Case(
        _cells("reported_share_teachers_10_messages", {4: float(_ORG.table["reported_share_teachers_10_messages"].iloc[4]) + 0.001}),
        count=1, says="в файле"),
    "reported_share_over_100": Case(_cells("reported_share_teachers_10_messages", {4: 1.2}), _cells("reported_share_teachers_10_messages", {4: 1.0}), 1, "120,0"),
    "active_but_nobody": Case(_active_empty, _one_admin_only, 1),
    "inactive_with_activity": Case(_cells("is_active", _INACTIVE), _silent_inactive, 1),
    "stated_inactive_but_rule_active": Case(_silent_inactive, _inactive_empty, 1),
    "stated_active_but_rule_inactive": Case(_one_admin_only, _two_admins_only, 1),
    "staff_and_students_swapped": Case(lambda: _swapped(13), lambda: _swapped(9), 13),
    "registered_rate_uniform": Case(_column("teachers_total", _ORG.table["teachers_registered"]),
                                    lambda: with_cells(with_column(organizations(), "teachers_total", _ORG.table["teachers_registered"]), "teachers_total", {0: 99}), 40),
}  # fmt: skip
PLAUSIBILITY = {
    "rows_doubled": Case(lambda: _other_of(organizations(), 2), lambda: _other_of(organizations(), 2, teachers_active=1), 1),
    "half_region_zero": Case(lambda: _zeros(list(range(20))), lambda: _zeros(list(range(19))), 20),
    "municipality_all_zero": Case(lambda: _zeros(list(range(8))), lambda: _zeros(list(range(7))), 1, DISTRICTS[0]),
    "column_constant": Case(_column("teachers_created_chat", [7] * 40), _column("teachers_created_chat", [7] * 39 + [8]), 40),
    "column_all_zero": Case(_column("parents_active", [0] * 40), _column("parents_active", [0] * 39 + [1]), 40),
    "columns_equal": Case(_column("teachers_created_chat", _ORG.table["teachers_1_call"]),
                          lambda: with_cells(with_column(organizations(), "teachers_created_chat", _ORG.table["teachers_1_call"]), "teachers_created_chat", {0: 1}), 40),
    "round_numbers": Case(_column("teachers_linked", [5 * (i % 3 + 1) for i in range(40)]),
                          _column("teachers_linked", [5 * (i % 3 + 1) for i in range(39)] + [4]), 40),
    "size_implausible": Case(_cells("students_total", {3: 10_001}), _cells("students_total", {3: 10_000}), 1),
    "mean_of_shares": Case(_column("reported_share_teachers_10_messages", [float(i % 2) for i in range(40)]), count=40),
    "municipality_outweighs": Case(lambda: _outweighed(90_000), lambda: _outweighed(9_000), 1, DISTRICTS[0]),
}  # fmt: skip
STRANGERS = {
    "stranger_test": Case(_named("тест ДС"), _named("МБОУ «СОШ № 3» аттестованная"), 1),
    "stranger_office": Case(_named("Управление образования администрации Сосновского района"), count=1),
    "stranger_closed": Case(_named("МБОУ «Старая ООШ» (реорганизована)"), count=1),
    "stranger_service": Case(_named("Региональный оператор"), count=1),
    "external_participants": Case(_named("Внешние участники"), count=1),
    "strangers_weigh": Case(lambda: _heavy_test(250), lambda: _heavy_test(20), 1),
}
PEOPLE = {
    "people_several_dates": Case(lambda: _two_dates(12), teachers, 2),
    "date_incomplete": Case(lambda: _two_dates(7), lambda: _two_dates(8), 7),
    "date_missing": Case(_cells("date", {3: pd.NaT}, teachers), count=1),
    "person_row_doubled": Case(lambda: _people_row(teachers()), lambda: _people_row(teachers(), messages=99), 1),
    "person_twice": Case(lambda: _people_row(teachers(), messages=99), lambda: _people_row(teachers()), 2),
    "person_several_organizations": Case(lambda: _people_row(teachers(), organization="МБОУ «СОШ № 2»", organization_id="200001"), teachers, 2),
    "roles_other": Case(_cells("role", {3: "student"}, teachers), _cells("role", {3: "Сотрудник"}, teachers), 1, "student"),
    "service_accounts": Case(_cells("full_name", {3: "Администратор"}, teachers), _cells("full_name", {3: "Тестов И. П."}, teachers), 1),
    "full_name_missing": Case(_cells("full_name", {3: pd.NA}, teachers), count=1, says="строка таблицы 4"),
    "messages_too_many": Case(_cells("messages", {3: 1001}, teachers), _cells("messages", {3: 1000}, teachers), 1),
    "calls_too_many": Case(_cells("calls", {3: 201}, teachers), _cells("calls", {3: 200}, teachers), 1),
    "calls_without_messages": Case(lambda: with_cells(with_cells(teachers(), "calls", {3: 3}), "messages", {3: 0}),
                                   lambda: with_cells(with_cells(teachers(), "calls", {3: 2}), "messages", {3: 0}), 1),
    "calls_over_messages": Case(lambda: with_column(with_column(teachers(), "messages", [1] * 23 + [2]), "calls", [2] * 23 + [3]),
                                lambda: with_column(with_column(teachers(), "messages", [2] * 23 + [3]), "calls", [2] * 23 + [3])),
    "nobody_linked": Case(_column("linked", [False] * 24, teachers), _column("linked", [False] * 23 + [True], teachers), 24),
    "nobody_wrote": Case(_column("messages", [0] * 24, teachers), _column("messages", [0] * 23 + [1], teachers), 24),
}  # fmt: skip
OWN_CASES: dict[str, Case] = {**FILE, **STRUCTURE, **IDENTITY, **LOGIC, **PLAUSIBILITY, **STRANGERS, **PEOPLE}
