"""Archives and packages: bombs, lies, tricks, and odd ones that are honest."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Callable

from sferum_core.model import Export
from tests.core.reading import files
from tests.core.reading.hostile.case import Case, csv, ods, read, refused, shared_xlsx, xlsx
from tests.core.reading.hostile.rawzip import STORED, UTF8, Entry, build, deflate, unicode_path

ZIP = "неделя.zip"
SHEET = "xl/worksheets/sheet1.xml"


def one(name: bytes = b"a.csv", **more: object) -> bytes:
    """An archive of one honest export under this name."""
    return build([Entry(name, csv(), **more)])  # type: ignore[arg-type]


def package(base: bytes, change: Callable[[Entry], Entry | None]) -> bytes:
    """A workbook's package written anew, each entry changed first (or left out)."""
    entries = []
    with zipfile.ZipFile(io.BytesIO(base)) as old:
        for info in old.infolist():
            entry = change(Entry(info.filename.encode(), old.read(info)))
            if entry is not None:
                entries.append(entry)
    return build(entries)


def with_entries(base: bytes, *more: Entry) -> bytes:
    """A workbook's package with more entries behind its own."""
    with zipfile.ZipFile(io.BytesIO(base)) as old:
        return build([*(Entry(i.filename.encode(), old.read(i)) for i in old.infolist()), *more])


def blanks(mebibytes: int, *, stated: int | None = None) -> bytes:
    """A workbook whose sheet is so many mebibytes of blanks in a few hundred kilobytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b" " * (1 << 20)) + packer.flush(
        zlib.Z_FULL_FLUSH
    )  # blocks may follow each other
    packed = block * mebibytes + zlib.compressobj(9, zlib.DEFLATED, -15).flush()

    def fill(entry: Entry) -> Entry:
        if entry.name.decode() == SHEET:
            entry.packed = packed
            entry.local["size"] = entry.central["size"] = stated or mebibytes << 20
        return entry

    return package(xlsx(), fill)


def four_gigabytes() -> bytes:
    """A sheet that states 4 GB in a tiny file."""

    def lie(entry: Entry) -> Entry:
        if entry.name.decode() == SHEET:
            entry.local["size"] = entry.central["size"] = 0xFFFFFFF0
        return entry

    return package(xlsx(), lie)


def quine() -> bytes:
    """An archive that holds itself as far as it goes: five archives inside each other."""
    content = files.zipped({"a.csv": csv()})
    for _ in range(5):
        content = files.zipped({"r.zip": content}, zipfile.ZIP_STORED)
    return content


def same_bytes(count: int) -> bytes:
    """Many names for the same deflated bytes: the «better zip bomb»."""
    body = b"a;b\n" + b"1;2\n" * 100_000
    first = Entry(b"0.csv", body)
    return build(
        [
            first,
            *(
                Entry(b"%d.csv" % n, body, packed=b"", central={"place": 0, "packed": len(deflate(body))})
                for n in range(1, count)
            ),
        ]
    )


def two_directories() -> bytes:
    """Two complete archives one behind the other: which one is read depends on the reader."""
    return one(b"a.csv") + one(b"b.csv")


def hidden_end(comment_of: bytes) -> bytes:
    """An archive whose comment holds another archive's end record."""
    inner = build([Entry(b"b.csv", b"x;y\n")])
    return build([Entry(b"a.csv", csv())], comment=comment_of + inner[inner.rindex(b"PK\x05\x06") :])


def _books(export: Export) -> set[str]:
    return {export.source.filename, *(other.source.filename for other in export.also)}


def names_read(*names: str) -> Callable[[Export], None]:
    def check(export: Export) -> None:
        assert _books(export) == set(names)

    return check


def not_among(name: str) -> Callable[[Export], None]:
    def check(export: Export) -> None:
        assert [f.value for f in export.findings if f.code == "member_refused"] == [name]

    return check


def many_good(count: int) -> bytes:
    """So many honest exports."""
    return files.zipped({f"Район {n:03}/выгрузка.csv": csv() for n in range(count)})


def descriptors(base: bytes) -> bytes:
    """A package written as a stream: sizes stand behind the data."""

    def change(entry: Entry) -> Entry:
        entry.descriptor = True
        return entry

    return package(base, change)


def zip64(base: bytes) -> bytes:
    """A small package written in the form for large ones."""
    with zipfile.ZipFile(io.BytesIO(base)) as old:
        return build(
            [Entry(i.filename.encode(), old.read(i), zip64=True) for i in old.infolist()], zip64=True
        )


def shadow_part(name: bytes) -> bytes:
    """A workbook with a second sheet part under nearly the same name."""
    return with_entries(xlsx(), Entry(name, b"<worksheet/>"))


CASES: list[Case] = [
    # bombs
    refused("zip: sheet stating 4 GB", four_gigabytes, "zip_part_too_big"),
    refused("zip: 1 GB of blanks", lambda: blanks(1024), "zip_part_too_big"),
    refused("zip: 130 MB of blanks stated as 1 MB", lambda: blanks(130, stated=1 << 20), "zip_lying"),
    refused("zip: 11 members of 20 MB", lambda: build([Entry(b"%d.csv" % n, packed=deflate(b""), local={"size": 20 << 20}, central={"size": 20 << 20}) for n in range(11)]), "zip_total_too_big", filename=ZIP),
    refused("zip: shared-strings count bomb", files.shared_strings_bomb, "too_demanding"),
    refused("zip: same bytes under 200 names", lambda: same_bytes(200), "zip_overlap", "zip_lying", filename=ZIP),
    refused("zip: quine of five levels", quine, "zip_nested", filename=ZIP),
    refused("zip: archive named .xlsx in archive", lambda: files.zipped({"a.xlsx": files.zipped({"a.csv": csv()})}), "zip_nested", filename=ZIP),
    refused("zip: 100,000 entries", lambda: files.many_entries(100_000), "zip_too_many_entries", filename=ZIP),
    refused("zip: 2,001 entries", lambda: files.many_entries(2_001), "zip_too_many_entries", filename=ZIP),
    refused("zip: 100,000 entries stated as one", lambda: _restated(files.many_entries(100_000), 1), "zip_too_many_entries", "zip_lying", filename=ZIP),
    refused("zip: 101 tables", lambda: many_good(101), "zip_too_many_files", filename=ZIP),
    # names
    *(
        refused(f"zip: name {raw!r}", lambda raw=raw: one(raw), "zip_unsafe_name", filename=ZIP)
        for raw in (
            b"../a.csv", b"a/../../b.csv", b"..\\a.csv", b"/etc/a.csv", b"\\\\host\\a.csv", b"C:\\a.csv", b"C:a.csv", b"a//b.csv",
            b"a\0.csv", b"a\n.csv", b"\x1b[31m.csv", b"", b"x" * 2000 + b".csv",
        )
    ),
    refused("zip: symbolic link", lambda: one(b"a.csv", mode=stat.S_IFLNK | 0o777), "zip_unsafe_name", filename=ZIP),
    refused("zip: device", lambda: one(b"a.csv", mode=stat.S_IFCHR | 0o666), "zip_unsafe_name", filename=ZIP),
    refused("zip: traversal in a workbook", lambda: with_entries(xlsx(), Entry(b"../../evil", b"x")), "zip_unsafe_name"),
    refused("zip: name of broken UTF-8 with the flag", lambda: one(b"\xff\xfe.csv", flags=UTF8), "zip_broken", "zip_unsafe_name", filename=ZIP),
    # encryption and methods
    refused("zip: encrypted", lambda: one(flags=1), "zip_encrypted", filename=ZIP),
    refused("zip: strongly encrypted", lambda: one(flags=0x41), "zip_encrypted", filename=ZIP),
    refused("zip: encrypted in the local header only", lambda: one(local={"flags": 1}), "zip_encrypted", "zip_lying", filename=ZIP),
    refused("zip: AES method 99", lambda: one(method=99, flags=1, packed=b"x"), "zip_encrypted", filename=ZIP),
    *(
        refused(f"zip: method {method}", lambda method=method: one(method=method, packed=b"BZh9"), "zip_method", filename=ZIP)
        for method in (1, 6, 9, 12, 14, 93, 95, 98)
    ),
    refused("zip: bzip2 by the library", lambda: files.zipped({"a.csv": csv()}, zipfile.ZIP_BZIP2), "zip_method", filename=ZIP),
    refused("zip: method differs in the local header", lambda: one(local={"method": STORED}), "zip_lying", filename=ZIP),
    # lies
    refused("zip: name differs in the local header", lambda: one(local={"name": b"b.csv"}), "zip_lying", filename=ZIP),
    refused("zip: size differs in the local header", lambda: one(local={"size": 5}), "zip_lying", filename=ZIP),
    refused("zip: packed size differs in the local header", lambda: one(local={"packed": 5}), "zip_lying", filename=ZIP),
    refused("zip: checksum differs in the local header", lambda: one(local={"crc": 5}), "zip_lying", filename=ZIP),
    refused("zip: more bytes than stated", lambda: one(local={"size": 40}, central={"size": 40}), "zip_lying", filename=ZIP),
    refused("zip: fewer bytes than stated", lambda: one(local={"size": 1 << 20}, central={"size": 1 << 20}), "zip_lying", filename=ZIP),
    refused("zip: bad checksum", lambda: one(local={"crc": 5}, central={"crc": 5}), "zip_bad_checksum", filename=ZIP),
    refused("zip: bad checksum in a workbook", lambda: files.with_flags(xlsx(), crc=1), "zip_bad_checksum"),
    refused("zip: bytes that are no deflate", lambda: one(packed=b"\xff" * 50), "zip_bad_checksum", "zip_broken", filename=ZIP),
    refused("zip: two deflate streams in one entry", lambda: one(packed=deflate(csv()) + deflate(b"more")), "zip_lying", filename=ZIP),
    refused("zip: a workbook's part with two deflate streams", lambda: package(xlsx(), _doubled), "zip_lying"),
    refused("zip: overlap by one byte", lambda: build([Entry(b"a.csv", csv(), STORED, central={"packed": len(csv()) + 1, "size": len(csv()) + 1}, local={"packed": len(csv()) + 1, "size": len(csv()) + 1}), Entry(b"b.csv", csv(), STORED)]), "zip_overlap", filename=ZIP),
    refused("zip: entry reaching into the directory", lambda: one(method=STORED, central={"packed": len(csv()) + 9, "size": len(csv()) + 9}, local={"packed": len(csv()) + 9, "size": len(csv()) + 9}), "zip_overlap", "zip_lying", filename=ZIP),
    refused("zip: entry beyond the end", lambda: one(central={"place": 1 << 30}), "zip_lying", filename=ZIP),
    refused("zip: one entry inside another", files.overlapping, "zip_duplicate_names", "zip_overlap", filename=ZIP),
    refused("zip: fewer entries stated than there are", lambda: build([Entry(b"a.csv", csv()), Entry(b"b.csv", csv())], end={"count": 1}), "zip_lying", filename=ZIP),
    refused("zip: more entries stated than there are", lambda: build([Entry(b"a.csv", csv())], end={"count": 2}), "zip_lying", "zip_broken", filename=ZIP),
    refused("zip: directory's size too small", lambda: build([Entry(b"a.csv", csv()), Entry(b"b.csv", csv())], end={"size": 51}), "zip_lying", "zip_broken", filename=ZIP),
    refused("zip: directory's place far away", lambda: build([Entry(b"a.csv", csv())], end={"place": 1 << 30}), "zip_lying", "zip_broken", filename=ZIP),
    refused("zip: duplicate parts of a workbook", lambda: with_entries(xlsx(), Entry(SHEET.encode(), b"<worksheet/>")), "zip_duplicate_names"),
    refused("zip: parts that differ in case", lambda: shadow_part(b"XL/Worksheets/Sheet1.XML"), "zip_duplicate_names"),
    refused("zip: parts that differ in slashes", lambda: shadow_part(b"xl\\worksheets\\sheet1.xml"), "zip_duplicate_names"),
    refused("zip: part under another name by the Unicode path", lambda: with_entries(xlsx(), Entry(b"xl/x.xml", b"<x/>", extra=unicode_path(b"xl/x.xml", SHEET))), "zip_duplicate_names", "zip_lying"),
    refused("zip: part whose Unicode path is new", lambda: with_entries(xlsx(), Entry(b"xl/x.xml", b"<x/>", extra=unicode_path(b"xl/x.xml", "xl/y.xml"))), "zip_lying"),
    refused("zip: duplicate names in an archive", lambda: build([Entry(b"a.csv", csv()), Entry(b"a.csv", csv())]), "zip_duplicate_names", filename=ZIP),
    refused("zip: two archives one behind the other", two_directories, "zip_lying", "zip_broken", filename=ZIP),
    refused("zip: end record in the comment, exact", lambda: hidden_end(b""), "zip_lying", "zip_broken", filename=ZIP),
    refused("zip: end record in the comment, behind words", lambda: hidden_end(b"hello"), "zip_lying", "zip_broken", filename=ZIP),
    refused("zip: zip64 record that contradicts the end record", lambda: build([Entry(b"a.csv", csv()), Entry(b"b.csv", csv())], zip64=True, end={}, end64={"count": 1}), "zip_lying", "zip_broken", filename=ZIP),
    refused("zip: zip64 record with a wild place", lambda: build([Entry(b"a.csv", csv())], zip64=True, end64={"place": 1 << 60}), "zip_lying", "zip_broken", filename=ZIP),
    refused("zip: zip64 record that states milliards", lambda: build([Entry(b"a.csv", csv())], zip64=True, end64={"count": 1 << 40}), "zip_too_many_entries", "zip_lying", "zip_broken", filename=ZIP),
    refused("zip: junk between files and directory", lambda: build([Entry(b"a.csv", csv())], before_directory=b"\0" * 5000, end={"place": 5}), "zip_lying", "zip_broken", filename=ZIP),
    # damage
    refused("zip: truncated archive", lambda: files.zipped({"a.csv": csv()})[:-30], "zip_broken", filename=ZIP),
    refused("zip: truncated workbook", lambda: xlsx()[:3000], "zip_broken"),
    refused("zip: workbook without its last byte", lambda: xlsx()[:-1], "zip_broken"),
    refused("zip: start cut off", lambda: xlsx()[100:], "zip_broken", "nul_bytes", "encoding_unknown", "encoding_broken", "encoding_mixed"),
    refused("zip: four bytes", lambda: b"PK\x03\x04", "zip_broken"),
    refused("zip: empty archive", lambda: files.zipped({}), "zip_empty", filename=ZIP),
    refused("zip: empty archive with a comment", lambda: build([], comment=b"x" * 500), "zip_empty", filename=ZIP),
    refused("zip: folders only", lambda: one(b"folder/"), "zip_empty", filename=ZIP),
    refused("zip: junk of a Mac only", lambda: files.zipped({"__MACOSX/._a.csv": b"x", ".DS_Store": b"x"}), "zip_empty", filename=ZIP),
    refused("zip: junk before a workbook", lambda: b"MZ junk" + xlsx(), "zip_broken", "not_a_table"),
    refused("zip: program with an archive behind it", lambda: b"MZ\x90" + bytes(500) + xlsx(), "not_a_table"),
    refused("zip: picture with an archive behind it", lambda: b"\x89PNG\r\n\x1a\n" + bytes(500) + xlsx(), "not_a_table"),
    refused("zip: PDF with an archive behind it", lambda: b"%PDF-1.4\n" + xlsx(), "not_a_table"),
    refused("zip: page with an archive behind it", lambda: b"<html></html>" + xlsx(), "html_table"),
    refused("zip: junk behind a workbook", lambda: xlsx() + b"<html>x</html>" * 100, "zip_broken"),
    refused("zip: nothing readable", lambda: files.zipped({"a.pdf": b"%PDF-1.4", "b.csv": b"\0\0a"}), "zip_nothing_readable", filename=ZIP),
    # honest ones
    read("zip: a good and a broken file", lambda: files.zipped({"a.csv": csv(), "b.xlsx": xlsx()[:3000]}), ("member_refused", None), filename=ZIP, check=not_among("b.xlsx")),
    read("zip: a good file and a bomb", lambda: files.zipped({"a.csv": csv(), "b.xlsx": files.shared_strings_bomb()}), "member_refused", filename=ZIP, check=not_among("b.xlsx")),
    read("zip: a good file and one of a bad checksum", lambda: build([Entry(b"a.csv", csv()), Entry(b"b.csv", csv(), local={"crc": 1}, central={"crc": 1})]), "member_refused", filename=ZIP, check=not_among("b.csv")),
    read("zip: a good file and an archive", lambda: files.zipped({"a.csv": csv(), "b.zip": quine()}), "member_refused", filename=ZIP, check=not_among("b.zip")),
    read("zip: a good file and one without a table", lambda: files.zipped({"a.csv": csv(), "b.csv": b"x\n"}), "member_refused", filename=ZIP, check=not_among("b.csv")),
    read("zip: a dozen good files", lambda: many_good(12), filename=ZIP, check=names_read(*(f"Район {n:03}/выгрузка.csv" for n in range(12)))),
    read("zip: names of cp866", lambda: one("Неделя/Озёрск.csv".encode("cp866")), filename=ZIP, check=names_read("Неделя/Озёрск.csv")),
    read("zip: names of cp1251", lambda: one("Неделя/Озёрск.csv".encode("cp1251")), filename=ZIP, check=names_read("Неделя/Озёрск.csv")),
    read("zip: names of UTF-8 with the flag", lambda: one("Озёрск 🙂.csv".encode(), flags=UTF8), filename=ZIP, check=names_read("Озёрск 🙂.csv")),
    read("zip: names by the Unicode path", lambda: one(b"_____.csv", extra=unicode_path(b"_____.csv", "Озёрск.csv")), filename=ZIP, check=names_read("Озёрск.csv")),
    read("zip: name with a right-to-left override", lambda: one("a\u202evsc.exe".encode(), flags=UTF8), filename=ZIP, check=names_read("avsc.exe")),
    read("zip: names that start with a dot", lambda: build([Entry(b"./a.csv", csv()), Entry(b"b/./c.csv", csv())]), filename=ZIP, check=names_read("a.csv", "b/c.csv")),
    read("zip: name with a colon", lambda: one("Отчёт 10:30.csv".encode()), filename=ZIP, check=names_read("Отчёт 10:30.csv")),
    read("zip: blanks behind a workbook", lambda: xlsx() + bytes(512) + b"\r\n"),
    read("zip: names with backslashes", lambda: one(b"week\\a.csv"), filename=ZIP, check=names_read("week/a.csv")),
    read("zip: junk of a Mac beside a good file", lambda: files.zipped({"a.csv": csv(), "__MACOSX/._a.csv": b"x"}), filename=ZIP),
    read("zip: empty folders beside a good file", lambda: build([Entry(b"week/"), Entry(b"week/a.csv", csv())]), filename=ZIP),
    read("zip: same-named files in two folders", lambda: files.zipped({"1/a.csv": csv(), "2/a.csv": csv()}), filename=ZIP, check=names_read("1/a.csv", "2/a.csv")),
    read("zip: a comment", lambda: build([Entry(b"a.csv", csv())], comment="Выгрузка за неделю".encode()), filename=ZIP),
    read("zip: data descriptors", lambda: descriptors(xlsx())),
    read("zip: data descriptors in ods", lambda: descriptors(ods()), filename="a.ods"),
    read("zip: zip64 of a small workbook", lambda: zip64(shared_xlsx())),
    read("zip: stored without packing", lambda: files.zipped({"a.csv": csv()}, zipfile.ZIP_STORED), filename=ZIP),
    read("zip: archive named .csv", lambda: files.zipped({"a.csv": csv()}), filename="a.csv"),
    read("zip: workbook with junk parts", lambda: with_entries(xlsx(), Entry(b"docProps/custom.xml", b"<x/>"), Entry(b"xl/media/image1.png", b"\x89PNG" + bytes(1000)))),
]  # fmt: skip


def _restated(content: bytes, count: int) -> bytes:
    place = content.rindex(b"PK\x05\x06")
    return content[: place + 8] + count.to_bytes(2, "little") * 2 + content[place + 12 :]


def _doubled(entry: Entry) -> Entry:
    if entry.name.decode() == SHEET:
        entry.packed = deflate(entry.body) + deflate(b"more")
    return entry
