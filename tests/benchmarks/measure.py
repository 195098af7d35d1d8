"""Ratios instead of seconds: two things are measured in turns in one process."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Result:
    """One line of the table: what was compared, the measured value, the goal, how it was measured."""

    what: str
    value: str
    goal: str
    met: bool
    how: str


@dataclass
class Report:
    """Gathers results and writes them as Markdown."""

    results: list[Result] = field(default_factory=list)

    def add_ratio(
        self,
        what: str,
        ratio: float,
        at_most: float | None = None,
        at_least: float | None = None,
        *,
        how: str,
    ) -> None:
        """A ratio with its goal."""
        met = ratio <= at_most if at_most is not None else ratio >= (at_least or 0)
        goal = f"≤ {at_most:g} ×" if at_most is not None else f"≥ {at_least:g} ×"
        self.results.append(Result(what, f"{ratio:.2f} ×", goal, met, how))

    def add_memory(self, what: str, megabytes: float, at_most: float, *, how: str) -> None:
        """Growth of memory with its goal."""
        self.results.append(
            Result(what, f"{megabytes:.0f} MB", f"≤ {at_most:g} MB", megabytes <= at_most, how)
        )

    def table(self) -> str:
        """The results as a Markdown table."""
        lines = ["| What | Measured | Goal | | How |", "|---|---:|---:|---|---|"]
        for result in self.results:
            mark = "met" if result.met else "missed"
            lines.append(f"| {result.what} | {result.value} | {result.goal} | {mark} | {result.how} |")
        return "\n".join(lines)

    def write(self, path: Path, machine: str) -> None:
        """Writes the page; the machine is named, for absolute times are its own."""
        path.write_text(
            "# Performance\n\n"
            "Written by `make bench`. Every figure but memory is a ratio of two times taken in turns in one\n"
            "run, the median of the rounds, so that it holds on a slow machine too. It wants an idle one:\n"
            "the reader works in a process of its own. Nothing here is asserted by `make test`.\n\n"
            f"{self.table()}\n\nMachine: {machine}\n",
            encoding="utf-8",
        )


def seconds(call: Callable[[], object]) -> float:
    """Wall time of one call, with the garbage of the one before swept away."""
    gc.collect()
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def ratio(
    subject: Callable[[], object], yardstick: Callable[[], object], rounds: int = 7
) -> tuple[float, str]:
    """Median of subject/yardstick over the rounds, and both medians in words."""
    subject()
    pairs = []
    for number in range(rounds):
        if number % 2:
            other, own = seconds(yardstick), seconds(subject)
        else:
            own, other = seconds(subject), seconds(yardstick)
        pairs.append((own, other))
    own, other = (statistics.median(side) for side in zip(*pairs, strict=True))
    return statistics.median(a / b for a, b in pairs), f"{own:.2f} s against {other:.2f} s, {rounds} rounds"
