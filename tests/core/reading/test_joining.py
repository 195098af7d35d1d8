"""Several files of one week: rows and columns brought together, nothing counted twice, nothing lost."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from sferum_core import Export, ExportKind, read_export
from sferum_core.reading import join_drop, join_files

HEADER = "ID школы;Организация;Тип;Муниципалитет;Зарегистрировано учителей;Написали минимум 10 сообщений"
DOO = ("01;Детский сад № 1;ДОО;Озёрный район;20;2", "02;Детский сад № 2;ДОО;г. Лесной;30;1")
OO = ("03;СОШ № 3;ОО;Озёрный район;50;9", "04;СОШ № 4;ОО;г. Лесной;40;8")


def read(name: str, *rows: str, header: str = HEADER) -> Export:
    return read_export("\n".join((header, *rows)).encode(), name)


def ids(export: Export) -> list[str]:
    return export.table["organization_id"].tolist()


def codes(export: Export) -> set[str]:
    return {finding.code for finding in export.findings}


def balanced(export: Export) -> bool:
    return len(export.table) + len(export.left_out) == export.source_rows


def test_two_types_in_two_files_become_one_week() -> None:
    one, two = read("ДОО_04.04.2024.csv", *DOO), read("ОО_04.04.2024.csv", *OO)
    (joined,) = join_files([one, two])
    assert ids(joined) == ["01", "02", "03", "04"]
    assert joined.table.dtypes.astype(str).tolist() == one.table.dtypes.astype(str).tolist()
    assert joined.source.filename == "ДОО_04.04.2024.csv и ещё 1\u00a0файл"
    assert "files_joined" in codes(joined)
    assert balanced(joined)
    assert joined.source.sha256 == join_files([two, one])[0].source.sha256, "the order of files is no matter"


def test_a_row_in_both_files_counts_once_and_is_told() -> None:
    (joined,) = join_files([read("а.csv", *DOO, *OO), read("б.csv", OO[0], "05;СОШ № 5;ОО;г. Лесной;40;8")])
    assert ids(joined) == ["01", "02", "03", "04", "05"]
    assert joined.left_out["reason"].tolist() == ["уже есть в файле «а.csv»"]
    note = next(finding for finding in joined.findings if finding.code == "files_joined")
    assert "В нескольких файлах сразу – 1\u00a0строка" in note.message
    assert "join_conflict" not in codes(joined)
    assert balanced(joined)


def test_figures_that_differ_keep_the_first_file_and_say_so() -> None:
    many = [f"{number:02};СОШ № {number};ОО;Озёрный район;50;9" for number in range(10, 20)]
    other = [many[0].replace(";50;9", ";50;7"), *many[1:]]
    (joined,) = join_files([read("а.csv", *many), read("б.csv", *other)])
    assert joined.table["teachers_10_messages"].tolist() == [9] * 10
    (conflict,) = [finding for finding in joined.findings if finding.code == "join_conflict"]
    assert (conflict.count, conflict.column, conflict.value) == (1, "teachers_10_messages", "СОШ № 10")


def test_columns_in_two_files_complete_one_another() -> None:
    pupils = read(
        "ученики.csv",
        "03;СОШ № 3;ОО;Озёрный район;400",
        "04;СОШ № 4;ОО;г. Лесной;300",
        header="ID школы;Организация;Тип;Муниципалитет;Зарегистрировано учеников",
    )
    (joined,) = join_files([read("учителя.csv", *DOO, *OO), pupils])
    assert joined.table["students_registered"].tolist() == [pd.NA, pd.NA, 400, 300]
    assert joined.table["students_registered"].dtype == "Int64"
    assert [column.number for column in joined.columns] == list(range(len(joined.columns)))
    assert balanced(joined)


def test_weeks_are_never_joined() -> None:
    one, two = read("ОО_04.04.2024.csv", *OO), read("ОО_11.04.2024.csv", *OO)
    assert one.period != two.period
    assert join_files([one, two]) == [one, two]
    before, after = (
        read("а.csv", *DOO, *OO),
        read("б.csv", *(row[:-1] + "7" for row in (*DOO, *OO))),
    )
    assert join_files([before, after]) == [before, after], "no period, but most figures differ"


def test_the_same_file_twice_counts_once() -> None:
    one, again = read("а.csv", *OO), read("копия.csv", *OO)
    (joined,) = join_files([one, again])
    assert ids(joined) == ["03", "04"]
    assert joined.source == one.source
    assert joined.left_out["reason"].unique().tolist() == ["тот же файл загружен дважды"]
    assert "file_repeated" in codes(joined)
    assert balanced(joined)


def test_without_ids_the_name_within_its_municipality_is_the_key() -> None:
    header = "Организация;Муниципалитет;Зарегистрировано учителей"
    one = read("а.csv", "СОШ № 1;г. Лесной;20", "СОШ № 2;г. Лесной;30", header=header)
    two = read("б.csv", "Сош №1;город Лесной;20", "СОШ № 1;Озёрный район;10", header=header)
    (joined,) = join_files([one, two])
    assert joined.table["teachers_registered"].tolist() == [20, 30, 10]


def test_people_with_one_name_stay_two() -> None:
    header = "Дата;ФИО;Тип пользователя;Связь с ЭЖД;Кол-во сообщений за 7 дней;Кол-во звонков за 7 дней"
    one = read("а.csv", "04.04.2024;Иванова А. А.;teacher;1;5;0", header=header)
    two = read(
        "б.csv",
        "04.04.2024;Иванова А. А.;teacher;1;5;0",
        "04.04.2024;Петрова Б. Б.;teacher;0;0;0",
        header=header,
    )
    (joined,) = join_files([one, two])
    assert (joined.kind, len(joined.table)) == (ExportKind.TEACHERS, 3)


def test_other_kinds_stay_apart_and_tables_beside_come_along() -> None:
    one, two = read("ДОО.csv", *DOO), read("ОО.csv", *OO)
    other = read(
        "мо.csv",
        "Озёрный район;12;7",
        "г. Лесной;10;4",
        header="Муниципалитет;Зарегистрировано участников;Активных",
    )
    first, second = join_files([replace(one, also=(other,)), other, two])
    assert first.also == (other,)
    assert second is other


def test_an_archive_with_a_file_for_each_municipality_is_one_week() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        for number in range(1, 31):
            made.writestr(f"{number}.csv", f"{HEADER}\n{number:02};СОШ № {number};ОО;Район {number};50;9")
        made.writestr(
            "мо.csv", "Муниципалитет;Зарегистрировано участников;Активных\nг. Лесной;12;7\nг. Мыс;9;1"
        )
    export = read_export(archive.getvalue(), "архив.zip")
    assert len(export.also) == 30
    ((joined, places),) = join_drop([export])
    assert places == (0,)
    assert len(joined.table) == 30
    assert [other.kind for other in joined.also] == [ExportKind.MUNICIPALITIES]
    assert balanced(joined)


rows = st.lists(st.integers(1, 30), min_size=1, max_size=12, unique=True)


@settings(deadline=None, max_examples=60)
@given(parts=st.lists(rows, min_size=1, max_size=4))
def test_every_organization_once_and_no_row_lost(parts: list[list[int]]) -> None:
    whole = read("все.csv", *(f"{n:03};СОШ № {n};ОО;Озёрный район;{n};0" for n in range(31)))
    files = []
    for place, part in enumerate(parts):
        source = whole.source.model_copy(update={"filename": f"{place}.csv", "sha256": str(place)})
        table = whole.table.iloc[part].reset_index(drop=True)
        files.append(replace(whole, table=table, source_rows=len(part), source=source))
    (joined,) = join_files(files)
    assert ids(joined) == list(dict.fromkeys(f"{n:03}" for part in parts for n in part))
    assert joined.table["teachers_registered"].tolist() == [int(i) for i in ids(joined)]
    assert balanced(joined)
