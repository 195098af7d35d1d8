"""Honest files damaged at random, for a bounded time: SFERUM_FUZZ_SECONDS makes it longer and starts elsewhere."""

from __future__ import annotations

import os
import random
import time

import pytest

from sferum_core.model import Limits, UnreadableFile
from sferum_core.reading.guard import inspect
from sferum_core.reading.refusals import REFUSALS
from tests.core.reading import fuzz

ASKED = os.environ.get("SFERUM_FUZZ_SECONDS")
SECONDS = float(ASKED or 12)
START = random.randrange(1 << 40) if ASKED else 0
ATTEMPTS = 3_000


def test_damaged_files_give_a_table_or_a_refusal() -> None:
    troubles = []
    done = 0
    for number, name, _, _, trouble in fuzz.run(SECONDS, START):
        done += 1
        if trouble:
            troubles.append(f"{number} ({name}): {trouble}")
    assert done > 5
    assert not troubles, "\n".join(troubles)


@pytest.mark.parametrize("name", [name for name, _ in fuzz.makers()])
def test_the_guard_alone_answers_at_once_whatever_it_is_given(name: str) -> None:
    make = dict(fuzz.makers())[name]
    ends = time.monotonic() + SECONDS / 30
    for number in range(START, START + ATTEMPTS):
        content = make(random.Random(number))
        started = time.monotonic()
        try:
            inspect(content, Limits())
        except UnreadableFile as error:
            assert error.code in REFUSALS
        assert time.monotonic() - started < 5
        if time.monotonic() > ends:
            break


def test_a_file_that_breaks_the_reader_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("x")

    monkeypatch.setattr(fuzz, "read_export", fail)
    assert fuzz.trouble_with(b"a;b") == ("escaped", "escaped: ValueError('x')")
