"""Text of files and users made safe for Markdown."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^])")


def escape_markdown(text: object) -> str:
    """`text` shown by Markdown letter for letter, on one line: no markup, links, colours or formulas."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split()))
