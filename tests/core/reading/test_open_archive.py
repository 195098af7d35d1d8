"""A zip of files: each read or told by its name, all under one set of limits."""

from __future__ import annotations

from sferum_core.model import Limits
from sferum_core.reading.open import open_file
from tests.core.reading import files
from tests.core.reading.opened import code_of


def test_a_cyrillic_name_a_folder_and_junk_in_an_archive() -> None:
    archive = files.zipped(
        {
            "Неделя 1/Озёрск.csv": b"a;b\n1;2\n",
            "__MACOSX/._x": b"x",
            "Thumbs.db": b"x",
            "б.xlsx": files.xlsx(),
        }
    )
    opened = open_file(archive, "a.zip")
    assert [(book.filename, book.format) for book in opened.books] == [
        ("Неделя 1/Озёрск.csv", "csv"),
        ("б.xlsx", "xlsx"),
    ]
    assert (opened.format, opened.refused) == ("zip", [])
    assert len(opened.sha256) == 64


def test_a_bad_file_among_good_ones_is_told_by_its_name() -> None:
    archive = files.zipped(
        {
            "хороший.csv": b"a;b\n1;2\n",
            "бомба.xlsx": files.shared_strings_bomb(),
            "письмо.pdf": b"%PDF-1.4",
            "ещё.zip": files.zipped({"a.csv": b"a"}),
            "ещё хороший.xlsx": files.xlsx(),
        }
    )
    opened = open_file(archive, "a.zip")
    assert [book.filename for book in opened.books] == ["хороший.csv", "ещё хороший.xlsx"]
    refused = {name: error.code for name, error in opened.refused}
    assert refused == {"бомба.xlsx": "too_demanding", "письмо.pdf": "not_a_table", "ещё.zip": "zip_nested"}


def test_an_archive_with_nothing_to_read_is_refused() -> None:
    assert code_of(files.zipped({"a.pdf": b"%PDF-1.4"})) == "not_a_table"
    assert code_of(files.zipped({"a.pdf": b"%PDF-1.4", "b.csv": b"\0\0a"})) == "zip_nothing_readable"
    assert code_of(files.zipped({"r.zip": files.zipped({"r.zip": b"PK"})})) == "zip_nested"
    assert code_of(files.with_flags(files.zipped({"a.csv": b"a;b\n1;2"}), crc=5)) == "zip_bad_checksum"
    assert code_of(files.with_stated_sizes(files.zipped({"a.csv": b"a;b\n" * 99}), 40)) == "zip_lying"


def test_the_files_of_an_archive_share_one_limit_of_cells() -> None:
    archive = files.zipped({"a.csv": b"a;b\n1;2\n", "b.csv": b"a;b\n1;2\n", "c.csv": b"a;b\n"})
    opened = open_file(archive, "a.zip", Limits(cells=6))
    assert [book.filename for book in opened.books] == ["a.csv", "c.csv"]
    assert [(name, error.code) for name, error in opened.refused] == [("b.csv", "too_many_cells")]
    assert code_of(archive, Limits(sheets=2)) == "zip_too_many_files"
