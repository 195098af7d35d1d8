"""What an office's template really is, told from its bytes: a package of Word or Excel without surprises."""

from __future__ import annotations

import re
from typing import Literal
from xml.etree import ElementTree

from sferum_core.model import Limits, UnreadableFile
from sferum_core.reading.zipdir import inflate, read_directory
from sferum_core.reports.templates.refusals import refuse_template

TEMPLATE_BYTES = 5 << 20
PART_BYTES = 30 << 20
LIMITS = Limits(file_bytes=TEMPLATE_BYTES, zip_entries=1_000, part_bytes=PART_BYTES, total_bytes=60 << 20)

_MAIN = {
    "docx": (b"wordprocessingml.document.main+xml", "not_docx"),
    "xlsx": (b"spreadsheetml.sheet.main+xml", "not_xlsx"),
}
_LINKED = re.compile(r"^xl/(?:externallinks/|connections\.xml|querytables/)")  # DDE and other people's data
_EMBEDDED = re.compile(r"(?:^|/)(?:embeddings|activex|afchunks?)/|/oleobject[^/]*\.bin$")
_RELATION_BYTES = 1 << 20
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)


def check_package(content: bytes, kind: Literal["docx", "xlsx"]) -> None:
    """Raise UnreadableFile unless `content` is a plain package of that kind: no macros, links or DTD."""
    main, wrong = _MAIN[kind]
    if len(content) > TEMPLATE_BYTES:
        raise refuse_template("too_big", limit=TEMPLATE_BYTES >> 20)
    if not content.startswith(b"PK\x03\x04"):
        raise refuse_template(wrong)
    try:
        directory = read_directory(content, LIMITS)
        names = {name.lower(): info for name, info in directory.entries.items()}
        types = names.get("[content_types].xml")
        if types is None:
            raise refuse_template(wrong)
        declared = inflate(content, types, PART_BYTES)
        if b"macroenabled" in declared.lower() or any(name.endswith("vbaproject.bin") for name in names):
            raise refuse_template("macros")
        if any(_LINKED.search(name) for name in names):
            raise refuse_template("external")
        if any(_EMBEDDED.search(name) for name in names):
            raise refuse_template("embedded")
        if main not in declared:
            raise refuse_template(wrong)
        for name, info in names.items():
            if not name.endswith((".xml", ".rels", ".vml")):
                continue
            part = inflate(content, info, PART_BYTES)
            if part.startswith((b"\xff\xfe", b"\xfe\xff")):
                part = part.replace(b"\0", b"")
            if _DTD.search(part):
                raise refuse_template("broken")
            if name.endswith(".rels"):
                _check_relations(part)
    except UnreadableFile as error:
        if error.code.startswith("template_"):
            raise
        raise refuse_template("broken") from None


def _check_relations(part: bytes) -> None:
    """Read as XML, not by pattern: `&#69;xternal` is external too. A DTD was refused before."""
    if len(part) > _RELATION_BYTES:
        raise refuse_template("broken")
    try:
        relations = list(ElementTree.fromstring(part))
    except (ElementTree.ParseError, LookupError, ValueError):
        raise refuse_template("broken") from None
    for relation in relations:
        kind = relation.get("Type", "")
        is_link = kind.endswith("/hyperlink")
        target = relation.get("Target", "").strip().lower()
        if relation.get("TargetMode", "").strip().lower() == "external" and not (
            is_link and target.startswith(("http:", "https:", "mailto:"))
        ):
            raise refuse_template("external")
        if kind.rsplit("/", 1)[-1].lower() in ("afchunk", "oleobject", "package", "control"):
            raise refuse_template("embedded")
