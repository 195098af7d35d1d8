"""«Общая» of the cabinet, an office's own registry, published percentages: kinds whose header no document shows."""

from __future__ import annotations

import pandas as pd
import pytest

from sferum_core import compare_municipalities, doo_staff, load_profile, read_export, region_total
from sferum_core.model import Export, ExportKind


def read(text: str, name: str = "file.csv") -> Export:
    return read_export(text.encode(), name)


def test_the_cabinets_summary_is_a_table_of_organizations_by_date() -> None:
    export = read(
        "МБОУ «СОШ № 5»;;;\n\nДата;Учителей;Активных учителей;Учеников\n26.09.2023;20;5;400\n27.09.2023;21;6;401\n",
        "Общая.csv",
    )
    assert export.kind is ExportKind.ORGANIZATIONS
    table = export.table
    assert table["organization"].tolist() == ["МБОУ «СОШ № 5»"] * 2
    assert table["organization_type"].tolist() == ["ОО"] * 2
    assert table["teachers_registered"].tolist() == [20, 21]
    assert table["teachers_active"].tolist() == [5, 6]
    assert table["date"].dt.day.tolist() == [26, 27]
    assert any(f.code == "from_sheet_name" and f.column == "organization" for f in export.findings)


ON_ITS_SIDE = """МБОУ «СОШ № 5»;;
Показатель;26.09.2023;27.09.2023
Зарегистрировано учителей;20;21
Зарегистрировано учеников;400;401
Активных учителей;5;—
"""


def test_a_summary_that_stands_on_its_side_is_turned() -> None:
    table = read(ON_ITS_SIDE, "Общая.csv").table
    assert table["organization"].tolist() == ["МБОУ «СОШ № 5»"] * 2
    assert table["teachers_registered"].tolist() == [20, 21]
    assert table["teachers_active"].tolist() == [5, pd.NA]
    assert table["date"].dt.day.tolist() == [26, 27]
    plain = "\n".join(line.rsplit(";", 1)[0] for line in ON_ITS_SIDE.splitlines() if "Показатель" not in line)
    export = read(plain, "Общая.csv")
    assert export.kind is ExportKind.ORGANIZATIONS
    assert export.table[
        ["teachers_registered", "students_registered", "teachers_active"]
    ].values.tolist() == [[20, 400, 5]]


def test_many_rows_without_a_name_are_no_summary() -> None:
    lines = [f"04.04.2024;{n};{n * 10};{n}" for n in range(3, 9)]
    export = read(
        "Дата;Зарегистрировано учителей;Зарегистрировано учеников;Активных учителей\n" + "\n".join(lines)
    )
    assert export.kind is ExportKind.UNKNOWN
    export = read("Всего учителей;Зарегистрировано учителей;Активных учителей\n25;20;5\n")
    assert export.kind is ExportKind.ORGANIZATIONS


REGISTRIES = {
    "bare heads": "№;Учреждение;Район;Количество педагогов\n1;МБОУ СОШ № 1;Озёрный район;30\n2;МБДОУ № 2;г. Лесной;12\n",
    "abbreviated": "ОО;Пед. работников;Обучающихся\nМБОУ СОШ № 1;30;400\nМБДОУ № 2;12;0\n",
    "with inn": "Наименование;ИНН;Педагогов\nМБОУ СОШ № 1;0012345678;30\nМБДОУ № 2;0012345679;12\n",
    "staff list": "Краткое наименование;Адрес;Численность работников\nМБОУ СОШ № 1;ул. Мира, 1;30\nМБДОУ № 2;ул. Мира, 2;12\n",
    "blocks": "Учреждение;Штатная численность педагогов\nОзёрный район;\nМБОУ СОШ № 1;30\nг. Лесной;\nМБДОУ № 2;12\n",
}


@pytest.mark.parametrize("form", REGISTRIES)
def test_an_offices_own_list_in_any_form(form: str) -> None:
    export = read(REGISTRIES[form], "Список учреждений.csv")
    assert export.kind is ExportKind.REGISTRY
    assert export.table["teachers_total"].tolist() == [30, 12]
    assert export.table["organization_type"].tolist() == ["ОО", "ДОО"]


def test_an_export_of_the_platform_is_no_registry() -> None:
    text = "ID школы;Организация;Муниципалитет;Учителя;Ученики\n1;МБОУ СОШ № 1;Озёрный район;30;400\n2;МБОУ СОШ № 2;г. Лесной;3;40\n"
    export = read(text)
    assert export.kind is ExportKind.ORGANIZATIONS
    assert export.table["teachers_registered"].tolist() == [30, 3]


def test_percentages_alone_are_compared_and_ranked_and_no_sum_is_made_up() -> None:
    export = read(
        "Муниципалитет;% Активности\nОзёрный район;12,5\nг. Лесной;40,0\nГорный район;200,0\nТихий район;—\n"
    )
    assert export.kind is ExportKind.MUNICIPALITIES
    profile = load_profile("tomsk-2024")
    compared = compare_municipalities(export.table, profile, "teachers_active")
    assert compared["municipality"].tolist() == ["Горный район", "г. Лесной", "Озёрный район", "Тихий район"]
    assert compared["rank"].tolist() == [1, 2, 3, pd.NA]
    assert compared["share"].tolist()[:3] == [2.0, 0.4, 0.125]
    assert compared["status"].tolist() == ["leader", "leader", "target_missed", "no_data"]
    assert compared[["numerator", "denominator"]].isna().all(axis=None)
    region = region_total(export.table, profile, "teachers_active")
    assert region[["share", "numerator", "denominator"]].isna().all()


def test_percentages_of_preschools_alone() -> None:
    export = read(
        "№;мо;% Зарегистрированных воспитателей;% Активности воспитателей\n1;Озёрный район;90,2;33,7\n2;г. Лесной;100,0;0,0\n"
        ";Среднее значение по региону;95,1;16,9\n"
    )
    assert export.kind is ExportKind.DOO_STAFF
    report = doo_staff(export.table)
    assert not report.has_counts
    assert report.municipalities["rank_registered"].tolist() == [1, 2]
    assert (
        report.region[["share_registered", "share_active", "teachers_registered", "missing_to_full"]]
        .isna()
        .all()
    )
