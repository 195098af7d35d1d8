"""Damages honest files at random and reads them: nothing but UnreadableFile may come out.

`python -m tests.core.reading.fuzz SECONDS [START]` runs for so long and keeps what fails in tests/output/fuzz.
"""

from __future__ import annotations

import io
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from sferum_core import UnreadableFile, read_export
from sferum_core.reading.refusals import REFUSALS
from tests.core.reading import files
from tests.core.reading.hostile import case, legacy
from tests.core.reading.hostile.rawzip import DEFLATED, STORED, Entry, build

OUTPUT = Path(__file__).resolve().parents[2] / "output" / "fuzz"
SLOWEST = 30.0
# What hostile files are made of: numbers at the edges of types, marks of formats, bits of XML.
TOKENS = (
    b"\0", b"\xff", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\x80", b"4294967295", b"-1", b"1e999", b"NaN", b"99999999999999999999",
    b"XFD1048576", b"A0", b"<", b">", b"&", b"&#0;", b"]]>", b"<!--", b"<![CDATA[", b"<!DOCTYPE", b'"', b"'", b";", b"\t", b"\r", b"\n",
    b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x07", b"\xef\xbb\xbf", b"\xff\xfe", b"\xd0", b"\xed\xa0\x80", b"_x0000_", b"#N/A",
    b'r="A1"', b't="s"', b't="e"', b't="d"', b'count="4294967295"', b'table:number-rows-repeated="2000000000"', b'office:value-type="date"',
)  # fmt: skip

Maker = Callable[[random.Random], bytes]


def damaged(chance: random.Random, content: bytes, most: int = 6) -> bytes:
    """Bytes with a few places changed, cut out, repeated or filled with tokens."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, most)):
        if not changed:
            break
        place = chance.randrange(len(changed))
        length = min(chance.choice((1, 1, 2, 4, 8, 64, 1024)), len(changed) - place)
        match chance.randrange(6):
            case 0:
                changed[place] ^= 1 << chance.randrange(8)
            case 1:
                del changed[place : place + length]
            case 2:
                changed[place:place] = chance.choice(TOKENS)
            case 3:
                token = chance.choice(TOKENS)
                changed[place : place + len(token)] = token
            case 4:
                changed[place:place] = changed[place : place + length] * chance.choice((1, 2, 50))
            case _:
                changed[place : place + length] = chance.randbytes(length)
    return bytes(changed)


def in_parts(package: bytes) -> Maker:
    """A package whole as a zip, but for one or two parts damaged inside."""
    with zipfile.ZipFile(io.BytesIO(package)) as old:
        parts = [(info.filename, old.read(info)) for info in old.infolist()]

    def make(chance: random.Random) -> bytes:
        chosen = {chance.randrange(len(parts)) for _ in range(chance.randint(1, 2))}
        return build(
            Entry(name.encode(), damaged(chance, body, 3) if number in chosen else body)
            for number, (name, body) in enumerate(parts)
        )

    return make


def in_headers(package: bytes) -> Maker:
    """A package with one field of its headers saying something else."""
    with zipfile.ZipFile(io.BytesIO(package)) as old:
        parts = [(info.filename, old.read(info)) for info in old.infolist()]

    def make(chance: random.Random) -> bytes:
        entries = [Entry(name.encode(), body) for name, body in parts]
        entry = chance.choice(entries)
        field = chance.choice(("flags", "method", "crc", "packed", "size", "place", "name", "extra"))
        value: int | bytes = chance.choice((0, 1, 8, 0x800, 0xFFFF, chance.randrange(1 << 16)))
        if field in ("crc", "packed", "size", "place"):
            value = chance.choice(
                (0, 1, 0xFFFFFFFF, 0xFFFFFFFE, chance.randrange(1 << 32), len(entry.body) + 1)
            )
        elif field in ("name", "extra"):
            value = (
                damaged(chance, entry.name, 2)[:200]
                if field == "name"
                else chance.randbytes(chance.randrange(40))
            )
        side = chance.choice((entry.local, entry.central))
        if side is entry.local and field == "place":
            side = entry.central
        side[field] = value
        entry.method = chance.choice((STORED, DEFLATED))
        entry.descriptor = chance.random() < 0.2
        entry.zip64 = chance.random() < 0.2
        return build(entries, zip64=chance.random() < 0.2)

    return make


def in_bytes(content: bytes) -> Maker:
    """A file damaged anywhere."""
    return lambda chance: damaged(chance, content)


def in_records(stream: bytes) -> Maker:
    """An old workbook whole as an OLE file, but for a record damaged inside."""

    def make(chance: random.Random) -> bytes:
        records = legacy.records(stream)
        number = chance.randrange(len(records))
        kind, body = records[number]
        if chance.random() < 0.3:
            kind = chance.choice(records)[0]
        records[number] = kind, damaged(chance, body or b"\0", 2)[:8000]
        return legacy.ole(b"".join(legacy.record(k, b) for k, b in records))

    return make


def makers() -> list[tuple[str, Maker]]:
    """How files are damaged, with a name for each way."""
    text = case.text()
    return [
        ("xlsx parts", in_parts(case.xlsx())),
        ("shared xlsx parts", in_parts(case.shared_xlsx())),
        ("ods parts", in_parts(case.ods())),
        ("xlsb parts", in_parts(legacy.xlsb())),
        ("xlsx headers", in_headers(case.xlsx())),
        ("zip headers", in_headers(files.zipped({"a.csv": case.csv(), "б.csv": case.csv()}))),
        ("xls records", in_records(legacy.stream_of(case.xls()))),
        ("xls bytes", in_bytes(case.xls())),
        ("xlsx bytes", in_bytes(case.xlsx())),
        *(
            (f"csv {encoding}", in_bytes(text.encode(encoding, "replace")))
            for encoding in ("utf-8", "utf-16", "utf-16-le", "cp1251", "cp866")
        ),
    ]


def trouble_with(content: bytes, filename: str = "a.xlsx") -> tuple[str, str]:
    """How the reading ended and what is wrong with that («» when nothing is)."""
    started = time.monotonic()
    try:
        export = read_export(content, filename)
    except UnreadableFile as error:
        known = error.code in REFUSALS and error.message and error.advice
        # A reading that broke down, not the file: the product is to blame.
        blamed = error.code in ("reader_failed", "unexpected_layout")
        return error.code, "" if known and not blamed else f"refused as {error.code}: {error.__cause__!r}"
    except BaseException as error:
        return "escaped", f"escaped: {error!r}"
    took = time.monotonic() - started
    if took > SLOWEST:
        return "read", f"took {took:.0f} s"
    for table in (export, *export.also):
        if len(table.table) + len(table.left_out) != table.source_rows:
            return "read", "rows got lost"
    return "read", ""


def run(seconds: float, start: int = 0) -> Iterator[tuple[int, str, bytes, str, str]]:
    """Number, way, file, ending and trouble of one damaged file after another for so many seconds."""
    ways = makers()
    ends = time.monotonic() + seconds
    number = start
    while time.monotonic() < ends:
        name, make = ways[number % len(ways)]
        content = make(random.Random(number))
        yield number, name, content, *trouble_with(content)
        number += 1


def main() -> None:
    """Command line: fuzz for so many seconds, keep what fails, count the endings."""
    seconds = float(sys.argv[1])
    start = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    endings: Counter[str] = Counter()
    troubles = 0
    for number, name, content, ending, trouble in run(seconds, start):
        endings[ending] += 1
        if trouble:
            troubles += 1
            OUTPUT.mkdir(parents=True, exist_ok=True)
            (OUTPUT / f"{number}.bin").write_bytes(content)
            print(f"{number} ({name}): {trouble}", flush=True)
    print(f"{endings.total()} files, {troubles} with trouble: {dict(endings.most_common())}")


if __name__ == "__main__":
    main()
