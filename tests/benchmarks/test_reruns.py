"""What a rerun of each page costs the server, held against a page with its widgets alone; bytes sent."""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.benchmarks.measure import Report
from tests.benchmarks.yardstick import recorded, widgets_in
from tests.load.served import app_with, running
from tests.load.viewers import Answer, Viewer, cost_of, run_load

pytestmark = pytest.mark.benchmark

PAGES = {
    "organization_check": "Проверка организаций",
    "municipality_comparison": "Сравнение муниципалитетов",
    "doo_staff": "Сотрудники ДОО",
    "week_package": "Пакет недели",
    "meeting": "Режим планёрки",
    "": "Загрузка",
    "archive": "Архив",
    "office": "Управление",
    "help": "Справка",
}
ORGANIZATIONS = 3_000
ROUNDS, VIEWERS, RERUNS = 5, 3, 20
SEED = 1  # of `run_load`


@pytest.mark.parametrize("page", PAGES)
def test_reruns_against_the_widgets_alone(page: str, tmp_path: Path, report: Report) -> None:
    spec = tmp_path / "page.json"
    with app_with(tmp_path, ORGANIZATIONS) as app:
        asyncio.run(_many(app.url, app.process.pid, page))
        trees = [recorded(run) for run in asyncio.run(_heard(app.url, page))]
        spec.write_text(json.dumps(trees), encoding="utf-8")
        with running("tests.benchmarks.yardstick", tmp_path, dict(os.environ), str(spec)) as bare:
            asyncio.run(_many(bare.url, bare.process.pid, ""))
            own, least, clicks, again, first = [], [], [], [], []
            for _ in range(ROUNDS):
                cpu, answers = asyncio.run(_many(app.url, app.process.pid, page))
                own.append(cpu)
                least.append(asyncio.run(_many(bare.url, bare.process.pid, ""))[0])
                clicks.append(asyncio.run(_many(app.url, app.process.pid, page, whole=False))[0])
                first += [answer.size for answer in answers if answer.first]
                again += [answer.size for answer in answers if not answer.first]
    report.add_ratio(
        f"{PAGES[page]}, {ORGANIZATIONS:,} organizations: rerun / a page with its {widgets_in(trees[0])} widgets alone",
        min(own) / min(least),
        1.5,
        how=f"{min(own) * 1e3:.1f} ms of CPU against {min(least) * 1e3:.1f} ms, the least of {ROUNDS} rounds each; "
        f"a click {min(clicks) * 1e3:.1f} ms; {statistics.mean(first) / 1024:.0f} kB the first view, "
        f"{statistics.mean(again) / 1024:.0f} kB a rerun",
    )


async def _many(url: str, pid: int, page: str, *, whole: bool = True) -> tuple[float, list[Answer]]:
    """CPU seconds a run takes, of the whole page or of what a browser asks for, and what was sent."""
    before = cost_of(pid).cpu
    found = await run_load(
        url,
        pid,
        pages=[page],
        viewers=VIEWERS,
        reruns=RERUNS,
        think=0.02,
        ramp=0.1,
        whole=whole,
        seed=SEED,
    )
    assert found.errors == []
    return (cost_of(pid).cpu - before) / len(found.answers), found.answers


async def _heard(url: str, page: str) -> list[list[ForwardMsg]]:
    """What each run sends to the first of the viewers, message by message."""
    viewer = Viewer(
        url, page, "data=demo", random.Random(SEED * 10_000), whole=True, forgetful=True, heard=[]
    )
    runs: list[list[ForwardMsg]] = []
    await viewer.open()
    while True:
        assert viewer.heard is not None
        runs.append(viewer.heard)
        if len(runs) > RERUNS:
            await viewer.close()
            return runs
        viewer.heard = []
        await viewer.touch()
