"""Text files: which encoding, which delimiter, which rows."""

from __future__ import annotations

import contextlib
import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sferum_core.reading.charset import decode
from sferum_core.reading.process import Refused
from sferum_core.reading.text import find_delimiter, read_rows

LINES = [
    "Организация;Муниципалитет;Педагогов;Доля",
    "МБДОУ «Детский сад № 7»;Озёрский городской округ;31;12,5%",
    "МБОУ «СОШ № 12»;Полевской муниципальный район;64;3,1%",
    "МАОУ «Лицей № 3 имени Ю. А. Гагарина»;Луговой муниципальный округ;58;100,0%",
]
TEXT = "\r\n".join(LINES) + "\r\n"


def rows_of(text: str, **limits: int) -> tuple[str, list[list[str]]]:
    delimiter, rows = read_rows(text, **({"cell_characters": 32_767, "line_bytes": 2**20} | limits))
    return delimiter, list(rows)


def refusal_of(text: str, **limits: int) -> str:
    with pytest.raises(Refused) as caught:
        rows_of(text, **limits)
    return caught.value.code


def decode_refusal(content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        decode(content)
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("cp1251"), "cp1251"),
        (TEXT.upper().encode("cp1251"), "cp1251"),
        (b"name;share\r\nKirov;1\r\n", "utf-8"),
        ("name;№\r\nKirov;1\r\n".encode("cp1251"), "cp1251"),
    ],
)
def test_encodings_of_exports_are_told_without_a_note(content: bytes, encoding: str) -> None:
    decoded = decode(content)
    assert decoded.encoding == encoding
    assert decoded.text[:12].lower() == content.decode(encoding).removeprefix("\ufeff")[:12].lower()
    assert not decoded.guessed


@pytest.mark.parametrize("encoding", ["cp866", "koi8-r"])
@pytest.mark.parametrize("upper", [False, True])
def test_rare_encodings_are_guessed_and_said_so(encoding: str, upper: bool) -> None:
    text = TEXT.replace("«", '"').replace("»", '"').replace("№", "N")
    text = text.upper() if upper else text
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert decoded.encoding == encoding
    assert decoded.guessed


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "koi8-r"])
@pytest.mark.parametrize(
    "words",
    [
        "ФИО;Роль\nКузнецова Мария Ивановна;Учитель\nФёдоров Пётр Ильич;Директор\n",
        "Район;Активны\nЧебаркульский;12\n",
        "МУНИЦИПАЛИТЕТ;ДОЛЯ\nМАГНИТОГОРСК;5\n",
        "Дата;Звонки\n04.04.2024;3\n",
    ],
)
def test_a_few_words_are_enough(encoding: str, words: str) -> None:
    assert decode(words.encode(encoding)).text == words


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (TEXT.encode() * 50 + b"\xd0\n", "encoding_broken"),
        (TEXT.encode("utf-8-sig") + b"\xff", "encoding_broken"),
        (TEXT.encode() * 20 + TEXT.encode("cp1251"), "encoding_mixed"),
        (TEXT.encode("cp1251") * 20 + TEXT.encode() * 20, "encoding_mixed"),
        (
            TEXT.encode("cp1251") * 20 + TEXT.replace("«", "").replace("»", "").encode("cp866") * 20,
            "encoding_mixed",
        ),
        (b"a;b\n1;\x00\n", "nul_bytes"),
        (TEXT.encode("cp1251") + b"\x00", "nul_bytes"),
        ("a;б\0\n".encode("utf-16"), "nul_bytes"),
        (TEXT.encode("utf-32"), "encoding_unknown"),
        (bytes(range(128, 256)) * 4, "encoding_unknown"),
    ],
)
def test_text_that_cannot_be_trusted_is_refused(content: bytes, code: str) -> None:
    assert decode_refusal(content) == code


def test_a_damaged_file_is_told_by_its_row() -> None:
    with pytest.raises(Refused) as caught:
        decode("Имя\n".encode() * 9 + b"\xd0;1\n")
    assert caught.value.values == {"row": 10}


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_each_delimiter_is_found(delimiter: str) -> None:
    text = delimiter.join(["Имя", "Доля", "Город"]) + "\n" + delimiter.join(["Анна", "12", "Киров"]) + "\n"
    assert find_delimiter(text) == delimiter


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Имя;Доля\nАнна;12,5\nОлег;3,1\n", ";"),
        ("а;б;в\n1,5;2,5;3,5\n1,5;2,5;3,5\n", ";"),
        ("1,5;2,5;3,5\n1,5;2,5;3,5\n", ";"),
        ("Отчёт за неделю, 4 апреля\n\nИмя;Доля;Город\nАнна;1;Киров\n", ";"),
        ('name,city\n"a; b",c\n"d; e",f\n', ","),
        ("Имя\tДоля\nАнна\t12,5\n", "\t"),
        ("Имя\nАнна\n", ";"),
        ("Доля\n12,5\n3,1\n", ";"),
    ],
)
def test_decimal_commas_and_quotes_do_not_fool_the_delimiter(text: str, delimiter: str) -> None:
    assert find_delimiter(text) == delimiter


def test_a_sep_line_decides_and_keeps_its_row_number() -> None:
    assert rows_of("sep=,\r\na;b,c\r\n1;2,3\r\n") == (",", [[], ["a;b", "c"], ["1;2", "3"]])


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_newline_ends_a_row(newline: str) -> None:
    assert rows_of(newline.join(["a;b", "1;2", "", "3;4"]))[1] == [["a", "b"], ["1", "2"], [], ["3", "4"]]


def test_blank_tails_are_cut_and_blank_rows_between_are_kept() -> None:
    assert rows_of("a;b\n;\n1;2\n" + ";\n" * 500)[1] == [["a", "b"], ["", ""], ["1", "2"]]


@pytest.mark.parametrize(
    "text",
    [
        'a;b\n1;"2\n3;4\n',
        'a;b\n1;"2',
        'a;b\n"1;2\n3;4\n5;6\n7;"8"\n',
        'a;b\n1;"' + "x\n" * 40_000,
    ],
)
def test_an_unclosed_quote_is_refused(text: str) -> None:
    assert refusal_of(text) == "unclosed_quote"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('a;b\n"МБОУ ""СОШ № 1""";2\n', [["a", "b"], ['МБОУ "СОШ № 1"', "2"]]),
        ('a;b\nМБОУ "СОШ № 1";2\n', [["a", "b"], ['МБОУ "СОШ № 1"', "2"]]),
        ('a;b\n"г. Киров,\nул. Мира";2\n', [["a", "b"], ["г. Киров,\nул. Мира", "2"]]),
    ],
)
def test_quotes_that_are_closed_are_read(text: str, rows: list[list[str]]) -> None:
    assert rows_of(text)[1] == rows


def test_limits_of_cells_and_lines_are_exact() -> None:
    assert rows_of("a;" + "x" * 100, cell_characters=100)[1] == [["a", "x" * 100]]
    assert refusal_of("a;" + "x" * 101, cell_characters=100) == "cell_too_long"
    assert rows_of("a;bcd", line_bytes=5)[1] == [["a", "bcd"]]
    assert refusal_of("a;bcde", line_bytes=5) == "line_too_long"


CELL = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\0\x85\u2028\u2029"),
    min_size=1,
    max_size=8,
)


@settings(deadline=None)
@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8),
    st.sampled_from([";", ",", "\t", "|"]),
)
def test_any_grid_that_is_written_is_read_back(grid: list[list[str]], delimiter: str) -> None:
    grid = [["№", *row, "."] for row in grid]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(grid)
    _, rows = read_rows(out.getvalue(), delimiter, cell_characters=99, line_bytes=9_999)
    assert list(rows) == grid


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_raise_nothing_but_a_refusal(content: bytes) -> None:
    with contextlib.suppress(Refused):
        rows_of(decode(content).text)


@settings(deadline=None)
@given(st.text(alphabet='ab;,"\t|\r\n =sep', max_size=60))
def test_random_text_raises_nothing_but_a_refusal(text: str) -> None:
    with contextlib.suppress(Refused):
        rows_of(text)
