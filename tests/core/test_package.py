"""«Пакет недели»: what goes in, names that Windows accepts, one zip, the same figures everywhere."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import docx
import openpyxl
import pandas as pd
import pytest

from sferum_core.model import Status
from sferum_core.organizations import assess_organizations
from sferum_core.reports.letters import LetterFields
from sferum_core.reports.names import folder_name, unique_path
from sferum_core.reports.organizations import organizations_from_words
from sferum_core.reports.package import PARTS, Extra, Package, Part, plan, write_package
from sferum_core.reports.package_files import municipalities
from tests.core.books import PROFILE, meta, organizations, package
from tests.core.test_letters import REGION

FORBIDDEN = re.compile(r'[<>:"\\|?*\x00-\x1f]')
RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def written(made: Package, **options: Any) -> zipfile.ZipFile:
    target = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115 - the archive reads it
    paths = write_package(made, target, **options)  # type: ignore[arg-type]
    target.seek(0)
    archive = zipfile.ZipFile(target)  # type: ignore[arg-type]
    assert archive.namelist() == paths
    return archive


def of(table: pd.DataFrame, **options: Any) -> Package:
    return Package(assess_organizations(table, PROFILE), PROFILE, meta(len(table)), **options)


def listing(content: bytes, sheet: str) -> list[dict[str, Any]]:
    rows = list(openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows(min_row=3, values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def test_every_part_is_described() -> None:
    assert set(PARTS) == set(Part)
    assert all(part.label and part.about.endswith(".") for part in Part)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", ["plain", "hostile", "zero"])
def test_every_file_opens_and_its_name_is_one_windows_accepts(kind: str) -> None:
    archive = written(package(kind))
    names = archive.namelist()
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert not FORBIDDEN.search(name) and len(name) <= 240
        for step in name.split("/"):
            assert step == step.strip() and not step.endswith(".") and not RESERVED.match(step)
        content = archive.read(name)
        if name.endswith(".xlsx"):
            openpyxl.load_workbook(io.BytesIO(content))
        elif name.endswith(".docx"):
            docx.Document(io.BytesIO(content))
        elif name.endswith(".svg"):
            ElementTree.fromstring(content)
        else:
            assert name.endswith(".txt") and content.decode("utf-8-sig")


def test_the_annexes_are_named_and_filled_as_the_letter_of_000_has_them() -> None:
    archive = written(of(REGION, parts=frozenset({Part.ANNEXES})))
    first, second = archive.namelist()
    assert first == "Приложение 1. ДОО не активные и ниже нормы. 2024-04-04.xlsx"
    assert second == "Приложение 2. ОО не активные и ниже нормы. 2024-04-04.xlsx"
    rows = listing(archive.read(first), "Список")
    assert [row["ID организации"] for row in rows] == ["000001", "000002", "000000"]
    assert {row["Статус"] for row in rows} == {"Не активна", "Ниже нормы"}
    assert [row["Не хватает до нормы, чел."] for row in rows][1] == 1
    assert all(row["Что делать"] for row in rows)


def test_a_book_a_municipality_holds_every_row_once() -> None:
    table = organizations("plain")
    archive = written(of(table, parts=frozenset({Part.MUNICIPALITIES})))
    assert len(archive.namelist()) == 3
    ids = [
        row["ID организации"]
        for name in archive.namelist()
        for row in listing(archive.read(name), "Организации")
    ]
    assert sorted(ids) == sorted(table["organization_id"])


def test_rows_without_a_municipality_are_not_lost() -> None:
    table = REGION.assign(municipality=REGION["municipality"].where(REGION["municipality"] != "г. Лесной"))
    parts = frozenset({Part.MUNICIPALITIES, Part.MUNICIPALITY_LETTERS, Part.CHAT})
    names = written(of(table, parts=parts)).namelist()
    assert [name for name in names if "не указан" in name] == [
        "Муниципалитеты/Муниципалитет не указан. 2024-04-04.xlsx"  # a book, but nobody to write to
    ]


def test_letters_go_to_those_behind_only() -> None:
    made = of(REGION, parts=frozenset({Part.SCHOOL_LETTERS}))
    behind = made.words["status"].isin([Status.INACTIVE.value, Status.BELOW_NORM.value])
    names = written(made).namelist()
    assert len(names) == int(behind.sum())
    assert "Письма/Организациям/Озёрный район/СОШ № 5. 000004.docx" in names


def test_special_entries_stay_out_of_letters_on_request() -> None:
    table = pd.concat([REGION, REGION.iloc[[0]].assign(organization="тест ДС", organization_id="999")])
    made = of(table.reset_index(drop=True), parts=frozenset({Part.SCHOOL_LETTERS}))
    assert any("тест ДС" in name for name in written(made).namelist())
    assert not any("тест ДС" in name for name in written(replace(made, without_strangers=True)).namelist())


def test_extras_come_in_with_names_of_their_own() -> None:
    extras = [Extra(("Что изменилось",), lambda: b"a"), Extra(("Сверка: спорные",), lambda: b"b", "Сверка?")]
    archive = written(of(REGION, parts=frozenset(), extras=extras))
    assert archive.namelist() == ["Что изменилось. 2024-04-04.xlsx", "Сверка/Сверка спорные. 2024-04-04.xlsx"]


def test_progress_tells_each_file_before_it_is_made() -> None:
    told: list[tuple[int, int, str]] = []
    made = of(REGION, parts=frozenset({Part.ANNEXES, Part.CHAT}))
    archive = written(made, progress=lambda done, total, name: told.append((done, total, name)))
    names = archive.namelist()
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert {total for _, total, _ in told} == {len(names)}
    assert told[0] == (0, len(names), names[0]) and told[-1][0] == len(names)
    assert {name for _, _, name in told} == set(names)


def test_nothing_is_made_while_planning() -> None:
    def fail() -> bytes:
        raise AssertionError("made too early")

    assert plan(of(REGION, parts=frozenset(), extras=[Extra(("А",), fail)]))[0].path.startswith("А")


def test_the_same_package_gives_the_same_bytes() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    write_package(of(REGION, fields=LetterFields(number="5")), first)
    write_package(of(REGION, fields=LetterFields(number="5")), second)
    assert first.getvalue() == second.getvalue()


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_one_source_for_each_figure() -> None:
    """Summary, annex, books of municipalities and the letter tell the same counts."""
    made = of(REGION)
    archive = written(made)
    inactive = int((made.assessed["status"] == Status.INACTIVE.value).sum())
    totals = listing(archive.read("Сводная книга. 2024-04-04.xlsx"), "Итоги")
    assert totals[-1]["Тип организаций"] == "Все типы" and totals[-1]["«Не активна», ед."] == inactive
    books = [name for name in archive.namelist() if name.startswith("Муниципалитеты/")]
    rows = [row for name in books for row in listing(archive.read(name), "Организации")]
    assert sum(row["Статус"] == "Не активна" for row in rows) == inactive
    annexes = [name for name in archive.namelist() if name.startswith("Приложение")]
    rows = [row for name in annexes for row in listing(archive.read(name), "Список")]
    assert sum(row["Статус"] == "Не активна" for row in rows) == inactive
    chats = [archive.read(name).decode("utf-8-sig") for name in archive.namelist() if name.endswith(".txt")]
    assert sum(int(re.findall(r"не активны – (\d+)", text)[0]) for text in chats) == inactive


def test_the_summary_has_native_charts() -> None:
    archive = written(of(REGION, parts=frozenset({Part.SUMMARY})))
    inner = zipfile.ZipFile(io.BytesIO(archive.read(archive.namelist()[0])))
    charts = [inner.read(name).decode() for name in inner.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 3 and all('<c:barDir val="bar"/>' in chart for chart in charts)


def test_names_of_folders_and_repeated_files() -> None:
    assert folder_name("г. Орёл: центр/север. ") == "г. Орёл центр север"
    assert (
        folder_name("CON") != "CON" and folder_name("…\x00") == "…" and folder_name("///") == "Без названия"
    )
    taken: set[str] = set()
    assert [unique_path(path, taken) for path in ("А/б.docx", "а/Б.docx", "А/б.docx")] == [
        "А/б.docx",
        "а/Б (2).docx",
        "А/б (3).docx",
    ]


def test_letters_on_a_letterhead_have_their_annexes_in_files_beside_them() -> None:
    parts = frozenset({Part.MUNICIPALITY_LETTERS, Part.SCHOOL_LETTERS})
    archive = written(of(REGION, parts=parts, on_letterhead=True))
    names = archive.namelist()
    annexes = "Письма/Муниципалитетам/Озёрный район. Приложения. 2024-04-04.docx"
    assert annexes in names and "Письма/Организациям/Приложение. Алгоритм действий.docx" in names
    document = docx.Document(io.BytesIO(archive.read(annexes)))
    assert document.paragraphs[0].text == "Приложение 1"
    assert not any("Приложени" in name for name in written(of(REGION, parts=parts)).namelist())


@pytest.mark.parametrize("kind", ["plain", "hostile", "one"])
def test_a_book_of_a_municipality_is_the_same_as_when_written_on_its_own(kind: str) -> None:
    """The package makes the region's columns ready once; that shows in no byte."""
    week = package(kind)
    planned = [file for file in plan(week) if file.path.startswith("Муниципалитеты/")]
    groups = municipalities(week.words)
    assert len(planned) == len(groups) > 0
    for file, (name, rows) in zip(planned, groups, strict=True):
        meta = week.about(f"Организации: {name}", f"муниципалитет: {name}")
        alone = organizations_from_words(rows, week.profile, meta, one_municipality=True)
        assert file.build is not None and file.build() == alone
