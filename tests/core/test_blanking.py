"""Files as they may be kept: people and contacts gone, every figure as it was. All people are invented."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from sferum_core import UnreadableFile, read_export
from sferum_core.people_text import HIDDEN, is_phone_number, masked, may_be_a_name
from sferum_core.reading.blanking import kept_copy, without_people

DEMO = Path(__file__).resolve().parents[2] / "assets" / "demo"
LYCEUM = "Лицей имени Ивана Ивановича Соснина"
HEADERS = [
    "ID организации", "Наименование организации", "Муниципалитет", "Численность педагогов",
    "Зарегистрировано педагогов", "Педагогов, написавших 10 сообщений", "Директор", "Тел.", "Электронная почта", "Куратор округа",
]  # fmt: skip
ROWS = [
    ["0001", LYCEUM, "Озёрный район", 20, 18, 5, "Ёлкина Вера Тестовна", 89001112233, "a@example.ru", "Пробов Пётр"],
    ["0002", "Школа № 2", "Лесной район", 30, 28, 6, "Соснин П. П.", "8 (3512) 12-34-56", "b@example.ru", "Тестова Анна"],
    ["0003", "Школа № 3", "Лесной район", 40, 38, 7, "Берёзов А. А.", "+79001112244", "c@example.ru", "Тестова Анна"],
]  # fmt: skip
FOOT = ["Исполнитель: Липова Мария Пробовна, тел. 8 (3512) 98-76-54"]
SECRETS = ("Ёлкина", "Соснин П", "Берёзов", "89001112233", "12-34-56", "79001112244", "example.ru", "Пробов Пётр",
           "Тестова", "Липова", "98-76-54")  # fmt: skip


def book(rows: list[list[object]], *, author: str = "openpyxl") -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.properties.creator = author
    made.properties.lastModifiedBy = None
    for row in rows:
        made.active.append(row)
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    output = io.BytesIO()
    made.save(output)
    return output.getvalue()


def cells(content: bytes) -> list[list[object]]:
    return [
        list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    ]


def everything(content: bytes) -> str:
    """All text of all parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_people_and_contacts_are_gone_and_the_figures_stay() -> None:
    content = saved(book([HEADERS, *ROWS, [], FOOT]))
    kept = without_people(content, "неделя.xlsx")
    assert not kept.is_original
    assert kept.blanked == 4 * len(ROWS) + 1
    text = everything(kept.content)
    assert [secret for secret in SECRETS if secret in text] == []
    found = cells(kept.content)
    assert found[0] == HEADERS
    assert [row[:6] for row in found[1:4]] == [row[:6] for row in ROWS]
    assert all(cell is None for row in found[1:4] for cell in row[6:])
    assert found[5][0] == f"Исполнитель: {HIDDEN}, тел. {HIDDEN}"
    before, after = read_export(content, "неделя.xlsx"), read_export(kept.content, kept.name)
    assert after.kind is before.kind
    assert after.table.equals(before.table)


def test_a_file_without_people_is_kept_as_it_is() -> None:
    content = saved(book([HEADERS[:6], *(row[:6] for row in ROWS)]))
    kept = without_people(content, "неделя.xlsx")
    assert (kept.name, kept.content, kept.is_original, kept.blanked) == ("неделя.xlsx", content, True, 0)
    text = "\n".join(";".join(map(str, row[:6])) for row in [HEADERS, *ROWS]).encode("cp1251")
    assert without_people(text, "неделя.csv").content == text


@pytest.mark.parametrize("place", ["author", "comment", "footer", "file name", "sheet"])
def test_people_beside_the_cells_are_gone_too(place: str) -> None:
    name = "Ёлкина Вера Тестовна"
    made = book([HEADERS[:6], *(row[:6] for row in ROWS)], author=name if place == "author" else "openpyxl")
    if place == "comment":
        made.active["B2"].comment = Comment(name, name)
    elif place == "footer":
        made.active.oddFooter.left.text = name
    elif place == "sheet":
        made.active.title = name
    filename = f"{name}.xlsx" if place == "file name" else "неделя.xlsx"
    kept = without_people(saved(made), filename)
    assert not kept.is_original
    assert "Ёлкина" not in everything(kept.content) + kept.name
    assert [row[:6] for row in cells(kept.content)][1:] == [row[:6] for row in ROWS]


def test_tables_of_people_are_blanked_altogether() -> None:
    file = DEMO / "demo_teachers_2024-04-04.xlsx"
    names = read_export(file.read_bytes(), file.name).table["full_name"].dropna().tolist()
    kept = without_people(file.read_bytes(), file.name)
    text = everything(kept.content)
    assert len(names) > 10
    assert [name for name in names if name in text] == []


def test_text_that_looks_like_a_formula_stays_text() -> None:
    rows = [[*row] for row in ROWS]
    rows[0][1] = '=HYPERLINK("http://x","Школа")'
    content = saved(book([HEADERS, *rows]))
    content_text = without_people(
        "\n".join(";".join(map(str, row)) for row in [HEADERS, *rows]).encode(), "неделя.csv"
    ).content
    assert "<f>" not in everything(content_text)
    assert "<f>" not in everything(without_people(content, "неделя.xlsx").content)


def test_several_files_become_a_zip_and_a_zip_stays_one() -> None:
    content = saved(book([HEADERS, *ROWS]))
    plain = saved(book([HEADERS[:6], *(row[:6] for row in ROWS)]))
    kept = kept_copy([("неделя.xlsx", content), ("неделя.xlsx", plain)])
    with zipfile.ZipFile(io.BytesIO(kept.content)) as archive:
        assert archive.namelist() == ["неделя.xlsx", "неделя (2).xlsx"]
        inside = [archive.read(name) for name in archive.namelist()]
    assert inside[1] == plain
    assert "Ёлкина" not in everything(inside[0])
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("a.xlsx", content)
        archive.writestr("b.xlsx", plain)
        archive.writestr("Ёлкина.pdf", b"%PDF-1.4")
    packed = without_people(output.getvalue(), "архив.zip")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert archive.namelist() == ["a.xlsx", "b.xlsx"], "what can't be looked through is left out"
    assert kept_copy([("неделя.xlsx", plain)]).is_original


def test_a_broken_file_raises_the_readers_error() -> None:
    with pytest.raises(UnreadableFile):
        without_people(b"PK\x03\x04 broken", "неделя.xlsx")


def test_shapes_of_names_and_phones() -> None:
    assert may_be_a_name("Ёлкина Вера")
    assert not may_be_a_name("Школа № 2")
    assert is_phone_number(89001112233.0)
    assert not is_phone_number(7412345678.0), "an ИНН"
    assert masked("тел. +79001112233") == f"тел. {HIDDEN}"
