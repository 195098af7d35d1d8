"""`python -m tests.load`: the load by hand, on a server of its own; prints the figures of every page."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from tests.load.served import app_with
from tests.load.viewers import run_load

PAGES = ["organization_check", "municipality_comparison", "doo_staff"]


def main() -> None:
    """Measure each page alone with a few viewers, then all of them with many."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--organizations", type=int, default=0, help="0: the demo region")
    ask.add_argument("--viewers", type=int, default=200)
    ask.add_argument("--think", type=float, default=15.0)
    ask.add_argument("--reruns", type=int, default=4)
    ask.add_argument("--no-pages", action="store_true", help="only the load of many viewers")
    ask.add_argument("--only-pages", action="store_true", help="no load of many viewers")
    asked = ask.parse_args()
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
            report = asyncio.run(
                run_load(
                    server.url,
                    pid,
                    pages=PAGES,
                    viewers=asked.viewers,
                    reruns=asked.reruns,
                    think=asked.think,
                    ramp=min(60.0, asked.viewers * 0.25),
                )
            )
            print(f"{asked.viewers} viewers, {asked.think} s think time", *report.lines(), sep="\n   ")


if __name__ == "__main__":
    main()
