"""What the name of a sheet or a file, or a line over a table, says of all its rows: municipality, type, organization."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pandas as pd

from sferum_core.model import ExportKind, Finding, Severity
from sferum_core.names import organization_type
from sferum_core.reading.assemble import Part
from sferum_core.reading.fields import FIELDS, KIND_FIELDS
from sferum_core.reading.guesses import looks_like_municipality, looks_like_organization
from sferum_core.reading.headings import name_alone
from sferum_core.reading.values import parse_type, tidied
from sferum_core.reading.wording import plain

_OF_ONE = (ExportKind.ORGANIZATIONS, ExportKind.TEACHERS, ExportKind.DISTANCE_LESSONS)
_NAMED_LINE = re.compile(
    r"^(?:наименовани\w )?(?:образовательн\w+ )?(?:организаци\w|школ[аы]|учреждени\w|сообществ\w|оо|доо|доу|оу)"
    r"\s*[:–—-]\s*(?P<name>.{3,150})$",
    re.IGNORECASE,
)
_OWN_WORD = (
    r"(?:[мгкочф]\w{0,3}(?:доу|боу|коу|аоу|поу|удо)|сош|оош|нош|сш|дс|д/с|школа|детский сад|лицей|гимназия"
    r"|колледж|техникум)\b"
)
_STARTS_AS_ONE = re.compile("^" + _OWN_WORD)
_INSIDE = re.compile(r"(?<![\w-])" + _OWN_WORD)
_AFTER_NAME = re.compile(r"\s+(?:за|на|по состоянию|в период|от)\s.*$|\s*\(?\d{1,2}[./]\d{1,2}\b.*$")
_ONE = re.compile(r"^(?:школа|лицей|гимназия|колледж|техникум|детский сад|прогимназия)$")


def label_from_sheet(name: str, siblings: int) -> tuple[str, str] | None:
    """(field, value) a sheet's or file's name gives to its rows: a municipality or a type."""
    name = name_alone(name)
    words = plain(name)
    if not words or words.startswith(("лист", "sheet", "table", "свод", "общ", "все ")):
        return None
    stated = parse_type(name) if len(words) < 40 else None
    if looks_like_municipality(name):
        return "municipality", tidied(name)
    if stated:
        return "organization_type", stated
    if siblings >= 2 and not any(ch.isdigit() for ch in words) and len(words) < 40:
        return "municipality", tidied(name)
    return None


def label_from_names(parts: list[Part], filename: str) -> None:
    """Municipality or type that only the sheet's, the title's or the file's name tells."""
    for kind in (
        ExportKind.ORGANIZATIONS,
        ExportKind.TEACHERS,
        ExportKind.REGISTRY,
        ExportKind.DISTANCE_LESSONS,
    ):
        mine = [p for p in parts if p.kind is kind]
        bare = [p for p in mine if not _has(p, "municipality")]
        for part in mine:
            names = [(part.sheet, len(bare) if not _has(part, "municipality") else 0)]
            names += [(title, 0) for title in part.titles]
            names.append((PurePosixPath(filename).stem.replace("_", " "), 0))
            for name, siblings in names:
                label = label_from_sheet(name, siblings)
                if (
                    not label
                    or _has(part, label[0])
                    or (label[0] == "organization_type" and name is not part.sheet)
                ):
                    continue
                if label[0] == "municipality" and len(name) > 70:
                    continue
                _lay(part, label[0], label[1], kind)


_PLURAL = re.compile(
    r"^(?:все )?(?:школы|сады|детские сады|дс|доо|доу|оо|оу|сош|спо|дод|удо|дпо|лицеи|гимназии"
    r"|лицеи и гимназии|колледжи|техникумы|организации|учреждения)$"
)


def _names_one(text: str) -> bool:
    """Whether a sheet's or a file's name is that of one organization: «СОШ 5», «Гимназия», not «Школы», «ДОО»."""
    words = plain(text)
    if len(words) > 120 or _PLURAL.match(words):
        return False
    if not looks_like_organization(text):
        return False
    return any(ch.isdigit() for ch in words) or len(words.split()) > 1 or bool(_ONE.match(words))


def organization_from_names(parts: list[Part], filename: str) -> None:
    """The one organization of a table that names none: a line over the table does, else the sheet's or the file's name."""
    for part in parts:
        if part.kind not in _OF_ONE or any(_has(part, name) for name in ("organization", "organization_id")):
            continue
        name = next((found for title in part.titles if (found := _titled(title))), None)
        if name is None and _names_one(part.sheet):
            name = part.sheet
        if name is None:
            stem = PurePosixPath(filename).stem.replace("_", " ")
            name = stem if _STARTS_AS_ONE.match(plain(stem)) and _names_one(stem) else None
        if name is None:
            continue
        _lay(part, "organization", tidied(name), part.kind)
        kind = organization_type(name)
        if kind is not None and not _has(part, "organization_type"):
            _lay(part, "organization_type", kind.value, part.kind)


def _titled(title: str) -> str | None:
    text = tidied(title)
    bare = name_alone(text)
    if match := _NAMED_LINE.match(text):
        return match["name"].strip()
    words = plain(bare)
    inside = _INSIDE.search(words)
    if inside and inside.start() and len(words) == len(bare):  # «Педагоги МБОУ СОШ № 5 за неделю»
        bare = _AFTER_NAME.sub("", bare[inside.start() :])
    return bare if len(bare) <= 150 and organization_type(bare) is not None else None


def _has(part: Part, name: str) -> bool:
    if name == "organization_type":
        stated = any(c.field == name for c in part.columns)
        return stated and bool(part.frame[name].notna().any())
    return name in part.frame.columns and bool(part.frame[name].notna().any())


def _lay(part: Part, name: str, value: str, kind: ExportKind) -> None:
    values = pd.Series([value] * len(part.frame), index=part.frame.index, dtype="str")
    if name in part.frame.columns:
        values = part.frame[name].where(part.frame[name].notna(), values)
    frame = part.frame.assign(**{name: values})
    part.frame = frame[[c for c in KIND_FIELDS[kind] if c in frame.columns]]
    title = FIELDS[name].title
    part.findings.append(
        Finding(
            code="from_sheet_name",
            severity=Severity.NOTE,
            sheet=part.sheet,
            column=name,
            count=len(part.frame),
            message=f"«{title}» – из названия листа, файла или строки над таблицей: «{value}».",
            advice="",
        )
    )
