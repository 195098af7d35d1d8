"""Names of organizations and the types they tell, as lines of data/organization_names*.tsv: part, type, name.

A type of "" stands for names that tell none or two: ask. Names are as lists write them, with misprints and spaces.
"""

from __future__ import annotations

from pathlib import Path

_DATA = Path(__file__).parent / "data"


def _rows(file: str) -> list[tuple[str, str, str]]:
    rows = []
    for line in (_DATA / f"{file}.tsv").read_text("utf-8").splitlines():
        part, expected, name = line.split("\t")
        rows.append((part, expected, name))
    return rows


# What domain.md says, name by name: type, name.
RULES = [(expected, name) for _, expected, name in _rows("organization_names_rules")]
# Names found in public lists; gathered apart from the rules above.
PUBLIC_LISTS = [(expected, name) for _, expected, name in _rows("organization_names_lists")]
# Names of more than forty regions from public lists: the rules were mended on the first half and measured
# once on the second.
FOUND = _rows("organization_names")
# Names of all the regions, with the ways of writing that each has; labelled before anything was run on them, then halved
# by a hash of the name: the rules were mended on «mended» and only measured on «unseen».
REGIONS = _rows("organization_names_regions")
