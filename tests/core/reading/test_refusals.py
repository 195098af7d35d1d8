"""The catalogue of refusals is whole: every code that is raised is in it, in «Справка» and in the document."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from scripts.make_files_doc import PATH, files_markdown
from sferum_core import reading
from sferum_core.model import Limits
from sferum_core.reading.refusals import REFUSALS, catalogue
from sferum_ui.help_tables import refusals_table

SOURCES = sorted(Path(reading.__file__).parent.glob("*.py"))


def words_of(path: Path) -> set[str]:
    """Every constant text of a module that could be a code."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch("[a-z0-9_]+", node.value)
    }


def raised_in(path: Path) -> set[str]:
    """Codes that are written where something is refused."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    codes = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name == "refuse" or name.endswith("Refused"):
                codes |= {part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant)}
    return codes


def test_every_code_that_is_raised_is_in_the_catalogue() -> None:
    raised = set().union(*map(raised_in, SOURCES))
    assert len(raised) > 40
    assert raised <= set(REFUSALS)


def test_every_code_of_the_catalogue_is_raised_somewhere() -> None:
    words = set().union(*(words_of(path) for path in SOURCES if path.name != "refusals.py"))
    assert set(REFUSALS) - words == set()


def test_sentences_name_the_limits_and_leave_nothing_open() -> None:
    for code, message, advice in catalogue(Limits()):
        assert "{" not in message + advice, code
        limited = "{limit}" in REFUSALS[code].message_template
        assert ("…" in message) == (not limited and "{" in REFUSALS[code].message_template), code
    told = {code: message for code, message, _ in catalogue(Limits(rows=7, file_bytes=3 << 20))}
    assert "7 строк" in told["too_many_rows"]
    assert "3 МБ" in told["file_too_big"]


def test_help_and_the_document_show_all_of_it() -> None:
    assert refusals_table()["Код"].tolist() == list(REFUSALS)
    assert PATH.read_text(encoding="utf-8") == files_markdown(), "run `python -m scripts.make_files_doc`"
