"""The office's own docx template: checked as a foreign file, filled in a limited process."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sferum_core.model import Limits, UnreadableFile
from sferum_core.reports.letters.parts import Letter
from sferum_core.reports.letters.phrases import line
from sferum_core.reports.templates.catalogue import FIELD_NAMES, HOW_TO
from sferum_core.reports.templates.context import EMPTY_CONTEXT, letter_context
from sferum_core.reports.templates.limited import ChildRefusal, run_child
from sferum_core.reports.templates.package_guard import LIMITS, check_package
from sferum_core.reports.templates.refusals import refuse_template

BATCH = 40  # letters a process: starting one takes as long as filling ten
_CHILD = "sferum_core.reports.templates.docx_child"


def check_docx_template(template: bytes, limits: Limits = LIMITS) -> list[str]:
    """Names of the fields the template uses. Raises UnreadableFile with a Russian sentence when it won't do.

    The template is filled once with blanks, so that what fails later fails here.
    """
    check_package(template, "docx")
    answer, _ = _run(template, [EMPTY_CONTEXT], limits)
    return [str(name) for name in answer.get("used", [])]


def fill_docx(template: bytes, letters: Sequence[Letter], limits: Limits = LIMITS) -> list[bytes]:
    """A document for each letter. Raises UnreadableFile as `check_docx_template` does."""
    check_package(template, "docx")
    made: list[bytes] = []
    for start in range(0, len(letters), BATCH):
        contexts = [letter_context(letter) for letter in letters[start : start + BATCH]]
        made += _run(template, contexts, limits)[1]
    return made


def _run(
    template: bytes, contexts: Sequence[Mapping[str, Any]], limits: Limits
) -> tuple[dict[str, Any], list[bytes]]:
    task = {"known": list(FIELD_NAMES), "contexts": list(contexts)}
    outputs = [f"out-{number}.docx" for number in range(len(contexts))]
    try:
        return run_child(_CHILD, template, "template.docx", task, outputs, limits)
    except ChildRefusal as refusal:
        raise _explained(refusal) from None


def _explained(refusal: ChildRefusal) -> UnreadableFile:
    values = refusal.values
    if refusal.code == "unknown_fields":
        names = [line(name, 60) for name in values.get("names", [])][:10]
        if not names:
            names = re.findall(r"attribute '([^']+)'|'([^']+)' is undefined", str(values.get("said", "")))
            names = [line(next(filter(None, pair)), 60) for pair in names] or ["поле строки списка"]
        return unknown_fields(names)
    if refusal.code == "syntax":
        near = line(values.get("near", ""), 120)
        return refuse_template("syntax", where=f": около «{near}»" if near else "")
    if refusal.code == "nothing_to_fill":
        return refuse_template("nothing_to_fill", what=" в двойных фигурных скобках", advice=HOW_TO)
    if refusal.code == "fields":
        return refuse_template("fields", names=line(values.get("names", ""), 50))
    return refuse_template(refusal.code)


def unknown_fields(names: Sequence[str]) -> UnreadableFile:
    """The refusal that names the wrong fields, what they resemble, and every field there is."""
    similar = []
    for name in names:
        near = difflib.get_close_matches(name.lower(), FIELD_NAMES, 1, 0.6)
        if near:
            similar.append(f"вместо «{name}», возможно, нужно «{near[0]}»")
    told = f"{'; '.join(similar)}. ".capitalize() if similar else ""
    return refuse_template(
        "unknown_fields",
        names=", ".join(f"«{name}»" for name in names),
        similar=told,
        known=", ".join(FIELD_NAMES),
    )
