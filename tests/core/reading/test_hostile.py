"""Every hostile or odd file ends as it must: refused with its reason, or read with what is odd about it told."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest

from sferum_core import UnreadableFile, read_export
from sferum_core.reading.refusals import REFUSALS
from tests.core.reading.hostile import books, legacy, texts, types, zips
from tests.core.reading.hostile.case import Case

CASES = [*types.CASES, *zips.CASES, *books.CASES, *legacy.CASES, *texts.CASES]
WALL_SECONDS = 30
PARENT_MEBIBYTES = 150  # a table as large as the limits allow; nothing else may cost the server memory


def test_names_of_cases_are_told_apart() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


def resident(what: str) -> float:
    """VmRSS or VmHWM of this process in MiB; 0 where the system doesn't tell."""
    if sys.platform != "linux":
        return 0.0
    found = re.search(what + r":\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found
    return int(found[1]) / 1024


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_ends_as_it_must(case: Case) -> None:
    content = case.make()
    if sys.platform == "linux":
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew
    before = resident("VmRSS")
    started = time.monotonic()
    if case.refused:
        with pytest.raises(UnreadableFile) as caught:
            read_export(content, case.filename)
        error = caught.value
        assert error.code in case.refused
        assert error.code in REFUSALS
        assert error.advice and re.search("[а-яё]", error.message) and "{" not in error.message + error.advice
    else:
        export = read_export(content, case.filename)
        assert len(export.table) + len(export.left_out) == export.source_rows == case.rows
        told = [(finding.code, finding.count) for finding in export.findings]
        for code, count in case.findings:
            assert (code, count) in told if count is not None else code in dict(told), told
        if case.check:
            case.check(export)
    assert time.monotonic() - started < WALL_SECONDS
    assert resident("VmHWM") - before < PARENT_MEBIBYTES
