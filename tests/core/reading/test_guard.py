"""The guard: what a file is, and what must be refused, from its bytes alone."""

from __future__ import annotations

import stat
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sferum_core.model import Limits, UnreadableFile
from sferum_core.reading.guard import inspect
from sferum_core.reading.refusals import REFUSALS, refuse
from tests.core.reading import files

LIMITS = Limits()


def code_of(content: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(UnreadableFile) as caught:
        inspect(content, limits)
    assert caught.value.message and caught.value.advice
    assert "{" not in caught.value.message
    return caught.value.code


ODT = files.rewritten(files.ods(), {"mimetype": lambda _: b"application/vnd.oasis.opendocument.text"})
MANIFEST = "META-INF/manifest.xml"
LOCKED_ODS = files.rewritten(
    files.ods(),
    {
        MANIFEST: lambda part: part.replace(
            b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>"
        )
    },
)
DOCX = files.zipped({"[Content_Types].xml": b"<Types>wordprocessingml</Types>", "word/document.xml": b"<w/>"})
SPREADSHEETML = b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>'
HTML = b"<html><body><table><tr><td>1</td></tr></table></body></html>"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (files.xlsx(), "xlsx"),
        (files.xls(), "xls"),
        (files.ods(), "ods"),
        (b"a;b\n1;2\n", "csv"),
        ("Имя;Доля\n".encode("utf-16"), "csv"),
        (files.zipped({"a.csv": b"a;b\n1;2\n"}), "zip"),
        (files.zipped({"a.csv": b"a;b"}, zipfile.ZIP_STORED), "zip"),
    ],
)
def test_the_real_type_is_told_by_content(content: bytes, expected: str) -> None:
    assert inspect(content, LIMITS).format == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf \r\n", "empty_file"),
        (b"%PDF-1.7\n", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n", "not_a_table"),
        (b"\xff\xd8\xff\xe0", "not_a_table"),
        (b"Rar!\x1a\x07\x01\0", "other_archive"),
        (b"7z\xbc\xaf\x27\x1c", "other_archive"),
        (b'{"a": [1, 2]}\n', "not_a_table"),
        (DOCX, "not_a_table"),
        (ODT, "not_a_table"),
        (files.ole_with("WordDocument"), "not_a_table"),
        (files.ole_with("EncryptedPackage", "EncryptionInfo"), "password"),
        (LOCKED_ODS, "password"),
        (HTML, "html_table"),
        (b"\xef\xbb\xbf\n<!-- x --><TABLE border=1>", "html_table"),
        (HTML.decode().encode("utf-16"), "html_table"),
        (SPREADSHEETML, "spreadsheet_xml"),
        (SPREADSHEETML.decode().encode("utf-16"), "spreadsheet_xml"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "html_table"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "old_xls"),
        (files.looping_ole(), "broken_workbook"),
        (files.xls()[:600], "broken_workbook"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(content: bytes, expected: str) -> None:
    assert code_of(content) == expected


ARCHIVE = files.zipped({"a.csv": b"a;b\n1;2\n", "b.csv": b"a;b\n3;4\n"})


def twice_the_same_name() -> bytes:
    return files.zipped({"a.csv": b"1", "b.csv": b"2"}).replace(b"b.csv", b"a.csv")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (ARCHIVE[:-30], "zip_broken"),
        (files.xlsx()[:3000], "zip_broken"),
        (files.zipped({}), "zip_empty"),
        (files.zipped({"__MACOSX/._a.csv": b"x", ".DS_Store": b"x"}), "zip_empty"),
        (files.many_entries(2_001), "zip_too_many_entries"),
        (files.many_entries(100_000), "zip_too_many_entries"),
        (files.zipped({"a.csv": b"a;b"}, zipfile.ZIP_BZIP2), "zip_method"),
        (files.zipped({"a.csv": b"a;b"}, zipfile.ZIP_LZMA), "zip_method"),
        (files.with_flags(ARCHIVE, flags=1), "zip_encrypted"),
        (twice_the_same_name(), "zip_duplicate_names"),
        (files.overlapping(), "zip_duplicate_names"),
        (files.with_stated_sizes(ARCHIVE, 5, local=False), "zip_lying"),
        (files.with_stated_sizes(ARCHIVE, 4_000_000_000), "zip_part_too_big"),
        (files.zipped({"../a.csv": b"a;b"}), "zip_unsafe_name"),
        (files.zipped({"/etc/a.csv": b"a;b"}), "zip_unsafe_name"),
        (files.with_raw_name(b"..\\a.csv", b"a;b"), "zip_unsafe_name"),
        (files.with_raw_name(b"C:\\a.csv", b"a;b"), "zip_unsafe_name"),
        (files.with_raw_name(b"a.csv\0.txt", b"a;b"), "zip_unsafe_name"),
        (files.with_raw_name(b"a.csv", b"/etc/passwd", mode=stat.S_IFLNK | 0o777), "zip_unsafe_name"),
    ],
)
def test_a_hostile_archive_is_refused_before_anything_is_unpacked(content: bytes, expected: str) -> None:
    assert code_of(content) == expected


def test_entries_that_share_their_bytes_are_refused() -> None:
    inner = files.with_raw_name(b"b.csv", b"a;b\n")
    local_end = inner.index(b"PK\x01\x02")
    outer = bytearray(files.with_raw_name(b"a.csv", inner[:local_end]))
    entry = inner[local_end : inner.rindex(b"PK\x05\x06")]
    place = outer.rindex(b"PK\x05\x06")
    entry = entry[:42] + (35).to_bytes(4, "little") + entry[46:]
    end = bytearray(outer[place:])
    end[8:12] = b"\2\0\2\0"
    end[12:16] = (int.from_bytes(end[12:16], "little") + len(entry)).to_bytes(4, "little")
    assert code_of(bytes(outer[:place]) + entry + bytes(end)) == "zip_overlap"


def test_limits_of_sizes_are_exact() -> None:
    assert inspect(b"a;b", Limits(file_bytes=3)).format == "csv"
    assert code_of(b"a;b\n", Limits(file_bytes=3)) == "file_too_big"
    archive = files.zipped({"a.csv": b"x" * 100, "b.csv": b"x" * 100})
    assert inspect(archive, Limits(part_bytes=100, total_bytes=200)).format == "zip"
    assert code_of(archive, Limits(part_bytes=99)) == "zip_part_too_big"
    assert code_of(archive, Limits(total_bytes=199)) == "zip_total_too_big"
    assert inspect(archive, Limits(zip_entries=2)).format == "zip"
    assert code_of(archive, Limits(zip_entries=1)) == "zip_too_many_entries"


@pytest.mark.parametrize("page", ["cp866", "cp1251", "utf-8"])
def test_names_of_members_are_read_in_the_pages_that_russian_windows_writes(page: str) -> None:
    guarded = inspect(files.with_raw_name("Озёрский округ.csv".encode(page), b"a;b"), LIMITS)
    assert guarded.directory is not None
    assert list(guarded.directory.entries) == ["Озёрский округ.csv"]


def test_every_refusal_has_a_sentence_and_advice() -> None:
    for code, refusal in REFUSALS.items():
        assert refusal.message_template.endswith("."), code
        assert refusal.advice.endswith("."), code
        assert refuse(code, limit=20, what="RAR", row=3).message


@settings(deadline=None)
@given(
    st.binary(max_size=2000),
    st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<?xml "]),
)
def test_random_bytes_raise_nothing_but_a_refusal(tail: bytes, head: bytes) -> None:
    try:
        inspect(head + tail, LIMITS)
    except UnreadableFile as error:
        assert error.code in REFUSALS


@settings(deadline=None)
@given(st.data())
def test_damaged_packages_raise_nothing_but_a_refusal(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([ARCHIVE, files.xls(), files.ods()])))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(8, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        inspect(bytes(content), LIMITS)
    except UnreadableFile as error:
        assert error.code in REFUSALS
