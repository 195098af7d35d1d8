"""What a rerun of each page costs the server, held against a page with its widgets alone; bytes sent."""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
from pathlib import Path

import pytest

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
ROUNDS, VIEWERS, RERUNS = 3, 3, 20


@pytest.mark.parametrize("page", PAGES)
def test_reruns_against_the_widgets_alone(page: str, tmp_path: Path, report: Report) -> None:
    spec = tmp_path / "page.json"
    with app_with(tmp_path, ORGANIZATIONS) as app:
        asyncio.run(_many(app.url, app.process.pid, page))
        tree = recorded(asyncio.run(_heard(app.url, page)))
        spec.write_text(json.dumps(tree), encoding="utf-8")
        with running("tests.benchmarks.yardstick", tmp_path, dict(os.environ), str(spec)) as bare:
            asyncio.run(_many(bare.url, bare.process.pid, ""))
            own, least, again, first = [], [], [], []
            for _ in range(ROUNDS):
                cpu, answers = asyncio.run(_many(app.url, app.process.pid, page))
                own.append(cpu)
                least.append(asyncio.run(_many(bare.url, bare.process.pid, ""))[0])
                first += [answer.size for answer in answers if answer.first]
                again += [answer.size for answer in answers if not answer.first]
    report.add_ratio(
        f"{PAGES[page]}, {ORGANIZATIONS:,} organizations: rerun / a page with its {widgets_in(tree)} widgets alone",
        statistics.median(a / b for a, b in zip(own, least, strict=True)),
        1.5,
        how=f"{statistics.median(own) * 1e3:.0f} ms of CPU against {statistics.median(least) * 1e3:.0f} ms, "
        f"{ROUNDS} rounds; {statistics.mean(first) / 1024:.0f} kB the first view, "
        f"{statistics.mean(again) / 1024:.0f} kB a rerun",
    )


async def _many(url: str, pid: int, page: str) -> tuple[float, list[Answer]]:
    """CPU seconds a run of the whole page takes, and what was sent."""
    before = cost_of(pid).cpu
    found = await run_load(
        url, pid, pages=[page], viewers=VIEWERS, reruns=RERUNS, think=0.02, ramp=0.1, whole=True
    )
    assert found.errors == []
    return (cost_of(pid).cpu - before) / len(found.answers), found.answers


async def _heard(url: str, page: str) -> list[object]:
    viewer = Viewer(url, page, "data=demo", random.Random(1), heard=[])
    await viewer.open()
    await viewer.close()
    assert viewer.heard is not None
    return list(viewer.heard)
