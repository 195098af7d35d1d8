"""Text of files and users made safe for Markdown."""

from __future__ import annotations

import re

from sferum_core.answers import unlinked

_BREAKING = re.compile(r"[^\S\u00a0\u202f\u2007]+")
_PLACE = re.compile(r"(?<!\w)((?:г|с|д|п|пос|пгт|ст|р-н)\\?\.) (?=[А-ЯЁ])")
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^&])")


def escape_markdown(text: object) -> str:
    """`text` shown by Markdown letter for letter, on one line: no markup, links, colours or formulas.

    Spaces that must not break («4,5 %», «1 204») stay as they are.
    """
    return _SPECIAL.sub(r"\\\1", unlinked(_BREAKING.sub(" ", str(text)).strip()))


def unbroken(markdown: str) -> str:
    """A sentence whose «г. Озёрск» stays on one line."""
    return _PLACE.sub("\\1\u00a0", markdown)
