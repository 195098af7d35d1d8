"""A letter as a Word document: A4, margins 3 / 1 / 2 / 2 cm, a Times-like font of 14 points, justified but for lists.

The parts of a document that never change are made once; a letter is its body only, so 3,000 of them take
seconds. What comes from files and forms is text and nothing else: escaped, without control characters, never
a field or a link.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from functools import cache
from xml.sax.saxutils import escape

from sferum_core.reports.language import LANGUAGE
from sferum_core.reports.letters.parts import Block, Letter, NewPage, Paragraph, ParagraphKind, Table
from sferum_core.reports.workbook import AUTHOR, clean_text

FONT = "Times New Roman"  # LibreOffice puts Liberation Serif in its place, of the same widths
MILLIMETRE = 56.7  # in twentieths of a point, the unit of a document
TEXT_WIDTH, LEFT_HALF = 170, 80  # millimetres
INDENT = 709  # 1.25 cm
DATE = (1980, 1, 1, 0, 0, 0)  # in the archive: the same letter gives the same bytes

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SPACES = str.maketrans({"\u202f": "\u00a0"})  # a thin space is missing in older fonts

# Properties of a paragraph by its kind: spacing, indents, alignment.
_KINDS: dict[ParagraphKind, str] = {
    "body": f'<w:ind w:firstLine="{INDENT}"/><w:jc w:val="both"/>',
    "item": f'<w:ind w:firstLine="{INDENT}"/><w:jc w:val="both"/>',
    "subitem": f'<w:ind w:firstLine="{INDENT}"/><w:jc w:val="left"/>',  # lists of names would be torn apart
    "greeting": '<w:keepNext/><w:spacing w:before="120" w:after="120"/><w:jc w:val="center"/>',
    "heading": '<w:keepNext/><w:spacing w:before="120" w:after="120"/><w:jc w:val="center"/>',
    "annex": '<w:keepNext/><w:jc w:val="right"/>',
    "small": '<w:jc w:val="left"/>',
    "plain": '<w:jc w:val="left"/>',
}
_RUNS: dict[ParagraphKind, str] = {"heading": "<w:b/>", "small": '<w:sz w:val="20"/><w:szCs w:val="20"/>'}


def letter_docx(letter: Letter) -> bytes:
    """The bytes of a .docx. The same letter gives the same bytes."""
    return _document("".join(_letter_parts(letter)), letter.subject)


def annex_docx(blocks: Sequence[Block], title: str) -> bytes:
    """Annexes in a document of their own, for a letter that stands on the office's letterhead."""
    shown = blocks[1:] if blocks and isinstance(blocks[0], NewPage) else blocks
    return _document("".join(map(_block, shown)), title)


def _document(body: str, title: str) -> bytes:
    document = (
        f"{_HEAD}<w:document {_W} {_R}><w:body>{body}"
        '<w:sectPr><w:headerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="567" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" '
        'w:gutter="0"/><w:titlePg/></w:sectPr></w:body></w:document>'
    )
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as package:
        for name, content in _unchanging():
            _add(package, name, content)
        _add(package, "docProps/core.xml", _properties(title))
        _add(package, "word/document.xml", document)
    return output.getvalue()


KEPT_LINES = 6  # of the enclosures, on the page of the signature


def _add(package: zipfile.ZipFile, name: str, content: str) -> None:
    package.writestr(zipfile.ZipInfo(name, DATE), content.encode("utf-8"), zipfile.ZIP_DEFLATED, 6)


def _letter_parts(letter: Letter) -> Iterable[str]:
    left = [_line(text, "center") for text in letter.sender]
    left += [_line("")]
    left += [_line(text, "center") for text in letter.registered]
    right = [_line(text) for text in letter.addressee]
    yield _two_columns("".join(left), "".join(right), (LEFT_HALF, TEXT_WIDTH - LEFT_HALF), indent_right=True)
    yield _line("")
    for text in letter.subject.split("\n"):
        yield _line(text)
    yield _line("")
    yield from map(_block, letter.body[:-1])
    for last in letter.body[-1:]:  # the signature never stands on a page without the letter's last words
        yield _block(last, keep=True)
    yield _line("", keep=True)
    if letter.enclosures:
        yield from _enclosed(letter)
        yield _line("", keep=True)
    position, name = letter.signature
    for text in position[:-1]:
        yield _line(text, keep=True)
    yield _signed(position[-1], name)
    yield _line("", keep=True)
    *before, last_line = letter.executor
    for text in before:
        yield _block(Paragraph(text, "small"), keep=True)
    yield _block(Paragraph(last_line, "small"))
    yield from map(_block, letter.annex)


def _enclosed(letter: Letter) -> Iterable[str]:
    lines = letter.enclosed
    if len(lines) > 1:
        yield _line("Приложения:", keep=True)
    for place, text in enumerate(lines):
        keep = "<w:keepNext/>" if len(lines) - place <= KEPT_LINES else ""
        yield f'<w:p><w:pPr>{keep}<w:jc w:val="left"/></w:pPr>{_run(text)}</w:p>'


def _block(block: Block, *, keep: bool = False) -> str:
    if isinstance(block, Paragraph):
        text = _run(block.text, _RUNS.get(block.kind, ""))
        leads = "<w:keepNext/>" if keep or (block.text.endswith(":") and block.kind == "body") else ""
        return f"<w:p><w:pPr>{leads}{_KINDS[block.kind]}</w:pPr>{text}</w:p>"
    if isinstance(block, NewPage):
        return '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    return _table(block)


def _run(text: str, properties: str = "") -> str:
    """Text as one run; line breaks inside it stay line breaks."""
    clean = clean_text(text).translate(_SPACES).replace("\t", " ")
    pieces = [f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in clean.split("\n")]
    inside = "<w:br/>".join(pieces)
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{inside}</w:r>"


def _line(text: str, align: str = "left", *, keep: bool = False) -> str:
    before = "<w:keepNext/>" if keep else ""
    return f'<w:p><w:pPr>{before}<w:jc w:val="{align}"/></w:pPr>{_run(text) if text else ""}</w:p>'


def _signed(position: str, name: str) -> str:
    """The last line of the position and, at the right margin, the name; no table, which would not keep with what follows."""
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{round(TEXT_WIDTH * MILLIMETRE)}"/></w:tabs>'
    return f"<w:p><w:pPr><w:keepNext/>{tab}</w:pPr>{_run(position)}<w:r><w:tab/></w:r>{_run(name)}</w:p>"


def _two_columns(left: str, right: str, widths: tuple[int, int], *, indent_right: bool = False) -> str:
    """Two cells without borders."""
    twentieths = [round(width * MILLIMETRE) for width in widths]
    margin = (
        f'<w:tcMar><w:left w:w="{round(10 * MILLIMETRE)}" w:type="dxa"/></w:tcMar>' if indent_right else ""
    )
    cells = [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{own}<w:vAlign w:val="{place}"/></w:tcPr>{content}</w:tc>'
        for width, content, own, place in zip(
            twentieths, (left, right), ("", margin), ("top", "top" if indent_right else "bottom"), strict=True
        )
    ]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twentieths)
    return (
        '<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        '<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr></w:tbl>"
    )


_SMALLER = '<w:sz w:val="22"/><w:szCs w:val="22"/>'


def _table(table: Table) -> str:
    widths = [round(width * MILLIMETRE) for width in table.widths]
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = [_row(table.header, widths, table, head=True)]
    rows += [_row(row, widths, table, head=False) for row in table.rows]
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>{borders}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="85" w:type="dxa"/>'
        f'<w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f'{"".join(rows)}</w:tbl><w:p><w:pPr><w:spacing w:line="120" w:lineRule="exact"/></w:pPr></w:p>'
    )


def _row(cells: Sequence[str], widths: Sequence[int], table: Table, *, head: bool) -> str:
    parts = []
    for place, (text, width) in enumerate(zip(cells, widths, strict=True)):
        align = "center" if head else "right" if place in table.numeric else "left"
        run = _run(text, ("<w:b/>" if head else "") + _SMALLER)
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
            f"{'<w:vAlign w:val=' + chr(34) + 'center' + chr(34) + '/>' if head else ''}</w:tcPr>"
            f'<w:p><w:pPr><w:jc w:val="{align}"/></w:pPr>{run}</w:p></w:tc>'
        )
    header = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{''.join(parts)}</w:tr>"


def _properties(title: str) -> str:
    shown = escape(clean_text(title).replace("\n", " "))
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>'
        f"{shown}</dc:title><dc:creator>{AUTHOR}</dc:creator><dc:language>{LANGUAGE}</dc:language>"
        "</cp:coreProperties>"
    )


@cache
def _unchanging() -> tuple[tuple[str, str], ...]:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    types = "".join(
        f'<Override PartName="{part}" ContentType="{kind}"/>'
        for part, kind in (
            ("/word/document.xml", f"{main}.document.main+xml"),
            ("/word/styles.xml", f"{main}.styles+xml"),
            ("/word/settings.xml", f"{main}.settings+xml"),
            ("/word/header1.xml", f"{main}.header+xml"),
            ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
        )
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    return (
        (
            "[Content_Types].xml",
            f'{_HEAD}<Types xmlns="{package}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
        ),
        (
            "_rels/.rels",
            f'{_HEAD}<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="rId2" Type="{package}/relationships/metadata/core-properties" '
            'Target="docProps/core.xml"/></Relationships>',
        ),
        (
            "word/_rels/document.xml.rels",
            f'{_HEAD}<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="rId1" Type="{office}/styles" Target="styles.xml"/>'
            f'<Relationship Id="rId2" Type="{office}/header" Target="header1.xml"/>'
            f'<Relationship Id="rId3" Type="{office}/settings" Target="settings.xml"/></Relationships>',
        ),
        (
            "word/styles.xml",
            f"{_HEAD}<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr>"
            f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}" w:eastAsia="{FONT}"/>'
            f'<w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="{LANGUAGE}"/></w:rPr></w:rPrDefault>'
            '<w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
            "</w:pPr></w:pPrDefault></w:docDefaults>"
            '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
            "<w:pPr><w:widowControl/></w:pPr></w:style></w:styles>",
        ),
        (
            "word/settings.xml",
            f'{_HEAD}<w:settings {_W}><w:defaultTabStop w:val="709"/><w:autoHyphenation w:val="0"/>'
            '<w:compat><w:compatSetting w:name="compatibilityMode" '
            'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>',
        ),
        (
            "word/header1.xml",
            f'{_HEAD}<w:hdr {_W}><w:p><w:pPr><w:jc w:val="center"/></w:pPr>'
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE '
            '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:hdr>',
        ),
    )
