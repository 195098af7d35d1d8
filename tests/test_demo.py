"""The demo region comes from its seed: the committed files are what the generator makes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from scripts.demo_files import LAYOUTS, write_region
from scripts.demo_more import chosen_rows, region_teachers, write_more
from scripts.demo_region import SEED, TEACHER_DATES, organizations, teacher_rows, teachers_organization, weeks
from scripts.make_demo import FOLDER
from sferum_core import Export, ExportKind, read_export
from sferum_core.calls import call_report
from sferum_core.lessons import lesson_report
from sferum_core.teachers import roll_up

Cells = dict[str, list[list[object]]]


def cells(path: Path) -> Cells:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("demo")
    return [*write_region(folder, weeks(), teacher_rows()), *write_more(folder)]


def test_committed_files_are_what_the_seed_gives(written: list[Path]) -> None:
    assert sorted(path.name for path in written) == sorted(path.name for path in FOLDER.glob("demo_*"))
    for path in written:
        same = cells if path.suffix == ".xlsx" else Path.read_bytes
        assert same(path) == same(FOLDER / path.name), f"{path.name}: run `make demo`"


def test_another_seed_gives_another_region() -> None:
    assert [o.teachers_total for o in organizations(SEED + 1)] != [
        o.teachers_total for o in organizations(SEED)
    ]


def test_six_weeks_run_from_friday_to_thursday() -> None:
    ends = [week.end for week in weeks()]
    assert len(ends) == 6
    assert all((week.start.weekday(), week.end.weekday()) == (4, 3) for week in weeks())
    assert str(ends[-1]) == "2024-04-04"


def test_the_region_has_the_troubles_of_real_files() -> None:
    newest = weeks()[-1]
    rows = newest.rows
    assert 1_150 <= len(rows) <= 1_250
    assert len({o.home.name for o, _ in rows}) == 27
    assert len({o.municipality for o, _ in rows}) > 27, "spelling variants"
    assert 0.05 <= sum(f["status"] == "Не активна" for _, f in rows) / len(rows) <= 0.09
    assert sum(_over(f) for _, f in rows) >= 3
    assert all(o.organization_id.startswith("0") and len(o.organization_id) == 8 for o, _ in rows)
    names = [o.name for o, _ in rows]
    assert {"тест ДС", "МОУ ДЕМО СОШ № 1"} <= set(names)
    assert any(name.startswith("Управление образования") for name in names)
    assert any("МБДОУ" in name and "школа" in name for name in names), "a wrong legal form"


def _over(figures: dict[str, int | str | None]) -> bool:
    active, registered = figures["teachers_active"], figures["teachers_registered"]
    return isinstance(active, int) and isinstance(registered, int) and active > registered > 0


def test_the_holidays_make_a_dip_in_the_fifth_week() -> None:
    totals = [sum(int(f["teachers_10_messages"] or 0) for _, f in week.rows) for week in weeks()]
    assert totals[4] == min(totals)
    assert totals[4] < 0.7 * totals[3]


def test_teachers_file_adds_up_to_its_schools_row() -> None:
    rows = [row for row in teacher_rows() if row.date == TEACHER_DATES[-1]]
    school = teachers_organization(organizations())
    figures = next(f for o, f in weeks()[-1].rows if o.organization_id == school.organization_id)
    assert figures["teachers_registered"] == len(rows)
    assert figures["teachers_10_messages"] == sum(row.messages >= 10 for row in rows)
    assert figures["teachers_1_call"] == sum(row.calls >= 1 for row in rows)
    assert len({row.full_name for row in rows}) == len(rows) - 1, "two people share a name"


NUMBERED = list(enumerate(weeks()))


@pytest.fixture(scope="module", params=range(len(NUMBERED)), ids=lambda i: str(NUMBERED[i][1].end))
def reading(request: pytest.FixtureRequest) -> tuple[int, Export]:
    week = NUMBERED[request.param][1]
    path = FOLDER / f"demo_{week.end}.xlsx"
    return request.param, read_export(path.read_bytes(), path.name)


def test_every_week_is_read_whole_without_a_word_from_the_user(reading: tuple[int, Export]) -> None:
    number, export = reading
    week = NUMBERED[number][1]
    assert export.kind is ExportKind.ORGANIZATIONS
    assert export.period is not None
    assert (export.period.start, export.period.end) == (week.start, week.end)
    assert export.table["organization_id"].tolist() == [o.organization_id for o, _ in week.rows]
    assert export.table["organization"].tolist() == [o.name for o, _ in week.rows]
    assert len(export.table) + len(export.left_out) == export.source_rows
    assert not [finding for finding in export.findings if finding.severity == "error"]


def test_every_figure_of_a_week_arrives(reading: tuple[int, Export]) -> None:
    number, export = reading
    rows = NUMBERED[number][1].rows
    for name in rows[0][1]:
        if name == "status":
            assert export.table["is_active"].tolist() == [f["status"] == "Активна" for _, f in rows]
            continue
        got = [None if pd.isna(value) else int(value) for value in export.table[name]]
        assert got == [f[name] for _, f in rows], name


def test_a_total_that_does_not_add_up_is_told(reading: tuple[int, Export]) -> None:
    number, export = reading
    told = [finding for finding in export.findings if finding.code == "total_mismatch"]
    assert len(told) == (1 if LAYOUTS[number].wrong_total else 0)


def test_the_teachers_file_is_read_whole() -> None:
    path = next(FOLDER.glob("demo_teachers_*.xlsx"))
    export = read_export(path.read_bytes(), path.name)
    assert export.kind is ExportKind.TEACHERS
    rows = teacher_rows()
    assert export.table["full_name"].tolist() == [row.full_name for row in rows]
    assert export.table["messages"].tolist() == [row.messages for row in rows]
    assert export.table["calls"].tolist() == [row.calls for row in rows]
    assert export.table["linked"].astype(bool).tolist() == [row.linked for row in rows]


def read(pattern: str) -> Export:
    path = next(FOLDER.glob(pattern))
    return read_export(path.read_bytes(), path.name)


def test_the_regions_teachers_add_up_to_the_week() -> None:
    export = read("demo_region_teachers_*.xlsx")
    assert export.kind is ExportKind.TEACHERS
    assert len(export.table) == len(region_teachers())
    rolled = roll_up(export.table).set_index("organization_id")
    rows = chosen_rows(weeks()[-1])
    assert set(rolled.index) == {organization.organization_id for organization, _ in rows}
    for organization, figures in rows:
        line = rolled.loc[organization.organization_id]
        assert line["organization_type"] == (organization.type or line["organization_type"])
        for name in ("teachers_registered", "teachers_10_messages", "teachers_3_calls"):
            if figures[name] is not None:
                assert line[name] == figures[name], name


def test_the_lessons_and_the_calls_are_read_whole() -> None:
    export = read("demo_lessons_*.xlsx")
    assert export.kind is ExportKind.DISTANCE_LESSONS
    assert lesson_report(export.table).findings == ()
    assert [finding for finding in export.findings if finding.severity != "note"] == []
    export = read("demo_calls_*.zip")
    assert export.kind is ExportKind.CALL_PARTICIPANTS
    calls = call_report(export.table, export.source.filename).calls
    assert calls["participants"].tolist() == [24, 1, 3]
    assert calls["counts"].tolist() == [True, False, False]


def test_the_summary_and_the_registry_are_read_whole() -> None:
    export = read("demo_summary_*.csv")
    assert export.kind is ExportKind.ORGANIZATIONS
    assert export.table["date"].nunique() == len(export.table) == 7
    assert export.table["organization"].nunique() == 1
    export = read("demo_registry.xlsx")
    assert export.kind is ExportKind.REGISTRY
    assert export.table["teachers_total"].notna().all()
