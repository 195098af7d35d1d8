"""Exports as dashboards, methodologists and accounting programs make them: other words, other furniture."""

from __future__ import annotations

import datetime as dt

from sferum_core import read_export
from sferum_core.model import Export, ExportKind
from tests.core.reading.layouts import ORGANIZATIONS as O
from tests.core.reading.layouts import csv, xlsx


def read(rows: list[list], name: str = "x.xlsx") -> Export:
    export = read_export(xlsx(rows), name)
    assert len(export.table) + len(export.left_out) == export.source_rows
    return export


def column(export: Export, name: str) -> list:
    return export.table[name].tolist()


def test_code_names_of_a_dashboard() -> None:
    rows = [
        [
            "school_id",
            "school_name",
            "municipality_name",
            "teachers_cnt",
            "teachers_msg_10_cnt",
            "teachers_msg_3_cnt",
            "calls_1_cnt",
            "is_active",
        ]
    ]
    rows += [
        [o["id"], o["name"], o["mun"], o["reg"], o["m10"], o["m3"], o["c1"], int(o["active"] == "Активна")]
        for o in O
    ]
    export = read_export(csv(rows), "dashboard.csv")
    assert column(export, "organization_id") == [o["id"] for o in O]
    assert column(export, "teachers_10_messages") == [o["m10"] for o in O]
    assert column(export, "teachers_3_messages") == [o["m3"] for o in O]
    assert column(export, "teachers_1_call") == [o["c1"] for o in O]
    assert column(export, "is_active") == [o["active"] == "Активна" for o in O]


def test_numbered_headers_with_bare_percents() -> None:
    rows = [
        [
            "1. ID",
            "2. Полное наименование ОО",
            "2а. Краткое наименование ОО",
            "3. Район",
            "4. Число зарегистрированных педагогов",
            "5. Из них: активны",
            "6. %",
            "7. Написали 3+ сообщений",
            "8. %",
            "9. Написали 10+ сообщений",
            "10. %",
        ]
    ]
    rows += [
        [
            o["id"],
            "Муниципальное " + o["name"],
            o["name"],
            o["mun"],
            o["reg"],
            o["act"],
            round(100 * o["act"] / o["reg"], 1),
            o["m3"],
            round(100 * o["m3"] / o["reg"], 1),
            o["m10"],
            round(100 * o["m10"] / o["reg"], 1),
        ]
        for o in O
    ]
    export = read(rows)
    assert [c.field for c in export.columns] == [
        "organization_id", "organization", None, "municipality", "teachers_registered", "teachers_active", "reported_share_teachers_active",
        "teachers_3_messages", "reported_share_teachers_3_messages", "teachers_10_messages", "reported_share_teachers_10_messages",
    ]  # fmt: skip
    assert not [f for f in export.findings if f.severity != "note"]


def test_the_norm_in_brackets_and_the_change_beside() -> None:
    rows = [
        [
            "№",
            "Наименование ОО",
            "Муниципальное образование",
            "Всего зарегистрировано учителей, чел.",
            "Доля учителей, написавших 10 и более сообщений (норма 10–25 %)",
            "в т.ч. написали 10 сообщений",
            "Динамика к прошлой неделе, п.п.",
            "Норма, %",
            "Место в рейтинге",
        ]
    ]
    rows += [
        [i, o["name"], o["mun"], o["reg"], round(o["m10"] / o["reg"] * 100, 2), o["m10"], -1.5, 10, i]
        for i, o in enumerate(O, 1)
    ]
    export = read(rows)
    assert [c.field for c in export.columns] == [
        None, "organization", "municipality", "teachers_registered", "reported_share_teachers_10_messages", "teachers_10_messages", None, None, None,
    ]  # fmt: skip


def test_totals_above_the_data() -> None:
    rows = [
        ["МО", "ОО", "Зарегистрировано педагогов", "Активных педагогов"],
        ["Итого по области", None, sum(o["reg"] for o in O), sum(o["act"] for o in O)],
    ]
    export = read(rows + [[o["mun"], o["name"], o["reg"], o["act"]] for o in O])
    assert len(export.table) == len(O)
    assert not [f for f in export.findings if f.code == "total_mismatch"]


def test_municipality_rows_that_hold_the_sums_of_their_block() -> None:
    rows = [["Наименование", "Педагогов на платформе", "Педагогов, написавших ≥10 сообщений"]]
    for municipality in dict.fromkeys(o["mun"] for o in O):
        mine = [o for o in O if o["mun"] == municipality]
        rows.append([municipality, sum(o["reg"] for o in mine), sum(o["m10"] for o in mine)])
        rows += [[o["name"], o["reg"], o["m10"]] for o in mine]
    export = read(rows)
    assert column(export, "organization") == [o["name"] for o in O]
    assert column(export, "municipality") == [o["mun"] for o in O]


def test_teachers_of_a_region_with_names_in_three_columns() -> None:
    rows = [
        [
            "Муниципалитет",
            "ОО",
            "ID ОО",
            "Фамилия",
            "Имя",
            "Отчество",
            "Роль",
            "Связан с ЭЖД",
            "Сообщений за неделю",
            "Звонков за неделю",
            "Дата",
        ]
    ]
    rows += [
        [
            o["mun"],
            o["name"],
            o["id"],
            "Петрова",
            "Анна",
            "Ивановна",
            "Учитель",
            "да" if i % 2 else "нет",
            12 + i,
            1,
            "04.04.2024",
        ]
        for i, o in enumerate(O)
    ]
    export = read(rows)
    assert export.kind is ExportKind.TEACHERS
    assert column(export, "full_name") == ["Петрова Анна Ивановна"] * len(O)
    assert column(export, "linked") == [bool(i % 2) for i in range(len(O))]
    assert export.table["date"].dt.date.unique().tolist() == [dt.date(2024, 4, 4)]


def test_of_two_weeks_side_by_side_the_last_is_taken() -> None:
    rows = [
        ["Организация", "Муниципалитет", "22.03–28.03.2024", None, "29.03–04.04.2024", None],
        [None, None, *["Зарегистрировано педагогов", "Написали 10+ сообщений"] * 2],
        *[[o["name"], o["mun"], o["reg"] + 100, o["m10"] + 50, o["reg"], o["m10"]] for o in O],
    ]
    export = read(rows)
    assert column(export, "teachers_registered") == [o["reg"] for o in O]
    assert column(export, "teachers_10_messages") == [o["m10"] for o in O]
    assert export.period is not None
    assert export.period.end == dt.date(2024, 4, 4)
    assert "earlier_week" in {f.code for f in export.findings}


def test_staff_of_preschools_with_counts_and_percents() -> None:
    rows = [
        ["Активность сотрудников ДОО"],
        [
            "Муниципалитет",
            "Количество ДОО",
            "Всего сотрудников",
            "Зарегистрировано в Сферум",
            "% регистрации",
            "Активные",
            "% активности",
        ],
        ["г. Светлый", 3, 100, 90, 90, 45, 50],
        ["Озёрный район", 2, 40, 40, 100, 10, 25],
        ["Горный МО", 1, 10, 5, 50, 0, 0],
        ["Итого", 6, 150, 135, 90, 55, 40.7],
    ]
    export = read(rows)
    assert export.kind is ExportKind.DOO_STAFF
    assert column(export, "teachers_active") == [45, 10, 0]
    assert column(export, "reported_share_registered") == [0.9, 1.0, 0.5]
    assert not [f for f in export.findings if f.severity != "note"]


def test_registry_of_an_office_keeps_no_contacts() -> None:
    rows = [
        ["Реестр образовательных организаций"],
        [
            "№ п/п",
            "Наименование учреждения",
            "ИНН",
            "ОГРН",
            "Юридический адрес",
            "Численность педагогических работников",
            "Контингент обучающихся",
            "ФИО руководителя",
            "Телефон",
        ],
    ]
    rows += [
        [
            i,
            o["name"],
            f"0274{i:06d}",
            f"10202{i:08d}",
            "ул. Лесная, 1",
            o["total"],
            o["total"] * 12,
            "Сосновый П.П.",
            "12345",
        ]
        for i, o in enumerate(O, 1)
    ]
    export = read(rows)
    assert export.kind is ExportKind.REGISTRY
    assert column(export, "inn")[0] == "0274000001"
    assert column(export, "teachers_total") == [o["total"] for o in O]
    assert "Сосновый" not in export.table.to_csv()
