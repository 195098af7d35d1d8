"""`python -m tests.load`: the load by hand, on a server of its own; prints the figures of every page.

The run of issue «Speed»: `--organizations 3000 --viewers 200 --no-pages`; the same with `--uploader --hostile`; the
soak: `--organizations 3000 --viewers 200 --no-pages --minutes 30`.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
from pathlib import Path

from tests.benchmarks.files import teachers_file
from tests.load.disturbing import File, Uploader
from tests.load.served import app_with
from tests.load.viewers import Report, run_load

PAGES = ["organization_check", "municipality_comparison", "doo_staff"]
ROWS = 100_000
GONE = 150  # seconds after which Streamlit forgets a viewer who left (server.disconnectedSessionTTL is 120)


def main() -> None:
    """Measure each page alone with a few viewers, then all of them with many."""
    asked = _arguments().parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        app_with(Path(folder), asked.organizations or None) as server,
    ):
        pid = server.process.pid
        for page in [] if asked.no_pages else [*PAGES, "help", ""]:
            for name, seed in (("cold", 1), ("warm", 2)):
                report = asyncio.run(
                    run_load(server.url, pid, pages=[page], viewers=4, reruns=10, think=0.05, seed=seed)
                )
                print(f"{page or 'upload'}, {name}", *report.lines(), sep="\n   ")
        if not asked.only_pages:
            asyncio.run(run_load(server.url, pid, pages=PAGES, viewers=12, reruns=15, think=0.8, seed=3))
            report = asyncio.run(_many(server.url, pid, asked, Path(folder)))
            print(f"{asked.viewers} viewers, {asked.think} s think time", *report.lines(), sep="\n   ")


def _arguments() -> argparse.ArgumentParser:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--organizations", type=int, default=0, help="0: the demo region")
    ask.add_argument("--viewers", type=int, default=200)
    ask.add_argument("--think", type=float, default=15.0)
    ask.add_argument("--reruns", type=int, default=4)
    ask.add_argument("--minutes", type=float, default=0, help="go on for so long instead of --reruns times")
    ask.add_argument(
        "--uploader", action="store_true", help="beside them one uploads 100,000 rows repeatedly"
    )
    ask.add_argument("--hostile", action="store_true", help="beside them one is fed hostile files")
    ask.add_argument("--no-pages", action="store_true", help="only the load of many viewers")
    ask.add_argument("--only-pages", action="store_true", help="no load of many viewers")
    return ask


async def _many(url: str, pid: int, asked: argparse.Namespace, folder: Path) -> Report:
    reruns = max(1, round(asked.minutes * 60 / asked.think)) if asked.minutes else asked.reruns
    return await run_load(
        url,
        pid,
        pages=PAGES,
        viewers=asked.viewers,
        reruns=reruns,
        think=asked.think,
        ramp=min(60.0, asked.viewers * 0.25),
        troubling=troubling(url, folder, uploader=asked.uploader, hostile=asked.hostile),
        every=60.0 if asked.minutes else 0.0,
        gone=GONE if asked.minutes else 0.0,
    )


def troubling(
    url: str, folder: Path, *, uploader: bool, hostile: bool, rows: int = ROWS
) -> dict[str, Uploader]:
    """The viewers who trouble the others: «По учителям» of `rows` rows, and every hostile file there is."""
    found = {}
    if uploader:
        made = teachers_file(folder / "teachers.xlsx", rows)
        files = [File("teachers.xlsx", made.read_bytes())]
        found["uploader"] = Uploader(url, "", "", random.Random(1), files=files)
    if hostile:
        found["hostile"] = Uploader(url, "", "", random.Random(2), files=hostile_files(), pause=0.2)
    return found


def hostile_files() -> list[File]:
    """The reader's own hostile cases that must be refused, of those a browser lets through by their endings."""
    from sferum_ui.intake import FORMATS  # noqa: PLC0415 - brings Streamlit along
    from tests.core.reading.test_hostile import CASES  # noqa: PLC0415 - making them takes seconds

    made = [File(case.filename, case.content) for case in CASES if case.refused]
    endings = tuple(f".{one}" for one in FORMATS)
    return [file for file in made if len(file.content) < 20 << 20 and file.name.lower().endswith(endings)]


if __name__ == "__main__":
    main()
