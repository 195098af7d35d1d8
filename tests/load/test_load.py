"""A few viewers at once over WebSocket: nobody meets an error, an unchanged page sends little again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.load.__main__ import troubling
from tests.load.disturbing import File
from tests.load.served import app_with
from tests.load.viewers import run_load

PAGES = ["organization_check", "municipality_comparison", "doo_staff", "help", ""]


def test_viewers_of_every_page_get_their_answers(tmp_path: Path) -> None:
    with app_with(tmp_path) as server:
        report = asyncio.run(
            run_load(server.url, server.process.pid, pages=PAGES, viewers=15, reruns=4, think=0.3, ramp=1.5)
        )
    assert report.errors == []
    assert len(report.waits(first=True)) == 15
    assert len(report.waits(first=False)) == 15 * 4
    lists = [answer for answer in report.answers if answer.page == "organization_check"]
    first = min(answer.size for answer in lists if answer.first)
    again = min(answer.size for answer in lists if not answer.first)
    assert again < first / 4, "a page that is asked for again does not send its tables again"


@pytest.mark.parametrize(
    ("url", "viewers", "think"),
    [("http://example.com", 1, 1.0), ("http://127.0.0.1:9", 501, 1.0), ("http://127.0.0.1:9", 1, 5_000.0)],
)
def test_only_a_bounded_load_on_this_computer_is_run(url: str, viewers: int, think: float) -> None:
    with pytest.raises(ValueError, match=r"only a server of this computer|beyond its bounds"):
        asyncio.run(run_load(url, 1, pages=[""], viewers=viewers, think=think))


def test_others_work_on_while_files_are_uploaded(tmp_path: Path) -> None:
    hostile = [
        File("bomb.xlsx", b"PK\x03\x04" + bytes(2_000)),
        File("page.xls", b"<html><table></table></html>"),
    ]
    with app_with(tmp_path) as server:
        beside = troubling(server.url, tmp_path, uploader=True, hostile=True, rows=5_000)
        beside["hostile"].files = hostile
        report = asyncio.run(
            run_load(
                server.url,
                server.process.pid,
                pages=PAGES,
                viewers=5,
                reruns=3,
                think=1.0,
                ramp=1.0,
                troubling=beside,
                every=0.5,
            )
        )
    assert report.errors == []
    assert len(report.waits(first=False)) == 5 * 3
    assert len(report.uploads["uploader"]) >= 1
    assert len(report.uploads["hostile"]) >= 2
    assert beside["hostile"].refusals >= len(hostile), "a hostile file is refused with a sentence"
    assert len(report.seen) > 2
