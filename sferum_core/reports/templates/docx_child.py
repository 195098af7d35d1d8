"""Fills an office's docx template under limits of its own process: Jinja in its sandbox, nothing but text goes in.

Started by `reading.launch`. FOLDER holds task.json (limits, known fields, contexts) and
template.docx; the child leaves answer.json and out-0.docx, out-1.docx …
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sferum_core.reading.process import Refused, run


def _environment() -> Any:
    from jinja2 import StrictUndefined  # noqa: PLC0415 - after the limits are set
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    environment.globals.clear()
    kept = ("default", "d", "lower", "upper", "capitalize", "length", "count", "first", "last", "e", "escape")
    environment.filters = {name: environment.filters[name] for name in kept}
    return environment


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FIELD_CODES = frozenset(
    (
        *(
            "PAGE",
            "NUMPAGES",
            "SECTION",
            "SECTIONPAGES",
            "PAGEREF",
            "REF",
            "NOTEREF",
            "STYLEREF",
            "SEQ",
            "TOC",
        ),
        *(
            "TC",
            "XE",
            "INDEX",
            "HYPERLINK",
            "DATE",
            "TIME",
            "CREATEDATE",
            "SAVEDATE",
            "PRINTDATE",
            "EDITTIME",
        ),
        *(
            "TITLE",
            "SUBJECT",
            "AUTHOR",
            "KEYWORDS",
            "COMMENTS",
            "LASTSAVEDBY",
            "REVNUM",
            "FILENAME",
            "FILESIZE",
        ),
        *(
            "NUMWORDS",
            "NUMCHARS",
            "TEMPLATE",
            "DOCPROPERTY",
            "DOCVARIABLE",
            "INFO",
            "USERNAME",
            "USERINITIALS",
        ),
        *(
            "SYMBOL",
            "MERGEFIELD",
            "FORMTEXT",
            "FORMCHECKBOX",
            "FORMDROPDOWN",
            "LISTNUM",
            "ADVANCE",
            "EQ",
            "=",
        ),
    )
)
"""Fields of Word that take nothing from outside the document. INCLUDETEXT, LINK, DDE, DATABASE and unknown ones are refused."""


def _check_fields(source: Path) -> None:
    """Refuse fields that read other files or start programs, however their code is cut into runs."""
    import zipfile  # noqa: PLC0415 - after the limits are set

    from lxml import etree  # noqa: PLC0415

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    with zipfile.ZipFile(source) as package:
        for name in package.namelist():
            if name.lower().endswith(".xml") and name.lower().startswith("word/"):
                root = etree.fromstring(package.read(name), parser)
                for code in _field_codes(root):
                    if code not in _FIELD_CODES:
                        raise Refused("fields", names=f": {code[:40]}" if code else "")
                if (
                    next(root.iter(f"{_W}altChunk", f"{_W}object", f"{_W}control", f"{_W}subDoc"), None)
                    is not None
                ):
                    raise Refused("embedded")


def _field_codes(root: Any) -> list[str]:
    """First words of all fields, simple and complex; "" for one whose code is made by another field."""
    found: list[str] = []
    open_fields: list[str | None] = []
    for element in root.iter(f"{_W}fldChar", f"{_W}instrText", f"{_W}delInstrText", f"{_W}fldSimple"):
        if element.tag == f"{_W}fldSimple":
            found.append(element.get(f"{_W}instr") or "")
        elif element.tag == f"{_W}fldChar":
            kind = element.get(f"{_W}fldCharType")
            if kind == "begin":
                open_fields.append("")
            elif open_fields and kind in ("separate", "end"):
                if (code := open_fields[-1]) is not None:
                    found.append(code)
                open_fields[-1] = None
                if kind == "end":
                    open_fields.pop()
        elif open_fields and (code := open_fields[-1]) is not None:
            open_fields[-1] = code + (element.text or "")
    found += [code for code in open_fields if code is not None]
    return ["=" if code.strip().startswith("=") else (code.split() or [""])[0].upper() for code in found]


def _fill(folder: Path, task: dict[str, Any]) -> dict[str, Any]:
    from docxtpl import DocxTemplate  # noqa: PLC0415
    from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError  # noqa: PLC0415
    from jinja2.sandbox import SecurityError  # noqa: PLC0415

    environment = _environment()
    source = folder / "template.docx"
    _check_fields(source)
    try:
        used = sorted(DocxTemplate(source).get_undeclared_template_variables(environment))
        unknown = [name for name in used if name not in task["known"]]
        if unknown:
            raise Refused("unknown_fields", names=unknown)
        if not used:
            raise Refused("nothing_to_fill")
        for number, context in enumerate(task["contexts"]):
            document = DocxTemplate(source)
            document.render(context, environment, autoescape=True)
            document.save(folder / f"out-{number}.docx")
    except TemplateSyntaxError as error:
        raise Refused("syntax", near=_near(error)) from None
    except UndefinedError as error:
        raise Refused("unknown_fields", said=str(error)[:300]) from None
    except SecurityError:
        raise Refused("forbidden") from None
    except TemplateError:
        raise Refused("syntax", near="") from None
    return {"used": used, "made": len(task["contexts"])}


def _near(error: Any) -> str:
    return " ".join(" ".join(getattr(error, "docx_context", ())).split())[:120]


def main(folder: Path) -> None:
    """Fill the template for every context, unless the process dies of it."""
    run(folder, _fill, lambda _: "broken")
