"""«Дистанционные уроки»: the printed example of 000, shares as fractions, sums by organization and municipality."""

from __future__ import annotations

import pytest

from sferum_core import read_export
from sferum_core.lessons import lesson_report
from sferum_core.model import Export, ExportKind

PRINTED = """Учебный год: 2023/2024;;;;;
Период: с 1.09.23 по 31.08.24;;;;;

Количество детей;Количество уроков;;;Количество участников дистанционных уроков;
;Всего;из них дистанционных уроков;доля дистанционных уроков;Планируемое;Фактическое
62;612;1;0,002;2;0
"""


def read(text: str, name: str = "lessons.csv") -> Export:
    export = read_export(text.encode(), name)
    assert export.kind is ExportKind.DISTANCE_LESSONS
    return export


def test_the_printed_example() -> None:
    export = read(PRINTED)
    row = export.table.iloc[0]
    assert row.to_dict() == {
        "children": 62,
        "lessons_total": 612,
        "lessons_distance": 1,
        "reported_share_lessons_distance": 0.002,
        "participants_planned": 2,
        "participants_actual": 0,
    }
    report = lesson_report(export.table)
    assert report.total["share_distance"] == pytest.approx(1 / 612)
    assert report.total["share_attended"] == 0
    assert report.findings == ()  # 0,002 is 1 / 612 as printed
    assert export.period is not None
    assert export.period.label == "01.09.2023–31.08.2024"


@pytest.mark.parametrize(
    ("stated", "fraction"), [("0,002", 0.002), ("0,2", 0.002), ("0,2%", 0.002), ("0,16%", 0.0016)]
)
def test_a_share_is_a_fraction_whatever_its_form(stated: str, fraction: float) -> None:
    table = read(PRINTED.replace("0,002", stated)).table
    assert table["reported_share_lessons_distance"].iloc[0] == pytest.approx(fraction)


def test_a_share_that_is_not_the_ratio_is_said() -> None:
    (finding,) = lesson_report(read(PRINTED.replace("0,002", "0,02")).table).findings
    assert finding.code == "lessons_share_differs"
    assert finding.value == "в файле 2,00\u00a0%, по числам 0,16\u00a0%"


REGION = """Муниципалитет;Школа;Количество детей;Всего уроков;Дистанционных уроков;Участников по плану;Участников фактически
Озёрный район;СОШ № 1;62;612;1;2;0
Озёрный район;СОШ № 2;300;1000;50;500;400
г. Лесной;СОШ № 2;200;600;90;30;60
Итого;;562;2212;141;532;460
"""


def test_organizations_and_municipalities_are_summed() -> None:
    report = lesson_report(read(REGION).table)
    assert report.total[["children", "lessons_total", "lessons_distance", "organizations"]].tolist() == [
        562,
        2212,
        141,
        3,
    ]
    assert report.total["share_distance"] == pytest.approx(141 / 2212)
    assert report.organizations["organization"].tolist() == ["СОШ № 2", "СОШ № 2", "СОШ № 1"]
    assert report.organizations["rank"].tolist() == [1, 2, 3]
    assert report.municipalities["municipality"].tolist() == ["г. Лесной", "Озёрный район"]
    assert report.municipalities["share_distance"].tolist() == pytest.approx([90 / 600, 51 / 1612])
    assert [finding.code for finding in report.findings] == ["participants_over_planned"]


def test_rows_of_one_school_are_added_and_its_children_counted_once() -> None:
    table = read(REGION.replace("г. Лесной;СОШ № 2;200", "Озёрный район;СОШ № 2;300")).table
    report = lesson_report(table)
    assert report.organizations.set_index("organization").loc["СОШ № 2", "lessons_distance"] == 140
    assert report.total["children"] == 362


def test_only_a_published_share_is_shown_but_not_summed() -> None:
    text = "Школа;Количество детей;Доля дистанционных уроков;Дистанционных уроков\nСОШ № 1;62;0,002;1\nСОШ № 2;60;0,1;9\n"
    report = lesson_report(read(text).table)
    assert report.organizations["share_distance"].tolist() == [0.1, 0.002]
    assert report.total.isna()["share_distance"]


def test_a_report_of_classes_names_its_school_over_the_table() -> None:
    text = (
        "Образовательная организация: МБОУ СОШ № 5\n\nКласс;Уроков;Дистанционных;Доля;План участников;Факт участников\n"
        "5А;100;1;0,01;20;10\n5Б;100;3;0,03;60;10\nИтого;200;4;0,02;80;20\n"
    )
    report = lesson_report(read(text).table)
    assert report.organizations[["organization", "lessons_total", "lessons_distance"]].values.tolist() == [
        ["МБОУ СОШ № 5", 200, 4]
    ]
