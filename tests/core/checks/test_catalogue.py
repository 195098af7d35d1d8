"""The catalogue is complete: every code the product gives is declared, every declared one is in the document."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sferum_core
from scripts.make_checks_doc import PATH, checks_markdown
from sferum_core.checks import CHECKS, MODULES, READER_FINDINGS, REPORT_FINDINGS, Check, Group, catalogue
from sferum_core.checks.catalogue import CATALOGUE_COLUMNS
from sferum_core.checks.declare import ARGUMENTS, check
from sferum_core.checks.run import run_order
from sferum_core.model import ExportKind, Severity
from sferum_core.reading.fields import FIELDS, KIND_FIELDS

CORE = Path(sferum_core.__file__).parent
# `code="…"` literals, the choice in notes.bad_values and the table of quirks in export._sheet_notes
_LITERAL = re.compile(r'code="([a-z_0-9]+)"')
_CHOICE = re.compile(r'"(unknown_type|unknown_status|bad_value)"')
_QUIRK = re.compile(r'^\s+\("([a-z_]+)", sheet\.', re.MULTILINE)


def codes_in(folder: str) -> set[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((CORE / folder).rglob("*.py")))
    return {code for pattern in (_LITERAL, _CHOICE, _QUIRK) for code in pattern.findall(text)}


def test_there_are_at_least_sixty_checks() -> None:
    assert len(CHECKS) >= 60


def test_every_code_of_the_reader_is_declared() -> None:
    found = codes_in("reading")
    assert {"bad_value", "hidden_rows", "total_mismatch", "encoding_guessed", "ragged_rows"} <= found
    assert found - set(READER_FINDINGS) == set(), "declare it in sferum_core/checks/reader_findings.py"


def test_no_code_of_the_reader_is_declared_in_vain() -> None:
    assert set(READER_FINDINGS) - codes_in("reading") == set()


@pytest.mark.parametrize("module", ["organizations.py", "staff.py"])
def test_every_code_of_the_reports_is_declared(module: str) -> None:
    text = (CORE / module).read_text(encoding="utf-8")
    found = set(_LITERAL.findall(text)) | set(re.findall(r'^\s+"([a-z]+_over_[a-z]+)",$', text, re.MULTILINE))
    found |= set(re.findall(r'"(stated_\w+_but_\w+)"', text))
    assert found - set(CHECKS) - set(REPORT_FINDINGS) == set()


def test_no_code_is_declared_twice() -> None:
    every = [*CHECKS, *READER_FINDINGS, *REPORT_FINDINGS]
    assert len(every) == len(set(every))
    first = next(iter(CHECKS.values()))
    with pytest.raises(ValueError, match="declared twice"):
        check(first.code, first.severity, "", group=Group.FILE, when="", message="", advice="", kinds=())(
            first.run
        )


@pytest.mark.parametrize("one", CHECKS.values(), ids=lambda one: one.code)
def test_a_check_is_declared_whole(one: Check) -> None:
    assert re.fullmatch(r"[a-z][a-z_0-9]+", one.code)
    assert one.title and not one.title.endswith(".")
    assert one.when.endswith(".") and one.message.endswith(".") and one.advice.endswith((".", "?"))
    assert one.kinds and ExportKind.UNKNOWN not in one.kinds
    for need in one.needs:
        assert need in ARGUMENTS or need in FIELDS
        if need in FIELDS:
            assert any(need in KIND_FIELDS[kind] for kind in one.kinds), f"{one.code}: {need} is in no table"
    assert set(one.supersedes) <= set(READER_FINDINGS)


@pytest.mark.parametrize("one", CHECKS.values(), ids=lambda one: one.code)
def test_what_a_check_depends_on_is_run_before_it(one: Check) -> None:
    order = [check.code for check in run_order()]
    for code in one.depends_on:
        assert code in READER_FINDINGS or order.index(code) < order.index(one.code), code


def test_every_module_of_checks_is_wired_in() -> None:
    folder = CORE / "checks"
    declaring = {path.stem for path in folder.glob("*.py") if "\n@check(" in path.read_text(encoding="utf-8")}
    assert {module.__name__.rsplit(".", 1)[-1] for module in MODULES} == declaring


def test_the_catalogue_has_every_code_in_words() -> None:
    table = catalogue()
    assert list(table.columns) == list(CATALOGUE_COLUMNS)
    assert set(table["code"]) == {*CHECKS, *READER_FINDINGS, *REPORT_FINDINGS}
    for name in ("group", "severity", "title", "when", "advice", "kinds"):
        assert (table[name].str.len() > 0).all(), name
    assert set(table["severity"]) == {"Ошибка", "Предупреждение", "Замечание"}
    assert table["title"].is_unique


def test_the_document_is_up_to_date() -> None:
    assert PATH.read_text(encoding="utf-8") == checks_markdown(), "run `python -m scripts.make_checks_doc`"


def test_severities_of_the_reader_are_those_it_gives() -> None:
    text = (CORE / "reading" / "notes.py").read_text(encoding="utf-8")
    pairs = re.findall(r'code="([a-z_]+)", severity=Severity\.([A-Z]+)', text)
    assert len(pairs) >= 5
    for code, severity in pairs:
        assert READER_FINDINGS[code].severity is Severity[severity], code
