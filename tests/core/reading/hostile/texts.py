"""Text files: encodings, damage, odd rows, bombs."""

from __future__ import annotations

from collections.abc import Callable

from sferum_core.model import Export
from tests.core.reading.hostile.case import GRID, ROWS, Case, csv, read, refused, text

CSV = "выгрузка.csv"
LINES = text().split("\r\n")[:-1]
PLAIN = text().replace("«", "").replace("»", "").replace("№", "N")  # cp866 and koi8-r have no such quotes
ORGANIZATION = [row[1].replace('"', "") for row in GRID[1:]]


def plain(name: str) -> str:
    """A name without the signs that cp866 and koi8-r haven't got."""
    return name.replace("«", "").replace("»", "").replace("№", "N")


def names_are(expected: list[str]) -> Callable[[Export], None]:
    """The names of organizations came through letter by letter."""

    def check(export: Export) -> None:
        assert export.table["organization"].tolist() == expected

    return check


NAMES = names_are(ORGANIZATION)
PLAIN_NAMES = names_are([plain(name) for name in ORGANIZATION])


def many(encoding: str, times: int = 30) -> bytes:
    """The export with its rows many times over."""
    head, *body = LINES
    return "\r\n".join([head, *body * times, ""]).encode(encoding)


def spliced(first: str, second: str, at: int = 200, *, size: int = 1) -> bytes:
    """Rows in one encoding with `size` rows in another at row `at`."""
    plain = PLAIN.split("\r\n")[:-1]
    head, *body = plain
    rows = [head, *body * 60]
    return b"".join(
        (line + "\r\n").encode(second if at <= n < at + size else first) for n, line in enumerate(rows)
    )


CASES: list[Case] = [
    *(read(f"text: {encoding}", lambda e=encoding: text().encode(e), filename=CSV, check=NAMES) for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251")),
    *(read(f"text: {encoding}", lambda e=encoding: PLAIN.encode(e), "encoding_guessed", filename=CSV, check=PLAIN_NAMES) for encoding in ("cp866", "koi8-r", "mac-cyrillic", "iso8859-5")),
    *(read(f"text: {encoding} in capitals", lambda e=encoding: PLAIN.upper().encode(e), "encoding_guessed", filename=CSV, check=names_are([plain(n).upper() for n in ORGANIZATION])) for encoding in ("cp866", "koi8-r")),
    read("text: utf-16-be with BOM", lambda: b"\xfe\xff" + text().encode("utf-16-be"), filename=CSV, check=NAMES),
    refused("text: utf-16 of odd length", lambda: text().encode("utf-16-le")[:-1], "nul_bytes", "encoding_broken", filename=CSV),
    refused("text: utf-16 with BOM cut in a pair", lambda: text().encode("utf-16")[:-1], "encoding_broken", filename=CSV),
    refused("text: utf-16 with a lone surrogate", lambda: text().encode("utf-16") + b"\x00\xd8;\x00", "encoding_broken", filename=CSV),
    *(refused(f"text: {e}", lambda e=e: text().encode(e), "encoding_unknown", "nul_bytes", filename=CSV) for e in ("utf-32", "utf-32-le", "utf-32-be")),
    refused("text: utf-7", lambda: text().encode("utf-7"), "encoding_unknown", filename=CSV),
    refused("text: noise of high bytes", lambda: bytes(range(128, 256)) * 40, "encoding_unknown", "encoding_mixed", filename=CSV),
    # damage
    refused("text: late bad byte in utf-8", lambda: many("utf-8", 3000) + b"\xff;1\r\n", "encoding_broken", filename=CSV),
    refused("text: late cut letter in utf-8", lambda: many("utf-8", 300) + b"\xd0;1\r\n", "encoding_broken", filename=CSV),
    refused("text: bad byte behind a BOM", lambda: text().encode("utf-8-sig") + b"\xff", "encoding_broken", filename=CSV),
    refused("text: late byte that cp1251 has not", lambda: many("cp1251", 300) + b"\x98;1\r\n", "encoding_broken", filename=CSV),
    refused("text: overlong utf-8", lambda: many("utf-8") + b"\xc0\xaf;1\r\n", "encoding_broken", filename=CSV),
    refused("text: surrogates in utf-8", lambda: many("utf-8") + b"\xed\xa0\x80;1\r\n", "encoding_broken", filename=CSV),
    *(
        refused(f"text: {size} rows of {second} in {first} at {at}", lambda a=first, b=second, at=at, size=size: spliced(a, b, at, size=size), "encoding_mixed", "encoding_broken", "encoding_unknown", filename=CSV)
        for first, second in (("utf-8", "cp1251"), ("cp1251", "utf-8"), ("cp1251", "cp866"), ("cp1251", "koi8-r"), ("cp866", "cp1251"), ("koi8-r", "cp1251"), ("utf-8", "cp866"), ("cp866", "utf-8"), ("koi8-r", "utf-8"))
        for at, size in ((200, 200), (1, 20), (300, 2))
    ),
    refused("text: utf-8 row at the end of cp1251", lambda: many("cp1251", 300) + (LINES[1] + "\r\n").encode(), "encoding_mixed", "encoding_broken", filename=CSV),
    refused("text: utf-8 header over cp1251 rows", lambda: (LINES[0] + "\r\n").encode() + "\r\n".join(LINES[1:] * 50).encode("cp1251"), "encoding_mixed", "encoding_broken", filename=CSV),
    refused("text: cp1251 header over utf-8 rows", lambda: (LINES[0] + "\r\n").encode("cp1251") + "\r\n".join(LINES[1:] * 50).encode(), "encoding_mixed", "encoding_broken", filename=CSV),
    refused("text: NUL in a cell", lambda: csv() + b"\0;1\r\n", "nul_bytes", filename=CSV),
    refused("text: NUL in cp1251", lambda: text().encode("cp1251") + b"\0", "nul_bytes", filename=CSV),
    refused("text: NUL in utf-16", lambda: (text() + "\0;1\r\n").encode("utf-16"), "nul_bytes", filename=CSV),
    refused("text: NULs at the end", lambda: csv() + bytes(4096), "nul_bytes", filename=CSV),
    refused("text: unclosed quote at the end", lambda: csv() + b'1;"x', "unclosed_quote", filename=CSV),
    refused("text: unclosed quote in the middle", lambda: text().replace("000126;", '000126;"').encode(), "unclosed_quote", filename=CSV),
    refused("text: unclosed quote over 10 MB", lambda: csv() + b'"' + b"1;2\r\n" * 2_000_000, "unclosed_quote", "too_many_rows", "cell_too_long", filename=CSV),
    refused("text: unclosed quote in the header", lambda: b'"' + csv(), "unclosed_quote", filename=CSV),
    refused("text: quote closed many rows later", lambda: text().replace("000124;", '000124;"').replace("000127;", '000127";').encode(), "unclosed_quote", filename=CSV),
    # bombs
    refused("text: a 15 MB line", lambda: b"x" * (15 << 20), "line_too_long", filename=CSV),
    refused("text: a 15 MB line behind honest rows", lambda: csv() + b"1;" * (7 << 20), "line_too_long", filename=CSV),
    refused("text: a 15 MB line in quotes", lambda: csv() + b'"' + b"x" * (15 << 20) + b'"', "line_too_long", filename=CSV),
    refused("text: a 15 MB line of cp1251", lambda: text().encode("cp1251") + "я".encode("cp1251") * (15 << 20), "line_too_long", filename=CSV),
    refused("text: a 15 MB line of quotes", lambda: csv() + b'"' * (15 << 20), "line_too_long", "unclosed_quote", filename=CSV),
    refused("text: a million columns", lambda: b"a;" * 1_000_000, "line_too_long", "too_many_columns", filename=CSV),
    refused("text: half a million columns", lambda: b"a;" * 500_000 + b"\n", "too_many_columns", filename=CSV),
    refused("text: a million blank columns", lambda: b";" * 1_000_000 + b"x\n", "too_many_columns", filename=CSV),
    refused("text: 501 columns", lambda: b";".join(b"c%d" % n for n in range(501)) + b"\n", "too_many_columns", filename=CSV),
    refused("text: 2,500,000 rows", lambda: csv() + b"1;2\r\n" * 2_500_000, "too_many_rows", filename=CSV),
    refused("text: 10,000,000 rows", lambda: csv() + b"1\n" * 10_000_000, "too_many_rows", filename=CSV),
    refused("text: more cells than the limit", lambda: (b";".join([b"1"] * 40) + b"\n") * 100_000, "too_many_cells", filename=CSV),
    refused("text: cell of 40,000 letters", lambda: csv() + b"1;" + b"x" * 40_000, "cell_too_long", filename=CSV),
    refused("text: quoted cell of 40,000 letters", lambda: csv() + b'1;"' + b"x" * 40_000 + b'"', "cell_too_long", filename=CSV),
    read("text: sep= and a newline as the sign", lambda: b"sep=\n\n" + csv(), filename=CSV),
    refused("text: sep= a quote", lambda: b'sep="\n' + csv(), "broken_workbook", filename=CSV),
    refused("text: separators only", lambda: b";;;\r\n" * 50, "empty_table", filename=CSV),
    refused("text: quotes around nothing", lambda: b'"";"";""\r\n' * 50, "empty_table", filename=CSV),
    refused("text: blanks only", lambda: b" \t \r\n" * 500, "empty_file", "empty_table", filename=CSV),
    refused("text: no-break spaces only", lambda: "\u00a0;\u2003\r\n".encode() * 50, "empty_table", filename=CSV),
    refused("text: newlines only", lambda: b"\n" * 100_000, "empty_file", "empty_table", filename=CSV),
    refused("text: sep= only", lambda: b"sep=;\r\n", "empty_table", filename=CSV),
    refused("text: header only", lambda: (LINES[0] + "\r\n").encode(), "header_only", filename=CSV),
    refused("text: one word", lambda: "привет".encode(), "header_only", "no_table", filename=CSV),
    refused("text: one letter", lambda: b"x", "header_only", "no_table", filename=CSV),
    refused("text: a letter to somebody", lambda: ("Уважаемые коллеги! Направляем информацию.\n" * 40).encode(), "no_table", "header_only", filename=CSV),
    # honest ones
    read("text: sep=;", lambda: b"sep=;\r\n" + csv(), filename=CSV, check=NAMES),
    read("text: sep=, with semicolons in names", lambda: ("sep=,\r\n" + text().replace(";", ",").replace("Ромашка", "Ром;ашка")).encode(), filename=CSV),
    read("text: SEP= in utf-16", lambda: ("SEP=\t\r\n" + text().replace(";", "\t")).encode("utf-16"), filename=CSV, check=NAMES),
    read("text: sep= in quotes", lambda: b'"sep=;"\r\n' + csv(), filename=CSV, check=NAMES),
    *(read(f"text: newline {newline!r}", lambda n=newline: text().replace("\r\n", n).encode(), filename=CSV, check=NAMES) for newline in ("\n", "\r", "\r\r\n", "\n\r")),
    read("text: mixed newlines", lambda: text().replace("\r\n", "\n", 2).replace("\r\n", "\r", 2).encode(), filename=CSV, check=NAMES),
    read("text: without a last newline", lambda: text().rstrip().encode(), filename=CSV, check=NAMES),
    read("text: blank rows between", lambda: text().replace("\r\n", "\r\n\r\n").encode(), filename=CSV, check=NAMES),
    read("text: ragged rows", lambda: ("\r\n".join(line + ";x" * (n == 2) if n != 3 else line.rsplit(";", 1)[0] for n, line in enumerate(LINES))).encode(), ("ragged_rows", 2), filename=CSV, check=NAMES),
    read("text: blank tails of separators", lambda: text().replace("\r\n", ";" * 700 + "\r\n").encode(), filename=CSV, check=NAMES),
    read("text: 500,000 blank rows behind", lambda: csv() + b";;;\r\n" * 500_000, filename=CSV, check=NAMES),
    read("text: all cells in quotes", lambda: ("\r\n".join(";".join(f'"{cell}"' for cell in line.split(";")) for line in LINES)).encode(), filename=CSV, check=NAMES),
    read("text: quotes inside a name", lambda: text().replace("Озёрная СОШ", 'Озёрная "СОШ"').encode(), filename=CSV),
    read("text: newline inside quotes", lambda: text().replace("МБОУ «Озёрная СОШ»", '"МБОУ\r\n«Озёрная СОШ»"').encode(), filename=CSV),
    *(read(f"text: delimiter {d!r}", lambda d=d: text().replace(";", d).encode(), filename=CSV, check=NAMES) for d in "\t|,"),
    read("text: tabs and control characters in names", lambda: text().replace("Озёрная СОШ", "Озёрная\x02\x1f\x7f СОШ").encode(), filename=CSV),
    read("text: bidi marks in names", lambda: text().replace("Озёрная", "\u202eОзёрная\u202c\u200f").encode(), filename=CSV),
    read("text: many honest rows of cp1251", lambda: many("cp1251", 2000), filename=CSV, rows=ROWS * 2000),
    read("text: honest rows with capital Р and quotes in cp1251", lambda: text().replace("Лицей", "СР»С»Р»").encode("cp1251"), filename=CSV),
    read("text: end mark of the reader inside", lambda: text().replace("Озёрная СОШ", "end").encode(), filename=CSV),
]  # fmt: skip
