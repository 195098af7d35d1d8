"""Makes assets/demo: the invented region's six weekly exports and a file of every other kind (`make demo`)."""

from __future__ import annotations

import argparse
from pathlib import Path

from scripts.demo_files import write_region
from scripts.demo_more import write_more
from scripts.demo_region import SEED, teacher_rows, weeks

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "demo"


def main() -> None:
    """Command line: `python -m scripts.make_demo [--seed N] [--out FOLDER]`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=FOLDER)
    chosen = parser.parse_args()
    written = write_region(chosen.out, weeks(chosen.seed), teacher_rows(chosen.seed))
    for path in [*written, *write_more(chosen.out, chosen.seed)]:
        print(f"{path.name}: {path.stat().st_size // 1024} КиБ")


if __name__ == "__main__":
    main()
