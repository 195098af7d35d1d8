"""An office's own templates: foreign files, filled with text only; a wrong field is told with all that exist."""

from __future__ import annotations

import io
import time
import zipfile

import docx
import pytest

from sferum_core.model import UnreadableFile
from sferum_core.reports.letters import SchoolLetters, municipality_letter, region_letter
from sferum_core.reports.templates import FIELDS, LISTS, check_docx_template, fill_docx, sample_template
from sferum_core.reports.templates.context import EMPTY_CONTEXT, letter_context
from tests.core.books import organizations
from tests.core.test_letters import FIELDS as FILLED
from tests.core.test_letters import PROFILE, WEEK, words


def template(*paragraphs: str, table: tuple[str, ...] = (), header: str = "") -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        made = document.add_table(rows=0, cols=2)
        for text in table:
            made.add_row().cells[0].text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def text_of(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    parts = [paragraph.text for paragraph in document.paragraphs]
    parts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    parts += [paragraph.text for paragraph in document.sections[0].header.paragraphs]
    return "\n".join(parts)


def changed(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as made:
        for info in source.infolist():
            part = source.read(info)
            made.writestr(info, part.replace(old, new) if info.filename == name else part)
    return target.getvalue()


def refused(content: bytes) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        check_docx_template(content)
    assert caught.value.code.startswith("template_")
    return caught.value


def one_letter():  # type: ignore[no-untyped-def]
    own = words()
    own = own[own["municipality_shown"] == "Озёрный район"]
    return municipality_letter(own, "Озёрный район", PROFILE, WEEK, FILLED)


def test_fields_lists_and_the_header_are_filled() -> None:
    made = template(
        "{{ номер }} от {{ дата }}",
        "Руководителю {{ муниципалитет_родительный }}, в {{ муниципалитет_предложный }}",
        "{%p for абзац in абзацы %}",
        "{{ абзац }}",
        "{%p endfor %}",
        table=(
            "{%tr for строка in организации %}",
            "{{ строка.номер }}. {{ строка.название }}",
            "{%tr endfor %}",
        ),
        header="{{ отправитель }}",
    )
    assert check_docx_template(made) == sorted(
        [
            "номер",
            "дата",
            "муниципалитет_родительный",
            "муниципалитет_предложный",
            "абзацы",
            "организации",
            "отправитель",
        ]
    )
    text = text_of(fill_docx(made, [one_letter()])[0])
    assert "01-15/77 от 09.04.2024" in text
    assert "Руководителю Озёрного района, в Озёрном районе" in text
    assert "1. Детский сад № 1" in text and "2. СОШ № 5" in text
    assert "Управление образования" in text
    assert "Взять на контроль активность организаций" in text
    assert "{" not in text


def test_the_sample_is_accepted_and_filled() -> None:
    assert "абзацы" in check_docx_template(sample_template())
    text = text_of(fill_docx(sample_template(), [one_letter()])[0])
    assert "09.04.2024 № 01-15/77" in text and "Озёрного района" in text and "{" not in text


def test_a_table_of_the_letter_becomes_lines() -> None:
    letter = SchoolLetters(words(), PROFILE, WEEK, FILLED).letter(4)
    text = text_of(fill_docx(sample_template(), [letter])[0]).replace("\u00a0", " ")
    assert "– Доля педагогов, написавших не менее 10 сообщений за неделю: 2 из 50; 4,0 %; норма" in text


def test_every_field_of_the_catalogue_is_known_and_has_a_value() -> None:
    letters = SchoolLetters(words(), PROFILE, WEEK, FILLED)
    for letter in (region_letter(words(), PROFILE, WEEK, FILLED), one_letter(), letters.letter(4)):
        context = letter_context(letter)
        assert set(context) == {field.name for field in FIELDS} | {item.name for item in LISTS}
    assert set(EMPTY_CONTEXT) == set(context)
    assert context["организация"] == "СОШ № 5" and context["доля"].replace("\u00a0", " ") == "4,0 %"
    rows = letter_context(one_letter())["организации"]
    listed = next(item for item in LISTS if item.name == "организации")
    assert all(set(row) == {field.name for field in listed.fields} for row in rows)


def test_a_wrong_field_is_named_with_what_it_resembles_and_all_there_are() -> None:
    error = refused(template("{{ дата }} {{ муниципалитет_радительный }} {{ x }}"))
    assert "«муниципалитет_радительный»" in error.message and "«x»" in error.message
    assert "возможно, нужно «муниципалитет_родительный»" in error.advice
    assert all(field.name in error.advice for field in FIELDS)


@pytest.mark.parametrize(
    ("paragraph", "code"),
    [
        ("{{ дата", "syntax"),
        ("{% for x in организации %}{{ дата }}", "syntax"),
        ("{{ дата|attr('x') }}", "syntax"),
        ("{{ ''.__class__.__mro__ }}{{ дата }}", "forbidden"),
        ("{{ дата.__class__.__base__.__subclasses__() }}", "forbidden"),
        ("{{ lipsum() }}", "unknown_fields"),
        ("{{ self.__init__ }}{{ дата }}", "unknown_fields"),
        ("без полей", "nothing_to_fill"),
    ],
)
def test_what_jinja_must_not_do_is_refused(paragraph: str, code: str) -> None:
    error = refused(template(paragraph))
    assert error.code in {f"template_{code}", "template_forbidden", "template_syntax"}
    assert error.message.endswith(".") and error.advice.endswith(".")


def test_a_template_that_never_ends_is_stopped() -> None:
    from sferum_core.reports.templates.package_guard import LIMITS  # noqa: PLC0415

    tight = LIMITS.model_copy(update={"cpu_seconds": 2, "wall_seconds": 6.0})
    endless = "{% for a in номер*3000000 %}{% for b in номер*3000000 %}x{% endfor %}{% endfor %}"
    started = time.monotonic()
    with pytest.raises(UnreadableFile) as caught:
        fill_docx(template("{{ номер }}" + endless), [one_letter()], tight)
    assert caught.value.code in {"template_too_slow", "template_too_demanding"}
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    "hostile", ["<w:t>&", "{{ номер }}", "{% raw %}", "a\x00b\x0b", "{_{ x", "я" * 5_000]
)
def test_values_are_text_and_nothing_else(hostile: str) -> None:
    from dataclasses import replace  # noqa: PLC0415

    letter = replace(one_letter(), fields=replace(FILLED, number=hostile))
    text = text_of(fill_docx(template("№ {{ номер }}"), [letter])[0])
    assert text.startswith("№ ")
    if hostile.isprintable() and len(hostile) < 100 and "{_{" not in hostile:
        assert hostile in text


def test_hostile_names_of_a_file_fill_a_template() -> None:
    own = words(organizations("hostile"))
    made = template(table=("{%tr for строка in организации %}", "{{ строка.название }}", "{%tr endfor %}"))
    assert text_of(fill_docx(made, [region_letter(own, PROFILE, WEEK, FILLED)])[0])


def test_many_letters_are_filled_in_few_processes() -> None:
    letters = SchoolLetters(words(), PROFILE, WEEK, FILLED)
    made = fill_docx(template("{{ организация }}"), [letters.letter(place % 7) for place in range(45)])
    assert len(made) == 45 and text_of(made[44]).strip() == text_of(made[2]).strip() == "Детский сад № 3"


GOOD = template("{{ дата }}")
RELS = "word/_rels/document.xml.rels"
EXTERNAL = (
    b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
    b'Target="http://example.com/x.png" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_docx"),
        (b"PK\x03\x04" + b"\0" * 100, "broken"),
        (GOOD[:2_000], "broken"),
        (b"%PDF-1.7", "not_docx"),
        (changed(GOOD, RELS, b"</Relationships>", EXTERNAL), "external"),
        (
            changed(GOOD, "[Content_Types].xml", b"document.main+xml", b"document.macroEnabled.main+xml"),
            "macros",
        ),
        (
            changed(
                GOOD, "word/document.xml", b"<w:document ", b'<!DOCTYPE a [<!ENTITY b "c">]><w:document '
            ),
            "broken",
        ),
        (changed(GOOD, "word/document.xml", b"</w:body>", b""), "broken"),
        (b"PK\x03\x04" + b"\0" * (6 << 20), "too_big"),
    ],
    ids=["empty", "no directory", "cut", "pdf", "external", "macros", "dtd", "bad xml", "big"],
)
def test_a_foreign_file_is_refused_in_a_sentence(content: bytes, code: str) -> None:
    assert refused(content).code == f"template_{code}"


def _field(code: str) -> bytes:
    """A complex field in a paragraph, its code as XML of instrText pieces."""
    return (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        + "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in code.split("|"))
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:body>'
    ).encode()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (changed(GOOD, "word/document.xml", b"</w:body>", _field('DDEAUTO c:\\\\cmd "/c calc"')), "fields"),
        (changed(GOOD, "word/document.xml", b"</w:body>", _field(' IN|CLUDE|TEXT "http://a/b"')), "fields"),
        (changed(GOOD, "word/document.xml", b"</w:body>", _field("&#68;DE x")), "fields"),
        (changed(GOOD, "word/document.xml", b"</w:body>", _field("includepicture x")), "fields"),
        (
            changed(GOOD, "word/document.xml", b"</w:body>",
                    b'<w:p><w:fldSimple w:instr="LINK Excel.Sheet x"/></w:p></w:body>'),
            "fields",
        ),
        (changed(GOOD, "word/document.xml", b"</w:body>", b"<w:altChunk/></w:body>"), "embedded"),
        (changed(GOOD, RELS, b"</Relationships>", EXTERNAL.replace(b'"External"', b'"&#69;xternal"')), "external"),
        (
            changed(GOOD, RELS, b"</Relationships>",
                    EXTERNAL.replace(b'Id="rId99"', b"Id='x Type=\"a/hyperlink\"'")),
            "external",
        ),
        (
            changed(GOOD, RELS, b"</Relationships>",
                    EXTERNAL.replace(b"/image", b"/attachedTemplate").replace(b"x.png", b"x.dotm")),
            "external",
        ),
        (
            changed(GOOD, RELS, b"</Relationships>",
                    EXTERNAL.replace(b"/image", b"/hyperlink").replace(b"http:", b"file:")),
            "external",
        ),
        (
            changed(GOOD, RELS, b"</Relationships>",
                    EXTERNAL.replace(b"/image", b"/oleObject").replace(b'TargetMode="External"', b"")),
            "embedded",
        ),
    ],
)  # fmt: skip
def test_what_reaches_outside_the_document_is_refused(content: bytes, code: str) -> None:
    error = refused(content)
    assert error.code == f"template_{code}"
    assert error.message.endswith(".") and error.advice.endswith(".")


@pytest.mark.parametrize("code", ["PAGE", " NUMPAGES  \\* MERGEFORMAT ", "=1+1", 'DATE \\@ "dd.MM.yyyy"'])
def test_ordinary_fields_of_a_letterhead_are_taken(code: str) -> None:
    assert check_docx_template(changed(GOOD, "word/document.xml", b"</w:body>", _field(code))) == ["дата"]


def test_an_ordinary_link_is_taken() -> None:
    link = EXTERNAL.replace(b"/image", b"/hyperlink")
    assert check_docx_template(changed(GOOD, RELS, b"</Relationships>", link)) == ["дата"]


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(GOOD)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for info in source.infolist():
            made.writestr(info.filename, source.read(info))
        made.writestr("word/media/x.xml", b"0" * (40 << 20))
    assert refused(target.getvalue()).code == "template_broken"
