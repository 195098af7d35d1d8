"""What stands on a screen: words in Latin letters, and things wider than the page."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

Found = TypeVar("Found")

# Words in Latin letters that belong on a Russian screen: formats, keys, addresses, the platform's own names.
FINE = {
    "xlsx",
    "png",
    "svg",
    "docx",
    "xlsm",
    "xls",
    "ods",
    "csv",
    "txt",
    "tsv",
    "zip",
    "toml",
    "utf",
    "excel",
    "libreoffice",
}
FINE |= {"enter", "ctrl", "max", "demo", "info", "sferum", "monitoring", "http", "https"}
PATIENCE = 10  # seconds
_TEXTS = """() => {
  const shown = (e) => e.checkVisibility({opacityProperty: true, visibilityProperty: true})
    && e.getClientRects().length > 0;
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, parent = node.parentElement;
    if (!node.data.trim() || !parent || !shown(parent)) continue;
    if (parent.closest('[data-testid=stIconMaterial], script, style, noscript, code')) continue;
    found.push(node.data.trim());
  }
  for (const e of document.querySelectorAll('[placeholder], [title], [aria-label]'))
    if (shown(e)) for (const name of ['placeholder', 'title', 'aria-label'])
      if (e.getAttribute(name)) found.push(e.getAttribute(name));
  return found;
}"""
_WIDE = """() => {
  const page = document.scrollingElement, main = document.querySelector('[data-testid=stMain]');
  return [page.scrollWidth - window.innerWidth, main ? main.scrollWidth - main.clientWidth : 0];
}"""


def english_words(page: Page) -> set[str]:
    """Visible texts, placeholders and labels that hold a Latin word with no place on the screen, at rest."""
    return at_rest(page, lambda: _english(page))


def too_wide(page: Page) -> int:
    """By how many pixels the page must be scrolled sideways, once it is at rest; 0 when it fits."""
    return at_rest(page, lambda: max(0, *page.evaluate(_WIDE)))


def at_rest(page: Page, look: Callable[[], Found]) -> Found:
    """What `look` finds when it finds nothing, or still finds after `PATIENCE`: a page is drawn a moment after its run."""
    until = time.monotonic() + PATIENCE
    while (found := look()) and time.monotonic() < until:
        page.wait_for_timeout(100)
    return found


def _english(page: Page) -> set[str]:
    found = set()
    for text in page.evaluate(_TEXTS):
        bare = re.sub(r"\S+@\S+|https?://\S+|[\w.-]+\.(?:ru|xlsx|csv|xls|zip)\b|\bdemo_\S+", " ", text)
        words = {word.lower() for word in re.findall(r"[A-Za-z]{3,}", bare)}
        if words - FINE:
            found.add(text[:120])
    return found
